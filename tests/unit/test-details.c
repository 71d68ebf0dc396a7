/* SPDX-License-Identifier: MIT */
/* test-details.c - the details of accounts, some of which the service refuses. */
#include "tests/unit/fake-service.h"

#define HOUR   G_TIME_SPAN_HOUR
#define EXPIRE (301 * SECOND)

static void add_accounts(Fake *fake, guint n)
{
    for (guint i = 0; i < n; i++)
        fake_add(fake, KIND_ADVERTISER, "{\"advertiser_id\":\"%u\",\"name\":\"n%u\"}", 700000 + i,
                 i);
}

static gint64 account(Fake *fake, guint i)
{
    g_autofree char *id = g_strdup_printf("%u", 700000 + i);

    return fake_find(fake, KIND_ADVERTISER, 0, id);
}

/* Account 37 is forbidden, and spoils every batch that it is in. */
static void forbid_37(Fake *fake, FakeCall *call)
{
    if (call->endpoint == ENDPOINT_ADVERTISER_INFO && strstr(call->query, "700037"))
        fake_refuse(call, API_ERROR_DENIED, 40001, "No permission");
}

static void forbid_all(Fake *fake, FakeCall *call)
{
    if (call->endpoint == ENDPOINT_ADVERTISER_INFO)
        fake_refuse(call, API_ERROR_DENIED, 40001, "The access token lacks the required scope");
}

static guint n_calls(Fake *fake)
{
    guint n = fake->calls->len;

    g_ptr_array_set_size(fake->calls, 0);
    return n;
}

static void check_refused(Fake *fake)
{
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < fake->objects[KIND_ADVERTISER]->len; i++)
        g_assert_true(cache_account_refused(fake->cache, account(fake, i), NULL) == (i == 37));
    g_assert_true(cache_account_refused(fake->cache, account(fake, 37), &error));
    g_assert_error(error, API_ERROR, API_ERROR_DENIED);
    g_assert_cmpint(api_error_code(error), ==, 40001);
    g_assert_cmpstr(api_error_request_id(error), ==, "request-2");
    g_assert_cmpstr(error->message, ==, "No permission (code 40001)");
    g_assert_cmpstr(object_text(cache_row(fake->cache, account(fake, 38))->object, "name"), ==,
                    "n38");
}

static Fake *new_forbidden(guint n)
{
    Fake *fake = fake_new();

    add_accounts(fake, n);
    fake_have(fake, LISTING_ADVERTISERS, 0);
    fake->on_call = forbid_37;
    n_calls(fake);
    return fake;
}

static void test_remembered(void)
{
    Fake *fake = new_forbidden(100);

    fake_have(fake, LISTING_INFO, 0);
    g_assert_cmpuint(n_calls(fake), <=, 15);
    check_refused(fake);
    for (guint i = 0; i < 3; i++) { /* the list, the details: also after a restart */
        fake_later(fake, EXPIRE);
        fake_have(fake, LISTING_INFO, 0);
        g_assert_cmpuint(n_calls(fake), ==, 2);
        check_refused(fake);
        fake_reopen(fake);
        check_refused(fake);
        fake_have(fake, LISTING_INFO, 0);
        g_assert_cmpuint(n_calls(fake), ==, 0);
    }
    fake_free(fake);
}

/* Once an hour it is asked alone, and is forgiven when it is in the answer. */
static void test_asked_again(void)
{
    Fake *fake = new_forbidden(100);

    fake_have(fake, LISTING_INFO, 0);
    for (guint i = 0; i < 2; i++) {
        fake_later(fake, HOUR);
        n_calls(fake);
        fake_have(fake, LISTING_INFO, 0);
        g_assert_cmpuint(n_calls(fake), ==, 3);
        check_refused(fake);
    }
    fake->on_call = NULL;
    fake_later(fake, HOUR - SECOND);
    fake_have(fake, LISTING_INFO, 0);
    check_refused(fake);
    fake_later(fake, EXPIRE);
    fake_have(fake, LISTING_INFO, 0);
    g_assert_false(cache_account_refused(fake->cache, account(fake, 37), NULL));
    fake_later(fake, EXPIRE);
    n_calls(fake);
    fake_have(fake, LISTING_INFO, 0);
    g_assert_cmpuint(n_calls(fake), ==, 2);
    fake_free(fake);
}

/* The clock was set back: nobody knows how long ago it was. */
static void test_clock_set(void)
{
    Fake *fake = new_forbidden(100);

    fake_have(fake, LISTING_INFO, 0);
    fake->wall -= HOUR;
    fake_reopen(fake);
    n_calls(fake);
    fake_have(fake, LISTING_INFO, 0);
    g_assert_cmpuint(n_calls(fake), ==, 3);
    check_refused(fake);
    fake_free(fake);
}

/* It lacks its details for good, which does not make those of the others old. */
static void test_rests(void)
{
    Fake *fake = new_forbidden(100);

    fake_later(fake, 200 * SECOND);
    fake_have(fake, LISTING_INFO, 0);
    n_calls(fake);
    fake_later(fake, 101 * SECOND);
    fake_have(fake, LISTING_INFO, 0);
    g_assert_cmpuint(n_calls(fake), ==, 1); /* the list */
    fake_free(fake);
}

/* One came twice in place of another: as many as were asked for, and yet one is missing. */
static void come_twice(Fake *fake, FakeCall *call)
{
    GPtrArray *all = fake->objects[KIND_ADVERTISER];

    if (call->endpoint == ENDPOINT_ADVERTISER_INFO && !g_str_has_suffix(all->pdata[1], "n0\"}")) {
        g_ptr_array_remove_index(all, 1);
        g_ptr_array_insert(all, 1, g_strdup(all->pdata[0]));
    }
}

static void test_twice(void)
{
    Fake *fake = new_forbidden(3);
    g_autoptr(GError) error = NULL;

    fake->on_call = come_twice;
    g_assert_cmpint(fake_want(fake, LISTING_INFO, 0, &error), ==, CACHE_ERROR);
    g_assert_error(error, API_ERROR, API_ERROR_INCOMPLETE);
    g_assert_nonnull(strstr(error->message, "700001"));
    fake_free(fake);
}

/* Of batches that are asked for at the same time the second may come first. */
static void answer_next_first(Fake *fake, FakeCall *call)
{
    FakeCall *next = call->id < fake->calls->len ? fake->calls->pdata[call->id] : NULL;

    if (call->endpoint == ENDPOINT_ADVERTISER_INFO && next && next->done)
        fake_answer(fake, next);
}

static void test_order(void)
{
    Fake *fake = fake_new();

    add_accounts(fake, 150);
    fake->on_call = answer_next_first;
    fake_have(fake, LISTING_INFO, 0);
    g_assert_cmpuint(n_calls(fake), ==, 1 + 2);
    fake_free(fake);
}

static void test_forbidden_goes(void)
{
    Fake *fake = new_forbidden(100);
    gint64 row, again;

    fake_have(fake, LISTING_INFO, 0);
    row = account(fake, 37);
    g_ptr_array_remove_index(fake->objects[KIND_ADVERTISER], 37);
    fake_later(fake, EXPIRE);
    fake_have(fake, LISTING_ADVERTISERS, 0);
    g_assert_false(cache_account_refused(fake->cache, row, NULL));
    fake->on_call = NULL;
    fake_add(fake, KIND_ADVERTISER, "{\"advertiser_id\":\"700037\",\"name\":\"n37\"}");
    fake_later(fake, EXPIRE);
    fake_have(fake, LISTING_INFO, 0);
    again = account(fake, 37);
    g_assert_cmpint(again, >, row);
    g_assert_false(cache_account_refused(fake->cache, again, NULL));
    g_assert_cmpstr(object_text(cache_row(fake->cache, again)->object, "name"), ==, "n37");
    fake_free(fake);
}

/* An account that had its details is refused now: what is known of it is not taken for fresh. */
static void test_forbidden_later(void)
{
    Fake *fake = new_forbidden(100);

    fake->on_call = NULL;
    fake_have(fake, LISTING_INFO, 0);
    g_assert_false(cache_account_refused(fake->cache, account(fake, 37), NULL));
    fake->on_call = forbid_37;
    fake_later(fake, EXPIRE);
    fake_have(fake, LISTING_INFO, 0);
    check_refused(fake);
    fake_free(fake);
}

static void test_thousands(void)
{
    Fake *fake = fake_new();

    add_accounts(fake, 4000);
    fake_have(fake, LISTING_ADVERTISERS, 0);
    fake_have(fake, LISTING_INFO, 0);
    g_assert_cmpuint(n_calls(fake), ==, 1 + 40);
    g_assert_cmpuint(fake->most_in_flight, ==, 4);
    fake_free(fake);
}

/* The call is refused, not the accounts: a few calls, not two for each account, and not again
   before ttl. Nothing is known of anybody, and each says why. */
static void test_scope(void)
{
    Fake *fake = new_forbidden(4000);
    g_autoptr(GError) error = NULL;

    fake->on_call = forbid_all;
    fake_have(fake, LISTING_INFO, 0);
    g_assert_cmpuint(n_calls(fake), <=, 20);
    g_assert_true(cache_account_refused(fake->cache, account(fake, 5), &error));
    g_assert_cmpint(api_error_code(error), ==, 40001);
    g_assert_nonnull(strstr(error->message, "scope"));
    fake_later(fake, 299 * SECOND);
    fake_have(fake, LISTING_INFO, 0);
    g_assert_cmpuint(n_calls(fake), ==, 0);
    fake->on_call = NULL;
    fake_later(fake, 2 * SECOND);
    fake_have(fake, LISTING_INFO, 0);
    g_assert_cmpuint(n_calls(fake), ==, 1 + 40);
    g_assert_false(cache_account_refused(fake->cache, account(fake, 5), NULL));
    fake_free(fake);
}

/* What was known before is kept, and is said to be refused and old. */
static void test_scope_lost(void)
{
    Fake *fake = new_forbidden(100);
    ListingState state;

    fake->on_call = NULL;
    fake_have(fake, LISTING_INFO, 0);
    fake->on_call = forbid_all;
    fake_later(fake, EXPIRE);
    fake_have(fake, LISTING_INFO, 0);
    cache_listing_state(fake->cache, LISTING_INFO, 0, &state);
    g_assert_true(state.fresh && state.known && state.served_old);
    g_assert_cmpint(state.expires_us, ==, fake->mono + 300 * SECOND);
    g_assert_true(cache_account_refused(fake->cache, account(fake, 5), NULL));
    fake_free(fake);
}

static void test_no_ttl(void)
{
    Fake *fake = fake_new_closed();

    fake->config.ttl_us = 0;
    fake_open(fake);
    add_accounts(fake, 100);
    fake->on_call = forbid_37;
    fake_have(fake, LISTING_INFO, 0);
    check_refused(fake);
    fake->on_call = forbid_all;
    fake_later(fake, SECOND);
    fake_have(fake, LISTING_INFO, 0);
    g_assert_true(cache_account_refused(fake->cache, account(fake, 5), NULL));
    fake_free(fake);
}

/* The token ends in the middle of a search: the search fails, and goes on where it was. */
static void end_token(Fake *fake, FakeCall *call)
{
    forbid_37(fake, call);
    if (call->done && call->endpoint == ENDPOINT_ADVERTISER_INFO && fake->calls->len > 4)
        fake_refuse(call, API_ERROR_TOKEN, 40105, "Revoked");
}

static void test_other_error(void)
{
    Fake *fake = new_forbidden(100);
    g_autoptr(GError) error = NULL;

    fake->on_call = end_token;
    g_assert_cmpint(fake_want(fake, LISTING_INFO, 0, &error), ==, CACHE_ERROR);
    g_assert_error(error, API_ERROR, API_ERROR_TOKEN);
    fake->on_call = forbid_37;
    fake_later(fake, 2 * SECOND);
    fake_have(fake, LISTING_INFO, 0);
    check_refused(fake);
    fake_free(fake);
}

/* Setting the clock makes details neither old nor young, also when the accounts come again. */
static void check_clock(gint64 set_us)
{
    Fake *fake = fake_new();

    add_accounts(fake, 3);
    fake_have(fake, LISTING_ADVERTISERS, 0);
    fake_later(fake, 200 * SECOND);
    fake_have(fake, LISTING_INFO, 0);
    n_calls(fake);
    fake_later(fake, 101 * SECOND);
    fake->wall += set_us;
    fake_have(fake, LISTING_INFO, 0);
    g_assert_cmpuint(n_calls(fake), ==, 1); /* for the accounts */
    fake_later(fake, 198 * SECOND);
    fake_have(fake, LISTING_INFO, 0);
    g_assert_cmpuint(n_calls(fake), ==, 0);
    fake_later(fake, 2 * SECOND);
    fake_have(fake, LISTING_INFO, 0);
    g_assert_cmpuint(n_calls(fake), ==, 1); /* for the details */
    fake_free(fake);
}

static void test_clock_of_details(void)
{
    check_clock(HOUR);
    check_clock(-90 * SECOND);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/details/a-refused-one-is-remembered", test_remembered);
    g_test_add_func("/details/a-refused-one-is-asked-again-each-hour", test_asked_again);
    g_test_add_func("/details/a-refusal-in-the-future-is-asked-again", test_clock_set);
    g_test_add_func("/details/a-refused-one-does-not-make-others-old", test_rests);
    g_test_add_func("/details/one-twice-in-place-of-another", test_twice);
    g_test_add_func("/details/batches-in-any-order", test_order);
    g_test_add_func("/details/a-refused-one-vanishes", test_forbidden_goes);
    g_test_add_func("/details/refused-later", test_forbidden_later);
    g_test_add_func("/details/forty-one-calls-for-4000", test_thousands);
    g_test_add_func("/details/a-token-that-may-not-costs-little", test_scope);
    g_test_add_func("/details/a-scope-that-is-lost", test_scope_lost);
    g_test_add_func("/details/without-ttl", test_no_ttl);
    g_test_add_func("/details/the-clock-makes-none-old-or-young", test_clock_of_details);
    g_test_add_func("/details/another-error-in-the-middle", test_other_error);
    return g_test_run();
}
