/* SPDX-License-Identifier: MIT */
/* saved-parse.c - the API's JSON of a report (API 4.1) becomes a shape, or a text why not. */
#include <cjson/cJSON.h>
#include <string.h>

#include "api/error.h"
#include "api/report-rules.h"
#include "fs/saved.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cJSON, cJSON_Delete)

/* What was read so far; texts are the JSON's. */
typedef struct {
    ReportShape shape;
    gboolean has_level;
    GPtrArray *breakdown, *metrics;
    char *filtering;
} Draft;

static gboolean refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static gboolean refuse(GError **error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_propagate_error(error, api_error_new(API_ERROR_INVALID, 0, NULL, "%s", text));
    return FALSE;
}

/* ---- members ---- */

static int find_word(const cJSON *value, const char *const *words)
{
    const char *text = cJSON_GetStringValue(value);

    for (int i = 0; text != NULL && words[i] != NULL; i++)
        if (strcmp(words[i], text) == 0)
            return i;
    return -1;
}

static gboolean read_type(const cJSON *value, Draft *draft, GError **error)
{
    static const char *const words[] = {"BASIC", "AUDIENCE", "BC", NULL}; /* as ReportType */
    int found = find_word(value, words);

    draft->shape.type = (ReportType)found;
    return found >= 0 || refuse(error, "report_type must be BASIC, AUDIENCE or BC");
}

static gboolean read_service(const cJSON *value, Draft *draft, GError **error)
{
    static const char *const words[] = {"AUCTION", NULL};

    (void)draft;
    return find_word(value, words) >= 0 || refuse(error, "service_type must be AUCTION");
}

static gboolean read_level(const cJSON *value, Draft *draft, GError **error)
{
    const char *text = cJSON_GetStringValue(value);

    for (int kind = KIND_ADVERTISER; kind <= KIND_AD; kind++) {
        if (g_strcmp0(kind_names((ObjectKind)kind)->level, text) != 0)
            continue;
        draft->shape.level = (ObjectKind)kind;
        draft->has_level = TRUE;
        return TRUE;
    }
    return refuse(error, "data_level must be AUCTION_ADVERTISER, AUCTION_CAMPAIGN, "
                         "AUCTION_ADGROUP or AUCTION_AD");
}

/* They become names of columns and of members. */
static gboolean is_plain(const char *name)
{
    return name != NULL && *name != '\0' &&
           name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] ==
               '\0';
}

static gboolean check_names(const cJSON *value, const char *what, GError **error)
{
    const cJSON *item;

    if (!cJSON_IsArray(value) || value->child == NULL)
        return refuse(error, "%s must be a list of names, such as [\"%s\"]", what,
                      strcmp(what, "metrics") == 0 ? "spend" : "campaign_id");
    cJSON_ArrayForEach (item, value)
        if (!is_plain(cJSON_GetStringValue(item)))
            return refuse(error, "%s: a name is of letters, digits and _", what);
    return TRUE;
}

static gboolean is_id(const char *name)
{
    static const char *const ids[] = {"advertiser_id", "campaign_id", "adgroup_id",
                                      "ad_id",         "ad_id_v2",    NULL};

    return g_strv_contains(ids, name);
}

/* stat_time_day, stat_time_hour; GRAIN_TOTAL: it is neither. */
static ReportGrain grain_of(const char *name)
{
    for (int grain = GRAIN_DAY; grain < N_GRAINS; grain++)
        if (strcmp(report_time(&(ReportShape){.grain = (ReportGrain)grain}), name) == 0)
            return (ReportGrain)grain;
    return GRAIN_TOTAL;
}

static gboolean add_dimension(Draft *draft, const char *name, GError **error)
{
    ReportGrain grain = grain_of(name);

    if (grain != GRAIN_TOTAL && draft->shape.grain != GRAIN_TOTAL)
        return refuse(error, "dimensions: a row is of a day or of an hour, name one of the two");
    if (is_id(name) && draft->shape.id != NULL)
        return refuse(error,
                      "dimensions: %s and %s: a row is of one object; take the lower one, and "
                      "the other as a metric",
                      draft->shape.id, name);
    if (grain != GRAIN_TOTAL)
        draft->shape.grain = grain;
    else if (is_id(name))
        draft->shape.id = name;
    else
        g_ptr_array_add(draft->breakdown, (void *)name);
    return TRUE;
}

static gboolean read_dimensions(const cJSON *value, Draft *draft, GError **error)
{
    const cJSON *item;

    if (!check_names(value, "dimensions", error))
        return FALSE;
    cJSON_ArrayForEach (item, value)
        if (!add_dimension(draft, item->valuestring, error))
            return FALSE;
    return TRUE;
}

static gboolean read_metrics(const cJSON *value, Draft *draft, GError **error)
{
    const cJSON *item;

    if (!check_names(value, "metrics", error))
        return FALSE;
    cJSON_ArrayForEach (item, value)
        g_ptr_array_add(draft->metrics, item->valuestring);
    return TRUE;
}

static gboolean check_filter(const cJSON *filter, GError **error)
{
    static const char *const names[] = {"field_name", "filter_type", "filter_value", NULL};
    const cJSON *member;

    for (guint i = 0; names[i] != NULL; i++)
        if (!cJSON_IsString(cJSON_GetObjectItemCaseSensitive(filter, names[i])))
            return refuse(error, "filtering: a filter has the texts field_name, filter_type and "
                                 "filter_value, the last with JSON in it, such as "
                                 "\"[\\\"STATUS_ALL\\\"]\"");
    cJSON_ArrayForEach (member, filter)
        if (!g_strv_contains(names, member->string))
            return refuse(error, "filtering: there is no %s in a filter", member->string);
    return TRUE;
}

static gboolean read_filtering(const cJSON *value, Draft *draft, GError **error)
{
    const cJSON *filter;
    char *json;

    if (!cJSON_IsArray(value))
        return refuse(error, "filtering must be a list of filters");
    cJSON_ArrayForEach (filter, value)
        if (!check_filter(filter, error))
            return FALSE;
    if (value->child == NULL)
        return TRUE;
    json = cJSON_PrintUnformatted(value);
    draft->filtering = g_strdup(json);
    cJSON_free(json);
    return TRUE;
}

static gboolean read_lifetime(const cJSON *value, Draft *draft, GError **error)
{
    draft->shape.lifetime = cJSON_IsTrue(value);
    return cJSON_IsBool(value) || refuse(error, "query_lifetime must be true or false");
}

static const struct {
    const char *name;
    gboolean (*read)(const cJSON *value, Draft *draft, GError **error);
} members[] = {
    {"report_type", read_type},        {"service_type", read_service},
    {"data_level", read_level},        {"dimensions", read_dimensions},
    {"metrics", read_metrics},         {"filtering", read_filtering},
    {"query_lifetime", read_lifetime},
};

/* Members that the API has and a saved query has not. */
static const struct {
    const char *name, *why;
} others[] = {
    {"start_date", "the directory says which days: reports/<range>/"},
    {"end_date", "the directory says which days: reports/<range>/"},
    {"advertiser_id", "the directory says whose report it is"},
    {"advertiser_ids", "the directory says whose report it is"},
    {"bc_id", "the directory says whose report it is"},
    {"page", "all pages are read"},
    {"page_size", "all pages are read"},
    {"query_mode", "all pages are read"},
    {"order_field", "rows are in the order of their ids; sort the file"},
    {"order_type", "rows are in the order of their ids; sort the file"},
    {"enable_total_metrics", "they are asked for where they prove the report complete"},
    {"output_format", "the name of the file says it"},
};

static gboolean read_member(const cJSON *member, Draft *draft, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(members); i++)
        if (strcmp(members[i].name, member->string) == 0)
            return members[i].read(member, draft, error);
    for (guint i = 0; i < G_N_ELEMENTS(others); i++)
        if (strcmp(others[i].name, member->string) == 0)
            return refuse(error, "leave %s out of a saved query: %s", member->string,
                          others[i].why);
    return refuse(error,
                  "there is no %s in a saved query; it has report_type, data_level, "
                  "dimensions, metrics, filtering, query_lifetime",
                  member->string);
}

/* ---- the whole ---- */

static gboolean check_twice(const cJSON *query, GError **error)
{
    const cJSON *member;

    cJSON_ArrayForEach (member, query)
        if (cJSON_GetObjectItemCaseSensitive(query, member->string) != member)
            return refuse(error, "%s is there twice; name it once", member->string);
    return TRUE;
}

/* As the service has it where nothing is said. */
static void add_defaults(Draft *draft)
{
    if (draft->shape.type == REPORT_CENTER)
        draft->shape.level = KIND_ADVERTISER;
    if (draft->metrics->len > 0)
        return;
    g_ptr_array_add(draft->metrics, (void *)"spend");
    g_ptr_array_add(draft->metrics, (void *)"impressions");
}

static gboolean check_level(const Draft *draft, GError **error)
{
    gboolean center = draft->shape.type == REPORT_CENTER;

    if (center && draft->has_level)
        return refuse(error, "a report of type BC has no data_level; leave it out");
    return center || draft->has_level ||
           refuse(error, "data_level is missing: AUCTION_ADVERTISER, AUCTION_CAMPAIGN, "
                         "AUCTION_ADGROUP or AUCTION_AD");
}

static ReportShape *finish(Draft *draft, GError **error)
{
    ReportShape *shape = &draft->shape;

    if (!check_level(draft, error))
        return NULL;
    add_defaults(draft);
    if (draft->breakdown->len > 0) {
        g_ptr_array_add(draft->breakdown, NULL);
        shape->breakdown = (const char *const *)draft->breakdown->pdata;
    }
    g_ptr_array_add(draft->metrics, NULL);
    shape->metrics = (const char *const *)draft->metrics->pdata;
    shape->filtering = draft->filtering;
    return report_check_structure(shape, error) ? report_shape_copy(shape) : NULL;
}

static ReportShape *read_query(const cJSON *query, Draft *draft, GError **error)
{
    const cJSON *member;

    if (!check_twice(query, error))
        return NULL;
    cJSON_ArrayForEach (member, query)
        if (!read_member(member, draft, error))
            return NULL;
    if (cJSON_GetObjectItemCaseSensitive(query, "dimensions") == NULL) {
        refuse(error, "dimensions are missing: what a row is of, such as [\"campaign_id\"]");
        return NULL;
    }
    return finish(draft, error);
}

ReportShape *saved_parse(const char *text, GError **error)
{
    g_autoptr(cJSON) query = cJSON_ParseWithOpts(text, NULL, TRUE);
    Draft draft = {.breakdown = g_ptr_array_new(), .metrics = g_ptr_array_new()};
    ReportShape *shape = NULL;

    if (!g_utf8_validate(text, -1, NULL) || !cJSON_IsObject(query))
        refuse(error, "not a JSON object, such as {\"report_type\":\"BASIC\",\"data_level\":"
                      "\"AUCTION_CAMPAIGN\",\"dimensions\":[\"campaign_id\"]}");
    else
        shape = read_query(query, &draft, error);
    g_ptr_array_unref(draft.breakdown);
    g_ptr_array_unref(draft.metrics);
    g_free(draft.filtering);
    return shape;
}

gboolean saved_is_unfinished(const char *text)
{
    gboolean quoted = FALSE;
    guint depth = 0;

    for (const char *at = text; *at != '\0'; at++) {
        if (quoted && *at == '\\' && at[1] != '\0')
            at++;
        else if (*at == '"')
            quoted = !quoted;
        else if (!quoted && (*at == '{' || *at == '['))
            depth++;
        else if (!quoted && (*at == '}' || *at == ']') && depth > 0)
            depth--;
    }
    return quoted || depth > 0;
}
