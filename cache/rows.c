/* SPDX-License-Identifier: MIT */
/*
 * rows.c - reads objects by row, by id and by name. Nothing here waits or fetches.
 *
 * What by-name/ shows: the safe name alone if it says enough, else `<name>~<id>`. A safe name that
 * itself ends in ~digits always gets the id, so no name alone can equal one with an id.
 */
#include "cache/rows.h"

#include <string.h>

#include "cache/internal.h"

enum { N_SLOTS = 64 };

typedef struct {
    Row row; /* row.row 0: free */
    char *id, *parent;
} Slot;

struct RowCache {
    Slot slots[N_SLOTS];
    guint64 generation;
};

static void slot_clear(Slot *slot)
{
    object_unref(slot->row.object);
    g_free(slot->id);
    g_free(slot->parent);
    *slot = (Slot){0};
}

RowCache *row_cache_new(void)
{
    return g_new0(RowCache, 1);
}

void row_cache_empty(RowCache *rows)
{
    for (guint i = 0; i < N_SLOTS; i++)
        slot_clear(&rows->slots[i]);
    rows->generation++;
}

guint64 row_cache_generation(const RowCache *rows)
{
    return rows->generation;
}

void row_cache_free(RowCache *rows)
{
    if (!rows)
        return;
    row_cache_empty(rows);
    g_free(rows);
}

static void fill_slot(Slot *slot, gint64 number, sqlite3_stmt *row)
{
    g_autoptr(GError) error = NULL;
    Object *object = object_new(sql_text(row, 5), sqlite3_column_bytes(row, 5), &error);
    gint64 advertiser = sqlite3_column_int64(row, 1);

    slot_clear(slot);
    if (!object) { /* SQLite found an object in it when it was stored */
        g_debug("row %" G_GINT64_FORMAT ": %s", number, error->message);
        return;
    }
    slot->id = g_strdup(sql_text(row, 2));
    slot->parent = g_strdup(sql_text(row, 3));
    slot->row = (Row){
        .row = number,
        .kind = (ObjectKind)sqlite3_column_int(row, 0),
        .advertiser = advertiser ? advertiser : number,
        .id = slot->id,
        .parent = slot->parent,
        .derived = sqlite3_column_int(row, 4) != 0,
        .changed_us = sqlite3_column_int64(row, 6),
        .object = object,
    };
}

const Row *cache_row(Cache *cache, gint64 number)
{
    static const char sql[] = "SELECT o.kind, o.advertiser, o.id, o.parent, o.derived, b.text,"
                              " o.changed FROM object o JOIN body b ON b.row = o.row"
                              " WHERE o.row = ?1";
    Slot *slot = &cache->rows->slots[(guint64)number % N_SLOTS];
    sqlite3_stmt *row;

    if (number <= 0)
        return NULL;
    if (slot->row.row == number)
        return &slot->row;
    row = store_statement(cache->store, sql);
    sql_bind(row, "i", number);
    if (store_step(cache->store, row))
        fill_slot(slot, number, row);
    sqlite3_reset(row);
    return slot->row.row == number ? &slot->row : NULL;
}

/* ---- a row in a scope ---- */

gint64 cache_find_id(Cache *cache, const Scope *scope, const char *id)
{
    static const char sql[] = "SELECT row FROM object WHERE kind = ?1 AND advertiser = ?2"
                              " AND id = ?3 AND (?4 IS NULL OR parent = ?4)";
    sqlite3_stmt *row = store_statement(cache->store, sql);
    gint64 number = 0;

    sql_bind(row, "iitt", (gint64)scope->kind, scope->advertiser, id, scope->parent);
    if (store_step(cache->store, row))
        number = sqlite3_column_int64(row, 0);
    sqlite3_reset(row);
    return number;
}

/* ---- names ---- */

/* The ~ that begins a final ~digits, or NULL. */
static const char *find_id_suffix(const char *name)
{
    const char *tilde = strrchr(name, '~');

    if (!tilde || !tilde[1] || tilde[1 + strspn(tilde + 1, "0123456789")])
        return NULL;
    return tilde;
}

/* How many objects of the scope have this safe name (2: several), and the row of one. */
static guint count_name(Cache *cache, const Scope *scope, const char *name, gint64 *ret_row)
{
    static const char all[] = "SELECT row FROM name WHERE kind = ?1 AND advertiser = ?2"
                              " AND file_name = ?3 LIMIT 2";
    static const char below[] = "SELECT row FROM name WHERE kind = ?1 AND advertiser = ?2"
                                " AND file_name = ?3 AND parent = ?4 LIMIT 2";
    sqlite3_stmt *row = store_statement(cache->store, scope->parent ? below : all);
    guint n = 0;

    sql_bind(row, scope->parent ? "iitt" : "iit", (gint64)scope->kind, scope->advertiser, name,
             scope->parent);
    for (; store_step(cache->store, row); n++)
        *ret_row = sqlite3_column_int64(row, 0);
    sqlite3_reset(row);
    return n;
}

static gboolean needs_id(Cache *cache, const Scope *scope, const char *name)
{
    gint64 row;

    return !*name || find_id_suffix(name) || count_name(cache, scope, name, &row) > 1;
}

static char *read_file_name(Cache *cache, gint64 number)
{
    static const char sql[] = "SELECT file_name FROM object WHERE row = ?1";
    sqlite3_stmt *row = store_statement(cache->store, sql);
    char *name = NULL;

    sql_bind(row, "i", number);
    if (store_step(cache->store, row))
        name = g_strdup(sql_text(row, 0));
    sqlite3_reset(row);
    return name;
}

static gint64 find_name_with_id(Cache *cache, const Scope *scope, const char *name,
                                const char *tilde)
{
    gint64 row = cache_find_id(cache, scope, tilde + 1);
    g_autofree char *safe = row ? read_file_name(cache, row) : NULL;
    gsize length = (gsize)(tilde - name);

    if (!safe || strlen(safe) != length || memcmp(safe, name, length) != 0)
        return 0;
    return needs_id(cache, scope, safe) ? row : 0;
}

gint64 cache_find_name(Cache *cache, const Scope *scope, const char *name)
{
    const char *tilde = find_id_suffix(name);
    gint64 row = 0;

    if (tilde)
        return find_name_with_id(cache, scope, name, tilde);
    return *name && count_name(cache, scope, name, &row) == 1 ? row : 0;
}

/* ---- all ---- */

static const char each_all[] = "SELECT row, id, file_name FROM object INDEXED BY"
                               " object_of WHERE kind = ?1 AND advertiser = ?2 AND row > ?3"
                               " ORDER BY row";
/* Names are told from each other among those that are sorted: what a listing brought that is not
   whole yet has none. */
static const char each_named[] =
    "SELECT row, id, file_name FROM object INDEXED BY object_of WHERE kind = ?1 AND advertiser = ?2"
    " AND row > ?3 AND row <= (SELECT upto FROM sorted WHERE kind = ?1 AND advertiser = ?2)"
    " ORDER BY row";
static const char each_below[] =
    "SELECT o.row, o.id, o.file_name FROM child c JOIN object o ON o.row = c.row WHERE c.kind = ?1"
    " AND c.advertiser = ?2 AND c.row > ?3 AND c.parent = ?4 ORDER BY c.row";

void cache_each(Cache *cache, const Scope *scope, gboolean names, gint64 after, EachFunc each,
                void *user_data)
{
    gboolean go_on = TRUE;
    const char *all = names ? each_named : each_all;
    sqlite3_stmt *row = store_statement(cache->store, scope->parent ? each_below : all);

    sql_bind(row, scope->parent ? "iiit" : "iii", (gint64)scope->kind, scope->advertiser, after,
             scope->parent);
    while (go_on && store_step(cache->store, row)) {
        const char *id = sql_text(row, 1), *name = sql_text(row, 2);
        g_autofree char *with_id = NULL;
        if (names && needs_id(cache, scope, name))
            with_id = g_strdup_printf("%s~%s", name, id);
        go_on =
            each(user_data, sqlite3_column_int64(row, 0), with_id ? with_id : (names ? name : id));
    }
    sqlite3_reset(row);
}
