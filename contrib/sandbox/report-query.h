/* SPDX-License-Identifier: MIT */
#pragma once

/* report-query.h - what a report call asks for, read and checked. */
#include "args.h"
#include "metrics.h"

enum { LEVEL_ADVERTISER = -1 }; /* the other levels are kinds */

typedef enum { REPORT_BASIC, REPORT_AUDIENCE, REPORT_BC } ReportType;

typedef struct {
    ReportType type;
    int level;
    GPtrArray *accounts;   /* const Account: one, those of advertiser_ids or of a center */
    GPtrArray *dimensions; /* names in the order asked */
    gboolean by_id;        /* one row for each object; else one in all */
    gboolean by_day, by_hour;
    gboolean asynchronous; /* asked for by report/task/create */
    gint64 first, last;         /* days; of a lifetime all */
    GPtrArray *metrics;         /* const Metric */
    GPtrArray *ids[N_KINDS];    /* NULL: any */
    GPtrArray *status[N_KINDS]; /* primary_status words, any of them; NULL: any */
    char *name[N_KINDS];        /* a part of the name; NULL: any */
    const Metric *order;        /* NULL: by listing, then day */
    gboolean ascending;
    gboolean totals;
    Page page;
} ReportQuery;

ReportQuery *report_query_new(const Call *call, GError **error);
void report_query_free(ReportQuery *query);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReportQuery, report_query_free)
