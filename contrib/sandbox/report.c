/* SPDX-License-Identifier: MIT */
/* report.c - one page of a report as JSON: every figure is a string. */
#include "report.h"

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

    if (strcmp(name, "stat_time_day") == 0) {
        g_autofree char *day = clock_day_text(view->row->day);

        g_string_append_printf(out, "%s 00:00:00", day);
    } else if (view->has_item) {
        g_string_append_printf(out, "%" G_GUINT64_FORMAT, view->item.id[view->item.kind]);
    } else {
        g_string_append(out, view->account->id);
    }
}

void row_put_metric(GString *out, const RowView *view, guint n)
{
    metric_put(out, g_ptr_array_index(view->query->metrics, n), &view->row->sum, view->account,
               view->has_item ? &view->item : NULL);
}

static void put_row(GString *out, const Call *call, const ReportQuery *query, const ReportRow *row)
{
    RowView view = row_view(call, query, row);

    g_string_append(out, "{\"dimensions\":{");
    for (guint n = 0; n < query->dimensions->len; n++) {
        g_string_append_printf(out, "%s\"%s\":\"", n > 0 ? "," : "",
                               (const char *)g_ptr_array_index(query->dimensions, n));
        row_put_dimension(out, &view, n);
        g_string_append_c(out, '"');
    }
    g_string_append(out, "},\"metrics\":{");
    for (guint n = 0; n < query->metrics->len; n++) {
        g_string_append_printf(out, "%s\"%s\":", n > 0 ? "," : "",
                               metric_name(g_ptr_array_index(query->metrics, n)));
        row_put_metric(out, &view, n);
    }
    g_string_append(out, "}}");
}

/* Over all rows, whichever page is asked for; what can not be summed up is "-". */
static void put_totals(GString *out, const Call *call, const ReportQuery *query, const GArray *rows)
{
    Counters sum = {0};

    for (guint i = 0; i < rows->len; i++) {
        for (Counter c = 0; c < N_COUNTERS; c++)
            sum.n[c] += g_array_index(rows, ReportRow, i).sum.n[c];
    }

    g_string_append(out, "\"total_metrics\":{");
    for (guint i = 0; i < query->metrics->len; i++) {
        const Metric *metric = g_ptr_array_index(query->metrics, i);

        g_string_append_printf(out, "%s\"%s\":", i > 0 ? "," : "", metric_name(metric));
        if (metric_is_attribute(metric))
            g_string_append(out, "\"-\"");
        else
            metric_put(out, metric, &sum, call->account, NULL);
    }
    g_string_append(out, "},");
}

gboolean report_get(const Call *call, Answer *answer, GError **error)
{
    g_autoptr(ReportQuery) query = report_query_new(call, error);

    if (query == NULL)
        return FALSE;

    const GArray *rows = rows_get(call, query, &answer->throttled);
    if (query->totals)
        put_totals(answer->rest, call, query, rows);
    page_put(&query->page, rows->len, answer->rest);

    g_string_append_c(answer->list, '[');
    for (gint64 i = query->page.from; i < query->page.to; i++) {
        if (i > query->page.from)
            g_string_append_c(answer->list, ',');
        put_row(answer->list, call, query,
                &g_array_index(rows, ReportRow, (guint)page_row(&query->page, i)));
    }
    g_string_append_c(answer->list, ']');
    return TRUE;
}
