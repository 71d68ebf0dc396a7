/* SPDX-License-Identifier: MIT */
/* test-limit.c - whatever the latencies, no window of the service's clock sees too much. */
#include "api/limit.h"

static const gint64 second_us = G_USEC_PER_SEC;

typedef struct {
    Limit limit;
    gint64 now_us;
    GArray *arrivals; /* when the service counted each call, at random between sending and answer */
    GArray *pending;  /* when the answers come */
    gint64 latency_us;
} World;

static int compare_times(gconstpointer a, gconstpointer b)
{
    gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

    return (x > y) - (x < y);
}

static void world_init(World *world, guint qps, guint qpm, gint64 latency_us)
{
    limit_init(&world->limit, qps, qpm);
    world->now_us = 0;
    world->latency_us = latency_us;
    world->arrivals = g_array_new(FALSE, FALSE, sizeof(gint64));
    world->pending = g_array_new(FALSE, FALSE, sizeof(gint64));
}

static void world_clear(World *world)
{
    limit_clear(&world->limit);
    g_array_unref(world->arrivals);
    g_array_unref(world->pending);
}

static gint64 random_us(gint64 most_us)
{
    return most_us > 0 ? (gint64)(g_test_rand_double() * (double)most_us) : 0;
}

static void world_send(World *world)
{
    gint64 answer_us = world->now_us + random_us(world->latency_us);
    gint64 arrival_us = world->now_us + random_us(answer_us - world->now_us);

    if (world->latency_us > 0 && g_test_rand_bit())
        arrival_us = answer_us; /* as late as can be */
    g_array_append_val(world->arrivals, arrival_us);
    g_array_append_val(world->pending, answer_us);
    g_array_sort(world->pending, compare_times);
}

/* Send as soon as allowed; go to the next answer or to when the limiter says. */
static void world_run(World *world, gint64 until_us)
{
    while (world->now_us < until_us) {
        while (limit_take(&world->limit, world->now_us))
            world_send(world);

        gint64 next_us = limit_next_us(&world->limit, world->now_us);
        g_assert_cmpint(next_us, >, world->now_us);
        if (world->pending->len > 0 && g_array_index(world->pending, gint64, 0) <= next_us) {
            world->now_us = MAX(world->now_us, g_array_index(world->pending, gint64, 0));
            g_array_remove_index(world->pending, 0);
            limit_answered(&world->limit, world->now_us);
        } else {
            g_assert_cmpint(next_us, <, G_MAXINT64);
            world->now_us = next_us;
        }
    }
}

/* The most arrivals in any window, both ends included. */
static guint most_inside(World *world, gint64 window_us)
{
    guint most = 0, first = 0;

    g_array_sort(world->arrivals, compare_times);
    for (guint i = 0; i < world->arrivals->len; i++) {
        while (g_array_index(world->arrivals, gint64, i) -
                   g_array_index(world->arrivals, gint64, first) >
               window_us)
            first++;
        most = MAX(most, i - first + 1);
    }
    return most;
}

static void check_never_more(guint qps, guint qpm, gint64 latency_us)
{
    World world;

    world_init(&world, qps, qpm, latency_us);
    world_run(&world, 200 * second_us);
    g_assert_cmpuint(world.arrivals->len, >, 0);
    if (qps > 0)
        g_assert_cmpuint(most_inside(&world, second_us), <=, qps);
    if (qpm > 0)
        g_assert_cmpuint(most_inside(&world, 60 * second_us), <=, qpm);
    world_clear(&world);
}

static void test_never_more(void)
{
    static const gint64 latencies_us[] = {0, 1000, 80000, 1500000, 20000000};

    for (gsize i = 0; i < G_N_ELEMENTS(latencies_us); i++) {
        check_never_more(10, 600, latencies_us[i]);
        check_never_more(10, 100, latencies_us[i]);
        check_never_more(3, 0, latencies_us[i]);
        check_never_more(0, 30, latencies_us[i]);
        check_never_more(1, 1, latencies_us[i]);
    }
}

static void test_saturated(void)
{
    World world;

    world_init(&world, 10, 0, 0);
    world_run(&world, 100 * second_us);
    g_assert_cmpuint(world.arrivals->len, >=, 990);
    g_assert_cmpuint(world.arrivals->len, <=, 1010);
    world_clear(&world);
    world_init(&world, 10, 300, 0);
    world_run(&world, 600 * second_us);
    g_assert_cmpuint(world.arrivals->len, >=, 2970);
    world_clear(&world);
}

static void test_unlimited(void)
{
    Limit limit;

    limit_init(&limit, 0, 0);
    for (int i = 0; i < 10000; i++)
        g_assert_true(limit_take(&limit, 5));
    g_assert_cmpint(limit_next_us(&limit, 5), ==, 5);
    limit_clear(&limit);
}

static void test_used(void)
{
    Limit limit;

    limit_init(&limit, 10, 600);
    g_assert_true(limit_take(&limit, 0));
    g_assert_true(limit_take(&limit, 0));
    limit_answered(&limit, 100);
    g_assert_cmpuint(limit_used_qps(&limit, 30 * second_us), ==, 1);
    g_assert_cmpuint(limit_used_qpm(&limit, 30 * second_us), ==, 2);
    g_assert_cmpuint(limit_used_qpm(&limit, 90 * second_us), ==, 1);
    limit_clear(&limit);
}

static void test_pause(void)
{
    Limit limit;
    gint64 now_us = 1000 * second_us;

    limit_init(&limit, 10, 0);
    limit_struck(&limit, now_us - 1, now_us);
    limit_struck(&limit, now_us - 2, now_us + 5); /* was under way: the same breach */
    g_assert_false(limit_take(&limit, now_us + second_us - 1));
    g_assert_cmpint(limit_next_us(&limit, now_us), ==, now_us + second_us);
    g_assert_true(limit_take(&limit, now_us + second_us));
    now_us += second_us;
    limit_struck(&limit, now_us, now_us);
    limit_went_well(&limit, now_us - 10); /* sent before: proves nothing */
    now_us += second_us;
    limit_struck(&limit, now_us, now_us);
    g_assert_cmpint(limit_next_us(&limit, now_us), ==, now_us + 300 * second_us);
    now_us += 300 * second_us;
    limit_struck(&limit, now_us, now_us);
    g_assert_cmpint(limit_next_us(&limit, now_us), ==, now_us + second_us);
    limit_clear(&limit);
}

static void test_pause_forgotten(void)
{
    Limit limit;

    limit_init(&limit, 10, 0);
    for (gint64 t = 1; t < 20; t++) {
        gint64 now_us = t * 10 * second_us;

        limit_struck(&limit, now_us, now_us);
        g_assert_cmpint(limit_next_us(&limit, now_us), ==, now_us + second_us);
        limit_went_well(&limit, now_us + second_us);
    }
    limit_clear(&limit);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/limit/never-more-than-allowed-in-any-window", test_never_more);
    g_test_add_func("/limit/saturated-uses-nearly-all", test_saturated);
    g_test_add_func("/limit/zero-is-no-limit", test_unlimited);
    g_test_add_func("/limit/used-counts-what-is-in-flight", test_used);
    g_test_add_func("/limit/third-refusal-in-a-row-pauses-five-minutes", test_pause);
    g_test_add_func("/limit/success-forgets-refusals", test_pause_forgotten);
    return g_test_run();
}
