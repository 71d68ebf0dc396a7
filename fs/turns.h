/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * turns.h - how long the loop's turns take: while one lasts, nobody else is served.
 *
 * A turn is what a thread does between two polls of its main context, and its length the processor
 * time of that thread alone: what others on the machine take is not the loop's doing. Buckets are
 * fixed, ten to a power of ten, and the limit that the loop is to keep (10 ms) is an edge of one.
 */
#include <cjson/cJSON.h>
#include <glib.h>

enum { TURN_BUCKETS = 72 };

typedef struct {
    guint64 counts[TURN_BUCKETS]; /* of turns up to turns_edge_ns() of the bucket */
    guint64 count;
    gint64 max_ns;
} Turns;

/* 1 us to 10 s; of the last bucket, which holds whatever is longer, G_MAXINT64. */
gint64 turns_edge_ns(guint bucket);

void turns_note(Turns *turns, gint64 ns);

/* The length that so many turns of a thousand do not exceed: the edge of their bucket, or the
   longest turn where that is less. 0: there was none. */
gint64 turns_quantile_ns(const Turns *turns, guint per_mille);

/* For status.json; the caller's. */
cJSON *turns_json(const Turns *turns);

/* Note the turns of a context from now on, which the calling thread runs. One at a time;
   turns NULL: no longer. */
void turns_watch(Turns *turns, GMainContext *context);
