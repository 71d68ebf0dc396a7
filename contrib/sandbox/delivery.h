/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * delivery.h - what an ad did on a day: a hash, turned into plausible counts. Everything above ads
 * and days is a sum of these. Only the facts count, so a change never rewrites the past.
 */
#include "item.h"

typedef enum {
    SPEND, /* micros, whole minor units of the currency */
    IMPRESSIONS,
    CLICKS,
    CONVERSIONS,
    PLAYS,
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
    AD_DAYS, /* how many days of how many ads were added up */
    N_COUNTERS,
} Counter;

typedef struct {
    gint64 n[N_COUNTERS];
} Counters;

/* What time it is in the account; today's figures grow with every full hour. */
typedef struct {
    gint64 today;
    gint64 hours;
} Moment;

Moment delivery_moment(const Account *account, gint64 now);
/* The days on which an ad may have delivered, last < first when there is none. */
void delivery_days(const Item *ad, const Moment *moment, gint64 *first, gint64 *last);
/* Adds to sum; FALSE when there was no delivery. day must be within delivery_days(). */
gboolean delivery_add(const Item *ad, gint64 day, const Moment *moment, Counters *sum);

gint64 delivery_spend(const Item *item, gint64 first, gint64 last); /* of all ads below, micros */
