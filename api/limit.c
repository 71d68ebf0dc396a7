/* SPDX-License-Identifier: MIT */
/*
 * limit.c - one list of answer times serves both windows: what is used of a window is what is in
 * flight and what was answered inside it. The list never grows beyond the larger limit.
 */
#include "api/limit.h"

enum { STRIKES_MAX = 3 };

static const gint64 second_us = G_USEC_PER_SEC;
static const gint64 minute_us = 60 * (gint64)G_USEC_PER_SEC;
static const gint64 long_pause_us = 300 * (gint64)G_USEC_PER_SEC;
/* Clocks that tick in milliseconds put two calls into one second that are just over one apart. */
static const gint64 margin_us = 5000;

void limit_init(Limit *limit, guint qps, guint qpm)
{
    *limit = (Limit){
        .qps = qps,
        .qpm = qpm,
        .answers = g_array_new(FALSE, FALSE, sizeof(gint64)),
        .struck_us = G_MININT64,
    };
}

void limit_clear(Limit *limit)
{
    g_clear_pointer(&limit->answers, g_array_unref);
}

static gint64 answer_us(const Limit *limit, guint index)
{
    return g_array_index(limit->answers, gint64, index);
}

/* The index of the first answer that still counts. */
static guint first_inside(const Limit *limit, gint64 window_us, gint64 now_us)
{
    guint i = limit->answers->len;

    while (i > 0 && now_us - answer_us(limit, i - 1) < window_us + margin_us)
        i--;
    return i;
}

static guint used(const Limit *limit, gint64 window_us, gint64 now_us)
{
    return limit->in_flight + limit->answers->len - first_inside(limit, window_us, now_us);
}

guint limit_used_qps(const Limit *limit, gint64 now_us)
{
    return used(limit, second_us, now_us);
}

guint limit_used_qpm(const Limit *limit, gint64 now_us)
{
    return used(limit, minute_us, now_us);
}

static gint64 window_next_us(const Limit *limit, guint most, gint64 window_us, gint64 now_us)
{
    guint n = most > 0 ? used(limit, window_us, now_us) : 0;

    if (most == 0 || n < most)
        return now_us;

    /* as many answers must leave the window as are over the limit with one more */
    guint leaves = first_inside(limit, window_us, now_us) + n - most;
    if (leaves >= limit->answers->len)
        return G_MAXINT64;
    return answer_us(limit, leaves) + window_us + margin_us;
}

gint64 limit_next_us(const Limit *limit, gint64 now_us)
{
    gint64 next_us = MAX(window_next_us(limit, limit->qps, second_us, now_us),
                         window_next_us(limit, limit->qpm, minute_us, now_us));

    return MAX(next_us, limit->paused_us);
}

gboolean limit_take(Limit *limit, gint64 now_us)
{
    if (limit_next_us(limit, now_us) > now_us)
        return FALSE;
    limit->in_flight++;
    return TRUE;
}

void limit_answered(Limit *limit, gint64 now_us)
{
    guint old = first_inside(limit, minute_us, now_us);

    g_assert(limit->in_flight > 0);
    limit->in_flight--;
    if (old > 0)
        g_array_remove_range(limit->answers, 0, old);
    g_array_append_val(limit->answers, now_us);
}

/* Of the calls that were under way when a pause began, the others' refusals are no news. */
void limit_struck(Limit *limit, gint64 sent_us, gint64 now_us)
{
    if (sent_us < limit->struck_us)
        return;
    limit->struck_us = now_us;
    limit->strikes++;
    limit->paused_us = now_us + second_us;
    if (limit->strikes >= STRIKES_MAX) {
        limit->paused_us = now_us + long_pause_us;
        limit->strikes = 0;
    }
}

void limit_went_well(Limit *limit, gint64 sent_us)
{
    if (sent_us >= limit->struck_us)
        limit->strikes = 0;
}
