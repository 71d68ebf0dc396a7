/* SPDX-License-Identifier: MIT */
/* object-ids.c - reads a whole list for its ids alone. */
#include "cache/object-ids.h"

#include <string.h>

#include "api/encode.h"
#include "cache/extract.h"

/* Of both threads: ids and seen are the writer's until the list has ended. */
typedef struct {
    IdsPlan plan;
    char *account_id, *campaign_id;
    GPtrArray *ids;
    GHashTable *seen; /* set of the same texts */
} Ids;

static void ids_free(void *data)
{
    Ids *ids = data;

    g_hash_table_unref(ids->seen);
    g_ptr_array_unref(ids->ids);
    g_free(ids->account_id);
    g_free(ids->campaign_id);
    g_free(ids);
}

static char *query_page(const void *spec, guint page)
{
    const Ids *ids = spec;

    return encode_ids(ids->plan.kind, ids->account_id, ids->campaign_id, page, PAGE_SIZE);
}

static void forget(const Ids *ids)
{
    g_hash_table_remove_all(ids->seen);
    g_ptr_array_set_size(ids->ids, 0);
}

static gboolean store_page(sqlite3 *db, const void *spec, const Page *page, gint64 *ret_rows,
                           gint64 *ret_new, GError **error)
{
    const Ids *ids = spec;
    Bodies bodies = {.path = "$.data.list"};
    g_auto(Extract) extract = {0};
    g_autoptr(GError) failure = NULL;

    (void)db;
    if (page->first)
        forget(ids);
    bodies.text = g_bytes_get_data(page->body, &bodies.length);
    if (!extract_init(&extract, ids->plan.kind, &bodies, error))
        return FALSE;
    while (extract_next(&extract, &failure)) {
        char *id = g_strdup(extract.id->str);

        ++*ret_rows;
        if (!g_hash_table_add(ids->seen, id)) {
            g_free(id);
            continue;
        }
        g_ptr_array_add(ids->ids, id);
        ++*ret_new;
    }
    if (!failure)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

static gboolean finish(sqlite3 *db, const void *spec, gint64 began_us, GError **error)
{
    (void)db, (void)spec, (void)began_us, (void)error;
    return TRUE;
}

static void ended(void *user_data, const GError *error)
{
    Ids *ids = user_data;

    ids->plan.done(ids->plan.user_data, error ? NULL : ids->ids, error);
}

static gboolean is_wanted(void *user_data)
{
    const Ids *ids = user_data;

    return ids->plan.wanted(ids->plan.user_data);
}

void object_ids_list(Cache *cache, const IdsPlan *plan)
{
    Ids *ids = g_new0(Ids, 1);
    PagePlan pages = {.endpoint = endpoint_get_of(plan->kind),
                      .page_size = PAGE_SIZE,
                      .query = query_page,
                      .store = store_page,
                      .finish = finish,
                      .ended = ended,
                      .wanted = is_wanted,
                      .calls = plan->calls,
                      .spec = ids,
                      .spec_free = ids_free,
                      .user_data = ids};

    ids->plan = *plan;
    ids->account_id = g_strdup(plan->account_id);
    ids->campaign_id = g_strdup(plan->campaign_id);
    ids->ids = g_ptr_array_new_with_free_func(g_free);
    ids->seen = g_hash_table_new(g_str_hash, g_str_equal);
    pages.advertiser = ids->account_id;
    pages.what = g_strdup_printf("%ss of %s", kind_names(plan->kind)->word, plan->account_id);
    pages_start(cache, &pages, plan->priority);
}
