/* SPDX-License-Identifier: MIT */
/*
 * limit.c - windows that slide are stricter than a bucket of the same size: what they admit, a
 * bucket would admit too.
 */
#include "limit.h"

enum { DAY_S = 86400, CLOSED_S = 300 };

typedef struct {
    gint64 length_us;
    guint most;       /* 0: no limit */
    gint64 *admitted; /* ring of the last times */
    guint oldest;
    guint n;
} Window;

struct Limit {
    Rates rates;
    Window second;
    Window minute;
    gint64 closed_until_us;
    gint64 day;
    guint today;
};

static Window window_of(guint most, guint seconds)
{
    return (Window){
        .length_us = seconds * G_USEC_PER_SEC,
        .most = most,
        .admitted = g_new0(gint64, MAX(1, most)),
    };
}

Limit *limit_new(const Rates *rates)
{
    Limit *limit = g_new0(Limit, 1);

    limit->rates = *rates;
    limit->second = window_of(rates->qps, 1);
    limit->minute = window_of(rates->qpm, 60);
    return limit;
}

void limit_free(Limit *limit)
{
    g_free(limit->second.admitted);
    g_free(limit->minute.admitted);
    g_free(limit);
}

const Rates *limit_rates(const Limit *limit)
{
    return &limit->rates;
}

static gboolean window_has_room(Window *window, gint64 now_us)
{
    while (window->n > 0 && window->admitted[window->oldest] <= now_us - window->length_us) {
        window->oldest = (window->oldest + 1) % window->most;
        window->n--;
    }
    return window->most == 0 || window->n < window->most;
}

static void window_add(Window *window, gint64 now_us)
{
    if (window->most > 0)
        window->admitted[(window->oldest + window->n++) % window->most] = now_us;
}

static gboolean day_has_room(Limit *limit, gint64 wall_s)
{
    gint64 day = wall_s / DAY_S;

    if (day != limit->day)
        limit->today = 0;
    limit->day = day;
    limit->today++;
    return limit->rates.qpd == 0 || limit->today <= limit->rates.qpd;
}

LimitState limit_admit(Limit *limit, gint64 monotonic_us, gint64 wall_s)
{
    if (!day_has_room(limit, wall_s))
        return LIMIT_DAY;
    if (monotonic_us < limit->closed_until_us)
        return LIMIT_MINUTE;
    if (!window_has_room(&limit->minute, monotonic_us)) {
        limit->closed_until_us = monotonic_us + CLOSED_S * G_USEC_PER_SEC;
        return LIMIT_MINUTE;
    }
    if (!window_has_room(&limit->second, monotonic_us))
        return LIMIT_SECOND;

    window_add(&limit->second, monotonic_us);
    window_add(&limit->minute, monotonic_us);
    return LIMIT_OPEN;
}
