/* SPDX-License-Identifier: MIT */
/* guard.c - the guards that see one value: max_increase, max_budget, max_bid. */
#include "cache/guard.h"

#include <string.h>

#include "api/error.h"
#include "api/money.h"

/* Amounts that can be set, as the API names them. */
typedef struct {
    const char *member;
    const char *file;     /* as the user knows it */
    const char *measured; /* the member that max_increase is measured from */
    const char *suffix;   /* after the amount, where it is written */
    gboolean bid;         /* max_bid guards it; else max_budget */
} Guarded;

static const Guarded guarded[] = {
    {"bid_price", "bid", "bid_price", "", TRUE},
    {"budget", "budget", "budget", "", FALSE},
    {"conversion_bid_price", "bid", "conversion_bid_price", "", TRUE},
    {"deep_cpa_bid", "deep_cpa_bid", "deep_cpa_bid", "", TRUE},
    /* Nearly always there is none; what is spent now is what grows at midnight. */
    {"scheduled_budget", "budget", "budget", " at midnight", FALSE},
};

static const Guarded *guarded_find(const char *member)
{
    for (gsize i = 0; i < G_N_ELEMENTS(guarded); i++)
        if (strcmp(guarded[i].member, member) == 0)
            return &guarded[i];
    return NULL;
}

const char *guard_file(const char *member)
{
    const Guarded *row = guarded_find(member);

    if (row != NULL)
        return row->file;
    if (g_str_has_suffix(member, "_name"))
        return "name";
    return strcmp(member, "operation_status") == 0 ? "status" : member;
}

/* ---- max_increase ---- */

static gboolean refuse_unmeasured(const Update *update, const Guarded *row, guint max_increase,
                                  GError **error)
{
    g_propagate_error(error, api_error_new(API_ERROR_RANGE, 0, NULL,
                                           "%s: the present value is not known, so max_increase "
                                           "(%u %%) can not be checked for %s; write '%s!%s' if it "
                                           "is meant",
                                           row->file, max_increase, update->value, update->value,
                                           row->suffix));
    return FALSE;
}

/* Half a percent of a micro unit is cut off, never rounded up. */
static gboolean allows_increase(const Update *update, const Guarded *row, guint max_increase,
                                GError **error)
{
    const char *raw = object_raw(update->current, row->measured);
    g_autofree char *shown = NULL;
    gint64 have, want;
    guint64 room;

    if (raw == NULL || !money_from_json(raw, &have) || have < 0 ||
        !money_parse(update->value, &want, NULL))
        return refuse_unmeasured(update, row, max_increase, error);
    if (!g_uint64_checked_mul(&room, (guint64)have / 100, max_increase))
        return TRUE;
    room += (guint64)have % 100 * max_increase / 100;
    if (want <= have || (guint64)(want - have) <= room)
        return TRUE;
    shown = money_format(have, 0);
    g_propagate_error(error, api_error_new(API_ERROR_RANGE, 0, NULL,
                                           "%s: %s is more than %u %% above %s (max_increase); "
                                           "write '%s!%s' if it is meant",
                                           row->file, update->value, max_increase, shown,
                                           update->value, row->suffix));
    return FALSE;
}

/* ---- max_budget, max_bid ---- */

static const GuardAmount *amount_find(const GuardAmount *amounts, const char *currency)
{
    for (; amounts->micros != 0; amounts++)
        if (g_strcmp0(amounts->currency, currency) == 0)
            return amounts;
    return NULL;
}

static gboolean refuse_unnamed(const Update *update, const Guarded *row, const char *currency,
                               GError **error)
{
    const char *guard = row->bid ? "max_bid" : "max_budget";
    gboolean known = currency != NULL && *currency != '\0';

    if (known)
        g_propagate_error(error, api_error_new(API_ERROR_RANGE, 0, NULL,
                                               "%s: %s %s refused, as %s is set and names no "
                                               "amount of %s; add %s:AMOUNT to %s of the profile "
                                               "and mount again",
                                               row->file, update->value, currency, guard, currency,
                                               currency, guard));
    else
        g_propagate_error(error, api_error_new(API_ERROR_RANGE, 0, NULL,
                                               "%s: %s refused, as the account's currency is not "
                                               "known and %s can not be checked; read "
                                               "the account's file currency, and try again",
                                               row->file, update->value, guard));
    return FALSE;
}

static gboolean allows_amount(const Guards *guards, const Update *update, const Guarded *row,
                              const char *currency, GError **error)
{
    const GuardAmount *amounts = row->bid ? guards->max_bid : guards->max_budget;
    const char *guard = row->bid ? "max_bid" : "max_budget";
    const GuardAmount *most;
    g_autofree char *shown = NULL;
    gint64 want;

    if (amounts == NULL)
        return TRUE;
    most = amount_find(amounts, currency);
    if (most == NULL)
        return refuse_unnamed(update, row, currency, error);
    if (money_parse(update->value, &want, NULL) && want <= most->micros)
        return TRUE;
    shown = money_format(most->micros, 0);
    g_propagate_error(error,
                      api_error_new(API_ERROR_RANGE, 0, NULL,
                                    "%s: %s is more than %s %s (%s); write at most that, or "
                                    "raise %s in the profile and mount again",
                                    row->file, update->value, shown, currency, guard, guard));
    return FALSE;
}

/* An amount that no row is for: what guards it can not be told. */
static gboolean allows_unknown(const Guards *guards, const Update *update, GError **error)
{
    if (guards->max_increase == G_MAXUINT && guards->max_budget == NULL && guards->max_bid == NULL)
        return TRUE;
    g_propagate_error(error, api_error_new(API_ERROR_RANGE, 0, NULL,
                                           "%s: no guard knows this amount, so %s is not sent "
                                           "while max_increase, max_budget or max_bid is set",
                                           update->member, update->value));
    return FALSE;
}

/* ---- from outside ---- */

gboolean guard_allows(const Guards *guards, const Update *update, const char *currency,
                      gboolean force, GError **error)
{
    const Guarded *row;

    if (guards == NULL || !update->amount)
        return TRUE;
    row = guarded_find(update->member);
    if (row == NULL)
        return allows_unknown(guards, update, error);
    /* What no sign of the writer's overrides is said first. */
    if (!allows_amount(guards, update, row, currency, error))
        return FALSE;
    return !guard_must_read(guards, TRUE, force) ||
           allows_increase(update, row, guards->max_increase, error);
}

gboolean guard_counts(const Guards *guards)
{
    return guards != NULL &&
           (guards->dry_run || guards->min_interval_s != 0 || guards->max_changes_per_hour != 0 ||
            guards->max_enables_per_hour != 0);
}

gboolean guard_must_read(const Guards *guards, gboolean amount, gboolean force)
{
    return guards != NULL && guards->max_increase != G_MAXUINT && amount && !force;
}
