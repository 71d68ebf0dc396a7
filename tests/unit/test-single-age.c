/* SPDX-License-Identifier: MIT */
/* test-single-age.c - what is known of one object out of many, that it is absent too, and how long
   that holds. */
#include "cache/single-private.h"
#include "tests/unit/fake-writer.h"
#include "tests/unit/many-campaigns.h"

/* ---- what is not there ---- */

static void test_absent(void)
{
    gint64 account;
    Fake *fake = new_large(&account);

    g_assert_cmpint(find(fake, account, 7), ==, 0);
    g_assert_cmpuint(n_calls(fake), ==, 1);
    fake_later(fake, 60 * SECOND - 1);
    g_assert_cmpint(find(fake, account, 7), ==, 0);
    g_assert_cmpuint(n_calls(fake), ==, 0);
    fake_add(fake, KIND_CAMPAIGN, "{\"campaign_id\":\"7\",\"campaign_name\":\"new\"}");
    fake_later(fake, 1);
    g_assert_cmpint(find(fake, account, 7), >, 0);
    g_assert_cmpuint(n_calls(fake), ==, 1);
    fake_free(fake);
}

/* Only a complete listing removes it; its number is its own for good. */
static void test_vanished(void)
{
    gint64 account, row;
    Fake *fake = new_large(&account);
    char *last;

    row = find(fake, account, FIRST + MANY - 1);
    last = g_ptr_array_steal_index(fake->objects[KIND_CAMPAIGN], MANY - 1);
    fake_later(fake, EXPIRE);
    g_assert_cmpint(find(fake, account, FIRST + MANY - 1), ==, 0);
    g_assert_cmpint(find(fake, account, FIRST + MANY - 1), ==, 0);
    g_assert_nonnull(cache_row(fake->cache, row));
    g_ptr_array_add(fake->objects[KIND_CAMPAIGN], last);
    fake_later(fake, 61 * SECOND);
    g_assert_cmpint(find(fake, account, FIRST + MANY - 1), ==, row);
    fake_free(fake);
}

/* With `stale` it is shown at once as it was, and the next reader has the new. */
static void test_stale(void)
{
    gint64 account, row;
    Fake *fake = new_large(&account);

    row = find(fake, account, FIRST + MANY - 1);
    g_assert_cmpint(row, >, 0);
    fake->cache->config.stale_us = 60 * SECOND;
    fake_later(fake, EXPIRE);
    fake->on_call = NULL;
    n_calls(fake);
    g_assert_cmpint(want_once(fake, account, FIRST + MANY - 1, &others[0], &row), ==, CACHE_HIT);
    g_assert_cmpint(row, >, 0);
    fake_run(fake);
    g_assert_cmpuint(n_calls(fake), ==, 1);
    g_assert_cmpint(find(fake, account, FIRST + MANY - 1), ==, row);
    g_assert_cmpuint(n_calls(fake), ==, 0);
    fake_later(fake, EXPIRE + 60 * SECOND);
    g_assert_cmpint(want_once(fake, account, FIRST + MANY - 1, &others[0], &row), ==, CACHE_WAIT);
    fake_run(fake);
    fake_free(fake);
}

static void test_bounded(void)
{
    gint64 account, row;
    Fake *fake = new_large(&account);

    fake->cache->config.ttl_us = 0; /* so that all are never listed */
    for (guint i = 0; i < 3000; i++) {
        want_once(fake, account, 100000 + i, &others[0], &row);
        if (i % 100 == 99)
            fake_run(fake);
    }
    g_assert_cmpuint(
        g_hash_table_size(single_group(fake->cache, LISTING_CAMPAIGNS, account)->singles), <=,
        1024 + 100);
    fake_free(fake);
}

/* An answer that is none says of nothing that it is not there. */
static void test_no_answer(void)
{
    for (guint way = 0; way < 4; way++) {
        gint64 account, row;
        Fake *fake = new_large(&account);
        g_autoptr(GError) error = NULL;

        fake->no_data = way == 0;
        fake->no_page_info = way == 1;
        fake->total_off_first = way == 2 ? 1 : way == 3 ? MANY : 0;
        g_assert_cmpint(want_kind(fake, LISTING_CAMPAIGNS, account, "5000", &row, &error), ==,
                        CACHE_ERROR);
        g_assert_error(error, API_ERROR, API_ERROR_INCOMPLETE);
        g_assert_cmpuint(n_calls(fake), ==, 3);
        fake->no_data = fake->no_page_info = FALSE;
        fake->total_off_first = 0;
        fake_later(fake, 2 * SECOND);
        g_assert_cmpint(find(fake, account, 5000), >, 0);
        fake_free(fake);
    }
}

static void test_failure(void)
{
    gint64 account, row;
    Fake *fake = new_large(&account);
    g_autoptr(GError) error = NULL;

    fake_fail(fake, API_ERROR_REMOTE);
    g_assert_cmpint(want_kind(fake, LISTING_CAMPAIGNS, account, "5000", &row, &error), ==,
                    CACHE_ERROR);
    g_assert_error(error, API_ERROR, API_ERROR_REMOTE);
    g_assert_cmpint(want_kind(fake, LISTING_CAMPAIGNS, account, "5000", &row, NULL), ==,
                    CACHE_ERROR);
    g_assert_cmpuint(n_calls(fake), ==, 1);
    fake_work(fake);
    fake_later(fake, fake->config.retry_us);
    g_assert_cmpint(find(fake, account, 5000), >, 0);
    fake_free(fake);
}

static void refuse_7(Fake *fake, FakeCall *call)
{
    if (is_filter(call) && strstr(call->query, "%227%22"))
        fake_refuse(call, API_ERROR_INVALID, 40002, "campaign_ids.0: Not a valid id");
}

/* What the service does not take for an id is nobody else's harm. */
static void test_spoilt(void)
{
    gint64 account, row;
    Fake *fake = new_large(&account);
    g_autoptr(GError) error = NULL;

    fake->on_call = refuse_7;
    for (guint i = 0; i < 99; i++)
        want_once(fake, account, 3000 + i, &others[i], &row);
    g_assert_cmpint(want_kind(fake, LISTING_CAMPAIGNS, account, "7", &row, &error), ==,
                    CACHE_ERROR);
    g_assert_error(error, API_ERROR, API_ERROR_INVALID);
    g_assert_cmpuint(n_calls(fake), <=, 1 + 2 * 7);
    for (guint i = 0; i < 99; i++)
        g_assert_cmpint(find(fake, account, 3000 + i), >, 0);
    g_assert_cmpuint(n_calls(fake), ==, 0);
    fake_free(fake);
}

/* ---- how long it holds ---- */

static void test_expires(void)
{
    gint64 account;
    Fake *fake = new_large(&account);
    ListingState state;

    find(fake, account, 5000);
    n_calls(fake);
    fake_later(fake, 100 * SECOND);
    cache_object_state(fake->cache, LISTING_CAMPAIGNS, account, "5000", &state);
    g_assert_true(state.known && state.fresh);
    g_assert_cmpint(state.expires_us, ==, fake->mono + 200 * SECOND);
    g_assert_cmpint(state.fetched_us, ==, fake->wall - 100 * SECOND);
    fake_later(fake, 200 * SECOND - 1);
    find(fake, account, 5000);
    g_assert_cmpuint(n_calls(fake), ==, 0);
    fake_later(fake, 1);
    find(fake, account, 5000);
    g_assert_cmpuint(n_calls(fake), ==, 1);
    fake_free(fake);
}

static void test_restart(void)
{
    gint64 account, row;
    Fake *fake = new_large(&account);

    row = find(fake, account, 5000);
    n_calls(fake);
    fake_later(fake, 100 * SECOND);
    fake_reopen(fake);
    g_assert_cmpint(find(fake, account, 5000), ==, row);
    g_assert_cmpint(find(fake, account, FIRST + 5), >, 0);
    g_assert_cmpuint(n_calls(fake), ==, 0);
    fake_later(fake, 200 * SECOND);
    g_assert_cmpint(find(fake, account, 5000), ==, row);
    g_assert_cmpuint(n_calls(fake), ==, 2);
    fake->wall -= 1000 * SECOND; /* it was fetched in the future */
    fake_reopen(fake);
    g_assert_cmpint(find(fake, account, 5000), ==, row);
    g_assert_cmpuint(n_calls(fake), ==, 2);
    fake_free(fake);
}

static void test_no_ttl(void)
{
    Fake *fake = fake_new_closed();
    gint64 account;

    fake->config.ttl_us = 0;
    fake_open(fake);
    fake_add_account(fake);
    fake_add_campaigns(fake, MANY);
    account = fake_account(fake);
    n_calls(fake);
    for (guint i = 0; i < 20; i++) {
        fake->mono++;
        g_assert_cmpint(find(fake, account, 5000), >, 0);
    }
    g_assert_cmpuint(n_calls(fake), ==, 1 + 20);
    fake_free(fake);
}

static void test_unreachable(void)
{
    gint64 account, row, other;
    Fake *fake = new_large(&account);
    ListingState state;

    row = find(fake, account, 5000);
    other = find(fake, account, 5001);
    n_calls(fake);
    fake_later(fake, EXPIRE);
    fake_fail(fake, API_ERROR_UNREACHABLE);
    g_assert_cmpint(find(fake, account, 5000), ==, row);
    fake_later(fake, 29 * SECOND);
    g_assert_cmpint(find(fake, account, 5000), ==, row);
    g_assert_cmpint(find(fake, account, 5001), ==, other);
    g_assert_cmpuint(n_calls(fake), ==, 1);
    cache_object_state(fake->cache, LISTING_CAMPAIGNS, account, "5000", &state);
    g_assert_true(state.known && !state.fresh && state.served_old);
    fake_work(fake);
    fake_later(fake, 2 * SECOND);
    g_assert_cmpint(find(fake, account, 5000), ==, row); /* asked for meanwhile, ... */
    let_loop_turn();
    g_assert_cmpint(find(fake, account, 5001), ==, other); /* ... and whether the rest can be */
    fake_run(fake);
    g_assert_cmpuint(n_calls(fake), ==, 1);
    cache_object_state(fake->cache, LISTING_CAMPAIGNS, account, "5000", &state);
    g_assert_true(state.fresh && !state.served_old);
    fake_free(fake);
}

/* What one call finds out, a listing's or this, holds for all. */
static void test_outage(void)
{
    gint64 account, row;
    Fake *fake = new_large(&account);
    CacheStats stats;

    row = find(fake, account, 5000);
    fake_later(fake, EXPIRE);
    fake_fail(fake, API_ERROR_UNREACHABLE);
    fake_have(fake, LISTING_ADVERTISERS, 0);
    g_ptr_array_set_size(fake->calls, 0);
    n_calls(fake);
    g_assert_cmpint(find(fake, account, 5000), ==, row);
    g_assert_cmpuint(n_calls(fake), ==, 0);
    fake_work(fake);
    fake_later(fake, 30 * SECOND);
    g_assert_cmpint(find(fake, account, 5000), ==, row); /* looks whether it is back */
    fake_run(fake);
    cache_stats(fake->cache, &stats);
    g_assert_cmpint(stats.unreachable_since_us, ==, 0);
    fake_later(fake, EXPIRE);
    fake_fail(fake, API_ERROR_UNREACHABLE);
    g_assert_cmpint(find(fake, account, 5000), ==, row);
    cache_stats(fake->cache, &stats);
    g_assert_cmpint(stats.unreachable_since_us, ==, fake->wall);
    fake_free(fake);
}

static void test_expired(void)
{
    gint64 account, row, row_again;
    Fake *fake = new_large(&account);

    row = find(fake, account, 5000);
    n_calls(fake);
    cache_expire(fake->cache, row);
    find(fake, account, 5001);
    g_assert_cmpuint(n_calls(fake), ==, 1);
    find(fake, account, 5000);
    g_assert_cmpuint(n_calls(fake), ==, 1);
    cache_expire(fake->cache, row);
    fake_reopen(fake);
    find(fake, account, FIRST); /* that is fresh still */
    g_assert_cmpuint(n_calls(fake), ==, 0);
    find(fake, account, 5000);
    g_assert_cmpuint(n_calls(fake), ==, 2);

    fake_later(fake, EXPIRE); /* what is under way was asked for too early */
    want_once(fake, account, 5000, &fake_waiter, &row_again);
    let_loop_turn();
    cache_expire(fake->cache, row);
    fake_run(fake);
    g_assert_cmpuint(n_calls(fake), ==, 2);
    fake_free(fake);
}

/* So is page 1, of which one on it may be wrong. */
static void test_expired_page(void)
{
    gint64 account, row, none;
    Fake *fake = new_large(&account);

    row = find(fake, account, FIRST);
    fake_later(fake, EXPIRE);
    fake_reopen(fake);
    want_once(fake, account, 5000, &fake_waiter, &none);
    g_assert_cmpuint(fake->calls->len, ==, 1);
    cache_expire(fake->cache, row);
    fake_run(fake);
    g_assert_cmpuint(n_calls(fake), ==, 2);
    g_assert_cmpint(find(fake, account, FIRST), ==, row);
    g_assert_cmpuint(n_calls(fake), ==, 0);
    fake_free(fake);
}

/* A call by id comes after the pages of a listing that was asked for later. */
static void test_late(void)
{
    const char *now = "{\"campaign_id\":\"4000\",\"campaign_name\":\"n\",\"budget\":900}";
    gint64 account, row;
    Fake *fake = new_large(&account);
    GPtrArray *all = fake->objects[KIND_CAMPAIGN];
    g_autofree char *then = NULL;
    Waiter nobody = {NULL, 0};
    FakeCall *late, held;

    find(fake, account, 4000);
    fake_later(fake, EXPIRE);
    nobody.began = fake->mono;
    g_assert_cmpint(want_once(fake, account, 4000, &fake_waiter, &row), ==, CACHE_WAIT);
    let_loop_turn();
    late = fake->calls->pdata[fake->calls->len - 1];
    g_assert_true(is_filter(late));
    held = *late;
    late->done = NULL;
    fake_later(fake, SECOND);
    then = all->pdata[4000 - FIRST];
    all->pdata[4000 - FIRST] = g_strdup(now);
    g_assert_cmpint(cache_want_listing(fake->cache, LISTING_CAMPAIGNS, account, &nobody, NULL), ==,
                    CACHE_WAIT);
    for (guint i = 0; i < fake->calls->len; i++) {
        FakeCall *call = fake->calls->pdata[i];
        if (call->done)
            fake_answer(fake, call);
        fake_let_store(fake);
    }
    row = fake_find(fake, KIND_CAMPAIGN, account, "4000");
    g_assert_cmpstr(object_text(cache_row(fake->cache, row)->object, "budget"), ==, "900");
    g_free(all->pdata[4000 - FIRST]);
    all->pdata[4000 - FIRST] = g_steal_pointer(&then);
    fake_answer(fake, &held);
    fake_run(fake);
    g_assert_cmpstr(object_text(cache_row(fake->cache, row)->object, "budget"), ==, "900");
    g_ptr_array_set_size(fake->calls, 0);
    fake_later(fake, EXPIRE); /* it holds for that answer only */
    g_assert_cmpint(find(fake, account, 4000), ==, row);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    g_assert_cmpstr(object_text(cache_row(fake->cache, row)->object, "budget"), ==, "500.10");
    fake_free(fake);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/single-age/absent-for-a-minute", test_absent);
    g_test_add_func("/single-age/vanished-but-not-forgotten", test_vanished);
    g_test_add_func("/single-age/absent-ids-are-bounded", test_bounded);
    g_test_add_func("/single-age/no-answer-is-no-absence", test_no_answer);
    g_test_add_func("/single-age/a-failure-is-remembered-until-retry", test_failure);
    g_test_add_func("/single-age/a-bad-id-spoils-nothing", test_spoilt);
    g_test_add_func("/single-age/fresh-for-ttl", test_expires);
    g_test_add_func("/single-age/fresh-over-a-restart", test_restart);
    g_test_add_func("/single-age/without-ttl-fresh-for-who-asked-only", test_no_ttl);
    g_test_add_func("/single-age/unreachable-serves-the-old-one", test_unreachable);
    g_test_add_func("/single-age/an-outage-is-everybodys", test_outage);
    g_test_add_func("/single-age/expired-is-asked-for-again", test_expired);
    g_test_add_func("/single-age/page-1-expired-is-read-again", test_expired_page);
    g_test_add_func("/single-age/a-late-answer-is-older-than-a-listing", test_late);
    g_test_add_func("/single-age/stale-is-shown-while-it-is-asked-for", test_stale);
    return g_test_run();
}
