/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * hours.h - one day in a zone: how many hours it has, what the clock says in each, and how much of
 * the day's delivery is done by then.
 *
 * The day on which clocks go forward has 23 hours and none that begins at 02:00; its rows are those
 * of 23 different hours. The day on which they go back has 25, two of which say 01:00 or 02:00: as
 * a report has one row for each text, that row holds both of them. So the hours of any day add up
 * to the day, and no two rows of an object say the same hour.
 */
#include <glib.h>

typedef guint64 Part; /* of a whole, in 2^-32 */
#define ALL ((Part)1 << 32)

enum { HOUR = 3600, MAX_HOURS = 25 };

typedef struct {
    gint64 day;
    gint64 begin;             /* unix time */
    guint n;                  /* hours */
    guint8 label[MAX_HOURS];  /* what the clock says when each begins, 0 to 23 */
    Part done[MAX_HOURS + 1]; /* before each begins; done[n] is ALL */
} DayHours;

DayHours hours_of_day(GTimeZone *zone, gint64 day);
guint hours_until(const DayHours *hours, gint64 time); /* how many are over by then */
