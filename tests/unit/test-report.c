/* SPDX-License-Identifier: MIT */
/* test-report.c - what a report is asked for, to the byte. */
#include "api/report-call.h"

#include "tests/unit/encoded.h"

static void test_report(void)
{
    const char *const metrics[] = {"spend", "clicks", NULL};
    ReportShape shape = {
        .level = KIND_ADGROUP,
        .id = "adgroup_id",
        .object_kind = KIND_CAMPAIGN,
        .object_id = "17",
        .grain = GRAIN_DAY,
        .metrics = metrics,
    };
    ReportCall call = {
        .shape = &shape, .account_id = "7", .start = "2026-11-01", .end = "2026-11-20"};

    check_query(encode_report(&call, 1, 1000),
                "advertiser_id=7&report_type=BASIC&data_level=AUCTION_ADGROUP"
                "&dimensions=[\"adgroup_id\",\"stat_time_day\"]&metrics=[\"spend\",\"clicks\"]"
                "&start_date=2026-11-01&end_date=2026-11-20"
                "&filtering=[{\"field_name\":\"campaign_ids\",\"filter_type\":\"IN\","
                "\"filter_value\":\"[\\\"17\\\"]\"},"
                "{\"field_name\":\"adgroup_status\",\"filter_type\":\"IN\","
                "\"filter_value\":\"[\\\"STATUS_ALL\\\"]\"}]&page=1&page_size=1000");
    shape = (ReportShape){.level = KIND_ADVERTISER, .id = "advertiser_id", .metrics = metrics};
    check_query(encode_report(&call, 2, 5),
                "advertiser_id=7&report_type=BASIC&data_level=AUCTION_ADVERTISER"
                "&dimensions=[\"advertiser_id\"]&metrics=[\"spend\",\"clicks\"]"
                "&start_date=2026-11-01&end_date=2026-11-20&page=2&page_size=5");
}

static void test_audience(void)
{
    static const char *const metrics[] = {"spend", NULL};
    static const char *const age_gender[] = {"age", "gender", NULL};
    ReportShape shape = {.type = REPORT_AUDIENCE,
                         .level = KIND_AD,
                         .id = "ad_id",
                         .breakdown = age_gender,
                         .grain = GRAIN_DAY,
                         .metrics = metrics};
    ReportCall call = {.shape = &shape,
                       .account_id = "7",
                       .start = "2026-11-01",
                       .end = "2026-11-02",
                       .objects = REPORT_DELETED,
                       .totals = TRUE};

    check_query(encode_report(&call, 1, 10),
                "advertiser_id=7&report_type=AUDIENCE&data_level=AUCTION_AD"
                "&dimensions=[\"ad_id\",\"age\",\"gender\",\"stat_time_day\"]"
                "&metrics=[\"spend\"]&start_date=2026-11-01&end_date=2026-11-02"
                "&filtering=[{\"field_name\":\"ad_status\",\"filter_type\":\"IN\","
                "\"filter_value\":\"[\\\"STATUS_DELETE\\\"]\"}]&enable_total_metrics=true"
                "&page=1&page_size=10");
    g_assert_cmpuint(report_width(&shape), ==, 5);
    g_assert_cmpuint(report_span(&shape), ==, 30);
    g_assert_false(report_has_totals(&shape));
}

static void test_center(void)
{
    static const char *const metrics[] = {"spend", NULL};
    ReportShape shape = {.type = REPORT_CENTER,
                         .level = KIND_ADVERTISER,
                         .id = "advertiser_id",
                         .grain = GRAIN_DAY,
                         .metrics = metrics};
    ReportCall call = {
        .shape = &shape, .account_id = "6", .start = "2026-11-01", .end = "2026-11-02"};

    check_query(encode_report(&call, 1, 10),
                "bc_id=6&report_type=BC&dimensions=[\"advertiser_id\",\"stat_time_day\"]"
                "&metrics=[\"spend\"]&start_date=2026-11-01&end_date=2026-11-02"
                "&page=1&page_size=10");
    g_assert_cmpuint(report_span(&shape), ==, 365);
    g_assert_false(report_can_be_task(&shape));
}

/* What a person has saved: a status of theirs is not doubled. */
static void test_filtering(void)
{
    static const char *const metrics[] = {"spend", NULL};
    ReportShape shape = {.level = KIND_CAMPAIGN,
                         .id = "campaign_id",
                         .lifetime = TRUE,
                         .metrics = metrics,
                         .filtering = "[{\"field_name\":\"campaign_status\",\"filter_type\":\"IN\","
                                      "\"filter_value\":\"[\\\"STATUS_DELETE\\\"]\"}]"};
    ReportCall call = {.shape = &shape, .account_id = "7"};

    check_query(encode_report(&call, 1, 10),
                "advertiser_id=7&report_type=BASIC&data_level=AUCTION_CAMPAIGN"
                "&dimensions=[\"campaign_id\"]&metrics=[\"spend\"]&query_lifetime=true"
                "&filtering=[{\"field_name\":\"campaign_status\",\"filter_type\":\"IN\","
                "\"filter_value\":\"[\\\"STATUS_DELETE\\\"]\"}]&page=1&page_size=10");
    g_assert_false(report_can_be_task(&shape));
}

static void test_task(void)
{
    static const char *const metrics[] = {"spend", "ad_name", NULL};
    static const char *const campaigns[] = {"17", "18", NULL};
    ReportShape shape = {.level = KIND_AD, .id = "ad_id", .grain = GRAIN_HOUR, .metrics = metrics};
    ReportCall call = {.shape = &shape,
                       .account_id = "7",
                       .start = "2026-11-01",
                       .end = "2026-11-01",
                       .ids_kind = KIND_CAMPAIGN,
                       .ids = campaigns};

    check(encode_report_task(&call),
          "{\"advertiser_id\":\"7\",\"report_type\":\"BASIC\",\"data_level\":\"AUCTION_AD\","
          "\"dimensions\":[\"ad_id\",\"stat_time_hour\"],\"metrics\":[\"spend\",\"ad_name\"],"
          "\"start_date\":\"2026-11-01\",\"end_date\":\"2026-11-01\","
          "\"filtering\":[{\"field_name\":\"campaign_ids\",\"filter_type\":\"IN\","
          "\"filter_value\":\"[\\\"17\\\",\\\"18\\\"]\"}],\"output_format\":\"CSV_STRING\","
          "\"enable_report_title_translation\":false}");
    check_query(encode_task_query("7", "18"), "advertiser_id=7&task_id=18");
    check(encode_task_cancel("7", "18"), "{\"advertiser_id\":\"7\",\"task_id\":\"18\"}");
    g_assert_cmpuint(report_span(&shape), ==, 1);
}

static const char *const spend[] = {"spend", NULL}, *const clicks[] = {"clicks", NULL};
static const char *const age[] = {"age", NULL};
static const ReportShape shapes[] = {
    {.level = KIND_AD, .id = "ad_id", .metrics = spend},
    {.level = KIND_AD, .id = "ad_id", .metrics = clicks},
    {.level = KIND_AD, .id = "ad_id", .metrics = spend, .grain = GRAIN_DAY},
    {.level = KIND_AD, .id = "ad_id", .metrics = spend, .lifetime = TRUE},
    {.level = KIND_AD, .metrics = spend},
    {.level = KIND_AD, .id = "ad_id_v2", .metrics = spend},
    {.level = KIND_AD, .id = "ad_id", .metrics = spend, .type = REPORT_AUDIENCE},
    {.level = KIND_AD, .id = "ad_id", .metrics = spend, .breakdown = age},
    {.level = KIND_AD, .id = "ad_id", .metrics = spend, .filtering = "[]"},
    {.level = KIND_AD, .id = "ad_id", .metrics = spend, .object_id = "1", .object_kind = KIND_AD},
    {.level = KIND_AD,
     .id = "ad_id",
     .metrics = spend,
     .object_id = "1",
     .object_kind = KIND_CAMPAIGN},
};

/* Shapes whose rows are not the same have other words; a copy has the same. */
static void test_words(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++)
        for (gsize j = 0; j < G_N_ELEMENTS(shapes); j++) {
            g_autoptr(ReportShape) copy = report_shape_copy(&shapes[j]);
            g_autofree char *words = report_words(&shapes[i]);
            g_autofree char *other = report_words(copy);

            g_assert_cmpint(strcmp(words, other) == 0, ==, i == j);
        }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/deleted-objects-are-included", test_report);
    g_test_add_func("/report/audience", test_audience);
    g_test_add_func("/report/of-a-center", test_center);
    g_test_add_func("/report/filters-of-a-person", test_filtering);
    g_test_add_func("/report/task", test_task);
    g_test_add_func("/report/words-tell-shapes-apart", test_words);
    return g_test_run();
}
