/* SPDX-License-Identifier: MIT */
#pragma once

/* tally.h - what the answers of one round say of the whole list, and whether that proves it. Pure.
 */
#include "cache/pages.h"

typedef struct {
    guint n_pages;
    gint64 total;    /* -1 until page 1 says it */
    gint64 distinct; /* rows stored in this round */
    gboolean bad;    /* this round proves nothing */
} Tally;

void tally_begin(Tally *tally, const PagePlan *plan);
void tally_answer(Tally *tally, const PagePlan *plan, guint number, const Answer *answer);
gboolean tally_is_whole(const Tally *tally, const PagePlan *plan);
