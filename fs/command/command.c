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
    {"apply",  NULL, NULL, NULL},
    {"log",    NULL, NULL, NULL},
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

int command_run(int argc, char **argv)
{
    return command_find(argv[0])->run(argc, argv);
}

int command_usage(const char *name)
{
    fprintf(stderr, "usage: adsfs %s %s\n", name, command_find(name)->operands);
    return 2;
}
