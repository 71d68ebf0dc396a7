/* SPDX-License-Identifier: MIT */
/*
 * upsert.c - objects are written here only, so that a row keeps its number for life: what is known
 * is updated in its place. A body that did not change leaves its row alone, with the time it had.
 */
#include "cache/upsert.h"

#include <string.h>

#include "api/error.h"
#include "cache/store.h"

/* ---- one object ---- */

enum {
    FIND_OBJECT,
    INSERT_OBJECT,
    INSERT_BODY,
    GET_BODY,
    UPDATE_OBJECT,
    UPDATE_BODY,
    IS_YOUNGER,
    MARK_LISTED,
    GUARD_ASKED,
    N_WRITES
};

static const char *const writes_sql[N_WRITES] = {
    [FIND_OBJECT] = "SELECT row, whole, derived, parent, file_name, safe_name(?4) FROM object"
                    " WHERE kind = ?1 AND advertiser = ?2 AND id = ?3",
    [INSERT_OBJECT] = "INSERT INTO object(kind, advertiser, id, parent, file_name, whole, derived, "
                      "changed, listed)"
                      " VALUES(?1, ?2, ?3, ?4, safe_name(?5), ?6, 0, 0, ?7)",
    [INSERT_BODY] = "INSERT INTO body(row, text) VALUES(?1, ?2)",
    [GET_BODY] = "SELECT text FROM body WHERE row = ?1",
    /* To learn more of an object is not to see it change. */
    [UPDATE_OBJECT] = "UPDATE object SET parent = ?2, file_name = ?3, whole = ?4, derived = 0,"
                      " changed = iif(?5, now_us(), changed) WHERE row = ?1",
    [UPDATE_BODY] = "UPDATE body SET text = ?2 WHERE row = ?1",
    [IS_YOUNGER] = "SELECT 1 FROM committed WHERE kind = ?1 AND advertiser = ?2"
                   " AND id = ?3 AND at > ?4",
    [MARK_LISTED] = "UPDATE object SET listed = 1 WHERE row = ?1 AND NOT listed",
    /* What is asked for alone was asked for earlier, and may come later. */
    [GUARD_ASKED] =
        "INSERT INTO committed(kind, advertiser, id, at) SELECT kind, advertiser, id, ?4 FROM asked"
        " WHERE kind = ?1 AND advertiser = ?2 AND id = ?3"
        " ON CONFLICT(kind, advertiser, id) DO UPDATE SET at = max(at, excluded.at)",
};

/* What is written for a page, its statements prepared once. */
typedef struct {
    sqlite3 *db;
    const Listing *listing;
    gboolean whole; /* its bodies are */
    gint64 asked_us;
    EventScope scope;
    gboolean tells_new; /* of objects that were not there */
    gboolean guards;    /* some of its kind are asked for alone */
    sqlite3_stmt *sql[N_WRITES];
} Writes;

static void writes_clear(Writes *writes)
{
    for (guint i = 0; i < N_WRITES; i++)
        sqlite3_finalize(writes->sql[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Writes, writes_clear)

/* A page of a listing, whose bodies are what those calls bring. */
static gboolean has_asked(sqlite3 *db, const Listing *listing)
{
    gint64 asked = 0;

    return listing->seen && listing->kind != LISTING_ADVERTISERS &&
           sql_number(db, &asked, NULL,
                      "SELECT EXISTS(SELECT 1 FROM asked WHERE kind = ?1 AND advertiser = ?2)",
                      "ii", (gint64)listing->members, listing->advertiser) &&
           asked != 0;
}

static gboolean writes_init(Writes *writes, sqlite3 *db, const Listing *listing, gint64 asked_us,
                            GError **error)
{
    *writes = (Writes){.db = db,
                       .listing = listing,
                       .whole = listing->kind != LISTING_ADVERTISERS,
                       .asked_us = asked_us,
                       .scope = upsert_scope(db, listing),
                       .tells_new = listing->events && upsert_was_whole(db, listing),
                       .guards = has_asked(db, listing)};
    for (guint i = 0; i < N_WRITES; i++) {
        writes->sql[i] = sql_prepare(db, error, writes_sql[i], "");
        if (!writes->sql[i])
            return FALSE;
    }
    return TRUE;
}

/* What is stored of an object. The texts are those of a statement that is not reset yet. */
typedef struct {
    gint64 row; /* 0: nothing */
    gboolean whole, derived;
    const char *parent, *file_name;
    const char *new_name; /* the file name of what came */
} Known;

static gboolean find_known(const Writes *writes, const Extract *object, Known *ret, GError **error)
{
    sqlite3_stmt *row = writes->sql[FIND_OBJECT];
    g_autoptr(GError) failure = NULL;

    *ret = (Known){0};
    sql_bind(row, "iitt", (gint64)writes->listing->members, writes->listing->advertiser,
             object->id->str, object->name->str);
    if (sql_step(row, &failure))
        *ret = (Known){.row = sqlite3_column_int64(row, 0),
                       .whole = sqlite3_column_int(row, 1) != 0,
                       .derived = sqlite3_column_int(row, 2) != 0,
                       .parent = sql_text(row, 3),
                       .file_name = sql_text(row, 4),
                       .new_name = sql_text(row, 5)};
    if (failure)
        g_propagate_error(error, g_steal_pointer(&failure));
    return !failure;
}

static gboolean write_body(sqlite3_stmt *statement, gint64 row, JsonSpan body, GError **error)
{
    sql_bind(statement, "i", row);
    sqlite3_bind_text64(statement, 2, body.at, body.length, SQLITE_STATIC, SQLITE_UTF8);
    return sql_finish(statement, error);
}

static gboolean insert(const Writes *writes, const Extract *object, gint64 *ret_row, GError **error)
{
    const Listing *listing = writes->listing;
    sqlite3_stmt *statement = writes->sql[INSERT_OBJECT];

    sql_bind(statement, "iitttii", (gint64)listing->members, listing->advertiser, object->id->str,
             object->parent->str, object->name->str, (gint64)writes->whole,
             (gint64)(listing->kind == LISTING_ADVERTISERS));
    if (!sql_finish(statement, error))
        return FALSE;
    *ret_row = sqlite3_last_insert_rowid(writes->db);
    if (writes->tells_new)
        event_log_came(listing->events, &writes->scope, *ret_row, object);
    return write_body(writes->sql[INSERT_BODY], *ret_row, object->body, error);
}

/* The body that is stored, until the statement is reset. */
static JsonSpan read_body(const Writes *writes, gint64 row)
{
    sqlite3_stmt *found = writes->sql[GET_BODY];

    sql_bind(found, "i", row);
    if (!sql_step(found, NULL))
        return (JsonSpan){"", 0};
    return (JsonSpan){sql_text(found, 0), (gsize)sqlite3_column_bytes(found, 0)};
}

/* What came says something else than what is stored, and is not less of it. To learn more of an
   object is no difference to tell of. */
static gboolean is_news(const Writes *writes, const Extract *object, const Known *known)
{
    EventLog *events = writes->listing->events;
    gboolean news = writes->whole;
    JsonSpan before;

    if (writes->whole != known->whole)
        return news;
    before = read_body(writes, known->row);
    news = before.length != object->body.length ||
           memcmp(before.at, object->body.at, before.length) != 0;
    if (news && events && writes->whole && !known->derived)
        event_log_changed(events, &writes->scope, known->row, object, before);
    sqlite3_reset(writes->sql[GET_BODY]);
    return news;
}

/* The short body of a listing of accounts never replaces a whole one. */
static gboolean update(const Writes *writes, const Extract *object, const Known *known,
                       GError **error)
{
    sqlite3_stmt *statement = writes->sql[UPDATE_OBJECT];
    gboolean grows = writes->whole && !known->whole;
    const char *name = writes->whole || *known->new_name ? known->new_name : known->file_name;
    gboolean body = is_news(writes, object, known);

    if (!known->derived && !body && strcmp(known->parent, object->parent->str) == 0 &&
        strcmp(known->file_name, name) == 0)
        return TRUE;
    sql_bind(statement, "ittii", known->row, object->parent->str, name,
             (gint64)(writes->whole || known->whole), (gint64)(!known->derived && !grows));
    return sql_finish(statement, error) &&
           (!body || write_body(writes->sql[UPDATE_BODY], known->row, object->body, error));
}

/* Committed after this was asked for. */
static gboolean is_overtaken(const Writes *writes, const char *id)
{
    sqlite3_stmt *found = writes->sql[IS_YOUNGER];
    gboolean overtaken;

    sql_bind(found, "iiti", (gint64)writes->listing->members, writes->listing->advertiser, id,
             writes->asked_us);
    overtaken = sql_step(found, NULL);
    sqlite3_reset(found);
    return overtaken;
}

/* Details are asked for of accounts that are there: one that is not has gone meanwhile. */
static gboolean makes_none(const Listing *listing)
{
    return listing->kind == LISTING_INFO && listing->seen;
}

static gboolean guard(const Writes *writes, const char *id, GError **error)
{
    sqlite3_stmt *statement = writes->sql[GUARD_ASKED];

    sql_bind(statement, "iiti", (gint64)writes->listing->members, writes->listing->advertiser, id,
             writes->asked_us);
    return sql_finish(statement, error);
}

/* ret_row: 0, it is not kept. */
static gboolean write_object(const Writes *writes, const Extract *object, gint64 *ret_row,
                             GError **error)
{
    sqlite3_stmt *listed = writes->sql[MARK_LISTED];
    Known known;
    gboolean done = find_known(writes, object, &known, error);

    *ret_row = known.row;
    if (done && known.row == 0 && !makes_none(writes->listing))
        done = insert(writes, object, ret_row, error);
    else if (done && known.row > 0 && !is_overtaken(writes, object->id->str))
        done = update(writes, object, &known, error);
    sqlite3_reset(writes->sql[FIND_OBJECT]);
    if (done && writes->guards)
        done = guard(writes, object->id->str, error);
    if (!done || writes->listing->kind != LISTING_ADVERTISERS)
        return done;
    sql_bind(listed, "i", *ret_row);
    return sql_finish(listed, error);
}

/* ---- a page ---- */

/* Who was invited to a center may have no number yet. A balance is of the center that was asked
   for. */
static gboolean is_row(const Listing *listing, const char *id)
{
    if (listing->members == KIND_FUNDS && strcmp(id, listing->advertiser_id) != 0)
        return FALSE;
    return *id && (listing->members == KIND_MEMBER || strspn(id, "0123456789") == strlen(id));
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

EventScope upsert_scope(sqlite3 *db, const Listing *listing)
{
    return (EventScope){.db = db,
                        .kind = listing->members,
                        .advertiser = listing->advertiser,
                        .advertiser_id = listing->advertiser_id,
                        .ours = listing->ours};
}

/* Accounts come and go with the listing of them, whatever is asked of their details. */
gboolean upsert_was_whole(sqlite3 *db, const Listing *listing)
{
    gint64 fetched = 0, kind = listing->kind;

    if (kind == LISTING_INFO)
        kind = LISTING_ADVERTISERS;
    return sql_number(db, &fetched, NULL,
                      "SELECT fetched FROM listing WHERE members = ?1 AND advertiser = ?2"
                      " AND kind = ?3",
                      "iii", (gint64)listing->members, listing->advertiser, kind) &&
           fetched > 0;
}

gboolean upsert_rows(sqlite3 *db, const Listing *listing, const Bodies *bodies, gint64 *ret_rows,
                     gint64 *ret_new, GError **error)
{
    g_auto(Extract) object = {0};
    g_auto(Writes) writes = {0};
    g_autoptr(GError) failure = NULL;
    gint64 row;

    if (!upsert_owner_exists(db, listing, error) ||
        !extract_init(&object, listing->members, bodies, error) ||
        !writes_init(&writes, db, listing, bodies->asked_us, error))
        return FALSE;
    while (extract_next(&object, &failure)) {
        if (!is_row(listing, object.id->str))
            continue; /* and is missed when the rows are counted */
        if (!write_object(&writes, &object, &row, error))
            return FALSE;
        ++*ret_rows;
        *ret_new += row > 0 && (!listing->seen || row_set_add(listing->seen, row));
    }
    if (!failure)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

gboolean upsert_begin(sqlite3 *db, const Listing *listing, GError **error)
{
    if (listing->seen)
        row_set_empty(listing->seen);
    return upsert_listing(db, listing, error);
}

gboolean upsert_listing(sqlite3 *db, const Listing *listing, GError **error)
{
    return sql_run(
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
        sql_prepare(db, error,
                    "SELECT o.kind, o.advertiser, o.id, a.id FROM object o"
                    " LEFT JOIN object a ON a.row = o.advertiser WHERE o.row = ?1",
                    "i", row);
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
    listing->advertiser_id = g_strdup(sql_text(found, 3));
    return TRUE;
}

/* The first object of the answer is this one. */
static gboolean check_id(const Listing *listing, const Bodies *bodies, const char *id,
                         GError **error)
{
    g_auto(Extract) object = {0};

    if (!extract_init(&object, listing->members, bodies, error))
        return FALSE;
    if (extract_next(&object, NULL) && strcmp(object.id->str, id) == 0)
        return TRUE;
    g_propagate_error(
        error, api_error_new(API_ERROR_MALFORMED, 0, NULL, "The answer is not about %s", id));
    return FALSE;
}

gboolean upsert_committed(sqlite3 *db, EventLog *events, gint64 row, const Bodies *bodies,
                          GError **error)
{
    g_autofree char *id = NULL, *advertiser_id = NULL;
    Listing listing = {.kind = N_LISTINGS, .events = events};
    gint64 rows = 0, fresh = 0;
    gboolean found = find_row(db, row, &listing, &id, error);

    advertiser_id = listing.advertiser_id;
    return found && check_id(&listing, bodies, id, error) &&
           upsert_rows(db, &listing, bodies, &rows, &fresh, error) &&
           sql_run(db, error, remember_commit, "ii", row, bodies->asked_us);
}
