/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * chunk.h - rows of a report in the order of their keys, as a blob of the store.
 *
 * A row in a chunk is its length (4 bytes, of what follows) and its cells, each ended by a NUL; a
 * cell that is one byte 0xff is none. Its key is its dimensions: ids by their length first, which
 * is the order of numbers.
 */
#include <glib.h>
#include <sqlite3.h>

#include "api/report.h"
#include "cache/sums.h"

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
    gboolean has_id;
} ChunkRow;

/* shape: NULL where nobody wants to know the keys. */
void chunk_iter_init(ChunkIter *iter, const ReportShape *shape, const void *data, gsize length);
gboolean chunk_iter_next(ChunkIter *iter, ChunkRow *ret); /* FALSE: the end */

/* As strcmp(). */
int chunk_row_compare(const ChunkRow *a, const ChunkRow *b);

/* The pointers to its cells, NULL for one that is none. */
void chunk_row_cells(const ChunkRow *row, const char **ret, guint n);

gboolean chunk_row_is_same(const ChunkRow *a, const ChunkRow *b); /* their keys are */

typedef struct {
    const ReportShape *shape;
    gint64 generation;
    guint slice;
    gsize chunk_size; /* 0: as many bytes as do well */
} ChunkTarget;

/* Rows in order become chunks of the store. */
typedef struct {
    sqlite3 *db;
    ChunkTarget target;
    Figures *figures; /* of the chunk */
    const char *part;
    sqlite3_stmt *insert;
    GByteArray *body, *first_key, *last_key, *sums;
    ChunkRow first, last; /* in the body */
    guint n;
    gboolean has_last; /* of the part, also when its chunk is full */
    gint64 twice;      /* rows that were left out, since they were the same as the one before */
} ChunkWriter;

gboolean chunk_writer_init(ChunkWriter *writer, sqlite3 *db, const ChunkTarget *target,
                           GError **error);
void chunk_writer_clear(ChunkWriter *writer);
/* part: borrowed until the end. */
gboolean chunk_writer_add(ChunkWriter *writer, const char *part, const ChunkRow *row,
                          GError **error);
gboolean chunk_writer_end(ChunkWriter *writer, GError **error); /* of a part */
/* The row written last has this key. */
gboolean chunk_writer_had(const ChunkWriter *writer, const ChunkRow *row);

/* The key that rows of an id begin with; a new string of ret_length bytes. */
char *chunk_id_key(const char *id, gsize *ret_length);
