/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * queue.h - calls that wait to be sent: by priority, first come first served inside one. Pure:
 * time is an argument. The queue does not own what is in it.
 */
#include <glib.h>

#include "api/client.h"

/* The first member of whatever waits. */
typedef struct {
    guint64 id;
    CallPriority priority;
    gint64 not_before_us; /* 0 = at once */
    gint64 deadline_us;   /* 0 = none */
} QueueItem;

typedef struct {
    GQueue lanes[N_CALL_PRIORITIES];
} Queue;

void queue_init(Queue *queue);
void queue_clear(Queue *queue, GDestroyNotify free_item);

void queue_push(Queue *queue, QueueItem *item);
void queue_push_again(Queue *queue, QueueItem *item); /* ahead of its equals: it has waited */

/* The next to send, of priorities down to lowest; NULL when none may be sent now. */
QueueItem *queue_peek(const Queue *queue, gint64 now_us, CallPriority lowest);
QueueItem *queue_find(const Queue *queue, guint64 id);
QueueItem *queue_find_late(const Queue *queue, gint64 now_us); /* its deadline has passed */
void queue_remove(Queue *queue, QueueItem *item);

guint queue_length(const Queue *queue);
gint64 queue_ready_us(const Queue *queue, CallPriority lowest); /* G_MAXINT64: nothing waits */
gint64 queue_deadline_us(const Queue *queue);                   /* the first; G_MAXINT64 */
