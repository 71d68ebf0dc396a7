/* SPDX-License-Identifier: MIT */
/* test-query.c - the grammar of report names: what they ask for, and why others are none. */
#include "fs/query.h"

#include <string.h>

#include "api/error.h"
#include "api/metric.h"
#include "api/report-rules.h"

static void parse(const char *name, ObjectKind own, ReportName *ret)
{
    g_autoptr(GError) error = NULL;

    query_parse_name(name, own, NULL, ret, &error);
    g_assert_no_error(error);
}

static char *join(const char *const *words)
{
    return words != NULL ? g_strjoinv(",", (char **)words) : g_strdup("");
}

/* ---- what a name asks for ---- */

/* clang-format off */
static const struct {
    const char *name;
    ObjectKind own;
    ReportType type;
    ObjectKind level;
    ReportGrain grain;
    const char *breakdown;
    ReportFormat format;
} names[] = {
    {"advertiser-total.json", KIND_ADVERTISER, REPORT_BASIC, KIND_ADVERTISER, GRAIN_TOTAL, "", FORMAT_JSON},
    {"campaign-day.csv", KIND_ADVERTISER, REPORT_BASIC, KIND_CAMPAIGN, GRAIN_DAY, "", FORMAT_CSV},
    {"adgroup-day.ndjson", KIND_CAMPAIGN, REPORT_BASIC, KIND_ADGROUP, GRAIN_DAY, "", FORMAT_NDJSON},
    {"ad-total.tsv", KIND_AD, REPORT_BASIC, KIND_AD, GRAIN_TOTAL, "", FORMAT_TSV},
    {"campaign-day.html", KIND_CAMPAIGN, REPORT_BASIC, KIND_CAMPAIGN, GRAIN_DAY, "", FORMAT_HTML},
    {"ad-hour.json", KIND_ADVERTISER, REPORT_BASIC, KIND_AD, GRAIN_HOUR, "", FORMAT_JSON},
    {"campaign-total-country.csv", KIND_ADVERTISER, REPORT_BASIC, KIND_CAMPAIGN, GRAIN_TOTAL, "country_code", FORMAT_CSV},
    {"campaign-day-age.csv", KIND_ADVERTISER, REPORT_AUDIENCE, KIND_CAMPAIGN, GRAIN_DAY, "age", FORMAT_CSV},
    {"ad-total-age-gender.csv", KIND_ADGROUP, REPORT_AUDIENCE, KIND_AD, GRAIN_TOTAL, "age,gender", FORMAT_CSV},
    {"ad-total-device@spend.json", KIND_AD, REPORT_AUDIENCE, KIND_AD, GRAIN_TOTAL, "device_brand_id", FORMAT_JSON},
    {"advertiser-day.csv", KIND_CENTER, REPORT_CENTER, KIND_ADVERTISER, GRAIN_DAY, "", FORMAT_CSV},
    {"advertiser-total-country.tsv", KIND_CENTER, REPORT_CENTER, KIND_ADVERTISER, GRAIN_TOTAL, "country_code", FORMAT_TSV},
};
/* clang-format on */

static void test_names(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_auto(ReportName) parsed = {0};
        g_autofree char *breakdown = NULL;

        parse(names[i].name, names[i].own, &parsed);
        breakdown = join(parsed.shape->breakdown);
        g_assert_cmpint(parsed.shape->type, ==, names[i].type);
        g_assert_cmpint(parsed.shape->level, ==, names[i].level);
        g_assert_cmpstr(parsed.shape->id, ==, kind_names(names[i].level)->id);
        g_assert_cmpint(parsed.shape->grain, ==, names[i].grain);
        g_assert_cmpstr(breakdown, ==, names[i].breakdown);
        g_assert_cmpint(parsed.format, ==, names[i].format);
        g_assert_false(parsed.shape->lifetime);
        g_assert_null(parsed.shape->object_id);
        g_assert_true(report_check(parsed.shape, NULL));
    }
}

/* Every word with every other: a name, or refused by the rules of the service alone. */
static void test_all_words(void)
{
    static const char *const breakdowns[] = {
        "",          "-country",   "-age",      "-gender",   "-age-gender", "-platform",
        "-language", "-placement", "-province", "-interest", "-device"};
    static const char *const levels[] = {"advertiser", "campaign", "adgroup", "ad"};
    static const char *const grains[] = {"total", "day", "hour"};

    for (gsize level = 0; level < G_N_ELEMENTS(levels); level++)
        for (gsize grain = 0; grain < G_N_ELEMENTS(grains); grain++)
            for (gsize by = 0; by < G_N_ELEMENTS(breakdowns); by++) {
                g_autofree char *name = g_strdup_printf("%s-%s%s@core.json", levels[level],
                                                        grains[grain], breakdowns[by]);
                g_auto(ReportName) parsed = {0};
                gboolean audience = by > 1;

                if (query_parse_name(name, KIND_ADVERTISER, NULL, &parsed, NULL) !=
                    !(audience && grain == 2))
                    g_error("%s", name);
            }
}

/* ---- metrics ---- */

static void check_metrics(const char *name, ObjectKind own, GHashTable *sets, const char *expected)
{
    g_auto(ReportName) parsed = {0};
    g_autoptr(GError) error = NULL;
    g_autofree char *metrics = NULL;

    query_parse_name(name, own, sets, &parsed, &error);
    g_assert_no_error(error);
    metrics = join(parsed.shape->metrics);
    g_assert_cmpstr(metrics, ==, expected);
}

static void test_metrics(void)
{
    static const char core[] = "campaign_name,spend,impressions,clicks,ctr,cpc,cpm,conversion,"
                               "cost_per_conversion,conversion_rate";
    g_autofree char *defaults = join(report_default_metrics(REPORT_BASIC, KIND_AD));

    check_metrics("ad-day.csv", KIND_ADVERTISER, NULL, defaults);
    check_metrics("campaign-day@core.csv", KIND_ADVERTISER, NULL, core);
    check_metrics("campaign-day@spend,clicks.csv", KIND_ADVERTISER, NULL,
                  "campaign_name,spend,clicks");
    check_metrics("campaign-day@clicks,spend.csv", KIND_ADVERTISER, NULL,
                  "campaign_name,clicks,spend");
    g_autofree char *more = g_strconcat(core, ",reach", NULL);
    check_metrics("campaign-day@core,reach.csv", KIND_ADVERTISER, NULL, more);
    check_metrics("campaign-day@core,spend.csv", KIND_ADVERTISER, NULL, core);
    check_metrics("campaign-day-age@spend.csv", KIND_ADVERTISER, NULL, "spend");
}

/* What the row is of is there whatever is asked for, and once. */
static void test_names_of_objects(void)
{
    check_metrics("adgroup-day@spend.csv", KIND_ADVERTISER, NULL,
                  "adgroup_name,campaign_id,campaign_name,spend");
    check_metrics("adgroup-day@campaign_name,spend.csv", KIND_ADVERTISER, NULL,
                  "adgroup_name,campaign_id,campaign_name,spend");
    check_metrics("adgroup-total-country@spend.csv", KIND_ADVERTISER, NULL,
                  "adgroup_name,campaign_id,campaign_name,spend");
}

static void test_own_sets(void)
{
    static const char *const mine[] = {"spend", "reach", NULL};
    g_autoptr(GHashTable) sets = g_hash_table_new(g_str_hash, g_str_equal);

    g_hash_table_insert(sets, (char *)"mine", (void *)mine);
    check_metrics("campaign-day@mine,clicks.csv", KIND_ADVERTISER, sets,
                  "campaign_name,spend,reach,clicks");
}

/* ---- what is refused ---- */

/* clang-format off */
static const struct {
    const char *name;
    ObjectKind own;
    const char *reason, *nearest; /* nearest: NULL: none is */
} not_names[] = {
    {"", KIND_ADVERTISER, "must begin with advertiser-, campaign-, adgroup- or ad-", NULL},
    {"index.csv", KIND_ADVERTISER, "must begin", NULL},
    {"Campaign-day.csv", KIND_ADVERTISER, "must begin", "campaign-day.csv"},
    {"campain-day.csv", KIND_ADVERTISER, "must begin", "campaign-day.csv"},
    {"campaign", KIND_ADVERTISER, "must begin", "campaign-day.csv"},
    {"campaign.csv", KIND_ADVERTISER, "must begin", "campaign-day.csv"},
    {"campaign-year.csv", KIND_ADVERTISER, "followed by total, day or hour", "campaign-day.csv"},
    {"campaign-daily.csv", KIND_ADVERTISER, "followed by", "campaign-day.csv"},
    {"campaign-.csv", KIND_ADVERTISER, "followed by", "campaign-day.csv"},
    {"campaign-day", KIND_ADVERTISER, "must end in .json, .ndjson, .csv, .tsv or .html", "campaign-day.csv"},
    {"campaign-day.", KIND_ADVERTISER, "must end", "campaign-day.csv"},
    {"campaign-day.xml", KIND_ADVERTISER, "must end", "campaign-day.html"},
    {"campaign-day.jsn", KIND_ADVERTISER, "must end", "campaign-day.json"},
    {"campaign-day.csv.swp", KIND_ADVERTISER, "must end", "campaign-day.csv"},
    {"campaign-days.csv", KIND_ADVERTISER, "followed by", "campaign-day.csv"},
    {"campaign-day-contry.csv", KIND_ADVERTISER, "can be broken down by age, age-gender, country,",
     "campaign-day-country.csv"},
    {"campaign-day-gender-age.csv", KIND_ADVERTISER, "can be broken down", "campaign-day-gender.csv"},
    {"campaign-day-.csv", KIND_ADVERTISER, "can be broken down", "campaign-day.csv"},
    {"campaign-day@spent.csv", KIND_ADVERTISER, "there is no metric spent; did you mean spend?",
     "campaign-day@spend.csv"},
    {"campaign-day@spend,klicks.csv", KIND_ADVERTISER, "there is no metric klicks",
     "campaign-day@spend,clicks.csv"},
    {"campaign-day@vidoe.csv", KIND_ADVERTISER, "there is no metric vidoe", "campaign-day@video.csv"},
    {"campaign-day@.csv", KIND_ADVERTISER, "name is missing", "campaign-day.csv"},
    {"campaign-day@spend,,clicks.csv", KIND_ADVERTISER, "name is missing",
     "campaign-day@spend,clicks.csv"},
    {"campaign-day@spend,spend.csv", KIND_ADVERTISER, "twice", "campaign-day@spend.csv"},
    {"campaign-day-age@reach.csv", KIND_ADVERTISER, "can not be had by age", "campaign-day-age.csv"},
    {"campaign-day-age@spend,reach,clicks.csv", KIND_ADVERTISER, "reach is of single people",
     "campaign-day-age@spend,clicks.csv"},
    {"campaign-hour-age.csv", KIND_ADVERTISER, "can not be had by hour", "campaign-day-age.csv"},
    {"campaign-day@campaign_id,spend.csv", KIND_ADVERTISER, "is in each row already",
     "campaign-day@spend.csv"},
    {"advertiser-day.csv", KIND_CAMPAIGN, "above", "campaign-day.csv"},
    {"campaign-day@spend.tsv", KIND_ADGROUP, "above", "adgroup-day@spend.tsv"},
    {"adgroup-day.csv", KIND_AD, "above", "ad-day.csv"},
    {"campaign-day.csv", KIND_CENTER, "level advertiser, alone", "advertiser-day.csv"},
    {"advertiser-hour.csv", KIND_CENTER, "followed by total or day", "advertiser-day.csv"},
    {"advertiser-total-age.csv", KIND_CENTER, "can be broken down by country", "advertiser-total.csv"},
    {"advertiser-day-country.csv", KIND_CENTER, "not by both", "advertiser-day.csv"},
};
/* clang-format on */

static void test_not_names(void)
{
    static const char mark[] = "; the nearest is ";

    for (gsize i = 0; i < G_N_ELEMENTS(not_names); i++) {
        g_auto(ReportName) parsed = {0};
        g_auto(ReportName) nearest = {0};
        g_autoptr(GError) error = NULL;
        const char *near;

        g_assert_false(query_parse_name(not_names[i].name, not_names[i].own, NULL, &parsed, NULL));
        g_assert_false(
            query_parse_name(not_names[i].name, not_names[i].own, NULL, &parsed, &error));
        g_assert_error(error, API_ERROR, API_ERROR_NAME);
        if (strstr(error->message, not_names[i].reason) == NULL ||
            strstr(error->message, not_names[i].name) == NULL)
            g_error("'%s' does not say '%s'", error->message, not_names[i].reason);
        near = strstr(error->message, mark);
        near = near != NULL ? near + strlen(mark) : NULL;
        if (g_strcmp0(near, not_names[i].nearest) != 0)
            g_error("'%s', wanted %s", error->message, not_names[i].nearest);
        if (near != NULL)
            parse(near, not_names[i].own, &nearest);
    }
}

static void test_default_names(void)
{
    g_autofree char *csv = query_default_name(KIND_CAMPAIGN, FORMAT_CSV);

    g_assert_cmpstr(csv, ==, "campaign-day.csv");
    for (ObjectKind kind = KIND_ADVERTISER; kind <= KIND_AD; kind++) {
        for (ReportFormat format = FORMAT_JSON; format <= FORMAT_TSV; format++) {
            g_autofree char *name = query_default_name(kind, format);
            g_auto(ReportName) parsed = {0};

            parse(name, kind, &parsed);
            g_assert_cmpint(parsed.shape->level, ==, kind);
            g_assert_cmpint(parsed.format, ==, format);
            g_assert_cmpint(parsed.shape->grain, ==, GRAIN_DAY);
        }
    }
}

/* ---- in a range ---- */

static void check_range(const char *range, const char *name, guint days, const char *reason,
                        const char *nearest)
{
    g_auto(ReportName) parsed = {0};
    g_autoptr(GError) error = NULL;
    gboolean may;

    parse(name, KIND_ADVERTISER, &parsed);
    may = query_check_range(range, name, days, parsed.shape, &error);
    g_assert_cmpint(parsed.shape->lifetime, ==, g_str_equal(range, "lifetime"));
    if (reason == NULL) {
        g_assert_no_error(error);
        g_assert_true(may);
        return;
    }
    g_assert_error(error, API_ERROR, API_ERROR_NAME);
    if (strstr(error->message, reason) == NULL || !g_str_has_suffix(error->message, nearest))
        g_error("'%s' does not say '%s' and end in %s", error->message, reason, nearest);
}

static void test_ranges(void)
{
    check_range("last-365d", "campaign-total.csv", 365, NULL, NULL);
    check_range("2024", "campaign-total.csv", 366, "at most 365 days",
                "; the nearest is 2024/campaign-day.csv");
    check_range("2024", "campaign-total-age@spend.csv", 366, "at most 365 days",
                "; the nearest is 2024/campaign-day-age@spend.csv");
    check_range("2024", "campaign-day.csv", 4000, NULL, NULL);
    check_range("lifetime", "campaign-total.csv", 1, NULL, NULL);
    check_range("lifetime", "campaign-total.csv", 5000, NULL, NULL);
    check_range("lifetime", "campaign-day.csv", 1, "can not be had by day",
                "; the nearest is last-365d/campaign-day.csv");
    check_range("lifetime", "campaign-hour.csv", 1, "day or hour",
                "; the nearest is last-365d/campaign-hour.csv");
    check_range("lifetime", "campaign-total-age.csv", 1, "lifetime",
                "; the nearest is last-365d/campaign-total-age.csv");
    check_range("lifetime", "campaign-total-country.csv", 1, "by country",
                "; the nearest is last-365d/campaign-total-country.csv");
}

/* ---- what was meant ---- */

static void test_meant(void)
{
    static const char *const meant[] = {"campaign-year.csv", "campaign-", "ad-day.xlsx",
                                        "campain-day.csv",   "spend.csv", "campaign-day@spent"};
    static const char *const probed[] = {".git",
                                         ".hidden",
                                         "index.html",
                                         "desktop.ini",
                                         "campaign-day.json~",
                                         "package.json",
                                         "campaign",
                                         ".campaign-day.csv.swp",
                                         "HEAD",
                                         "4913",
                                         "Thumbs.db",
                                         "tsconfig.json",
                                         ".campaign-day.csv",
                                         "composer.json"};

    for (gsize i = 0; i < G_N_ELEMENTS(meant); i++)
        if (!query_name_is_meant(meant[i]))
            g_error("%s is not taken for a name that was meant", meant[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(probed); i++)
        if (query_name_is_meant(probed[i]))
            g_error("%s is taken for a name that was meant", probed[i]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/query/names-are-parsed", test_names);
    g_test_add_func("/query/all-words-go-together-but-for-the-rules-of-the-service",
                    test_all_words);
    g_test_add_func("/query/metrics-and-sets-in-the-order-written", test_metrics);
    g_test_add_func("/query/names-of-objects-come-before-what-was-asked-for",
                    test_names_of_objects);
    g_test_add_func("/query/sets-of-the-profile", test_own_sets);
    g_test_add_func("/query/other-names-are-refused-with-the-reason-and-the-nearest",
                    test_not_names);
    g_test_add_func("/query/default-names-are-of-the-grammar", test_default_names);
    g_test_add_func("/query/not-every-report-can-be-had-of-every-range", test_ranges);
    g_test_add_func("/query/what-programs-look-for-is-not-meant", test_meant);
    return g_test_run();
}
