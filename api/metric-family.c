/* SPDX-License-Identifier: MIT */
/*
 * metric-family.c - metrics of events. The service makes their names of the event's, in one of a
 * dozen ways for each place where events happen: registration, cost_per_registration,
 * total_registration, skan_cost_per_total_registration and so on. Names that were made in other
 * ways stand below as they are.
 */
#include "api/metric-private.h"

#include <string.h>

#define BASIC  (1u << REPORT_BASIC)
#define EVENTS (BASIC | 1u << REPORT_AUDIENCE)
#define APP    (EVENTS | 1u << REPORT_CENTER) /* what centers know of events */

#define ANY_LEVEL (1u << KIND_ADVERTISER | 1u << KIND_CAMPAIGN | 1u << KIND_ADGROUP | 1u << KIND_AD)

#define ADD    METRIC_ADDITIVE
#define SYNC   METRIC_COUNTRY_SYNC
#define ID_DAY METRIC_ID_DAY

/* clang-format off */

/* The name of a metric is front, prefix, before, event, after. What some people did at least once does
   not add up over days; how often they did it does. */
static const struct {
    char form;
    const char *front, *before, *after;
    MetricKind kind;
    gboolean additive;
    gboolean by_country; /* where the family is flagged so */
    const char *meaning, *more; /* what happened stands between the two */
} forms[] = {
    {'u', "", "",                 "",        METRIC_COUNT,   FALSE, TRUE,  "people with ", ""},
    {'c', "", "cost_per_",        "",        METRIC_MONEY,   FALSE, TRUE,  "spend divided by people with ", ""},
    {'i', "", "",                 "_rate",   METRIC_PERCENT, FALSE, TRUE,  "people with ", ", per 100 installs"},
    {'t', "", "total_",           "",        METRIC_COUNT,   TRUE,  FALSE, "", ""},
    {'k', "", "cost_per_total_",  "",        METRIC_MONEY,   FALSE, FALSE, "spend divided by ", ""},
    {'w', "", "value_per_total_", "",        METRIC_MONEY,   FALSE, FALSE, "average value of ", ""},
    {'v', "", "total_",           "_value",  METRIC_MONEY,   TRUE,  FALSE, "value of all ", ""},

    {'n', "", "",                 "",        METRIC_COUNT,   TRUE,  TRUE,  "", ""},
    {'q', "", "cost_per_",        "",        METRIC_MONEY,   FALSE, TRUE,  "spend divided by ", ""},
    {'r', "", "",                 "_rate",   METRIC_PERCENT, FALSE, TRUE,  "", ", per 100 clicks"},
    {'p', "", "",                 "_per_click", METRIC_PERCENT, FALSE, FALSE, "", ", per 100 clicks"},
    {'y', "", "value_per_",       "",        METRIC_MONEY,   FALSE, FALSE, "average value of ", ""},

    {'U', "", "unique_",          "",        METRIC_COUNT,   FALSE, FALSE, "people with ", ""},
    {'C', "", "cost_per_unique_", "",        METRIC_MONEY,   FALSE, FALSE, "spend divided by people with ", ""},

    {'N', "", "",                 "_events", METRIC_COUNT,   TRUE,  FALSE, "", ""},
    {'Q', "cost_per_", "",                 "_event",  METRIC_MONEY,   FALSE, FALSE, "spend divided by ", ""},
    {'R', "", "",                 "_event_rate", METRIC_PERCENT, FALSE, FALSE, "", ", per 100 clicks"},
    {'Y', "value_per_", "", "_event", METRIC_MONEY, FALSE, FALSE, "average value of ", ""},
    {'V', "", "",                 "_events_value", METRIC_MONEY, TRUE, FALSE, "value of all ", ""},

    {'m', "", "value_",           "",        METRIC_MONEY,   TRUE,  FALSE, "value of ", ""},
    {'a', "", "",                 "",        METRIC_MONEY,   TRUE,  FALSE, "", ""},
    {'o', "", "roas_",            "",        METRIC_RATIO,   FALSE, FALSE, "value of ", ", divided by spend"},
    {'O', "", "roas_",            "",        METRIC_RATIO,   FALSE, FALSE, "", ", divided by spend"},
};

typedef struct {
    const char *event, *forms, *skan; /* skan: the forms of skan_; NULL: none */
    const char *what;                 /* happened */
    guint flags;
} AppEvent;

static const AppEvent app_events[] = {
    {"achieve_level",         "uciktwv", "uciktv", "levels achieved in the app", 0},
    {"add_payment_info",      "ucit",    "ucit",   "payment details added in the app", 0},
    {"add_to_cart",           "",        "uciktv", "additions to the cart in the app", 0},
    {"add_to_wishlist",       "uciktwv", "uciktv", "additions to the wish list in the app", 0},
    {"app_event_add_to_cart", "uciktwv", NULL,     "additions to the cart in the app", 0},
    {"checkout",              "uciktv",  "uciktv", "checkouts in the app", 0},
    {"complete_tutorial",     "uciktwv", "uciktv", "tutorials completed in the app", 0},
    {"create_gamerole",       "uciktwv", "uciktv", "roles created in the app", 0},
    {"create_group",          "uciktwv", "uciktv", "groups created in the app", 0},
    {"day7_retention",        "uciktwv", NULL,     "returns on the 7th day after the install", ID_DAY},
    {"in_app_ad_click",       "uciktwv", "uciktv", "clicks on ads in the app", 0},
    {"in_app_ad_impr",        "uciktwv", "uciktv", "impressions of ads in the app", 0},
    {"join_group",            "uciktwv", "uciktv", "groups joined in the app", 0},
    {"launch_app",            "ucikt",   "ucikt",  "launches of the app", 0},
    {"loan_apply",            "ucikt",   "ucikt",  "loans applied for in the app", 0},
    {"loan_credit",           "ucikt",   "ucikt",  "loans approved in the app", 0},
    {"loan_disbursement",     "ucikt",   "ucikt",  "loans paid out in the app", 0},
    {"login",                 "ucikt",   "ucikt",  "logins in the app", 0},
    {"next_day_open",         "ucikt",   NULL,     "returns on the day after the install", 0},
    {"purchase",              "uciktwv", "uciktv", "purchases in the app", SYNC},
    {"ratings",               "uciktwv", "uciktv", "ratings of the app", 0},
    {"registration",          "ucikt",   "ucikt",  "registrations in the app", SYNC},
    {"sales_lead",            "uciktwv", "uciktv", "leads from the app", 0},
    {"search",                "ucikt",   "ucikt",  "searches in the app", 0},
    {"spend_credits",         "uciktwv", "uciktv", "credits spent in the app", 0},
    {"start_trial",           "ucikt",   "ucikt",  "trials begun in the app", 0},
    {"subscribe",             "uciktwv", "uciktv", "subscriptions in the app", 0},
    {"unlock_achievement",    "uciktwv", "uciktv", "achievements unlocked in the app", 0},
    {"view_content",          "uciktwv", "uciktv", "views of content in the app", 0},
};

typedef struct {
    const char *prefix, *event, *forms;
    const char *what; /* happened */
    guint flags, types;
} Family;

static const Family families[] = {
    /* ---- app, beside the above ---- */
    {"", "app_install", "nq", "app installs, by the day of the impression", SYNC, APP},
    {"ad_impression_ad_revenue_", "day0", "aO", "income from ads within 24 hours of the install", ID_DAY, BASIC},
    {"ad_impression_ad_revenue_", "day2", "aO", "income from ads within 72 hours of the install", ID_DAY, BASIC},
    {"ad_impression_ad_revenue_", "day6", "aO", "income from ads within 168 hours of the install", ID_DAY, BASIC},
    {"total_purchase_", "day0", "mo", "purchases within 24 hours of the install", 0, APP},
    {"total_purchase_", "day2", "mo", "purchases within 72 hours of the install", 0, APP},
    {"total_purchase_", "day6", "mo", "purchases within 168 hours of the install", 0, APP},

    /* ---- website ---- */
    {"", "add_billing",             "nqryv", "payment details added on the website", 0, EVENTS},
    {"", "button_click",            "nqryv", "clicks on buttons of the website", SYNC, EVENTS},
    {"", "complete_payment",        "nqry",  "purchases on the website", SYNC, EVENTS},
    {"", "download_start",          "nqryv", "downloads from the website", SYNC, EVENTS},
    {"", "form",                    "nqryv", "forms sent from the website", SYNC, EVENTS},
    {"", "initiate_checkout",       "nqryv", "checkouts begun on the website", 0, EVENTS},
    {"", "on_web_add_to_wishlist",  "nqpyv", "additions to the wish list on the website", 0, EVENTS},
    {"", "on_web_order",            "nqryv", "orders placed on the website", 0, EVENTS},
    {"", "on_web_subscribe",        "nqpyv", "subscriptions on the website", 0, EVENTS},
    {"", "online_consult",          "nqryv", "contacts through the website", SYNC, EVENTS},
    {"", "page_browse_view",        "nqryv", "views of pages of the website, of old", SYNC, EVENTS},
    {"", "page_event_search",       "nqryv", "searches on the website", 0, EVENTS},
    {"", "product_details_page_browse", "nqryv", "views of products on the website, of old", 0, EVENTS},
    {"", "user_registration",       "nqryv", "registrations on the website", 0, EVENTS},
    {"", "web_event_add_to_cart",   "nqryv", "additions to the cart on the website", 0, EVENTS},
    {"website_", "application_approval", "nqryv", "applications approved on the website", 0, EVENTS},
    {"website_", "customize_product",    "tqryv", "products customized on the website", 0, EVENTS},
    {"website_", "engaged_session",      "tqr",   "visits of the website of more than 10 seconds or one page", 0, EVENTS},
    {"website_", "find_location",        "tqryv", "searches for a place on the website", 0, EVENTS},
    {"website_", "schedule",             "tqryv", "appointments made on the website", 0, EVENTS},
    {"website_", "start_trial",          "tqryv", "trials begun on the website", 0, EVENTS},
    {"website_", "submit_application",   "tqryv", "applications sent from the website", 0, EVENTS},

    /* ---- in TikTok itself: instant pages, minis, shop ---- */
    {"", "ix_button_click_count",  "nqr",   "clicks that leave an instant page", 0, EVENTS},
    {"", "ix_page_view_count",     "nqr",   "views of instant pages", 0, EVENTS},
    {"", "ix_product_click_count", "nqr",   "clicks on products of instant pages", 0, EVENTS},
    {"", "onsite_add_billing",     "nqryv", "payment details added in TikTok", 0, EVENTS},
    {"", "onsite_add_to_wishlist", "nqryv", "additions to the wish list in TikTok", 0, EVENTS},
    {"", "onsite_download_start",  "nqr",   "clicks in TikTok that lead to the app store", 0, EVENTS},
    {"", "onsite_form",            "nqryv", "forms sent in TikTok", 0, EVENTS},
    {"", "onsite_initiate_checkout_count", "nqryv", "checkouts begun in the shop", 0, EVENTS},
    {"", "onsite_on_web_cart",     "nqryv", "additions to the cart in the shop", 0, EVENTS},
    {"", "onsite_on_web_detail",   "nqryv", "views of products in the shop", 0, EVENTS},
    {"", "onsite_shopping",        "nqryv", "purchases in the shop", 0, EVENTS},
    {"onsite_", "ad_impression",       "UCrtqyv", "impressions of ads in a mini", 0, EVENTS},
    {"onsite_", "add_to_cart",         "UCtqryv", "additions to the cart in TikTok", 0, EVENTS},
    {"onsite_", "checkout_initiation", "UCtqryv", "checkouts begun in TikTok", 0, EVENTS},
    {"onsite_", "first_launch",        "UC",      "a first launch of a mini", 0, EVENTS},
    {"onsite_", "first_launch_conversion_time", "UC", "a first launch of a mini, by its day", 0, EVENTS},
    {"onsite_", "non_first_launch",    "UCtq",    "later launches of a mini", 0, EVENTS},
    {"onsite_", "product_details_page_view", "tqryv", "views of products in TikTok", 0, EVENTS},
    {"onsite_", "purchase",            "UCtqryv", "purchases in TikTok", 0, EVENTS},
    {"onsite_", "registration",        "UCrtq",   "registrations in a mini", 0, EVENTS},
    {"onsite_total_purchase_", "day0",  "mo", "purchases within 24 hours of the click", 0, EVENTS},
    {"onsite_total_purchase_", "day6",  "mo", "purchases within 168 hours of the click", 0, EVENTS},
    {"onsite_total_purchase_", "day13", "mo", "purchases within 336 hours of the click", 0, EVENTS},
    {"onsite_total_purchase_", "calendar_day0",  "mo", "purchases until the end of the click's day", 0, EVENTS},
    {"onsite_total_purchase_", "calendar_day6",  "mo", "purchases until the end of the 6th day after the click", 0, EVENTS},
    {"onsite_total_purchase_", "calendar_day13", "mo", "purchases until the end of the 13th day after the click", 0, EVENTS},
    {"onsite_ad_impression_ad_revenue_", "day0",  "aO", "income from ads within 24 hours of the click", 0, EVENTS},
    {"onsite_ad_impression_ad_revenue_", "day6",  "aO", "income from ads within 168 hours of the click", 0, EVENTS},
    {"onsite_ad_impression_ad_revenue_", "day13", "aO", "income from ads within 336 hours of the click", 0, EVENTS},
    {"onsite_ad_impression_ad_revenue_", "calendar_day0", "aO", "income from ads until the end of the click's day", 0, EVENTS},
    {"onsite_ad_impression_ad_revenue_", "calendar_day6", "aO", "income from ads until the end of the 6th day after the click", 0, EVENTS},
    {"onsite_ad_impression_ad_revenue_", "calendar_day13", "aO", "income from ads until the end of the 13th day after the click", 0, EVENTS},

    /* ---- offline ---- */
    {"offline_", "add_payment_info",      "NQRYV", "payment details added offline", 0, EVENTS},
    {"offline_", "add_to_cart",           "NQRYV", "additions to the cart offline", 0, EVENTS},
    {"offline_", "add_to_wishlist",       "NQRYV", "additions to the wish list offline", 0, EVENTS},
    {"offline_", "application_approval",  "nqryv", "applications approved offline", 0, EVENTS},
    {"offline_", "click_button",          "NQRYV", "clicks on buttons offline", 0, EVENTS},
    {"offline_", "complete_registration", "NQRYV", "registrations offline", 0, EVENTS},
    {"offline_", "contact",               "NQRYV", "contacts offline", 0, EVENTS},
    {"offline_", "customize_product",     "tqryv", "products customized offline", 0, EVENTS},
    {"offline_", "download",              "NQRYV", "downloads offline", 0, EVENTS},
    {"offline_", "find_location",         "tqryv", "searches for a place offline", 0, EVENTS},
    {"offline_", "form",                  "NQRYV", "forms sent offline", 0, EVENTS},
    {"offline_", "initiate_checkout",     "NQRYV", "checkouts begun offline", 0, EVENTS},
    {"offline_", "place_order",           "NQRYV", "orders placed offline", 0, EVENTS},
    {"offline_", "schedule",              "tqryv", "appointments made offline", 0, EVENTS},
    {"offline_", "search",                "NQRYV", "searches offline", 0, EVENTS},
    {"offline_", "shopping",              "NQRYV", "purchases offline", 0, EVENTS},
    {"offline_", "start_trial",           "tqryv", "trials begun offline", 0, EVENTS},
    {"offline_", "submit_application",    "tqryv", "applications sent offline", 0, EVENTS},
    {"offline_", "subscribe",             "NQRYV", "subscriptions offline", 0, EVENTS},
    {"offline_", "view_content",          "NQRYV", "views of content offline", 0, EVENTS},

    /* ---- by what they are attributed to: a view (vta), a click (cta), an engaged view (evta) ---- */
    {"", "cta_app_install",  "nq", "app installs after a click", 0, EVENTS},
    {"", "cta_conversion",   "nq", "conversions after a click", 0, EVENTS},
    {"", "cta_purchase",     "nq", "purchases in the app after a click", 0, EVENTS},
    {"", "cta_registration", "nq", "registrations after a click", 0, EVENTS},
    {"", "evta_app_install", "nq", "app installs after an engaged view", ID_DAY, BASIC},
    {"", "evta_payments_completed", "nq", "purchases on the website after an engaged view", ID_DAY, BASIC},
    {"", "evta_purchase",     "nq", "purchases in the app after an engaged view", ID_DAY, BASIC},
    {"", "evta_registration", "nq", "registrations after an engaged view", ID_DAY, BASIC},
    {"", "vta_app_install",   "nq", "app installs after a view", 0, EVENTS},
    {"", "vta_conversion",    "nq", "conversions after a view", 0, EVENTS},
    {"", "vta_purchase",      "nq", "purchases in the app after a view", 0, EVENTS},
    {"", "vta_registration",  "nq", "registrations after a view", 0, EVENTS},
    {"skan_", "cta_app_install",  "nq", "app installs after a click, by SKAdNetwork", 0, BASIC},
    {"skan_", "cta_conversion",   "nq", "conversions after a click, by SKAdNetwork", 0, BASIC},
    {"skan_", "cta_purchase",     "nq", "purchases after a click, by SKAdNetwork", 0, BASIC},
    {"skan_", "cta_registration", "nq", "registrations after a click, by SKAdNetwork", 0, BASIC},
    {"skan_", "vta_app_install",  "nq", "app installs after a view, by SKAdNetwork", 0, BASIC},
    {"skan_", "vta_conversion",   "nq", "conversions after a view, by SKAdNetwork", 0, BASIC},
    {"skan_", "vta_purchase",     "nq", "purchases after a view, by SKAdNetwork", 0, BASIC},
    {"skan_", "vta_registration", "nq", "registrations after a view, by SKAdNetwork", 0, BASIC},
};

/* Names that follow no rule, the service's own misspellings included. */
static const Metric odd[] = {
    {"ads_impression_events", "impressions of ads in the app", METRIC_COUNT, ADD | ID_DAY, BASIC, 0},
    {"avg_value_per_pageview", "average value of views of pages", METRIC_MONEY, 0, EVENTS, 0},
    {"complete_payment_roas", "value of purchases on the website divided by spend", METRIC_RATIO, 0, EVENTS, 0},
    {"cost_per_custom_app_event", "spend divided by custom events in the app", METRIC_MONEY, 0, APP, 0},
    {"cost_per_custom_page_event", "spend divided by custom events on the website", METRIC_MONEY, 0, EVENTS, 0},
    {"cost_per_engaged_view_through_conversion", "spend divided by conversions after an engaged view", METRIC_MONEY, ID_DAY, BASIC, 0},
    {"cost_per_landing_page_view", "spend divided by views of the landing page", METRIC_MONEY, METRIC_BY_COUNTRY, EVENTS, 0},
    {"cost_per_onsite_destination_visit", "spend divided by visits of the destination from TikTok", METRIC_MONEY, ID_DAY | METRIC_NOT_IN_TASKS, BASIC, 0},
    {"cost_per_page_content_view_event", "spend divided by views of content on the website", METRIC_MONEY, 0, EVENTS, 0},
    {"cost_per_pageview", "spend divided by views of pages", METRIC_MONEY, 0, EVENTS, 0},
    {"cost_per_unique_ad_impression_event", "spend divided by people with impressions of ads in the app", METRIC_MONEY, ID_DAY, BASIC, 0},
    {"cost_per_unique_custom_app_event", "spend divided by people with custom events in the app", METRIC_MONEY, 0, APP, 0},
    {"cost_per_vta_payments_completed", "spend divided by purchases on the website after a view", METRIC_MONEY, 0, EVENTS, 0},
    {"cost_pre_ad_impression_event", "spend divided by impressions of ads in the app", METRIC_MONEY, ID_DAY, BASIC, 0},
    {"cost_total_add_payment_info", "spend divided by payment details added in the app", METRIC_MONEY, 0, APP, 0},
    {"custom_app_event_rate", "people with custom events in the app, per 100 installs", METRIC_PERCENT, 0, APP, 0},
    {"custom_app_events", "custom events in the app", METRIC_COUNT, ADD, APP, 0},
    {"custom_app_events_value", "value of all custom events in the app", METRIC_MONEY, ADD, APP, 0},
    {"custom_page_event_rate", "custom events on the website, per 100 clicks", METRIC_PERCENT, 0, EVENTS, 0},
    {"custom_page_events", "custom events on the website", METRIC_COUNT, ADD, EVENTS, 0},
    {"custom_page_events_value", "value of all custom events on the website", METRIC_MONEY, ADD, EVENTS, 0},
    {"customized_ad_impression_event_rate", "people with impressions of ads in the app, per 100 installs", METRIC_PERCENT, ID_DAY, BASIC, 0},
    {"engaged_view_through_conversions", "conversions after an engaged view", METRIC_COUNT, ADD | ID_DAY, BASIC, 0},
    {"landing_page_view_rate", "views of the landing page, per 100 clicks", METRIC_PERCENT, METRIC_BY_COUNTRY, EVENTS, 0},
    {"messaging_conversation_rate_instant_messaging_app", "conversations in a messenger, per 100 clicks", METRIC_PERCENT, 0, EVENTS, 0},
    {"messaging_conversation_rate_tiktok_direct_message", "conversations in TikTok, per 100 clicks", METRIC_PERCENT, 0, EVENTS, 0},
    {"messaging_cost_per_conversation_instant_messaging_app", "spend divided by conversations in a messenger", METRIC_MONEY, 0, EVENTS, 0},
    {"messaging_cost_per_conversation_tiktok_direct_message", "spend divided by conversations in TikTok", METRIC_MONEY, 0, EVENTS, 0},
    {"messaging_total_conversation_instant_messaging_app", "conversations in a messenger", METRIC_COUNT, ADD, EVENTS, 0},
    {"messaging_total_conversation_tiktok_direct_message", "conversations in TikTok", METRIC_COUNT, ADD, EVENTS, 0},
    {"offline_cost_per_crm_event", "spend divided by CRM events", METRIC_MONEY, 0, EVENTS, 0},
    {"offline_cost_per_custom_event", "spend divided by custom events offline", METRIC_MONEY, 0, EVENTS, 0},
    {"offline_cost_per_preferred_lead", "spend divided by preferred leads", METRIC_MONEY, 0, EVENTS, 0},
    {"offline_crm_event_rate", "CRM events, per 100 clicks", METRIC_PERCENT, 0, EVENTS, 0},
    {"offline_crm_event_value", "value of all CRM events", METRIC_MONEY, ADD, EVENTS, 0},
    {"offline_custom_event_rate", "custom events offline, per 100 clicks", METRIC_PERCENT, 0, EVENTS, 0},
    {"offline_preferred_lead_rate", "preferred leads, per 100 clicks", METRIC_PERCENT, 0, EVENTS, 0},
    {"offline_preferred_leads", "preferred leads", METRIC_COUNT, ADD, EVENTS, 0},
    {"offline_shopping_events_roas", "value of purchases offline divided by spend", METRIC_RATIO, 0, EVENTS, 0},
    {"offline_total_crm_events", "CRM events", METRIC_COUNT, ADD, EVENTS, 0},
    {"offline_total_custom_event_value", "value of all custom events offline", METRIC_MONEY, ADD, EVENTS, 0},
    {"offline_total_custom_events", "custom events offline", METRIC_COUNT, ADD, EVENTS, 0},
    {"offline_value_per_crm_event", "average value of CRM events", METRIC_MONEY, 0, EVENTS, 0},
    {"offline_value_per_custom_event", "average value of custom events offline", METRIC_MONEY, 0, EVENTS, 0},
    {"onsite_destination_visit_rate", "visits of the destination from TikTok, per 100 clicks", METRIC_PERCENT, ID_DAY | METRIC_NOT_IN_TASKS, BASIC, 0},
    {"onsite_destination_visits", "visits of the destination from TikTok", METRIC_COUNT, ADD | ID_DAY | METRIC_NOT_IN_TASKS, BASIC, 0},
    {"onsite_launch_rate", "later launches of a mini, per 100 clicks", METRIC_PERCENT, 0, EVENTS, 0},
    {"onsite_purchases_roas", "value of purchases in TikTok divided by spend", METRIC_RATIO, 0, EVENTS, 0},
    {"onsite_shopping_roas", "value of purchases in the shop divided by spend", METRIC_RATIO, 0, EVENTS, 0},
    {"onsite_total_filtered_out_form_submission", "forms sent in TikTok and not counted, by your own rules", METRIC_COUNT, ADD, EVENTS, 0},
    {"page_content_view_event_rate", "views of content on the website, per 100 clicks", METRIC_PERCENT, 0, EVENTS, 0},
    {"page_content_view_events", "views of content on the website", METRIC_COUNT, ADD, EVENTS, 0},
    {"pageview_rate", "views of pages, per 100 clicks", METRIC_PERCENT, 0, EVENTS, 0},
    {"real_time_app_install", "app installs by the day they happened", METRIC_COUNT, ADD | SYNC, APP, 0},
    {"real_time_app_install_cost", "spend divided by app installs by the day they happened", METRIC_MONEY, SYNC, APP, 0},
    {"shop_gross_revenue_by_order_submission", "value of purchases in the shop by the day of the order", METRIC_MONEY, ADD, EVENTS, 0},
    {"shop_total_items_purchased", "items sold in the shop", METRIC_COUNT, ADD, EVENTS, 0},
    {"shop_total_purchase_by_order_submission", "purchases in the shop by the day of the order", METRIC_COUNT, ADD, EVENTS, 0},
    {"total_active_pay_roas", "value of purchases in the app divided by spend", METRIC_RATIO, 0, APP, 0},
    {"total_ad_impression_events_value", "income from ads in the app", METRIC_MONEY, ADD | ID_DAY, BASIC, 0},
    {"total_ad_impression_roas", "income from ads in the app divided by spend", METRIC_RATIO, ID_DAY, BASIC, 0},
    {"total_complete_payment_rate", "value of all purchases on the website, whatever its name says", METRIC_MONEY, ADD, EVENTS, 0},
    {"total_landing_page_view", "views of the landing page", METRIC_COUNT, ADD | METRIC_BY_COUNTRY, EVENTS, 0},
    {"total_page_view_content_events_value", "value of all views of content on the website", METRIC_MONEY, ADD, EVENTS, 0},
    {"total_pageview", "views of pages", METRIC_COUNT, ADD, EVENTS, 0},
    {"total_value_per_pageview", "value of all views of pages, whatever its name says", METRIC_MONEY, ADD, EVENTS, 0},
    {"unique_ad_impression_events", "people with impressions of ads in the app", METRIC_COUNT, ID_DAY, BASIC, 0},
    {"unique_custom_app_events", "people with custom events in the app", METRIC_COUNT, 0, APP, 0},
    {"value_per_ad_impression_event", "average income from impressions of ads in the app", METRIC_MONEY, ID_DAY, BASIC, 0},
    {"value_per_checkout", "average value of checkouts in the app", METRIC_MONEY, 0, APP, 0},
    {"value_per_custom_app_event", "average value of custom events in the app", METRIC_MONEY, 0, APP, 0},
    {"value_per_custom_page_event", "average value of custom events on the website", METRIC_MONEY, 0, EVENTS, 0},
    {"value_per_page_content_view_event", "average value of views of content on the website", METRIC_MONEY, 0, EVENTS, 0},
    {"vta_complete_payment", "purchases on the website after a view", METRIC_COUNT, ADD, EVENTS, 0},
    {"vta_complete_payment_roas", "value of purchases on the website after a view, divided by spend", METRIC_RATIO, 0, EVENTS, 0},
    {"vta_complete_payment_value", "value of purchases on the website after a view", METRIC_MONEY, ADD, EVENTS, 0},
    {"website_cost_per_cta_purchase", "spend divided by purchases on the website after a click", METRIC_MONEY, 0, EVENTS, 0},
    {"website_cta_purchase", "purchases on the website after a click", METRIC_COUNT, ADD, EVENTS, 0},
    {"website_cta_purchase_roas", "value of purchases on the website after a click, divided by spend", METRIC_RATIO, 0, EVENTS, 0},
    {"website_cta_purchase_value", "value of purchases on the website after a click", METRIC_MONEY, ADD, EVENTS, 0},
};
/* clang-format on */

static guint form_flags(guint form, guint flags)
{
    return (forms[form].additive ? ADD : 0) |
           (forms[form].by_country ? flags : flags & ~(guint)SYNC);
}

static void add_form(GArray *metrics, const Family *family, guint form)
{
    Metric metric = {
        .name = g_strconcat(forms[form].front, family->prefix, forms[form].before, family->event,
                            forms[form].after, NULL),
        .meaning = g_strconcat(forms[form].meaning, family->what, forms[form].more, NULL),
        .kind = forms[form].kind,
        .flags = form_flags(form, family->flags),
        .types = family->types,
        .levels = ANY_LEVEL,
    };

    g_array_append_val(metrics, metric);
}

static void add_family(GArray *metrics, const Family *family)
{
    for (guint i = 0; i < G_N_ELEMENTS(forms); i++)
        if (strchr(family->forms, forms[i].form) != NULL)
            add_form(metrics, family, i);
}

static void add_app_event(GArray *metrics, const AppEvent *event)
{
    Family family = {"", event->event, event->forms, event->what, event->flags, APP};
    g_autofree char *by_skan = g_strconcat(event->what, ", by SKAdNetwork", NULL);

    if (event->flags & ID_DAY)
        family.types = BASIC;
    add_family(metrics, &family);
    if (event->skan == NULL)
        return;
    family = (Family){"skan_", event->event, event->skan, by_skan, 0, BASIC};
    add_family(metrics, &family);
}

void metric_add_families(GArray *metrics)
{
    for (guint i = 0; i < G_N_ELEMENTS(app_events); i++)
        add_app_event(metrics, &app_events[i]);
    for (guint i = 0; i < G_N_ELEMENTS(families); i++)
        add_family(metrics, &families[i]);
    for (guint i = 0; i < G_N_ELEMENTS(odd); i++) {
        Metric metric = odd[i];

        metric.levels = ANY_LEVEL;
        g_array_append_val(metrics, metric);
    }
}
