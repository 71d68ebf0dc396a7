/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * limit.h - what may be sent, and whose turn it is, over a state that processes share. Pure, and of
 * one size, so that it can lie in a file: time is an argument.
 *
 * We know when a call was sent and when it was answered, not when the service counted it; it may
 * have been at any moment between. So a slot is taken at sending and free again one window after
 * the answer: then no window of the service's clock sees more than the limit. A day's slot is free
 * at 00:00 UTC.
 */
#include <glib.h>

#include "api/endpoint.h"
#include "api/pause.h"
#include "api/window.h"

enum { OWNERS_MAX = 64, LIMIT_PRIORITIES = 3 };

typedef struct {
    guint qps, qpm, qpd; /* 0 = not limited */
} Rates;

/* Of an endpoint with limits of its own: they depend on the tier. */
const Rates *rates_own(Bucket bucket, guint tier);
const char *bucket_name(Bucket bucket);

typedef struct {
    gint64 mono_us, wall_us;
} Moment;

/* Sent today. The day before is kept for a clock that is set back over midnight. */
typedef struct {
    gint64 day, day_before; /* since 1970, UTC */
    guint64 used, used_before;
    guint64 full; /* nothing more until tomorrow, whatever was used */
} Day;

typedef struct {
    Window second, minute; /* of what was answered */
    Day day;
} Limit;

/* A process that sends; one that waits says so, with the time when it will look again. */
typedef struct {
    gint64 pid; /* 0: not in use */
    guint64 started, id;
    guint32 in_flight[N_BUCKETS];
    guint32 waiting[LIMIT_PRIORITIES];
    guint64 turns[LIMIT_PRIORITIES]; /* that it had; see limit_ahead() */
    gint64 look_us, seen_us;         /* seen: when it last was here */
} Owner;

/* All zero: nothing was ever sent. */
typedef struct {
    Limit limits[N_BUCKETS];
    guint64 turns[LIMIT_PRIORITIES]; /* of whoever had the last one */
    Pauses pauses;
    Owner owners[OWNERS_MAX];
} LimitState;

typedef struct {
    Bucket bucket;
    PauseCall pause;
} LimitCall;

/* When the app may send a call again: now or later. */
gint64 limit_next_us(LimitState *state, const Rates *app, Moment now);
/* The same of its endpoint and its advertiser; own: rates_own() of its bucket. */
gint64 limit_call_next_us(LimitState *state, const Rates *own, const LimitCall *call, Moment now);

/* How many calls may be sent at once now, and how many of them are others' turns; G_MAXUINT: all.
 */
guint limit_free(LimitState *state, const Rates *app, Moment now);
guint limit_ahead(const LimitState *state, const Owner *owner, guint priority, gint64 now_us);

/* The owner has so many calls that wait for nothing but a slot of the app. */
void limit_announce(LimitState *state, Owner *owner, const guint waiting[LIMIT_PRIORITIES],
                    gint64 look_us);

void limit_take(LimitState *state, Owner *owner, Bucket bucket, guint priority, Moment now);
void limit_answered(LimitState *state, Owner *owner, Bucket bucket, Moment now);
void limit_refused(LimitState *state, const Rates *rates, PauseScope scope, const LimitCall *call,
                   gint64 sent_us, Moment now); /* rates: of what is refused */

/* The owner does not go on: what it had in flight counts as answered now. Or it is gone. */
void limit_rest(LimitState *state, Owner *owner, Moment now);
void limit_leave(LimitState *state, Owner *owner, Moment now);
/* The clock began anew: what was at t is at t + by_us. Nobody of before is there any more. */
void limit_shift(LimitState *state, gint64 by_us, Moment now);

/* What was sent and refused in a state apart counts in this one, too. before: its days when it was
   parted from this one. */
void limit_join(LimitState *state, LimitState *apart, const Day before[N_BUCKETS], Moment now);

/* The state has begun anew: of its days no less is used than was known before. */
void limit_recall(LimitState *state, const Day known[N_BUCKETS], Moment now);

/* What comes from outside: nothing in it would lead us astray. */
gboolean limit_is_sane(const LimitState *state, Moment now);

typedef enum { LIMIT_SECOND, LIMIT_MINUTE, LIMIT_DAY, N_LIMIT_WINDOWS } LimitWindow;

typedef struct {
    guint used, limit;
    gint64 next_us; /* monotonic: now or later */
} LimitUse;

void limit_use(LimitState *state, const Rates *rates, Bucket bucket, LimitWindow window, Moment now,
               LimitUse *ret);
