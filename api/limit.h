/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * limit.h - how many calls may be sent in a second and in a minute. Pure: time is an argument.
 *
 * We know when a call was sent and when it was answered, not when the service counted it; it may
 * have been at any moment between. So a slot is taken at sending and free again one window after
 * the answer: then no window of the service's clock sees more than the limit.
 */
#include <glib.h>

typedef struct {
    guint qps, qpm;   /* 0 = not limited */
    guint in_flight;  /* sent, not answered */
    GArray *answers;  /* gint64: when those of the last minute were answered, ascending */
    gint64 paused_us; /* nothing is sent before */
    gint64 struck_us; /* when the last pause was begun */
    guint strikes;    /* pauses in a row */
} Limit;

void limit_init(Limit *limit, guint qps, guint qpm);
void limit_clear(Limit *limit);

gboolean limit_take(Limit *limit, gint64 now_us); /* FALSE: no slot is free */
void limit_answered(Limit *limit, gint64 now_us); /* well or badly; once for each slot taken */

/* When a slot may be free: now_us or later; G_MAXINT64 when only an answer can free one. */
gint64 limit_next_us(const Limit *limit, gint64 now_us);

/* The service refused a call sent at sent_us for its rate: everything pauses for a second, and
   after three pauses in a row for five minutes, as a breach of the minute's limit costs. */
void limit_struck(Limit *limit, gint64 sent_us, gint64 now_us);
void limit_went_well(Limit *limit, gint64 sent_us);

guint limit_used_qps(const Limit *limit, gint64 now_us);
guint limit_used_qpm(const Limit *limit, gint64 now_us);
