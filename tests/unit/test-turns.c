/* SPDX-License-Identifier: MIT */
/* test-turns.c - the histogram of the loop's turns, and that a context's turns get into it. */
#include "fs/turns.h"

#include <string.h>
#include <time.h>

#define US G_GINT64_CONSTANT(1000)
#define MS G_GINT64_CONSTANT(1000000)

static void test_edges(void)
{
    gboolean limit = FALSE;

    for (guint i = 1; i < TURN_BUCKETS; i++)
        g_assert_cmpint(turns_edge_ns(i - 1), <, turns_edge_ns(i));
    for (guint i = 0; i < TURN_BUCKETS; i++)
        limit |= turns_edge_ns(i) == 10 * MS;
    g_assert_true(limit);
    g_assert_cmpint(turns_edge_ns(0), ==, 1 * US);
    g_assert_cmpint(turns_edge_ns(TURN_BUCKETS - 2), ==, 10000 * MS);
    g_assert_cmpint(turns_edge_ns(TURN_BUCKETS - 1), ==, G_MAXINT64);
}

/* Each length in the bucket whose edge it does not exceed, and in no other. */
static void test_buckets(void)
{
    for (guint i = 0; i < TURN_BUCKETS; i++) {
        gint64 least = i > 0 ? turns_edge_ns(i - 1) + 1 : 0;
        Turns turns = {0};

        turns_note(&turns, least);
        g_assert_cmpuint(turns.counts[i], ==, 1);
        turns_note(&turns, turns_edge_ns(i));
        g_assert_cmpuint(turns.counts[i], ==, 2);
        g_assert_cmpuint(turns.count, ==, 2);
        g_assert_cmpint(turns.max_ns, ==, turns_edge_ns(i));
    }
}

static void test_quantiles(void)
{
    Turns turns = {0};

    g_assert_cmpint(turns_quantile_ns(&turns, 500), ==, 0);
    turns_note(&turns, 7 * US);
    g_assert_cmpint(turns_quantile_ns(&turns, 500), ==, 7 * US); /* not its edge: the longest */
    for (guint i = 0; i < 9988; i++)
        turns_note(&turns, 7 * US);
    for (guint i = 0; i < 10; i++)
        turns_note(&turns, 30 * MS);
    turns_note(&turns, 45 * MS);
    g_assert_cmpuint(turns.count, ==, 10000);
    g_assert_cmpint(turns_quantile_ns(&turns, 500), ==, 8 * US);
    g_assert_cmpint(turns_quantile_ns(&turns, 998), ==, 8 * US);
    g_assert_cmpint(turns_quantile_ns(&turns, 999), ==, MS * 315 / 10); /* the 9,990th is slow */
    g_assert_cmpint(turns_quantile_ns(&turns, 1000), ==, 45 * MS);
}

static void test_json(void)
{
    Turns turns = {0};
    cJSON *empty = turns_json(&turns), *json;
    char *text;

    text = cJSON_PrintUnformatted(empty);
    g_assert_cmpstr(text, ==,
                    "{\"turns\":0,\"p50_us\":0,\"p99_us\":0,\"p99_9_us\":0,\"max_us\":0,"
                    "\"turns_up_to_us\":{}}");
    cJSON_free(text);
    cJSON_Delete(empty);
    turns_note(&turns, 1100);
    turns_note(&turns, 1200);
    turns_note(&turns, 3 * MS);
    turns_note(&turns, 20000 * MS);
    json = turns_json(&turns);
    text = cJSON_PrintUnformatted(json);
    g_assert_cmpstr(text, ==,
                    "{\"turns\":4,\"p50_us\":1.25,\"p99_us\":20000000,\"p99_9_us\":20000000,"
                    "\"max_us\":20000000,"
                    "\"turns_up_to_us\":{\"1.25\":2,\"3150\":1,\"more\":1}}");
    cJSON_free(text);
    cJSON_Delete(json);
}

/* ---- a context ---- */

static gint64 spend(gint64 ns)
{
    struct timespec now;
    gint64 began = -1, at;

    do {
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        at = (gint64)now.tv_sec * 1000 * MS + now.tv_nsec;
        began = began < 0 ? at : began;
    } while (at - began < ns);
    return at - began;
}

static gboolean on_work(void *user_data)
{
    *(gint64 *)user_data = spend(30 * MS);
    return G_SOURCE_REMOVE;
}

static gboolean on_timeout(void *user_data)
{
    g_usleep(20000); /* the thread works nothing */
    return G_SOURCE_REMOVE;
}

static void attach(GMainContext *context, GSource *source, GSourceFunc func, void *user_data)
{
    g_source_set_callback(source, func, user_data, NULL);
    g_source_attach(source, context);
    g_source_unref(source);
}

/* The work of a turn counts; waiting in poll and sleeping do not. */
static void test_context(void)
{
    GMainContext *context = g_main_context_new();
    GPollFunc poll = g_main_context_get_poll_func(context);
    Turns turns = {0};
    gint64 spent = 0;

    turns_watch(&turns, context);
    attach(context, g_timeout_source_new(20), on_timeout, NULL);
    g_main_context_iteration(context, TRUE);
    g_main_context_iteration(context, FALSE);
    g_assert_cmpuint(turns.count, >=, 1);
    g_assert_cmpint(turns.max_ns, <, 15 * MS);
    attach(context, g_idle_source_new(), on_work, &spent);
    g_main_context_iteration(context, TRUE);
    g_assert_cmpint(spent, >=, 30 * MS);
    g_main_context_iteration(context, FALSE);
    g_assert_cmpint(turns.max_ns, >=, spent);
    turns_watch(NULL, context);
    g_assert_true(g_main_context_get_poll_func(context) == poll);
    g_main_context_unref(context);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/turns/edges-rise-from-1-us-to-10-s-and-10-ms-is-one", test_edges);
    g_test_add_func("/turns/a-length-is-in-the-bucket-whose-edge-it-does-not-exceed", test_buckets);
    g_test_add_func("/turns/a-quantile-is-the-edge-of-its-bucket", test_quantiles);
    g_test_add_func("/turns/as-json-only-buckets-that-hold-something", test_json);
    g_test_add_func("/turns/of-a-context-what-its-thread-worked", test_context);
    return g_test_run();
}
