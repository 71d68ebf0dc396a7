/* SPDX-License-Identifier: MIT */
/* task-order.c - see task-order.h. */
#include "task-order.h"

#include <string.h>

#include "report-query.h"

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

static gboolean check_filters(const cJSON *body, GError **error)
{
    const cJSON *node;

    cJSON_ArrayForEach (node, cJSON_GetObjectItemCaseSensitive(body, "filtering")) {
        const char *field =
            cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(node, "field_name"));

        if (field != NULL && !g_strv_contains(filters, field))
            return refuse(error, CODE_PARAMETER,
                          "filtering: %s is not supported in an asynchronous report.", field);
    }
    return TRUE;
}

/* NULL, or all that a page of such a report could be refused for. */
static ReportQuery *check_report(const Call *call, GHashTable *query, GError **error)
{
    Call as_page = *call;

    as_page.query = query;
    as_page.body = NULL;
    return report_query_new(&as_page, error);
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

static char *with_ending(const char *name)
{
    return g_str_has_suffix(name, ".csv") ? g_strdup(name) : g_strconcat(name, ".csv", NULL);
}

Task *task_order_new(const Call *call, GError **error)
{
    const cJSON *titles =
        cJSON_GetObjectItemCaseSensitive(call->body, "enable_report_title_translation");
    g_autoptr(GHashTable) query = read_query(call->body, error);
    g_autoptr(ReportQuery) report = NULL;
    g_autofree char *name = NULL;
    gboolean by_link;

    if (query == NULL || !check_filters(call->body, error))
        return NULL;
    report = check_report(call, query, error);
    if (report == NULL || !read_format(call->body, &by_link, error) ||
        !read_file_name(call->body, &name, error))
        return NULL;
    if (titles != NULL && !cJSON_IsBool(titles)) {
        refuse(error, CODE_PARAMETER, "enable_report_title_translation: Not a valid boolean.");
        return NULL;
    }

    Task *task = task_new();
    task->accounts = g_ptr_array_ref(report->accounts);
    task->query = g_steal_pointer(&query);
    task->titles = !cJSON_IsFalse(titles);
    task->fate = call->faults;
    if (by_link)
        task->file_name = with_ending(name != NULL ? name : "report");
    return task;
}
