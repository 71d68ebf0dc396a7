/* SPDX-License-Identifier: MIT */
/*
 * grammar.c - `adsfs --grammar [PATH]`: the words that names of reports are made of, for shells.
 *
 * With a path, what its last word can go on to. Neither the mount nor the service is asked: a path
 * that is only typed is not looked at.
 */
#include <stdio.h>

#include "api/clock.h"
#include "fs/command/command.h"
#include "fs/query.h"

static void print_all(void)
{
    g_autoptr(GString) words = g_string_new(NULL);

    query_words(words);
    fputs(words->str, stdout);
}

static void print_completions(const char *path)
{
    g_auto(GStrv) found = query_complete(path, clock_wall(&clock_system));

    for (char **word = found; *word != NULL; word++)
        puts(*word);
}

int grammar_main(int argc, char **argv)
{
    if (argc > 2)
        return command_usage(argv[0]);
    if (argc == 2)
        print_completions(argv[1]);
    else
        print_all();
    return 0;
}
