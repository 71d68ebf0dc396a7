/* SPDX-License-Identifier: MIT */
/* metric-attribute.c - what an object says of itself, now and not on the day of the row: as the
 * text that people are shown, mostly. */
#include <string.h>

#include "metrics.h"
#include "render.h"
#include "text.h"

static void put_decimal(GString *out, gint64 micros)
{
    g_autoptr(GString) text = g_string_new(NULL);

    currency_put(text, micros);
    g_string_append_printf(out, "\"%s%s\"", text->str, strchr(text->str, '.') == NULL ? ".0" : "");
}

/* PRODUCT_SALES: "Product sales". */
static void put_words(GString *out, const char *word)
{
    g_autofree char *text = g_ascii_strdown(word, -1);

    for (char *p = text; *p != '\0'; p++)
        *p = *p == '_' ? ' ' : *p;
    *text = g_ascii_toupper(*text);
    text_put_json(out, text);
}

static void put_advertiser(GString *out, const MetricView *view)
{
    text_put_json(out, view->account->id);
}

static void put_advertiser_name(GString *out, const MetricView *view)
{
    text_put_json(out, view->account->name);
}

static void put_currency(GString *out, const MetricView *view)
{
    text_put_json(out, view->account->currency->code);
}

static void put_timezone(GString *out, const MetricView *view)
{
    text_put_json(out, view->account->timezone);
}

static void put_campaign(GString *out, const MetricView *view)
{
    put_campaign_id(out, view->item);
}

static void put_name_of_campaign(GString *out, const MetricView *view)
{
    put_campaign_name(out, view->item);
}

static void put_adgroup(GString *out, const MetricView *view)
{
    put_adgroup_id(out, view->item);
}

static void put_name_of_adgroup(GString *out, const MetricView *view)
{
    put_adgroup_name(out, view->item);
}

static void put_automation(GString *out, const MetricView *view)
{
    put_automation_type(out, view->item);
}

static void put_campaign_budget(GString *out, const MetricView *view)
{
    put_decimal(out, item_budget(view->item, CAMPAIGN));
}

static void put_own_budget(GString *out, const MetricView *view)
{
    put_decimal(out, item_budget(view->item, view->item->kind == CAMPAIGN ? CAMPAIGN : ADGROUP));
}

static void put_objective_type(GString *out, const MetricView *view)
{
    put_words(out, view->item->campaign.objective->type);
}

static void put_promotion_type(GString *out, const MetricView *view)
{
    text_put_json(out, view->item->campaign.objective->promotion_text);
}

static void put_placement_type(GString *out, const MetricView *view G_GNUC_UNUSED)
{
    text_put_json(out, "Select Placement");
}

static void put_goal(GString *out, const MetricView *view)
{
    put_words(out, view->item->campaign.objective->optimization_goal);
}

static void put_billing_event(GString *out, const MetricView *view)
{
    text_put_json(out, view->item->campaign.objective->billing_event);
}

static gboolean by_conversion(const Item *item)
{
    return strcmp(item->campaign.objective->billing_event, "OCPM") == 0;
}

static void put_bid(GString *out, const MetricView *view)
{
    const Item *item = view->item;
    const char *member = by_conversion(item) ? "conversion_bid_price" : "bid_price";

    put_decimal(out, item_amount(item, ADGROUP, member, item->adgroup.bid));
}

static void put_bid_strategy(GString *out, const MetricView *view)
{
    const char *capped = by_conversion(view->item) ? "Cost cap" : "Bid cap";

    text_put_json(out, view->item->adgroup.custom_bid ? capped : "Maximum delivery");
}

static void put_ad_member(GString *out, const MetricView *view, const char *name)
{
    g_autofree char *json = render_member(view->item, name);

    g_string_append(out, json == NULL || strcmp(json, "null") == 0 ? "\"-\"" : json);
}

static void put_ad(GString *out, const MetricView *view)
{
    put_ad_member(out, view, "ad_id");
}

static void put_ad_name(GString *out, const MetricView *view)
{
    put_ad_member(out, view, "ad_name");
}

static void put_ad_text(GString *out, const MetricView *view)
{
    put_ad_member(out, view, "ad_text");
}

static void put_ad_url(GString *out, const MetricView *view)
{
    put_ad_member(out, view, "landing_page_url");
}

static void put_call_to_action(GString *out, const MetricView *view)
{
    put_ad_member(out, view, "call_to_action");
}

static void put_format(GString *out, const MetricView *view)
{
    g_autofree char *json = render_member(view->item, "ad_format");
    g_autofree char *word = json != NULL ? text_from_json(json) : NULL;

    put_words(out, word != NULL ? word : "-");
}

static void put_zero(GString *out, const MetricView *view G_GNUC_UNUSED)
{
    g_string_append(out, "\"0\"");
}

static void put_zero_amount(GString *out, const MetricView *view G_GNUC_UNUSED)
{
    g_string_append(out, "\"0.0\"");
}

static void put_no(GString *out, const MetricView *view G_GNUC_UNUSED)
{
    g_string_append(out, "\"False\"");
}

static void put_dash(GString *out, const MetricView *view G_GNUC_UNUSED)
{
    g_string_append(out, "\"-\"");
}

/* clang-format off */
static const struct {
    const char *name;
    int level;
    void (*put)(GString *out, const MetricView *view);
} attributes[] = {
    {"ad_id",                    AD,       put_ad},
    {"ad_name",                  AD,       put_ad_name},
    {"ad_profile_image",         AD,       put_dash},
    {"ad_text",                  AD,       put_ad_text},
    {"ad_url",                   AD,       put_ad_url},
    {"adgroup_id",               ADGROUP,  put_adgroup},
    {"adgroup_name",             ADGROUP,  put_name_of_adgroup},
    {"advertiser_id",            -1,       put_advertiser},
    {"advertiser_name",          -1,       put_advertiser_name},
    {"aeo_type",                 ADGROUP,  put_dash},
    {"app_promotion_type",       CAMPAIGN, put_dash},
    {"bid",                      ADGROUP,  put_bid},
    {"bid_secondary_goal",       ADGROUP,  put_zero_amount},
    {"bid_strategy",             ADGROUP,  put_bid_strategy},
    {"billing_event",            ADGROUP,  put_billing_event},
    {"budget",                   CAMPAIGN, put_own_budget},
    {"call_to_action",           AD,       put_call_to_action},
    {"campaign_automation_type", CAMPAIGN, put_automation},
    {"campaign_budget",          CAMPAIGN, put_campaign_budget},
    {"campaign_dedicate_type",   CAMPAIGN, put_dash},
    {"campaign_id",              CAMPAIGN, put_campaign},
    {"campaign_name",            CAMPAIGN, put_name_of_campaign},
    {"currency",                 -1,       put_currency},
    {"dpa_target_audience_type", ADGROUP,  put_dash},
    {"image_mode",               AD,       put_format},
    {"is_aco",                   ADGROUP,  put_no},
    {"is_smart_creative",        AD,       put_no},
    {"mobile_app_id",            ADGROUP,  put_zero},
    {"objective_type",           CAMPAIGN, put_objective_type},
    {"opt_status",               ADGROUP,  put_zero},
    {"placement_type",           ADGROUP,  put_placement_type},
    {"promotion_type",           ADGROUP,  put_promotion_type},
    {"smart_target",             ADGROUP,  put_goal},
    {"split_test",               CAMPAIGN, put_dash},
    {"timezone",                 -1,       put_timezone},
    {"tt_app_id",                ADGROUP,  put_zero},
    {"tt_app_name",              ADGROUP,  put_zero},
};
/* clang-format on */

void metric_attributes(MetricFunc add, void *user_data)
{
    for (gsize i = 0; i < G_N_ELEMENTS(attributes); i++) {
        const Metric metric = {
            .name = attributes[i].name,
            .kind = ATTRIBUTE,
            .level = attributes[i].level,
            .put = attributes[i].put,
        };

        add(&metric, user_data);
    }
}
