/* SPDX-License-Identifier: MIT */
/* test-http.c - real sockets: what went out, and how far a broken transfer came. */
#include "tests/unit/scripted-server.h"

#include "api/client.h"

static void test_get_and_post(void)
{
    static const char *const script[] = {
        ANSWER("Content-Length: 2\r\n", "{}"),
        ANSWER("Content-Length: 3\r\nx-tt-ads-throttle: 20k\r\n", "[1]"),
    };
    Server server;
    Sender sender;
    Result result = {0};

    server_init(&server, script);
    g_assert_true(http_sender_new(TRUE, &sender, NULL));
    transfer(&sender, server.base, NULL, &result);
    g_assert_cmpint(result.outcome, ==, TRANSFER_WHOLE);
    g_assert_cmpuint(result.status, ==, 200);
    g_assert_cmpstr(result.body, ==, "{}");
    g_assert_false(result.throttled);
    g_assert_nonnull(strstr(server.requests->str, "GET /v1.3/campaign/get/?page=1 HTTP/1.1\r\n"));
    g_assert_nonnull(strstr(server.requests->str, "\r\nAccess-Token: t0ken\r\n"));
    g_string_truncate(server.requests, 0);
    result_clear(&result);
    transfer(&sender, server.base, "{\"a\":1}", &result);
    g_assert_cmpstr(result.body, ==, "[1]");
    g_assert_true(result.throttled);
    g_assert_nonnull(strstr(server.requests->str, "POST "));
    g_assert_nonnull(strstr(server.requests->str, "\r\nContent-Type: application/json\r\n"));
    g_assert_nonnull(strstr(server.requests->str, "\r\nAccess-Token: t0ken\r\n"));
    g_assert_true(g_str_has_suffix(server.requests->str, "\r\n\r\n{\"a\":1}"));
    g_assert_null(strstr(server.requests->str, "Expect"));
    result_clear(&result);
    sender.free(sender.data);
    server_clear(&server);
}

static void test_reuse(void)
{
    static const char *const script[] = {
        ANSWER("Content-Length: 2\r\n", "{}"),
        ANSWER("Content-Length: 2\r\n", "{}"),
        ANSWER("Content-Length: 2\r\n", "{}"),
    };
    Server server;
    Sender sender;

    server_init(&server, script);
    g_assert_true(http_sender_new(TRUE, &sender, NULL));
    for (int i = 0; i < 3; i++) {
        Result result = {0};

        transfer(&sender, server.base, NULL, &result);
        result_clear(&result);
    }
    g_assert_cmpuint(server.n_requests, ==, 3);
    g_assert_cmpuint(server.n_connections, ==, 1);
    sender.free(sender.data);
    server_clear(&server);
}

/* curl sends again by itself what it sent on a kept connection that closes. Not a write. */
static void test_write_once(void)
{
    static const char *const script[] = {
        ANSWER("Content-Length: 2\r\n", "{}"),
        NULL,
        ANSWER("Content-Length: 2\r\n", "{}"),
    };
    Server server;
    Sender sender;
    Result result = {0};

    server_init(&server, script);
    g_assert_true(http_sender_new(TRUE, &sender, NULL));
    transfer(&sender, server.base, NULL, &result);
    result_clear(&result);
    transfer(&sender, server.base, "{}", &result);
    g_assert_cmpint(result.outcome, ==, TRANSFER_LOST);
    g_assert_cmpuint(server.n_requests, ==, 2);
    g_assert_null(strstr(result.text, "127.0.0.1:1/"));
    result_clear(&result);
    sender.free(sender.data);
    server_clear(&server);
}

static void check_outcome(const char *answer, const char *body, TransferOutcome expected)
{
    const char *const script[] = {answer, answer, answer};
    Server server;
    Sender sender;
    Result result = {0};

    server_init(&server, script);
    g_assert_true(http_sender_new(TRUE, &sender, NULL));
    transfer(&sender, server.base, body, &result);
    g_assert_cmpint(result.outcome, ==, expected);
    g_assert_true((result.text != NULL) == (expected != TRANSFER_WHOLE));
    result_clear(&result);
    sender.free(sender.data);
    server_clear(&server);
}

static void test_outcomes(void)
{
    check_outcome(NULL, NULL, TRANSFER_LOST);
    check_outcome(NULL, "{}", TRANSFER_LOST);
    check_outcome(ANSWER("Content-Length: 99\r\nConnection: close\r\n", "{\"code\":"), NULL,
                  TRANSFER_CUT);
    check_outcome(ANSWER("Transfer-Encoding: chunked\r\nConnection: close\r\n", "5\r\nabcde\r\n"),
                  "{}", TRANSFER_CUT);
    check_outcome("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 1\r\n\r\nx", NULL, TRANSFER_WHOLE);
}

static void test_not_sent(void)
{
    static const char *const script[] = {NULL};
    Server server;
    Sender sender;
    Result result = {0};

    server_init(&server, script);
    g_autofree char *nobody = g_strdup(server.base);
    server_clear(&server);
    g_assert_true(http_sender_new(TRUE, &sender, NULL));
    transfer(&sender, nobody, "{}", &result);
    g_assert_cmpint(result.outcome, ==, TRANSFER_NOT_SENT);
    result_clear(&result);
    transfer(&sender, "http://no-such-host.invalid", NULL, &result);
    g_assert_cmpint(result.outcome, ==, TRANSFER_NOT_SENT);
    g_assert_nonnull(strstr(result.text, "no-such-host.invalid"));
    result_clear(&result);
    sender.free(sender.data);
}

/* A port where nobody answers: whoever connects first waits to be accepted, and fills the queue. */
static guint16 be_silent(GSocket *listener, GSocket *first)
{
    g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4);
    g_autoptr(GSocketAddress) any = g_inet_socket_address_new(loopback, 0);
    g_autoptr(GSocketAddress) at = NULL;

    g_socket_set_listen_backlog(listener, 0);
    g_assert_true(g_socket_bind(listener, any, TRUE, NULL));
    g_assert_true(g_socket_listen(listener, NULL));
    at = g_socket_get_local_address(listener, NULL);
    g_assert_true(g_socket_connect(first, at, NULL, NULL));
    return g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(at));
}

static GSocket *new_socket(void)
{
    return g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
}

static void test_connect_limit(void)
{
    g_autoptr(GSocket) listener = new_socket(), first = new_socket();
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u/", be_silent(listener, first));
    TransferRequest request = {.url = url, .body = "{}", .timeout_s = 60, .connect_ms = 100};
    Result result = {0};
    gint64 began_us = g_get_monotonic_time();
    Sender sender;

    g_assert_true(http_sender_new(TRUE, &sender, NULL));
    sender.start(sender.data, &request, on_done, &result);
    while (!result.done)
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpint(result.outcome, ==, TRANSFER_NOT_SENT);
    g_assert_cmpint(g_get_monotonic_time() - began_us, <, 5 * (gint64)G_USEC_PER_SEC);
    result_clear(&result);
    sender.free(sender.data);
}

#define REDIRECT(location)                                                                         \
    "HTTP/1.1 302 Found\r\nLocation: " location "\r\nContent-Length: 0\r\nConnection: "            \
    "close\r\n\r\n"

/* The token must not reach wherever a redirect points; the error names the host alone. */
static void check_redirect(const char *answer, const char *host)
{
    const char *const script[] = {answer, ANSWER("Content-Length: 2\r\n", "{}")};
    Server server;
    Result result = {0};

    server_init(&server, script);
    transfer_alone(&server, TRUE, &result);
    g_assert_cmpuint(result.status, ==, 302);
    g_assert_cmpuint(server.n_requests, ==, 1);
    g_assert_cmpstr(result.elsewhere, ==, host);
    result_clear(&result);
    server_clear(&server);
}

static void test_redirect(void)
{
    check_redirect(REDIRECT("/elsewhere?x=1"), "127.0.0.1");
    check_redirect(REDIRECT("https://elsewhere.test/x?code=1"), "elsewhere.test");
    check_redirect(REDIRECT(""), "another place");
}

/* Plain http is for loopback only, even if somebody passes such a URL to a sender. */
static void test_https_only(void)
{
    static const char *const script[] = {ANSWER("Content-Length: 2\r\n", "{}")};
    Server server;
    Result result = {0};

    server_init(&server, script);
    transfer_alone(&server, FALSE, &result);
    g_assert_cmpint(result.outcome, ==, TRANSFER_NOT_SENT);
    g_assert_cmpuint(server.n_requests, ==, 0);
    result_clear(&result);
    server_clear(&server);
}

static void test_no_proxy(void)
{
    static const char *const script[] = {ANSWER("Content-Length: 2\r\n", "{}")};
    Server server;
    Result result = {0};

    server_init(&server, script);
    g_setenv("http_proxy", "http://127.0.0.1:9", TRUE);
    transfer_alone(&server, TRUE, &result);
    g_unsetenv("http_proxy");
    g_assert_cmpint(result.outcome, ==, TRANSFER_WHOLE);
    result_clear(&result);
    server_clear(&server);
}

static void test_free(void)
{
    static const char *const script[] = {ANSWER("Content-Length: 2\r\n", "{}"),
                                         ANSWER("Content-Length: 2\r\n", "{}")};
    Server server;
    Sender sender, other;
    Result result = {0}, never = {0};

    server_init(&server, script);
    g_assert_true(http_sender_new(TRUE, &sender, NULL));
    result.free_sender = &sender;
    transfer(&sender, server.base, NULL, &result); /* frees it while it delivers */
    result_clear(&result);

    g_assert_true(http_sender_new(TRUE, &other, NULL));
    other.start(other.data, &(TransferRequest){.url = server.base, .timeout_s = 10}, on_done,
                &never);
    g_main_context_iteration(NULL, FALSE);
    other.free(other.data);
    for (int i = 0; i < 20; i++) {
        g_usleep(1000);
        g_main_context_iteration(NULL, FALSE);
    }
    g_assert_false(never.done);
    server_clear(&server);
}

static void test_many(void)
{
    static const char *script[65];
    Server server;
    Sender sender;
    Result results[64] = {{0}};
    guint done = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(script); i++)
        script[i] = ANSWER("Content-Length: 2\r\n", "{}");
    server_init(&server, script);
    g_assert_true(http_sender_new(TRUE, &sender, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(results); i++)
        sender.start(sender.data, &(TransferRequest){.url = server.base, .timeout_s = 10}, on_done,
                     &results[i]);
    while (done < G_N_ELEMENTS(results)) {
        g_main_context_iteration(NULL, TRUE);
        done = 0;
        for (gsize i = 0; i < G_N_ELEMENTS(results); i++)
            done += results[i].done ? 1 : 0;
    }
    g_assert_cmpuint(server.n_connections, <=, HTTP_CONNECTIONS_MAX);
    for (gsize i = 0; i < G_N_ELEMENTS(results); i++) {
        g_assert_cmpint(results[i].outcome, ==, TRANSFER_WHOLE);
        result_clear(&results[i]);
    }
    transfer(&sender, server.base, "{}", &results[0]); /* a new one, though all places are taken */
    g_assert_cmpint(results[0].outcome, ==, TRANSFER_WHOLE);
    result_clear(&results[0]);
    sender.free(sender.data);
    server_clear(&server);
}

typedef struct {
    guint n;
    gint64 last_us;
} Counter;

static void on_answer(void *user_data, const Answer *got, const GError *error)
{
    Counter *counter = user_data;

    g_assert_no_error(error);
    g_assert_cmpint(got->n_rows, ==, 1);
    counter->n++;
    counter->last_us = g_get_monotonic_time();
}

/* The whole layer, with the clock of the system: five calls at two a second take two seconds. */
static void test_client(void)
{
    static const char one[] =
        ANSWER("Content-Length: 30\r\n", "{\"code\":0,\"data\":{\"list\":[7]}}");
    static const char *const script[] = {one, one, one, one, one};
    Server server;
    Counter counter = {0};
    g_autoptr(GError) error = NULL;
    gint64 start_us = g_get_monotonic_time();

    server_init(&server, script);
    ClientConfig config = {.base_url = server.base, .qps = 2, .clock = &clock_system};
    g_autoptr(Client) client = client_new(&config, &error);
    g_assert_no_error(error);
    for (int i = 0; i < 5; i++)
        client_call(client, &(Call){.endpoint = ENDPOINT_AD_GET, .priority = CALL_WAITED},
                    on_answer, &counter);
    while (counter.n < 2)
        g_main_context_iteration(NULL, TRUE);
    g_assert_null(strstr(server.requests->str, "Access-Token"));
    g_assert_true(client_set_token(client, "t0ken", 0, NULL));
    while (counter.n < 5)
        g_main_context_iteration(NULL, TRUE);
    g_assert_nonnull(strstr(server.requests->str, "\r\nAccess-Token: t0ken\r\n"));
    g_assert_cmpint(counter.last_us - start_us, >=, 2 * (gint64)G_USEC_PER_SEC);
    g_assert_cmpint(counter.last_us - start_us, <, 4 * (gint64)G_USEC_PER_SEC);
    g_assert_cmpuint(server.n_requests, ==, 5);
    g_clear_pointer(&client, client_free);
    server_clear(&server);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http/get-and-post-carry-the-token", test_get_and_post);
    g_test_add_func("/http/connections-are-kept", test_reuse);
    g_test_add_func("/http/a-write-is-sent-once", test_write_once);
    g_test_add_func("/http/how-far-it-came", test_outcomes);
    g_test_add_func("/http/surely-not-sent", test_not_sent);
    g_test_add_func("/http/not-sent-without-a-connection-in-time", test_connect_limit);
    g_test_add_func("/http/redirects-are-not-followed", test_redirect);
    g_test_add_func("/http/https-only-unless-loopback", test_https_only);
    g_test_add_func("/http/loopback-uses-no-proxy", test_no_proxy);
    g_test_add_func("/http/freed-at-any-time", test_free);
    g_test_add_func("/http/many-at-a-time-on-few-connections", test_many);
    g_test_add_func("/http/whole-layer-keeps-the-pace", test_client);
    return g_test_run();
}
