/* SPDX-License-Identifier: MIT */
/* fuzz-options.c - max_budget and max_bid: what is taken says the same when it is written again. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "api/money.h"
#include "fs/options-table.h"

const char *const fuzz_words[] = {"USD:", "JPY:", "EUR:5", " ", "\t", "none", ":", "XXX:1", NULL};

static void check_amounts(const GuardAmount *amounts)
{
    guint n = 0;

    for (; amounts[n].micros != 0; n++) {
        const Currency *currency = currency_find(amounts[n].currency);

        g_assert_cmpint(amounts[n].micros, >, 0);
        g_assert_cmpstr(currency->code, ==, amounts[n].currency);
        g_assert_true(money_fits(amounts[n].micros, currency));
        for (guint i = 0; i < n; i++)
            g_assert_cmpstr(amounts[i].currency, !=, amounts[n].currency);
    }
    g_assert_cmpuint(n, >, 0);
}

void fuzz_one(const char *text, gsize size)
{
    g_autoptr(GError) error = NULL;
    g_autofree GuardAmount *amounts = NULL, *again = NULL;
    g_autofree char *first = NULL, *second = NULL;

    if (!option_amounts(text, &amounts, &error)) {
        g_assert_nonnull(error);
        g_assert_null(amounts);
        return;
    }
    fuzz_taken++;
    g_assert_no_error(error);
    if (amounts == NULL) {
        g_assert_cmpstr(text, ==, "none");
        return;
    }
    check_amounts(amounts);
    first = option_amounts_text(amounts);
    g_assert_true(option_amounts(first, &again, NULL));
    second = option_amounts_text(again);
    g_assert_cmpstr(first, ==, second);
}
