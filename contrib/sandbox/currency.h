/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * currency.h - amounts are whole micro units (10^-6 of the major unit), and what a currency
 * demands of a budget. Doubles only occur where cJSON has already made one, and are checked to
 * mean exactly one amount.
 */
#include <cjson/cJSON.h>
#include <glib.h>

#define MICRO G_GINT64_CONSTANT(1000000)

typedef struct {
    char code[4];
    guint decimals;
    gint64 ratio; /* minima and maxima are base x ratio */
} Currency;

const Currency *currency_find(const char *code); /* one that the accounts use */
gint64 currency_minor(const Currency *currency); /* micros of the smallest amount */
gboolean currency_has_decimals(const Currency *currency, gint64 micros); /* no finer than allowed */

/* 100, 0.01, 75.5: a JSON number without trailing zeros. */
void currency_put(GString *out, gint64 micros);
/* Decimal text, at most six decimals, no exponent. */
gboolean currency_parse(const char *text, gint64 *ret_micros);
/* FALSE unless node is a number (not text that looks like one) with at most six decimals. */
gboolean currency_from_json(const cJSON *node, gint64 *ret_micros);
