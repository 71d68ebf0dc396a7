/* SPDX-License-Identifier: MIT */
/*
 * rows.c - each object of a report is summed up from its ads, in cells: one for each day, hour and
 * value that was asked for. The result is remembered for the other pages until something changes or
 * the hour ends.
 */
#include "rows.h"

#include <string.h>

#include "choose.h"
#include "clock.h"

typedef struct {
    const Call *call;
    const ReportQuery *query;
    gint64 now;
    GArray *lenses; /* Lens of each account */
    GArray *rows;   /* ReportRow */
    GArray *cells;  /* Counters */
} Run;

static void add_below(const Run *run, const Item *item, const Lens *lens)
{
    if (item->kind == AD) {
        delivery_add(item, lens, (Counters *)run->cells->data);
        return;
    }

    guint64 begin = world_first_child(item->world, item->kind, item->index[item->kind]);
    guint64 end = world_first_child(item->world, item->kind, item->index[item->kind] + 1);
    for (guint64 index = begin; index < end; index++) {
        Item child = item_child(item, index);

        if (choose_passes(run->query, &child, child.kind))
            add_below(run, &child, lens);
    }
}

/* What the bounds are held against is rounded as it is written. */
static gboolean within_bounds(const ReportQuery *query, const Counters *sum)
{
    for (guint i = 0; i < query->bounds->len; i++) {
        const Bound *bound = &g_array_index(query->bounds, Bound, i);
        gint64 value = metric_value(bound->metric, sum);
        gint64 scale = bound->metric->decimals == 4 ? MICRO / 10000 : MICRO / 100;

        value *= scale;
        if (value < bound->least || value > bound->most)
            return FALSE;
    }
    return TRUE;
}

static gboolean is_wanted(const ReportQuery *query, const ReportRow *row)
{
    const Breakdown *breakdown = query->breakdown;

    if (query->countries != NULL &&
        !g_ptr_array_find_with_equal_func(query->countries,
                                          breakdown_text(breakdown, row->value, "country_code"),
                                          g_str_equal, NULL))
        return FALSE;
    return query->type == REPORT_BC || within_bounds(query, &row->sum);
}

/* Where there was no delivery there is no row; an object asked for by nothing but its id has one
   even so. */
static void flush(Run *run, const Lens *lens, const Choice *choice)
{
    const ReportQuery *query = run->query;
    gboolean by_more = query->dimensions->len > 1 || !query->by_id;
    Counters *cell = (Counters *)run->cells->data;

    for (guint d = 0; d < lens->n_days; d++) {
        for (guint h = 0; h < lens->n_hours; h++) {
            for (guint v = 0; v < lens->n_values; v++, cell++) {
                ReportRow row = {
                    .position = choice->position,
                    .day = query->by_day || query->by_hour ? query->first + d : 0,
                    .account = choice->account,
                    .hour = (gint16)h,
                    .value = (gint16)v,
                };

                if (by_more && cell->n[AD_DAYS] == 0)
                    continue;
                row.sum = *cell;
                if (is_wanted(query, &row))
                    g_array_append_val(run->rows, row);
                memset(cell, 0, sizeof *cell);
            }
        }
    }
}

static const Lens *lens_of(const Run *run, guint account)
{
    return &g_array_index(run->lenses, Lens, account);
}

static void add_objects(Run *run, const GArray *choices)
{
    const ReportQuery *query = run->query;

    for (guint i = 0; i < choices->len; i++) {
        const Choice *choice = &g_array_index(choices, Choice, i);
        const Account *account = g_ptr_array_index(query->accounts, choice->account);
        Item item = item_at(run->call->world, account, (Kind)query->level, choice->position);

        add_below(run, &item, lens_of(run, choice->account));
        if (query->by_id)
            flush(run, lens_of(run, choice->account), choice);
    }
}

static void add_account(const Run *run, guint number)
{
    const World *world = run->call->world;
    const Account *account = g_ptr_array_index(run->query->accounts, number);

    for (guint64 position = 0; position < world->count[CAMPAIGN]; position++) {
        Item item = item_at(world, account, CAMPAIGN, position);

        if (choose_passes(run->query, &item, CAMPAIGN))
            add_below(run, &item, lens_of(run, number));
    }
}

/* What an account of a center spent in the time asked for, in dollars. */
static gboolean costs_enough(const Run *run, guint number)
{
    const ReportQuery *query = run->query;
    const Account *account = g_ptr_array_index(query->accounts, number);
    g_autoptr(GArray) cells = g_array_new(FALSE, TRUE, sizeof(Counters));
    Run other = *run;

    if (query->bounds->len == 0)
        return TRUE;
    Lens lens = lens_make(account, run->now, query->first, query->last, 0);
    lens.unit /= account->currency->ratio;
    g_array_set_size(cells, 1);
    other.cells = cells;
    other.lenses = g_array_new(FALSE, FALSE, sizeof(Lens));
    for (guint i = 0; i <= number; i++)
        g_array_append_val(other.lenses, lens);
    add_account(&other, number);
    g_array_unref(other.lenses);
    return within_bounds(query, &g_array_index(cells, Counters, 0));
}

static void add_accounts(Run *run)
{
    for (guint i = 0; i < run->query->accounts->len; i++) {
        const Choice choice = {.account = i};

        if (!costs_enough(run, i))
            continue;
        add_account(run, i);
        if (run->query->by_id)
            flush(run, lens_of(run, i), &choice);
    }
}

static int by_listing(const ReportRow *left, const ReportRow *right)
{
    if (left->account != right->account)
        return left->account < right->account ? -1 : 1;
    if (left->position != right->position)
        return left->position < right->position ? -1 : 1;
    if (left->day != right->day)
        return left->day < right->day ? -1 : 1;
    if (left->hour != right->hour)
        return left->hour - right->hour;
    return left->value - right->value;
}

static int compare_rows(const void *a, const void *b, void *user_data)
{
    const ReportQuery *query = user_data;
    gint64 left = metric_value(query->order, &((const ReportRow *)a)->sum);
    gint64 right = metric_value(query->order, &((const ReportRow *)b)->sum);

    if (left == right)
        return by_listing(a, b);
    return (left < right) == query->ascending ? -1 : 1;
}

static GArray *lenses_new(const ReportQuery *query, gint64 now)
{
    GArray *lenses = g_array_new(FALSE, FALSE, sizeof(Lens));

    for (guint i = 0; i < query->accounts->len; i++) {
        const Account *account = g_ptr_array_index(query->accounts, i);
        Lens lens = lens_make(account, now, query->first, query->last, query->late_s);

        lens_cut(&lens, query->by_day, query->by_hour, query->breakdown);
        if (query->in_dollars)
            lens.unit /= account->currency->ratio;
        g_array_append_val(lenses, lens);
    }
    return lenses;
}

/* Enough for the one that knows of most days. */
static guint most_cells(const GArray *lenses, guint *ret_number)
{
    guint most = 0;

    for (guint i = 0; i < lenses->len; i++) {
        guint n = lens_cells(&g_array_index(lenses, Lens, i));

        if (n > most)
            *ret_number = i;
        most = MAX(most, n);
    }
    return most;
}

static GArray *make_rows(const Call *call, const ReportQuery *query, gint64 now,
                         gboolean *throttled)
{
    g_autoptr(GArray) lenses = lenses_new(query, now);
    g_autoptr(GArray) cells = g_array_new(FALSE, TRUE, sizeof(Counters));
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(ReportRow));
    Run run = {call, query, now, lenses, rows, cells};
    guint widest = 0;

    if (query->by_nothing || query->accounts->len == 0)
        return rows;
    g_array_set_size(cells, most_cells(lenses, &widest));
    if (query->level == LEVEL_ADVERTISER) {
        add_accounts(&run);
    } else {
        g_autoptr(GArray) choices = choose_objects(call, query, throttled);

        add_objects(&run, choices);
    }
    if (!query->by_id)
        flush(&run, lens_of(&run, widest), &(Choice){0});
    if (query->order != NULL)
        g_array_sort_with_data(rows, compare_rows, (void *)query);
    return rows;
}

/* Everything that the rows depend on, their columns excepted. */
static char *key_of(const Call *call, const ReportQuery *query, gint64 now)
{
    g_autoptr(GString) key = g_string_new("report");
    const char *filtering = arg_text(call, "filtering");

    for (guint i = 0; i < query->accounts->len; i++)
        g_string_append_printf(key, " %u",
                               ((const Account *)g_ptr_array_index(query->accounts, i))->index);
    for (guint i = 0; i < query->dimensions->len; i++)
        g_string_append_printf(key, " %s", (char *)g_ptr_array_index(query->dimensions, i));
    g_string_append_printf(key,
                           " %d %d %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s %d %u %" //
                           G_GINT64_FORMAT " %s",
                           query->type, query->level, query->first, query->last,
                           query->order != NULL ? metric_name(query->order) : "-", query->ascending,
                           changes_generation(call->world->changes), (now - lens_late_s) / HOUR,
                           filtering != NULL ? filtering : "");
    return g_string_free(g_steal_pointer(&key), FALSE);
}

const GArray *rows_get(const Call *call, const ReportQuery *query, gboolean *throttled)
{
    gint64 now = call->now != 0 ? call->now : clock_now();
    g_autofree char *key = key_of(call, query, now);
    g_autofree char *throttled_key = g_strconcat("throttled ", key, NULL);
    GArray *rows = memo_find(call->memo, key);

    *throttled = memo_find(call->memo, throttled_key) != NULL;
    if (rows != NULL)
        return rows;

    rows = make_rows(call, query, now, throttled);
    if (*throttled)
        memo_store(call->memo, throttled_key, g_array_new(FALSE, FALSE, 1));
    return memo_store(call->memo, key, rows);
}
