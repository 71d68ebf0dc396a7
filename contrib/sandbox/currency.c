/* SPDX-License-Identifier: MIT */
/* currency.c - micro amounts to and from JSON, and the table of currencies. */
#include "currency.h"

#include <string.h>

/* clang-format off */
static const Currency currencies[] = {
    {"BRL", 2, 1},
    {"CHF", 2, 1},
    {"EUR", 2, 1},
    {"GBP", 2, 1},
    {"JPY", 0, 100},
    {"KRW", 0, 1000},
    {"USD", 2, 1},
};
/* clang-format on */

const Currency *currency_find(const char *code)
{
    for (gsize i = 0; i < G_N_ELEMENTS(currencies); i++) {
        if (strcmp(currencies[i].code, code) == 0)
            return &currencies[i];
    }
    g_assert_not_reached();
}

gint64 currency_minor(const Currency *currency)
{
    gint64 minor = MICRO;

    for (guint i = 0; i < currency->decimals; i++)
        minor /= 10;
    return minor;
}

gboolean currency_has_decimals(const Currency *currency, gint64 micros)
{
    return micros % currency_minor(currency) == 0;
}

void currency_put(GString *out, gint64 micros)
{
    if (micros < 0)
        g_string_append_c(out, '-');
    micros = ABS(micros);
    g_string_append_printf(out, "%" G_GINT64_FORMAT, micros / MICRO);
    if (micros % MICRO == 0)
        return;

    g_string_append_printf(out, ".%06" G_GINT64_FORMAT, micros % MICRO);
    while (out->str[out->len - 1] == '0')
        g_string_truncate(out, out->len - 1);
}

gboolean currency_parse(const char *text, gint64 *ret_micros)
{
    gboolean negative = *text == '-';
    gint64 micros = 0;
    int decimals = -1;

    for (const char *p = text + (negative ? 1 : 0); *p != '\0'; p++) {
        if (*p == '.' && decimals < 0 && p != text) {
            decimals = 0;
            continue;
        }
        if (!g_ascii_isdigit(*p) || decimals == 6 || micros > G_MAXINT64 / 10 - 1)
            return FALSE;
        micros = micros * 10 + g_ascii_digit_value(*p);
        decimals += decimals >= 0;
    }
    for (decimals = MAX(decimals, 0); decimals < 6; decimals++) {
        if (micros > G_MAXINT64 / 10)
            return FALSE;
        micros *= 10;
    }

    *ret_micros = negative ? -micros : micros;
    return TRUE;
}

/* A double holds 15 decimal digits for certain, which is what amounts below 10^9 with six decimals
   need; so the text of six decimals is what was sent, if it gives the same double again. */
gboolean currency_from_json(const cJSON *node, gint64 *ret_micros)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    if (!cJSON_IsNumber(node) || !(ABS(node->valuedouble) < 1e12))
        return FALSE;

    g_ascii_formatd(text, sizeof text, "%.6f", node->valuedouble);
    return g_ascii_strtod(text, NULL) == node->valuedouble && currency_parse(text, ret_micros);
}
