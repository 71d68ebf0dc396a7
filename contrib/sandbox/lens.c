/* SPDX-License-Identifier: MIT */
/* lens.c - see lens.h: everything that depends on what time it is, worked out once. */
#include "lens.h"

#include "clock.h"

gint64 lens_late_s = 1800;

Lens lens_make(const Account *account, gint64 now, gint64 first, gint64 last, gint64 late_s)
{
    GTimeZone *zone = account->zone;
    gint64 known = now - MAX(late_s, lens_late_s);
    gint64 billed = now - MAX(LATE_BILLED_S, lens_late_s);
    Lens lens = {.account = account, .first = first, .n_values = 1, .n_hours = 1, .n_days = 1};

    now -= lens_late_s;
    lens.now = now - now % HOUR;
    lens.known = known - known % HOUR;
    lens.billed = billed - billed % HOUR;
    lens.known_day = clock_day(zone, lens.known);
    lens.billed_day = clock_day(zone, lens.billed);
    lens.cash_day = clock_day(zone, lens.now - CASH_S);
    lens.moving_day = clock_day(zone, lens.now - WINDOW_S);
    for (guint i = 0; i < MOVING_DAYS; i++)
        lens.moving_begin[i] = clock_midnight(zone, lens.moving_day + i);
    lens.last = MIN(last, lens.known_day);
    lens.unit = currency_minor(account->currency);
    lens.hours[0] = hours_of_day(zone, lens.known_day);
    lens.hours[1] = hours_of_day(zone, lens.billed_day);
    lens.hours[2] = lens.hours[0];
    return lens;
}

void lens_cut(Lens *lens, gboolean by_day, gboolean by_hour, const Breakdown *breakdown)
{
    lens->by_day = by_day;
    lens->by_hour = by_hour;
    lens->breakdown = breakdown;
    lens->n_values = breakdown != NULL ? breakdown->n_values : 1;
    lens->n_hours = by_hour ? 24 : 1;
    lens->n_days = by_day ? (guint)MAX(0, lens->last - lens->first + 1) : 1;
    if (by_hour)
        lens->hours[2] = hours_of_day(lens->account->zone, lens->first);
}

guint lens_cells(const Lens *lens)
{
    return lens->n_days * lens->n_hours * lens->n_values;
}
