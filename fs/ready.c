/* SPDX-License-Identifier: MIT */
/* ready.c - a line, and a source that takes from it as long as a portion lasts. */
#include "fs/ready.h"

struct Ready {
    const Clock *clock;
    void (*run)(void *data);
    GQueue line; /* of the links of ReadyItem */
    guint source;
};

Ready *ready_new(const Clock *clock, void (*run)(void *data))
{
    Ready *ready = g_new0(Ready, 1);

    ready->clock = clock;
    ready->run = run;
    g_queue_init(&ready->line);
    return ready;
}

void ready_free(Ready *ready)
{
    if (ready == NULL)
        return;
    g_clear_handle_id(&ready->source, g_source_remove);
    g_free(ready);
}

static gboolean on_turn(void *user_data)
{
    Ready *ready = user_data;
    gint64 end_us = clock_monotonic(ready->clock) + PORTION_US;

    do {
        GList *link = g_queue_peek_head_link(&ready->line);

        if (link == NULL) {
            ready->source = 0;
            return G_SOURCE_REMOVE;
        }
        ready_remove(ready, (ReadyItem *)link); /* its first member */
        ready->run(link->data);
    } while (clock_monotonic(ready->clock) < end_us);
    return G_SOURCE_CONTINUE;
}

void ready_add(Ready *ready, ReadyItem *item, void *data)
{
    if (item->queued)
        return;
    item->queued = TRUE;
    item->link.data = data;
    g_queue_push_tail_link(&ready->line, &item->link);
    /* As urgent as the FUSE descriptor, or whoever asks all the time would keep these waiting. */
    if (ready->source == 0)
        ready->source = g_idle_add_full(G_PRIORITY_DEFAULT, on_turn, ready, NULL);
}

void ready_remove(Ready *ready, ReadyItem *item)
{
    if (!item->queued)
        return;
    item->queued = FALSE;
    g_queue_unlink(&ready->line, &item->link);
}
