/* SPDX-License-Identifier: MIT */
/*
 * metric-table.c - metrics with names of their own; those with names made of an event are in
 * metric-family.c. Where nothing is known to refuse a metric, it is allowed: the service has the
 * last word. By country, basic reports have what the service lists and nothing else.
 */
#include "api/metric-private.h"

#define BASIC  (1u << REPORT_BASIC)
#define WHOLE  (BASIC | 1u << REPORT_CENTER) /* not in audience reports */
#define ALL    (BASIC | 1u << REPORT_AUDIENCE | 1u << REPORT_CENTER)
#define EVENTS (BASIC | 1u << REPORT_AUDIENCE) /* centers know accounts, videos and apps only */
#define CENTER (1u << REPORT_CENTER)

#define OF_AD         (1u << KIND_AD)
#define OF_GROUP      (OF_AD | 1u << KIND_ADGROUP)
#define OF_CAMPAIGN   (OF_GROUP | 1u << KIND_CAMPAIGN)
#define OF_ADVERTISER (OF_CAMPAIGN | 1u << KIND_ADVERTISER)

#define ADD     METRIC_ADDITIVE
#define COUNTRY METRIC_BY_COUNTRY
#define SYNC    METRIC_COUNTRY_SYNC
#define ID_DAY  METRIC_ID_DAY

/* clang-format off */

/* Of the object as it is now; only with its id, and not in audience reports. */
static const struct {
    const char *name, *meaning;
    guint levels;
} attributes[] = {
    {"ad_id",                    "id of the ad", OF_AD},
    {"ad_name",                  "name of the ad", OF_AD},
    {"ad_profile_image",         "profile picture of the ad", OF_AD},
    {"ad_text",                  "text of the ad", OF_AD},
    {"ad_url",                   "page the ad leads to", OF_AD},
    {"adgroup_download_url",     "page or store the ad group leads to", OF_GROUP},
    {"adgroup_id",               "id of the ad group", OF_AD},
    {"adgroup_name",             "name of the ad group", OF_GROUP},
    {"advertiser_id",            "id of the account", OF_ADVERTISER},
    {"advertiser_name",          "name of the account", OF_ADVERTISER},
    {"aeo_type",                 "how events in the app are optimized for", OF_GROUP},
    {"app_promotion_type",       "whether for installs or for people who have the app", OF_CAMPAIGN},
    {"bid",                      "bid of the ad group", OF_GROUP},
    {"bid_secondary_goal",       "bid for the secondary goal", OF_GROUP},
    {"bid_strategy",             "bid strategy", OF_GROUP},
    {"billing_event",            "what is paid for", OF_GROUP},
    {"budget",                   "budget of the ad group", OF_GROUP},
    {"call_to_action",           "words on the button of the ad", OF_AD},
    {"campaign_automation_type", "whether Smart+ or manual", OF_CAMPAIGN},
    {"campaign_budget",          "budget of the campaign", OF_CAMPAIGN},
    {"campaign_dedicate_type",   "whether for iOS 14 only", OF_CAMPAIGN},
    {"campaign_id",              "id of the campaign", OF_GROUP},
    {"campaign_name",            "name of the campaign", OF_CAMPAIGN},
    {"currency",                 "currency of the account", OF_ADVERTISER},
    {"dpa_target_audience_type", "whom ads from a catalog are shown to", OF_GROUP},
    {"image_mode",               "format of the ad", OF_AD},
    {"is_aco",                   "whether creatives are put together automatically",
        1u << KIND_ADGROUP},
    {"is_smart_creative",        "whether it is a smart creative", OF_AD},
    {"mobile_app_id",            "id of the app in its store", OF_GROUP},
    {"objective_type",           "objective of the campaign", OF_CAMPAIGN},
    {"opt_status",               "whether creatives are put together automatically", OF_GROUP},
    {"placement_type",           "automatic or chosen placements", OF_GROUP},
    {"pricing_category",         "what is paid for, as it was called before billing_event", OF_GROUP},
    {"profile_image",            "profile picture of the ad group", OF_GROUP},
    {"promotion_type",           "what is advertised: an app, a website", OF_GROUP},
    {"smart_target",             "what delivery is optimized for", OF_GROUP},
    {"split_test",               "state of the split test", OF_CAMPAIGN},
    {"tt_app_id",                "id of the app at TikTok", OF_GROUP},
    {"tt_app_name",              "name of the app", OF_GROUP},
};

static const Metric plain[] = {
    /* ---- money, impressions, clicks ---- */
    {"billed_cost",   "spend without vouchers; some 11 hours late", METRIC_MONEY,
        ADD | METRIC_NOT_IN_TASKS, BASIC},
    {"cash_spend",    "part of the spend paid in cash; a day or two late", METRIC_MONEY,
        ADD | METRIC_ACCOUNT_DAY, WHOLE},
    {"cashback_coupon_spend", "part of the spend paid with cashback coupons", METRIC_MONEY,
        ADD, CENTER},
    {"clicks",        "clicks that lead to the destination", METRIC_COUNT, ADD | COUNTRY, ALL},
    {"cost_per_1000_reached", "spend per 1000 people reached", METRIC_MONEY, METRIC_PEOPLE, WHOLE},
    {"cpc",           "spend per click", METRIC_MONEY, COUNTRY, ALL},
    {"cpm",           "spend per 1000 impressions", METRIC_MONEY, COUNTRY, ALL},
    {"ctr",           "clicks per 100 impressions", METRIC_PERCENT, COUNTRY, ALL},
    {"frequency",     "impressions per person reached", METRIC_RATIO, METRIC_PEOPLE | SYNC, WHOLE},
    {"gross_impressions", "times shown, invalid ones too", METRIC_COUNT, ADD | COUNTRY, ALL},
    {"impressions",   "times shown", METRIC_COUNT, ADD | COUNTRY, ALL},
    {"reach",         "people who saw it at least once, estimated", METRIC_COUNT,
        METRIC_PEOPLE | SYNC, WHOLE},
    {"spend",         "cost, vouchers included", METRIC_MONEY, ADD | COUNTRY, ALL},
    {"tax_spend",     "tax on the spend; two days late", METRIC_MONEY, ADD, CENTER},
    {"voucher_spend", "part of the spend paid with vouchers; a day or two late", METRIC_MONEY,
        ADD | METRIC_ACCOUNT_DAY, WHOLE},

    /* ---- conversions and results; what a result is depends on the goal of each row, and may be
       people reached: results do not add up ---- */
    {"conversion",    "times the optimization event happened, by the day of the impression",
        METRIC_COUNT, ADD | COUNTRY, ALL},
    {"conversion_rate", "conversions per 100 clicks", METRIC_PERCENT, COUNTRY, ALL},
    {"conversion_rate_v2", "conversions per 100 impressions", METRIC_PERCENT, 0, ALL},
    {"cost_per_conversion", "spend per conversion", METRIC_MONEY, COUNTRY, ALL},
    {"cost_per_result", "spend per result", METRIC_MONEY, SYNC, ALL},
    {"cost_per_secondary_goal_result", "spend per result of the secondary goal", METRIC_MONEY,
        0, ALL},
    {"real_time_conversion", "conversions by the day they happened", METRIC_COUNT,
        ADD | COUNTRY, ALL},
    {"real_time_conversion_rate", "conversions by the day they happened per 100 clicks",
        METRIC_PERCENT, COUNTRY, ALL},
    {"real_time_conversion_rate_v2", "conversions by the day they happened per 100 impressions",
        METRIC_PERCENT, 0, ALL},
    {"real_time_cost_per_conversion", "spend per conversion by the day it happened", METRIC_MONEY,
        COUNTRY, ALL},
    {"real_time_cost_per_result", "spend per result by the day it happened", METRIC_MONEY,
        SYNC, ALL},
    {"real_time_result", "results by the day they happened", METRIC_COUNT, SYNC, ALL},
    {"real_time_result_rate", "results by the day they happened per 100 impressions",
        METRIC_PERCENT, SYNC, ALL},
    {"result",        "results, of the goal of the ad group: what that is differs by row",
        METRIC_COUNT, SYNC, ALL},
    {"result_rate",   "results per 100 impressions", METRIC_PERCENT, SYNC, ALL},
    {"secondary_goal_result", "results of the secondary goal", METRIC_COUNT, 0, ALL},
    {"secondary_goal_result_rate", "results of the secondary goal per 100 impressions",
        METRIC_PERCENT, 0, ALL},
    {"skan_app_install", "app installs by SKAdNetwork", METRIC_COUNT, ADD, BASIC},
    {"skan_app_install_withheld", "app installs by SKAdNetwork with values withheld for privacy",
        METRIC_COUNT, ADD, BASIC},
    {"skan_conversion", "conversions by SKAdNetwork", METRIC_COUNT, ADD, BASIC},
    {"skan_conversion_rate", "conversions by SKAdNetwork per 100 clicks", METRIC_PERCENT, 0, BASIC},
    {"skan_conversion_rate_v2", "conversions by SKAdNetwork per 100 impressions", METRIC_PERCENT,
        0, BASIC},
    {"skan_cost_per_app_install", "spend per app install by SKAdNetwork", METRIC_MONEY, 0, BASIC},
    {"skan_cost_per_conversion", "spend per conversion by SKAdNetwork", METRIC_MONEY, 0, BASIC},
    {"skan_cost_per_result", "spend per result by SKAdNetwork", METRIC_MONEY, 0, BASIC},
    {"skan_cost_total_add_payment_info", "spend divided by payment details added, by SKAdNetwork",
        METRIC_MONEY, 0, BASIC},
    {"skan_result",   "results by SKAdNetwork", METRIC_COUNT, 0, BASIC},
    {"skan_result_rate", "results by SKAdNetwork per 100 impressions", METRIC_PERCENT, 0, BASIC},
    {"skan_total_repetitive_active_pay_roas",
        "value of purchases in the app divided by spend, by SKAdNetwork", METRIC_RATIO, 0, BASIC},

    /* ---- video ---- */
    {"average_video_play", "seconds played per video view, replays included", METRIC_RATIO,
        COUNTRY, ALL},
    {"average_video_play_per_user", "seconds played per person", METRIC_RATIO,
        METRIC_PEOPLE, WHOLE},
    {"engaged_view",  "views of 6 seconds, of the whole, or with an interaction by then",
        METRIC_COUNT, ADD | COUNTRY, ALL},
    {"engaged_view_15s", "views of 15 seconds, of the whole, or with an interaction by then",
        METRIC_COUNT, ADD | COUNTRY, ALL},
    {"organic_video_views", "views of the video that were not paid for", METRIC_COUNT, ADD, BASIC},
    {"paid_engaged_view", "paid views of 6 seconds or of the whole", METRIC_COUNT,
        ADD | ID_DAY, BASIC},
    {"paid_engaged_view_15s", "paid views of 15 seconds or of the whole", METRIC_COUNT,
        ADD | ID_DAY, BASIC},
    {"paid_engagement_engaged_view", "paid interactions within 6 seconds", METRIC_COUNT,
        ADD | ID_DAY, BASIC},
    {"paid_engagement_engaged_view_15s", "paid interactions within 15 seconds", METRIC_COUNT,
        ADD | ID_DAY, BASIC},
    {"video_play_actions", "times the video began to play", METRIC_COUNT, ADD | COUNTRY, ALL},
    {"video_views_p100", "times the video was played to its end", METRIC_COUNT,
        ADD | COUNTRY, ALL},
    {"video_views_p25", "times a quarter of the video was played", METRIC_COUNT,
        ADD | COUNTRY, ALL},
    {"video_views_p50", "times half of the video was played", METRIC_COUNT, ADD | COUNTRY, ALL},
    {"video_views_p75", "times three quarters of the video were played", METRIC_COUNT,
        ADD | COUNTRY, ALL},
    {"video_watched_2s", "times at least 2 seconds were played", METRIC_COUNT,
        ADD | COUNTRY, ALL},
    {"video_watched_6s", "times at least 6 seconds were played", METRIC_COUNT,
        ADD | COUNTRY, ALL},

    /* ---- clicks of all kinds, and what people do with it ---- */
    {"anchor_click_rate", "clicks on anchors per 100 impressions", METRIC_PERCENT, 0, EVENTS},
    {"anchor_clicks", "clicks on anchors", METRIC_COUNT, ADD, EVENTS},
    {"clicks_on_hashtag_challenge", "clicks on the hashtag", METRIC_COUNT, ADD, EVENTS},
    {"clicks_on_music_disc", "clicks on the music", METRIC_COUNT, ADD | COUNTRY, EVENTS},
    {"comments",      "comments on the ad while it was paid for", METRIC_COUNT,
        ADD | COUNTRY, EVENTS},
    {"duet_clicks",   "clicks on Duet", METRIC_COUNT, ADD, EVENTS},
    {"earned_page_clicks", "clicks on the page that followed from the ad", METRIC_COUNT,
        ADD, EVENTS},
    {"earned_page_video_views", "video views on the page that followed from the ad", METRIC_COUNT,
        ADD, EVENTS},
    {"earned_page_video_views_p100", "videos of the page played to their end, following from the ad",
        METRIC_COUNT, ADD, EVENTS},
    {"engagement_rate", "clicks of all kinds per 100 impressions", METRIC_PERCENT, 0, EVENTS},
    {"engagements",   "clicks of all kinds", METRIC_COUNT, ADD, EVENTS},
    {"follows",       "new followers from the ad", METRIC_COUNT, ADD | COUNTRY, EVENTS},
    {"likes",         "likes of the ad while it was paid for", METRIC_COUNT, ADD | COUNTRY, EVENTS},
    {"profile_visits", "visits of the profile from the ad", METRIC_COUNT, ADD | COUNTRY, EVENTS},
    {"profile_visits_rate", "visits of the profile per 100 impressions", METRIC_PERCENT,
        COUNTRY, EVENTS},
    {"shares",        "times the ad was shared while it was paid for", METRIC_COUNT,
        ADD | COUNTRY, EVENTS},
    {"sound_usage_clicks", "clicks on the button to use the music", METRIC_COUNT, ADD, EVENTS},
    {"stitch_clicks", "clicks on Stitch", METRIC_COUNT, ADD, EVENTS},
    {"tt_playlist_visit", "visits of the playlist page", METRIC_COUNT, ADD, EVENTS},
    {"tt_playlist_visit_rate", "visits of the playlist page per 100 impressions", METRIC_PERCENT,
        0, EVENTS},

    /* ---- live, images, add-ons, instant pages ---- */
    {"countdown_sticker_recall_clicks", "clicks on a reminder of the countdown sticker",
        METRIC_COUNT, ADD, EVENTS},
    {"interactive_add_on_activity_clicks", "clicks within an interactive add-on", METRIC_COUNT,
        ADD, EVENTS},
    {"interactive_add_on_destination_clicks", "clicks from an add-on to the destination",
        METRIC_COUNT, ADD, EVENTS},
    {"interactive_add_on_impressions", "times an interactive add-on was shown", METRIC_COUNT,
        ADD, EVENTS},
    {"interactive_add_on_option_a_clicks", "clicks on option A of an add-on", METRIC_COUNT,
        ADD, EVENTS},
    {"interactive_add_on_option_b_clicks", "clicks on option B of an add-on", METRIC_COUNT,
        ADD, EVENTS},
    {"ix_average_video_play", "seconds played per view of the video on an instant page",
        METRIC_RATIO, 0, EVENTS},
    {"ix_page_duration_avg", "seconds an instant page was shown, on average", METRIC_RATIO,
        0, EVENTS},
    {"ix_page_viewrate_avg", "part of an instant page that was seen, on average", METRIC_PERCENT,
        0, EVENTS},
    {"ix_video_views", "views of the video on an instant page", METRIC_COUNT, ADD, EVENTS},
    {"ix_video_views_p100", "videos on an instant page played to their end", METRIC_COUNT,
        ADD, EVENTS},
    {"ix_video_views_p25", "times a quarter of the video on an instant page was played",
        METRIC_COUNT, ADD, EVENTS},
    {"ix_video_views_p50", "times half of the video on an instant page was played", METRIC_COUNT,
        ADD, EVENTS},
    {"ix_video_views_p75", "times three quarters of the video on an instant page were played",
        METRIC_COUNT, ADD, EVENTS},
    {"live_effective_views", "views of the live stream of at least 10 seconds", METRIC_COUNT,
        ADD, EVENTS},
    {"live_product_clicks", "clicks on products in the live stream", METRIC_COUNT,
        ADD | SYNC, EVENTS},
    {"live_unique_views", "people who came to the live stream", METRIC_COUNT,
        METRIC_PEOPLE, BASIC},
    {"live_views",    "times somebody came to the live stream", METRIC_COUNT, ADD, EVENTS},
    {"single_image_ctr", "clicks on an image per 100 times it was shown", METRIC_PERCENT,
        METRIC_BY_IMAGE, BASIC},
    {"single_image_impression_rate", "times an image was shown per 100 impressions of its ad",
        METRIC_PERCENT, METRIC_BY_IMAGE, BASIC},
    {"single_image_impressions", "times an image was shown", METRIC_COUNT,
        ADD | METRIC_BY_IMAGE, BASIC},
};
/* clang-format on */

void metric_add_plain(GArray *metrics)
{
    for (guint i = 0; i < G_N_ELEMENTS(attributes); i++) {
        Metric metric = {
            .name = attributes[i].name,
            .meaning = attributes[i].meaning,
            .kind = METRIC_TEXT,
            .flags = METRIC_ATTRIBUTE,
            .types = BASIC,
            .levels = attributes[i].levels,
        };

        g_array_append_val(metrics, metric);
    }
    for (guint i = 0; i < G_N_ELEMENTS(plain); i++) {
        Metric metric = plain[i];

        metric.levels = OF_ADVERTISER;
        g_array_append_val(metrics, metric);
    }
}
