/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * age.h - whether what is known may be shown, or has to be asked for first: of listings and of
 * reports.
 *
 *     fresh                                            shown
 *     known, and the mount is offline                  shown old
 *     known, the service can not be reached            shown old, asked for every 30 s
 *     known, and refused since                         shown old, asked for every ttl
 *     expired no longer than `stale` ago               shown old, asked for now, nobody waits
 *     anything else                                    asked for, and waited for
 *
 * What one call learnt of the service holds for all: while it can not be reached, no other listing
 * finds that out for itself. What may be wrong, after a write whose outcome nobody knows, does, and
 * is shown only if not even a connection is to be had.
 */
#include <glib.h>

#include "cache/cache.h"

typedef struct Flight Flight;

/* Since when the service can not be reached. */
typedef struct {
    gint64 since_us;            /* wall; 0: it can, as far as we know */
    gint64 failed_us, asked_us; /* monotonic: the last call that failed so; when it was asked in
                                   the background, to see */
} Outage;

typedef struct {
    gboolean known;      /* whatever its age */
    gboolean fresh;      /* of itself */
    gboolean doubted;    /* something made it old that may have changed it */
    gboolean of_account; /* it belongs to an account, whose history a refusal leaves readable */
    gint64 ended_us;     /* monotonic: since when it is not fresh; G_MININT64: not by its age */
    const Flight *flight;
} Age;

typedef enum {
    SHOW_NOTHING, /* before it was asked for */
    SHOW_FRESH,
    SHOW_OLD,
    SHOW_OLD_ASK, /* and ask for it in the background */
} Show;

/* waiter: as of cache_want_listing(). */
Show age_show(const Cache *cache, const Age *age, const Waiter *waiter);
static inline gboolean age_is_old(Show show)
{
    return show == SHOW_OLD || show == SHOW_OLD_ASK;
}

/* A flight that ended so leaves what is known of before to be shown. */
gboolean age_survives(const Age *age, const GError *error);

/* A flight has ended, with error or NULL; one begins for which nobody waits; somebody wants to know
   at once whether the service can be reached again. */
void age_flight_ended(Cache *cache, const GError *error);
void age_flight_begins(Cache *cache);
void age_forget_outage(Cache *cache);
/* It can not, and somebody found that out a moment ago, or is about to. */
gboolean age_is_out(const Cache *cache);
