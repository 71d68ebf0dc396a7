/* SPDX-License-Identifier: MIT */
/* html.c - rows come in, and are added up. */
#include "fs/html-private.h"

static HtmlHead head_copy(const HtmlHead *head)
{
    return (HtmlHead){
        .title = g_strdup(head->title),
        .what = g_strdup(head->what),
        .range = g_strdup(head->range),
        .start = g_strdup(head->start),
        .end = g_strdup(head->end),
        .currency = g_strdup(head->currency),
        .timezone = g_strdup(head->timezone),
        .as_of = g_strdup(head->as_of),
        .frozen = g_strdup(head->frozen),
    };
}

void html_head_clear(HtmlHead *head)
{
    g_free(head->title);
    g_free(head->what);
    g_free(head->range);
    g_free(head->start);
    g_free(head->end);
    g_free(head->currency);
    g_free(head->timezone);
    g_free(head->as_of);
    g_free(head->frozen);
    *head = (HtmlHead){0};
}

HtmlPage *html_new(const ReportShape *shape, const HtmlHead *head)
{
    g_autoptr(GPtrArray) dimensions = report_dimensions(shape);
    guint n_dimensions = dimensions->len - 1;
    HtmlPage *page = g_new0(HtmlPage, 1);

    page->shape = report_shape_copy(shape);
    page->head = head_copy(head);
    page->total.over_accounts = TRUE;
    page->time = report_time(shape) != NULL ? (int)n_dimensions - 1 : -1;
    html_metrics_init(&page->metrics, page->shape, n_dimensions);
    html_steps_init(&page->steps, shape->grain, head->start, head->end);
    html_top_init(&page->top, page->shape, &page->metrics);
    return page;
}

void html_free(HtmlPage *page)
{
    if (page == NULL)
        return;
    html_top_clear(&page->top);
    html_steps_clear(&page->steps);
    html_sums_clear(&page->total);
    html_head_clear(&page->head);
    report_shape_free(page->shape);
    g_free(page);
}

void html_row(HtmlPage *page, const char *const *cells)
{
    Figures figures = {0};
    Sums *step = NULL;

    html_figures_read(&figures, &page->metrics, cells);
    html_sums_add(&page->total, &page->metrics, &figures);
    html_top_add(&page->top, cells, &figures);
    if (page->time < 0)
        return;
    step = html_steps_find(&page->steps, cells[page->time]);
    if (step != NULL)
        html_sums_add(step, &page->metrics, &figures);
    else
        page->n_timeless++;
}

/* ---- what a chart shows ---- */

HtmlSeries html_series(const HtmlPage *page)
{
    gboolean over_time = page->steps.keys->len > 0;

    return (HtmlSeries){over_time ? page->steps.keys->len : page->top.best.n, over_time};
}

const Sums *html_series_at(const HtmlPage *page, const HtmlSeries *series, guint i)
{
    return series->over_time ? &page->steps.sums[i] : &page->top.best.of[i]->sums;
}

gboolean html_series_has(const HtmlPage *page, const HtmlSeries *series, guint metric)
{
    for (guint i = 0; i < series->n; i++) {
        g_autofree char *text =
            html_sums_text(html_series_at(page, series, i), &page->metrics, metric);

        if (text != NULL)
            return TRUE;
    }
    return FALSE;
}
