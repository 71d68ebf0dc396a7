/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * upsert.h - the table of objects, as the writer's thread changes it: pages taken apart, what a
 * complete listing removes, parents known from their members only.
 */
#include <glib.h>
#include <sqlite3.h>

#include "cache/cache.h"

/* What is listed. Never changes: both threads read it. */
typedef struct {
    ListingKind kind;
    ObjectKind members;
    gint64 advertiser;   /* row; 0 for accounts */
    char *advertiser_id; /* NULL for accounts */
    char **ids;          /* LISTING_INFO: of whom */
    gint64 expiries;     /* how often it had expired when this fetch began */
} Listing;

void listing_free(void *listing);

/* JSON text, and where in it the objects are: "$.data.list" of an answer, "$" of an array. */
typedef struct {
    const char *text;
    gsize length;
    const char *path;
    gint64 asked_us; /* a body committed since then is not touched */
} Bodies;

/* ret_rows: the objects found; ret_new: those not seen before in this round. */
gboolean upsert_rows(sqlite3 *db, const Listing *listing, const Bodies *bodies, gint64 *ret_rows,
                     gint64 *ret_new, GError **error);

/* Forgets what an earlier round has seen. */
gboolean upsert_begin(sqlite3 *db, const Listing *listing, GError **error);

/* Stored as the time of a listing that was complete once, and is not to be trusted. */
enum { FETCHED_EXPIRED = 1 };

/* From now on no fetch that began with fewer expiries counts as fresh. */
gboolean upsert_expire(sqlite3 *db, const Listing *listing, GError **error);

/* The round that began then was complete: what it lacks has vanished. */
gboolean upsert_finish(sqlite3 *db, const Listing *listing, gint64 began_us, GError **error);

/* cache_store_object() */
gboolean upsert_committed(sqlite3 *db, gint64 row, const Bodies *bodies, GError **error);
