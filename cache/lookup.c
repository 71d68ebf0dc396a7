/* SPDX-License-Identifier: MIT */
/*
 * lookup.c - one object out of many: by its listing, or by a call for its id.
 *
 *     listing fresh, or the object alone ---------------------------> there, or not
 *     small, or nobody knows -> page 1, and the rest if it is little -> there, or larger than that
 *     large -> by its id; after many such calls the listing, unless that takes too long to wait for
 */
#include "api/error.h"
#include "cache/listing.h"
#include "cache/refusal.h"
#include "cache/single.h"

enum {
    ID_MAX = 20,     /* digits */
    CALLS_MIN = 8,   /* by id, before a listing is better, ... */
    DETAILS_MIN = 2, /* ... or that of the details, a hundred a call; */
    CALLS_PART = 10, /* and this part of its pages */
    PATIENCE_S = 15, /* how long a look-up waits for a listing */
    TICK_S = 1,
};

/* A listing that look-ups wait for. */
typedef struct {
    Cache *cache;
    ListingKind kind;
    gint64 advertiser;
    guint tick;
    gboolean late; /* it takes too long */
} Watch;

struct Lookups {
    GHashTable *watches; /* gint64 (advertiser << 4 | kind) -> Watch, until the listing ends */
};

static void watch_free(void *data)
{
    Watch *watch = data;

    g_clear_handle_id(&watch->tick, g_source_remove);
    g_free(watch);
}

Lookups *lookups_new(void)
{
    Lookups *lookups = g_new0(Lookups, 1);

    lookups->watches = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, watch_free);
    return lookups;
}

void lookups_free(Lookups *lookups)
{
    if (!lookups)
        return;
    g_hash_table_unref(lookups->watches);
    g_free(lookups);
}

static CacheResult hit(Cache *cache)
{
    cache->stats.hits++;
    return CACHE_HIT;
}

static gint64 began(const Waiter *waiter)
{
    return waiter ? waiter->began : G_MAXINT64;
}

static gint64 find_row(Cache *cache, ListingKind kind, gint64 advertiser, const char *id)
{
    return cache_find_id(cache, &(Scope){listing_type(kind)->members, advertiser, NULL}, id);
}

/* ---- a listing under way ---- */

/* Whoever waits for one of its members is better off with a call for it. */
static gboolean on_tick(void *user_data)
{
    Watch *watch = user_data;
    gint64 key = watch->advertiser << 4 | watch->kind;
    ListingFlight flight;

    if (!collection_is_listing(watch->cache, watch->kind, watch->advertiser, &flight)) {
        watch->tick = 0;
        g_hash_table_remove(watch->cache->lookups->watches, &key);
        return G_SOURCE_REMOVE;
    }
    if (!watch->late && cache_now(watch->cache) - flight.began_us >= PATIENCE_S * G_USEC_PER_SEC) {
        watch->late = TRUE;
        collection_nudge(watch->cache, watch->kind, watch->advertiser);
    }
    return G_SOURCE_CONTINUE;
}

static Watch *get_watch(Cache *cache, const SingleKey *of)
{
    gint64 key = of->advertiser << 4 | of->kind;
    Watch *watch = g_hash_table_lookup(cache->lookups->watches, &key);

    if (watch)
        return watch;
    watch = g_new0(Watch, 1);
    watch->cache = cache;
    watch->kind = of->kind;
    watch->advertiser = of->advertiser;
    watch->tick = g_timeout_add_seconds(TICK_S, on_tick, watch);
    g_hash_table_insert(cache->lookups->watches, g_memdup2(&key, sizeof key), watch);
    return watch;
}

/* As far as the limits tell; the rest is seen while it is waited for. */
static gboolean is_long(Cache *cache, guint n_pages)
{
    ClientStats stats = {0};
    guint64 per_minute = G_MAXUINT;

    if (cache->config.stats)
        cache->config.stats(cache->config.client, &stats);
    if (stats.limit_qps > 0)
        per_minute = (guint64)stats.limit_qps * 60;
    if (stats.limit_qpm > 0)
        per_minute = MIN(per_minute, stats.limit_qpm);
    return n_pages > per_minute * PATIENCE_S / 60;
}

/* Stored since the listing that is under way began: by that, or alone. */
static gboolean has_come(Cache *cache, const SingleKey *key)
{
    ListingFlight flight;

    return collection_is_listing(cache, key->kind, key->advertiser, &flight) &&
           find_row(cache, key->kind, key->advertiser, key->id) > flight.newest_row;
}

/* So many were asked for alone, at least `least`, that all of them should be, which takes n_pages.
   Never where nothing stays fresh. What then fails is not begun again at once. */
static gboolean are_many(Cache *cache, const SingleKey *key, guint n_pages, guint least)
{
    gint64 life_us = MAX(cache->config.ttl_us, (gint64)n_pages * PAGE_PAUSE_US);
    guint n_calls = single_calls(cache, key->kind, key->advertiser, life_us);

    if (cache->config.ttl_us == 0 || n_calls < MAX(least, n_pages / CALLS_PART))
        return FALSE;
    single_forget_calls(cache, key->kind, key->advertiser);
    return TRUE;
}

/* It is under way, or begins now, and is worth waiting for. */
static gboolean waits_for_listing(Cache *cache, const SingleKey *key, const Waiter *waiter)
{
    guint n_pages = collection_pages(cache, key->kind, key->advertiser);
    Waiter nobody = {NULL, began(waiter)};

    if (!collection_is_listing(cache, key->kind, key->advertiser, NULL)) {
        if (!are_many(cache, key, n_pages, CALLS_MIN))
            return FALSE;
        if (cache_want_listing(cache, key->kind, key->advertiser, &nobody, NULL) != CACHE_WAIT)
            return FALSE;
    }
    return !is_long(cache, n_pages) && !get_watch(cache, key)->late;
}

/* ---- campaigns, ad groups, ads ---- */

/* Page 1, and the rest if it is little. */
static CacheResult want_few(Cache *cache, const SingleKey *key, gboolean known,
                            const Waiter *waiter, GError **error)
{
    g_autoptr(GError) failure = NULL;
    CacheResult result = collection_want_few(cache, key->kind, key->advertiser, waiter, &failure);

    if (result != CACHE_ERROR)
        return result;
    if (known &&
        (cache->config.offline || g_error_matches(failure, API_ERROR, API_ERROR_UNREACHABLE)))
        return hit(cache); /* served old */
    g_propagate_error(error, g_steal_pointer(&failure));
    return CACHE_ERROR;
}

static CacheResult want_member(Cache *cache, const SingleKey *key, const Waiter *waiter,
                               GError **error)
{
    SingleState state;

    if (!cache_is_readable(cache, error))
        return CACHE_ERROR;
    if (collection_has(cache, key->kind, key->advertiser, waiter))
        return hit(cache);
    single_state(cache, key, waiter, &state);
    if (state.fresh || has_come(cache, key))
        return hit(cache);
    if (state.stale)
        return single_want(cache, key, waiter, error);
    if (collection_pages(cache, key->kind, key->advertiser) <= FEW_PAGES)
        return want_few(cache, key, state.known, waiter, error);
    if (!state.served_old && waits_for_listing(cache, key, waiter))
        return cache_want_listing(cache, key->kind, key->advertiser, waiter, error);
    return single_want(cache, key, waiter, error);
}

/* ---- accounts ---- */

/* It, or all of them: to ask again says no more. */
static gboolean are_details_refused(Cache *cache, gint64 account, const Waiter *waiter)
{
    return listing_refused(cache, LISTING_INFO, 0, began(waiter), NULL) ||
           (account > 0 && refusal_rests(cache, account));
}

static gboolean is_absent(Cache *cache, const SingleKey *key, const Waiter *waiter)
{
    SingleState state;

    single_state(cache, key, waiter, &state);
    return state.absent;
}

/* By its details; where they are not to be had, the listing of accounts decides. */
static CacheResult want_account(Cache *cache, const SingleKey *key, const Waiter *waiter,
                                GError **error)
{
    gint64 row = find_row(cache, key->kind, 0, key->id);
    SingleState state;
    gboolean listed = cache->config.advertisers || are_details_refused(cache, row, waiter) ||
                      collection_has(cache, key->kind, 0, waiter) ||
                      collection_is_listing(cache, key->kind, 0, NULL);

    single_state(cache, key, waiter, &state);
    if (!listed && (state.stale || !are_many(cache, key, 1, CALLS_MIN))) {
        CacheResult result = single_want(cache, key, waiter, error);

        if (result != CACHE_HIT || !is_absent(cache, key, waiter))
            return result;
    }
    return cache_want_listing(cache, key->kind, 0, waiter, error);
}

/* Where it is known how many there are. */
static gboolean are_details_of_many(Cache *cache, const SingleKey *key)
{
    ListingState accounts;
    guint n_pages;

    cache_listing_state(cache, LISTING_ADVERTISERS, 0, &accounts);
    n_pages = (guint)((accounts.rows + INFO_IDS_MAX - 1) / INFO_IDS_MAX);
    return accounts.fresh && are_many(cache, key, n_pages, DETAILS_MIN);
}

/* What it was refused before it was known to be an account was not remembered of it. */
CacheResult cache_want_details(Cache *cache, gint64 advertiser, const Waiter *waiter,
                               GError **error)
{
    g_autofree char *id = collection_owner_id(cache, KIND_ADVERTISER, advertiser, NULL);
    SingleKey key = {LISTING_ADVERTISERS, 0, id};
    SingleState state;
    CacheResult result;

    if (!id || collection_is_listing(cache, LISTING_INFO, 0, NULL))
        return cache_want_listing(cache, LISTING_INFO, 0, waiter, error);
    if (collection_has(cache, LISTING_INFO, 0, waiter) ||
        collection_shows_old(cache, LISTING_INFO, 0, waiter) ||
        are_details_refused(cache, advertiser, waiter))
        return hit(cache);
    single_state(cache, &key, waiter, &state);
    if (!state.fresh && !state.stale && are_details_of_many(cache, &key))
        return cache_want_listing(cache, LISTING_INFO, 0, waiter, error);
    if (state.absent && !state.since)
        single_forget_absent(cache, &key);
    result = single_want(cache, &key, waiter, error);
    if (result != CACHE_HIT || !is_absent(cache, &key, waiter) ||
        are_details_refused(cache, advertiser, waiter))
        return result;
    return cache_want_listing(cache, LISTING_INFO, 0, waiter, error);
}

/* ---- all ---- */

static gboolean is_id(const char *text)
{
    gsize length = strspn(text, "0123456789");

    return length > 0 && length <= ID_MAX && !text[length];
}

CacheResult cache_want_object(Cache *cache, ListingKind kind, gint64 advertiser, const char *id,
                              const Waiter *waiter, gint64 *ret_row, GError **error)
{
    SingleKey key = {kind, advertiser, id};
    CacheResult result;

    g_assert(kind <= LISTING_ADS && kind != LISTING_INFO);
    *ret_row = 0;
    if (!is_id(id))
        return hit(cache);
    if (collection_shows_old(cache, kind, advertiser, waiter)) {
        *ret_row = find_row(cache, kind, advertiser, id);
        return hit(cache);
    }
    if (kind == LISTING_ADVERTISERS)
        result = want_account(cache, &key, waiter, error);
    else
        result = want_member(cache, &key, waiter, error);
    if (result != CACHE_HIT)
        return result;
    if (collection_has(cache, kind, advertiser, waiter) || kind == LISTING_ADVERTISERS ||
        !is_absent(cache, &key, waiter))
        *ret_row = find_row(cache, kind, advertiser, id);
    return CACHE_HIT;
}

static void add_single(Cache *cache, const SingleKey *key, ListingState *ret)
{
    SingleState state;

    single_state(cache, key, NULL, &state);
    if (!state.known || state.absent)
        return;
    ret->fetched_us = MAX(ret->fetched_us, state.fetched_us);
    ret->served_old |= state.stale || (state.served_old && !state.fresh);
    ret->known |= state.fetched_us > 0;
    ret->fresh = state.fresh;
    ret->expires_us = state.fresh ? state.expires_us : 0;
}

void cache_object_state(Cache *cache, ListingKind kind, gint64 advertiser, const char *id,
                        ListingState *ret)
{
    cache_listing_state(cache, kind, advertiser, ret);
    if (!ret->fresh)
        add_single(cache, &(SingleKey){kind, advertiser, id}, ret);
}

void cache_details_state(Cache *cache, gint64 advertiser, ListingState *ret)
{
    g_autofree char *id = NULL;

    cache_listing_state(cache, LISTING_INFO, 0, ret);
    if (ret->fresh)
        return;
    id = collection_owner_id(cache, KIND_ADVERTISER, advertiser, NULL);
    if (id)
        add_single(cache, &(SingleKey){LISTING_ADVERTISERS, 0, id}, ret);
}
