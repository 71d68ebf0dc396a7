/* SPDX-License-Identifier: MIT */
/*
 * money.c - decimal text to and from whole micro units, digit by digit. What does not fit exactly
 * is refused, never rounded. (tiktok business api, money rules)
 */
#include "api/money.h"

#include <stdlib.h>
#include <string.h>

#include "api/error.h"

enum { MONEY_DIGITS = 6, EXPONENT_MAX = 40 };

enum { CAMPAIGN_LEAST = 50, ADGROUP_LEAST = 20, SHOP_LEAST = 10, BUDGET_END = 10000000 };
enum { DAYS_MAX = 36500 };

/*
 * Where the ratio is not known it is 0: then the minimum is that of ratio 1, which no currency
 * goes below, and there is no maximum. The service itself refuses what is too small or too much.
 */
/* clang-format off */
static const Currency currencies[] = {
    {"AED", 2, 0}, {"ARS", 2, 0}, {"AUD", 2, 1}, {"BDT", 2, 0}, {"BGN", 2, 0},
    {"BHD", 2, 0}, {"BIF", 0, 0}, {"BOB", 2, 0}, {"BRL", 2, 0}, {"CAD", 2, 1},
    {"CHF", 2, 1}, {"CLP", 0, 0}, {"CNY", 2, 0}, {"COP", 2, 0}, {"CRC", 2, 0},
    {"CZK", 2, 0}, {"DKK", 2, 0}, {"DZD", 2, 0}, {"EGP", 2, 0}, {"EUR", 2, 1},
    {"GBP", 2, 1}, {"GTQ", 2, 0}, {"HKD", 2, 0}, {"HNL", 2, 0}, {"HUF", 2, 0},
    {"IDR", 2, 0}, {"ILS", 2, 0}, {"INR", 2, 0}, {"IQD", 2, 0}, {"ISK", 0, 0},
    {"JOD", 2, 0}, {"JPY", 0, 100}, {"KES", 2, 0}, {"KHR", 2, 0}, {"KRW", 0, 0},
    {"KWD", 2, 0}, {"KZT", 2, 0}, {"LBP", 2, 0}, {"MAD", 2, 0}, {"MOP", 2, 0},
    {"MXN", 2, 0}, {"MYR", 2, 0}, {"NGN", 2, 0}, {"NIO", 2, 0}, {"NOK", 2, 0},
    {"NZD", 2, 1}, {"OMR", 2, 0}, {"PEN", 2, 0}, {"PHP", 2, 0}, {"PKR", 2, 0},
    {"PLN", 2, 0}, {"PYG", 0, 0}, {"QAR", 2, 0}, {"RON", 2, 0}, {"RSD", 2, 0},
    {"RUB", 2, 0}, {"SAR", 2, 0}, {"SEK", 2, 0}, {"SGD", 2, 1}, {"THB", 2, 0},
    {"TRY", 2, 0}, {"TWD", 2, 0}, {"UAH", 2, 0}, {"USD", 2, 1}, {"UYU", 2, 0},
    {"UZS", 2, 0}, {"VND", 0, 0}, {"ZAR", 2, 0},
};
/* clang-format on */

static const Currency unknown_currency = {"", 2, 0};

static int compare(const void *code, const void *row)
{
    return strcmp(code, ((const Currency *)row)->code);
}

const Currency *currency_find(const char *code)
{
    const Currency *row = NULL;

    if (code != NULL)
        row = bsearch(code, currencies, G_N_ELEMENTS(currencies), sizeof currencies[0], compare);
    return row != NULL ? row : &unknown_currency;
}

/* value * 10 + digit, unless that does not fit. */
static gboolean add_digit(gint64 *value, char digit)
{
    return !__builtin_mul_overflow(*value, 10, value) &&
           !__builtin_add_overflow(*value, digit - '0', value);
}

static gboolean shift(gint64 *value, int digits)
{
    for (; *value != 0 && digits > 0; digits--)
        if (!add_digit(value, '0'))
            return FALSE;
    for (; *value != 0 && digits < 0; digits++) {
        if (*value % 10 != 0)
            return FALSE;
        *value /= 10;
    }
    return TRUE;
}

/* Digits, perhaps with a point among them; *ret_scale is how many follow it. Returns what is
   left, or NULL. Zeros at the end of the fraction count for nothing. */
static const char *read_digits(const char *text, gint64 *ret_value, int *ret_scale)
{
    const char *point = NULL, *end = text + strspn(text, "0123456789");

    if (end == text)
        return NULL;
    if (*end == '.') {
        point = end;
        end = point + 1 + strspn(point + 1, "0123456789");
        if (end == point + 1)
            return NULL;
    }

    const char *last = end;
    while (point != NULL && last > point + 1 && last[-1] == '0')
        last--;
    *ret_value = 0;
    for (const char *at = text; at < last; at++)
        if (at != point && !add_digit(ret_value, *at))
            return NULL;
    *ret_scale = point != NULL ? (int)(last - point - 1) : 0;
    return end;
}

gboolean money_is_plain(const char *text)
{
    return text[0] != '0' || !g_ascii_isdigit(text[1]);
}

gboolean money_parse(const char *text, gint64 *ret_micros, GError **error)
{
    const char *point = strchr(text, '.');
    gint64 value = 0;
    int scale = 0;
    const char *end = read_digits(text, &value, &scale);

    if (end == NULL || *end != '\0' || (point != NULL && strlen(point + 1) > MONEY_DIGITS) ||
        !shift(&value, MONEY_DIGITS - scale)) {
        g_propagate_error(error, api_error_new(API_ERROR_INVALID, 0, NULL,
                                               "'%.40s' is not an amount: digits, perhaps a point "
                                               "and at most six digits",
                                               text));
        return FALSE;
    }
    *ret_micros = value;
    return TRUE;
}

/* After the digits: nothing, or e and a whole number. Beyond EXPONENT_MAX only 0 fits anyway. */
static gboolean read_exponent(const char *text, int *ret)
{
    gboolean minus = FALSE;
    int exponent = 0;

    *ret = 0;
    if (*text == '\0')
        return TRUE;
    if (*text != 'e' && *text != 'E')
        return FALSE;
    text++;
    if (*text == '+' || *text == '-')
        minus = *text++ == '-';
    if (*text == '\0')
        return FALSE;
    for (; *text >= '0' && *text <= '9'; text++)
        exponent = MIN(exponent * 10 + (*text - '0'), EXPONENT_MAX);
    *ret = minus ? -exponent : exponent;
    return *text == '\0';
}

static gboolean number_to_micros(const char *text, gint64 *ret_micros)
{
    gboolean minus = *text == '-';
    gint64 value = 0;
    int scale = 0, exponent = 0;
    const char *rest = read_digits(text + (minus ? 1 : 0), &value, &scale);

    if (rest == NULL || !read_exponent(rest, &exponent) ||
        !shift(&value, MONEY_DIGITS - scale + exponent))
        return FALSE;
    *ret_micros = minus ? -value : value;
    return TRUE;
}

gboolean money_from_json(const char *raw, gint64 *ret_micros)
{
    gsize length = strlen(raw);

    if (raw[0] != '"')
        return number_to_micros(raw, ret_micros);
    if (length < 3 || raw[length - 1] != '"')
        return FALSE;

    g_autofree char *text = g_strndup(raw + 1, length - 2);
    return number_to_micros(text, ret_micros);
}

char *money_format(gint64 micros, guint decimals)
{
    guint64 size = micros < 0 ? -(guint64)micros : (guint64)micros;
    char fraction[MONEY_DIGITS + 1];
    gsize n = MONEY_DIGITS;

    g_snprintf(fraction, sizeof fraction, "%06u", (guint)(size % MONEY_UNIT));
    while (n > decimals && fraction[n - 1] == '0')
        n--;
    fraction[n] = '\0';
    return g_strdup_printf("%s%" G_GUINT64_FORMAT "%s%s", micros < 0 ? "-" : "", size / MONEY_UNIT,
                           n > 0 ? "." : "", fraction);
}

gboolean money_fits(gint64 micros, const Currency *currency)
{
    gint64 step = MONEY_UNIT;

    for (guint i = 0; i < currency->decimals; i++)
        step /= 10;
    return micros % step == 0;
}

gint64 money_minimum_budget(const Currency *currency, ObjectKind kind, const char *mode,
                            gboolean shop, guint days)
{
    static const char *const modes[] = {"BUDGET_MODE_DAY", "BUDGET_MODE_TOTAL",
                                        "BUDGET_MODE_DYNAMIC_DAILY_BUDGET", NULL};
    gint64 base = kind == KIND_CAMPAIGN ? CAMPAIGN_LEAST : kind == KIND_ADGROUP ? ADGROUP_LEAST : 0;

    if (currency->code[0] == '\0' || mode == NULL || !g_strv_contains(modes, mode))
        return 0;
    if (shop)
        base = MIN(base, SHOP_LEAST);
    if (kind == KIND_ADGROUP && strcmp(mode, "BUDGET_MODE_TOTAL") == 0)
        base *= CLAMP(days, 1, DAYS_MAX);
    return base * MAX(currency->ratio, 1) * MONEY_UNIT;
}

gint64 money_budget_limit(const Currency *currency)
{
    return currency->ratio * BUDGET_END * MONEY_UNIT;
}
