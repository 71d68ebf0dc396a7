/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * metrics.h - the columns of a report: how each follows from the counters, where it is allowed, and
 * how it is written. Ratios are always made from sums, never from other ratios, and rounded half
 * up; a divisor of nothing gives 0.00.
 */
#include <glib.h>

#include "delivery.h"

/* What follows from counters, and is used like one. */
typedef enum {
    REACHED = N_COUNTERS, /* people; they are seen again, so this does not add up */
    SOCIAL,               /* clicks of all kinds */
    BY_CLICK,             /* conversions, but for those that a view alone brought */
    NOTHING,              /* known to the service, and never happens here */
} Derived;

/* Where a metric is refused, or one of the few that are not. */
typedef enum {
    METRIC_UNIQUE = 1 << 0,  /* counts people: not in audience reports */
    METRIC_COUNTRY = 1 << 1, /* audience reports by country have it */
    METRIC_TAGS = 1 << 2,    /* those by hashtag and the like too */
    METRIC_RESULT = 1 << 3,  /* not by country in asynchronous reports */
    METRIC_CASH = 1 << 4,    /* of advertisers by day only */
    METRIC_BASIC = 1 << 5,   /* of synchronous basic reports only */
    METRIC_CENTER = 1 << 6,  /* reports of a Business Center have it */
} MetricFlags;

/* What a row is about. */
typedef struct {
    const Currency *currency;
    const Account *account; /* NULL: of several */
    const Item *item;       /* NULL: not of an object */
    gboolean whole;         /* amounts without decimals */
} MetricView;

typedef enum { COUNT, MONEY, RATIO, NONE /* "-" */, ATTRIBUTE } MetricKind;

typedef struct {
    const char *name;
    MetricKind kind;
    guint upper, lower; /* Counter or Derived */
    gint64 by, per;     /* upper x by / (lower x per) */
    guint decimals;     /* of a RATIO */
    guint flags;
    int level; /* of an ATTRIBUTE: the highest report that has it */
    void (*put)(GString *out, const MetricView *view);
} Metric;

const Metric *metric_find(const char *name); /* NULL when unknown */
const char *metric_name(const Metric *metric);
gboolean metric_is_attribute(const Metric *metric);
gboolean metric_is_money(const Metric *metric);

/* In hundredths; with four decimals, in as many. */
gint64 metric_value(const Metric *metric, const Counters *sum);
/* 0, 2 or 4; -1 when it is a text. */
int metric_decimals(const Metric *metric, const Currency *currency);
/* The JSON text. */
void metric_put(GString *out, const Metric *metric, const Counters *sum, const MetricView *view);

/* The tables: of metrics on their own, of those that come in families, of attributes. */
typedef void (*MetricFunc)(const Metric *metric, void *user_data);
void metric_table(MetricFunc add, void *user_data);
void metric_families(MetricFunc add, void *user_data); /* the names stay with the metric */
void metric_attributes(MetricFunc add, void *user_data);
