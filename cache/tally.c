/* SPDX-License-Identifier: MIT */
/* tally.c - a list is whole when as many distinct rows came as every one of its pages promised. */
#include "cache/tally.h"

void tally_begin(Tally *tally, const PagePlan *plan)
{
    *tally = (Tally){.n_pages = plan->fixed ? plan->n_pages : 1, /* of a single one too */
                     .total = -1};
    if (plan->begin)
        tally->n_pages = plan->begin(plan->spec);
}

/* The service may give smaller pages than were asked for, and a total that is no number of rows. */
static guint count_pages(const PagePlan *plan, const Answer *answer)
{
    gint64 size = plan->page_size;
    gint64 n = answer->total_number / size + (answer->total_number % size != 0);

    return (guint)CLAMP(MAX(n, answer->total_page), 1, G_MAXINT);
}

void tally_answer(Tally *tally, const PagePlan *plan, guint number, const Answer *answer)
{
    if (answer->truncated)
        tally->bad = TRUE;
    if (plan->single)
        return;
    if (plan->fixed) {
        if (!answer->has_list)
            tally->bad = TRUE;
        return;
    }
    if (answer->total_number < 0) {
        tally->bad = TRUE; /* a short page, or an empty one, proves nothing */
        return;
    }
    if (plan->most > 0 && (!answer->has_list || answer->total_number > plan->most))
        tally->bad = TRUE;
    if (number == 1) {
        tally->total = answer->total_number;
        tally->n_pages = count_pages(plan, answer);
    }
    if (answer->total_number != tally->total)
        tally->bad = TRUE; /* something came or went between two pages */
    if (answer->n_rows == 0 && number < tally->n_pages)
        tally->bad = TRUE;
}

gboolean tally_is_whole(const Tally *tally, const PagePlan *plan)
{
    gboolean uncounted = plan->fixed || plan->single;

    return !tally->bad && (uncounted || tally->distinct == tally->total);
}
