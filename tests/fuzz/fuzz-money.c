/* SPDX-License-Identifier: MIT */
/* fuzz-money.c - amounts: what is taken is plain decimal text, and is the same amount when it is
   written and read again. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "api/money.h"

const char *const fuzz_words[] = {
    "0",  "00", "000000", "9223372036854", "9223372036854.775807", ".", "e9", "E-3", "0x", "inf",
    "\"", "-",  "+",      "\xd9\xa3",      "\xef\xbc\x95",         NULL};

/* As money.h says it, put another way. */
static gboolean is_plain(const char *text)
{
    gsize whole = strspn(text, "0123456789");
    gsize part = text[whole] == '.' ? strspn(text + whole + 1, "0123456789") : 0;

    if (whole == 0 || (text[whole] == '.' && (part == 0 || part > 6)))
        return FALSE;
    return text[whole + part + (text[whole] == '.')] == '\0';
}

static void parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    gint64 micros = -1, again = -1;

    if (!money_parse(text, &micros, &error)) {
        g_assert_nonnull(error);
        g_assert_cmpint(micros, ==, -1);
        return;
    }
    fuzz_taken++;
    g_assert_no_error(error);
    g_assert_true(is_plain(text));
    g_assert_cmpint(micros, >=, 0);
    for (guint decimals = 0; decimals <= 6; decimals++) {
        g_autofree char *shown = money_format(micros, decimals);

        g_assert_true(is_plain(shown));
        g_assert_true(money_parse(shown, &again, NULL));
        g_assert_cmpint(again, ==, micros);
        g_assert_true(money_from_json(shown, &again));
        g_assert_cmpint(again, ==, micros);
    }
}

/* What the service may write is more, also what is below 0. */
static void from_json(const char *text)
{
    gint64 micros, again;
    g_autofree char *shown = NULL;

    if (!money_from_json(text, &micros))
        return;
    shown = money_format(micros, 2);
    g_assert_true(money_from_json(shown, &again));
    g_assert_cmpint(again, ==, micros);
}

void fuzz_one(const char *text, gsize size)
{
    parse(text);
    from_json(text);
}
