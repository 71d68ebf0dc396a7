/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * html-top.h - the objects of a page that spent most. Rows come by object (cache.h), so an object's
 * sum is whole when the next one begins, and no more than the first few are kept. Pure.
 */
#include "fs/html-sum.h"

enum {
    HTML_TOP = 20,
    HTML_TEXTS = 8,   /* the most columns before the metrics */
    HTML_OPEN = 1000, /* the most groups of a breakdown over time that are added up at once */
};

/* A line: an object, or a part of one by a breakdown. */
typedef struct {
    char *texts[HTML_TEXTS]; /* as its first row has them; NULL: none */
    Sums sums;
} Group;

typedef struct {
    const ReportShape *shape; /* borrowed, as metrics */
    const HtmlMetrics *metrics;
    guint n_keys; /* dimensions that tell groups apart: all but the time */
    guint n_texts;
    guint text_value[HTML_TEXTS]; /* its index in a row */
    const char *text_name[HTML_TEXTS];
    guint n;
    Group *top[HTML_TOP];
    guint64 n_groups, n_crowded; /* crowded: rows of groups beyond HTML_OPEN */

    GPtrArray *open;    /* groups that may get more rows */
    GHashTable *by_key; /* the same */
    char *id;           /* whose they are */
} HtmlTop;

void html_top_init(HtmlTop *top, const ReportShape *shape, const HtmlMetrics *metrics);
void html_top_clear(HtmlTop *top);

void html_top_add(HtmlTop *top, const char *const *cells, const Figures *figures);
void html_top_end(HtmlTop *top); /* no more rows: top is whole */
