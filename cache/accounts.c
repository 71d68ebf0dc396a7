/* SPDX-License-Identifier: MIT */
/* accounts.c - accounts as the configuration gives them, and the batches of their details. */
#include "cache/accounts.h"

#include "api/encode.h"
#include "cache/internal.h"

/* The accounts of the configuration, as the service would have listed them. */
static GBytes *make_given(const char *const *ids)
{
    GString *json = g_string_new("{\"data\":{\"list\":[");

    for (gsize i = 0; ids[i]; i++)
        g_string_append_printf(json, "%s{\"advertiser_id\":\"%s\"}", i ? "," : "", ids[i]);
    g_string_append(json, "]}}");
    return g_string_free_to_bytes(json);
}

static char **read_accounts(Cache *cache)
{
    static const char sql[] = "SELECT id FROM object WHERE kind = ?1 AND advertiser = 0";
    sqlite3_stmt *row = store_statement(cache->store, sql);
    g_autoptr(GStrvBuilder) ids = g_strv_builder_new();

    sql_bind(row, "i", (gint64)KIND_ADVERTISER);
    while (store_step(cache->store, row))
        g_strv_builder_add(ids, sql_text(row, 0));
    sqlite3_reset(row);
    return g_strv_builder_end(ids);
}

void accounts_plan(Cache *cache, Listing *listing, PagePlan *plan)
{
    const char *const *given = cache->config.advertisers;

    plan->fixed = TRUE;
    plan->n_pages = 1;
    if (listing->kind == LISTING_INFO) {
        listing->ids = read_accounts(cache);
        plan->n_pages = (g_strv_length(listing->ids) + INFO_IDS_MAX - 1) / INFO_IDS_MAX;
    } else if (given) {
        plan->given = make_given(given);
        plan->n_given = g_strv_length((char **)given);
    }
}

char *accounts_query_info(const Listing *listing, guint page)
{
    char *batch[INFO_IDS_MAX + 1] = {NULL};
    gsize first = (gsize)(page - 1) * INFO_IDS_MAX;

    for (gsize i = 0; i < INFO_IDS_MAX && listing->ids[first + i]; i++)
        batch[i] = listing->ids[first + i];
    return encode_info((const char *const *)batch);
}
