/* SPDX-License-Identifier: MIT */
/* test-report-age.c - reports that have expired: what is shown of them, and what is asked for. */
#include "tests/unit/report-account.h"

static void unplug(Fixture *f)
{
    g_clear_error(&f->fake->failure);
    f->fake->failure = api_error_new(API_ERROR_UNREACHABLE, 0, NULL, "no network");
}

static ListingState state_of(const Fixture *f)
{
    ListingState state;

    cache_report_age(f->fake->cache, &f->query, &state);
    return state;
}

/* A report that was read 1,000 s ago. */
static gint64 make_old(Fixture *f)
{
    gint64 fetched_us = f->fake->wall;

    add(f, "1", "2026-11-17", "\"1.00\"");
    have(f);
    g_assert_true(state_of(f).known && state_of(f).fresh && !state_of(f).served_old);
    fake_later(f->fake, 1000 * SECOND);
    g_ptr_array_set_size(f->fake->calls, 0);
    return fetched_us;
}

static void check_old(Fixture *f, gint64 fetched_us)
{
    ListingState state = state_of(f);

    g_assert_true(state.known && !state.fresh && state.served_old);
    g_assert_cmpint(state.fetched_us, ==, fetched_us);
    check_rows(f, "1 2026-11-17 1.00 - a\"b\n");
}

static void test_unreachable(Fixture *f, gconstpointer data)
{
    gint64 fetched_us = make_old(f);
    g_autoptr(GError) error = NULL;

    (void)data;
    unplug(f);
    have(f);
    have(f);
    g_assert_cmpuint(f->fake->calls->len, ==, 1);
    check_old(f, fetched_us);
    f->query.start = "2026-11-01"; /* days that nobody read */
    g_assert_cmpint(want(f, &error), ==, CACHE_ERROR);
    g_assert_error(error, API_ERROR, API_ERROR_UNREACHABLE);
    g_assert_false(state_of(f).known);
}

static void test_forbidden(Fixture *f, gconstpointer data)
{
    gint64 fetched_us = make_old(f);

    (void)data;
    f->fake->failure = api_error_new(API_ERROR_DENIED, 40001, "r", "no");
    have(f);
    check_old(f, fetched_us);
    fake_later(f->fake, 299 * SECOND);
    have(f);
    g_assert_cmpuint(f->fake->calls->len, ==, 1);
}

static void test_offline(Fixture *f, gconstpointer data)
{
    gint64 fetched_us = make_old(f);
    g_autoptr(GError) error = NULL;

    (void)data;
    f->fake->config.offline = TRUE;
    fake_reopen(f->fake);
    have(f);
    check_old(f, fetched_us);
    f->query.shape.grain = GRAIN_TOTAL;
    g_assert_cmpint(want(f, &error), ==, CACHE_ERROR);
    g_assert_error(error, API_ERROR, API_ERROR_OFFLINE);
    g_assert_cmpuint(f->fake->calls->len, ==, 0);
}

/* One object's report that was never read by itself is cut out of that of its level, old too. */
static void test_offline_slice(Fixture *f, gconstpointer data)
{
    (void)data;
    add(f, "2", "2026-11-16", "\"2.00\"");
    make_old(f);
    f->fake->config.offline = TRUE;
    fake_reopen(f->fake);
    f->query.shape.object_kind = KIND_CAMPAIGN;
    f->query.shape.object_id = "2";
    have(f);
    check_rows(f, "2 2026-11-16 2.00 - a\"b\n");
}

static void test_stale(Fixture *f, gconstpointer data)
{
    gint64 fetched_us = make_old(f);
    Waiter waiter = {&fake_waiter, f->fake->mono};

    (void)data;
    f->fake->config.stale_us = 200 * SECOND;
    fake_reopen(f->fake);
    g_assert_cmpint(cache_want_report(f->fake->cache, &f->query, &waiter, NULL), ==, CACHE_HIT);
    g_assert_cmpuint(f->fake->calls->len, ==, 1);
    check_old(f, fetched_us);
    fake_run(f->fake);
    g_assert_true(state_of(f).fresh);
}

static void test_refresh(Fixture *f, gconstpointer data)
{
    (void)data;
    f->query.start = "2026-10-01"; /* some of it can not change any more */
    have(f);
    fake_later(f->fake, SECOND);
    g_ptr_array_set_size(f->fake->calls, 0);
    cache_refresh_report(f->fake->cache, &f->query);
    g_assert_false(state_of(f).fresh);
    g_assert_cmpint(cache_report_refreshed(f->fake->cache, &f->query), ==, f->fake->wall);
    fake_later(f->fake, SECOND);
    have(f);
    have(f);
    g_assert_cmpuint(f->fake->calls->len, ==, 1);
    check_span(f, 0, "2026-10-21 2026-11-18");
    g_assert_true(state_of(f).fresh);
    fake_later(f->fake, SECOND);
    cache_refresh_all(f->fake->cache);
    fake_later(f->fake, SECOND);
    have(f);
    g_assert_cmpuint(f->fake->calls->len, ==, 2);
}

static void test_refresh_in_flight(Fixture *f, gconstpointer data)
{
    Waiter waiter = {&fake_waiter, f->fake->mono};

    (void)data;
    g_assert_cmpint(cache_want_report(f->fake->cache, &f->query, &waiter, NULL), ==, CACHE_WAIT);
    cache_refresh_all(f->fake->cache);
    fake_run(f->fake);
    g_assert_cmpuint(f->fake->calls->len, ==, 2);
    g_assert_cmpint(cache_want_report(f->fake->cache, &f->query, &waiter, NULL), ==, CACHE_HIT);
}

/* More of them than are kept in mind, all at once: none is lost while somebody looks at it. */
static void test_many(Fixture *f, gconstpointer data)
{
    (void)data;
    g_assert_false(state_of(f).known);
    f->query.shape.object_kind = KIND_CAMPAIGN;
    f->query.shape.object_id = "1";
    for (guint i = 0; i < 12 * 28; i++) {
        g_autofree char *start = g_strdup_printf("2025-%02u-%02u", i / 28 + 1, i % 28 + 1);

        f->query.start = start;
        g_assert_false(state_of(f).known);
        fake_later(f->fake, 2 * SECOND);
    }
}

static void add_test(const char *path, void (*test)(Fixture *f, gconstpointer data))
{
    g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add_test("/report-age/old-while-out-of-reach", test_unreachable);
    add_test("/report-age/history-of-a-forbidden-account", test_forbidden);
    add_test("/report-age/offline", test_offline);
    add_test("/report-age/offline-cut-out-of-its-level", test_offline_slice);
    add_test("/report-age/stale-is-shown-and-asked-for", test_stale);
    add_test("/report-age/refreshed-but-for-what-can-not-change", test_refresh);
    add_test("/report-age/refreshed-on-its-way", test_refresh_in_flight);
    add_test("/report-age/any-number-of-them", test_many);
    return g_test_run();
}
