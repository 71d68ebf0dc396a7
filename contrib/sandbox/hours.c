/* SPDX-License-Identifier: MIT */
/* hours.c - see hours.h. */
#include "hours.h"

#include "clock.h"

/* People sleep, and look at their telephones in the evening. By the clock of the account. */
static const guint8 weights[24] = {
    22, 14, 9, 6, 5, 6, 12, 24, 34, 38, 40, 44, 52, 48, 44, 44, 47, 54, 64, 74, 82, 80, 64, 40,
};

DayHours hours_of_day(GTimeZone *zone, gint64 day)
{
    DayHours hours = {.day = day, .begin = clock_midnight(zone, day)};
    guint total = 0, sum = 0;

    hours.n = (guint)MIN((clock_midnight(zone, day + 1) - hours.begin) / HOUR, MAX_HOURS);
    for (guint i = 0; i < hours.n; i++) {
        hours.label[i] = (guint8)(clock_second_of_day(zone, hours.begin + i * HOUR) / HOUR);
        total += weights[hours.label[i]];
    }
    for (guint i = 0; i < hours.n; i++) {
        hours.done[i] = ALL * sum / total;
        sum += weights[hours.label[i]];
    }
    hours.done[hours.n] = ALL;
    return hours;
}

guint hours_until(const DayHours *hours, gint64 time)
{
    if (time <= hours->begin)
        return 0;
    return (guint)MIN((time - hours->begin) / HOUR, hours->n);
}
