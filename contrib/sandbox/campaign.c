/* SPDX-License-Identifier: MIT */
/*
 * campaign.c - how campaigns are made. The first and the last in the listing are ordinary on
 * purpose (enabled, daily budget of 500), so that examples work; a few others have fixed
 * peculiarities, so that small accounts have them all; the rest follows from the hash.
 */
#include <string.h>

#include "clock.h"
#include "mix.h"
#include "render.h"
#include "text.h"

/* clang-format off */
static const Objective objectives[] = {
    {"TRAFFIC",         "LANDING_PAGE",     "CLICK",           "CPC",  "WEBSITE",         "Website",         TRUE},
    {"WEB_CONVERSIONS", "CONVERSIONS",      "CONVERT",         "OCPM", "WEBSITE",         "Website",         TRUE},
    {"REACH",           "REACH",            "REACH",           "CPM",  "WEBSITE",         "Website",         FALSE},
    {"VIDEO_VIEWS",     "VIDEO_VIEW",       "ENGAGED_VIEW",    "CPV",  "WEBSITE",         "Website",         FALSE},
    {"LEAD_GENERATION", "LEAD_GENERATION",  "LEAD_GENERATION", "OCPM", "LEAD_GENERATION", "Lead Generation", TRUE},
    {"APP_PROMOTION",   "APP_INSTALL",      "INSTALL",         "OCPM", "APP_ANDROID",     "App",             TRUE},
};

/* Of reach and frequency: its ad groups are neither switched on nor off. */
static const Objective reservation =
    {"RF_REACH",        "RF_REACH",         "REACH",           "GD",   "WEBSITE",         "Website",         FALSE};

/* By position. Equal ones are equal on purpose. */
static const char *const names[] = {
    "DE_Autumn_Traffic", "브랜드 인지도 서울", "Frühjahrsaktion Köln – Räder für Größe XL",
    "Rabatt 50 % auf alles", "🚀 Launch Week", "Retargeting 30/60 days", "Always On", "Always On",
    ".internal test", "夏のキャンペーン", "US_Spring_Prospecting", "Größenberatung",
};
/* clang-format on */

static const gint64 budgets[] = {50000, 10000, 15000, 25000, 50000, 75050, 100000, 200000};

/* What the position decides. */
enum {
    AT_DISABLED = 2,
    AT_INFINITE = 3,
    AT_RESERVED = 4,
    AT_TOTAL = 5,
    AT_CBO = 7,
    AT_SMART_PLUS = 13
};

static gboolean is_ordinary(const Item *item)
{
    guint64 position = item->position[CAMPAIGN];

    return position == 0 || position == item->world->count[CAMPAIGN] - 1;
}

static void make_budget(Item *item, guint64 hash)
{
    CampaignFacts *facts = &item->campaign;
    guint64 position = item->position[CAMPAIGN];
    guint die = position < 20 ? 9 : (guint)(hash % 10);
    gint64 hundredths = is_ordinary(item) ? 50000 : budgets[(hash >> 8) % G_N_ELEMENTS(budgets)];

    facts->budget_mode = "BUDGET_MODE_DAY";
    facts->budget = hundredths * item->account->currency->ratio * (MICRO / 100);
    if (is_ordinary(item))
        return;

    facts->cbo = position == AT_CBO || die == 0 || position == 17;
    if (facts->cbo)
        return;
    if (position == AT_INFINITE || die == 1) {
        facts->budget_mode = "BUDGET_MODE_INFINITE";
        facts->budget = 0;
    } else if (position == AT_TOTAL || die == 2) {
        facts->budget_mode = "BUDGET_MODE_TOTAL";
        facts->budget *= 60;
    }
}

gboolean campaign_set_type(Item *item, const char *objective_type)
{
    for (gsize i = 0; i < G_N_ELEMENTS(objectives); i++) {
        if (strcmp(objectives[i].type, objective_type) == 0) {
            item->campaign.objective = &objectives[i];
            return TRUE;
        }
    }
    return FALSE;
}

gboolean campaign_set_budget_mode(Item *item, const char *budget_mode)
{
    static const char *const modes[] = {"BUDGET_MODE_DAY", "BUDGET_MODE_INFINITE",
                                        "BUDGET_MODE_TOTAL", "BUDGET_MODE_DYNAMIC_DAILY_BUDGET"};

    for (gsize i = 0; i < G_N_ELEMENTS(modes); i++) {
        if (strcmp(modes[i], budget_mode) == 0) {
            item->campaign.budget_mode = modes[i];
            return TRUE;
        }
    }
    return FALSE;
}

/* One that campaign/create has made: what it was made with is among its changes. */
static void make_created(Item *item)
{
    const Change *change = item->change[CAMPAIGN];
    const char *created = change_get(change, "_created");
    g_autofree char *type = text_from_json(change_get(change, "objective_type"));
    g_autofree char *mode = text_from_json(change_get(change, "budget_mode"));

    item->campaign = (CampaignFacts){.created = g_ascii_strtoll(created, NULL, 10)};
    item->campaign.modified = item->campaign.created;
    item->campaign.cbo = change_get(change, "budget_optimize_on") != NULL;
    campaign_set_type(item, type);
    campaign_set_budget_mode(item, mode);
}

void campaign_make(Item *item)
{
    const World *world = item->world;
    guint64 index = item->index[CAMPAIGN];
    guint64 hash = mix_hash(world->seed ^ item->account->index, 0xca, index);
    gint64 step = MAX(300 * (gint64)DAY / (gint64)world->count[CAMPAIGN], 1);
    CampaignFacts *facts = &item->campaign;
    guint64 position = item->position[CAMPAIGN];

    if (position >= world->count[CAMPAIGN]) {
        make_created(item);
        return;
    }
    memset(facts, 0, sizeof *facts);
    make_budget(item, hash);
    facts->objective = &objectives[is_ordinary(item) ? 0 : (hash >> 16) % G_N_ELEMENTS(objectives)];
    if (world->reservation && position == AT_RESERVED)
        facts->objective = &reservation;
    facts->smart_plus = position == AT_SMART_PLUS && !is_ordinary(item);
    facts->disabled = !is_ordinary(item) && (position == AT_DISABLED || (hash >> 24) % 6 == 0);
    facts->created = world->epoch +
                     300 * (gint64)DAY * (gint64)index / (gint64)world->count[CAMPAIGN] +
                     (gint64)((hash >> 32) % (guint64)step);
    facts->modified = facts->created + 60 + (gint64)((hash >> 20) % (20 * DAY));
}

char *campaign_first_name(const Item *item)
{
    static const char *const seasons[] = {"Spring", "Summer", "Autumn", "Winter"};
    guint64 position = item->position[CAMPAIGN];

    if (position < G_N_ELEMENTS(names))
        return g_strdup(names[position]);
    return g_strdup_printf("%s_%s_%s_%03" G_GUINT64_FORMAT, item->account->country,
                           seasons[position % 4], item->campaign.objective->type, position);
}

static void put_objective(GString *out, const Item *item)
{
    text_put_json(out, item->campaign.objective->objective);
}

static void put_objective_type(GString *out, const Item *item)
{
    text_put_json(out, item->campaign.objective->type);
}

static void put_budget_mode(GString *out, const Item *item)
{
    text_put_json(out, item->campaign.budget_mode);
}

static void put_cbo(GString *out, const Item *item)
{
    if (item->campaign.cbo)
        g_string_append(out, "true");
}

static gboolean is_even(const Item *item)
{
    return item->position[CAMPAIGN] % 2 == 0;
}

/* These come for some campaigns only. */
static void put_catalog_enabled(GString *out, const Item *item)
{
    if (is_even(item))
        g_string_append(out, "false");
}

static void put_special_industries(GString *out, const Item *item)
{
    if (is_even(item))
        g_string_append(out, "[]");
}

static void put_sales_destination(GString *out, const Item *item)
{
    if (strcmp(item->campaign.objective->type, "WEB_CONVERSIONS") == 0)
        g_string_append(out, "\"WEBSITE\"");
}

static void put_po_number(GString *out, const Item *item)
{
    if (!is_even(item))
        g_string_append(out, "null");
}

static void put_create_time(GString *out, const Item *item)
{
    put_utc(out, item->campaign.created);
}

static void put_modify_time(GString *out, const Item *item)
{
    put_utc(out, item->campaign.modified);
}

/* clang-format off */
const Field campaign_fields[] = {
    {"advertiser_id",                 NULL, put_advertiser_id},
    {"campaign_id",                   NULL, put_campaign_id},
    {"campaign_name",                 NULL, put_campaign_name},
    {"campaign_type",                 "\"REGULAR_CAMPAIGN\"", NULL},
    {"campaign_automation_type",      NULL, put_automation_type},
    {"is_smart_performance_campaign", NULL, put_smart_performance},
    {"is_search_campaign",            "false", NULL},
    {"is_advanced_dedicated_campaign", "false", NULL},
    {"disable_skan_campaign",         "null", NULL},
    {"objective",                     NULL, put_objective},
    {"objective_type",                NULL, put_objective_type},
    {"virtual_objective_type",        "null", NULL},
    {"sales_destination",             NULL, put_sales_destination},
    {"budget",                        NULL, put_budget},
    {"budget_mode",                   NULL, put_budget_mode},
    {"budget_optimize_on",            NULL, put_cbo},
    {"roas_bid",                      "0", NULL},
    {"deep_bid_type",                 "null", NULL},
    {"catalog_enabled",               NULL, put_catalog_enabled},
    {"special_industries",            NULL, put_special_industries},
    {"po_number",                     NULL, put_po_number},
    {"rta_id",                        "null", NULL},
    {"rta_bid_enabled",               "false", NULL},
    {"rta_product_selection_enabled", "false", NULL},
    {"is_new_structure",              "true", NULL},
    {"operation_status",              NULL, put_operation_status},
    {"secondary_status",              NULL, put_secondary_status},
    {"create_time",                   NULL, put_create_time},
    {"modify_time",                   NULL, put_modify_time},
};
/* clang-format on */

const gsize n_campaign_fields = G_N_ELEMENTS(campaign_fields);
