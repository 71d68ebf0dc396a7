/* SPDX-License-Identifier: MIT */
#pragma once

/* rows.h - all rows of a report, summed up from the ads, in the order asked for. */
#include "report-query.h"

typedef struct {
    guint64 position; /* of the object at the report's level */
    gint64 day;       /* 0 without stat_time_day */
    Counters sum;
} ReportRow;

/* Borrowed until the next call. *throttled: only the newest 20,000 objects are in it. */
const GArray *rows_get(const Call *call, const ReportQuery *query, gboolean *throttled);
