/* SPDX-License-Identifier: MIT */
#pragma once

/* settle.h - the end of a listing, in the writer's thread. */
#include "cache/upsert.h"

/* An asset that the center really has: not one that is asked for, refused or given back. */
#define ASSET_IS_BOUND(body)                                                                       \
    "coalesce(nullif(" body " ->> 'relation_status', ''), 'BOUND') = 'BOUND'"

/* Stored as the time of a listing that was complete once, and is not to be trusted. */
enum { FETCHED_EXPIRED = 1 };

/* From now on no fetch that began with fewer expiries counts as fresh. */
gboolean settle_expire(sqlite3 *db, const Listing *listing, GError **error);

/* Sorts by parent and by name what is not sorted yet, `most` rows of it. ret_more: some were. */
gboolean settle_sort(sqlite3 *db, ObjectKind kind, gint64 advertiser, gint64 most,
                     gboolean *ret_more, GError **error);

/* The round that began then was complete: what it lacks has vanished. */
gboolean settle_listing(sqlite3 *db, const Listing *listing, gint64 began_us, GError **error);
