/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * money.h - amounts and currencies. An amount is decimal text outside and a whole number of
 * micro units (10^-6 of the major unit) inside; it never passes through a double.
 */
#include <glib.h>

#include "api/object.h"

enum { MONEY_UNIT = 1000000 };

/* A row of the API's currency table. Unknown codes get a row of two decimals and no minima. */
typedef struct {
    char code[4];
    guint decimals;
    gint64 ratio; /* "Budget Verification Ratio": minima are base x ratio; 0 = not known */
} Currency;

const Currency *currency_find(const char *code); /* never NULL; code may be NULL */

/* No zeros before the digits: nobody means such an amount; it was to be 500 or 5000, or octal.
   money_parse() takes it: services have sent stranger things. */
gboolean money_is_plain(const char *text);

/* What a person writes: digits, optionally a point and at most six digits. No sign, no exponent,
   no blanks. API_ERROR_INVALID otherwise. */
gboolean money_parse(const char *text, gint64 *ret_micros, GError **error);

/* What the service writes: a JSON number (also 100.0 or 1E2) or a string holding one.
   FALSE when it is neither or does not fit. */
gboolean money_from_json(const char *raw, gint64 *ret_micros);

/* 500.00 with two decimals, 500 with none; never rounds: more digits than decimals are kept. */
char *money_format(gint64 micros, guint decimals);

gboolean money_fits(gint64 micros, const Currency *currency); /* has no more decimals */

/* The least a budget may be, in micros; 0 when the table does not say. mode: BUDGET_MODE_*;
   kind: KIND_CAMPAIGN or KIND_ADGROUP; shop: it sells products of a TikTok shop or showcase; days:
   that an ad group is scheduled for, 1 or more, which its lifetime budget has to do for.
   (tiktok business api, money rules) */
gint64 money_minimum_budget(const Currency *currency, ObjectKind kind, const char *mode,
                            gboolean shop, guint days);
/* The first amount that is too much, in micros; 0 when the table does not say. */
gint64 money_budget_limit(const Currency *currency);
