/* SPDX-License-Identifier: MIT */
/* single-store.c - the table of what is known singly, and since when by wall clock. */
#include "cache/single-store.h"

#include "cache/store.h"

const char singles_schema[] =
    "CREATE TABLE IF NOT EXISTS single(row INTEGER PRIMARY KEY, fetched INTEGER NOT NULL);"
    "DELETE FROM single WHERE row NOT IN (SELECT row FROM object);";

/* No call is under way for longer, so nothing asked for before can come any more. */
#define GUARD_US (6 * G_TIME_SPAN_HOUR)

/* ?1: the answer; ?2 ?3: kind and owner; ?4: the member with the id. */
#define CAME                                                                                       \
    " FROM json_each(?1, '$.data.list') j CROSS JOIN object o ON o.kind = ?2"                      \
    " AND o.advertiser = ?3 AND o.id = trim(j.value -> ?4, '\"') WHERE j.type = 'object'"

static const char mark[] =
    "INSERT OR REPLACE INTO single(row, fetched) SELECT o.row, now_us()" CAME;
static const char forgive[] = "DELETE FROM refusal WHERE account IN (SELECT o.row" CAME ")";
static const char guard[] = "INSERT INTO committed(kind, advertiser, id, at) SELECT ?2, ?3, o.id,"
                            " ?5" CAME " ON CONFLICT(kind, advertiser, id) DO UPDATE"
                            " SET at = max(at, excluded.at)";

static const char forget[] = "DELETE FROM single WHERE row ="
                             " (SELECT row FROM object WHERE kind = ?1 AND advertiser = ?2"
                             "  AND id = ?3)";
/* What the service does not list is known from its members. */
static const char mark_derived[] =
    "INSERT OR REPLACE INTO single(row, fetched) SELECT row, now_us() FROM object"
    " WHERE kind = ?1 AND advertiser = ?2 AND id = ?3 AND derived";

static const char prune[] =
    "DELETE FROM single WHERE row IN (SELECT s.row FROM single s CROSS JOIN object o"
    " ON o.row = s.row WHERE o.kind = ?1 AND o.advertiser = ?2)"
    " OR NOT EXISTS (SELECT 1 FROM object o WHERE o.row = single.row)";
static const char unguard[] = "DELETE FROM committed WHERE kind = ?1 AND advertiser = ?2"
                              " AND at < ?3";

void singles_spec_free(void *data)
{
    SinglesSpec *spec = data;

    listing_free(spec->listing);
    g_free(spec);
}

/* Runs one of those above that look into the answer. */
static gboolean run_for(sqlite3 *db, const char *sql, const Listing *listing, GBytes *body,
                        gint64 at_us, GError **error)
{
    const char *id = kind_names(listing->members)->id;
    g_autoptr(sqlite3_stmt) statement = sql_prepare(
        db, error, sql, "tiiti", "", (gint64)listing->members, listing->advertiser, id, at_us);
    gsize length;
    const char *text = g_bytes_get_data(body, &length);

    if (!statement)
        return FALSE;
    sqlite3_bind_text64(statement, 1, text, length, SQLITE_STATIC, SQLITE_UTF8);
    return sql_finish(statement, error);
}

gboolean singles_mark(sqlite3 *db, const Listing *listing, GBytes *body, GError **error)
{
    return run_for(db, mark, listing, body, 0, error);
}

static gboolean forget_asked(sqlite3 *db, const SinglesSpec *spec, GError **error)
{
    static const char *const each[] = {forget, mark_derived};
    const Listing *listing = spec->listing;

    ((SinglesSpec *)spec)->forgot = TRUE;
    for (guint i = 0; listing->ids[i]; i++)
        for (guint j = 0; j < G_N_ELEMENTS(each); j++)
            if (!sql_run(db, error, each[j], "iit", (gint64)listing->members, listing->advertiser,
                         listing->ids[i]))
                return FALSE;
    return TRUE;
}

static gboolean store_rows(sqlite3 *db, const Listing *listing, const Page *page, gint64 *ret_rows,
                           gint64 *ret_new, GError **error)
{
    Bodies bodies = {.path = "$.data.list", .asked_us = page->asked_us};

    bodies.text = g_bytes_get_data(page->body, &bodies.length);
    return upsert_rows(db, listing, &bodies, ret_rows, ret_new, error);
}

gboolean singles_store(sqlite3 *db, const void *data, const Page *page, gint64 *ret_rows,
                       gint64 *ret_new, GError **error)
{
    const SinglesSpec *spec = data;
    const Listing *listing = spec->listing;

    return (!page->first || forget_asked(db, spec, error)) &&
           store_rows(db, listing, page, ret_rows, ret_new, error) &&
           singles_mark(db, listing, page->body, error) &&
           (listing->members != KIND_ADVERTISER ||
            run_for(db, forgive, listing, page->body, 0, error)) &&
           (!spec->guarded || run_for(db, guard, listing, page->body, page->asked_us, error));
}

/* Where all were refused nothing was stored. */
gboolean singles_finish(sqlite3 *db, const void *data, gint64 began_us, GError **error)
{
    const SinglesSpec *spec = data;

    return spec->forgot || forget_asked(db, spec, error);
}

/* That an account is listed says nothing of its details. */
gboolean singles_prune(sqlite3 *db, const Listing *listing, gint64 began_us, GError **error)
{
    if (listing->kind == LISTING_ADVERTISERS || listing->lacking)
        return TRUE;
    return sql_run(db, error, prune, "ii", (gint64)listing->members, listing->advertiser) &&
           sql_run(db, error, unguard, "iii", (gint64)listing->members, listing->advertiser,
                   began_us - GUARD_US);
}

gboolean singles_note(sqlite3 *db, ObjectKind members, gint64 advertiser, char **ids,
                      gboolean under_way, GError **error)
{
    static const char begins[] = "INSERT OR IGNORE INTO asked VALUES(?1, ?2, ?3)";
    static const char ends[] = "DELETE FROM asked WHERE kind = ?1 AND advertiser = ?2 AND id = ?3";

    for (guint i = 0; ids[i]; i++)
        if (!sql_run(db, error, under_way ? begins : ends, "iit", (gint64)members, advertiser,
                     ids[i]))
            return FALSE;
    return TRUE;
}

gboolean singles_forget(sqlite3 *db, gint64 row, GError **error)
{
    return sql_run(db, error, "DELETE FROM single WHERE row = ?1", "i", row);
}
