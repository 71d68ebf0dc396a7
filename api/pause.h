/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * pause.h - what must not be sent for a while, since the service refused a call for its rate. Pure,
 * and of one size, so that it can lie in a file: time is an argument, monotonic.
 *
 *     the app, an endpoint    the next second; the third refusal in a row: five minutes
 *     everything (HTTP 429)   1, 2, 4 ... 60 s
 *     an advertiser           1, 2, 4 ... 60 s, and up to a quarter more
 *
 * Of the calls that were under way when a pause began, the others' refusals are no news.
 */
#include <glib.h>

#include "api/codes.h"

enum { PAUSES_MAX = 64, PAUSE_NAME_MAX = 64 };

typedef struct {
    gint32 scope; /* PauseScope; 0: not in use */
    guint32 strikes;
    guint32 long_ones; /* of five minutes, since a call went well */
    guint32 unused;
    gint64 struck_us, until_us;
    char name[PAUSE_NAME_MAX]; /* of the endpoint, the advertiser */
} Pause;

/* All zero: nothing pauses. */
typedef struct {
    Pause app, everything;
    Pause others[PAUSES_MAX];
} Pauses;

/* What a call can be held back by beside the app. */
typedef struct {
    const char *endpoint;   /* path */
    const char *advertiser; /* NULL: none */
} PauseCall;

gint64 pauses_until_us(const Pauses *pauses); /* of the app and of everything; the past: none */
gint64 pauses_call_until_us(const Pauses *pauses, const PauseCall *call, gint64 now_us);

/* A call sent at sent_us was refused. Returns the pause; NULL: this is no news. */
const Pause *pauses_refused(Pauses *pauses, PauseScope scope, const PauseCall *call, gint64 sent_us,
                            gint64 now_us);
/* It was answered, and not for its rate. */
void pauses_went_well(Pauses *pauses, const PauseCall *call, gint64 sent_us);

gboolean pauses_are_sane(const Pauses *pauses, gint64 now_us);
void pauses_shift(Pauses *pauses, gint64 by_us); /* as window_shift() */
/* Whatever pauses in the other one pauses here too. */
void pauses_join(Pauses *pauses, const Pauses *other, gint64 now_us);
