/* SPDX-License-Identifier: MIT */
/*
 * list.c - one page of a collection. Without a filter a page costs its own size: ranks are counted,
 * only the deleted ones (sorted, few) are stepped over. A filter by ids looks these up; any other
 * looks at all objects once and remembers the matches for the next page.
 *
 * The rank is where in the listing an object comes: what was created last first, then by position.
 */
#include "list.h"

#include <stdlib.h>

#include "clock.h"
#include "created.h"
#include "filter.h"
#include "render.h"

static int by_rank(const void *a, const void *b)
{
    guint64 left = *(const guint64 *)a, right = *(const guint64 *)b;

    return (left > right) - (left < right);
}

static void sort_unique(GArray *ranks)
{
    guint kept = 0;

    g_array_sort(ranks, by_rank);
    for (guint i = 0; i < ranks->len; i++) {
        guint64 rank = g_array_index(ranks, guint64, i);

        if (kept == 0 || g_array_index(ranks, guint64, kept - 1) != rank)
            g_array_index(ranks, guint64, kept++) = rank;
    }
    g_array_set_size(ranks, kept);
}

static guint64 created_of(const Call *call, Kind kind)
{
    return world_created(call->world, call->account->index, kind);
}

static guint64 position_of(const Call *call, Kind kind, guint64 created, guint64 rank)
{
    return rank < created ? call->world->count[kind] + created - 1 - rank : rank - created;
}

typedef struct {
    const Call *call;
    Kind kind;
    guint64 created; /* how many of the kind were */
    GArray *ranks;
    const Filter *filter; /* NULL: all */
} Collect;

static Collect collect_of(const Call *call, Kind kind, const Filter *filter)
{
    return (Collect){call, kind, created_of(call, kind), g_array_new(FALSE, FALSE, sizeof(guint64)),
                     filter};
}

static void collect(Collect *collect, guint64 position)
{
    guint64 count = collect->call->world->count[collect->kind], created = collect->created;
    guint64 rank = position < count ? created + position : created - 1 - (position - count);

    g_array_append_val(collect->ranks, rank);
}

/* The object itself or all its descendants of the kind that is collected. */
static void collect_below(Collect *all, const Item *item)
{
    const World *world = item->world;

    if (item->kind == all->kind) {
        if (all->filter == NULL || filter_matches(all->filter, item))
            collect(all, item->position[item->kind]);
        return;
    }

    guint64 from = world_first_child(world, item->kind, item->index[item->kind]);
    guint64 to = world_first_child(world, item->kind, item->index[item->kind] + 1);
    for (guint64 index = from; index < to; index++) {
        Item child = item_child(item, index);

        collect_below(all, &child);
    }
    for (guint64 index = 0; (index = created_next_child(item, index)) != G_MAXUINT64; index++) {
        Item child = item_child(item, index);

        collect_below(all, &child);
    }
}

static void collect_deleted(guint64 id, const Change *change, void *user_data)
{
    Collect *all = user_data;
    const Call *call = all->call;
    guint64 position;

    if (change_get(change, "_deleted") == NULL)
        return;
    for (Kind kind = CAMPAIGN; kind <= all->kind; kind++) {
        if (!world_find(call->world, call->account->index, kind, id, &position))
            continue;
        Item item = item_at(call->world, call->account, kind, position);
        collect_below(all, &item);
    }
}

/* Sorted ranks of what is deleted; remembered until something changes. */
static const GArray *deleted_ranks(const Call *call, Kind kind)
{
    g_autofree char *key = g_strdup_printf("deleted %u %u %u", call->account->index, (guint)kind,
                                           changes_generation(call->world->changes));
    GArray *ranks = memo_find(call->memo, key);

    if (ranks == NULL) {
        Collect deleted = collect_of(call, kind, NULL);

        changes_foreach(call->world->changes, collect_deleted, &deleted);
        sort_unique(deleted.ranks);
        ranks = memo_store(call->memo, key, deleted.ranks);
    }
    return ranks;
}

/* The rank of what is at this place among those that are not deleted. */
static guint64 visible_rank(const GArray *deleted, guint64 place)
{
    guint low = 0, high = deleted->len; /* how many deleted ones come before it */

    while (low < high) {
        guint middle = (low + high) / 2;

        if (g_array_index(deleted, guint64, middle) - middle <= place)
            low = middle + 1;
        else
            high = middle;
    }
    return place + low;
}

static void collect_ids(Collect *all, Kind kind, const GPtrArray *ids)
{
    const Call *call = all->call;
    Item item;

    for (guint i = 0; i < ids->len; i++) {
        if (item_find(call->world, call->account, kind, g_ptr_array_index(ids, i), &item))
            collect_below(all, &item);
    }
}

static void collect_matches(Collect *all)
{
    const Call *call = all->call;

    for (int kind = (int)all->kind; kind >= CAMPAIGN; kind--) {
        const GPtrArray *ids = filter_ids(all->filter, (Kind)kind);

        if (ids != NULL) {
            collect_ids(all, (Kind)kind, ids);
            return;
        }
    }
    guint64 n = call->world->count[CAMPAIGN] + created_of(call, CAMPAIGN);

    for (guint64 i = 0; i < n; i++) {
        Item item = item_at(call->world, call->account, CAMPAIGN,
                            world_position(call->world, call->account->index, CAMPAIGN, i));

        collect_below(all, &item);
    }
}

/* The key has the minute, since a schedule that begins changes what matches a status. */
static const GArray *matching_ranks(const Call *call, const Filter *filter)
{
    g_autofree char *key = g_strdup_printf(
        "%s %u %" G_GINT64_FORMAT " %u %s", call->endpoint->path, call->account->index,
        clock_now() / 60, changes_generation(call->world->changes), arg_text(call, "filtering"));
    GArray *ranks = memo_find(call->memo, key);

    if (ranks == NULL) {
        Collect matches = collect_of(call, call->endpoint->kind, filter);

        collect_matches(&matches);
        sort_unique(matches.ranks);
        ranks = memo_store(call->memo, key, matches.ranks);
    }
    return ranks;
}

static gboolean read_fields(const Call *call, GHashTable **ret, gboolean *drop_null, GError **error)
{
    g_autoptr(GPtrArray) names = NULL;
    g_autoptr(GPtrArray) excluded = NULL;

    if (!arg_strings(call, "fields", &names, error) ||
        !arg_strings(call, "exclude_field_types_in_response", &excluded, error))
        return FALSE;

    *drop_null = FALSE;
    for (guint i = 0; excluded != NULL && i < excluded->len; i++) {
        if (!g_str_equal(g_ptr_array_index(excluded, i), "NULL_FIELD"))
            return refuse(error, CODE_PARAMETER,
                          "exclude_field_types_in_response: Not a valid choice: %s.",
                          (char *)g_ptr_array_index(excluded, i));
        *drop_null = TRUE;
    }
    if (names == NULL)
        return TRUE;

    g_autoptr(GHashTable) fields = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < names->len; i++) {
        char *name = g_ptr_array_index(names, i);

        if (!render_has_field(call->endpoint->kind, name))
            return refuse(error, CODE_PARAMETER, "fields: Not a valid choice: %s.", name);
        g_hash_table_add(fields, g_strdup(name));
    }
    *ret = g_steal_pointer(&fields);
    return TRUE;
}

static void put_page(const Call *call, const Filter *filter, Page *page, GHashTable *fields,
                     gboolean drop_null, Answer *answer)
{
    Kind kind = call->endpoint->kind;
    gboolean plain = filter_is_plain(filter);
    const GArray *ranks = plain ? deleted_ranks(call, kind) : matching_ranks(call, filter);
    guint64 created = created_of(call, kind);
    guint64 n = call->world->count[kind] + created;
    page_put(page, plain ? (gint64)(n - ranks->len) : ranks->len, answer->rest);

    g_string_append_c(answer->list, '[');
    for (gint64 i = page->from; i < page->to; i++) {
        guint64 row = (guint64)page_row(page, i);
        guint64 rank = plain ? visible_rank(ranks, row) : g_array_index(ranks, guint64, (guint)row);
        Item item =
            item_at(call->world, call->account, kind, position_of(call, kind, created, rank));

        if (i > page->from)
            g_string_append_c(answer->list, ',');
        render_item(answer->list, &item, fields, drop_null);
    }
    g_string_append_c(answer->list, ']');
}

gboolean list_get(const Call *call, Answer *answer, GError **error)
{
    g_autoptr(GHashTable) fields = NULL;
    g_autoptr(cJSON) filtering = NULL;
    gboolean drop_null;
    Page page;

    if (!read_fields(call, &fields, &drop_null, error) || !page_read(call, 1000, &page, error) ||
        !arg_json(call, "filtering", cJSON_Object, &filtering, error))
        return FALSE;
    g_autoptr(Filter) filter = filter_new(call->endpoint->kind, filtering, error);
    if (filter == NULL)
        return FALSE;

    changes_look_back(call->world->changes, TRUE);
    put_page(call, filter, &page, fields, drop_null, answer);
    changes_look_back(call->world->changes, FALSE);
    return TRUE;
}
