/* SPDX-License-Identifier: MIT */
/* window.c - a ring of ticks; those behind the newest by a whole ring are gone. */
#include "api/window.h"

#include <string.h>

const WindowKind window_second = {.tick_us = 1000, .length_us = 1002000};
const WindowKind window_minute = {.tick_us = 60000, .length_us = 60050000};

enum { CHECK_TICKS = 64, USED_MAX = 1 << 24 };

static guint32 *count_at(Window *window, gint64 tick)
{
    return &window->counts[tick % WINDOW_TICKS];
}

/* What has left the window is taken off the sum. The clock is the same for all who do this, though
   some may have looked at it a moment earlier. */
static void forget(Window *window, const WindowKind *kind, gint64 now_us)
{
    gint64 first = now_us > kind->length_us ? (now_us - kind->length_us) / kind->tick_us : 0;

    first = MAX(first, window->newest - WINDOW_TICKS + 1);
    if (first > window->newest) {
        window->oldest = first;
        window->used = 0;
        return;
    }
    while (window->oldest < first)
        window->used -= *count_at(window, window->oldest++);
}

/* A process that ended in the midst of window_add() may have left a sum that is not one. */
static void sum_up(Window *window)
{
    window->used = 0;
    for (gint64 i = window->oldest; i <= window->newest; i++)
        window->used += *count_at(window, i);
}

void window_add(Window *window, const WindowKind *kind, gint64 now_us, guint n)
{
    gint64 tick = MAX(now_us / kind->tick_us, window->newest);
    gboolean check = tick / CHECK_TICKS > window->newest / CHECK_TICKS;

    forget(window, kind, now_us);
    if (tick - window->newest >= WINDOW_TICKS) {
        memset(window->counts, 0, sizeof window->counts);
        window->newest = window->oldest = tick;
    }
    while (window->newest < tick)
        *count_at(window, ++window->newest) = 0;
    *count_at(window, tick) += n;
    window->used += n;
    if (check)
        sum_up(window);
}

guint window_used(Window *window, const WindowKind *kind, gint64 now_us)
{
    forget(window, kind, now_us);
    return window->used;
}

gint64 window_left_us(Window *window, const WindowKind *kind, gint64 now_us, guint n)
{
    guint left = 0;

    forget(window, kind, now_us);
    for (gint64 i = window->oldest; i <= window->newest; i++) {
        left += *count_at(window, i);
        if (left >= n)
            return (i + 1) * kind->tick_us + kind->length_us;
    }
    return G_MAXINT64;
}

/* Later rather than earlier, where a tick does not fall on a tick, or was before the clock began.
 */
void window_shift(Window *window, const WindowKind *kind, gint64 by_us)
{
    Window before = *window;
    gint64 by = by_us / kind->tick_us + (by_us % kind->tick_us > 0);

    *window = (Window){.newest = MAX(before.newest + by, 0), .oldest = MAX(before.oldest + by, 0)};
    for (gint64 i = before.newest;
         i >= before.oldest && (i + by + 1) * kind->tick_us + kind->length_us > 0; i--)
        *count_at(window, MAX(i + by, 0)) += *count_at(&before, i);
    sum_up(window);
}

gboolean window_is_sane(const Window *window, const WindowKind *kind, gint64 now_us)
{
    return window->used <= USED_MAX && window->newest >= 0 && window->oldest >= 0 &&
           window->newest <= now_us / kind->tick_us + WINDOW_TICKS &&
           window->oldest <= now_us / kind->tick_us + WINDOW_TICKS &&
           window->newest - window->oldest < WINDOW_TICKS;
}
