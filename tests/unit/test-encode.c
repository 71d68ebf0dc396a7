/* SPDX-License-Identifier: MIT */
/* test-encode.c - what is sent, to the byte. */
#include "api/encode.h"

#include "tests/unit/encoded.h"

static void test_list(void)
{
    const char *const ids[] = {"1790000000000001", "1790000000000002", NULL};

    check(encode_list(KIND_CAMPAIGN, "7012345678901234567", NULL, 2, 1000),
          "advertiser_id=7012345678901234567&page=2&page_size=1000");
    check(encode_list(KIND_ADGROUP, "7", ids, 1, 10),
          "advertiser_id=7&filtering=%7B%22adgroup_ids%22%3A%5B%221790000000000001%22%2C"
          "%221790000000000002%22%5D%7D&page=1&page_size=10");
}

static void test_ids(void)
{
    check_query(encode_ids(KIND_CAMPAIGN, "7", NULL, 2, 1000),
                "advertiser_id=7&fields=[\"campaign_id\"]"
                "&filtering={\"primary_status\":\"STATUS_ALL\"}&page=2&page_size=1000");
    check_query(encode_ids(KIND_ADGROUP, "7", "17", 1, 10),
                "advertiser_id=7&fields=[\"adgroup_id\"]&filtering={\"campaign_ids\":[\"17\"],"
                "\"primary_status\":\"STATUS_ALL\"}&page=1&page_size=10");
}

static void test_info(void)
{
    const char *const ids[] = {"7", "8", NULL};

    check_query(encode_info(ids), "advertiser_ids=[\"7\",\"8\"]");
}

static void test_center(void)
{
    check_query(encode_center(NULL, NULL, 1, 50), "page=1&page_size=50");
    check_query(encode_center("6998", "ADVERTISER", 2, 50),
                "bc_id=6998&asset_type=ADVERTISER&page=2&page_size=50");
    check_query(encode_center("6998", NULL, 3, 20), "bc_id=6998&page=3&page_size=20");
    check_query(encode_center("6998", NULL, 0, 0), "bc_id=6998");
}

static void test_update_one(void)
{
    g_autoptr(Object) campaign = object_new("{\"campaign_id\":\"17\",\"budget\":5}", -1, NULL);
    g_autoptr(Object) ad = object_new("{\"ad_id\":\"19\",\"adgroup_id\":18}", -1, NULL);

    check(encode_update_one(KIND_CAMPAIGN, "7", campaign, "budget", "500.10"),
          "{\"advertiser_id\":\"7\",\"campaign_id\":\"17\",\"budget\":500.10}");
    check(encode_update_one(KIND_AD, "7", ad, "ad_name", "\"\\u00fc \\\"x\\\"\""),
          "{\"advertiser_id\":\"7\",\"adgroup_id\":\"18\",\"patch_update\":true,"
          "\"creatives\":[{\"ad_id\":\"19\",\"ad_name\":\"\\u00fc \\\"x\\\"\"}]}");
}

static void test_adgroup_update(void)
{
    static const char json[] =
        "{\"advertiser_id\":\"7\",\"campaign_id\":\"17\",\"adgroup_id\":\"18\",\"adgroup_name\":"
        "\"A\","
        "\"budget_mode\":\"BUDGET_MODE_DAY\",\"budget\":50.00,\"schedule_start_time\":\"2026-10-02 "
        "09:00:00\",\"schedule_end_time\":\"2036-10-02 09:00:00\",\"bid_type\":\"BID_TYPE_CUSTOM\","
        "\"bid_price\":0.350,\"conversion_bid_price\":0,\"languages\":[],\"gender\":null,"
        "\"location_ids\":[ \"2921044\" ],\"dayparting\":\"\",\"pixel_id\":\"5\","
        "\"placements\":[\"PLACEMENT_TIKTOK\"],\"operation_status\":\"ENABLE\",\"future\":1}";
    g_autoptr(Object) adgroup = object_new(json, -1, NULL);

    check(encode_adgroup_update("7", adgroup, "budget", "75.10"),
          "{\"advertiser_id\":\"7\",\"adgroup_id\":\"18\",\"adgroup_name\":\"A\","
          "\"schedule_end_time\":\"2036-10-02 09:00:00\",\"bid_type\":\"BID_TYPE_CUSTOM\","
          "\"bid_price\":0.350,\"conversion_bid_price\":0,\"languages\":[],"
          "\"location_ids\":[ \"2921044\" ],\"dayparting\":\"\",\"budget\":75.10}");
}

static void test_adgroup_quoted_numbers(void)
{
    g_autoptr(Object) adgroup = object_new(
        "{\"adgroup_id\":\"18\",\"budget_mode\":\"BUDGET_MODE_DAY\",\"budget\":\"50.00\","
        "\"bid_price\":\"\",\"roas_bid\":\"0\",\"adgroup_name\":\"12\"}",
        -1, NULL);

    check(encode_adgroup_update("7", adgroup, "pacing", "\"P\""),
          "{\"advertiser_id\":\"7\",\"adgroup_id\":\"18\",\"budget\":50.00,\"bid_price\":\"\","
          "\"roas_bid\":0,\"adgroup_name\":\"12\",\"pacing\":\"P\"}");
}

static void test_adgroup_under_cbo(void)
{
    g_autoptr(Object) adgroup =
        object_new("{\"adgroup_id\":\"18\",\"budget_mode\":\"BUDGET_MODE_INFINITE\",\"budget\":0,"
                   "\"bid_type\":\"BID_TYPE_NO_BID\",\"gender\":\"GENDER_MALE\"}",
                   -1, NULL);

    check(encode_adgroup_update("7", adgroup, "adgroup_name", "\"B\""),
          "{\"advertiser_id\":\"7\",\"adgroup_id\":\"18\",\"gender\":\"GENDER_MALE\","
          "\"adgroup_name\":\"B\"}");
    check(encode_adgroup_update("7", adgroup, "schedule_start_time", "\"2026-12-01 00:00:00\""),
          "{\"advertiser_id\":\"7\",\"adgroup_id\":\"18\",\"gender\":\"GENDER_MALE\","
          "\"schedule_start_time\":\"2026-12-01 00:00:00\"}");
}

/* Every member that the reference calls updatable goes back: the table is searched, so one out of
   order would be lost. */
static void test_adgroup_members(void)
{
    static const char *const names[] = {
        "actions",
        "adgroup_name",
        "age_groups",
        "audience_ids",
        "bid_price",
        "bid_type",
        "brand_safety_type",
        "budget",
        "carrier_ids",
        "category_exclusion_ids",
        "comment_disabled",
        "conversion_bid_price",
        "dayparting",
        "deep_bid_type",
        "deep_cpa_bid",
        "device_model_ids",
        "device_price_ranges",
        "excluded_audience_ids",
        "frequency",
        "frequency_schedule",
        "gender",
        "household_income",
        "interest_category_ids",
        "interest_keyword_ids",
        "is_hfss",
        "isp_ids",
        "languages",
        "location_ids",
        "network_types",
        "operating_systems",
        "pacing",
        "roas_bid",
        "saved_audience_id",
        "schedule_end_time",
        "schedule_type",
        "search_keywords",
        "search_result_enabled",
        "share_disabled",
        "smart_audience_enabled",
        "smart_interest_behavior_enabled",
        "spending_power",
        "zipcode_ids",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *json = g_strdup_printf("{\"adgroup_id\":\"18\",\"%s\":7.10}", names[i]);
        g_autofree char *expected = g_strdup_printf("\"%s\":7.10", names[i]);
        g_autoptr(Object) adgroup = object_new(json, -1, NULL);
        g_autofree char *body = encode_adgroup_update("7", adgroup, "is_test", "1");

        g_assert_nonnull(strstr(body, expected));
    }
}

static void test_status(void)
{
    const char *const ids[] = {"17", "18", NULL};

    check(encode_status(KIND_AD, "7", ids, "DISABLE"),
          "{\"advertiser_id\":\"7\",\"ad_ids\":[\"17\",\"18\"],\"operation_status\":\"DISABLE\"}");
}

/* One of several that is refused does not spoil it for the others. */
static void test_status_in_part(void)
{
    const char *const ids[] = {"17", "18", NULL}, *const one[] = {"17", NULL};

    check(encode_status(KIND_ADGROUP, "7", ids, "ENABLE"),
          "{\"advertiser_id\":\"7\",\"adgroup_ids\":[\"17\",\"18\"],"
          "\"operation_status\":\"ENABLE\",\"allow_partial_success\":true}");
    check(encode_status(KIND_ADGROUP, "7", one, "ENABLE"),
          "{\"advertiser_id\":\"7\",\"adgroup_ids\":[\"17\"],\"operation_status\":\"ENABLE\"}");
}

static void test_budget(void)
{
    const char *const ids[] = {"18", "19", NULL}, *const amounts[] = {"100.0", "20.10", NULL};

    check(encode_adgroup_budgets("7", "budget", ids, amounts),
          "{\"advertiser_id\":\"7\",\"budget\":[{\"adgroup_id\":\"18\",\"budget\":100.0},"
          "{\"adgroup_id\":\"19\",\"budget\":20.10}]}");
    check(encode_adgroup_budgets("7", "scheduled_budget", &ids[1], &amounts[1]),
          "{\"advertiser_id\":\"7\","
          "\"scheduled_budget\":[{\"adgroup_id\":\"19\",\"scheduled_budget\":20.10}]}");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/encode/arrays-in-a-query-are-escaped-json", test_list);
    g_test_add_func("/encode/all-ids-there-ever-were", test_ids);
    g_test_add_func("/encode/info", test_info);
    g_test_add_func("/encode/what-a-center-has", test_center);
    g_test_add_func("/encode/one-member-with-its-digits", test_update_one);
    g_test_add_func("/encode/adgroup-update-sends-all-that-is-updatable", test_adgroup_update);
    g_test_add_func("/encode/numbers-go-out-as-numbers", test_adgroup_quoted_numbers);
    g_test_add_func("/encode/adgroup-under-cbo-has-no-budget", test_adgroup_under_cbo);
    g_test_add_func("/encode/adgroup-table-is-sorted", test_adgroup_members);
    g_test_add_func("/encode/status", test_status);
    g_test_add_func("/encode/status-of-ad-groups-in-part", test_status_in_part);
    g_test_add_func("/encode/budgets-of-ad-groups", test_budget);
    return g_test_run();
}
