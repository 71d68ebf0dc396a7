/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * store.h - cache.sqlite: its schema, its two handles, and SQL in one line.
 *
 * The file can be thrown away at any time: one that can not be read, or was made by another
 * version, is put aside and made anew. Numbers of rows in a new file start above those of any file
 * before it, so that a number never comes to mean another object.
 */
#include <glib.h>
#include <sqlite3.h>

#include "api/clock.h"

typedef struct Store Store;

/* Called in the writer's thread as well: both must be safe there. */
typedef struct {
    const char *directory, *state_directory; /* state.sqlite is in that one, see state-file.h */
    const Clock *clock;
    char *(*file_name)(const char *name);
} StoreConfig;

/* ret_writer: the writing handle, owned by the caller, closed after store_end_reading() and before
   the store is freed. */
Store *store_open(const StoreConfig *config, sqlite3 **ret_writer, GError **error);
void store_free(Store *store);
/* Another handle that only reads, for another thread; the caller's, closed before the writing one.
   NULL and error. */
sqlite3 *store_open_reader(const Store *store, GError **error);
/* Before the writing handle is closed: nothing is read any more. */
void store_end_reading(Store *store);

/*
 * Read-only, for the loop. What is read in a burst sees one state of the file, as one transaction:
 * alone, each statement would cost two file locks. The burst ends by itself after some
 * milliseconds, and by store_catch_up() as soon as the writer has something newer.
 */
sqlite3 *store_reader(Store *store);
void store_catch_up(void *store);

/* A statement of the reader, prepared once for each sql (by address) and reset; sql_bind() it.
   Borrowed: sqlite3_reset() it after use, or the reader stays in the past. NULL: it could not be
   prepared, store_failed() says why, and everything here and in SQLite that is done with it does
   nothing. */
sqlite3_stmt *store_statement(Store *store, const char *sql);

/* As sql_step(), of a statement of the reader. FALSE: no more, or store_failed() says why not. */
gboolean store_step(Store *store, sqlite3_stmt *statement);

/* The first error that a reader met, for as long as the store is open; NULL: none. What was read
   since then may lack anything. */
const GError *store_failed(const Store *store);

/* ---- for any handle; format: i = gint64, t = text or NULL, copied,
        r = RowSet or NULL, borrowed ---- */

void sql_bind(sqlite3_stmt *statement, const char *format, ...);

/* NULL and error. Bound. */
sqlite3_stmt *sql_prepare(sqlite3 *db, GError **error, const char *sql, const char *format, ...);

/* FALSE, and error is the last error of the handle. A broken file is marked. */
gboolean sql_failed(sqlite3 *db, GError **error);
void sql_no_space(GError **error);     /* G_FILE_ERROR_NOSPC */
void sql_mark_corrupt(sqlite3 *db);    /* if that was its last error */
char *sql_mark_path(const char *path); /* a new string */

/* TRUE: a row. FALSE without error: no more. */
gboolean sql_step(sqlite3_stmt *statement, GError **error);

/* Runs to the end and resets, so that it can be bound and run again. */
gboolean sql_finish(sqlite3_stmt *statement, GError **error);

gboolean sql_run(sqlite3 *db, GError **error, const char *sql, const char *format, ...);

/* The first column of the first row; 0 when there is none. */
gboolean sql_number(sqlite3 *db, gint64 *ret, GError **error, const char *sql, const char *format,
                    ...);

const char *sql_text(sqlite3_stmt *statement, int column); /* never NULL; borrowed */
char *sql_dup(sqlite3_stmt *statement, int column);        /* a new string; NULL where it is NULL */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)
