/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * desk.h - where the writes to objects of one kind in one account are dealt with.
 *
 *     desk (account, kind) ----- reading, reading back, asking later: each a stage
 *        `--- lane (call, word) --- sending: a stage
 *
 * A crowd is more than one write that an update carries, or that waits meanwhile. In a crowd a lane
 * is trusted once two calls that read back have found what its replies said: then a reply that
 * names an object and its status is taken at its word, and the object is asked for a little later.
 * A crowd that comes after a pause has to prove it anew, and a lane that is found out is not
 * trusted again.
 */
#include "cache/stage.h"
#include "cache/update.h"

typedef struct {
    Cache *cache;
    ObjectKind kind;
    char *advertiser_id;
    Stage *reading, *back;  /* of Commit */
    Stage *audits, *doubts; /* of Later */
    GHashTable *lanes;      /* "endpoint/word" -> Lane */
    GHashTable *later;      /* set of Later, owned */
    guint n_active;         /* commits that have begun and not ended; see desk_enter() */
    guint idle_source;      /* it was 0 just now */
    guint n_sending;        /* of them, that are being sent, or about to be */
    GQueue waiting;         /* of Commit, for n_replacing to sink; see window.c */
    guint n_replacing;      /* full replacements, from their reading to the update's answer */
    guint window_source;
} Desk;

typedef struct {
    Desk *desk;
    Stage *sending;     /* of Commit */
    guint proofs;       /* calls that have found what it had said, since the last pause */
    gboolean crowd;     /* the answer that is being taken was for one */
    gint64 answered_us; /* monotonic, the last */
    gboolean distrusted;
} Lane;

GHashTable *desks_new(void); /* of Cache */

Desk *desk_of(Cache *cache, ObjectKind kind, const char *advertiser_id);
Lane *lane_of(Desk *desk, const Update *update);

/* A commit begins, and ends. Soon after the last has, what is to be asked later is asked. */
void desk_enter(Desk *desk);
void desk_leave(Desk *desk);

/* There was a crowd just now: whoever is alone for a moment is one of it. */
gboolean lane_is_crowded(const Lane *lane);

/* Before an answer to so many is taken. */
void lane_answered(Lane *lane, guint n);
gboolean lane_is_trusted(const Lane *lane);

/* The query for these ids, a new string. */
char *desk_query(const Desk *desk, const char *const *ids, guint n);
