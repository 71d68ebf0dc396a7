/* SPDX-License-Identifier: MIT */
/*
 * metric-family.c - metrics that come in families: an event of an app, of a web page, on TikTok, or
 * in a shop, with its cost, rate and value. What leads to a payment happens more often than that;
 * what has nothing to do with it never happens here.
 */
#include <string.h>

#include "metrics.h"

typedef enum {
    ONCE,       /* how often, each person once */
    COST,       /* spend for one */
    RATE,       /* of the base, percent */
    TOTAL,      /* how often */
    TOTAL_COST, /* spend for one of these */
    MEAN,       /* value of one */
    VALUE,
    N_MEMBERS,
} Member;

typedef struct {
    const char *patterns[N_MEMBERS]; /* NULL: it has none */
    guint rate_of;                   /* Counter */
} Pattern;

typedef struct {
    const Pattern *pattern;
    const char *name;
    guint counter; /* Counter or Derived */
    gint64 once, total;
    guint value; /* Counter or Derived */
} Family;

/* clang-format off */
static const Pattern app = {{"%s", "cost_per_%s", "%s_rate", "total_%s", "cost_per_total_%s", "value_per_total_%s", "total_%s_value"}, APP};
static const Pattern app_bare = {{"%s", "cost_per_%s", "%s_rate", "total_%s", "cost_per_total_%s", NULL, NULL}, APP};
static const Pattern web = {{NULL, NULL, "%s_rate", "%s", "cost_per_%s", "value_per_%s", "total_%s_value"}, CLICKS};
static const Pattern website = {{NULL, NULL, "website_%s_rate", "website_total_%s", "website_cost_per_%s", "website_value_per_%s", "website_total_%s_value"}, CLICKS};
static const Pattern onsite = {{NULL, NULL, "onsite_%s_rate", "onsite_total_%s", "onsite_cost_per_%s", "onsite_value_per_%s", "onsite_total_%s_value"}, CLICKS};
static const Pattern bare = {{NULL, NULL, "%s_rate", "%s", "cost_per_%s", NULL, NULL}, CLICKS};
static const Pattern offline = {{NULL, NULL, "offline_%s_event_rate", "offline_%s_events", "cost_per_offline_%s_event", "value_per_offline_%s_event", "offline_%s_events_value"}, CLICKS};
static const Pattern through = {{NULL, NULL, NULL, "%s", "cost_per_%s", NULL, NULL}, CLICKS};

static const Family families[] = {
    /* pattern   name                     counter   once total value */
    {&app,      "achieve_level",          NOTHING,  1, 1, NOTHING},
    {&app_bare, "add_payment_info",       APP_DEEP, 1, 1, NOTHING},
    {&app,      "add_to_wishlist",        NOTHING,  1, 1, NOTHING},
    {&app,      "app_event_add_to_cart",  APP_DEEP, 2, 3, NOTHING},
    {&app,      "checkout",               APP_DEEP, 1, 2, NOTHING},
    {&app,      "complete_tutorial",      NOTHING,  1, 1, NOTHING},
    {&app,      "create_gamerole",        NOTHING,  1, 1, NOTHING},
    {&app,      "create_group",           NOTHING,  1, 1, NOTHING},
    {&app,      "day7_retention",         APP_DEEP, 1, 1, NOTHING},
    {&app,      "in_app_ad_click",        NOTHING,  1, 1, NOTHING},
    {&app,      "in_app_ad_impr",         NOTHING,  1, 1, NOTHING},
    {&app,      "join_group",             NOTHING,  1, 1, NOTHING},
    {&app_bare, "launch_app",             APP,      1, 6, NOTHING},
    {&app_bare, "loan_apply",             NOTHING,  1, 1, NOTHING},
    {&app_bare, "loan_credit",            NOTHING,  1, 1, NOTHING},
    {&app_bare, "loan_disbursement",      NOTHING,  1, 1, NOTHING},
    {&app_bare, "login",                  APP,      1, 2, NOTHING},
    {&app_bare, "next_day_open",          APP_DEEP, 2, 2, NOTHING},
    {&app_bare, "purchase",               APP_DEEP, 1, 1, NOTHING}, /* its value: metric-table.c */
    {&app,      "ratings",                NOTHING,  1, 1, NOTHING},
    {&app_bare, "registration",           APP_DEEP, 3, 3, NOTHING},
    {&app,      "sales_lead",             LEADS,    1, 1, NOTHING},
    {&app_bare, "search",                 NOTHING,  1, 1, NOTHING},
    {&app,      "spend_credits",          NOTHING,  1, 1, NOTHING},
    {&app_bare, "start_trial",            NOTHING,  1, 1, NOTHING},
    {&app,      "subscribe",              NOTHING,  1, 1, NOTHING},
    {&app,      "unlock_achievement",     NOTHING,  1, 1, NOTHING},
    {&app,      "view_content",           APP,      1, 4, NOTHING},

    {&web,      "add_billing",            WEB,      0, 1, NOTHING},
    {&web,      "button_click",           WEB,      0, 14, NOTHING},
    {&web,      "download_start",         NOTHING,  0, 1, NOTHING},
    {&web,      "form",                   LEADS,    0, 1, NOTHING},
    {&web,      "initiate_checkout",      WEB,      0, 2, NOTHING},
    {&web,      "on_web_add_to_wishlist", NOTHING,  0, 1, NOTHING},
    {&web,      "on_web_order",           WEB,      0, 1, WEB_VALUE},
    {&web,      "on_web_subscribe",       NOTHING,  0, 1, NOTHING},
    {&web,      "online_consult",         NOTHING,  0, 1, NOTHING},
    {&web,      "page_event_search",      WEB,      0, 3, NOTHING},
    {&web,      "user_registration",      WEB,      0, 1, NOTHING},
    {&web,      "web_event_add_to_cart",  WEB,      0, 4, NOTHING},
    {&website,  "customize_product",      NOTHING,  0, 1, NOTHING},
    {&website,  "find_location",          NOTHING,  0, 1, NOTHING},
    {&website,  "schedule",               NOTHING,  0, 1, NOTHING},

    {&web,      "onsite_add_billing",     NOTHING,  0, 1, NOTHING},
    {&web,      "onsite_add_to_wishlist", NOTHING,  0, 1, NOTHING},
    {&bare,     "onsite_download_start",  NOTHING,  0, 1, NOTHING},
    {&web,      "onsite_form",            LEADS,    0, 1, NOTHING},
    {&web,      "onsite_initiate_checkout_count", NOTHING, 0, 1, NOTHING},
    {&web,      "onsite_on_web_cart",     NOTHING,  0, 1, NOTHING},
    {&web,      "onsite_on_web_detail",   NOTHING,  0, 1, NOTHING},
    {&web,      "onsite_shopping",        NOTHING,  0, 1, NOTHING},
    {&onsite,   "add_to_cart",            NOTHING,  0, 1, NOTHING},
    {&onsite,   "checkout_initiation",    NOTHING,  0, 1, NOTHING},
    {&onsite,   "product_details_page_view", NOTHING, 0, 1, NOTHING},
    {&onsite,   "purchase",               NOTHING,  0, 1, NOTHING},
    {&bare,     "ix_button_click_count",  NOTHING,  0, 1, NOTHING},
    {&bare,     "ix_page_view_count",     NOTHING,  0, 1, NOTHING},
    {&bare,     "ix_product_click_count", NOTHING,  0, 1, NOTHING},

    {&offline,  "add_payment_info",       NOTHING,  0, 1, NOTHING},
    {&offline,  "add_to_cart",            NOTHING,  0, 1, NOTHING},
    {&offline,  "add_to_wishlist",        NOTHING,  0, 1, NOTHING},
    {&offline,  "click_button",           NOTHING,  0, 1, NOTHING},
    {&offline,  "contact",                NOTHING,  0, 1, NOTHING},
    {&offline,  "download",               NOTHING,  0, 1, NOTHING},
    {&offline,  "form",                   NOTHING,  0, 1, NOTHING},
    {&offline,  "initiate_checkout",      NOTHING,  0, 1, NOTHING},
    {&offline,  "place_order",            NOTHING,  0, 1, NOTHING},
    {&offline,  "registration",           NOTHING,  0, 1, NOTHING},
    {&offline,  "search",                 NOTHING,  0, 1, NOTHING},
    {&offline,  "shopping",               NOTHING,  0, 1, NOTHING},
    {&offline,  "subscribe",              NOTHING,  0, 1, NOTHING},
    {&offline,  "view_content",           NOTHING,  0, 1, NOTHING},

    {&through,  "cta_app_install",        APP,      0, 1, NOTHING},
    {&through,  "cta_purchase",           APP_DEEP, 0, 1, NOTHING},
    {&through,  "cta_registration",       NOTHING,  0, 1, NOTHING},
    {&through,  "vta_app_install",        NOTHING,  0, 1, NOTHING},
    {&through,  "vta_purchase",           NOTHING,  0, 1, NOTHING},
    {&through,  "vta_registration",       NOTHING,  0, 1, NOTHING},
};
/* clang-format on */

static Metric metric_of(const Family *family, Member member)
{
    guint counter = family->counter;
    gint64 once = MAX(1, family->pattern == &app || family->pattern == &app_bare ? family->once
                                                                                 : family->total);
    const Metric members[N_MEMBERS] = {
        [ONCE] = {.kind = COUNT, .upper = counter, .by = once},
        [COST] = {.kind = RATIO, .upper = SPEND, .by = 1, .lower = counter, .per = once},
        [RATE] = {.kind = RATIO,
                  .upper = counter,
                  .by = 100 * once,
                  .lower = family->pattern->rate_of,
                  .per = 1},
        [TOTAL] = {.kind = COUNT, .upper = counter, .by = family->total},
        [TOTAL_COST] =
            {.kind = RATIO, .upper = SPEND, .by = 1, .lower = counter, .per = family->total},
        [MEAN] = {.kind = RATIO,
                  .upper = family->value,
                  .by = 1,
                  .lower = counter,
                  .per = family->total},
        [VALUE] = {.kind = MONEY, .upper = family->value, .by = 1, .per = 1},
    };
    Metric metric = members[member];

    metric.decimals = 2;
    return metric;
}

/* %s is all there is in a pattern. */
static char *name_of(const char *pattern, const char *name)
{
    g_auto(GStrv) around = g_strsplit(pattern, "%s", 2);

    return g_strconcat(around[0], name, around[1], NULL);
}

void metric_families(MetricFunc add, void *user_data)
{
    for (gsize i = 0; i < G_N_ELEMENTS(families); i++) {
        for (Member member = 0; member < N_MEMBERS; member++) {
            const char *pattern = families[i].pattern->patterns[member];
            Metric metric = metric_of(&families[i], member);

            if (pattern == NULL)
                continue;
            metric.name = name_of(pattern, families[i].name);
            add(&metric, user_data);
        }
    }
}
