/* SPDX-License-Identifier: MIT */
/* test-task.c - the life of a report task: its states, what fails, and what takes its place. */
#include "tests/unit/fake-reports.h"

static const char *const failed[] = {"FAILED", NULL};
static const char *const queuing[] = {"QUEUING", NULL};
static const char *const processing[] = {"QUEUING", "PROCESSING", NULL};

static void add_some(Service *service)
{
    for (guint i = 0; i < 40; i++) {
        g_autofree char *day = g_strdup_printf("2026-11-%02u", 10 + i % 6);
        put(service, 990 + i, day, i % 3 ? "12.34" : "0.05");
    }
    service->f.query.end = "2026-11-15"; /* all over */
}

static void later(Service *service, gint64 seconds)
{
    fake_later(service->f.fake, seconds * SECOND);
}

static const char *body_of(const Service *service, guint task)
{
    g_assert_cmpuint(task, <, service->tasks->len);
    return ((FakeTask *)service->tasks->pdata[task])->body;
}

/* ---- states ---- */

static void test_made(Service *service, gconstpointer data)
{
    static const char *const odd[] = {"QUEUING", "SORTING", "PROCESSING", "", "SUCCESS", NULL};

    (void)data;
    add_some(service);
    service->states = odd;
    want_all(service);
    want_calls(service, REPORT, 1);
    want_calls(service, REPORT_TASK_CREATE, 1);
    want_calls(service, REPORT_TASK_CHECK, 5);
    want_calls(service, REPORT_TASK_DOWNLOAD, 1);
    g_assert_nonnull(strstr(body_of(service, 0), "\"start_date\":\"2026-11-10\""));
    g_assert_nonnull(strstr(body_of(service, 0), "\"end_date\":\"2026-11-15\""));
}

static void test_pauses(Service *service, gconstpointer data)
{
    static const char *const slow[] = {"QUEUING",    "QUEUING",    "QUEUING",
                                       "PROCESSING", "PROCESSING", "PROCESSING",
                                       "PROCESSING", "SUCCESS",    NULL};
    gint64 began = g_get_monotonic_time();

    (void)data;
    add_some(service);
    service->states = slow;
    service->f.fake->config.task_check_ms = 20;
    fake_reopen(service->f.fake);
    want_all(service);
    want_calls(service, REPORT_TASK_CHECK, 8);
    /* 20, 30, 45, 67, 100, 150, 225, 337 */
    g_assert_cmpint(g_get_monotonic_time() - began, >, 900 * 1000);
}

/* In two, and once more; then by pages. */
static void test_failed(Service *service, gconstpointer data)
{
    (void)data;
    add_some(service);
    service->states = failed;
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 3);
    g_assert_nonnull(strstr(body_of(service, 1), "\"end_date\":\"2026-11-12\""));
    g_assert_nonnull(strstr(body_of(service, 2), "\"start_date\":\"2026-11-13\""));
    want_calls(service, REPORT_TASK_DOWNLOAD, 0);
    want_calls(service, REPORT, 5); /* page 1 of all, of the halves, and of these by pages */
}

static void on_second(Service *service)
{
    service->states = soon;
}

static void test_failed_once(Service *service, gconstpointer data)
{
    (void)data;
    add_some(service);
    service->states = failed;
    begin_until(service, service->tasks->len == 1);
    on_second(service);
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 3);
    want_calls(service, REPORT_TASK_DOWNLOAD, 2);
}

/* A day can not be cut: the same once more. */
static void test_failed_day(Service *service, gconstpointer data)
{
    (void)data;
    add_some(service);
    service->f.query.end = service->f.query.start;
    service->states = failed;
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 2);
    want_calls(service, REPORT, 3);
}

static void test_cancelled_elsewhere(Service *service, gconstpointer data)
{
    static const char *const cancelled[] = {"PROCESSING", "CANCELED", NULL};

    (void)data;
    add_some(service);
    service->states = cancelled;
    want_all(service);
    want_calls(service, REPORT_TASK_CANCEL, 0); /* it is over */
}

static void check_late(Service *service, const char *const *states, gint64 seconds)
{
    add_some(service);
    service->states = states;
    begin_until(service, count(service, ENDPOINT_REPORT_TASK_CHECK) >= 3);
    later(service, seconds - 1);
    guint n = count(service, ENDPOINT_REPORT_TASK_CHECK);
    run_until(service, count(service, ENDPOINT_REPORT_TASK_CHECK) >= n + 2);
    want_calls(service, REPORT_TASK_CANCEL, 0);
    service->states = soon;
    later(service, 2);
    want_all(service);
    want_calls(service, REPORT_TASK_CANCEL, 1);
    want_calls(service, REPORT_TASK_CREATE, 3); /* the halves were in time */
}

static void test_late_start(Service *service, gconstpointer data)
{
    (void)data;
    check_late(service, queuing, 900);
}

static void test_late_end(Service *service, gconstpointer data)
{
    (void)data;
    check_late(service, processing, 3600);
}

/* ---- creating ---- */

/* Nobody knows whether there is such a task: another is made, but not of the same. */
static void test_unknown_create(Service *service, gconstpointer data)
{
    (void)data;
    add_some(service);
    service->refusals[ENDPOINT_REPORT_TASK_CREATE] = (Refusal){1, 0, API_ERROR_UNKNOWN, 0};
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 3);
    g_assert_cmpuint(service->tasks->len, ==, 2);
}

/* Its rates do not allow it in time: pages do without, and so do the reports after it. */
static void test_refused_create(Service *service, gconstpointer data)
{
    const FakeCall *create;

    (void)data;
    add_some(service);
    begin_until(service, (create = newest(service, ENDPOINT_REPORT_TASK_CREATE)));
    g_assert_false(create->wanted(create->user_data)); /* not for as long as a reader may wait */
    service->refusals[ENDPOINT_REPORT_TASK_CREATE] = (Refusal){1, 0, API_ERROR_BUSY, 40133};
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 1);
    want_calls(service, REPORT, 2);
    put(service, 7, "2026-11-05", "1.00");
    service->f.query.end = "2026-11-14";
    service->f.query.start = "2026-11-01";
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 1);
    later(service, 3600);
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 2);
}

/* It was in our own queue for too long: the next one may be sooner. */
static void test_unsent_create(Service *service, gconstpointer data)
{
    (void)data;
    add_some(service);
    service->refusals[ENDPOINT_REPORT_TASK_CREATE] = (Refusal){1, 0, API_ERROR_BUSY, 0};
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 1);
    want_calls(service, REPORT, 2);
    later(service, 901);
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 2);
}

static void test_no_id(Service *service, gconstpointer data)
{
    static const char *const answers[] = {"{}", "{\"task_id\":\"\"}", "{\"task_id\":null}"};

    (void)data;
    add_some(service);
    for (gsize i = 0; i < G_N_ELEMENTS(answers); i++) {
        service->created = answers[i];
        begin_until(service, service->created == NULL);
        want_all(service);
        later(service, 3600);
    }
    g_assert_cmpuint(service->tasks->len, ==, 2 * G_N_ELEMENTS(answers));
}

/* ---- it is on disk ---- */

static void leave(Service *service)
{
    add_some(service);
    service->states = processing;
    begin_until(service, count(service, ENDPOINT_REPORT_TASK_CHECK) >= 2);
    service_close(service);
    g_ptr_array_set_size(service->f.fake->calls, 0);
}

static void test_found(Service *service, gconstpointer data)
{
    (void)data;
    leave(service);
    fake_open(service->f.fake);
    begin_until(service, count(service, ENDPOINT_REPORT_TASK_CHECK) >= 2);
    ((FakeTask *)service->tasks->pdata[0])->states = soon; /* it has begun at 0 */
    want_all(service);
    g_assert_cmpuint(service->tasks->len, ==, 1);
    want_calls(service, REPORT_TASK_CREATE, 0);
    want_calls(service, REPORT_TASK_DOWNLOAD, 1);
    service->states = soon;
    later(service, 1000); /* what was had is not found again */
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 1);
}

static void test_found_made(Service *service, gconstpointer data)
{
    static const char *const made[] = {"SUCCESS", NULL};

    (void)data;
    leave(service);
    ((FakeTask *)service->tasks->pdata[0])->states = made;
    ((FakeTask *)service->tasks->pdata[0])->checks = 0;
    later(service, 3599);
    fake_open(service->f.fake);
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 0);
    want_calls(service, REPORT_TASK_CHECK, 1);
}

/* What it says of days that change yet is as old as itself. */
static void test_found_age(Service *service, gconstpointer data)
{
    static const char *const made[] = {"SUCCESS", NULL};
    ListingState state;
    gint64 created_us;

    (void)data;
    created_us = service->f.fake->wall;
    leave(service);
    ((FakeTask *)service->tasks->pdata[0])->states = made;
    ((FakeTask *)service->tasks->pdata[0])->checks = 0;
    later(service, 1800);
    fake_open(service->f.fake);
    want_all(service);
    cache_report_age(service->f.fake->cache, &service->f.query, &state);
    g_assert_true(state.known);
    g_assert_cmpint(state.fetched_us, ==, created_us);
}

static void test_too_old(Service *service, gconstpointer data)
{
    (void)data;
    leave(service);
    later(service, 3601);
    fake_open(service->f.fake);
    service->states = soon;
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 1);
}

/* A person wants it anew: what was made before will not do. */
static void test_refreshed(Service *service, gconstpointer data)
{
    (void)data;
    leave(service);
    later(service, 1);
    fake_open(service->f.fake);
    cache_refresh_report(service->f.fake->cache, &service->f.query);
    service->states = soon;
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 1);
}

/* Days that could not change any more when it was created are as good after weeks. */
static void test_frozen(Service *service, gconstpointer data)
{
    static const char *const made[] = {"SUCCESS", NULL};

    (void)data;
    put(service, 1, "2026-09-10", "1.00");
    put(service, 2, "2026-09-12", "1.00");
    service->f.query.start = "2026-09-10";
    service->f.query.end = "2026-09-12";
    service->states = processing;
    begin_until(service, count(service, ENDPOINT_REPORT_TASK_CHECK) >= 2);
    service_close(service);
    ((FakeTask *)service->tasks->pdata[0])->states = made;
    ((FakeTask *)service->tasks->pdata[0])->checks = 0;
    later(service, 20 * 86400);
    fake_open(service->f.fake);
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 1);
}

/* ... and those that could are not. */
static void test_not_frozen(Service *service, gconstpointer data)
{
    (void)data;
    put(service, 1, "2026-10-20", "1.00");
    put(service, 2, "2026-10-22", "1.00");
    service->f.query.start = "2026-10-20";
    service->f.query.end = "2026-10-22"; /* it is the 18th of November: 27 days */
    service->states = processing;
    begin_until(service, count(service, ENDPOINT_REPORT_TASK_CHECK) >= 2);
    service_close(service);
    later(service, 10 * 86400);
    service->states = soon;
    fake_open(service->f.fake);
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 2);
}

static void check_gone(Service *service, ApiErrorKind kind, int code)
{
    leave(service);
    fake_open(service->f.fake);
    service->states = soon;
    service->refusals[ENDPOINT_REPORT_TASK_CHECK] = (Refusal){1, 0, kind, code};
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 1);
    g_assert_cmpstr(body_of(service, 0), ==, body_of(service, 1));
    later(service, 901); /* nor is it found again */
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 2);
}

static void test_gone(Service *service, gconstpointer data)
{
    (void)data;
    check_gone(service, API_ERROR_INVALID, 40002);
}

static void test_gone_40007(Service *service, gconstpointer data)
{
    (void)data;
    check_gone(service, API_ERROR_NOT_FOUND, 40007);
}

/* A task is of the token that created it; with another one it is made once more. */
static void test_other_token(Service *service, gconstpointer data)
{
    (void)data;
    check_gone(service, API_ERROR_DENIED, 40001);
}

/* The same within one mount. */
static void test_gone_here(Service *service, gconstpointer data)
{
    (void)data;
    add_some(service);
    service->states = soon;
    service->refusals[ENDPOINT_REPORT_TASK_CHECK] = (Refusal){1, 0, API_ERROR_INVALID, 40002};
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 2);
    g_assert_cmpstr(body_of(service, 0), ==, body_of(service, 1));
}

static void test_gone_again(Service *service, gconstpointer data)
{
    (void)data;
    add_some(service);
    service->refusals[ENDPOINT_REPORT_TASK_CHECK] = (Refusal){100, 0, API_ERROR_INVALID, 40002};
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 6); /* of all and of the halves, each once more */
    want_calls(service, REPORT_TASK_DOWNLOAD, 0);
}

/* The network is away for a while: the task is not. */
static void test_unreachable(Service *service, gconstpointer data)
{
    (void)data;
    add_some(service);
    service->states = processing;
    begin_until(service, count(service, ENDPOINT_REPORT_TASK_CHECK) >= 2);
    service->refusals[ENDPOINT_REPORT_TASK_CHECK] = (Refusal){1, 0, API_ERROR_UNREACHABLE, 0};
    want_failure(service, API_ERROR_UNREACHABLE, "refused");
    ((FakeTask *)service->tasks->pdata[0])->states = soon;
    later(service, 2);
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 1);
}

/* ---- withdrawing ---- */

static void test_interrupted(Service *service, gconstpointer data)
{
    (void)data;
    add_some(service);
    service->states = processing;
    begin_until(service, count(service, ENDPOINT_REPORT_TASK_CHECK) >= 2);
    cache_forget(service->f.fake->cache, &fake_waiter);
    guint n = count(service, ENDPOINT_REPORT_TASK_CHECK);
    run_until(service, count(service, ENDPOINT_REPORT_TASK_CHECK) > n);
    ((FakeTask *)service->tasks->pdata[0])->states = soon;
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 1);
    want_calls(service, REPORT, 1);
}

static void test_two_readers(Service *service, gconstpointer data)
{
    int other;
    Waiter waiter = {&other, service->f.fake->mono};

    (void)data;
    add_some(service);
    begin_until(service, service->tasks->len == 1);
    g_assert_cmpint(cache_want_report(service->f.fake->cache, &service->f.query, &waiter, NULL), ==,
                    CACHE_WAIT);
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 1);
    g_assert_true(g_ptr_array_find(service->f.fake->woken, &other, NULL));
    g_assert_true(g_ptr_array_find(service->f.fake->woken, &fake_waiter, NULL));
}

#define ADD(name, test)                                                                            \
    g_test_add("/task/" name, Service, NULL, service_set_up, test, service_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("states-it-does-not-know-are-waited-for", test_made);
    ADD("pauses-grow", test_pauses);
    ADD("failed-in-two-then-by-pages", test_failed);
    ADD("failed-once", test_failed_once);
    ADD("failed-a-day", test_failed_day);
    ADD("cancelled-by-somebody-else", test_cancelled_elsewhere);
    ADD("has-not-begun-in-time", test_late_start);
    ADD("is-not-made-in-time", test_late_end);
    ADD("create-of-unknown-outcome", test_unknown_create);
    ADD("create-refused-for-its-rate", test_refused_create);
    ADD("create-without-its-turn", test_unsent_create);
    ADD("create-without-id", test_no_id);
    ADD("found-by-the-next-mount", test_found);
    ADD("found-when-it-is-made", test_found_made);
    ADD("found-and-as-old-as-it-is", test_found_age);
    ADD("not-after-an-hour", test_too_old);
    ADD("not-when-wanted-anew", test_refreshed);
    ADD("frozen-days-after-weeks", test_frozen);
    ADD("days-that-froze-since-are-not", test_not_frozen);
    ADD("gone-is-created-once-more", test_gone);
    ADD("gone-is-not-found", test_gone_40007);
    ADD("of-another-token", test_other_token);
    ADD("gone-while-waited-for", test_gone_here);
    ADD("gone-again", test_gone_again);
    ADD("outlives-the-network", test_unreachable);
    ADD("outlives-its-reader", test_interrupted);
    ADD("one-for-two-readers", test_two_readers);
    return g_test_run();
}
