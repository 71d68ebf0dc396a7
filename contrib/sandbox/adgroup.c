/* SPDX-License-Identifier: MIT */
/*
 * adgroup.c - how ad groups are made: budget modes that go with the campaign's, bids below the
 * budgets, schedules. The first of each campaign is ordinary: enabled, from now on, 50 a day.
 */
#include <string.h>

#include "clock.h"
#include "mix.h"
#include "render.h"
#include "text.h"

enum { LONG_RUN = 1200, SHORT_RUN = 45, TEN_YEARS = 3652 }; /* days */

/* Hundredths of the base unit. */
static const gint64 budgets[] = {5000, 2000, 2500, 3000, 4000, 5000, 7550, 10000};
static const gint64 click_bids[] = {20, 35, 50, 80, 120};
static const gint64 conversion_bids[] = {250, 400, 650, 900, 1500};

static guint64 rank_of(const Item *item)
{
    return item->index[ADGROUP] - world_first_child(item->world, CAMPAIGN, item->index[CAMPAIGN]);
}

static gint64 amount(const Item *item, gint64 hundredths)
{
    return hundredths * item->account->currency->ratio * (MICRO / 100);
}

static void make_schedule(Item *item, guint die)
{
    AdgroupFacts *facts = &item->adgroup;
    gint64 days = die == 3 ? SHORT_RUN : LONG_RUN;

    facts->open_end = die != 3 && die != 4;
    facts->start = facts->created + 3600 - facts->created % 3600;
    if (die == 5 && rank_of(item) % 4 == 1) /* one that has not begun */
        facts->start = item->world->epoch + 1100 * (gint64)DAY;
    facts->end = facts->start + (facts->open_end ? TEN_YEARS : days) * (gint64)DAY;
}

static void make_budget(Item *item, guint64 hash)
{
    AdgroupFacts *facts = &item->adgroup;
    const char *parent_mode = item->campaign.budget_mode;
    gboolean ordinary = rank_of(item) == 0;
    gint64 hundredths = ordinary ? 5000 : budgets[hash % G_N_ELEMENTS(budgets)];
    guint die = ordinary ? 9 : (guint)((hash >> 8) % 6);

    facts->budget_mode = "BUDGET_MODE_DAY";
    facts->budget = amount(item, hundredths);
    if (item->campaign.cbo) {
        facts->budget_mode = "BUDGET_MODE_INFINITE";
        facts->budget = 0;
    } else if (die <= 2 && strcmp(parent_mode, "BUDGET_MODE_DAY") != 0) {
        facts->budget_mode = "BUDGET_MODE_TOTAL";
        facts->budget *= LONG_RUN;
        make_schedule(item, 4);
    } else if (die == 3) {
        facts->budget_mode = "BUDGET_MODE_DYNAMIC_DAILY_BUDGET";
    }
}

static void make_bid(Item *item, guint64 hash)
{
    const Objective *objective = item->campaign.objective;
    AdgroupFacts *facts = &item->adgroup;
    gint64 hundredths = strcmp(objective->billing_event, "OCPM") == 0
                            ? conversion_bids[hash % G_N_ELEMENTS(conversion_bids)]
                            : click_bids[hash % G_N_ELEMENTS(click_bids)];

    facts->custom_bid = objective->custom_bid && (rank_of(item) == 0 || hash % 4 != 0);
    facts->bid = facts->custom_bid ? amount(item, hundredths) : 0;
}

/* What one ad may spend in a day, so that neither the ad group nor the campaign exceeds its budget
   as made. Lifetime budgets are thought to last 1000 days or the schedule. */
static gint64 ad_share(const Item *item)
{
    const World *world = item->world;
    const CampaignFacts *campaign = &item->campaign;
    const AdgroupFacts *facts = &item->adgroup;
    guint64 c = item->index[CAMPAIGN], g = item->index[ADGROUP];
    gint64 groups =
        (gint64)(world_first_child(world, CAMPAIGN, c + 1) - world_first_child(world, CAMPAIGN, c));
    gint64 ads =
        (gint64)(world_first_child(world, ADGROUP, g + 1) - world_first_child(world, ADGROUP, g));
    gint64 daily = amount(item, 20000);

    if (campaign->budget > 0) {
        gboolean total = strcmp(campaign->budget_mode, "BUDGET_MODE_TOTAL") == 0;

        daily = campaign->budget / (total ? 1000 : 1) / groups;
    }
    if (facts->budget > 0) {
        gboolean total = strcmp(facts->budget_mode, "BUDGET_MODE_TOTAL") == 0;

        daily = MIN(daily, facts->budget / (total ? LONG_RUN : 1));
    }
    return ads > 0 ? daily / ads : 0;
}

/* One that adgroup/create has made: what it was made with is among its changes. */
static void make_created(Item *item)
{
    static const char *const modes[] = {"BUDGET_MODE_TOTAL", "BUDGET_MODE_DYNAMIC_DAILY_BUDGET",
                                        "BUDGET_MODE_INFINITE"};
    const Change *change = item->change[ADGROUP];
    AdgroupFacts *facts = &item->adgroup;
    g_autofree char *mode = text_from_json(change_get(change, "budget_mode"));
    g_autofree char *goal = text_from_json(change_get(change, "optimization_goal"));
    g_autofree char *billing = text_from_json(change_get(change, "billing_event"));
    const char *created = change_get(change, "_created");

    facts->created = facts->modified = g_ascii_strtoll(created, NULL, 10);
    facts->optimization_goal = g_intern_string(goal);
    facts->billing_event = g_intern_string(billing);
    facts->budget_mode = "BUDGET_MODE_DAY";
    for (gsize i = 0; i < G_N_ELEMENTS(modes); i++)
        if (strcmp(modes[i], mode) == 0)
            facts->budget_mode = modes[i];
    facts->custom_bid = g_strcmp0(change_get(change, "bid_type"), "\"BID_TYPE_CUSTOM\"") == 0;
    facts->open_end =
        g_strcmp0(change_get(change, "schedule_type"), "\"SCHEDULE_FROM_NOW\"") == 0;
    facts->start = item_time(item, ADGROUP, "schedule_start_time", 0);
    facts->end = item_time(item, ADGROUP, "schedule_end_time", 0);
}

void adgroup_make(Item *item)
{
    AdgroupFacts *facts = &item->adgroup;
    guint64 hash = mix_hash(item->world->seed ^ item->account->index, 0xa9, item->index[ADGROUP]);
    gboolean ordinary = rank_of(item) == 0;

    if (item->index[ADGROUP] >= item->world->count[ADGROUP]) {
        memset(facts, 0, sizeof *facts);
        facts->hash = hash;
        make_created(item);
        return;
    }

    memset(facts, 0, sizeof *facts);
    facts->optimization_goal = item->campaign.objective->optimization_goal;
    facts->billing_event = item->campaign.objective->billing_event;
    facts->hash = hash;
    facts->created = item->campaign.created + 60 + (gint64)(hash % (4 * DAY));
    facts->modified = facts->created + 60 + (gint64)((hash >> 20) % (15 * DAY));
    facts->disabled = !ordinary && (hash >> 40) % 7 == 0;
    make_schedule(item, ordinary ? 9 : (guint)((hash >> 44) % 12));
    make_budget(item, hash >> 8);
    make_bid(item, hash >> 16);
    facts->share = ad_share(item);
}

char *adgroup_first_name(const Item *item)
{
    static const char *const names[] = {"DE_25-44",        "서울 18-24 여성", "Lookalike 1 %",
                                        "Größe M/L",       "Broad",           "Interests: cycling",
                                        "Retargeting 30d", "Männer 35+"};

    return g_strdup_printf("%s_%02" G_GUINT64_FORMAT,
                           names[(item->adgroup.hash >> 50) % G_N_ELEMENTS(names)],
                           rank_of(item) + 1);
}

static void put_text(GString *out, const char *text)
{
    text_put_json(out, text);
}

static void put_promotion_type(GString *out, const Item *item)
{
    put_text(out, item->campaign.objective->promotion_type);
}

guint adgroup_targeting(const Item *item)
{
    return (guint)(item->adgroup.hash >> 12) & 63;
}

static void put_age_groups(GString *out, const Item *item)
{
    static const char *const choices[] = {"[\"AGE_25_34\",\"AGE_35_44\"]", "[\"AGE_18_24\"]", "[]",
                                          "[\"AGE_35_44\",\"AGE_45_54\",\"AGE_55_100\"]"};

    g_string_append(out, choices[adgroup_targeting(item) & 3]);
}

static void put_gender(GString *out, const Item *item)
{
    static const char *const choices[] = {"GENDER_UNLIMITED", "GENDER_UNLIMITED", "GENDER_FEMALE",
                                          "GENDER_MALE"};

    put_text(out, choices[adgroup_targeting(item) >> 2 & 3]);
}

static void put_interests(GString *out, const Item *item)
{
    g_string_append(out, (item->adgroup.hash >> 18) % 3 == 0 ? "[\"15109\",\"22109\"]" : "[]");
}

static void put_location_ids(GString *out, const Item *item)
{
    static const char *const choices[] = {"[\"6252001\"]", "[\"2921044\"]", "[\"1861060\"]",
                                          "[\"2921044\",\"2658434\"]"};

    g_string_append(out, choices[adgroup_targeting(item) >> 4]);
}

static void put_budget_mode(GString *out, const Item *item)
{
    put_text(out, item->adgroup.budget_mode);
}

static void put_scheduled_budget(GString *out, const Item *item)
{
    currency_put(out, item_scheduled_budget(item));
}

static void put_schedule_type(GString *out, const Item *item)
{
    put_text(out, item->adgroup.open_end ? "SCHEDULE_FROM_NOW" : "SCHEDULE_START_END");
}

static void put_start(GString *out, const Item *item)
{
    put_utc(out, item->adgroup.start);
}

static void put_end(GString *out, const Item *item)
{
    put_utc(out, item->adgroup.end);
}

/* 48 half hours of seven days, Monday first: always, or from eight to eight on weekdays. */
static void put_dayparting(GString *out, const Item *item)
{
    gboolean always = (item->adgroup.hash >> 22) % 4 != 0;

    g_string_append_c(out, '"');
    for (guint slot = 0; slot < 7 * 48; slot++) {
        gboolean weekday = slot < 5 * 48, daytime = slot % 48 >= 16 && slot % 48 < 40;

        g_string_append_c(out, always || (weekday && daytime) ? '1' : '0');
    }
    g_string_append_c(out, '"');
}

static void put_optimization_goal(GString *out, const Item *item)
{
    put_text(out, item->adgroup.optimization_goal);
}

static void put_billing_event(GString *out, const Item *item)
{
    put_text(out, item->adgroup.billing_event);
}

static void put_bid_type(GString *out, const Item *item)
{
    put_text(out, item->adgroup.custom_bid ? "BID_TYPE_CUSTOM" : "BID_TYPE_NO_BID");
}

static gboolean by_conversion(const Item *item)
{
    return strcmp(item->adgroup.billing_event, "OCPM") == 0;
}

static void put_bid_price(GString *out, const Item *item)
{
    currency_put(out, by_conversion(item) ? 0 : item->adgroup.bid);
}

static void put_conversion_bid(GString *out, const Item *item)
{
    currency_put(out, by_conversion(item) ? item->adgroup.bid : 0);
}

static void put_app_id(GString *out, const Item *item)
{
    gboolean app = strcmp(item->campaign.objective->type, "APP_PROMOTION") == 0;

    g_string_append(out, app ? "\"7188776655443322110\"" : "null");
}

static void put_create_time(GString *out, const Item *item)
{
    put_utc(out, item->adgroup.created);
}

static void put_modify_time(GString *out, const Item *item)
{
    put_utc(out, item->adgroup.modified);
}

/* clang-format off */
const Field adgroup_fields[] = {
    {"advertiser_id",                 NULL, put_advertiser_id},
    {"campaign_id",                   NULL, put_campaign_id},
    {"campaign_name",                 NULL, put_campaign_name},
    {"adgroup_id",                    NULL, put_adgroup_id},
    {"adgroup_name",                  NULL, put_adgroup_name},
    {"campaign_automation_type",      NULL, put_automation_type},
    {"is_smart_performance_campaign", NULL, put_smart_performance},
    {"promotion_type",                NULL, put_promotion_type},
    {"placement_type",                "\"PLACEMENT_TYPE_NORMAL\"", NULL},
    {"placements",                    "[\"PLACEMENT_TIKTOK\"]", NULL},
    {"tiktok_subplacements",          "[]", NULL},
    {"location_ids",                  NULL, put_location_ids},
    {"zipcode_ids",                   "[]", NULL},
    {"age_groups",                    NULL, put_age_groups},
    {"gender",                        NULL, put_gender},
    {"languages",                     "[]", NULL},
    {"operating_systems",             "[]", NULL},
    {"network_types",                 "[]", NULL},
    {"carrier_ids",                   "[]", NULL},
    {"device_model_ids",              "[]", NULL},
    {"device_price_ranges",           "null", NULL},
    {"household_income",              "[]", NULL},
    {"interest_category_ids",         NULL, put_interests},
    {"interest_keyword_ids",          "[]", NULL},
    {"purchase_intention_keyword_ids", "[]", NULL},
    {"actions",                       "[]", NULL},
    {"audience_ids",                  "[]", NULL},
    {"excluded_audience_ids",         "[]", NULL},
    {"included_custom_actions",       "[]", NULL},
    {"excluded_custom_actions",       "[]", NULL},
    {"spending_power",                "\"ALL\"", NULL},
    {"isp_ids",                       "[]", NULL},
    {"saved_audience_id",             "null", NULL},
    {"smart_audience_enabled",        "null", NULL},
    {"smart_interest_behavior_enabled", "null", NULL},
    {"auto_targeting_enabled",        "false", NULL},
    {"budget_mode",                   NULL, put_budget_mode},
    {"budget",                        NULL, put_budget},
    {"scheduled_budget",              NULL, put_scheduled_budget},
    {"schedule_type",                 NULL, put_schedule_type},
    {"schedule_start_time",           NULL, put_start},
    {"schedule_end_time",             NULL, put_end},
    {"dayparting",                    NULL, put_dayparting},
    {"optimization_goal",             NULL, put_optimization_goal},
    {"optimization_event",            "null", NULL},
    {"secondary_optimization_event",  "null", NULL},
    {"pacing",                        "\"PACING_MODE_SMOOTH\"", NULL},
    {"billing_event",                 NULL, put_billing_event},
    {"bid_type",                      NULL, put_bid_type},
    {"bid_price",                     NULL, put_bid_price},
    {"conversion_bid_price",          NULL, put_conversion_bid},
    {"roas_bid",                      "0", NULL},
    {"deep_bid_type",                 "null", NULL},
    {"deep_cpa_bid",                  "0", NULL},
    {"bid_display_mode",              "\"CPMV\"", NULL},
    {"vbo_window",                    "null", NULL},
    {"frequency",                     "null", NULL},
    {"frequency_schedule",            "null", NULL},
    {"pixel_id",                      "null", NULL},
    {"app_id",                        NULL, put_app_id},
    {"app_type",                      "null", NULL},
    {"click_attribution_window",      "\"SEVEN_DAYS\"", NULL},
    {"view_attribution_window",       "\"ONE_DAY\"", NULL},
    {"attribution_event_count",       "\"ONCE\"", NULL},
    {"statistic_type",                "null", NULL},
    {"comment_disabled",              "false", NULL},
    {"share_disabled",                "false", NULL},
    {"video_download_disabled",       "false", NULL},
    {"search_result_enabled",         "true", NULL},
    {"search_keywords",               "null", NULL},
    {"brand_safety_type",             "\"NO_BRAND_SAFETY\"", NULL},
    {"inventory_filter_enabled",      "false", NULL},
    {"category_exclusion_ids",        "[]", NULL},
    {"creative_material_mode",        "\"CUSTOM\"", NULL},
    {"ios14_quota_type",              "\"UNOCCUPIED\"", NULL},
    {"skip_learning_phase",           "false", NULL},
    {"is_hfss",                       "false", NULL},
    {"is_lhf_compliance",             "false", NULL},
    {"is_new_structure",              "true", NULL},
    {"category_id",                   "\"0\"", NULL},
    {"feed_type",                     "null", NULL},
    {"delivery_mode",                 "null", NULL},
    {"schedule_infos",                "null", NULL},
    {"keywords",                      "null", NULL},
    {"purchased_impression",          "null", NULL},
    {"operation_status",              NULL, put_operation_status},
    {"secondary_status",              NULL, put_secondary_status},
    {"create_time",                   NULL, put_create_time},
    {"modify_time",                   NULL, put_modify_time},
};
/* clang-format on */

const gsize n_adgroup_fields = G_N_ELEMENTS(adgroup_fields);
