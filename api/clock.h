/* SPDX-License-Identifier: MIT */
#pragma once

/* clock.h - the two clocks as a value, so that a test brings its own. Microseconds. The monotonic
   one is not that of the loop, which stands still while the machine sleeps: only differences fit.
 */
#include <glib.h>

typedef struct {
    gint64 (*monotonic_us)(void *user_data);
    gint64 (*wall_us)(void *user_data); /* since 1970, UTC */
    void *user_data;
} Clock;

extern const Clock clock_system;

static inline gint64 clock_monotonic(const Clock *clock)
{
    return clock->monotonic_us(clock->user_data);
}

static inline gint64 clock_wall(const Clock *clock)
{
    return clock->wall_us(clock->user_data);
}
