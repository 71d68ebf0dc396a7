/* SPDX-License-Identifier: MIT */
/* test-limit.c - whatever the latencies, no window of the service's clock sees too much; turns. */
#include "api/limit.h"

static const gint64 second_us = G_USEC_PER_SEC;
static const gint64 day_us = 86400 * (gint64)G_USEC_PER_SEC;

typedef struct {
    LimitState *state;
    Owner *owner;
    Rates rates;
    gint64 now_us;
    GArray *arrivals; /* when the service counted each call, at random between sending and answer */
    GArray *pending;  /* when the answers come */
    gint64 latency_us;
} World;

static Moment at(gint64 us)
{
    return (Moment){us, us};
}

static int compare_times(gconstpointer a, gconstpointer b)
{
    gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

    return (x > y) - (x < y);
}

static void world_init(World *world, guint qps, guint qpm, gint64 latency_us)
{
    *world = (World){.rates = {qps, qpm, 0}, .latency_us = latency_us};
    world->state = g_new0(LimitState, 1);
    world->owner = &world->state->owners[0];
    world->owner->pid = 1;
    world->arrivals = g_array_new(FALSE, FALSE, sizeof(gint64));
    world->pending = g_array_new(FALSE, FALSE, sizeof(gint64));
}

static void world_clear(World *world)
{
    g_free(world->state);
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
    limit_take(world->state, world->owner, BUCKET_APP, 0, at(world->now_us));
    g_array_append_val(world->arrivals, arrival_us);
    g_array_append_val(world->pending, answer_us);
    g_array_sort(world->pending, compare_times);
}

/* Send as soon as allowed; go to the next answer or to when the limits say. */
static void world_run(World *world, gint64 until_us)
{
    while (world->now_us < until_us) {
        gint64 next_us;

        while ((next_us = limit_next_us(world->state, &world->rates, at(world->now_us))) <=
               world->now_us)
            world_send(world);
        if (world->pending->len > 0 && g_array_index(world->pending, gint64, 0) <= next_us) {
            world->now_us = MAX(world->now_us, g_array_index(world->pending, gint64, 0));
            g_array_remove_index(world->pending, 0);
            limit_answered(world->state, world->owner, BUCKET_APP, at(world->now_us));
        } else {
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

    world_init(&world, 10, 600, 0);
    world_run(&world, 600 * second_us);
    g_assert_cmpuint(world.arrivals->len, >=, 5960);
    g_assert_cmpuint(world.arrivals->len, <=, 6010);
    world_clear(&world);
    world_init(&world, 10, 300, 0);
    world_run(&world, 600 * second_us);
    g_assert_cmpuint(world.arrivals->len, >=, 2970);
    world_clear(&world);
}

static void test_unlimited(void)
{
    World world;

    world_init(&world, 0, 0, 0);
    for (int i = 0; i < 10000; i++)
        limit_take(world.state, world.owner, BUCKET_APP, 0, at(5));
    g_assert_cmpint(limit_next_us(world.state, &world.rates, at(5)), ==, 5);
    g_assert_cmpuint(limit_free(world.state, &world.rates, at(5)), ==, G_MAXUINT);
    world_clear(&world);
}

static guint used(World *world, LimitWindow window, gint64 now_us)
{
    LimitUse use;

    limit_use(world->state, &world->rates, BUCKET_APP, window, at(now_us), &use);
    return use.used;
}

static void test_used(void)
{
    World world;

    world_init(&world, 10, 600, 0);
    limit_take(world.state, world.owner, BUCKET_APP, 0, at(0));
    limit_take(world.state, world.owner, BUCKET_APP, 0, at(0));
    limit_answered(world.state, world.owner, BUCKET_APP, at(100));
    g_assert_cmpuint(used(&world, LIMIT_SECOND, 30 * second_us), ==, 1);
    g_assert_cmpuint(used(&world, LIMIT_MINUTE, 30 * second_us), ==, 2);
    g_assert_cmpuint(used(&world, LIMIT_MINUTE, 90 * second_us), ==, 1);
    g_assert_cmpuint(used(&world, LIMIT_DAY, 90 * second_us), ==, 2);
    limit_leave(world.state, world.owner, at(90 * second_us)); /* as if answered then */
    g_assert_cmpuint(used(&world, LIMIT_SECOND, 91 * second_us), ==, 1);
    g_assert_cmpuint(used(&world, LIMIT_SECOND, 92 * second_us), ==, 0);
    world_clear(&world);
}

/* A task counts in its own windows and in the app's. */
static void test_own(void)
{
    LimitCall task = {BUCKET_REPORT_TASK, {"report/task/create/", NULL}};
    LimitCall list = {BUCKET_APP, {"ad/get/", NULL}};
    const Rates *own = rates_own(BUCKET_REPORT_TASK, 0);
    World world;

    world_init(&world, 10, 600, 0);
    g_assert_cmpuint(own->qps, ==, 2);
    g_assert_cmpuint(rates_own(BUCKET_AD_CREATE, 3)->qps, ==, 15);
    for (guint i = 0; i < 2; i++) {
        g_assert_cmpint(limit_call_next_us(world.state, own, &task, at(5)), ==, 5);
        limit_take(world.state, world.owner, BUCKET_REPORT_TASK, 0, at(5));
        limit_answered(world.state, world.owner, BUCKET_REPORT_TASK, at(5));
    }
    g_assert_cmpint(limit_call_next_us(world.state, own, &task, at(5)), >, second_us);
    g_assert_cmpint(limit_call_next_us(world.state, own, &list, at(5)), ==, 5);
    g_assert_cmpuint(limit_free(world.state, &world.rates, at(5)), ==, 8);
    world_clear(&world);
}

/* ---- the day ---- */

static void send(World *world, gint64 wall_us, guint n)
{
    while (n-- > 0) {
        limit_take(world->state, world->owner, BUCKET_APP, 0, at(wall_us));
        limit_answered(world->state, world->owner, BUCKET_APP, at(wall_us));
    }
}

static void test_day(void)
{
    World world;
    gint64 noon_us = 20000 * day_us + day_us / 2, midnight_us = 20001 * day_us;

    world_init(&world, 0, 0, 0);
    world.rates.qpd = 50;
    send(&world, noon_us, 50);
    g_assert_cmpint(limit_next_us(world.state, &world.rates, at(noon_us)), ==,
                    midnight_us + 2 * second_us);
    g_assert_cmpint(limit_next_us(world.state, &world.rates, at(midnight_us + second_us)), >,
                    midnight_us + second_us); /* the service's clock may be behind */
    g_assert_cmpuint(limit_free(world.state, &world.rates, at(midnight_us + 2 * second_us)), ==,
                     50);
    world_clear(&world);
}

/* A profile's own day ends for it alone. */
static void test_day_of_another(void)
{
    World world;
    gint64 now_us = 20000 * day_us, midnight_us = 20001 * day_us;
    const Rates more = {0, 0, 100};

    world_init(&world, 0, 0, 0);
    world.rates.qpd = 50;
    send(&world, now_us, 50);
    g_assert_cmpint(limit_next_us(world.state, &world.rates, at(now_us)), ==,
                    midnight_us + 2 * second_us);
    g_assert_cmpint(limit_next_us(world.state, &more, at(now_us)), ==, now_us);
    send(&world, now_us, 20);
    now_us = midnight_us + 1;
    g_assert_cmpint(limit_next_us(world.state, &more, at(now_us)), ==, now_us);
    g_assert_cmpint(limit_next_us(world.state, &world.rates, at(now_us)), ==,
                    midnight_us + 2 * second_us);
    world_clear(&world);
}

/* What is under way at midnight may be counted on either side. */
static void test_midnight(void)
{
    World world;
    gint64 before_us = 20001 * day_us - 5;

    world_init(&world, 0, 0, 0);
    world.rates.qpd = 50;
    send(&world, before_us, 7);
    limit_take(world.state, world.owner, BUCKET_APP, 0, at(before_us));
    g_assert_cmpuint(used(&world, LIMIT_DAY, before_us), ==, 8);
    g_assert_cmpuint(used(&world, LIMIT_DAY, before_us + 5), ==, 1);
    world_clear(&world);
}

static void test_day_set_back(void)
{
    World world;
    gint64 noon_us = 20000 * day_us + day_us / 2;

    world_init(&world, 0, 0, 0);
    send(&world, noon_us, 30);
    send(&world, noon_us + day_us, 12); /* the clock was wrong */
    g_assert_cmpuint(used(&world, LIMIT_DAY, noon_us + 1), ==, 42);
    g_assert_cmpuint(used(&world, LIMIT_DAY, noon_us - 3 * day_us), ==, 42);
    g_assert_cmpuint(used(&world, LIMIT_DAY, noon_us + day_us), ==, 0);
    world_clear(&world);
}

static const LimitCall list_call = {BUCKET_APP, {"ad/get/", NULL}};

static void refuse(World *world, gint64 now_us)
{
    limit_refused(world->state, &world->rates, PAUSE_APP, &list_call, now_us, at(now_us));
}

/* Others use the app too: five minutes did not help, and our own count is near the day's limit. */
static void test_refused_for_the_day(void)
{
    World world;
    gint64 now_us = 20000 * day_us, midnight_us = 20001 * day_us;

    world_init(&world, 0, 0, 0);
    world.rates.qpd = 100;
    send(&world, now_us, 89);
    for (guint i = 0; i < 4; i++, now_us += 300 * second_us)
        refuse(&world, now_us);
    g_assert_cmpint(limit_next_us(world.state, &world.rates, at(now_us)), ==, now_us);
    send(&world, now_us, 1);
    refuse(&world, now_us);
    g_assert_cmpint(limit_next_us(world.state, &world.rates, at(now_us)), ==,
                    midnight_us + 2 * second_us);
    now_us = midnight_us + 2 * second_us;
    g_assert_cmpint(limit_next_us(world.state, &world.rates, at(now_us)), ==, now_us);
    world_clear(&world);
}

/* ---- turns ---- */

typedef struct {
    World world;
    Owner *one, *two;
} Pair;

static void pair_init(Pair *pair)
{
    world_init(&pair->world, 10, 0, 0);
    pair->one = pair->world.owner;
    pair->two = &pair->world.state->owners[9];
    pair->two->pid = 2;
}

static void announce(Pair *pair, Owner *owner, guint writes, guint waited, guint background)
{
    limit_announce(pair->world.state, owner, (const guint[]){writes, waited, background},
                   100 * second_us);
}

static guint ahead(Pair *pair, const Owner *owner, guint priority, gint64 now_us)
{
    return limit_ahead(pair->world.state, owner, priority, now_us);
}

static void test_priorities(void)
{
    static const gint64 now_us = 100 * G_USEC_PER_SEC;
    Pair pair;

    pair_init(&pair);
    announce(&pair, pair.one, 0, 20, 20);
    announce(&pair, pair.two, 2, 3, 0);
    g_assert_cmpuint(ahead(&pair, pair.one, 0, now_us), ==, 0);
    g_assert_cmpuint(ahead(&pair, pair.one, 1, now_us), ==, G_MAXUINT);
    g_assert_cmpuint(ahead(&pair, pair.one, 2, now_us), ==, G_MAXUINT);
    g_assert_cmpuint(ahead(&pair, pair.two, 1, now_us), ==, 0);
    g_assert_cmpuint(ahead(&pair, pair.two, 2, now_us), ==, G_MAXUINT);
    g_assert_cmpuint(ahead(&pair, pair.one, 1, now_us + second_us), ==, 0); /* was stopped, say */
    pair.two->pid = 0;
    g_assert_cmpuint(ahead(&pair, pair.one, 1, now_us), ==, 0);
    world_clear(&pair.world);
}

/* n slots come free together; who looks first may not have them all. */
static guint take_all(Pair *pair, Owner *owner, guint n_free)
{
    guint n = 0;

    while (n_free > ahead(pair, owner, 1, 100 * second_us)) {
        limit_take(pair->world.state, owner, BUCKET_APP, 1, at(100 * second_us));
        n_free--;
        n++;
    }
    return n;
}

static void test_turns(void)
{
    Pair pair;

    pair_init(&pair);
    announce(&pair, pair.one, 0, 20, 0);
    g_assert_cmpuint(take_all(&pair, pair.one, 10), ==, 10); /* nobody else is there */
    announce(&pair, pair.two, 0, 20, 0);
    g_assert_cmpuint(take_all(&pair, pair.one, 10), ==, 5);
    g_assert_cmpuint(take_all(&pair, pair.two, 5), ==, 5);
    g_assert_cmpuint(take_all(&pair, pair.one, 1), ==, 0); /* it was first */
    g_assert_cmpuint(take_all(&pair, pair.two, 1), ==, 1);
    g_assert_cmpuint(take_all(&pair, pair.two, 2), ==, 1);
    g_assert_cmpuint(take_all(&pair, pair.one, 1), ==, 1);
    world_clear(&pair.world);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/limit/never-more-than-allowed-in-any-window", test_never_more);
    g_test_add_func("/limit/saturated-uses-nearly-all", test_saturated);
    g_test_add_func("/limit/zero-is-no-limit", test_unlimited);
    g_test_add_func("/limit/used-counts-what-is-in-flight", test_used);
    g_test_add_func("/limit/own-windows-beside-the-apps", test_own);
    g_test_add_func("/limit/a-day-ends-at-midnight", test_day);
    g_test_add_func("/limit/a-day-of-one-profile-is-not-anothers", test_day_of_another);
    g_test_add_func("/limit/under-way-at-midnight-counts-again", test_midnight);
    g_test_add_func("/limit/a-clock-set-back-frees-nothing", test_day_set_back);
    g_test_add_func("/limit/refused-for-the-day", test_refused_for_the_day);
    g_test_add_func("/limit/weight-goes-before-others", test_priorities);
    g_test_add_func("/limit/equals-take-turns", test_turns);
    return g_test_run();
}
