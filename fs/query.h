/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * query.h - the grammar of report paths: `last-30d/campaign-day.csv`, relative to a reports
 * directory. Pure: the clock and the zone are arguments.
 *
 *     <range>/<level>-<grain>.<format>
 */
#include <glib.h>

#include "api/object.h"

typedef enum { FORMAT_JSON, FORMAT_NDJSON, FORMAT_CSV, FORMAT_TSV } ReportFormat;

typedef struct {
    ObjectKind level;
    gboolean by_day; /* grain `day`; FALSE: `total` */
    ReportFormat format;
} ReportName;

/* "last-30d" and so on; also 2026-11-05, 2026-11, 2026-10-01..2026-10-31. */
gboolean query_range_valid(const char *range);

/* First and last day, both included, YYYY-MM-DD, at wall_us in the account's zone (an identifier as
   the API names it, "Europe/Berlin" or "Etc/GMT-13"; unknown or NULL: UTC). FALSE and error: not a
   range, ends before it begins. */
gboolean query_range_days(const char *range, gint64 wall_us, const char *timezone, char start[11],
                          char end[11], GError **error);

/* The ranges a reports directory lists, NULL-terminated. */
extern const char *const query_named_ranges[];

/* own: the kind whose reports these are; a level above it is refused. */
gboolean query_parse_name(const char *name, ObjectKind own, ReportName *ret, GError **error);

/* "campaign-day.csv", of the default report of a kind; new string. */
char *query_default_name(ObjectKind level, ReportFormat format);

/* The metrics asked for at a level, attributes (names, parents) first; NULL-terminated. */
const char *const *query_metrics(ObjectKind level);
