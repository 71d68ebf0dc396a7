/* SPDX-License-Identifier: MIT */
/* test-partition.c - reports: which days are asked for, what is kept, what comes out. */
#include "tests/unit/report-account.h"

#include "cache/store.h"

static void test_rows(Fixture *f, gconstpointer data)
{
    (void)data;
    add(f, "1000", "2026-11-10", "\"48.10\"");
    add(f, "999", "2026-11-18", "500.10");
    add(f, "999", "2026-11-11", "null");
    have(f);
    check_rows(f, "1000 2026-11-10 48.10 - a\"b\n"
                  "999 2026-11-11 NULL - a\"b\n"
                  "999 2026-11-18 500.10 - a\"b\n");
    check_span(f, 0, "2026-11-10 2026-11-18");
    g_assert_cmpuint(f->fake->calls->len, ==, 1);
}

static void test_once(Fixture *f, gconstpointer data)
{
    (void)data;
    have(f);
    fake_later(f->fake, 899 * SECOND);
    have(f);
    f->query.start = "2026-11-12"; /* a part of what is there */
    have(f);
    fake_reopen(f->fake);
    have(f);
    g_assert_cmpuint(f->fake->calls->len, ==, 1);
    check_rows(f, "");
}

static void test_open_days(Fixture *f, gconstpointer data)
{
    (void)data;
    f->query.start = "2026-10-01"; /* 49 days: two spans */
    have(f);
    g_assert_cmpuint(f->fake->calls->len, ==, 2);
    check_span(f, 0, "2026-10-01 2026-10-30");
    check_span(f, 1, "2026-10-31 2026-11-18");
    g_ptr_array_set_size(f->fake->calls, 0);
    fake_later(f->fake, 901 * SECOND);
    have(f);
    g_assert_cmpuint(f->fake->calls->len, ==, 1); /* frozen until the 20th of October */
    check_span(f, 0, "2026-10-21 2026-11-18");
}

static void test_only_missing(Fixture *f, gconstpointer data)
{
    (void)data;
    have(f);
    f->query.start = "2026-11-05";
    have(f);
    g_assert_cmpuint(f->fake->calls->len, ==, 2);
    check_span(f, 1, "2026-11-05 2026-11-09");
}

static gint64 count_stored(Fixture *f)
{
    g_autofree char *path = g_build_filename(f->fake->dir, "cache.sqlite", NULL);
    sqlite3 *db;
    gint64 n = -1;

    g_assert_cmpint(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
    g_assert_true(sql_number(db, &n, NULL, "SELECT coalesce(sum(n), 0) FROM report_chunk", ""));
    sqlite3_close_v2(db);
    return n;
}

static void test_replaced(Fixture *f, gconstpointer data)
{
    (void)data;
    add(f, "1", "2026-11-17", "\"1.00\"");
    add(f, "2", "2026-11-17", "\"1.00\"");
    have(f);
    g_ptr_array_set_size(f->fake->objects[KIND_NONE], 0);
    add(f, "1", "2026-11-17", "\"2.00\"");
    fake_later(f->fake, 901 * SECOND);
    have(f);
    check_rows(f, "1 2026-11-17 2.00 - a\"b\n");
    g_assert_cmpint(count_stored(f), ==, 1);
}

static void test_pages(Fixture *f, gconstpointer data)
{
    g_autofree char *rows = NULL;

    (void)data;
    for (guint i = 0; i < 2500; i++) {
        g_autofree char *id = g_strdup_printf("%u", 1 + i);
        add(f, id, "2026-11-17", "\"1\"");
    }
    have(f);
    g_assert_cmpuint(f->fake->calls->len, ==, 3);
    rows = spool_all(f, NULL);
    g_assert_nonnull(strstr(rows, "\n2500 2026-11-17"));
}

static void test_incomplete(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    (void)data;
    add(f, "1", "2026-11-17", "\"1.00\"");
    have(f);
    g_ptr_array_set_size(f->fake->calls, 0);
    fake_later(f->fake, 901 * SECOND);
    f->fake->total_off_first = 1;
    g_assert_cmpint(want(f, &error), ==, CACHE_ERROR);
    g_assert_error(error, API_ERROR, API_ERROR_INCOMPLETE);
    g_assert_cmpuint(f->fake->calls->len, ==, 3);
    check_rows(f, "1 2026-11-17 1.00 - a\"b\n"); /* still there */
}

static void test_truncated(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    (void)data;
    f->fake->truncated = TRUE;
    g_assert_cmpint(want(f, &error), ==, CACHE_ERROR);
    g_assert_error(error, API_ERROR, API_ERROR_INCOMPLETE);
    /* Page 1, and three times the campaigns that it could be asked for by: they are cut as well. */
    g_assert_cmpuint(f->fake->calls->len, ==, 4);
}

static void test_foreign_day(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    (void)data;
    add(f, "1", "2026-11-19", "\"1.00\"");
    g_assert_cmpint(want(f, &error), ==, CACHE_ERROR);
    g_assert_error(error, API_ERROR, API_ERROR_INCOMPLETE);
}

/* As many rows as were promised, one of them twice: another is missing. */
static void test_twice(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    (void)data;
    add(f, "1", "2026-11-17", "\"1.00\"");
    add(f, "2", "2026-11-17", "\"1.00\"");
    add(f, "1", "2026-11-17", "\"1.00\"");
    g_assert_cmpint(want(f, &error), ==, CACHE_ERROR);
    g_assert_error(error, API_ERROR, API_ERROR_INCOMPLETE);
}

static void test_placeholder(Fixture *f, gconstpointer data)
{
    (void)data;
    f->query.shape.grain = GRAIN_HOUR;
    f->query.start = f->query.end;
    fake_add(f->fake, KIND_NONE,
             "{\"dimensions\":{\"campaign_id\":\"7\",\"stat_time_hour\":\"-\"},"
             "\"metrics\":{\"spend\":\"-\"}}");
    have(f);
    check_rows(f, "");
    g_assert_cmpuint(f->fake->calls->len, ==, 1);
}

static void test_failure(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    (void)data;
    fake_fail(f->fake, API_ERROR_DENIED);
    g_assert_cmpint(want(f, &error), ==, CACHE_ERROR);
    g_assert_error(error, API_ERROR, API_ERROR_DENIED);
    g_clear_error(&error);
    fake_work(f->fake);
    f->fake->mono += f->fake->config.retry_us - 1;
    g_assert_cmpint(want(f, &error), ==, CACHE_ERROR);
    g_assert_cmpuint(f->fake->calls->len, ==, 1);
    f->fake->mono++;
    have(f);
    g_assert_cmpuint(f->fake->calls->len, ==, 2);
}

static void test_total(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *rows = NULL;

    (void)data;
    f->query.shape.grain = GRAIN_TOTAL;
    fake_add(f->fake, KIND_NONE,
             "{\"dimensions\":{\"campaign_id\":7},\"metrics\":{\"spend\":\"9.90\"}}");
    have(f);
    check_rows(f, "7 9.90 NULL NULL\n");
    fake_later(f->fake, SECOND); /* it is fresh by itself, not since it was just asked for */
    have(f);
    g_assert_cmpuint(f->fake->calls->len, ==, 1);
    f->query.end = "2026-11-17"; /* other totals */
    rows = spool_all(f, &error);
    g_assert_cmpstr(rows, ==, "");
    g_assert_error(error, API_ERROR, API_ERROR_INCOMPLETE);
    have(f);
    g_assert_cmpuint(f->fake->calls->len, ==, 2);
}

static void test_refused(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    (void)data;
    f->query.start = "2025-01-01";
    f->query.shape.grain = GRAIN_TOTAL;
    g_assert_cmpint(want(f, &error), ==, CACHE_ERROR);
    g_assert_error(error, API_ERROR, API_ERROR_RANGE);
    g_clear_error(&error);
    f->query.start = "2026-12-01";
    g_assert_cmpint(want(f, &error), ==, CACHE_ERROR);
    g_assert_error(error, API_ERROR, API_ERROR_INVALID);
    g_clear_error(&error);
    f->query.advertiser = 5;
    g_assert_cmpint(want(f, &error), ==, CACHE_ERROR);
    g_assert_error(error, API_ERROR, API_ERROR_NOT_FOUND);
    g_assert_cmpuint(f->fake->calls->len, ==, 0);
}

static void test_shapes(Fixture *f, gconstpointer data)
{
    static const char *const fewer[] = {"spend", NULL};

    (void)data;
    have(f);
    f->query.shape.metrics = fewer;
    have(f);
    f->query.shape.object_kind = KIND_CAMPAIGN;
    f->query.shape.object_id = "7";
    have(f);
    f->query.shape.level = KIND_AD;
    f->query.shape.id = "ad_id";
    have(f);
    g_assert_cmpuint(f->fake->calls->len, ==, 3); /* campaign 7 is a slice of what is there */
    have(f);
    g_assert_cmpuint(f->fake->calls->len, ==, 3);
}

/* What was begun goes on, for whoever comes next; what was not is not begun for nobody. */
static void test_nobody(Fixture *f, gconstpointer data)
{
    Waiter waiter = {&fake_waiter, f->fake->mono};

    (void)data;
    f->query.start = "2026-01-01"; /* eleven spans */
    g_assert_cmpint(cache_want_report(f->fake->cache, &f->query, &waiter, NULL), ==, CACHE_WAIT);
    cache_forget(f->fake->cache, &fake_waiter);
    fake_run(f->fake);
    g_assert_cmpuint(f->fake->calls->len, ==, 8);
    have(f);
    g_assert_cmpuint(f->fake->calls->len, ==, 11);
}

/* What is below a campaign is cut out of the account's by the attribute that says so. */
static void test_below(Fixture *f, gconstpointer data)
{
    static const char *const with_parent[] = {"spend", "campaign_id", NULL};
    static const char *const ids[] = {"7", "8", "9", "7"};

    (void)data;
    for (guint i = 0; i < 3; i++)
        fake_add(f->fake, KIND_NONE,
                 "{\"dimensions\":{\"ad_id\":\"10%u\",\"stat_time_day\":\"2026-11-17\"},"
                 "\"metrics\":{\"spend\":\"%u.00\",\"campaign_id\":\"%s\"}}",
                 i, i, ids[i]);
    f->query.shape.level = KIND_AD;
    f->query.shape.id = "ad_id";
    f->query.shape.metrics = with_parent;
    f->query.shape.object_kind = KIND_CAMPAIGN;
    for (guint i = 0; i < G_N_ELEMENTS(ids); i++) {
        f->query.shape.object_id = ids[i];
        have(f);
    }
    g_assert_cmpuint(f->fake->calls->len, ==, 2);
    f->query.shape.object_id = "9";
    check_rows(f, "102 2026-11-17 2.00 9\n");
}

/* The first asks for its own rows, the second for all of the level, everybody else for nothing. */
static void test_siblings(Fixture *f, gconstpointer data)
{
    static const char *const ids[] = {"7", "8", "9", "7", "10"};

    (void)data;
    add(f, "7", "2026-11-17", "\"1.00\"");
    add(f, "9", "2026-11-17", "\"2.00\"");
    f->query.shape.object_kind = f->query.shape.level;
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        f->query.shape.object_id = ids[i];
        have(f);
        g_assert_cmpuint(f->fake->calls->len, ==, MIN(i + 1, 2));
    }
    check_rows(f, ""); /* of 10 there is nothing, and nothing of others is shown */
    f->query.shape.object_id = "9";
    check_rows(f, "9 2026-11-17 2.00 - a\"b\n");
}

/* Nothing stays fresh; what was asked for comes all the same. */
static void test_no_ttl(Fixture *f, gconstpointer data)
{
    (void)data;
    f->fake->config.report_ttl_us = 0;
    fake_reopen(f->fake);
    f->query.start = "2026-09-01";
    have(f);
    g_assert_cmpuint(f->fake->calls->len, ==, 3);
    f->fake->mono++;
    have(f);
    g_assert_cmpuint(f->fake->calls->len, ==, 4); /* the open days */

    f->fake->config.settle_days = 1000; /* all are open, and it ends all the same */
    fake_reopen(f->fake);
    f->query.shape.metrics = metrics + 1;
    have(f);
    g_assert_cmpuint(f->fake->calls->len, ==, 4 + 3);
}

/* It is no account's: neither in its days nor whose turn it is. */
static void test_center(Fixture *f, gconstpointer data)
{
    static const char *const spend[] = {"spend", NULL};
    g_autoptr(GError) error = NULL;
    FakeCall *call;

    (void)data;
    fake_add(f->fake, KIND_CENTER,
             "{\"bc_info\":{\"bc_id\":\"6998\",\"name\":\"Group\"},\"user_role\":\"ADMIN\"}");
    fake_have(f->fake, LISTING_CENTERS, 0);
    g_ptr_array_set_size(f->fake->calls, 0);
    f->query.advertiser = fake_find(f->fake, KIND_CENTER, 0, "6998");
    f->query.shape = (ReportShape){.type = REPORT_CENTER,
                                   .level = KIND_ADVERTISER,
                                   .id = "advertiser_id",
                                   .grain = GRAIN_DAY,
                                   .metrics = spend};
    have(f);
    call = f->fake->calls->pdata[0];
    g_assert_true(g_str_has_prefix(call->query, "bc_id=6998&report_type=BC&"));
    f->query.advertiser = f->account; /* which is no center */
    g_assert_cmpint(want(f, &error), ==, CACHE_ERROR);
    g_assert_error(error, API_ERROR, API_ERROR_NOT_FOUND);
}

#define ADD(path, test) g_test_add(path, Fixture, NULL, set_up, test, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/partition/a-center-is-asked-for-its-accounts", test_center);
    ADD("/partition/rows-by-id-then-day-as-they-were-sent", test_rows);
    ADD("/partition/read-once", test_once);
    ADD("/partition/only-open-days-are-read-again", test_open_days);
    ADD("/partition/only-missing-days-are-read", test_only_missing);
    ADD("/partition/a-day-is-replaced-as-a-whole", test_replaced);
    ADD("/partition/rows-over-a-thousand-make-one-call", test_pages);
    ADD("/partition/one-missing-is-incomplete-and-removes-nothing", test_incomplete);
    ADD("/partition/truncated-is-incomplete", test_truncated);
    ADD("/partition/a-row-of-another-day-is-incomplete", test_foreign_day);
    ADD("/partition/a-row-twice-is-incomplete", test_twice);
    ADD("/partition/a-row-without-an-hour-says-there-is-nothing", test_placeholder);
    ADD("/partition/a-failure-is-remembered-until-retry", test_failure);
    ADD("/partition/totals-are-one-part", test_total);
    ADD("/partition/what-can-not-be-asked-for-is-refused", test_refused);
    ADD("/partition/each-shape-has-its-own-parts", test_shapes);
    ADD("/partition/siblings-cost-one-fetch-of-their-level", test_siblings);
    ADD("/partition/what-is-below-siblings-costs-one-fetch", test_below);
    ADD("/partition/nothing-more-is-begun-for-nobody", test_nobody);
    ADD("/partition/without-ttl-frozen-days-stay", test_no_ttl);
    return g_test_run();
}
