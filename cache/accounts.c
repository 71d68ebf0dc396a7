/* SPDX-License-Identifier: MIT */
/* accounts.c - accounts as the configuration gives them, and the batches of their details. */
#include "cache/accounts.h"

#include "cache/internal.h"
#include "cache/refusal.h"

/* The accounts of the configuration, as the service would have listed them. */
static GBytes *make_given(const char *const *ids)
{
    GString *json = g_string_new("{\"data\":{\"list\":[");

    for (gsize i = 0; ids[i]; i++)
        g_string_append_printf(json, "%s{\"advertiser_id\":\"%s\"}", i ? "," : "", ids[i]);
    g_string_append(json, "]}}");
    return g_string_free_to_bytes(json);
}

static guint begin_info(const void *spec)
{
    return batches_begin(((const Listing *)spec)->batches);
}

static gboolean settle_info(const void *spec, guint page, const Answer *answer, const GError *error,
                            guint *ret_pages)
{
    return batches_settle(((const Listing *)spec)->batches, page, answer, error, ret_pages);
}

static void note_refused(void *user_data, const char *id, const GError *error)
{
    Cache *cache = user_data;
    const CacheConfig *config = &cache->config;
    gint64 row = cache_find_id(cache, &(Scope){KIND_ADVERTISER, 0, NULL}, id);

    if (config->kept_old && row > 0 && cache_has_details(cache, row, NULL))
        config->kept_old(config->user_data, LISTING_INFO, row, error);
    refusal_remember(cache, id, error);
}

static void plan_info(Cache *cache, Listing *listing, PagePlan *plan)
{
    gsize n_due = 0;

    listing->ids =
        listing->lacking ? refusal_read_lacking(cache) : refusal_read_accounts(cache, &n_due);
    listing->batches = batches_new(listing->ids, n_due, listing->lacking, note_refused, cache);
    plan->begin = begin_info;
    plan->settle = settle_info;
}

/* ---- some of them ---- */

static guint begin_some(const void *spec)
{
    return begin_info(((const SinglesSpec *)spec)->listing);
}

static gboolean settle_some(const void *spec, guint page, const Answer *answer, const GError *error,
                            guint *ret_pages)
{
    return settle_info(((const SinglesSpec *)spec)->listing, page, answer, error, ret_pages);
}

static char *query_some(const void *spec, guint page)
{
    return batches_query(((const SinglesSpec *)spec)->listing->batches, page);
}

void accounts_plan_some(Cache *cache, SinglesSpec *spec, PagePlan *plan)
{
    Listing *listing = spec->listing;

    listing->batches = batches_new(listing->ids, 0, FALSE, note_refused, cache);
    plan->fixed = TRUE;
    plan->n_pages = 1;
    plan->endpoint = ENDPOINT_ADVERTISER_INFO;
    plan->query = query_some;
    plan->begin = begin_some;
    plan->settle = settle_some;
}

void accounts_plan(Cache *cache, Listing *listing, PagePlan *plan)
{
    const char *const *given = cache->config.advertisers;

    plan->fixed = TRUE;
    plan->n_pages = 1;
    if (listing->kind == LISTING_INFO) {
        plan_info(cache, listing, plan);
    } else if (given) {
        plan->given = make_given(given);
        plan->n_given = g_strv_length((char **)given);
    }
}
