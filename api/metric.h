/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * metric.h - the metrics of reports: what they mean, and where they can be had (API 4.8). Pure.
 *
 * The service gets new ones each month, so a name that is not here may exist; but one bad name
 * costs the whole call, so it is not sent unless somebody wrote the query out.
 */
#include <glib.h>

#include "api/report.h"

typedef enum {
    METRIC_MONEY, /* in the currency of the account */
    METRIC_COUNT,
    METRIC_RATIO,
    METRIC_PERCENT, /* times 100 already, without the sign */
    METRIC_TEXT,    /* of the object as it is now, whatever the day of the row */
    N_METRIC_KINDS,
} MetricKind;

typedef enum {
    METRIC_ADDITIVE = 1 << 0,     /* the sum over days or objects is true */
    METRIC_ATTRIBUTE = 1 << 1,    /* of an object, whose id has to be in the row */
    METRIC_PEOPLE = 1 << 2,       /* counts people, or is per person: not by what they are like */
    METRIC_BY_COUNTRY = 1 << 3,   /* can be had by country in basic reports */
    METRIC_COUNTRY_SYNC = 1 << 4, /* can, but not in tasks */
    METRIC_NOT_IN_TASKS = 1 << 5,
    METRIC_ACCOUNT_DAY = 1 << 6, /* basic: of the advertiser by day only */
    METRIC_ID_DAY = 1 << 7,      /* only by object, or by object and day */
    METRIC_BY_IMAGE = 1 << 8,    /* only with image_id */
} MetricFlags;

typedef struct {
    const char *name, *meaning;
    MetricKind kind;
    guint flags;  /* MetricFlags */
    guint types;  /* of reports: 1 << REPORT_BASIC and so on */
    guint levels; /* 1 << KIND_CAMPAIGN and so on */
} Metric;

/* All of them, sorted by name. Borrowed and for ever, as all that these functions return. */
const Metric *metric_all(guint *n);
const Metric *metric_find(const char *name); /* NULL: not known */
/* What was meant, if that can be guessed; NULL otherwise. */
const Metric *metric_nearest(const char *name);

/* Its values are not numbers: attributes such as campaign_id, and names that are not known. */
gboolean metric_is_text(const char *name);

const char *metric_kind_word(MetricKind kind);

/* Named sets. own: those of the profile, from names to lists that end with NULL; may be NULL. A
   name may begin with "@". NULL: no such set. */
const char *const *metric_set(const char *name, GHashTable *own);
const char *const *metric_set_names(void); /* ours, without "@"; ends with NULL */

/* What follows the "@" of a file name, "core,reach": metrics and sets in the order written, as a
   new list that ends with NULL. A name that both have is the set as the first word or after an "@"
   of its own, else the metric. What a set brings in is there once; a metric written twice is there
   twice, for report_check() to refuse, as are words that are neither. NULL and error: "@" and no
   such set, or an empty word. */
char **metric_expand(const char *list, GHashTable *own, GError **error);

/* Metrics where none are named, names of the objects first; ends with NULL. */
const char *const *report_default_metrics(ReportType type, ObjectKind level);

/* metrics.tsv: a line of headings, then one for each metric. */
void metric_table(GString *out);
