/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * sums.h - what the rows of a report add up to, to be compared with what the service says they do,
 * and a hash of their figures, to be compared with that of another time.
 *
 * Numbers are whole millionths. What can not be told, since a value is no number, has more digits
 * or is too large, is not told.
 */
#include <glib.h>

#include "api/json.h"
#include "api/report.h"

/* Of one metric that is additive. */
typedef struct {
    guint metric; /* its place among those of the shape */
    gint64 units;
    guint8 decimals; /* the most that one of the values has */
    guint8 unknown;
} Sum;

/* Of all that are, where the service says sums at all; else of none. */
GArray *sums_new(const ReportShape *shape);
void sums_add(GArray *to, const GArray *sums);                    /* of the same shape */
void sums_add_packed(GArray *to, const void *packed, gsize size); /* as figures_take() has it */

/* The object total_metrics; NULL: there are none. */
GArray *sums_of_totals(const ReportShape *shape, JsonSpan object);

/* FALSE and API_ERROR_INCOMPLETE: so many rows can not add up to this. Counts are exact; of others
   each value may be rounded in its last digit. grows: more is no difference. */
gboolean sums_check(const GArray *sums, const GArray *totals, const ReportShape *shape,
                    gint64 n_rows, gboolean grows, GError **error);

/* ---- rows as they are written ---- */

typedef struct Figures Figures;

Figures *figures_new(const ReportShape *shape);
void figures_free(Figures *figures); /* NULL is fine */

/* cells: of a row, each ended by a NUL. */
void figures_add(Figures *figures, const char *cells, guint length);
/* Since the last time: sums to be kept, and a hash below 2^40; the hashes of rows add up. Names and
   other attributes do not count: they are those of today, whatever the day of the row. */
void figures_take(Figures *figures, GByteArray *packed, gint64 *ret_hash);

#define FIGURES_MASK "0xffffffffff" /* of the sum of hashes */
