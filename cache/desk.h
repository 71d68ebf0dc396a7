/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * desk.h - where the writes to objects of one kind in one account are dealt with.
 *
 *     desk (account, kind) ----- reading, reading back, asking later: each a stage
 *        `--- lane (call, word) --- sending: a stage
 *
 * A lane is trusted, once two calls that read back have found what its replies said: then, while
 * it is busy, a reply that names an object and its status is taken at its word, and the
 * object is asked for a little later. One that is found out is not trusted again.
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
    guint n_active;         /* commits that have begun and not ended */
    guint n_sending;        /* of them, that are being sent, or about to be */
} Desk;

typedef struct {
    Desk *desk;
    Stage *sending; /* of Commit */
    guint proofs;   /* calls that have found what it had said */
    gboolean distrusted;
} Lane;

GHashTable *desks_new(void); /* of Cache */

Desk *desk_of(Cache *cache, ObjectKind kind, const char *advertiser_id);
Lane *lane_of(Desk *desk, const Update *update);

/* Others wait to be sent, or a whole call of them is under way. */
gboolean lane_is_busy(const Lane *lane);
gboolean lane_is_trusted(const Lane *lane);

/* The query for these ids, a new string. */
char *desk_query(const Desk *desk, const char *const *ids, guint n);
