/* SPDX-License-Identifier: MIT */
/*
 * centers.c - what the Business Centers say of accounts.
 *
 * A center that refuses to list its accounts says nothing of them; the others count.
 */
#include "cache/centers.h"

#include "cache/listing.h"
#include "cache/settle.h"

enum { N_SLOTS = 64 };

typedef struct {
    gint64 account; /* 0: free */
    Role role;
} Slot;

struct Centers {
    GArray *rows; /* of all centers; NULL: not read yet */
    guint64 generation;
    Slot slots[N_SLOTS];
};

Centers *centers_new(void)
{
    return g_new0(Centers, 1);
}

void centers_free(Centers *centers)
{
    if (!centers)
        return;
    g_clear_pointer(&centers->rows, g_array_unref);
    g_free(centers);
}

static gboolean add_row(void *user_data, gint64 row, const char *name)
{
    g_array_append_val((GArray *)user_data, row);
    return TRUE;
}

static Centers *get_centers(Cache *cache)
{
    Centers *centers = cache->centers;
    guint64 generation = row_cache_generation(cache->rows);

    if (centers->rows && centers->generation == generation)
        return centers;
    g_clear_pointer(&centers->rows, g_array_unref);
    memset(centers->slots, 0, sizeof centers->slots);
    centers->rows = g_array_new(FALSE, FALSE, sizeof(gint64));
    centers->generation = generation;
    cache_each(cache, &(Scope){KIND_CENTER, 0, NULL}, FALSE, 0, add_row, centers->rows);
    return centers;
}

/* One's own: what is read may be read again when somebody is woken. */
static GArray *list_centers(Cache *cache)
{
    return g_array_ref(get_centers(cache)->rows);
}

/* As cache_want_listing(), but nobody is woken, and a refusal is a hit: of nothing. */
static CacheResult want_assets(Cache *cache, gint64 center, const Waiter *waiter, GError **error)
{
    Waiter nobody = {NULL, waiter ? waiter->began : G_MAXINT64};
    g_autoptr(GError) failure = NULL;
    CacheResult result;

    if (listing_refused(cache, LISTING_ASSETS, center, nobody.began, NULL))
        return CACHE_HIT;
    result = cache_want_listing(cache, LISTING_ASSETS, center, waiter ? &nobody : NULL, &failure);
    if (result != CACHE_ERROR)
        return result;
    if (listing_is_refusal(LISTING_ASSETS, failure))
        return CACHE_HIT;
    g_propagate_error(error, g_steal_pointer(&failure));
    return CACHE_ERROR;
}

/* All are under way at once; the waiter waits for the last, as those before are asked for first,
   and when it asks again for what is still missing. */
CacheResult centers_want_roles(Cache *cache, const Waiter *waiter, GError **error)
{
    CacheResult result = cache_want_listing(cache, LISTING_CENTERS, 0, waiter, error);
    g_autoptr(GArray) centers = NULL;
    gint64 awaited = 0;

    if (result != CACHE_HIT)
        return result;
    centers = list_centers(cache);
    for (guint i = 0; i < centers->len; i++) {
        gint64 center = g_array_index(centers, gint64, i);
        result = want_assets(cache, center, waiter, error);
        if (result == CACHE_ERROR)
            return result;
        if (result == CACHE_WAIT)
            awaited = center;
    }
    if (awaited == 0)
        return CACHE_HIT;
    return cache_want_listing(cache, LISTING_ASSETS, awaited, waiter, error);
}

void centers_roles_state(Cache *cache, ListingState *ret)
{
    g_autoptr(GArray) centers = list_centers(cache);

    cache_listing_state(cache, LISTING_CENTERS, 0, ret);
    ret->rows = 0;
    for (guint i = 0; i < centers->len; i++) {
        gint64 center = g_array_index(centers, gint64, i);
        ListingState assets;
        if (listing_refused(cache, LISTING_ASSETS, center, G_MAXINT64, NULL))
            continue;
        cache_listing_state(cache, LISTING_ASSETS, center, &assets);
        ret->known &= assets.known;
        ret->fresh &= assets.fresh;
        ret->served_old |= assets.served_old;
        ret->expires_us = MIN(ret->expires_us, assets.expires_us);
        ret->fetched_us = MIN(ret->fetched_us, assets.fetched_us);
        ret->changed_us = MAX(ret->changed_us, assets.changed_us);
        ret->rows += assets.rows;
    }
}

/* ---- roles ---- */

static Role role_of(const char *word)
{
    if (strcmp(word, "ADMIN") == 0)
        return ROLE_ADMIN;
    if (strcmp(word, "OPERATOR") == 0)
        return ROLE_OPERATOR;
    return strcmp(word, "ANALYST") == 0 ? ROLE_ANALYST : ROLE_UNKNOWN;
}

/* What was known before, perhaps by another login, does not count either. */
static gboolean is_refused(Cache *cache, ListingKind kind, gint64 owner)
{
    return listing_refused(cache, kind, owner, G_MININT64, NULL);
}

static Role read_role(Cache *cache, gint64 advertiser)
{
    static const char sql[] =
        "SELECT a.advertiser, b.text ->> 'advertiser_role' FROM object a JOIN body b"
        " ON b.row = a.row WHERE a.kind = ?2 AND a.advertiser IN"
        " (SELECT row FROM object WHERE kind = ?3 AND advertiser = 0) AND a.id ="
        " (SELECT id FROM object WHERE row = ?1 AND kind = ?4) AND " ASSET_IS_BOUND("b.text");
    sqlite3_stmt *found = store_statement(cache->store, sql);
    Role role = ROLE_UNKNOWN;

    sql_bind(found, "iiii", advertiser, (gint64)KIND_ASSET, (gint64)KIND_CENTER,
             (gint64)KIND_ADVERTISER);
    while (store_step(cache->store, found))
        if (!is_refused(cache, LISTING_ASSETS, sqlite3_column_int64(found, 0)))
            role = MAX(role, role_of(sql_text(found, 1)));
    sqlite3_reset(found);
    return role;
}

gint64 cache_account_of_asset(Cache *cache, gint64 asset)
{
    static const char sql[] =
        "SELECT o.row FROM object a, object o, body b WHERE a.row = ?1 AND a.kind = ?2"
        " AND o.kind = ?3 AND o.advertiser = 0 AND o.id = a.id AND b.row = a.row"
        " AND " ASSET_IS_BOUND("b.text");
    sqlite3_stmt *found = store_statement(cache->store, sql);
    gint64 row = 0;

    sql_bind(found, "iii", asset, (gint64)KIND_ASSET, (gint64)KIND_ADVERTISER);
    if (store_step(cache->store, found))
        row = sqlite3_column_int64(found, 0);
    sqlite3_reset(found);
    return row;
}

Role cache_role(Cache *cache, gint64 advertiser)
{
    Slot *slot = &get_centers(cache)->slots[(guint64)advertiser % N_SLOTS];

    if (advertiser <= 0 || is_refused(cache, LISTING_CENTERS, 0))
        return ROLE_UNKNOWN;
    if (slot->account != advertiser)
        *slot = (Slot){advertiser, read_role(cache, advertiser)};
    return slot->role;
}
