/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * window.h - a sliding window of counts, of one size whatever the limit, so that it can lie in a
 * file. Pure: time is an argument, monotonic.
 *
 * Counts are kept by tick. A tick leaves the window as a whole, when its last moment has left: so
 * what counts inside is never too little.
 */
#include <glib.h>

enum { WINDOW_TICKS = 1024 };

typedef struct {
    gint64 tick_us, length_us; /* length / tick + 2 <= WINDOW_TICKS */
} WindowKind;

/* A little longer than their names: clocks that tick in milliseconds put two calls into one second
   that are just over one apart, and two clocks do not run at quite the same speed. */
extern const WindowKind window_second, window_minute;

/* All zero: empty. */
typedef struct {
    gint64 newest, oldest; /* ticks: those between count */
    guint32 used, unused;  /* the sum of them */
    guint32 counts[WINDOW_TICKS];
} Window;

void window_add(Window *window, const WindowKind *kind, gint64 now_us, guint n);
guint window_used(Window *window, const WindowKind *kind, gint64 now_us);

/* When the oldest n will have left it; G_MAXINT64: there are fewer. */
gint64 window_left_us(Window *window, const WindowKind *kind, gint64 now_us, guint n);

gboolean window_is_sane(const Window *window, const WindowKind *kind, gint64 now_us);

/* The clock began anew: what was at t is at t + by_us. */
void window_shift(Window *window, const WindowKind *kind, gint64 by_us);
