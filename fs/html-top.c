/* SPDX-License-Identifier: MIT */
/* html-top.c - from rows to the objects, or the rows, with most. */
#include "fs/html-top.h"

#include <string.h>

#include "api/metric.h"

static Group *group_new(const HtmlTop *top, const char *const *cells)
{
    Group *group = g_new0(Group, 1);

    for (guint i = 0; i < top->n_texts; i++)
        group->texts[i] = g_strdup(cells[top->text_value[i]]);
    return group;
}

static void group_free(void *data)
{
    Group *group = data;

    for (guint i = 0; i < HTML_TEXTS; i++)
        g_free(group->texts[i]);
    g_free(group->time);
    html_sums_clear(&group->sums);
    g_free(group);
}

static void add_text(HtmlTop *top, const char *name, guint value)
{
    if (top->n_texts == HTML_TEXTS)
        return;
    top->text_name[top->n_texts] = name;
    top->text_value[top->n_texts++] = value;
}

void html_top_init(HtmlTop *top, const ReportShape *shape, const HtmlMetrics *metrics)
{
    g_autoptr(GPtrArray) dimensions = report_dimensions(shape);
    guint n_dimensions = dimensions->len - 1;
    gboolean time = report_time(shape) != NULL;

    *top = (HtmlTop){.shape = shape, .metrics = metrics};
    top->time = time ? (int)n_dimensions - 1 : -1;
    top->n_keys = n_dimensions - time;
    for (guint i = 0; i < top->n_keys; i++)
        add_text(top, dimensions->pdata[i], i);
    for (guint i = 0; shape->metrics[i] != NULL; i++)
        if (metric_is_text(shape->metrics[i]))
            add_text(top, shape->metrics[i], n_dimensions + i);
    if (!time)
        return;
    top->groups = g_ptr_array_new_with_free_func(group_free);
    top->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

static void forget_groups(HtmlTop *top)
{
    g_clear_pointer(&top->by_key, g_hash_table_unref);
    g_clear_pointer(&top->groups, g_ptr_array_unref);
}

static void ranking_clear(Ranking *ranking)
{
    while (ranking->n > 0)
        group_free(ranking->of[--ranking->n]);
}

void html_top_clear(HtmlTop *top)
{
    forget_groups(top);
    ranking_clear(&top->best);
}

/* ---- the best ---- */

static gint64 spent(const HtmlTop *top, const Group *group)
{
    return html_sums_micros(&group->sums, top->metrics->first);
}

/* The earlier of two that are equal stays before the other. */
static gboolean is_among(const HtmlTop *top, gint64 much)
{
    return top->best.n < HTML_TOP || spent(top, top->best.of[HTML_TOP - 1]) < much;
}

/* Takes a group that is among them. */
static void rank(HtmlTop *top, Group *group)
{
    Ranking *best = &top->best;
    gint64 much = spent(top, group);
    guint at;

    if (best->n == HTML_TOP)
        group_free(best->of[--best->n]);
    for (at = best->n; at > 0 && spent(top, best->of[at - 1]) < much; at--)
        best->of[at] = best->of[at - 1];
    best->of[at] = group;
    best->n++;
}

/* ---- rows ---- */

static void rank_row(HtmlTop *top, const char *const *cells, const Figures *figures)
{
    int first = top->metrics->first;
    gboolean known = first >= 0 && figures->text[first] != NULL && figures->readable[first];
    Group *group;

    if (!is_among(top, known ? figures->micros[first] : G_MININT64))
        return;
    group = group_new(top, cells);
    group->time = top->time >= 0 ? g_strdup(cells[top->time]) : NULL;
    html_sums_add(&group->sums, top->metrics, figures);
    rank(top, group);
}

static char *key_of(const HtmlTop *top, const char *const *cells)
{
    GString *key = g_string_new(NULL);

    for (guint i = 0; i < top->n_keys; i++)
        g_string_append_printf(key, "%s\x1f", cells[i] != NULL ? cells[i] : "");
    return g_string_free(key, FALSE);
}

/* NULL: there are too many. */
static Group *find_group(HtmlTop *top, const char *const *cells)
{
    g_autofree char *key = key_of(top, cells);
    Group *group = g_hash_table_lookup(top->by_key, key);

    if (group != NULL || top->groups->len == HTML_GROUPS)
        return group;
    group = group_new(top, cells);
    g_ptr_array_add(top->groups, group);
    g_hash_table_insert(top->by_key, g_steal_pointer(&key), group);
    return group;
}

void html_top_add(HtmlTop *top, const char *const *cells, const Figures *figures)
{
    Group *group;

    top->n_rows++;
    rank_row(top, cells, figures);
    if (top->groups == NULL)
        return;
    group = find_group(top, cells);
    if (group != NULL) {
        html_sums_add(&group->sums, top->metrics, figures);
    } else {
        top->crowded = TRUE;
        forget_groups(top);
    }
}

void html_top_end(HtmlTop *top)
{
    top->n = top->groups != NULL ? top->groups->len : top->n_rows;
    if (top->groups == NULL)
        return;
    ranking_clear(&top->best);
    g_ptr_array_set_free_func(top->groups, NULL);
    for (guint i = 0; i < top->groups->len; i++) {
        Group *group = top->groups->pdata[i];

        if (is_among(top, spent(top, group)))
            rank(top, group);
        else
            group_free(group);
    }
    forget_groups(top);
}
