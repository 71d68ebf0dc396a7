/* SPDX-License-Identifier: MIT */
/* collection-use.c - a listing for those who need one of its members, for polling, and for whoever
   knows that it is old. */
#include "cache/collection-private.h"

#include "api/error.h"
#include "cache/settle.h"
#include "cache/single.h"

/* ---- one of its members ---- */

gboolean collection_has(Cache *cache, ListingKind kind, gint64 advertiser, const Waiter *waiter)
{
    Collection *collection = collection_get(cache, kind, advertiser);
    ListingState state;

    if (waiter)
        collection->used_us = cache_now(cache);
    collection_state(collection, &state);
    return state.fresh || (waiter && !collection->flight.error && !collection->flight.flying &&
                           collection->flight.settled_us >= waiter->began);
}

gboolean collection_shows_old(Cache *cache, ListingKind kind, gint64 advertiser,
                              const Waiter *waiter)
{
    Collection *collection = collection_get(cache, kind, advertiser);
    Age age = collection_age(collection);
    Show show = age_show(cache, &age, waiter);

    if (show == SHOW_OLD_ASK && collection_knows_owner(collection, NULL)) {
        collection->whole = TRUE;
        age_flight_begins(cache);
        collection_fly(collection, NULL);
    }
    return age_is_old(show);
}

guint collection_pages(Cache *cache, ListingKind kind, gint64 advertiser)
{
    Collection *collection = collection_get(cache, kind, advertiser);
    gint64 size = listing_type(kind)->page_size;

    if (collection->n_pages > 0)
        return collection->n_pages;
    return (guint)((collection_stored(collection)->rows + size - 1) / size);
}

gboolean collection_is_listing(Cache *cache, ListingKind kind, gint64 advertiser,
                               ListingFlight *ret)
{
    Collection *collection = collection_get(cache, kind, advertiser);

    if (ret)
        *ret = collection->under_way;
    if (ret && collection->expiries > collection->expiries_before)
        ret->newest_row = G_MAXINT64; /* what came may be old */
    return collection->flight.flying && collection->whole;
}

void collection_nudge(Cache *cache, ListingKind kind, gint64 advertiser)
{
    flight_nudge(cache, &collection_get(cache, kind, advertiser)->flight);
}

/* ---- polling ---- */

/* Under way at a time: the others are only in a queue, however many there are. More than there are
   slots, as some may be held back. */
enum { POLLS_AT_ONCE = 32 };

/* Monotonic: when it was read, well or badly: a failure is no reason to ask more often. */
static gint64 last_read_us(const Collection *collection)
{
    const Flight *flight = &collection->flight;

    return flight->error ? MAX(collection->since_us, flight->failed_us) : collection->since_us;
}

static gboolean is_older(const Collection *collection, gint64 us)
{
    gint64 last_us = last_read_us(collection);

    return last_us == G_MININT64 || last_us + us <= cache_now(collection->cache);
}

/* As far as it can be told without looking into the store. */
static gboolean may_be_due(const Collection *collection)
{
    return collection->known && !collection->flight.flying && !collection_is_given(collection) &&
           is_older(collection, collection->cache->config.poll_us);
}

/* One of many pages is not read more often than those need. */
static gboolean is_due(Collection *collection)
{
    gint64 size = listing_type(collection->kind)->page_size, n_pages;

    if (!may_be_due(collection))
        return FALSE;
    n_pages = (collection_stored(collection)->rows + size - 1) / size;
    return n_pages <= 1 || is_older(collection, n_pages * PAGE_PAUSE_US);
}

void collections_poll_next(Cache *cache)
{
    Collection *collection;

    while (cache->polls < POLLS_AT_ONCE && (collection = g_queue_pop_head(&cache->due))) {
        collection->due = FALSE;
        if (cache_failed(cache) || !is_due(collection) || !collection_knows_owner(collection, NULL))
            continue;
        collection->whole = collection->polled = TRUE;
        cache->polls++;
        collection_fly(collection, NULL);
    }
}

void collections_poll(Cache *cache, gint64 used_since_us)
{
    Collection *collection;
    GHashTableIter iter;

    g_hash_table_iter_init(&iter, cache->collections);
    while (g_hash_table_iter_next(&iter, NULL, (void **)&collection))
        if (!collection->due && collection->used_us >= used_since_us && may_be_due(collection)) {
            collection->due = TRUE;
            g_queue_push_tail(&cache->due, collection);
        }
    collections_poll_next(cache);
}

void collection_note_used(Cache *cache, ListingKind kind, gint64 advertiser)
{
    Collection *collection = kind < N_LISTINGS ? collection_get(cache, kind, advertiser) : NULL;

    if (collection && collection->used_us == G_MININT64)
        collection->used_us = cache_now(cache);
}

/* ---- what may be wrong ---- */

static gboolean run_expire(sqlite3 *db, void *job, GError **error)
{
    return settle_expire(db, job, error);
}

static const JobType expire_job = {run_expire, NULL, listing_free};

static void expire(Cache *cache, ListingKind kind, gint64 advertiser)
{
    Collection *collection = collection_get(cache, kind, advertiser);

    collection->flight.settled_us = collection->since_us = G_MININT64;
    collection->doubted = TRUE;
    g_clear_error(&collection->flight.error); /* nor does a failure before it put anybody off */
    collection->expiries++;
    writer_push(cache->writer, &expire_job, collection_new_listing(collection), TRUE);
    collection_check(collection);
}

void cache_expire(Cache *cache, gint64 row)
{
    static const char sql[] = "SELECT kind, advertiser, id FROM object WHERE row = ?1";
    sqlite3_stmt *found = store_statement(cache->store, sql);
    gint64 members = -1, advertiser = 0;
    g_autofree char *id = NULL;

    sql_bind(found, "i", row);
    if (store_step(cache->store, found)) {
        members = sqlite3_column_int64(found, 0);
        advertiser = sqlite3_column_int64(found, 1);
        id = g_strdup(sql_text(found, 2));
    }
    sqlite3_reset(found);
    for (ListingKind kind = 0; kind < N_LISTINGS; kind++)
        if (listing_type(kind)->members == members) {
            expire(cache, kind, advertiser);
            single_expire(cache, kind, advertiser, row, id);
        }
}

/* ---- what a person wants anew ---- */

static void refresh(Collection *collection)
{
    collection->refresh = collection->cache->refreshes;
    if (!collection->flight.flying)
        g_clear_error(&collection->flight.error);
}

void cache_refresh_listing(Cache *cache, ListingKind kind, gint64 of)
{
    cache->refreshes++;
    age_forget_outage(cache);
    if (kind == LISTING_ROLES)
        kind = LISTING_CENTERS;
    refresh(collection_get(cache, kind, of));
    single_refresh(cache, kind, of);
}

void cache_refresh_all(Cache *cache)
{
    GHashTableIter iter;
    Collection *collection;

    cache->all_refresh = ++cache->refreshes;
    cache->refreshed_us = cache_now(cache);
    age_forget_outage(cache);
    g_hash_table_iter_init(&iter, cache->collections);
    while (g_hash_table_iter_next(&iter, NULL, (void **)&collection))
        refresh(collection);
    reports_refresh(cache);
}
