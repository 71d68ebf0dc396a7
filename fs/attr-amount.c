/* SPDX-License-Identifier: MIT */
/* attr-amount.c - what may be written as a budget or a bid: digits of the currency, in the range
   that the service has for the object. */
#include <string.h>

#include "api/error.h"
#include "cache/day.h"
#include "fs/attr.h"

/* Budgets for midnight are not taken any more five minutes before it. */
enum { CLOSED_S = 300 };

typedef struct {
    gint64 micros;
    gboolean force;
    gboolean later; /* " at midnight" */
} Amount;

/* ---- text ---- */

/* What a character is that no amount has. */
static const char *character_problem(const char *at, const char *text)
{
    gunichar c = g_utf8_get_char(at);

    if (c == '-' || c == '+' || c == 0x2212)
        return "a sign";
    if (c == '!')
        return "the ! stands once, directly behind the digits";
    if (c == ',' || c == '\'' || c == '_' || c == 0x2019)
        return "thousands are not separated, and decimals follow a point";
    if (c == '%')
        return "a percentage; write the amount";
    if (g_unichar_isspace(c))
        return "a blank";
    if ((c == 'e' || c == 'E') && at > text && g_ascii_isdigit(at[-1]))
        return "an exponent";
    if (g_unichar_isdigit(c))
        return "digits other than 0 to 9";
    if (g_unichar_type(c) == G_UNICODE_CURRENCY_SYMBOL || g_unichar_isalpha(c))
        return "a word or a currency; the amount stands alone, in the account's currency";
    return "a character that is no digit";
}

static const char *amount_problem(const char *digits)
{
    const char *other = digits + strspn(digits, "0123456789.");
    const char *point = strchr(digits, '.');

    if (*digits == '\0')
        return "no digits";
    if (*other != '\0')
        return character_problem(other, digits);
    if (!money_is_plain(digits))
        return "a zero before the digits; a slip of the finger, or another notation";
    if (point != NULL && strchr(point + 1, '.') != NULL)
        return "more than one point";
    if (point != NULL && (point == digits || point[1] == '\0'))
        return "a point has digits on both sides";
    return "more digits than an amount can have";
}

/* "750", "750.00", "750!", "750 at midnight", "750! at midnight" */
static gboolean parse_amount(const AttrRow *row, const AttrView *view, const char *text,
                             Amount *ret, GError **error)
{
    static const char at_midnight[] = " at midnight";
    g_autofree char *digits = g_strdup(text);
    gsize length;

    *ret = (Amount){.later = g_str_has_suffix(digits, at_midnight)};
    if (ret->later)
        digits[strlen(digits) - strlen(at_midnight)] = '\0';
    else if (strcasestr(text, "midnight") != NULL)
        return attr_invalid(row, view, text, "for midnight, write exactly as in \"60 at midnight\"",
                            error);
    length = strlen(digits);
    ret->force = length > 0 && digits[length - 1] == '!';
    if (ret->force)
        digits[length - 1] = '\0';
    return (money_is_plain(digits) && money_parse(digits, &ret->micros, NULL)) ||
           attr_invalid(row, view, text, amount_problem(digits), error);
}

static gboolean refuse_decimals(const AttrRow *row, const AttrView *view, const char *text,
                                GError **error)
{
    g_autofree char *quoted = attr_quote(text);
    g_autofree char *next = attr_next_step(row, view);

    g_propagate_error(error, api_error_new(API_ERROR_RANGE, 0, NULL,
                                           "%s: %s has more decimals than %s has, which is %u; %s",
                                           row->name, quoted, view->currency->code,
                                           view->currency->decimals, next));
    return FALSE;
}

/* "budget: 10.00 is WHAT 50.00 USD; NEXT" */
static gboolean refuse_range(const AttrRow *row, const AttrView *view, gint64 micros,
                             const char *what, gint64 bound, const char *next, GError **error)
{
    guint decimals = view->currency->decimals;
    g_autofree char *have = money_format(micros, decimals);
    g_autofree char *text = money_format(bound, decimals);

    g_propagate_error(error,
                      api_error_new(API_ERROR_RANGE, 0, NULL, "%s: %s is %s %s %s; %s", row->name,
                                    have, what, text, view->currency->code, next));
    return FALSE;
}

static AttrChange amount_change(const char *member, const Amount *amount, const AttrView *view)
{
    return (AttrChange){.member = member,
                        .value = money_format(amount->micros, view->currency->decimals),
                        .amount = TRUE,
                        .force = amount->force};
}

/* FALSE where the object has none. */
static gboolean has_amount(const Object *object, const char *member, gint64 *ret)
{
    const char *raw = object != NULL ? object_raw(object, member) : NULL;

    return raw != NULL && money_from_json(raw, ret);
}

/* What is there can be written back, in whatever range it is. A budget of 0 for midnight is none.
 */
static gboolean is_there(const AttrView *view, const char *member, const Amount *amount)
{
    gint64 have;

    return has_amount(view->object, member, &have) && have == amount->micros &&
           !(amount->later && have == 0);
}

/* ---- budgets ---- */

static gboolean has_mode(const AttrView *view, const char *mode)
{
    return g_strcmp0(object_text(view->object, "budget_mode"), mode) == 0;
}

/* Products sold in a TikTok shop or showcase have lower minima. Not every object says where from.
 */
static gboolean sells_in_shop(const AttrView *view)
{
    static const char *const shops[] = {"STORE", "SHOWCASE", NULL};
    const char *source = object_text(view->object, "product_source");

    if (source == NULL)
        source = object_text(view->object, "campaign_product_source");
    if (source != NULL)
        return g_strv_contains(shops, source);
    return g_strcmp0(object_text(view->object, "objective_type"), "PRODUCT_SALES") == 0;
}

/* Days that are begun count. 0: it does not say; an ad group that begins at once says when it would
   end, and does not mean it. */
static guint scheduled_days(const AttrView *view)
{
    const char *start = object_text(view->object, "schedule_start_time");
    const char *end = object_text(view->object, "schedule_end_time");
    const char *type = object_text(view->object, "schedule_type");
    guint first, last;

    if (start == NULL || end == NULL || g_strcmp0(type, "SCHEDULE_FROM_NOW") == 0)
        return 0;
    first = day_number(start);
    last = day_number(end);
    if (first == 0 || last < first)
        return 0;
    return last - first + (strcmp(end + DAY_LENGTH, start + DAY_LENGTH) > 0);
}

static gboolean check_least(const AttrRow *row, const AttrView *view, gint64 micros, GError **error)
{
    const char *mode = object_text(view->object, "budget_mode");
    gboolean shop = sells_in_shop(view);
    guint days = view->kind == KIND_ADGROUP ? MAX(scheduled_days(view), 1) : 1;
    gint64 least = money_minimum_budget(view->currency, view->kind, mode, shop, days);
    g_autofree char *next = NULL;

    if (micros >= least)
        return TRUE;
    if (days > 1 && has_mode(view, "BUDGET_MODE_TOTAL"))
        next = g_strdup_printf("a lifetime budget has to do for its %u scheduled days; write at "
                               "least that",
                               days);
    return refuse_range(row, view, micros, "below the minimum of", least,
                        next != NULL ? next : "write at least that", error);
}

static gboolean check_budget(const AttrRow *row, const AttrView *view, gint64 micros,
                             GError **error)
{
    gint64 limit = money_budget_limit(view->currency);
    gint64 bid;

    if (!check_least(row, view, micros, error))
        return FALSE;
    if (limit > 0 && micros >= limit)
        return refuse_range(row, view, micros, "not below the limit of", limit, "write less",
                            error);
    if (view->kind == KIND_ADGROUP && attr_has_bid(view) &&
        has_amount(view->object, attr_bid_field(view), &bid) && bid > 0 && micros <= bid)
        return refuse_range(row, view, micros, "not above the ad group's bid of", bid,
                            "write more, or lower the bid first", error);
    return TRUE;
}

/* Daily and dynamic budgets of ad groups can be planned, everything else is set at once. */
static gboolean check_later(const AttrRow *row, const AttrView *view, const char *text,
                            GError **error)
{
    if (view->kind == KIND_ADGROUP && has_mode(view, "BUDGET_MODE_TOTAL"))
        return attr_invalid(row, view, text,
                            "a lifetime budget takes effect at once; write it without \" at "
                            "midnight\"",
                            error);
    if (view->kind != KIND_ADGROUP)
        return attr_invalid(row, view, text,
                            "only an ad group's budget can wait for midnight; this one takes "
                            "effect at once, without \" at midnight\"",
                            error);
    return TRUE;
}

/* The call for planned and for lifetime budgets of ad groups is closed then. */
static gboolean check_open(const AttrRow *row, const AttrView *view, const Amount *amount,
                           GError **error)
{
    if (view->until_midnight_s == 0 || view->until_midnight_s > CLOSED_S ||
        view->kind != KIND_ADGROUP || (!amount->later && !has_mode(view, "BUDGET_MODE_TOTAL")))
        return TRUE;
    g_propagate_error(
        error, api_error_new(API_ERROR_BUSY, 0, NULL,
                             "%s: not sent: between 23:55 and 00:00 of the account's day the "
                             "service takes no %s; write it again in %u s",
                             row->name, amount->later ? "budget for midnight" : "lifetime budget",
                             view->until_midnight_s));
    return FALSE;
}

gboolean attr_commit_budget(const AttrRow *row, const AttrView *view, const char *text,
                            AttrChange *ret, GError **error)
{
    const char *member;
    Amount amount;

    if (!parse_amount(row, view, text, &amount, error) ||
        (amount.later && !check_later(row, view, text, error)))
        return FALSE;
    member = amount.later ? "scheduled_budget" : row->field;
    if (!is_there(view, member, &amount)) {
        if (!money_fits(amount.micros, view->currency))
            return refuse_decimals(row, view, text, error);
        if (!check_budget(row, view, amount.micros, error) ||
            !check_open(row, view, &amount, error))
            return FALSE;
    }
    *ret = amount_change(member, &amount, view);
    return TRUE;
}

/* ---- bids ---- */

/* A budget of 0 is none. */
static gboolean check_below(const AttrRow *row, const AttrView *view, gint64 micros,
                            const Object *object, const char *what, GError **error)
{
    gint64 budget;

    if (!has_amount(object, "budget", &budget) || budget <= 0 || micros < budget)
        return TRUE;
    return refuse_range(row, view, micros, what, budget, "write less, or raise that budget first",
                        error);
}

static gboolean check_bid(const AttrRow *row, const AttrView *view, gint64 micros, GError **error)
{
    if (micros == 0)
        return refuse_range(row, view, micros, "not more than", 0, "write more", error);
    return check_below(row, view, micros, view->object, "not below the ad group's budget of",
                       error) &&
           check_below(row, view, micros, view->campaign, "not below the campaign's budget of",
                       error);
}

gboolean attr_commit_bid(const AttrRow *row, const AttrView *view, const char *text,
                         AttrChange *ret, GError **error)
{
    const char *member = attr_bid_field(view);
    Amount amount;

    if (!parse_amount(row, view, text, &amount, error))
        return FALSE;
    if (amount.later)
        return attr_invalid(row, view, text,
                            "a bid takes effect at once; write it without \" at midnight\"", error);
    if (!is_there(view, member, &amount)) {
        if (!money_fits(amount.micros, view->currency))
            return refuse_decimals(row, view, text, error);
        if (!check_bid(row, view, amount.micros, error))
            return FALSE;
    }
    *ret = amount_change(member, &amount, view);
    return TRUE;
}
