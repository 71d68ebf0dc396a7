/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * query.h - the grammar of report paths, relative to a reports directory. Pure: the clock and the
 * zone are arguments.
 *
 *     <range>/<level>-<grain>[-<breakdown>][@<metric or set>,...].<format>
 *     last-30d/campaign-day.csv    yesterday/ad-total-age@core,spend.json
 *
 * Whatever is refused is an API_ERROR_NAME that names the nearest name that is none.
 */
#include <glib.h>

#include "api/report.h"

typedef enum { FORMAT_JSON, FORMAT_NDJSON, FORMAT_CSV, FORMAT_TSV, FORMAT_HTML } ReportFormat;

typedef struct {
    ReportShape *shape; /* as the name alone has it: of no single object, not lifetime */
    ReportFormat format;
} ReportName;

void report_name_clear(ReportName *name);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ReportName, report_name_clear)

/* ---- ranges ---- */

/* The ranges a reports directory lists, NULL-terminated. */
extern const char *const query_named_ranges[];

/* "last-30d" and so on; also 2026-11-05, 2026-11, 2026-10-01..2026-10-31, lifetime. */
gboolean query_range_valid(const char *range);

/* First and last day, both included, YYYY-MM-DD, at wall_us in the account's zone (an identifier as
   the API names it, "Europe/Berlin" or "Etc/GMT-13"; unknown or NULL: UTC). Of lifetime both are
   today. FALSE and error: not a range, ends before it begins, or is yet to come. */
gboolean query_range_days(const char *range, gint64 wall_us, const char *timezone, char start[11],
                          char end[11], GError **error);

/* Whoever wrote that meant a range; other names are what programs look for everywhere. */
gboolean query_range_is_meant(const char *range);

/* ---- file names ---- */

/* own: the kind whose reports these are; a level above it is refused. sets: named sets of metrics
   of the profile, as metric_expand() takes them. */
gboolean query_parse_name(const char *name, ObjectKind own, GHashTable *sets, ReportName *ret,
                          GError **error);

/* The name in that range, of so many days; sets lifetime of its shape. FALSE and error: there is no
   such report. */
gboolean query_check_range(const char *range, const char *name, guint days, ReportShape *shape,
                           GError **error);
guint query_count_days(const char *start, const char *end);

/* As query_range_is_meant(). */
gboolean query_name_is_meant(const char *name);

/* "campaign-day.csv", of the default report of a kind; new string. */
char *query_default_name(ObjectKind level, ReportFormat format);

/* ---- for completion ---- */

/* What the last word of a path can go on to, the whole path again; of new strings, ends with NULL.
   Empty: it leads below no reports directory. */
char **query_complete(const char *path, gint64 wall_us);

/* All words there are: a line for each, what it is and a tab before it. */
void query_words(GString *out);
