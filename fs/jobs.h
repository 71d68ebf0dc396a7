/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * jobs.h - .adsfs/jobs: the reports that are being fetched, a JSON object a line.
 *
 *     {"id": "1850…", "path": "7012…/reports/last-30d/ad-day.csv", "advertiser": "7012…",
 *      "type": "BASIC", "level": "ad", "object": null, "dimensions": ["ad_id", "stat_time_day"],
 *      "metrics": ["spend", …], "start": "2026-10-29", "end": "2026-11-27", "mode": "async",
 *      "state": "PROCESSING", "age": 34, "rows": 0, "total_rows": 125000, "bytes": 0,
 *      "percent": null, "readers": 1}
 *
 * id        to cancel it by; null: it is read by pages, or was not created yet
 * path      the file that is waited for the longest; null: nobody waits for one
 * percent   of its rows that have come; null while the service makes it, which says of it no more
 *           than its state
 */
#include "fs/mount.h"

void jobs_text(Mount *mount, GString *out);

/* Of its rows that have come; -1: not known. */
int job_percent(const ReportJob *job);

/* For `cancel ID`. FALSE and error: there is nothing of that id to be cancelled. */
gboolean jobs_check(Mount *mount, const char *id, GError **error);
