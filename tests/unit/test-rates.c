/* SPDX-License-Identifier: MIT */
/* test-rates.c - the limits of each tier are those of the service's own list, as it was recorded:
   of the app as a whole, and of the endpoints that have limits of their own. */
#include <string.h>

#include "api/limit.h"
#include "fs/options-table.h"
#include "tests/unit/recorded.h"

static const char *const tiers[] = {"basic", "advanced", "premium", "ultimate", NULL};

static guint tier_of(const char *word)
{
    for (guint i = 0; tiers[i] != NULL; i++)
        if (g_str_equal(tiers[i], word))
            return i;
    g_assert_not_reached();
}

static Rates app_rates(const char *tier)
{
    Options options = {0};

    g_assert_true(option_set(option_find("tier"), tier, NULL, &options, NULL));
    return (Rates){options.qps, options.qpm, options.qpd};
}

/* FALSE: an endpoint that is not used. */
static gboolean rates_of(const char *endpoint, const char *tier, Rates *ret)
{
    if (g_str_equal(endpoint, "*"))
        *ret = app_rates(tier);
    else if (g_str_equal(endpoint, "/report/task/create/"))
        *ret = *rates_own(BUCKET_REPORT_TASK, tier_of(tier));
    else if (g_str_equal(endpoint, "/ad/create/"))
        *ret = *rates_own(BUCKET_AD_CREATE, tier_of(tier));
    else
        return FALSE;
    return TRUE;
}

static void test_tiers(void)
{
    g_auto(GStrv) rows = recorded_rows("rate_limits.tsv", "endpoint\ttier\tqps\tqpm\tqpd\n");
    guint n = 0;

    for (char **row = rows; row != NULL && *row != NULL; row++) {
        g_auto(GStrv) cells = g_strsplit(*row, "\t", -1);
        Rates rates;

        g_assert_cmpuint(g_strv_length(cells), >=, 5);
        if (!rates_of(cells[0], cells[1], &rates))
            continue;
        g_test_message("%s", *row);
        g_assert_cmpuint(rates.qps, ==, recorded_number(cells[2]));
        g_assert_cmpuint(rates.qpm, ==, recorded_number(cells[3]));
        g_assert_cmpuint(rates.qpd, ==, recorded_number(cells[4]));
        n++;
    }
    if (rows != NULL)
        g_assert_cmpuint(n, ==, 3 * 4);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rates/each-tier-is-as-recorded", test_tiers);
    return g_test_run();
}
