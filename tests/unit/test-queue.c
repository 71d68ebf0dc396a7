/* SPDX-License-Identifier: MIT */
/* test-queue.c - writes first, then first come first served. */
#include "api/queue.h"

static QueueItem items[] = {
    {.id = 1, .priority = CALL_BACKGROUND},
    {.id = 2, .priority = CALL_WAITED, .deadline_us = 900},
    {.id = 3, .priority = CALL_WRITE, .not_before_us = 500},
    {.id = 4, .priority = CALL_WAITED, .deadline_us = 700},
};

static void queue_fill(Queue *queue)
{
    queue_init(queue);
    for (gsize i = 0; i < G_N_ELEMENTS(items); i++)
        queue_push(queue, &items[i]);
}

static guint64 take(Queue *queue, gint64 now_us, CallPriority lowest)
{
    QueueItem *item = queue_peek(queue, now_us, lowest);

    if (item == NULL)
        return 0;
    queue_remove(queue, item);
    return item->id;
}

static void test_order(void)
{
    Queue queue;

    queue_fill(&queue);
    g_assert_cmpuint(take(&queue, 0, CALL_WRITE), ==, 0);
    g_assert_cmpuint(take(&queue, 0, CALL_BACKGROUND), ==, 2);
    g_assert_cmpuint(take(&queue, 500, CALL_BACKGROUND), ==, 3);
    g_assert_cmpuint(take(&queue, 500, CALL_BACKGROUND), ==, 4);
    g_assert_cmpuint(take(&queue, 500, CALL_WAITED), ==, 0);
    g_assert_cmpuint(take(&queue, 500, CALL_BACKGROUND), ==, 1);
    g_assert_cmpuint(queue_length(&queue), ==, 0);
}

static void test_again(void)
{
    Queue queue;

    queue_fill(&queue);
    queue_remove(&queue, &items[3]);
    queue_push_again(&queue, &items[3]);
    g_assert_cmpuint(take(&queue, 0, CALL_BACKGROUND), ==, 4);
    queue_clear(&queue, NULL);
}

static void test_times(void)
{
    Queue queue;

    queue_fill(&queue);
    g_assert_cmpint(queue_deadline_us(&queue), ==, 700);
    g_assert_cmpint(queue_ready_us(&queue, CALL_WRITE), ==, 500);
    g_assert_cmpint(queue_ready_us(&queue, CALL_BACKGROUND), ==, 0);
    g_assert_null(queue_find_late(&queue, 699));
    g_assert_true(queue_find_late(&queue, 700) == &items[3]);
    g_assert_true(queue_find(&queue, 3) == &items[2]);
    g_assert_null(queue_find(&queue, 9));
    for (gsize i = 0; i < G_N_ELEMENTS(items); i++)
        queue_remove(&queue, &items[i]);
    g_assert_cmpint(queue_deadline_us(&queue), ==, G_MAXINT64);
    g_assert_cmpint(queue_ready_us(&queue, CALL_BACKGROUND), ==, G_MAXINT64);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/queue/writes-first-then-in-order", test_order);
    g_test_add_func("/queue/one-that-waited-goes-ahead", test_again);
    g_test_add_func("/queue/says-when-to-look-again", test_times);
    return g_test_run();
}
