/* SPDX-License-Identifier: MIT */
/* chunk.c - rows in order as chunks of the store, and out of them again. */
#include "cache/chunk.h"

#include <string.h>

#include "cache/store.h"

enum { LENGTH = sizeof(guint32), NONE = 0xff, CHUNK_SIZE = 32 * 1024 };

/* ---- reading ---- */

void chunk_iter_init(ChunkIter *iter, const ReportShape *shape, const void *data, gsize length)
{
    *iter = (ChunkIter){.at = data,
                        .end = (const char *)data + length,
                        .n_dimensions = shape ? report_n_dimensions(shape) : 0,
                        .has_id = shape && shape->id};
}

gboolean chunk_iter_next(ChunkIter *iter, ChunkRow *ret)
{
    const char *end;

    if (iter->end - iter->at < LENGTH)
        return FALSE;
    memcpy(&ret->length, iter->at, LENGTH);
    ret->cells = end = iter->at + LENGTH;
    if (ret->length > (gsize)(iter->end - end))
        return FALSE;
    iter->at = end + ret->length;
    ret->has_id = iter->has_id;
    ret->id_length = iter->has_id ? (guint8)MIN(strlen(end), G_MAXUINT8) : 0;
    for (guint i = 0; i < iter->n_dimensions; i++)
        end += strlen(end) + 1;
    ret->key_length = (guint32)(end - ret->cells);
    return TRUE;
}

gboolean chunk_row_is_same(const ChunkRow *a, const ChunkRow *b)
{
    return a->key_length == b->key_length && memcmp(a->cells, b->cells, a->key_length) == 0;
}

int chunk_row_compare(const ChunkRow *a, const ChunkRow *b)
{
    int order;

    if (a->id_length != b->id_length)
        return a->id_length < b->id_length ? -1 : 1;
    order = memcmp(a->cells, b->cells, MIN(a->key_length, b->key_length));
    if (order != 0 || a->key_length == b->key_length)
        return order;
    return a->key_length < b->key_length ? -1 : 1;
}

void chunk_row_cells(const ChunkRow *row, const char **ret, guint n)
{
    const char *cell = row->cells;

    for (guint i = 0; i < n; i++, cell += strlen(cell) + 1)
        ret[i] = (guint8)cell[0] == NONE && cell[1] == '\0' ? NULL : cell;
}

/* Ids of another length sort elsewhere: the length leads. */
static void set_key(GByteArray *key, const ChunkRow *row)
{
    g_byte_array_set_size(key, 0);
    if (row->has_id)
        g_byte_array_append(key, &row->id_length, 1);
    g_byte_array_append(key, (const guint8 *)row->cells, row->key_length);
}

char *chunk_id_key(const char *id, gsize *ret_length)
{
    gsize length = strlen(id);
    char *key = g_malloc(length + 2);

    key[0] = (char)(guint8)MIN(length, G_MAXUINT8);
    memcpy(key + 1, id, length + 1);
    *ret_length = length + 2; /* the NUL: no other id begins with it */
    return key;
}

/* ---- writing ---- */

gboolean chunk_writer_init(ChunkWriter *writer, sqlite3 *db, const ChunkTarget *target,
                           GError **error)
{
    static const char sql[] = "INSERT INTO report_chunk(generation, part, slice, first, last, n,"
                              " hash, sums, body) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";

    *writer = (ChunkWriter){.db = db, .target = *target};
    if (writer->target.chunk_size == 0)
        writer->target.chunk_size = CHUNK_SIZE;
    writer->insert = sql_prepare(db, error, sql, "");
    if (!writer->insert)
        return FALSE;
    writer->figures = figures_new(target->shape);
    writer->body = g_byte_array_new();
    writer->first_key = g_byte_array_new();
    writer->last_key = g_byte_array_new();
    writer->sums = g_byte_array_new();
    return TRUE;
}

void chunk_writer_clear(ChunkWriter *writer)
{
    g_clear_pointer(&writer->insert, sqlite3_finalize);
    g_clear_pointer(&writer->body, g_byte_array_unref);
    g_clear_pointer(&writer->first_key, g_byte_array_unref);
    g_clear_pointer(&writer->last_key, g_byte_array_unref);
    g_clear_pointer(&writer->sums, g_byte_array_unref);
    g_clear_pointer(&writer->figures, figures_free);
}

/* A key of no dimensions is empty, which is not NULL. */
static void bind_bytes(sqlite3_stmt *insert, int index, const GByteArray *bytes)
{
    const void *data = bytes->data ? bytes->data : (const guint8 *)"";

    sqlite3_bind_blob64(insert, index, data, bytes->len, SQLITE_STATIC);
}

static gboolean end_chunk(ChunkWriter *writer, GError **error)
{
    sqlite3_stmt *insert = writer->insert;
    gboolean done;
    gint64 hash;

    if (writer->n == 0)
        return TRUE;
    writer->first.cells = (const char *)writer->body->data + LENGTH;
    set_key(writer->first_key, &writer->first);
    set_key(writer->last_key, &writer->last);
    figures_take(writer->figures, writer->sums, &hash);
    sql_bind(insert, "iti", writer->target.generation, writer->part, (gint64)writer->target.slice);
    bind_bytes(insert, 4, writer->first_key);
    bind_bytes(insert, 5, writer->last_key);
    sqlite3_bind_int64(insert, 6, writer->n);
    sqlite3_bind_int64(insert, 7, hash);
    bind_bytes(insert, 8, writer->sums);
    bind_bytes(insert, 9, writer->body);
    done = sql_finish(insert, error);
    g_byte_array_set_size(writer->body, 0); /* the last row stays where it is */
    writer->n = 0;
    return done;
}

gboolean chunk_writer_end(ChunkWriter *writer, GError **error)
{
    writer->has_last = FALSE;
    return end_chunk(writer, error);
}

gboolean chunk_writer_had(const ChunkWriter *writer, const ChunkRow *row)
{
    return writer->has_last && chunk_row_is_same(&writer->last, row);
}

gboolean chunk_writer_add(ChunkWriter *writer, const char *part, const ChunkRow *row,
                          GError **error)
{
    gsize at;

    if (chunk_writer_had(writer, row)) {
        writer->twice++;
        return TRUE;
    }
    if (writer->body->len >= writer->target.chunk_size && !end_chunk(writer, error))
        return FALSE;
    writer->part = part;
    figures_add(writer->figures, row->cells, row->length);
    at = writer->body->len;
    g_byte_array_append(writer->body, (const guint8 *)row->cells - LENGTH, LENGTH + row->length);
    if (writer->n++ == 0)
        writer->first = *row;
    writer->last = *row;
    writer->last.cells = (const char *)writer->body->data + at + LENGTH;
    writer->has_last = TRUE;
    return TRUE;
}
