/* SPDX-License-Identifier: MIT */
/* test-spent.c - 105 % of what was spent, never too little. */
#include "fs/spent.h"

#include "api/money.h"

static void check(const char *spent, guint decimals, const char *want)
{
    gint64 micros;
    g_autofree char *text = NULL;

    g_assert_true(money_parse(spent, &micros, NULL));
    text = money_format(spent_least(micros, decimals), decimals);
    g_assert_cmpstr(text, ==, want);
}

static void test_least(void)
{
    check("100", 2, "105.00");
    check("0", 2, "0.00");
    check("0.01", 2, "0.02");
    check("120.50", 2, "126.53");
    check("123.456789", 2, "129.63");
    check("100.20", 2, "105.21");
    check("5000", 0, "5250");
    check("5001", 0, "5252");
    check("1", 0, "2");
    /* More than can be counted is still an amount that the currency has. */
    g_assert_cmpint(spent_least(G_MAXINT64, 2), >, G_MAXINT64 - MONEY_UNIT);
    g_assert_cmpint(spent_least(G_MAXINT64, 0) % MONEY_UNIT, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/spent/least-is-105-percent-rounded-up", test_least);
    return g_test_run();
}
