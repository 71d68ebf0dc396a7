/* SPDX-License-Identifier: MIT */
/*
 * update-adgroup.c - adgroup/update. Merges what is sent; with --strict, targeting lists that are
 * not sent are emptied, as the documentation of the real endpoint threatens.
 */
#include <string.h>

#include "check.h"
#include "clock.h"
#include "render.h"
#include "update.h"

enum {
    TARGETING = 1 << 0, /* --strict empties it */
    AUDITED = 1 << 1,   /* a change is reviewed */
};

/* clang-format off */
static const Member members[] = {
    {"adgroup_name",          MEMBER_NAME,  NULL, 0},
    {"budget",                MEMBER_MONEY, NULL, 0},
    {"bid_type",              MEMBER_WORD,  "BID_TYPE_NO_BID BID_TYPE_CUSTOM", 0},
    {"bid_price",             MEMBER_MONEY, NULL, 0},
    {"conversion_bid_price",  MEMBER_MONEY, NULL, 0},
    {"roas_bid",              MEMBER_NUMBER, NULL, 0},
    {"deep_bid_type",         MEMBER_WORD,  "DEFAULT MIN PACING VO_MIN VO_MIN_ROAS VO_HIGHEST_VALUE AEO", 0},
    {"deep_cpa_bid",          MEMBER_MONEY, NULL, 0},
    {"pacing",                MEMBER_WORD,  "PACING_MODE_SMOOTH PACING_MODE_FAST", 0},
    {"schedule_type",         MEMBER_WORD,  "SCHEDULE_START_END SCHEDULE_FROM_NOW", 0},
    {"schedule_start_time",   MEMBER_TIME,  NULL, 0},
    {"schedule_end_time",     MEMBER_TIME,  NULL, 0},
    {"dayparting",            MEMBER_TEXT,  NULL, 0},
    {"frequency",             MEMBER_NUMBER, NULL, 0},
    {"frequency_schedule",    MEMBER_NUMBER, NULL, 0},
    {"age_groups",            MEMBER_IDS,   NULL, TARGETING | AUDITED},
    {"gender",                MEMBER_WORD,  "GENDER_UNLIMITED GENDER_MALE GENDER_FEMALE", AUDITED},
    {"languages",             MEMBER_IDS,   NULL, TARGETING},
    {"location_ids",          MEMBER_IDS,   NULL, AUDITED},
    {"zipcode_ids",           MEMBER_IDS,   NULL, TARGETING},
    {"audience_ids",          MEMBER_IDS,   NULL, TARGETING},
    {"excluded_audience_ids", MEMBER_IDS,   NULL, TARGETING},
    {"included_custom_actions", MEMBER_ARRAY, NULL, TARGETING},
    {"excluded_custom_actions", MEMBER_ARRAY, NULL, TARGETING},
    {"interest_category_ids", MEMBER_IDS,   NULL, TARGETING},
    {"interest_keyword_ids",  MEMBER_IDS,   NULL, TARGETING},
    {"purchase_intention_keyword_ids", MEMBER_IDS, NULL, 0},
    {"actions",               MEMBER_ARRAY, NULL, TARGETING},
    {"operating_systems",     MEMBER_IDS,   NULL, TARGETING},
    {"network_types",         MEMBER_IDS,   NULL, TARGETING},
    {"carrier_ids",           MEMBER_IDS,   NULL, TARGETING},
    {"device_model_ids",      MEMBER_IDS,   NULL, TARGETING},
    {"device_price_ranges",   MEMBER_ARRAY, NULL, 0},
    {"isp_ids",               MEMBER_IDS,   NULL, TARGETING},
    {"household_income",      MEMBER_IDS,   NULL, TARGETING},
    {"spending_power",        MEMBER_WORD,  "ALL HIGH", 0},
    {"comment_disabled",      MEMBER_BOOL,  NULL, 0},
    {"share_disabled",        MEMBER_BOOL,  NULL, 0},
    {"search_result_enabled", MEMBER_BOOL,  NULL, 0},
    {"search_keywords",       MEMBER_ARRAY, NULL, 0},
    {"brand_safety_type",     MEMBER_TEXT,  NULL, 0},
    {"category_exclusion_ids", MEMBER_IDS,  NULL, 0},
    {"is_hfss",               MEMBER_BOOL,  NULL, 0},
    {"saved_audience_id",     MEMBER_TEXT,  NULL, 0},
    {"smart_audience_enabled", MEMBER_BOOL, NULL, 0},
    {"smart_interest_behavior_enabled", MEMBER_BOOL, NULL, 0},
};
/* clang-format on */

static const char *const fixed[] = {"campaign_id",
                                    "budget_mode",
                                    "billing_event",
                                    "optimization_goal",
                                    "placements", //
                                    "placement_type",
                                    "promotion_type",
                                    "pixel_id",
                                    "app_id",
                                    "click_attribution_window",
                                    "view_attribution_window",
                                    "product_source",
                                    "operation_status"};

static gboolean check_fixed(const Item *item, const cJSON *body, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(fixed); i++) {
        if (!is_unchanged(item, body, fixed[i]))
            return refuse(error, CODE_PARAMETER, "%s: Can not be changed.", fixed[i]);
    }
    if (item->campaign.cbo && !is_unchanged(item, body, "bid_type"))
        return refuse(error, CODE_PARAMETER,
                      "bid_type: Can not be changed under campaign budget optimization.");
    if (!is_unchanged(item, body, "is_hfss") && cJSON_IsFalse(body_member(body, "is_hfss")))
        return refuse(error, CODE_PARAMETER, "is_hfss: Can not be switched off.");
    return TRUE;
}

/* What the member will be: as sent, else as it is. */
static gint64 amount_after(const Item *item, const cJSON *body, const char *name)
{
    g_autofree char *current = render_member(item, name);
    gint64 micros = 0;

    if (!currency_from_json(body_member(body, name), &micros) && current != NULL)
        currency_parse(current, &micros);
    return micros;
}

static char *text_after(const Item *item, const cJSON *body, const char *name)
{
    const cJSON *node = body_member(body, name);
    g_autofree char *current = render_member(item, name);

    return node != NULL ? g_strdup(node->valuestring) : text_from_json(current);
}

static gboolean below(gint64 bid, gint64 budget)
{
    return budget == 0 || bid < budget;
}

static gboolean check_bids(const Item *item, const cJSON *body, GError **error)
{
    g_autofree char *type = text_after(item, body, "bid_type");
    gboolean custom = strcmp(type, "BID_TYPE_CUSTOM") == 0;
    gboolean by_conversion = strcmp(item->adgroup.billing_event, "OCPM") == 0;
    const char *right = by_conversion ? "conversion_bid_price" : "bid_price";
    const char *wrong = by_conversion ? "bid_price" : "conversion_bid_price";
    gint64 bid = amount_after(item, body, right);
    gint64 budget = item->campaign.cbo ? 0 : amount_after(item, body, "budget");

    if (amount_after(item, body, wrong) != 0)
        return refuse(error, CODE_PARAMETER, "%s: Not allowed with billing_event %s.", wrong,
                      item->adgroup.billing_event);
    if (!custom && !is_unchanged(item, body, right) && bid != 0)
        return refuse(error, CODE_PARAMETER, "%s: Not allowed with BID_TYPE_NO_BID.", right);
    if (custom && bid <= 0)
        return refuse(error, CODE_PARAMETER, "%s: Must be greater than 0.", right);
    if (custom && (!below(bid, budget) || !below(bid, item_budget(item, CAMPAIGN))))
        return refuse(error, CODE_PARAMETER, "%s: Must be lower than the budget.", right);
    return TRUE;
}

static gboolean check_start(const Item *item, const cJSON *body, gint64 *start, GError **error)
{
    const cJSON *node = body_member(body, "schedule_start_time");
    gint64 old = *start;

    if (node == NULL)
        return TRUE;
    clock_utc_parse(node->valuestring, start);
    if (*start == old)
        return TRUE;
    if (old <= item->now)
        return refuse(error, CODE_PARAMETER, "schedule_start_time: The ad group has begun.");
    if (*start < item->now - 12 * 3600 || *start > 1830297600) /* 2028-01-01 */
        return refuse(error, CODE_PARAMETER, "schedule_start_time: Out of range.");
    return TRUE;
}

static gboolean check_schedule(const Item *item, const cJSON *body, GError **error)
{
    gint64 start = item_time(item, ADGROUP, "schedule_start_time", item->adgroup.start);
    gint64 end = item_time(item, ADGROUP, "schedule_end_time", item->adgroup.end), old_end = end;
    const cJSON *end_node = body_member(body, "schedule_end_time");
    const cJSON *dayparting = body_member(body, "dayparting");
    g_autofree char *type = text_after(item, body, "schedule_type");
    gsize slots = dayparting != NULL ? strlen(dayparting->valuestring) : 0;

    if (!check_start(item, body, &start, error))
        return FALSE;
    if (end_node != NULL)
        clock_utc_parse(end_node->valuestring, &end);
    if (end != old_end && (end <= MAX(start, item->now) || end > 2145916800)) /* 2038-01-01 */
        return refuse(error, CODE_PARAMETER, "schedule_end_time: Out of range.");
    if (strcmp(type, "SCHEDULE_FROM_NOW") == 0 &&
        strcmp(item->adgroup.budget_mode, "BUDGET_MODE_TOTAL") == 0)
        return refuse(error, CODE_PARAMETER,
                      "schedule_type: SCHEDULE_FROM_NOW needs a daily budget.");
    if (slots != 0 && (slots != 336 || strspn(dayparting->valuestring, "01") != 336))
        return refuse(error, CODE_PARAMETER, "dayparting: Must be 336 times 0 or 1.");
    return TRUE;
}

/* Under campaign budget optimization an ad group's budget is not refused but ignored. */
static gboolean set_budget(const Item *item, const char *json, Patch *patch, GError **error)
{
    const char *at = change_get(item->change[ADGROUP], "_scheduled_at");
    gint64 micros = 0;

    currency_parse(json, &micros);
    if (item->campaign.cbo || micros == item_budget(item, ADGROUP))
        return TRUE;
    if (at != NULL && item_scheduled_budget(item) == 0) { /* it is in force: make it plain */
        patch_set(patch, item, "_scheduled_at", "9223372036854775807");
        patch_set(patch, item, "_scheduled_budget", "0");
    }
    patch_set(patch, item, "_budget", json);
    return check_budget(item, micros, error);
}

static gboolean set_members(const Item *item, const cJSON *body, Patch *patch, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
        const cJSON *node = body_member(body, members[i].name);

        if (node == NULL) {
            if (item->world->strict && (members[i].flags & TARGETING) != 0)
                patch_set(patch, item, members[i].name, "[]");
            continue;
        }
        g_autofree char *json = member_json(&members[i], node);
        if (strcmp(members[i].name, "budget") != 0)
            patch_set(patch, item, members[i].name, json);
        else if (!set_budget(item, json, patch, error))
            return FALSE;
    }
    return TRUE;
}

/* Types: what follows may then rely on them. */
static gboolean check_members(const Item *item, const cJSON *body, gboolean *audit, GError **error)
{
    guint sent = 0;

    *audit = FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
        const cJSON *node = body_member(body, members[i].name);

        if (node == NULL)
            continue;
        if (!check_member(&members[i], node, item->account, error))
            return FALSE;
        if ((members[i].flags & AUDITED) != 0 && !is_unchanged(item, body, members[i].name))
            *audit = TRUE;
        sent++;
    }
    if (sent == 0)
        return refuse(error, CODE_NOTHING, "Nothing to update.");
    return TRUE;
}

gboolean update_adgroup(const Call *call, Answer *answer, GError **error)
{
    g_autoptr(Patch) patch = patch_new(call);
    g_autoptr(GString) object = g_string_new(NULL);
    gboolean audit;
    Item item;

    if (!check_target_in(call, call->body, ADGROUP, &item, error) ||
        !check_fixed(&item, call->body, error) ||
        !check_members(&item, call->body, &audit, error) || !check_bids(&item, call->body, error) ||
        !check_schedule(&item, call->body, error) || !set_members(&item, call->body, patch, error))
        return FALSE;

    patch_set(patch, &item, "_updated", "true"); /* even if only an ignored budget was sent */
    if (!patch_apply(patch, answer, error))
        return FALSE;

    item_reload(&item);
    render_item(object, &item, NULL, FALSE);
    g_string_append_len(answer->rest, object->str + 1, (gssize)object->len - 2);
    g_string_append_printf(answer->rest, ",\"need_audit\":%s", audit ? "true" : "false");
    return TRUE;
}
