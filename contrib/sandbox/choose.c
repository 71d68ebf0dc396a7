/* SPDX-License-Identifier: MIT */
/* choose.c - see choose.h: from the ids that were given, or else from all campaigns downwards. */
#include "choose.h"

#include <string.h>

#include "status.h"

enum { MAX_OBJECTS_OF_REPORT = 20000 };

typedef struct {
    const Call *call;
    const ReportQuery *query;
    guint number; /* of the account */
    const Account *account;
    GArray *choices;  /* Choice */
    GHashTable *seen; /* positions, where ids may name an object twice; else NULL */
    gboolean throttled;
} Run;

static gboolean contains_id(const GPtrArray *ids, guint64 id)
{
    g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT, id);

    return g_ptr_array_find_with_equal_func((GPtrArray *)ids, text, g_str_equal, NULL);
}

static gboolean has_status(const Item *item, Kind kind, const GPtrArray *words)
{
    Item view = *item;

    view.kind = kind;
    for (guint i = 0; i < words->len; i++) {
        if (status_matches(&view, g_ptr_array_index(words, i)))
            return TRUE;
    }
    return FALSE;
}

gboolean choose_passes(const ReportQuery *query, const Item *item, Kind kind)
{
    if (query->ids[kind] != NULL && !contains_id(query->ids[kind], item->id[kind]))
        return FALSE;
    if (query->status[kind] != NULL && !has_status(item, kind, query->status[kind]))
        return FALSE;
    if (kind == CAMPAIGN && query->objectives != NULL &&
        !g_ptr_array_find_with_equal_func(query->objectives, item->campaign.objective->type,
                                          g_str_equal, NULL))
        return FALSE;
    if (query->name[kind] != NULL) {
        g_autofree char *name = item_name(item, kind);

        return strstr(name, query->name[kind]) != NULL;
    }
    return TRUE;
}

static gint64 created_of(const Item *item)
{
    const gint64 times[N_KINDS] = {item->campaign.created, item->adgroup.created, item->ad.created};

    return times[item->kind];
}

static int by_listing(const void *a, const void *b)
{
    const Choice *left = a, *right = b;

    if (left->account != right->account)
        return left->account < right->account ? -1 : 1;
    return (left->position > right->position) - (left->position < right->position);
}

static int newest_first(const void *a, const void *b)
{
    const Choice *left = a, *right = b;

    if (left->created != right->created)
        return left->created < right->created ? 1 : -1;
    return by_listing(a, b);
}

static void keep_newest(Run *run)
{
    if (run->choices->len < MAX_OBJECTS_OF_REPORT)
        return;
    g_array_sort(run->choices, newest_first);
    g_array_set_size(run->choices, MAX_OBJECTS_OF_REPORT);
    run->throttled = TRUE;
}

/* Of a million no more is held than twice what can be in the report. */
static void choose(Run *run, const Item *item)
{
    Choice choice = {run->number, item->position[item->kind], created_of(item)};

    if (run->seen != NULL && !g_hash_table_add(run->seen, GSIZE_TO_POINTER(choice.position)))
        return;
    g_array_append_val(run->choices, choice);
    if (run->choices->len == 2 * MAX_OBJECTS_OF_REPORT)
        keep_newest(run);
}

/* item passes down to its own kind. */
static void choose_below(Run *run, const Item *item)
{
    const World *world = item->world;

    if ((int)item->kind == run->query->level) {
        choose(run, item);
        return;
    }

    guint64 begin = world_first_child(world, item->kind, item->index[item->kind]);
    guint64 end = world_first_child(world, item->kind, item->index[item->kind] + 1);
    for (guint64 index = begin; index < end; index++) {
        Item child = item_child(item, index);

        if (choose_passes(run->query, &child, child.kind))
            choose_below(run, &child);
    }
}

/* From an id: down to the level, or up to it. */
static void choose_by_id(Run *run, Kind kind, const char *id)
{
    const World *world = run->call->world;
    const int level = run->query->level;
    Item item;

    if (!item_find(world, run->account, kind, id, &item))
        return;
    for (Kind k = CAMPAIGN; k <= kind; k++) {
        if (!choose_passes(run->query, &item, k))
            return;
    }
    if ((int)kind > level)
        item = item_at(world, run->account, (Kind)level, item.position[level]);
    choose_below(run, &item);
}

static void choose_of_account(Run *run)
{
    const World *world = run->call->world;

    for (int kind = AD; kind >= CAMPAIGN; kind--) {
        const GPtrArray *ids = run->query->ids[kind];

        for (guint i = 0; ids != NULL && i < ids->len; i++)
            choose_by_id(run, (Kind)kind, g_ptr_array_index(ids, i));
        if (ids != NULL)
            return;
    }
    for (guint64 position = 0; position < world->count[CAMPAIGN]; position++) {
        Item item = item_at(world, run->account, CAMPAIGN, position);

        if (choose_passes(run->query, &item, CAMPAIGN))
            choose_below(run, &item);
    }
}

static gboolean has_ids(const ReportQuery *query)
{
    return query->ids[CAMPAIGN] != NULL || query->ids[ADGROUP] != NULL || query->ids[AD] != NULL;
}

GArray *choose_objects(const Call *call, const ReportQuery *query, gboolean *throttled)
{
    Run run = {call, query, .choices = g_array_new(FALSE, FALSE, sizeof(Choice))};

    for (guint i = 0; i < query->accounts->len; i++) {
        g_autoptr(GHashTable) seen = has_ids(query) ? g_hash_table_new(NULL, NULL) : NULL;

        run.number = i;
        run.account = g_ptr_array_index(query->accounts, i);
        run.seen = seen;
        choose_of_account(&run);
    }
    keep_newest(&run);
    g_array_sort(run.choices, by_listing);
    *throttled = run.throttled;
    return run.choices;
}
