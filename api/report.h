/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * report.h - what a report is asked for: its shape, which is everything but the account and the
 * days. Pure.
 *
 * A row is its dimensions, then its metrics: the id if there is one, the breakdown, the time if
 * there is one; then the metrics in the order asked for.
 */
#include <glib.h>

#include "api/object.h"

typedef enum {
    REPORT_BASIC,
    REPORT_AUDIENCE, /* of who saw it: age, gender, interests; some sixteen hours behind */
    REPORT_CENTER,   /* of a Business Center: a row is of one of its accounts */
    N_REPORT_TYPES,
} ReportType;

/* How reports are read: by pages, by tasks that the service makes in its own time, or by what is
   less. */
typedef enum { REPORT_AUTO, REPORT_SYNC, REPORT_ASYNC } ReportMode;

typedef enum { GRAIN_TOTAL, GRAIN_DAY, GRAIN_HOUR, N_GRAINS } ReportGrain;

const char *report_type_word(ReportType type); /* "AUDIENCE" */

/* All texts are borrowed, all lists end with NULL. */
typedef struct {
    ReportType type;
    ObjectKind level; /* the data_level; of a center KIND_ADVERTISER */
    const char *id;   /* dimension: "campaign_id"; NULL: rows are not of single objects */
    const char *const *breakdown; /* dimensions besides id and time, "age"; NULL: none */
    ReportGrain grain;
    gboolean lifetime;          /* of all days there ever were; the grain is total then */
    const char *const *metrics; /* attributes such as campaign_name too */
    ObjectKind object_kind;     /* with object_id: only what is of this object */
    const char *object_id;      /* NULL: all there is */
    const char *filtering;      /* more filters, the API's JSON array; NULL: none */
} ReportShape;

/* A copy of its own of all of it; NULL is fine to free. */
ReportShape *report_shape_copy(const ReportShape *shape);
void report_shape_free(ReportShape *shape);

/* The shape in words, the same for the same shape, for nobody to take apart. New. */
char *report_words(const ReportShape *shape);

guint report_n_dimensions(const ReportShape *shape);
guint report_width(const ReportShape *shape); /* of a row: dimensions and metrics */

/* The dimensions in the order of a row; an array of borrowed names that ends with NULL. */
GPtrArray *report_dimensions(const ReportShape *shape);
/* "stat_time_day", "stat_time_hour"; NULL: rows have no time. */
const char *report_time(const ReportShape *shape);

/* The most days of one call: 1 by hour, 30 by day, 365 otherwise (API 4.1). */
guint report_span(const ReportShape *shape);

/* The API says sums over all rows: BASIC, of one id or the day or both (API 4.1). */
gboolean report_has_totals(const ReportShape *shape);

/* A task gives the same rows as the synchronous call, deleted objects excepted (API 4.7): it can
   not filter by more than ids, and says the names of countries instead of their codes. */
gboolean report_can_be_task(const ReportShape *shape);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReportShape, report_shape_free)
