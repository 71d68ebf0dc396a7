/* SPDX-License-Identifier: MIT */
/* title.c - the table. What is not in it is the name itself, in words. */
#include "title.h"

#include <glib.h>
#include <string.h>

/* clang-format off */
static const struct {
    const char *name;
    const char *title;
} titles[] = {
    {"ac",                     "Carrier"},
    {"ad_id",                  "Ad ID"},
    {"ad_id_v2",               "Ad ID (V2)"},
    {"ad_url",                 "URL"},
    {"adgroup_id",             "Ad Group ID"},
    {"adgroup_name",           "Ad Group Name"},
    {"advertiser_id",          "Account ID"},
    {"advertiser_name",        "Account Name"},
    {"app_install",            "App Installs"},
    {"average_video_play",     "Average Play Time per Video View"},
    {"average_video_play_per_user", "Average Play Time per Person"},
    {"budget",                 "Ad Group Budget"},
    {"campaign_id",            "Campaign ID"},
    {"clicks",                 "Clicks (Destination)"},
    {"clicks_on_music_disc",   "Music Clicks"},
    {"comments",               "Paid Comments"},
    {"complete_payment",       "Payments Completed"},
    {"complete_payment_rate",  "Payment Completion Rate (%)"},
    {"complete_payment_roas",  "Payment Completion ROAS"},
    {"conversion",             "Conversions"},
    {"conversion_rate",        "Conversion Rate (CVR, Clicks)"},
    {"conversion_rate_v2",     "Conversion Rate (CVR)"},
    {"cost_per_1000_reached",  "Cost per 1,000 People Reached"},
    {"cost_per_conversion",    "Cost per Conversion"},
    {"cost_per_result",        "Cost per Result"},
    {"country_code",           "Country/Region"},
    {"cpc",                    "CPC (Destination)"},
    {"cpm",                    "CPM"},
    {"ctr",                    "CTR (Destination)"},
    {"dma_id",                 "DMA"},
    {"engaged_view",           "Focused View (6s)"},
    {"engaged_view_15s",       "Focused View (15s)"},
    {"engagement_rate",        "Engagement Rate"},
    {"engagements",            "Engagements"},
    {"follows",                "Paid Followers"},
    {"initiate_checkout",      "Checkouts Initiated"},
    {"likes",                  "Paid Likes"},
    {"profile_visits",         "Paid Profile Visits"},
    {"profile_visits_rate",    "Paid Profile Visit Rate"},
    {"province_id",            "Province/State"},
    {"result",                 "Results"},
    {"shares",                 "Paid Shares"},
    {"skan_conversion",        "SKAN Conversions"},
    {"skan_result",            "SKAN Results"},
    {"spend",                  "Cost"},
    {"stat_time_day",          "By Day"},
    {"stat_time_hour",         "By Hour"},
    {"total_complete_payment_rate", "Payment Completion Value"},
    {"total_landing_page_view", "Landing Page Views (Total)"},
    {"video_play_actions",     "Video Views"},
    {"video_views_p100",       "Video Views at 100%"},
    {"video_views_p25",        "Video Views at 25%"},
    {"video_views_p50",        "Video Views at 50%"},
    {"video_views_p75",        "Video Views at 75%"},
    {"video_watched_2s",       "2-Second Video Views"},
    {"video_watched_6s",       "6-Second Video Views"},
};
/* clang-format on */

/* "real_time_conversion" is "Real Time Conversion". */
static char *in_words(const char *name)
{
    char *text = g_strdup(name);

    for (char *p = text; *p != '\0'; p++) {
        if (*p == '_')
            *p = ' ';
        else if (p == text || p[-1] == ' ')
            *p = g_ascii_toupper(*p);
    }
    return text;
}

const char *title_of(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(titles); i++) {
        if (strcmp(titles[i].name, name) == 0)
            return titles[i].title;
    }

    g_autofree char *text = in_words(name);
    return g_intern_string(text);
}
