/* SPDX-License-Identifier: MIT */
/* memo.c - a short queue, the newest first; the oldest go when it holds too many bytes. */
#include "memo.h"

#include <string.h>

typedef struct {
    char *key;
    GArray *array;
    gsize bytes;
} Entry;

struct Memo {
    GQueue entries;
    gsize bytes;
    gsize max_bytes;
};

enum { MAX_ENTRIES = 32 };

static void entry_free(Memo *memo, Entry *entry)
{
    memo->bytes -= entry->bytes;
    g_free(entry->key);
    g_array_unref(entry->array);
    g_free(entry);
}

Memo *memo_new(gsize max_bytes)
{
    Memo *memo = g_new0(Memo, 1);

    g_queue_init(&memo->entries);
    memo->max_bytes = max_bytes;
    return memo;
}

void memo_free(Memo *memo)
{
    while (!g_queue_is_empty(&memo->entries))
        entry_free(memo, g_queue_pop_tail(&memo->entries));
    g_free(memo);
}

GArray *memo_find(Memo *memo, const char *key)
{
    for (GList *link = memo->entries.head; link != NULL; link = link->next) {
        Entry *entry = link->data;

        if (strcmp(entry->key, key) != 0)
            continue;
        g_queue_unlink(&memo->entries, link);
        g_queue_push_head_link(&memo->entries, link);
        return entry->array;
    }
    return NULL;
}

GArray *memo_store(Memo *memo, const char *key, GArray *array)
{
    Entry *entry = g_new0(Entry, 1);

    entry->key = g_strdup(key);
    entry->array = array;
    entry->bytes = (gsize)array->len * g_array_get_element_size(array);
    memo->bytes += entry->bytes;
    g_queue_push_head(&memo->entries, entry);
    while (memo->entries.length > 1 &&
           (memo->bytes > memo->max_bytes || memo->entries.length > MAX_ENTRIES))
        entry_free(memo, g_queue_pop_tail(&memo->entries));
    return array;
}
