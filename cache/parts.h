/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * parts.h - rows of reports in the store, by shape and part, as the writer's thread keeps them.
 *
 * A shape is a query without its days; a part is one day of it, or one span of totals. A fetch
 * writes its rows under a generation of its own; nobody sees them until the parts refer to it.
 */
#include <glib.h>
#include <sqlite3.h>

#include "cache/cache.h"
#include "cache/pages.h"

/* One fetch: a span of a shape. Never changes: both threads read it. */
typedef struct {
    ReportShape *shape;
    char *words;       /* of the shape, and of its account */
    char *account_id;  /* for the query */
    char *start, *end; /* of this fetch */
    gint64 settle_days, generation;
} PartSpec;

void part_spec_free(void *spec);

char *shape_words(const ReportQuery *query);         /* a new string */
char *part_name(const char *start, const char *end); /* of totals; a new string */

/* A report on one object, by itself, is a slice of the report on its whole level. FALSE: it is not
   one; ret_whole borrows from query. */
gboolean slice_of(const ReportQuery *query, ReportQuery *ret_whole);

/* As PagePlan wants them. */
gboolean parts_store(sqlite3 *db, const void *spec, const Page *page, gint64 *ret_rows,
                     gint64 *ret_new, GError **error);
gboolean parts_finish(sqlite3 *db, const void *spec, gint64 began_us, GError **error);
