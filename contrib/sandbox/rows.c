/* SPDX-License-Identifier: MIT */
/*
 * rows.c - first the objects a report is about are chosen, then each is summed up from its ads.
 * The result is remembered for the other pages until something changes or the hour ends.
 */
#include "rows.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "status.h"

enum { MAX_OBJECTS_OF_REPORT = 20000 };

typedef struct {
    guint64 position;
    gint64 created;
} Choice;

typedef struct {
    const Call *call;
    const ReportQuery *query;
    Moment moment;
    GArray *choices;  /* Choice */
    GHashTable *seen; /* positions, where ids may name an object twice; else NULL */
    GArray *rows;     /* ReportRow */
    GArray *sums;     /* Counters, one for each day or one in all */
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

static gboolean passes(const ReportQuery *query, const Item *item, Kind kind)
{
    if (query->ids[kind] != NULL && !contains_id(query->ids[kind], item->id[kind]))
        return FALSE;
    if (query->status[kind] != NULL && !has_status(item, kind, query->status[kind]))
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

static int newest_first(const void *a, const void *b)
{
    const Choice *left = a, *right = b;

    if (left->created != right->created)
        return left->created < right->created ? 1 : -1;
    return (left->position > right->position) - (left->position < right->position);
}

static void keep_newest(GArray *choices)
{
    g_array_sort(choices, newest_first);
    g_array_set_size(choices, MAX_OBJECTS_OF_REPORT);
}

/* Of a million no more is held than twice what can be in the report. */
static void choose(Run *run, const Item *item)
{
    Choice choice = {item->position[item->kind], created_of(item)};

    if (run->seen != NULL && !g_hash_table_add(run->seen, GSIZE_TO_POINTER(choice.position)))
        return;
    g_array_append_val(run->choices, choice);
    if (run->choices->len == 2 * MAX_OBJECTS_OF_REPORT)
        keep_newest(run->choices);
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

        if (passes(run->query, &child, child.kind))
            choose_below(run, &child);
    }
}

/* From an id: down to the level, or up to it. */
static void choose_by_id(Run *run, Kind kind, const char *id)
{
    const Call *call = run->call;
    Item item;

    if (!item_find(call->world, call->account, kind, id, &item))
        return;
    for (Kind k = CAMPAIGN; k <= kind; k++) {
        if (!passes(run->query, &item, k))
            return;
    }
    if ((int)kind > run->query->level)
        item = item_at(call->world, call->account, (Kind)run->query->level,
                       item.position[run->query->level]);
    choose_below(run, &item);
}

static void choose_all(Run *run)
{
    const Call *call = run->call;

    for (int kind = AD; kind >= CAMPAIGN; kind--) {
        const GPtrArray *ids = run->query->ids[kind];

        for (guint i = 0; ids != NULL && i < ids->len; i++)
            choose_by_id(run, (Kind)kind, g_ptr_array_index(ids, i));
        if (ids != NULL)
            return;
    }
    for (guint64 position = 0; position < call->world->count[CAMPAIGN]; position++) {
        Item item = item_at(call->world, call->account, CAMPAIGN, position);

        if (passes(run->query, &item, CAMPAIGN))
            choose_below(run, &item);
    }
}

static void add_ad(Run *run, const Item *ad)
{
    const ReportQuery *query = run->query;
    gint64 first, last;

    delivery_days(ad, &run->moment, &first, &last);
    first = MAX(first, query->first);
    last = MIN(last, query->last);
    for (gint64 day = first; day <= last; day++) {
        guint slot = query->by_day ? (guint)(day - query->first) : 0;

        delivery_add(ad, day, &run->moment, &g_array_index(run->sums, Counters, slot));
    }
}

static void add_below(Run *run, const Item *item)
{
    if (item->kind == AD) {
        add_ad(run, item);
        return;
    }

    guint64 begin = world_first_child(item->world, item->kind, item->index[item->kind]);
    guint64 end = world_first_child(item->world, item->kind, item->index[item->kind] + 1);
    for (guint64 index = begin; index < end; index++) {
        Item child = item_child(item, index);

        if (passes(run->query, &child, child.kind))
            add_below(run, &child);
    }
}

/* Days without delivery have no row; without days an object has one even so. */
static void flush_sums(Run *run, guint64 position)
{
    for (guint slot = 0; slot < run->sums->len; slot++) {
        Counters *sum = &g_array_index(run->sums, Counters, slot);
        ReportRow row = {
            .position = position,
            .day = run->query->by_day ? run->query->first + slot : 0,
            .sum = *sum,
        };

        if (!run->query->by_day || sum->n[AD_DAYS] > 0)
            g_array_append_val(run->rows, row);
        memset(sum, 0, sizeof *sum);
    }
}

static void sum_up(Run *run)
{
    const Call *call = run->call;

    for (guint i = 0; i < run->choices->len; i++) {
        guint64 position = g_array_index(run->choices, Choice, i).position;
        Item item = item_at(call->world, call->account, (Kind)run->query->level, position);

        add_below(run, &item);
        flush_sums(run, position);
    }
}

static void sum_up_account(Run *run)
{
    const Call *call = run->call;

    for (guint64 position = 0; position < call->world->count[CAMPAIGN]; position++) {
        Item item = item_at(call->world, call->account, CAMPAIGN, position);

        if (passes(run->query, &item, CAMPAIGN))
            add_below(run, &item);
    }
    flush_sums(run, 0);
}

static int by_listing(const ReportRow *left, const ReportRow *right)
{
    if (left->position != right->position)
        return left->position < right->position ? -1 : 1;
    return (left->day > right->day) - (left->day < right->day);
}

static int compare_rows(const void *a, const void *b, void *user_data)
{
    const ReportQuery *query = user_data;
    gint64 left = query->order != NULL ? metric_value(query->order, &((ReportRow *)a)->sum) : 0;
    gint64 right = query->order != NULL ? metric_value(query->order, &((ReportRow *)b)->sum) : 0;

    if (left == right)
        return by_listing(a, b);
    return (left < right) == query->ascending ? -1 : 1;
}

static gboolean has_ids(const ReportQuery *query)
{
    return query->ids[CAMPAIGN] != NULL || query->ids[ADGROUP] != NULL || query->ids[AD] != NULL;
}

static GArray *make_rows(const Call *call, const ReportQuery *query, const Moment *moment,
                         gboolean *throttled)
{
    g_autoptr(GArray) choices = g_array_new(FALSE, FALSE, sizeof(Choice));
    g_autoptr(GHashTable) seen = has_ids(query) ? g_hash_table_new(NULL, NULL) : NULL;
    g_autoptr(GArray) sums = g_array_new(FALSE, TRUE, sizeof(Counters));
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(ReportRow));
    Run run = {call, query, *moment, choices, seen, rows, sums};

    g_array_set_size(sums, query->by_day ? (guint)(query->last - query->first + 1) : 1);
    if (query->level == LEVEL_ADVERTISER) {
        sum_up_account(&run);
        return rows;
    }

    choose_all(&run);
    *throttled = choices->len >= MAX_OBJECTS_OF_REPORT;
    if (*throttled)
        keep_newest(choices);
    sum_up(&run);
    g_array_sort_with_data(rows, compare_rows, (void *)query);
    return rows;
}

/* Everything that the rows depend on, their columns excepted. */
static char *key_of(const Call *call, const ReportQuery *query, const Moment *moment)
{
    return g_strdup_printf("report %u %d %d %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s %d %u %" //
                           G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s",
                           call->account->index, query->level, query->by_day, query->first,
                           query->last, query->order != NULL ? metric_name(query->order) : "-",
                           query->ascending, changes_generation(call->world->changes),
                           moment->today, moment->hours,
                           arg_text(call, "filtering") != NULL ? arg_text(call, "filtering") : "");
}

const GArray *rows_get(const Call *call, const ReportQuery *query, gboolean *throttled)
{
    Moment moment = delivery_moment(call->account, call->now != 0 ? call->now : clock_now());
    g_autofree char *key = key_of(call, query, &moment);
    g_autofree char *throttled_key = g_strconcat("throttled ", key, NULL);
    GArray *rows = memo_find(call->memo, key);

    *throttled = memo_find(call->memo, throttled_key) != NULL;
    if (rows != NULL)
        return rows;

    rows = make_rows(call, query, &moment, throttled);
    if (query->level == LEVEL_ADVERTISER && query->order != NULL)
        g_array_sort_with_data(rows, compare_rows, (void *)query);
    if (*throttled)
        memo_store(call->memo, throttled_key, g_array_new(FALSE, FALSE, 1));
    return memo_store(call->memo, key, rows);
}
