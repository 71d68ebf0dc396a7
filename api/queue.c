/* SPDX-License-Identifier: MIT */
/*
 * queue.c - a list for each priority, searched from its front. A queue holds hundreds at most and
 * is looked at a few times a second, so there is no index.
 */
#include "api/queue.h"

void queue_init(Queue *queue)
{
    for (guint i = 0; i < N_CALL_PRIORITIES; i++)
        g_queue_init(&queue->lanes[i]);
}

void queue_clear(Queue *queue, GDestroyNotify free_item)
{
    for (guint i = 0; i < N_CALL_PRIORITIES; i++)
        g_queue_clear_full(&queue->lanes[i], free_item);
}

void queue_push(Queue *queue, QueueItem *item)
{
    g_queue_push_tail(&queue->lanes[item->priority], item);
}

void queue_push_again(Queue *queue, QueueItem *item)
{
    g_queue_push_head(&queue->lanes[item->priority], item);
}

typedef gboolean (*ItemTest)(const QueueItem *item, gint64 argument);

static gboolean is_ready(const QueueItem *item, gint64 now_us)
{
    return item->not_before_us <= now_us;
}

static gboolean is_late(const QueueItem *item, gint64 now_us)
{
    return item->deadline_us != 0 && item->deadline_us <= now_us;
}

static gboolean has_id(const QueueItem *item, gint64 id)
{
    return item->id == (guint64)id;
}

static QueueItem *find(const Queue *queue, CallPriority lowest, ItemTest test, gint64 argument)
{
    for (guint i = 0; i <= lowest; i++)
        for (GList *link = queue->lanes[i].head; link != NULL; link = link->next)
            if (test(link->data, argument))
                return link->data;
    return NULL;
}

QueueItem *queue_peek(const Queue *queue, gint64 now_us, CallPriority lowest)
{
    return find(queue, lowest, is_ready, now_us);
}

QueueItem *queue_find(const Queue *queue, guint64 id)
{
    return find(queue, CALL_BACKGROUND, has_id, (gint64)id);
}

QueueItem *queue_find_late(const Queue *queue, gint64 now_us)
{
    return find(queue, CALL_BACKGROUND, is_late, now_us);
}

void queue_remove(Queue *queue, QueueItem *item)
{
    g_queue_remove(&queue->lanes[item->priority], item);
}

guint queue_length(const Queue *queue)
{
    guint n = 0;

    for (guint i = 0; i < N_CALL_PRIORITIES; i++)
        n += queue->lanes[i].length;
    return n;
}

gint64 queue_ready_us(const Queue *queue, CallPriority lowest)
{
    gint64 first_us = G_MAXINT64;

    for (guint i = 0; i <= lowest; i++)
        for (const GList *link = queue->lanes[i].head; link != NULL; link = link->next)
            first_us = MIN(first_us, ((const QueueItem *)link->data)->not_before_us);
    return first_us;
}

gint64 queue_deadline_us(const Queue *queue)
{
    gint64 first_us = G_MAXINT64;

    for (guint i = 0; i < N_CALL_PRIORITIES; i++)
        for (const GList *link = queue->lanes[i].head; link != NULL; link = link->next) {
            const QueueItem *item = link->data;

            if (item->deadline_us != 0)
                first_us = MIN(first_us, item->deadline_us);
        }
    return first_us;
}
