/* SPDX-License-Identifier: MIT */
/* test-progress.c - the line that explains what is waited for. */
#include "fs/progress.h"

#include "tests/unit/small-tree.h"

static const char *const metrics[] = {"spend", NULL};

static ReportQuery query_of(const Small *small, const char *start)
{
    return (ReportQuery){.advertiser = small_account(small, ACCOUNT),
                         .shape = {.level = KIND_CAMPAIGN,
                                   .id = "campaign_id",
                                   .grain = GRAIN_DAY,
                                   .metrics = metrics},
                         .start = start,
                         .end = "2026-11-17"};
}

static void check_line(Small *small, const Wait *wait, guint n_more, const char *wanted)
{
    g_autofree char *line = progress_line(&small->mount, wait, "campaign-day.csv", n_more);

    g_assert_cmpstr(line, ==, wanted);
}

static void test_pages(void)
{
    Small *small = small_new();
    ReportQuery query = query_of(small, "2026-11-01");
    Waiter waiter = {small, small->fake->mono};
    Wait who = {.ino = 1};
    const Wait *wait;

    waits_note(small->mount.waits, &who, &who, &query);
    wait = waits_get(small->mount.waits, &who);
    check_line(small, wait, 0, "adsfs: …/campaign-day.csv: the file is being made");
    g_assert_cmpint(cache_want_report(small->fake->cache, &query, &waiter, NULL), ==, CACHE_WAIT);
    small->fake->wall += 12 * SECOND;
    check_line(small, wait, 0, "adsfs: …/campaign-day.csv: reading pages, for 12 s");
    check_line(small, wait, 3, "adsfs: …/campaign-day.csv and 3 more: reading pages, for 12 s");
    waits_forget(small->mount.waits, &who);
    fake_run(small->fake);
    small_free(small);
}

/* 47 days are two calls of 30 at the most; the text is of the one that began first. */
static void test_parts(void)
{
    Small *small = small_new();
    ReportQuery query = query_of(small, "2026-10-02");
    Waiter waiter = {small, small->fake->mono};
    Wait who = {.ino = 1};

    waits_note(small->mount.waits, &who, &who, &query);
    g_assert_cmpint(cache_want_report(small->fake->cache, &query, &waiter, NULL), ==, CACHE_WAIT);
    check_line(small, waits_get(small->mount.waits, &who), 0,
               "adsfs: …/campaign-day.csv: reading pages, for 0 s; 1 more parts at the same time");
    waits_forget(small->mount.waits, &who);
    fake_run(small->fake);
    small_free(small);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/progress/pages", test_pages);
    g_test_add_func("/progress/parts", test_parts);
    return g_test_run();
}
