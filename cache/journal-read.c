/* SPDX-License-Identifier: MIT */
/* journal-read.c - entries of the journal, in the process of whoever wants to see them. */
#include "cache/journal-read.h"

#include "api/error.h"
#include "cache/state-file.h"
#include "cache/store.h"

static const char *text_or_null(sqlite3_stmt *row, int column)
{
    return (const char *)sqlite3_column_text(row, column);
}

static JournalEntry entry_of(sqlite3_stmt *row)
{
    return (JournalEntry){.id = sqlite3_column_int64(row, 0),
                          .meant_us = sqlite3_column_int64(row, 1),
                          .settled_us = sqlite3_column_int64(row, 2),
                          .uid = sqlite3_column_int64(row, 3),
                          .pid = sqlite3_column_int64(row, 4),
                          .command = text_or_null(row, 5),
                          .path = text_or_null(row, 6),
                          .member = text_or_null(row, 7),
                          .before = text_or_null(row, 8),
                          .after = text_or_null(row, 9),
                          .found = text_or_null(row, 10),
                          .outcome = text_or_null(row, 11),
                          .message = text_or_null(row, 12)};
}

static gboolean read_all(sqlite3 *db, gint64 since_us, guint newest, JournalEntryFunc each,
                         void *user_data, GError **error)
{
    static const char sql[] =
        "SELECT id, meant, settled, uid, pid, command, path, member, before, after, found, outcome,"
        " message FROM journal WHERE id IN (SELECT id FROM journal WHERE meant >= ?1"
        " ORDER BY id DESC LIMIT ?2) ORDER BY id";
    g_autoptr(sqlite3_stmt) row =
        sql_prepare(db, error, sql, "ii", since_us, newest > 0 ? (gint64)newest : G_MAXINT64);
    GError *failure = NULL;

    if (!row)
        return FALSE;
    while (sql_step(row, &failure)) {
        JournalEntry entry = entry_of(row);

        each(user_data, &entry);
    }
    if (!failure)
        return TRUE;
    g_propagate_error(error, failure);
    return FALSE;
}

gboolean journal_read(const char *state_dir, gint64 since_us, guint newest, JournalEntryFunc each,
                      void *user_data, GError **error)
{
    g_autofree char *path = state_file_path(state_dir);
    sqlite3 *db;
    gboolean ret;

    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_propagate_error(error, api_error_new(API_ERROR_NOT_FOUND, 0, NULL,
                                               "%s: nothing was ever written there", path));
        return FALSE;
    }
    db = state_file_open_reader(state_dir, error);
    if (!db)
        return FALSE;
    ret = read_all(db, since_us, newest, each, user_data, error);
    sqlite3_close_v2(db);
    return ret;
}
