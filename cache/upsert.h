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

/* What is listed. Never changes: both threads read it. */
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
} Listing;

void listing_free(void *listing);

/* The digits of an id in JSON, which may come as a string or as a number. */
#define ID_OF(value, member) "coalesce(nullif(trim(" value " -> " member ", '\"'), 'null'), '')"

/* JSON text, and where in it the objects are: "$.data.list" of an answer, "$" of an array. Of
   KIND_FUNDS the path is that of the object itself. */
typedef struct {
    const char *text;
    gsize length;
    const char *path;
    gint64 asked_us; /* a body committed since then is not touched */
} Bodies;

/* FALSE and error: the account or center has vanished, so that nothing is stored of it any more. */
gboolean upsert_owner_exists(sqlite3 *db, const Listing *listing, GError **error);

/* ret_rows: the objects found; ret_new: those not seen before in this round. */
gboolean upsert_rows(sqlite3 *db, const Listing *listing, const Bodies *bodies, gint64 *ret_rows,
                     gint64 *ret_new, GError **error);

/* Forgets what an earlier round has seen. */
gboolean upsert_begin(sqlite3 *db, const Listing *listing, GError **error);

/* cache_store_object() */
gboolean upsert_committed(sqlite3 *db, gint64 row, const Bodies *bodies, GError **error);
