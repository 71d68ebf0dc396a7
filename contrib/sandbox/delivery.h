/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * delivery.h - what an ad did on a day: a hash, turned into plausible counts. Everything else is a
 * sum or a part of these. Only the facts count, so a change never rewrites the past; deletion alone
 * ends the future.
 *
 * A part of a day is a range of its impressions, and what belongs to an impression goes with it:
 * countries first, then hours within a country, then ages, genders and so on within that. So
 * whatever is asked for, the parts add up to the day to the last cent.
 *
 * Impressions are known half an hour later (hours of them, that is), conversions as they come: most
 * within a day, the last a week after the day has ended. From then on a day does not change.
 */
#include "breakdown.h"
#include "item.h"

typedef enum {
    /* Divided with the impressions. */
    SPEND, /* micros */
    IMPRESSIONS,
    GROSS_IMPRESSIONS,
    CLICKS,
    PLAYS,
    PLAY_SECONDS,
    WATCHED_2S,
    WATCHED_6S,
    VIEWS_P25,
    VIEWS_P50,
    VIEWS_P75,
    VIEWS_P100,
    LIKES,
    COMMENTS,
    SHARES,
    FOLLOWS,
    VISITS,
    MUSIC_CLICKS,
    LANDINGS,
    N_DIVIDED,
    /* Counted one by one. */
    CONVERSIONS = N_DIVIDED,
    REAL_TIME, /* the same conversions, all at once in the hour of the impression */
    DEEP,      /* one in four of them */
    /* They follow from the others, by what the campaign is for. */
    RESULTS,
    REAL_TIME_RESULTS,
    WEB,       /* conversions of campaigns for websites */
    WEB_VALUE, /* micros */
    APP,
    APP_DEEP,
    APP_VALUE, /* micros */
    LEADS,
    BILLED,  /* micros, of what is known after eleven hours */
    CASH,    /* micros, of days that ended a day ago */
    AD_DAYS, /* how many days of how many ads were added up */
    N_COUNTERS,
} Counter;

typedef struct {
    gint64 n[N_COUNTERS];
} Counters;

enum { MOVING_DAYS = 10 };

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

extern gint64 delivery_late_s; /* of everything; 1800 unless an option says otherwise */

enum { LATE_COUNTRY_S = 11 * HOUR, LATE_BILLED_S = 11 * HOUR };

/* late_s: how far behind, delivery_late_s at least. Set unit afterwards to have another currency.
 */
Lens lens_make(const Account *account, gint64 now, gint64 first, gint64 last, gint64 late_s);
void lens_cut(Lens *lens, gboolean by_day, gboolean by_hour, const Breakdown *breakdown);
guint lens_cells(const Lens *lens); /* the days' hours' values */

/* Adds all that an ad did to its cells. */
void delivery_add(const Item *ad, const Lens *lens, Counters *cells);

gint64 delivery_spend(const Item *item, gint64 first, gint64 last); /* of all ads below, micros */
