/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * invariants.h - what holds of a collection in each state of its life.
 *
 *     EMPTY --want--> FETCHING --complete--> FRESH --ttl--> AGED --want--> FETCHING
 *                      |  ^  |
 *                      |  `--' overtaken: once more, and who waits goes on waiting
 *                      |
 *                      +--failed--> FAILED --want after retry_us--> FETCHING
 *                      `--unreachable, but known--> OLD --in the background--> FETCHING
 *
 *     What another process left begins as EMPTY, FRESH or AGED; to expire makes EMPTY of all but
 *     FETCHING.
 *
 *                     EMPTY   FETCHING  FRESH     AGED      FAILED    OLD
 *     in the air      no      yes       no        no        no        no
 *     who waits       nobody  anybody   nobody    nobody    nobody    nobody
 *     error           none    any       none      none      there     unreachable
 *     known           any     any       yes       yes       any       yes
 *     since_us        never   any       <= now    <= now    any       any
 *     settled_us      never   any       <= now    any       any       any
 *
 *     In all of them nothing is of a time to come, and what has an age was asked for after the last
 *     thing that made it old: expiries is expiries_before, or since_us is never.
 *
 * The rows of the table are code in invariants.c. They are checked where ADSFS_CHECK is defined, as
 * builds with debug information have it; a broken one is a critical message.
 */
#include <glib.h>

typedef enum {
    LIFE_EMPTY,
    LIFE_FETCHING,
    LIFE_FRESH,
    LIFE_AGED,
    LIFE_FAILED,
    LIFE_OLD,
    N_LIVES,
} Life;

/* A collection, as it is now. All times are monotonic. */
typedef struct {
    gboolean flying;
    guint n_flights;          /* how often it is in the list of all that fly */
    guint n_waiters, n_twice; /* n_twice: how often the last one was there before */
    gboolean waits;           /* there is a list of them */
    gboolean failed, unreachable;
    gboolean known, lacks; /* lacks: a part that came later was not fetched yet */
    gint64 now_us, failed_us, settled_us, since_us, expires_us;
    gint64 expiries, expiries_before;
} LifeView;

Life life_of(const LifeView *view);
const char *life_word(Life life);

/* Fills in the numbers: of waiters, which may be NULL, and of the places in `all` where `one` is.
 */
void life_count(LifeView *view, const GPtrArray *waiters, const GPtrArray *all, const void *one);

/* The invariant that does not hold, in words; NULL: all do. */
const char *life_broken(const LifeView *view);

/* Says so. what: the collection, for the message. */
void life_check(const LifeView *view, const char *what);
