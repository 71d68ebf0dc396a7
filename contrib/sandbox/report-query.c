/* SPDX-License-Identifier: MIT */
/* report-query.c - the parameters of report/integrated/get, and what the service refuses of them.
 */
#include "report-query.h"

#include <string.h>

#include "clock.h"
#include "status.h"

enum { CODE_NOT_IMPLEMENTED = 40008 };

static const char conflict[] =
    "Conflict occurs. The input params including metrics and dimensions have no relation.";

/* clang-format off */
static const struct {
    const char *data_level;
    const char *dimension;
    int level;
} levels[] = {
    {"AUCTION_ADVERTISER", "advertiser_id", LEVEL_ADVERTISER},
    {"AUCTION_CAMPAIGN",   "campaign_id",   CAMPAIGN},
    {"AUCTION_ADGROUP",    "adgroup_id",    ADGROUP},
    {"AUCTION_AD",         "ad_id",         AD},
};

/* What the service knows and the sandbox does not do. */
static const char *const other_dimensions[] = {
    "ad_id_v2", "stat_time_hour", "country_code", "ad_type", "custom_event_type", "event_source_id",
    "page_id", "component_name", "room_id", "post_id", "image_id", "video_material_id", "minis_id",
    "search_terms", "search_keyword", "match_type", "skan_postback_sequence", NULL};
static const char *const other_types[] = {
    "AUDIENCE", "PLAYABLE_MATERIAL", "CATALOG", "BC", "TT_SHOP", NULL};
/* clang-format on */

void report_query_free(ReportQuery *query)
{
    g_clear_pointer(&query->accounts, g_ptr_array_unref);
    g_clear_pointer(&query->dimensions, g_ptr_array_unref);
    g_clear_pointer(&query->metrics, g_ptr_array_unref);
    for (Kind kind = 0; kind < N_KINDS; kind++) {
        g_clear_pointer(&query->ids[kind], g_ptr_array_unref);
        g_clear_pointer(&query->status[kind], g_ptr_array_unref);
        g_free(query->name[kind]);
    }
    g_free(query);
}

static gboolean read_type(const Call *call, GError **error)
{
    const char *service = arg_text(call, "service_type");
    const char *type;

    if (!arg_required(call, "report_type", &type, error))
        return FALSE;
    if (g_strv_contains(other_types, type) || arg_text(call, "advertiser_ids") != NULL)
        return refuse(error, CODE_NOT_IMPLEMENTED,
                      "Only BASIC reports of one advertiser are implemented here.");
    if (strcmp(type, "BASIC") != 0)
        return refuse(error, CODE_PARAMETER, "report_type: Not a valid choice: %s.", type);
    if (service != NULL && strcmp(service, "AUCTION") != 0)
        return refuse(error, CODE_PARAMETER, "service_type: Not a valid choice: %s.", service);
    return TRUE;
}

static int level_of_dimension(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(levels); i++) {
        if (strcmp(levels[i].dimension, name) == 0)
            return levels[i].level;
    }
    return N_KINDS;
}

static gboolean read_level(const Call *call, ReportQuery *query, GError **error)
{
    const char *name;

    if (!arg_required(call, "data_level", &name, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(levels); i++) {
        if (strcmp(levels[i].data_level, name) == 0) {
            query->level = levels[i].level;
            return TRUE;
        }
    }
    return refuse(error, CODE_PARAMETER, "data_level: Not a valid choice: %s.", name);
}

static gboolean read_dimensions(const Call *call, ReportQuery *query, GError **error)
{
    guint n_ids = 0;

    if (!arg_strings(call, "dimensions", &query->dimensions, error))
        return FALSE;
    if (query->dimensions == NULL || query->dimensions->len == 0)
        return refuse(error, CODE_PARAMETER, "Missing required field(s): dimensions.");

    for (guint i = 0; i < query->dimensions->len; i++) {
        const char *name = g_ptr_array_index(query->dimensions, i);
        int level = level_of_dimension(name);

        if (strcmp(name, "stat_time_day") == 0) {
            query->by_day = TRUE;
        } else if (level != N_KINDS) {
            if (level != query->level || n_ids++ > 0)
                return refuse(error, CODE_PARAMETER, "%s", conflict);
        } else if (g_strv_contains(other_dimensions, name)) {
            return refuse(error, CODE_NOT_IMPLEMENTED, "dimensions: %s is not implemented here.",
                          name);
        } else {
            return refuse(error, CODE_PARAMETER, "dimensions: Not a valid choice: %s.", name);
        }
    }
    if (n_ids != 1)
        return refuse(error, CODE_PARAMETER, "%s", conflict);
    return TRUE;
}

static gboolean read_metrics(const Call *call, ReportQuery *query, GError **error)
{
    g_autoptr(GPtrArray) names = NULL;

    if (!arg_strings(call, "metrics", &names, error))
        return FALSE;

    query->metrics = g_ptr_array_new();
    if (names == NULL) {
        g_ptr_array_add(query->metrics, (void *)metric_find("spend"));
        g_ptr_array_add(query->metrics, (void *)metric_find("impressions"));
    }
    for (guint i = 0; names != NULL && i < names->len; i++) {
        const Metric *metric = metric_find(g_ptr_array_index(names, i));

        if (metric == NULL)
            return refuse(error, CODE_PARAMETER, "metrics: Not a valid choice: %s.",
                          (char *)g_ptr_array_index(names, i));
        if (!metric_fits(metric, query->level))
            return refuse(error, CODE_PARAMETER, "%s", conflict);
        g_ptr_array_add(query->metrics, (void *)metric);
    }
    return TRUE;
}

static gboolean is_true(const Call *call, const char *name)
{
    const char *text = arg_text(call, name);

    return text != NULL && g_ascii_strcasecmp(text, "true") == 0;
}

static gboolean read_dates(const Call *call, ReportQuery *query, GError **error)
{
    const char *start, *end;
    gint64 limit = query->by_day ? 30 : 365;

    if (is_true(call, "query_lifetime")) {
        query->first = G_MININT32;
        query->last = G_MAXINT32;
        return !query->by_day ||
               refuse(error, CODE_PARAMETER, "query_lifetime: Not allowed with stat_time_day.");
    }
    if (!arg_required(call, "start_date", &start, error) ||
        !arg_required(call, "end_date", &end, error))
        return FALSE;
    if (!clock_day_parse(start, &query->first) || !clock_day_parse(end, &query->last))
        return refuse(error, CODE_PARAMETER,
                      "Time format should be %%Y-%%m-%%d. Please try again.");
    if (query->last < query->first)
        return refuse(error, CODE_PARAMETER, "end_date: Must not be before start_date.");
    if (query->last - query->first + 1 > limit)
        return refuse(error, CODE_PARAMETER,
                      "The time span must not exceed %" G_GINT64_FORMAT " days.", limit);
    return TRUE;
}

static gboolean read_order(const Call *call, ReportQuery *query, GError **error)
{
    const char *field = arg_text(call, "order_field");
    const char *type = arg_text(call, "order_type");

    if (field != NULL) {
        query->order = metric_find(field);
        if (query->order == NULL || metric_is_attribute(query->order))
            return refuse(error, CODE_PARAMETER, "order_field: Not a valid choice: %s.", field);
    }
    if (type != NULL && strcmp(type, "ASC") != 0 && strcmp(type, "DESC") != 0)
        return refuse(error, CODE_PARAMETER, "order_type: Not a valid choice: %s.", type);
    query->ascending = type != NULL && strcmp(type, "ASC") == 0;
    return TRUE;
}

/* IN with a JSON array of strings or bare numbers, as text. */
static gboolean read_list(const char *field, const char *text, GPtrArray **ret, GError **error)
{
    g_autoptr(cJSON) array = cJSON_ParseWithOpts(text, NULL, TRUE);
    g_autofree char *quoted = NULL;

    if (!cJSON_IsArray(array))
        return refuse(error, CODE_PARAMETER, "filtering.%s: filter_value is not a list in text.",
                      field);
    if (cJSON_IsNumber(array->child)) { /* digits, not doubles: quote them in the text itself */
        g_autoptr(GRegex) digits = g_regex_new("[0-9]+", 0, 0, NULL);

        quoted = g_regex_replace(digits, text, -1, 0, "\"\\0\"", 0, NULL);
        cJSON_Delete(array);
        array = cJSON_Parse(quoted);
    }
    return strings_of(array, field, ret, error);
}

static gboolean add_ids(ReportQuery *query, Kind kind, const char *field, const char *text,
                        GError **error)
{
    if (!read_list(field, text, &query->ids[kind], error))
        return FALSE;
    if (query->ids[kind]->len > 100)
        return refuse(error, CODE_TOO_MANY_IDS, "filtering.%s: Longer than maximum length 100.",
                      field);
    return TRUE;
}

static gboolean add_status(ReportQuery *query, Kind kind, const char *field, const char *text,
                           GError **error)
{
    g_clear_pointer(&query->status[kind], g_ptr_array_unref);
    if (!read_list(field, text, &query->status[kind], error))
        return FALSE;
    for (guint i = 0; i < query->status[kind]->len; i++) {
        const char *word = g_ptr_array_index(query->status[kind], i);

        if (!status_is_primary(word))
            return refuse(error, CODE_PARAMETER, "filtering.%s: Not a valid choice: %s.", field,
                          word);
    }
    return TRUE;
}

static gboolean add_filter(ReportQuery *query, const cJSON *node, GError **error)
{
    const char *field = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(node, "field_name"));
    const char *type = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(node, "filter_type"));
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(node, "filter_value"));

    if (field == NULL || type == NULL || text == NULL)
        return refuse(error, CODE_PARAMETER,
                      "filtering: field_name, filter_type and filter_value must be text.");

    for (Kind kind = 0; kind < N_KINDS; kind++) {
        g_autofree char *ids = g_strconcat(kind_names[kind], "_ids", NULL);
        g_autofree char *status = g_strconcat(kind_names[kind], "_status", NULL);
        g_autofree char *name = g_strconcat(kind_names[kind], "_name", NULL);
        gboolean in = strcmp(type, "IN") == 0;

        if ((strcmp(field, ids) == 0 || strcmp(field, status) == 0) && !in)
            return refuse(error, CODE_PARAMETER, "filtering.%s: filter_type must be IN.", field);
        if (strcmp(field, ids) == 0)
            return add_ids(query, kind, field, text, error);
        if (strcmp(field, status) == 0)
            return add_status(query, kind, field, text, error);
        if (strcmp(field, name) == 0) {
            g_free(query->name[kind]);
            query->name[kind] = g_strdup(text);
        }
    }
    return TRUE;
}

/* The default hides what is deleted at the level of the report, and only there. */
static gboolean read_filtering(const Call *call, ReportQuery *query, GError **error)
{
    g_autoptr(cJSON) array = NULL;
    const cJSON *node;

    if (!arg_json(call, "filtering", cJSON_Array, &array, error))
        return FALSE;
    if (query->level != LEVEL_ADVERTISER) {
        query->status[query->level] = g_ptr_array_new_with_free_func(g_free);
        g_ptr_array_add(query->status[query->level], g_strdup("STATUS_NOT_DELETE"));
    }
    cJSON_ArrayForEach (node, array) {
        if (!add_filter(query, node, error))
            return FALSE;
    }
    return TRUE;
}

ReportQuery *report_query_new(const Call *call, GError **error)
{
    g_autoptr(ReportQuery) query = g_new0(ReportQuery, 1);

    query->by_id = TRUE;
    query->asynchronous = strcmp(call->endpoint->path, "/report/task/create/") == 0;
    query->accounts = g_ptr_array_new();
    g_ptr_array_add(query->accounts, (void *)call->account);
    query->totals = is_true(call, "enable_total_metrics");
    if (!read_type(call, error) || !read_level(call, query, error) ||
        !read_dimensions(call, query, error) || !read_metrics(call, query, error) ||
        !read_dates(call, query, error) || !read_order(call, query, error) ||
        !read_filtering(call, query, error) || !page_read(call, 1000, &query->page, error))
        return NULL;
    return g_steal_pointer(&query);
}
