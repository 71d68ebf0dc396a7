/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * upsert.h - the table of objects, as the writer's thread changes it: pages taken apart, and bodies
 * that a commit read back. What a complete listing removes is in settle.h.
 */
#include <glib.h>
#include <sqlite3.h>

#include "cache/batch.h"
#include "cache/cache.h"
#include "cache/events.h"
#include "cache/extract.h"
#include "cache/row-set.h"

/* What is listed. Never changes: both threads read it. But for what `seen` and
   `events` hold, which is the writer's. */
typedef struct {
    ListingKind kind;
    ObjectKind members;
    gint64 advertiser;   /* row of the account or center; 0 for these two themselves */
    char *advertiser_id; /* NULL for these two */
    char **ids;          /* LISTING_INFO: of whom */
    gboolean lacking;    /* LISTING_INFO: only of those whose details are not there */
    Batches *batches;    /* LISTING_INFO: the loop's alone */
    gint64 expiries;     /* how often it had expired when this fetch began */
    gboolean closed;     /* no center adds to the listing of accounts */
    RowSet *seen;        /* what this round has held; NULL: nobody asks */
    EventLog *events;    /* who is told of differences; NULL: nobody */
    gboolean ours;       /* what is new was made by this mount */
} Listing;

void listing_free(void *listing);

/* FALSE and error: the account or center has vanished, so that nothing is stored of it any more. */
gboolean upsert_owner_exists(sqlite3 *db, const Listing *listing, GError **error);

/* ret_rows: the objects found; ret_new: those not seen before in this round, or all where that is
   not kept. */
gboolean upsert_rows(sqlite3 *db, const Listing *listing, const Bodies *bodies, gint64 *ret_rows,
                     gint64 *ret_new, GError **error);

/* The listing is known from now on, as one that was never complete. */
gboolean upsert_listing(sqlite3 *db, const Listing *listing, GError **error);

/* ... and what an earlier round has seen is forgotten. */
gboolean upsert_begin(sqlite3 *db, const Listing *listing, GError **error);

/* Of the listing's objects, for `events`. */
EventScope upsert_scope(sqlite3 *db, const Listing *listing);

/* It was complete once, so that what comes and goes is a difference. */
gboolean upsert_was_whole(sqlite3 *db, const Listing *listing);

/* cache_store_object() */
gboolean upsert_committed(sqlite3 *db, EventLog *events, gint64 row, const Bodies *bodies,
                          GError **error);
