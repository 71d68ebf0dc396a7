/* SPDX-License-Identifier: MIT */
/* pages-wait.c - a list that somebody waits for after all, and how far it is. */
#include "cache/internal.h"
#include "cache/pages-private.h"

/* A call that was sent already comes back as it would; the others are asked for again, ahead. */
static void hurry(Pages *pages)
{
    const CacheConfig *config = &pages->cache->config;
    Gate *gate = &pages->cache->gate->gate;
    gboolean waiting = pages->user.waiting;

    gate_leave(gate, &pages->user);
    pages->priority = CALL_WAITED;
    pages->user.background = FALSE;
    if (waiting)
        gate_wait(gate, &pages->user);
    for (guint i = pages->calls->len; i-- > 0;) {
        PageCall *call = pages->calls->pdata[i];
        if (!config->withdraw(config->client, call->id))
            continue;
        g_ptr_array_remove_index_fast(pages->calls, i);
        pages_ask(pages, call);
    }
}

void pages_hurry(Cache *cache, const void *user_data)
{
    GHashTableIter iter;
    Pages *pages;

    g_hash_table_iter_init(&iter, cache->gate->all);
    while (g_hash_table_iter_next(&iter, (void **)&pages, NULL))
        if (pages->plan.user_data == user_data && pages->priority == CALL_BACKGROUND)
            hurry(pages);
}

gint64 pages_rows(Cache *cache, const void *user_data)
{
    GHashTableIter iter;
    Pages *pages;

    g_hash_table_iter_init(&iter, cache->gate->all);
    while (g_hash_table_iter_next(&iter, (void **)&pages, NULL))
        if (pages->plan.user_data == user_data)
            return pages->tally.distinct;
    return 0;
}
