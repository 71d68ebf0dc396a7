/* SPDX-License-Identifier: MIT */
#pragma once

/* stage-private.h - what stage.c (who sits where) and stage-call.c (what becomes of calls) share.
 */
#include "cache/stage.h"

struct Stage {
    Cache *cache;
    StageType type;
    char *advertiser;
    void *user_data;
    GQueue batches;   /* of Batch, owned, in the order they were begun */
    Batch *gathering; /* one of them, or NULL */
    Batch *late;      /* whose deadline had passed when their turn came */
    guint timer;      /* of the one that gathers */
    guint late_source;
};

/* Gathering: call is 0. Queued: it is not, and the call was never sent. Sent: it may be under way,
   or back in the queue: the client knows. */
struct Batch {
    Stage *stage;
    GPtrArray *seats;
    guint64 call;
    gboolean sent;
    gboolean closed;          /* nobody joins it: it is a part of one that was refused */
    gint64 began_us, last_us; /* of this machine's clock, when the first and the last came */
    gint64 asked_us;
    gint64 deadline_us; /* of the call in the queue; 0: none. Whoever it was of may have left */
};

Batch *batch_new(Stage *stage);
void batch_free(void *batch);     /* whoever is left has no seat any more */
Batch *batch_begin(Stage *stage); /* among the others of the stage */
void batch_end(Batch *batch);
void batch_sit(Batch *batch, Seat *seat);
void seat_get_up(Seat *seat);

/* Into the client's queue, if need be anew. */
void batch_issue(Batch *batch);
