/* SPDX-License-Identifier: MIT */
#pragma once

/* lens.h - which days are asked for, how they are to be divided, and what is known of them by now.
 */
#include "account.h"
#include "breakdown.h"

enum {
    WINDOW_S = 7 * 86400, /* conversions come until then after the end of a day */
    CASH_S = 86400,       /* what was paid for a day is known */
    MOVING_DAYS = 10,
};

/* What is asked for, and what is known of it by now, in the zone of an account. */
typedef struct {
    const Account *account;
    gint64 first, last; /* days */
    gboolean by_day, by_hour;
    const Breakdown *breakdown; /* NULL: none */
    gint64 unit;                /* micros of an amount of 1: its smallest coin, or in US dollars */
    gint64 now;                 /* what has come by then is counted, a full hour */
    gint64 known, billed;       /* impressions before that are known */
    gint64 known_day, billed_day;
    gint64 cash_day;                  /* first day that is not settled */
    gint64 moving_day;                /* first day that conversions may still come for */
    gint64 moving_begin[MOVING_DAYS]; /* when it begins, and the days after it */
    DayHours hours[3]; /* those days that are known in part, and the one that is asked by hour */
    guint n_values, n_hours, n_days;
} Lens;

extern gint64 lens_late_s; /* of everything; 1800 unless an option says otherwise */

enum { LATE_COUNTRY_S = 11 * HOUR, LATE_BILLED_S = 11 * HOUR };

/* late_s: how far behind, lens_late_s at least. Set unit afterwards to have another currency.
 */
Lens lens_make(const Account *account, gint64 now, gint64 first, gint64 last, gint64 late_s);
void lens_cut(Lens *lens, gboolean by_day, gboolean by_hour, const Breakdown *breakdown);
guint lens_cells(const Lens *lens); /* the days' hours' values */
