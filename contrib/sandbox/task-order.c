/* SPDX-License-Identifier: MIT */
/* task-order.c - see task-order.h. */
#include "task-order.h"

#include <string.h>

#include "report-query.h"

static const char conflict[] =
    "Conflict occurs. The input params including metrics and dimensions have no relation.";

typedef enum { TEXT, BOOLEAN, ARRAY } Type;

/* The members that both kinds of report have. Pages and totals are ignored. */
/* clang-format off */
static const struct {
    const char *name;
    Type type;
} members[] = {
    {"advertiser_id",                TEXT},
    {"advertiser_ids",               ARRAY},
    {"bc_id",                        TEXT},
    {"data_level",                   TEXT},
    {"dimensions",                   ARRAY},
    {"end_date",                     TEXT},
    {"filtering",                    ARRAY},
    {"metrics",                      ARRAY},
    {"multi_adv_report_in_utc_time", BOOLEAN},
    {"order_field",                  TEXT},
    {"order_type",                   TEXT},
    {"query_lifetime",               BOOLEAN},
    {"report_type",                  TEXT},
    {"service_type",                 TEXT},
    {"start_date",                   TEXT},
};
/* clang-format on */

static const char *const filters[] = {"ad_ids", "ad_ids_v2", "adgroup_ids", "campaign_ids", NULL};

static char *json_text(const cJSON *node)
{
    char *json = cJSON_PrintUnformatted(node);
    char *text = g_strdup(json);

    cJSON_free(json);
    return text;
}

/* *ret: as it would be written in a query, or NULL when it is not there. */
static gboolean member_text(const cJSON *body, const char *name, Type type, char **ret,
                            GError **error)
{
    static const char *const words[] = {"string", "boolean", "list"};
    const cJSON *node = cJSON_GetObjectItemCaseSensitive(body, name);
    gboolean good[] = {cJSON_IsString(node), cJSON_IsBool(node), cJSON_IsArray(node)};

    *ret = NULL;
    if (node == NULL || cJSON_IsNull(node))
        return TRUE;
    if (!good[type])
        return refuse(error, CODE_PARAMETER, "%s: Not a valid %s.", name, words[type]);
    *ret = type == TEXT ? g_strdup(node->valuestring) : json_text(node);
    return TRUE;
}

static GHashTable *read_query(const cJSON *body, GError **error)
{
    g_autoptr(GHashTable) query = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

    for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
        char *text;

        if (!member_text(body, members[i].name, members[i].type, &text, error))
            return NULL;
        if (text != NULL)
            g_hash_table_insert(query, g_strdup(members[i].name), text);
    }
    return g_steal_pointer(&query);
}

/* Ids of both kinds of ads are the same here: there is no ad that has several creatives. */
static gboolean read_filters(const cJSON *body, GHashTable *query, GError **error)
{
    g_autoptr(cJSON) list =
        cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(body, "filtering"), TRUE);
    gboolean has_ads = FALSE;
    cJSON *node;

    cJSON_ArrayForEach (node, list) {
        const char *field =
            cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(node, "field_name"));

        if (field == NULL)
            continue;
        if (!g_strv_contains(filters, field))
            return refuse(error, CODE_PARAMETER,
                          "filtering: %s is not supported in an asynchronous report.", field);
        if (!g_str_has_prefix(field, "ad_ids"))
            continue;
        if (has_ads)
            return refuse(error, CODE_PARAMETER,
                          "filtering: ad_ids and ad_ids_v2 are not supported together.");
        has_ads = TRUE;
        cJSON_ReplaceItemInObjectCaseSensitive(node, "field_name", cJSON_CreateString("ad_ids"));
    }
    if (list != NULL)
        g_hash_table_insert(query, g_strdup("filtering"), json_text(list));
    return TRUE;
}

static gboolean has_dimension(const ReportQuery *query, const char *name)
{
    return g_ptr_array_find_with_equal_func(query->dimensions, name, g_str_equal, NULL);
}

/* The results by country are for pages only. */
static gboolean check_results(const ReportQuery *query, GError **error)
{
    if (!has_dimension(query, "country_code"))
        return TRUE;
    for (guint i = 0; i < query->metrics->len; i++) {
        const char *name = metric_name(g_ptr_array_index(query->metrics, i));

        if (g_str_has_suffix(name, "_result") || g_str_has_prefix(name, "result") ||
            g_str_has_prefix(name, "real_time_result"))
            return refuse(error, CODE_PARAMETER, "%s", conflict);
    }
    return TRUE;
}

static gboolean check_report(const Call *call, GHashTable *query, GError **error)
{
    Call as_page = *call;
    const char *type = g_hash_table_lookup(query, "report_type");

    if (type != NULL && strcmp(type, "BC") == 0)
        return refuse(error, CODE_PARAMETER,
                      "report_type: BC is not supported in an asynchronous report.");
    as_page.query = query;
    as_page.body = NULL;

    g_autoptr(ReportQuery) report = report_query_new(&as_page, error);
    return report != NULL && check_results(report, error);
}

static gboolean read_format(const cJSON *body, gboolean *ret_by_link, GError **error)
{
    g_autofree char *format = NULL;

    if (!member_text(body, "output_format", TEXT, &format, error))
        return FALSE;
    *ret_by_link = format != NULL && strcmp(format, "CSV_DOWNLOAD") == 0;
    if (format == NULL || *ret_by_link || strcmp(format, "CSV_STRING") == 0)
        return TRUE;
    if (strcmp(format, "XLSX_DOWNLOAD") == 0)
        return refuse(error, CODE_NOT_THERE, "output_format: %s is not implemented here.", format);
    return refuse(error, CODE_PARAMETER, "output_format: Not a valid choice: %s.", format);
}

static gboolean read_file_name(const cJSON *body, char **ret, GError **error)
{
    if (!member_text(body, "file_name", TEXT, ret, error))
        return FALSE;
    /* Blank is what the official client sends when nobody gave a name. */
    if (*ret != NULL && *g_strstrip(*ret) == '\0')
        g_clear_pointer(ret, g_free);
    if (*ret != NULL && g_utf8_strlen(*ret, -1) > 255)
        return refuse(error, CODE_PARAMETER, "file_name: Longer than maximum length 255.");
    if (*ret != NULL && strpbrk(*ret, "/\t\b@#$%^&*()[]") != NULL)
        return refuse(error, CODE_PARAMETER,
                      "file_name: Must not contain any of / \\t \\b @ # $ %% ^ & * ( ) [ ].");
    return TRUE;
}

Task *task_order_new(const Call *call, GError **error)
{
    const cJSON *titles =
        cJSON_GetObjectItemCaseSensitive(call->body, "enable_report_title_translation");
    g_autoptr(GHashTable) query = read_query(call->body, error);
    g_autofree char *name = NULL;
    gboolean by_link;

    if (query == NULL || !read_filters(call->body, query, error) ||
        !check_report(call, query, error) || !read_format(call->body, &by_link, error) ||
        !read_file_name(call->body, &name, error))
        return NULL;
    if (titles != NULL && !cJSON_IsBool(titles)) {
        refuse(error, CODE_PARAMETER, "enable_report_title_translation: Not a valid boolean.");
        return NULL;
    }

    Task *task = task_new();
    task->account = call->account;
    task->query = g_steal_pointer(&query);
    task->titles = !cJSON_IsFalse(titles);
    task->fate = call->faults;
    if (by_link)
        task->file_name = name == NULL || *name == '\0'    ? g_strdup("report.csv")
                          : g_str_has_suffix(name, ".csv") ? g_strdup(name)
                                                           : //
                              g_strconcat(name, ".csv", NULL);
    return task;
}
