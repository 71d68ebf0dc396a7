/* SPDX-License-Identifier: MIT */
/*
 * collection.c - a listing: who wants it, whether it is fresh, when it is fetched.
 *
 * The store remembers by wall clock when a listing was complete, over restarts; within the process
 * the monotonic clock counts, so that setting the clock makes nothing old or young.
 */
#include "api/error.h"
#include "cache/centers.h"
#include "cache/internal.h"
#include "cache/invariants.h"
#include "cache/listing.h"
#include "cache/settle.h"
#include "cache/single.h"

/* How often a service that could not be reached is asked again; the old is served meanwhile. */
#define UNREACHABLE_RETRY_US (30 * G_USEC_PER_SEC)

typedef struct {
    gint64 fetched_us, changed_us, rows;
    gboolean lacks; /* LISTING_INFO: details of accounts that came since */
} Stored;

struct Collection {
    Flight flight; /* settled_us: when it was last complete, also in an earlier life */
    Cache *cache;
    ListingKind kind;
    gint64 advertiser;
    char *advertiser_id; /* of the account or center; NULL for these two themselves */
    gboolean known;
    gboolean lacking; /* under way is only what it lacks */
    gboolean whole;   /* somebody needs all of what is under way, */
    gboolean partial; /* of which page 1 alone is read */
    guint n_pages;    /* when page 1 came last; 0: not yet */
    ListingFlight under_way;
    gint64 since_us; /* how old it is: settled_us, but not moved by what it lacked */
    gint64 used_us;  /* monotonic: when somebody wanted it last; G_MININT64: nobody did */
    gint64 expiries, expiries_before; /* so far; when what is under way was asked for */
    Stored stored;                    /* as the store had it at this generation of the row cache */
    guint64 generation;
};

/* Every entry of a directory asks: read it once for as long as nothing is stored. */
static const Stored *find_stored(Collection *collection)
{
    static const char sql[] = "SELECT fetched, changed, rows, lacks FROM listing"
                              " WHERE members = ?1 AND advertiser = ?2 AND kind = ?3";
    Cache *cache = collection->cache;
    guint64 generation = row_cache_generation(cache->rows);
    sqlite3_stmt *row;

    if (collection->generation == generation)
        return &collection->stored;
    collection->stored = (Stored){0};
    collection->generation = generation;
    row = store_statement(cache->store, sql);
    sql_bind(row, "iii", (gint64)listing_type(collection->kind)->members, collection->advertiser,
             (gint64)collection->kind);
    if (store_step(cache->store, row))
        collection->stored =
            (Stored){sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1),
                     sqlite3_column_int64(row, 2), sqlite3_column_int(row, 3) != 0};
    sqlite3_reset(row);
    return &collection->stored;
}

/* The accounts that the configuration names cost no call, and it may have changed meanwhile. */
static gboolean is_given(const Collection *collection)
{
    return collection->kind == LISTING_ADVERTISERS && collection->cache->config.advertisers;
}

/* Whoever waited for what it lacks did not get it. */
static void recall_lacks(Collection *collection)
{
    if (find_stored(collection)->lacks)
        collection->flight.settled_us = G_MININT64;
}

/* A time in the future says nothing: the clock was set meanwhile. */
static void recall(Collection *collection)
{
    const Clock *clock = collection->cache->config.clock;
    Stored stored = *find_stored(collection);
    gint64 age;

    collection->known = stored.fetched_us > 0 && !is_given(collection);
    age = clock_wall(clock) - stored.fetched_us;
    if (collection->known && age >= 0)
        collection->since_us = clock_monotonic(clock) - age;
    collection->flight.settled_us = collection->since_us;
    recall_lacks(collection);
}

G_STATIC_ASSERT(N_LISTINGS <= 16); /* they share a key with the row */

static Collection *get_collection(Cache *cache, ListingKind kind, gint64 advertiser)
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

/* Monotonic; in the past when it never was complete. */
static gint64 expires_us(const Collection *collection, gint64 rows)
{
    gint64 size = listing_type(collection->kind)->page_size;
    gint64 n_pages = (rows + size - 1) / size;
    gint64 ttl_us = collection->cache->config.ttl_us;

    if (ttl_us == 0 || collection->since_us == G_MININT64)
        return G_MININT64;
    if (n_pages > 1)
        ttl_us = MAX(ttl_us, n_pages * PAGE_PAUSE_US);
    return collection->since_us + ttl_us;
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
    const Flight *flight = &get_collection(cache, kind, owner)->flight;

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
    return get_collection(cache, kind, advertiser)->flight.error;
}

static gboolean is_served_old(const Collection *collection)
{
    return collection->known &&
           g_error_matches(collection->flight.error, API_ERROR, API_ERROR_UNREACHABLE);
}

static void get_state(Collection *collection, ListingState *ret)
{
    Stored stored = *find_stored(collection);

    *ret = (ListingState){
        .known = collection->known,
        .served_old = is_served_old(collection),
        .expires_us = MAX(expires_us(collection, stored.rows), refused_until_us(collection)),
        .fetched_us = stored.fetched_us,
        .changed_us = stored.changed_us,
        .rows = stored.rows,
    };
    ret->fresh = !stored.lacks && ret->expires_us > cache_now(collection->cache);
    if (!ret->fresh)
        ret->expires_us = 0;
}

void cache_listing_state(Cache *cache, ListingKind kind, gint64 advertiser, ListingState *ret)
{
    if (kind == LISTING_ROLES)
        centers_roles_state(cache, ret);
    else
        get_state(get_collection(cache, kind, advertiser), ret);
}

/* ---- invariants ---- */

#ifdef ADSFS_CHECK
static void check_life(Collection *collection)
{
    const Flight *flight = &collection->flight;
    Stored stored = *find_stored(collection);
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
        .expires_us = expires_us(collection, stored.rows),
        .expiries = collection->expiries,
        .expiries_before = collection->expiries_before,
    };

    life_count(&view, flight->waiters, collection->cache->flying, flight);
    life_check(&view, listing_type(collection->kind)->what);
}
#else
#define check_life(collection) ((void)0)
#endif

/* ---- fetching ---- */

static void start(Collection *collection, CallPriority priority);

/* What came was asked for before something made it old. */
static gboolean has_expired(Collection *collection)
{
    return collection->expiries > collection->expiries_before ||
           find_stored(collection)->fetched_us == FETCHED_EXPIRED;
}

/* It has to be asked for once more. If nothing can be read, that would lead here again. */
static gboolean is_overtaken(Collection *collection)
{
    return !cache_failed(collection->cache) &&
           (has_expired(collection) || find_stored(collection)->lacks);
}

/* It is larger than those need who wait for one of its members: they ask for that. */
static void end_partial(Collection *collection)
{
    collection->partial = FALSE;
    if (collection->whole || collection->expiries > collection->expiries_before)
        start(collection, CALL_WAITED);
    else
        flight_end(collection->cache, &collection->flight);
}

static void ended(void *user_data, const GError *error)
{
    Collection *collection = user_data;

    if (!error && collection->partial) {
        end_partial(collection);
        return;
    }
    if (!error)
        collection->known = TRUE;
    else if (collection->kind == LISTING_ASSETS)
        row_cache_empty(collection->cache->rows); /* roles are remembered with it */
    if (!error && !collection->lacking && !has_expired(collection))
        collection->since_us = cache_now(collection->cache);
    /* A new account may have made the details old: the store knows. */
    if (!error && (collection->kind == LISTING_ADVERTISERS || collection->kind == LISTING_ASSETS))
        recall_lacks(get_collection(collection->cache, LISTING_INFO, 0));
    if (!error && is_overtaken(collection))
        start(collection, CALL_WAITED); /* in the same flight: who waits goes on waiting */
    else
        flight_settle(collection->cache, &collection->flight, error);
    check_life(collection);
}

/* Who waits for the roles waits in one of the centers for all of them. */
static gboolean wanted(void *user_data)
{
    const Collection *collection = user_data;

    return collection->kind == LISTING_ASSETS || flight_is_wanted(&collection->flight);
}

static gboolean stops(void *user_data, guint n_pages)
{
    Collection *collection = user_data;

    collection->n_pages = n_pages;
    collection->partial = !collection->whole && n_pages > FEW_PAGES;
    return collection->partial;
}

static Listing *new_listing(const Collection *collection)
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
    const Stored *stored = find_stored(collection);
    Listing *listing = new_listing(collection);
    PagePlan plan;

    collection->lacking =
        stored->lacks && expires_us(collection, stored->rows) > cache_now(collection->cache);
    listing->lacking = collection->lacking;
    plan = listing_plan(collection->cache, listing);
    plan.ended = ended;
    plan.wanted = wanted;
    plan.stops = stops;
    plan.user_data = collection;
    collection->expiries_before = collection->expiries;
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
static gboolean knows_owner(Collection *collection, GError **error)
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

static CacheResult fly(Collection *collection, const Waiter *waiter)
{
    Cache *cache = collection->cache;
    CacheResult result;

    collection->under_way = (ListingFlight){cache_now(cache), find_newest(cache)};
    start(collection, waiter ? CALL_WAITED : CALL_BACKGROUND);
    result = flight_start(collection->cache, &collection->flight, waiter);
    check_life(collection);
    return result;
}

/* Nobody waits for a service that was not to be reached a moment ago. */
static CacheResult serve_old(Collection *collection)
{
    const Flight *flight = &collection->flight;
    Cache *cache = collection->cache;

    if (!flight->flying && cache_now(cache) >= flight->failed_us + UNREACHABLE_RETRY_US)
        fly(collection, NULL);
    cache->stats.hits++;
    return CACHE_HIT;
}

static CacheResult want(Collection *collection, gboolean whole, const Waiter *waiter,
                        GError **error)
{
    Cache *cache = collection->cache;
    ListingState state;
    CacheResult result;

    collection->whole = whole || (collection->whole && collection->flight.flying);
    get_state(collection, &state);
    if (waiter)
        collection->used_us = cache_now(cache);
    if (!cache_is_readable(cache, error))
        return CACHE_ERROR;
    check_life(collection);
    if (state.served_old)
        return serve_old(collection);
    if (collection->kind != LISTING_ASSETS &&
        listing_refused(cache, collection->kind, collection->advertiser,
                        waiter ? waiter->began : G_MAXINT64, NULL)) {
        cache->stats.hits++;
        return CACHE_HIT;
    }
    if (flight_decided(cache, &collection->flight, waiter, state.fresh, &result, error))
        return result;
    return fly(collection, waiter);
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
    collection = get_collection(cache, kind, advertiser);
    return knows_owner(collection, error) ? want(collection, whole, waiter, error) : CACHE_ERROR;
}

CacheResult cache_want_listing(Cache *cache, ListingKind kind, gint64 advertiser,
                               const Waiter *waiter, GError **error)
{
    return want_kind(cache, kind, advertiser, TRUE, waiter, error);
}

/* ---- for those who need one of its members ---- */

CacheResult collection_want_few(Cache *cache, ListingKind kind, gint64 advertiser,
                                const Waiter *waiter, GError **error)
{
    return want_kind(cache, kind, advertiser, FALSE, waiter, error);
}

gboolean collection_has(Cache *cache, ListingKind kind, gint64 advertiser, const Waiter *waiter)
{
    Collection *collection = get_collection(cache, kind, advertiser);
    ListingState state;

    if (waiter)
        collection->used_us = cache_now(cache);
    get_state(collection, &state);
    return state.fresh || (waiter && !collection->flight.error && !collection->flight.flying &&
                           collection->flight.settled_us >= waiter->began);
}

guint collection_pages(Cache *cache, ListingKind kind, gint64 advertiser)
{
    Collection *collection = get_collection(cache, kind, advertiser);
    gint64 size = listing_type(kind)->page_size;

    if (collection->n_pages > 0)
        return collection->n_pages;
    return (guint)((find_stored(collection)->rows + size - 1) / size);
}

gboolean collection_is_listing(Cache *cache, ListingKind kind, gint64 advertiser,
                               ListingFlight *ret)
{
    Collection *collection = get_collection(cache, kind, advertiser);

    if (ret)
        *ret = collection->under_way;
    if (ret && collection->expiries > collection->expiries_before)
        ret->newest_row = G_MAXINT64; /* what came may be old */
    return collection->flight.flying && collection->whole;
}

void collection_nudge(Cache *cache, ListingKind kind, gint64 advertiser)
{
    flight_nudge(cache, &get_collection(cache, kind, advertiser)->flight);
}

/* ---- polling ---- */

/* Monotonic. One of many pages is not read more often than those need. */
static gint64 next_poll_us(Collection *collection)
{
    const CacheConfig *config = &collection->cache->config;
    gint64 size = listing_type(collection->kind)->page_size;
    gint64 n_pages = (find_stored(collection)->rows + size - 1) / size;
    gint64 pause_us = MAX(config->poll_us, n_pages > 1 ? n_pages * PAGE_PAUSE_US : 0);
    gint64 last_us = collection->since_us;

    if (collection->flight.error) /* a failure is no reason to ask more often */
        last_us = MAX(last_us, collection->flight.failed_us);
    return last_us == G_MININT64 ? G_MININT64 : last_us + pause_us;
}

void collections_poll(Cache *cache, gint64 used_since_us)
{
    g_autoptr(GPtrArray) due = g_ptr_array_new();
    Collection *collection;
    GHashTableIter iter;

    if (cache_failed(cache))
        return;
    g_hash_table_iter_init(&iter, cache->collections);
    while (g_hash_table_iter_next(&iter, NULL, (void **)&collection))
        if (collection->known && !collection->flight.flying && !is_given(collection) &&
            collection->used_us >= used_since_us && next_poll_us(collection) <= cache_now(cache))
            g_ptr_array_add(due, collection);
    for (guint i = 0; i < due->len; i++) {
        collection = due->pdata[i];
        /* Collections are never removed, but the one before may have started this one. */
        if (!collection->flight.flying && knows_owner(collection, NULL)) {
            collection->whole = TRUE;
            fly(collection, NULL);
        }
    }
}

void collection_note_used(Cache *cache, ListingKind kind, gint64 advertiser)
{
    Collection *collection = kind < N_LISTINGS ? get_collection(cache, kind, advertiser) : NULL;

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
    Collection *collection = get_collection(cache, kind, advertiser);

    collection->flight.settled_us = collection->since_us = G_MININT64;
    g_clear_error(&collection->flight.error); /* nor does a failure before it put anybody off */
    collection->expiries++;
    writer_push(cache->writer, &expire_job, new_listing(collection), TRUE);
    check_life(collection);
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
