/* SPDX-License-Identifier: MIT */
#pragma once

/* many-campaigns.h - an account with more campaigns than are listed for one of them. */
#include "tests/unit/fake-service.h"

#define EXPIRE (301 * SECOND)

enum { MANY = 5000, PAGES = 5, FIRST = 1000 };

static int others[300]; /* waiters */

/* Its account and the number of its campaigns; no calls counted yet. */
static inline Fake *new_fake(guint n, gint64 *ret_account)
{
    Fake *fake = fake_new();

    fake_add_account(fake);
    fake_add_campaigns(fake, n);
    *ret_account = fake_account(fake);
    g_ptr_array_set_size(fake->calls, 0);
    return fake;
}

static inline CacheResult want_once(Fake *fake, gint64 of, guint number, void *waiter,
                                    gint64 *ret_row)
{
    g_autofree char *id = g_strdup_printf("%u", number);
    Waiter who = {waiter, fake->mono};

    return cache_want_object(fake->cache, LISTING_CAMPAIGNS, of, id, &who, ret_row, NULL);
}

/* As a request does it: asks until it is there or failed. */
static inline CacheResult want_kind(Fake *fake, ListingKind kind, gint64 of, const char *id,
                                    gint64 *ret_row, GError **error)
{
    Waiter waiter = {&fake_waiter, fake->mono};
    CacheResult result;
    guint n = 0;

    while ((result = cache_want_object(fake->cache, kind, of, id, &waiter, ret_row, error)) ==
           CACHE_WAIT) {
        g_assert_cmpuint(n++, <, 8);
        fake_run(fake);
    }
    return result;
}

/* The row; 0: there is none. */
static inline gint64 find(Fake *fake, gint64 of, guint number)
{
    g_autofree char *id = g_strdup_printf("%u", number);
    g_autoptr(GError) error = NULL;
    gint64 row = -1;

    g_assert_cmpint(want_kind(fake, LISTING_CAMPAIGNS, of, id, &row, &error), ==, CACHE_HIT);
    g_assert_no_error(error);
    return row;
}

static inline guint n_calls(Fake *fake)
{
    guint n = fake->calls->len;

    g_ptr_array_set_size(fake->calls, 0);
    return n;
}

/* Page 1 is there, and that there are more than few. */
static inline Fake *new_large(gint64 *ret_account)
{
    Fake *fake = new_fake(MANY, ret_account);

    find(fake, *ret_account, FIRST);
    g_assert_cmpuint(n_calls(fake), ==, 1);
    return fake;
}

static inline void let_loop_turn(void)
{
    for (guint i = 0; i < 20; i++) {
        while (g_main_context_iteration(NULL, FALSE))
            ;
        g_usleep(500);
    }
}

static inline gboolean is_filter(const FakeCall *call)
{
    return call->query && strstr(call->query, "filtering=");
}

static inline guint n_flights(const Fake *fake)
{
    CacheStats stats;

    cache_stats(fake->cache, &stats);
    return stats.fetching;
}

/* Until something has ended or was asked for. */
static inline void wait_for_news(const Fake *fake, guint flights, guint calls)
{
    gint64 late = g_get_monotonic_time() + 20 * (gint64)SECOND;

    while (n_flights(fake) == flights && fake->calls->len == calls && g_get_monotonic_time() < late)
        let_loop_turn();
}

/* One of the four bodies comes, so that there is room for another. */
static inline void answer_a_page(Fake *fake)
{
    guint calls = fake->calls->len;

    for (guint i = 0; i < calls; i++) {
        FakeCall *call = fake->calls->pdata[i];

        if (call->done && !is_filter(call)) {
            fake_answer(fake, call);
            break;
        }
    }
    wait_for_news(fake, n_flights(fake), calls);
    g_assert_cmpuint(fake->calls->len, ==, calls + 1);
}

/* All that is pending of one sort. */
static inline guint answer(Fake *fake, gboolean filters)
{
    guint n = 0, flights = n_flights(fake), calls;

    let_loop_turn();
    calls = fake->calls->len;
    for (guint i = 0; i < fake->calls->len; i++) {
        FakeCall *call = fake->calls->pdata[i];

        if (call->done && is_filter(call) == filters) {
            fake_answer(fake, call);
            n++;
        }
    }
    if (n > 0)
        wait_for_news(fake, flights, calls);
    return n;
}

static inline void slow_stats(void *client, ClientStats *ret)
{
    *ret = (ClientStats){.limit_qpm = 10};
}

/* Five pages take half a minute. */
static inline Fake *new_slow(gint64 *ret_account)
{
    Fake *fake = fake_new_closed();

    fake->config.stats = slow_stats;
    fake_open(fake);
    fake_add_account(fake);
    fake_add_campaigns(fake, MANY);
    *ret_account = fake_account(fake);
    return fake;
}
