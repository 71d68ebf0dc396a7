/* SPDX-License-Identifier: MIT */
#pragma once

/* apply-text.h - what `adsfs apply` says, made of lines of .adsfs/journal and .adsfs/errors. Pure.
 */
#include <glib.h>

typedef struct {
    GString *rows;             /* a line for each change: id, file, values, what came of it */
    GHashTable *failed_paths;  /* of files whose change failed */
    guint done, tried, failed; /* tried: sent nowhere, by dry_run */
} ApplyReport;

void apply_report_init(ApplyReport *report);
void apply_report_clear(ApplyReport *report);

/* What this process has written in a table since then (wall). */
void apply_add_journal(ApplyReport *report, const char *journal, gint64 pid, gint64 since_us);

/* The lines of .adsfs/errors that came since it was `before`; where its oldest have gone, those of
   since_us and later. New string. */
char *apply_new_errors(const char *errors, const char *before, gint64 since_us);

/* Changes that were refused before the journal had them: failures of files below the directory. */
void apply_add_errors(ApplyReport *report, const char *errors, const char *directory);

/* The messages of failures of exactly this path (below the mount point), a line each; the last one,
   which is about the whole table, comes first. New string. */
char *apply_problems(const char *errors, const char *path);

/* One line. New string. */
char *apply_summary(const ApplyReport *report);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ApplyReport, apply_report_clear)
