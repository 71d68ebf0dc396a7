/* SPDX-License-Identifier: MIT */
/* test-jobs.c - what is being fetched is a line each, and says for whom. */
#include "fs/jobs.h"

#include <cjson/cJSON.h>

#include "tests/unit/small-tree.h"

static const char *const metrics[] = {"spend", "clicks", NULL};

/* The day's report by campaign, as it is asked for. */
static ReportQuery campaign_day(const Small *small)
{
    return (ReportQuery){.advertiser = small_account(small, ACCOUNT),
                         .shape = {.level = KIND_CAMPAIGN,
                                   .id = "campaign_id",
                                   .grain = GRAIN_DAY,
                                   .metrics = metrics},
                         .start = "2026-11-01",
                         .end = "2026-11-17"};
}

static char *read_jobs(Small *small)
{
    GString *text = g_string_new(NULL);

    jobs_text(&small->mount, text);
    return g_string_free(text, FALSE);
}

static void check_line(const char *line, const char *wanted)
{
    cJSON *got = cJSON_Parse(line), *want = cJSON_Parse(wanted);

    g_assert_nonnull(want);
    if (!cJSON_Compare(got, want, TRUE))
        g_assert_cmpstr(line, ==, wanted);
    g_assert_cmpuint(strlen(line), ==, strcspn(line, "\n") + 1);
    cJSON_Delete(got);
    cJSON_Delete(want);
}

static const char wanted_line[] =
    "{\"id\":null,\"path\":%s,\"advertiser\":\"" ACCOUNT "\",\"type\":\"BASIC\","
    "\"level\":\"campaign\",\"object\":null,\"dimensions\":[\"campaign_id\",\"stat_time_day\"],"
    "\"metrics\":[\"spend\",\"clicks\"],\"start\":\"2026-11-01\",\"end\":\"2026-11-17\","
    "\"mode\":\"sync\",\"state\":\"READING\",\"age\":34,\"rows\":0,\"total_rows\":null,"
    "\"bytes\":0,\"percent\":null,\"readers\":1}";

/* Nothing is asked of the service for it. */
static void test_line(void)
{
    Small *small = small_new();
    ReportQuery query = campaign_day(small);
    Waiter waiter = {small, small->fake->mono};
    g_autofree char *before = read_jobs(small);
    g_autofree char *wanted = g_strdup_printf(wanted_line, "null");
    g_autofree char *line = NULL;
    g_autofree char *after = NULL;
    guint n_calls;

    g_assert_cmpstr(before, ==, "");
    g_assert_cmpint(cache_want_report(small->fake->cache, &query, &waiter, NULL), ==, CACHE_WAIT);
    small->fake->wall += 34 * SECOND;
    n_calls = small->fake->calls->len;
    line = read_jobs(small);
    check_line(line, wanted);
    g_assert_cmpuint(small->fake->calls->len, ==, n_calls);
    fake_run(small->fake);
    after = read_jobs(small);
    g_assert_cmpstr(after, ==, "");
    small_free(small);
}

/* ---- for whom ---- */

static guint64 report_ino(const Small *small, const char *name)
{
    const Node *node = NULL;

    while (cache_want_node(small->fake->cache, small_account(small, ACCOUNT), name, FALSE,
                           &(Waiter){(void *)small, small->fake->mono}, &node, NULL) == CACHE_WAIT)
        fake_run(small->fake);
    return ino_of_node(node->node);
}

static void test_path(void)
{
    Small *small = small_new();
    ReportQuery query = campaign_day(small);
    Waiter waiter = {small, small->fake->mono};
    Wait late = {.ino = report_ino(small, "last-7d/campaign-day.csv"), .since_us = 2},
         first = {.ino = report_ino(small, "2026-11/campaign-day.json"), .since_us = 1};
    g_autofree char *wanted =
        g_strdup_printf(wanted_line, "\"" ACCOUNT "/reports/2026-11/campaign-day.json\"");
    g_autofree char *line = NULL;

    g_assert_cmpint(cache_want_report(small->fake->cache, &query, &waiter, NULL), ==, CACHE_WAIT);
    waits_note(small->mount.waits, &late, &late, &query);
    waits_note(small->mount.waits, &first, &first, &query);
    small->fake->wall += 34 * SECOND;
    line = read_jobs(small);
    check_line(line, wanted);
    waits_forget(small->mount.waits, &late);
    waits_forget(small->mount.waits, &first);
    fake_run(small->fake);
    small_free(small);
}

/* A job is for a wait: of the same shape or of that on its level, and of a day of it. */
static void test_is_for(void)
{
    Small *small = small_new();
    ReportQuery query = campaign_day(small);
    ReportShape level = query.shape, own = query.shape, other = query.shape;
    Wait who = {.ino = 1};
    ReportJob job = {.id = "", .state = "", .advertiser = query.advertiser};

    own.object_kind = KIND_CAMPAIGN;
    own.object_id = "1001";
    other.grain = GRAIN_TOTAL;
    query.shape = own;
    waits_note(small->mount.waits, &who, &who, &query);
    struct {
        const ReportShape *shape;
        gint64 off;
        const char *start, *end;
        gboolean is_for;
    } cases[] = {
        {&own, 0, "2026-11-01", "2026-11-17", TRUE},
        {&level, 0, "2026-11-01", "2026-11-17", TRUE},
        {&own, 0, "2026-11-17", "2026-11-30", TRUE},
        {&own, 0, "2026-10-01", "2026-11-01", TRUE},
        {&own, 0, "2026-11-18", "2026-11-30", FALSE},
        {&own, 0, "2026-10-01", "2026-10-31", FALSE},
        {&other, 0, "2026-11-01", "2026-11-17", FALSE},
        {&own, 1, "2026-11-01", "2026-11-17", FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        job.shape = cases[i].shape;
        job.advertiser = query.advertiser + cases[i].off;
        job.start = cases[i].start;
        job.end = cases[i].end;
        g_assert_cmpint(waits_find(small->mount.waits, &job) != NULL, ==, cases[i].is_for);
    }
    waits_forget(small->mount.waits, &who);
    job.advertiser = query.advertiser;
    g_assert_null(waits_find(small->mount.waits, &job));
    small_free(small);
}

static void test_percent(void)
{
    static const struct {
        gboolean task;
        gint64 rows, total;
        int percent;
    } cases[] = {
        {FALSE, 0, -1, -1},      {FALSE, 0, 0, -1},   {FALSE, 0, 3000, 0},
        {FALSE, 999, 3000, 33},  {TRUE, 0, 3000, -1}, {TRUE, 1500, 3000, 50},
        {TRUE, 3001, 3000, 100}, {TRUE, 5, -1, -1},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        ReportJob job = {
            .task = cases[i].task, .rows = cases[i].rows, .total_rows = cases[i].total};

        g_assert_cmpint(job_percent(&job), ==, cases[i].percent);
    }
}

/* ---- cancel ---- */

static void check_refused(Small *small, const char *id, ApiErrorKind kind, const char *text)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(jobs_check(&small->mount, id, &error));
    g_assert_error(error, API_ERROR, (gint)kind);
    g_assert_cmpstr(error->message, ==, text);
}

static void test_cancel(void)
{
    Small *small = small_new();
    ReportQuery query = campaign_day(small);
    Waiter waiter = {small, small->fake->mono};

    check_refused(small, "1850", API_ERROR_NOT_FOUND,
                  "cancel 1850: there is no such report task; no report is being fetched, see "
                  ".adsfs/jobs");
    g_assert_cmpint(cache_want_report(small->fake->cache, &query, &waiter, NULL), ==, CACHE_WAIT);
    check_refused(small, "1850", API_ERROR_NOT_FOUND,
                  "cancel 1850: there is no such report task; what is read by pages has no id, and "
                  "ends with its reader (Ctrl-C)");
    check_refused(small, NULL, API_ERROR_INVALID,
                  "cancel: which? an id is missing; what is read by pages has no id, and ends with "
                  "its reader (Ctrl-C)");
    fake_run(small->fake);
    small_free(small);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/jobs/a-line-for-each-fetch", test_line);
    g_test_add_func("/jobs/names-the-file-that-waits-longest", test_path);
    g_test_add_func("/jobs/for-whom", test_is_for);
    g_test_add_func("/jobs/percent-where-rows-have-come", test_percent);
    g_test_add_func("/jobs/cancel-says-what-to-do-instead", test_cancel);
    return g_test_run();
}
