/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * collection-private.h - a listing, for collection.c (what is known of it, and how old that is),
 * collection-fetch.c (who wants it, when it is fetched) and collection-use.c (whoever needs one of
 * its members, polls it, or knows that it is old).
 */
#include "cache/internal.h"
#include "cache/listing.h"

typedef struct {
    gint64 fetched_us, changed_us, rows;
    gboolean lacks; /* LISTING_INFO: details of accounts that came since */
} ListingStored;

struct Collection {
    Flight flight; /* settled_us: when it was last complete, also in an earlier life */
    Cache *cache;
    ListingKind kind;
    gint64 advertiser;
    char *advertiser_id; /* of the account or center; NULL for these two themselves */
    gboolean known;
    gboolean doubted;    /* it has expired since it was asked for */
    gboolean lacking;    /* under way is only what it lacks, */
    gboolean whole;      /* and somebody needs all of it, */
    gboolean partial;    /* of which page 1 alone is read, */
    gboolean background; /* or nobody waits for it */
    gboolean due;        /* in the queue of those to poll */
    gboolean polled;     /* what is under way is one of the polls at a time */
    guint n_pages;       /* when page 1 came last; 0: not yet */
    ListingFlight under_way;
    gint64 since_us; /* how old it is: settled_us, but not moved by what it lacked */
    gint64 used_us;  /* monotonic: when somebody wanted it last; G_MININT64: nobody did */
    gint64 expiries, expiries_before; /* so far; when what is under way was asked for */
    /* As cache->refreshes: the last that was for it; when what is under way was asked for; when
       what is there was. */
    gint64 refresh, refresh_before, refresh_held;
    ListingStored stored; /* as the store had it at this generation of the row cache */
    guint64 generation;
};

/* ---- collection.c ---- */

Collection *collection_get(Cache *cache, ListingKind kind, gint64 advertiser); /* made if need be */
const ListingStored *collection_stored(Collection *collection);
/* The accounts that the configuration names cost no call, and it may have changed meanwhile. */
gboolean collection_is_given(const Collection *collection);
void collection_recall_lacks(Collection *collection);
gboolean
collection_is_refreshed(const Collection *collection); /* since what is there was asked for */
gint64 collection_expires_us(const Collection *collection, gint64 rows);
Age collection_age(Collection *collection);
void collection_state(Collection *collection, ListingState *ret);
#ifdef ADSFS_CHECK
void collection_check(Collection *collection); /* that what must hold in its state does */
#else
#define collection_check(collection) ((void)0)
#endif

/* ---- collection-fetch.c ---- */

/* FALSE and error: its account or center is not there any more. */
gboolean collection_knows_owner(Collection *collection, GError **error);
Listing *collection_new_listing(const Collection *collection);
CacheResult collection_fly(Collection *collection, const Waiter *waiter);
