/* SPDX-License-Identifier: MIT */
/* command.c - the table of commands, and how one of them is found and run. */
#include "fs/command/command.h"

#include <stdio.h>

/* clang-format off */
const CommandRow command_rows[] = {
    {"login",  "[--no-browser] PROFILE", "get a token for a profile, through the browser", login_main},
    {"logout", "[--force] PROFILE", "revoke and forget the token", logout_main},
    {"whoami", "PROFILE", "user, accounts, scopes and age of the token", whoami_main},
    {"doctor", "PROFILE [MOUNTPOINT]", "what keeps the profile from working", doctor_main},
    {"why",    "PATH...", "what went wrong there last, and what to do about it", why_main},
    {"log",    "[--since TIME] [-n N] PROFILE", "what was written with the profile, and what came of it", log_main},
    {"apply",  "FILE PATH", "write a table, and say of each row what came of it", apply_main},
    {"--grammar", "[PATH]", "words of report names, for completion by shells", grammar_main},
};
/* clang-format on */

const gsize n_command_rows = G_N_ELEMENTS(command_rows);

const CommandRow *command_find(const char *word)
{
    for (gsize i = 0; i < n_command_rows; i++)
        if (g_str_equal(command_rows[i].name, word))
            return &command_rows[i];
    return NULL;
}

gboolean command_is(const char *word)
{
    const CommandRow *row = command_find(word);

    return row != NULL && row->run != NULL;
}

static gboolean wants_help(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (g_str_equal(argv[i], "--help") || g_str_equal(argv[i], "-h"))
            return TRUE;
    return FALSE;
}

static void print_usage(FILE *out, const CommandRow *row)
{
    fprintf(out, "usage: adsfs %s %s\n", row->name, row->operands);
}

int command_run(int argc, char **argv)
{
    const CommandRow *row = command_find(argv[0]);

    if (wants_help(argc, argv)) {
        print_usage(stdout, row);
        printf("%s\n", row->help);
        return 0;
    }
    return row->run(argc, argv);
}

int command_usage(const char *name)
{
    print_usage(stderr, command_find(name));
    return 2;
}
