/* SPDX-License-Identifier: MIT */
/* test-fetch.c - links the service gave: where they may lead, what they get of us, how they die. */
#include "tests/unit/stream-server.h"

#include "api/http-private.h"
#include "tests/unit/world.h"

#define LINK "https://files.test/o/x.csv?sig=s%2Fig&expires=1"

static void null_begin(void *user_data)
{
    (void)user_data;
}

static gboolean null_write(void *user_data, GBytes *piece)
{
    (void)user_data, (void)piece;
    return TRUE;
}

static const CallSink null_sink = {null_begin, null_write};

static guint64 fetch(World *world, Outcome *outcome, const char *url)
{
    Call request = {.url = url, .priority = CALL_WAITED, .sink = &null_sink};

    outcome->world = world;
    return client_call(world->client, &request, on_done, outcome);
}

static void answer_stream(World *world, guint index)
{
    finish(world, index,
           &(TransferResult){.outcome = TRANSFER_WHOLE, .status = 200, .streamed = TRUE});
}

/* ---- what it gets of us ---- */

static void test_no_token(void)
{
    const Reply replies[] = {{CSV_HEAD("Content-Length: 8\r\n"), "a,b\n1,2\n"}};
    Fixture fixture;

    set_up(&fixture, replies);
    g_autofree char *url = g_strconcat(fixture.server.base, "/o/x.csv?sig=s%2Fig&expires=1", NULL);
    Call call = {.url = url, .priority = CALL_WAITED, .sink = &taker_sink};
    fixture.taker.id = client_call(fixture.client, &call, taker_done, &fixture.taker);
    run_taker(&fixture.taker);
    g_assert_no_error(fixture.taker.error);
    g_assert_cmpstr(fixture.taker.text->str, ==, "a,b\n1,2\n");
    g_assert_true(fixture.taker.streamed);
    g_assert_true(g_str_has_prefix(fixture.server.requests->str,
                                   "GET /o/x.csv?sig=s%2Fig&expires=1 HTTP/1.1\r\n"));
    g_assert_null(strstr(fixture.server.requests->str, "Access-Token"));
    g_assert_null(strstr(fixture.server.requests->str, "t0ken"));
    tear_down(&fixture);
}

/* Another host has other limits, and needs no token of ours. */
static void test_no_rate(void)
{
    World world;
    Outcome outcomes[4] = {{0}};
    ClientStats stats;

    world_init(&world, 1, 1);
    for (gsize i = 0; i < 3; i++)
        fetch(&world, &outcomes[i], LINK);
    read_call(&world, &outcomes[3]);
    settle(&world);
    g_assert_cmpuint(world.sent->len, ==, 4);
    client_stats(world.client, &stats);
    g_assert_cmpuint(stats.used_qps, ==, 1);
    for (guint i = 0; i < 3; i++) {
        g_assert_cmpstr(nth(&world, i)->url, ==, LINK);
        g_assert_null(nth(&world, i)->token);
        answer_stream(&world, i);
        g_assert_cmpuint(outcomes[i].n, ==, 1);
        g_assert_no_error(outcomes[i].error);
    }
    world_clear(&world);
}

static void test_few_at_a_time(void)
{
    World world;
    Outcome links[2 * STREAMS_MAX] = {{0}}, reads[14] = {{0}};

    world_init(&world, 0, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(links); i++)
        fetch(&world, &links[i], LINK);
    settle(&world);
    g_assert_cmpuint(world.sent->len, ==, STREAMS_MAX);
    for (gsize i = 0; i < G_N_ELEMENTS(reads); i++)
        read_call(&world, &reads[i]);
    settle(&world); /* connections to another host are no connections to the service */
    g_assert_cmpuint(world.sent->len, ==, STREAMS_MAX + G_N_ELEMENTS(reads));
    answer_stream(&world, 0);
    g_assert_cmpuint(world.sent->len, ==, STREAMS_MAX + G_N_ELEMENTS(reads) + 1);
    g_assert_cmpstr(nth(&world, world.sent->len - 1)->url, ==, LINK);
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
    Outcome outcomes[2] = {{0}};
    g_autoptr(GString) log = g_string_new(NULL);

    world_init(&world, 0, 0);
    guint handler = g_log_set_handler(G_LOG_DOMAIN, G_LOG_LEVEL_DEBUG, keep_log, log);
    fetch(&world, &outcomes[0], LINK);
    fetch(&world, &outcomes[1], LINK);
    settle(&world);
    answer_stream(&world, 0);
    answer_status(&world, 1, "<Error>" LINK "</Error>", 403);
    g_log_remove_handler(G_LOG_DOMAIN, handler);
    g_assert_nonnull(strstr(log->str, "the link"));
    g_assert_null(strstr(log->str, "files.test"));
    g_assert_null(strstr(log->str, "sig="));
    g_assert_null(strstr(outcomes[1].error->message, "sig="));
    check_failed(&outcomes[1], API_ERROR_NOT_FOUND);
    world_clear(&world);
}

/* ---- how it dies ---- */

static void test_died(void)
{
    static const guint statuses[] = {401, 403, 404, 410};

    for (gsize i = 0; i < G_N_ELEMENTS(statuses); i++) {
        World world;
        Outcome outcome = {0};

        world_init(&world, 0, 0);
        fetch(&world, &outcome, LINK);
        settle(&world);
        answer_status(&world, 0, "<Error/>", statuses[i]);
        check_failed(&outcome, API_ERROR_NOT_FOUND);
        pass(&world, 100 * second_us);
        g_assert_cmpuint(world.sent->len, ==, 1);
        world_clear(&world);
    }
}

static void test_again(void)
{
    World world;
    Outcome outcome = {0};

    world_init(&world, 0, 0);
    fetch(&world, &outcome, LINK);
    settle(&world);
    answer_status(&world, 0, "busy", 503);
    g_assert_cmpuint(outcome.n, ==, 0);
    pass(&world, 2 * second_us);
    break_off(&world, 1, TRANSFER_CUT);
    g_assert_cmpuint(world.sent->len, ==, 2);
    pass(&world, 3 * second_us);
    answer_stream(&world, 2);
    g_assert_cmpuint(outcome.n, ==, 1);
    g_assert_no_error(outcome.error);
    world_clear(&world);
}

/* What another host says is not said of our rates, and not of our token. */
static void test_not_the_service(void)
{
    World world;
    Outcome outcomes[2] = {{0}}, read = {0};

    world_init(&world, 0, 0);
    g_assert_true(client_set_token(world.client, "t0ken", 0, NULL));
    fetch(&world, &outcomes[0], LINK);
    fetch(&world, &outcomes[1], LINK);
    settle(&world);
    answer_status(&world, 0, "slow down", 429);
    answer(&world, 1, "{\"code\":40105,\"message\":\"wrong token\",\"data\":{}}");
    read_call(&world, &read);
    settle(&world);
    g_assert_cmpuint(world.sent->len, ==, 3);
    answer(&world, 2, ok_body);
    g_assert_cmpuint(read.n, ==, 1);
    g_assert_no_error(read.error);
    world_clear(&world);
}

static void test_no_file(void)
{
    World world;
    Outcome page = {0}, elsewhere = {0};

    world_init(&world, 0, 0);
    fetch(&world, &page, LINK);
    settle(&world);
    for (guint i = 0; i < 5; i++) {
        answer(&world, i, "<html>log in</html>");
        pass(&world, 20 * second_us);
    }
    check_failed(&page, API_ERROR_MALFORMED);
    fetch(&world, &elsewhere, LINK);
    settle(&world);
    finish(
        &world, 5,
        &(TransferResult){.outcome = TRANSFER_WHOLE, .status = 302, .elsewhere = "elsewhere.test"});
    g_assert_nonnull(strstr(elsewhere.error->message, "elsewhere.test"));
    check_failed(&elsewhere, API_ERROR_REMOTE);
    g_assert_cmpuint(world.sent->len, ==, 6);
    world_clear(&world);
}

static void test_withdraw(void)
{
    World world;
    Outcome outcomes[STREAMS_MAX + 2] = {{0}};
    guint64 ids[STREAMS_MAX + 2];

    world_init(&world, 0, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++)
        ids[i] = fetch(&world, &outcomes[i], LINK);
    settle(&world);
    g_assert_true(client_withdraw(world.client, ids[STREAMS_MAX])); /* it waits */
    g_assert_true(client_withdraw(world.client, ids[0]));           /* it is under way */
    settle(&world);
    g_assert_cmpuint(world.sent->len, ==, STREAMS_MAX + 1);
    g_assert_false(client_withdraw(world.client, ids[0]));
    g_assert_cmpuint(outcomes[0].n + outcomes[STREAMS_MAX].n, ==, 0);
    world_clear(&world);
}

/* ---- where it may lead ---- */

static void check_link(const char *url, gboolean loopback, int reach)
{
    g_autoptr(GError) error = NULL;
    TransferReach got = REACH_SERVICE;

    g_assert_cmpint(reach_of_link(url, loopback, &got, &error), ==, reach >= 0);
    if (reach >= 0) {
        g_assert_no_error(error);
        g_assert_cmpint(got, ==, reach);
    } else {
        g_assert_error(error, API_ERROR, API_ERROR_REMOTE);
        g_assert_null(strstr(error->message, "sig"));
    }
}

static void test_links(void)
{
    static const char *const never[] = {
        "",
        "https://",
        "files.test/x",
        "http://files.test/x",
        "ftp://files.test/x",
        "/o/x.csv",
        "file:///etc/passwd",
        "https://user:pw@files.test/?sig=1",
        "https://10.0.0.1/?sig=1",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest",
        "https://[fe80::1]/",
        "https://[fc00::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::10.0.0.1]/",
        "https://0xa000001/",
        "https://files.test/x\r\nX: y",
        "https://0.0.0.0/",
    };
    static const char *const local[] = {
        "http://127.0.0.1:8080/x?sig=1",
        "https://127.0.0.1/",
        "http://localhost/x",
        "https://LocalHost/",
        "http://[::1]:80/",
        "https://0x7f.1/",
        "https://2130706433/",
    };
    static const char *const everywhere[] = {LINK, "https://8.8.8.8/x", "https://[2600::1]:444/x",
                                             "https://[64:ff9b::8.8.8.8]/"};

    for (gsize i = 0; i < G_N_ELEMENTS(never); i++) {
        check_link(never[i], FALSE, -1);
        check_link(never[i], TRUE, -1);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(local); i++) {
        check_link(local[i], FALSE, -1);
        check_link(local[i], TRUE, REACH_LOOPBACK);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(everywhere); i++) {
        check_link(everywhere[i], FALSE, REACH_PUBLIC);
        check_link(everywhere[i], TRUE, REACH_PUBLIC);
    }
}

/* It is an answer like any other: not from inside client_call(), and nothing is sent. */
static void test_refused(void)
{
    World world;
    Outcome outcome = {0};

    world_init(&world, 0, 0);
    fetch(&world, &outcome, "http://files.test/o/x.csv?sig=1");
    g_assert_cmpuint(outcome.n, ==, 0);
    settle(&world);
    g_assert_null(strstr(outcome.error->message, "files.test"));
    check_failed(&outcome, API_ERROR_REMOTE);
    g_assert_cmpuint(world.sent->len, ==, 0);
    fetch(&world, &outcome, "http://127.0.0.1/x"); /* the service is elsewhere */
    settle(&world);
    g_assert_cmpuint(world.sent->len, ==, 0);
    g_clear_error(&outcome.error);
    world_clear(&world);
}

static void fetch_raw(const char *url, TransferReach reach, Raw *raw)
{
    TransferRequest request = {.url = url, .timeout_s = 10, .reach = reach, .write = raw_write};
    Sender sender;

    *raw = (Raw){.text = g_string_new(NULL)};
    g_assert_true(http_sender_new(TRUE, &sender, NULL));
    sender.start(sender.data, &request, raw_done, raw);
    while (!raw->done)
        g_main_context_iteration(NULL, TRUE);
    sender.free(sender.data);
    g_string_free(raw->text, TRUE);
}

/* A name may lead to any address: what counts is where the connection goes. */
static void test_connected(void)
{
    static const char *const hosts[] = {"localhost", "127.0.0.1", "[::ffff:127.0.0.1]", "[::1]"};
    const Reply replies[] = {{CLOSE, "a,b\n"}, {CLOSE, "a,b\n"}};
    StreamServer server;
    Raw raw;

    stream_server_init(&server, replies);
    for (gsize i = 0; i < G_N_ELEMENTS(hosts); i++) {
        g_autofree char *url = g_strconcat("https://", hosts[i], strrchr(server.base, ':'), NULL);

        fetch_raw(url, REACH_PUBLIC, &raw);
        g_assert_cmpint(raw.result.outcome, ==, TRANSFER_REFUSED);
        g_assert_nonnull(strstr(raw.why, "private network"));
        g_free(raw.why);
    }
    g_assert_cmpuint(server.n_connections, ==, 0);
    fetch_raw("http://192.0.2.1/", REACH_LOOPBACK, &raw);
    g_assert_cmpint(raw.result.outcome, ==, TRANSFER_REFUSED);
    g_free(raw.why);
    fetch_raw(server.base, REACH_LOOPBACK, &raw);
    g_assert_cmpint(raw.result.outcome, ==, TRANSFER_WHOLE);
    fetch_raw(server.base, REACH_PUBLIC, &raw); /* http is for this machine */
    g_assert_cmpint(raw.result.outcome, ==, TRANSFER_NOT_SENT);
    g_free(raw.why);
    g_assert_cmpuint(server.n_connections, ==, 1);
    stream_server_clear(&server);
}

/* We connect to the proxy alone, wherever it is, and it does not see the link. */
static void test_proxy(void)
{
    const Reply replies[] = {{"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", NULL}};
    StreamServer server;
    Raw raw;

    stream_server_init(&server, replies);
    g_setenv("https_proxy", server.base, TRUE);
    g_setenv("no_proxy", "*", TRUE);
    fetch_raw(LINK, REACH_PUBLIC, &raw);
    g_unsetenv("https_proxy");
    g_unsetenv("no_proxy");
    g_assert_cmpint(raw.result.outcome, !=, TRANSFER_WHOLE);
    g_free(raw.why);
    g_assert_true(g_str_has_prefix(server.requests->str, "CONNECT files.test:443 HTTP/1.1\r\n"));
    g_assert_null(strstr(server.requests->str, "sig"));
    stream_server_clear(&server);
}

static void test_addresses(void)
{
    static const struct {
        const char *text;
        gboolean is_public, is_loopback;
    } addresses[] = {
        {"8.8.8.8", TRUE, FALSE},
        {"172.15.0.1", TRUE, FALSE},
        {"172.32.0.1", TRUE, FALSE},
        {"2600:1f18::1", TRUE, FALSE},
        {"64:ff9b::808:808", TRUE, FALSE},
        {"0.0.0.0", FALSE, FALSE},
        {"10.1.2.3", FALSE, FALSE},
        {"100.64.0.1", FALSE, FALSE},
        {"127.0.0.1", FALSE, TRUE},
        {"127.9.9.9", FALSE, TRUE},
        {"169.254.169.254", FALSE, FALSE},
        {"172.16.0.1", FALSE, FALSE},
        {"172.31.255.255", FALSE, FALSE},
        {"192.168.0.1", FALSE, FALSE},
        {"198.18.0.1", FALSE, FALSE},
        {"224.0.0.1", FALSE, FALSE},
        {"255.255.255.255", FALSE, FALSE},
        {"::", FALSE, FALSE},
        {"::1", FALSE, TRUE},
        {"fe80::1", FALSE, FALSE},
        {"fd00::1", FALSE, FALSE},
        {"ff02::1", FALSE, FALSE},
        {"2002:a00:1::1", FALSE, FALSE},
        {"2001::1", FALSE, FALSE},
        {"64:ff9b::a00:1", FALSE, FALSE},
        {"64:ff9b::7f00:1", FALSE, FALSE},
        {"::ffff:10.0.0.1", FALSE, FALSE},
        {"::ffff:8.8.8.8", TRUE, FALSE},
        {"::ffff:127.0.0.1", FALSE, TRUE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(addresses); i++) {
        g_autoptr(GInetAddress) address = g_inet_address_new_from_string(addresses[i].text);

        g_assert_cmpint(reach_allows(REACH_PUBLIC, address), ==, addresses[i].is_public);
        g_assert_cmpint(reach_allows(REACH_LOOPBACK, address), ==, addresses[i].is_loopback);
        g_assert_true(reach_allows(REACH_SERVICE, address));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/fetch/a-link-gets-no-token", test_no_token);
    g_test_add_func("/fetch/a-link-counts-in-no-rate", test_no_rate);
    g_test_add_func("/fetch/few-at-a-time", test_few_at_a_time);
    g_test_add_func("/fetch/no-link-in-the-log", test_log);
    g_test_add_func("/fetch/a-link-that-died-is-not-found", test_died);
    g_test_add_func("/fetch/a-fault-is-tried-again", test_again);
    g_test_add_func("/fetch/another-host-is-not-the-service", test_not_the_service);
    g_test_add_func("/fetch/a-page-is-no-file", test_no_file);
    g_test_add_func("/fetch/withdraw-before-and-after-sending", test_withdraw);
    g_test_add_func("/fetch/https-to-public-hosts", test_links);
    g_test_add_func("/fetch/refused-from-the-loop", test_refused);
    g_test_add_func("/fetch/the-address-counts-not-the-name", test_connected);
    g_test_add_func("/fetch/a-proxy-takes-all", test_proxy);
    g_test_add_func("/fetch/public-addresses", test_addresses);
    return g_test_run();
}
