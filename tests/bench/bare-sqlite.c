/* SPDX-License-Identifier: MIT */
/*
 * bare-sqlite.c - how fast SQLite itself takes the rows that a cache holds: bare-sqlite CACHE NEW
 *
 * Of the kind that most rows of the cache are of, as they came, into a table with a row number and
 * one key, a thousand rows a transaction, by one prepared statement. Prints how many rows and how
 * many seconds; only the inserting counts, what it takes to read them does not.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { N_COLUMNS = 6, ROWS_A_TRANSACTION = 1000 };

static const char schema[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
    "CREATE TABLE object(row INTEGER PRIMARY KEY, kind INTEGER NOT NULL,"
    " advertiser INTEGER NOT NULL, id TEXT NOT NULL, parent TEXT NOT NULL, file_name TEXT NOT NULL,"
    " body TEXT NOT NULL, UNIQUE(kind, advertiser, id));";

/* The bodies are in the table of the objects, or in one of their own. */
#define ROWS_OF(body, tables)                                                                      \
    "SELECT kind, advertiser, id, parent, file_name, " body " FROM " tables                        \
    " WHERE kind = (SELECT kind FROM object GROUP BY kind ORDER BY count(*) DESC LIMIT 1)"         \
    " ORDER BY row"

static const char *const selects[] = {
    ROWS_OF("body", "object"),
    ROWS_OF("text", "object JOIN body USING(row)"),
    ROWS_OF("body", "object JOIN body USING(row)"),
};

static const char insert[] =
    "INSERT INTO object(kind, advertiser, id, parent, file_name, body) VALUES(?, ?, ?, ?, ?, ?)";

static void check(sqlite3 *db, int result, const char *what)
{
    if (result == SQLITE_OK || result == SQLITE_DONE || result == SQLITE_ROW)
        return;
    fprintf(stderr, "bare-sqlite: %s: %s\n", what, db ? sqlite3_errmsg(db) : "out of memory");
    exit(1);
}

static sqlite3 *open_file(const char *path, int flags)
{
    sqlite3 *db = NULL;

    check(db, sqlite3_open_v2(path, &db, flags, NULL), path);
    return db;
}

static sqlite3_stmt *prepare_select(sqlite3 *db)
{
    sqlite3_stmt *statement = NULL;
    int result = SQLITE_ERROR;

    for (size_t i = 0; i < sizeof selects / sizeof *selects && result != SQLITE_OK; i++)
        result = sqlite3_prepare_v2(db, selects[i], -1, &statement, NULL);
    check(db, result, "the cache");
    return statement;
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

typedef struct {
    sqlite3_value *cells[ROWS_A_TRANSACTION][N_COLUMNS];
    int n;
} Rows;

/* Copies, since what a statement holds ends with its next step. */
static void read_rows(sqlite3 *db, sqlite3_stmt *from, Rows *rows)
{
    int result = SQLITE_ROW;

    rows->n = 0;
    while (rows->n < ROWS_A_TRANSACTION && (result = sqlite3_step(from)) == SQLITE_ROW) {
        for (int i = 0; i < N_COLUMNS; i++)
            rows->cells[rows->n][i] = sqlite3_value_dup(sqlite3_column_value(from, i));
        rows->n++;
    }
    check(db, result, "reading the cache");
}

static void free_rows(Rows *rows)
{
    for (int row = 0; row < rows->n; row++) {
        for (int i = 0; i < N_COLUMNS; i++)
            sqlite3_value_free(rows->cells[row][i]);
    }
}

static double insert_rows(sqlite3 *db, sqlite3_stmt *into, const Rows *rows)
{
    double began = now();

    check(db, sqlite3_exec(db, "BEGIN", NULL, NULL, NULL), "BEGIN");
    for (int row = 0; row < rows->n; row++) {
        for (int i = 0; i < N_COLUMNS; i++)
            sqlite3_bind_value(into, i + 1, rows->cells[row][i]);
        check(db, sqlite3_step(into), "inserting");
        sqlite3_reset(into);
    }
    check(db, sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), "COMMIT");
    return now() - began;
}

int main(int argc, char **argv)
{
    static Rows rows;
    sqlite3 *cache, *db;
    sqlite3_stmt *from, *into = NULL;
    double seconds = 0;
    long n = 0;

    if (argc != 3) {
        fprintf(stderr, "usage: bare-sqlite CACHE NEW\n");
        return 2;
    }
    cache = open_file(argv[1], SQLITE_OPEN_READONLY);
    db = open_file(argv[2], SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    check(db, sqlite3_exec(db, schema, NULL, NULL, NULL), argv[2]);
    from = prepare_select(cache);
    check(db, sqlite3_prepare_v2(db, insert, -1, &into, NULL), "the statement");
    do {
        read_rows(cache, from, &rows);
        if (rows.n > 0)
            seconds += insert_rows(db, into, &rows);
        n += rows.n;
        free_rows(&rows);
    } while (rows.n == ROWS_A_TRANSACTION);
    printf("%ld %.3f\n", n, seconds);
    sqlite3_finalize(from);
    sqlite3_finalize(into);
    sqlite3_close(cache);
    sqlite3_close(db);
    return 0;
}
