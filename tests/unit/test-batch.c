/* SPDX-License-Identifier: MIT */
/* test-batch.c - how many calls it takes to find the accounts that spoil a batch. */
#include "cache/batch.h"

#include <string.h>

#include "api/codes.h"
#include "api/error.h"

/* What a service of that mind answers; calls in flight are answered in the order they were made. */
typedef struct {
    guint n_ids, n_due;
    gboolean (*refuses)(guint index);
    gboolean (*leaves_out)(guint index);
    gboolean names; /* the text of a refusal says whom it is about */
    int code;
    gboolean allowed;
} Service;

typedef struct {
    char **ids;
    GHashTable *refused; /* id -> text */
    guint calls;
    gboolean failed;
} Result;

enum { IN_FLIGHT = 4, FIRST_ID = 700000 };

static void on_refused(void *user_data, const char *id, const GError *error)
{
    g_hash_table_insert(((Result *)user_data)->refused, g_strdup(id), g_strdup(error->message));
}

static void result_clear(Result *result)
{
    g_strfreev(result->ids);
    g_hash_table_unref(result->refused);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Result, result_clear)

static gboolean nobody(guint index)
{
    return FALSE;
}

static gboolean everybody(guint index)
{
    return TRUE;
}

/* The first of those asked for whom it refuses; -1: none. */
static int find_refused(const Service *service, const char *query)
{
    for (guint i = 0; i < service->n_ids + service->n_due; i++) {
        g_autofree char *id = g_strdup_printf("%u", FIRST_ID + i);
        if (service->refuses(i) && strstr(query, id))
            return (int)i;
    }
    return -1;
}

static GBytes *make_body(const Service *service, const char *query, gint64 *ret_rows)
{
    GString *body = g_string_new("{\"code\":0,\"data\":{\"list\":[");

    for (guint i = 0; i < service->n_ids + service->n_due; i++) {
        g_autofree char *id = g_strdup_printf("%u", FIRST_ID + i);
        if (strstr(query, id) && !service->leaves_out(i))
            g_string_append_printf(body, "%s{\"advertiser_id\":\"%s\"}", (*ret_rows)++ ? "," : "",
                                   id);
    }
    return g_string_free_to_bytes(g_string_append(body, "]}}"));
}

static gboolean answer(const Service *service, Batches *batches, guint page, const char *query,
                       guint *ret_pages)
{
    int refused = find_refused(service, query);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) body = NULL;
    Answer whole = {.has_list = TRUE};

    if (refused < 0) {
        body = whole.body = make_body(service, query, &whole.n_rows);
        return batches_settle(batches, page, &whole, NULL, ret_pages);
    }
    if (service->names)
        error = api_error_new(code_find(service->code)->kind, service->code, "r",
                              "No permission to operate advertiser: %u", FIRST_ID + refused);
    else
        error = api_error_new(code_find(service->code)->kind, service->code, "r", "No permission");
    return batches_settle(batches, page, NULL, error, ret_pages);
}

/* As pages.c does it. */
static void run(const Service *service, Result *ret)
{
    g_autoptr(GStrvBuilder) ids = g_strv_builder_new();
    g_autoptr(Batches) batches = NULL;
    g_autoptr(GQueue) queries = g_queue_new();
    guint n_pages, asked = 0, answered = 0;

    for (guint i = 0; i < service->n_ids + service->n_due; i++) {
        g_autofree char *id = g_strdup_printf("%u", FIRST_ID + i);
        g_strv_builder_add(ids, id);
    }
    *ret = (Result){.ids = g_strv_builder_end(ids)};
    ret->refused = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    batches = batches_new(ret->ids, service->n_due, service->allowed, on_refused, ret);
    n_pages = batches_begin(batches);
    while (!ret->failed && answered < n_pages) {
        while (asked < n_pages && asked - answered < IN_FLIGHT)
            g_queue_push_tail(queries, batches_query(batches, ++asked));
        g_autofree char *query = g_queue_pop_head(queries);
        ret->failed = !answer(service, batches, ++answered, query, &n_pages);
    }
    g_queue_clear_full(queries, g_free);
    ret->calls = asked;
}

static guint spoiler;

static gboolean is_spoiler(guint index)
{
    return index == spoiler;
}

static void check_refused(const Result *result, guint n)
{
    g_assert_false(result->failed);
    g_assert_cmpuint(g_hash_table_size(result->refused), ==, n);
}

static void test_one(void)
{
    guint most = 0;

    for (spoiler = 0; spoiler < 100; spoiler++) {
        g_auto(Result) result = {NULL};
        run(&(Service){100, 0, is_spoiler, nobody, FALSE, 40001}, &result);
        check_refused(&result, 1);
        g_assert_true(g_hash_table_contains(result.refused, result.ids[spoiler]));
        most = MAX(most, result.calls);
    }
    g_assert_cmpuint(most, <=, 15);
}

static void test_named(void)
{
    for (spoiler = 0; spoiler < 100; spoiler++) {
        g_auto(Result) result = {NULL};
        run(&(Service){100, 0, is_spoiler, nobody, TRUE, 40001}, &result);
        check_refused(&result, 1);
        g_assert_cmpuint(result.calls, ==, 3);
    }
}

/* The text is believed when it comes to the cut, and not when it comes to who is refused. */
static void test_named_wrongly(void)
{
    char *ids[] = {(char[]){"71"}, (char[]){"72"}, (char[]){"73"}, (char[]){"74"}, NULL};
    g_autoptr(GError) wrong = api_error_new(API_ERROR_DENIED, 40001, "r", "It is about 72");
    Result result = {.refused = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free)};
    g_autoptr(Batches) batches = batches_new(ids, 0, FALSE, on_refused, &result);
    Answer one = {.n_rows = 1, .has_list = TRUE};
    guint n_pages = batches_begin(batches);
    char *query = batches_query(batches, 1);

    g_free(query);
    g_assert_true(batches_settle(batches, 1, NULL, wrong, &n_pages));
    g_assert_cmpuint(n_pages, ==, 2); /* one at a time */
    query = batches_query(batches, 2);
    g_assert_nonnull(strstr(query, "72"));
    g_assert_null(strstr(query, "74"));
    g_free(query);
    g_assert_true(batches_settle(batches, 2, &one, NULL, &n_pages)); /* and is not */
    query = batches_query(batches, 3);
    g_assert_null(strstr(query, "72"));
    g_free(query);
    g_assert_true(batches_settle(batches, 3, NULL, wrong, &n_pages));
    g_assert_cmpuint(n_pages, ==, 5);
    query = batches_query(batches, 4); /* half of the rest */
    g_assert_nonnull(strstr(query, "71"));
    g_assert_null(strstr(query, "74"));
    g_free(query);
    one.n_rows = 2;
    g_assert_true(batches_settle(batches, 4, &one, NULL, &n_pages));
    g_assert_cmpuint(n_pages, ==, 5);
    g_assert_cmpuint(g_hash_table_size(result.refused), ==, 0);
    g_hash_table_unref(result.refused);
}

static gboolean every_fifth(guint index)
{
    return index % 5 == 0;
}

static void test_many(void)
{
    g_auto(Result) named = {NULL}, unnamed = {NULL};

    run(&(Service){100, 0, every_fifth, nobody, TRUE, 40001}, &named);
    check_refused(&named, 20);
    g_assert_cmpuint(named.calls, <=, 1 + 2 * 20);
    run(&(Service){100, 0, every_fifth, nobody, FALSE, 40001}, &unnamed);
    check_refused(&unnamed, 20);
    g_assert_cmpuint(unnamed.calls, <=, 199);
}

static void test_none(void)
{
    g_auto(Result) result = {NULL};

    run(&(Service){4000, 0, nobody, nobody, FALSE, 40001}, &result);
    check_refused(&result, 0);
    g_assert_cmpuint(result.calls, ==, 40);
}

/* Whatever the number of accounts: the token may not ask for any. */
static void test_scope(void)
{
    static const guint sizes[] = {2, 3, 100, 399, 4000};

    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_auto(Result) result = {NULL};
        run(&(Service){sizes[i], 0, everybody, nobody, FALSE, 40001}, &result);
        g_assert_true(result.failed);
        g_assert_cmpuint(g_hash_table_size(result.refused), ==, 0);
        g_assert_cmpuint(result.calls, <=, 20);
    }
}

static gboolean is_of_the_first(guint index)
{
    return index < 3;
}

/* They stand together and are refused with the same words, as if it were about the token. */
static void test_neighbours(void)
{
    static const guint sizes[] = {100, 101, 4000};

    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_auto(Result) result = {NULL};
        run(&(Service){sizes[i], 0, is_of_the_first, nobody, FALSE, 40001}, &result);
        check_refused(&result, 3);
    }
}

/* All are refused, each by its name: those who were asked alone are known when it ends. */
static void test_all_named(void)
{
    g_auto(Result) few = {NULL}, many = {NULL}, one = {NULL};

    run(&(Service){20, 0, everybody, nobody, TRUE, 40001}, &few);
    check_refused(&few, 20);
    g_assert_cmpuint(few.calls, ==, 39);
    run(&(Service){4000, 0, everybody, nobody, TRUE, 40001}, &many);
    g_assert_true(many.failed);
    g_assert_cmpuint(many.calls, <=, 64 + IN_FLIGHT);
    g_assert_cmpuint(g_hash_table_size(many.refused), >=, 20);
    run(&(Service){1, 0, everybody, nobody, FALSE, 40001}, &one);
    check_refused(&one, 1);
    g_assert_cmpuint(one.calls, ==, 1);
}

/* It has answered before: what it refuses now are accounts, and all of them at once. */
static void test_allowed(void)
{
    g_auto(Result) result = {NULL};

    run(&(Service){5, 0, everybody, nobody, FALSE, 40001, TRUE}, &result);
    check_refused(&result, 5);
    g_assert_cmpuint(result.calls, ==, 9);
}

/* Errors that are no account's end it at once; who does not exist, or is another's, spoils it. */
static void test_other_errors(void)
{
    static const int codes[] = {40105, 50000, 40400, 40009},
                     of_one[] = {40002, 40300, 40106, 40119};

    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
        g_auto(Result) result = {NULL};
        run(&(Service){100, 0, everybody, nobody, FALSE, codes[i]}, &result);
        g_assert_true(result.failed);
        g_assert_cmpuint(result.calls, ==, 1);
    }
    spoiler = 3;
    for (gsize i = 0; i < G_N_ELEMENTS(of_one); i++) {
        g_auto(Result) result = {NULL};
        run(&(Service){100, 0, is_spoiler, nobody, TRUE, of_one[i]}, &result);
        check_refused(&result, 1);
    }
}

static void test_left_out(void)
{
    g_auto(Result) one = {NULL}, all = {NULL};

    spoiler = 57;
    run(&(Service){100, 0, nobody, is_spoiler, FALSE, 0}, &one);
    check_refused(&one, 1);
    g_assert_cmpuint(one.calls, ==, 2);
    g_assert_nonnull(strstr(g_hash_table_lookup(one.refused, one.ids[57]), one.ids[57]));
    run(&(Service){300, 0, nobody, everybody, FALSE, 0}, &all);
    check_refused(&all, 300);
    g_assert_cmpuint(all.calls, ==, 6);
}

static gboolean is_late(guint index)
{
    return index >= 100;
}

/* Ten of those refused before are asked alone. They say nothing of the rest. */
static void test_due(void)
{
    g_auto(Result) still = {NULL}, not_any_more = {NULL}, only = {NULL};

    run(&(Service){100, 50, is_late, nobody, FALSE, 40001}, &still);
    check_refused(&still, 10);
    g_assert_cmpuint(still.calls, ==, 1 + 10);
    run(&(Service){100, 50, nobody, nobody, FALSE, 40001}, &not_any_more);
    check_refused(&not_any_more, 0);
    g_assert_cmpuint(not_any_more.calls, ==, 1 + 10 + 1);
    run(&(Service){0, 5, everybody, nobody, FALSE, 40001}, &only);
    check_refused(&only, 5);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/batch/one-of-a-hundred-takes-fifteen-calls", test_one);
    g_test_add_func("/batch/one-that-is-named-takes-three", test_named);
    g_test_add_func("/batch/a-name-is-where-to-cut-and-no-more", test_named_wrongly);
    g_test_add_func("/batch/many", test_many);
    g_test_add_func("/batch/four-thousand-take-forty", test_none);
    g_test_add_func("/batch/a-token-that-may-not-is-found-out-soon", test_scope);
    g_test_add_func("/batch/neighbours-are-not-taken-for-all", test_neighbours);
    g_test_add_func("/batch/all-refused-by-name-ends", test_all_named);
    g_test_add_func("/batch/a-token-that-may-is-not-doubted", test_allowed);
    g_test_add_func("/batch/other-errors-are-not-about-accounts", test_other_errors);
    g_test_add_func("/batch/left-out-asked-once-more", test_left_out);
    g_test_add_func("/batch/refused-before-asked-alone", test_due);
    return g_test_run();
}
