/* SPDX-License-Identifier: MIT */
/*
 * filter.c - the filters as a table: for which kinds, what the value may be, and how an object is
 * held against it. All that are given must match.
 */
#include "filter.h"

#include <string.h>

#include "clock.h"
#include "status.h"

typedef struct Row Row;

typedef struct {
    const Row *row;
    cJSON *value;
    GPtrArray *ids;
    gint64 time;
} Condition;

struct Row {
    const char *name;
    guint kinds; /* bits */
    gboolean (*read)(Condition *condition, GError **error);
    gboolean (*match)(const Condition *condition, const Item *item);
    const char *words; /* blank-separated, for read_word and read_words */
    const char *(*value)(const Item *item);
    Kind about;
};

struct Filter {
    GPtrArray *conditions;
    gboolean has_status;
};

static gboolean read_ids(Condition *condition, GError **error)
{
    return ids_of(condition->value, condition->row->name, 100, &condition->ids, error);
}

static gboolean match_ids(const Condition *condition, const Item *item)
{
    for (guint i = 0; i < condition->ids->len; i++) {
        guint64 id = g_ascii_strtoull(g_ptr_array_index(condition->ids, i), NULL, 10);

        if (id == item->id[condition->row->about])
            return TRUE;
    }
    return FALSE;
}

static gboolean read_text(Condition *condition, GError **error)
{
    if (!cJSON_IsString(condition->value))
        return refuse(error, CODE_PARAMETER, "filtering.%s: Not a valid string.",
                      condition->row->name);
    return TRUE;
}

static gboolean match_name(const Condition *condition, const Item *item)
{
    g_autofree char *name = item_name(item, condition->row->about);

    return strstr(name, condition->value->valuestring) != NULL;
}

static gboolean read_primary(Condition *condition, GError **error)
{
    if (!read_text(condition, error))
        return FALSE;
    if (!status_is_primary(condition->value->valuestring))
        return refuse(error, CODE_PARAMETER, "filtering.primary_status: Not a valid choice: %s.",
                      condition->value->valuestring);
    return TRUE;
}

static gboolean match_primary(const Condition *condition, const Item *item)
{
    return status_matches(item, condition->value->valuestring);
}

static gboolean match_secondary(const Condition *condition, const Item *item)
{
    g_autofree char *word = status_secondary(item);

    return strcmp(word, condition->value->valuestring) == 0;
}

static gboolean check_word(const Row *row, const cJSON *node, GError **error)
{
    g_auto(GStrv) words = g_strsplit(row->words, " ", -1);

    if (!cJSON_IsString(node))
        return refuse(error, CODE_PARAMETER, "filtering.%s: Not a valid string.", row->name);
    if (!g_strv_contains((const char *const *)words, node->valuestring))
        return refuse(error, CODE_PARAMETER, "filtering.%s: Not a valid choice: %s.", row->name,
                      node->valuestring);
    return TRUE;
}

static gboolean read_word(Condition *condition, GError **error)
{
    return check_word(condition->row, condition->value, error);
}

static gboolean match_word(const Condition *condition, const Item *item)
{
    return strcmp(condition->row->value(item), condition->value->valuestring) == 0;
}

static gboolean read_words(Condition *condition, GError **error)
{
    const cJSON *node;

    if (!cJSON_IsArray(condition->value))
        return refuse(error, CODE_PARAMETER, "filtering.%s: Not a valid list.",
                      condition->row->name);
    cJSON_ArrayForEach (node, condition->value) {
        if (!check_word(condition->row, node, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean match_words(const Condition *condition, const Item *item)
{
    const cJSON *node;

    cJSON_ArrayForEach (node, condition->value) {
        if (strcmp(condition->row->value(item), node->valuestring) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean read_bool(Condition *condition, GError **error)
{
    if (!cJSON_IsBool(condition->value))
        return refuse(error, CODE_PARAMETER, "filtering.%s: Not a valid boolean.",
                      condition->row->name);
    return TRUE;
}

static gboolean match_bool(const Condition *condition, const Item *item)
{
    gboolean is = strcmp(condition->row->value(item), "true") == 0;

    return is == cJSON_IsTrue(condition->value);
}

static gboolean read_time(Condition *condition, GError **error)
{
    if (!clock_utc_parse(cJSON_GetStringValue(condition->value), &condition->time))
        return refuse(error, CODE_PARAMETER,
                      "filtering.%s: Time format should be %%Y-%%m-%%d %%H:%%M:%%S. Please try "
                      "again.",
                      condition->row->name);
    return TRUE;
}

static gint64 created(const Item *item)
{
    const gint64 times[N_KINDS] = {item->campaign.created, item->adgroup.created, item->ad.created};

    return times[item->kind];
}

static gboolean match_created_from(const Condition *condition, const Item *item)
{
    return created(item) >= condition->time;
}

static gboolean match_created_to(const Condition *condition, const Item *item)
{
    return created(item) <= condition->time;
}

static gboolean match_modified_after(const Condition *condition, const Item *item)
{
    return item_time(item, AD, "modify_time", item->ad.modified) > condition->time;
}

/* CONVERSIONS is the retired name of WEB_CONVERSIONS; either finds both. */
static gboolean match_objective(const Condition *condition, const Item *item)
{
    const char *wanted = condition->value->valuestring;

    if (strcmp(wanted, "CONVERSIONS") == 0)
        wanted = "WEB_CONVERSIONS";
    return strcmp(item->campaign.objective->type, wanted) == 0;
}

static const char *goal(const Item *item)
{
    return item->kind == CAMPAIGN ? item->campaign.objective->optimization_goal
                                  : item->adgroup.optimization_goal;
}

static const char *billing(const Item *item)
{
    return item->kind == CAMPAIGN ? item->campaign.objective->billing_event
                                  : item->adgroup.billing_event;
}

static const char *automation(const Item *item)
{
    return item->campaign.smart_plus ? "UPGRADED_SMART_PLUS" : "MANUAL";
}

static const char *smart(const Item *item)
{
    return item->campaign.smart_plus ? "true" : "false";
}

static const char *constant_false(const Item *item G_GNUC_UNUSED)
{
    return "false";
}

static const char *auction(const Item *item G_GNUC_UNUSED)
{
    return "AUCTION";
}

static const char *origin(const Item *item G_GNUC_UNUSED)
{
    return "TT_ADS_PLATFORM";
}

static const char *custom(const Item *item G_GNUC_UNUSED)
{
    return "CUSTOM";
}

static const char *bid_strategy(const Item *item)
{
    if (!item->adgroup.custom_bid)
        return "BID_STRATEGY_LOWEST_COST";
    return strcmp(billing(item), "OCPM") == 0 ? "BID_STRATEGY_COST_CAP" : "BID_STRATEGY_BID_CAP";
}

/* The filter has words of its own for what the object calls APP_ANDROID or LEAD_GENERATION. */
static const char *promotion(const Item *item)
{
    const char *type = item->campaign.objective->promotion_type;

    if (g_str_has_prefix(type, "APP_"))
        return "APP";
    return strcmp(type, "LEAD_GENERATION") == 0 ? "INSTANT_FORM" : "WEBSITE";
}

static const char *destination(const Item *item)
{
    const char *type = promotion(item);

    return strcmp(type, "INSTANT_FORM") == 0 ? "TIKTOK_INSTANT_PAGE" : type;
}

enum {
    C = 1 << CAMPAIGN,
    G = 1 << ADGROUP,
    A = 1 << AD,
};

#define OBJECTIVE_WORDS                                                                            \
    "REACH TRAFFIC VIDEO_VIEWS LEAD_GENERATION ENGAGEMENT APP_PROMOTION WEB_CONVERSIONS "          \
    "PRODUCT_SALES RF_REACH TOPVIEW_REACH BRAND_CONSIDERATION CONVERSIONS APP_INSTALL "            \
    "CATALOG_SALES SHOP_PURCHASES"
#define GOAL_WORDS                                                                                 \
    "CLICK CONVERT INSTALL IN_APP_EVENT REACH SHOW LEAD_GENERATION CONVERSATION FOLLOWERS "        \
    "PROFILE_VIEWS PAGE_VISITS VALUE AUTOMATIC_VALUE_OPTIMIZATION GMV MT_LIVE_ROOM "               \
    "PRODUCT_CLICK_IN_LIVE ENGAGED_VIEW ENGAGED_VIEW_FIFTEEN TRAFFIC_LANDING_PAGE_VIEW "           \
    "CONVERSION_LEADS DESTINATION_VISIT PREFERRED_LEAD VIDEO_VIEW PURCHASES INITIATE_CHECKOUTS"

/* clang-format off */
static const Row rows[] = {
    {"campaign_ids",   C | G | A, read_ids,     match_ids,       NULL, NULL, CAMPAIGN},
    {"adgroup_ids",    G | A,     read_ids,     match_ids,       NULL, NULL, ADGROUP},
    {"ad_ids",         A,         read_ids,     match_ids,       NULL, NULL, AD},
    {"campaign_name",  C,         read_text,    match_name,      NULL, NULL, CAMPAIGN},
    {"adgroup_name",   G,         read_text,    match_name,      NULL, NULL, ADGROUP},
    {"primary_status", C | G | A, read_primary, match_primary,   NULL, NULL, 0},
    {"secondary_status", C | G | A, read_text,  match_secondary, NULL, NULL, 0},
    {"objective_type", C | G | A, read_word,    match_objective, OBJECTIVE_WORDS, NULL, 0},
    {"optimization_goal", C | G | A, read_word, match_word,      GOAL_WORDS, goal, 0},
    {"billing_events", G,         read_words,   match_words,     "CPC CPM CPV OCPM GD OCPC", billing, 0},
    {"promotion_type", G,         read_word,    match_word,
     "APP WEBSITE INSTANT_FORM LEAD_GEN_CLICK_TO_TT_DIRECT_MESSAGE "
     "LEAD_GEN_CLICK_TO_SOCIAL_MEDIA_APP_MESSAGE LEAD_GEN_CLICK_TO_CALL", promotion, 0},
    {"bid_strategy",   G,         read_word,    match_word,
     "BID_STRATEGY_COST_CAP BID_STRATEGY_BID_CAP BID_STRATEGY_MAX_CONVERSION BID_STRATEGY_LOWEST_COST",
     bid_strategy, 0},
    {"destination",    A,         read_word,    match_word,
     "APP TIKTOK_INSTANT_PAGE WEBSITE SOCIAL_MEDIA_APP PHONE_CALL", destination, 0},
    {"campaign_automation_type", C | G | A, read_word, match_word,
     "MANUAL SMART_PLUS UPGRADED_SMART_PLUS", automation, 0},
    {"campaign_system_origins", C | G | A, read_words, match_words, "TT_ADS_PLATFORM PROMOTE", origin, 0},
    {"buying_types",   C | G | A, read_words,   match_words,
     "AUCTION RESERVATION_RF RESERVATION_TOP_VIEW", auction, 0},
    {"creative_material_mode", G | A, read_word, match_word, "CUSTOM DYNAMIC SMART_CREATIVE", custom, 0},
    {"is_smart_performance_campaign", C, read_bool, match_bool,  NULL, smart, 0},
    {"split_test_enabled", C | G, read_bool,    match_bool,      NULL, constant_false, 0},
    {"creation_filter_start_time", C | G | A, read_time, match_created_from, NULL, NULL, 0},
    {"creation_filter_end_time", C | G | A, read_time, match_created_to, NULL, NULL, 0},
    {"modified_after", A,         read_time,    match_modified_after, NULL, NULL, 0},
};
/* clang-format on */

static void condition_free(void *data)
{
    Condition *condition = data;

    cJSON_Delete(condition->value);
    g_clear_pointer(&condition->ids, g_ptr_array_unref);
    g_free(condition);
}

void filter_free(Filter *filter)
{
    g_ptr_array_unref(filter->conditions);
    g_free(filter);
}

static gboolean add_condition(Filter *filter, const Row *row, const cJSON *value, GError **error)
{
    Condition *condition = g_new0(Condition, 1);

    condition->row = row;
    condition->value = cJSON_Duplicate(value, TRUE);
    g_ptr_array_add(filter->conditions, condition);
    filter->has_status |= row->match == match_primary || row->match == match_secondary;
    return row->read(condition, error);
}

Filter *filter_new(Kind kind, const cJSON *json, GError **error)
{
    g_autoptr(Filter) filter = g_new0(Filter, 1);

    filter->conditions = g_ptr_array_new_with_free_func(condition_free);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(json, rows[i].name);

        if (value == NULL || cJSON_IsNull(value) || (rows[i].kinds & 1u << kind) == 0)
            continue;
        if (!add_condition(filter, &rows[i], value, error))
            return NULL;
    }
    return g_steal_pointer(&filter);
}

gboolean filter_is_plain(const Filter *filter)
{
    return filter->conditions->len == 0;
}

const GPtrArray *filter_ids(const Filter *filter, Kind kind)
{
    for (guint i = 0; i < filter->conditions->len; i++) {
        const Condition *condition = g_ptr_array_index(filter->conditions, i);

        if (condition->row->match == match_ids && condition->row->about == kind)
            return condition->ids;
    }
    return NULL;
}

gboolean filter_matches(const Filter *filter, const Item *item)
{
    if (!filter->has_status && item_gone(item))
        return FALSE;
    for (guint i = 0; i < filter->conditions->len; i++) {
        const Condition *condition = g_ptr_array_index(filter->conditions, i);

        if (!condition->row->match(condition, item))
            return FALSE;
    }
    return TRUE;
}
