/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * run.h - rows of a report on their way into the store, and out of it.
 *
 * Rows are kept in chunks of some 32 KiB, each of one part (a day, or a whole span), in the order
 * of their keys. What comes is gathered until it is enough, sorted, and cut into chunks: a run. A
 * part of several runs that overlap is merged later (merge.h). So neither a page nor a million
 * rows cost more than a few writes each, and no more memory than a run.
 *
 * A row in a chunk is its length (4 bytes, of what follows) and its cells, each ended by a NUL; a
 * cell that is one byte 0xff is none. Its key is its dimensions: ids by their length first, which
 * is the order of numbers.
 *
 * Everything here belongs to one thread at a time.
 */
#include <glib.h>
#include <sqlite3.h>

#include "api/report.h"

typedef struct Run Run;

typedef struct {
    const ReportShape *shape; /* borrowed for as long as the run lives */
    const char *start, *end;  /* rows of other days are refused; borrowed */
    const char *total;        /* name of the one part, where rows have no time; borrowed */
    gint64 generation;
    guint slice; /* which share of the fetch this is, to be told from the others */
} RunSpec;

Run *run_new(const RunSpec *spec);
void run_free(Run *run); /* NULL is fine; rows that were not flushed are gone */

/* A cell of a row in the order of the shape; NULL: the service sent none. Any bytes. */
void run_cell(Run *run, const char *text, gsize length);
/* The same of a JSON value: a string without its quotes, anything else as it is. */
void run_cell_json(Run *run, const char *at, gsize length);
/* FALSE: it is not of this fetch, and left out. */
gboolean run_row(Run *run);

guint64 run_rows(const Run *run); /* that were taken, since it was made or emptied */

/* Writes what there is, if it is enough, or in any case. */
gboolean run_flush(Run *run, sqlite3 *db, gboolean all, GError **error);
/* Forgets all rows of the slice, in the store too. */
gboolean run_empty(Run *run, sqlite3 *db, GError **error);

/* ---- chunks ---- */

enum { CHUNK_SIZE = 32 * 1024 };

typedef struct {
    const char *at, *end; /* of the chunk */
    guint n_dimensions;
    gboolean has_id;
} ChunkIter;

/* A row of a chunk; pointers into it. */
typedef struct {
    const char *cells;
    guint32 length;     /* of the cells */
    guint32 key_length; /* of the first of them: its dimensions */
    guint8 id_length;
} ChunkRow;

void chunk_iter_init(ChunkIter *iter, const ReportShape *shape, const void *data, gsize length);
gboolean chunk_iter_next(ChunkIter *iter, ChunkRow *ret); /* FALSE: the end */

/* As strcmp(). */
int chunk_row_compare(const ChunkRow *a, const ChunkRow *b);

/* The pointers to its cells, NULL for one that is none. */
void chunk_row_cells(const ChunkRow *row, const char **ret, guint n);

/* Rows in order become chunks of the store. */
typedef struct {
    sqlite3 *db;
    gint64 generation;
    guint slice;
    const char *part;
    sqlite3_stmt *insert;
    GString *body, *first, *last; /* keys */
    guint n;
} ChunkWriter;

gboolean chunk_writer_init(ChunkWriter *writer, sqlite3 *db, gint64 generation, guint slice,
                           GError **error);
void chunk_writer_clear(ChunkWriter *writer);
gboolean chunk_writer_add(ChunkWriter *writer, const char *part, const ChunkRow *row,
                          GError **error);
gboolean chunk_writer_end(ChunkWriter *writer, GError **error); /* of a part */

/* The key that rows of an id begin with; a new string of ret_length bytes. */
char *chunk_id_key(const char *id, gsize *ret_length);
