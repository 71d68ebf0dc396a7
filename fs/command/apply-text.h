/* SPDX-License-Identifier: MIT */
#pragma once

/* apply-text.h - what `adsfs apply` says, made of lines of .adsfs/journal and .adsfs/errors. Pure.
 */
#include <glib.h>

typedef struct {
    guint done, tried, failed; /* tried: sent nowhere, by dry_run */
} ApplyCount;

/* A line for each change that this process has written in a table since then (wall): the object's
   id, the file, the values, what came of it. New string. */
char *apply_rows(const char *journal, gint64 pid, gint64 since_us, ApplyCount *ret);

/* The messages of failures of exactly this path (below the mount point) since then, a line each;
   the last one, which is about the whole table, comes first. New string. */
char *apply_problems(const char *errors, const char *path, gint64 since_us);

/* One line. New string. */
char *apply_summary(const ApplyCount *count);
