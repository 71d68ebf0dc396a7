/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * run.h - rows of a report on their way into the store, and out of it.
 *
 * Rows are kept in chunks of some 32 KiB, each of one part (a day, or a whole span), in the order
 * of their keys. What comes is gathered until it is enough, sorted, and cut into chunks: a run. A
 * part of several runs that overlap is merged later (merge.h). So neither a page nor a million
 * rows cost more than a few writes each, and no more memory than a run. Of rows that have the same
 * key the first is kept.
 *
 * Everything here belongs to one thread at a time.
 */
#include <glib.h>
#include <sqlite3.h>

#include "api/report.h"

typedef struct Run Run;

/* So many bytes at a time; 0: as many as do well. */
typedef struct {
    gsize run, chunk, step; /* step: of a merge */
} RunSizes;

typedef struct {
    const ReportShape *shape; /* borrowed for as long as the run lives */
    const char *start, *end;  /* rows of other days are refused; borrowed */
    const char *total;        /* name of the one part, where rows have no time; borrowed */
    gint64 generation;
    guint slice; /* which share of the fetch this is, to be told from the others */
    RunSizes sizes;
} RunSpec;

/* A part that nobody reads out: rows that say there is nothing, and were counted by the service. */
#define RUN_NOTHING "-"

Run *run_new(const RunSpec *spec);
void run_free(Run *run); /* NULL is fine; rows that were not flushed are gone */

/* A cell of a row in the order of the shape; NULL: the service sent none. Any bytes. */
void run_cell(Run *run, const char *text, gsize length);
/* The same of a JSON value: a string without its quotes, anything else as it is. */
void run_cell_json(Run *run, const char *at, gsize length);
/* FALSE: it is not of this fetch, and left out. */
gboolean run_row(Run *run);

guint64 run_rows(const Run *run); /* that were taken, since it was made or emptied */

/* Writes what there is, if it is enough, or in any case. After a failure, also of the transaction,
   rows are missing: it is to be emptied. */
gboolean run_flush(Run *run, sqlite3 *db, gboolean all, GError **error);
/* Forgets all rows of the slice, in the store too. */
gboolean run_empty(Run *run, sqlite3 *db, GError **error);
