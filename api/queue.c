/* SPDX-License-Identifier: MIT */
/*
 * queue.c - a party for each advertiser that has calls waiting, or had some a while ago: so that
 * one who comes back each time it was served does not go ahead of the others each time. A queue
 * holds hundreds at most and is looked at a few times a second, so there is no index.
 */
#include "api/queue.h"

enum { PARTIES_MAX = 256 }; /* with nothing waiting they are forgotten from there on */

typedef struct {
    GQueue items;
    guint64 served; /* its turn; 0 = never */
} Party;

static void party_free(void *data)
{
    Party *party = data;

    g_queue_clear(&party->items);
    g_free(party);
}

void queue_init(Queue *queue)
{
    *queue = (Queue){.n = 0};
    for (guint i = 0; i < N_CALL_PRIORITIES; i++)
        queue->parties[i] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, party_free);
}

/* Every item, until each() says TRUE; that item, or NULL. */
static QueueItem *find(const Queue *queue, QueueTest test, void *user_data)
{
    for (guint i = 0; i < N_CALL_PRIORITIES; i++) {
        GHashTableIter iter;
        Party *party;

        g_hash_table_iter_init(&iter, queue->parties[i]);
        while (g_hash_table_iter_next(&iter, NULL, (void **)&party))
            for (GList *link = party->items.head; link != NULL; link = link->next)
                if (test(user_data, link->data))
                    return link->data;
    }
    return NULL;
}

static gboolean free_it(void *user_data, const QueueItem *item)
{
    GDestroyNotify free_item = *(GDestroyNotify *)user_data;

    free_item((void *)item);
    return FALSE;
}

void queue_clear(Queue *queue, GDestroyNotify free_item)
{
    if (free_item != NULL)
        find(queue, free_it, &free_item);
    for (guint i = 0; i < N_CALL_PRIORITIES; i++)
        g_hash_table_unref(queue->parties[i]);
}

static const char *key_of(const QueueItem *item)
{
    return item->advertiser != NULL ? item->advertiser : "";
}

static gboolean is_idle(void *key, void *value, void *user_data)
{
    (void)key, (void)user_data;
    return g_queue_is_empty(&((Party *)value)->items);
}

static Party *party_of(Queue *queue, const QueueItem *item)
{
    GHashTable *parties = queue->parties[item->priority];
    Party *party = g_hash_table_lookup(parties, key_of(item));

    if (party != NULL)
        return party;
    if (g_hash_table_size(parties) >= PARTIES_MAX)
        g_hash_table_foreach_remove(parties, is_idle, NULL);
    party = g_new0(Party, 1);
    g_hash_table_insert(parties, g_strdup(key_of(item)), party);
    return party;
}

void queue_push(Queue *queue, QueueItem *item)
{
    Party *party = party_of(queue, item);
    GList *before = party->items.tail;

    while (before != NULL && ((QueueItem *)before->data)->id > item->id)
        before = before->prev;
    if (before != NULL)
        g_queue_insert_after(&party->items, before, item);
    else
        g_queue_push_head(&party->items, item);
    queue->n++;
}

void queue_remove(Queue *queue, QueueItem *item)
{
    queue->n -= g_queue_remove(&party_of(queue, item)->items, item);
}

void queue_serve(Queue *queue, QueueItem *item)
{
    party_of(queue, item)->served = ++queue->turn;
    queue_remove(queue, item);
}

/* The first of a party that may be sent now. */
static QueueItem *look_at_party(const Party *party, gint64 now_us, QueueWhen when, void *user_data,
                                QueueLook *look)
{
    QueueItem *first = NULL;

    for (GList *link = party->items.head; link != NULL; link = link->next) {
        QueueItem *item = link->data;
        gint64 when_us = MAX(when(user_data, item), item->not_before_us);

        if (when_us > now_us) {
            look->later_us = MIN(look->later_us, when_us);
            continue;
        }
        look->n_ready++;
        first = first != NULL ? first : item;
    }
    return first;
}

void queue_look(const Queue *queue, CallPriority priority, gint64 now_us, QueueWhen when,
                void *user_data, QueueLook *ret)
{
    guint64 served = G_MAXUINT64;
    GHashTableIter iter;
    Party *party;

    *ret = (QueueLook){.later_us = G_MAXINT64};
    g_hash_table_iter_init(&iter, queue->parties[priority]);
    while (g_hash_table_iter_next(&iter, NULL, (void **)&party)) {
        QueueItem *item = look_at_party(party, now_us, when, user_data, ret);

        if (item == NULL || party->served > served ||
            (party->served == served && ret->next->id < item->id))
            continue;
        ret->next = item;
        served = party->served;
    }
}

typedef struct {
    QueueTest test;
    void *user_data;
    guint n;
} Count;

static gboolean count(void *user_data, const QueueItem *item)
{
    Count *so_far = user_data;

    so_far->n += so_far->test(so_far->user_data, item);
    return FALSE;
}

guint queue_count(const Queue *queue, QueueTest test, void *user_data)
{
    Count so_far = {test, user_data, 0};

    find(queue, count, &so_far);
    return so_far.n;
}

static gboolean is_any(void *user_data, const QueueItem *item)
{
    (void)user_data, (void)item;
    return TRUE;
}

QueueItem *queue_first(const Queue *queue)
{
    return find(queue, is_any, NULL);
}

static gboolean has_id(void *user_data, const QueueItem *item)
{
    return item->id == *(guint64 *)user_data;
}

QueueItem *queue_find(const Queue *queue, guint64 id)
{
    return find(queue, has_id, &id);
}

static gboolean is_late(void *user_data, const QueueItem *item)
{
    return item->deadline_us != 0 && item->deadline_us <= *(gint64 *)user_data;
}

QueueItem *queue_find_late(const Queue *queue, gint64 now_us)
{
    return find(queue, is_late, &now_us);
}

guint queue_length(const Queue *queue)
{
    return queue->n;
}

static gboolean is_earlier(void *user_data, const QueueItem *item)
{
    gint64 *first_us = user_data;

    if (item->deadline_us != 0)
        *first_us = MIN(*first_us, item->deadline_us);
    return FALSE;
}

gint64 queue_deadline_us(const Queue *queue)
{
    gint64 first_us = G_MAXINT64;

    find(queue, is_earlier, &first_us);
    return first_us;
}
