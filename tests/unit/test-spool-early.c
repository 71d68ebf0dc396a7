/* SPDX-License-Identifier: MIT */
/* test-spool-early.c - a report that is read out while its last days are on their way. */
#include "tests/unit/fake-reports.h"

/* Three spans of 30 days. */
static void long_set_up(Service *service, gconstpointer data)
{
    service_set_up(service, data);
    service->f.fake->config.report_mode = REPORT_SYNC;
    fake_reopen(service->f.fake);
    service->f.query.start = "2026-08-20";
    service->f.query.end = "2026-11-17";
    put(service, 1, "2026-08-20", "1.00");
    put(service, 22, "2026-09-18", "2.00");
    put(service, 3, "2026-09-19", "3.00");
    put(service, 4, "2026-11-17", "4.00");
    g_ptr_array_set_size(service->f.fake->calls, 0);
}

static void early_on_row(void *user_data, const char *const *values, guint n_values)
{
    on_row(user_data, values, n_values);
}

static gboolean begin_early(Service *service, Spool *spool)
{
    spool->rows = g_string_new("");
    return cache_spool_early(service->f.fake->cache, &service->f.query, early_on_row, on_end,
                             on_done, spool);
}

static void spool_clear(Spool *spool)
{
    g_string_free(spool->rows, TRUE);
    g_clear_error(&spool->error);
}

static gboolean is_of(const FakeCall *call, const char *start)
{
    g_autofree char *param = g_strconcat("start_date=", start, NULL);

    return call->query != NULL && strstr(call->query, param) != NULL;
}

static const char *held_start;

static void hold(Fake *fake, FakeCall *call)
{
    if (held_start && is_of(call, held_start))
        call->held = TRUE;
    else
        service_call(fake, call);
}

/* The last span is held until the first ones are told. */
static void begin_held(Service *service, Spool *spool, const char *start)
{
    held_start = start;
    service->f.fake->on_call = hold;
    begin_until(service, service->f.fake->calls->len == 3);
    g_assert_true(begin_early(service, spool));
}

static void let_go(Service *service)
{
    held_start = NULL;
    for (guint i = 0; i < service->f.fake->calls->len; i++)
        ((FakeCall *)service->f.fake->calls->pdata[i])->held = FALSE;
}

static void test_early(Service *service, gconstpointer data)
{
    g_autofree char *whole = NULL;
    Spool spool = {0};

    begin_held(service, &spool, "2026-10-19");
    run_until(service, strstr(spool.rows->str, "3 2026-09-19") != NULL);
    g_assert_false(spool.ended || spool.done);
    let_go(service);
    run_until(service, spool.done);
    g_assert_no_error(spool.error);
    g_assert_true(spool.ended);
    whole = spool_all(&service->f, NULL);
    g_assert_cmpstr(spool.rows->str, ==, whole);
    g_assert_nonnull(strstr(whole, "4 2026-11-17 4.00"));
    spool_clear(&spool);
}

/* What is in the middle comes last, and all the same is told in its place. */
static void test_order(Service *service, gconstpointer data)
{
    g_autofree char *whole = NULL;
    Spool spool = {0};

    begin_held(service, &spool, "2026-09-19");
    run_until(service, strstr(spool.rows->str, "22 2026-09-18") != NULL);
    for (guint i = 0; i < 50; i++)
        step(service->f.fake);
    g_assert_null(strstr(spool.rows->str, "2026-11-17"));
    let_go(service);
    run_until(service, spool.done);
    g_assert_no_error(spool.error);
    whole = spool_all(&service->f, NULL);
    g_assert_cmpstr(spool.rows->str, ==, whole);
    spool_clear(&spool);
}

static void test_failure(Service *service, gconstpointer data)
{
    Spool spool = {0};

    begin_held(service, &spool, "2026-10-19");
    run_until(service, spool.rows->len > 0);
    service->refusals[ENDPOINT_REPORT] = (Refusal){9, 0, API_ERROR_REMOTE, 50000};
    let_go(service);
    run_until(service, spool.done);
    g_assert_error(spool.error, API_ERROR, API_ERROR_REMOTE);
    g_assert_false(spool.ended);
    spool_clear(&spool);
}

/* A person wants it anew: what was told is of before. */
static void test_refreshed(Service *service, gconstpointer data)
{
    Spool spool = {0};

    begin_held(service, &spool, "2026-10-19");
    run_until(service, spool.rows->len > 0);
    fake_later(service->f.fake, SECOND);
    cache_refresh_report(service->f.fake->cache, &service->f.query);
    let_go(service);
    run_until(service, spool.done);
    g_assert_error(spool.error, API_ERROR, API_ERROR_CANCELLED);
    spool_clear(&spool);
    want_all(service);
}

static void test_one_span(Service *service, gconstpointer data)
{
    Spool spool = {0};

    service->f.query.start = "2026-11-01";
    begin_until(service, service->f.fake->calls->len == 1);
    g_assert_false(begin_early(service, &spool)); /* all of it comes at once */
    spool_clear(&spool);
    want_all(service);
    spool = (Spool){0};
    g_assert_false(begin_early(service, &spool)); /* nothing is on its way */
    spool_clear(&spool);
}

static void test_closed(Service *service, gconstpointer data)
{
    Spool spool = {0};

    begin_held(service, &spool, "2026-10-19");
    run_until(service, spool.rows->len > 0);
    service_close(service);
    g_assert_false(spool.done);
    spool_clear(&spool);
}

static void add_test(const char *path, void (*test)(Service *service, gconstpointer data))
{
    g_test_add(path, Service, NULL, long_set_up, test, service_tear_down);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add_test("/spool-early/first-days-are-told-while-the-last-are-on-their-way", test_early);
    add_test("/spool-early/in-the-order-of-days", test_order);
    add_test("/spool-early/a-fetch-that-fails-ends-it", test_failure);
    add_test("/spool-early/what-is-wanted-anew-voids-it", test_refreshed);
    add_test("/spool-early/only-where-there-is-something-to-gain", test_one_span);
    add_test("/spool-early/closed-in-the-middle", test_closed);
    return g_test_run();
}
