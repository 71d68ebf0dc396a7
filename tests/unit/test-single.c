/* SPDX-License-Identifier: MIT */
/* test-single.c - one object out of many: how many calls it takes. */
#include "tests/unit/many-campaigns.h"

/* ---- how many calls ---- */

static void test_two_calls(void)
{
    gint64 account, row;
    Fake *fake = new_fake(MANY, &account);
    ListingState state;

    row = find(fake, account, FIRST + MANY - 1);
    g_assert_cmpuint(n_calls(fake), ==, 2);
    g_assert_cmpstr(object_text(cache_row(fake->cache, row)->object, "campaign_name"), ==, "c4999");
    g_assert_cmpint(find(fake, account, FIRST + 999), >, 0); /* it was on page 1 */
    g_assert_cmpint(find(fake, account, FIRST + MANY - 1), ==, row);
    g_assert_cmpuint(n_calls(fake), ==, 0);
    cache_listing_state(fake->cache, LISTING_CAMPAIGNS, account, &state);
    g_assert_true(!state.known && !state.fresh);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    g_assert_cmpuint(n_calls(fake), ==, PAGES);
    g_assert_cmpint(find(fake, account, FIRST + MANY - 1), ==, row);
    fake_free(fake);
}

static void test_small(void)
{
    static const guint sizes[] = {0, 3, 1000, 1001, 2000};

    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        gint64 account;
        Fake *fake = new_fake(sizes[i], &account);
        ListingState state;

        g_assert_cmpint(find(fake, account, 7), ==, 0);
        g_assert_cmpuint(n_calls(fake), ==, sizes[i] > 1000 ? 2 : 1);
        cache_listing_state(fake->cache, LISTING_CAMPAIGNS, account, &state);
        g_assert_true(state.known && state.fresh);
        g_assert_cmpint(state.rows, ==, sizes[i]);
        fake_have(fake, LISTING_CAMPAIGNS, account);
        g_assert_cmpuint(n_calls(fake), ==, 0);
        fake_free(fake);
    }
}

static void test_no_id(void)
{
    static const char *const names[] = {"", ".git", "1000.txt", "a1000", "123456789012345678901"};
    gint64 account, row;
    Fake *fake = new_fake(MANY, &account);

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        row = -1;
        g_assert_cmpint(want_kind(fake, LISTING_CAMPAIGNS, account, names[i], &row, NULL), ==,
                        CACHE_HIT);
        g_assert_cmpint(row, ==, 0);
    }
    g_assert_cmpuint(n_calls(fake), ==, 0);
    fake_free(fake);
}

static void test_together(void)
{
    gint64 account, row;
    Fake *fake = new_large(&account);

    for (guint i = 0; i < 250; i++)
        g_assert_cmpint(want_once(fake, account, 3000 + i, &others[i], &row), ==, CACHE_WAIT);
    fake_run(fake);
    g_assert_cmpuint(n_calls(fake), ==, 3);
    for (guint i = 0; i < 250; i++)
        g_assert_cmpint(find(fake, account, 3000 + i), >, 0);
    g_assert_cmpuint(n_calls(fake), ==, 0);
    fake_free(fake);
}

/* Those that come while a call is under way wait for its end, and go together. */
static void test_under_way(void)
{
    gint64 account, row;
    Fake *fake = new_large(&account);

    want_once(fake, account, 3000, &others[0], &row);
    let_loop_turn();
    g_assert_cmpuint(fake->calls->len, ==, 1);
    for (guint i = 1; i < 50; i++)
        want_once(fake, account, 3000 + i, &others[i], &row);
    let_loop_turn();
    g_assert_cmpuint(fake->calls->len, ==, 1);
    fake_run(fake);
    g_assert_cmpuint(n_calls(fake), ==, 2);
    fake_free(fake);
}

static void test_single_flight(void)
{
    gint64 account, row;
    Fake *fake = new_large(&account);

    g_ptr_array_set_size(fake->woken, 0);
    for (guint i = 0; i < 3; i++)
        g_assert_cmpint(want_once(fake, account, 3000, &others[i], &row), ==, CACHE_WAIT);
    cache_forget(fake->cache, &others[1]);
    fake_run(fake);
    g_assert_cmpuint(n_calls(fake), ==, 1);
    g_assert_cmpuint(fake->woken->len, ==, 2);
    fake_free(fake);
}

static void test_wanted(void)
{
    gint64 account, row;
    Fake *fake = new_large(&account);
    FakeCall *call;

    want_once(fake, account, 3000, &others[0], &row);
    want_once(fake, account, 3001, &others[1], &row);
    let_loop_turn();
    call = fake->calls->pdata[0];
    cache_forget(fake->cache, &others[0]);
    g_assert_true(call->wanted(call->user_data));
    cache_forget(fake->cache, &others[1]);
    g_assert_false(call->wanted(call->user_data));
    fake_free(fake);
}

/* ---- the whole list instead ---- */

static void test_many(void)
{
    gint64 account;
    Fake *fake = new_large(&account);
    ListingState state;

    for (guint i = 0; i < 1000; i++)
        g_assert_cmpint(find(fake, account, 2500 + 2 * i), >, 0);
    g_assert_cmpuint(n_calls(fake), ==, 8 + PAGES);
    cache_listing_state(fake->cache, LISTING_CAMPAIGNS, account, &state);
    g_assert_true(state.fresh);
    fake_free(fake);
}

/* A few now and then are not many. */
static void test_now_and_then(void)
{
    gint64 account;
    Fake *fake = new_large(&account);
    ListingState state;

    for (guint i = 0; i < 20; i++) {
        find(fake, account, 3000 + i);
        fake_later(fake, 60 * SECOND);
    }
    g_assert_cmpuint(n_calls(fake), ==, 20);
    cache_listing_state(fake->cache, LISTING_CAMPAIGNS, account, &state);
    g_assert_false(state.known);
    fake_free(fake);
}

/* Page 1 proves no more than any other, but that there are many more. */
static void test_bad_page(void)
{
    gint64 account;
    Fake *fake = new_fake(MANY, &account);

    g_ptr_array_insert(fake->objects[KIND_CAMPAIGN], 7, g_strdup("{\"campaign_id\":null}"));
    g_assert_cmpint(find(fake, account, 5000), >, 0);
    g_assert_cmpuint(n_calls(fake), ==, 3 + 1);
    fake_free(fake);
}

/* Somebody lists all of it while page 1 is on its way: it is read but once. */
static void test_joined(void)
{
    gint64 account, row;
    Fake *fake = new_fake(MANY, &account);

    g_assert_cmpint(want_once(fake, account, 3000, &others[0], &row), ==, CACHE_WAIT);
    g_assert_cmpuint(fake->calls->len, ==, 1);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    g_assert_cmpuint(n_calls(fake), ==, PAGES);
    fake_free(fake);
}

static void begin_listing(Fake *fake, gint64 account)
{
    Waiter waiter = {&others[299], fake->mono};

    g_ptr_array_set_size(fake->calls, 0);
    g_assert_cmpint(cache_want_listing(fake->cache, LISTING_CAMPAIGNS, account, &waiter, NULL), ==,
                    CACHE_WAIT);
    g_assert_cmpuint(answer(fake, FALSE), ==, 1);
    g_assert_cmpuint(fake->calls->len, ==, 1 + 4);
}

static void test_long_listing(void)
{
    gint64 account, row;
    Fake *fake = new_slow(&account);

    begin_listing(fake, account);
    g_assert_cmpint(want_once(fake, account, 1500, &others[0], &row), ==, CACHE_HIT);
    g_assert_cmpint(row, >, 0); /* it is there already */
    g_assert_cmpint(want_once(fake, account, 5500, &others[0], &row), ==, CACHE_WAIT);
    answer_a_page(fake);
    g_assert_cmpuint(answer(fake, TRUE), ==, 1);
    g_assert_cmpint(want_once(fake, account, 5500, &others[0], &row), ==, CACHE_HIT);
    g_assert_cmpint(row, >, 0);
    fake_run(fake);
    g_assert_cmpuint(n_calls(fake), ==, PAGES + 1);
    g_assert_cmpint(find(fake, account, 5500), ==, row);
    fake_free(fake);
}

/* It was created after the pages were read. */
static void test_younger(void)
{
    gint64 account, row;
    Fake *fake = new_slow(&account);

    begin_listing(fake, account);
    fake_later(fake, SECOND);
    want_once(fake, account, 9, &others[0], &row);
    answer_a_page(fake);
    fake_add(fake, KIND_CAMPAIGN, "{\"campaign_id\":\"9\",\"campaign_name\":\"young\"}");
    g_assert_cmpuint(answer(fake, TRUE), ==, 1);
    g_ptr_array_set_size(fake->objects[KIND_CAMPAIGN], MANY);
    fake_run(fake);
    g_assert_cmpint(find(fake, account, 9), >, 0);
    g_assert_cmpuint(n_calls(fake), ==, PAGES + 1);
    fake_free(fake);
}

/* It is not as short as it seemed. */
static void test_patience(void)
{
    gint64 late = g_get_monotonic_time() + 20 * (gint64)SECOND;
    gint64 account, row;
    Fake *fake = new_fake(MANY, &account);

    begin_listing(fake, account);
    g_assert_cmpint(want_once(fake, account, 5500, &others[0], &row), ==, CACHE_WAIT);
    let_loop_turn();
    g_assert_cmpuint(answer(fake, TRUE), ==, 0);
    g_ptr_array_set_size(fake->woken, 0);
    fake_later(fake, 16 * SECOND);
    while (fake->woken->len == 0 && g_get_monotonic_time() < late)
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpuint(fake->woken->len, >, 0);
    g_assert_cmpint(want_once(fake, account, 5500, &others[0], &row), ==, CACHE_WAIT);
    answer_a_page(fake);
    g_assert_cmpuint(answer(fake, TRUE), ==, 1);
    g_assert_cmpint(want_once(fake, account, 5500, &others[0], &row), ==, CACHE_HIT);
    fake_free(fake);
}

/* Page 1 is read for whoever wants one of them, once, though all of it was wanted anew before. */
static void test_wanted_anew(void)
{
    gint64 account, row;
    Fake *fake = new_fake(MANY, &account);

    cache_refresh_all(fake->cache);
    g_assert_cmpint(want_once(fake, account, FIRST, &others[0], &row), ==, CACHE_WAIT);
    for (guint i = 0; i < 3; i++)
        answer(fake, FALSE);
    g_assert_cmpuint(n_calls(fake), ==, 1);
    g_assert_cmpuint(n_flights(fake), ==, 0);
    g_assert_cmpint(find(fake, account, FIRST), >, 0);
    fake_free(fake);
}

/* But once more when it is wanted anew meanwhile. */
static void test_wanted_anew_meanwhile(void)
{
    gint64 account, row;
    Fake *fake = new_fake(MANY, &account);

    g_assert_cmpint(want_once(fake, account, FIRST, &others[0], &row), ==, CACHE_WAIT);
    cache_refresh_all(fake->cache);
    for (guint i = 0; i < 3; i++)
        answer(fake, FALSE);
    g_assert_cmpuint(n_calls(fake), ==, 2);
    g_assert_cmpuint(n_flights(fake), ==, 0);
    fake_free(fake);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/single/page-1-and-a-call-for-the-id", test_two_calls);
    g_test_add_func("/single/what-is-small-is-listed", test_small);
    g_test_add_func("/single/what-is-no-id-costs-nothing", test_no_id);
    g_test_add_func("/single/a-hundred-ids-a-call", test_together);
    g_test_add_func("/single/those-who-come-later-go-together", test_under_way);
    g_test_add_func("/single/one-flight-for-all-who-ask", test_single_flight);
    g_test_add_func("/single/a-call-is-wanted-while-one-of-them-is", test_wanted);
    g_test_add_func("/single/after-eight-calls-all-are-listed", test_many);
    g_test_add_func("/single/now-and-then-is-not-many", test_now_and_then);
    g_test_add_func("/single/a-bad-page-1-is-read-again", test_bad_page);
    g_test_add_func("/single/page-1-of-what-is-wanted-anew-is-read-once", test_wanted_anew);
    g_test_add_func("/single/page-1-is-read-again-for-who-wants-it-anew",
                    test_wanted_anew_meanwhile);
    g_test_add_func("/single/a-listing-goes-on-from-page-1", test_joined);
    g_test_add_func("/single/nobody-waits-for-a-long-listing", test_long_listing);
    g_test_add_func("/single/younger-than-the-pages", test_younger);
    g_test_add_func("/single/a-listing-that-proves-long", test_patience);
    return g_test_run();
}
