/* SPDX-License-Identifier: MIT */
/* test-report-names.c - which names there can be below a reports directory of a mount. */
#include "fs/report.h"

#include "tests/unit/small-tree.h"

static const Place *place_of(const Fixture *fixture, const char *path)
{
    return &find_item(fixture->items, path)->place;
}

/* reason: NULL: the name is not refused. */
static void check(const Fixture *fixture, const char *dir, const char *name, const char *reason)
{
    g_autoptr(GError) error = NULL;
    gboolean refused = report_refuses(&fixture->small->mount, place_of(fixture, dir), name, &error);

    if (reason == NULL) {
        g_assert_no_error(error);
        g_assert_false(refused);
        return;
    }
    g_assert_true(refused);
    g_assert_error(error, API_ERROR, API_ERROR_NAME);
    if (strstr(error->message, reason) == NULL)
        g_error("'%s' does not say '%s'", error->message, reason);
}

static void test_names(Fixture *fixture, const void *data)
{
    check(fixture, ACCOUNT "/reports", "2026-10", NULL);
    check(fixture, ACCOUNT "/reports", "lifetime", NULL);
    check(fixture, ACCOUNT "/reports", "2026-13", "must be like");
    check(fixture, ACCOUNT "/reports/last-7d", "campaign-day-age@spend.json", NULL);
    check(fixture, ACCOUNT "/reports/last-7d", "campaign-day-age@reach.json", "single people");
    check(fixture, ACCOUNT "/reports/lifetime", "campaign-total.json", NULL);
    check(fixture, ACCOUNT "/reports/lifetime", "campaign-day.json", "last-365d/campaign-day.json");
    check(fixture, ACCOUNT "/reports/of/3001/today", "ad-hour.csv", NULL);
    check(fixture, ACCOUNT "/reports/of/3001/today", "campaign-hour.csv", "above");
    check(fixture, CENTER "/reports/last-7d", "advertiser-day.csv", NULL);
    check(fixture, CENTER "/reports/last-7d", "campaign-day.csv", "Business Center");
    check(fixture, ACCOUNT, "campaign-day.csv", NULL); /* where there are no reports */
    g_assert_cmpuint(fixture->small->fake->calls->len, >, 0);
}

/* None of it asks for anything, of whatever age what is known is. */
static void test_no_call(Fixture *fixture, const void *data)
{
    guint n_calls = fixture->small->fake->calls->len;

    fake_later(fixture->small->fake, 1000 * SECOND);
    check(fixture, ACCOUNT "/reports/last-7d", "ad-hour@core.json", NULL);
    check(fixture, ACCOUNT "/reports/last-7d", "ad-hour@corr.json", "there is no metric");
    check(fixture, ACCOUNT "/reports", "last-99d", NULL);
    g_assert_cmpuint(fixture->small->fake->calls->len, ==, n_calls);
}

/* It is 11:06 of the 18th in UTC, of which this account is until its details say otherwise, and
   already the 19th for the other one. */
static void test_days_of_the_account(Fixture *fixture, const void *data)
{
    check(fixture, ACCOUNT "/reports", "2026-11-18", NULL);
    check(fixture, ACCOUNT "/reports", "2026-11-19", "future");
    check(fixture, YEN_ACCOUNT "/reports", "2026-11-19", NULL);
    check(fixture, YEN_ACCOUNT "/reports", "2026-11-20", "future");
    check(fixture, CENTER "/reports", "2026-11-19", "future");
    fixture->small->fake->wall -= 400 * SECOND; /* midnight there */
    check(fixture, YEN_ACCOUNT "/reports", "2026-11-19", NULL);
    fixture->small->fake->wall -= SECOND;
    check(fixture, YEN_ACCOUNT "/reports", "2026-11-19", "future");
    check(fixture, YEN_ACCOUNT "/reports", "2026-11-18", NULL);
}

/* An account whose zone was not asked for yet could be the one where the day is furthest. */
static void test_days_of_nobody_knows_whom(Fixture *fixture, const void *data)
{
    Small *small = fixture->small;
    g_auto(Place) reports = {0};

    fake_add(small->fake, KIND_ADVERTISER,
             "{\"advertiser_id\":\"7012345678901234569\",\"name\":\"New\"}");
    fake_later(small->fake, 1000 * SECOND);
    fake_have(small->fake, LISTING_ADVERTISERS, 0);
    g_assert_true(tree_place(&small->mount,
                             ino_of(small_account(small, "7012345678901234569"), SLOT_REPORTS),
                             &reports));
    g_assert_false(report_refuses(&small->mount, &reports, "2026-11-18", NULL));
    g_assert_false(report_refuses(&small->mount, &reports, "2026-11-19", NULL));
    g_assert_true(report_refuses(&small->mount, &reports, "2026-11-20", NULL));
}

/* ---- tasks of a day ---- */

static void test_hours(Fixture *fixture, const void *data)
{
    const char *year = "2014-08-01..2026-11-18", *more = "2014-07-01..2026-11-18";
    gint64 account = small_account(fixture->small, ACCOUNT);
    Place range = *place_of(fixture, ACCOUNT "/reports/last-7d");
    g_autoptr(GError) error = NULL;

    check(fixture, ACCOUNT "/reports/last-30d", "ad-hour.csv", NULL);
    range.range = (char *)year; /* 4,493 days, one task each */
    g_assert_cmpint(account, ==, range.row);
    g_assert_false(report_refuses(&fixture->small->mount, &range, "ad-hour.csv", &error));
    range.range = (char *)more; /* 4,524 */
    g_assert_true(report_refuses(&fixture->small->mount, &range, "ad-hour.csv", &error));
    g_assert_error(error, API_ERROR, API_ERROR_NAME);
    g_assert_nonnull(strstr(error->message, "4524 days by hour are 4524 tasks"));
    g_assert_true(g_str_has_suffix(error->message, "; the nearest is last-365d/ad-hour.csv"));
    g_assert_false(report_refuses(&fixture->small->mount, &range, "ad-day.csv", NULL));
}

/* The listings of the account, anew. */
static void list_again(Small *small)
{
    fake_later(small->fake, 1000 * SECOND);
    fake_have(small->fake, LISTING_INFO, 0);
    small_have(small, ACCOUNT);
}

static void check_hours(Small *small, const char *range, const char *name, const char *reason)
{
    g_autoptr(GError) error = NULL;
    g_auto(Place) place = {0};
    guint64 ino = ino_of(small_account(small, ACCOUNT), SLOT_RANGE_FIRST);

    g_assert_true(tree_place(&small->mount, ino, &place));
    g_free(place.range);
    place.range = g_strdup(range);
    g_assert_cmpint(report_refuses(&small->mount, &place, name, &error), ==, reason != NULL);
    if (reason != NULL)
        g_assert_nonnull(strstr(error->message, reason));
}

/* Some 1,250 campaigns, then more ads than come at once: thirteen tasks for a day. */
static void test_many_ads(void)
{
    enum { N_ADS = 20001, N_CAMPAIGNS = 1250 };
    Small *small = small_new();
    Fake *fake = small->fake;

    for (guint i = (guint)fake->objects[KIND_CAMPAIGN]->len; i < N_CAMPAIGNS; i++)
        fake_add(fake, KIND_CAMPAIGN, "{\"campaign_id\":\"%u\",\"campaign_name\":\"c\"}",
                 100000 + i);
    list_again(small);
    check_hours(small, "last-365d", "ad-hour.csv", NULL);
    for (guint i = (guint)fake->objects[KIND_AD]->len; i < N_ADS; i++)
        fake_add(
            fake, KIND_AD,
            "{\"ad_id\":\"%u\",\"adgroup_id\":\"2001\",\"campaign_id\":\"1001\",\"ad_name\":\"a\"}",
            200000 + i);
    list_again(small);
    check_hours(small, "last-346d", "ad-hour.csv", NULL);
    check_hours(small, "last-347d", "ad-hour.csv", "347 days by hour are 4511 tasks");
    check_hours(small, "last-347d", "ad-hour.csv", "; the nearest is last-346d/ad-hour.csv");
    check_hours(small, "last-347d", "advertiser-hour.csv", NULL); /* one row an hour */
    small_free(small);
}

/* ---- what is said ---- */

static guint count_lines(const Fixture *fixture)
{
    g_autoptr(GString) text = g_string_new(NULL);
    guint n = 0;

    control_text((Mount *)&fixture->small->mount, SLOT_ERRORS, text);
    for (const char *at = text->str; *at != '\0'; at++)
        n += *at == '\n';
    return n;
}

static void tell(Fixture *fixture, const char *name)
{
    const Place *dir = place_of(fixture, ACCOUNT "/reports/last-7d");
    g_autoptr(GError) error = NULL;

    g_assert_true(report_refuses(&fixture->small->mount, dir, name, &error));
    report_tell_refused(&fixture->small->mount, dir, name, error);
}

static void test_said_once(Fixture *fixture, const void *data)
{
    tell(fixture, "campaign-year.csv");
    tell(fixture, "campaign-year.csv");
    g_assert_cmpuint(count_lines(fixture), ==, 1);
    tell(fixture, "ad-year.csv");
    g_assert_cmpuint(count_lines(fixture), ==, 2);
    fake_later(fixture->small->fake, 5 * SECOND);
    tell(fixture, "campaign-year.csv");
    g_assert_cmpuint(count_lines(fixture), ==, 2);
    fake_later(fixture->small->fake, 2 * SECOND);
    tell(fixture, "campaign-year.csv");
    g_assert_cmpuint(count_lines(fixture), ==, 3);
}

static void test_line(Fixture *fixture, const void *data)
{
    const char *line;

    tell(fixture, "campaign-year.csv");
    line = control_last(&fixture->small->mount, ACCOUNT "/reports/last-7d/campaign-year.csv");
    g_assert_nonnull(line);
    g_assert_nonnull(strstr(line, "\"errno\":\"ENOENT\""));
    g_assert_nonnull(strstr(line, "the nearest is campaign-day.csv"));
    g_assert_nonnull(strstr(line, "reports/metrics.tsv"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("/report-names/whose-reports-and-which-range-decide", test_names);
    add("/report-names/nothing-is-asked-for", test_no_call);
    add("/report-names/the-future-is-that-of-the-account", test_days_of_the_account);
    add("/report-names/the-future-of-a-zone-that-is-not-known", test_days_of_nobody_knows_whom);
    add("/report-names/hours-of-more-days-than-a-day-has-tasks", test_hours);
    g_test_add_func("/report-names/hours-of-many-ads-need-more-tasks", test_many_ads);
    add("/report-names/a-reason-is-said-once", test_said_once);
    add("/report-names/a-reason-is-a-line-of-errors", test_line);
    return g_test_run();
}
