/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * queue.h - calls that wait to be sent: by priority, and inside one by turns between advertisers,
 * the one served longest ago first. What an advertiser has is sent in the order it came. Pure: time
 * is an argument. The queue does not own what is in it.
 */
#include <glib.h>

#include "api/client.h"

/* The first member of whatever waits. */
typedef struct {
    guint64 id; /* ascending */
    CallPriority priority;
    gint64 not_before_us;   /* 0 = at once */
    gint64 deadline_us;     /* 0 = none */
    const char *advertiser; /* whose turn it is; NULL: all such calls are one party */
} QueueItem;

typedef struct {
    GHashTable *parties[N_CALL_PRIORITIES]; /* advertiser -> Party */
    guint64 turn;
    guint n;
} Queue;

void queue_init(Queue *queue);
void queue_clear(Queue *queue, GDestroyNotify free_item); /* may be NULL */

/* One that was in it before goes ahead of those that came after it. */
void queue_push(Queue *queue, QueueItem *item);
void queue_remove(Queue *queue, QueueItem *item);
void queue_serve(Queue *queue, QueueItem *item); /* removes it; its advertiser had its turn */

/* When an item may be sent, whoever's turn it is: now or before, or later. */
typedef gint64 (*QueueWhen)(void *user_data, const QueueItem *item);

typedef struct {
    QueueItem *next; /* the one whose turn it is; NULL: none may be sent now */
    guint n_ready;   /* that may be sent now */
    gint64 later_us; /* when the first of the others may; G_MAXINT64: there are none */
} QueueLook;

void queue_look(const Queue *queue, CallPriority priority, gint64 now_us, QueueWhen when,
                void *user_data, QueueLook *ret);

typedef gboolean (*QueueTest)(void *user_data, const QueueItem *item);
guint queue_count(const Queue *queue, QueueTest test, void *user_data);

QueueItem *queue_first(const Queue *queue); /* any; NULL: it is empty */
QueueItem *queue_find(const Queue *queue, guint64 id);
QueueItem *queue_find_late(const Queue *queue, gint64 now_us); /* its deadline has passed */
guint queue_length(const Queue *queue);
gint64 queue_deadline_us(const Queue *queue); /* the first; G_MAXINT64 */
