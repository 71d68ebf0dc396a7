/* SPDX-License-Identifier: MIT */
/*
 * create-adgroup.c - adgroup/create. What is required depends on the campaign and on what else is
 * sent. Only one of several with the same request_id takes effect.
 */
#include <string.h>

#include "check.h"
#include "clock.h"
#include "created.h"
#include "patch.h"
#include "render.h"
#include "update.h"

enum {
    REQUIRED = 1 << 0,
    OWN_BUDGET = 1 << 1, /* required unless the campaign optimizes its budget */
    NOTED = 1 << 2,      /* kept, but not under this name */
};

/* clang-format off */
static const Member members[] = {
    {"adgroup_name",          MEMBER_NAME,  NULL, REQUIRED},
    {"billing_event",         MEMBER_WORD,  "CPC CPM CPV OCPM GD", REQUIRED},
    {"optimization_goal",     MEMBER_WORD,
     "CLICK CONVERT INSTALL IN_APP_EVENT REACH SHOW LEAD_GENERATION CONVERSATION FOLLOWERS PROFILE_VIEWS PAGE_VISITS VALUE "
     "AUTOMATIC_VALUE_OPTIMIZATION GMV MT_LIVE_ROOM PRODUCT_CLICK_IN_LIVE ENGAGED_VIEW ENGAGED_VIEW_FIFTEEN "
     "TRAFFIC_LANDING_PAGE_VIEW CONVERSION_LEADS DESTINATION_VISIT PREFERRED_LEAD", REQUIRED},
    {"pacing",                MEMBER_WORD,  "PACING_MODE_SMOOTH PACING_MODE_FAST", REQUIRED},
    {"schedule_type",         MEMBER_WORD,  "SCHEDULE_START_END SCHEDULE_FROM_NOW", REQUIRED},
    {"schedule_start_time",   MEMBER_TIME,  NULL, REQUIRED},
    {"schedule_end_time",     MEMBER_TIME,  NULL, 0},
    {"budget_mode",           MEMBER_WORD,
     "BUDGET_MODE_DAY BUDGET_MODE_TOTAL BUDGET_MODE_DYNAMIC_DAILY_BUDGET BUDGET_MODE_INFINITE", OWN_BUDGET | NOTED},
    {"budget",                MEMBER_MONEY, NULL, OWN_BUDGET | NOTED},
    {"bid_type",              MEMBER_WORD,  "BID_TYPE_NO_BID BID_TYPE_CUSTOM", 0},
    {"bid_price",             MEMBER_MONEY, NULL, 0},
    {"conversion_bid_price",  MEMBER_MONEY, NULL, 0},
    {"deep_bid_type",         MEMBER_WORD,  "DEFAULT MIN PACING VO_MIN VO_MIN_ROAS VO_HIGHEST_VALUE AEO", 0},
    {"roas_bid",              MEMBER_NUMBER, NULL, 0},
    {"deep_cpa_bid",          MEMBER_MONEY, NULL, 0},
    {"promotion_type",        MEMBER_TEXT,  NULL, 0},
    {"placement_type",        MEMBER_WORD,  "PLACEMENT_TYPE_AUTOMATIC PLACEMENT_TYPE_NORMAL", 0},
    {"placements",            MEMBER_IDS,   NULL, 0},
    {"location_ids",          MEMBER_IDS,   NULL, 0},
    {"zipcode_ids",           MEMBER_IDS,   NULL, 0},
    {"age_groups",            MEMBER_IDS,   NULL, 0},
    {"gender",                MEMBER_WORD,  "GENDER_UNLIMITED GENDER_MALE GENDER_FEMALE", 0},
    {"languages",             MEMBER_IDS,   NULL, 0},
    {"operating_systems",     MEMBER_IDS,   NULL, 0},
    {"network_types",         MEMBER_IDS,   NULL, 0},
    {"device_price_ranges",   MEMBER_ARRAY, NULL, 0},
    {"audience_ids",          MEMBER_IDS,   NULL, 0},
    {"excluded_audience_ids", MEMBER_IDS,   NULL, 0},
    {"interest_category_ids", MEMBER_IDS,   NULL, 0},
    {"interest_keyword_ids",  MEMBER_IDS,   NULL, 0},
    {"spending_power",        MEMBER_WORD,  "ALL HIGH", 0},
    {"dayparting",            MEMBER_TEXT,  NULL, 0},
    {"pixel_id",              MEMBER_TEXT,  NULL, 0},
    {"optimization_event",    MEMBER_TEXT,  NULL, 0},
    {"app_id",                MEMBER_TEXT,  NULL, 0},
    {"click_attribution_window", MEMBER_TEXT, NULL, 0},
    {"view_attribution_window", MEMBER_TEXT, NULL, 0},
    {"brand_safety_type",     MEMBER_TEXT,  NULL, 0},
    {"comment_disabled",      MEMBER_BOOL,  NULL, 0},
    {"share_disabled",        MEMBER_BOOL,  NULL, 0},
    {"video_download_disabled", MEMBER_BOOL, NULL, 0},
    {"search_result_enabled", MEMBER_BOOL,  NULL, 0},
    {"creative_material_mode", MEMBER_WORD, "CUSTOM DYNAMIC SMART_CREATIVE", 0},
    {"frequency",             MEMBER_NUMBER, NULL, 0},
    {"frequency_schedule",    MEMBER_NUMBER, NULL, 0},
    {"operation_status",      MEMBER_WORD,  "ENABLE DISABLE", 0},
    {"request_id",            MEMBER_TEXT,  NULL, NOTED},
};

/* What an ad group has when it was not sent; else it would have what those of the seed have. */
static const char *const defaults[][2] = {
    {"promotion_type", "null"},      {"location_ids", "[]"},     {"age_groups", "[]"},
    {"gender", "\"GENDER_UNLIMITED\""}, {"interest_category_ids", "[]"}, {"dayparting", "\"\""},
    {"app_id", "null"},              {"bid_type", "\"BID_TYPE_NO_BID\""}, {"bid_price", "0"},
    {"conversion_bid_price", "0"},
};
/* clang-format on */

static const cJSON *node_of(const Call *call, const char *name)
{
    return body_member(call->body, name);
}

static const char *text_of(const Call *call, const char *name)
{
    return cJSON_GetStringValue(node_of(call, name));
}

static gboolean is_word(const Call *call, const char *name, const char *word)
{
    return g_strcmp0(text_of(call, name), word) == 0;
}

static gint64 amount_of(const Call *call, const char *name)
{
    const cJSON *node = node_of(call, name);
    gint64 micros = 0;

    if (node != NULL)
        currency_from_json(node, &micros);
    return micros;
}

static gboolean missing(const char *name, GError **error)
{
    return refuse(error, CODE_PARAMETER, "Missing required field(s): %s.", name);
}

static gboolean check_members(const Call *call, const Item *campaign, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
        const cJSON *node = node_of(call, members[i].name);
        guint needed = members[i].flags & (REQUIRED | (campaign->campaign.cbo ? 0 : OWN_BUDGET));

        if (node == NULL && needed != 0)
            return missing(members[i].name, error);
        if (node != NULL && !check_member(&members[i], node, call->account, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean is_list(const Call *call, const char *name)
{
    return cJSON_GetArraySize(node_of(call, name)) > 0;
}

/* What the campaign's objective asks for. */
static gboolean check_objective(const Call *call, const Item *campaign, GError **error)
{
    const char *type = campaign->campaign.objective->type;
    gboolean app = strcmp(type, "APP_PROMOTION") == 0, web = strcmp(type, "WEB_CONVERSIONS") == 0;
    gboolean anywhere = strcmp(type, "REACH") == 0 || strcmp(type, "VIDEO_VIEWS") == 0;

    if (!anywhere && node_of(call, "promotion_type") == NULL)
        return missing("promotion_type", error);
    if (app && node_of(call, "app_id") == NULL)
        return missing("app_id", error);
    if (app && !is_list(call, "operating_systems"))
        return missing("operating_systems", error);
    if (web && node_of(call, "pixel_id") == NULL)
        return missing("pixel_id", error);
    if (web && node_of(call, "optimization_event") == NULL)
        return missing("optimization_event", error);
    return TRUE;
}

static gboolean check_placements(const Call *call, GError **error)
{
    static const char *const known[] = {"PLACEMENT_TIKTOK", "PLACEMENT_PANGLE",
                                        "PLACEMENT_GLOBAL_APP_BUNDLE", NULL};
    const cJSON *placement;

    if (!is_word(call, "placement_type", "PLACEMENT_TYPE_AUTOMATIC") &&
        !is_list(call, "placements"))
        return missing("placements", error);
    cJSON_ArrayForEach (placement, node_of(call, "placements")) {
        if (!g_strv_contains(known, placement->valuestring))
            return refuse(error, CODE_PARAMETER, "placements: Not a valid choice: %s.",
                          placement->valuestring);
    }
    if (!is_list(call, "location_ids") && !is_list(call, "zipcode_ids"))
        return missing("location_ids", error);
    return TRUE;
}

static gboolean check_dayparting(const Call *call, GError **error)
{
    const char *text = text_of(call, "dayparting");
    gsize slots = text != NULL ? strlen(text) : 0;

    if (slots != 0 && (slots != 336 || strspn(text, "01") != 336))
        return refuse(error, CODE_PARAMETER, "dayparting: Must be 336 times 0 or 1.");
    return TRUE;
}

/* Sets start and end. */
static gboolean check_schedule(const Call *call, Item *item, GError **error)
{
    AdgroupFacts *facts = &item->adgroup;
    const char *end = text_of(call, "schedule_end_time");

    facts->open_end = is_word(call, "schedule_type", "SCHEDULE_FROM_NOW");
    clock_utc_parse(text_of(call, "schedule_start_time"), &facts->start);
    if (facts->start < item->now - 12 * 3600 || facts->start > 1830297600) /* 2028-01-01 */
        return refuse(error, CODE_PARAMETER, "schedule_start_time: Out of range.");
    facts->end = facts->start + 3652 * (gint64)DAY;
    if (!facts->open_end && end == NULL)
        return missing("schedule_end_time", error);
    if (!facts->open_end)
        clock_utc_parse(end, &facts->end);
    if (facts->end <= MAX(facts->start, item->now) || facts->end > 2145916800) /* 2038-01-01 */
        return refuse(error, CODE_PARAMETER, "schedule_end_time: Out of range.");
    return check_dayparting(call, error);
}

static gboolean check_own_budget(const Call *call, Item *item, GError **error)
{
    AdgroupFacts *facts = &item->adgroup;
    gboolean total = is_word(call, "budget_mode", "BUDGET_MODE_TOTAL");

    facts->budget_mode = "BUDGET_MODE_INFINITE";
    if (item->campaign.cbo) /* whatever is sent is ignored */
        return TRUE;
    facts->budget_mode = text_of(call, "budget_mode");
    if (total && strcmp(item->campaign.budget_mode, "BUDGET_MODE_DAY") == 0)
        return refuse(error, CODE_PARAMETER,
                      "budget_mode: BUDGET_MODE_TOTAL is not allowed in a campaign with "
                      "BUDGET_MODE_DAY.");
    if (total && facts->open_end)
        return refuse(error, CODE_PARAMETER,
                      "schedule_type: SCHEDULE_FROM_NOW needs a daily budget.");
    return check_budget(item, amount_of(call, "budget"), error);
}

static gboolean check_bid(const Call *call, const Item *item, GError **error)
{
    gboolean custom = is_word(call, "bid_type", "BID_TYPE_CUSTOM");
    gboolean by_conversion = is_word(call, "billing_event", "OCPM");
    const char *right = by_conversion ? "conversion_bid_price" : "bid_price";
    const char *wrong = by_conversion ? "bid_price" : "conversion_bid_price";
    gint64 bid = amount_of(call, right);
    gint64 budget = item->campaign.cbo ? 0 : amount_of(call, "budget");
    gint64 above = item_budget(item, CAMPAIGN);

    if (amount_of(call, wrong) != 0)
        return refuse(error, CODE_PARAMETER, "%s: Not allowed with billing_event %s.", wrong,
                      text_of(call, "billing_event"));
    if (!custom && bid != 0)
        return refuse(error, CODE_PARAMETER, "%s: Not allowed with BID_TYPE_NO_BID.", right);
    if (custom && node_of(call, right) == NULL)
        return missing(right, error);
    if (custom && bid <= 0)
        return refuse(error, CODE_PARAMETER, "%s: Must be greater than 0.", right);
    if (custom && ((budget > 0 && bid >= budget) || (above > 0 && bid >= above)))
        return refuse(error, CODE_PARAMETER, "%s: Must be lower than the budget.", right);
    if (is_word(call, "deep_bid_type", "VO_MIN_ROAS") && node_of(call, "roas_bid") == NULL)
        return missing("roas_bid", error);
    return TRUE;
}

static void set_members(const Call *call, Patch *patch, const Item *item)
{
    g_autofree char *created = g_strdup_printf("%" G_GINT64_FORMAT, item->now);
    g_autofree char *budget = NULL;

    patch_set(patch, item, "_created", created);
    patch_set_text(patch, item, "_parent", text_of(call, "campaign_id"));
    patch_set_text(patch, item, "budget_mode", item->adgroup.budget_mode);
    if (node_of(call, "request_id") != NULL)
        patch_set_text(patch, item, "_request_id", text_of(call, "request_id"));
    if (!item->campaign.cbo) {
        g_autoptr(GString) json = g_string_new(NULL);

        currency_put(json, amount_of(call, "budget"));
        patch_set(patch, item, "_budget", json->str);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(defaults); i++)
        patch_set(patch, item, defaults[i][0], defaults[i][1]);
    for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
        const cJSON *node = node_of(call, members[i].name);
        g_autofree char *json = node != NULL ? member_json(&members[i], node) : NULL;

        if (json != NULL && (members[i].flags & NOTED) == 0)
            patch_set(patch, item, members[i].name, json);
    }
}

static gboolean create(const Call *call, const Item *campaign, guint64 position, Answer *answer,
                       GError **error)
{
    g_autoptr(Patch) patch = patch_new(call);
    g_autoptr(GString) end = g_string_new(NULL);
    Item item = *campaign;

    created_enter(&item, ADGROUP, position);
    if (!check_schedule(call, &item, error) || !check_own_budget(call, &item, error) ||
        !check_bid(call, &item, error))
        return FALSE;
    set_members(call, patch, &item);
    put_utc(end, item.adgroup.end);
    patch_set(patch, &item, "schedule_end_time", end->str);
    return patch_apply(patch, answer, error);
}

gboolean create_adgroup(const Call *call, Answer *answer, GError **error)
{
    guint64 position;
    gboolean again;
    Item campaign;

    if (!check_target_in(call, call->body, CAMPAIGN, &campaign, error) ||
        !check_members(call, &campaign, error) || !check_objective(call, &campaign, error) ||
        !check_placements(call, error) || !created_place(call, ADGROUP, &position, &again, error) ||
        (!again && !create(call, &campaign, position, answer, error)))
        return FALSE;
    created_put(call, ADGROUP, position, answer->rest);
    return TRUE;
}
