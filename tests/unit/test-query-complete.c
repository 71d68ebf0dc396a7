/* SPDX-License-Identifier: MIT */
/* test-query-complete.c - what a path below reports/ can go on to. */
#include "fs/query.h"

#include <string.h>

#define NOW (G_GINT64_CONSTANT(1795435200) * G_USEC_PER_SEC) /* 2026-11-23T12:00:00Z */

/* The words, without the directories before them, with a blank between two. */
static char *complete(const char *path)
{
    g_auto(GStrv) found = query_complete(path, NOW);
    gsize length = (gsize)(strrchr(path, '/') + 1 - path);
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; found[i] != NULL; i++) {
        g_assert_cmpint(strncmp(found[i], path, strlen(path)), ==, 0);
        g_string_append_printf(text, "%s%s", i > 0 ? " " : "", found[i] + length);
    }
    return g_strdup(text->str);
}

static void check(const char *path, const char *expected)
{
    g_autofree char *found = complete(path);

    if (strcmp(found, expected) != 0)
        g_error("%s: got '%s', wanted '%s'", path, found, expected);
}

static void check_has(const char *path, const char *word, gboolean has)
{
    g_autofree char *found = complete(path);
    g_auto(GStrv) words = g_strsplit(found, " ", -1);

    if (g_strv_contains((const char *const *)words, word) != has)
        g_error("%s: %s %s, among: %s", path, word, has ? "is not" : "is", found);
}

static void test_ranges(void)
{
    check("/m/701/reports/", "today/ yesterday/ last-7d/ last-30d/ this-month/ last-month/ "
                             "lifetime/ of/ metrics.tsv");
    check("/m/701/reports/la", "last-7d/ last-30d/ last-month/");
    check("/m/701/reports/2026-1", "2026-11/ 2026-10/");
    check("/m/701/reports/2025-", "2025-12/ 2025-11/");
    check("reports/y", "yesterday/");
    check("/m/701/reports/of/", ""); /* ids are not of the grammar */
    check("/m/701/reports/of/1798/t", "today/ this-month/");
    check("/m/business-centers/699/reports/l", "last-7d/ last-30d/ last-month/ lifetime/");
    check("/m/business-centers/699/reports/o", "");
}

static void test_levels(void)
{
    check("/m/701/reports/last-30d/", "advertiser- campaign- adgroup- ad-");
    check("/m/701/reports/last-30d/camp", "campaign-");
    check("/m/701/reports/2026-11-05/ad", "advertiser- adgroup- ad-");
    check("/m/701/reports/of/1798/today/", "campaign- adgroup- ad-");
    check("/m/business-centers/699/reports/today/", "advertiser-");
}

static void test_grains(void)
{
    check("/m/701/reports/last-30d/campaign-", "campaign-total campaign-day campaign-hour");
    check("/m/701/reports/last-30d/campaign-d", "campaign-day");
    check("/m/business-centers/699/reports/today/advertiser-", "advertiser-total advertiser-day");
}

static void test_the_rest(void)
{
    check("/m/701/reports/last-30d/campaign-day",
          "campaign-day.json campaign-day.ndjson campaign-day.csv campaign-day.tsv "
          "campaign-day.html campaign-day@ "
          "campaign-day-age campaign-day-age-gender campaign-day-country campaign-day-device "
          "campaign-day-gender campaign-day-interest campaign-day-language campaign-day-placement "
          "campaign-day-platform campaign-day-province");
    check("/m/701/reports/last-30d/campaign-day.",
          "campaign-day.json campaign-day.ndjson "
          "campaign-day.csv campaign-day.tsv campaign-day.html");
    check("/m/701/reports/last-30d/campaign-day.c", "campaign-day.csv");
    check("/m/701/reports/last-30d/campaign-day.csv", "");
    check("/m/701/reports/last-30d/campaign-day-age",
          "campaign-day-age.json campaign-day-age.ndjson campaign-day-age.csv "
          "campaign-day-age.tsv campaign-day-age.html campaign-day-age@ campaign-day-age-gender");
    check("/m/701/reports/last-30d/campaign-day-age-g", "campaign-day-age-gender");
    check("/m/701/reports/last-30d/campaign-hour-", "campaign-hour-country");
    check("/m/business-centers/699/reports/today/advertiser-total-", "advertiser-total-country");
    check("/m/business-centers/699/reports/today/advertiser-day-", "");
}

static void test_metrics(void)
{
    check("/m/701/reports/today/campaign-day@cor", "campaign-day@core");
    check_has("/m/701/reports/today/campaign-day@", "campaign-day@spend", TRUE);
    check_has("/m/701/reports/today/campaign-day@", "campaign-day@all-basic", TRUE);
    check_has("/m/701/reports/today/campaign-day@spend", "campaign-day@spend,", TRUE);
    check_has("/m/701/reports/today/campaign-day@spend", "campaign-day@spend.csv", TRUE);
    check_has("/m/701/reports/today/campaign-day@spend,re", "campaign-day@spend,reach", TRUE);
    /* Neither what is there already nor what can not be had so. */
    check_has("/m/701/reports/today/campaign-day@spend,", "campaign-day@spend,spend", FALSE);
    check_has("/m/701/reports/today/campaign-day-age@", "campaign-day-age@spend", TRUE);
    check_has("/m/701/reports/today/campaign-day-age@", "campaign-day-age@reach", FALSE);
    check("/m/701/reports/today/campaign-day@spend,clicks.cs", "campaign-day@spend,clicks.csv");
}

static void test_elsewhere(void)
{
    check("/m/701/campaigns/", "");
    check("/m/701/reports/nonsense/camp", "");
    check("/m/701/reports/2026-13/camp", "");
    check("/m/701/reports/today/x/camp", "");
    check("/m/701/reports-old/camp", "");
    check("/m/701/reports/today/campaign-year", "");
    check("/m/701/reports/today/campaign-day-nonsense@sp", "");
    check("/home/reports/me/ads/701/reports/yest", "yesterday/"); /* the last one counts */
}

static void test_words(void)
{
    g_autoptr(GString) words = g_string_new(NULL);
    static const char *const lines[] = {
        "range\tlast-30d\n", "level\tcampaign\n", "grain\thour\n",   "breakdown\tage-gender\n",
        "set\t@core\n",      "metric\tspend\n",   "format\tndjson\n"};

    query_words(words);
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++)
        if (strstr(words->str, lines[i]) == NULL)
            g_error("there is no %s", lines[i]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/query-complete/ranges", test_ranges);
    g_test_add_func("/query-complete/levels", test_levels);
    g_test_add_func("/query-complete/grains", test_grains);
    g_test_add_func("/query-complete/breakdowns-lists-and-formats", test_the_rest);
    g_test_add_func("/query-complete/metrics-that-go-together", test_metrics);
    g_test_add_func("/query-complete/nothing-elsewhere", test_elsewhere);
    g_test_add_func("/query-complete/all-words-there-are", test_words);
    return g_test_run();
}
