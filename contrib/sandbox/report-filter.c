/* SPDX-License-Identifier: MIT */
/* report-filter.c - filtering of a report: an array of conditions, all of which are to be met. */
#include <string.h>

#include "report-query.h"
#include "status.h"

enum { CODE_NOT_IMPLEMENTED = 40008, MAX_IDS = 100 };

typedef struct {
    const char *field, *type, *text;
} Condition;

static const char *const operators[] = {"GREATER_EQUAL", "GREATER_THAN", "LOWER_EQUAL",
                                        "LOWER_THAN",    "BETWEEN",      NULL};

/* The service has these too. */
static const char *const other_fields[] = {"buying_type", "promotion_type", NULL};

/* IN with a JSON array of strings or bare numbers, as text. */
static gboolean read_list(const Condition *condition, GPtrArray **ret, GError **error)
{
    g_autoptr(cJSON) array = cJSON_ParseWithOpts(condition->text, NULL, TRUE);

    if (strcmp(condition->type, "IN") != 0)
        return refuse(error, CODE_PARAMETER, "filtering.%s: filter_type must be IN.",
                      condition->field);
    if (!cJSON_IsArray(array))
        return refuse(error, CODE_PARAMETER, "filtering.%s: filter_value is not a list in text.",
                      condition->field);
    if (cJSON_IsNumber(array->child)) { /* digits, not doubles: quote them in the text itself */
        g_autoptr(GRegex) digits = g_regex_new("[0-9]+", 0, 0, NULL);
        g_autofree char *quoted =
            g_regex_replace(digits, condition->text, -1, 0, "\"\\0\"", 0, NULL);

        cJSON_Delete(array);
        array = cJSON_Parse(quoted);
    }
    g_clear_pointer(ret, g_ptr_array_unref);
    return strings_of(array, condition->field, ret, error);
}

static gboolean add_ids(ReportQuery *query, Kind kind, const Condition *condition, GError **error)
{
    /* One of the names alone: a field of a creative, or of what holds it. */
    if (kind == AD && query->ids[AD] != NULL)
        return refuse(error, CODE_PARAMETER, "filtering: ad_ids and ad_ids_v2 are exclusive.");
    if (!read_list(condition, &query->ids[kind], error))
        return FALSE;
    if (query->ids[kind]->len > MAX_IDS)
        return refuse(error, CODE_TOO_MANY_IDS, "filtering.%s: Longer than maximum length %d.",
                      condition->field, MAX_IDS);
    return TRUE;
}

static gboolean add_status(ReportQuery *query, Kind kind, const Condition *condition,
                           GError **error)
{
    if (!read_list(condition, &query->status[kind], error))
        return FALSE;
    for (guint i = 0; i < query->status[kind]->len; i++) {
        const char *word = g_ptr_array_index(query->status[kind], i);

        if (!status_is_primary(word))
            return refuse(error, CODE_PARAMETER, "filtering.%s: Not a valid choice: %s.",
                          condition->field, word);
    }
    return TRUE;
}

static gboolean read_match(const Condition *condition, char **ret, GError **error)
{
    if (strcmp(condition->type, "MATCH") != 0)
        return refuse(error, CODE_PARAMETER, "filtering.%s: filter_type must be MATCH.",
                      condition->field);
    g_free(*ret);
    *ret = g_strdup(condition->text);
    return TRUE;
}

static gboolean is_of(const Condition *condition, Kind kind, const char *what)
{
    return g_str_has_prefix(condition->field, kind_names[kind]) &&
           strcmp(condition->field + strlen(kind_names[kind]), what) == 0;
}

/* An amount as it is, or two of them as a list in text. */
static gboolean read_amounts(const Condition *condition, gint64 *ret_least, gint64 *ret_most)
{
    g_autoptr(cJSON) array = cJSON_Parse(condition->text);

    if (strcmp(condition->type, "BETWEEN") != 0)
        return currency_parse(condition->text, ret_least) &&
               currency_parse(condition->text, ret_most);
    if (cJSON_GetArraySize(array) != 2)
        return FALSE;

    g_auto(GStrv) texts = g_strsplit_set(condition->text, "[]\", ", -1);
    const char *ends[2] = {NULL, NULL};
    guint n = 0;
    for (char **text = texts; *text != NULL && n < 2; text++) {
        if (**text != '\0')
            ends[n++] = *text;
    }
    return n == 2 && currency_parse(ends[0], ret_least) && currency_parse(ends[1], ret_most);
}

static gboolean add_bound(ReportQuery *query, const Metric *metric, const Condition *condition,
                          GError **error)
{
    Bound bound = {metric, 0, 0};

    if (!g_strv_contains(operators, condition->type))
        return refuse(error, CODE_PARAMETER, "filtering.%s: filter_type must compare.",
                      condition->field);
    if (!read_amounts(condition, &bound.least, &bound.most))
        return refuse(error, CODE_PARAMETER, "filtering.%s: Not a valid number.", condition->field);
    if (g_str_has_prefix(condition->type, "GREATER"))
        bound.most = G_MAXINT64;
    else if (g_str_has_prefix(condition->type, "LOWER"))
        bound.least = G_MININT64;
    bound.least += strcmp(condition->type, "GREATER_THAN") == 0;
    bound.most -= strcmp(condition->type, "LOWER_THAN") == 0;
    g_array_append_val(query->bounds, bound);
    return TRUE;
}

static gboolean add_basic(ReportQuery *query, const Condition *condition, GError **error)
{
    const Metric *metric = metric_find(condition->field);

    for (Kind kind = 0; kind < N_KINDS; kind++) {
        if (is_of(condition, kind, "_ids") || (kind == AD && is_of(condition, kind, "_ids_v2")))
            return add_ids(query, kind, condition, error);
        if (is_of(condition, kind, "_status"))
            return add_status(query, kind, condition, error);
        if (is_of(condition, kind, "_name"))
            return read_match(condition, &query->name[kind], error);
    }
    if (strcmp(condition->field, "objective_type") == 0)
        return read_list(condition, &query->objectives, error);
    if (strcmp(condition->field, "country_code") == 0)
        return query_has_dimension(query, "country_code")
                   ? read_list(condition, &query->countries, error)
                   : query_conflict(error);
    if (metric != NULL && !metric_is_attribute(metric))
        return add_bound(query, metric, condition, error);
    if (g_strv_contains(other_fields, condition->field))
        return refuse(error, CODE_NOT_IMPLEMENTED, "filtering.%s is not implemented here.",
                      condition->field);
    return refuse(error, CODE_PARAMETER, "filtering: Not a valid choice: %s.", condition->field);
}

/* What an account says to a field of a center's report. */
static const char *account_word(const ReportQuery *query, const Account *account, const char *field)
{
    if (strcmp(field, "advertiser_id") == 0)
        return account->id;
    if (strcmp(field, "registered_area") == 0)
        return account->country;
    if (strcmp(field, "currency_of_account") == 0)
        return account->currency->code;
    if (strcmp(field, "platform_of_account") == 0)
        return "ADS_MANGER"; /* as the service spells it */
    if (strcmp(field, "owner_of_account") == 0)
        return g_strcmp0(account->owner_bc_id, query->center->id) == 0
                   ? "OWNED_BY_CURRENT_BUSINESS_CENTER"
                   : "SHARED_BY_OTHER_BUSINESS_CENTER";
    if (strcmp(field, "account_status") == 0)
        return strcmp(account->status, "STATUS_LIMIT") == 0 ? "SUSPENDED" : "APPROVED";
    return NULL;
}

/* Takes away the accounts that do not meet it; cost is left for when it is known. */
static gboolean add_of_center(ReportQuery *query, const Condition *condition, GError **error)
{
    gboolean by_name = strcmp(condition->field, "advertiser_name") == 0;
    g_autoptr(GPtrArray) words = NULL;
    g_autofree char *part = NULL;

    if (strcmp(condition->field, "cost") == 0)
        return add_bound(query, metric_find("spend"), condition, error);
    if (by_name ? !read_match(condition, &part, error) : !read_list(condition, &words, error))
        return FALSE;

    for (guint i = query->accounts->len; i-- > 0;) {
        const Account *account = g_ptr_array_index(query->accounts, i);
        const char *word = by_name ? account->name : account_word(query, account, condition->field);

        if (word == NULL)
            return refuse(error, CODE_PARAMETER, "filtering: Not a valid choice: %s.",
                          condition->field);
        if (by_name ? strstr(word, part) == NULL
                    : !g_ptr_array_find_with_equal_func(words, word, g_str_equal, NULL))
            g_ptr_array_remove_index(query->accounts, i);
    }
    return TRUE;
}

static const char *member(const cJSON *node, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(node, name));
}

/* The default hides what is deleted at the level of the report, and only there. */
gboolean query_read_filtering(const Call *call, ReportQuery *query, GError **error)
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
        const Condition condition = {member(node, "field_name"), member(node, "filter_type"),
                                     member(node, "filter_value")};

        if (condition.field == NULL || condition.type == NULL || condition.text == NULL)
            return refuse(error, CODE_PARAMETER,
                          "filtering: field_name, filter_type and filter_value must be text.");
        if (query->type == REPORT_BC ? !add_of_center(query, &condition, error)
                                     : !add_basic(query, &condition, error))
            return FALSE;
    }
    return TRUE;
}
