/* SPDX-License-Identifier: MIT */
/*
 * settle.c - what a complete listing says of the rest: what it lacks has vanished, and so has what
 * was below; parents that are known from their members only; accounts that only centers name. What
 * is looked for by parent or name is sorted here, not row by row as the pages come.
 */
#include "cache/settle.h"

#include "api/error.h"
#include "cache/store.h"

/* ---- what is sorted once a listing is whole ---- */

/* Rows after those that are sorted, ?3 to ?4, in the order of the table that takes them: a million
   of them one by one, as they come, would cost four times as much. */
static const char sort_children[] =
    "INSERT INTO child(kind, advertiser, parent, row) SELECT kind, advertiser, parent, row"
    " FROM object WHERE kind = ?1 AND advertiser = ?2 AND row > ?3 AND row <= ?4 AND parent <> ''"
    " ORDER BY parent, row";
static const char sort_names[] =
    "INSERT INTO name(kind, advertiser, file_name, parent, row)"
    " SELECT kind, advertiser, file_name, parent, row FROM object"
    " WHERE kind = ?1 AND advertiser = ?2 AND row > ?3 AND row <= ?4 ORDER BY file_name, parent,"
    " row";
static const char set_changed[] =
    "UPDATE listing SET changed = now_us() WHERE members = ?1 AND advertiser = ?2";

/* The last of the rows to sort next: after ?3, at most ?4 of them. 0: none is left. */
static const char find_last[] =
    "SELECT coalesce(max(row), 0) FROM (SELECT row FROM object WHERE kind = ?1 AND advertiser = ?2"
    " AND row > ?3 ORDER BY row LIMIT ?4)";

gboolean settle_sort(sqlite3 *db, ObjectKind kind, gint64 advertiser, gint64 most,
                     gboolean *ret_more, GError **error)
{
    gint64 of = advertiser, members = kind, upto = 0, last = 0;

    *ret_more = FALSE;
    if (!sql_number(db, &upto, error, "SELECT upto FROM sorted WHERE kind = ?1 AND advertiser = ?2",
                    "ii", members, of) ||
        !sql_number(db, &last, error, find_last, "iiii", members, of, upto, most))
        return FALSE;
    if (last == 0)
        return TRUE;
    *ret_more = TRUE;
    return sql_run(db, error, sort_children, "iiii", members, of, upto, last) &&
           sql_run(db, error, sort_names, "iiii", members, of, upto, last) &&
           sql_run(db, error,
                   "INSERT OR REPLACE INTO sorted(kind, advertiser, upto)"
                   " VALUES(?1, ?2, ?3)",
                   "iii", members, of, last) &&
           sql_run(db, error, set_changed, "ii", members, of);
}

static gboolean sort_all(sqlite3 *db, ObjectKind kind, gint64 advertiser, GError **error)
{
    gboolean more;

    return settle_sort(db, kind, advertiser, G_MAXINT64, &more, error);
}

/* ---- what it says of the rest ---- */

/* An object committed since the round began may be younger than the pages. */
#define HAS_VANISHED                                                                               \
    "o.kind = ?1 AND o.advertiser = ?2 AND NOT o.derived AND NOT in_set(o.row, ?4)"                \
    " AND NOT EXISTS (SELECT 1 FROM committed c WHERE c.kind = ?1 AND c.advertiser = ?2"           \
    "  AND c.id = o.id AND c.at > ?3)"

static const char find_vanished[] = "SELECT o.row, o.id, o.parent, b.text FROM object o"
                                    " JOIN body b ON b.row = o.row WHERE " HAS_VANISHED;
static const char remove_vanished[] = "DELETE FROM object AS o WHERE " HAS_VANISHED;

/* The digits of an id in JSON, which may come as a string or as a number. */
#define ID_OF(value, member) "coalesce(nullif(trim(" value " -> " member ", '\"'), 'null'), '')"

#define HAS_NO_BODY(number) "NOT EXISTS (SELECT 1 FROM body x WHERE x.row = " number ")"

/* Parents that no listing has, each by the first of its members: ?1 ?2 kinds of the parent and the
   member, ?4 to ?7 members of the body: the parent's id and name, then its own parent's, which may
   be NULL. */
static const char make_parents[] =
    "WITH missing AS MATERIALIZED (SELECT parent, min(row) AS row FROM child c WHERE c.kind = ?2"
    "  AND c.advertiser = ?3 GROUP BY parent HAVING NOT EXISTS (SELECT 1 FROM object p"
    "  WHERE p.kind = ?1 AND p.advertiser = ?3 AND p.id = c.parent))"
    " INSERT INTO object(kind, advertiser, id, parent, file_name, whole, derived, changed)"
    " SELECT ?1, ?3, m.parent, " ID_OF("b.text",
                                       "?6") ", safe_name(coalesce(b.text ->> ?5, '')),"
                                             " 0, 1, 0 FROM missing m JOIN body b ON b.row = m.row";
static const char make_parent_bodies[] =
    "INSERT INTO body(row, text) SELECT o.row,"
    " iif(?6 IS NULL, json_object(?4, o.id, ?5, b.text ->> ?5, 'advertiser_id', ?8),"
    "  json_object(?4, o.id, ?5, b.text ->> ?5, ?6, o.parent, ?7, b.text ->> ?7,"
    "  'advertiser_id', ?8))"
    " FROM object o JOIN body b ON b.row = (SELECT min(c.row) FROM child c WHERE c.kind = ?2"
    "  AND c.advertiser = ?3 AND c.parent = o.id)"
    " WHERE o.kind = ?1 AND o.advertiser = ?3 AND o.derived AND " HAS_NO_BODY("o.row");

static const char remove_parents[] =
    "DELETE FROM object WHERE kind = ?1 AND advertiser = ?3 AND derived AND NOT EXISTS"
    " (SELECT 1 FROM child c WHERE c.kind = ?2 AND c.advertiser = ?3 AND c.parent = object.id)";

static gboolean settle_parents(sqlite3 *db, const Listing *listing, ObjectKind kind, GError **error)
{
    const KindNames *names = kind_names(kind);
    gboolean top = kind == KIND_CAMPAIGN;
    const char *const made[] = {make_parents, make_parent_bodies};

    if (!sql_run(db, error, remove_parents, "iii", (gint64)kind, (gint64)kind + 1,
                 listing->advertiser))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(made); i++)
        if (!sql_run(db, error, made[i], "iiittttt", (gint64)kind, (gint64)kind + 1,
                     listing->advertiser, names->id, names->name, top ? NULL : names->parent_id,
                     top ? NULL : kind_names(KIND_CAMPAIGN)->name, listing->advertiser_id))
            return FALSE;
    return sort_all(db, kind, listing->advertiser, error);
}

/* gone: of the columns of find_vanished. */
static gboolean tell_gone(sqlite3 *db, const Listing *listing, sqlite3_stmt *gone, GError **error)
{
    EventScope scope = upsert_scope(db, listing);
    g_autoptr(GError) failure = NULL;

    while (sql_step(gone, &failure)) {
        JsonSpan body = {sql_text(gone, 3), (gsize)sqlite3_column_bytes(gone, 3)};
        event_log_gone(listing->events, &scope, sqlite3_column_int64(gone, 0), sql_text(gone, 1),
                       sql_text(gone, 2), body);
    }
    if (failure)
        g_propagate_error(error, g_steal_pointer(&failure));
    return !failure;
}

/* ---- accounts and centers, and what is below them ---- */

static const char set_listed[] = "UPDATE object SET listed = 0 WHERE kind = ?1 AND advertiser = 0"
                                 " AND listed AND NOT in_set(row, ?2)";

/* Once, whatever the number of centers that have it. */
static const char make_accounts[] =
    "INSERT INTO object(kind, advertiser, id, parent, file_name, whole, derived, changed)"
    " SELECT ?1, 0, a.id, '', safe_name(coalesce(b.text ->> 'asset_name', '')), 0, 0, 0"
    " FROM object a JOIN body b ON b.row = a.row WHERE a.kind = ?2 AND a.advertiser = ?3"
    " AND " ASSET_IS_BOUND("b.text") " ON CONFLICT(kind, advertiser, id) DO NOTHING";
static const char make_account_bodies[] =
    "INSERT INTO body(row, text) SELECT o.row, json_object('advertiser_id', o.id,"
    " 'advertiser_name', b.text ->> 'asset_name') FROM object o JOIN object a ON a.kind = ?2"
    " AND a.advertiser = ?3 AND a.id = o.id JOIN body b ON b.row = a.row"
    " WHERE o.kind = ?1 AND o.advertiser = 0 AND " HAS_NO_BODY("o.row");

/* Made just now: not sorted yet. As a list of one. */
static const char find_made[] =
    "SELECT o.row, '[' || b.text || ']' FROM object o JOIN body b ON b.row = o.row"
    " WHERE o.kind = ?1 AND o.advertiser = 0 AND NOT o.listed AND NOT o.whole AND o.row >"
    " coalesce((SELECT upto FROM sorted WHERE kind = ?1 AND advertiser = 0), 0)";

#define IS_NO_ACCOUNT                                                                              \
    "o.kind = ?1 AND o.advertiser = 0 AND NOT o.listed"                                            \
    " AND (?5 OR o.row NOT IN (SELECT row FROM single)) AND (?4 OR NOT EXISTS"                     \
    " (SELECT 1 FROM object a JOIN body b ON b.row = a.row WHERE a.kind = ?2 AND a.advertiser IN"  \
    "  (SELECT row FROM object WHERE kind = ?3 AND advertiser = 0)"                                \
    "  AND a.id = o.id AND " ASSET_IS_BOUND("b.text") "))"

static const char find_lost_accounts[] =
    "SELECT o.row, o.id, '', t.text FROM object o JOIN body t ON t.row = o.row"
    " WHERE " IS_NO_ACCOUNT;
static const char remove_accounts[] = "DELETE FROM object AS o WHERE " IS_NO_ACCOUNT;

/* Those of the others are as old as they were. */
static const char mark_lacking[] =
    "UPDATE listing SET lacks = 1 WHERE members = ?1 AND kind = ?2 AND EXISTS"
    " (SELECT 1 FROM object WHERE kind = ?1 AND advertiser = 0 AND NOT whole"
    "  AND row NOT IN (SELECT account FROM refusal))";

static const char count_accounts[] =
    "UPDATE listing SET rows = (SELECT count(*) FROM object WHERE kind = ?1 AND advertiser = 0)"
    " WHERE members = ?1 AND advertiser = 0";

static gboolean tell_lost_accounts(sqlite3 *db, const Listing *listing, GError **error)
{
    const Listing accounts = {.members = KIND_ADVERTISER, .events = listing->events};
    g_autoptr(sqlite3_stmt) gone =
        sql_prepare(db, error, find_lost_accounts, "iiiii", (gint64)KIND_ADVERTISER,
                    (gint64)KIND_ASSET, (gint64)KIND_CENTER, (gint64)listing->closed,
                    (gint64)(listing->members == KIND_ADVERTISER));

    return gone && (!accounts.events || tell_gone(db, &accounts, gone, error));
}

/* An account stays for as long as the listing of accounts or a center names it; one that was asked
   for by its id, until that listing comes. */
static gboolean settle_accounts(sqlite3 *db, const Listing *listing, GError **error)
{
    return tell_lost_accounts(db, listing, error) &&
           sql_run(db, error, remove_accounts, "iiiii", (gint64)KIND_ADVERTISER, (gint64)KIND_ASSET,
                   (gint64)KIND_CENTER, (gint64)listing->closed,
                   (gint64)(listing->members == KIND_ADVERTISER)) &&
           sql_run(db, error, mark_lacking, "ii", (gint64)KIND_ADVERTISER, (gint64)LISTING_INFO) &&
           sql_run(db, error, count_accounts, "i", (gint64)KIND_ADVERTISER);
}

/* What a center has when it is seen for the first time is not new. */
static gboolean tell_made(sqlite3 *db, const Listing *listing, GError **error)
{
    const Listing accounts = {.members = KIND_ADVERTISER, .events = listing->events};
    EventScope scope = upsert_scope(db, &accounts);
    g_autoptr(sqlite3_stmt) made = NULL;
    g_autoptr(GError) failure = NULL;

    if (!listing->events || !upsert_was_whole(db, listing))
        return TRUE;
    made = sql_prepare(db, error, find_made, "i", (gint64)KIND_ADVERTISER);
    while (made && sql_step(made, &failure)) {
        gint64 row = sqlite3_column_int64(made, 0);
        Bodies bodies = {sql_text(made, 1), (gsize)sqlite3_column_bytes(made, 1), "$", 0};
        g_auto(Extract) object = {0};
        if (extract_init(&object, KIND_ADVERTISER, &bodies, NULL) && extract_next(&object, NULL))
            event_log_came(listing->events, &scope, row, &object);
    }
    if (failure)
        g_propagate_error(error, g_steal_pointer(&failure));
    else if (made && listing->events)
        event_log_whole(listing->events, &scope);
    return made && !failure;
}

static gboolean make_accounts_of(sqlite3 *db, const Listing *listing, GError **error)
{
    gint64 kind = KIND_ADVERTISER, assets = KIND_ASSET;

    return sql_run(db, error, make_accounts, "iii", kind, assets, listing->advertiser) &&
           sql_run(db, error, make_account_bodies, "iii", kind, assets, listing->advertiser) &&
           tell_made(db, listing, error) && sort_all(db, KIND_ADVERTISER, 0, error);
}

static gboolean settle_members(sqlite3 *db, const Listing *listing, GError **error)
{
    switch (listing->members) {
    case KIND_ADVERTISER:
    case KIND_CENTER:
        return settle_accounts(db, listing, error);
    case KIND_ASSET:
        return (listing->closed || make_accounts_of(db, listing, error)) &&
               settle_accounts(db, listing, error);
    case KIND_CAMPAIGN:
    case KIND_ADGROUP:
    case KIND_AD:
        return settle_parents(db, listing, KIND_ADGROUP, error) &&
               settle_parents(db, listing, KIND_CAMPAIGN, error);
    case KIND_NONE:
    case KIND_MEMBER:
    case KIND_FUNDS:
    case N_KINDS:
        break;
    }
    return TRUE;
}

static gboolean tell_vanished(sqlite3 *db, const Listing *listing, gint64 began_us, GError **error)
{
    g_autoptr(sqlite3_stmt) gone = NULL;

    if (!listing->events || !upsert_was_whole(db, listing))
        return TRUE;
    gone = sql_prepare(db, error, find_vanished, "iiir", (gint64)listing->members,
                       listing->advertiser, began_us, listing->seen);
    return gone && tell_gone(db, listing, gone, error);
}

static gboolean remove_missing(sqlite3 *db, const Listing *listing, gint64 began_us, GError **error)
{
    if (listing->members == KIND_ADVERTISER)
        return sql_run(db, error, set_listed, "ir", (gint64)KIND_ADVERTISER, listing->seen);
    return tell_vanished(db, listing, began_us, error) &&
           sql_run(db, error, remove_vanished, "iiir", (gint64)listing->members,
                   listing->advertiser, began_us, listing->seen);
}

/* ---- a complete listing ---- */

gboolean settle_expire(sqlite3 *db, const Listing *listing, GError **error)
{
    gint64 kind = listing->kind, members = listing->members, of = listing->advertiser;

    return sql_run(db, error, "INSERT OR REPLACE INTO expired VALUES(?1, ?2, ?3, ?4)", "iiii",
                   members, of, kind, listing->expiries) &&
           sql_run(db, error,
                   "UPDATE listing SET fetched = ?4 WHERE members = ?1 AND advertiser = ?2"
                   " AND kind = ?3 AND fetched <> 0",
                   "iiii", members, of, kind, (gint64)FETCHED_EXPIRED);
}

/* ?4: expiries when it began; ?5: what is stored of one that has expired since. */
static const char mark_complete[] =
    "UPDATE listing SET fetched = iif(EXISTS (SELECT 1 FROM expired e WHERE e.members = ?1"
    "  AND e.advertiser = ?2 AND e.kind = ?3 AND e.number > ?4), ?5, now_us()),"
    " changed = iif(changed, changed, now_us()),"
    " rows = (SELECT count(*) FROM object WHERE kind = ?1 AND advertiser = ?2)"
    " WHERE members = ?1 AND advertiser = ?2 AND kind = ?3";

/* Without pages the listing is not known yet. */
static gboolean mark(sqlite3 *db, const Listing *listing, GError **error)
{
    return upsert_listing(db, listing, error) &&
           sql_run(db, error, mark_complete, "iiiii", (gint64)listing->members, listing->advertiser,
                   (gint64)listing->kind, listing->expiries, (gint64)FETCHED_EXPIRED);
}

/* Accounts of whom this round had nothing, and who were not refused. */
static const char without_details[] =
    "SELECT id, whole FROM object WHERE kind = ?1 AND advertiser = 0"
    " AND NOT in_set(row, ?2) AND row NOT IN (SELECT account FROM refusal) ORDER BY row";

/* Details have no total: what proves them is that every account asked for has its own, or was
   refused. One that came since has not been asked for. */
static gboolean prove_info(sqlite3 *db, const Listing *listing, gboolean *ret_new, GError **error)
{
    g_autoptr(sqlite3_stmt) account =
        sql_prepare(db, error, without_details, "ir", (gint64)KIND_ADVERTISER, listing->seen);
    g_autoptr(GError) failure = NULL;

    if (!account)
        return FALSE;
    while (!failure && sql_step(account, &failure)) {
        const char *id = sql_text(account, 0);
        if (g_strv_contains((const char *const *)listing->ids, id))
            failure = api_error_new(API_ERROR_INCOMPLETE, 0, NULL,
                                    "The details of account %s did not come", id);
        *ret_new |= !sqlite3_column_int(account, 1);
    }
    if (!failure)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

static const char forgive[] = "DELETE FROM refusal WHERE in_set(account, ?1)";

/* The time of the others stays when only those that it lacked were asked for. */
static gboolean finish_info(sqlite3 *db, const Listing *listing, GError **error)
{
    gboolean lacks = FALSE;

    return prove_info(db, listing, &lacks, error) &&
           sql_run(db, error, forgive, "r", listing->seen) &&
           sort_all(db, KIND_ADVERTISER, 0, error) &&
           (listing->lacking ? upsert_listing(db, listing, error) : mark(db, listing, error)) &&
           sql_run(db, error, "UPDATE listing SET lacks = ?3 WHERE members = ?1 AND kind = ?2",
                   "iii", (gint64)KIND_ADVERTISER, (gint64)LISTING_INFO, (gint64)lacks);
}

gboolean settle_listing(sqlite3 *db, const Listing *listing, gint64 began_us, GError **error)
{
    EventScope scope = upsert_scope(db, listing);

    if (listing->events)
        event_log_whole(listing->events, &scope);
    if (listing->kind == LISTING_INFO)
        return finish_info(db, listing, error);
    return upsert_owner_exists(db, listing, error) &&
           remove_missing(db, listing, began_us, error) &&
           sort_all(db, listing->members, listing->advertiser, error) &&
           settle_members(db, listing, error) && mark(db, listing, error);
}
