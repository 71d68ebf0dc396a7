/* SPDX-License-Identifier: MIT */
/*
 * upsert.c - objects are written here only, by UPSERT, so that a row keeps its number for life.
 *
 * SQLite takes the JSON apart: it keeps the text of every value, so no digit of an amount or an id
 * is lost. A body that did not change leaves its row alone, with the time it had.
 */
#include "cache/upsert.h"

#include "api/error.h"
#include "cache/store.h"

/* Where in a row things are: members, or paths into it. */
typedef struct {
    const char *id, *parent, *name;
    const char *other_id, *other_name; /* where it lacks the first; may be NULL */
} Paths;

#define COLUMNS                                                                                    \
    "coalesce(nullif(" ID_OF("value", "?2") ", ''), " ID_OF("value", "?3") "), " ID_OF(            \
        "value", "?4") ", coalesce(value ->> ?5, value ->> ?6, ''), value"

static const char take_apart[] = "SELECT " COLUMNS " FROM json_each(?1, ?7) WHERE type = 'object'";
static const char take_one[] = "SELECT " COLUMNS " FROM (SELECT ?1 -> ?7 AS value)"
                               " WHERE json_type(value) = 'object'";

/* The short body of a listing of accounts never replaces a whole one. To learn more of an object is
   not to see it change. */
static const char put[] =
    "INSERT INTO object(kind, advertiser, id, parent, file_name, body, whole, derived, changed,"
    " listed) VALUES(?1, ?2, ?3, ?4, safe_name(?5), ?6, ?7, 0, 0, ?9)"
    " ON CONFLICT(kind, advertiser, id) DO UPDATE SET parent = excluded.parent,"
    " file_name = iif(excluded.whole OR excluded.file_name <> '', excluded.file_name, file_name),"
    " body = iif(excluded.whole >= whole, excluded.body, body),"
    " whole = max(whole, excluded.whole), derived = 0,"
    " changed = iif(derived OR excluded.whole > whole, changed, now_us())"
    " WHERE NOT EXISTS (SELECT 1 FROM committed c WHERE c.kind = ?1 AND c.advertiser = ?2"
    "  AND c.id = ?3 AND c.at > ?8)"
    " AND (derived OR parent <> excluded.parent OR excluded.whole > whole"
    "  OR (excluded.whole = whole AND body <> excluded.body)"
    "  OR (file_name <> excluded.file_name AND (excluded.whole OR excluded.file_name <> '')))";

static const char mark_listed[] =
    "UPDATE object SET listed = 1 WHERE kind = ?1 AND advertiser = 0 AND id = ?2 AND NOT listed";

static const char mark_seen[] =
    "INSERT OR IGNORE INTO seen(kind, advertiser, row) SELECT ?1, ?3, row FROM object"
    " WHERE kind = ?2 AND advertiser = ?3 AND id = ?4";

void listing_free(void *data)
{
    Listing *listing = data;

    if (!listing)
        return;
    g_free(listing->advertiser_id);
    batches_free(listing->batches);
    g_strfreev(listing->ids);
    g_free(listing);
}

/* Who was invited to a center may have no number yet. */
static gboolean is_id(ObjectKind kind, const char *text)
{
    return text[0] && (kind == KIND_MEMBER || strspn(text, "0123456789") == strlen(text));
}

static Paths paths_of(ObjectKind kind)
{
    const KindNames *names = kind_names(kind);
    Paths paths = {.id = names->id, .parent = names->parent_id, .name = names->name};

    if (kind == KIND_ADVERTISER)
        paths.other_name = "name"; /* as advertiser/info calls it */
    if (kind == KIND_MEMBER)
        paths.other_id = "user_email";
    if (kind == KIND_CENTER)
        paths = (Paths){.id = "$.bc_info.bc_id", .name = "$.bc_info.name"};
    return paths;
}

static sqlite3_stmt *prepare_take_apart(sqlite3 *db, ObjectKind kind, const Bodies *bodies,
                                        GError **error)
{
    Paths paths = paths_of(kind);
    sqlite3_stmt *statement =
        sql_prepare(db, error, kind == KIND_FUNDS ? take_one : take_apart, "ttttttt", "", paths.id,
                    paths.other_id, paths.parent, paths.name, paths.other_name, bodies->path);

    if (statement)
        sqlite3_bind_text64(statement, 1, bodies->text, bodies->length, SQLITE_STATIC, SQLITE_UTF8);
    return statement;
}

typedef struct {
    sqlite3_stmt *put, *listed, *seen;
} Writes;

static void writes_clear(Writes *writes)
{
    sqlite3_finalize(writes->put);
    sqlite3_finalize(writes->listed);
    sqlite3_finalize(writes->seen);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Writes, writes_clear)

static gboolean prepare_writes(sqlite3 *db, Writes *ret, GError **error)
{
    ret->put = sql_prepare(db, error, put, "");
    ret->listed = ret->put ? sql_prepare(db, error, mark_listed, "") : NULL;
    ret->seen = ret->listed ? sql_prepare(db, error, mark_seen, "") : NULL;
    return ret->seen != NULL;
}

/* row: of take_apart. */
static gboolean write_row(const Writes *writes, const Listing *listing, sqlite3_stmt *row,
                          gint64 asked_us, GError **error)
{
    gint64 kind = listing->kind, members = listing->members, of = listing->advertiser;
    gint64 listed = listing->kind == LISTING_ADVERTISERS;
    const char *id = sql_text(row, 0);

    sql_bind(writes->put, "iittttiii", members, of, id, sql_text(row, 1), sql_text(row, 2),
             sql_text(row, 3), (gint64)!listed, asked_us, listed);
    sql_bind(writes->listed, "it", members, id);
    sql_bind(writes->seen, "iiit", kind, members, of, id);
    return sql_finish(writes->put, error) && (!listed || sql_finish(writes->listed, error)) &&
           sql_finish(writes->seen, error);
}

/* A balance is of the center that was asked for. */
static gboolean is_row(const Listing *listing, const char *id)
{
    return is_id(listing->members, id) &&
           (listing->members != KIND_FUNDS || strcmp(id, listing->advertiser_id) == 0);
}

gboolean upsert_owner_exists(sqlite3 *db, const Listing *listing, GError **error)
{
    gint64 n = 0;

    if (listing->advertiser == 0)
        return TRUE;
    if (!sql_number(db, &n, error, "SELECT count(*) FROM object WHERE row = ?1", "i",
                    listing->advertiser))
        return FALSE;
    if (n == 0)
        g_propagate_error(error, api_error_new(API_ERROR_NOT_FOUND, 0, NULL,
                                               "%s is not there any more", listing->advertiser_id));
    return n > 0;
}

gboolean upsert_rows(sqlite3 *db, const Listing *listing, const Bodies *bodies, gint64 *ret_rows,
                     gint64 *ret_new, GError **error)
{
    g_autoptr(sqlite3_stmt) row = NULL;
    g_auto(Writes) writes = {NULL};
    g_autoptr(GError) failure = NULL;

    if (!upsert_owner_exists(db, listing, error))
        return FALSE;
    row = prepare_take_apart(db, listing->members, bodies, error);
    if (!row || !prepare_writes(db, &writes, error))
        return FALSE;
    while (sql_step(row, &failure)) {
        if (!is_row(listing, sql_text(row, 0)))
            continue; /* and is missed when the rows are counted */
        if (!write_row(&writes, listing, row, bodies->asked_us, error))
            return FALSE;
        ++*ret_rows;
        *ret_new += sqlite3_changes(db);
    }
    if (!failure)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

gboolean upsert_begin(sqlite3 *db, const Listing *listing, GError **error)
{
    return sql_run(db, error, "DELETE FROM seen WHERE kind = ?1 AND advertiser = ?2", "ii",
                   (gint64)listing->kind, listing->advertiser) &&
           sql_run(
               db, error,
               "INSERT OR IGNORE INTO listing(members, advertiser, kind, fetched, changed, rows)"
               " VALUES(?1, ?2, ?3, 0, 0, 0)",
               "iii", (gint64)listing->members, listing->advertiser, (gint64)listing->kind);
}

/* ---- a commit ---- */

static const char remember_commit[] =
    "INSERT INTO committed(kind, advertiser, id, at) SELECT kind, advertiser, id, ?2 FROM object"
    " WHERE row = ?1 ON CONFLICT(kind, advertiser, id) DO UPDATE SET at = max(at, excluded.at)";

static gboolean find_row(sqlite3 *db, gint64 row, Listing *listing, char **ret_id, GError **error)
{
    g_autoptr(sqlite3_stmt) found =
        sql_prepare(db, error, "SELECT kind, advertiser, id FROM object WHERE row = ?1", "i", row);
    g_autoptr(GError) failure = NULL;

    if (!found)
        return FALSE;
    if (!sql_step(found, &failure)) {
        if (!failure)
            failure = api_error_new(API_ERROR_NOT_FOUND, 0, NULL, "The object has vanished");
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    listing->members = (ObjectKind)sqlite3_column_int(found, 0);
    listing->advertiser = sqlite3_column_int64(found, 1);
    *ret_id = g_strdup(sql_text(found, 2));
    return TRUE;
}

gboolean upsert_committed(sqlite3 *db, gint64 row, const Bodies *bodies, GError **error)
{
    Listing listing = {.kind = N_LISTINGS}; /* a mark of its own among the seen ones */
    g_autofree char *id = NULL;
    g_autoptr(sqlite3_stmt) found = NULL;
    gint64 rows = 0, fresh = 0;

    if (!find_row(db, row, &listing, &id, error))
        return FALSE;
    found = prepare_take_apart(db, listing.members, bodies, error);
    if (!found)
        return FALSE;
    if (!sql_step(found, NULL) || strcmp(sql_text(found, 0), id) != 0) {
        g_propagate_error(
            error, api_error_new(API_ERROR_MALFORMED, 0, NULL, "The answer is not about %s", id));
        return FALSE;
    }
    sqlite3_reset(found);
    return upsert_rows(db, &listing, bodies, &rows, &fresh, error) &&
           sql_run(db, error, remember_commit, "ii", row, bodies->asked_us) &&
           sql_run(db, error, "DELETE FROM seen WHERE kind = ?1", "i", (gint64)N_LISTINGS);
}
