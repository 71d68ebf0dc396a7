/* SPDX-License-Identifier: MIT */
/* options-amounts.c - "USD:1000 JPY:100000", as max_budget and max_bid take it. */
#include <string.h>

#include "api/money.h"
#include "fs/options-table.h"

static gboolean refuse_word(GError **error, const char *word, const char *why)
{
    return option_refuse(error, "'%.60s': %s", word, why);
}

static gboolean refuse_code(GError **error, const char *word, const char *code)
{
    g_autofree char *upper = g_ascii_strup(code, -1);

    if (currency_find(upper)->code[0] != '\0')
        return option_refuse(error, "'%.60s': currencies are written in capitals; write %s:AMOUNT",
                             word, upper);
    return option_refuse(error,
                         "'%.60s': %.20s is no currency that an account can have (USD, EUR, JPY …)",
                         word, *code != '\0' ? code : "nothing");
}

/* "USD:1000" */
static gboolean read_amount(const char *word, GuardAmount *ret, GError **error)
{
    const char *colon = strchr(word, ':');
    g_autofree char *code = g_strndup(word, colon != NULL ? (gsize)(colon - word) : 0);
    const Currency *currency = currency_find(code);

    if (colon == NULL)
        return refuse_word(error, word, "an amount is written with its currency, as USD:1000");
    if (currency->code[0] == '\0')
        return refuse_code(error, word, code);
    if (!money_parse(colon + 1, &ret->micros, NULL))
        return refuse_word(error, word,
                           "after the colon come digits, perhaps a point and decimals,"
                           " and the next amount after a blank");
    if (!money_fits(ret->micros, currency))
        return option_refuse(error, "'%.60s': %s has %u decimals", word, code, currency->decimals);
    if (ret->micros == 0)
        return refuse_word(error, word,
                           "0 would let nothing through; writable = false forbids all changes");
    memcpy(ret->currency, currency->code, sizeof ret->currency);
    return TRUE;
}

static gboolean is_named(const GArray *amounts, const char *currency)
{
    for (guint i = 0; i < amounts->len; i++)
        if (strcmp(g_array_index(amounts, GuardAmount, i).currency, currency) == 0)
            return TRUE;
    return FALSE;
}

gboolean option_amounts(const char *text, GuardAmount **ret, GError **error)
{
    g_auto(GStrv) words = g_strsplit_set(text, " \t", -1);
    g_autoptr(GArray) amounts = g_array_new(TRUE, TRUE, sizeof(GuardAmount));

    *ret = NULL;
    if (strcmp(text, "none") == 0)
        return TRUE;
    for (char **word = words; *word != NULL; word++) {
        GuardAmount amount = {0};

        if (**word == '\0')
            continue;
        if (!read_amount(*word, &amount, error))
            return FALSE;
        if (is_named(amounts, amount.currency))
            return refuse_word(error, *word, "this currency is named twice");
        g_array_append_val(amounts, amount);
    }
    if (amounts->len == 0)
        return option_refuse(error, "nothing is named; write amounts as USD:1000 JPY:100000, or "
                                    "none");
    *ret = (GuardAmount *)(void *)g_array_free(g_steal_pointer(&amounts), FALSE);
    return TRUE;
}

char *option_amounts_text(const GuardAmount *amounts)
{
    GString *out = g_string_new(NULL);

    for (; amounts != NULL && amounts->micros != 0; amounts++) {
        g_autofree char *amount =
            money_format(amounts->micros, currency_find(amounts->currency)->decimals);

        g_string_append_printf(out, "%s%s:%s", out->len > 0 ? " " : "", amounts->currency, amount);
    }
    return g_string_free(out, FALSE);
}
