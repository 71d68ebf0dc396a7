/* SPDX-License-Identifier: MIT */
/* state-file.c - the file of what must last, attached to the handle that writes the cache. */
#include "cache/state-file.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "api/error.h"
#include "cache/store.h"

enum { TASK_DAYS = 30 /* the service keeps results no longer, API 4.7 */ };

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS state.task(id TEXT PRIMARY KEY, key TEXT NOT NULL,"
    " created INTEGER NOT NULL) WITHOUT ROWID;";

static gboolean attach(sqlite3 *db, const char *path, GError **error)
{
    return sql_run(db, error, "ATTACH ?1 AS state", "t", path) &&
           sql_run(db, error, "PRAGMA state.journal_mode = WAL", "") &&
           sql_run(db, error, "PRAGMA state.synchronous = FULL", "") &&
           sql_run(db, error, schema, "") &&
           sql_run(db, error, "DELETE FROM state.task WHERE created < now_us() - ?1 * 86400000000",
                   "i", (gint64)TASK_DAYS);
}

static gboolean is_broken(sqlite3 *db)
{
    int code = sqlite3_errcode(db) & 0xff;

    return code == SQLITE_NOTADB || code == SQLITE_CORRUPT;
}

static gboolean put_aside(const char *path, GError **error)
{
    static const char *const beside[] = {"-wal", "-shm"};
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

gboolean state_file_attach(sqlite3 *db, const char *directory, GError **error)
{
    g_autofree char *path = g_build_filename(directory, "state.sqlite", NULL);
    g_autoptr(GError) failure = NULL;

    if (attach(db, path, &failure))
        return TRUE;
    if (!is_broken(db)) {
        g_propagate_prefixed_error(error, g_steal_pointer(&failure), "%s: ", path);
        return FALSE;
    }
    sql_run(db, NULL, "DETACH state", "");
    return put_aside(path, error) && attach(db, path, error);
}
