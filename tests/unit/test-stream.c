/* SPDX-License-Identifier: MIT */
/* test-stream.c - answers that are rows: to whom they go, how fast, and how they end. */
#include "tests/unit/stream-server.h"

#include "api/http.h"
#include "tests/unit/world.h"

enum { MIB = 1024 * 1024 };

#define OK_HEAD(headers)  "HTTP/1.1 200 OK\r\n" headers "\r\n"
#define CSV_HEAD(headers) OK_HEAD("Content-Type: text/csv; charset=utf-8\r\n" headers)

typedef struct {
    StreamServer server;
    Client *client;
    Taker taker;
} Fixture;

static void set_up(Fixture *fixture, const Reply *replies)
{
    stream_server_init(&fixture->server, replies);
    fixture->client = client_of(&fixture->server);
    taker_init(&fixture->taker, fixture->client);
}

static void tear_down(Fixture *fixture)
{
    g_clear_pointer(&fixture->taker.client, client_free);
    taker_clear(&fixture->taker);
    stream_server_clear(&fixture->server);
}

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
    g_assert_cmpuint(fixture.taker.n_pieces, <, length / (32 * 1024)); /* curl has 16 KiB */
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

typedef struct {
    GString *text;
    gboolean done;
    TransferResult result; /* but for its pointers */
    char *why;
} Raw;

static gboolean raw_write(void *user_data, GBytes *piece)
{
    gsize length;
    const char *data = g_bytes_get_data(piece, &length);

    g_string_append_len(((Raw *)user_data)->text, data, (gssize)length);
    return TRUE;
}

static void raw_done(void *user_data, const TransferResult *result)
{
    Raw *raw = user_data;

    raw->done = TRUE;
    raw->result = *result;
    g_assert_true((result->body != NULL) ==
                  (result->outcome == TRANSFER_WHOLE && !result->streamed));
    raw->why = g_strdup(result->text);
}

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

static GByteArray *gzip(const char *text, gsize length)
{
    g_autoptr(GConverter) packer =
        G_CONVERTER(g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6));
    GByteArray *packed = g_byte_array_new();
    gsize n_read, n_written;

    g_byte_array_set_size(packed, (guint)length + 1000);
    g_assert_cmpint(g_converter_convert(packer, text, length, packed->data, packed->len,
                                        G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL),
                    ==, G_CONVERTER_FINISHED);
    g_byte_array_set_size(packed, (guint)n_written);
    return packed;
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

/* ---- who reads slowly ---- */

/* No more than a piece waits for a reader, whatever the service would like to send. */
static void test_slow(void)
{
    gsize length;
    g_autofree char *rows = rows_of(64 * MIB, &length);
    g_autofree char *head =
        g_strdup_printf(CSV_HEAD("Content-Length: %" G_GSIZE_FORMAT "\r\n"), length);
    const Reply replies[] = {{head, rows, length}};
    Fixture fixture;

    set_up(&fixture, replies);
    fixture.taker.at_write = TAKE_ONE;
    download(&fixture.taker);
    for (int i = 0; i < 5; i++) {
        run_taker(&fixture.taker);
        run_for(200000); /* write() would fail if it ran */
        g_assert_true(fixture.taker.held);
        taker_resume(&fixture.taker);
        g_assert_cmpuint(fixture.taker.n_pieces, ==, i + 1); /* not from inside resume */
        /* what the kernel holds is not ours */
        g_assert_cmpuint(stream_server_written(&fixture.server), <, 32 * MIB);
    }
    fixture.taker.at_write = TAKE_ALL;
    run_taker(&fixture.taker);
    fixture.taker.held = FALSE;
    client_resume(fixture.client, fixture.taker.id);
    run_taker(&fixture.taker);
    g_assert_no_error(fixture.taker.error);
    g_assert_cmpuint(fixture.taker.largest, <=, 256 * 1024);
    g_assert_true(strcmp(fixture.taker.text->str, rows) == 0);
    tear_down(&fixture);
}

/* So it is with what is inflated: little that comes in is much that goes out. */
static void test_slow_gzip(void)
{
    g_autofree char *zeros = g_strnfill(32 * MIB, '0');
    g_autoptr(GByteArray) packed = gzip(zeros, 32 * MIB);
    g_autofree char *head =
        g_strdup_printf(CSV_HEAD("Content-Encoding: gzip\r\nContent-Length: %u\r\n"), packed->len);
    const Reply replies[] = {{head, (const char *)packed->data, packed->len}};
    Fixture fixture;
    guint n = 0;

    set_up(&fixture, replies);
    fixture.taker.at_write = TAKE_ONE;
    download(&fixture.taker);
    for (run_taker(&fixture.taker); fixture.taker.n_done == 0; run_taker(&fixture.taker)) {
        taker_resume(&fixture.taker);
        n++;
    }
    g_assert_no_error(fixture.taker.error);
    g_assert_cmpuint(fixture.taker.streamed_bytes, ==, 32 * MIB);
    g_assert_cmpuint(fixture.taker.largest, <=, 256 * 1024);
    g_assert_cmpuint(n, >=, 128);
    tear_down(&fixture);
}

/* done() does not overtake what was not taken yet. */
static void test_last_piece(void)
{
    gsize length;
    g_autofree char *rows = rows_of(200 * 1024, &length);
    const Reply replies[] = {{CSV_HEAD("Connection: close\r\n"), rows, length}};
    Fixture fixture;

    set_up(&fixture, replies);
    fixture.taker.at_write = TAKE_ONE;
    download(&fixture.taker);
    run_taker(&fixture.taker);
    g_assert_cmpuint(fixture.taker.text->len, <, length);
    run_for(300000);
    g_assert_cmpuint(fixture.taker.n_done, ==, 0);
    while (fixture.taker.n_done == 0) {
        taker_resume(&fixture.taker);
        run_taker(&fixture.taker);
    }
    g_assert_cmpstr(fixture.taker.text->str, ==, rows);
    tear_down(&fixture);
}

static gboolean hold(void *user_data, GBytes *piece)
{
    raw_write(user_data, piece);
    return FALSE;
}

/* A time for the whole is for answers, not for streams, however slowly they are read. */
static void test_no_total_time(void)
{
    gsize length;
    g_autofree char *rows = rows_of(24 * MIB, &length);
    const Reply reply = {CSV_HEAD("Connection: close\r\n"), rows, length};
    StreamServer server;
    Sender sender;
    Raw raw = {.text = g_string_new(NULL)};

    stream_server_init(&server, &reply);
    g_assert_true(http_sender_new(TRUE, &sender, NULL));
    sender.start(sender.data, &(TransferRequest){.url = server.base, .timeout_s = 1, .write = hold},
                 raw_done, &raw);
    run_for(2500000);
    g_assert_false(raw.done);
    g_assert_cmpuint(raw.text->len, >, 0);
    for (gint64 late = g_get_monotonic_time() + 20 * second_us; !raw.done;) {
        g_assert_cmpint(g_get_monotonic_time(), <, late);
        sender.resume(sender.data, &raw);
        g_main_context_iteration(NULL, FALSE);
    }
    g_assert_cmpint(raw.result.outcome, ==, TRANSFER_WHOLE);
    g_assert_cmpuint(raw.text->len, ==, length);
    g_string_free(raw.text, TRUE);
    sender.free(sender.data);
    stream_server_clear(&server);
}

/* ---- who goes ---- */

/* ASan sees what is used after it went, or never goes. */
static void check_gone(TakeAction at_begin, TakeAction at_write, TakeAction at_done,
                       const char *head)
{
    gsize length;
    g_autofree char *rows = rows_of(4 * MIB, &length);
    const Reply replies[] = {{head, rows, length}, {head, rows, length}};
    Fixture fixture;
    gboolean ends = at_done != TAKE_ALL;
    ClientStats stats;

    set_up(&fixture, replies);
    fixture.taker.at_begin = at_begin;
    fixture.taker.at_write = at_write;
    fixture.taker.at_done = at_done;
    download(&fixture.taker);
    while (ends ? fixture.taker.n_done == 0 : fixture.taker.n_begun == 0)
        g_main_context_iteration(NULL, TRUE);
    run_for(100000);
    g_assert_cmpuint(fixture.taker.n_done, ==, ends);
    g_assert_cmpuint(fixture.taker.n_begun, ==, 1);
    if (!ends)
        g_assert_cmpuint(fixture.taker.n_pieces, ==, at_begin == TAKE_ALL);
    if (fixture.taker.client != NULL) {
        client_stats(fixture.taker.client, &stats);
        g_assert_cmpuint(stats.in_flight + stats.queued, ==, 0);
        g_assert_false(client_withdraw(fixture.taker.client, fixture.taker.id));
        client_resume(fixture.taker.client, fixture.taker.id);
        taker_clear(&fixture.taker);
        taker_init(&fixture.taker, fixture.client);
        download(&fixture.taker); /* there are connections and turns as before */
        run_taker(&fixture.taker);
        g_assert_cmpuint(fixture.taker.streamed_bytes, ==, length);
    }
    tear_down(&fixture);
}

#define CLOSE CSV_HEAD("Connection: close\r\n")

static void test_withdraw(void)
{
    check_gone(WITHDRAW, TAKE_ALL, TAKE_ALL, CLOSE);
    check_gone(TAKE_ALL, WITHDRAW, TAKE_ALL, CLOSE);
}

static void test_free(void)
{
    check_gone(FREE_CLIENT, TAKE_ALL, TAKE_ALL, CLOSE);
    check_gone(TAKE_ALL, FREE_CLIENT, TAKE_ALL, CLOSE);
    check_gone(TAKE_ALL, TAKE_ALL, FREE_CLIENT, CLOSE);
}

/* From outside, while it is held and while it is not. */
static void test_gone_while_held(void)
{
    gsize length;
    g_autofree char *rows = rows_of(16 * MIB, &length);
    const Reply replies[] = {{CLOSE, rows, length}, {CLOSE, rows, length}};
    Fixture fixture;

    set_up(&fixture, replies);
    fixture.taker.at_write = TAKE_ONE;
    download(&fixture.taker);
    run_taker(&fixture.taker);
    run_for(100000);
    g_assert_true(client_withdraw(fixture.client, fixture.taker.id));
    run_for(100000);
    g_assert_cmpuint(fixture.taker.n_done, ==, 0);
    fixture.taker.held = FALSE;
    download(&fixture.taker);
    run_taker(&fixture.taker);
    taker_resume(&fixture.taker);
    fixture.taker.held = FALSE;
    g_clear_pointer(&fixture.taker.client, client_free);
    run_for(100000);
    g_assert_cmpuint(fixture.taker.n_pieces, ==, 2);
    tear_down(&fixture);
}

/* An empty answer begins, too; and whoever goes then is not told of its end. */
static void test_gone_from_empty(void)
{
    const TakeAction actions[] = {WITHDRAW, FREE_CLIENT};

    for (gsize i = 0; i < G_N_ELEMENTS(actions); i++) {
        const Reply replies[] = {{CSV_HEAD("Content-Length: 0\r\n"), NULL}};
        Fixture fixture;

        set_up(&fixture, replies);
        fixture.taker.at_begin = actions[i];
        download(&fixture.taker);
        run_for(100000);
        g_assert_cmpuint(fixture.taker.n_begun, ==, 1);
        g_assert_cmpuint(fixture.taker.n_done, ==, 0);
        tear_down(&fixture);
    }
}

/* ---- turns ---- */

/* Streams do not take all connections; what is asked besides goes on. */
static void test_few_at_a_time(void)
{
    World world;
    Outcome outcomes[8] = {{0}}, other = {0};
    Call request = {
        .endpoint = ENDPOINT_REPORT_TASK_DOWNLOAD, .priority = CALL_WAITED, .sink = &taker_sink};

    world_init(&world, 0, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(outcomes); i++)
        client_call(world.client, &request, on_done, &outcomes[i]);
    settle(&world);
    g_assert_cmpuint(world.sent->len, ==, STREAMS_MAX);
    read_call(&world, &other);
    settle(&world);
    g_assert_cmpuint(world.sent->len, ==, STREAMS_MAX + 1);
    answer(&world, 0, ok_body);
    g_assert_cmpuint(world.sent->len, ==, STREAMS_MAX + 2);
    break_off(&world, 1, TRANSFER_LOST);
    g_assert_cmpuint(world.sent->len, ==, STREAMS_MAX + 3);
    world_clear(&world);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stream/rows-go-to-the-sink-in-pieces", test_pieces);
    g_test_add_func("/stream/no-limit-of-size", test_large);
    g_test_add_func("/stream/little-comes-soon", test_soon);
    g_test_add_func("/stream/cut-rows-are-reported", test_truncated);
    g_test_add_func("/stream/envelopes-and-pages-are-no-stream", test_kinds);
    g_test_add_func("/stream/a-page-is-collected", test_page);
    g_test_add_func("/stream/cut-in-the-middle-is-seen", test_cut);
    g_test_add_func("/stream/cut-in-the-middle-of-gzip-is-seen", test_gzip);
    g_test_add_func("/stream/an-envelope-may-be-compressed", test_gzip_envelope);
    g_test_add_func("/stream/cut-begins-again", test_again);
    g_test_add_func("/stream/a-slow-reader-costs-no-memory", test_slow);
    g_test_add_func("/stream/a-slow-reader-of-gzip-costs-no-memory", test_slow_gzip);
    g_test_add_func("/stream/done-after-the-last-piece", test_last_piece);
    g_test_add_func("/stream/no-total-time", test_no_total_time);
    g_test_add_func("/stream/withdrawn-in-the-middle", test_withdraw);
    g_test_add_func("/stream/client-freed-in-the-middle", test_free);
    g_test_add_func("/stream/gone-while-held", test_gone_while_held);
    g_test_add_func("/stream/gone-from-an-empty-one", test_gone_from_empty);
    g_test_add_func("/stream/few-at-a-time", test_few_at_a_time);
    return g_test_run();
}
