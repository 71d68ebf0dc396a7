/* SPDX-License-Identifier: MIT */
/* report-age.c - which parts of a report are missing or too old, and how old it is as a whole. */
#include "cache/report-age.h"

#include <string.h>

/* ---- what a person wants anew ---- */

Refresh report_refresh(const Report *report)
{
    const Reports *reports = report->cache->reports;
    const Refresh *own = g_hash_table_lookup(reports->refreshed, report->words);

    return own && own->number > reports->all_refreshed.number ? *own : reports->all_refreshed;
}

static Refresh new_refresh(const Cache *cache)
{
    return (Refresh){cache->refreshes, clock_wall(cache->config.clock)};
}

void report_put_refresh(Cache *cache, const char *shape)
{
    Refresh refresh = new_refresh(cache);

    g_hash_table_replace(cache->reports->refreshed, g_strdup(shape),
                         g_memdup2(&refresh, sizeof refresh));
}

gint64 cache_report_refreshed(Cache *cache, const ReportQuery *query)
{
    g_autofree char *shape = shape_words(query);
    Report report = {.cache = cache, .words = shape};

    return report_refresh(&report).at_us;
}

static void forget_failures(Reports *reports, const char *shape)
{
    GHashTableIter iter;
    Report *report;

    g_hash_table_iter_init(&iter, reports->all);
    while (g_hash_table_iter_next(&iter, NULL, (void **)&report))
        if (!report->flight.flying && (!shape || strcmp(report->words, shape) == 0))
            g_clear_error(&report->flight.error);
}

void reports_refresh(Cache *cache)
{
    cache->reports->all_refreshed = new_refresh(cache);
    g_hash_table_remove_all(cache->reports->refreshed);
    forget_failures(cache->reports, NULL);
}

/* It may be cut out of that of its level, which then is no fresher. */
void cache_refresh_report(Cache *cache, const ReportQuery *query)
{
    g_autofree char *own = shape_words(query);
    ReportQuery whole;

    cache->refreshes++;
    age_forget_outage(cache);
    if (g_hash_table_size(cache->reports->refreshed) >= MAX_REPORTS) {
        reports_refresh(cache);
        return;
    }
    report_put_refresh(cache, own);
    forget_failures(cache->reports, own);
    if (slice_of(query, &whole)) {
        g_autofree char *level = shape_words(&whole);

        report_put_refresh(cache, level);
        forget_failures(cache->reports, level);
    }
}

/* ---- what is missing ---- */

#define STALE                                                                                      \
    "NOT EXISTS (SELECT 1 FROM report_shape s JOIN report_part p ON p.shape = s.shape"             \
    " WHERE s.words = ?1 AND p.part = d AND (p.frozen OR (p.fetched > ?4 AND p.fetched <= ?5)))"

/* First and last day to fetch next, from ?2 on, at most ?6 days apart. */
static const char stale_days[] =
    "WITH RECURSIVE days(d) AS (VALUES(?2) UNION ALL SELECT date(d, '+1 day') FROM days"
    "  WHERE d < ?3),"
    " stale(d) AS MATERIALIZED (SELECT d FROM days WHERE " STALE "),"
    " first(d) AS (SELECT min(d) FROM stale)"
    " SELECT first.d, max(stale.d), date(max(stale.d), '+1 day') FROM first, stale"
    " WHERE stale.d <= date(first.d, ?6) GROUP BY first.d";

static const char stale_total[] = "SELECT ?2, ?3, ?3 FROM (SELECT ?6 AS d) WHERE " STALE;

void span_clear(Span *span)
{
    g_clear_pointer(&span->start, g_free);
    g_clear_pointer(&span->end, g_free);
    g_clear_pointer(&span->next, g_free);
}

gboolean report_find_stale(const Report *report, const char *from, Span *ret)
{
    const CacheConfig *config = &report->cache->config;
    gint64 now = clock_wall(config->clock);
    gint64 after = MAX(now - config->report_ttl_us, report_refresh(report).at_us);
    g_autofree char *span = g_strdup_printf("+%u days", report_span(report->shape) - 1);
    sqlite3_stmt *row = store_statement(report->cache->store,
                                        report_time(report->shape) ? stale_days : stale_total);
    g_autofree char *total = part_name(report->shape, report->start, report->end);
    gboolean found;

    sql_bind(row, "tttiit", report->words, from, report->end, after, now, total ? total : span);
    found = store_step(report->cache->store, row);
    if (found)
        *ret = (Span){g_strdup(sql_text(row, 0)), g_strdup(sql_text(row, 1)),
                      g_strdup(sql_text(row, 2))};
    sqlite3_reset(row);
    return found;
}

/* ---- how old it is ---- */

/* Whether all parts are there, and when the oldest came of those that can still change. */
static const char age_of_days[] =
    "WITH RECURSIVE days(d) AS (VALUES(?2) UNION ALL SELECT date(d, '+1 day') FROM days"
    "  WHERE d < ?3)"
    " SELECT count(p.part) = count(*), min(iif(p.frozen, NULL, p.fetched))"
    " FROM days LEFT JOIN report_part p ON p.part = d"
    "  AND p.shape = (SELECT shape FROM report_shape WHERE words = ?1)";

static const char age_of_total[] = "SELECT count(*), min(iif(frozen, NULL, fetched)) FROM "
                                   "report_part WHERE part = ?4"
                                   " AND shape = (SELECT shape FROM report_shape WHERE words = ?1)";

gboolean report_find_age(const Report *report, gint64 *ret_us)
{
    sqlite3_stmt *row = store_statement(report->cache->store,
                                        report_time(report->shape) ? age_of_days : age_of_total);
    g_autofree char *total = part_name(report->shape, report->start, report->end);
    gboolean known = FALSE;

    *ret_us = 0;
    sql_bind(row, "tttt", report->words, report->start, report->end, total);
    if (store_step(report->cache->store, row)) {
        known = sqlite3_column_int(row, 0) != 0;
        *ret_us = sqlite3_column_int64(row, 1);
    }
    sqlite3_reset(row);
    return known;
}

Age report_age(const Report *report, gboolean fresh, gint64 *ret_fetched_us)
{
    const CacheConfig *config = &report->cache->config;
    Age age = {.fresh = fresh, .of_account = TRUE, .flight = &report->flight};
    gint64 fetched_us, age_us;

    age.known = report_find_age(report, &fetched_us);
    age_us = clock_wall(config->clock) - fetched_us;
    age.ended_us = fetched_us > report_refresh(report).at_us && age_us >= 0
                       ? cache_now(report->cache) - age_us + config->report_ttl_us
                       : G_MININT64;
    *ret_fetched_us = fetched_us;
    return age;
}
