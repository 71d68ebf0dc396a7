/* SPDX-License-Identifier: MIT */
/* draft-table.c - the files of drafts as rows, and when one of them is needed. */
#include "fs/draft-table.h"

#include <stdlib.h>
#include <string.h>

const char *draft_text_of(const DraftView *view, const char *file)
{
    return object_text(view->values, file);
}

static gboolean is(const DraftView *view, const char *file, const char *word)
{
    return g_strcmp0(draft_text_of(view, file), word) == 0;
}

static gboolean parent_is(const DraftView *view, const char *member, const char *word)
{
    return view->parent != NULL && g_strcmp0(object_text(view->parent, member), word) == 0;
}

/* ---- when a file is needed ---- */

static gboolean always(const DraftView *view)
{
    (void)view;
    return TRUE;
}

static gboolean when_mode(const DraftView *view)
{
    return !is(view, "objective", "RF_REACH");
}

static gboolean when_budget(const DraftView *view)
{
    return draft_text_of(view, "budget_mode") != NULL &&
           !is(view, "budget_mode", "BUDGET_MODE_INFINITE");
}

/* An ad group has none where its campaign divides its own. */
static gboolean when_own_budget(const DraftView *view)
{
    return !parent_is(view, "budget_optimize_on", "true");
}

static gboolean when_bid(const DraftView *view)
{
    return is(view, "bid_type", "BID_TYPE_CUSTOM");
}

static gboolean when_roas(const DraftView *view)
{
    return is(view, "deep_bid_type", "VO_MIN_ROAS");
}

static gboolean when_end(const DraftView *view)
{
    return is(view, "schedule_type", "SCHEDULE_START_END");
}

static gboolean when_placements(const DraftView *view)
{
    return !is(view, "placement_type", "PLACEMENT_TYPE_AUTOMATIC");
}

static gboolean when_location(const DraftView *view)
{
    return draft_text_of(view, "zipcode_ids") == NULL;
}

/* Of an ad group: its campaign says so. */
static gboolean when_app(const DraftView *view)
{
    return parent_is(view, "objective_type", "APP_PROMOTION");
}

static gboolean when_bc(const DraftView *view)
{
    return is(view, "identity_type", "BC_AUTH_TT");
}

/* What was posted before comes with its own pictures and words. */
static gboolean is_new(const DraftView *view)
{
    return draft_text_of(view, "tiktok_item_id") == NULL;
}

static gboolean when_video(const DraftView *view)
{
    return is_new(view) && is(view, "format", "SINGLE_VIDEO");
}

static gboolean when_image(const DraftView *view)
{
    return is_new(view) &&
           (is(view, "format", "SINGLE_VIDEO") || is(view, "format", "SINGLE_IMAGE") ||
            is(view, "format", "CAROUSEL_ADS"));
}

static gboolean when_music(const DraftView *view)
{
    return is_new(view) && is(view, "format", "CAROUSEL_ADS");
}

static gboolean when_text(const DraftView *view)
{
    return is_new(view);
}

/* ---- the tables ---- */

/* clang-format off */
/* Slots are part of inodes: append, never renumber. */
static const DraftRow campaign_rows[] = {
    {"app_id", 64, "app_id", DRAFT_TEXT, NULL,
     "the app that is promoted"},
    {"app_promotion_type", 65, "app_promotion_type", DRAFT_WORD, NULL,
     "APP_INSTALL, APP_RETARGETING, ..."},
    {"bid_type", 66, "bid_type", DRAFT_WORD, NULL,
     "BID_TYPE_NO_BID or BID_TYPE_CUSTOM"},
    {"budget", 67, "budget", DRAFT_MONEY, when_budget,
     "an amount in the account's currency"},
    {"budget_mode", 68, "budget_mode", DRAFT_WORD, when_mode,
     "BUDGET_MODE_DAY, BUDGET_MODE_TOTAL, BUDGET_MODE_DYNAMIC_DAILY_BUDGET or BUDGET_MODE_INFINITE"},
    {"budget_optimize_on", 69, "budget_optimize_on", DRAFT_BOOL, NULL,
     "true: the campaign divides its budget among its ad groups (CBO)"},
    {"campaign_type", 70, "campaign_type", DRAFT_WORD, NULL,
     "REGULAR_CAMPAIGN, IOS14_CAMPAIGN"},
    {"catalog_enabled", 71, "catalog_enabled", DRAFT_BOOL, NULL,
     "true or false"},
    {"deep_bid_type", 72, "deep_bid_type", DRAFT_WORD, NULL,
     "DEFAULT, MIN, PACING, VO_MIN, VO_MIN_ROAS, VO_HIGHEST_VALUE, AEO"},
    {"disable_skan_campaign", 73, "disable_skan_campaign", DRAFT_BOOL, NULL,
     "true or false"},
    {"is_search_campaign", 74, "is_search_campaign", DRAFT_BOOL, NULL,
     "true or false"},
    {"name", 75, "campaign_name", DRAFT_NAME, NULL,
     "what it is called; of itself as the draft"},
    {"objective", 76, "objective_type", DRAFT_WORD, always,
     "REACH, TRAFFIC, VIDEO_VIEWS, LEAD_GENERATION, ENGAGEMENT, APP_PROMOTION, WEB_CONVERSIONS, PRODUCT_SALES, ..."},
    {"optimization_goal", 77, "optimization_goal", DRAFT_WORD, NULL,
     "CLICK, CONVERT, REACH, ..."},
    {"po_number", 78, "po_number", DRAFT_TEXT, NULL,
     "of the insertion order"},
    {"postback_window_mode", 79, "postback_window_mode", DRAFT_WORD, NULL,
     "POSTBACK_WINDOW_MODE1, 2 or 3"},
    {"product_source", 80, "campaign_product_source", DRAFT_WORD, NULL,
     "CATALOG, STORE, SHOWCASE"},
    {"rf_campaign_type", 81, "rf_campaign_type", DRAFT_WORD, NULL,
     "STANDARD, PULSE, TOPVIEW"},
    {"roas_bid", 82, "roas_bid", DRAFT_NUMBER, NULL,
     "the return on ad spend that is wanted"},
    {"rta_bid_enabled", 83, "rta_bid_enabled", DRAFT_BOOL, NULL,
     "true or false"},
    {"rta_id", 84, "rta_id", DRAFT_TEXT, NULL,
     "of the realtime API"},
    {"rta_product_selection_enabled", 85, "rta_product_selection_enabled", DRAFT_BOOL, NULL,
     "true or false"},
    {"sales_destination", 86, "sales_destination", DRAFT_WORD, NULL,
     "WEBSITE, APP, TIKTOK_SHOP, WEB_AND_APP"},
    {"special_industries", 87, "special_industries", DRAFT_LIST, NULL,
     "HOUSING, EMPLOYMENT, CREDIT"},
    {"status", 88, "operation_status", DRAFT_STATUS, NULL,
     "ENABLE or DISABLE; of itself DISABLE"},
    {"virtual_objective_type", 89, "virtual_objective_type", DRAFT_WORD, NULL,
     "SALES"},
};

static const DraftRow adgroup_rows[] = {
    {"actions", 64, "actions", DRAFT_JSON, NULL,
     "a JSON list"},
    {"age_groups", 65, "age_groups", DRAFT_LIST, NULL,
     "AGE_13_17, AGE_18_24, AGE_25_34, AGE_35_44, AGE_45_54, AGE_55_100"},
    {"app_id", 66, "app_id", DRAFT_TEXT, when_app,
     "the app that is promoted"},
    {"attribution_event_count", 67, "attribution_event_count", DRAFT_WORD, NULL,
     "ONCE, EVERY"},
    {"audience_ids", 68, "audience_ids", DRAFT_LIST, NULL,
     "ids of custom audiences"},
    {"bid", 69, "bid_price", DRAFT_BID, when_bid,
     "an amount in the account's currency"},
    {"bid_type", 70, "bid_type", DRAFT_WORD, NULL,
     "BID_TYPE_NO_BID or BID_TYPE_CUSTOM"},
    {"billing_event", 71, "billing_event", DRAFT_WORD, always,
     "CPC, CPM, CPV, OCPM"},
    {"brand_safety_type", 72, "brand_safety_type", DRAFT_WORD, NULL,
     "NO_BRAND_SAFETY, STANDARD_INVENTORY, ..."},
    {"budget", 73, "budget", DRAFT_MONEY, when_own_budget,
     "an amount in the account's currency"},
    {"budget_mode", 74, "budget_mode", DRAFT_WORD, when_own_budget,
     "BUDGET_MODE_DAY, BUDGET_MODE_TOTAL or BUDGET_MODE_DYNAMIC_DAILY_BUDGET"},
    {"carrier_ids", 75, "carrier_ids", DRAFT_LIST, NULL,
     "ids"},
    {"category_exclusion_ids", 76, "category_exclusion_ids", DRAFT_LIST, NULL,
     "ids"},
    {"click_attribution_window", 77, "click_attribution_window", DRAFT_WORD, NULL,
     "OFF, ONE_DAY, SEVEN_DAYS, ..."},
    {"comment_disabled", 78, "comment_disabled", DRAFT_BOOL, NULL,
     "true or false"},
    {"creative_material_mode", 79, "creative_material_mode", DRAFT_WORD, NULL,
     "CUSTOM, DYNAMIC, SMART_CREATIVE"},
    {"dayparting", 80, "dayparting", DRAFT_TEXT, NULL,
     "336 times 0 or 1: half hours from Monday on"},
    {"deep_bid_type", 81, "deep_bid_type", DRAFT_WORD, NULL,
     "DEFAULT, MIN, PACING, VO_MIN, VO_MIN_ROAS, VO_HIGHEST_VALUE, AEO"},
    {"deep_cpa_bid", 82, "deep_cpa_bid", DRAFT_MONEY, NULL,
     "an amount in the account's currency"},
    {"device_model_ids", 83, "device_model_ids", DRAFT_LIST, NULL,
     "ids"},
    {"device_price_ranges", 84, "device_price_ranges", DRAFT_JSON, NULL,
     "a JSON list"},
    {"excluded_audience_ids", 85, "excluded_audience_ids", DRAFT_LIST, NULL,
     "ids of custom audiences"},
    {"excluded_custom_actions", 86, "excluded_custom_actions", DRAFT_JSON, NULL,
     "a JSON list"},
    {"frequency", 87, "frequency", DRAFT_NUMBER, NULL,
     "how often it is shown to one person"},
    {"frequency_schedule", 88, "frequency_schedule", DRAFT_NUMBER, NULL,
     "... in how many days"},
    {"gender", 89, "gender", DRAFT_WORD, NULL,
     "GENDER_UNLIMITED, GENDER_MALE, GENDER_FEMALE"},
    {"household_income", 90, "household_income", DRAFT_LIST, NULL,
     "TOP5_PERCENT, ..."},
    {"identity_authorized_bc_id", 91, "identity_authorized_bc_id", DRAFT_TEXT, NULL,
     "of a Business Center"},
    {"identity_id", 92, "identity_id", DRAFT_TEXT, NULL,
     "who is shown as the advertiser"},
    {"identity_type", 93, "identity_type", DRAFT_WORD, NULL,
     "CUSTOMIZED_USER, AUTH_CODE, TT_USER, BC_AUTH_TT"},
    {"included_custom_actions", 94, "included_custom_actions", DRAFT_JSON, NULL,
     "a JSON list"},
    {"interest_category_ids", 95, "interest_category_ids", DRAFT_LIST, NULL,
     "ids"},
    {"interest_keyword_ids", 96, "interest_keyword_ids", DRAFT_LIST, NULL,
     "ids"},
    {"inventory_filter_enabled", 97, "inventory_filter_enabled", DRAFT_BOOL, NULL,
     "true or false"},
    {"is_hfss", 98, "is_hfss", DRAFT_BOOL, NULL,
     "true: food high in fat, salt or sugar"},
    {"isp_ids", 99, "isp_ids", DRAFT_LIST, NULL,
     "ids"},
    {"languages", 100, "languages", DRAFT_LIST, NULL,
     "en, de, ..."},
    {"location_ids", 101, "location_ids", DRAFT_LIST, when_location,
     "ids of countries, regions or cities"},
    {"min_android_version", 102, "min_android_version", DRAFT_WORD, NULL,
     "of the system"},
    {"min_ios_version", 103, "min_ios_version", DRAFT_WORD, NULL,
     "of the system"},
    {"name", 104, "adgroup_name", DRAFT_NAME, NULL,
     "what it is called; of itself as the draft"},
    {"network_types", 105, "network_types", DRAFT_LIST, NULL,
     "WIFI, 4G, ..."},
    {"operating_systems", 106, "operating_systems", DRAFT_LIST, when_app,
     "ANDROID, IOS"},
    {"optimization_event", 107, "optimization_event", DRAFT_WORD, NULL,
     "what of the pixel or the app is counted"},
    {"optimization_goal", 108, "optimization_goal", DRAFT_WORD, always,
     "CLICK, CONVERT, INSTALL, REACH, LEAD_GENERATION, ENGAGED_VIEW, ..."},
    {"pacing", 109, "pacing", DRAFT_WORD, always,
     "PACING_MODE_SMOOTH or PACING_MODE_FAST"},
    {"pixel_id", 110, "pixel_id", DRAFT_TEXT, NULL,
     "of conversions on a web site"},
    {"placement_type", 111, "placement_type", DRAFT_WORD, NULL,
     "PLACEMENT_TYPE_AUTOMATIC or PLACEMENT_TYPE_NORMAL, which it is of itself"},
    {"placements", 112, "placements", DRAFT_LIST, when_placements,
     "PLACEMENT_TIKTOK, PLACEMENT_PANGLE, PLACEMENT_GLOBAL_APP_BUNDLE"},
    {"product_source", 113, "product_source", DRAFT_WORD, NULL,
     "CATALOG, STORE, SHOWCASE"},
    {"promotion_type", 114, "promotion_type", DRAFT_WORD, NULL,
     "WEBSITE, APP_ANDROID, APP_IOS, LEAD_GENERATION, ..."},
    {"purchase_intention_keyword_ids", 115, "purchase_intention_keyword_ids", DRAFT_LIST, NULL,
     "ids"},
    {"roas_bid", 116, "roas_bid", DRAFT_NUMBER, when_roas,
     "the return on ad spend that is wanted"},
    {"saved_audience_id", 117, "saved_audience_id", DRAFT_TEXT, NULL,
     "of an audience"},
    {"schedule_end", 118, "schedule_end_time", DRAFT_TIME, when_end,
     "2026-12-31 23:59:59, in UTC"},
    {"schedule_start", 119, "schedule_start_time", DRAFT_TIME, always,
     "2026-12-01 00:00:00, in UTC; or now"},
    {"schedule_type", 120, "schedule_type", DRAFT_WORD, always,
     "SCHEDULE_FROM_NOW or SCHEDULE_START_END"},
    {"search_keywords", 121, "search_keywords", DRAFT_JSON, NULL,
     "a JSON list"},
    {"search_result_enabled", 122, "search_result_enabled", DRAFT_BOOL, NULL,
     "true or false"},
    {"secondary_optimization_event", 123, "secondary_optimization_event", DRAFT_WORD, NULL,
     "what is counted besides"},
    {"share_disabled", 124, "share_disabled", DRAFT_BOOL, NULL,
     "true or false"},
    {"shopping_ads_type", 125, "shopping_ads_type", DRAFT_WORD, NULL,
     "VIDEO, LIVE, ..."},
    {"skip_learning_phase", 126, "skip_learning_phase", DRAFT_BOOL, NULL,
     "true or false"},
    {"smart_audience_enabled", 127, "smart_audience_enabled", DRAFT_BOOL, NULL,
     "true or false"},
    {"smart_interest_behavior_enabled", 128, "smart_interest_behavior_enabled", DRAFT_BOOL, NULL,
     "true or false"},
    {"spending_power", 129, "spending_power", DRAFT_WORD, NULL,
     "ALL or HIGH"},
    {"status", 130, "operation_status", DRAFT_STATUS, NULL,
     "ENABLE or DISABLE; of itself DISABLE"},
    {"store_authorized_bc_id", 131, "store_authorized_bc_id", DRAFT_TEXT, NULL,
     "of a Business Center"},
    {"store_id", 132, "store_id", DRAFT_TEXT, NULL,
     "of a TikTok shop"},
    {"vbo_window", 133, "vbo_window", DRAFT_WORD, NULL,
     "ZERO_DAY, SEVEN_DAYS"},
    {"video_download_disabled", 134, "video_download_disabled", DRAFT_BOOL, NULL,
     "true or false"},
    {"view_attribution_window", 135, "view_attribution_window", DRAFT_WORD, NULL,
     "OFF, ONE_DAY, SEVEN_DAYS"},
    {"zipcode_ids", 136, "zipcode_ids", DRAFT_LIST, NULL,
     "ids"},
};

static const DraftRow ad_rows[] = {
    {"avatar_icon_web_uri", 64, "avatar_icon_web_uri", DRAFT_TEXT, NULL,
     "a picture of the advertiser"},
    {"call_to_action", 65, "call_to_action", DRAFT_WORD, NULL,
     "LEARN_MORE, SHOP_NOW, DOWNLOAD_NOW, SIGN_UP, ..."},
    {"call_to_action_id", 66, "call_to_action_id", DRAFT_TEXT, NULL,
     "of a set of such words"},
    {"card_id", 67, "card_id", DRAFT_TEXT, NULL,
     "of an interactive add-on"},
    {"catalog_id", 68, "catalog_id", DRAFT_TEXT, NULL,
     "of products"},
    {"click_tracking_url", 69, "click_tracking_url", DRAFT_TEXT, NULL,
     "of a tracker"},
    {"deeplink", 70, "deeplink", DRAFT_TEXT, NULL,
     "into an app"},
    {"deeplink_type", 71, "deeplink_type", DRAFT_WORD, NULL,
     "NORMAL, DEFERRED_DEEPLINK"},
    {"display_name", 72, "display_name", DRAFT_TEXT, NULL,
     "the name that is shown of the advertiser"},
    {"format", 73, "ad_format", DRAFT_WORD, always,
     "SINGLE_VIDEO, SINGLE_IMAGE, CAROUSEL_ADS, CATALOG_CAROUSEL, LIVE_CONTENT"},
    {"identity_authorized_bc_id", 74, "identity_authorized_bc_id", DRAFT_TEXT, when_bc,
     "of a Business Center"},
    {"identity_id", 75, "identity_id", DRAFT_TEXT, always,
     "who is shown as the advertiser"},
    {"identity_type", 76, "identity_type", DRAFT_WORD, always,
     "CUSTOMIZED_USER, AUTH_CODE, TT_USER, BC_AUTH_TT"},
    {"image_ids", 77, "image_ids", DRAFT_LIST, when_image,
     "of uploaded pictures: of a video its cover"},
    {"impression_tracking_url", 78, "impression_tracking_url", DRAFT_TEXT, NULL,
     "of a tracker"},
    {"landing_page", 79, "landing_page_url", DRAFT_TEXT, NULL,
     "https://..."},
    {"music_id", 80, "music_id", DRAFT_TEXT, when_music,
     "of a carousel"},
    {"name", 81, "ad_name", DRAFT_NAME, NULL,
     "what it is called; of itself as the draft"},
    {"page_id", 82, "page_id", DRAFT_NUMBER, NULL,
     "of an instant page"},
    {"shopping_ads_deeplink_type", 83, "shopping_ads_deeplink_type", DRAFT_WORD, NULL,
     "NONE, SHOPPING_ADS, CUSTOM"},
    {"status", 84, "operation_status", DRAFT_STATUS, NULL,
     "ENABLE or DISABLE; of itself DISABLE"},
    {"text", 85, "ad_text", DRAFT_ADTEXT, when_text,
     "1 to 100 characters"},
    {"tiktok_item_id", 86, "tiktok_item_id", DRAFT_TEXT, NULL,
     "of what was posted before (Spark ads)"},
    {"tracking_app_id", 87, "tracking_app_id", DRAFT_TEXT, NULL,
     "of an app"},
    {"tracking_pixel_id", 88, "tracking_pixel_id", DRAFT_NUMBER, NULL,
     "of a pixel"},
    {"vast_moat_enabled", 89, "vast_moat_enabled", DRAFT_BOOL, NULL,
     "true or false"},
    {"video_id", 90, "video_id", DRAFT_TEXT, when_video,
     "of an uploaded video"},
};
/* clang-format on */

static const struct {
    const DraftRow *rows;
    guint n;
} tables[N_KINDS] = {
    [KIND_CAMPAIGN] = {campaign_rows, G_N_ELEMENTS(campaign_rows)},
    [KIND_ADGROUP] = {adgroup_rows, G_N_ELEMENTS(adgroup_rows)},
    [KIND_AD] = {ad_rows, G_N_ELEMENTS(ad_rows)},
};

const DraftRow *draft_row(ObjectKind kind, guint index)
{
    return index < tables[kind].n ? &tables[kind].rows[index] : NULL;
}

static int compare_name(const void *name, const void *row)
{
    return strcmp(name, ((const DraftRow *)row)->name);
}

const DraftRow *draft_row_find(ObjectKind kind, const char *name)
{
    if (tables[kind].n == 0)
        return NULL;
    return bsearch(name, tables[kind].rows, tables[kind].n, sizeof(DraftRow), compare_name);
}

const DraftRow *draft_row_of_slot(ObjectKind kind, guint slot)
{
    for (guint i = 0; i < tables[kind].n; i++)
        if (tables[kind].rows[i].slot == slot)
            return &tables[kind].rows[i];
    return NULL;
}
