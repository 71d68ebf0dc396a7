/* SPDX-License-Identifier: MIT */
/* test-event-line.c - where a difference is said to be, and that no digit of it is lost. */
#include "fs/events.h"

static const Event budget = {.at_us = G_GINT64_CONSTANT(1795812061000000),
                             .what = EVENT_CHANGED,
                             .kind = KIND_CAMPAIGN,
                             .advertiser_id = "7012",
                             .campaign_id = "17",
                             .adgroup_id = "",
                             .id = "17",
                             .name = "a \"b\"\n",
                             .member = "budget",
                             .before = "500.10",
                             .after = "1000000000.000001",
                             .ours = TRUE};

static void check(const Event *event, const char *wanted)
{
    g_autofree char *line = event_line(event);

    g_assert_cmpstr(line, ==, wanted);
}

static void test_whole(void)
{
    check(&budget, "{\"time\":\"2026-11-27T20:41:01Z\",\"event\":\"changed\",\"path\":"
                   "\"7012/campaigns/17/budget\",\"field\":\"budget\",\"before\":500.10,"
                   "\"after\":1000000000.000001,\"by\":\"adsfs\",\"name\":\"a \\\"b\\\"\\n\"}");
}

static void check_path_of(const Event *event, const char *path)
{
    g_autofree char *line = event_line(event), *wanted = g_strdup_printf("\"path\":\"%s\"", path);

    g_assert_nonnull(strstr(line, wanted));
}

static void check_path(ObjectKind kind, const char *member, const char *path)
{
    Event event = budget;

    event.kind = kind;
    event.adgroup_id = "18";
    event.id = "19";
    event.member = member;
    check_path_of(&event, path);
}

static void test_paths(void)
{
    check_path(KIND_ADVERTISER, "balance", "7012/balance");
    check_path(KIND_ADVERTISER, "advertiser_name", "7012/name");
    check_path(KIND_CAMPAIGN, "operation_status", "7012/campaigns/17/status");
    check_path(KIND_CAMPAIGN, "secondary_status", "7012/campaigns/17/delivery");
    check_path(KIND_CAMPAIGN, "rf_campaign_type", "7012/campaigns/17/info.json");
    check_path(KIND_ADGROUP, "bid_price", "7012/campaigns/17/adgroups/18/bid");
    check_path(KIND_ADGROUP, "conversion_bid_price", "7012/campaigns/17/adgroups/18/bid");
    check_path(KIND_AD, "bid_price", "7012/campaigns/17/adgroups/18/ads/19/info.json");
    check_path(KIND_AD, "ad_name", "7012/campaigns/17/adgroups/18/ads/19/name");
    check_path(KIND_AD, NULL, "7012/campaigns/17/adgroups/18/ads/19");
}

/* Blanks between the members of a value are no end of the line. */
static void test_one_line(void)
{
    Event event = budget;
    g_autofree char *line = NULL;

    event.after = "[1,\n2]";
    line = event_line(&event);
    g_assert_null(strchr(line, '\n'));
    g_assert_nonnull(strstr(line, "[1, 2]"));
}

static void test_come(void)
{
    Event event = budget;

    event.what = EVENT_APPEARED;
    event.member = NULL;
    event.before = event.after = "";
    event.name = "n";
    event.ours = FALSE;
    check(&event, "{\"time\":\"2026-11-27T20:41:01Z\",\"event\":\"appeared\",\"path\":"
                  "\"7012/campaigns/17\",\"field\":null,\"before\":null,\"after\":null,"
                  "\"by\":\"other\",\"name\":\"n\"}");
}

static void test_restated(void)
{
    Event event = {.at_us = budget.at_us,
                   .what = EVENT_RESTATED,
                   .kind = KIND_ADVERTISER,
                   .advertiser_id = "7012",
                   .campaign_id = "",
                   .adgroup_id = "",
                   .id = "",
                   .name = "",
                   .member = "ad-day",
                   .range = "2026-11-05",
                   .before = "",
                   .after = ""};

    check(&event, "{\"time\":\"2026-11-27T20:41:01Z\",\"event\":\"restated\",\"path\":"
                  "\"7012/reports/2026-11-05\",\"field\":\"ad-day\",\"before\":null,"
                  "\"after\":null,\"by\":\"other\",\"name\":\"\"}");
    event.id = "17";
    check_path_of(&event, "7012/reports/of/17/2026-11-05");
    event.id = "";
    event.kind = KIND_CENTER;
    check_path_of(&event, "business-centers/7012/reports/2026-11-05");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/event-line/of-a-value", test_whole);
    g_test_add_func("/event-line/of-an-object", test_come);
    g_test_add_func("/event-line/names-the-file", test_paths);
    g_test_add_func("/event-line/is-one-line", test_one_line);
    g_test_add_func("/event-line/of-a-report", test_restated);
    return g_test_run();
}
