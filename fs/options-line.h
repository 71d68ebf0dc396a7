/* SPDX-License-Identifier: MIT */
#pragma once

/* options-line.h - the command line as it was typed: flags, operands, and the words of -o. */
#include <glib.h>

typedef struct {
    GHashTable *options; /* name -> text; what a later word takes back is gone */
    GStrv operands;
    gboolean foreground, debug, help, version; /* help and version: nothing else counts */
} Line;

/* argv as of main(). Everything is looked at before anything is judged, so that --help works
   whatever else is there. */
gboolean line_read(char **argv, Line *ret, GError **error);
void line_clear(Line *line);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Line, line_clear)
