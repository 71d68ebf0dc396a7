/* SPDX-License-Identifier: MIT */
#pragma once

/* report-query.h - what a report call asks for, read and checked. */
#include "args.h"
#include "center.h"
#include "metrics.h"

enum { LEVEL_ADVERTISER = -1 }; /* the other levels are kinds */

typedef enum { REPORT_BASIC, REPORT_AUDIENCE, REPORT_BC } ReportType;

/* A bound of a metric, both ends included, in millionths. */
typedef struct {
    const Metric *metric;
    gint64 least, most;
} Bound;

typedef struct {
    ReportType type;
    int level;
    const Center *center;  /* of a BC report */
    GPtrArray *accounts;   /* const Account: one, those of advertiser_ids or of the center */
    gboolean several;      /* advertiser_ids: columns of their own, and no decimals */
    gboolean in_dollars;   /* sums over accounts of different currencies */
    GPtrArray *dimensions; /* names in the order asked */
    gboolean by_id;        /* one row for each object; else one in all */
    gboolean by_day, by_hour;
    gboolean by_nothing;        /* by what no account here has: there are no rows */
    const Breakdown *breakdown; /* NULL: none */
    gboolean asynchronous;      /* asked for by report/task/create */
    gboolean lifetime;
    gint64 first, last;         /* days; of a lifetime all */
    gint64 late_s;              /* what happened since then is not in it */
    GPtrArray *metrics;         /* const Metric */
    GPtrArray *ids[N_KINDS];    /* NULL: any */
    GPtrArray *status[N_KINDS]; /* primary_status words, any of them; NULL: any */
    char *name[N_KINDS];        /* a part of the name; NULL: any */
    GPtrArray *objectives;      /* words of objective_type; NULL: any */
    GPtrArray *countries;       /* values of country_code; NULL: any */
    GArray *bounds;             /* Bound; of a center, what an account may have spent */
    const Metric *order;        /* NULL: by listing, then time */
    gboolean ascending;
    gboolean totals;
    Page page;
} ReportQuery;

ReportQuery *report_query_new(const Call *call, GError **error);
void report_query_free(ReportQuery *query);

/* Its parts, in the order they are read; each may rely on those before. */
gboolean query_read_dimensions(const Call *call, ReportQuery *query, GError **error);
gboolean query_read_metrics(const Call *call, ReportQuery *query, GError **error);
gboolean query_read_filtering(const Call *call, ReportQuery *query, GError **error);
gboolean query_conflict(GError **error); /* FALSE, and the one text for what does not go together */
gboolean query_has_dimension(const ReportQuery *query, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReportQuery, report_query_free)
