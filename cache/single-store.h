/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * single-store.h - since when single objects are known, in the store: a table beside that of the
 * objects, which a complete listing makes superfluous. All but the schema: in the writer's thread.
 */
#include "cache/pages.h"
#include "cache/upsert.h"

/* Run each time the store is opened. */
extern const char singles_schema[];

/* What was asked for by its ids. Never changes, both threads read it; but for `forgot`, which is
   the writer's. */
typedef struct {
    Listing *listing; /* with the ids */
    gboolean guarded; /* a listing is under way, whose pages may be older */
    gboolean forgot;  /* what was known of them before */
} SinglesSpec;

void singles_spec_free(void *spec);

/* As store() and finish() of a plan: what came is known since now, what did not is not known any
   more. */
gboolean singles_store(sqlite3 *db, const void *spec, const Page *page, gint64 *ret_rows,
                       gint64 *ret_new, GError **error);
gboolean singles_finish(sqlite3 *db, const void *spec, gint64 began_us, GError **error);

/* The objects of this page are known since now, though the listing is not complete. */
gboolean singles_mark(sqlite3 *db, const Listing *listing, GBytes *body, GError **error);

/* The round that began then was complete: it says since when its members are known. */
gboolean singles_prune(sqlite3 *db, const Listing *listing, gint64 began_us, GError **error);

/* A call for these ids is under way, or has ended: a page that is asked for later may come before
   its answer, which is not stored over that. */
gboolean singles_note(sqlite3 *db, ObjectKind members, gint64 advertiser, char **ids,
                      gboolean under_way, GError **error);

gboolean singles_forget(sqlite3 *db, gint64 row, GError **error);
