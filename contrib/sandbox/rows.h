/* SPDX-License-Identifier: MIT */
#pragma once

/* rows.h - all rows of a report, summed up from the ads, in the order asked for. */
#include "report-query.h"

typedef struct {
    guint64 position; /* of the object at the report's level */
    gint64 day;       /* 0 without stat_time_day and stat_time_hour */
    guint account;    /* its number in query->accounts */
    gint16 hour;      /* of the account's clock */
    gint16 value;     /* of the breakdown */
    Counters sum;
} ReportRow;

/* Borrowed until the next call. *throttled: only the newest 20,000 objects are in it. */
const GArray *rows_get(const Call *call, const ReportQuery *query, gboolean *throttled);

/* A row with the object it is about, looked up once for all its cells. */
typedef struct {
    const ReportQuery *query;
    const ReportRow *row;
    const Account *account;
    gboolean has_item;
    Item item;
} RowView;

RowView row_view(const Call *call, const ReportQuery *query, const ReportRow *row);
/* The cell of the n-th dimension, as text without quotes. */
void row_put_dimension(GString *out, const RowView *view, guint n);
/* The cell of the n-th metric, as JSON text with quotes. */
void row_put_metric(GString *out, const RowView *view, guint n);
MetricView row_metric_view(const ReportQuery *query, const Account *account, const Item *item);
