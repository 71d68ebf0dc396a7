/* SPDX-License-Identifier: MIT */
/* collection-fetch.c - who wants a listing, and when it is fetched. */
#include "cache/collection-private.h"

#include "api/error.h"
#include "cache/centers.h"
#include "cache/settle.h"
#include "cache/single.h"

static void start(Collection *collection, CallPriority priority);

/* What came was asked for before something made it old. */
static gboolean has_expired(Collection *collection)
{
    return collection->expiries > collection->expiries_before ||
           collection_stored(collection)->fetched_us == FETCHED_EXPIRED;
}

/* It has to be asked for once more. If nothing can be read, that would lead here again. */
static gboolean is_overtaken(Collection *collection)
{
    return !cache_failed(collection->cache) &&
           (has_expired(collection) || collection_is_refreshed(collection) ||
            collection_stored(collection)->lacks);
}

/* What came was asked for before it expired, or before a person wanted it anew. */
static gboolean is_too_early(const Collection *collection)
{
    return collection->expiries > collection->expiries_before ||
           collection->refresh_before < MAX(collection->refresh, collection->cache->all_refresh);
}

/* It is larger than those need who wait for one of its members: they ask for that. */
static void end_partial(Collection *collection)
{
    collection->partial = FALSE;
    if (collection->whole || is_too_early(collection))
        start(collection, CALL_WAITED);
    else
        flight_end(collection->cache, &collection->flight);
}

/* Nobody is told by an errno that what is shown is old, and that it is not asked for again. */
static void tell_kept(Collection *collection, const GError *error)
{
    const CacheConfig *config = &collection->cache->config;
    Age age = collection_age(collection);
    gboolean kept = age_survives(&age, error) || listing_is_refusal(collection->kind, error);

    if (collection->known && kept && config->kept_old)
        config->kept_old(config->user_data, collection->kind, collection->advertiser, error);
}

static void settle(Collection *collection, const GError *error)
{
    gboolean polled = collection->polled;

    collection->polled = FALSE;
    collection->cache->polls -= polled;
    flight_settle(collection->cache, &collection->flight, error);
    if (polled)
        collections_poll_next(collection->cache);
}

static void ended(void *user_data, const GError *error)
{
    Collection *collection = user_data;

    age_flight_ended(collection->cache, error);
    if (!error && collection->partial) {
        end_partial(collection);
        return;
    }
    if (!error) {
        collection->known = TRUE;
        collection->refresh_held = collection->refresh_before;
    } else if (collection->kind == LISTING_ASSETS) {
        row_cache_empty(collection->cache->rows); /* roles are remembered with it */
    }
    if (error)
        tell_kept(collection, error);
    if (!error && !collection->lacking && !has_expired(collection)) {
        collection->since_us = cache_now(collection->cache);
        collection->doubted = FALSE;
    }
    /* A new account may have made the details old: the store knows. */
    if (!error && (collection->kind == LISTING_ADVERTISERS || collection->kind == LISTING_ASSETS))
        collection_recall_lacks(collection_get(collection->cache, LISTING_INFO, 0));
    if (!error && is_overtaken(collection))
        start(collection, CALL_WAITED); /* in the same flight: who waits goes on waiting */
    else
        settle(collection, error);
    collection_check(collection);
}

/* Who waits for the roles waits in one of the centers for all of them. */
static gboolean wanted(void *user_data)
{
    const Collection *collection = user_data;

    return collection->kind == LISTING_ASSETS || flight_is_wanted(&collection->flight);
}

static gboolean stops(void *user_data, const Answer *answer, guint n_pages)
{
    Collection *collection = user_data;

    if (answer->truncated) /* of reports only; it is no list then */
        return FALSE;
    collection->n_pages = n_pages;
    collection->partial = !collection->whole && n_pages > FEW_PAGES;
    return collection->partial;
}

Listing *collection_new_listing(const Collection *collection)
{
    Listing *listing = g_new0(Listing, 1);

    listing->kind = collection->kind;
    listing->members = listing_type(collection->kind)->members;
    listing->advertiser = collection->advertiser;
    listing->advertiser_id = g_strdup(collection->advertiser_id);
    listing->expiries = collection->expiries;
    listing->closed = collection->cache->config.advertisers_only;
    listing->seen = row_set_new();
    listing->events = collection->cache->events;
    return listing;
}

static void start(Collection *collection, CallPriority priority)
{
    const ListingStored *stored = collection_stored(collection);
    Listing *listing = collection_new_listing(collection);
    PagePlan plan;

    collection->lacking = stored->lacks && collection_expires_us(collection, stored->rows) >
                                               cache_now(collection->cache);
    listing->lacking = collection->lacking;
    plan = listing_plan(collection->cache, listing);
    plan.ended = ended;
    plan.wanted = wanted;
    plan.stops = stops;
    plan.user_data = collection;
    collection->expiries_before = collection->expiries;
    collection->refresh_before = collection->cache->refreshes;
    collection->background = priority == CALL_BACKGROUND;
    pages_start(collection->cache, &plan, priority);
}

char *collection_owner_id(Cache *cache, ObjectKind kind, gint64 row, GError **error)
{
    static const char sql[] = "SELECT id FROM object WHERE row = ?1 AND kind = ?2";
    sqlite3_stmt *found = store_statement(cache->store, sql);
    char *id = NULL;

    sql_bind(found, "ii", row, (gint64)kind);
    if (store_step(cache->store, found))
        id = g_strdup(sql_text(found, 0));
    sqlite3_reset(found);
    if (!id && cache_is_readable(cache, error))
        g_propagate_error(
            error, api_error_new(API_ERROR_NOT_FOUND, 0, NULL, "The %s is not there any more",
                                 kind == KIND_CENTER ? "Business Center" : "account"));
    return id;
}

/* FALSE and error: it is not there any more. */
gboolean collection_knows_owner(Collection *collection, GError **error)
{
    ObjectKind owner = listing_type(collection->kind)->owner;
    g_autofree char *id = NULL;

    if (owner == KIND_NONE)
        return TRUE;
    id = collection_owner_id(collection->cache, owner, collection->advertiser, error);
    if (!id)
        return FALSE;
    if (!collection->advertiser_id)
        collection->advertiser_id = g_steal_pointer(&id);
    return TRUE;
}

/* The number of the newest of all objects. */
static gint64 find_newest(Cache *cache)
{
    static const char sql[] = "SELECT seq FROM sqlite_sequence WHERE name = 'object'";
    sqlite3_stmt *found = store_statement(cache->store, sql);
    gint64 row = store_step(cache->store, found) ? sqlite3_column_int64(found, 0) : 0;

    sqlite3_reset(found);
    return row;
}

CacheResult collection_fly(Collection *collection, const Waiter *waiter)
{
    Cache *cache = collection->cache;
    CacheResult result;

    collection->under_way = (ListingFlight){cache_now(cache), find_newest(cache)};
    start(collection, waiter ? CALL_WAITED : CALL_BACKGROUND);
    result = flight_start(collection->cache, &collection->flight, waiter);
    collection_check(collection);
    return result;
}

static CacheResult hit(Cache *cache)
{
    cache->stats.hits++;
    return CACHE_HIT;
}

/* Whoever waits for what was begun for nobody does not wait in the background. */
static CacheResult decided(Collection *collection, CacheResult result)
{
    if (result == CACHE_WAIT && collection->background) {
        collection->background = FALSE;
        pages_hurry(collection->cache, collection);
    }
    return result;
}

static CacheResult want(Collection *collection, gboolean whole, const Waiter *waiter,
                        GError **error)
{
    Cache *cache = collection->cache;
    Age age = collection_age(collection);
    CacheResult result;
    Show show = age_show(cache, &age, waiter);

    collection->whole = whole || (collection->whole && collection->flight.flying);
    if (waiter)
        collection->used_us = cache_now(cache);
    if (!cache_is_readable(cache, error))
        return CACHE_ERROR;
    collection_check(collection);
    if (show == SHOW_OLD_ASK) {
        age_flight_begins(cache);
        collection_fly(collection, NULL);
    }
    if (show != SHOW_NOTHING)
        return hit(cache);
    if (collection->kind != LISTING_ASSETS &&
        listing_refused(cache, collection->kind, collection->advertiser,
                        waiter ? waiter->began : G_MAXINT64, NULL))
        return hit(cache);
    if (flight_decided(cache, &collection->flight, waiter, FALSE, &result, error))
        return decided(collection, result);
    return collection_fly(collection, waiter);
}

static CacheResult want_kind(Cache *cache, ListingKind kind, gint64 advertiser, gboolean whole,
                             const Waiter *waiter, GError **error)
{
    Collection *collection;

    if (kind == LISTING_ROLES)
        return centers_want_roles(cache, waiter, error);
    if (kind == LISTING_INFO) {
        CacheResult accounts = cache_want_listing(cache, LISTING_ADVERTISERS, 0, waiter, error);
        if (accounts != CACHE_HIT)
            return accounts;
    }
    if (listing_type(kind)->owner == KIND_NONE)
        advertiser = 0;
    collection = collection_get(cache, kind, advertiser);
    return collection_knows_owner(collection, error) ? want(collection, whole, waiter, error)
                                                     : CACHE_ERROR;
}

CacheResult cache_want_listing(Cache *cache, ListingKind kind, gint64 advertiser,
                               const Waiter *waiter, GError **error)
{
    return want_kind(cache, kind, advertiser, TRUE, waiter, error);
}

CacheResult collection_want_few(Cache *cache, ListingKind kind, gint64 advertiser,
                                const Waiter *waiter, GError **error)
{
    return want_kind(cache, kind, advertiser, FALSE, waiter, error);
}
