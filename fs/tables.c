/* SPDX-License-Identifier: MIT */
/* tables.c - two maps, one of them with the oldest going first. Of no tables nothing is known. */
#include "fs/tables.h"

struct Tables {
    char *directory;
    GHashTable *made;    /* inode -> Made */
    GQueue order;        /* of Made, the oldest first */
    GHashTable *touched; /* row of the account -> gint64 */
};

typedef struct {
    GList link;
    guint64 ino;
    gint64 size, made_us;
} Made;

Tables *tables_new(const Options *options)
{
    Tables *tables = g_new0(Tables, 1);

    tables->directory = g_strdup(options->cache_dir);
    tables->made = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    tables->touched = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    return tables;
}

void tables_free(Tables *tables)
{
    if (tables == NULL)
        return;
    g_hash_table_unref(tables->made);
    g_hash_table_unref(tables->touched);
    g_free(tables->directory);
    g_free(tables);
}

const char *tables_directory(const Tables *tables)
{
    return tables->directory;
}

static void forget(Tables *tables, Made *made)
{
    g_queue_unlink(&tables->order, &made->link);
    g_hash_table_remove(tables->made, &made->ino);
}

void tables_made(Tables *tables, guint64 ino, gint64 size, gint64 made_us)
{
    Made *made = g_hash_table_lookup(tables->made, &ino);

    if (made != NULL)
        forget(tables, made);
    if (tables->order.length >= TABLES_MOST)
        forget(tables, tables->order.head->data);
    made = g_new0(Made, 1);
    *made = (Made){.ino = ino, .size = size, .made_us = made_us};
    made->link.data = made;
    g_queue_push_tail_link(&tables->order, &made->link);
    g_hash_table_insert(tables->made, &made->ino, made);
}

gint64 tables_size(const Tables *tables, guint64 ino)
{
    const Made *made = tables != NULL ? g_hash_table_lookup(tables->made, &ino) : NULL;

    return made != NULL ? made->size : 0;
}

gint64 tables_made_us(const Tables *tables, guint64 ino)
{
    const Made *made = tables != NULL ? g_hash_table_lookup(tables->made, &ino) : NULL;

    return made != NULL ? made->made_us : 0;
}

void tables_touch(Tables *tables, gint64 advertiser, gint64 wall_us)
{
    g_hash_table_replace(tables->touched, g_memdup2(&advertiser, sizeof advertiser),
                         g_memdup2(&wall_us, sizeof wall_us));
}

gint64 tables_touched_us(const Tables *tables, gint64 advertiser)
{
    const gint64 *wall_us =
        tables != NULL ? g_hash_table_lookup(tables->touched, &advertiser) : NULL;

    return wall_us != NULL ? *wall_us : 0;
}
