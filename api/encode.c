/* SPDX-License-Identifier: MIT */
/*
 * encode.c - query strings and bodies. Values from objects go in as the text they came in: amounts
 * and members sent back are raw JSON, ids are strings.
 */
#include "api/encode.h"

#include <stdlib.h>
#include <string.h>

#include "api/encode-private.h"

/* ---- queries ---- */

void add_param(GString *query, const char *name, const char *value)
{
    g_autofree char *escaped = g_uri_escape_string(value, NULL, FALSE);

    g_string_append_printf(query, "%s%s=%s", query->len > 0 ? "&" : "", name, escaped);
}

char *print_json(const cJSON *json)
{
    char *printed = cJSON_PrintUnformatted(json);
    char *text = g_strdup(printed);

    cJSON_free(printed);
    return text;
}

cJSON *string_array(const char *const *strings)
{
    cJSON *array = cJSON_CreateArray();

    for (; *strings != NULL; strings++)
        cJSON_AddItemToArray(array, cJSON_CreateString(*strings));
    return array;
}

void add_json_param(GString *query, const char *name, const cJSON *json)
{
    g_autofree char *text = print_json(json);

    add_param(query, name, text);
}

void add_array_param(GString *query, const char *name, const char *const *strings)
{
    g_autoptr(cJSON) array = string_array(strings);

    add_json_param(query, name, array);
}

void add_page(GString *query, guint page, guint page_size)
{
    g_string_append_printf(query, "%spage=%u&page_size=%u", query->len > 0 ? "&" : "", page,
                           page_size);
}

char *encode_list(ObjectKind kind, const char *advertiser_id, const char *const *ids, guint page,
                  guint page_size)
{
    GString *query = g_string_new(NULL);

    add_param(query, "advertiser_id", advertiser_id);
    if (ids != NULL) {
        g_autoptr(cJSON) filtering = cJSON_CreateObject();

        cJSON_AddItemToObject(filtering, kind_names(kind)->ids, string_array(ids));
        add_json_param(query, "filtering", filtering);
    }
    add_page(query, page, page_size);
    return g_string_free(query, FALSE);
}

char *encode_ids(ObjectKind kind, const char *advertiser_id, const char *campaign_id, guint page,
                 guint page_size)
{
    const char *const fields[] = {kind_names(kind)->id, NULL};
    const char *const ids[] = {campaign_id, NULL};
    g_autoptr(cJSON) filtering = cJSON_CreateObject();
    GString *query = g_string_new(NULL);

    add_param(query, "advertiser_id", advertiser_id);
    add_array_param(query, "fields", fields);
    if (campaign_id != NULL)
        cJSON_AddItemToObject(filtering, kind_names(KIND_CAMPAIGN)->ids, string_array(ids));
    cJSON_AddStringToObject(filtering, "primary_status", "STATUS_ALL");
    add_json_param(query, "filtering", filtering);
    add_page(query, page, page_size);
    return g_string_free(query, FALSE);
}

char *encode_info(const char *const *advertiser_ids)
{
    GString *query = g_string_new(NULL);

    add_array_param(query, "advertiser_ids", advertiser_ids);
    return g_string_free(query, FALSE);
}

char *encode_center(const char *bc_id, const char *asset_type, guint page, guint page_size)
{
    GString *query = g_string_new(NULL);

    if (bc_id != NULL)
        add_param(query, "bc_id", bc_id);
    if (asset_type != NULL)
        add_param(query, "asset_type", asset_type);
    if (page > 0)
        add_page(query, page, page_size);
    return g_string_free(query, FALSE);
}

/* ---- bodies ---- */

cJSON *body_new(const char *advertiser_id)
{
    cJSON *body = cJSON_CreateObject();

    cJSON_AddStringToObject(body, "advertiser_id", advertiser_id);
    return body;
}

/* Ids go out as strings, whatever they came in as. */
static void add_id_of(cJSON *body, const Object *object, const char *member)
{
    const char *id = object_text(object, member);

    if (id != NULL)
        cJSON_AddStringToObject(body, member, id);
}

/* Without patch_update the creative would be replaced, and reviewed again. */
static void add_creative(cJSON *body, const Object *current, const char *member, const char *raw)
{
    cJSON *creative = cJSON_CreateObject();

    cJSON_AddTrueToObject(body, "patch_update");
    add_id_of(creative, current, "ad_id");
    cJSON_AddRawToObject(creative, member, raw);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(body, "creatives"), creative);
}

char *encode_update_one(ObjectKind kind, const char *advertiser_id, const Object *current,
                        const char *member, const char *raw)
{
    g_autoptr(cJSON) body = body_new(advertiser_id);

    g_assert(kind == KIND_CAMPAIGN || kind == KIND_AD);
    if (kind == KIND_AD) {
        add_id_of(body, current, "adgroup_id");
        add_creative(body, current, member, raw);
    } else {
        add_id_of(body, current, "campaign_id");
        cJSON_AddRawToObject(body, member, raw);
    }
    return print_json(body);
}

/* What adgroup/update takes; everything else an ad group has is fixed or derived. */
static const char *const adgroup_updatable[] = {
    "actions",
    "adgroup_name",
    "age_groups",
    "audience_ids",
    "audience_rule",
    "auto_targeting_enabled",
    "bid_price",
    "bid_type",
    "blocked_pangle_app_ids",
    "brand_safety_type",
    "budget",
    "carrier_ids",
    "category_exclusion_ids",
    "comment_disabled",
    "contextual_tag_ids",
    "conversion_bid_price",
    "dayparting",
    "deep_bid_type",
    "deep_cpa_bid",
    "device_model_ids",
    "device_price_ranges",
    "excluded_audience_ids",
    "excluded_custom_actions",
    "excluded_pangle_audience_package_ids",
    "frequency",
    "frequency_schedule",
    "gender",
    "household_income",
    "included_custom_actions",
    "included_pangle_audience_package_ids",
    "interest_category_ids",
    "interest_keyword_ids",
    "is_hfss",
    "isp_ids",
    "languages",
    "location_ids",
    "min_android_version",
    "min_ios_version",
    "network_types",
    "next_day_retention",
    "operating_systems",
    "pacing",
    "purchase_intention_keyword_ids",
    "roas_bid",
    "saved_audience_id",
    "schedule_end_time",
    "schedule_type",
    "search_keywords",
    "search_result_enabled",
    "share_disabled",
    "shopping_ads_retargeting_actions_days",
    "shopping_ads_retargeting_type",
    "smart_audience_enabled",
    "smart_interest_behavior_enabled",
    "spending_power",
    "targeting_expansion",
    "zipcode_ids",
};

static int compare_names(const void *name, const void *row)
{
    return strcmp(name, *(const char *const *)row);
}

/*
 * schedule_start_time is not in the table: it is refused once the ad group has started, and leaving
 * it out is harmless; it is sent only when it is what changes. Under a campaign's budget (CBO) the
 * ad group has neither budget nor bid type of its own.
 */
static gboolean sent_back(const char *name, gboolean has_budget)
{
    static const char *const own_budget[] = {"bid_type", "budget", NULL};

    if (!has_budget && g_strv_contains(own_budget, name))
        return FALSE;
    return bsearch(name, adgroup_updatable, G_N_ELEMENTS(adgroup_updatable),
                   sizeof adgroup_updatable[0], compare_names) != NULL;
}

/* Some answers have their numbers in quotes; the service takes them without only. */
static void add_back(cJSON *body, const char *name, const char *raw)
{
    static const char *const numbers[] = {
        "bid_price",
        "budget",
        "conversion_bid_price",
        "deep_cpa_bid",
        "frequency",
        "frequency_schedule",
        "next_day_retention",
        "roas_bid",
        "shopping_ads_retargeting_actions_days",
        NULL,
    };
    gsize length = strlen(raw);
    g_autofree char *bare = NULL;

    if (g_strv_contains(numbers, name) && raw[0] == '"' &&
        strspn(raw + 1, "-0123456789.eE+") == length - 2 && length > 2)
        bare = g_strndup(raw + 1, length - 2);
    cJSON_AddRawToObject(body, name, bare != NULL ? bare : raw);
}

char *encode_adgroup_update(const char *advertiser_id, const Object *current, const char *member,
                            const char *raw)
{
    g_autoptr(cJSON) body = body_new(advertiser_id);
    const char *name, *value;
    gboolean has_budget =
        g_strcmp0(object_text(current, "budget_mode"), "BUDGET_MODE_INFINITE") != 0;

    add_id_of(body, current, "adgroup_id");
    for (guint i = 0; object_member(current, i, &name, &value); i++)
        if (sent_back(name, has_budget) && strcmp(name, member) != 0 && strcmp(value, "null") != 0)
            add_back(body, name, value);
    cJSON_AddRawToObject(body, member, raw);
    return print_json(body);
}

char *encode_status(ObjectKind kind, const char *advertiser_id, const char *const *ids,
                    const char *operation_status)
{
    g_autoptr(cJSON) body = body_new(advertiser_id);

    cJSON_AddItemToObject(body, kind_names(kind)->ids, string_array(ids));
    cJSON_AddStringToObject(body, "operation_status", operation_status);
    if (kind == KIND_ADGROUP && g_strv_length((char **)ids) > 1)
        cJSON_AddTrueToObject(body, "allow_partial_success");
    return print_json(body);
}

char *encode_adgroup_budgets(const char *advertiser_id, const char *member, const char *const *ids,
                             const char *const *amounts)
{
    g_autoptr(cJSON) body = body_new(advertiser_id);
    cJSON *rows = cJSON_AddArrayToObject(body, member);

    for (guint i = 0; ids[i] != NULL; i++) {
        cJSON *row = cJSON_CreateObject();

        cJSON_AddStringToObject(row, "adgroup_id", ids[i]);
        cJSON_AddRawToObject(row, member, amounts[i]);
        cJSON_AddItemToArray(rows, row);
    }
    return print_json(body);
}
