/* SPDX-License-Identifier: MIT */
/* test-collection.c - listings: how many calls they take, when they hold, what proves them. */
#include "tests/unit/fake-service.h"

static void test_calls(void)
{
    Fake *fake = fake_new();
    gint64 account;

    fake_add_account(fake);
    fake_add_campaigns(fake, 200);
    for (guint i = 0; i < 1000; i++)
        fake_add(fake, KIND_ADGROUP,
                 "{\"adgroup_id\":\"%u\",\"adgroup_name\":\"g\",\"campaign_id\":\"%u\"}", 5000 + i,
                 1000 + i % 200);
    for (guint i = 0; i < 5000; i++)
        fake_add(fake, KIND_AD, "{\"ad_id\":\"%u\",\"ad_name\":\"a\",\"adgroup_id\":\"%u\"}",
                 90000 + i, 5000 + i % 1000);
    account = fake_account(fake);
    g_assert_cmpuint(fake->calls->len, ==, 1);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    fake_have(fake, LISTING_ADGROUPS, account);
    g_assert_cmpuint(fake->calls->len, ==, 1 + 1 + 1);
    fake_have(fake, LISTING_ADS, account);
    g_assert_cmpuint(fake->calls->len, ==, 1 + 1 + 1 + 5);
    fake_have(fake, LISTING_ADS, account);
    g_assert_cmpuint(fake->calls->len, ==, 8);
    fake_free(fake);
}

static void test_slots(void)
{
    Fake *fake = fake_new();
    gint64 account;

    fake_add_account(fake);
    fake_add_campaigns(fake, 9000);
    account = fake_account(fake);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    g_assert_cmpuint(fake->calls->len, ==, 1 + 9);
    g_assert_cmpuint(fake->most_in_flight, ==, 4);
    fake_free(fake);
}

/* The service holds back the rest of the campaigns, for one account's rate, say. */
static gboolean holds_campaigns(void *client, guint64 id)
{
    const FakeCall *call = ((Fake *)client)->calls->pdata[id - 1];

    return call->endpoint == ENDPOINT_CAMPAIGN_GET && fake_number(call->query, "page") > 1;
}

static guint count_pending(const Fake *fake, EndpointId endpoint)
{
    guint n = 0;

    for (guint i = 0; i < fake->calls->len; i++) {
        const FakeCall *call = fake->calls->pdata[i];
        n += call->endpoint == endpoint && call->done;
    }
    return n;
}

/* Calls that wait for longer do not keep others from the slots, nor are they without bounds. */
static void test_lent_slots(void)
{
    Fake *fake = fake_new_closed();
    gint64 account, late = g_get_monotonic_time() + 10 * (gint64)SECOND;

    fake->config.held = holds_campaigns;
    fake_open(fake);
    fake_add_account(fake);
    fake_add_campaigns(fake, 40000);
    account = fake_account(fake);
    cache_want_listing(fake->cache, LISTING_CAMPAIGNS, account, NULL, NULL);
    fake_answer(fake, fake->calls->pdata[1]);
    while (count_pending(fake, ENDPOINT_CAMPAIGN_GET) < 4)
        g_main_context_iteration(NULL, TRUE);
    cache_want_listing(fake->cache, LISTING_ADGROUPS, account, NULL, NULL);
    while (count_pending(fake, ENDPOINT_ADGROUP_GET) == 0 && g_get_monotonic_time() < late)
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpuint(count_pending(fake, ENDPOINT_ADGROUP_GET), ==, 1);
    g_assert_cmpuint(fake->most_in_flight, ==, 4 + 1);
    fake_free(fake);
}

static gboolean holds_all_campaigns(void *client, guint64 id)
{
    const FakeCall *call = ((Fake *)client)->calls->pdata[id - 1];

    return call->endpoint == ENDPOINT_CAMPAIGN_GET;
}

/* However many accounts the service refuses: one that it does not refuse is served. */
static void test_many_held(void)
{
    Fake *fake = fake_new_closed();
    gint64 account, late = g_get_monotonic_time() + 10 * (gint64)SECOND;

    fake->config.held = holds_all_campaigns;
    fake_open(fake);
    fake_add_account(fake);
    for (guint i = 0; i < 20; i++)
        fake_add(fake, KIND_ADVERTISER, "{\"advertiser_id\":\"%u\"}", 100 + i);
    account = fake_account(fake);
    for (guint i = 0; i < 20; i++) {
        g_autofree char *id = g_strdup_printf("%u", 100 + i);

        cache_want_listing(fake->cache, LISTING_CAMPAIGNS, fake_find(fake, KIND_ADVERTISER, 0, id),
                           NULL, NULL);
    }
    cache_want_listing(fake->cache, LISTING_ADGROUPS, account, NULL, NULL);
    while (count_pending(fake, ENDPOINT_ADGROUP_GET) == 0 && g_get_monotonic_time() < late)
        g_main_context_iteration(NULL, FALSE);
    g_assert_cmpuint(count_pending(fake, ENDPOINT_ADGROUP_GET), ==, 1);
    g_assert_cmpuint(count_pending(fake, ENDPOINT_CAMPAIGN_GET), ==, 20);
    fake_free(fake);
}

static void test_single_flight(void)
{
    Fake *fake = fake_new();
    int waiters[3];

    fake_add_account(fake);
    for (int i = 0; i < 3; i++) {
        Waiter waiter = {&waiters[i], fake->mono};
        g_assert_cmpint(cache_want_listing(fake->cache, LISTING_ADVERTISERS, 0, &waiter, NULL), ==,
                        CACHE_WAIT);
    }
    cache_forget(fake->cache, &waiters[1]);
    g_assert_cmpuint(fake->calls->len, ==, 1);
    fake_run(fake);
    g_assert_cmpuint(fake->calls->len, ==, 1);
    g_assert_cmpuint(fake->woken->len, ==, 2);
    g_assert_true(fake->woken->pdata[0] == &waiters[0]);
    g_assert_true(fake->woken->pdata[1] == &waiters[2]);
    fake_free(fake);
}

/* The client is told whether anybody waits still. */
static void test_wanted(void)
{
    Fake *fake = fake_new();
    Waiter waiter = {&fake_waiter, fake->mono};
    gint64 account;
    FakeCall *call;

    fake_add_account(fake);
    account = fake_account(fake);
    cache_want_listing(fake->cache, LISTING_CAMPAIGNS, account, &waiter, NULL);
    call = fake->calls->pdata[fake->calls->len - 1];
    g_assert_true(call->wanted(call->user_data));
    cache_forget(fake->cache, &fake_waiter);
    g_assert_false(call->wanted(call->user_data));
    cache_want_listing(fake->cache, LISTING_CAMPAIGNS, account, &waiter, NULL);
    g_assert_true(call->wanted(call->user_data));
    fake_free(fake);
}

static int first, second;

static void forget_second(Fake *fake, void *waiter)
{
    Waiter again = {waiter, fake->mono};

    cache_forget(fake->cache, &second);
    g_assert_cmpint(cache_want_listing(fake->cache, LISTING_ADVERTISERS, 0, &again, NULL), ==,
                    CACHE_HIT);
}

static void test_forget_in_wake(void)
{
    Fake *fake = fake_new();
    Waiter waiters[] = {{&first, 0}, {&second, 0}};

    fake_add_account(fake);
    fake->on_wake = forget_second;
    cache_want_listing(fake->cache, LISTING_ADVERTISERS, 0, &waiters[0], NULL);
    cache_want_listing(fake->cache, LISTING_ADVERTISERS, 0, &waiters[1], NULL);
    fake_run(fake);
    g_assert_cmpuint(fake->woken->len, ==, 1);
    fake_free(fake);
}

static void test_failure(void)
{
    Fake *fake = fake_new();
    g_autoptr(GError) error = NULL;

    fake_add_account(fake);
    fake_fail(fake, API_ERROR_REMOTE);
    g_assert_cmpint(fake_want(fake, LISTING_ADVERTISERS, 0, &error), ==, CACHE_ERROR);
    g_assert_error(error, API_ERROR, API_ERROR_REMOTE);
    g_assert_cmpint(api_error_code(error), ==, 50000);
    g_assert_cmpstr(api_error_request_id(error), ==, "request-1");
    g_clear_error(&error);
    fake_work(fake);
    fake->mono += fake->config.retry_us - 1;
    g_assert_cmpint(fake_want(fake, LISTING_ADVERTISERS, 0, &error), ==, CACHE_ERROR);
    g_assert_cmpuint(fake->calls->len, ==, 1);
    fake->mono += 1;
    fake_have(fake, LISTING_ADVERTISERS, 0);
    g_assert_cmpuint(fake->calls->len, ==, 2);
    fake_free(fake);
}

static void test_incomplete(void)
{
    Fake *fake = fake_new();
    g_autoptr(GError) error = NULL;
    gint64 account, row;

    fake_add_account(fake);
    fake_add_campaigns(fake, 1500);
    account = fake_account(fake);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    row = fake_find(fake, KIND_CAMPAIGN, account, "1000");
    g_ptr_array_remove_index(fake->objects[KIND_CAMPAIGN], 0);
    fake_later(fake, 301 * SECOND);
    fake->total_off = fake->total_off_first = 1;
    g_ptr_array_set_size(fake->calls, 0);
    g_assert_cmpint(fake_want(fake, LISTING_CAMPAIGNS, account, &error), ==, CACHE_ERROR);
    g_assert_error(error, API_ERROR, API_ERROR_INCOMPLETE);
    g_assert_cmpuint(fake->calls->len, ==, 3 * 2);
    g_assert_cmpint(fake_find(fake, KIND_CAMPAIGN, account, "1000"), ==, row);
    fake->total_off = fake->total_off_first = 0;
    fake_later(fake, 2 * SECOND);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    g_assert_cmpint(fake_find(fake, KIND_CAMPAIGN, account, "1000"), ==, 0);
    g_assert_null(cache_row(fake->cache, row));
    fake_free(fake);
}

static void test_totals_differ(void)
{
    Fake *fake = fake_new();
    g_autoptr(GError) error = NULL;
    gint64 account;

    fake_add_account(fake);
    fake_add_campaigns(fake, 1500);
    account = fake_account(fake);
    fake->total_off = -1;
    g_assert_cmpint(fake_want(fake, LISTING_CAMPAIGNS, account, &error), ==, CACHE_ERROR);
    g_assert_error(error, API_ERROR, API_ERROR_INCOMPLETE);
    fake_free(fake);
}

/* One that came on top pushed the last row of page 1 onto page 2, and is itself not seen. */
static void move_row(Fake *fake, FakeCall *call)
{
    if (call->endpoint != ENDPOINT_CAMPAIGN_GET || fake->calls->len != 3)
        return;
    g_ptr_array_insert(fake->objects[KIND_CAMPAIGN], 0,
                       g_strdup("{\"campaign_id\":\"1\",\"campaign_name\":\"new\"}"));
    g_ptr_array_remove_index(fake->objects[KIND_CAMPAIGN], 1400);
}

static void test_moving_row(void)
{
    Fake *fake = fake_new();
    gint64 account;
    ListingState state;

    fake_add_account(fake);
    fake_add_campaigns(fake, 1500);
    account = fake_account(fake);
    fake->on_call = move_row;
    fake_have(fake, LISTING_CAMPAIGNS, account);
    g_assert_cmpuint(fake->calls->len, ==, 1 + 2 + 2);
    cache_listing_state(fake->cache, LISTING_CAMPAIGNS, account, &state);
    g_assert_cmpint(state.rows, ==, 1500);
    g_assert_cmpint(fake_find(fake, KIND_CAMPAIGN, account, "1"), >, 0);
    fake_free(fake);
}

/* A short page proves nothing, nor does an empty one, nor an answer without data. */
static void test_no_page_info(void)
{
    for (guint way = 0; way < 3; way++) {
        Fake *fake = fake_new();
        g_autoptr(GError) error = NULL;
        gint64 account, row;

        fake_add_account(fake);
        fake_add_campaigns(fake, 3);
        account = fake_account(fake);
        fake_have(fake, LISTING_CAMPAIGNS, account);
        row = fake_find(fake, KIND_CAMPAIGN, account, "1002");
        fake_later(fake, 301 * SECOND);
        g_ptr_array_set_size(fake->calls, 0);
        g_ptr_array_set_size(fake->objects[KIND_CAMPAIGN], way == 0 ? 2 : 0);
        fake->no_page_info = way < 2;
        fake->no_data = way == 2;
        g_assert_cmpint(fake_want(fake, LISTING_CAMPAIGNS, account, &error), ==, CACHE_ERROR);
        g_assert_error(error, API_ERROR, API_ERROR_INCOMPLETE);
        g_assert_cmpuint(fake->calls->len, ==, 3);
        g_assert_cmpint(fake_find(fake, KIND_CAMPAIGN, account, "1002"), ==, row);
        fake_free(fake);
    }
}

static void test_bad_row(void)
{
    Fake *fake = fake_new();
    g_autoptr(GError) error = NULL;
    gint64 account;

    fake_add_account(fake);
    fake_add(fake, KIND_CAMPAIGN, "{\"campaign_id\":\"1\",\"campaign_name\":\"x\"}");
    fake_add(fake, KIND_CAMPAIGN, "{\"campaign_id\":null,\"campaign_name\":\"x\"}");
    account = fake_account(fake);
    g_assert_cmpint(fake_want(fake, LISTING_CAMPAIGNS, account, &error), ==, CACHE_ERROR);
    g_assert_error(error, API_ERROR, API_ERROR_INCOMPLETE);
    g_clear_error(&error);
    fake_later(fake, 301 * SECOND);
    fake_add(fake, KIND_ADVERTISER, "{\"advertiser_id\":null}"); /* no total gives it away */
    g_assert_cmpint(fake_want(fake, LISTING_ADVERTISERS, 0, &error), ==, CACHE_ERROR);
    g_assert_error(error, API_ERROR, API_ERROR_INCOMPLETE);
    fake_free(fake);
}

static void test_unreachable(void)
{
    Fake *fake = fake_new();
    g_autoptr(GError) error = NULL;
    gint64 account;
    ListingState state;

    fake_add_account(fake);
    fake_add_campaigns(fake, 3);
    account = fake_account(fake);
    fake_fail(fake, API_ERROR_UNREACHABLE);
    g_assert_cmpint(fake_want(fake, LISTING_CAMPAIGNS, account, &error), ==, CACHE_ERROR);
    g_assert_error(error, API_ERROR, API_ERROR_UNREACHABLE);
    fake_work(fake);
    fake_later(fake, 2 * SECOND);
    fake_have(fake, LISTING_CAMPAIGNS, account);

    fake_fail(fake, API_ERROR_UNREACHABLE);
    fake_later(fake, 301 * SECOND);
    g_ptr_array_set_size(fake->calls, 0);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    g_assert_cmpuint(fake->calls->len, ==, 1);
    cache_listing_state(fake->cache, LISTING_CAMPAIGNS, account, &state);
    g_assert_true(state.served_old && state.known && !state.fresh);
    fake_free(fake);
}

static void test_restart(void)
{
    Fake *fake = fake_new();
    gint64 account, row;
    ListingState state;

    fake_add_account(fake);
    fake_add_campaigns(fake, 3);
    account = fake_account(fake);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    row = fake_find(fake, KIND_CAMPAIGN, account, "1002");
    fake_later(fake, 100 * SECOND);
    fake_reopen(fake);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    g_assert_cmpuint(fake->calls->len, ==, 2);
    g_assert_cmpint(fake_find(fake, KIND_CAMPAIGN, account, "1002"), ==, row);
    cache_listing_state(fake->cache, LISTING_CAMPAIGNS, account, &state);
    g_assert_cmpint(state.expires_us, ==, fake->mono + 200 * SECOND);

    fake->wall -= 1000 * SECOND; /* it was fetched in the future */
    fake_reopen(fake);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    g_assert_cmpuint(fake->calls->len, ==, 3);
    g_assert_cmpint(fake_find(fake, KIND_CAMPAIGN, account, "1002"), ==, row);
    fake_free(fake);
}

static void test_no_ttl(void)
{
    Fake *fake = fake_new_closed();
    gint64 account;
    ListingState state;

    fake->config.ttl_us = 0;
    fake_open(fake);
    fake_add_account(fake);
    fake_add_campaigns(fake, 1500); /* several pages do not make it rest either */
    account = fake_account(fake);
    fake->mono++;
    fake_have(fake, LISTING_INFO, 0); /* of accounts, then their details: must end */
    fake->mono++;
    fake_have(fake, LISTING_CAMPAIGNS, account);
    cache_listing_state(fake->cache, LISTING_CAMPAIGNS, account, &state);
    g_assert_true(state.known && !state.fresh);
    g_ptr_array_set_size(fake->calls, 0);
    fake->mono++;
    fake_have(fake, LISTING_CAMPAIGNS, account);
    g_assert_cmpuint(fake->calls->len, ==, 2);
    fake_free(fake);
}

static void test_large_rest(void)
{
    Fake *fake = fake_new_closed();
    gint64 account;

    fake->config.ttl_us = SECOND;
    fake_open(fake);
    fake_add_account(fake);
    fake_add_campaigns(fake, 2500);
    account = fake_account(fake);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    g_ptr_array_set_size(fake->calls, 0);
    fake_later(fake, 18 * SECOND - 1);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    g_assert_cmpuint(fake->calls->len, ==, 0);
    fake_later(fake, 1);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    g_assert_cmpuint(fake->calls->len, ==, 3);
    fake_free(fake);
}

static void test_freed_in_flight(void)
{
    Fake *fake = fake_new();
    gint64 account;
    Waiter waiter = {&fake_waiter, 0};

    fake_add_account(fake);
    fake_add_campaigns(fake, 1500);
    account = fake_account(fake);
    fake_later(fake, SECOND);
    cache_want_listing(fake->cache, LISTING_CAMPAIGNS, account, &waiter, NULL);
    fake_answer(fake, fake->calls->pdata[1]); /* the writer has it now */
    fake_free(fake);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/collection/calls-held-back-lend-their-slots", test_lent_slots);
    g_test_add_func("/collection/any-number-held-back-closes-nothing", test_many_held);
    g_test_add_func("/collection/seven-calls-for-6200-objects", test_calls);
    g_test_add_func("/collection/never-more-than-four-bodies", test_slots);
    g_test_add_func("/collection/one-flight-for-all-who-ask", test_single_flight);
    g_test_add_func("/collection/calls-are-wanted-while-somebody-waits", test_wanted);
    g_test_add_func("/collection/forgotten-while-others-are-woken", test_forget_in_wake);
    g_test_add_func("/collection/a-failure-is-remembered-until-retry", test_failure);
    g_test_add_func("/collection/one-missing-is-incomplete-and-removes-nothing", test_incomplete);
    g_test_add_func("/collection/totals-of-pages-must-agree", test_totals_differ);
    g_test_add_func("/collection/a-row-between-two-pages-is-counted-once", test_moving_row);
    g_test_add_func("/collection/without-a-total-nothing-is-complete", test_no_page_info);
    g_test_add_func("/collection/a-row-without-id-is-incomplete", test_bad_row);
    g_test_add_func("/collection/unreachable-serves-the-old-one", test_unreachable);
    g_test_add_func("/collection/fresh-over-a-restart", test_restart);
    g_test_add_func("/collection/without-ttl-fresh-for-who-asked-only", test_no_ttl);
    g_test_add_func("/collection/large-ones-rest-six-seconds-a-page", test_large_rest);
    g_test_add_func("/collection/freed-in-flight", test_freed_in_flight);
    return g_test_run();
}
