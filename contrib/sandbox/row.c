/* SPDX-License-Identifier: MIT */
/* row.c - the cells of a row. */
#include <string.h>

#include "clock.h"
#include "rows.h"

RowView row_view(const Call *call, const ReportQuery *query, const ReportRow *row)
{
    RowView view = {
        .query = query,
        .row = row,
        .account = g_ptr_array_index(query->accounts, row->account),
        .has_item = query->level != LEVEL_ADVERTISER && query->by_id,
    };

    if (view.has_item)
        view.item = item_at(call->world, view.account, (Kind)query->level, row->position);
    return view;
}

void row_put_dimension(GString *out, const RowView *view, guint n)
{
    const char *name = g_ptr_array_index(view->query->dimensions, n);
    const Breakdown *breakdown = view->query->breakdown;

    if (g_str_has_prefix(name, "stat_time_")) {
        g_autofree char *day = clock_day_text(view->row->day);

        g_string_append_printf(out, "%s %02d:00:00", day, view->row->hour);
    } else if (strcmp(name, "advertiser_id") == 0) {
        g_string_append(out, view->account->id);
    } else if (g_str_has_suffix(name, "_id") && view->has_item && !breakdown_is_dimension(name)) {
        g_string_append_printf(out, "%" G_GUINT64_FORMAT, view->item.id[view->item.kind]);
    } else if (strcmp(name, "ad_id_v2") == 0) {
        g_string_append_printf(out, "%" G_GUINT64_FORMAT, view->item.id[AD]);
    } else {
        g_string_append(out, breakdown_text(breakdown, view->row->value, name));
    }
}

MetricView row_metric_view(const ReportQuery *query, const Account *account, const Item *item)
{
    return (MetricView){
        .currency = query->in_dollars ? currency_find("USD") : account->currency,
        .account = account,
        .item = item,
        .whole = query->several,
    };
}

void row_put_metric(GString *out, const RowView *view, guint n)
{
    const ReportQuery *query = view->query;
    const Metric *metric = g_ptr_array_index(query->metrics, n);
    MetricView metric_view =
        row_metric_view(query, view->account, view->has_item ? &view->item : NULL);

    if (query->several && !query->by_id && metric_is_attribute(metric))
        g_string_append(out, "\"0\"");
    else if (query->several && !query->by_id && metric_is_money(metric))
        g_string_append(out, "\"-\"");
    else
        metric_put(out, metric, &view->row->sum, &metric_view);
}
