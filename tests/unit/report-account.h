/* SPDX-License-Identifier: MIT */
#pragma once

/* report-account.h - an account whose reports a test asks for: wanting one, and reading it out. */
#include "tests/unit/fake-service.h"

static const char *const metrics[] = {"spend", "clicks", "campaign_name", NULL};

typedef struct {
    Fake *fake;
    gint64 account;
    ReportQuery query;
} Fixture;

static inline void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    f->fake = fake_new(); /* it is the 18th of November 2026 */
    fake_add_account(f->fake);
    f->account = fake_account(f->fake);
    f->query = (ReportQuery){.advertiser = f->account,
                             .shape = {.level = KIND_CAMPAIGN,
                                       .id = "campaign_id",
                                       .grain = GRAIN_DAY,
                                       .metrics = metrics},
                             .start = "2026-11-10",
                             .end = "2026-11-18"};
    g_ptr_array_set_size(f->fake->calls, 0);
}

static inline void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    fake_free(f->fake);
}

static inline void add(Fixture *f, const char *id, const char *day, const char *spend)
{
    fake_add(f->fake, KIND_NONE,
             "{\"dimensions\":{\"campaign_id\":\"%s\",\"stat_time_day\":\"%s 00:00:00\"},"
             "\"metrics\":{\"spend\":%s,\"clicks\":\"-\",\"campaign_name\":\"a\\\"b\"}}",
             id, day, spend);
}

static inline CacheResult want(Fixture *f, GError **error)
{
    Waiter waiter = {&fake_waiter, f->fake->mono};
    CacheResult result;
    guint n = 0;

    while ((result = cache_want_report(f->fake->cache, &f->query, &waiter, error)) == CACHE_WAIT) {
        g_assert_cmpuint(n++, <, 8);
        fake_run(f->fake);
    }
    return result;
}

static inline void have(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    CacheResult result = want(f, &error);

    g_assert_no_error(error);
    g_assert_cmpint(result, ==, CACHE_HIT);
}

/* Dates of a call, as it was sent. */
static inline char *get_span(Fixture *f, guint index)
{
    FakeCall *call = f->fake->calls->pdata[index];
    const char *start = strstr(call->query, "start_date=") + strlen("start_date=");
    const char *end = strstr(call->query, "end_date=") + strlen("end_date=");

    return g_strdup_printf("%.10s %.10s", start, end);
}

static inline void check_span(Fixture *f, guint index, const char *expected)
{
    g_autofree char *span = NULL;

    g_assert_cmpuint(index, <, f->fake->calls->len);
    span = get_span(f, index);
    g_assert_cmpstr(span, ==, expected);
}

/* ---- out ---- */

typedef struct {
    GString *rows;
    GThread *thread;
    gboolean ended, done;
    GError *error;
} Spool;

static inline void on_row(void *user_data, const char *const *values, guint n_values)
{
    Spool *spool = user_data;

    g_assert_false(spool->ended);
    spool->thread = g_thread_self();
    for (guint i = 0; i < n_values; i++)
        g_string_append_printf(spool->rows, "%s%s", i ? " " : "", values[i] ? values[i] : "NULL");
    g_string_append_c(spool->rows, '\n');
}

static inline void on_end(void *user_data)
{
    Spool *spool = user_data;

    g_assert_false(spool->done);
    spool->ended = TRUE;
}

static inline void on_done(void *user_data, const GError *error)
{
    Spool *spool = user_data;

    spool->done = TRUE;
    spool->error = error ? g_error_copy(error) : NULL;
}

static inline char *spool_all(Fixture *f, GError **error)
{
    Spool spool = {.rows = g_string_new("")};

    cache_spool_report(f->fake->cache, &f->query, on_row, on_end, on_done, &spool);
    g_assert_false(spool.done);
    while (!spool.done)
        g_main_context_iteration(NULL, TRUE);
    g_assert_true(spool.ended == (spool.error == NULL));
    g_assert_true(spool.thread != g_thread_self());
    if (spool.error)
        g_propagate_error(error, spool.error);
    return g_string_free(spool.rows, FALSE);
}

static inline void check_rows(Fixture *f, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *rows = spool_all(f, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(rows, ==, expected);
}
