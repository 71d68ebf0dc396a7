/* SPDX-License-Identifier: MIT */
/* listing.c - what is asked for to list things of a kind, and where the pages go. */
#include "cache/listing.h"

#include "api/encode.h"
#include "api/error.h"
#include "cache/accounts.h"
#include "cache/settle.h"
#include "cache/single-store.h"

/* clang-format off */
static const ListingType types[N_LISTINGS] = {
    [LISTING_ADVERTISERS] = {KIND_ADVERTISER, KIND_NONE, ENDPOINT_ADVERTISERS, PAGE_SIZE,
                             "accounts"},
    [LISTING_INFO]      = {KIND_ADVERTISER, KIND_NONE, ENDPOINT_ADVERTISER_INFO, INFO_IDS_MAX,
                           "account details"},
    [LISTING_CAMPAIGNS] = {KIND_CAMPAIGN, KIND_ADVERTISER, ENDPOINT_CAMPAIGN_GET, PAGE_SIZE,
                           "campaigns"},
    [LISTING_ADGROUPS]  = {KIND_ADGROUP, KIND_ADVERTISER, ENDPOINT_ADGROUP_GET, PAGE_SIZE,
                           "ad groups"},
    [LISTING_ADS]       = {KIND_AD, KIND_ADVERTISER, ENDPOINT_AD_GET, PAGE_SIZE, "ads"},
    [LISTING_CENTERS]   = {KIND_CENTER, KIND_NONE, ENDPOINT_CENTERS, CENTER_PAGE_SIZE,
                           "Business Centers"},
    [LISTING_ROLES]     = {KIND_NONE},
    [LISTING_ASSETS]    = {KIND_ASSET, KIND_CENTER, ENDPOINT_CENTER_ASSETS, CENTER_PAGE_SIZE,
                           "accounts of Business Center"},
    [LISTING_MEMBERS]   = {KIND_MEMBER, KIND_CENTER, ENDPOINT_CENTER_MEMBERS, MEMBER_PAGE_SIZE,
                           "members of Business Center"},
    [LISTING_FUNDS]     = {KIND_FUNDS, KIND_CENTER, ENDPOINT_CENTER_BALANCE, 1,
                           "balance of Business Center"},
};
/* clang-format on */

const ListingType *listing_type(ListingKind kind)
{
    g_assert(kind < N_LISTINGS);
    return &types[kind];
}

void listing_free(void *data)
{
    Listing *listing = data;

    if (!listing)
        return;
    g_free(listing->advertiser_id);
    batches_free(listing->batches);
    g_strfreev(listing->ids);
    row_set_free(listing->seen);
    g_free(listing);
}

static gboolean has_code(const GError *error, const int *codes, gsize n)
{
    for (gsize i = 0; i < n; i++)
        if (api_error_code(error) == codes[i])
            return TRUE;
    return FALSE;
}

/* 404: the edge knows no such path. */
gboolean listing_is_absence(const GError *error)
{
    static const int codes[] = {404, 40009, 40013, 40014, 40400};

    return has_code(error, codes, G_N_ELEMENTS(codes));
}

gboolean listing_is_other_party(const GError *error)
{
    static const int codes[] = {40106, 40119, 70001};

    return has_code(error, codes, G_N_ELEMENTS(codes));
}

/* Not a failure, but what the service has to say: to ask again brings the same. */
static gboolean is_final(const GError *error)
{
    return listing_is_absence(error) || listing_is_other_party(error) ||
           (api_error_code(error) != 0 && (g_error_matches(error, API_ERROR, API_ERROR_NOT_FOUND) ||
                                           g_error_matches(error, API_ERROR, API_ERROR_INVALID)));
}

/* Nothing in a call for centers can be wrong but who asks, or which center. */
gboolean listing_is_refusal(ListingKind kind, const GError *error)
{
    gboolean center = kind == LISTING_CENTERS || kind == LISTING_ASSETS;

    if (g_error_matches(error, API_ERROR, API_ERROR_DENIED))
        return center || kind == LISTING_INFO;
    return center && is_final(error);
}

static char *query_page(const void *spec, guint page)
{
    const Listing *listing = spec;

    if (listing->kind == LISTING_ADVERTISERS)
        return NULL;
    if (listing->kind == LISTING_INFO)
        return batches_query(listing->batches, page);
    if (listing->members == KIND_FUNDS)
        return encode_center(listing->advertiser_id, NULL, 0, 0);
    if (listing->members >= KIND_CENTER)
        return encode_center(listing->advertiser_id,
                             listing->members == KIND_ASSET ? "ADVERTISER" : NULL, page,
                             listing_type(listing->kind)->page_size);
    return encode_list(listing->members, listing->advertiser_id, NULL, page, PAGE_SIZE);
}

/* So many rows take some tenths of a second, for which a commit may have to wait. */
enum { SORT_MOST = 100000 };

/* What a long list brings is sorted as it comes, in the pauses that the pace leaves. */
static gboolean sort_meanwhile(sqlite3 *db, const Listing *listing, guint page, GError **error)
{
    gboolean more;

    return page % (SORT_MOST / PAGE_SIZE) != 0 ||
           settle_sort(db, listing->members, listing->advertiser, SORT_MOST, &more, error);
}

static gboolean arrange_listing(sqlite3 *db, const void *spec, gboolean *ret_more, GError **error)
{
    const Listing *listing = spec;

    return settle_sort(db, listing->members, listing->advertiser, SORT_MOST, ret_more, error);
}

static gboolean store_page(sqlite3 *db, const void *spec, const Page *page, gint64 *ret_rows,
                           gint64 *ret_new, GError **error)
{
    const Listing *listing = spec;
    const char *path = listing->members == KIND_FUNDS ? "$.data" : "$.data.list";
    Bodies bodies = {.path = path, .asked_us = page->asked_us};

    bodies.text = g_bytes_get_data(page->body, &bodies.length);
    if (page->first && !upsert_begin(db, listing, error))
        return FALSE;
    return upsert_rows(db, listing, &bodies, ret_rows, ret_new, error) &&
           (!page->only || singles_mark(db, listing, page->body, error)) &&
           sort_meanwhile(db, listing, page->number, error);
}

static gboolean finish_listing(sqlite3 *db, const void *spec, gint64 began_us, GError **error)
{
    return settle_listing(db, spec, began_us, error) && singles_prune(db, spec, began_us, error);
}

static char *what_of(const ListingType *type, const char *id)
{
    const char *of = type->owner == KIND_ADVERTISER ? "of " : "";

    return id ? g_strdup_printf("%s %s%s", type->what, of, id) : g_strdup(type->what);
}

PagePlan listing_plan(Cache *cache, Listing *listing)
{
    const ListingType *type = listing_type(listing->kind);
    PagePlan plan = {
        .endpoint = type->endpoint,
        .page_size = type->page_size,
        .single = type->members == KIND_FUNDS,
        .advertiser = type->owner == KIND_ADVERTISER ? listing->advertiser_id : NULL,
        .what = what_of(type, listing->advertiser_id),
        .query = query_page,
        .store = store_page,
        .arrange = arrange_listing,
        .finish = finish_listing,
        .spec = listing,
        .spec_free = listing_free,
    };

    if (type->members == KIND_ADVERTISER)
        accounts_plan(cache, listing, &plan);
    return plan;
}
