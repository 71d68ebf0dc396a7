/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * html-top.h - the lines of a page's table: the objects that spent most, each with the sums over
 * its rows, in whichever order these come. Where there are more objects than are kept apart, they
 * are the rows that spent most instead: less to see, but true. Pure.
 */
#include "fs/html-sum.h"

enum {
    HTML_TOP = 20,
    HTML_TEXTS = 8,      /* the most columns before the metrics */
    HTML_GROUPS = 10000, /* the most objects that are added up at once: some 7 MB */
};

/* An object, or a part of one by a breakdown; or a row. */
typedef struct {
    char *texts[HTML_TEXTS]; /* as its first row has them; NULL: none */
    char *time;              /* of a row */
    Sums sums;
} Group;

typedef struct {
    guint n;
    Group *of[HTML_TOP];
} Ranking;

typedef struct {
    const ReportShape *shape; /* borrowed, as metrics */
    const HtmlMetrics *metrics;
    int time;     /* index of its value in a row; -1: none, and a row is an object */
    guint n_keys; /* dimensions that tell objects apart: all but the time */
    guint n_texts;
    guint text_value[HTML_TEXTS]; /* its index in a row */
    const char *text_name[HTML_TEXTS];

    Ranking best; /* of rows; after html_top_end() of objects, unless crowded */
    guint64 n;    /* ... which it is the best of; known then */
    guint64 n_rows;
    gboolean crowded;
    GPtrArray *groups;  /* all, in the order they came; NULL: a row is one, or crowded */
    GHashTable *by_key; /* the same, borrowed */
} HtmlTop;

void html_top_init(HtmlTop *top, const ReportShape *shape, const HtmlMetrics *metrics);
void html_top_clear(HtmlTop *top);

void html_top_add(HtmlTop *top, const char *const *cells, const Figures *figures);
void html_top_end(HtmlTop *top); /* no more rows */
