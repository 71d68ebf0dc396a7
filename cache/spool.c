/* SPDX-License-Identifier: MIT */
/*
 * spool.c - reads a report out of the store, part by part, each in the order of its keys: no
 * sorting, and one chunk in memory. In a thread of its own, so that neither the loop nor the writer
 * waits.
 */
#include <string.h>

#include "api/error.h"
#include "cache/chunk.h"
#include "cache/internal.h"
#include "cache/parts.h"
#include "cache/spool-early.h"

typedef struct {
    ReportShape *shape;
    char *words, *first, *last; /* parts */
    char *whole, *id;           /* the shape it may be cut out of, and whose rows; or NULL */
    int column;                 /* the cell that says whose a row is */
    gint64 n_parts;
    ReportRowFunc row;
    void (*end)(void *user_data);
    void (*done)(void *user_data, const GError *error);
    void *user_data;
} SpoolJob;

/* When the newest of all its parts was read; 0: not all of them are there. */
static gboolean find_age(sqlite3 *db, const SpoolJob *spool, const char *words, gint64 *ret,
                         GError **error)
{
    static const char sql[] = "SELECT iif(count(*) = ?4, max(fetched), 0) FROM report_part"
                              " WHERE shape = (SELECT shape FROM report_shape WHERE words = ?1)"
                              " AND part BETWEEN ?2 AND ?3";

    *ret = 0;
    return words == NULL || sql_number(db, ret, error, sql, "ttti", words, spool->first,
                                       spool->last, spool->n_parts);
}

/* The object's own rows, or those of its level where these are newer. Borrowed; NULL and error. */
static const char *choose_shape(sqlite3 *db, const SpoolJob *spool, GError **error)
{
    gint64 own, whole;

    if (!find_age(db, spool, spool->words, &own, error) ||
        !find_age(db, spool, spool->whole, &whole, error))
        return NULL;
    if (own == 0 && whole == 0)
        g_propagate_error(error, api_error_new(API_ERROR_INCOMPLETE, 0, NULL,
                                               "The report was not read as a whole"));
    if (own == 0 && whole == 0)
        return NULL;
    return own >= whole ? spool->words : spool->whole;
}

/* The + keeps SQLite from looking for chunks by the days of ?2 and ?3, which would have to be
   sorted then. */
#define CHUNKS                                                                                     \
    "SELECT c.body FROM report_part p CROSS JOIN report_chunk c ON c.generation = p.generation"    \
    " AND c.part = +p.part WHERE p.shape = (SELECT shape FROM report_shape WHERE words = ?1)"      \
    " AND p.part BETWEEN ?2 AND ?3"
#define IN_ORDER " ORDER BY p.part, c.first"

static const char each_chunk[] = CHUNKS IN_ORDER;

/* ?4, ?5: where keys of the one object begin and end. The first of them may be in the chunk that
   begins before. */
static const char chunks_of_id[] = CHUNKS
    " AND c.first < ?5 AND c.first >= coalesce((SELECT max(o.first) FROM report_chunk o"
    "  WHERE o.generation = p.generation AND o.part = +p.part AND o.first <= ?4), ?4)" IN_ORDER;

/* Keys of the object begin with it; after them comes what ends in another byte than NUL. */
static void bind_id(sqlite3_stmt *row, const char *id)
{
    g_autofree char *key = NULL;
    gsize length;

    if (!id)
        return;
    key = chunk_id_key(id, &length);
    sqlite3_bind_blob64(row, 4, key, length, SQLITE_TRANSIENT);
    key[length - 1] = 1;
    sqlite3_bind_blob64(row, 5, key, length, SQLITE_TRANSIENT);
}

/* Who is told of rows; id: of those alone that say so in a cell, or NULL. */
typedef struct {
    ReportRowFunc row;
    void *user_data;
    const char *id;
    int column;
} Listener;

static void emit_chunk(const Listener *to, sqlite3_stmt *chunk, const char **values, guint n)
{
    ChunkIter iter;
    ChunkRow row;

    chunk_iter_init(&iter, NULL, sqlite3_column_blob(chunk, 0),
                    (gsize)sqlite3_column_bytes(chunk, 0));
    while (chunk_iter_next(&iter, &row)) {
        if (to->id && to->column == 0 && strcmp(row.cells, to->id) != 0)
            continue;
        chunk_row_cells(&row, values, n);
        if (!to->id || g_strcmp0(values[to->column], to->id) == 0)
            to->row(to->user_data, values, n);
    }
}

/* chunk: may be NULL, error is set then. */
static gboolean emit(sqlite3_stmt *chunk, guint width, const Listener *to, GError **error)
{
    g_autofree const char **values = g_new(const char *, width);
    g_autoptr(GError) failure = NULL;

    if (!chunk)
        return FALSE;
    if (to->column == 0)
        bind_id(chunk, to->id);
    while (sql_step(chunk, &failure))
        emit_chunk(to, chunk, values, width);
    if (!failure)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

gboolean spool_emit(sqlite3 *db, const ReportShape *shape, const char *words, const char *part,
                    ReportRowFunc row, void *user_data, GError **error)
{
    const Listener to = {row, user_data, NULL, 0};
    g_autoptr(sqlite3_stmt) chunk = sql_prepare(db, error, each_chunk, "ttt", words, part, part);

    return emit(chunk, report_width(shape), &to, error);
}

static gboolean run_spool(sqlite3 *db, void *job, GError **error)
{
    SpoolJob *spool = job;
    Listener to = {spool->row, spool->user_data, NULL, spool->column};
    g_autoptr(sqlite3_stmt) chunk = NULL;
    const char *words = choose_shape(db, spool, error);

    if (!words)
        return FALSE;
    if (words == spool->whole)
        to.id = spool->id;
    chunk = sql_prepare(db, error, to.id && to.column == 0 ? chunks_of_id : each_chunk, "ttt",
                        words, spool->first, spool->last);
    if (!emit(chunk, report_width(spool->shape), &to, error))
        return FALSE;
#ifdef ADSFS_CHECK
    if (sqlite3_stmt_status(chunk, SQLITE_STMTSTATUS_SORT, FALSE) > 0)
        g_critical("All of a report is held at once, to be sorted");
#endif
    spool->end(spool->user_data);
    return TRUE;
}

static void spooled(void *job, const GError *error)
{
    SpoolJob *spool = job;

    spool->done(spool->user_data, error);
}

static void spool_free(void *job)
{
    SpoolJob *spool = job;

    report_shape_free(spool->shape);
    g_free(spool->words);
    g_free(spool->whole);
    g_free(spool->id);
    g_free(spool->first);
    g_free(spool->last);
    g_free(spool);
}

static const JobType spool_job = {run_spool, spooled, spool_free};

static gint64 count_days(Cache *cache, const ReportQuery *query)
{
    gint64 n = 0;

    sql_number(store_reader(cache->store), &n, NULL,
               "SELECT (unixepoch(?2) - unixepoch(?1)) / 86400 + 1", "tt", query->start,
               query->end);
    return n;
}

void cache_spool_report(Cache *cache, const ReportQuery *query, ReportRowFunc row,
                        void (*end)(void *user_data),
                        void (*done)(void *user_data, const GError *error), void *user_data)
{
    SpoolJob *spool = g_new0(SpoolJob, 1);
    char *total = part_name(&query->shape, query->start, query->end);
    ReportQuery whole;

    spool->shape = report_shape_copy(&query->shape);
    spool->words = shape_words(query);
    if (slice_of(query, &whole)) {
        spool->whole = shape_words(&whole);
        spool->id = g_strdup(query->shape.object_id);
        spool->column = slice_column(&query->shape, query->shape.object_kind);
    }
    spool->first = total ? total : g_strdup(query->start);
    spool->last = g_strdup(total ? total : query->end);
    spool->n_parts = total ? 1 : count_days(cache, query);
    spool->row = row;
    spool->end = end;
    spool->done = done;
    spool->user_data = user_data;
    writer_push(cache->spooler, &spool_job, spool, FALSE);
}
