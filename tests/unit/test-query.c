/* SPDX-License-Identifier: MIT */
/* test-query.c - the grammar of report paths, at fixed moments in fixed zones. */
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
    /* Nothing better is known. */
    {"today", "2026-11-22T23:30:00Z", "No/Where", "2026-11-22", "2026-11-22"},
    {"today", "2026-11-22T23:30:00Z", "", "2026-11-22", "2026-11-22"},
};

static const char *const not_ranges[] = {
    "", "lifetime", "tomorrow", "Today", "today ", "last-0d", "last-366d", "last-07d", "last--7d",
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
        g_assert_error(error, API_ERROR, API_ERROR_INVALID);
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
    g_assert_error(error, API_ERROR, API_ERROR_INVALID);
    if (strstr(error->message, reason) == NULL)
        g_error("'%s' does not say '%s'", error->message, reason);
}

static void test_reasons(void)
{
    check_reason("lifetime", NULL, "give a range of days");
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
    g_assert_cmpuint(g_strv_length((char **)query_named_ranges), ==, 6);
}

/* ---- file names ---- */

/* clang-format off */
static const struct {
    const char *name;
    ObjectKind own;
    ReportName parsed;
} names[] = {
    {"advertiser-total.json", KIND_ADVERTISER, {KIND_ADVERTISER, FALSE, FORMAT_JSON}},
    {"campaign-day.csv", KIND_ADVERTISER, {KIND_CAMPAIGN, TRUE, FORMAT_CSV}},
    {"adgroup-day.ndjson", KIND_CAMPAIGN, {KIND_ADGROUP, TRUE, FORMAT_NDJSON}},
    {"ad-total.tsv", KIND_AD, {KIND_AD, FALSE, FORMAT_TSV}},
    {"ad-day.json", KIND_ADVERTISER, {KIND_AD, TRUE, FORMAT_JSON}},
};

static const struct {
    const char *name;
    ObjectKind own;
    const char *reason;
} not_names[] = {
    {"", KIND_ADVERTISER, "must begin"},
    {"Campaign-day.csv", KIND_ADVERTISER, "must begin"},
    {"campaignday.csv", KIND_ADVERTISER, "must begin"},
    {"campaign", KIND_ADVERTISER, "must begin"},
    {"campaign-hour.csv", KIND_ADVERTISER, "day or total"},
    {"campaign-.csv", KIND_ADVERTISER, "day or total"},
    {"campaign-day", KIND_ADVERTISER, "must end"},
    {"campaign-day.", KIND_ADVERTISER, "must end"},
    {"campaign-day.xml", KIND_ADVERTISER, "must end"},
    {"campaign-day.csv.swp", KIND_ADVERTISER, "must end"},
    {"campaign-days.csv", KIND_ADVERTISER, "must end"},
    {"campaign-day-country.csv", KIND_ADVERTISER, "not made yet"},
    {"campaign-day@spend.csv", KIND_ADVERTISER, "not made yet"},
    {"advertiser-day.csv", KIND_CAMPAIGN, "above"},
    {"campaign-day.csv", KIND_ADGROUP, "above"},
    {"adgroup-day.csv", KIND_AD, "above"},
};
/* clang-format on */

static void test_names(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        ReportName parsed;
        g_autoptr(GError) error = NULL;

        query_parse_name(names[i].name, names[i].own, &parsed, &error);
        g_assert_no_error(error);
        g_assert_cmpint(parsed.level, ==, names[i].parsed.level);
        g_assert_cmpint(parsed.by_day, ==, names[i].parsed.by_day);
        g_assert_cmpint(parsed.format, ==, names[i].parsed.format);
    }
}

static void test_not_names(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(not_names); i++) {
        ReportName parsed;
        g_autoptr(GError) error = NULL;

        g_assert_false(query_parse_name(not_names[i].name, not_names[i].own, &parsed, &error));
        g_assert_error(error, API_ERROR, API_ERROR_INVALID);
        if (strstr(error->message, not_names[i].reason) == NULL)
            g_error("'%s' does not say '%s'", error->message, not_names[i].reason);
    }
}

static void test_default_names(void)
{
    g_autofree char *csv = query_default_name(KIND_CAMPAIGN, FORMAT_CSV);

    g_assert_cmpstr(csv, ==, "campaign-day.csv");
    for (ObjectKind kind = KIND_ADVERTISER; kind <= KIND_AD; kind++) {
        for (ReportFormat format = FORMAT_JSON; format <= FORMAT_TSV; format++) {
            g_autofree char *name = query_default_name(kind, format);
            ReportName parsed;

            g_assert_true(query_parse_name(name, kind, &parsed, NULL));
            g_assert_cmpint(parsed.level, ==, kind);
            g_assert_cmpint(parsed.format, ==, format);
            g_assert_true(parsed.by_day);
        }
    }
}

static void check_metrics(ObjectKind kind, const char *expected)
{
    g_autofree char *joined = g_strjoinv(" ", (char **)query_metrics(kind));
    g_autofree char *all = g_strconcat(
        expected, " spend impressions clicks ctr cpc cpm conversion cost_per_conversion", NULL);

    g_assert_cmpstr(joined, ==, all);
}

static void test_metrics(void)
{
    check_metrics(KIND_ADVERTISER, "advertiser_name");
    check_metrics(KIND_CAMPAIGN, "campaign_name");
    check_metrics(KIND_ADGROUP, "adgroup_name campaign_id campaign_name");
    check_metrics(KIND_AD, "ad_name adgroup_id adgroup_name campaign_id campaign_name");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/query/ranges-are-days-of-the-calendar", test_named);
    g_test_add_func("/query/today-is-that-of-the-account", test_zones);
    g_test_add_func("/query/anything-else-is-no-range", test_not_ranges);
    g_test_add_func("/query/a-refusal-says-why", test_reasons);
    g_test_add_func("/query/every-listed-range-is-one", test_listed_ranges);
    g_test_add_func("/query/report-names-are-parsed", test_names);
    g_test_add_func("/query/other-report-names-are-refused-with-the-reason", test_not_names);
    g_test_add_func("/query/default-names-are-of-the-grammar", test_default_names);
    g_test_add_func("/query/attributes-come-before-metrics", test_metrics);
    return g_test_run();
}
