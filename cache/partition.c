/* SPDX-License-Identifier: MIT */
/*
 * partition.c - a report that is wanted, and the fetches of what it lacks (report-age.h), one span
 * after the other. What was read of old days is never asked for again.
 */
#include <string.h>

#include "api/error.h"
#include "cache/fetch.h"
#include "cache/spool-early.h"

enum { MAX_METRICS = 100, FETCHES = 8 /* of a report at a time */ };

/* What is below an object is read with all of its level sooner where the account has little of it.
 */
enum { ROWS_A_SIBLING = 10000 };

/* Nobody is told by an errno that what is shown is old. */
static void tell_kept(const Report *report, const GError *error)
{
    const CacheConfig *config = &report->cache->config;
    gint64 fetched_us;
    Age age = report_age(report, FALSE, &fetched_us);

    if (config->kept_old && age.known && age_survives(&age, error))
        config->kept_old(config->user_data, N_LISTINGS, report->advertiser, error);
}

/* It was asked for before a person wanted it anew: all that came is old. */
static gboolean is_overtaken(Report *report, Span *ret)
{
    if (report_refresh(report).number <= report->refresh_before)
        return FALSE;
    report_put_refresh(report->cache, report->words);
    return report_find_stale(report, report->start, ret);
}

/* Only days behind those begun with: with no time to live all before are old again. */
static gboolean find_next(const Report *report, Span *ret)
{
    return !report->failure && strcmp(report->next, report->end) <= 0 &&
           report_find_stale(report, report->next, ret);
}

/* Totals are one span. */
static void begin_with(Report *report, Span *span)
{
    g_free(report->next);
    report->next = g_strdup(report_time(report->shape) ? span->next : "~");
    fetch_start(report, span);
    span_clear(span);
}

/* What people wanted, and want no more, goes on as far as it has come. */
static gboolean is_worth_it(const Report *report)
{
    return report->priority == CALL_BACKGROUND || !report->flight.flying ||
           flight_is_wanted(&report->flight);
}

/* What is old is read in several spans at a time. */
static void go_on(Report *report)
{
    Span span = {NULL, NULL, NULL};

    while (report->fetches->len < FETCHES && is_worth_it(report) && find_next(report, &span))
        begin_with(report, &span);
}

static void settle(Report *report)
{
    g_autoptr(GError) error = g_steal_pointer(&report->failure);
    Span span = {NULL, NULL, NULL};

    age_flight_ended(report->cache, error);
    if (error)
        tell_kept(report, error);
    if (!error && is_overtaken(report, &span)) {
        earlies_give_up(report, NULL);
        report->refresh_before = report->cache->refreshes;
        begin_with(report, &span);
        go_on(report);
        return;
    }
    if (!error && find_next(report, &span)) { /* nobody wants the rest */
        span_clear(&span);
        earlies_give_up(report, NULL);
        flight_end(report->cache, &report->flight);
        return;
    }
    earlies_settle(report, error);
    flight_settle(report->cache, &report->flight, error);
}

void report_fetched(Report *report, Fetch *fetch, const GError *error)
{
    if (error && !report->failure)
        report->failure = g_error_copy(error);
    g_ptr_array_remove_fast(report->fetches, fetch);
    earlies_go_on(report);
    go_on(report);
    if (report->fetches->len == 0)
        settle(report);
}

/* ---- wanting ---- */

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
    if (query->shape.grain == GRAIN_TOTAL && !query->shape.lifetime &&
        n_days > report_span(&query->shape))
        return refuse(API_ERROR_RANGE, "Totals of more than 365 days can only be had by day",
                      error);
    if (g_strv_length((char **)query->shape.metrics) > MAX_METRICS)
        return refuse(API_ERROR_RANGE, "A report has at most 100 metrics", error);
    return TRUE;
}

/* ---- slices ---- */

static gboolean is_fresh(const Report *report)
{
    Span span = {NULL, NULL, NULL};
    gboolean stale = report_find_stale(report, report->start, &span);

    span_clear(&span);
    return !stale;
}

/* Of how many objects there have to be readers before all of the level is read. Of what is below
   them it is more, since the account may have a million of these, and each of them a few. */
static guint siblings_wanted(Cache *cache, const ReportQuery *whole, ObjectKind kind)
{
    static const ListingKind listings[KIND_AD + 1] = {[KIND_CAMPAIGN] = LISTING_CAMPAIGNS,
                                                      [KIND_ADGROUP] = LISTING_ADGROUPS,
                                                      [KIND_AD] = LISTING_ADS};
    ListingState state;

    if (whole->shape.level == kind || whole->shape.level > KIND_AD)
        return 2;
    cache_listing_state(cache, listings[whole->shape.level], whole->advertiser, &state);
    return 2 + (guint)(state.rows / ROWS_A_SIBLING);
}

/* Somebody has asked for other objects of the level, for the same days. */
static gboolean has_siblings(Cache *cache, const ReportQuery *whole, const ReportShape *own)
{
    GHashTable *all = cache->reports->askers;
    g_autofree char *shape = shape_words(whole);
    g_autofree char *key = g_strdup_printf("%s %s..%s", shape, whole->start, whole->end);
    Askers *askers = g_hash_table_lookup(all, key);

    if (!askers) {
        if (g_hash_table_size(all) >= MAX_REPORTS)
            g_hash_table_remove_all(all);
        askers = g_new0(Askers, 1);
        g_hash_table_insert(all, g_steal_pointer(&key), askers);
    }
    if (g_strcmp0(askers->last, own->object_id) != 0) {
        g_free(askers->last);
        askers->last = g_strdup(own->object_id);
        askers->n++;
    }
    return askers->n >= siblings_wanted(cache, whole, own->object_kind);
}

/* A report, and that of its level it may be cut out of; the same where it may not. */
typedef struct {
    Report *own, *whole;
    ReportQuery level;
} Reading;

static Reading get_reading(Cache *cache, const ReportQuery *query, const char *advertiser_id)
{
    Reading reading = {.own = report_get(cache, query, advertiser_id)};

    reading.whole = slice_of(query, &reading.level)
                        ? report_get(cache, &reading.level, advertiser_id)
                        : reading.own;
    return reading;
}

/* The first reader asks for its own object; when siblings are asked for too, the whole level is
   fetched once and all are cut out of it: calls grow with rows, not with files opened. */
static Report *choose(const Reading *reading, Cache *cache)
{
    if (reading->whole == reading->own || is_fresh(reading->own))
        return reading->own;
    if (is_fresh(reading->whole) || has_siblings(cache, &reading->level, reading->own->shape))
        return reading->whole;
    return reading->own;
}

/* The newer of both, as it would be read out; flight: what would make it fresh. */
static Age reading_age(const Reading *reading, const Flight *flight, gint64 *ret_fetched_us)
{
    gint64 whole_us;
    Age age = report_age(reading->own, is_fresh(reading->own), ret_fetched_us), whole;

    if (reading->whole != reading->own) {
        whole = report_age(reading->whole, is_fresh(reading->whole), &whole_us);
        if (whole.fresh > age.fresh || (whole.fresh == age.fresh && whole.known &&
                                        (!age.known || whole_us > *ret_fetched_us))) {
            age = whole;
            *ret_fetched_us = whole_us;
        }
    }
    age.flight = flight;
    return age;
}

void report_add_flight(Cache *cache, const ReportQuery *query, gint64 since_us, ReportState *to)
{
    g_autofree char *shape = shape_words(query);
    g_autofree char *key = g_strdup_printf("%s %s..%s", shape, query->start, query->end);
    const Report *report = g_hash_table_lookup(cache->reports->all, key);

    if (!report || report->flight.settled_us < since_us)
        return;
    to->calls += report->calls;
    to->by_task |= report->n_tasks > 0;
    to->tasks += report->n_tasks;
}

/* ---- wanting ---- */

/* What was begun in the background is waited for now. */
static void hurry(Report *report)
{
    if (!report->flight.flying || report->priority == CALL_WAITED)
        return;
    report->priority = CALL_WAITED;
    for (guint i = 0; i < report->fetches->len; i++)
        fetch_hurry(report->fetches->pdata[i]);
}

static CacheResult fly(Report *report, const Waiter *waiter)
{
    Span span = {NULL, NULL, NULL};

    if (!report_find_stale(report, report->start, &span))
        return CACHE_HIT;
    report->priority = waiter ? CALL_WAITED : CALL_BACKGROUND;
    report->calls = report->n_tasks = 0;
    report->cache->reports->begun++;
    report->refresh_before = report->cache->refreshes;
    begin_with(report, &span);
    go_on(report);
    return flight_start(report->cache, &report->flight, waiter);
}

static CacheResult want(Report *report, const Age *age, const Waiter *waiter, GError **error)
{
    Cache *cache = report->cache;
    Show show = age_show(cache, age, waiter);
    CacheResult result;

    report->shown_old = age_is_old(show);
    if (show == SHOW_NOTHING && waiter)
        hurry(report);
    if (show == SHOW_NOTHING)
        return flight_decided(cache, &report->flight, waiter, FALSE, &result, error)
                   ? result
                   : fly(report, waiter);
    cache->stats.hits++;
    if (show == SHOW_OLD_ASK) {
        age_flight_begins(cache);
        fly(report, NULL);
    }
    return CACHE_HIT;
}

/* The id of the account; of a report of a Business Center that of the center. */
static const char *find_account(Cache *cache, const ReportQuery *query, GError **error)
{
    ObjectKind kind = query->shape.type == REPORT_CENTER ? KIND_CENTER : KIND_ADVERTISER;
    const Row *account = cache_row(cache, query->advertiser);

    if (account && account->kind == kind)
        return account->id;
    if (cache_is_readable(cache, error))
        refuse(API_ERROR_NOT_FOUND, "The account is not there any more", error);
    return NULL;
}

CacheResult cache_want_report(Cache *cache, const ReportQuery *query, const Waiter *waiter,
                              GError **error)
{
    const char *account_id;
    gint64 fetched_us;
    Reading reading;
    Report *report;
    CacheResult result;
    Age age;

    if (!cache_is_readable(cache, error))
        return CACHE_ERROR;
    account_id = find_account(cache, query, error);
    if (!account_id || !check_query(cache, query, error))
        return CACHE_ERROR;
    reading = get_reading(cache, query, account_id);
    report = choose(&reading, cache);
    age = reading_age(&reading, &report->flight, &fetched_us);
    if (!cache_is_readable(cache, error))
        return CACHE_ERROR;
    result = want(report, &age, waiter, error);
    if (result == CACHE_HIT)
        report_note_used(report);
    return result;
}

void cache_report_age(Cache *cache, const ReportQuery *query, ListingState *ret)
{
    const char *account_id = find_account(cache, query, NULL);
    Reading reading;
    Age age;

    *ret = (ListingState){0};
    if (!account_id || !check_query(cache, query, NULL))
        return;
    reading = get_reading(cache, query, account_id);
    age = reading_age(&reading, &reading.own->flight, &ret->fetched_us);
    ret->known = age.known;
    ret->fresh = age.fresh;
    ret->served_old = age_is_old(age_show(cache, &age, NULL));
    age.flight = &reading.whole->flight;
    ret->served_old |= age_is_old(age_show(cache, &age, NULL));
}

guint64 cache_reports_begun(const Cache *cache)
{
    return cache->reports->begun;
}

guint reports_count_old(Cache *cache)
{
    GHashTableIter iter;
    const Report *report;
    guint n = 0;

    g_hash_table_iter_init(&iter, cache->reports->all);
    while (g_hash_table_iter_next(&iter, NULL, (void **)&report))
        n += report->shown_old;
    return n;
}
