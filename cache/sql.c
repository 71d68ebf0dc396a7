/* SPDX-License-Identifier: MIT */
/*
 * sql.c - SQL in one line: prepare, bind by a format, run; an error of SQLite becomes one of ours.
 *
 * A file found broken gets a mark beside it: what is open can not be repaired, the next
 * store_open() makes it anew. A statement of NULL, one that could not be prepared, fails at its
 * first step.
 */
#include <errno.h>

#include "api/error.h"
#include "cache/row-set.h"
#include "cache/store.h"

char *sql_mark_path(const char *path)
{
    return g_strconcat(path, ".corrupt", NULL);
}

void sql_mark_corrupt(sqlite3 *db)
{
    int code = sqlite3_errcode(db) & 0xff;
    const char *path = db ? sqlite3_db_filename(db, "main") : NULL;
    g_autofree char *mark = NULL;

    if ((code != SQLITE_CORRUPT && code != SQLITE_NOTADB) || !path || !*path)
        return;
    mark = sql_mark_path(path);
    g_file_set_contents(mark, "", 0, NULL); /* without it, the next store meets the same error */
}

/* SQLite says so only where it wrote to the file itself. */
static gboolean is_full(sqlite3 *db)
{
    return (sqlite3_errcode(db) & 0xff) == SQLITE_FULL ||
           ((sqlite3_errcode(db) & 0xff) == SQLITE_IOERR && sqlite3_system_errno(db) == ENOSPC);
}

void sql_no_space(GError **error)
{
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC,
                "The cache file: no space left on its disk; free some, then try again");
}

gboolean sql_failed(sqlite3 *db, GError **error)
{
    const char *text = sqlite3_errmsg(db);

    sql_mark_corrupt(db);
    if (is_full(db))
        sql_no_space(error);
    /* What json_each() says of an answer that is no JSON: not this machine's fault. */
    else if (strstr(text, "malformed JSON"))
        g_propagate_error(error, api_error_new(API_ERROR_MALFORMED, 0, NULL,
                                               "The answer of the service is not JSON"));
    else
        g_propagate_error(error,
                          api_error_new(API_ERROR_LOCAL, 0, NULL, "The cache file: %s", text));
    return FALSE;
}

static void bind_all(sqlite3_stmt *statement, const char *format, va_list args)
{
    for (int i = 0; statement && format[i]; i++) {
        if (format[i] == 'i')
            sqlite3_bind_int64(statement, i + 1, va_arg(args, gint64));
        else if (format[i] == 't')
            sqlite3_bind_text(statement, i + 1, va_arg(args, const char *), -1, SQLITE_TRANSIENT);
        else if (format[i] == 'r')
            row_set_bind(statement, i + 1, va_arg(args, RowSet *));
        else
            g_assert_not_reached();
    }
}

void sql_bind(sqlite3_stmt *statement, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    bind_all(statement, format, args);
    va_end(args);
}

static sqlite3_stmt *prepare(sqlite3 *db, GError **error, const char *sql)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        sql_failed(db, error);
    return statement;
}

sqlite3_stmt *sql_prepare(sqlite3 *db, GError **error, const char *sql, const char *format, ...)
{
    sqlite3_stmt *statement = prepare(db, error, sql);
    va_list args;

    if (!statement)
        return NULL;
    va_start(args, format);
    bind_all(statement, format, args);
    va_end(args);
    return statement;
}

gboolean sql_step(sqlite3_stmt *statement, GError **error)
{
    int code = sqlite3_step(statement);

    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return sql_failed(sqlite3_db_handle(statement), error);
    return code == SQLITE_ROW;
}

gboolean sql_finish(sqlite3_stmt *statement, GError **error)
{
    int code;

    do {
        code = sqlite3_step(statement);
    } while (code == SQLITE_ROW);
    if (code != SQLITE_DONE)
        sql_failed(sqlite3_db_handle(statement), error);
    sqlite3_reset(statement);
    return code == SQLITE_DONE;
}

gboolean sql_run(sqlite3 *db, GError **error, const char *sql, const char *format, ...)
{
    g_autoptr(sqlite3_stmt) statement = prepare(db, error, sql);
    va_list args;

    if (!statement)
        return FALSE;
    va_start(args, format);
    bind_all(statement, format, args);
    va_end(args);
    return sql_finish(statement, error);
}

gboolean sql_number(sqlite3 *db, gint64 *ret, GError **error, const char *sql, const char *format,
                    ...)
{
    g_autoptr(sqlite3_stmt) statement = prepare(db, error, sql);
    va_list args;
    int code;

    if (!statement)
        return FALSE;
    va_start(args, format);
    bind_all(statement, format, args);
    va_end(args);
    code = sqlite3_step(statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return sql_failed(db, error);
    *ret = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    return TRUE;
}

const char *sql_text(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);

    return text ? text : "";
}

char *sql_dup(sqlite3_stmt *statement, int column)
{
    return g_strdup((const char *)sqlite3_column_text(statement, column));
}
