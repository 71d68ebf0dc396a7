/* SPDX-License-Identifier: MIT */
/* void.c - the last names, in the order in which they were used. */
#include "fs/void.h"

typedef struct {
    Void shown; /* first */
    GList link;
    gint64 used_us; /* monotonic */
    char *key;
} Entry;

struct Voids {
    const Clock *clock;
    GHashTable *by_name;   /* "parent/name" -> Entry */
    GHashTable *by_number; /* gint64 -> Entry, owned */
    GQueue used;           /* of Entry, the oldest first */
    gint64 last;
};

static void entry_free(void *data)
{
    Entry *entry = data;

    g_free(entry->shown.name);
    g_free(entry->shown.target);
    g_free(entry->key);
    g_free(entry);
}

Voids *voids_new(const Clock *clock)
{
    Voids *voids = g_new0(Voids, 1);

    voids->clock = clock;
    voids->by_name = g_hash_table_new(g_str_hash, g_str_equal);
    voids->by_number = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, entry_free);
    g_queue_init(&voids->used);
    /* Numbers of a mount before may still be in the kernel's hands. */
    voids->last = clock_wall(clock) / G_USEC_PER_SEC << 16;
    return voids;
}

void voids_free(Voids *voids)
{
    if (voids == NULL)
        return;
    g_hash_table_unref(voids->by_name);
    g_hash_table_unref(voids->by_number);
    g_free(voids);
}

static void drop(Voids *voids, Entry *entry)
{
    g_queue_unlink(&voids->used, &entry->link);
    g_hash_table_remove(voids->by_name, entry->key);
    g_hash_table_remove(voids->by_number, &entry->shown.number);
}

/* What is used now is the last that is forgotten. */
static Void *use(Voids *voids, Entry *entry)
{
    gint64 now_us = clock_monotonic(voids->clock);

    if (entry == NULL)
        return NULL;
    if (now_us - entry->used_us > VOID_S * G_USEC_PER_SEC) {
        drop(voids, entry);
        return NULL;
    }
    entry->used_us = now_us;
    g_queue_unlink(&voids->used, &entry->link);
    g_queue_push_tail_link(&voids->used, &entry->link);
    return &entry->shown;
}

static char *make_key(guint64 parent, const char *name)
{
    return g_strdup_printf("%" G_GUINT64_FORMAT "/%s", parent, name);
}

Void *void_make(Voids *voids, guint64 parent, const char *name, mode_t type, const char *target)
{
    Entry *entry = g_new0(Entry, 1);
    Entry *before;

    entry->key = make_key(parent, name);
    entry->link.data = entry;
    entry->used_us = clock_monotonic(voids->clock);
    entry->shown = (Void){.number = ++voids->last,
                          .parent = parent,
                          .name = g_strdup(name),
                          .type = type,
                          .target = g_strdup(target)};
    before = g_hash_table_lookup(voids->by_name, entry->key);
    if (before != NULL)
        drop(voids, before);
    if (voids->used.length >= VOIDS_MOST)
        drop(voids, voids->used.head->data);
    g_hash_table_insert(voids->by_name, entry->key, entry);
    g_hash_table_insert(voids->by_number, &entry->shown.number, entry);
    g_queue_push_tail_link(&voids->used, &entry->link);
    return &entry->shown;
}

Void *void_find(Voids *voids, guint64 parent, const char *name)
{
    g_autofree char *key = make_key(parent, name);

    return use(voids, g_hash_table_lookup(voids->by_name, key));
}

Void *void_at(Voids *voids, gint64 number)
{
    return use(voids, g_hash_table_lookup(voids->by_number, &number));
}

void void_drop(Voids *voids, gint64 number)
{
    Entry *entry = g_hash_table_lookup(voids->by_number, &number);

    if (entry != NULL)
        drop(voids, entry);
}
