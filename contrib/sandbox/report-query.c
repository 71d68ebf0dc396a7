/* SPDX-License-Identifier: MIT */
/* report-query.c - the parameters of report/integrated/get: whose report, of what time, in what
 * order. */
#include "report-query.h"

#include <string.h>

#include "access.h"
#include "bc.h"
#include "clock.h"
#include "identity.h"

enum { CODE_NOT_IMPLEMENTED = 40008, MAX_SEVERAL = 5 };

/* clang-format off */
static const struct {
    const char *name;
    ReportType type;
} types[] = {
    {"BASIC",    REPORT_BASIC},
    {"AUDIENCE", REPORT_AUDIENCE},
    {"BC",       REPORT_BC},
};

static const struct {
    const char *data_level;
    int level;
} levels[] = {
    {"AUCTION_ADVERTISER", LEVEL_ADVERTISER},
    {"AUCTION_CAMPAIGN",   CAMPAIGN},
    {"AUCTION_ADGROUP",    ADGROUP},
    {"AUCTION_AD",         AD},
};
/* clang-format on */

/* What the service knows and the sandbox does not do. */
static const char *const other_types[] = {"PLAYABLE_MATERIAL", "CATALOG", "TT_SHOP", NULL};

void report_query_free(ReportQuery *query)
{
    g_clear_pointer(&query->accounts, g_ptr_array_unref);
    g_clear_pointer(&query->dimensions, g_ptr_array_unref);
    g_clear_pointer(&query->metrics, g_ptr_array_unref);
    g_clear_pointer(&query->objectives, g_ptr_array_unref);
    g_clear_pointer(&query->countries, g_ptr_array_unref);
    g_clear_pointer(&query->bounds, g_array_unref);
    for (Kind kind = 0; kind < N_KINDS; kind++) {
        g_clear_pointer(&query->ids[kind], g_ptr_array_unref);
        g_clear_pointer(&query->status[kind], g_ptr_array_unref);
        g_free(query->name[kind]);
    }
    g_free(query);
}

gboolean query_conflict(GError **error)
{
    return refuse(error, CODE_PARAMETER,
                  "Conflict occurs. The input params including metrics and dimensions have no "
                  "relation.");
}

gboolean query_has_dimension(const ReportQuery *query, const char *name)
{
    return g_ptr_array_find_with_equal_func(query->dimensions, name, g_str_equal, NULL);
}

static gboolean is_true(const Call *call, const char *name)
{
    const char *text = arg_text(call, name);

    return text != NULL && g_ascii_strcasecmp(text, "true") == 0;
}

static gboolean read_type(const Call *call, ReportQuery *query, GError **error)
{
    const char *service = arg_text(call, "service_type");
    const char *name;

    if (!arg_required(call, "report_type", &name, error))
        return FALSE;
    if (service != NULL && strcmp(service, "AUCTION") != 0)
        return refuse(error, CODE_PARAMETER, "service_type: Not a valid choice: %s.", service);
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        if (strcmp(types[i].name, name) != 0)
            continue;
        query->type = types[i].type;
        if (query->type == REPORT_BC && query->asynchronous)
            return refuse(error, CODE_PARAMETER, "report_type: BC reports are synchronous only.");
        return TRUE;
    }
    if (g_strv_contains(other_types, name))
        return refuse(error, CODE_NOT_IMPLEMENTED, "%s reports are not implemented here.", name);
    return refuse(error, CODE_PARAMETER, "report_type: Not a valid choice: %s.", name);
}

static gboolean read_level(const Call *call, ReportQuery *query, GError **error)
{
    const char *name;

    query->level = LEVEL_ADVERTISER;
    if (query->type == REPORT_BC)
        return arg_text(call, "data_level") == NULL ||
               refuse(error, CODE_PARAMETER, "data_level: Not supported with BC reports.");
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

static gboolean read_center(const Call *call, ReportQuery *query, GError **error)
{
    if (!bc_find(call, &query->center, error))
        return FALSE;
    for (guint i = 0; i < query->center->assets->len; i++) {
        const Account *account = g_array_index(query->center->assets, Asset, i).account;

        if (account != NULL && !account->forbidden)
            g_ptr_array_add(query->accounts, (void *)account);
    }
    return TRUE;
}

static gboolean read_several(const Call *call, ReportQuery *query, GError **error)
{
    g_autoptr(GPtrArray) ids = NULL;

    query->several = TRUE;
    if (!arg_strings(call, "advertiser_ids", &ids, error))
        return FALSE;
    if (ids->len == 0 || ids->len > MAX_SEVERAL)
        return refuse(error, CODE_PARAMETER, "advertiser_ids: There must be 1 to %d.", MAX_SEVERAL);
    if (is_true(call, "multi_adv_report_in_utc_time"))
        return refuse(error, CODE_NOT_IMPLEMENTED,
                      "multi_adv_report_in_utc_time is not implemented here.");
    for (guint i = 0; i < ids->len; i++) {
        const Account *account = identity_find(call, g_ptr_array_index(ids, i), error);

        if (account == NULL)
            return FALSE;
        if (!g_ptr_array_find(query->accounts, account, NULL))
            g_ptr_array_add(query->accounts, (void *)account);
    }
    return TRUE;
}

static gboolean read_accounts(const Call *call, ReportQuery *query, GError **error)
{
    query->accounts = g_ptr_array_new();
    if (query->type == REPORT_BC)
        return read_center(call, query, error);
    if (arg_text(call, "advertiser_ids") != NULL)
        return read_several(call, query, error);
    if (call->account == NULL)
        return refuse(error, CODE_PARAMETER, "Missing required field(s): advertiser_id.");
    g_ptr_array_add(query->accounts, (void *)call->account);
    return TRUE;
}

static gint64 longest(const Call *call, const ReportQuery *query)
{
    if (query->by_hour)
        return 1;
    if (query->asynchronous && !query->by_day && !call->world->short_tasks)
        return G_MAXINT64;
    return query->by_day && query->type != REPORT_BC ? 30 : 365;
}

static gboolean read_dates(const Call *call, ReportQuery *query, GError **error)
{
    const char *start, *end;
    gint64 limit = longest(call, query);

    if (query->lifetime) {
        query->first = G_MININT32;
        query->last = G_MAXINT32;
        return TRUE;
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
                      "The time span must not exceed %" G_GINT64_FORMAT " day%s.", limit,
                      limit > 1 ? "s" : "");
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

/* It takes effect with one id dimension, a day or both; with anything else it is passed over. */
static gboolean wants_totals(const Call *call, const ReportQuery *query)
{
    guint counted = (query->by_id ? 1 : 0) + (query->by_day ? 1 : 0);

    return is_true(call, "enable_total_metrics") && query->type == REPORT_BASIC &&
           query->dimensions->len == counted && !query->asynchronous;
}

ReportQuery *report_query_new(const Call *call, GError **error)
{
    g_autoptr(ReportQuery) query = g_new0(ReportQuery, 1);

    query->asynchronous = strcmp(call->endpoint->path, "/report/task/create/") == 0;
    query->lifetime = is_true(call, "query_lifetime");
    query->bounds = g_array_new(FALSE, FALSE, sizeof(Bound));
    if (!read_type(call, query, error) || !read_level(call, query, error) ||
        !read_accounts(call, query, error) || !query_read_dimensions(call, query, error) ||
        !query_read_metrics(call, query, error) || !read_dates(call, query, error) ||
        !read_order(call, query, error) || !query_read_filtering(call, query, error) ||
        !page_read(call, 1000, &query->page, error))
        return NULL;
    query->totals = wants_totals(call, query);
    return g_steal_pointer(&query);
}
