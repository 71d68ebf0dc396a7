/* SPDX-License-Identifier: MIT */
/*
 * store.c - makes or opens cache.sqlite and hands out its two handles.
 *
 * What must hold whoever writes is in the schema: rows are numbered by AUTOINCREMENT and so never
 * reused; the triggers move a listing's time when a member goes, moves or is renamed, keep the
 * tables beside object in step, and remove with an account or a center all that it has. That
 * members came moves the time when they are sorted (settle.c).
 */
#include "cache/store.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "api/error.h"
#include "cache/row-set.h"
#include "cache/single-store.h"
#include "cache/state-file.h"
#include "cache/store-file.h"
#include "cache/wal.h"

enum { VERSION = 5, BUSY_MS = 10000, SECONDS_SHIFT = 20, BURST_MS = 20 };

struct Store {
    char *path, *state_directory;
    sqlite3 *reader;
    GError *failure;        /* of the reader, the first */
    guint burst;            /* source that ends it; 0: no transaction is open */
    GHashTable *statements; /* address of the sql -> statement of the reader */
    Wal wal;
    const Clock *clock;
    char *(*file_name)(const char *name);
};

/* object.whole: the body is the whole object; 0 of the short one of an account's listing, and of
   one known from its members only. object.listed: an account that the listing of accounts names;
   one without is known from the assets of Business Centers. Bodies are apart, so that what is read
   of many objects is near each other. child, name: rows up to sorted.upto, by what they are looked
   for; see settle_sort(). listing.members: an ObjectKind; two listings share accounts.
   listing.lacks: accounts came since, whose details are not there. */
static const char schema[] =
    "CREATE TABLE object(row INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL,"
    " advertiser INTEGER NOT NULL, id TEXT NOT NULL, parent TEXT NOT NULL,"
    " file_name TEXT NOT NULL, whole INTEGER NOT NULL, derived INTEGER NOT NULL,"
    " changed INTEGER NOT NULL, listed INTEGER NOT NULL DEFAULT 0, UNIQUE(kind, advertiser, id));"
    "CREATE INDEX object_of ON object(advertiser, kind);"
    "CREATE TABLE body(row INTEGER PRIMARY KEY, text TEXT NOT NULL);"
    "CREATE TABLE child(kind INTEGER NOT NULL, advertiser INTEGER NOT NULL, parent TEXT NOT NULL,"
    " row INTEGER NOT NULL, PRIMARY KEY(kind, advertiser, parent, row)) WITHOUT ROWID;"
    "CREATE TABLE name(kind INTEGER NOT NULL, advertiser INTEGER NOT NULL,"
    " file_name TEXT NOT NULL, parent TEXT NOT NULL, row INTEGER NOT NULL,"
    " PRIMARY KEY(kind, advertiser, file_name, parent, row)) WITHOUT ROWID;"
    "CREATE TABLE sorted(kind INTEGER NOT NULL, advertiser INTEGER NOT NULL,"
    " upto INTEGER NOT NULL, PRIMARY KEY(kind, advertiser)) WITHOUT ROWID;"

    "CREATE TABLE listing(members INTEGER NOT NULL, advertiser INTEGER NOT NULL,"
    " kind INTEGER NOT NULL, fetched INTEGER NOT NULL, changed INTEGER NOT NULL,"
    " rows INTEGER NOT NULL, lacks INTEGER NOT NULL DEFAULT 0,"
    " PRIMARY KEY(members, advertiser, kind)) WITHOUT ROWID;"
    "CREATE TRIGGER object_goes AFTER DELETE ON object BEGIN"
    " DELETE FROM body WHERE row = old.row;"
    " DELETE FROM child WHERE kind = old.kind AND advertiser = old.advertiser"
    "  AND parent = old.parent AND row = old.row;"
    " DELETE FROM name WHERE kind = old.kind AND advertiser = old.advertiser"
    "  AND file_name = old.file_name AND parent = old.parent AND row = old.row;"
    " UPDATE listing SET changed = now_us() WHERE members = old.kind"
    "  AND advertiser = old.advertiser AND changed <> now_us(); END;"
    "CREATE TRIGGER object_moves AFTER UPDATE OF parent, file_name ON object"
    " WHEN old.parent <> new.parent OR old.file_name <> new.file_name BEGIN"
    " UPDATE child SET parent = new.parent WHERE kind = old.kind"
    "  AND advertiser = old.advertiser AND parent = old.parent AND row = old.row;"
    " UPDATE name SET file_name = new.file_name, parent = new.parent WHERE kind = old.kind"
    "  AND advertiser = old.advertiser AND file_name = old.file_name AND parent = old.parent"
    "  AND row = old.row;"
    " UPDATE listing SET changed = now_us() WHERE members = new.kind"
    "  AND advertiser = new.advertiser AND changed <> now_us(); END;"

    "CREATE TABLE refusal(account INTEGER PRIMARY KEY, code INTEGER NOT NULL,"
    " message TEXT NOT NULL, request_id TEXT, at INTEGER NOT NULL);"
    "CREATE TRIGGER owner_goes AFTER DELETE ON object WHEN old.advertiser = 0 BEGIN"
    " DELETE FROM object WHERE advertiser = old.row;"
    " DELETE FROM listing WHERE advertiser = old.row;"
    " DELETE FROM sorted WHERE advertiser = old.row;"
    " DELETE FROM refusal WHERE account = old.row; END;"

    "CREATE TABLE node(node INTEGER PRIMARY KEY AUTOINCREMENT, owner INTEGER NOT NULL,"
    " name TEXT NOT NULL, size INTEGER NOT NULL, made INTEGER NOT NULL,"
    " shown INTEGER NOT NULL);"
    "CREATE INDEX node_name ON node(owner, name);"

    "CREATE TABLE report_shape(shape INTEGER PRIMARY KEY, words TEXT NOT NULL UNIQUE,"
    " used INTEGER NOT NULL);"
    "CREATE TABLE report_part(shape INTEGER NOT NULL, part TEXT NOT NULL,"
    " fetched INTEGER NOT NULL, frozen INTEGER NOT NULL, generation INTEGER NOT NULL,"
    " hash INTEGER NOT NULL DEFAULT 0,"
    " PRIMARY KEY(shape, part)) WITHOUT ROWID;"
    "CREATE INDEX report_generation ON report_part(generation, part);"
    "CREATE TABLE report_chunk(chunk INTEGER PRIMARY KEY, generation INTEGER NOT NULL,"
    " part TEXT NOT NULL, slice INTEGER NOT NULL, first BLOB NOT NULL, last BLOB NOT NULL,"
    " n INTEGER NOT NULL, hash INTEGER NOT NULL DEFAULT 0, sums BLOB NOT NULL DEFAULT '',"
    " body BLOB NOT NULL);"
    "CREATE INDEX chunk_of ON report_chunk(generation, part, first);";

/* Only the writer sees these: how often a listing has expired, since when the bodies of committed
   objects hold, and what is asked for by its id just now. They end with the process, as do the
   calls that they are about. */
static const char scratch[] =
    "CREATE TEMP TABLE expired(members INTEGER, advertiser INTEGER, kind INTEGER, number INTEGER,"
    " PRIMARY KEY(members, advertiser, kind)) WITHOUT ROWID;"
    "CREATE TEMP TABLE asked(kind INTEGER, advertiser INTEGER, id TEXT,"
    " PRIMARY KEY(kind, advertiser, id)) WITHOUT ROWID;"
    "CREATE TEMP TABLE committed(kind INTEGER, advertiser INTEGER, id TEXT, at INTEGER,"
    " PRIMARY KEY(kind, advertiser, id)) WITHOUT ROWID;";

/* The newest version of each name is kept for its size and time; what nobody has asked for in 60
   days goes, frozen or not; rows of reports that no part refers to were of that, or left by a fetch
   that did not end, unless another process has begun it since. */
static const char prune[] =
    "DELETE FROM node WHERE node NOT IN (SELECT max(node) FROM node GROUP BY owner, name);"
    "UPDATE node SET made = 0 WHERE made <> 0;"
    "DELETE FROM report_part WHERE shape IN"
    " (SELECT shape FROM report_shape WHERE used < now_us() - 5184000000000);"
    "DELETE FROM report_shape WHERE used < now_us() - 5184000000000;"
    "DELETE FROM report_chunk WHERE generation < now_us() - 86400000000 AND NOT EXISTS"
    " (SELECT 1 FROM report_part p"
    " WHERE p.generation = report_chunk.generation AND p.part = report_chunk.part);";

static void sql_now_us(sqlite3_context *context, int n_args, sqlite3_value **args)
{
    Store *store = sqlite3_user_data(context);

    (void)n_args;
    (void)args;
    sqlite3_result_int64(context, clock_wall(store->clock));
}

static void sql_file_name(sqlite3_context *context, int n_args, sqlite3_value **args)
{
    Store *store = sqlite3_user_data(context);
    const char *name = (const char *)sqlite3_value_text(args[0]);

    (void)n_args;
    sqlite3_result_text(context, store->file_name(name ? name : ""), -1, g_free);
}

static gboolean run_script(sqlite3 *db, const char *script, GError **error)
{
    if (sqlite3_exec(db, script, NULL, NULL, NULL) == SQLITE_OK)
        return TRUE;
    return sql_failed(db, error);
}

static gboolean make_schema(Store *store, sqlite3 *db, GError **error)
{
    gint64 now_us = clock_wall(store->clock);
    /* So many to a second, also within it: a file may be made anew twice in one. */
    gint64 first = ((now_us / G_USEC_PER_SEC) << SECONDS_SHIFT) +
                   ((now_us % G_USEC_PER_SEC) << SECONDS_SHIFT) / G_USEC_PER_SEC;
    g_autofree char *version = g_strdup_printf("PRAGMA user_version = %d", VERSION);

    return sql_run(db, error, "BEGIN IMMEDIATE", "") && run_script(db, schema, error) &&
           sql_run(db, error, "INSERT INTO sqlite_sequence(name, seq) VALUES('object', ?1)", "i",
                   first) &&
           sql_run(db, error, "INSERT INTO sqlite_sequence(name, seq) VALUES('node', ?1)", "i",
                   first) &&
           sql_run(db, error, version, "") && sql_run(db, error, "COMMIT", "");
}

static sqlite3 *open_file(const char *path, int flags, GError **error)
{
    sqlite3 *db = NULL;

    if (sqlite3_open_v2(path, &db, flags | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK) {
        sqlite3_busy_timeout(db, BUSY_MS);
        return db;
    }
    g_propagate_error(error, api_error_new(API_ERROR_LOCAL, 0, NULL, "%s: %s", path,
                                           db ? sqlite3_errmsg(db) : "out of memory"));
    sqlite3_close_v2(db);
    return NULL;
}

/* Reading the version also finds a file that is no database. */
static gboolean is_usable(sqlite3 *db, gboolean *ret_empty)
{
    gint64 version = 0, tables = 0;

    if (!sql_number(db, &version, NULL, "PRAGMA user_version", "") ||
        !sql_number(db, &tables, NULL, "SELECT count(*) FROM sqlite_schema", ""))
        return sqlite3_errcode(db) != SQLITE_NOTADB && sqlite3_errcode(db) != SQLITE_CORRUPT;
    *ret_empty = tables == 0;
    return version == VERSION || tables == 0;
}

static gboolean is_marked(const char *path)
{
    g_autofree char *mark = sql_mark_path(path);

    return g_file_test(mark, G_FILE_TEST_EXISTS);
}

static gboolean put_aside(const char *path, GError **error)
{
    g_autofree char *mark = sql_mark_path(path);
    g_autofree char *bad = g_strconcat(path, ".bad", NULL);
    g_autofree char *wal = g_strconcat(path, "-wal", NULL);
    g_autofree char *shm = g_strconcat(path, "-shm", NULL);

    store_file_remove_old(bad);
    if (g_rename(path, bad) != 0) {
        g_propagate_error(error,
                          api_error_new(API_ERROR_LOCAL, 0, NULL, "%s can not be put aside: %s",
                                        path, g_strerror(errno)));
        return FALSE;
    }
    g_unlink(wal);
    g_unlink(shm);
    g_unlink(mark);
    g_message("%s can not be used and is made anew; the old one is %s", path, bad);
    return TRUE;
}

static sqlite3 *open_usable(const char *path, gboolean *ret_empty, GError **error)
{
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    gboolean odd = store_file_is_odd(path);
    sqlite3 *db = odd ? NULL : open_file(path, flags, error);

    if ((!db && !odd) || (db && !is_marked(path) && is_usable(db, ret_empty)))
        return db;
    sqlite3_close_v2(db);
    *ret_empty = TRUE;
    return put_aside(path, error) ? open_file(path, flags, error) : NULL;
}

static gboolean add_functions(Store *store, sqlite3 *db)
{
    const int flags = SQLITE_UTF8;

    return sqlite3_create_function(db, "now_us", 0, flags, store, sql_now_us, NULL, NULL) ==
               SQLITE_OK &&
           sqlite3_create_function(db, "safe_name", 1, flags | SQLITE_DETERMINISTIC, store,
                                   sql_file_name, NULL, NULL) == SQLITE_OK &&
           row_set_add_function(db);
}

/* NORMAL: after a power cut the last pages may be missing, and are read again. FAST: what is
   deleted is not overwritten where that alone would be written. A log that grew goes back to 16
   MiB. The file can be made shorter, see room.h. */
static const char settings[] = "PRAGMA auto_vacuum = INCREMENTAL;"
                               "PRAGMA journal_mode = WAL;"
                               "PRAGMA synchronous = NORMAL;"
                               "PRAGMA secure_delete = FAST;"
                               "PRAGMA journal_size_limit = 16777216;";

static sqlite3 *open_writer(Store *store, const char *path, GError **error)
{
    gboolean empty = FALSE;
    sqlite3 *db = open_usable(path, &empty, error);

    if (!db)
        return NULL;
    wal_limit(&store->wal, db, BUSY_MS);
    if (add_functions(store, db) && run_script(db, settings, error) &&
        (!empty || make_schema(store, db, error)) && run_script(db, scratch, error) &&
        run_script(db, singles_schema, error) && run_script(db, prune, error) &&
        state_file_attach(db, store->state_directory, error))
        return db;
    sqlite3_close_v2(db);
    return NULL;
}

static void finalize(void *statement)
{
    sqlite3_finalize(statement);
}

/* What is broken may be found only when the file is in use already: then it was marked. */
static sqlite3 *open_writer_anew(Store *store, GError **error)
{
    g_autoptr(GError) failure = NULL;
    sqlite3 *writer = open_writer(store, store->path, &failure);

    if (writer)
        return writer;
    if (is_marked(store->path))
        return open_writer(store, store->path, error);
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
}

Store *store_open(const StoreConfig *config, sqlite3 **ret_writer, GError **error)
{
    g_autoptr(Store) store = g_new0(Store, 1);
    sqlite3 *writer;

    store->path = g_build_filename(config->directory, "cache.sqlite", NULL);
    store->state_directory = g_strdup(config->state_directory);
    store->clock = config->clock;
    store->file_name = config->file_name;
    store->statements = g_hash_table_new_full(NULL, NULL, NULL, finalize);
    writer = open_writer_anew(store, error);
    if (!writer)
        return NULL;
    store->reader = store_open_reader(store, error);
    if (!store->reader) {
        sqlite3_close_v2(writer);
        return NULL;
    }
    *ret_writer = writer;
    return g_steal_pointer(&store);
}

sqlite3 *store_open_reader(const Store *store, GError **error)
{
    return open_file(store->path, SQLITE_OPEN_READONLY, error);
}

void store_catch_up(void *user_data)
{
    Store *store = user_data;

    if (store->burst == 0)
        return;
    g_clear_handle_id(&store->burst, g_source_remove);
    sqlite3_exec(store->reader, "COMMIT", NULL, NULL, NULL);
}

static gboolean on_burst_end(void *user_data)
{
    store_catch_up(user_data);
    return G_SOURCE_CONTINUE; /* removed already */
}

/* The writing handle is to be the last: it alone can put the log back into the file. */
void store_end_reading(Store *store)
{
    store_catch_up(store);
    g_clear_pointer(&store->statements, g_hash_table_unref);
    sqlite3_close_v2(g_steal_pointer(&store->reader));
}

void store_free(Store *store)
{
    if (!store)
        return;
    if (store->reader)
        store_end_reading(store);
    g_clear_error(&store->failure);
    g_free(store->path);
    g_free(store->state_directory);
    g_free(store);
}

sqlite3 *store_reader(Store *store)
{
    if (store->burst == 0 && sqlite3_exec(store->reader, "BEGIN", NULL, NULL, NULL) == SQLITE_OK)
        store->burst = g_timeout_add(BURST_MS, on_burst_end, store);
    return store->reader;
}

/* Of the last call with the reader. */
static void remember_failure(Store *store)
{
    sql_mark_corrupt(store->reader);
    if (store->failure)
        return;
    store->failure = api_error_new(API_ERROR_LOCAL, 0, NULL, "%s can not be read: %s", store->path,
                                   sqlite3_errmsg(store->reader));
    g_message("%s", store->failure->message);
}

const GError *store_failed(const Store *store)
{
    return store->failure;
}

sqlite3_stmt *store_statement(Store *store, const char *sql)
{
    sqlite3_stmt *statement = g_hash_table_lookup(store->statements, sql);

    if (!statement) {
        if (g_hash_table_size(store->statements) == 0) /* KiB; it reads the schema: not before */
            sqlite3_exec(store->reader, "PRAGMA cache_size = -8192", NULL, NULL, NULL);
        if (sqlite3_prepare_v2(store_reader(store), sql, -1, &statement, NULL) != SQLITE_OK) {
            remember_failure(store);
            return NULL;
        }
        g_hash_table_insert(store->statements, (void *)sql, statement);
    }
    sqlite3_reset(statement);
    store_reader(store);
    return statement;
}

gboolean store_step(Store *store, sqlite3_stmt *statement)
{
    int code = sqlite3_step(statement);

    if (code != SQLITE_ROW && code != SQLITE_DONE && statement)
        remember_failure(store);
    return code == SQLITE_ROW;
}
