/* SPDX-License-Identifier: MIT */
/* report-call.c - report/integrated/get and report/task/create. */
#include "api/report-call.h"

#include <string.h>

#include "api/encode-private.h"

/* ---- filters ---- */

/* filter_value is a string that holds JSON. */
static void add_filter(cJSON *filtering, const char *field, const char *const *values)
{
    g_autoptr(cJSON) array = string_array(values);
    g_autofree char *text = print_json(array);
    cJSON *filter = cJSON_CreateObject();

    cJSON_AddStringToObject(filter, "field_name", field);
    cJSON_AddStringToObject(filter, "filter_type", "IN");
    cJSON_AddStringToObject(filter, "filter_value", text);
    cJSON_AddItemToArray(filtering, filter);
}

static gboolean has_filter(const cJSON *filtering, const char *field)
{
    const cJSON *filter;

    cJSON_ArrayForEach (filter, filtering)
        if (g_strcmp0(cJSON_GetStringValue(cJSON_GetObjectItem(filter, "field_name")), field) == 0)
            return TRUE;
    return FALSE;
}

static cJSON *id_filters(const ReportCall *call)
{
    const ReportShape *shape = call->shape;
    const char *const object[] = {shape->object_id, NULL};
    cJSON *filtering =
        shape->filtering != NULL ? cJSON_Parse(shape->filtering) : cJSON_CreateArray();

    if (shape->object_id != NULL)
        add_filter(filtering, kind_names(shape->object_kind)->ids, object);
    if (call->ids != NULL)
        add_filter(filtering, kind_names(call->ids_kind)->ids, call->ids);
    return filtering;
}

/* The service leaves deleted objects out below the advertiser's level, unless told otherwise. */
static void add_status(cJSON *filtering, const ReportCall *call)
{
    const char *const status[] = {call->objects == REPORT_DELETED ? "STATUS_DELETE" : "STATUS_ALL",
                                  NULL};
    g_autofree char *field = g_strconcat(kind_names(call->shape->level)->word, "_status", NULL);

    if (call->shape->level != KIND_ADVERTISER && !has_filter(filtering, field))
        add_filter(filtering, field, status);
}

/* ---- the synchronous call ---- */

static void add_subject(GString *query, const ReportCall *call)
{
    const ReportShape *shape = call->shape;

    add_param(query, shape->type == REPORT_CENTER ? "bc_id" : "advertiser_id", call->account_id);
    add_param(query, "report_type", report_type_word(shape->type));
    if (shape->type != REPORT_CENTER)
        add_param(query, "data_level", kind_names(shape->level)->level);
}

static void add_days(GString *query, const ReportCall *call)
{
    if (call->shape->lifetime) {
        add_param(query, "query_lifetime", "true");
        return;
    }
    add_param(query, "start_date", call->start);
    add_param(query, "end_date", call->end);
}

char *encode_report(const ReportCall *call, guint page, guint page_size)
{
    g_autoptr(GPtrArray) dimensions = report_dimensions(call->shape);
    g_autoptr(cJSON) filtering = id_filters(call);
    GString *query = g_string_new(NULL);

    add_subject(query, call);
    add_array_param(query, "dimensions", (const char *const *)dimensions->pdata);
    add_array_param(query, "metrics", call->shape->metrics);
    add_days(query, call);
    add_status(filtering, call);
    if (cJSON_GetArraySize(filtering) > 0)
        add_json_param(query, "filtering", filtering);
    if (call->totals)
        add_param(query, "enable_total_metrics", "true");
    add_page(query, page, page_size);
    return g_string_free(query, FALSE);
}

/* ---- tasks ---- */

char *encode_report_task(const ReportCall *call)
{
    const ReportShape *shape = call->shape;
    g_autoptr(GPtrArray) dimensions = report_dimensions(shape);
    g_autoptr(cJSON) body = body_new(call->account_id);
    g_autoptr(cJSON) filtering = id_filters(call);

    cJSON_AddStringToObject(body, "report_type", report_type_word(shape->type));
    cJSON_AddStringToObject(body, "data_level", kind_names(shape->level)->level);
    cJSON_AddItemToObject(body, "dimensions", string_array((const char *const *)dimensions->pdata));
    cJSON_AddItemToObject(body, "metrics", string_array(shape->metrics));
    if (shape->lifetime) {
        cJSON_AddTrueToObject(body, "query_lifetime");
    } else {
        cJSON_AddStringToObject(body, "start_date", call->start);
        cJSON_AddStringToObject(body, "end_date", call->end);
    }
    if (cJSON_GetArraySize(filtering) > 0)
        cJSON_AddItemToObject(body, "filtering", g_steal_pointer(&filtering));
    cJSON_AddStringToObject(body, "output_format", "CSV_STRING");
    cJSON_AddFalseToObject(body, "enable_report_title_translation");
    return print_json(body);
}

char *encode_task_query(const char *advertiser_id, const char *task_id)
{
    GString *query = g_string_new(NULL);

    add_param(query, "advertiser_id", advertiser_id);
    add_param(query, "task_id", task_id);
    return g_string_free(query, FALSE);
}

char *encode_task_cancel(const char *advertiser_id, const char *task_id)
{
    g_autoptr(cJSON) body = body_new(advertiser_id);

    cJSON_AddStringToObject(body, "task_id", task_id);
    return print_json(body);
}
