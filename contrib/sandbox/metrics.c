/* SPDX-License-Identifier: MIT */
/*
 * metrics.c - the table of metrics. Ratios are always made from sums, never from other ratios, and
 * rounded half up to two decimals; a divisor of nothing gives 0.00.
 */
#include "metrics.h"

#include <stdlib.h>
#include <string.h>

#include "render.h"
#include "text.h"

typedef enum {
    COUNT,
    MONEY,
    RATIO, /* upper x factor / lower */
    REACH,
    FREQUENCY, /* impressions / reach */
    REACH_COST,
    NO_COUNT, /* known, but nothing here counts it */
    NO_RATIO,
    NONE, /* "-" */
    ATTRIBUTE,
} Type;

struct Metric {
    const char *name;
    Type type;
    Counter upper, lower;
    int factor;
    int level; /* of an attribute: the highest report that has it */
    void (*put)(GString *out, const Item *item);
};

static void put_decimal(GString *out, gint64 micros)
{
    g_autoptr(GString) text = g_string_new(NULL);

    currency_put(text, micros);
    g_string_append_printf(out, "\"%s%s\"", text->str, strchr(text->str, '.') == NULL ? ".0" : "");
}

static void put_campaign_budget(GString *out, const Item *item)
{
    put_decimal(out, item_budget(item, CAMPAIGN));
}

static void put_own_budget(GString *out, const Item *item)
{
    put_decimal(out, item_budget(item, item->kind == CAMPAIGN ? CAMPAIGN : ADGROUP));
}

static void put_objective_type(GString *out, const Item *item)
{
    g_autofree char *text = g_ascii_strdown(item->campaign.objective->type, -1);

    for (char *p = text; *p != '\0'; p++)
        *p = *p == '_' ? ' ' : *p;
    *text = g_ascii_toupper(*text);
    text_put_json(out, text);
}

static void put_promotion_type(GString *out, const Item *item)
{
    text_put_json(out, item->campaign.objective->promotion_text);
}

static void put_placement_type(GString *out, const Item *item G_GNUC_UNUSED)
{
    text_put_json(out, "Select Placement");
}

static void put_billing_event(GString *out, const Item *item)
{
    text_put_json(out, item->campaign.objective->billing_event);
}

static void put_bid(GString *out, const Item *item)
{
    gboolean by_conversion = strcmp(item->campaign.objective->billing_event, "OCPM") == 0;

    put_decimal(out,
                item_amount(item, ADGROUP, by_conversion ? "conversion_bid_price" : "bid_price",
                            item->adgroup.bid));
}

static void put_ad_member(GString *out, const Item *item, const char *name)
{
    g_autofree char *json = render_member(item, name);

    g_string_append(out, json == NULL || strcmp(json, "null") == 0 ? "\"-\"" : json);
}

static void put_ad_id(GString *out, const Item *item)
{
    put_ad_member(out, item, "ad_id");
}

static void put_ad_name(GString *out, const Item *item)
{
    put_ad_member(out, item, "ad_name");
}

static void put_ad_text(GString *out, const Item *item)
{
    put_ad_member(out, item, "ad_text");
}

static void put_ad_url(GString *out, const Item *item)
{
    put_ad_member(out, item, "landing_page_url");
}

static void put_call_to_action(GString *out, const Item *item)
{
    put_ad_member(out, item, "call_to_action");
}

static void put_zero(GString *out, const Item *item G_GNUC_UNUSED)
{
    g_string_append(out, "\"0\"");
}

static void put_dash(GString *out, const Item *item G_GNUC_UNUSED)
{
    g_string_append(out, "\"-\"");
}

#define ATTRIBUTE_OF(level, put) ATTRIBUTE, 0, 0, 0, level, put
#define SUM(counter)             COUNT, counter, 0, 0, 0, NULL
#define PER(upper, lower, by)    RATIO, upper, lower, by, 0, NULL
#define PLAIN(type)              type, 0, 0, 0, 0, NULL

/* Sorted by name. */
/* clang-format off */
static const Metric metrics[] = {
    {"ad_id",                  ATTRIBUTE_OF(AD, put_ad_id)},
    {"ad_name",                ATTRIBUTE_OF(AD, put_ad_name)},
    {"ad_text",                ATTRIBUTE_OF(AD, put_ad_text)},
    {"ad_url",                 ATTRIBUTE_OF(AD, put_ad_url)},
    {"add_payment_info",       PLAIN(NO_COUNT)},
    {"adgroup_id",             ATTRIBUTE_OF(ADGROUP, put_adgroup_id)},
    {"adgroup_name",           ATTRIBUTE_OF(ADGROUP, put_adgroup_name)},
    {"advertiser_id",          ATTRIBUTE_OF(-1, NULL)},
    {"advertiser_name",        ATTRIBUTE_OF(-1, NULL)},
    {"anchor_clicks",          PLAIN(NO_COUNT)},
    {"app_install",            PLAIN(NO_COUNT)},
    {"app_promotion_type",     ATTRIBUTE_OF(CAMPAIGN, put_dash)},
    {"average_video_play",     PLAIN(NO_RATIO)},
    {"average_video_play_per_user", PLAIN(NO_RATIO)},
    {"bid",                    ATTRIBUTE_OF(ADGROUP, put_bid)},
    {"billed_cost",            MONEY, SPEND, 0, 0, 0, NULL},
    {"billing_event",          ATTRIBUTE_OF(ADGROUP, put_billing_event)},
    {"budget",                 ATTRIBUTE_OF(CAMPAIGN, put_own_budget)},
    {"call_to_action",         ATTRIBUTE_OF(AD, put_call_to_action)},
    {"campaign_automation_type", ATTRIBUTE_OF(CAMPAIGN, put_automation_type)},
    {"campaign_budget",        ATTRIBUTE_OF(CAMPAIGN, put_campaign_budget)},
    {"campaign_dedicate_type", ATTRIBUTE_OF(CAMPAIGN, put_dash)},
    {"campaign_id",            ATTRIBUTE_OF(CAMPAIGN, put_campaign_id)},
    {"campaign_name",          ATTRIBUTE_OF(CAMPAIGN, put_campaign_name)},
    {"checkout",               PLAIN(NO_COUNT)},
    {"clicks",                 SUM(CLICKS)},
    {"clicks_on_music_disc",   PLAIN(NO_COUNT)},
    {"comments",               SUM(COMMENTS)},
    {"complete_payment",       PLAIN(NO_COUNT)},
    {"complete_payment_rate",  PLAIN(NO_RATIO)},
    {"complete_payment_roas",  PLAIN(NO_RATIO)},
    {"conversion",             SUM(CONVERSIONS)},
    {"conversion_rate",        PER(CONVERSIONS, CLICKS, 100)},
    {"conversion_rate_v2",     PER(CONVERSIONS, IMPRESSIONS, 100)},
    {"cost_per_1000_reached",  PLAIN(REACH_COST)},
    {"cost_per_conversion",    PER(SPEND, CONVERSIONS, 1)},
    {"cost_per_result",        PER(SPEND, CONVERSIONS, 1)},
    {"cpc",                    PER(SPEND, CLICKS, 1)},
    {"cpm",                    PER(SPEND, IMPRESSIONS, 1000)},
    {"ctr",                    PER(CLICKS, IMPRESSIONS, 100)},
    {"currency",               ATTRIBUTE_OF(-1, NULL)},
    {"engaged_view",           SUM(WATCHED_6S)},
    {"engaged_view_15s",       SUM(VIEWS_P75)},
    {"engagements",            SUM(CLICKS)},
    {"engagement_rate",        PER(CLICKS, IMPRESSIONS, 100)},
    {"follows",                SUM(FOLLOWS)},
    {"form",                   PLAIN(NO_COUNT)},
    {"frequency",              PLAIN(FREQUENCY)},
    {"gross_impressions",      SUM(IMPRESSIONS)},
    {"impressions",            SUM(IMPRESSIONS)},
    {"initiate_checkout",      PLAIN(NO_COUNT)},
    {"is_aco",                 ATTRIBUTE_OF(AD, put_dash)},
    {"likes",                  SUM(LIKES)},
    {"live_views",             PLAIN(NO_COUNT)},
    {"objective_type",         ATTRIBUTE_OF(CAMPAIGN, put_objective_type)},
    {"on_web_order",           PLAIN(NO_COUNT)},
    {"onsite_form",            PLAIN(NO_COUNT)},
    {"onsite_shopping",        PLAIN(NO_COUNT)},
    {"placement_type",         ATTRIBUTE_OF(ADGROUP, put_placement_type)},
    {"profile_visits",         SUM(VISITS)},
    {"profile_visits_rate",    PER(VISITS, IMPRESSIONS, 100)},
    {"promotion_type",         ATTRIBUTE_OF(ADGROUP, put_promotion_type)},
    {"purchase",               PLAIN(NO_COUNT)},
    {"reach",                  PLAIN(REACH)},
    {"real_time_conversion",   SUM(CONVERSIONS)},
    {"real_time_conversion_rate", PER(CONVERSIONS, CLICKS, 100)},
    {"real_time_cost_per_conversion", PER(SPEND, CONVERSIONS, 1)},
    {"registration",           PLAIN(NO_COUNT)},
    {"result",                 SUM(CONVERSIONS)},
    {"result_rate",            PER(CONVERSIONS, IMPRESSIONS, 100)},
    {"sales_lead",             PLAIN(NO_COUNT)},
    {"secondary_goal_result",  PLAIN(NONE)},
    {"shares",                 SUM(SHARES)},
    {"skan_conversion",        PLAIN(NO_COUNT)},
    {"skan_result",            PLAIN(NO_COUNT)},
    {"spend",                  MONEY, SPEND, 0, 0, 0, NULL},
    {"split_test",             ATTRIBUTE_OF(CAMPAIGN, put_dash)},
    {"total_complete_payment_rate", PLAIN(NO_RATIO)},
    {"total_landing_page_view", PLAIN(NO_COUNT)},
    {"total_purchase",         PLAIN(NO_COUNT)},
    {"total_purchase_value",   PLAIN(NO_RATIO)},
    {"tt_app_id",              ATTRIBUTE_OF(ADGROUP, put_zero)},
    {"tt_app_name",            ATTRIBUTE_OF(ADGROUP, put_zero)},
    {"video_play_actions",     SUM(PLAYS)},
    {"video_views_p100",       SUM(VIEWS_P100)},
    {"video_views_p25",        SUM(VIEWS_P25)},
    {"video_views_p50",        SUM(VIEWS_P50)},
    {"video_views_p75",        SUM(VIEWS_P75)},
    {"video_watched_2s",       SUM(WATCHED_2S)},
    {"video_watched_6s",       SUM(WATCHED_6S)},
    {"view_content",           PLAIN(NO_COUNT)},
    {"web_event_add_to_cart",  PLAIN(NO_COUNT)},
};
/* clang-format on */

const Metric *metric_find(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(metrics); i++) {
        if (strcmp(metrics[i].name, name) == 0)
            return &metrics[i];
    }
    return NULL;
}

const char *metric_name(const Metric *metric)
{
    return metric->name;
}

gboolean metric_is_attribute(const Metric *metric)
{
    return metric->type == ATTRIBUTE;
}

gboolean metric_fits(const Metric *metric, int level)
{
    return metric->type != ATTRIBUTE || metric->level <= level;
}

/* Counts in hundredths too; the smallest coin is never below a hundredth. */
static gint64 hundredths(const Counters *sum, Counter counter)
{
    return counter == SPEND ? sum->n[SPEND] / (MICRO / 100) : sum->n[counter] * 100;
}

static gint64 divide(gint64 upper, gint64 lower)
{
    return lower == 0 ? 0 : (upper + lower / 2) / lower;
}

/* People are seen again on other days and by other ads, so this does not add up over rows. */
static gint64 reach(const Counters *sum)
{
    gint64 impressions = sum->n[IMPRESSIONS];

    return impressions == 0 ? 0 : MAX(1, impressions * 10 / (12 + MIN(sum->n[AD_DAYS], 40)));
}

gint64 metric_value(const Metric *metric, const Counters *sum)
{
    switch (metric->type) {
    case COUNT:
    case MONEY:
        return hundredths(sum, metric->upper);
    case RATIO:
        return divide(hundredths(sum, metric->upper) * metric->factor, sum->n[metric->lower]);
    case REACH:
        return reach(sum) * 100;
    case FREQUENCY:
        return divide(hundredths(sum, IMPRESSIONS), reach(sum));
    case REACH_COST:
        return divide(hundredths(sum, SPEND) * 1000, reach(sum));
    case NO_COUNT:
    case NO_RATIO:
    case NONE:
    case ATTRIBUTE:
        return 0;
    }
    return 0;
}

static void put_attribute(GString *out, const Metric *metric, const Account *account,
                          const Item *item)
{
    if (strcmp(metric->name, "advertiser_id") == 0)
        text_put_json(out, account->id);
    else if (strcmp(metric->name, "advertiser_name") == 0)
        text_put_json(out, account->name);
    else if (strcmp(metric->name, "currency") == 0)
        text_put_json(out, account->currency->code);
    else
        metric->put(out, item);
}

int metric_decimals(const Metric *metric, const Account *account)
{
    if (metric->type == ATTRIBUTE || metric->type == NONE)
        return -1;
    return metric->type == COUNT || metric->type == REACH || metric->type == NO_COUNT ||
                   (metric->type == MONEY && account->currency->decimals == 0)
               ? 0
               : 2;
}

void metric_put(GString *out, const Metric *metric, const Counters *sum, const Account *account,
                const Item *item)
{
    gint64 value = metric_value(metric, sum);

    if (metric->type == ATTRIBUTE)
        put_attribute(out, metric, account, item);
    else if (metric->type == NONE)
        g_string_append(out, "\"-\"");
    else if (metric_decimals(metric, account) == 0)
        g_string_append_printf(out, "\"%" G_GINT64_FORMAT "\"", value / 100);
    else
        g_string_append_printf(out, "\"%" G_GINT64_FORMAT ".%02d\"", value / 100,
                               (int)(value % 100));
}
