/* SPDX-License-Identifier: MIT */
/* test-stream-hold.c - who reads a stream slowly, and who goes in the middle of it. */
#include "tests/unit/stream-server.h"

#include "tests/unit/world.h"

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

/* Who withdraws gives its place back, and its turn in the rates. */
static void test_withdrawn_turns(void)
{
    World world;
    Outcome outcomes[2 * STREAMS_MAX] = {{0}};
    guint64 ids[2 * STREAMS_MAX];
    Call request = {
        .endpoint = ENDPOINT_REPORT_TASK_DOWNLOAD, .priority = CALL_WAITED, .sink = &taker_sink};

    world_init(&world, STREAMS_MAX, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(outcomes); i++)
        ids[i] = client_call(world.client, &request, on_done, &outcomes[i]);
    settle(&world);
    for (guint i = 0; i < STREAMS_MAX; i++)
        g_assert_true(client_withdraw(world.client, ids[i]));
    settle(&world);
    pass(&world, 2 * second_us);
    g_assert_cmpuint(world.sent->len, ==, 2 * STREAMS_MAX);
    g_assert_cmpuint(outcomes[0].n, ==, 0);
    world_clear(&world);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stream-hold/a-slow-reader-costs-no-memory", test_slow);
    g_test_add_func("/stream-hold/a-slow-reader-of-gzip-costs-no-memory", test_slow_gzip);
    g_test_add_func("/stream-hold/done-after-the-last-piece", test_last_piece);
    g_test_add_func("/stream-hold/no-total-time", test_no_total_time);
    g_test_add_func("/stream-hold/withdrawn-in-the-middle", test_withdraw);
    g_test_add_func("/stream-hold/client-freed-in-the-middle", test_free);
    g_test_add_func("/stream-hold/gone-while-held", test_gone_while_held);
    g_test_add_func("/stream-hold/gone-from-an-empty-one", test_gone_from_empty);
    g_test_add_func("/stream-hold/few-at-a-time", test_few_at_a_time);
    g_test_add_func("/stream-hold/withdrawn-gives-its-turn-back", test_withdrawn_turns);
    return g_test_run();
}
