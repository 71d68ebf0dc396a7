/* SPDX-License-Identifier: MIT */
/* test-slices.c - how a span is read: by pages, by tasks, by campaign; and that it is whole. */
#include "cache/internal.h"
#include "tests/unit/fake-reports.h"

static void set_mode(Service *service, ReportMode mode)
{
    service->f.fake->config.report_mode = mode;
    fake_reopen(service->f.fake);
}

static void add_rows(Service *service, guint n, const char *day)
{
    for (guint i = 0; i < n; i++)
        put(service, 1000 + i, day, "1.50");
}

static void later(Service *service, gint64 seconds)
{
    fake_later(service->f.fake, seconds * SECOND);
    g_ptr_array_set_size(service->f.fake->calls, 0);
}

/* ---- pages or a task ---- */

static void test_page_one(Service *service, gconstpointer data)
{
    (void)data;
    set_mode(service, REPORT_AUTO);
    service->f.query.end = "2026-11-15";
    add_rows(service, 1000, "2026-11-12");
    want_all(service);
    want_calls(service, REPORT, 1);
    want_calls(service, REPORT_TASK_CREATE, 0);
    put(service, 7, "2026-11-13", "1.00");
    later(service, 901);
    want_all(service);
    want_calls(service, REPORT, 1);
    want_calls(service, REPORT_TASK_CREATE, 1);
}

static void test_sync(Service *service, gconstpointer data)
{
    (void)data;
    set_mode(service, REPORT_SYNC);
    add_rows(service, 2001, "2026-11-12");
    want_all(service);
    want_calls(service, REPORT, 3);
    want_calls(service, REPORT_TASK_CREATE, 0);
}

static void test_async(Service *service, gconstpointer data)
{
    (void)data;
    want_all(service); /* there is nothing: nor is there a task */
    want_calls(service, REPORT_TASK_CREATE, 0);
    add_rows(service, 1, "2026-11-18"); /* a day that is not over */
    later(service, 901);
    want_all(service);
    want_calls(service, REPORT, 1);
    want_calls(service, REPORT_TASK_CREATE, 1);
}

/* What a task would say otherwise is never made by one. */
static void test_country(Service *service, gconstpointer data)
{
    static const char *const country[] = {"country_code", NULL};

    (void)data;
    service->f.query.shape.breakdown = country;
    add_rows(service, 1001, "2026-11-12");
    have(&service->f);
    want_calls(service, REPORT, 2);
    want_calls(service, REPORT_TASK_CREATE, 0);
}

static void test_used_up(Service *service, gconstpointer data)
{
    (void)data;
    add_rows(service, 1, "2026-11-12");
    service->window = (ClientWindow){"report/task/create", "minute", .used = 60, .limit = 60};
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 1);
    later(service, 901);
    service->window = (ClientWindow){"report/task/create", "day", .used = 4500, .limit = 4500};
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 0);
    later(service, 901);
    service->window.used = 4499;
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 1);
}

/* Old is shown, and asked for again in the background. */
static void test_rationed(Service *service, gconstpointer data)
{
    static const struct {
        guint used, created;
    } tries[] = {{3600, 0}, {3599, 1}};

    (void)data;
    service->f.fake->config.stale_us = G_GINT64_CONSTANT(100000) * SECOND;
    fake_reopen(service->f.fake);
    add_rows(service, 1, "2026-11-12");
    want_all(service);
    service->window = (ClientWindow){"report/task/create", "day", .limit = 4500};
    for (gsize i = 0; i < G_N_ELEMENTS(tries); i++) {
        later(service, 901);
        service->window.used = tries[i].used;
        g_assert_cmpint(want(&service->f, NULL), ==, CACHE_HIT);
        fake_run(service->f.fake);
        want_calls(service, REPORT, 1);
        want_calls(service, REPORT_TASK_CREATE, tries[i].created);
    }
}

static void test_open_day(Service *service, gconstpointer data)
{
    const char *body;

    (void)data;
    set_mode(service, REPORT_AUTO);
    add_rows(service, 1100, "2026-11-12");
    add_rows(service, 3, "2026-11-17");
    add_rows(service, 5, "2026-11-18");
    service->f.fake->wall = G_GINT64_CONSTANT(1795000000) * SECOND; /* the 18th, 11:06 in London */
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 1);
    want_calls(service, REPORT, 3); /* page 1 of all, of the task, of what is not over */
    body = ((FakeTask *)service->tasks->pdata[0])->body;
    g_assert_nonnull(strstr(body, "\"start_date\":\"2026-11-10\""));
    g_assert_nonnull(strstr(body, "\"end_date\":\"2026-11-16\"")); /* the 17th in Hawaii */
    check_span(&service->f, 0, "2026-11-10 2026-11-18");
    check_span(&service->f, 1, "2026-11-10 2026-11-16");
}

/* ---- what tasks leave out ---- */

static void test_deleted(Service *service, gconstpointer data)
{
    (void)data;
    add_rows(service, 20, "2026-11-12");
    for (guint i = 0; i < 5; i++)
        put(service, 10 + i, "2026-11-12", "2.00")->deleted = TRUE;
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 1);
    want_calls(service, REPORT, 2);
    g_assert_nonnull(
        strstr(((FakeCall *)service->f.fake->calls->pdata[6])->query, "STATUS_DELETE"));
}

/* The same row of both: one of them is kept, whichever says more. */
static void on_piece_delete(void *data)
{
    Service *service = data;

    for (guint i = 0; i < 3; i++)
        ((FakeRow *)service->rows->pdata[i])->deleted = TRUE;
}

static void test_twice(Service *service, gconstpointer data)
{
    (void)data;
    add_rows(service, 20, "2026-11-12");
    put(service, 10, "2026-11-12", "2.00")->deleted = TRUE;
    service->on_piece = on_piece_delete; /* three are deleted while the task is read */
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 1);
    want_calls(service, REPORT, 2);
}

static void test_fewer(Service *service, gconstpointer data)
{
    (void)data;
    service->f.query.end = "2026-11-15";
    add_rows(service, 20, "2026-11-12");
    put(service, 10, "2026-11-12", "2.00")->untasked = TRUE;
    want_failure(service, API_ERROR_INCOMPLETE,
                 "The report on " ACCOUNT " from 2026-11-10 to 2026-11-15 can not be proved "
                 "complete: 20 different rows came of 21, read 3 times");
    want_calls(service, REPORT_TASK_CREATE, 3);
    g_assert_cmpint(service->tasks->len, ==, 3);
}

/* Where the service may choose, the last time is by pages. */
static void test_fewer_auto(Service *service, gconstpointer data)
{
    (void)data;
    set_mode(service, REPORT_AUTO);
    service->f.query.end = "2026-11-15";
    add_rows(service, 1100, "2026-11-12");
    put(service, 10, "2026-11-12", "2.00")->untasked = TRUE;
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 2);
}

/* Between page 1 and the task there came one more. */
static void check_more(Service *service, guint n_tasks)
{
    add_rows(service, 20, "2026-11-12");
    begin_until(service, newest(service, ENDPOINT_REPORT_TASK_CREATE));
    put(service, 99, service->f.query.end, "1.00");
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, n_tasks);
}

static void test_more_open(Service *service, gconstpointer data)
{
    (void)data;
    check_more(service, 1);
}

static void test_more_closed(Service *service, gconstpointer data)
{
    (void)data;
    service->f.query.end = "2026-11-15";
    check_more(service, 2); /* page 1 says it, too, the next time */
}

/* ---- more than the service lists ---- */

/* Ads: n in each ad group of a campaign. */
static void add_ads(Service *service, guint campaign, guint n_adgroups, guint n)
{
    for (guint i = 0; i < n_adgroups * n; i++) {
        FakeRow *row = put(service, campaign * 10000 + i, "2026-11-12", "0.10");
        g_free(row->campaign);
        g_free(row->adgroup);
        row->campaign = g_strdup_printf("%u", campaign);
        row->adgroup = g_strdup_printf("7%u", campaign * 100 + i / n);
        row->deleted = i == 1;
    }
}

static void ask_ads(Service *service)
{
    set_mode(service, REPORT_SYNC);
    service->f.query.shape.level = KIND_AD;
    service->f.query.shape.id = "ad_id";
}

static void test_campaigns(Service *service, gconstpointer data)
{
    (void)data;
    ask_ads(service);
    for (guint i = 0; i < 250; i++)
        add_ads(service, 100 + i, 1, 2);
    service->cut_ids = 200;
    want_all(service);
    want_calls(service, CAMPAIGN_GET, 1);
    want_calls(service, REPORT, 4); /* page 1, and 100, 100 and 50 campaigns */
}

static void test_later_page(Service *service, gconstpointer data)
{
    (void)data;
    ask_ads(service);
    for (guint i = 0; i < 250; i++)
        add_ads(service, 100 + i, 1, 6);
    service->cut_ids = 600;
    service->cut_page = 2;
    want_all(service);
    want_calls(service, CAMPAIGN_GET, 1);
    want_calls(service, REPORT, 5);
}

static void test_halves(Service *service, gconstpointer data)
{
    (void)data;
    ask_ads(service);
    for (guint i = 0; i < 100; i++)
        add_ads(service, 100 + i, 1, 2);
    service->cut_ids = 60;
    want_all(service);
    want_calls(service, CAMPAIGN_GET, 1);
    want_calls(service, REPORT, 7); /* all; 100; 50, and 25, 25; the other 50 as 25 and 25 */
}

static void test_adgroups(Service *service, gconstpointer data)
{
    (void)data;
    ask_ads(service);
    add_ads(service, 100, 3, 50);
    add_ads(service, 101, 1, 10);
    service->cut_ids = 60;
    want_all(service);
    want_calls(service, CAMPAIGN_GET, 1);
    want_calls(service, ADGROUP_GET, 1);
}

static void test_one_adgroup(Service *service, gconstpointer data)
{
    (void)data;
    ask_ads(service);
    add_ads(service, 100, 1, 70);
    add_ads(service, 101, 1, 10);
    service->cut_ids = 60;
    want_failure(service, API_ERROR_INCOMPLETE, "in adgroup 710000, and there is no finer way");
}

static void test_object(Service *service, gconstpointer data)
{
    (void)data;
    ask_ads(service);
    service->f.query.shape.object_kind = KIND_CAMPAIGN;
    service->f.query.shape.object_id = "100";
    add_ads(service, 100, 3, 50);
    service->cut_ids = 60;
    want_all(service);
    want_calls(service, CAMPAIGN_GET, 0);
    want_calls(service, ADGROUP_GET, 1);
    want_calls(service, REPORT, 6); /* all; 3; 2, and 1, 1; 1 */
}

/* There is nothing finer that would give the same rows. */
static void test_finest(Service *service, gconstpointer data)
{
    (void)data;
    set_mode(service, REPORT_SYNC);
    add_rows(service, 3, "2026-11-12");
    service->cut_what = "";
    want_failure(service, API_ERROR_INCOMPLETE, "in campaign 100");
    g_ptr_array_set_size(service->rows, 0); /* cut, and there is nothing */
    later(service, 2);
    want_failure(service, API_ERROR_INCOMPLETE, "in advertiser " ACCOUNT);
    service->f.query.shape.id = NULL;
    service->f.query.start = service->f.query.end = "2026-11-12";
    want_failure(service, API_ERROR_INCOMPLETE, "in advertiser " ACCOUNT);
    want_calls(service, CAMPAIGN_GET, 1);
}

static void test_ids_by_task(Service *service, gconstpointer data)
{
    const FakeTask *task;

    (void)data;
    ask_ads(service);
    set_mode(service, REPORT_ASYNC);
    for (guint i = 0; i < 150; i++)
        add_ads(service, 100 + i, 1, 2);
    service->cut_ids = 250;
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 2);
    task = service->tasks->pdata[0];
    g_assert_nonnull(strstr(task->body, "\"campaign_ids\""));
}

/* What a task leaves out may be cut as well, and is not counted then, either. */
static void test_deleted_cut(Service *service, gconstpointer data)
{
    (void)data;
    ask_ads(service);
    set_mode(service, REPORT_ASYNC);
    service->f.query.end = "2026-11-15";
    for (guint i = 0; i < 10; i++)
        add_ads(service, 100 + i, 1, 4);
    service->cut_what = "filtering=%5B%7B%22field_name%22%3A%22ad_status%22%2C%22filter_type%22"
                        "%3A%22IN%22%2C%22filter_value%22%3A%22%5B%5C%22STATUS_DELETE";
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 1);
    want_calls(service, CAMPAIGN_GET, 1);
}

/* ---- several spans ---- */

static void test_year(Service *service, gconstpointer data)
{
    guint n;

    (void)data;
    set_mode(service, REPORT_AUTO);
    service->f.query.start = "2025-11-20";
    service->f.query.end = "2026-11-15";
    for (guint i = 0; i < 12; i++) {
        g_autofree char *day = g_strdup_printf("2026-%02u-05", 1 + i % 10);
        put(service, 10 + i, day, "1.00");
    }
    want_all(service);
    n = count(service, ENDPOINT_REPORT);
    g_assert_cmpuint(n, ==, 13);
    later(service, 901);
    want_all(service);
    want_calls(service, REPORT, 1); /* what can change yet */
}

static void test_one_fails(Service *service, gconstpointer data)
{
    (void)data;
    set_mode(service, REPORT_AUTO);
    service->f.query.start = "2026-01-01";
    service->f.query.end = "2026-05-30"; /* five spans */
    put(service, 10, "2026-02-05", "1.00");
    service->refusals[ENDPOINT_REPORT] = (Refusal){1, 2, API_ERROR_REMOTE, 50000};
    want_failure(service, API_ERROR_REMOTE, "refused");
    later(service, 2);
    want_all(service);
    want_calls(service, REPORT, 1); /* the others were kept */
}

static void test_refreshed(Service *service, gconstpointer data)
{
    (void)data;
    add_rows(service, 3, "2026-11-12");
    begin_until(service, count(service, ENDPOINT_REPORT_TASK_CHECK) == 1);
    fake_later(service->f.fake, SECOND);
    cache_refresh_report(service->f.fake->cache, &service->f.query);
    put(service, 5, "2026-11-12", "9.00");
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 2);
}

static void test_hurry(Service *service, gconstpointer data)
{
    Waiter waiter = {&fake_waiter, 0};
    const FakeCall *before, *after;

    (void)data;
    service->f.fake->config.stale_us = 1000 * SECOND;
    fake_reopen(service->f.fake);
    add_rows(service, 3, "2026-11-12");
    want_all(service);
    later(service, 901);
    g_assert_cmpint(want(&service->f, NULL), ==, CACHE_HIT); /* and is asked for */
    run_until(service, (before = newest(service, ENDPOINT_REPORT_TASK_CREATE)));
    g_assert_cmpint(before->priority, ==, CALL_BACKGROUND);
    fake_later(service->f.fake, 2000 * SECOND);
    waiter.began = service->f.fake->mono;
    g_assert_cmpint(cache_want_report(service->f.fake->cache, &service->f.query, &waiter, NULL), ==,
                    CACHE_WAIT);
    g_assert_null(before->done);
    after = newest(service, ENDPOINT_REPORT_TASK_CREATE);
    g_assert_nonnull(after);
    g_assert_cmpint(after->priority, ==, CALL_WAITED);
    g_assert_cmpstr(after->body, ==, before->body);
    want_all(service);
    g_assert_cmpuint(service->tasks->len, ==, 2);
}

#define ADD(name, test)                                                                            \
    g_test_add("/slices/" name, Service, NULL, service_set_up, test, service_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("page-one-decides", test_page_one);
    ADD("sync-is-never-by-task", test_sync);
    ADD("async-is-always-by-task", test_async);
    ADD("countries-are-not", test_country);
    ADD("creates-that-are-used-up", test_used_up);
    ADD("the-last-creates-are-for-people", test_rationed);
    ADD("a-day-that-is-not-over-by-pages", test_open_day);
    ADD("deleted-objects-are-added", test_deleted);
    ADD("rows-of-both-are-kept-once", test_twice);
    ADD("fewer-than-page-one-said", test_fewer);
    ADD("fewer-and-at-last-by-pages", test_fewer_auto);
    ADD("more-while-days-are-open", test_more_open);
    ADD("more-when-they-are-not", test_more_closed);
    ADD("cut-by-campaign", test_campaigns);
    ADD("cut-on-a-later-page", test_later_page);
    ADD("cut-in-halves", test_halves);
    ADD("cut-by-adgroup", test_adgroups);
    ADD("cut-within-an-adgroup", test_one_adgroup);
    ADD("cut-of-one-campaign", test_object);
    ADD("nothing-finer", test_finest);
    ADD("cut-by-campaign-and-by-task", test_ids_by_task);
    ADD("deleted-objects-cut", test_deleted_cut);
    ADD("a-year-by-day", test_year);
    ADD("one-span-fails", test_one_fails);
    ADD("wanted-anew-in-flight", test_refreshed);
    ADD("waited-for-after-all", test_hurry);
    return g_test_run();
}
