/* SPDX-License-Identifier: MIT */
/* journal-table.c - the statements of the journal. */
#include "cache/journal-table.h"

#include "api/error.h"
#include "cache/journal-daemon.h"
#include "cache/store.h"

enum { KEEP_DAYS = 400, KEEP_ENTRIES = 100000 };

static const char *const words[N_JOURNAL_OUTCOMES] = {
    [JOURNAL_INTENT] = "intent",       [JOURNAL_DONE] = "done",       [JOURNAL_REFUSED] = "refused",
    [JOURNAL_WITHDRAWN] = "withdrawn", [JOURNAL_UNKNOWN] = "unknown", [JOURNAL_DIFFERS] = "differs",
    [JOURNAL_OVERTAKEN] = "overtaken", [JOURNAL_DRY_RUN] = "dry_run",
};

const char *journal_word(JournalOutcome outcome)
{
    return words[outcome];
}

/* One that is unknown was sent long ago. */
gboolean journal_is_held(sqlite3 *db, const char *daemon, const Intent *intent, gint64 now_us,
                         gboolean *ret_held, GError **error)
{
    static const char sql[] =
        "SELECT daemon, max(meant) FROM journal WHERE object = ?1 AND outcome = 'intent'"
        " AND outcome IN ('intent', 'unknown') AND daemon <> ?2 GROUP BY daemon";
    g_autoptr(sqlite3_stmt) open = sql_prepare(db, error, sql, "tt", intent->id, daemon);
    GError *failure = NULL;

    *ret_held = FALSE;
    if (!open)
        return FALSE;
    while (!*ret_held && sql_step(open, &failure))
        *ret_held = daemon_is_alive(sql_text(open, 0), now_us - sqlite3_column_int64(open, 1));
    if (!failure)
        return TRUE;
    g_propagate_error(error, failure);
    return FALSE;
}

gboolean journal_is_current(sqlite3 *db, const char *daemon, const Intent *intent, GError **error)
{
    static const char sql[] =
        "SELECT max(id) FROM journal WHERE object = ?1 AND daemon <> ?2 AND settled >= ?3"
        " AND outcome IN ('done', 'differs', 'unknown')";
    gint64 entry = 0;

    if (intent->read_us == 0)
        return TRUE;
    if (!sql_number(db, &entry, error, sql, "tti", intent->id, daemon, intent->read_us))
        return FALSE;
    if (entry == 0)
        return TRUE;
    g_propagate_error(error, api_error_new(API_ERROR_STALE, 0, NULL,
                                           "another mount has changed it since it was read: entry "
                                           "%" G_GINT64_FORMAT " of the journal",
                                           entry));
    return FALSE;
}

gboolean journal_put(sqlite3 *db, const char *daemon, const Intent *intent, gint64 now_us,
                     gint64 *ret_entry, GError **error)
{
    static const char sql[] =
        "INSERT INTO journal(meant, daemon, uid, pid, command, path, kind, advertiser, object,"
        " member, amount, before, after, batch, undoes, outcome)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, 'intent')";
    const Author *author = &intent->author;

    if (!sql_run(db, error, sql, "itiittitttittii", now_us, daemon, (gint64)author->uid,
                 (gint64)author->pid, author->command, author->path, (gint64)intent->kind,
                 intent->advertiser_id, intent->id, intent->member, (gint64)intent->amount,
                 intent->before, intent->after, intent->table, intent->undoes))
        return FALSE;
    *ret_entry = sqlite3_last_insert_rowid(db);
    return TRUE;
}

gboolean journal_close(sqlite3 *db, gint64 entry, const Settlement *settlement, gint64 now_us,
                       GError **error)
{
    static const char sql[] = "UPDATE journal SET outcome = ?2, settled = ?3, code = ?4,"
                              " message = ?5, request_id = coalesce(?6, request_id), found = ?7"
                              " WHERE id = ?1";

    return sql_run(db, error, sql, "itiittt", entry, words[settlement->outcome], now_us,
                   (gint64)settlement->code, settlement->message, settlement->request_id,
                   settlement->found);
}

gboolean journal_find_newer(sqlite3 *db, gint64 entry, const Intent *intent, gint64 *ret,
                            GError **error)
{
    return sql_number(db, ret, error,
                      "SELECT max(id) FROM journal WHERE object = ?1 AND member = ?2 AND kind = ?3"
                      " AND id > ?4 AND outcome = 'done'",
                      "ttii", intent->id, intent->member, (gint64)intent->kind, entry);
}

gboolean journal_may_resolve(sqlite3 *db, gint64 entry, const Intent *intent, gboolean *ret,
                             GError **error)
{
    gint64 may = 0;

    if (!sql_number(db, &may, error,
                    "SELECT NOT EXISTS (SELECT 1 FROM journal n WHERE n.object = ?1"
                    " AND n.member = ?2 AND n.kind = ?3 AND n.id > ?4"
                    " AND n.outcome IN ('intent', 'unknown')) FROM journal j"
                    " WHERE j.id = ?4 AND j.outcome IN ('intent', 'unknown')",
                    "ttii", intent->id, intent->member, (gint64)intent->kind, entry))
        return FALSE;
    *ret = may != 0;
    return TRUE;
}

gboolean journal_prune(sqlite3 *db, gint64 now_us, GError **error)
{
    return sql_run(db, error,
                   "DELETE FROM journal WHERE id <= (SELECT max(id) FROM journal) - ?1"
                   " AND meant < ?2 - ?3 * 86400000000",
                   "iii", (gint64)KEEP_ENTRIES, now_us, (gint64)KEEP_DAYS);
}
