/* SPDX-License-Identifier: MIT */
/* row-set.c - bits in chunks of 4,096 rows, found by the upper part of the number. */
#include "cache/row-set.h"

enum { CHUNK_SHIFT = 12, WORDS = (1 << CHUNK_SHIFT) / 64 };

static const char pointer_type[] = "adsfs row set";

struct RowSet {
    GHashTable *chunks; /* gint64 row >> CHUNK_SHIFT -> guint64[WORDS] */
    gint64 last;        /* rows come in their order: mostly the chunk of the one before */
    guint64 *words;
};

RowSet *row_set_new(void)
{
    RowSet *set = g_new0(RowSet, 1);

    set->chunks = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    return set;
}

void row_set_free(RowSet *set)
{
    if (!set)
        return;
    g_hash_table_unref(set->chunks);
    g_free(set);
}

void row_set_empty(RowSet *set)
{
    g_hash_table_remove_all(set->chunks);
    set->words = NULL;
}

static guint64 *find_words(const RowSet *set, gint64 chunk)
{
    return set->words && set->last == chunk ? set->words : g_hash_table_lookup(set->chunks, &chunk);
}

static guint64 bit_of(gint64 row)
{
    return G_GUINT64_CONSTANT(1) << (row & 63);
}

static gsize word_of(gint64 row)
{
    return (gsize)(row & ((1 << CHUNK_SHIFT) - 1)) / 64;
}

gboolean row_set_add(RowSet *set, gint64 row)
{
    gint64 chunk = row >> CHUNK_SHIFT;
    guint64 *words = find_words(set, chunk), *word;
    gboolean fresh;

    if (!words) {
        words = g_new0(guint64, WORDS);
        g_hash_table_insert(set->chunks, g_memdup2(&chunk, sizeof chunk), words);
    }
    set->last = chunk;
    set->words = words;
    word = &words[word_of(row)];
    fresh = (*word & bit_of(row)) == 0;
    *word |= bit_of(row);
    return fresh;
}

gboolean row_set_has(const RowSet *set, gint64 row)
{
    const guint64 *words = find_words(set, row >> CHUNK_SHIFT);

    return words && (words[word_of(row)] & bit_of(row)) != 0;
}

static void sql_in_set(sqlite3_context *context, int n_args, sqlite3_value **args)
{
    const RowSet *set = sqlite3_value_pointer(args[1], pointer_type);

    (void)n_args;
    sqlite3_result_int(context, set && row_set_has(set, sqlite3_value_int64(args[0])));
}

gboolean row_set_add_function(sqlite3 *db)
{
    return sqlite3_create_function(db, "in_set", 2, SQLITE_UTF8, NULL, sql_in_set, NULL, NULL) ==
           SQLITE_OK;
}

void row_set_bind(sqlite3_stmt *statement, int n, RowSet *set)
{
    sqlite3_bind_pointer(statement, n, set, pointer_type, NULL);
}
