/* SPDX-License-Identifier: MIT */
/* chunk.c - rows in order as chunks of the store, and out of them again. */
#include <string.h>

#include "cache/run.h"
#include "cache/store.h"

enum { LENGTH = sizeof(guint32), NONE = 0xff };

/* ---- reading ---- */

void chunk_iter_init(ChunkIter *iter, const ReportShape *shape, const void *data, gsize length)
{
    *iter = (ChunkIter){.at = data,
                        .end = (const char *)data + length,
                        .n_dimensions = report_n_dimensions(shape),
                        .has_id = shape->id != NULL};
}

gboolean chunk_iter_next(ChunkIter *iter, ChunkRow *ret)
{
    const char *end;

    if (iter->end - iter->at < LENGTH)
        return FALSE;
    memcpy(&ret->length, iter->at, LENGTH);
    ret->cells = iter->at + LENGTH;
    iter->at = ret->cells + ret->length;
    end = ret->cells;
    for (guint i = 0; i < iter->n_dimensions; i++)
        end += strlen(end) + 1;
    ret->key_length = (guint32)(end - ret->cells);
    ret->id_length = iter->has_id ? (guint8)MIN(strlen(ret->cells), G_MAXUINT8) : 0;
    return TRUE;
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
static void set_key(GString *key, const ChunkRow *row)
{
    g_string_truncate(key, 0);
    if (row->id_length > 0)
        g_string_append_c(key, (char)row->id_length);
    g_string_append_len(key, row->cells, row->key_length);
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

gboolean chunk_writer_init(ChunkWriter *writer, sqlite3 *db, gint64 generation, guint slice,
                           GError **error)
{
    static const char sql[] = "INSERT INTO report_chunk(generation, part, slice, first, last, n,"
                              " body) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)";

    *writer = (ChunkWriter){.db = db, .generation = generation, .slice = slice};
    writer->insert = sql_prepare(db, error, sql, "");
    if (!writer->insert)
        return FALSE;
    writer->body = g_string_sized_new(CHUNK_SIZE + CHUNK_SIZE / 8);
    writer->first = g_string_new(NULL);
    writer->last = g_string_new(NULL);
    return TRUE;
}

void chunk_writer_clear(ChunkWriter *writer)
{
    GString **texts[] = {&writer->body, &writer->first, &writer->last};

    g_clear_pointer(&writer->insert, sqlite3_finalize);
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        if (*texts[i])
            g_string_free(g_steal_pointer(texts[i]), TRUE);
}

static void bind_blob(sqlite3_stmt *insert, int index, const GString *bytes)
{
    sqlite3_bind_blob64(insert, index, bytes->str, bytes->len, SQLITE_STATIC);
}

gboolean chunk_writer_end(ChunkWriter *writer, GError **error)
{
    sqlite3_stmt *insert = writer->insert;
    gboolean done;

    if (writer->n == 0)
        return TRUE;
    sql_bind(insert, "iti", writer->generation, writer->part, (gint64)writer->slice);
    bind_blob(insert, 4, writer->first);
    bind_blob(insert, 5, writer->last);
    sqlite3_bind_int64(insert, 6, writer->n);
    bind_blob(insert, 7, writer->body);
    done = sql_finish(insert, error);
    g_string_truncate(writer->body, 0);
    writer->n = 0;
    return done;
}

gboolean chunk_writer_add(ChunkWriter *writer, const char *part, const ChunkRow *row,
                          GError **error)
{
    if (writer->n > 0 && (writer->body->len >= CHUNK_SIZE || strcmp(part, writer->part) != 0) &&
        !chunk_writer_end(writer, error))
        return FALSE;
    if (writer->n++ == 0) {
        writer->part = part;
        set_key(writer->first, row);
    }
    set_key(writer->last, row);
    g_string_append_len(writer->body, (const char *)&row->length, LENGTH);
    g_string_append_len(writer->body, row->cells, row->length);
    return TRUE;
}
