/* SPDX-License-Identifier: MIT */
/* test-totals.c - reports against the sums that the service says, and against those of before. */
#include "cache/internal.h"
#include "tests/unit/fake-reports.h"

static void set_mode(Service *service, ReportMode mode)
{
    service->f.fake->config.report_mode = mode;
    fake_reopen(service->f.fake);
}

static void later(Service *service, gint64 seconds)
{
    fake_later(service->f.fake, seconds * SECOND);
    g_ptr_array_set_size(service->f.fake->calls, 0);
}

/* Days that do not change any more: it is the 18th of November. */
static void add_old(Service *service)
{
    service->f.query.start = "2026-09-01";
    service->f.query.end = "2026-09-10";
    for (guint i = 0; i < 30; i++)
        put(service, 100 + i, i % 2 ? "2026-09-02" : "2026-09-09", i % 3 ? "1.25" : "0.10");
    service->totals = TRUE;
}

static void add_young(Service *service, const char *end)
{
    add_old(service);
    for (guint i = 0; i < service->rows->len; i++) {
        FakeRow *row = service->rows->pdata[i];
        memcpy(row->day, i % 2 ? "2026-11-10" : "2026-11-12", 10);
    }
    service->f.query.start = "2026-11-10";
    service->f.query.end = end;
}

/* ---- sums ---- */

static void test_agree(Service *service, gconstpointer data)
{
    const ReportMode *mode = data;

    set_mode(service, *mode);
    add_old(service);
    put(service, 7, "2026-09-02", "3.00")->deleted = TRUE;
    want_all(service);
    g_assert_nonnull(
        strstr(((FakeCall *)service->f.fake->calls->pdata[0])->query, "enable_total_metrics=true"));
    want_calls(service, REPORT_TASK_CREATE, *mode == REPORT_ASYNC);
    want_calls(service, REPORT, *mode == REPORT_ASYNC ? 2 : 1);
}

static void test_page_one_asks(Service *service, gconstpointer data)
{
    (void)data;
    set_mode(service, REPORT_SYNC);
    add_old(service);
    for (guint i = 0; i < 2000; i++)
        put(service, 1000 + i, "2026-09-05", "0.01");
    want_all(service);
    want_calls(service, REPORT, 3);
    for (guint i = 1; i < 3; i++)
        g_assert_null(
            strstr(((FakeCall *)service->f.fake->calls->pdata[i])->query, "enable_total_metrics"));
}

static void check_differ(Service *service, ReportMode mode, const char *text)
{
    set_mode(service, mode);
    want_failure(service, API_ERROR_INCOMPLETE, text);
    want_calls(service, REPORT, 3);
}

static void test_clicks(Service *service, gconstpointer data)
{
    add_old(service);
    service->clicks_off = 1;
    check_differ(service, *(const ReportMode *)data, "clicks of all rows add up to 89");
}

static void test_spend(Service *service, gconstpointer data)
{
    add_old(service);
    service->spend_off = -16; /* half a cent for each of thirty rows is fifteen */
    check_differ(service, *(const ReportMode *)data, "read 3 times");
    service->spend_off = 15;
    later(service, 2);
    want_all(service);
}

/* Read again, it may be right. */
static void on_piece(void *data)
{
    ((Service *)data)->clicks_off = 0;
}

static void test_again(Service *service, gconstpointer data)
{
    (void)data;
    add_old(service);
    service->clicks_off = 1;
    service->on_piece = on_piece;
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 2);
}

/* What is still being counted is more by the time that the rows come, and never less. */
static void test_growing(Service *service, gconstpointer data)
{
    add_young(service, "2026-11-15");
    service->clicks_off = -5;
    set_mode(service, *(const ReportMode *)data);
    want_all(service);
    service->clicks_off = 5;
    later(service, 901);
    want_failure(service, API_ERROR_INCOMPLETE, "clicks of all rows");
}

/* As long as a day is not over nothing can be said. */
static void test_open(Service *service, gconstpointer data)
{
    add_young(service, "2026-11-18");
    service->clicks_off = 5;
    set_mode(service, *(const ReportMode *)data);
    want_all(service);
}

static void test_absent(Service *service, gconstpointer data)
{
    add_old(service);
    service->totals = FALSE;
    set_mode(service, *(const ReportMode *)data);
    want_all(service);
}

static const char *const clicks_first[] = {"clicks", "spend", "campaign_name", NULL};

/* By campaign each says its own. */
static void test_cut(Service *service, gconstpointer data)
{
    (void)data;
    add_old(service);
    set_mode(service, REPORT_SYNC);
    for (guint i = 0; i < 150; i++)
        put(service, 1000 + i, "2026-09-05", "0.01");
    service->f.query.shape.level = KIND_AD;
    service->f.query.shape.id = "ad_id";
    service->cut_ids = 100;
    want_all(service);
    service->f.query.start = "2026-09-04";
    service->clicks_off = 1;
    service->f.query.end = "2026-09-05"; /* no refetch: it is there */
    want_all(service);
    service->f.query.shape.metrics = clicks_first;
    want_failure(service, API_ERROR_INCOMPLETE, "clicks of all rows");
}

/* ---- restated ---- */

static char *keep_line(const Event *event)
{
    return g_strdup_printf("%d %d %s of %s: %s %s", (int)event->what, (int)event->kind,
                           event->advertiser_id, event->id, event->range ? event->range : "",
                           event->member ? event->member : "");
}

static void keep_events(Service *service)
{
    service->f.fake->config.line = keep_line;
    service->f.fake->config.events_name = "events";
    fake_reopen(service->f.fake);
    g_ptr_array_set_size(service->f.fake->calls, 0);
}

static void check_events(Service *service, const char *expected)
{
    char text[4096] = "";
    gssize n = cache_events_read(service->f.fake->cache, FALSE, text, sizeof text - 1, 0);

    g_assert_cmpint(n, >=, 0);
    g_assert_cmpstr(text, ==, expected);
}

#define EVENT(day) "6 1 " ACCOUNT " of : " day " campaign-day\n"

static void test_restated(Service *service, gconstpointer data)
{
    FakeRow *row;

    set_mode(service, *(const ReportMode *)data);
    keep_events(service);
    add_young(service, "2026-11-18");
    put(service, 5, "2026-11-18", "1.00");
    want_all(service);
    check_events(service, "");
    later(service, 901);
    want_all(service);
    check_events(service, ""); /* the same */
    later(service, 901);
    row = service->rows->pdata[3];
    g_assert_cmpstr(row->day, ==, "2026-11-10");
    row->clicks++;
    put(service, 6, "2026-11-18", "1.00"); /* that day is not over */
    want_all(service);
    check_events(service, EVENT("2026-11-10"));
    later(service, 901);
    put(service, 4, "2026-11-13", "1.00"); /* there was nothing */
    row->deleted = TRUE;                   /* its figures are what they were */
    want_all(service);
    check_events(service, EVENT("2026-11-10") EVENT("2026-11-13"));
}

/* A day that went on since it was read has not been restated. */
static void test_went_on(Service *service, gconstpointer data)
{
    (void)data;
    keep_events(service);
    put(service, 5, "2026-11-17", "1.00");
    put(service, 6, "2026-11-18", "1.00");
    want_all(service); /* on the 18th, which in the last zone it is not yet */
    later(service, 2 * 86400);
    put(service, 7, "2026-11-17", "1.00");
    put(service, 8, "2026-11-18", "1.00");
    want_all(service);
    check_events(service, "");
    later(service, 901);
    put(service, 9, "2026-11-18", "1.00");
    want_all(service);
    check_events(service, EVENT("2026-11-18"));
}

/* Of one object, of totals, and of others that nobody has read before. */
static void test_restated_names(Service *service, gconstpointer data)
{
    (void)data;
    keep_events(service);
    put(service, 5, NULL, "1.00");
    service->f.query.shape.grain = GRAIN_TOTAL;
    service->f.query.shape.object_kind = KIND_CAMPAIGN;
    service->f.query.shape.object_id = "5";
    service->f.query.end = "2026-11-15";
    want_all(service);
    later(service, 901);
    ((FakeRow *)service->rows->pdata[0])->clicks++;
    want_all(service);
    check_events(service, "6 1 " ACCOUNT " of 5: 2026-11-10..2026-11-15 campaign-total\n");
    later(service, 901);
    ((FakeRow *)service->rows->pdata[0])->clicks++;
    service->f.query.end = "2026-11-14";
    want_all(service);
    check_events(service, "6 1 " ACCOUNT " of 5: 2026-11-10..2026-11-15 campaign-total\n");
}

/* ---- how it was read ---- */

static void test_by_task(Service *service, gconstpointer data)
{
    const ReportMode *mode = data;
    gint64 before = service->f.fake->mono;
    ReportState state;

    set_mode(service, *mode);
    add_old(service);
    want_all(service);
    cache_report_state(service->f.fake->cache, &service->f.query, before, &state);
    g_assert_cmpint(state.by_task, ==, *mode == REPORT_ASYNC);
    g_assert_cmpuint(state.calls, ==, service->f.fake->calls->len);
    cache_report_state(service->f.fake->cache, &service->f.query, before + 1, &state);
    g_assert_false(state.by_task); /* nothing was read since then */
    g_assert_cmpuint(state.calls, ==, 0);
}

/* The last time counts. */
static void test_by_pages_again(Service *service, gconstpointer data)
{
    gint64 before = service->f.fake->mono;
    ReportState state;

    (void)data;
    set_mode(service, REPORT_AUTO);
    service->f.query.end = "2026-11-15";
    for (guint i = 0; i < 1001; i++)
        put(service, 1000 + i, "2026-11-12", "0.01");
    want_all(service);
    cache_report_state(service->f.fake->cache, &service->f.query, before, &state);
    g_assert_true(state.by_task);
    g_ptr_array_set_size(service->rows, 10);
    later(service, 901);
    want_all(service);
    cache_report_state(service->f.fake->cache, &service->f.query, before, &state);
    g_assert_false(state.by_task);
    g_assert_cmpuint(state.calls, ==, 1);
}

static const ReportMode by_pages = REPORT_SYNC, by_task = REPORT_ASYNC;

#define ADD(name, mode, test)                                                                      \
    g_test_add("/totals/" name, Service, mode, service_set_up, test, service_tear_down)
#define ADD_BOTH(name, test)                                                                       \
    ADD(name "/by-pages", &by_pages, test);                                                        \
    ADD(name "/by-task", &by_task, test)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD_BOTH("rows-add-up", test_agree);
    ADD("page-one-asks", NULL, test_page_one_asks);
    ADD_BOTH("clicks-to-the-last", test_clicks);
    ADD_BOTH("spend-to-half-a-cent", test_spend);
    ADD("read-again", NULL, test_again);
    ADD_BOTH("figures-that-grow", test_growing);
    ADD_BOTH("days-that-are-not-over", test_open);
    ADD_BOTH("none-are-said", test_absent);
    ADD("cut-by-campaign", NULL, test_cut);
    ADD_BOTH("restated-days-are-told-of", test_restated);
    ADD("days-that-went-on-are-not", NULL, test_went_on);
    ADD("restated-names", NULL, test_restated_names);
    ADD_BOTH("how-it-was-read", test_by_task);
    ADD("how-it-was-read-last", NULL, test_by_pages_again);
    return g_test_run();
}
