/* SPDX-License-Identifier: MIT */
/*
 * node.c - names without an object, and their versions.
 *
 * A version is made once: its number, which is its inode, stands for its bytes. The writer makes
 * the rows; that a version was made is known here first, and the store learns it later.
 */
#include <string.h>

#include "api/error.h"
#include "cache/internal.h"

typedef struct {
    Flight flight;
    Nodes *nodes;
    gint64 owner;
    char *name;
} Birth; /* of a version; kept while it is made, and after it failed */

typedef struct {
    gint64 size, made_us;
} Made;

struct Nodes {
    Cache *cache;
    GHashTable *births; /* "owner/name" -> Birth */
    GHashTable *made;   /* gint64 node -> Made, until the store has it */
    Node node;          /* what the last call lent */
    char *name;
};

static void birth_free(void *data)
{
    Birth *birth = data;

    flight_clear(&birth->flight);
    g_free(birth->name);
    g_free(birth);
}

Nodes *nodes_new(Cache *cache)
{
    Nodes *nodes = g_new0(Nodes, 1);

    nodes->cache = cache;
    nodes->births = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, birth_free);
    nodes->made = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    return nodes;
}

void nodes_free(Nodes *nodes)
{
    if (!nodes)
        return;
    g_hash_table_unref(nodes->births);
    g_hash_table_unref(nodes->made);
    g_free(nodes->name);
    g_free(nodes);
}

/* made_us(node, made): the column, unless we know better. */
static void sql_made_us(sqlite3_context *context, int n_args, sqlite3_value **args)
{
    Nodes *nodes = sqlite3_user_data(context);
    gint64 node = sqlite3_value_int64(args[0]);
    const Made *made = g_hash_table_lookup(nodes->made, &node);

    (void)n_args;
    sqlite3_result_int64(context, made ? made->made_us : sqlite3_value_int64(args[1]));
}

void nodes_attach(Nodes *nodes)
{
    sqlite3_create_function(store_reader(nodes->cache->store), "made_us", 2, SQLITE_UTF8, nodes,
                            sql_made_us, NULL, NULL);
}

/* ---- reading ---- */

#define COLUMNS "node, owner, name, size, made, shown"

static void fill_node(Nodes *nodes, sqlite3_stmt *row, Node *ret)
{
    const Made *made;

    *ret = (Node){
        .node = sqlite3_column_int64(row, 0),
        .owner = sqlite3_column_int64(row, 1),
        .name = sql_text(row, 2),
        .size = sqlite3_column_int64(row, 3),
        .made_us = sqlite3_column_int64(row, 4),
        .shown_us = sqlite3_column_int64(row, 5),
    };
    made = g_hash_table_lookup(nodes->made, &ret->node);
    if (!made)
        return;
    ret->size = made->size;
    ret->made_us = ret->shown_us = made->made_us;
}

/* Lends what the statement finds, or NULL. */
static const Node *lend(Nodes *nodes, sqlite3_stmt *row)
{
    const Node *ret = NULL;

    if (store_step(nodes->cache->store, row)) {
        fill_node(nodes, row, &nodes->node);
        g_free(nodes->name);
        nodes->name = g_strdup(nodes->node.name);
        nodes->node.name = nodes->name;
        ret = &nodes->node;
    }
    sqlite3_reset(row);
    return ret;
}

const Node *cache_node(Cache *cache, gint64 node)
{
    static const char sql[] = "SELECT " COLUMNS " FROM node WHERE node = ?1";
    sqlite3_stmt *row = store_statement(cache->store, sql);

    sql_bind(row, "i", node);
    return lend(cache->nodes, row);
}

const Node *cache_find_node(Cache *cache, gint64 owner, const char *name)
{
    static const char sql[] = "SELECT " COLUMNS " FROM node WHERE owner = ?1 AND name = ?2"
                              " ORDER BY node DESC LIMIT 1";
    sqlite3_stmt *row = store_statement(cache->store, sql);

    sql_bind(row, "it", owner, name);
    return lend(cache->nodes, row);
}

void cache_each_node(Cache *cache, gint64 owner, const char *directory, gint64 after,
                     EachNodeFunc each, void *user_data)
{
    /* Of each name the newest version that was made: one that is being made hides nothing. */
    static const char sql[] =
        "SELECT " COLUMNS " FROM node WHERE owner = ?1 AND node > ?2"
        " AND substr(name, 1, length(?3)) = ?3 AND made_us(node, made) <> 0"
        " AND NOT EXISTS (SELECT 1 FROM node n WHERE n.owner = ?1 AND n.name = node.name"
        "  AND n.node > node.node AND made_us(n.node, n.made) <> 0) ORDER BY node";
    g_autofree char *prefix = *directory ? g_strconcat(directory, "/", NULL) : g_strdup("");
    sqlite3_stmt *row = store_statement(cache->store, sql);
    gboolean go_on = TRUE;
    Node node;

    sql_bind(row, "iit", owner, after, prefix);
    while (go_on && store_step(cache->store, row)) {
        fill_node(cache->nodes, row, &node);
        go_on = each(user_data, &node);
    }
    sqlite3_reset(row);
}

/* ---- a new version ---- */

static gboolean run_birth(sqlite3 *db, void *job, GError **error)
{
    const Birth *birth = job;

    /* Size and time of the version before; of the first one, nothing and now. */
    return sql_run(db, error,
                   "INSERT INTO node(owner, name, size, made, shown)"
                   " SELECT ?1, ?2, coalesce(size, 0), 0, coalesce(shown, now_us())"
                   " FROM (SELECT 1) LEFT JOIN (SELECT size, shown FROM node WHERE owner = ?1"
                   "  AND name = ?2 ORDER BY node DESC LIMIT 1)",
                   "it", birth->owner, birth->name);
}

static char *make_key(gint64 owner, const char *name)
{
    return g_strdup_printf("%" G_GINT64_FORMAT "/%s", owner, name);
}

/* A failure is remembered and read again; a success is in the store. */
static void born(void *job, const GError *error)
{
    Birth *birth = job;
    Nodes *nodes = birth->nodes;
    g_autofree char *key = make_key(birth->owner, birth->name);
    g_autofree char *stolen = NULL;

    if (!error)
        g_hash_table_steal_extended(nodes->births, key, (void **)&stolen, NULL);
    flight_settle(nodes->cache, &birth->flight, error);
    if (!error)
        birth_free(birth);
}

static const JobType birth_job = {run_birth, born, NULL};

static Birth *get_birth(Nodes *nodes, gint64 owner, const char *name)
{
    g_autofree char *key = make_key(owner, name);
    Birth *birth = g_hash_table_lookup(nodes->births, key);

    if (birth)
        return birth;
    birth = g_new0(Birth, 1);
    flight_init(&birth->flight);
    birth->nodes = nodes;
    birth->owner = owner;
    birth->name = g_strdup(name);
    g_hash_table_insert(nodes->births, g_steal_pointer(&key), birth);
    return birth;
}

CacheResult cache_want_node(Cache *cache, gint64 owner, const char *name, gboolean next,
                            const Waiter *waiter, const Node **ret, GError **error)
{
    const Node *newest = cache_find_node(cache, owner, name);
    CacheResult result;
    Birth *birth;

    if (!cache_is_readable(cache, error))
        return CACHE_ERROR;
    if (newest && (!next || newest->made_us == 0)) {
        *ret = newest;
        cache->stats.hits++;
        return CACHE_HIT;
    }
    birth = get_birth(cache->nodes, owner, name);
    if (flight_decided(cache, &birth->flight, waiter, FALSE, &result, error))
        return result;
    writer_push(cache->writer, &birth_job, birth, TRUE);
    return flight_start(cache, &birth->flight, waiter);
}

/* ---- made ---- */

typedef struct {
    Nodes *nodes;
    gint64 node;
    Made made;
} MadeJob;

static gboolean run_made(sqlite3 *db, void *job, GError **error)
{
    const MadeJob *made = job;

    return sql_run(db, error, "UPDATE node SET size = ?2, made = ?3, shown = ?3 WHERE node = ?1",
                   "iii", made->node, made->made.size, made->made.made_us);
}

/* What the store could not take is known here until the end. */
static void made_stored(void *job, const GError *error)
{
    const MadeJob *made = job;
    const Made *known = g_hash_table_lookup(made->nodes->made, &made->node);

    if (!error && known && known->made_us == made->made.made_us && known->size == made->made.size)
        g_hash_table_remove(made->nodes->made, &made->node);
}

static const JobType made_job = {run_made, made_stored, g_free};

void cache_node_made(Cache *cache, gint64 node, gint64 size, gint64 of_us)
{
    MadeJob *job = g_new0(MadeJob, 1);

    job->nodes = cache->nodes;
    job->node = node;
    job->made = (Made){size, of_us > 0 ? of_us : clock_wall(cache->config.clock)};
    g_hash_table_insert(cache->nodes->made, g_memdup2(&node, sizeof node),
                        g_memdup2(&job->made, sizeof job->made));
    writer_push(cache->writer, &made_job, job, TRUE);
}
