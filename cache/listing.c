/* SPDX-License-Identifier: MIT */
/* listing.c - what is asked for to list things of a kind, and where the pages go. */
#include "cache/listing.h"

#include "api/encode.h"
#include "cache/accounts.h"

static const ListingType types[N_LISTINGS] = {
    [LISTING_ADVERTISERS] = {KIND_ADVERTISER, ENDPOINT_ADVERTISERS, PAGE_SIZE, "accounts"},
    [LISTING_INFO] = {KIND_ADVERTISER, ENDPOINT_ADVERTISER_INFO, INFO_IDS_MAX, "account details"},
    [LISTING_CAMPAIGNS] = {KIND_CAMPAIGN, ENDPOINT_CAMPAIGN_GET, PAGE_SIZE, "campaigns"},
    [LISTING_ADGROUPS] = {KIND_ADGROUP, ENDPOINT_ADGROUP_GET, PAGE_SIZE, "ad groups"},
    [LISTING_ADS] = {KIND_AD, ENDPOINT_AD_GET, PAGE_SIZE, "ads"},
};

const ListingType *listing_type(ListingKind kind)
{
    g_assert(kind < N_LISTINGS);
    return &types[kind];
}

static char *query_page(const void *spec, guint page)
{
    const Listing *listing = spec;

    if (listing->kind == LISTING_ADVERTISERS)
        return NULL;
    if (listing->kind == LISTING_INFO)
        return accounts_query_info(listing, page);
    return encode_list(listing->members, listing->advertiser_id, NULL, page, PAGE_SIZE);
}

static gboolean store_page(sqlite3 *db, const void *spec, const Page *page, gint64 *ret_rows,
                           gint64 *ret_new, GError **error)
{
    const Listing *listing = spec;
    Bodies bodies = {.path = "$.data.list", .asked_us = page->asked_us};

    bodies.text = g_bytes_get_data(page->body, &bodies.length);
    if (page->number == 1 && !upsert_begin(db, listing, error))
        return FALSE;
    return upsert_rows(db, listing, &bodies, ret_rows, ret_new, error);
}

static gboolean finish_listing(sqlite3 *db, const void *spec, gint64 began_us, GError **error)
{
    return upsert_finish(db, spec, began_us, error);
}

PagePlan listing_plan(Cache *cache, Listing *listing)
{
    const ListingType *type = listing_type(listing->kind);
    const char *of = listing->advertiser_id;
    PagePlan plan = {
        .endpoint = type->endpoint,
        .page_size = type->page_size,
        .what = of ? g_strdup_printf("%s of %s", type->what, of) : g_strdup(type->what),
        .query = query_page,
        .store = store_page,
        .finish = finish_listing,
        .spec = listing,
        .spec_free = listing_free,
    };

    if (type->members == KIND_ADVERTISER)
        accounts_plan(cache, listing, &plan);
    return plan;
}
