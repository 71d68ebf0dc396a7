/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * parts.h - rows of reports in the store, by shape and part, as the writer's thread keeps them.
 *
 * A shape is a query without its days; a part is one day of it, or one span of totals. A fetch
 * writes its rows under a generation of its own (run.h); nobody sees them until the parts refer to
 * it.
 */
#include <glib.h>
#include <sqlite3.h>

#include "api/report-call.h"
#include "cache/cache.h"
#include "cache/events.h"
#include "cache/pages.h"
#include "cache/run.h"

/* One fetch: a span of a shape. Never changes: both threads read it. */
typedef struct {
    ReportShape *shape;
    char *words;       /* of the shape, and of its account */
    char *account_id;  /* for the query */
    char *start, *end; /* of this fetch */
    char *total;       /* the one part of totals; NULL: parts are days */
    gint64 settle_days, generation;
    RunSizes sizes;
    EventLog *events; /* is told of days that say something else than before; NULL: nobody is */
} PartSpec;

void part_spec_free(PartSpec *spec); /* NULL is fine */

char *shape_words(const ReportQuery *query); /* a new string */
/* Of totals, a new string; NULL: parts are days. */
char *part_name(const ReportShape *shape, const char *start, const char *end);

/* Which cell of a row says of which object of the kind it is: of its own level the id, of one above
   an attribute that was asked for too. -1: none does. */
int slice_column(const ReportShape *shape, ObjectKind kind);

/* A report on one object is a slice of the report on all of the level, where rows say whose they
   are. FALSE: it is not one; ret_whole borrows from query. */
gboolean slice_of(const ReportQuery *query, ReportQuery *ret_whole);

/* A share of a fetch: of some of its days, of some campaigns or ad groups. */
typedef struct {
    const PartSpec *part;
    guint number;
    char *start, *end;
    ObjectKind kind; /* of the ids */
    char **ids;      /* NULL: everything */
    ReportObjects objects;
    /* Of the writer's thread alone, until the pages have ended: */
    Run *run;
    GArray *totals; /* what page 1 said of all rows; NULL: it did not */
} SliceSpec;

SliceSpec *slice_spec_new(const PartSpec *part, guint number, const char *start, const char *end);
void slice_spec_free(void *slice); /* NULL is fine */

ReportCall slice_call(const SliceSpec *slice); /* borrows from it */

/* As PagePlan wants them, with a SliceSpec. The end of a slice is not that of the fetch. */
gboolean parts_store(sqlite3 *db, const void *slice, const Page *page, gint64 *ret_rows,
                     gint64 *ret_new, GError **error);
gboolean parts_end_slice(sqlite3 *db, const void *slice, gint64 began_us, GError **error);

/* ---- when all slices have ended; in the writer's thread ---- */

typedef struct {
    gint64 least, most; /* so many rows make it whole; most -1: or more of them */
    gboolean merged;    /* rows may come twice: of two slices that overlap */
    gint64 of_us;       /* wall: the oldest are of that time; 0: of now */
    GArray *totals;     /* borrowed: what the rows add up to; NULL: nobody knows */
    gboolean grows;     /* or to more: figures are not final yet */
} PartProof;

/* One step. ret_more: call it again, other jobs can go between. At the last one the rows take the
   place of those before. API_ERROR_INCOMPLETE: they are not whole. */
gboolean parts_finish(sqlite3 *db, const PartSpec *spec, const PartProof *proof, gboolean *ret_more,
                      GError **error);
/* What came of a fetch that ends otherwise goes. */
gboolean parts_discard(sqlite3 *db, const PartSpec *spec, GError **error);

/* Somebody has asked for a shape: it stays for another 60 days. Written once a day. */
gboolean parts_use(sqlite3 *db, const char *words, GError **error);
