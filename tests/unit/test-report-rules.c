/* SPDX-License-Identifier: MIT */
/* test-report-rules.c - each rule refuses once, and lets pass what it says to ask for instead. */
#include "api/report-rules.h"

#include <string.h>

#include "api/breakdown.h"
#include "api/error.h"
#include "api/metric.h"

#define LIST(...)                                                                                  \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }

#define SPEND   LIST("spend")
#define COUNTRY LIST("country_code")
#define AGE     LIST("age")

typedef struct {
    ReportShape shape;
    const char *text; /* of the error, a part of it; NULL: it is allowed */
} Case;

/* clang-format off */
#define BASIC(LEVEL, ID)  .type = REPORT_BASIC, .level = KIND_##LEVEL, .id = ID
#define AUDIENCE(BY)      .type = REPORT_AUDIENCE, .level = KIND_CAMPAIGN, .id = "campaign_id", \
                          .breakdown = BY
#define CENTER            .type = REPORT_CENTER, .level = KIND_ADVERTISER, .id = "advertiser_id"
#define CAMPAIGN          BASIC(CAMPAIGN, "campaign_id")
#define BY_DAY            .grain = GRAIN_DAY
#define BY_HOUR           .grain = GRAIN_HOUR

static const Case shapes[] = {
    /* Business Centers */
    {{CENTER, .metrics = SPEND}, NULL},
    {{CENTER, BY_DAY, .metrics = SPEND}, NULL},
    {{CENTER, .breakdown = COUNTRY, .metrics = SPEND}, NULL},
    {{.type = REPORT_CENTER, .level = KIND_ADVERTISER, BY_DAY, .metrics = SPEND}, NULL},
    {{.type = REPORT_CENTER, .level = KIND_CAMPAIGN, .id = "campaign_id", .metrics = SPEND},
        "none by campaign; ask by advertiser"},
    {{CENTER, .object_kind = KIND_CAMPAIGN, .object_id = "17", .metrics = SPEND},
        "can not be of one object; ask the account"},
    {{CENTER, .lifetime = TRUE, .metrics = SPEND}, "Business Center can not be of the whole lifetime"},
    {{CENTER, BY_HOUR, .metrics = SPEND}, "can not be had by hour; ask by day"},
    {{CENTER, .breakdown = COUNTRY, BY_DAY, .metrics = SPEND}, "by country or by day, not by both"},
    {{CENTER, .breakdown = AGE, .metrics = SPEND}, "can not be had by age; leave it out"},

    /* objects and ids */
    {{CAMPAIGN, .object_kind = KIND_CAMPAIGN, .object_id = "17", .metrics = SPEND}, NULL},
    {{BASIC(AD, "ad_id"), .object_kind = KIND_CAMPAIGN, .object_id = "17", .metrics = SPEND}, NULL},
    {{CAMPAIGN, .object_kind = KIND_ADGROUP, .object_id = "17", .metrics = SPEND},
        "by campaign can not be of one object below"},
    {{BASIC(CAMPAIGN, "ad_id"), .metrics = SPEND}, "ad_id is not the id of a report by campaign; use campaign_id"},
    {{BASIC(AD, "ad_id_v2"), .metrics = SPEND}, NULL},
    {{BASIC(ADGROUP, "ad_id_v2"), .metrics = SPEND}, "use adgroup_id"},
    {{BASIC(CAMPAIGN, NULL), .metrics = SPEND}, "ask by campaign_id or by day"},
    {{BASIC(CAMPAIGN, NULL), BY_DAY, .metrics = SPEND}, NULL},
    {{BASIC(CAMPAIGN, NULL), .breakdown = COUNTRY, .metrics = SPEND}, NULL},

    /* time */
    {{CAMPAIGN, BY_HOUR, .metrics = SPEND}, NULL},
    {{CAMPAIGN, BY_HOUR, .breakdown = COUNTRY, .metrics = SPEND}, NULL},
    {{CAMPAIGN, .lifetime = TRUE, .metrics = SPEND}, NULL},
    {{CAMPAIGN, .lifetime = TRUE, BY_DAY, .metrics = SPEND}, "ask for total"},
    {{CAMPAIGN, .lifetime = TRUE, .breakdown = COUNTRY, .metrics = SPEND}, "lifetime can not be had by country"},
    {{AUDIENCE(AGE), .metrics = SPEND}, NULL},
    {{AUDIENCE(AGE), BY_DAY, .metrics = SPEND}, NULL},
    {{AUDIENCE(AGE), .lifetime = TRUE, .metrics = SPEND}, "by age can not be of the whole lifetime; give days"},
    {{AUDIENCE(AGE), BY_HOUR, .metrics = SPEND}, "by age can not be had by hour; ask by day"},

    /* breakdowns */
    {{AUDIENCE(LIST("age", "gender")), .metrics = SPEND}, NULL},
    {{AUDIENCE(LIST("age", "platform")), .metrics = SPEND}, "by age and platform at once"},
    {{AUDIENCE(LIST("age", "gender", "platform")), .metrics = SPEND}, "ask for one of them"},
    {{AUDIENCE(COUNTRY), .metrics = SPEND}, NULL},
    {{AUDIENCE(NULL), .metrics = SPEND}, "name one, or ask for a basic report"},
    {{AUDIENCE(LIST("image_id")), .metrics = SPEND}, "can not be had by image_id"},
    {{AUDIENCE(LIST("shoe_size")), .metrics = SPEND}, "there is no dimension shoe_size"},
    {{CAMPAIGN, .breakdown = COUNTRY, .metrics = SPEND}, NULL},
    {{CAMPAIGN, .breakdown = AGE, .metrics = SPEND}, "can not be had by age"},
    {{CAMPAIGN, .breakdown = LIST("country_code", "ad_type"), .metrics = SPEND}, "at once"},

    /* the list of metrics */
    {{CAMPAIGN, .metrics = LIST(NULL)}, "without a metric"},
    {{CAMPAIGN, .metrics = NULL}, "without a metric"},
    {{CAMPAIGN, .metrics = LIST("spend", "clicks", "ctr")}, NULL},
    {{CAMPAIGN, .metrics = LIST("spend", "clicks", "spend")}, "spend is asked for twice"},
    {{BASIC(ADVERTISER, "advertiser_id"), .metrics = LIST("advertiser_name", "spend")}, NULL},
    {{BASIC(ADVERTISER, "advertiser_id"), .metrics = LIST("advertiser_id", "spend")},
        "advertiser_id is in each row already"},
};

static const Case metrics[] = {
    /* unknown */
    {{CAMPAIGN, .metrics = LIST("clicks", "spent")}, "there is no metric spent; did you mean spend?"},
    {{CAMPAIGN, .metrics = LIST("zzzzzzzzzz")}, "no metric zzzzzzzzzz; all are listed in reports/metrics.tsv"},

    /* by what people are like */
    {{CAMPAIGN, .metrics = LIST("reach", "frequency", "cost_per_1000_reached")}, NULL},
    {{AUDIENCE(AGE), .metrics = LIST("reach")},
        "reach is of single people and can not be had by age; leave it out, or ask without the breakdown"},
    {{AUDIENCE(LIST("age", "gender")), .metrics = LIST("frequency")}, "can not be had by age-gender;"},
    {{AUDIENCE(AGE), .metrics = LIST("cost_per_1000_reached")}, "can not be had by age"},
    {{AUDIENCE(AGE), .metrics = LIST("average_video_play")}, NULL},
    {{AUDIENCE(AGE), .metrics = LIST("average_video_play_per_user")}, "can not be had by age"},
    {{AUDIENCE(AGE), .metrics = LIST("campaign_name", "spend")},
        "campaign_name is of the object and can not be had by age"},
    {{AUDIENCE(AGE), .metrics = LIST("currency")}, "currency is of the object"},
    {{AUDIENCE(AGE), .metrics = LIST("billed_cost")}, "billed_cost can not be had by age"},
    {{AUDIENCE(AGE), .metrics = LIST("result", "cost_per_result", "registration")}, NULL},

    /* by country */
    {{CAMPAIGN, .breakdown = COUNTRY, .metrics = LIST("campaign_name", "reach", "result", "purchase")}, NULL},
    {{CAMPAIGN, .breakdown = COUNTRY, .metrics = LIST("total_purchase")}, "total_purchase can not be had by country"},
    {{CAMPAIGN, .breakdown = COUNTRY, .metrics = LIST("engagements")}, "engagements can not be had by country"},
    {{CAMPAIGN, .metrics = LIST("engagements", "total_purchase")}, NULL},

    /* levels and ids */
    {{CAMPAIGN, .metrics = LIST("campaign_name", "objective_type", "currency")}, NULL},
    {{CAMPAIGN, .metrics = LIST("ad_name")}, "ad_name can not be had by campaign; leave it out, or ask by ad"},
    {{BASIC(AD, "ad_id"), .metrics = LIST("ad_name", "adgroup_id", "campaign_id", "budget")}, NULL},
    {{CAMPAIGN, .metrics = LIST("budget")}, "or ask by adgroup"},
    {{BASIC(AD, "ad_id"), .metrics = LIST("is_aco")}, "is_aco can not be had by ad; leave it out, or ask by adgroup"},
    {{BASIC(ADGROUP, "adgroup_id"), .metrics = LIST("is_aco")}, NULL},
    {{BASIC(CAMPAIGN, NULL), BY_DAY, .metrics = LIST("campaign_name")},
        "campaign_name is of an object, and no row is of one; leave it out, or ask by campaign_id"},
    {{CAMPAIGN, BY_HOUR, .breakdown = COUNTRY, .metrics = LIST("campaign_name")}, NULL},

    /* of the account by day */
    {{BASIC(ADVERTISER, "advertiser_id"), BY_DAY, .metrics = LIST("cash_spend", "voucher_spend")}, NULL},
    {{BASIC(ADVERTISER, NULL), BY_DAY, .metrics = LIST("cash_spend")}, NULL},
    {{BASIC(ADVERTISER, "advertiser_id"), .metrics = LIST("cash_spend")}, "ask for advertiser-day"},
    {{BASIC(ADVERTISER, "advertiser_id"), BY_HOUR, .metrics = LIST("voucher_spend")}, "ask for advertiser-day"},
    {{BASIC(ADVERTISER, "advertiser_id"), .lifetime = TRUE, .metrics = LIST("cash_spend")}, "ask for advertiser-day"},
    {{CAMPAIGN, BY_DAY, .metrics = LIST("cash_spend")}, "cash_spend can be had of the advertiser by day only"},

    /* of Business Centers */
    {{CENTER, .metrics = LIST("spend", "reach", "cash_spend", "tax_spend", "purchase", "video_views_p25")}, NULL},
    {{CENTER, .metrics = LIST("advertiser_name")}, "advertiser_name is not in reports of a Business Center"},
    {{CENTER, .metrics = LIST("complete_payment")}, "or ask each account"},
    {{CAMPAIGN, .metrics = LIST("tax_spend")}, "tax_spend is in reports of a Business Center only"},

    /* by object and day, and nothing else */
    {{CAMPAIGN, BY_DAY, .metrics = LIST("evta_purchase", "paid_engaged_view", "day7_retention")}, NULL},
    {{CAMPAIGN, .metrics = LIST("evta_purchase")}, NULL},
    {{CAMPAIGN, BY_HOUR, .metrics = LIST("evta_purchase")}, "ask for campaign-day or campaign-total"},
    {{BASIC(CAMPAIGN, NULL), BY_DAY, .metrics = LIST("paid_engaged_view")}, "can be had by campaign_id"},
    {{CAMPAIGN, .breakdown = COUNTRY, .metrics = LIST("day7_retention")}, "by nothing else"},
    {{CAMPAIGN, .metrics = LIST("single_image_ctr")}, "by image_id only"},
    {{CAMPAIGN, .breakdown = LIST("image_id"), .metrics = LIST("single_image_ctr")}, NULL},
};

static const Case tasks[] = {
    {{CAMPAIGN, BY_HOUR, .metrics = LIST("campaign_name", "spend", "result", "reach")}, NULL},
    {{AUDIENCE(AGE), .metrics = LIST("spend", "result")}, NULL},
    {{CAMPAIGN, .metrics = LIST("spend", "billed_cost")},
        "billed_cost can not be had in a task; leave it out, or ask synchronously"},
    {{CAMPAIGN, .metrics = LIST("onsite_destination_visits")}, "can not be had in a task"},
    {{CAMPAIGN, .breakdown = COUNTRY, .metrics = LIST("spend", "cost_per_result")},
        "cost_per_result can not be had by country in a task"},
    {{CAMPAIGN, .breakdown = COUNTRY, .metrics = SPEND}, "names instead of the codes of countries"},
    {{CAMPAIGN, .filtering = "[]", .metrics = SPEND}, "ask synchronously"},
    {{CENTER, .metrics = SPEND}, "no Business Centers"},
    {{CAMPAIGN, .metrics = LIST("what_comes_next_month")}, NULL},
};
/* clang-format on */

static void check(const Case *one, gboolean (*rule)(const ReportShape *, GError **))
{
    g_autoptr(GError) error = NULL;
    gboolean allowed = rule(&one->shape, &error);

    if (allowed) {
        g_assert_no_error(error);
        g_assert_cmpstr(one->text, ==, NULL);
        return;
    }
    g_assert_error(error, API_ERROR, API_ERROR_INVALID);
    g_test_message("%s", error->message);
    g_assert_nonnull(one->text);
    g_assert_nonnull(strstr(error->message, one->text));
    g_assert_null(strpbrk(error->message, "{}"));
    g_assert_nonnull(strchr(error->message, ';'));
}

static void test_shapes(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(shapes); i++)
        check(&shapes[i], report_check);
}

static void test_metrics(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(metrics); i++)
        check(&metrics[i], report_check);
}

static void test_many(void)
{
    const char *names[METRICS_MAX + 2] = {NULL};
    Case one = {{CAMPAIGN, .metrics = names}, NULL};
    guint n, count = 0;
    const Metric *all = metric_all(&n);

    for (guint i = 0; count < METRICS_MAX; i++)
        if (all[i].types & 1u << REPORT_BASIC && all[i].kind == METRIC_MONEY &&
            !(all[i].flags & METRIC_ACCOUNT_DAY))
            names[count++] = all[i].name;
    check(&one, report_check);
    names[count++] = "spend";
    one.text = "100 metrics and no more";
    check(&one, report_check);
}

/* What is called so can be asked for so. */
static void test_sets(void)
{
    static const char *const everywhere[] = {"core", "video", "conversion"};

    for (guint i = 0; i < G_N_ELEMENTS(everywhere); i++) {
        const char *const *set = metric_set(everywhere[i], NULL);
        Case cases[] = {
            {{CAMPAIGN, BY_HOUR, .metrics = set}, NULL},
            {{CAMPAIGN, .lifetime = TRUE, .metrics = set}, NULL},
            {{CAMPAIGN, BY_DAY, .breakdown = COUNTRY, .metrics = set}, NULL},
            {{AUDIENCE(AGE), BY_DAY, .metrics = set}, NULL},
            {{CENTER, .metrics = set}, NULL},
        };

        for (guint j = 0; j < G_N_ELEMENTS(cases); j++)
            check(&cases[j], report_check);
    }
    for (ObjectKind level = KIND_ADVERTISER; level <= KIND_AD; level++) {
        Case one = {{.level = level, .id = kind_names(level)->id, .grain = GRAIN_DAY}, NULL};

        one.shape.metrics = metric_set("all-basic", NULL);
        check(&one, report_check);
        one.shape.grain = GRAIN_TOTAL;
        check(&one, report_check);
    }
}

static void check_breakdown(const Breakdown *by, ObjectKind level)
{
    Case one = {{.type = by->type,
                 .level = level,
                 .id = kind_names(level)->id,
                 .breakdown = by->dimensions,
                 .grain = GRAIN_DAY,
                 .metrics = report_default_metrics(by->type, level)},
                NULL};

    check(&one, report_check);
}

/* Whatever the grammar can say with no metrics named is allowed, by hour and lifetime excepted. */
static void test_defaults(void)
{
    const char *const *words = breakdown_words();
    Case center = {{CENTER, BY_DAY}, NULL};

    for (ObjectKind level = KIND_ADVERTISER; level <= KIND_AD; level++) {
        Case one = {{.level = level, .id = kind_names(level)->id, .grain = GRAIN_HOUR}, NULL};

        one.shape.metrics = report_default_metrics(REPORT_BASIC, level);
        check(&one, report_check);
        for (guint i = 0; words[i] != NULL; i++)
            check_breakdown(breakdown_find(words[i]), level);
    }
    center.shape.metrics = report_default_metrics(REPORT_CENTER, KIND_ADVERTISER);
    check(&center, report_check);
}

static void test_tasks(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(tasks); i++)
        check(&tasks[i], report_check_task);
    g_assert_false(report_check_task(&tasks[2].shape, NULL));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report-rules/of-the-shape", test_shapes);
    g_test_add_func("/report-rules/of-each-metric", test_metrics);
    g_test_add_func("/report-rules/a-hundred-metrics-and-no-more", test_many);
    g_test_add_func("/report-rules/named-sets-can-be-had-where-they-say", test_sets);
    g_test_add_func("/report-rules/defaults-are-never-refused", test_defaults);
    g_test_add_func("/report-rules/of-tasks", test_tasks);
    return g_test_run();
}
