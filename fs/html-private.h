/* SPDX-License-Identifier: MIT */
#pragma once

/* html-private.h - a page between adding up and writing. */
#include "fs/html-steps.h"
#include "fs/html-top.h"
#include "fs/html.h"

struct HtmlPage {
    ReportShape *shape;
    HtmlHead head;
    HtmlMetrics metrics;
    int time; /* index of its value in a row; -1: none */
    HtmlSteps steps;
    HtmlTop top;
    Sums total;
    guint64 n_timeless; /* rows that are in no step */
};

/* What one chart shows: of each step, or of each line of the table. */
typedef struct {
    guint n;
    gboolean over_time;
} HtmlSeries;

HtmlSeries html_series(const HtmlPage *page);
const Sums *html_series_at(const HtmlPage *page, const HtmlSeries *series, guint i);
/* It has a value somewhere. */
gboolean html_series_has(const HtmlPage *page, const HtmlSeries *series, guint metric);

/* ---- html-text.c: words and their marks; all new, or written to out ---- */

/* "Cost per conversion", "CTR %". Plain text. */
char *html_metric_label(const HtmlMetric *metric);
/* "campaign" or "campaigns"; of rows without objects "line". */
const char *html_level_word(const ReportShape *shape, guint64 n);

void html_put_text(FILE *out, const char *text);   /* NULL: nothing */
void html_put_named(FILE *out, const char *text);  /* in whichever direction it is written */
void html_put_number(FILE *out, const char *text); /* thousands apart, all digits as they are */
void html_put_json(FILE *out, const char *text);   /* with its quotes; NULL: null */
char *html_column_label(const char *name);         /* of a text: "campaign_name" "Campaign name" */

/* ---- html-table.c ---- */

char *html_group_label(const HtmlTop *top, const Group *group); /* new */

void html_put_table(const HtmlPage *page, FILE *out);
