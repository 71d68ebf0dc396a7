/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * stage.h - calls that serve many at once: who wants the same call sits down, and goes along with
 * the first that is sent.
 *
 *     seat_take --> GATHERING --full, quiet or patient enough--> QUEUED --its turn--> SENT -->
 * answered ^ `-----joins what is queued--------------^ |                  |
 *                       `---------the call was taken back------------`------------------'
 *
 * A call of which nobody knows better goes at once. While it waits in the client's queue others
 * join it, so that a busy queue makes full calls. A stage knows neither what it asks for nor who
 * sits in it.
 */
#include "cache/internal.h"

typedef struct Stage Stage;
typedef struct Batch Batch;

/* Of whoever wants the call; embedded. */
typedef struct {
    void *owner;
    gint64 deadline_us; /* monotonic: not sent after it; 0: none */
    gboolean patient;   /* nobody waits for it alone: it waits longer for those who are expected */
    Batch *batch;       /* of the stage alone; NULL: it sits nowhere */
} Seat;

typedef struct {
    EndpointId endpoint;
    CallPriority priority;
    guint most;     /* that one call serves */
    guint quiet_ms; /* a call that is not full goes when nobody came for so long, ... */
    guint most_ms;  /* ... or the first waited for so long */
    /* Query or body for these owners, a new string; their call is sent now. It may call nobody. */
    char *(*encode)(void *user_data, GPtrArray *owners);
    /* More are likely to come, so that quiet does not count; to the patient, whoever may come yet.
       May be NULL. */
    gboolean (*expects)(void *user_data, gboolean patient);
    /* One of answer and error. Takes the seats by batch_next(), batch_split() or batch_again();
       whoever is left has no seat any more. */
    void (*answered)(void *user_data, Batch *batch, const Answer *answer, const GError *error);
    /* Its deadline has passed: it was not sent, and has no seat. */
    void (*late)(void *owner);
} StageType;

/* type and advertiser are copied. */
Stage *stage_new(Cache *cache, const StageType *type, const char *advertiser, void *user_data);
void stage_free(Stage *stage); /* NULL is fine. Whoever sits there has no seat. */

/* at_once: nobody else is likely to come. */
void seat_take(Stage *stage, Seat *seat, gboolean at_once);
/* FALSE: it is in a call that is under way. */
gboolean seat_leave(Seat *seat);
gboolean seat_is_unsent(const Seat *seat); /* its call was never sent */
/* It does not want the answer any more, whether the call is under way or not. */
void seat_drop(Seat *seat);

void stage_flush(Stage *stage);          /* what is gathered goes now */
guint stage_waiting(const Stage *stage); /* seats in calls that were not sent */
guint stage_sitting(const Stage *stage); /* in any call that was not answered */

/* ---- within answered() ---- */

gint64 batch_asked_us(const Batch *batch); /* monotonic, when it was sent */
guint batch_size(const Batch *batch);
void *batch_next(Batch *batch); /* the owner of a seat that is free now; NULL: there is no more */
/* One of several spoils the call for the others: those whom the text names go alone and the rest
   together, else each half. FALSE: there is only one. */
typedef const char *(*SeatIdFunc)(const void *owner);
gboolean batch_split(Batch *batch, const char *text, SeatIdFunc id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Stage, stage_free)
