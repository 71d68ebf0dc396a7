/* SPDX-License-Identifier: MIT */
/*
 * merge.c - finds chunks of a part that overlap, and merges the first so many bytes of them.
 *
 * What a step has merged comes before all that is left, so the state of a merge is in the store
 * alone: the next step finds what still overlaps. Of each run one chunk at a time is in memory.
 */
#include "cache/merge.h"

#include <string.h>

#include "cache/chunk.h"
#include "cache/store.h"

enum { STEP_SIZE = 8 * 1024 * 1024 };

/* A chunk that is being read. */
typedef struct {
    GBytes *body;
    ChunkIter iter;
    ChunkRow row; /* the next of it */
} Source;

/* A chunk of the part that is still in the store. */
typedef struct {
    gint64 chunk;
    GByteArray *first, *last;
} Head;

typedef struct {
    sqlite3 *db;
    const MergeSpec *spec;
    const char *part;
    sqlite3_stmt *heads; /* in the order of their first rows; on the one after next, or done */
    sqlite3_stmt *body, *remove;
    gboolean has_next, has_after;
    Head next;
    GPtrArray *sources; /* of Source: a heap, the least row first */
    gsize open;         /* bytes of their bodies */
    ChunkWriter writer;
    gsize written;
} Merge;

static void source_free(void *data)
{
    Source *source = data;

    g_bytes_unref(source->body);
    g_free(source);
}

/* ---- keys ---- */

static int compare_keys(const void *a, gsize n_a, const void *b, gsize n_b)
{
    gsize n = MIN(n_a, n_b);
    int order = n > 0 ? memcmp(a, b, n) : 0;

    return order != 0 ? order : (n_a > n_b) - (n_a < n_b);
}

/* The key in a column, in place of what to held. */
static void keep_key(GByteArray *to, sqlite3_stmt *row, int column)
{
    const void *key = sqlite3_column_blob(row, column);

    g_byte_array_set_size(to, 0);
    g_byte_array_append(to, key, (guint)sqlite3_column_bytes(row, column));
}

/* The chunk that `row` is on begins after that key. */
static gboolean is_behind(sqlite3_stmt *row, int column, const GByteArray *key)
{
    const void *first = sqlite3_column_blob(row, column);

    return compare_keys(first, (gsize)sqlite3_column_bytes(row, column), key->data, key->len) > 0;
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

/* ---- what is left in the store ---- */

/* As sql_step(), but FALSE is a failure alone. */
static gboolean step(sqlite3_stmt *statement, gboolean *ret_has, GError **error)
{
    g_autoptr(GError) failure = NULL;

    *ret_has = sql_step(statement, &failure);
    if (!failure)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

static gboolean advance(Merge *merge, GError **error)
{
    merge->has_next = merge->has_after;
    if (!merge->has_next)
        return TRUE;
    merge->next.chunk = sqlite3_column_int64(merge->heads, 0);
    keep_key(merge->next.first, merge->heads, 1);
    keep_key(merge->next.last, merge->heads, 2);
    return step(merge->heads, &merge->has_after, error);
}

/* NULL and error. */
static GBytes *read_body(Merge *merge, GError **error)
{
    gboolean has;
    GBytes *body = NULL;

    sql_bind(merge->body, "i", merge->next.chunk);
    if (step(merge->body, &has, error))
        body = g_bytes_new(has ? sqlite3_column_blob(merge->body, 0) : NULL,
                           has ? (gsize)sqlite3_column_bytes(merge->body, 0) : 0);
    sqlite3_reset(merge->body);
    return body;
}

static void add_source(Merge *merge, GBytes *body) /* takes it */
{
    Source *source = g_new0(Source, 1);
    gsize length;
    const void *data = g_bytes_get_data(body, &length);

    source->body = body;
    chunk_iter_init(&source->iter, merge->spec->shape, data, length);
    if (!chunk_iter_next(&source->iter, &source->row)) {
        source_free(source);
        return;
    }
    merge->open += length;
    g_ptr_array_add(merge->sources, source);
    sift_up(merge->sources);
}

/* The next chunk is taken out of the store: what is left of it at the end of the step is written
   again. */
static gboolean take_chunk(Merge *merge, GError **error)
{
    GBytes *body = read_body(merge, error);

    if (!body)
        return FALSE;
    add_source(merge, body);
    sql_bind(merge->remove, "i", merge->next.chunk);
    return sql_finish(merge->remove, error) && advance(merge, error);
}

/* The next chunk may begin before the least row of those that are open. */
static gboolean is_due(const Merge *merge)
{
    const GByteArray *first = merge->next.first;
    const Source *least;
    gsize skip;

    if (!merge->has_next || merge->sources->len == 0)
        return merge->has_next;
    least = merge->sources->pdata[0];
    skip = least->row.has_id;
    if (skip && first->data[0] != least->row.id_length)
        return first->data[0] < least->row.id_length;
    return compare_keys(first->data + skip, first->len - skip, least->row.cells,
                        least->row.key_length) <= 0;
}

/* Nothing is open, and the next chunk ends before the one after it begins: it stays as it is. */
static gboolean is_alone(const Merge *merge)
{
    return merge->has_next && merge->sources->len == 0 &&
           (!merge->has_after || is_behind(merge->heads, 1, merge->next.last));
}

/* ---- one step ---- */

static void close_least(Merge *merge)
{
    Source *source = merge->sources->pdata[0];

    merge->open -= g_bytes_get_size(source->body);
    g_ptr_array_remove_index_fast(merge->sources, 0);
}

static gboolean write_least(Merge *merge, GError **error)
{
    Source *source = merge->sources->pdata[0];

    if (!chunk_writer_add(&merge->writer, merge->part, &source->row, error))
        return FALSE;
    merge->written += source->row.length;
    if (!chunk_iter_next(&source->iter, &source->row))
        close_least(merge);
    if (merge->sources->len > 0)
        sift_down(merge->sources);
    return TRUE;
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

/* A step ends between two rows that differ: a row that came twice is met with its like. It has
   merged more than it has to write again. */
static gboolean is_enough(const Merge *merge)
{
    gsize step = merge->spec->sizes.step ? merge->spec->sizes.step : STEP_SIZE;
    const Source *least = merge->sources->pdata[0];

    return merge->written >= MAX(step, 2 * merge->open) &&
           !chunk_writer_had(&merge->writer, &least->row);
}

static gboolean take_due(Merge *merge, GError **error)
{
    while (is_alone(merge))
        if (!chunk_writer_end(&merge->writer, error) || !advance(merge, error))
            return FALSE;
    while (is_due(merge))
        if (!take_chunk(merge, error))
            return FALSE;
    return TRUE;
}

static gboolean run_merge(Merge *merge, GError **error)
{
    if (!take_due(merge, error))
        return FALSE;
    while (merge->sources->len > 0 && !is_enough(merge))
        if (!write_least(merge, error) || !take_due(merge, error))
            return FALSE;
    if (!chunk_writer_end(&merge->writer, error))
        return FALSE;
    for (guint i = 0; i < merge->sources->len; i++)
        if (!write_rest(merge, merge->sources->pdata[i], error))
            return FALSE;
    return TRUE;
}

/* ---- a part ---- */

static gboolean merge_init(Merge *merge, const GByteArray *from, GError **error)
{
    static const char heads[] =
        "SELECT chunk, first, last FROM report_chunk WHERE generation = ?1 AND part = ?2"
        " AND first >= ?3 ORDER BY first, chunk";
    static const char body[] = "SELECT body FROM report_chunk WHERE chunk = ?1";
    static const char gone[] = "DELETE FROM report_chunk WHERE chunk = ?1";
    const MergeSpec *spec = merge->spec;
    ChunkTarget target = {spec->shape, spec->generation, 0, spec->sizes.chunk};
    const void *key = from->len > 0 ? from->data : (const guint8 *)"";

    merge->next = (Head){0, g_byte_array_new(), g_byte_array_new()};
    merge->sources = g_ptr_array_new_with_free_func(source_free);
    if (!(merge->heads =
              sql_prepare(merge->db, error, heads, "it", spec->generation, merge->part)) ||
        !(merge->body = sql_prepare(merge->db, error, body, "")) ||
        !(merge->remove = sql_prepare(merge->db, error, gone, "")) ||
        !chunk_writer_init(&merge->writer, merge->db, &target, error))
        return FALSE;
    sqlite3_bind_blob64(merge->heads, 3, key, from->len, SQLITE_STATIC);
    return step(merge->heads, &merge->has_after, error) && advance(merge, error);
}

static void merge_clear(Merge *merge)
{
    sqlite3_finalize(merge->heads);
    sqlite3_finalize(merge->body);
    sqlite3_finalize(merge->remove);
    g_byte_array_unref(merge->next.first);
    g_byte_array_unref(merge->next.last);
    g_ptr_array_unref(merge->sources);
    chunk_writer_clear(&merge->writer);
}

static gboolean merge_part(sqlite3 *db, const MergeSpec *spec, const char *part,
                           const GByteArray *from, gint64 *ret_twice, GError **error)
{
    Merge merge = {.db = db, .spec = spec, .part = part};
    gboolean done = merge_init(&merge, from, error) && run_merge(&merge, error);

    *ret_twice += merge.writer.twice;
    merge_clear(&merge);
    return done;
}

/* ---- what is to be merged ---- */

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

        if (same && !is_behind(row, 1, last))
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
