/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * report.h - a report file, from its name to its bytes.
 *
 * Each version has an inode of its own, so that pages stay cached and no reader mixes two. A
 * look-up picks the version without waiting; open makes it: rows from the cache, then a file of
 * the right format in the spool directory, whose size is then the file's.
 *
 *     UNMADE --open--> rows wanted --there--> SPOOLING --written--> MADE (size known)
 */
#include "fs/request.h"

/* Spool files are below cache_dir; those of before are removed. NULL and error: can not be made. */
ReportFiles *report_files_new(const Options *options, GError **error);
void report_files_free(ReportFiles *reports); /* NULL is fine */
void report_files_forget(ReportFiles *reports,
                         const void *request); /* it waits for nothing any more */

/* What is known of a report file, by its directory and name; asks for nothing. */
typedef struct {
    gboolean made;              /* since the mount began: that version is what follows */
    gboolean here;              /* to open it takes no call for its rows */
    gboolean old;               /* its rows have expired, and are shown all the same */
    gint64 made_us, fetched_us; /* wall; fetched_us: as in ReportState */
    gint64 rows;
    gboolean by_task; /* tasks of the service brought it, or some of it */
    guint calls;
    char frozen_until[11]; /* as in ReportState */
} ReportFacts;

void report_facts(Mount *mount, const Place *report, ReportFacts *ret);

/* A name in reports/, reports/of/ or a range, which no table holds. */
Outcome report_lookup(Request *request, const Place *dir);

/* TRUE and error: dir is reports/ or a range, and nothing can have that name there. Asks for
   nothing. */
gboolean report_refuses(Mount *mount, const Place *dir, const char *name, GError **error);
/* .adsfs/errors says so, if it does not already. */
void report_tell_refused(Mount *mount, const Place *dir, const char *name, const GError *error);
/* TRUE: the look-up was answered with that there is no such name; where a report was meant, also
   why. */
gboolean report_lookup_refused(Request *request, const Place *dir, Outcome *ret);

/* Set request->file->fd, or park, or reply the error. */
gboolean report_open(Request *request, const Place *place, Outcome *ret);
