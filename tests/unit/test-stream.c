/* SPDX-License-Identifier: MIT */
/* test-stream.c - answers that are rows: to whom they go, how fast, and how they end. */
#include "tests/unit/stream-server.h"

#include "tests/unit/world.h"

/* ---- the way of rows ---- */

static void test_pieces(void)
{
    gsize length;
    g_autofree char *rows = rows_of(10 * MIB, &length);
    g_autofree char *head =
        g_strdup_printf(CSV_HEAD("Content-Length: %" G_GSIZE_FORMAT "\r\n"), length);
    const Reply replies[] = {{head, rows, length}};
    Fixture fixture;
    ClientStats stats;

    set_up(&fixture, replies);
    download(&fixture.taker);
    g_assert_cmpuint(fixture.taker.n_begun, ==, 0);
    run_taker(&fixture.taker);
    g_assert_no_error(fixture.taker.error);
    g_assert_cmpuint(fixture.taker.n_begun, ==, 1);
    g_assert_cmpstr(fixture.taker.text->str, ==, rows);
    g_assert_cmpuint(fixture.taker.largest, <=, 256 * 1024);
    g_assert_true(fixture.taker.streamed);
    g_assert_false(fixture.taker.has_body);
    g_assert_cmpuint(fixture.taker.streamed_bytes, ==, length);
    g_assert_cmpint(fixture.taker.code, ==, 0);
    g_assert_cmpint(fixture.taker.n_rows, ==, 0);
    client_stats(fixture.client, &stats);
    g_assert_cmpuint(stats.in_flight, ==, 0);
    g_assert_cmpint(stats.last_ok_us, >, 0);
    g_assert_nonnull(strstr(fixture.server.requests->str, "\r\nAccess-Token: t0ken\r\n"));
    tear_down(&fixture);
}

/* A piece a few milliseconds, of whatever came by then: not one for each packet. */
static void test_few_pieces(void)
{
    gsize length;
    g_autofree char *rows = rows_of(200 * 1024, &length);
    const Reply replies[] = {{CSV_HEAD("Connection: close\r\n"), rows, length, .drip = 200}};
    Fixture fixture;
    gint64 began_us = g_get_monotonic_time();

    set_up(&fixture, replies);
    download(&fixture.taker);
    run_taker(&fixture.taker);
    g_assert_cmpstr(fixture.taker.text->str, ==, rows);
    g_assert_cmpint(fixture.taker.n_pieces, <,
                    5 + (g_get_monotonic_time() - began_us) / 5000 + (gint64)length / (64 * 1024));
    tear_down(&fixture);
}

/* What an answer collected may hold is no limit for a stream. */
static void test_large(void)
{
    gsize length;
    g_autofree char *rows = rows_of(HTTP_BODY_MAX + 2 * MIB, &length);
    const Reply replies[] = {{CSV_HEAD("Connection: close\r\n"), rows, length}};
    Fixture fixture;

    set_up(&fixture, replies);
    download(&fixture.taker);
    run_taker(&fixture.taker);
    g_assert_no_error(fixture.taker.error);
    g_assert_cmpuint(fixture.taker.streamed_bytes, ==, length);
    g_assert_true(strcmp(fixture.taker.text->str, rows) == 0);
    tear_down(&fixture);
}

/* What comes is handed over though little more follows. */
static void test_soon(void)
{
    const Reply replies[] = {{CSV_HEAD("Content-Length: 99\r\n"), "a,b\n", .stay = TRUE}};
    Fixture fixture;

    set_up(&fixture, replies);
    fixture.taker.at_write = TAKE_ONE;
    download(&fixture.taker);
    run_taker(&fixture.taker);
    g_assert_cmpuint(fixture.taker.n_done, ==, 0);
    g_assert_cmpstr(fixture.taker.text->str, ==, "a,b\n");
    tear_down(&fixture);
}

static void test_truncated(void)
{
    const Reply replies[] = {
        {CSV_HEAD("X-Tt-Ads-Throttle: 20k\r\nContent-Length: 4\r\n"), "a,b\n"}};
    Fixture fixture;

    set_up(&fixture, replies);
    download(&fixture.taker);
    run_taker(&fixture.taker);
    g_assert_true(fixture.taker.truncated);
    tear_down(&fixture);
}

/* ---- what is a stream ---- */

typedef struct {
    const char *head, *body;
    gboolean streamed; /* or else collected */
    int kind;          /* of the error; -1: none */
    int code;
} Kind;

#define ENVELOPE   "{\"code\":0,\"data\":{\"download_url\":\"https://x.test/\"}}"
#define REFUSAL    "{\"code\":40201,\"message\":\"not ready\",\"data\":{}}"
#define TYPE(type) OK_HEAD("Content-Type: " type "\r\nConnection: close\r\n")

static const Kind kinds[] = {
    {TYPE("text/csv"), "a,b\n", TRUE, -1},
    {TYPE("Text/CSV;charset=UTF-8"), "a,b\n", TRUE, -1},
    {TYPE("application/octet-stream"), "a,b\n", TRUE, -1},
    {TYPE("text/plain"), "a,b\n", TRUE, -1},
    {TYPE("application/vnd.ms-excel"), "a,b\n", TRUE, -1},
    {TYPE("text/plain"),
     "\xef\xbb\xbf"
     "a,b\n",
     TRUE, -1},
    {TYPE("text/plain"), "\"a\",b\n", TRUE, -1},
    {OK_HEAD("Connection: close\r\n"), "a,b\n", TRUE, -1},
    {TYPE("text/csv"), "", TRUE, -1},
    {TYPE("application/json"), ENVELOPE, FALSE, -1},
    {TYPE("application/json; charset=utf-8"), REFUSAL, FALSE, API_ERROR_BUSY, 40201},
    {TYPE("text/csv"), REFUSAL, FALSE, API_ERROR_BUSY, 40201},
    {TYPE("text/plain"), "\r\n  " ENVELOPE, FALSE, -1},
    {OK_HEAD("Connection: close\r\n"), REFUSAL, FALSE, API_ERROR_BUSY, 40201},
    {"HTTP/1.1 403 Forbidden\r\nContent-Type: text/csv\r\nConnection: close\r\n\r\n", "a,b\n",
     FALSE, API_ERROR_REMOTE, 0},
    {"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n", "404 page",
     FALSE, API_ERROR_REMOTE, 404},
    {"HTTP/1.1 302 Found\r\nLocation: https://x.test/y\r\nConnection: close\r\n\r\n", "", FALSE,
     API_ERROR_REMOTE, 0},
};

static void test_kinds(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        const Kind *kind = &kinds[i];
        const Reply replies[] = {{kind->head, kind->body}};
        Fixture fixture;

        set_up(&fixture, replies);
        download(&fixture.taker);
        run_taker(&fixture.taker);
        g_assert_cmpuint(fixture.taker.n_begun, ==, kind->streamed);
        g_assert_cmpint(fixture.taker.streamed, ==, kind->streamed);
        g_assert_cmpint(fixture.taker.has_body, ==, !kind->streamed && kind->kind < 0);
        g_assert_cmpint(fixture.taker.error != NULL ? fixture.taker.error->code : -1, ==,
                        kind->kind);
        g_assert_cmpint(api_error_code(fixture.taker.error), ==, kind->code);
        if (kind->streamed)
            g_assert_cmpstr(fixture.taker.text->str, ==, kind->body);
        tear_down(&fixture);
    }
}

/* ---- how it ends ---- */

/* One transfer by the sender itself, which does not try again. */
static void check_end(const Reply *reply, TransferOutcome outcome, const char *text)
{
    StreamServer server;
    Sender sender;
    Raw raw = {.text = g_string_new(NULL)};

    stream_server_init(&server, reply);
    g_assert_true(http_sender_new(TRUE, &sender, NULL));
    sender.start(sender.data,
                 &(TransferRequest){.url = server.base, .timeout_s = 10, .write = raw_write},
                 raw_done, &raw);
    while (!raw.done)
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpint(raw.result.outcome, ==, outcome);
    g_assert_true((raw.why == NULL) == (outcome == TRANSFER_WHOLE));
    if (text != NULL)
        g_assert_cmpstr(raw.text->str, ==, text);
    g_string_free(raw.text, TRUE);
    g_free(raw.why);
    sender.free(sender.data);
    stream_server_clear(&server);
}

#define CHUNKED CSV_HEAD("Transfer-Encoding: chunked\r\n")

static void test_cut(void)
{
    check_end(&(Reply){CSV_HEAD("Content-Length: 8\r\n"), "a,b\n1,2\n"}, TRANSFER_WHOLE,
              "a,b\n1,2\n");
    check_end(&(Reply){CSV_HEAD("Content-Length: 9\r\n"), "a,b\n1,2\n"}, TRANSFER_CUT, NULL);
    check_end(&(Reply){CSV_HEAD("Content-Length: 9\r\n"), "a,b\n1,2\n", .reset = TRUE},
              TRANSFER_CUT, NULL);
    check_end(&(Reply){CSV_HEAD(""), "a,b\n1,2\n", .reset = TRUE}, TRANSFER_CUT, NULL);
    check_end(&(Reply){CHUNKED, "8\r\na,b\n1,2\n\r\n0\r\n\r\n"}, TRANSFER_WHOLE, "a,b\n1,2\n");
    check_end(&(Reply){CHUNKED, "8\r\na,b\n1,2\n\r\n"}, TRANSFER_CUT, NULL);
    check_end(&(Reply){CHUNKED, "9\r\na,b\n1,2\n"}, TRANSFER_CUT, NULL);
}

static void check_gzip(const GByteArray *packed, gsize length, TransferOutcome outcome,
                       const char *text)
{
    g_autofree char *head = g_strdup_printf(
        CSV_HEAD("Content-Encoding: gzip\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n"), length);

    check_end(&(Reply){head, (const char *)packed->data, length}, outcome, text);
}

/* curl itself takes half of it for the whole. */
static void test_gzip(void)
{
    gsize length;
    g_autofree char *rows = rows_of(2 * MIB, &length);
    g_autoptr(GByteArray) packed = gzip(rows, length), second = gzip("1,2\n", 4);
    g_autofree char *both = g_strconcat(rows, "1,2\n", NULL);

    check_gzip(packed, packed->len, TRANSFER_WHOLE, rows);
    check_gzip(packed, packed->len / 2, TRANSFER_CUT, NULL);
    check_gzip(packed, packed->len - 4, TRANSFER_CUT, NULL);
    g_byte_array_append(packed, second->data, second->len);
    check_gzip(packed, packed->len, TRANSFER_WHOLE, both);
    packed->data[packed->len - 30] ^= 0xff;
    check_gzip(packed, packed->len, TRANSFER_CUT, NULL);
    check_end(&(Reply){CSV_HEAD("Content-Encoding: br\r\nContent-Length: 4\r\n"), "a,b\n"},
              TRANSFER_CUT, "");
}

static void test_gzip_envelope(void)
{
    g_autoptr(GByteArray) packed = gzip(REFUSAL, strlen(REFUSAL));
    g_autofree char *head =
        g_strdup_printf(OK_HEAD("Content-Type: application/json\r\nContent-Encoding: gzip\r\n"
                                "Content-Length: %u\r\n"),
                        packed->len);
    const Reply replies[] = {{head, (const char *)packed->data, packed->len}};
    Fixture fixture;

    set_up(&fixture, replies);
    download(&fixture.taker);
    run_taker(&fixture.taker);
    g_assert_cmpint(api_error_code(fixture.taker.error), ==, 40201);
    tear_down(&fixture);
}

/* A page is one by its type, whatever it begins with. It is collected, and refused as ever. */
static void test_page(void)
{
    check_end(&(Reply){TYPE("text/html"), "Please log in"}, TRANSFER_WHOLE, "");
    check_end(&(Reply){TYPE("application/problem+json; x=y"), "7"}, TRANSFER_WHOLE, "");
    check_end(&(Reply){TYPE("text/plain"), "<html>"}, TRANSFER_WHOLE, "");
    check_end(&(Reply){TYPE("text/plain"), ""}, TRANSFER_WHOLE, "");
}

/* What came before the cut is void: the sink begins anew. */
static void test_again(void)
{
    const Reply replies[] = {{CSV_HEAD("Content-Length: 999\r\n"), "a,b\n1,", .reset = TRUE},
                             {CSV_HEAD("Content-Length: 8\r\n"), "a,b\n1,2\n"}};
    Fixture fixture;
    ClientStats stats;

    set_up(&fixture, replies);
    download(&fixture.taker);
    run_taker(&fixture.taker);
    g_assert_no_error(fixture.taker.error);
    g_assert_cmpuint(fixture.taker.n_begun, ==, 2);
    g_assert_cmpstr(fixture.taker.text->str, ==, "a,b\n1,2\n");
    g_assert_cmpuint(fixture.taker.streamed_bytes, ==, 8);
    client_stats(fixture.client, &stats);
    g_assert_cmpuint(stats.retries, ==, 1);
    tear_down(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stream/rows-go-to-the-sink-in-pieces", test_pieces);
    g_test_add_func("/stream/no-piece-for-each-packet", test_few_pieces);
    g_test_add_func("/stream/no-limit-of-size", test_large);
    g_test_add_func("/stream/little-comes-soon", test_soon);
    g_test_add_func("/stream/cut-rows-are-reported", test_truncated);
    g_test_add_func("/stream/envelopes-and-pages-are-no-stream", test_kinds);
    g_test_add_func("/stream/a-page-is-collected", test_page);
    g_test_add_func("/stream/cut-in-the-middle-is-seen", test_cut);
    g_test_add_func("/stream/cut-in-the-middle-of-gzip-is-seen", test_gzip);
    g_test_add_func("/stream/an-envelope-may-be-compressed", test_gzip_envelope);
    g_test_add_func("/stream/cut-begins-again", test_again);
    return g_test_run();
}
