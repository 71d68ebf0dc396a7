/* SPDX-License-Identifier: MIT */
/* test-client.c - the life of a call that ends well, late, or with its client. */
#include "api/client.h"

#include <string.h>

#include "tests/unit/world.h"

static void test_answer(void)
{
    World world;
    Outcome outcome = {0};
    ClientStats stats;

    world_init(&world, 10, 600);
    read_call(&world, &outcome);
    g_assert_cmpuint(world.sent->len, ==, 0); /* nothing happens inside client_call() */
    client_stats(world.client, &stats);
    g_assert_cmpuint(stats.queued, ==, 1);
    settle(&world);
    g_assert_cmpuint(world.sent->len, ==, 1);
    g_assert_cmpstr(nth(&world, 0)->url, ==, "https://api.test/v1.3/campaign/get/?advertiser_id=7");
    g_assert_null(nth(&world, 0)->body);
    client_stats(world.client, &stats);
    g_assert_cmpuint(stats.in_flight, ==, 1);
    answer(&world, 0, ok_body);
    g_assert_cmpuint(outcome.n, ==, 1);
    g_assert_cmpint(outcome.n_rows, ==, 2);
    client_stats(world.client, &stats);
    g_assert_cmpuint(stats.in_flight, ==, 0);
    g_assert_cmpuint(stats.calls, ==, 1);
    g_assert_cmpuint(stats.used_qps, ==, 1);
    g_assert_cmpint(stats.last_ok_us, ==, world.now_us);
    g_assert_cmpuint(stats.queued, ==, 0);
    world_clear(&world);
}

static void test_post(void)
{
    World world;
    Outcome outcome = {0};

    world_init(&world, 0, 0);
    write_call(&world, &outcome);
    settle(&world);
    g_assert_cmpstr(nth(&world, 0)->body, ==, "{\"x\":1}");
    answer(&world, 0, "{\"code\":20001,\"data\":{}}");
    g_assert_cmpint(outcome.code, ==, 20001);
    world_clear(&world);
}

static void test_app(void)
{
    World world;
    Outcome outcome = {0}, refused = {0};
    Sender sender = {.data = &world, .start = fake_start, .free = fake_free};

    world_init(&world, 0, 0);
    call(&world, &outcome, ENDPOINT_ADVERTISERS, CALL_WAITED, 0);
    settle(&world);
    g_assert_cmpstr(nth(&world, 0)->url, ==,
                    "https://api.test/v1.3/oauth2/advertiser/get/"
                    "?advertiser_id=7&app_id=a%26b&secret=s3cret");
    client_free(world.client);
    world.client = client_new_with_sender(
        &(ClientConfig){.base_url = "https://x", .app_id = "1", .clock = &world.clock}, &sender);
    call(&world, &refused, ENDPOINT_ADVERTISERS, CALL_WAITED, 0);
    g_assert_cmpuint(refused.n, ==, 0);
    settle(&world);
    check_failed(&refused, API_ERROR_TOKEN);
    g_assert_cmpuint(outcome.n, ==, 0); /* was under way when its client went */
    world_clear(&world);
}

static void keep_log(const char *domain, GLogLevelFlags level, const char *text, gpointer user_data)
{
    (void)domain, (void)level;
    g_string_append(user_data, text);
}

static void test_log(void)
{
    World world;
    Outcome app = {0}, other = {0};
    g_autoptr(GString) log = g_string_new(NULL);

    world_init(&world, 0, 0);
    guint handler = g_log_set_handler(G_LOG_DOMAIN, G_LOG_LEVEL_DEBUG, keep_log, log);
    call(&world, &app, ENDPOINT_ADVERTISERS, CALL_WAITED, 0);
    call(&world, &other, ENDPOINT_AD_GET, CALL_WAITED, 0);
    settle(&world);
    answer(&world, 0, ok_body);
    answer(&world, 1, ok_body);
    g_log_remove_handler(G_LOG_DOMAIN, handler);
    g_assert_nonnull(strstr(log->str, "oauth2/advertiser/get/"));
    g_assert_nonnull(strstr(log->str, "ad/get/?advertiser_id=7"));
    g_assert_null(strstr(log->str, "s3cret"));
    world_clear(&world);
}

static void test_pacing(void)
{
    World world;
    Outcome outcomes[25] = {{0}};

    world_init(&world, 5, 0);
    for (guint i = 0; i < G_N_ELEMENTS(outcomes); i++)
        read_call(&world, &outcomes[i]);
    settle(&world);
    g_assert_cmpuint(world.sent->len, ==, 5);
    pass(&world, 10 * second_us);
    g_assert_cmpuint(world.sent->len, ==, 5); /* not answered: the service may count them yet */
    for (guint i = 0; i < 5; i++)
        answer(&world, i, ok_body);
    g_assert_cmpuint(world.sent->len, ==, 5);
    pass(&world, second_us - 1);
    g_assert_cmpuint(world.sent->len, ==, 5);
    pass(&world, 10000);
    g_assert_cmpuint(world.sent->len, ==, 10);
    world_clear(&world);
}

/* Without a limit there still are only so many connections, and some are kept for writes. */
static void test_connections(void)
{
    World world;
    Outcome outcomes[40] = {{0}}, write = {0};

    world_init(&world, 0, 0);
    for (guint i = 0; i < G_N_ELEMENTS(outcomes); i++)
        read_call(&world, &outcomes[i]);
    settle(&world);
    g_assert_cmpuint(world.sent->len, ==, 14);
    write_call(&world, &write);
    settle(&world);
    g_assert_cmpuint(world.sent->len, ==, 15);
    g_assert_nonnull(nth(&world, 14)->body);
    answer(&world, 0, ok_body);
    answer(&world, 1, ok_body);
    g_assert_cmpuint(world.sent->len, ==, 16);
    world_clear(&world);
}

static void test_priorities(void)
{
    World world;
    Outcome outcomes[4] = {{0}};

    world_init(&world, 1, 0);
    call(&world, &outcomes[0], ENDPOINT_AD_GET, CALL_BACKGROUND, 0);
    call(&world, &outcomes[1], ENDPOINT_ADGROUP_GET, CALL_WAITED, 0);
    call(&world, &outcomes[2], ENDPOINT_CAMPAIGN_GET, CALL_WAITED, 0);
    call(&world, &outcomes[3], ENDPOINT_AD_UPDATE, CALL_WRITE, 0);
    settle(&world);
    for (guint i = 0; i < 4; i++) {
        answer(&world, i, ok_body);
        pass(&world, 2 * second_us);
    }
    g_assert_nonnull(strstr(nth(&world, 0)->url, "/ad/update/"));
    g_assert_nonnull(strstr(nth(&world, 1)->url, "/adgroup/get/"));
    g_assert_nonnull(strstr(nth(&world, 2)->url, "/campaign/get/"));
    g_assert_nonnull(strstr(nth(&world, 3)->url, "/ad/get/"));
    world_clear(&world);
}

static void test_deadline(void)
{
    World world;
    Outcome first = {0}, late = {0};

    world_init(&world, 1, 0);
    read_call(&world, &first);
    settle(&world);
    guint64 id =
        call(&world, &late, ENDPOINT_CAMPAIGN_UPDATE, CALL_WRITE, world.now_us + 30 * second_us);
    pass(&world, 30 * second_us - 1);
    g_assert_cmpuint(late.n, ==, 0);
    pass(&world, 1);
    g_assert_nonnull(strstr(late.error->message, "not sent"));
    check_failed(&late, API_ERROR_BUSY);
    g_assert_cmpuint(world.sent->len, ==, 1);
    g_assert_false(client_withdraw(world.client, id));
    world_clear(&world);
}

static gboolean is_wanted(void *user_data)
{
    return ((Outcome *)user_data)->wanted;
}

/* Refused for its rate a call waits as long as somebody waits for it, and no longer. */
static void test_unwanted(void)
{
    World world;
    Outcome outcome = {.world = &world, .wanted = TRUE};
    Call request = {.endpoint = ENDPOINT_CAMPAIGN_GET, .advertiser = "7", .wanted = is_wanted};
    guint n = 0;

    world_init(&world, 0, 0);
    client_call(world.client, &request, on_done, &outcome);
    for (; n < 8; pass(&world, 80 * second_us)) {
        settle(&world);
        answer(&world, n++, "{\"code\":40133,\"message\":\"slow\",\"request_id\":\"r\"}");
    }
    g_assert_cmpuint(outcome.n, ==, 0);
    g_assert_cmpuint(world.sent->len, ==, 9);
    outcome.wanted = FALSE;
    answer(&world, n, "{\"code\":40133,\"message\":\"slow\",\"request_id\":\"r\"}");
    g_assert_cmpint(api_error_code(outcome.error), ==, 40133);
    check_failed(&outcome, API_ERROR_BUSY);
    outcome.n = 0;
    client_call(world.client, &request, on_done, &outcome);
    for (n = 9; n < 9 + 4; n++) {
        pass(&world, 80 * second_us);
        answer(&world, n, "{\"code\":40133}");
    }
    g_assert_cmpuint(outcome.n, ==, 0); /* it may pass in a moment */
    pass(&world, 80 * second_us);
    answer(&world, n, "{\"code\":40133}");
    check_failed(&outcome, API_ERROR_BUSY);
    world_clear(&world);
}

/* Once sent, the deadline is over: the answer is waited for. */
static void test_deadline_after_sending(void)
{
    World world;
    Outcome outcome = {0};

    world_init(&world, 1, 0);
    call(&world, &outcome, ENDPOINT_CAMPAIGN_UPDATE, CALL_WRITE, world.now_us + second_us);
    settle(&world);
    pass(&world, 50 * second_us);
    g_assert_cmpuint(outcome.n, ==, 0);
    answer(&world, 0, ok_body);
    g_assert_cmpuint(outcome.n, ==, 1);
    g_assert_no_error(outcome.error);
    world_clear(&world);
}

/* Its connection must be there before its deadline; a read's may come as late as it likes. */
static void test_connect_in_time(void)
{
    World world;
    Outcome outcomes[3] = {{0}};

    world_init(&world, 0, 0);
    call(&world, &outcomes[0], ENDPOINT_CAMPAIGN_UPDATE, CALL_WRITE, world.now_us + 2500000);
    call(&world, &outcomes[1], ENDPOINT_CAMPAIGN_UPDATE, CALL_WRITE, 0);
    settle(&world);
    call(&world, &outcomes[2], ENDPOINT_CAMPAIGN_GET, CALL_WAITED, world.now_us + 2500000);
    settle(&world);
    g_assert_cmpuint(nth(&world, 0)->connect_ms, ==, 2500);
    g_assert_cmpuint(nth(&world, 1)->connect_ms, ==, 0);
    g_assert_cmpuint(nth(&world, 2)->connect_ms, ==, 0);
    world_clear(&world);
}

static void test_withdraw(void)
{
    World world;
    Outcome sent = {0}, waiting = {0};

    world_init(&world, 1, 0);
    guint64 first = read_call(&world, &sent);
    settle(&world);
    guint64 second = read_call(&world, &waiting);
    settle(&world);
    g_assert_false(client_withdraw(world.client, first));
    g_assert_true(client_withdraw(world.client, second));
    g_assert_false(client_withdraw(world.client, second));
    answer(&world, 0, ok_body);
    pass(&world, 100 * second_us);
    g_assert_cmpuint(sent.n, ==, 1);
    g_assert_cmpuint(waiting.n, ==, 0);
    g_assert_cmpuint(world.sent->len, ==, 1);
    world_clear(&world);
}

static void test_throttled(void)
{
    World world;
    Outcome outcome = {0};
    g_autoptr(GBytes) body = g_bytes_new_static(ok_body, strlen(ok_body));

    world_init(&world, 0, 0);
    read_call(&world, &outcome);
    settle(&world);
    finish(&world, 0,
           &(TransferResult){
               .outcome = TRANSFER_WHOLE, .status = 200, .body = body, .throttled = TRUE});
    g_assert_true(outcome.truncated);
    world_clear(&world);
}

static char *big_body(guint n_rows)
{
    GString *body = g_string_new("{\"code\":0,\"data\":{\"list\":[{}");

    for (guint i = 1; i < n_rows; i++)
        g_string_append_printf(body, ",{\"campaign_id\":\"%u\",\"budget\":500.10}", i);
    g_string_append(body, "]}}");
    return g_string_free(body, FALSE);
}

static void test_big_body(void)
{
    World world;
    Outcome outcome = {0};
    g_autofree char *text = big_body(30000);
    g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));

    world_init(&world, 0, 0);
    read_call(&world, &outcome);
    settle(&world);
    nth(&world, 0)->done(nth(&world, 0)->user_data,
                         &(TransferResult){.outcome = TRANSFER_WHOLE, .status = 200, .body = body});
    g_assert_cmpuint(outcome.n, ==, 0);
    while (outcome.n == 0)
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpint(outcome.n_rows, ==, 30000);
    world_clear(&world);
}

/* The answer that is being decoded when the client goes is nobody's; ASan sees a leak or worse. */
static void test_free_while_decoding(void)
{
    World world;
    Outcome outcome = {0};
    g_autofree char *text = big_body(30000);

    world_init(&world, 0, 0);
    read_call(&world, &outcome);
    settle(&world);
    g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));
    nth(&world, 0)->done(nth(&world, 0)->user_data,
                         &(TransferResult){.outcome = TRANSFER_WHOLE, .status = 200, .body = body});
    world_clear(&world);
    for (int i = 0; i < 50; i++) {
        g_usleep(2000);
        g_main_context_iteration(NULL, FALSE);
    }
    g_assert_cmpuint(outcome.n, ==, 0);
}

static void test_free_in_callback(void)
{
    World world;
    Outcome first = {.free_client = TRUE}, second = {0}, third = {0};

    world_init(&world, 2, 0);
    read_call(&world, &first);
    read_call(&world, &second);
    read_call(&world, &third);
    settle(&world);
    answer(&world, 0, ok_body);
    g_assert_null(world.client);
    g_assert_cmpuint(first.n, ==, 1);
    g_assert_cmpuint(second.n + third.n, ==, 0);
    world_clear(&world);
}

static void test_free_in_late_callback(void)
{
    World world;
    Outcome first = {.free_client = TRUE}, second = {0};

    world_init(&world, 0, 0);
    call(&world, &first, ENDPOINT_AD_GET, CALL_WAITED, 1);
    call(&world, &second, ENDPOINT_AD_GET, CALL_WAITED, 1);
    settle(&world);
    check_failed(&first, API_ERROR_BUSY);
    g_assert_cmpuint(second.n, ==, 0);
    world_clear(&world);
}

static void test_config(void)
{
    static const char *const bad[] = {
        "http://business-api.test/v1.3",
        "ftp://127.0.0.1/",
        "127.0.0.1:80",
        "",
        "https://",
        "http://127.0.0.1.evil.test/",
        "https://user:pw@api.test/",
        "https://api.test/?x=1",
        "http://localhost.evil.test",
        "http://10.0.0.1/",
        NULL,
    };
    static const char *const good[] = {
        "https://business-api.tiktok.com/open_api/v1.3",
        "http://127.0.0.1:8080",
        "http://localhost:1/open_api/v1.3/",
        "http://[::1]:80/",
        "http://127.9.9.9/",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        ClientConfig config = {.base_url = bad[i], .clock = &clock_system};

        g_assert_null(client_new(&config, &error));
        g_assert_error(error, API_ERROR, API_ERROR_INVALID);
        g_assert_nonnull(strstr(error->message, bad[i] != NULL ? bad[i] : "URL"));
    }
    for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autoptr(GError) error = NULL;
        ClientConfig config = {.base_url = good[i], .clock = &clock_system};
        g_autoptr(Client) client = client_new(&config, &error);

        g_assert_no_error(error);
        g_assert_nonnull(client);
    }
}

static void test_token(void)
{
    World world;
    g_autoptr(GError) error = NULL;

    world_init(&world, 0, 0);
    g_assert_true(client_set_token(world.client, NULL, 0, NULL));
    g_assert_false(client_set_token(world.client, "t0ken\nX: y", 0, &error));
    g_assert_error(error, API_ERROR, API_ERROR_TOKEN);
    g_assert_null(strstr(error->message, "t0ken"));
    world_clear(&world);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/client/answer-comes-after-the-call-returned", test_answer);
    g_test_add_func("/client/partial-success-is-an-answer", test_post);
    g_test_add_func("/client/app-calls-carry-id-and-secret", test_app);
    g_test_add_func("/client/no-secret-in-the-log", test_log);
    g_test_add_func("/client/paced-to-the-limit", test_pacing);
    g_test_add_func("/client/writes-find-a-connection", test_connections);
    g_test_add_func("/client/writes-first-background-last", test_priorities);
    g_test_add_func("/client/not-sent-in-time-is-busy", test_deadline);
    g_test_add_func("/client/a-write-connects-before-its-deadline", test_connect_in_time);
    g_test_add_func("/client/refused-while-nobody-waits-is-busy", test_unwanted);
    g_test_add_func("/client/sent-in-time-is-waited-for", test_deadline_after_sending);
    g_test_add_func("/client/withdraw-before-and-after-sending", test_withdraw);
    g_test_add_func("/client/cut-rows-are-reported", test_throttled);
    g_test_add_func("/client/big-body-is-decoded-off-loop", test_big_body);
    g_test_add_func("/client/free-while-decoding", test_free_while_decoding);
    g_test_add_func("/client/free-in-a-callback", test_free_in_callback);
    g_test_add_func("/client/free-in-a-late-callback", test_free_in_late_callback);
    g_test_add_func("/client/refuses-insecure-urls", test_config);
    g_test_add_func("/client/refuses-a-token-with-a-line-end", test_token);
    return g_test_run();
}
