/* SPDX-License-Identifier: MIT */
/* report.c - one page of a report as JSON: every figure is a string. */
#include "report.h"

#include "rows.h"

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
static void put_totals(GString *out, const ReportQuery *query, const GArray *rows)
{
    MetricView view = row_metric_view(query, g_ptr_array_index(query->accounts, 0), NULL);
    Counters sum = {0};

    for (guint i = 0; i < rows->len; i++) {
        for (Counter c = 0; c < N_COUNTERS; c++)
            sum.n[c] += g_array_index(rows, ReportRow, i).sum.n[c];
    }

    g_string_append(out, "\"total_metrics\":{");
    for (guint i = 0; i < query->metrics->len; i++) {
        const Metric *metric = g_ptr_array_index(query->metrics, i);

        g_string_append_printf(out, "%s\"%s\":", i > 0 ? "," : "", metric_name(metric));
        if (metric_is_attribute(metric) || (query->several && metric_is_money(metric)))
            g_string_append(out, "\"-\"");
        else
            metric_put(out, metric, &sum, &view);
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
        put_totals(answer->rest, query, rows);
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
