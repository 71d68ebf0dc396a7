/* SPDX-License-Identifier: MIT */
/*
 * list.c - one page of a collection. Without a filter a page costs its own size: positions are
 * counted, only the deleted ones (sorted, few) are stepped over. A filter by ids looks these up;
 * any other looks at all objects once and remembers the matches for the next page.
 */
#include "list.h"

#include <stdlib.h>

#include "clock.h"
#include "filter.h"
#include "render.h"

static int by_position(const void *a, const void *b)
{
    guint64 left = *(const guint64 *)a, right = *(const guint64 *)b;

    return (left > right) - (left < right);
}

static void sort_unique(GArray *positions)
{
    guint kept = 0;

    g_array_sort(positions, by_position);
    for (guint i = 0; i < positions->len; i++) {
        guint64 position = g_array_index(positions, guint64, i);

        if (kept == 0 || g_array_index(positions, guint64, kept - 1) != position)
            g_array_index(positions, guint64, kept++) = position;
    }
    g_array_set_size(positions, kept);
}

typedef struct {
    const Call *call;
    Kind kind;
    GArray *positions;
    const Filter *filter; /* NULL: all */
} Collect;

/* The object itself or all its descendants of the kind that is collected. */
static void collect_below(Collect *collect, const Item *item)
{
    const World *world = item->world;

    if (item->kind == collect->kind) {
        if (collect->filter == NULL || filter_matches(collect->filter, item))
            g_array_append_val(collect->positions, item->position[item->kind]);
        return;
    }

    guint64 from = world_first_child(world, item->kind, item->index[item->kind]);
    guint64 to = world_first_child(world, item->kind, item->index[item->kind] + 1);
    for (guint64 index = from; index < to; index++) {
        Item child = item_child(item, index);

        collect_below(collect, &child);
    }
}

static void collect_deleted(guint64 id, const Change *change, void *user_data)
{
    Collect *collect = user_data;
    const Call *call = collect->call;
    guint64 position;

    if (change_get(change, "_deleted") == NULL)
        return;
    for (Kind kind = CAMPAIGN; kind <= collect->kind; kind++) {
        if (!world_find(call->world, call->account->index, kind, id, &position))
            continue;
        Item item = item_at(call->world, call->account, kind, position);
        collect_below(collect, &item);
    }
}

/* Sorted positions of what is deleted; remembered until something changes. */
static const GArray *deleted_positions(const Call *call, Kind kind)
{
    g_autofree char *key = g_strdup_printf("deleted %u %u %u", call->account->index, (guint)kind,
                                           changes_generation(call->world->changes));
    GArray *positions = memo_find(call->memo, key);

    if (positions == NULL) {
        Collect collect = {call, kind, g_array_new(FALSE, FALSE, sizeof(guint64)), NULL};

        changes_foreach(call->world->changes, collect_deleted, &collect);
        sort_unique(collect.positions);
        positions = memo_store(call->memo, key, collect.positions);
    }
    return positions;
}

/* The position of what comes number rank among those that are not deleted. */
static guint64 visible_position(const GArray *deleted, guint64 rank)
{
    guint low = 0, high = deleted->len; /* how many deleted ones come before it */

    while (low < high) {
        guint middle = (low + high) / 2;

        if (g_array_index(deleted, guint64, middle) - middle <= rank)
            low = middle + 1;
        else
            high = middle;
    }
    return rank + low;
}

static void collect_ids(Collect *collect, Kind kind, const GPtrArray *ids)
{
    const Call *call = collect->call;
    Item item;

    for (guint i = 0; i < ids->len; i++) {
        if (item_find(call->world, call->account, kind, g_ptr_array_index(ids, i), &item))
            collect_below(collect, &item);
    }
}

static void collect_matches(Collect *collect)
{
    const Call *call = collect->call;

    for (int kind = (int)collect->kind; kind >= CAMPAIGN; kind--) {
        const GPtrArray *ids = filter_ids(collect->filter, (Kind)kind);

        if (ids != NULL) {
            collect_ids(collect, (Kind)kind, ids);
            return;
        }
    }
    for (guint64 i = 0; i < call->world->count[CAMPAIGN]; i++) {
        Item item = item_at(call->world, call->account, CAMPAIGN,
                            world_position(call->world, call->account->index, CAMPAIGN, i));

        collect_below(collect, &item);
    }
}

/* The key has the minute, since a schedule that begins changes what matches a status. */
static const GArray *matching_positions(const Call *call, const Filter *filter)
{
    g_autofree char *key = g_strdup_printf(
        "%s %u %" G_GINT64_FORMAT " %u %s", call->endpoint->path, call->account->index,
        clock_now() / 60, changes_generation(call->world->changes), arg_text(call, "filtering"));
    GArray *positions = memo_find(call->memo, key);

    if (positions == NULL) {
        Collect collect = {call, call->endpoint->kind, g_array_new(FALSE, FALSE, sizeof(guint64)),
                           filter};

        collect_matches(&collect);
        sort_unique(collect.positions);
        positions = memo_store(call->memo, key, collect.positions);
    }
    return positions;
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

gboolean list_get(const Call *call, Answer *answer, GError **error)
{
    Kind kind = call->endpoint->kind;
    g_autoptr(GHashTable) fields = NULL;
    g_autoptr(cJSON) filtering = NULL;
    gboolean drop_null;
    Page page;

    if (!read_fields(call, &fields, &drop_null, error) || !page_read(call, 1000, &page, error) ||
        !arg_json(call, "filtering", cJSON_Object, &filtering, error))
        return FALSE;
    g_autoptr(Filter) filter = filter_new(kind, filtering, error);
    if (filter == NULL)
        return FALSE;

    gboolean plain = filter_is_plain(filter);
    const GArray *array = plain ? deleted_positions(call, kind) : matching_positions(call, filter);
    page_put(&page, plain ? (gint64)(call->world->count[kind] - array->len) : array->len,
             answer->rest);

    g_string_append_c(answer->list, '[');
    for (gint64 i = page.from; i < page.to; i++) {
        guint64 row = (guint64)page_row(&page, i);
        guint64 position =
            plain ? visible_position(array, row) : g_array_index(array, guint64, (guint)row);
        Item item = item_at(call->world, call->account, kind, position);

        if (i > page.from)
            g_string_append_c(answer->list, ',');
        render_item(answer->list, &item, fields, drop_null);
    }
    g_string_append_c(answer->list, ']');
    return TRUE;
}
