/* SPDX-License-Identifier: MIT */
/* shown.c - a table with a line of its entries, the one that was noted longest ago first. */
#include "fs/shown.h"

typedef struct {
    guint64 ino;
    pid_t session;
    char *value;
    gint64 shown_us;
    GList place; /* in the line */
} Entry;

struct Shown {
    gint64 keep_us;
    GHashTable *entries; /* set of Entry, owned */
    GQueue line;
};

static guint hash(gconstpointer key)
{
    const Entry *entry = key;

    return g_int64_hash(&entry->ino) * 31 + (guint)entry->session;
}

static gboolean equal(gconstpointer a, gconstpointer b)
{
    const Entry *one = a, *other = b;

    return one->ino == other->ino && one->session == other->session;
}

static void entry_free(void *data)
{
    Entry *entry = data;

    g_free(entry->value);
    g_free(entry);
}

Shown *shown_new(gint64 keep_us)
{
    Shown *shown = g_new0(Shown, 1);

    shown->keep_us = keep_us;
    shown->entries = g_hash_table_new_full(hash, equal, entry_free, NULL);
    return shown;
}

void shown_free(Shown *shown)
{
    if (shown == NULL)
        return;
    g_hash_table_unref(shown->entries);
    g_free(shown);
}

static Entry *find(const Shown *shown, pid_t session, guint64 ino)
{
    const Entry key = {.ino = ino, .session = session};

    return g_hash_table_lookup(shown->entries, &key);
}

static void drop_oldest(Shown *shown)
{
    GList *oldest = g_queue_pop_head_link(&shown->line);

    g_hash_table_remove(shown->entries, oldest->data);
}

static void drop_old(Shown *shown, gint64 now_us)
{
    while (shown->line.head != NULL &&
           now_us - ((const Entry *)shown->line.head->data)->shown_us > shown->keep_us)
        drop_oldest(shown);
}

void shown_note(Shown *shown, pid_t session, guint64 ino, const char *value, gint64 now_us)
{
    Entry *entry;

    drop_old(shown, now_us);
    entry = find(shown, session, ino);
    if (entry != NULL) {
        g_queue_unlink(&shown->line, &entry->place);
        g_free(entry->value);
    } else {
        if (shown->line.length >= SHOWN_MOST)
            drop_oldest(shown);
        entry = g_new0(Entry, 1);
        entry->ino = ino;
        entry->session = session;
        entry->place.data = entry;
        g_hash_table_add(shown->entries, entry);
    }
    entry->value = g_strdup(value);
    entry->shown_us = now_us;
    g_queue_push_tail_link(&shown->line, &entry->place);
}

const char *shown_last(const Shown *shown, pid_t session, guint64 ino, gint64 since_us)
{
    const Entry *entry = find(shown, session, ino);

    return entry != NULL && entry->shown_us >= since_us ? entry->value : NULL;
}
