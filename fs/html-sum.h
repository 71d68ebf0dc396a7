/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * html-sum.h - sums of a report's metrics over some of its rows, as a page shows them. Pure.
 *
 * A sum is exact or it is not there: whole numbers of 10^-6, never doubles; what can not be read as
 * one, or does not fit, leaves a gap. What is no sum (reach, ratios) is never added up: it is
 * worked out anew where its parts are here, shown as sent where there is one row, else left out.
 */
#include <glib.h>

#include "api/report.h"

enum { HTML_METRICS = 12 }; /* the most that a page shows; the rest is for other formats */

typedef struct {
    const char *name; /* borrowed from the shape */
    guint value;      /* index of its value in a row */
    gboolean adds;    /* the sum over rows is true */
    gboolean money, percent;
    int above, below; /* a ratio: of these metrics, times factor; -1: not of any here */
    gint64 factor;
    guint decimals; /* the most that one of its values came with */
} HtmlMetric;

typedef struct {
    guint n;
    guint n_hidden; /* metrics of the shape that are not here */
    gboolean mixed; /* its objects are accounts, each with a currency of its own */
    HtmlMetric of[HTML_METRICS];
    int first, second; /* what the chart shows: spend, and conversions; -1: nothing to show */
} HtmlMetrics;

/* first_metric: index of the first metric in a row. */
void html_metrics_init(HtmlMetrics *metrics, const ReportShape *shape, guint first_metric);

typedef struct {
    char *sent;    /* the only value there was, with its digits; NULL: none, or more than one */
    gint64 micros; /* of what adds */
    guint n;       /* values */
    gboolean lost; /* one could not be read, or the sum does not fit */
} Sum;

typedef struct {
    guint64 rows;
    gboolean over_accounts; /* set by its owner: of mixed metrics no money is added up */
    Sum of[HTML_METRICS];
} Sums;

/* What a row has, read once for all the sums it goes into. */
typedef struct {
    const char *text[HTML_METRICS]; /* borrowed; NULL: not applicable */
    gint64 micros[HTML_METRICS];
    gboolean readable[HTML_METRICS];
} Figures;

void html_figures_read(Figures *figures, HtmlMetrics *metrics, const char *const *cells);
void html_sums_add(Sums *sums, const HtmlMetrics *metrics, const Figures *figures);
void html_sums_clear(Sums *sums);

/* New; NULL: there is none, or none that would be true. */
char *html_sums_text(const Sums *sums, const HtmlMetrics *metrics, guint metric);

/* To sort by: G_MININT64 where there is no sum. */
gint64 html_sums_micros(const Sums *sums, int metric);
