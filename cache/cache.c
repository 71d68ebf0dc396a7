/* SPDX-License-Identifier: MIT */
/*
 * cache.c - builds the layer, and runs its flights: single flight, waiters, remembered failures.
 *
 * A flight ends in flight_settle() only. It takes the waiters out of the flight before it wakes the
 * first, so that whoever is woken may ask, wait and forget as it likes.
 */
#include "cache/cache.h"

#include <errno.h>
#include <unistd.h>

#include "api/error.h"
#include "cache/centers.h"
#include "cache/create-private.h"
#include "cache/draft-private.h"
#include "cache/desk.h"
#include "cache/internal.h"
#include "cache/recover.h"
#include "cache/single.h"
#include "cache/upsert.h"

/* Some ten thousand lines, and as many in the file before. */
enum { EVENTS_BYTES = 2 * 1024 * 1024 };

gint64 cache_now(const Cache *cache)
{
    return clock_monotonic(cache->config.clock);
}

const GError *cache_failed(const Cache *cache)
{
    return store_failed(cache->store);
}

gboolean cache_is_readable(const Cache *cache, GError **error)
{
    const GError *failure = cache_failed(cache);

    if (failure)
        g_propagate_error(error, g_error_copy(failure));
    return !failure;
}

/* ---- flights ---- */

void flight_init(Flight *flight)
{
    *flight = (Flight){.settled_us = G_MININT64};
}

void flight_clear(Flight *flight)
{
    g_clear_pointer(&flight->waiters, g_ptr_array_unref);
    g_clear_error(&flight->error);
}

static CacheResult wait_for(Cache *cache, Flight *flight, const Waiter *waiter)
{
    cache->stats.waits++;
    if (!waiter || !waiter->data)
        return CACHE_WAIT;
    if (!flight->waiters)
        flight->waiters = g_ptr_array_new();
    if (!g_ptr_array_find(flight->waiters, waiter->data, NULL))
        g_ptr_array_add(flight->waiters, waiter->data);
    return CACHE_WAIT;
}

static gboolean is_since(gint64 settled_us, const Waiter *waiter)
{
    return waiter && settled_us >= waiter->began;
}

gboolean flight_decided(Cache *cache, Flight *flight, const Waiter *waiter, gboolean fresh,
                        CacheResult *ret, GError **error)
{
    gint64 retry_at = flight->failed_us + cache->config.retry_us;

    if (fresh) {
        *ret = CACHE_HIT; /* also while it is read again in the background, or that has failed */
        cache->stats.hits++;
    } else if (flight->flying) {
        *ret = wait_for(cache, flight, waiter);
    } else if (flight->error &&
               (is_since(flight->failed_us, waiter) || cache_now(cache) < retry_at)) {
        *ret = CACHE_ERROR;
        g_propagate_error(error, g_error_copy(flight->error));
        cache->stats.errors++;
    } else if (is_since(flight->settled_us, waiter)) {
        *ret = CACHE_HIT;
        cache->stats.hits++;
    } else {
        return FALSE;
    }
    return TRUE;
}

CacheResult flight_start(Cache *cache, Flight *flight, const Waiter *waiter)
{
    flight->flying = TRUE;
    g_ptr_array_add(cache->flying, flight);
    return wait_for(cache, flight, waiter);
}

gboolean flight_is_wanted(const Flight *flight)
{
    return flight->waiters && flight->waiters->len > 0;
}

static void wake_all(Cache *cache)
{
    while (!g_queue_is_empty(&cache->waking))
        cache->config.wake(cache->config.user_data, g_queue_pop_head(&cache->waking));
}

void flight_nudge(Cache *cache, Flight *flight)
{
    for (guint i = 0; flight->waiters && i < flight->waiters->len; i++)
        g_queue_push_tail(&cache->waking, flight->waiters->pdata[i]);
    g_clear_pointer(&flight->waiters, g_ptr_array_unref);
    wake_all(cache);
}

void flight_end(Cache *cache, Flight *flight)
{
    g_ptr_array_remove_fast(cache->flying, flight);
    flight->flying = FALSE;
    flight_nudge(cache, flight);
}

void flight_settle(Cache *cache, Flight *flight, const GError *error)
{
    g_clear_error(&flight->error);
    if (error) {
        flight->error = g_error_copy(error);
        flight->failed_us = cache_now(cache);
    } else {
        flight->settled_us = cache_now(cache);
    }
    flight_end(cache, flight);
}

void cache_forget(Cache *cache, const void *waiter)
{
    for (guint i = 0; i < cache->flying->len; i++) {
        Flight *flight = cache->flying->pdata[i];
        if (flight->waiters)
            g_ptr_array_remove(flight->waiters, (void *)waiter);
    }
    g_queue_remove_all(&cache->waking, waiter);
}

/* ---- the body of one object ---- */

typedef struct {
    Cache *cache;
    gint64 row;
    char *text; /* the object as an array of one */
    gint64 asked_us;
    StoredFunc done;
    void *user_data;
} StoreJob;

static gboolean run_store(sqlite3 *db, void *job, GError **error)
{
    const StoreJob *store = job;
    Bodies bodies = {store->text, strlen(store->text), "$", store->asked_us};

    return upsert_committed(db, store->cache->events, store->row, &bodies, error);
}

static void stored(void *job, const GError *error)
{
    StoreJob *store = job;

    row_cache_empty(store->cache->rows);
    store->done(store->user_data, error);
}

static void store_job_free(void *job)
{
    StoreJob *store = job;

    g_free(store->text);
    g_free(store);
}

static const JobType store_job = {run_store, stored, store_job_free};

void cache_store_object(Cache *cache, gint64 row, GBytes *json, gint64 asked_us, StoredFunc done,
                        void *user_data)
{
    StoreJob *store = g_new0(StoreJob, 1);
    gsize length;
    const char *text = g_bytes_get_data(json, &length);

    store->cache = cache;
    store->row = row;
    store->text = g_strdup_printf("[%.*s]", (int)length, text);
    store->asked_us = asked_us;
    store->done = done;
    store->user_data = user_data;
    writer_push(cache->writer, &store_job, store, TRUE);
}

/* ---- events ---- */

/* What readers hold open is old now, and so may be what the kernel has. */
static void committed(void *user_data)
{
    Cache *cache = user_data;

    store_catch_up(cache->store);
    row_cache_empty(cache->rows);
    event_log_hand_over(cache->events, cache->config.touched, cache->config.user_data);
}

gint64 cache_events_size(Cache *cache, gboolean old)
{
    return event_log_size(cache->events, old);
}

void cache_events_followed(Cache *cache)
{
    poll_note_reader(cache->poll);
}

gint64 cache_events_time_us(Cache *cache, gboolean old)
{
    return event_log_time_us(cache->events, old);
}

gssize cache_events_read(Cache *cache, gboolean old, char *to, gsize size, gint64 offset)
{
    poll_note_reader(cache->poll);
    return event_log_read(cache->events, old, to, size, offset);
}

static gboolean start_events(Cache *cache, const CacheConfig *config, GError **error)
{
    const EventConfig events = {.directory =
                                    config->state_dir ? config->state_dir : config->cache_dir,
                                .name = config->events_name,
                                .most_bytes = EVENTS_BYTES,
                                .clock = cache->config.clock,
                                .line = config->line};

    cache->events = event_log_new(&events, error);
    return cache->events != NULL;
}

/* ---- life ---- */

static gboolean is_writable(const char *directory, GError **error)
{
    if (!directory || access(directory, W_OK | X_OK) == 0)
        return TRUE;
    g_propagate_error(
        error, api_error_new(API_ERROR_LOCAL, 0, NULL, "%s: %s", directory, g_strerror(errno)));
    return FALSE;
}

static void copy_config(Cache *cache, const CacheConfig *config)
{
    cache->config = *config;
    cache->config.cache_dir = cache->config.state_dir = NULL;
    cache->config.advertisers = (const char *const *)g_strdupv((char **)config->advertisers);
    if (config->offline)
        cache->offline = offline_new(&cache->config);
}

static gboolean start_store(Cache *cache, const CacheConfig *config, GError **error)
{
    StoreConfig store = {config->cache_dir,
                         config->state_dir ? config->state_dir : config->cache_dir, config->clock,
                         config->file_name};
    sqlite3 *writing = NULL, *reading;

    cache->store = store_open(&store, &writing, error);
    if (!cache->store)
        return FALSE;
    cache->writer = writer_new(writing);
    writer_on_commit(cache->writer, committed, cache);
    writer_set_hooks(cache->writer, &(WriterHooks){.flush = event_log_flush,
                                                   .settle = event_log_settle,
                                                   .user_data = cache->events});
    reading = store_open_reader(cache->store, error);
    if (!reading)
        return FALSE;
    cache->spooler = writer_new_reading(reading);
    cache->journal = journal_new(store.state_directory, config->guards, config->clock, error);
    if (!cache->journal || !drafts_load(cache, store.state_directory, error))
        return FALSE;
    cache->journal_text = journal_text_new(cache, store.state_directory, config->cache_dir);
    return TRUE;
}

Cache *cache_new(const CacheConfig *config, GError **error)
{
    g_autoptr(Cache) cache = g_new0(Cache, 1);

    copy_config(cache, config);
    g_queue_init(&cache->waking);
    cache->flying = g_ptr_array_new();
    cache->gate = page_gate_new();
    cache->rows = row_cache_new();
    cache->commits = commits_new();
    cache->drafts = drafts_new();
    cache->creates = creates_new();
    cache->writing = commits_of_rows_new();
    cache->desks = desks_new();
    cache->collections =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, collection_free);
    cache->centers = centers_new();
    cache->nodes = nodes_new(cache);
    cache->reports = reports_new();
    cache->singles = singles_new();
    cache->lookups = lookups_new();
    if (!is_writable(config->cache_dir, error) || !is_writable(config->state_dir, error) ||
        !start_events(cache, config, error))
        return NULL;
    if (!start_store(cache, config, error))
        return NULL;
    nodes_attach(cache->nodes);
    cache->poll = poll_new(cache);
    if (!cache->offline)
        cache->recover = recover_new(cache);
    if (!cache->offline)
        creates_recover(cache);
    cache_want_journal(cache, NULL, NULL); /* so that its size is known */
    return g_steal_pointer(&cache);
}

/* The writer first: its jobs use the rest. What the client still has is given up here, so either
   the client is gone already, or it goes before the loop runs again. */
void cache_free(Cache *cache)
{
    if (!cache)
        return;
    poll_free(cache->poll);
    writer_free(cache->spooler);
    if (cache->writer) {
        commits_give_up(cache);
        store_end_reading(cache->store);
    }
    g_clear_handle_id(&cache->recreating, g_source_remove);
    recover_free(cache->recover);
    journal_text_free(cache->journal_text);
    journal_free(cache->journal);
    writer_free(cache->writer);
    event_log_free(cache->events);
    g_hash_table_unref(cache->desks);
    g_hash_table_unref(cache->commits);
    g_hash_table_unref(cache->creates);
    drafts_free(cache->drafts);
    g_hash_table_unref(cache->writing);
    page_gate_free(cache->gate);
    lookups_free(cache->lookups);
    singles_free(cache->singles);
    g_hash_table_unref(cache->collections);
    centers_free(cache->centers);
    nodes_free(cache->nodes);
    reports_free(cache->reports);
    row_cache_free(cache->rows);
    store_free(cache->store);
    offline_free(cache->offline);
    g_ptr_array_unref(cache->flying);
    g_queue_clear(&cache->waking);
    g_queue_clear(&cache->due);
    g_strfreev((char **)cache->config.advertisers);
    g_free(cache);
}

void cache_stats(Cache *cache, CacheStats *ret)
{
    *ret = cache->stats;
    ret->served_old = collections_count_old(cache) + reports_count_old(cache);
    ret->unreachable_since_us = cache->outage.since_us;
    ret->listings = g_hash_table_size(cache->collections);
    ret->fetching = cache->flying->len;
    if (cache->config.stats)
        cache->config.stats(cache->config.client, &ret->api);
}

guint cache_windows(const Cache *cache, ClientWindow *ret, guint most)
{
    const CacheConfig *config = &cache->config;

    return config->windows ? config->windows(config->client, ret, most) : 0;
}
