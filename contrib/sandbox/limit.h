/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * limit.h - the rate that somebody may call at: sliding windows of a second and of a minute, and
 * the day of UTC. Going over the minute closes the door for five, going over the day until the next
 * one begins. What is refused uses up nothing but the day.
 */
#include <glib.h>

typedef struct {
    guint qps, qpm, qpd; /* 0: no limit */
} Rates;

typedef struct Limit Limit;
typedef enum { LIMIT_OPEN, LIMIT_SECOND, LIMIT_MINUTE, LIMIT_DAY } LimitState;

Limit *limit_new(const Rates *rates);
void limit_free(Limit *limit);
const Rates *limit_rates(const Limit *limit);
/* LIMIT_OPEN: the call may go, and has been counted. wall_s: unix. */
LimitState limit_admit(Limit *limit, gint64 monotonic_us, gint64 wall_s);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Limit, limit_free)
