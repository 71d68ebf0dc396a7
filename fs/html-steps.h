/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * html-steps.h - the sums of a page over time: one for each hour or day of its range, and where
 * these would be too many to see apart, for each day, month or year. Pure.
 */
#include "fs/html-sum.h"

enum { HTML_STEPS = 800 }; /* 31 days by hour, or two years by day */

typedef struct {
    gsize length;       /* of a key: "2026-11-20 13" 13, "2026-11-20" 10, "2026-11" 7, "2026" 4 */
    GPtrArray *keys;    /* all there are in the range, in order */
    GHashTable *places; /* key -> its place + 1 */
    Sums *sums;         /* as many as keys */
} HtmlSteps;

/* start, end: YYYY-MM-DD, both included. Of GRAIN_TOTAL there are none. */
void html_steps_init(HtmlSteps *steps, ReportGrain grain, const char *start, const char *end);
void html_steps_clear(HtmlSteps *steps);

/* NULL: it is in none, the time is missing ("-") or not one of the range. */
Sums *html_steps_find(HtmlSteps *steps, const char *time);

const char *html_steps_word(const HtmlSteps *steps); /* "day"; NULL: no time */
