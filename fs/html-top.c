/* SPDX-License-Identifier: MIT */
/* html-top.c - from rows to the objects with most. */
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

static void group_free(Group *group)
{
    for (guint i = 0; i < HTML_TEXTS; i++)
        g_free(group->texts[i]);
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

    *top = (HtmlTop){.shape = shape, .metrics = metrics};
    top->n_keys = n_dimensions - (report_time(shape) != NULL);
    for (guint i = 0; i < top->n_keys; i++)
        add_text(top, dimensions->pdata[i], i);
    for (guint i = 0; shape->metrics[i] != NULL; i++)
        if (metric_is_text(shape->metrics[i]))
            add_text(top, shape->metrics[i], n_dimensions + i);
    top->open = g_ptr_array_new();
    top->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

void html_top_clear(HtmlTop *top)
{
    html_top_end(top);
    for (guint i = 0; i < top->n; i++)
        group_free(top->top[i]);
    g_ptr_array_unref(top->open);
    g_hash_table_unref(top->by_key);
}

/* Takes the group. The earlier of two that are equal stays before the other. */
static void rank(HtmlTop *top, Group *group)
{
    gint64 much = html_sums_micros(&group->sums, top->metrics->first);
    guint at = top->n;

    while (at > 0 && html_sums_micros(&top->top[at - 1]->sums, top->metrics->first) < much)
        at--;
    if (at == HTML_TOP) {
        group_free(group);
        return;
    }
    if (top->n == HTML_TOP)
        group_free(top->top[--top->n]);
    memmove(&top->top[at + 1], &top->top[at], (top->n - at) * sizeof top->top[0]);
    top->top[at] = group;
    top->n++;
}

void html_top_end(HtmlTop *top)
{
    for (guint i = 0; i < top->open->len; i++)
        rank(top, top->open->pdata[i]);
    g_ptr_array_set_size(top->open, 0);
    g_hash_table_remove_all(top->by_key);
    g_clear_pointer(&top->id, g_free);
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

    if (group != NULL)
        return group;
    if (top->open->len == HTML_OPEN) {
        top->n_crowded++;
        return NULL;
    }
    group = group_new(top, cells);
    top->n_groups++;
    g_ptr_array_add(top->open, group);
    g_hash_table_insert(top->by_key, g_steal_pointer(&key), group);
    return group;
}

void html_top_add(HtmlTop *top, const char *const *cells, const Figures *figures)
{
    const char *id = top->shape->id != NULL && cells[0] != NULL ? cells[0] : "";
    Group *group;

    /* Without time a row is a group. */
    if (report_time(top->shape) == NULL || g_strcmp0(top->id, id) != 0) {
        html_top_end(top);
        top->id = g_strdup(id);
    }
    group = find_group(top, cells);
    if (group != NULL)
        html_sums_add(&group->sums, top->metrics, figures);
}
