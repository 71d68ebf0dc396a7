/* SPDX-License-Identifier: MIT */
/* test-metric.c - the table of metrics, the sets, and what is meant by a word. */
#include "api/metric.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "api/error.h"
#include "api/report-rules.h"

/* ---- the table ---- */

static void test_sorted(void)
{
    guint n;
    const Metric *metrics = metric_all(&n);

    g_assert_cmpuint(n, >, 700);
    for (guint i = 1; i < n; i++)
        g_assert_cmpstr(metrics[i - 1].name, <, metrics[i].name);
}

static void test_rows(void)
{
    static const guint types = (1u << N_REPORT_TYPES) - 1;
    static const guint levels =
        1u << KIND_ADVERTISER | 1u << KIND_CAMPAIGN | 1u << KIND_ADGROUP | 1u << KIND_AD;
    guint n;
    const Metric *metrics = metric_all(&n);

    for (guint i = 0; i < n; i++) {
        const Metric *metric = &metrics[i];

        g_test_message("%s: %s", metric->name, metric->meaning);
        g_assert_cmpuint(strspn(metric->name, "abcdefghijklmnopqrstuvwxyz_0123456789"), ==,
                         strlen(metric->name));
        g_assert_cmpuint(strlen(metric->meaning), >, 3);
        g_assert_null(strpbrk(metric->meaning, "\t\n"));
        g_assert_cmpint(metric->kind, <, N_METRIC_KINDS);
        g_assert_true(metric->types != 0 && (metric->types & ~types) == 0);
        g_assert_true(metric->levels != 0 && (metric->levels & ~levels) == 0);
        g_assert_true(metric_find(metric->name) == metric);
        g_assert_cmpint(metric->kind == METRIC_TEXT, ==, (metric->flags & METRIC_ATTRIBUTE) != 0);
        g_assert_cmpint(metric_is_text(metric->name), ==, metric->kind == METRIC_TEXT);
    }
    g_assert_null(metric_find("spends"));
    g_assert_null(metric_find(""));
}

/* What was counted of people once is not to be added, nor is anything divided. */
static void test_additive(void)
{
    static const char *const no[] = {"reach",
                                     "frequency",
                                     "cost_per_1000_reached",
                                     "ctr",
                                     "cpc",
                                     "cpm",
                                     "result",
                                     "real_time_result",
                                     "skan_result",
                                     "registration",
                                     "complete_payment_roas",
                                     "onsite_unique_purchase",
                                     "cost_per_result",
                                     "conversion_rate",
                                     "average_video_play",
                                     "campaign_name"};
    static const char *const yes[] = {"spend",
                                      "impressions",
                                      "clicks",
                                      "conversion",
                                      "total_registration",
                                      "total_complete_payment_rate",
                                      "complete_payment",
                                      "video_watched_2s",
                                      "cash_spend"};
    guint n;
    const Metric *metrics = metric_all(&n);

    for (guint i = 0; i < G_N_ELEMENTS(no); i++)
        g_assert_false(metric_find(no[i]) != NULL && metric_find(no[i])->flags & METRIC_ADDITIVE);
    for (guint i = 0; i < G_N_ELEMENTS(yes); i++)
        g_assert_true(metric_find(yes[i])->flags & METRIC_ADDITIVE);
    for (guint i = 0; i < n; i++) {
        const char *name = metrics[i].name;

        if (!(metrics[i].flags & METRIC_ADDITIVE))
            continue;
        g_test_message("%s", name);
        g_assert_true(metrics[i].kind == METRIC_MONEY || metrics[i].kind == METRIC_COUNT);
        g_assert_null(strstr(name, "cost_per"));
        /* This one is the sum, in spite of its name. */
        g_assert_true(strstr(name, "value_per_") == NULL ||
                      g_str_equal(name, "total_value_per_pageview"));
        g_assert_null(strstr(name, "unique"));
        g_assert_null(strstr(name, "roas"));
    }
}

/* One of each way to make a name. */
static void test_families(void)
{
    static const struct {
        const char *name;
        MetricKind kind;
    } some[] = {
        {"registration", METRIC_COUNT},
        {"cost_per_registration", METRIC_MONEY},
        {"registration_rate", METRIC_PERCENT},
        {"total_registration", METRIC_COUNT},
        {"cost_per_total_registration", METRIC_MONEY},
        {"value_per_total_purchase", METRIC_MONEY},
        {"total_purchase_value", METRIC_MONEY},
        {"total_purchase_value_day0", METRIC_MONEY},
        {"total_purchase_roas_day6", METRIC_RATIO},
        {"skan_cost_per_total_purchase", METRIC_MONEY},
        {"skan_total_add_to_cart_value", METRIC_MONEY},
        {"cost_total_add_payment_info", METRIC_MONEY},
        {"web_event_add_to_cart", METRIC_COUNT},
        {"cost_per_web_event_add_to_cart", METRIC_MONEY},
        {"web_event_add_to_cart_rate", METRIC_PERCENT},
        {"value_per_web_event_add_to_cart", METRIC_MONEY},
        {"total_web_event_add_to_cart_value", METRIC_MONEY},
        {"on_web_subscribe_per_click", METRIC_PERCENT},
        {"website_total_schedule_value", METRIC_MONEY},
        {"website_cost_per_schedule", METRIC_MONEY},
        {"website_application_approval", METRIC_COUNT},
        {"onsite_cost_per_unique_purchase", METRIC_MONEY},
        {"onsite_total_purchase_roas_calendar_day13", METRIC_RATIO},
        {"onsite_ad_impression_ad_revenue_day0", METRIC_MONEY},
        {"onsite_ad_impression_ad_revenue_roas_day0", METRIC_RATIO},
        {"ad_impression_ad_revenue_roas_day2", METRIC_RATIO},
        {"offline_form_events", METRIC_COUNT},
        {"cost_per_offline_form_event", METRIC_MONEY},
        {"offline_form_event_rate", METRIC_PERCENT},
        {"value_per_offline_form_event", METRIC_MONEY},
        {"offline_form_events_value", METRIC_MONEY},
        {"cost_per_vta_conversion", METRIC_MONEY},
        {"skan_cost_per_cta_purchase", METRIC_MONEY},
        {"total_complete_payment_rate", METRIC_MONEY},
        {"complete_payment_roas", METRIC_RATIO},
    };

    for (guint i = 0; i < G_N_ELEMENTS(some); i++) {
        g_test_message("%s", some[i].name);
        g_assert_nonnull(metric_find(some[i].name));
        g_assert_cmpint(metric_find(some[i].name)->kind, ==, some[i].kind);
    }
    g_assert_cmpstr(metric_find("cost_per_registration")->meaning, ==,
                    "spend divided by people with registrations in the app");
    /* Words that were only ever parts. */
    g_assert_null(metric_find("skan_app_event_add_to_cart"));
    g_assert_null(metric_find("add_to_cart"));
    g_assert_null(metric_find("value_per_total_registration"));
    g_assert_null(metric_find("cost_per_total_add_payment_info"));
}

static void test_text(void)
{
    g_assert_true(metric_is_text("campaign_id"));
    g_assert_true(metric_is_text("campaign_name"));
    g_assert_true(metric_is_text("budget"));
    g_assert_true(metric_is_text("what_comes_next_month"));
    g_assert_false(metric_is_text("spend"));
    g_assert_false(metric_is_text("total_complete_payment_rate"));
}

static void test_nearest(void)
{
    static const struct {
        const char *word, *name;
    } meant[] = {
        {"spent", "spend"},
        {"impression", "impressions"},
        {"conversions", "conversion"},
        {"Clicks", "clicks"},
        {"cost_per_registrations", "cost_per_registration"},
        {"cost", "spend"},
        {"cpa", "cost_per_conversion"},
        {"ROAS", "complete_payment_roas"},
        {"spend", "spend"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(meant); i++)
        g_assert_cmpstr(metric_nearest(meant[i].word)->name, ==, meant[i].name);
    g_assert_null(metric_nearest("zzzzzzzzzz"));
    g_assert_null(metric_nearest(""));
}

/* ---- sets ---- */

static void test_sets(void)
{
    const char *const *names = metric_set_names();

    for (guint i = 0; names[i] != NULL; i++) {
        const char *const *set = metric_set(names[i], NULL);

        g_assert_cmpuint(g_strv_length((char **)set), >, 0);
        g_assert_cmpuint(g_strv_length((char **)set), <=, METRICS_MAX);
        for (guint j = 0; set[j] != NULL; j++) {
            g_test_message("%s of %s", set[j], names[i]);
            g_assert_nonnull(metric_find(set[j]));
        }
    }
    g_assert_true(metric_set("@core", NULL) == metric_set("core", NULL));
    g_assert_nonnull(metric_set("video", NULL));
    g_assert_nonnull(metric_set("conversion", NULL));
    g_assert_nonnull(metric_set("all-basic", NULL));
    g_assert_null(metric_set("@cores", NULL));
    g_assert_null(metric_set("@", NULL));
}

static GHashTable *profile_sets(void)
{
    static const char *const mine[] = {"reach", "spend", NULL}, *const core[] = {"ctr", NULL};
    GHashTable *own = g_hash_table_new(g_str_hash, g_str_equal);

    g_hash_table_insert(own, (void *)"mine", (void *)mine);
    g_hash_table_insert(own, (void *)"core", (void *)core);
    return own;
}

static void test_own(void)
{
    g_autoptr(GHashTable) own = profile_sets();

    g_assert_cmpstr(metric_set("@mine", own)[0], ==, "reach");
    g_assert_cmpstr(metric_set("mine", own)[1], ==, "spend");
    g_assert_cmpstr(metric_set("@core", own)[0], ==, "ctr");
    g_assert_cmpstr(metric_set("@video", own)[0], ==, "video_play_actions");
    g_assert_null(metric_set("@other", own));
}

static void check_list(const char *list, const char *wanted)
{
    g_autoptr(GHashTable) own = profile_sets();
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) got = metric_expand(list, own, &error);
    g_autofree char *text = NULL;

    g_assert_no_error(error);
    text = g_strjoinv(",", got);
    g_assert_cmpstr(text, ==, wanted);
}

/* A metric has this name too. */
static void test_conversion(void)
{
    const char *const *set = metric_set("@conversion", NULL);
    g_auto(GStrv) first = metric_expand("conversion,spend", NULL, NULL);
    g_auto(GStrv) later = metric_expand("spend,conversion", NULL, NULL);
    g_auto(GStrv) marked = metric_expand("spend,@conversion", NULL, NULL);
    guint n = g_strv_length((char **)set);

    g_assert_cmpuint(n, >, 5);
    g_assert_cmpuint(g_strv_length(first), ==, n + 1);
    g_assert_cmpuint(g_strv_length(later), ==, 2);
    g_assert_cmpuint(g_strv_length(marked), ==, n + 1);
}

static void check_bad_list(const char *list, const char *word)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(metric_expand(list, NULL, &error));
    g_assert_error(error, API_ERROR, API_ERROR_INVALID);
    g_assert_nonnull(strstr(error->message, word));
}

static void test_expand(void)
{
    check_list("spend,clicks", "spend,clicks");
    check_list("mine", "reach,spend");
    check_list("@mine,clicks", "reach,spend,clicks");
    check_list("mine,spend", "reach,spend"); /* what came with a set is no mistake */
    check_list("spend,mine", "spend,reach");
    check_list("mine,core,mine", "reach,spend,ctr");
    check_list("spend,conversion", "spend,conversion"); /* the metric, not the set */
    check_list("clicks,core", "clicks,ctr");
    check_list("clicks,@core", "clicks,ctr");
    check_list("clicks,clicks", "clicks,clicks");
    check_list("nothing_like_it", "nothing_like_it");
    check_bad_list("", "missing");
    check_bad_list("@", "@core");
    check_bad_list("spend,,clicks", "missing");
    check_bad_list("spend,", "missing");
    check_bad_list("@nosuch", "@core");
}

/* ---- metrics.tsv ---- */

static void test_table(void)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_auto(GStrv) lines = NULL;
    guint n;

    metric_all(&n);
    metric_table(out);
    g_assert_true(g_str_has_suffix(out->str, "\n"));
    g_string_truncate(out, out->len - 1);
    lines = g_strsplit(out->str, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, n + 1);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_auto(GStrv) cells = g_strsplit(lines[i], "\t", -1);

        g_assert_cmpuint(g_strv_length(cells), ==, 5);
        for (guint j = 0; j < 5; j++)
            g_assert_cmpstr(cells[j], !=, "");
        if (i > 0)
            g_assert_nonnull(metric_find(cells[0]));
    }
    g_assert_nonnull(strstr(out->str, "\nspend\tcost, vouchers included\tmoney\tbasic audience "
                                      "center; advertiser campaign adgroup ad; by-country\tyes\n"));
    g_assert_nonnull(strstr(out->str, "\nad_name\tname of the ad\ttext\tbasic; ad; with-id\tno\n"));
}

/* ---- what is asked for when nobody says ---- */

static void test_defaults(void)
{
    for (ReportType type = REPORT_BASIC; type < N_REPORT_TYPES; type++) {
        for (ObjectKind level = KIND_NONE; level <= KIND_AD; level++) {
            const char *const *metrics = report_default_metrics(type, level);
            gboolean names = type == REPORT_BASIC && level != KIND_NONE;

            g_assert_cmpint(metric_is_text(metrics[0]), ==, names);
            g_assert_true(g_strv_contains(metrics, "cost_per_conversion"));
            for (guint i = 0; metrics[i] != NULL; i++)
                g_assert_nonnull(metric_find(metrics[i]));
        }
    }
    g_assert_cmpstr(report_default_metrics(REPORT_BASIC, KIND_AD)[0], ==, "ad_name");
    g_assert_cmpstr(report_default_metrics(REPORT_AUDIENCE, KIND_AD)[0], ==, "spend");
}

/* ---- what the service really sent ---- */

static void check_members(const cJSON *metrics)
{
    const cJSON *member;

    cJSON_ArrayForEach (member, metrics) {
        g_test_message("%s", member->string);
        g_assert_nonnull(metric_find(member->string));
    }
}

static void test_recorded(void)
{
    const char *directory = g_getenv("ADSFS_RECORDED");
    g_autofree char *path = g_build_filename(directory != NULL ? directory : "",
                                             "expected_records.selected.jsonl", NULL);
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    guint n = 0;

    if (directory == NULL || !g_file_get_contents(path, &text, NULL, NULL)) {
        g_test_skip_printf("%s is not here", path);
        return;
    }
    lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        cJSON *record = cJSON_Parse(lines[i]);
        const cJSON *metrics = cJSON_GetObjectItem(cJSON_GetObjectItem(record, "data"), "metrics");

        check_members(metrics);
        n += metrics != NULL;
        cJSON_Delete(record);
    }
    g_assert_cmpuint(n, >, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/metric/sorted-and-each-name-once", test_sorted);
    g_test_add_func("/metric/each-row-is-whole", test_rows);
    g_test_add_func("/metric/only-sums-that-are-true-are-additive", test_additive);
    g_test_add_func("/metric/names-made-of-events", test_families);
    g_test_add_func("/metric/ids-and-unknown-names-are-text", test_text);
    g_test_add_func("/metric/the-nearest-is-what-was-meant", test_nearest);
    g_test_add_func("/metric/sets-have-known-metrics-and-fit-in-a-call", test_sets);
    g_test_add_func("/metric/sets-of-the-profile-come-first", test_own);
    g_test_add_func("/metric/lists-of-metrics-and-sets", test_expand);
    g_test_add_func("/metric/a-first-word-is-the-set-of-that-name", test_conversion);
    g_test_add_func("/metric/the-table-has-five-cells-in-each-line", test_table);
    g_test_add_func("/metric/defaults-have-names-where-there-are-any", test_defaults);
    g_test_add_func("/metric/what-the-service-sent-is-known", test_recorded);
    return g_test_run();
}
