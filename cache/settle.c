/* SPDX-License-Identifier: MIT */
/*
 * settle.c - what a complete listing says of the rest: what it lacks has vanished, and so has what
 * was below; parents that are known from their members only; accounts that only centers name.
 */
#include "cache/settle.h"

#include "api/error.h"
#include "cache/store.h"

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
    " SELECT ?1, ?3, m.parent, " ID_OF(
        "m.body",
        "?6") ","
              " safe_name(coalesce(m.body ->> ?5, '')),"
              " iif(?6 IS NULL, json_object(?4, m.parent, ?5, m.body ->> ?5, 'advertiser_id', ?8),"
              "  json_object(?4, m.parent, ?5, m.body ->> ?5, ?6, " ID_OF(
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

/* ---- accounts and centers, and what is below them ---- */

static const char set_listed[] =
    "UPDATE object SET listed = 0 WHERE kind = ?1 AND advertiser = 0 AND listed AND NOT EXISTS"
    " (SELECT 1 FROM seen s WHERE s.kind = ?2 AND s.advertiser = 0 AND s.row = object.row)";

/* Once, whatever the number of centers that have it. */
static const char make_accounts[] =
    "INSERT INTO object(kind, advertiser, id, parent, file_name, body, whole, derived, changed)"
    " SELECT ?1, 0, a.id, '', safe_name(coalesce(a.body ->> 'asset_name', '')), json_object("
    "  'advertiser_id', a.id, 'advertiser_name', a.body ->> 'asset_name'), 0, 0, 0"
    " FROM object a WHERE a.kind = ?2 AND a.advertiser = ?3 AND " ASSET_IS_BOUND(
        "a.body") " ON CONFLICT(kind, advertiser, id) DO NOTHING";

static const char remove_accounts[] =
    "DELETE FROM object WHERE kind = ?1 AND advertiser = 0 AND NOT listed AND (?4 OR NOT EXISTS"
    " (SELECT 1 FROM object a WHERE a.kind = ?2 AND a.advertiser IN"
    "  (SELECT row FROM object WHERE kind = ?3 AND advertiser = 0)"
    "  AND a.id = object.id AND " ASSET_IS_BOUND("a.body") "))";

/* Those of the others are as old as they were. */
static const char mark_lacking[] =
    "UPDATE listing SET lacks = 1 WHERE members = ?1 AND kind = ?2 AND EXISTS"
    " (SELECT 1 FROM object WHERE kind = ?1 AND advertiser = 0 AND NOT whole"
    "  AND row NOT IN (SELECT account FROM refusal))";

static const char count_accounts[] =
    "UPDATE listing SET rows = (SELECT count(*) FROM object WHERE kind = ?1 AND advertiser = 0)"
    " WHERE members = ?1 AND advertiser = 0";

/* An account stays for as long as the listing of accounts or a center names it. */
static gboolean settle_accounts(sqlite3 *db, const Listing *listing, GError **error)
{
    return sql_run(db, error, remove_accounts, "iiii", (gint64)KIND_ADVERTISER, (gint64)KIND_ASSET,
                   (gint64)KIND_CENTER, (gint64)listing->closed) &&
           sql_run(db, error, mark_lacking, "ii", (gint64)KIND_ADVERTISER, (gint64)LISTING_INFO) &&
           sql_run(db, error, count_accounts, "i", (gint64)KIND_ADVERTISER);
}

static gboolean make_accounts_of(sqlite3 *db, const Listing *listing, GError **error)
{
    return sql_run(db, error, make_accounts, "iii", (gint64)KIND_ADVERTISER, (gint64)KIND_ASSET,
                   listing->advertiser);
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

static gboolean remove_missing(sqlite3 *db, const Listing *listing, gint64 began_us, GError **error)
{
    if (listing->members == KIND_ADVERTISER)
        return sql_run(db, error, set_listed, "ii", (gint64)KIND_ADVERTISER, (gint64)listing->kind);
    return sql_run(db, error, remove_vanished, "iiii", (gint64)listing->members,
                   listing->advertiser, (gint64)listing->kind, began_us);
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

/* upsert_begin() here as well: without pages it has not run. */
static gboolean mark(sqlite3 *db, const Listing *listing, GError **error)
{
    return upsert_begin(db, listing, error) &&
           sql_run(db, error, mark_complete, "iiiii", (gint64)listing->members, listing->advertiser,
                   (gint64)listing->kind, listing->expiries, (gint64)FETCHED_EXPIRED);
}

/* Accounts of whom this round had nothing, and who were not refused. */
static const char without_details[] =
    "SELECT id, whole FROM object WHERE kind = ?1 AND advertiser = 0"
    " AND row NOT IN (SELECT row FROM seen WHERE kind = ?2 AND advertiser = 0)"
    " AND row NOT IN (SELECT account FROM refusal) ORDER BY row";

/* Details have no total: what proves them is that every account asked for has its own, or was
   refused. One that came since has not been asked for. */
static gboolean prove_info(sqlite3 *db, const Listing *listing, gboolean *ret_new, GError **error)
{
    g_autoptr(sqlite3_stmt) account = sql_prepare(db, error, without_details, "ii",
                                                  (gint64)KIND_ADVERTISER, (gint64)LISTING_INFO);
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

static const char forgive[] = "DELETE FROM refusal WHERE account IN"
                              " (SELECT row FROM seen WHERE kind = ?1 AND advertiser = 0)";

/* The time of the others stays when only those that it lacked were asked for. */
static gboolean finish_info(sqlite3 *db, const Listing *listing, GError **error)
{
    gboolean lacks = FALSE;

    return prove_info(db, listing, &lacks, error) &&
           sql_run(db, error, forgive, "i", (gint64)LISTING_INFO) &&
           (listing->lacking ? upsert_begin(db, listing, error) : mark(db, listing, error)) &&
           sql_run(db, error, "UPDATE listing SET lacks = ?3 WHERE members = ?1 AND kind = ?2",
                   "iii", (gint64)KIND_ADVERTISER, (gint64)LISTING_INFO, (gint64)lacks);
}

gboolean settle_listing(sqlite3 *db, const Listing *listing, gint64 began_us, GError **error)
{
    if (listing->kind == LISTING_INFO)
        return finish_info(db, listing, error);
    return upsert_owner_exists(db, listing, error) &&
           remove_missing(db, listing, began_us, error) && settle_members(db, listing, error) &&
           mark(db, listing, error);
}
