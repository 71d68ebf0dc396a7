/* SPDX-License-Identifier: MIT */
/*
 * collection.c - what is known of a listing, and how old it is.
 *
 * The store remembers by wall clock when a listing was complete, over restarts; within the process
 * the monotonic clock counts, so that setting the clock makes nothing old or young.
 */
#include "cache/collection-private.h"

#include "api/error.h"
#include "cache/centers.h"
#include "cache/invariants.h"
#include "cache/settle.h"
#include "cache/single.h"

/* Every entry of a directory asks: read it once for as long as nothing is stored. */
const ListingStored *collection_stored(Collection *collection)
{
    static const char sql[] = "SELECT fetched, changed, rows, lacks FROM listing"
                              " WHERE members = ?1 AND advertiser = ?2 AND kind = ?3";
    Cache *cache = collection->cache;
    guint64 generation = row_cache_generation(cache->rows);
    sqlite3_stmt *row;

    if (collection->generation == generation)
        return &collection->stored;
    collection->stored = (ListingStored){0};
    collection->generation = generation;
    row = store_statement(cache->store, sql);
    sql_bind(row, "iii", (gint64)listing_type(collection->kind)->members, collection->advertiser,
             (gint64)collection->kind);
    if (store_step(cache->store, row))
        collection->stored =
            (ListingStored){sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1),
                            sqlite3_column_int64(row, 2), sqlite3_column_int(row, 3) != 0};
    sqlite3_reset(row);
    return &collection->stored;
}

gboolean collection_is_given(const Collection *collection)
{
    return collection->kind == LISTING_ADVERTISERS && collection->cache->config.advertisers;
}

/* Whoever waited for what it lacks did not get it. */
void collection_recall_lacks(Collection *collection)
{
    if (collection_stored(collection)->lacks)
        collection->flight.settled_us = G_MININT64;
}

/* A time in the future says nothing: the clock was set meanwhile. */
static void recall(Collection *collection)
{
    const Clock *clock = collection->cache->config.clock;
    ListingStored stored = *collection_stored(collection);
    gint64 age;

    collection->known = stored.fetched_us > 0 && !collection_is_given(collection);
    age = clock_wall(clock) - stored.fetched_us;
    if (collection->known && age >= 0)
        collection->since_us = clock_monotonic(clock) - age;
    collection->flight.settled_us = collection->since_us;
    collection_recall_lacks(collection);
}

G_STATIC_ASSERT(N_LISTINGS <= 16); /* they share a key with the row */

Collection *collection_get(Cache *cache, ListingKind kind, gint64 advertiser)
{
    gint64 key = advertiser << 4 | kind;
    Collection *collection = g_hash_table_lookup(cache->collections, &key);

    if (collection)
        return collection;
    collection = g_new0(Collection, 1);
    flight_init(&collection->flight);
    collection->since_us = collection->used_us = G_MININT64;
    collection->cache = cache;
    collection->kind = kind;
    collection->advertiser = advertiser;
    collection->generation = row_cache_generation(cache->rows) - 1; /* not read yet */
    recall(collection);
    g_hash_table_insert(cache->collections, g_memdup2(&key, sizeof key), collection);
    return collection;
}

void collection_free(void *data)
{
    Collection *collection = data;

    flight_clear(&collection->flight);
    g_free(collection->advertiser_id);
    g_free(collection);
}

/* ---- age ---- */

gboolean collection_is_refreshed(const Collection *collection)
{
    return collection->refresh_held < MAX(collection->refresh, collection->cache->all_refresh);
}

/* Monotonic; in the past when it never was complete, or when something made it old. */
gint64 collection_expires_us(const Collection *collection, gint64 rows)
{
    gint64 size = listing_type(collection->kind)->page_size;
    gint64 n_pages = (rows + size - 1) / size;
    gint64 ttl_us = collection->cache->config.ttl_us;

    if (collection_is_refreshed(collection) || collection->since_us == G_MININT64)
        return G_MININT64;
    if (n_pages > 1 && ttl_us > 0)
        ttl_us = MAX(ttl_us, n_pages * PAGE_PAUSE_US);
    return collection->since_us + ttl_us;
}

/* The store learns of it a little later. That nobody knows how old it is is no doubt of it. */
static gboolean is_doubted(Collection *collection)
{
    return collection->doubted || collection_stored(collection)->fetched_us == FETCHED_EXPIRED;
}

/* Monotonic; in the past when it was not refused, or when that is no answer: what a center has. */
static gint64 refused_until_us(const Collection *collection)
{
    const Flight *flight = &collection->flight;

    if (collection->kind == LISTING_ASSETS || !listing_is_refusal(collection->kind, flight->error))
        return G_MININT64;
    return flight->failed_us + collection->cache->config.ttl_us;
}

gboolean listing_refused(Cache *cache, ListingKind kind, gint64 owner, gint64 since_us,
                         GError **error)
{
    const Flight *flight = &collection_get(cache, kind, owner)->flight;

    if (!listing_is_refusal(kind, flight->error))
        return FALSE;
    if (flight->failed_us < since_us &&
        cache_now(cache) >= flight->failed_us + cache->config.ttl_us)
        return FALSE;
    g_propagate_error(error, g_error_copy(flight->error));
    return TRUE;
}

const GError *cache_listing_error(Cache *cache, ListingKind kind, gint64 advertiser)
{
    return collection_get(cache, kind, advertiser)->flight.error;
}

/* What belongs to an account, and the accounts' own details. */
static gboolean is_of_account(const Collection *collection)
{
    return collection->kind == LISTING_INFO ||
           listing_type(collection->kind)->owner == KIND_ADVERTISER;
}

/* By itself: that it was refused is another matter. */
Age collection_age(Collection *collection)
{
    ListingStored stored = *collection_stored(collection);
    gint64 ends_us = collection_expires_us(collection, stored.rows);
    gint64 now_us = cache_now(collection->cache);

    return (Age){
        .known = collection->known,
        .fresh = !stored.lacks && ends_us > now_us,
        .doubted = is_doubted(collection),
        .of_account = is_of_account(collection),
        .ended_us = stored.lacks || is_doubted(collection) ? G_MININT64 : ends_us,
        .flight = &collection->flight,
    };
}

void collection_state(Collection *collection, ListingState *ret)
{
    ListingStored stored = *collection_stored(collection);
    Age age = collection_age(collection);
    gint64 refused_us = stored.lacks ? G_MININT64 : refused_until_us(collection);
    gint64 ends_us = age.fresh ? collection_expires_us(collection, stored.rows) : G_MININT64;

    *ret = (ListingState){
        .known = age.known,
        .served_old = age_is_old(age_show(collection->cache, &age, NULL)),
        .expires_us = MAX(ends_us, refused_us),
        .fetched_us = stored.fetched_us,
        .changed_us = stored.changed_us,
        .rows = stored.rows,
    };
    ret->fresh = ret->expires_us > cache_now(collection->cache);
    if (!ret->fresh)
        ret->expires_us = 0;
}

guint collections_count_old(Cache *cache)
{
    GHashTableIter iter;
    Collection *collection;
    guint n = 0;

    g_hash_table_iter_init(&iter, cache->collections);
    while (g_hash_table_iter_next(&iter, NULL, (void **)&collection)) {
        Age age = collection_age(collection);
        n += age_is_old(age_show(cache, &age, NULL));
    }
    return n;
}

void cache_listing_state(Cache *cache, ListingKind kind, gint64 advertiser, ListingState *ret)
{
    if (kind == LISTING_ROLES)
        centers_roles_state(cache, ret);
    else
        collection_state(collection_get(cache, kind, advertiser), ret);
}

/* ---- invariants ---- */

#ifdef ADSFS_CHECK
void collection_check(Collection *collection)
{
    const Flight *flight = &collection->flight;
    ListingStored stored = *collection_stored(collection);
    LifeView view = {
        .flying = flight->flying,
        .failed = flight->error != NULL,
        .unreachable = g_error_matches(flight->error, API_ERROR, API_ERROR_UNREACHABLE),
        .failed_us = flight->failed_us,
        .settled_us = flight->settled_us,
        .known = collection->known,
        .lacks = stored.lacks,
        .now_us = cache_now(collection->cache),
        .since_us = collection->since_us,
        .expires_us = collection_expires_us(collection, stored.rows),
        .expiries = collection->expiries,
        .expiries_before = collection->expiries_before,
    };

    life_count(&view, flight->waiters, collection->cache->flying, flight);
    life_check(&view, listing_type(collection->kind)->what);
}
#endif
