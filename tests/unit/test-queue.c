/* SPDX-License-Identifier: MIT */
/* test-queue.c - turns between advertisers, and what one of them has in the order it came. */
#include "api/queue.h"

#include <string.h>

static QueueItem items[] = {
    {.id = 1, .priority = CALL_WAITED, .advertiser = "7001"},
    {.id = 2, .priority = CALL_WAITED, .advertiser = "7001", .deadline_us = 900},
    {.id = 3, .priority = CALL_WAITED, .advertiser = "7001", .not_before_us = 500},
    {.id = 4, .priority = CALL_WAITED, .advertiser = "7002", .deadline_us = 700},
    {.id = 5, .priority = CALL_WAITED, .advertiser = "7002"},
    {.id = 6, .priority = CALL_WAITED},
    {.id = 7, .priority = CALL_WAITED},
    {.id = 8, .priority = CALL_WRITE, .advertiser = "7001"},
};

static void queue_fill(Queue *queue)
{
    queue_init(queue);
    for (gsize i = 0; i < G_N_ELEMENTS(items); i++)
        queue_push(queue, &items[i]);
}

/* user_data: an advertiser held back until 600, or NULL. */
static gint64 when(void *user_data, const QueueItem *item)
{
    return user_data != NULL && g_strcmp0(user_data, item->advertiser) == 0 ? 600 : 0;
}

static guint64 take(Queue *queue, gint64 now_us, const char *held)
{
    QueueLook look;

    queue_look(queue, CALL_WAITED, now_us, when, (void *)held, &look);
    if (look.next == NULL)
        return 0;
    queue_serve(queue, look.next);
    return look.next->id;
}

static void expect(Queue *queue, gint64 now_us, const char *held, const guint64 *ids)
{
    for (guint i = 0; ids[i] != 0; i++)
        g_assert_cmpuint(take(queue, now_us, held), ==, ids[i]);
}

static void test_turns(void)
{
    Queue queue;

    queue_fill(&queue);
    expect(&queue, 500, NULL, (guint64[]){1, 4, 6, 2, 5, 7, 3, 0});
    g_assert_cmpuint(take(&queue, 500, NULL), ==, 0); /* the write is in another lane */
    g_assert_cmpuint(queue_length(&queue), ==, 1);
    queue_clear(&queue, NULL);
}

static void test_times(void)
{
    Queue queue;
    QueueLook look;

    queue_fill(&queue);
    queue_look(&queue, CALL_WAITED, 0, when, (void *)"7002", &look);
    g_assert_cmpuint(look.next->id, ==, 1);
    g_assert_cmpuint(look.n_ready, ==, 4);
    g_assert_cmpint(look.later_us, ==, 500);
    expect(&queue, 0, "7002", (guint64[]){1, 6, 2, 7, 0});
    g_assert_cmpuint(take(&queue, 499, "7002"), ==, 0);
    queue_look(&queue, CALL_BACKGROUND, 0, when, NULL, &look);
    g_assert_cmpint(look.later_us, ==, G_MAXINT64);
    queue_clear(&queue, NULL);
}

/* One that comes back as soon as it was served must not be served each time. */
static void test_comes_back(void)
{
    static QueueItem quick = {.id = 100, .priority = CALL_WAITED, .advertiser = "7003"};
    static QueueItem slow[8];
    guint n_slow = 0;
    Queue queue;

    queue_init(&queue);
    for (guint i = 0; i < G_N_ELEMENTS(slow); i++) {
        slow[i] = (QueueItem){.id = i + 1, .priority = CALL_WAITED, .advertiser = "7004"};
        queue_push(&queue, &slow[i]);
    }
    queue_push(&queue, &quick);
    for (guint i = 0; i < 12; i++) {
        guint64 id = take(&queue, 0, NULL);

        n_slow += id < 100;
        if (id == 100)
            queue_push(&queue, &quick);
    }
    g_assert_cmpuint(n_slow, ==, 6);
    queue_clear(&queue, NULL);
}

static void test_again(void)
{
    Queue queue;

    queue_fill(&queue);
    expect(&queue, 0, "7002", (guint64[]){1, 6, 2, 0});
    queue_push(&queue, &items[1]);
    queue_push(&queue, &items[0]);
    queue_remove(&queue, &items[6]);
    expect(&queue, 500, "7002", (guint64[]){1, 2, 3, 0});
    queue_clear(&queue, NULL);
}

static gboolean is_of(void *user_data, const QueueItem *item)
{
    return g_strcmp0(user_data, item->advertiser) == 0;
}

static void test_finds(void)
{
    Queue queue;

    queue_fill(&queue);
    g_assert_cmpint(queue_deadline_us(&queue), ==, 700);
    g_assert_null(queue_find_late(&queue, 699));
    g_assert_true(queue_find_late(&queue, 700) == &items[3]);
    g_assert_true(queue_find(&queue, 8) == &items[7]);
    g_assert_null(queue_find(&queue, 9));
    g_assert_cmpuint(queue_count(&queue, is_of, (void *)"7001"), ==, 4);
    for (gsize i = 0; i < G_N_ELEMENTS(items); i++)
        queue_remove(&queue, &items[i]);
    g_assert_cmpuint(queue_length(&queue), ==, 0);
    g_assert_cmpint(queue_deadline_us(&queue), ==, G_MAXINT64);
    queue_clear(&queue, NULL);
}

/* Thousands of accounts, one after the other, leave nothing behind for ever. */
static void test_many(void)
{
    Queue queue;

    queue_init(&queue);
    for (guint i = 0; i < 5000; i++) {
        g_autofree char *name = g_strdup_printf("%u", i);
        QueueItem item = {.id = i, .priority = CALL_WAITED, .advertiser = name};

        queue_push(&queue, &item);
        g_assert_cmpuint(take(&queue, 0, NULL), ==, i);
    }
    g_assert_cmpuint(g_hash_table_size(queue.parties[CALL_WAITED]), <=, 256);
    queue_clear(&queue, NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/queue/advertisers-take-turns", test_turns);
    g_test_add_func("/queue/one-held-back-holds-back-no-other", test_times);
    g_test_add_func("/queue/who-comes-back-waits-its-turn", test_comes_back);
    g_test_add_func("/queue/one-that-waited-goes-ahead", test_again);
    g_test_add_func("/queue/finds-and-says-when-to-look-again", test_finds);
    g_test_add_func("/queue/forgets-idle-advertisers", test_many);
    return g_test_run();
}
