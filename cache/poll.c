/* SPDX-License-Identifier: MIT */
/* poll.c - when to look again, and at what. */
#include "cache/poll.h"

#include "cache/internal.h"

#define LATELY_US (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)
#define DAY_US    (24 * LATELY_US)

enum { LATELY_POLLS = 10, LOOKS_IN_A_POLL = 10, LOOK_LEAST_MS = 100 };

struct Poll {
    Cache *cache;
    guint timer;
    gint64 read_us; /* monotonic: when somebody read the events last; G_MININT64: nobody */
};

static gint64 lately_us(const Poll *poll)
{
    return MAX(LATELY_US, LATELY_POLLS * poll->cache->config.poll_us);
}

gint64 poll_used_since(const Poll *poll)
{
    gint64 now = cache_now(poll->cache);

    /* Who follows a file looks at it every second, who reads it now and then perhaps once a poll.
     */
    if (poll->read_us != G_MININT64 && now - poll->read_us <= 2 * poll->cache->config.poll_us)
        return G_MININT64 + 1;
    return now - lately_us(poll);
}

static gboolean on_look(void *user_data)
{
    Poll *poll = user_data;

    collections_poll(poll->cache, poll_used_since(poll));
    return G_SOURCE_CONTINUE;
}

Poll *poll_new(Cache *cache)
{
    Poll *poll = g_new0(Poll, 1);
    gint64 look_ms = cache->config.poll_us / 1000 / LOOKS_IN_A_POLL;

    poll->cache = cache;
    poll->read_us = G_MININT64;
    if (cache->config.poll_us > 0)
        poll->timer = g_timeout_add((guint)MAX(look_ms, LOOK_LEAST_MS), on_look, poll);
    return poll;
}

void poll_free(Poll *poll)
{
    if (!poll)
        return;
    g_clear_handle_id(&poll->timer, g_source_remove);
    g_free(poll);
}

/* What an earlier mount has listed within a day; wall clock, as the store has it. */
static void recall(Cache *cache)
{
    static const char sql[] = "SELECT kind, advertiser FROM listing WHERE fetched > ?1";
    sqlite3_stmt *row = store_statement(cache->store, sql);
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(gint64));

    sql_bind(row, "i", clock_wall(cache->config.clock) - DAY_US);
    while (store_step(cache->store, row))
        for (int column = 0; column < 2; column++) {
            gint64 value = sqlite3_column_int64(row, column);
            g_array_append_val(found, value);
        }
    sqlite3_reset(row);
    for (guint i = 0; i < found->len; i += 2)
        collection_note_used(cache, (ListingKind)g_array_index(found, gint64, i),
                             g_array_index(found, gint64, i + 1));
}

void poll_note_reader(Poll *poll)
{
    if (poll->read_us == G_MININT64 && poll->timer > 0)
        recall(poll->cache);
    poll->read_us = cache_now(poll->cache);
}
