/* SPDX-License-Identifier: MIT */
#pragma once

/* report-call.h - how a report is asked for: queries and bodies, from a shape and its days. Pure.
 */
#include "api/report.h"

typedef enum {
    REPORT_ALL,     /* deleted objects too, so that sums are those of the platform */
    REPORT_DELETED, /* only these */
} ReportObjects;

typedef struct {
    const ReportShape *shape;
    const char *account_id;  /* advertiser; of REPORT_CENTER the Business Center */
    const char *start, *end; /* YYYY-MM-DD in the account's zone, both included */
    ObjectKind ids_kind;     /* of the ids: campaigns, ad groups, ads */
    const char *const *ids;  /* only what is of these, at most FILTER_IDS_MAX; NULL: all */
    ReportObjects objects;
    gboolean totals; /* total_metrics too, where there are any */
} ReportCall;

/* report/integrated/get; a new string, as the three below. */
char *encode_report(const ReportCall *call, guint page, guint page_size);

/* report/task/create: CSV with the names of the API above its columns. Of call.objects the service
   gives those that are not deleted, whatever it says. */
char *encode_report_task(const ReportCall *call);
/* report/task/check and download; the body of cancel. */
char *encode_task_query(const char *advertiser_id, const char *task_id);
char *encode_task_cancel(const char *advertiser_id, const char *task_id);
