/* SPDX-License-Identifier: MIT */
/* test-failures.c - what is sent again, what is not, and how a call ends that fails. */
#include <string.h>

#include "tests/unit/world.h"

static void test_read_again(void)
{
    World world;
    Outcome outcome = {0};
    ClientStats stats;

    world_init(&world, 0, 0);
    read_call(&world, &outcome);
    settle(&world);
    break_off(&world, 0, TRANSFER_LOST);
    g_assert_cmpuint(world.sent->len, ==, 1);
    pass(&world, second_us - 1);
    g_assert_cmpuint(world.sent->len, ==, 1);
    pass(&world, second_us);
    g_assert_cmpuint(world.sent->len, ==, 2);
    answer_status(&world, 1, "<html>bad gateway</html>", 502);
    pass(&world, 3 * second_us);
    answer(&world, 2, ok_body);
    g_assert_cmpuint(outcome.n, ==, 1);
    g_assert_cmpint(outcome.n_rows, ==, 2);
    client_stats(world.client, &stats);
    g_assert_cmpuint(stats.retries, ==, 2);
    g_assert_cmpuint(stats.calls, ==, 1);
    g_assert_cmpuint(stats.failures, ==, 0);
    world_clear(&world);
}

/* Answer every try with the same; the call ends after n tries with an error of the kind. */
static void check_ends(EndpointId endpoint, guint status, const char *text, guint tries,
                       ApiErrorKind kind)
{
    World world;
    Outcome outcome = {0};

    g_test_message("%d: %s", (int)endpoint, text);
    world_init(&world, 0, 0);
    call(&world, &outcome, endpoint, CALL_WAITED, 0);
    for (guint i = 0; i < tries; i++) {
        pass(&world, 11 * second_us);
        g_assert_cmpuint(world.sent->len, ==, i + 1);
        g_assert_cmpuint(outcome.n, ==, 0);
        answer_status(&world, i, text, status);
    }
    pass(&world, 400 * second_us);
    g_assert_cmpuint(world.sent->len, ==, tries);
    check_failed(&outcome, kind);
    world_clear(&world);
}

static void test_ends(void)
{
    static const EndpointId get = ENDPOINT_AD_GET, post = ENDPOINT_AD_UPDATE;

    check_ends(get, 200, "{\"code\":40105}", 1, API_ERROR_TOKEN);
    check_ends(get, 200, "{\"code\":40102}", 1, API_ERROR_EXPIRED);
    check_ends(get, 200, "{\"code\":40001}", 1, API_ERROR_DENIED);
    check_ends(get, 200, "{\"code\":40002}", 1, API_ERROR_INVALID);
    check_ends(get, 200, "{\"code\":51010}", 5, API_ERROR_REMOTE);
    check_ends(get, 504, "<html>", 5, API_ERROR_UNREACHABLE);
    check_ends(get, 200, "<html>", 5, API_ERROR_MALFORMED);
    check_ends(get, 200, "{\"code\":0,\"data\":{\"list\":[", 5, API_ERROR_MALFORMED);
    check_ends(get, 200, "", 5, API_ERROR_MALFORMED);
    check_ends(get, 404, "404 page not found", 1, API_ERROR_REMOTE);
    check_ends(get, 302, "", 1, API_ERROR_REMOTE);
    check_ends(post, 302, "", 1, API_ERROR_REMOTE);
    check_ends(post, 200, "{\"code\":40105}", 1, API_ERROR_TOKEN);
    check_ends(post, 200, "{\"code\":40002}", 1, API_ERROR_INVALID);
    check_ends(post, 200, "{\"code\":50002}", 1, API_ERROR_UNKNOWN);
    check_ends(post, 502, "<html>", 1, API_ERROR_UNKNOWN);
    check_ends(post, 200, "<html>", 1, API_ERROR_UNKNOWN);
    check_ends(post, 200, "{\"code\":0,\"data\":{", 1, API_ERROR_UNKNOWN);
}

static void check_broken(EndpointId endpoint, TransferOutcome how, guint tries, ApiErrorKind kind)
{
    World world;
    Outcome outcome = {0};

    world_init(&world, 0, 0);
    call(&world, &outcome, endpoint, CALL_WAITED, 0);
    for (guint i = 0; i < tries; i++) {
        pass(&world, 11 * second_us);
        break_off(&world, i, how);
    }
    pass(&world, 100 * second_us);
    g_assert_cmpuint(world.sent->len, ==, tries);
    check_failed(&outcome, kind);
    world_clear(&world);
}

static void test_broken(void)
{
    check_broken(ENDPOINT_AD_GET, TRANSFER_NOT_SENT, 3, API_ERROR_UNREACHABLE);
    check_broken(ENDPOINT_AD_GET, TRANSFER_LOST, 5, API_ERROR_UNREACHABLE);
    check_broken(ENDPOINT_AD_GET, TRANSFER_CUT, 5, API_ERROR_MALFORMED);
    check_broken(ENDPOINT_AD_UPDATE, TRANSFER_NOT_SENT, 3, API_ERROR_UNREACHABLE);
    check_broken(ENDPOINT_AD_UPDATE, TRANSFER_LOST, 1, API_ERROR_UNKNOWN);
    check_broken(ENDPOINT_AD_UPDATE, TRANSFER_CUT, 1, API_ERROR_UNKNOWN);
}

static void test_retry_in_time(void)
{
    World world;
    Outcome outcome = {0};

    world_init(&world, 0, 0);
    call(&world, &outcome, ENDPOINT_AD_GET, CALL_WAITED, world.now_us + second_us / 2);
    settle(&world);
    break_off(&world, 0, TRANSFER_LOST);
    check_failed(&outcome, API_ERROR_UNREACHABLE); /* at once: no time for another */
    world_clear(&world);
}

static void test_withdraw_retry(void)
{
    World world;
    Outcome outcome = {0};

    world_init(&world, 0, 0);
    guint64 id = read_call(&world, &outcome);
    settle(&world);
    break_off(&world, 0, TRANSFER_LOST);
    g_assert_true(client_withdraw(world.client, id));
    pass(&world, 10 * second_us);
    g_assert_cmpuint(world.sent->len, ==, 1);
    g_assert_cmpuint(outcome.n, ==, 0);
    world_clear(&world);
}

static void test_pause(void)
{
    World world;
    Outcome refused = {0}, other = {0};

    world_init(&world, 0, 0);
    write_call(&world, &refused);
    settle(&world);
    answer(&world, 0, "{\"code\":40100,\"message\":\"Too many requests.\"}");
    read_call(&world, &other);
    pass(&world, second_us - 1);
    g_assert_cmpuint(world.sent->len, ==, 1);
    pass(&world, second_us / 2);
    g_assert_cmpuint(world.sent->len, ==, 3);
    g_assert_nonnull(nth(&world, 1)->body); /* the write, again and first */
    answer(&world, 1, ok_body);
    g_assert_cmpuint(refused.n, ==, 1);
    g_assert_no_error(refused.error);
    world_clear(&world);
}

/* Its refusals are no tries: it goes on waiting. */
static void test_long_pause(void)
{
    World world;
    Outcome refused = {0}, other = {0};

    world_init(&world, 0, 0);
    read_call(&world, &refused);
    for (guint i = 0; i < 3; i++) {
        pass(&world, 5 * second_us);
        answer(&world, i, "{\"code\":40100}");
    }
    read_call(&world, &other);
    pass(&world, 299 * second_us);
    g_assert_cmpuint(world.sent->len, ==, 3);
    pass(&world, 2 * second_us);
    g_assert_cmpuint(world.sent->len, ==, 5);
    answer(&world, 3, ok_body);
    answer(&world, 4, ok_body);
    g_assert_no_error(refused.error);
    g_assert_cmpuint(refused.n + other.n, ==, 2);
    world_clear(&world);
}

/* A write whose time passes in the five minutes is withdrawn then, and never sent. */
static void test_write_in_pause(void)
{
    World world;
    Outcome write = {0}, read = {0};

    world_init(&world, 0, 0);
    call(&world, &write, ENDPOINT_CAMPAIGN_UPDATE, CALL_WRITE, world.now_us + 30 * second_us);
    for (guint i = 0; i < 3; i++) {
        pass(&world, 2 * second_us);
        answer(&world, i, "{\"code\":40100,\"message\":\"Too many requests.\"}");
    }
    read_call(&world, &read);
    pass(&world, 24 * second_us - 1);
    g_assert_cmpuint(write.n, ==, 0);
    pass(&world, 1);
    g_assert_nonnull(strstr(write.error->message, "Too many requests."));
    g_assert_cmpint(api_error_code(write.error), ==, 40100);
    check_failed(&write, API_ERROR_BUSY);
    pass(&world, 1000 * second_us);
    g_assert_cmpuint(world.sent->len, ==, 4); /* the read */
    g_assert_null(nth(&world, 3)->body);
    world_clear(&world);
}

static guint64 call_of(World *world, Outcome *outcome, EndpointId endpoint, const char *advertiser)
{
    Call request = {.endpoint = endpoint, .priority = CALL_WAITED, .advertiser = advertiser};

    outcome->world = world;
    return client_call(world->client, &request, on_done, outcome);
}

/* One account's rate holds back its calls only. */
static void test_advertiser(void)
{
    World world;
    Outcome one = {0}, same = {0}, other = {0};

    world_init(&world, 0, 0);
    call_of(&world, &one, ENDPOINT_AD_GET, "7001");
    settle(&world);
    answer(&world, 0, "{\"code\":40133}");
    call_of(&world, &same, ENDPOINT_CAMPAIGN_GET, "7001");
    call_of(&world, &other, ENDPOINT_AD_GET, "7002");
    settle(&world);
    g_assert_cmpuint(world.sent->len, ==, 2);
    answer(&world, 1, ok_body);
    g_assert_cmpuint(other.n, ==, 1);
    pass(&world, 5 * second_us / 4);
    g_assert_cmpuint(world.sent->len, ==, 4);
    world_clear(&world);
}

/* One endpoint's rate the same; one value's only the call itself. */
static void test_endpoint(void)
{
    World world;
    Outcome outcomes[4] = {{0}};

    world_init(&world, 0, 0);
    call_of(&world, &outcomes[0], ENDPOINT_AD_GET, "7001");
    settle(&world);
    answer(&world, 0, "{\"code\":40016}");
    call_of(&world, &outcomes[1], ENDPOINT_AD_GET, "7002");
    call_of(&world, &outcomes[2], ENDPOINT_CAMPAIGN_GET, "7001");
    settle(&world);
    g_assert_cmpuint(world.sent->len, ==, 2);
    answer(&world, 1, "{\"code\":40132}");
    call_of(&world, &outcomes[3], ENDPOINT_CAMPAIGN_GET, "7001");
    settle(&world);
    g_assert_cmpuint(world.sent->len, ==, 3);
    pass(&world, second_us);
    g_assert_cmpuint(world.sent->len, ==, 5);
    pass(&world, second_us / 4);
    g_assert_cmpuint(world.sent->len, ==, 6);
    world_clear(&world);
}

static void test_too_many(void)
{
    World world;
    Outcome outcome = {0};
    gint64 wait_us = second_us;

    world_init(&world, 0, 0);
    read_call(&world, &outcome);
    settle(&world);
    for (guint i = 0; i < 8; i++, wait_us = MIN(2 * wait_us, 60 * second_us)) {
        answer_status(&world, i, "<html>slow down</html>", 429);
        pass(&world, wait_us - 1);
        g_assert_cmpuint(world.sent->len, ==, i + 1);
        pass(&world, 1);
        g_assert_cmpuint(world.sent->len, ==, i + 2);
    }
    g_assert_cmpuint(outcome.n, ==, 0);
    world_clear(&world);
}

/* With a deadline there are as many tries as fit in. */
static void test_tries_in_time(void)
{
    World world;
    Outcome outcome = {0};

    world_init(&world, 0, 0);
    call(&world, &outcome, ENDPOINT_AD_GET, CALL_WAITED, world.now_us + 600 * second_us);
    settle(&world);
    for (guint i = 0; outcome.n == 0; i++) {
        answer_status(&world, i, "<html>", 502);
        pass(&world, 75 * second_us);
    }
    g_assert_cmpuint(world.sent->len, ==, 8);
    check_failed(&outcome, API_ERROR_UNREACHABLE);
    world_clear(&world);
}

static void test_windows(void)
{
    World world;
    Outcome outcomes[3] = {{0}};
    ClientWindow rows[20];
    guint n;

    world_init(&world, 1, 0);
    for (guint i = 0; i < 3; i++)
        call_of(&world, &outcomes[i], ENDPOINT_AD_GET, i == 0 ? "7001" : "7002");
    settle(&world);
    answer(&world, 0, "{\"code\":40133}");
    n = client_windows(world.client, rows, G_N_ELEMENTS(rows));
    g_assert_cmpuint(n, ==, 10);
    g_assert_cmpstr(rows[0].window, ==, "second");
    g_assert_cmpuint(rows[0].waiting, ==, 3);
    g_assert_cmpint(rows[0].next_us, >, world.now_us);
    g_assert_cmpuint(rows[1].limit, ==, 0);
    g_assert_cmpuint(rows[1].waiting, ==, 0);
    g_assert_cmpstr(rows[9].name, ==, "7001");
    g_assert_cmpuint(rows[9].waiting, ==, 1);
    world_clear(&world);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/client/withdraw-between-tries", test_withdraw_retry);
    g_test_add_func("/client/reads-are-tried-again", test_read_again);
    g_test_add_func("/client/how-each-answer-ends", test_ends);
    g_test_add_func("/client/how-each-broken-transfer-ends", test_broken);
    g_test_add_func("/client/no-retry-beyond-the-deadline", test_retry_in_time);
    g_test_add_func("/client/rate-refusal-pauses-everything", test_pause);
    g_test_add_func("/client/third-rate-refusal-pauses-long", test_long_pause);
    g_test_add_func("/client/a-write-too-late-is-never-sent", test_write_in_pause);
    g_test_add_func("/client/an-advertisers-rate-is-its-own", test_advertiser);
    g_test_add_func("/client/an-endpoints-rate-is-its-own", test_endpoint);
    g_test_add_func("/client/http-429-pauses-everything", test_too_many);
    g_test_add_func("/client/tries-as-long-as-there-is-time", test_tries_in_time);
    g_test_add_func("/client/windows-say-who-waits", test_windows);
    return g_test_run();
}
