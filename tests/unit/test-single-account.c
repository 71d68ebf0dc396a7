/* SPDX-License-Identifier: MIT */
/* test-single-account.c - one account out of many, by its details. */
#include "tests/unit/fake-service.h"

#define EXPIRE (301 * SECOND)
#define CENTER "6998877665544332211"

enum { N = 300 };

static char *id_of(guint i)
{
    return g_strdup_printf("%u", 700000 + i);
}

static Fake *new_fake(void)
{
    Fake *fake = fake_new();

    for (guint i = 0; i < N; i++)
        fake_add(fake, KIND_ADVERTISER, "{\"advertiser_id\":\"%u\",\"currency\":\"USD\"}",
                 700000 + i);
    return fake;
}

/* As a request does it: asks until it is there or failed. */
static CacheResult want(Fake *fake, const char *id, gint64 *ret_row, GError **error)
{
    Waiter waiter = {&fake_waiter, fake->mono};
    CacheResult result;
    guint n = 0;

    while ((result = cache_want_object(fake->cache, LISTING_ADVERTISERS, 0, id, &waiter, ret_row,
                                       error)) == CACHE_WAIT) {
        g_assert_cmpuint(n++, <, 8);
        fake_run(fake);
    }
    return result;
}

static gint64 find(Fake *fake, guint i)
{
    g_autofree char *id = id_of(i);
    g_autoptr(GError) error = NULL;
    gint64 row = -1;

    g_assert_cmpint(want(fake, id, &row, &error), ==, CACHE_HIT);
    g_assert_no_error(error);
    return row;
}

static void have_details(Fake *fake, gint64 row)
{
    Waiter waiter = {&fake_waiter, fake->mono};
    g_autoptr(GError) error = NULL;
    CacheResult result;
    guint n = 0;

    while ((result = cache_want_details(fake->cache, row, &waiter, &error)) == CACHE_WAIT) {
        g_assert_cmpuint(n++, <, 8);
        fake_run(fake);
    }
    g_assert_no_error(error);
    g_assert_cmpint(result, ==, CACHE_HIT);
}

static guint n_calls(Fake *fake)
{
    guint n = fake->calls->len;

    g_ptr_array_set_size(fake->calls, 0);
    return n;
}

static void test_one_call(void)
{
    Fake *fake = new_fake();
    gint64 row = find(fake, 250);
    ListingState state;

    have_details(fake, row);
    g_assert_cmpstr(object_text(cache_row(fake->cache, row)->object, "currency"), ==, "USD");
    g_assert_cmpint(((FakeCall *)fake->calls->pdata[0])->endpoint, ==, ENDPOINT_ADVERTISER_INFO);
    g_assert_cmpuint(n_calls(fake), ==, 1);
    cache_details_state(fake->cache, row, &state);
    g_assert_true(state.known && state.fresh);
    fake_later(fake, 200 * SECOND);
    fake_reopen(fake);
    g_assert_cmpint(find(fake, 250), ==, row);
    have_details(fake, row);
    g_assert_cmpuint(n_calls(fake), ==, 0);
    fake_later(fake, 101 * SECOND);
    have_details(fake, row);
    g_assert_cmpint(find(fake, 250), ==, row);
    g_assert_cmpuint(n_calls(fake), ==, 1);
    fake_free(fake);
}

static void test_together(void)
{
    Fake *fake = new_fake();
    static int waiters[N];

    for (guint i = 0; i < 150; i++) {
        g_autofree char *id = id_of(i);
        Waiter waiter = {&waiters[i], fake->mono};
        gint64 row;

        g_assert_cmpint(
            cache_want_object(fake->cache, LISTING_ADVERTISERS, 0, id, &waiter, &row, NULL), ==,
            CACHE_WAIT);
    }
    fake_run(fake);
    g_assert_cmpuint(n_calls(fake), ==, 2);
    for (guint i = 0; i < 150; i++)
        g_assert_cmpint(find(fake, i), >, 0);
    g_assert_cmpuint(n_calls(fake), ==, 0);
    fake_free(fake);
}

/* What the list says comes first, and asks for no details. */
static void test_listed(void)
{
    Fake *fake = new_fake();
    gint64 row;

    fake_have(fake, LISTING_ADVERTISERS, 0);
    row = find(fake, 5);
    g_assert_cmpint(row, >, 0);
    g_assert_cmpint(find(fake, N), ==, 0);
    g_assert_cmpuint(n_calls(fake), ==, 1);
    have_details(fake, row);
    g_assert_cmpuint(n_calls(fake), ==, 1);
    fake_have(fake, LISTING_INFO, 0);
    g_assert_cmpuint(n_calls(fake), ==, 3);
    have_details(fake, find(fake, 6));
    g_assert_cmpuint(n_calls(fake), ==, 0);
    fake_free(fake);
}

/* 700037 is forbidden, and spoils every call that it is in. So are accounts that are none. */
static void forbid(Fake *fake, FakeCall *call)
{
    if (call->endpoint == ENDPOINT_ADVERTISER_INFO &&
        (strstr(call->query, "700037") || strstr(call->query, "700300")))
        fake_refuse(call, API_ERROR_DENIED, 40001, "No permission");
}

static void test_refused(void)
{
    Fake *fake = new_fake();
    gint64 row;

    fake->on_call = forbid;
    row = find(fake, 37);
    g_assert_cmpint(row, >, 0); /* the list has it */
    g_assert_cmpuint(n_calls(fake), ==, 2);
    fake_later(fake, 1);
    have_details(fake, row);
    g_assert_true(cache_account_refused(fake->cache, row, NULL));
    g_assert_cmpuint(n_calls(fake), <=, 1);
    for (guint i = 0; i < 3; i++) { /* the list alone, also after a restart */
        fake_later(fake, EXPIRE);
        g_assert_cmpint(find(fake, 37), ==, row);
        have_details(fake, row);
        g_assert_cmpuint(n_calls(fake), ==, 1);
        fake_reopen(fake);
        have_details(fake, row);
        g_assert_cmpint(find(fake, 37), ==, row);
        g_assert_cmpuint(n_calls(fake), ==, 0);
    }
    fake->on_call = NULL;
    fake_later(fake, G_TIME_SPAN_HOUR);
    have_details(fake, row);
    g_assert_false(cache_account_refused(fake->cache, row, NULL));
    g_assert_cmpuint(n_calls(fake), ==, 1);
    fake_free(fake);
}

static void test_none(void)
{
    Fake *fake = new_fake();

    fake->on_call = forbid;
    g_assert_cmpint(find(fake, N), ==, 0);
    g_assert_cmpuint(n_calls(fake), ==, 2);
    for (guint i = 0; i < 100; i++) /* the list is there now */
        g_assert_cmpint(find(fake, N + i), ==, 0);
    g_assert_cmpuint(n_calls(fake), ==, 0);
    fake_free(fake);
}

static void forbid_all(Fake *fake, FakeCall *call)
{
    if (call->endpoint == ENDPOINT_ADVERTISER_INFO)
        fake_refuse(call, API_ERROR_DENIED, 40001, "No permission");
}

/* The token may not make these calls at all any more: the list decides. */
static void test_all_refused(void)
{
    Fake *fake = new_fake();
    static int waiters[5];

    g_assert_cmpint(find(fake, 3), >, 0);
    g_assert_cmpint(find(fake, 4), >, 0);
    fake_later(fake, EXPIRE);
    fake->on_call = forbid_all;
    g_ptr_array_remove_index(fake->objects[KIND_ADVERTISER], 4);
    for (guint i = 0; i < 5; i++) {
        g_autofree char *id = id_of(i);
        Waiter waiter = {&waiters[i], fake->mono};
        gint64 row;

        cache_want_object(fake->cache, LISTING_ADVERTISERS, 0, id, &waiter, &row, NULL);
    }
    g_assert_cmpint(find(fake, 4), ==, 0);
    g_assert_cmpint(find(fake, 3), >, 0);
    g_assert_cmpint(find(fake, N), ==, 0);
    fake_free(fake);
}

/* It was there once, and is neither allowed nor listed any more. */
static void test_taken_away(void)
{
    Fake *fake = new_fake();

    g_assert_cmpint(find(fake, 37), >, 0);
    g_ptr_array_remove_index(fake->objects[KIND_ADVERTISER], 37);
    fake->on_call = forbid;
    fake_later(fake, EXPIRE);
    g_assert_cmpint(find(fake, 37), ==, 0);
    fake_free(fake);
}

/* One that is forbidden is not the others' harm. */
static void test_refused_together(void)
{
    Fake *fake = new_fake();
    static int waiters[100];

    fake->on_call = forbid;
    for (guint i = 0; i < 100; i++) {
        g_autofree char *id = id_of(i);
        Waiter waiter = {&waiters[i], fake->mono};
        gint64 row;

        cache_want_object(fake->cache, LISTING_ADVERTISERS, 0, id, &waiter, &row, NULL);
    }
    fake_run(fake);
    g_assert_cmpuint(n_calls(fake), <=, 15);
    g_assert_cmpint(find(fake, 38), >, 0);
    g_assert_cmpuint(n_calls(fake), ==, 0);
    g_assert_cmpint(find(fake, 37), >, 0);
    g_assert_cmpuint(n_calls(fake), ==, 1);
    fake_free(fake);
}

/* Accounts that no list names are removed when the list comes, not before. */
static void test_list_comes(void)
{
    Fake *fake = new_fake();
    gint64 stays = find(fake, 5), goes = find(fake, 6);

    g_ptr_array_remove_index(fake->objects[KIND_ADVERTISER], 6);
    fake_add(fake, KIND_CENTER, "{\"bc_info\":{\"bc_id\":\"" CENTER "\",\"name\":\"C\"}}");
    fake_have(fake, LISTING_ROLES, 0);
    g_assert_nonnull(cache_row(fake->cache, stays));
    g_assert_cmpint(find(fake, 6), ==, goes);
    fake_have(fake, LISTING_ADVERTISERS, 0);
    g_assert_cmpint(find(fake, 5), ==, stays);
    g_assert_cmpint(find(fake, 6), ==, 0);
    g_assert_null(cache_row(fake->cache, goes));
    n_calls(fake);
    fake_reopen(fake);
    have_details(fake, stays); /* it had them before */
    g_assert_cmpuint(n_calls(fake), ==, 0);
    fake_have(fake, LISTING_ROLES, 0);
    g_assert_nonnull(cache_row(fake->cache, stays));
    fake_free(fake);
}

/* `ls -l`: the list is there, and the details of everybody are needed. */
static void test_many_details(void)
{
    Fake *fake = new_fake();

    fake_have(fake, LISTING_ADVERTISERS, 0);
    for (guint i = 0; i < N; i++) {
        fake_later(fake, 1);
        have_details(fake, find(fake, i));
    }
    g_assert_cmpuint(n_calls(fake), ==, 1 + 2 + N / 100);
    fake_free(fake);
}

static void test_many(void)
{
    Fake *fake = new_fake();

    for (guint i = 0; i < N; i++) {
        fake_later(fake, 1);
        have_details(fake, find(fake, i));
    }
    g_assert_cmpuint(n_calls(fake), ==, 8 + 1 + 2 + N / 100);
    fake_free(fake);
}

static void test_given(void)
{
    static const char *const given[] = {"700005", NULL};
    Fake *fake = fake_new_closed();

    fake->config.advertisers = given;
    fake_open(fake);
    fake_add(fake, KIND_ADVERTISER, "{\"advertiser_id\":\"700005\",\"currency\":\"USD\"}");
    fake_add(fake, KIND_ADVERTISER, "{\"advertiser_id\":\"700006\",\"currency\":\"USD\"}");
    g_assert_cmpint(find(fake, 6), ==, 0);
    g_assert_cmpint(find(fake, 5), >, 0);
    g_assert_cmpuint(n_calls(fake), ==, 0);
    have_details(fake, find(fake, 5));
    g_assert_cmpuint(n_calls(fake), ==, 1);
    fake_free(fake);
}

static void test_unreachable(void)
{
    Fake *fake = new_fake();
    g_autoptr(GError) error = NULL;
    gint64 row = find(fake, 5), none;

    fake_later(fake, EXPIRE);
    fake_fail(fake, API_ERROR_UNREACHABLE);
    n_calls(fake);
    g_assert_cmpint(find(fake, 5), ==, row);
    have_details(fake, row);
    g_assert_cmpuint(n_calls(fake), ==, 1);
    g_assert_cmpint(want(fake, "700006", &none, &error), ==, CACHE_ERROR);
    g_assert_error(error, API_ERROR, API_ERROR_UNREACHABLE);
    fake_free(fake);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/single-account/one-call-for-the-account-and-its-details", test_one_call);
    g_test_add_func("/single-account/a-hundred-a-call", test_together);
    g_test_add_func("/single-account/the-list-says-more", test_listed);
    g_test_add_func("/single-account/refused-is-not-asked-for-again", test_refused);
    g_test_add_func("/single-account/what-is-none-is-asked-for-once", test_none);
    g_test_add_func("/single-account/all-are-refused-and-the-list-decides", test_all_refused);
    g_test_add_func("/single-account/taken-away", test_taken_away);
    g_test_add_func("/single-account/a-refused-one-spoils-nothing", test_refused_together);
    g_test_add_func("/single-account/a-list-removes-what-it-lacks", test_list_comes);
    g_test_add_func("/single-account/details-of-many-are-fetched-for-all", test_many_details);
    g_test_add_func("/single-account/after-eight-calls-the-list", test_many);
    g_test_add_func("/single-account/given-ones-cost-nothing", test_given);
    g_test_add_func("/single-account/unreachable-serves-the-old-one", test_unreachable);
    return g_test_run();
}
