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
#include "item.h"
#include "lens.h"

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

/* Each ad delivers in each hour of each day, whatever its schedule: so many ads, so many rows. */
extern gboolean delivery_always;

/* Adds all that an ad did to its cells. */
void delivery_add(const Item *ad, const Lens *lens, Counters *cells);

gint64 delivery_spend(const Item *item, gint64 first, gint64 last); /* of all ads below, micros */
