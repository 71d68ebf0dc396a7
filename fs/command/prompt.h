/* SPDX-License-Identifier: MIT */
#pragma once

/* prompt.h - asking whoever sits at the terminal, also while standard input is something else. */
#include <glib.h>

/* Whether there is a terminal to ask at. */
gboolean prompt_is_possible(void);

/* The line without blanks around it; new, a secret. NULL and error: there is no terminal, or it
   gave nothing. hidden: what is typed is not shown. */
char *prompt_line(const char *question, gboolean hidden, GError **error);

/* FALSE also where there is no terminal. */
gboolean prompt_yes(const char *question);
