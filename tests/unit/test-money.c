/* SPDX-License-Identifier: MIT */
/* test-money.c - amounts are exact or refused. */
#include "api/money.h"

#include <string.h>

#include "api/error.h"

static void test_parse(void)
{
    static const struct {
        const char *text;
        gint64 micros;
    } good[] = {
        {"500", 500000000},
        {"500.10", 500100000},
        {"0.000001", 1},
        {"007.5", 7500000},
        {"0", 0},
        {"9223372036854.775807", G_MAXINT64},
        {"1.100000", 1100000},
    };
    static const char *const bad[] = {
        "",
        ".",
        "5.",
        ".5",
        "-1",
        "+1",
        "1e3",
        " 1",
        "1 ",
        "1,5",
        "0x1",
        "1.0000000",
        "1.2.3",
        "9223372036854.775808",
        "99999999999999999999",
        "abc",
        "1\n",
        "٣",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
        gint64 micros = -1;

        g_assert_true(money_parse(good[i].text, &micros, NULL));
        g_assert_cmpint(micros, ==, good[i].micros);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        gint64 micros = 42;

        g_test_message("%s", bad[i]);
        g_assert_false(money_parse(bad[i], &micros, &error));
        g_assert_error(error, API_ERROR, API_ERROR_INVALID);
        g_assert_cmpint(micros, ==, 42);
    }
}

static void test_from_json(void)
{
    static const struct {
        const char *raw;
        gint64 micros;
    } good[] = {
        {"100", 100000000},   {"100.0", 100000000},
        {"1E2", 100000000},   {"\"500.10\"", 500100000},
        {"-3.5", -3500000},   {"0.0000010000", 1},
        {"12e-1", 1200000},   {"0e99", 0},
        {"1.5e+1", 15000000}, {"1000000000000e-12", 1000000},
    };
    static const char *const bad[] = {"\"-\"", "\"\"",          "null",   "true", "[1]",
                                      "{}",    "0.0000001",     "1e40",   "1e-7", "\"5",
                                      "1e",    "1e99999999999", "\"1\"2", "--1"};

    for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
        gint64 micros = -1;

        g_test_message("%s", good[i].raw);
        g_assert_true(money_from_json(good[i].raw, &micros));
        g_assert_cmpint(micros, ==, good[i].micros);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        gint64 micros;

        g_test_message("%s", bad[i]);
        g_assert_false(money_from_json(bad[i], &micros));
    }
}

static void check_format(gint64 micros, guint decimals, const char *expected)
{
    g_autofree char *text = money_format(micros, decimals);

    g_assert_cmpstr(text, ==, expected);
}

static void test_format(void)
{
    check_format(500000000, 2, "500.00");
    check_format(500000000, 0, "500");
    check_format(500100000, 0, "500.1");
    check_format(1, 2, "0.000001");
    check_format(-1500000, 2, "-1.50");
    check_format(G_MAXINT64, 2, "9223372036854.775807");
    check_format(G_MININT64, 2, "-9223372036854.775808");
}

static void test_round_trip(void)
{
    for (int i = 0; i < 10000; i++) {
        gint64 micros =
            ((gint64)g_test_rand_int_range(0, G_MAXINT32) << 32 | (guint32)g_test_rand_int()) &
            G_MAXINT64;
        g_autofree char *text = money_format(micros, (guint)g_test_rand_int_range(0, 7));
        gint64 back;

        g_assert_true(money_parse(text, &back, NULL));
        g_assert_cmpint(back, ==, micros);
    }
}

/* All codes found in the table, in the order of the alphabet: a row out of order is not found. */
static void test_table(void)
{
    guint n = 0;

    for (char a = 'A'; a <= 'Z'; a++)
        for (char b = 'A'; b <= 'Z'; b++)
            for (char c = 'A'; c <= 'Z'; c++) {
                char code[] = {a, b, c, '\0'};
                const Currency *row = currency_find(code);

                if (row->code[0] == '\0')
                    continue;
                g_assert_cmpstr(row->code, ==, code);
                g_assert_true(row->decimals <= 2);
                n++;
            }
    g_assert_cmpuint(n, ==, 68);
    g_assert_cmpuint(currency_find(NULL)->decimals, ==, 2);
    g_assert_cmpuint(currency_find("XXX")->decimals, ==, 2);
    g_assert_cmpuint(currency_find("KRW")->decimals, ==, 0);
    g_assert_cmpuint(currency_find("JPY")->decimals, ==, 0);
    g_assert_cmpuint(currency_find("EUR")->decimals, ==, 2);
}

/* ISO 4217 has these without decimals; of the others the service takes two at most. */
static void test_decimals(void)
{
    static const char *const none[] = {"BIF", "CLP", "ISK", "JPY", "KRW", "PYG", "VND", NULL};

    for (char a = 'A'; a <= 'Z'; a++)
        for (char b = 'A'; b <= 'Z'; b++)
            for (char c = 'A'; c <= 'Z'; c++) {
                char code[] = {a, b, c, '\0'};
                const Currency *row = currency_find(code);

                if (row->code[0] != '\0')
                    g_assert_cmpuint(row->decimals, ==, g_strv_contains(none, code) ? 0 : 2);
            }
}

static void test_fits(void)
{
    g_assert_true(money_fits(10000, currency_find("USD")));
    g_assert_false(money_fits(9999, currency_find("USD")));
    g_assert_false(money_fits(1, currency_find("USD")));
    g_assert_true(money_fits(MONEY_UNIT, currency_find("JPY")));
    g_assert_false(money_fits(MONEY_UNIT / 2, currency_find("JPY")));
    g_assert_true(money_fits(0, currency_find("JPY")));
}

/* Only an ad group's lifetime budget has to do for all of its days. */
static void test_days(void)
{
    const Currency *jpy = currency_find("JPY");

    g_assert_cmpint(money_minimum_budget(jpy, KIND_ADGROUP, "BUDGET_MODE_TOTAL", FALSE, 30), ==,
                    G_GINT64_CONSTANT(60000) * MONEY_UNIT);
    g_assert_cmpint(money_minimum_budget(jpy, KIND_ADGROUP, "BUDGET_MODE_TOTAL", TRUE, 3), ==,
                    G_GINT64_CONSTANT(3000) * MONEY_UNIT);
    g_assert_cmpint(money_minimum_budget(jpy, KIND_ADGROUP, "BUDGET_MODE_DAY", FALSE, 30), ==,
                    G_GINT64_CONSTANT(2000) * MONEY_UNIT);
    g_assert_cmpint(money_minimum_budget(jpy, KIND_CAMPAIGN, "BUDGET_MODE_TOTAL", FALSE, 30), ==,
                    G_GINT64_CONSTANT(5000) * MONEY_UNIT);
    /* However many they are, it is an amount. */
    g_assert_cmpint(money_minimum_budget(jpy, KIND_ADGROUP, "BUDGET_MODE_TOTAL", FALSE, G_MAXUINT),
                    >, 0);
}

static void check_minimum(const char *code, ObjectKind kind, const char *mode, gint64 expected)
{
    g_assert_cmpint(money_minimum_budget(currency_find(code), kind, mode, FALSE, 1), ==,
                    expected * MONEY_UNIT);
}

static void test_minima(void)
{
    check_minimum("USD", KIND_CAMPAIGN, "BUDGET_MODE_DAY", 50);
    check_minimum("USD", KIND_CAMPAIGN, "BUDGET_MODE_DYNAMIC_DAILY_BUDGET", 50);
    check_minimum("USD", KIND_CAMPAIGN, "BUDGET_MODE_INFINITE", 0);
    g_assert_cmpint(
        money_minimum_budget(currency_find("USD"), KIND_ADGROUP, "BUDGET_MODE_DAY", TRUE, 1), ==,
        10 * MONEY_UNIT);
    check_minimum("USD", KIND_CAMPAIGN, NULL, 0);
    check_minimum("JPY", KIND_CAMPAIGN, "BUDGET_MODE_TOTAL", 5000);
    check_minimum("JPY", KIND_ADGROUP, "BUDGET_MODE_DAY", 2000);
    check_minimum("EUR", KIND_ADGROUP, "BUDGET_MODE_TOTAL", 20);
    check_minimum("KRW", KIND_CAMPAIGN, "BUDGET_MODE_DAY", 50);
    check_minimum("XXX", KIND_CAMPAIGN, "BUDGET_MODE_DAY", 0);
    check_minimum("USD", KIND_AD, "BUDGET_MODE_DAY", 0);
    g_assert_cmpint(money_budget_limit(currency_find("USD")), ==,
                    G_GINT64_CONSTANT(10000000000000));
    g_assert_cmpint(money_budget_limit(currency_find("JPY")), ==,
                    G_GINT64_CONSTANT(1000000000000000));
    g_assert_cmpint(money_budget_limit(currency_find("KRW")), ==, 0);
    g_assert_cmpint(money_budget_limit(currency_find("XXX")), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/money/what-a-person-writes", test_parse);
    g_test_add_func("/money/what-the-service-writes", test_from_json);
    g_test_add_func("/money/format-never-rounds", test_format);
    g_test_add_func("/money/text-and-back-is-the-same", test_round_trip);
    g_test_add_func("/money/currencies-are-sorted-and-unique", test_table);
    g_test_add_func("/money/decimals-are-those-of-iso-4217", test_decimals);
    g_test_add_func("/money/an-amount-has-no-more-decimals-than-its-currency", test_fits);
    g_test_add_func("/money/minima", test_minima);
    g_test_add_func("/money/a-lifetime-minimum-is-of-all-days", test_days);
    return g_test_run();
}
