/* SPDX-License-Identifier: MIT */
/* check.c - the rules that several updates share. */
#include "check.h"

#include <string.h>

#include "clock.h"
#include "delivery.h"
#include "render.h"

const cJSON *body_member(const cJSON *body, const char *name)
{
    const cJSON *node = cJSON_GetObjectItemCaseSensitive(body, name);

    return cJSON_IsNull(node) ? NULL : node;
}

gboolean is_unchanged(const Item *item, const cJSON *body, const char *name)
{
    const cJSON *node = body_member(body, name);
    g_autofree char *json = render_member(item, name);
    g_autoptr(cJSON) current = json != NULL ? cJSON_Parse(json) : NULL;

    return node == NULL || (current != NULL && cJSON_Compare(node, current, TRUE));
}

static gboolean check_name(const char *label, const char *text, GError **error)
{
    if (*text == '\0')
        return refuse(error, CODE_PARAMETER, "%s: Field may not be empty.", label);
    if (!g_utf8_validate(text, -1, NULL))
        return refuse(error, CODE_PARAMETER, "%s: Not valid UTF-8.", label);
    if (text_width(text) > 512)
        return refuse(error, CODE_PARAMETER, "%s: Longer than maximum length 512.", label);
    if (text_has_emoji(text))
        return refuse(error, CODE_PARAMETER, "%s: Emojis are not supported.", label);
    return TRUE;
}

static gboolean check_money(const char *label, const cJSON *node, const Account *account,
                            GError **error)
{
    gint64 micros;

    if (!currency_from_json(node, &micros) || micros < 0)
        return refuse(error, CODE_PARAMETER, "%s: Not a valid number.", label);
    if (!currency_has_decimals(account->currency, micros))
        return refuse(error, CODE_PARAMETER, "%s: At most %u decimal places are allowed for %s.",
                      label, account->currency->decimals, account->currency->code);
    return TRUE;
}

static gboolean has_type(MemberType type, const cJSON *node)
{
    switch (type) {
    case MEMBER_ARRAY:
    case MEMBER_IDS:
        return cJSON_IsArray(node);
    case MEMBER_BOOL:
        return cJSON_IsBool(node);
    case MEMBER_MONEY:
    case MEMBER_NUMBER:
        return cJSON_IsNumber(node);
    case MEMBER_OBJECT:
        return cJSON_IsObject(node);
    case MEMBER_NAME:
    case MEMBER_TEXT:
    case MEMBER_TIME:
    case MEMBER_WORD:
        return cJSON_IsString(node);
    }
    return FALSE;
}

gboolean check_member(const Member *member, const cJSON *node, const Account *account,
                      GError **error)
{
    g_autoptr(GPtrArray) strings = NULL;
    gint64 time;

    if (!has_type(member->type, node))
        return refuse(error, CODE_PARAMETER, "%s: Invalid type.", member->name);
    if (member->type == MEMBER_IDS)
        return strings_of(node, member->name, &strings, error);
    if (member->type == MEMBER_MONEY)
        return check_money(member->name, node, account, error);
    if (member->type == MEMBER_NAME)
        return check_name(member->name, node->valuestring, error);
    if (member->type == MEMBER_TIME && !clock_utc_parse(node->valuestring, &time))
        return refuse(error, CODE_PARAMETER,
                      "%s: Time format should be %%Y-%%m-%%d %%H:%%M:%%S. Please try again.",
                      member->name);
    if (member->type == MEMBER_WORD) {
        g_auto(GStrv) words = g_strsplit(member->words, " ", -1);

        if (!g_strv_contains((const char *const *)words, node->valuestring))
            return refuse(error, CODE_PARAMETER, "%s: Not a valid choice: %s.", member->name,
                          node->valuestring);
    }
    return TRUE;
}

char *member_json(const Member *member, const cJSON *node)
{
    g_autoptr(GString) out = g_string_new(NULL);
    gint64 value;

    if (member->type == MEMBER_MONEY && currency_from_json(node, &value)) {
        currency_put(out, value);
    } else if (member->type == MEMBER_TIME && clock_utc_parse(node->valuestring, &value)) {
        put_utc(out, value);
    } else {
        char *text = cJSON_PrintUnformatted(node);

        g_string_append(out, text);
        cJSON_free(text);
    }
    return g_strdup(out->str);
}

static const char *const labels[N_KINDS] = {"campaign", "ad group", "ad"};

gboolean check_target(const Call *call, Kind kind, const char *id, Item *item, GError **error)
{
    if (!item_find(call->world, call->account, kind, id, item))
        return refuse(error, CODE_NOT_FOUND, "The %s %s does not exist. ", labels[kind], id);
    for (Kind k = CAMPAIGN; k <= kind; k++) {
        if (item_deleted(item, k))
            return refuse(error, CODE_PARAMETER, "The %s has been deleted.", labels[k]);
    }
    if (item->campaign.smart_plus)
        return refuse(error, CODE_PARAMETER,
                      "Upgraded Smart+ campaigns are not supported by this endpoint.");
    return TRUE;
}

gboolean check_target_in(const Call *call, const cJSON *body, Kind kind, Item *item, GError **error)
{
    g_autofree char *name = g_strconcat(kind_names[kind], "_id", NULL);
    const cJSON *node = body_member(body, name);

    if (node == NULL)
        return refuse(error, CODE_PARAMETER, "Missing required field(s): %s.", name);
    if (!cJSON_IsString(node) || !text_is_id(node->valuestring))
        return refuse(error, CODE_PARAMETER, "%s: Not a valid id.", name);
    return check_target(call, kind, node->valuestring, item, error);
}

static const char *budget_mode(const Item *item)
{
    return item->kind == CAMPAIGN ? item->campaign.budget_mode : item->adgroup.budget_mode;
}

static gint64 minimum_budget(const Item *item)
{
    gint64 base = item->kind == CAMPAIGN ? 50 : 20;

    if (item->kind == ADGROUP && strcmp(budget_mode(item), "BUDGET_MODE_TOTAL") == 0) {
        gint64 start = item_time(item, ADGROUP, "schedule_start_time", item->adgroup.start);
        gint64 end = item_time(item, ADGROUP, "schedule_end_time", item->adgroup.end);

        base *= MAX(1, (end - start + DAY - 1) / DAY);
    }
    return base * item->account->currency->ratio * MICRO;
}

static gboolean check_spent(const Item *item, gint64 micros, GError **error)
{
    gint64 today = clock_day(item->account->zone, item->now);
    gboolean lifetime = strcmp(budget_mode(item), "BUDGET_MODE_TOTAL") == 0;
    gint64 spent = delivery_spend(item, lifetime ? 0 : today, today);

    if (micros * 100 >= spent * 105)
        return TRUE;

    g_autoptr(GString) text = g_string_new(NULL);
    currency_put(text, spent);
    return refuse(error, CODE_PARAMETER,
                  "budget: Must be at least 105%% of what has been spent: %s %s.", text->str,
                  item->account->currency->code);
}

gboolean check_next_budget(const Item *item, gint64 micros, GError **error)
{
    const Currency *currency = item->account->currency;
    gint64 minimum = minimum_budget(item);

    if (strcmp(budget_mode(item), "BUDGET_MODE_INFINITE") == 0)
        return refuse(error, CODE_PARAMETER, "budget: Not allowed with BUDGET_MODE_INFINITE.");
    if (!currency_has_decimals(currency, micros))
        return refuse(error, CODE_PARAMETER,
                      "budget: At most %u decimal places are allowed for %s.", currency->decimals,
                      currency->code);
    if (micros < minimum)
        return refuse(error, CODE_PARAMETER, "budget: Must be at least %" G_GINT64_FORMAT " %s.",
                      minimum / MICRO, currency->code);
    if (micros >= 10000000 * currency->ratio * MICRO)
        return refuse(error, CODE_PARAMETER, "budget: Must be less than %" G_GINT64_FORMAT " %s.",
                      10000000 * currency->ratio, currency->code);
    return TRUE;
}

gboolean check_budget(const Item *item, gint64 micros, GError **error)
{
    return check_next_budget(item, micros, error) && check_spent(item, micros, error);
}

gboolean check_bid_below(const Item *item, gint64 micros, GError **error)
{
    static const char *const bids[] = {"bid_price", "conversion_bid_price"};
    gboolean good = TRUE;

    for (gsize i = 0; i < G_N_ELEMENTS(bids); i++) {
        g_autofree char *json = render_member(item, bids[i]);
        gint64 bid;

        if (currency_parse(json, &bid) && bid >= micros)
            good = FALSE;
    }
    if (good)
        return TRUE;
    return refuse(error, CODE_PARAMETER, "budget: Must be higher than the bid.");
}
