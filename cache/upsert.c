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

/* The digits of an id, which may come as a string or as a number. */
#define ID(value, member) "coalesce(nullif(trim(" value " -> " member ", '\"'), 'null'), '')"

static const char take_apart[] = "SELECT " ID("value", "?2") ", " ID(
    "value", "?3") ","
                   " coalesce(value ->> ?4, value ->> ?5, ''), value FROM json_each(?1, ?6)"
                   " WHERE type = 'object'";

/* The short body of a listing of accounts never replaces a whole one. To learn more of an object is
   not to see it change. */
static const char put[] =
    "INSERT INTO object(kind, advertiser, id, parent, file_name, body, whole, derived, changed)"
    " VALUES(?1, ?2, ?3, ?4, safe_name(?5), ?6, ?7, 0, 0)"
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

static const char mark_seen[] =
    "INSERT OR IGNORE INTO seen(kind, advertiser, row) SELECT ?1, ?3, row FROM object"
    " WHERE kind = ?2 AND advertiser = ?3 AND id = ?4";

void listing_free(void *data)
{
    Listing *listing = data;

    if (!listing)
        return;
    g_free(listing->advertiser_id);
    g_strfreev(listing->ids);
    g_free(listing);
}

static gboolean is_id(const char *text)
{
    return text[0] && strspn(text, "0123456789") == strlen(text);
}

static sqlite3_stmt *prepare_take_apart(sqlite3 *db, ObjectKind kind, const Bodies *bodies,
                                        GError **error)
{
    const KindNames *names = kind_names(kind);
    /* advertiser/info calls the name of an account "name". */
    const char *other = kind == KIND_ADVERTISER ? "name" : names->name;
    sqlite3_stmt *statement = sql_prepare(db, error, take_apart, "tttttt", "", names->id,
                                          names->parent_id, names->name, other, bodies->path);

    if (statement)
        sqlite3_bind_text64(statement, 1, bodies->text, bodies->length, SQLITE_STATIC, SQLITE_UTF8);
    return statement;
}

gboolean upsert_rows(sqlite3 *db, const Listing *listing, const Bodies *bodies, gint64 *ret_rows,
                     gint64 *ret_new, GError **error)
{
    gint64 whole = listing->kind != LISTING_ADVERTISERS;
    g_autoptr(sqlite3_stmt) row = prepare_take_apart(db, listing->members, bodies, error);
    g_autoptr(sqlite3_stmt) upsert = row ? sql_prepare(db, error, put, "") : NULL;
    g_autoptr(sqlite3_stmt) seen = upsert ? sql_prepare(db, error, mark_seen, "") : NULL;
    g_autoptr(GError) failure = NULL;

    if (!seen)
        return FALSE;
    while (sql_step(row, &failure)) {
        const char *id = sql_text(row, 0);
        if (!is_id(id))
            continue; /* and is missed when the rows are counted */
        sql_bind(upsert, "iittttii", (gint64)listing->members, listing->advertiser, id,
                 sql_text(row, 1), sql_text(row, 2), sql_text(row, 3), whole, bodies->asked_us);
        sql_bind(seen, "iiit", (gint64)listing->kind, (gint64)listing->members, listing->advertiser,
                 id);
        if (!sql_finish(upsert, error) || !sql_finish(seen, error))
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

/* ---- a complete listing ---- */

/* An object committed since the round began may be younger than the pages. */
static const char remove_vanished[] =
    "DELETE FROM object WHERE kind = ?1 AND advertiser = ?2 AND NOT derived"
    " AND NOT EXISTS (SELECT 1 FROM seen s WHERE s.kind = ?3 AND s.advertiser = ?2"
    "  AND s.row = object.row)"
    " AND NOT EXISTS (SELECT 1 FROM committed c WHERE c.kind = ?1 AND c.advertiser = ?2"
    "  AND c.id = object.id AND c.at > ?4)";

/* ?1 ?2: kinds of the parent and the member; ?4 to ?7: members of the body: the parent's id and
   name, then its own parent's, which may be NULL. */
static const char make_parents[] =
    "INSERT INTO object(kind, advertiser, id, parent, file_name, body, whole, derived, changed)"
    " SELECT ?1, ?3, m.parent, " ID(
        "m.body",
        "?6") ","
              " safe_name(coalesce(m.body ->> ?5, '')),"
              " iif(?6 IS NULL, json_object(?4, m.parent, ?5, m.body ->> ?5, 'advertiser_id', ?8),"
              "  json_object(?4, m.parent, ?5, m.body ->> ?5, ?6, " ID(
                  "m.body",
                  "?6") ","
                        "  ?7, m.body ->> ?7, 'advertiser_id', ?8)), 0, 1, 0"
                        " FROM object m WHERE m.kind = ?2 AND m.advertiser = ?3 AND m.parent <> ''"
                        " AND NOT EXISTS (SELECT 1 FROM object p WHERE p.kind = ?1 AND "
                        "p.advertiser = ?3"
                        "  AND p.id = m.parent)"
                        " GROUP BY m.parent";

static const char remove_parents[] =
    "DELETE FROM object WHERE kind = ?1 AND advertiser = ?3 AND derived AND NOT EXISTS"
    " (SELECT 1 FROM object m WHERE m.kind = ?2 AND m.advertiser = ?3 AND m.parent = object.id)";

static gboolean settle_parents(sqlite3 *db, const Listing *listing, ObjectKind kind, GError **error)
{
    const KindNames *names = kind_names(kind);
    gboolean top = kind == KIND_CAMPAIGN;

    return sql_run(db, error, remove_parents, "iii", (gint64)kind, (gint64)kind + 1,
                   listing->advertiser) &&
           sql_run(db, error, make_parents, "iiittttt", (gint64)kind, (gint64)kind + 1,
                   listing->advertiser, names->id, names->name, top ? NULL : names->parent_id,
                   top ? NULL : kind_names(KIND_CAMPAIGN)->name, listing->advertiser_id);
}

/* What belongs to an account goes with it; and details that lack an account are old. */
static const char *const settle_accounts[] = {
    "DELETE FROM object WHERE kind <> ?1 AND advertiser NOT IN"
    " (SELECT row FROM object WHERE kind = ?1)",
    "DELETE FROM listing WHERE members <> ?1 AND advertiser NOT IN"
    " (SELECT row FROM object WHERE kind = ?1)",
    "UPDATE listing SET fetched = 1 WHERE members = ?1 AND kind = ?2 AND fetched AND EXISTS"
    " (SELECT 1 FROM object WHERE kind = ?1 AND advertiser = 0 AND NOT whole)",
};

static gboolean settle_members(sqlite3 *db, const Listing *listing, GError **error)
{
    if (listing->members != KIND_ADVERTISER)
        return settle_parents(db, listing, KIND_ADGROUP, error) &&
               settle_parents(db, listing, KIND_CAMPAIGN, error);
    for (gsize i = 0; i < G_N_ELEMENTS(settle_accounts); i++)
        if (!sql_run(db, error, settle_accounts[i], "ii", (gint64)KIND_ADVERTISER,
                     (gint64)LISTING_INFO))
            return FALSE;
    return TRUE;
}

gboolean upsert_expire(sqlite3 *db, const Listing *listing, GError **error)
{
    gint64 kind = listing->kind, members = listing->members, of = listing->advertiser;

    return sql_run(db, error, "INSERT OR REPLACE INTO expired VALUES(?1, ?2, ?3, ?4)", "iiii",
                   members, of, kind, listing->expiries) &&
           sql_run(db, error,
                   "UPDATE listing SET fetched = ?4 WHERE members = ?1 AND advertiser = ?2"
                   " AND kind = ?3 AND fetched <> 0",
                   "iiii", members, of, kind, (gint64)FETCHED_EXPIRED);
}

/* ?4: expiries when it began; ?5: it has expired anyway; ?6: what is stored of such a one. */
static const char mark_complete[] =
    "UPDATE listing SET fetched = iif(?5 OR EXISTS (SELECT 1 FROM expired e WHERE e.members = ?1"
    "  AND e.advertiser = ?2 AND e.kind = ?3 AND e.number > ?4), ?6, now_us()),"
    " changed = iif(changed, changed, now_us()),"
    " rows = (SELECT count(*) FROM object WHERE kind = ?1 AND advertiser = ?2)"
    " WHERE members = ?1 AND advertiser = ?2 AND kind = ?3";

/* upsert_begin() here as well: without pages it has not run. */
static gboolean mark(sqlite3 *db, const Listing *listing, gboolean expired, GError **error)
{
    return upsert_begin(db, listing, error) &&
           sql_run(db, error, mark_complete, "iiiiii", (gint64)listing->members,
                   listing->advertiser, (gint64)listing->kind, listing->expiries, (gint64)expired,
                   (gint64)FETCHED_EXPIRED);
}

/* Details have no total: what proves them is that every account asked for has its own. One that
   came since has not been asked for. */
static gboolean finish_info(sqlite3 *db, const Listing *listing, GError **error)
{
    g_autoptr(sqlite3_stmt) bare =
        sql_prepare(db, error,
                    "SELECT id FROM object WHERE kind = ?1 AND advertiser = 0 AND NOT whole"
                    " ORDER BY row",
                    "i", (gint64)KIND_ADVERTISER);
    g_autoptr(GError) failure = NULL;
    gboolean new_ones = FALSE;

    if (!bare)
        return FALSE;
    while (!failure && sql_step(bare, &failure)) {
        const char *id = sql_text(bare, 0);
        if (g_strv_contains((const char *const *)listing->ids, id))
            failure = api_error_new(API_ERROR_INCOMPLETE, 0, NULL,
                                    "The details of account %s did not come", id);
        new_ones = TRUE;
    }
    if (!failure)
        return mark(db, listing, new_ones, error);
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

gboolean upsert_finish(sqlite3 *db, const Listing *listing, gint64 began_us, GError **error)
{
    if (listing->kind == LISTING_INFO)
        return finish_info(db, listing, error);
    return sql_run(db, error, remove_vanished, "iiii", (gint64)listing->members,
                   listing->advertiser, (gint64)listing->kind, began_us) &&
           settle_members(db, listing, error) && mark(db, listing, FALSE, error);
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
