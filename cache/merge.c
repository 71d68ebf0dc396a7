/* SPDX-License-Identifier: MIT */
/*
 * merge.c - finds chunks of a part that overlap, and merges the first so many bytes of them.
 *
 * What a step has merged comes before all that is left, so the state of a merge is in the store
 * alone: the next step finds what still overlaps. Of each run one chunk at a time is in memory.
 */
#include "cache/merge.h"

#include <string.h>

#include "cache/run.h"
#include "cache/store.h"

enum { STEP_SIZE = 8 * 1024 * 1024 };

/* A chunk that is being read. */
typedef struct {
    GBytes *body;
    ChunkIter iter;
    ChunkRow row; /* the next of it */
} Source;

typedef struct {
    sqlite3 *db;
    const MergeSpec *spec;
    const char *part;
    sqlite3_stmt
        *next; /* chunks of the part, in the order of their first rows; on a row, or done */
    gboolean has_next;
    GPtrArray *sources; /* of Source: a heap, the least row first */
    GByteArray *last;   /* cells of the row written last; empty: none */
    ChunkWriter writer;
    gsize written;
    gint64 twice;
} Merge;

static void source_free(void *data)
{
    Source *source = data;

    g_bytes_unref(source->body);
    g_free(source);
}

/* ---- the heap ---- */

static gboolean is_less(const GPtrArray *heap, guint a, guint b)
{
    const Source *left = heap->pdata[a], *right = heap->pdata[b];

    return chunk_row_compare(&left->row, &right->row) < 0;
}

static void swap(GPtrArray *heap, guint a, guint b)
{
    void *kept = heap->pdata[a];

    heap->pdata[a] = heap->pdata[b];
    heap->pdata[b] = kept;
}

static void sift_up(GPtrArray *heap)
{
    for (guint i = heap->len - 1; i > 0 && is_less(heap, i, (i - 1) / 2); i = (i - 1) / 2)
        swap(heap, i, (i - 1) / 2);
}

static void sift_down(GPtrArray *heap)
{
    guint i = 0, least = 0;

    do {
        i = least;
        for (guint child = 2 * i + 1; child <= 2 * i + 2 && child < heap->len; child++)
            if (is_less(heap, child, least))
                least = child;
        swap(heap, i, least);
    } while (least != i);
}

/* ---- one step ---- */

static gboolean advance(Merge *merge, GError **error)
{
    g_autoptr(GError) failure = NULL;

    merge->has_next = sql_step(merge->next, &failure);
    if (!failure)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

/* The chunk that `next` is on. It is taken out of the store: what is left of it at the end of the
   step is written again. */
static gboolean take_chunk(Merge *merge, GError **error)
{
    Source *source = g_new0(Source, 1);

    source->body = g_bytes_new(sqlite3_column_blob(merge->next, 2),
                               (gsize)sqlite3_column_bytes(merge->next, 2));
    chunk_iter_init(&source->iter, merge->spec->shape, g_bytes_get_data(source->body, NULL),
                    g_bytes_get_size(source->body));
    if (chunk_iter_next(&source->iter, &source->row)) {
        g_ptr_array_add(merge->sources, source);
        sift_up(merge->sources);
    } else {
        source_free(source);
    }
    return sql_run(merge->db, error, "DELETE FROM report_chunk WHERE chunk = ?1", "i",
                   sqlite3_column_int64(merge->next, 0)) &&
           advance(merge, error);
}

/* The chunk that `next` is on may begin before the least row of those that are open. */
static gboolean is_due(const Merge *merge)
{
    const Source *least;
    const guint8 *first;
    guint8 id_length;
    gsize n, skip;
    int order;

    if (!merge->has_next)
        return FALSE;
    if (merge->sources->len == 0)
        return TRUE;
    least = merge->sources->pdata[0];
    first = sqlite3_column_blob(merge->next, 1);
    n = (gsize)sqlite3_column_bytes(merge->next, 1);
    skip = merge->spec->shape->id != NULL;
    id_length = skip ? first[0] : 0;
    if (id_length != least->row.id_length)
        return id_length < least->row.id_length;
    order = memcmp(first + skip, least->row.cells, MIN(n - skip, least->row.key_length));
    return order < 0 || (order == 0 && n - skip <= least->row.key_length);
}

static gboolean is_twice(const Merge *merge, const ChunkRow *row)
{
    return merge->last->len == row->key_length &&
           memcmp(merge->last->data, row->cells, row->key_length) == 0;
}

static gboolean write_least(Merge *merge, GError **error)
{
    Source *source = merge->sources->pdata[0];
    gboolean done = TRUE;

    if (is_twice(merge, &source->row)) {
        merge->twice++;
    } else {
        done = chunk_writer_add(&merge->writer, merge->part, &source->row, error);
        g_byte_array_set_size(merge->last, 0);
        g_byte_array_append(merge->last, (const guint8 *)source->row.cells, source->row.key_length);
        merge->written += source->row.length;
    }
    if (!chunk_iter_next(&source->iter, &source->row)) {
        merge->sources->pdata[0] = merge->sources->pdata[merge->sources->len - 1];
        g_ptr_array_set_size(merge->sources, (gint)merge->sources->len - 1);
        source_free(source);
    }
    if (merge->sources->len > 0)
        sift_down(merge->sources);
    return done;
}

/* The rest of a chunk, as it was: it overlaps others still. */
static gboolean write_rest(Merge *merge, Source *source, GError **error)
{
    do {
        if (!chunk_writer_add(&merge->writer, merge->part, &source->row, error))
            return FALSE;
    } while (chunk_iter_next(&source->iter, &source->row));
    return chunk_writer_end(&merge->writer, error);
}

/* A step ends between two rows that differ: a row that came twice is met with its like. */
static gboolean is_enough(const Merge *merge)
{
    const Source *least;

    if (merge->written < STEP_SIZE || merge->sources->len == 0)
        return FALSE;
    least = merge->sources->pdata[0];
    return !is_twice(merge, &least->row);
}

static gboolean run_merge(Merge *merge, GError **error)
{
    for (;;) {
        while (is_due(merge))
            if (!take_chunk(merge, error))
                return FALSE;
        if (merge->sources->len == 0 || is_enough(merge))
            break;
        if (!write_least(merge, error))
            return FALSE;
    }
    if (!chunk_writer_end(&merge->writer, error))
        return FALSE;
    for (guint i = 0; i < merge->sources->len; i++)
        if (!write_rest(merge, merge->sources->pdata[i], error))
            return FALSE;
    return TRUE;
}

static const char chunks[] = "SELECT chunk, first, body FROM report_chunk WHERE generation = ?1"
                             " AND part = ?2 AND first >= ?3 ORDER BY first, chunk";

static gboolean merge_part(sqlite3 *db, const MergeSpec *spec, const char *part,
                           const GByteArray *from, gint64 *ret_twice, GError **error)
{
    g_autoptr(GPtrArray) sources = g_ptr_array_new();
    g_autoptr(GByteArray) last = g_byte_array_new();
    g_autoptr(sqlite3_stmt) next = sql_prepare(db, error, chunks, "it", spec->generation, part);
    Merge merge = {db, spec, part, next, FALSE, sources, last, {0}, 0, 0};
    gboolean done;

    if (!next)
        return FALSE;
    sqlite3_bind_blob64(next, 3, from->data, from->len, SQLITE_STATIC);
    done = chunk_writer_init(&merge.writer, db, spec->generation, 0, error) &&
           advance(&merge, error) && run_merge(&merge, error);
    chunk_writer_clear(&merge.writer);
    g_ptr_array_set_free_func(sources, source_free); /* of those left */
    *ret_twice += merge.twice;
    return done;
}

/* ---- what is to be merged ---- */

static int compare_keys(const void *a, gsize n_a, const void *b, gsize n_b)
{
    int order = memcmp(a, b, MIN(n_a, n_b));

    return order != 0 ? order : (n_a > n_b) - (n_a < n_b);
}

/* The key in a column, in place of what to held. */
static void keep_key(GByteArray *to, sqlite3_stmt *row, int column)
{
    g_byte_array_set_size(to, 0);
    g_byte_array_append(to, sqlite3_column_blob(row, column),
                        (guint)sqlite3_column_bytes(row, column));
}

/* The first chunk that begins before one before it has ended: its part, a new string, and where
   that one begins. NULL without error: there is none. */
static char *find_overlap(sqlite3 *db, gint64 generation, GByteArray *ret_from, GError **error)
{
    static const char sql[] = "SELECT part, first, last FROM report_chunk WHERE generation = ?1"
                              " ORDER BY part, first";
    g_autoptr(sqlite3_stmt) row = sql_prepare(db, error, sql, "i", generation);
    g_autoptr(GByteArray) last =
        g_byte_array_new(); /* the greatest yet, of the chunk at ret_from */
    g_autofree char *part = g_strdup("");

    while (row && sql_step(row, error)) {
        gboolean same = strcmp(part, sql_text(row, 0)) == 0;

        if (same && compare_keys(sqlite3_column_blob(row, 1), (gsize)sqlite3_column_bytes(row, 1),
                                 last->data, last->len) <= 0)
            return g_steal_pointer(&part);
        /* Chunks that do not overlap end in the order in which they begin. */
        keep_key(last, row, 2);
        keep_key(ret_from, row, 1);
        if (!same) {
            g_free(part);
            part = g_strdup(sql_text(row, 0));
        }
    }
    return NULL;
}

gboolean merge_step(sqlite3 *db, const MergeSpec *spec, gboolean *ret_more, gint64 *ret_twice,
                    GError **error)
{
    g_autoptr(GByteArray) from = g_byte_array_new();
    g_autoptr(GError) failure = NULL;
    g_autofree char *part = find_overlap(db, spec->generation, from, &failure);

    *ret_more = part != NULL;
    if (part)
        return merge_part(db, spec, part, from, ret_twice, error);
    if (!failure)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}
