/* SPDX-License-Identifier: MIT */
/* report.c - the reports that are wanted, kept in mind for a while. */
#include "cache/fetch.h"
#include "cache/spool-early.h"

enum { KEEP_S = 600 }; /* of those that have ended */

#define DAY_US ((gint64)86400 * G_USEC_PER_SEC)

static void report_free(void *data)
{
    Report *report = data;

    flight_clear(&report->flight);
    report_shape_free(report->shape);
    g_free(report->words);
    g_free(report->account_id);
    g_free(report->start);
    g_free(report->end);
    g_free(report->next);
    g_ptr_array_unref(report->fetches);
    g_ptr_array_unref(report->earlies);
    g_clear_error(&report->failure);
    g_free(report);
}

static void askers_free(void *data)
{
    g_free(((Askers *)data)->last);
    g_free(data);
}

Reports *reports_new(void)
{
    Reports *reports = g_new0(Reports, 1);

    g_queue_init(&reports->downloads);
    reports->left = g_ptr_array_new_with_free_func((GDestroyNotify)part_spec_free);
    reports->all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, report_free);
    reports->askers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, askers_free);
    reports->refreshed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return reports;
}

void reports_free(Reports *reports)
{
    if (!reports)
        return;
    g_queue_clear(&reports->downloads); /* nobody's turn comes any more */
    g_hash_table_unref(reports->all);
    g_hash_table_unref(reports->askers);
    g_hash_table_unref(reports->refreshed);
    g_ptr_array_unref(reports->left);
    g_free(reports);
}

/* One that was never fetched has nothing to remember: it was looked at a moment ago at most. */
static gboolean is_past(void *key, void *value, void *user_data)
{
    const Report *report = value;
    const gint64 *now = user_data;
    gboolean flew = report->flight.error || report->flight.settled_us != G_MININT64;
    gint64 keep_us = (flew ? KEEP_S : 1) * (gint64)G_USEC_PER_SEC;

    (void)key;
    return !report->flight.flying && report->used_us < *now - keep_us;
}

static Report *new_report(Cache *cache, const ReportQuery *query, const char *account_id)
{
    Report *report = g_new0(Report, 1);

    flight_init(&report->flight);
    report->flight.failed_us = G_MININT64;
    report->cache = cache;
    report->advertiser = query->advertiser;
    report->shape = report_shape_copy(&query->shape);
    report->words = shape_words(query);
    report->account_id = g_strdup(account_id);
    report->start = g_strdup(query->start);
    report->end = g_strdup(query->end);
    report->earlies = g_ptr_array_new_with_free_func(early_free);
    report->fetches = g_ptr_array_new_with_free_func(fetch_free);
    return report;
}

Report *report_get(Cache *cache, const ReportQuery *query, const char *account_id)
{
    GHashTable *all = cache->reports->all;
    g_autofree char *shape = shape_words(query);
    g_autofree char *key = g_strdup_printf("%s %s..%s", shape, query->start, query->end);
    Report *report = g_hash_table_lookup(all, key);
    gint64 now = cache_now(cache);

    if (!report) {
        if (g_hash_table_size(all) >= MAX_REPORTS)
            g_hash_table_foreach_remove(all, is_past, &now);
        report = new_report(cache, query, account_id);
        g_hash_table_insert(all, g_steal_pointer(&key), report);
    }
    report->used_us = now;
    return report;
}

static gboolean run_use(sqlite3 *db, void *words, GError **error)
{
    return parts_use(db, words, error);
}

static const JobType use_job = {run_use, NULL, g_free};

void report_note_used(Report *report)
{
    gint64 now_us = cache_now(report->cache);

    if (report->noted_us > 0 && now_us - report->noted_us < DAY_US)
        return;
    report->noted_us = now_us;
    writer_push(report->cache->writer, &use_job, g_strdup(report->words), FALSE);
}
