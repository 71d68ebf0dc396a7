/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * command.h - the words that may stand in the place of a profile: `adsfs doctor agency`. They are
 * rows of one table, which dispatch, --help and the check of profile names read.
 */
#include <glib.h>

typedef struct {
    const char *name;
    const char *operands;              /* as --help shows them */
    const char *help;                  /* one line */
    int (*run)(int argc, char **argv); /* NULL: the name is kept for a later version */
} CommandRow;

extern const CommandRow command_rows[];
extern const gsize n_command_rows;

/* The row of a name, also of one that is only kept; NULL: may name a profile. */
const CommandRow *command_find(const char *word);

/* A command that can be run. */
gboolean command_is(const char *word);

/* argv[0] is the name of a command; --help and -h are the same for all. The exit status: 0 good, 1
   failed, 2 used wrongly. */
int command_run(int argc, char **argv);

/* Says on stderr how the command is used; returns 2. */
int command_usage(const char *name);

/* The commands, each in a file of its own; argv[0] is the name. */
int apply_main(int argc, char **argv);
int doctor_main(int argc, char **argv);
int grammar_main(int argc, char **argv);
int log_main(int argc, char **argv);
int login_main(int argc, char **argv);
int logout_main(int argc, char **argv);
int whoami_main(int argc, char **argv);
int why_main(int argc, char **argv);
