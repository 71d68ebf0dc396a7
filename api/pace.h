/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * pace.h - the application's rate, shared by all processes that call in its name on this machine.
 *
 *     while (pace_enter(pace)) { pace_look_us() ... pace_take() ... pace_announce(); pace_leave();
 * }
 *
 * Between pace_enter() and pace_leave() nothing else may happen: others wait. What became of a call
 * is told at any time. Processes have turns: by priority, and among equals one after the other.
 */
#include <glib.h>

#include "api/client.h"
#include "api/limit.h"

typedef struct Pace Pace;

/* Words of ClientWindow: a pause rather than a window; one of everything. */
#define PACE_BACK_OFF "back-off"
#define PACE_ALL      "everything"

typedef struct {
    Rates app;
    guint tier;
    const char *file; /* NULL: this process alone; copied, as boot */
    const char *boot; /* NULL: of the system; see pace-file.h */
    const Clock *clock;
} PaceConfig;

Pace *pace_new(const PaceConfig *config);
void pace_free(Pace *pace); /* NULL is fine. What is in flight counts as answered. */

/* FALSE: try again in a millisecond. */
gboolean pace_enter(Pace *pace);
void pace_leave(Pace *pace);

/* ---- between the two ---- */

/* When that call may be sent as far as its endpoint and its advertiser go; now is pace_now_us(). */
gint64 pace_call_us(Pace *pace, const LimitCall *call);
/* When any call of that priority may, as far as the app and its other processes go. */
gint64 pace_turn_us(Pace *pace, CallPriority priority);
gint64 pace_now_us(const Pace *pace);

void pace_take(Pace *pace, const LimitCall *call, CallPriority priority);

/* How many calls wait for nothing but their turn, by priority, and when we look again. */
void pace_announce(Pace *pace, const guint waiting[N_CALL_PRIORITIES], gint64 look_us);

/* ---- at any time; it counts with the next pace_enter() ---- */

void pace_answered(Pace *pace, const LimitCall *call); /* well or badly; once for each one taken */
void pace_refused(Pace *pace, const LimitCall *call, PauseScope scope, gint64 sent_us);
void pace_went_well(Pace *pace, const LimitCall *call, gint64 sent_us); /* not refused for a rate */
gboolean pace_has_news(const Pace *pace); /* that waits for the next pace_enter() */

/* ---- figures: as client_windows(), but for `waiting` ---- */

guint pace_windows(Pace *pace, ClientWindow *ret, guint most);
