/* SPDX-License-Identifier: MIT */
/*
 * partition.c - a report that is wanted: which of its parts are missing or too old, and their
 * fetches, one span after the other. What was read of old days is never asked for again.
 */
#include <string.h>

#include "api/encode.h"
#include "api/error.h"
#include "cache/internal.h"
#include "cache/parts.h"

/* The longest spans of the service, and what we keep in mind of queries that have ended. */
enum { SPAN_BY_DAY = 30, SPAN_TOTAL = 365, MAX_REPORTS = 256, KEEP_S = 600, MAX_METRICS = 100 };

typedef struct {
    Flight flight;
    Cache *cache;
    ObjectKind level, object_kind;
    char *shape, *advertiser_id, *object_id;
    char **metrics;
    gboolean by_day;
    char *start, *end; /* of the query */
    char *next;        /* the first day that the fetches have not passed */
    CallPriority priority;
    guint calls; /* of the last flight */
} Report;

struct Reports {
    GHashTable *all;    /* "shape start..end" -> Report */
    GHashTable *askers; /* the same of a whole level -> id of the object asked for last */
    gint64 generation;
};

static void report_free(void *data)
{
    Report *report = data;

    flight_clear(&report->flight);
    g_free(report->shape);
    g_free(report->advertiser_id);
    g_free(report->object_id);
    g_strfreev(report->metrics);
    g_free(report->start);
    g_free(report->end);
    g_free(report->next);
    g_free(report);
}

Reports *reports_new(void)
{
    Reports *reports = g_new0(Reports, 1);

    reports->all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, report_free);
    reports->askers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return reports;
}

void reports_free(Reports *reports)
{
    if (!reports)
        return;
    g_hash_table_unref(reports->all);
    g_hash_table_unref(reports->askers);
    g_free(reports);
}

/* Above those of other processes and earlier lives, whatever the clock does within this one. */
static gint64 next_generation(Cache *cache)
{
    Reports *reports = cache->reports;

    reports->generation = MAX(reports->generation + 1, clock_wall(cache->config.clock));
    return reports->generation;
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

static const char stale_total[] =
    "SELECT ?2, ?3, ?3 FROM (SELECT ?2 || '..' || ?3 AS d) WHERE " STALE;

typedef struct {
    char *start, *end, *next; /* next: the day after end */
} Span;

static void span_clear(Span *span)
{
    g_clear_pointer(&span->start, g_free);
    g_clear_pointer(&span->end, g_free);
    g_clear_pointer(&span->next, g_free);
}

/* FALSE: nothing is missing from `from` to the end of the query, if the cache is readable. */
static gboolean find_stale(const Report *report, const char *from, Span *ret)
{
    const CacheConfig *config = &report->cache->config;
    gint64 now = clock_wall(config->clock);
    g_autofree char *span = g_strdup_printf("+%d days", SPAN_BY_DAY - 1);
    sqlite3_stmt *row =
        store_statement(report->cache->store, report->by_day ? stale_days : stale_total);
    gboolean found;

    sql_bind(row, report->by_day ? "tttiit" : "tttii", report->shape, from, report->end,
             now - config->report_ttl_us, now, span);
    found = store_step(report->cache->store, row);
    if (found)
        *ret = (Span){g_strdup(sql_text(row, 0)), g_strdup(sql_text(row, 1)),
                      g_strdup(sql_text(row, 2))};
    sqlite3_reset(row);
    return found;
}

/* ---- fetching ---- */

static char *query_page(const void *data, guint page)
{
    const PartSpec *spec = data;
    ReportCall call = {
        .advertiser_id = spec->advertiser_id,
        .level = spec->level,
        .object_kind = spec->object_kind,
        .object_id = spec->object_id,
        .by_day = spec->day != NULL,
        .metrics = (const char *const *)spec->metrics,
        .start = spec->start,
        .end = spec->end,
    };

    return encode_report(&call, page, PAGE_SIZE);
}

static PartSpec *make_spec(const Report *report, const Span *span)
{
    PartSpec *spec = g_new0(PartSpec, 1);

    spec->shape = g_strdup(report->shape);
    spec->id = g_strdup_printf("$.dimensions.%s", kind_names(report->level)->id);
    spec->day = report->by_day ? g_strdup("$.dimensions.stat_time_day") : NULL;
    spec->metrics = g_strdupv(report->metrics);
    spec->start = g_strdup(span->start);
    spec->end = g_strdup(span->end);
    spec->settle_days = report->cache->config.settle_days;
    spec->generation = next_generation(report->cache);
    spec->advertiser_id = g_strdup(report->advertiser_id);
    spec->object_id = g_strdup(report->object_id);
    spec->level = report->level;
    spec->object_kind = report->object_kind;
    return spec;
}

static void fetch_ended(void *user_data, const GError *error);

static gboolean is_wanted(void *user_data)
{
    return flight_is_wanted(&((const Report *)user_data)->flight);
}

static void fetch(Report *report, const Span *span)
{
    PartSpec *spec = make_spec(report, span);
    PagePlan plan = {
        .endpoint = ENDPOINT_REPORT,
        .page_size = PAGE_SIZE,
        .advertiser = spec->advertiser_id,
        .what = g_strdup_printf("rows of the report on %s from %s to %s", report->advertiser_id,
                                span->start, span->end),
        .query = query_page,
        .store = parts_store,
        .finish = parts_finish,
        .ended = fetch_ended,
        .wanted = is_wanted,
        .spec = spec,
        .spec_free = part_spec_free,
        .calls = &report->calls,
        .user_data = report,
    };

    g_free(report->next);
    report->next = g_strdup(span->next);
    pages_start(report->cache, &plan, report->priority);
}

static void fetch_ended(void *user_data, const GError *error)
{
    Report *report = user_data;
    Span span = {NULL, NULL, NULL};

    /* Only days behind the last fetch: with no time to live all before are old again. */
    if (!error && report->by_day && strcmp(report->next, report->end) <= 0 &&
        find_stale(report, report->next, &span)) {
        fetch(report, &span);
        span_clear(&span);
        return;
    }
    flight_settle(report->cache, &report->flight, error);
}

/* ---- wanting ---- */

static gboolean is_past(void *key, void *value, void *user_data)
{
    const Report *report = value;
    const gint64 *before = user_data;

    (void)key;
    return !report->flight.flying && report->flight.settled_us < *before &&
           report->flight.failed_us < *before;
}

static Report *new_report(Cache *cache, const ReportQuery *query, const char *advertiser_id)
{
    Report *report = g_new0(Report, 1);

    flight_init(&report->flight);
    report->flight.failed_us = G_MININT64;
    report->cache = cache;
    report->level = query->level;
    report->object_kind = query->object_kind;
    report->shape = shape_words(query);
    report->advertiser_id = g_strdup(advertiser_id);
    report->object_id = g_strdup(query->object_id);
    report->metrics = g_strdupv((char **)query->metrics);
    report->by_day = query->by_day;
    report->start = g_strdup(query->start);
    report->end = g_strdup(query->end);
    return report;
}

static Report *get_report(Cache *cache, const ReportQuery *query, const char *advertiser_id)
{
    GHashTable *all = cache->reports->all;
    g_autofree char *shape = shape_words(query);
    g_autofree char *key = g_strdup_printf("%s %s..%s", shape, query->start, query->end);
    Report *report = g_hash_table_lookup(all, key);
    gint64 before = cache_now(cache) - KEEP_S * G_USEC_PER_SEC;

    if (report)
        return report;
    if (g_hash_table_size(all) >= MAX_REPORTS)
        g_hash_table_foreach_remove(all, is_past, &before);
    report = new_report(cache, query, advertiser_id);
    g_hash_table_insert(all, g_steal_pointer(&key), report);
    return report;
}

static gboolean refuse(ApiErrorKind kind, const char *text, GError **error)
{
    g_propagate_error(error, api_error_new(kind, 0, NULL, "%s", text));
    return FALSE;
}

static gboolean check_query(Cache *cache, const ReportQuery *query, GError **error)
{
    gint64 n_days = 0;

    if (!sql_number(store_reader(cache->store), &n_days, error,
                    "SELECT (unixepoch(?2) - unixepoch(?1)) / 86400 + 1", "tt", query->start,
                    query->end))
        return FALSE;
    if (n_days < 1)
        return refuse(API_ERROR_INVALID, "The days of the report are not a range of dates", error);
    if (!query->by_day && n_days > SPAN_TOTAL)
        return refuse(API_ERROR_RANGE, "Totals of more than 365 days can only be had by day",
                      error);
    if (g_strv_length((char **)query->metrics) > MAX_METRICS)
        return refuse(API_ERROR_RANGE, "A report has at most 100 metrics", error);
    return TRUE;
}

/* ---- slices ---- */

static gboolean is_there(Cache *cache, const ReportQuery *query, const char *advertiser_id)
{
    Span span = {NULL, NULL, NULL};
    gboolean stale = find_stale(get_report(cache, query, advertiser_id), query->start, &span);

    span_clear(&span);
    return !stale;
}

/* Somebody has asked for another object of the level, for the same days. */
static gboolean has_sibling(Cache *cache, const ReportQuery *whole, const char *object_id)
{
    GHashTable *askers = cache->reports->askers;
    g_autofree char *shape = shape_words(whole);
    g_autofree char *key = g_strdup_printf("%s %s..%s", shape, whole->start, whole->end);
    const char *last = g_hash_table_lookup(askers, key);

    if (last != NULL)
        return strcmp(last, object_id) != 0;
    if (g_hash_table_size(askers) >= MAX_REPORTS)
        g_hash_table_remove_all(askers);
    g_hash_table_insert(askers, g_steal_pointer(&key), g_strdup(object_id));
    return FALSE;
}

/* The first reader asks for its own object; when a sibling is asked for too, the whole level is
   fetched once and all are cut out of it: calls grow with rows, not with files opened. */
static gboolean is_slice(Cache *cache, const ReportQuery *query, const ReportQuery *whole,
                         const char *advertiser_id)
{
    if (is_there(cache, query, advertiser_id))
        return FALSE;
    return is_there(cache, whole, advertiser_id) || has_sibling(cache, whole, query->object_id);
}

guint report_calls(Cache *cache, const char *shape, const char *start, const char *end,
                   gint64 since_us)
{
    g_autofree char *key = g_strdup_printf("%s %s..%s", shape, start, end);
    const Report *report = g_hash_table_lookup(cache->reports->all, key);

    return report && report->flight.settled_us >= since_us ? report->calls : 0;
}

/* ---- wanting ---- */

CacheResult cache_want_report(Cache *cache, const ReportQuery *query, const Waiter *waiter,
                              GError **error)
{
    const Row *account = cache_row(cache, query->advertiser);
    Span span = {NULL, NULL, NULL};
    ReportQuery whole;
    gboolean stale;
    CacheResult result;
    Report *report;

    if (!cache_is_readable(cache, error))
        return CACHE_ERROR;
    if (!account || account->kind != KIND_ADVERTISER) {
        refuse(API_ERROR_NOT_FOUND, "The account is not there any more", error);
        return CACHE_ERROR;
    }
    if (!check_query(cache, query, error))
        return CACHE_ERROR;
    if (slice_of(query, &whole) && is_slice(cache, query, &whole, account->id))
        query = &whole;
    report = get_report(cache, query, account->id);
    stale = find_stale(report, query->start, &span);
    if (!cache_is_readable(cache, error)) {
        span_clear(&span);
        return CACHE_ERROR;
    }
    if (!flight_decided(cache, &report->flight, waiter, !stale, &result, error)) {
        report->calls = 0;
        report->priority = waiter ? CALL_WAITED : CALL_BACKGROUND;
        fetch(report, &span);
        result = flight_start(cache, &report->flight, waiter);
    }
    span_clear(&span);
    return result;
}
