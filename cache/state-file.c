/* SPDX-License-Identifier: MIT */
/* state-file.c - opens and makes the files of what must last, and puts a broken one aside. */
#include "cache/state-file.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "api/error.h"
#include "cache/store.h"

enum { TASK_DAYS = 30 /* the service keeps results no longer, API 4.7 */ };

static const char settings[] = "PRAGMA journal_mode = WAL;"
                               "PRAGMA synchronous = FULL;"
                               "PRAGMA journal_size_limit = 4194304;";

static const char task_schema[] = "CREATE TABLE IF NOT EXISTS task(id TEXT PRIMARY KEY,"
                                  " key TEXT NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID;";

/* meant, settled: wall, in microseconds. daemon: see journal-daemon.h. outcome: a word of
   journal_word(). batch: the number of the table it was written in. Numbers are never reused. */
static const char state_schema[] =
    "CREATE TABLE IF NOT EXISTS journal(id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " meant INTEGER NOT NULL, daemon TEXT NOT NULL, uid INTEGER NOT NULL, pid INTEGER NOT NULL,"
    " command TEXT, path TEXT, kind INTEGER NOT NULL, advertiser TEXT NOT NULL,"
    " object TEXT NOT NULL, member TEXT NOT NULL, amount INTEGER NOT NULL, before TEXT,"
    " after TEXT NOT NULL, batch INTEGER NOT NULL, undoes INTEGER NOT NULL,"
    " outcome TEXT NOT NULL, settled INTEGER NOT NULL DEFAULT 0, code INTEGER NOT NULL DEFAULT 0,"
    " message TEXT, request_id TEXT, found TEXT);"
    "CREATE INDEX IF NOT EXISTS journal_open ON journal(object)"
    " WHERE outcome IN ('intent', 'unknown');"
    "CREATE INDEX IF NOT EXISTS journal_of ON journal(object, member);"
    "CREATE INDEX IF NOT EXISTS journal_meant ON journal(meant);"
    "CREATE INDEX IF NOT EXISTS journal_undoes ON journal(undoes) WHERE undoes <> 0;";

/* members: see draft.h; from request_id on: of the call that makes it, see draft-private.h. */
static const char draft_schema[] =
    "CREATE TABLE IF NOT EXISTS draft(draft INTEGER PRIMARY KEY AUTOINCREMENT,"
    " account TEXT NOT NULL, kind INTEGER NOT NULL, parent TEXT NOT NULL, name TEXT NOT NULL,"
    " members TEXT NOT NULL, state INTEGER NOT NULL, changed INTEGER NOT NULL,"
    " request_id TEXT NOT NULL DEFAULT '', body TEXT NOT NULL DEFAULT '',"
    " called TEXT NOT NULL DEFAULT '', known TEXT NOT NULL DEFAULT '',"
    " daemon TEXT NOT NULL DEFAULT '', entry INTEGER NOT NULL DEFAULT 0,"
    " asked INTEGER NOT NULL DEFAULT 0, UNIQUE(account, kind, parent, name));";

static gboolean run_script(sqlite3 *db, const char *script, GError **error)
{
    if (sqlite3_exec(db, script, NULL, NULL, NULL) == SQLITE_OK)
        return TRUE;
    return sql_failed(db, error);
}

/* The files -wal and -shm stay when the last one closes it. They would have to be made anew, and on
   a disk that is full by then not even reading would begin. */
static void keep_beside(sqlite3 *db, const char *schema)
{
    int on = 1;

    sqlite3_file_control(db, schema, SQLITE_FCNTL_PERSIST_WAL, &on);
}

static sqlite3 *open_file(const char *path, int flags, GError **error)
{
    sqlite3 *db = NULL;

    if (sqlite3_open_v2(path, &db, flags | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK) {
        sqlite3_busy_timeout(db, STATE_BUSY_MS);
        keep_beside(db, "main");
        return db;
    }
    g_propagate_error(error, api_error_new(API_ERROR_LOCAL, 0, NULL, "%s: %s", path,
                                           db ? sqlite3_errmsg(db) : "out of memory"));
    sqlite3_close_v2(db);
    return NULL;
}

/* TRUE: this was its last error, or it was found out while it was in use. */
static gboolean is_broken(sqlite3 *db, const char *path)
{
    int code = sqlite3_errcode(db) & 0xff;
    g_autofree char *mark = sql_mark_path(path);

    return code == SQLITE_NOTADB || code == SQLITE_CORRUPT || g_file_test(mark, G_FILE_TEST_EXISTS);
}

static gboolean put_aside(const char *path, GError **error)
{
    static const char *const beside[] = {"-wal", "-shm", ".corrupt"};
    g_autofree char *bad = g_strconcat(path, ".bad", NULL);

    if (g_rename(path, bad) != 0) {
        g_propagate_error(error,
                          api_error_new(API_ERROR_LOCAL, 0, NULL, "%s can not be put aside: %s",
                                        path, g_strerror(errno)));
        return FALSE;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(beside); i++) {
        g_autofree char *other = g_strconcat(path, beside[i], NULL);
        g_unlink(other);
    }
    g_message("%s can not be used and is made anew; the old one is %s", path, bad);
    return TRUE;
}

/* NULL: *ret_broken, or error. */
static sqlite3 *try_open(const char *path, const char *schema, gboolean *ret_broken, GError **error)
{
    sqlite3 *db = open_file(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error);

    *ret_broken = FALSE;
    if (!db)
        return NULL;
    if (!is_broken(db, path) && run_script(db, settings, error) && run_script(db, schema, error))
        return db;
    *ret_broken = is_broken(db, path);
    sqlite3_close_v2(db);
    return NULL;
}

static sqlite3 *open_or_make(const char *path, const char *schema, GError **error)
{
    g_autoptr(GError) failure = NULL;
    gboolean broken = FALSE;
    sqlite3 *db = try_open(path, schema, &broken, &failure);

    if (!db && broken && put_aside(path, error)) {
        g_clear_error(&failure);
        db = try_open(path, schema, &broken, &failure);
    }
    if (!db && failure && error && !*error)
        g_propagate_prefixed_error(error, g_steal_pointer(&failure), "%s: ", path);
    return db;
}

char *state_file_path(const char *directory)
{
    return g_build_filename(directory, "state.sqlite", NULL);
}

sqlite3 *state_file_open(const char *directory, GError **error)
{
    g_autofree char *path = state_file_path(directory);

    sqlite3 *db = open_or_make(path, state_schema, error);

    if (db && run_script(db, draft_schema, error))
        return db;
    sqlite3_close_v2(db);
    return NULL;
}

sqlite3 *state_file_open_reader(const char *directory, GError **error)
{
    g_autofree char *path = state_file_path(directory);

    return open_file(path, SQLITE_OPEN_READONLY, error);
}

gboolean state_file_attach(sqlite3 *db, const char *directory, GError **error)
{
    g_autofree char *path = g_build_filename(directory, "tasks.sqlite", NULL);
    sqlite3 *own = open_or_make(path, task_schema, error);

    if (!own)
        return FALSE;
    sqlite3_close_v2(own);
    if (!sql_run(db, error, "ATTACH ?1 AS state", "t", path))
        return FALSE;
    keep_beside(db, "state");
    return sql_run(db, error, "PRAGMA state.synchronous = FULL", "") &&
           sql_run(db, error, "DELETE FROM state.task WHERE created < now_us() - ?1 * 86400000000",
                   "i", (gint64)TASK_DAYS);
}
