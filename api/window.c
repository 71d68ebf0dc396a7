/* SPDX-License-Identifier: MIT */
/* window.c - a ring of ticks; those behind the newest by a whole ring are gone. */
#include "api/window.h"

#include <string.h>

const WindowKind window_second = {.tick_us = 1000, .length_us = 1002000};
const WindowKind window_minute = {.tick_us = 60000, .length_us = 60050000};

/* The ticks that count now are [first, newest]. */
static gint64 first_inside(const Window *window, const WindowKind *kind, gint64 now_us)
{
    gint64 first = now_us > kind->length_us ? (now_us - kind->length_us) / kind->tick_us : 0;

    return MAX(first, window->newest - WINDOW_TICKS + 1);
}

static guint32 count_at(const Window *window, gint64 tick)
{
    return tick < 0 ? 0 : window->counts[tick % WINDOW_TICKS];
}

void window_add(Window *window, const WindowKind *kind, gint64 now_us, guint n)
{
    gint64 tick = MAX(now_us / kind->tick_us, window->newest);

    if (tick - window->newest >= WINDOW_TICKS) {
        memset(window->counts, 0, sizeof window->counts);
        window->newest = tick;
    }
    while (window->newest < tick)
        window->counts[++window->newest % WINDOW_TICKS] = 0;
    window->counts[tick % WINDOW_TICKS] += n;
}

guint window_used(const Window *window, const WindowKind *kind, gint64 now_us)
{
    guint n = 0;

    for (gint64 i = first_inside(window, kind, now_us); i <= window->newest; i++)
        n += count_at(window, i);
    return n;
}

gint64 window_left_us(const Window *window, const WindowKind *kind, gint64 now_us, guint n)
{
    guint left = 0;

    for (gint64 i = first_inside(window, kind, now_us); i <= window->newest; i++) {
        left += count_at(window, i);
        if (left >= n)
            return (i + 1) * kind->tick_us + kind->length_us;
    }
    return G_MAXINT64;
}

/* Later rather than earlier, where a tick does not fall on a tick. */
void window_shift(Window *window, const WindowKind *kind, gint64 by_us)
{
    Window before = *window;
    gint64 by = by_us / kind->tick_us + (by_us % kind->tick_us > 0);

    *window = (Window){.newest = MAX(before.newest + by, 0)};
    for (gint64 i = before.newest; i > before.newest - WINDOW_TICKS && i + by >= 0 && i >= 0; i--)
        window->counts[(i + by) % WINDOW_TICKS] = before.counts[i % WINDOW_TICKS];
}
