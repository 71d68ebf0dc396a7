/* SPDX-License-Identifier: MIT */
/* test-query-range.c - ranges of days, at fixed moments in fixed zones. */
#include "fs/query.h"

#include <string.h>

#include "api/error.h"

static gint64 wall(const char *iso)
{
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(iso, utc);

    return g_date_time_to_unix(time) * G_USEC_PER_SEC;
}

typedef struct {
    const char *range, *now, *zone, *start, *end;
} RangeCase;

static void check_ranges(const RangeCase *cases, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        char start[11], end[11];
        g_autoptr(GError) error = NULL;

        g_assert_true(query_range_valid(cases[i].range));
        query_range_days(cases[i].range, wall(cases[i].now), cases[i].zone, start, end, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(start, ==, cases[i].start);
        g_assert_cmpstr(end, ==, cases[i].end);
    }
}

/* clang-format off */
static const RangeCase named[] = {
    {"today",      "2026-11-23T12:00:00Z", NULL, "2026-11-23", "2026-11-23"},
    {"yesterday",  "2026-03-01T12:00:00Z", NULL, "2026-02-28", "2026-02-28"},
    {"yesterday",  "2028-03-01T12:00:00Z", NULL, "2028-02-29", "2028-02-29"},
    {"yesterday",  "2027-01-01T00:00:00Z", NULL, "2026-12-31", "2026-12-31"},
    {"last-1d",    "2026-11-23T12:00:00Z", NULL, "2026-11-23", "2026-11-23"},
    {"last-7d",    "2026-11-23T12:00:00Z", NULL, "2026-11-17", "2026-11-23"},
    {"last-30d",   "2026-11-23T12:00:00Z", NULL, "2026-10-25", "2026-11-23"},
    {"last-365d",  "2026-11-23T12:00:00Z", NULL, "2025-11-24", "2026-11-23"},
    {"this-month", "2026-11-23T12:00:00Z", NULL, "2026-11-01", "2026-11-23"},
    {"this-month", "2026-11-01T00:00:00Z", NULL, "2026-11-01", "2026-11-01"},
    {"last-month", "2026-03-31T12:00:00Z", NULL, "2026-02-01", "2026-02-28"},
    {"last-month", "2028-03-31T12:00:00Z", NULL, "2028-02-01", "2028-02-29"},
    {"last-month", "2027-01-15T12:00:00Z", NULL, "2026-12-01", "2026-12-31"},
    {"2026-10",    "2026-11-23T12:00:00Z", NULL, "2026-10-01", "2026-10-31"},
    {"2026-11",    "2026-11-23T12:00:00Z", NULL, "2026-11-01", "2026-11-23"}, /* not days to come */
    {"2024-02",    "2026-11-23T12:00:00Z", NULL, "2024-02-01", "2024-02-29"},
    {"2026-11-05", "2026-11-23T12:00:00Z", NULL, "2026-11-05", "2026-11-05"},
    {"2026-10-01..2026-10-31", "2026-11-23T12:00:00Z", NULL, "2026-10-01", "2026-10-31"},
    {"2026-11-20..2026-12-31", "2026-11-23T12:00:00Z", NULL, "2026-11-20", "2026-11-23"},
    {"2024-02-29..2024-02-29", "2026-11-23T12:00:00Z", NULL, "2024-02-29", "2024-02-29"},
    {"lifetime",   "2026-11-23T12:00:00Z", NULL, "2026-11-23", "2026-11-23"}, /* of which it is */
};

/* Etc/GMT-13 is UTC+13. Berlin: +1, +2 from 2026-03-29 01:00Z to 2026-10-25 01:00Z. New York: -5,
   -4 from 2026-03-08 07:00Z to 2026-11-01 06:00Z. */
static const RangeCase zones[] = {
    {"today", "2026-11-22T10:59:59Z", "Etc/GMT-13", "2026-11-22", "2026-11-22"},
    {"today", "2026-11-22T11:00:00Z", "Etc/GMT-13", "2026-11-23", "2026-11-23"},
    {"today", "2026-11-22T04:59:59Z", "Etc/GMT+5", "2026-11-21", "2026-11-21"},
    {"today", "2026-11-22T22:59:59Z", "Europe/Berlin", "2026-11-22", "2026-11-22"},
    {"today", "2026-11-22T23:00:00Z", "Europe/Berlin", "2026-11-23", "2026-11-23"},
    {"today", "2026-07-22T21:59:59Z", "Europe/Berlin", "2026-07-22", "2026-07-22"},
    {"today", "2026-07-22T22:00:00Z", "Europe/Berlin", "2026-07-23", "2026-07-23"},
    /* The days on which the clock is changed have 23 and 25 hours. */
    {"today", "2026-03-28T22:59:59Z", "Europe/Berlin", "2026-03-28", "2026-03-28"},
    {"today", "2026-03-28T23:00:00Z", "Europe/Berlin", "2026-03-29", "2026-03-29"},
    {"today", "2026-03-29T21:59:59Z", "Europe/Berlin", "2026-03-29", "2026-03-29"},
    {"today", "2026-03-29T22:00:00Z", "Europe/Berlin", "2026-03-30", "2026-03-30"},
    {"today", "2026-10-24T22:00:00Z", "Europe/Berlin", "2026-10-25", "2026-10-25"},
    {"today", "2026-10-25T22:59:59Z", "Europe/Berlin", "2026-10-25", "2026-10-25"},
    {"today", "2026-10-25T23:00:00Z", "Europe/Berlin", "2026-10-26", "2026-10-26"},
    {"last-7d", "2026-10-31T23:00:00Z", "Europe/Berlin", "2026-10-26", "2026-11-01"},
    {"last-7d", "2026-11-02T04:59:59Z", "America/New_York", "2026-10-26", "2026-11-01"},
    {"yesterday", "2026-03-09T03:59:59Z", "America/New_York", "2026-03-07", "2026-03-07"},
    {"yesterday", "2026-03-09T04:00:00Z", "America/New_York", "2026-03-08", "2026-03-08"},
    {"this-month", "2026-10-31T23:30:00Z", "Europe/Berlin", "2026-11-01", "2026-11-01"},
    {"last-month", "2026-10-31T23:30:00Z", "Europe/Berlin", "2026-10-01", "2026-10-31"},
    /* Both midnights of the days on which New York changes its clocks, of 23 and 25 hours. */
    {"today", "2026-03-08T04:59:59Z", "America/New_York", "2026-03-07", "2026-03-07"},
    {"today", "2026-03-08T05:00:00Z", "America/New_York", "2026-03-08", "2026-03-08"},
    {"today", "2026-03-09T03:59:59Z", "America/New_York", "2026-03-08", "2026-03-08"},
    {"today", "2026-03-09T04:00:00Z", "America/New_York", "2026-03-09", "2026-03-09"},
    {"today", "2026-11-01T03:59:59Z", "America/New_York", "2026-10-31", "2026-10-31"},
    {"today", "2026-11-01T04:00:00Z", "America/New_York", "2026-11-01", "2026-11-01"},
    {"today", "2026-11-01T05:30:00Z", "America/New_York", "2026-11-01", "2026-11-01"},
    {"today", "2026-11-01T06:30:00Z", "America/New_York", "2026-11-01", "2026-11-01"},
    {"today", "2026-11-02T04:59:59Z", "America/New_York", "2026-11-01", "2026-11-01"},
    {"today", "2026-11-02T05:00:00Z", "America/New_York", "2026-11-02", "2026-11-02"},
    {"yesterday", "2026-11-02T05:00:00Z", "America/New_York", "2026-11-01", "2026-11-01"},
    {"last-7d", "2026-03-10T03:59:59Z", "America/New_York", "2026-03-03", "2026-03-09"},
    {"last-7d", "2026-03-12T04:00:00Z", "America/New_York", "2026-03-06", "2026-03-12"},
    {"last-7d", "2026-11-05T05:00:00Z", "America/New_York", "2026-10-30", "2026-11-05"},
    {"last-7d", "2026-11-05T04:59:59Z", "America/New_York", "2026-10-29", "2026-11-04"},
    {"last-month", "2026-04-01T03:59:59Z", "America/New_York", "2026-02-01", "2026-02-28"},
    {"last-month", "2026-04-01T04:00:00Z", "America/New_York", "2026-03-01", "2026-03-31"},
    {"lifetime", "2026-03-09T03:59:59Z", "America/New_York", "2026-03-08", "2026-03-08"},
    /* The first and the last of all zones, and half an hour. */
    {"today", "2026-11-22T10:59:59Z", "Pacific/Apia", "2026-11-22", "2026-11-22"},
    {"today", "2026-11-22T11:00:00Z", "Pacific/Apia", "2026-11-23", "2026-11-23"},
    {"today", "2010-11-22T10:59:59Z", "Pacific/Apia", "2010-11-22", "2010-11-22"}, /* other side */
    {"today", "2010-11-22T09:59:59Z", "Pacific/Apia", "2010-11-21", "2010-11-21"},
    {"today", "2026-11-22T11:59:59Z", "Etc/GMT+12", "2026-11-21", "2026-11-21"},
    {"today", "2026-11-22T12:00:00Z", "Etc/GMT+12", "2026-11-22", "2026-11-22"},
    {"yesterday", "2026-11-22T11:00:00Z", "Etc/GMT-13", "2026-11-22", "2026-11-22"},
    {"this-month", "2026-10-31T10:59:59Z", "Etc/GMT-13", "2026-10-01", "2026-10-31"},
    {"this-month", "2026-10-31T11:00:00Z", "Etc/GMT-13", "2026-11-01", "2026-11-01"},
    {"today", "2026-11-22T18:29:59Z", "Asia/Kolkata", "2026-11-22", "2026-11-22"},
    {"today", "2026-11-22T18:30:00Z", "Asia/Kolkata", "2026-11-23", "2026-11-23"},
    {"last-7d", "2026-11-22T18:30:00Z", "Asia/Kolkata", "2026-11-17", "2026-11-23"},
    /* Days to come are those of the account too. */
    {"2026-11", "2026-11-22T11:00:00Z", "Etc/GMT-13", "2026-11-01", "2026-11-23"},
    {"2026-11", "2026-11-22T11:59:59Z", "Etc/GMT+12", "2026-11-01", "2026-11-21"},
    /* Nothing better is known. */
    {"today", "2026-11-22T23:30:00Z", "No/Where", "2026-11-22", "2026-11-22"},
    {"today", "2026-11-22T23:30:00Z", "", "2026-11-22", "2026-11-22"},
};

static const char *const not_ranges[] = {
    "", "lifetime ", "tomorrow", "Today", "today ", "last-0d", "last-366d", "last-07d", "last--7d",
    "last-7", "last-d", "last-+7d", "last-7dd", "last-1000000000000d", "2026", "2026-1", "2026-13",
    "2026-00", "2026-11-", "2026-11-00", "2026-11-31", "2026-02-29", "2026-02-30", "2100-02-29",
    "2026-1-05", "2026-11-5", "2026/11/05", "0001-01-01", "2009-12-31",
    "2026-10-01..", "..2026-10-31", "2026-10-01.2026-10-31", "2026-10-01..2026-10-32",
    "2026-10-31..2026-10-01", "2026-10-01..2026-10-31x", ".", "..",
};
/* clang-format on */

static void test_named(void)
{
    check_ranges(named, G_N_ELEMENTS(named));
}

static void test_zones(void)
{
    check_ranges(zones, G_N_ELEMENTS(zones));
}

static void test_not_ranges(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(not_ranges); i++) {
        char start[11] = "kept", end[11] = "kept";
        g_autoptr(GError) error = NULL;

        if (query_range_valid(not_ranges[i]))
            g_error("'%s' was taken for a range", not_ranges[i]);
        g_assert_false(query_range_days(not_ranges[i], wall("2026-11-23T12:00:00Z"), NULL, start,
                                        end, &error));
        g_assert_error(error, API_ERROR, API_ERROR_NAME);
        g_assert_nonnull(strstr(error->message, not_ranges[i]));
        g_assert_cmpstr(start, ==, "kept");
        g_assert_cmpstr(end, ==, "kept");
    }
}

static void check_reason(const char *range, const char *zone, const char *reason)
{
    char start[11], end[11];
    g_autoptr(GError) error = NULL;

    query_range_days(range, wall("2026-11-22T11:00:00Z"), zone, start, end, &error);
    g_assert_error(error, API_ERROR, API_ERROR_NAME);
    if (strstr(error->message, reason) == NULL)
        g_error("'%s' does not say '%s'", error->message, reason);
}

static void test_reasons(void)
{
    check_reason("2026-10-31..2026-10-01", NULL, "ends before it begins");
    check_reason("2026-12", NULL, "future");
    check_reason("2026-11-23", "Europe/Berlin", "future");
    check_reason("2026-11-24", "Etc/GMT-13", "future");
    check_reason("2026-02-30", NULL, "days that exist");
    check_ranges(&(RangeCase){"2026-11-23", "2026-11-22T11:00:00Z", "Etc/GMT-13", "2026-11-23",
                              "2026-11-23"},
                 1);
}

static void test_listed_ranges(void)
{
    for (guint i = 0; query_named_ranges[i] != NULL; i++)
        g_assert_true(query_range_valid(query_named_ranges[i]));
    g_assert_cmpuint(g_strv_length((char **)query_named_ranges), ==, 7);
}

/* ---- what was meant ---- */

static void test_nearest(void)
{
    /* clang-format off */
    static const struct {
        const char *range, *nearest; /* NULL: nothing is */
    } cases[] = {
        {"last-400d", "last-365d"},
        {"last-0d", "last-1d"},
        {"last-7", "last-7d"},
        {"last-07d", "last-7d"},
        {"yesterdy", "yesterday"},
        {"last-mont", "last-month"},
        {"life-time", "lifetime"},
        {"2026-10-31..2026-10-01", "2026-10-01..2026-10-31"},
        {"2026-02-30", "2026-02-28"},
        {"2028-02-30", "2028-02-29"},
        {"2026-12", "this-month"},
        {"2026-11-24", "today"},
        {"2026-11-24..2026-12-01", "today"},
        {"2026-13", NULL},
        {"q3", NULL},
        {".git", NULL},
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        char start[11], end[11];
        g_autoptr(GError) error = NULL;
        const char *near;

        g_assert_false(query_range_days(cases[i].range, wall("2026-11-23T12:00:00Z"), NULL, start,
                                        end, &error));
        near = strstr(error->message, "; the nearest is ");
        g_assert_cmpstr(near != NULL ? near + strlen("; the nearest is ") : NULL, ==,
                        cases[i].nearest);
    }
}

static void test_meant(void)
{
    static const char *const meant[] = {"2026",         "2026-13",   "2026-11-31",
                                        "2026-10-31..", "last-400d", "last-week",
                                        "yesterdy",     "this-mont", "life-time"};
    static const char *const probed[] = {".git",        ".hidden",      "index.html", "desktop.ini",
                                         "autorun.inf", ".Trash-1000",  "HEAD",       "20261123",
                                         "2026a",       "metrics.tsv~", "",           "Thumbs.db"};

    for (gsize i = 0; i < G_N_ELEMENTS(meant); i++)
        if (!query_range_is_meant(meant[i]))
            g_error("%s is not taken for a range that was meant", meant[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(probed); i++)
        if (query_range_is_meant(probed[i]))
            g_error("%s is taken for a range that was meant", probed[i]);
}

static void test_count(void)
{
    g_assert_cmpuint(query_count_days("2026-11-23", "2026-11-23"), ==, 1);
    g_assert_cmpuint(query_count_days("2026-02-01", "2026-03-01"), ==, 29);
    g_assert_cmpuint(query_count_days("2024-01-01", "2024-12-31"), ==, 366);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/query-range/ranges-are-days-of-the-calendar", test_named);
    g_test_add_func("/query-range/today-is-that-of-the-account", test_zones);
    g_test_add_func("/query-range/anything-else-is-no-range", test_not_ranges);
    g_test_add_func("/query-range/a-refusal-says-why", test_reasons);
    g_test_add_func("/query-range/a-refusal-names-what-comes-nearest", test_nearest);
    g_test_add_func("/query-range/what-programs-look-for-is-not-meant", test_meant);
    g_test_add_func("/query-range/every-listed-range-is-one", test_listed_ranges);
    g_test_add_func("/query-range/days-are-counted-with-both-ends", test_count);
    return g_test_run();
}
