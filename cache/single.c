/* SPDX-License-Identifier: MIT */
/*
 * single.c - one id: who waits for it, since when it holds. The calls are in single-calls.c.
 *
 * The store knows since when an object is known, by wall clock, over restarts. Here is what it can
 * not know: what was absent or failed, and the monotonic time. That is kept for the last ones only.
 */
#include "cache/single-private.h"

#include "api/error.h"
#include "cache/single-store.h"

enum { KEPT_MAX = 1024 };

#define ABSENT_US            (60 * G_USEC_PER_SEC)
#define UNREACHABLE_RETRY_US (30 * G_USEC_PER_SEC)

struct Singles {
    GHashTable *groups; /* gint64 (advertiser << 4 | kind) -> SingleGroup */
    GQueue kept;        /* of Single that nothing is under way for, the oldest first */
};

static void single_free(void *data)
{
    Single *single = data;

    flight_clear(&single->flight);
    g_free(single->id);
    g_free(single);
}

Singles *singles_new(void)
{
    Singles *singles = g_new0(Singles, 1);

    singles->groups = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, single_group_free);
    g_queue_init(&singles->kept);
    return singles;
}

void singles_free(Singles *singles)
{
    if (!singles)
        return;
    g_hash_table_unref(singles->groups);
    g_free(singles);
}

/* ---- groups ---- */

SingleGroup *single_group(Cache *cache, ListingKind kind, gint64 advertiser)
{
    gint64 key = advertiser << 4 | kind;
    SingleGroup *group = g_hash_table_lookup(cache->singles->groups, &key);

    if (group)
        return group;
    group = g_new0(SingleGroup, 1);
    group->cache = cache;
    group->kind = kind;
    group->advertiser = advertiser;
    group->unreached_us = group->refreshed_us = G_MININT64;
    group->singles = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, single_free);
    group->batches = g_ptr_array_new_with_free_func(single_batch_free);
    g_queue_init(&group->due);
    g_hash_table_insert(cache->singles->groups, g_memdup2(&key, sizeof key), group);
    return group;
}

void single_group_free(void *data)
{
    SingleGroup *group = data;

    g_clear_handle_id(&group->turn, g_source_remove);
    g_queue_clear(&group->due);
    g_ptr_array_unref(group->batches);
    g_hash_table_unref(group->singles);
    g_free(group->owner_id);
    g_free(group);
}

/* ---- what is kept ---- */

static Single *find_single(Cache *cache, const SingleKey *key)
{
    return g_hash_table_lookup(single_group(cache, key->kind, key->advertiser)->singles, key->id);
}

static void unkeep(Single *single)
{
    GQueue *kept = &single->group->cache->singles->kept;

    if (single->kept)
        g_queue_unlink(kept, &single->link);
    single->kept = FALSE;
}

static void keep(Single *single)
{
    GQueue *kept = &single->group->cache->singles->kept;

    unkeep(single);
    single->kept = TRUE;
    g_queue_push_tail_link(kept, &single->link);
    if (kept->length > KEPT_MAX) {
        Single *oldest = kept->head->data;

        unkeep(oldest);
        g_hash_table_remove(oldest->group->singles, oldest->id);
    }
}

static Single *get_single(Cache *cache, const SingleKey *key)
{
    SingleGroup *group = single_group(cache, key->kind, key->advertiser);
    Single *single = find_single(cache, key);

    if (single)
        return single;
    single = g_new0(Single, 1);
    flight_init(&single->flight);
    single->group = group;
    single->id = g_strdup(key->id);
    single->link.data = single;
    g_hash_table_insert(group->singles, single->id, single);
    return single;
}

/* ---- since when ---- */

typedef struct {
    gboolean known;
    gint64 fetched_us; /* wall; 0: not by itself */
} Stored;

static Stored find_stored(Cache *cache, const SingleKey *key)
{
    static const char sql[] = "SELECT s.fetched FROM object o LEFT JOIN single s ON s.row = o.row"
                              " WHERE o.kind = ?1 AND o.advertiser = ?2 AND o.id = ?3";
    sqlite3_stmt *row = store_statement(cache->store, sql);
    Stored stored = {0};

    sql_bind(row, "iit", (gint64)listing_type(key->kind)->members, key->advertiser, key->id);
    if (store_step(cache->store, row))
        stored = (Stored){TRUE, sqlite3_column_int64(row, 0)};
    sqlite3_reset(row);
    return stored;
}

/* A time in the future says nothing: the clock was set meanwhile. */
static gint64 monotonic_of(Cache *cache, gint64 fetched_us)
{
    gint64 age = clock_wall(cache->config.clock) - fetched_us;

    return fetched_us > 0 && age >= 0 ? cache_now(cache) - age : G_MININT64;
}

void single_state(Cache *cache, const SingleKey *key, const Waiter *waiter, SingleState *ret)
{
    SingleGroup *group = single_group(cache, key->kind, key->advertiser);
    const Single *single = find_single(cache, key);
    Stored stored = find_stored(cache, key);
    gint64 since_us = monotonic_of(cache, stored.fetched_us), life_us = cache->config.ttl_us;
    gboolean out;

    *ret = (SingleState){.known = stored.known, .fetched_us = stored.fetched_us};
    if (single && single->flight.settled_us > G_MININT64) {
        since_us = single->flight.settled_us;
        ret->absent = single->absent;
    }
    if (since_us < MAX(group->refreshed_us, cache->refreshed_us))
        since_us = G_MININT64;
    if (ret->absent)
        life_us = MIN(life_us, ABSENT_US);
    if (since_us > G_MININT64)
        ret->expires_us = since_us + life_us;
    ret->since = since_us > G_MININT64 && waiter && since_us >= waiter->began;
    ret->fresh = since_us > G_MININT64 && (ret->expires_us > cache_now(cache) || ret->since);
    ret->stale = stored.known && !ret->absent && !ret->fresh && since_us > G_MININT64 &&
                 cache_now(cache) < ret->expires_us + cache->config.stale_us;
    ret->absent &= ret->fresh;
    out = age_is_out(cache) && stored.fetched_us > 0; /* as another call found */
    ret->served_old =
        stored.known && (cache->config.offline || out || group->unreached_us > G_MININT64);
}

void single_refresh(Cache *cache, ListingKind kind, gint64 advertiser)
{
    if (kind == LISTING_INFO)
        kind = LISTING_ADVERTISERS;
    single_group(cache, kind, advertiser)->refreshed_us = cache_now(cache);
}

/* ---- wanted ---- */

static CacheResult start(Single *single, const Waiter *waiter)
{
    Cache *cache = single->group->cache;
    CacheResult result;

    unkeep(single);
    result = flight_start(cache, &single->flight, waiter);
    single_add_due(single);
    return result;
}

/* Nobody waits for a service that was not to be reached a moment ago. */
static CacheResult serve_old(Cache *cache, const SingleKey *key)
{
    SingleGroup *group = single_group(cache, key->kind, key->advertiser);

    if (!age_is_out(cache) && cache_now(cache) >= group->unreached_us + UNREACHABLE_RETRY_US) {
        Single *single = get_single(cache, key);

        age_flight_begins(cache);
        group->unreached_us = cache_now(cache); /* the others do not try as well */
        if (!single->flight.flying)
            start(single, NULL);
    }
    cache->stats.hits++;
    return CACHE_HIT;
}

/* Nor for what expired a moment ago. */
static CacheResult serve_stale(Cache *cache, const SingleKey *key)
{
    Single *single = get_single(cache, key);
    const Flight *flight = &single->flight;
    gboolean rests = flight->error && cache_now(cache) < flight->failed_us + cache->config.retry_us;

    if (!flight->flying && !rests)
        start(single, NULL);
    cache->stats.hits++;
    return CACHE_HIT;
}

static gboolean find_owner(SingleGroup *group, GError **error)
{
    if (group->kind != LISTING_ADVERTISERS && !group->owner_id)
        group->owner_id =
            collection_owner_id(group->cache, KIND_ADVERTISER, group->advertiser, error);
    return group->kind == LISTING_ADVERTISERS || group->owner_id;
}

CacheResult single_want(Cache *cache, const SingleKey *key, const Waiter *waiter, GError **error)
{
    SingleState state;
    CacheResult result;
    Single *single;

    single_state(cache, key, waiter, &state);
    if (!cache_is_readable(cache, error))
        return CACHE_ERROR;
    if (!find_owner(single_group(cache, key->kind, key->advertiser), error))
        return CACHE_ERROR;
    if (state.served_old && !state.fresh)
        return serve_old(cache, key);
    if (state.stale)
        return serve_stale(cache, key);
    single = get_single(cache, key);
    if (!flight_decided(cache, &single->flight, waiter, state.fresh, &result, error))
        return start(single, waiter);
    if (!single->flight.flying)
        keep(single);
    return result;
}

void single_settle(Single *single, gboolean refused, const GError *error)
{
    SingleGroup *group = single->group;
    SingleKey key = {group->kind, group->advertiser, single->id};

    if (!error && single->again) { /* what came was asked for before it became doubtful */
        single->again = FALSE;
        single_add_due(single);
        return;
    }
    if (!error)
        single->absent = refused || find_stored(group->cache, &key).fetched_us == 0;
    single->again = FALSE;
    keep(single);
    flight_settle(group->cache, &single->flight, error);
}

/* ---- how many calls ---- */

guint single_calls(Cache *cache, ListingKind kind, gint64 advertiser, gint64 period_us)
{
    SingleGroup *group = single_group(cache, kind, advertiser);

    if (cache_now(cache) > group->counted_us + period_us)
        single_forget_calls(cache, kind, advertiser);
    return group->n_calls;
}

void single_forget_calls(Cache *cache, ListingKind kind, gint64 advertiser)
{
    SingleGroup *group = single_group(cache, kind, advertiser);

    group->n_calls = 0;
    group->counted_us = cache_now(cache);
}

/* ---- what may be wrong ---- */

void single_forget_absent(Cache *cache, const SingleKey *key)
{
    Single *single = find_single(cache, key);

    if (single && single->absent && !single->flight.flying)
        single->flight.settled_us = G_MININT64;
}

static gboolean run_forget(sqlite3 *db, void *job, GError **error)
{
    return singles_forget(db, *(const gint64 *)job, error);
}

static const JobType forget_job = {run_forget, NULL, g_free};

void single_expire(Cache *cache, ListingKind kind, gint64 advertiser, gint64 row, const char *id)
{
    Single *single = find_single(cache, &(SingleKey){kind, advertiser, id});

    if (single) {
        single->again = single->flight.flying;
        single->flight.settled_us = G_MININT64;
        g_clear_error(&single->flight.error);
    }
    writer_push(cache->writer, &forget_job, g_memdup2(&row, sizeof row), TRUE);
}
