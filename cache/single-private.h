/* SPDX-License-Identifier: MIT */
#pragma once

/* single-private.h - ids and their calls, for single.c and single-calls.c. */
#include "cache/listing.h"
#include "cache/single.h"

/* The ids of one listing's members. */
typedef struct {
    Cache *cache;
    ListingKind kind;
    gint64 advertiser;
    char *owner_id;      /* of the account; NULL: for accounts, or not read yet */
    GHashTable *singles; /* id -> Single, owned */
    GQueue due;          /* of Single to ask for */
    guint turn;          /* source: the loop's next turn */
    GPtrArray *batches;  /* under way, owned */
    guint n_calls;       /* since counted_us */
    gint64 counted_us;
    gint64 refreshed_us; /* monotonic: when a person wanted it anew; G_MININT64: never */
    gint64 unreached_us; /* when a call last found no service; G_MININT64: the last one did */
} SingleGroup;

typedef struct {
    Flight flight; /* settled_us: since when it holds, or is absent */
    SingleGroup *group;
    char *id;
    gboolean absent, again; /* again: it was expired while it was asked for */
    gboolean kept;
    GList link;
} Single;

SingleGroup *single_group(Cache *cache, ListingKind kind, gint64 advertiser);
void single_group_free(void *group);
void single_batch_free(void *batch);

/* Its flight has begun. */
void single_add_due(Single *single);
/* It was asked for; the single may be gone afterwards. refused: nothing is known of it. */
void single_settle(Single *single, gboolean refused, const GError *error);
