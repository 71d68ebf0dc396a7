/* SPDX-License-Identifier: MIT */
/* test-prepare.c - calls whose query or body is made when their turn comes. */
#include "api/client.h"

#include "tests/unit/world.h"

typedef struct {
    Outcome outcome;
    const char *text; /* what is sent; NULL: nobody is left */
    gint64 deadline_us;
    guint n; /* how often it was made */
} Late;

static char *prepare(void *user_data, gint64 *deadline_us)
{
    Late *late = user_data;

    late->n++;
    if (late->deadline_us != 0)
        *deadline_us = late->deadline_us;
    return g_strdup(late->text);
}

/* Outcome is its first member, so that on_done() finds it. */
static guint64 late_call(World *world, Late *late, EndpointId endpoint)
{
    Call request = {.endpoint = endpoint, .priority = CALL_WRITE, .prepare = prepare};

    late->outcome.world = world;
    return client_call(world->client, &request, on_done, late);
}

static void test_body(void)
{
    World world;
    Outcome first = {0};
    Late late = {.text = "{\"x\":1}"};

    world_init(&world, 1, 0);
    write_call(&world, &first);
    settle(&world);
    late_call(&world, &late, ENDPOINT_CAMPAIGN_UPDATE);
    settle(&world);
    g_assert_cmpuint(late.n, ==, 0); /* it waits for its turn */
    late.text = "{\"x\":2}";
    answer(&world, 0, ok_body);
    pass(&world, 2 * second_us);
    g_assert_cmpuint(late.n, ==, 1);
    g_assert_cmpstr(nth(&world, 1)->body, ==, "{\"x\":2}");
    answer(&world, 1, ok_body);
    g_assert_cmpuint(late.outcome.n, ==, 1);
    world_clear(&world);
}

/* A read that is asked again, and a write that was refused for its rate. */
static void test_again(void)
{
    World world;
    Late read = {.text = "ids=1"}, update = {.text = "{\"x\":1}"};

    world_init(&world, 0, 0);
    late_call(&world, &read, ENDPOINT_CAMPAIGN_GET);
    settle(&world);
    g_assert_cmpstr(nth(&world, 0)->url, ==, "https://api.test/v1.3/campaign/get/?ids=1");
    read.text = "ids=2";
    break_off(&world, 0, TRANSFER_CUT);
    pass(&world, 10 * second_us);
    g_assert_cmpstr(nth(&world, 1)->url, ==, "https://api.test/v1.3/campaign/get/?ids=2");
    answer(&world, 1, ok_body);
    g_assert_cmpuint(read.outcome.n, ==, 1);

    late_call(&world, &update, ENDPOINT_CAMPAIGN_UPDATE);
    settle(&world);
    update.text = "{\"x\":2}";
    answer(&world, 2, "{\"code\":40100,\"message\":\"Too many\"}");
    pass(&world, 100 * second_us);
    g_assert_cmpstr(nth(&world, 3)->body, ==, "{\"x\":2}");
    answer(&world, 3, ok_body);
    g_assert_cmpuint(update.outcome.n, ==, 1);
    world_clear(&world);
}

static void test_nobody(void)
{
    World world;
    Outcome other = {0};
    Late late = {0};
    ClientStats stats;

    world_init(&world, 1, 0);
    late_call(&world, &late, ENDPOINT_CAMPAIGN_UPDATE);
    write_call(&world, &other);
    settle(&world);
    g_assert_cmpuint(late.n, ==, 1);
    g_assert_cmpuint(world.sent->len, ==, 1); /* the other, in the same second */
    client_stats(world.client, &stats);
    g_assert_cmpuint(stats.queued, ==, 0);
    g_assert_cmpuint(stats.calls, ==, 1);
    answer(&world, 0, ok_body);
    pass(&world, 100 * second_us);
    g_assert_cmpuint(other.n, ==, 1);
    g_assert_cmpuint(late.outcome.n, ==, 0);
    world_clear(&world);
}

/* Who came last may have the least time. */
static void test_deadline(void)
{
    World world;
    Late late = {.text = "{}"};

    world_init(&world, 0, 0);
    late.deadline_us = world.now_us + 5 * second_us;
    late_call(&world, &late, ENDPOINT_CAMPAIGN_UPDATE);
    settle(&world);
    g_assert_cmpuint(nth(&world, 0)->connect_ms, ==, 5000);
    answer(&world, 0, "{\"code\":40100,\"message\":\"Too many\"}");
    late.text = NULL;
    world.now_us += 6 * second_us;
    settle(&world);
    g_assert_cmpuint(late.n, ==, 1);
    check_failed(&late.outcome, API_ERROR_BUSY);
    world_clear(&world);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/prepare/made-when-the-turn-has-come", test_body);
    g_test_add_func("/prepare/made-anew-for-each-sending", test_again);
    g_test_add_func("/prepare/nobody-left-takes-no-turn", test_nobody);
    g_test_add_func("/prepare/has-the-deadline-of-whoever-is-in-it", test_deadline);
    return g_test_run();
}
