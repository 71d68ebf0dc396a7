/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * html.h - a report as one page for people: charts over time, or of the objects that spent most,
 * and a table. It opens without a network, and nothing in it can ask for one: the library that
 * draws is inside (fs/page/), and a policy forbids all else.
 *
 *     rows --html_row--> sums per step of time, per object, of all --html_write--> the page
 *
 * Rows are added up as they come and not kept: the memory is the same for any number of them.
 */
#include <stdio.h>

#include "api/report.h"

typedef struct HtmlPage HtmlPage;

/* What the rows do not say. All but title may be NULL. */
typedef struct {
    char *title;       /* name of the object */
    char *what;        /* "Campaign 17 of Alpenrad" */
    char *range;       /* "last-30d" */
    char *start, *end; /* YYYY-MM-DD, both included */
    char *currency, *timezone;
    char *as_of;  /* when the rows were fetched */
    char *frozen; /* YYYY-MM-DD: the last day that never changes again */
} HtmlHead;

void html_head_clear(HtmlHead *head);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HtmlHead, html_head_clear)

HtmlPage *html_new(const ReportShape *shape, const HtmlHead *head); /* copies both */
void html_free(HtmlPage *page);                                     /* NULL is fine */

/* cells: as the shape has them (report.h); NULL where there is no value. */
void html_row(HtmlPage *page, const char *const *cells);
/* After the last row, once. Errors of out are its caller's to find. */
void html_write(HtmlPage *page, FILE *out);
