/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * single.h - objects that are asked for by their ids, a hundred a call. What comes is stored as
 * what a listing brings; that an id was in no answer is remembered for a while.
 *
 *     want --turn of the loop, or the end of the call under way--> call --stored--> found or absent
 *
 * Whether a listing would do better is decided in lookup.c.
 */
#include "cache/internal.h"

/* Whose: an id of a listing's members. Borrowed. */
typedef struct {
    ListingKind kind;  /* LISTING_ADVERTISERS to LISTING_ADS */
    gint64 advertiser; /* row; 0 for accounts */
    const char *id;
} SingleKey;

typedef struct {
    gboolean known;      /* a row has that id, whatever its age */
    gboolean fresh;      /* asked for by its id no longer than ttl ago, or since the waiter began */
    gboolean since;      /* the latter */
    gboolean absent;     /* with fresh: no answer had it */
    gboolean served_old; /* the service was not to be reached a moment ago */
    gboolean stale;      /* expired no longer than `stale` ago: shown while it is asked for */
    gint64 expires_us;   /* monotonic, with fresh */
    gint64 fetched_us;   /* wall, as far as that is known; 0 */
} SingleState;

Singles *singles_new(void);
void singles_free(Singles *singles);

/* waiter may be NULL. */
void single_state(Cache *cache, const SingleKey *key, const Waiter *waiter, SingleState *ret);

/* Asks for it, unless that is under way. */
CacheResult single_want(Cache *cache, const SingleKey *key, const Waiter *waiter, GError **error);

/* How many calls of these there were in the last period_us, about. */
guint single_calls(Cache *cache, ListingKind kind, gint64 advertiser, gint64 period_us);
void single_forget_calls(Cache *cache, ListingKind kind, gint64 advertiser);

/* That it is absent may have changed. */
void single_forget_absent(Cache *cache, const SingleKey *key);

/* A person wants all of them anew. */
void single_refresh(Cache *cache, ListingKind kind, gint64 advertiser);

/* What is known of this row may be wrong. */
void single_expire(Cache *cache, ListingKind kind, gint64 advertiser, gint64 row, const char *id);
