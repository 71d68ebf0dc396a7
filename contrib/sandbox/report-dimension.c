/* SPDX-License-Identifier: MIT */
/* report-dimension.c - what goes with what: dimensions with the type and level of a report and with
 * each other, metrics with all of these. */
#include <string.h>

#include "report-query.h"

enum { CODE_NOT_IMPLEMENTED = 40008 };

typedef enum {
    BY_ID,
    BY_DAY,
    BY_HOUR,
    BY_PEOPLE,  /* divides what was shown: see breakdown.h */
    BY_NOTHING, /* no account here has any */
    NOT_HERE,   /* the service knows it, and the sandbox does not do it */
} Sort;

typedef struct {
    const char *name;
    Sort sort;
    int level; /* of BY_ID */
} Dimension;

/* clang-format off */
/* The others are those that breakdown.h knows. */
static const Dimension dimensions[] = {
    {"ad_id",             BY_ID, AD},
    {"ad_id_v2",          BY_ID, AD},
    {"adgroup_id",        BY_ID, ADGROUP},
    {"advertiser_id",     BY_ID, LEVEL_ADVERTISER},
    {"campaign_id",       BY_ID, CAMPAIGN},
    {"component_name",    BY_NOTHING, 0},
    {"custom_event_type", BY_NOTHING, 0},
    {"event_source_id",   BY_NOTHING, 0},
    {"image_id",          NOT_HERE, 0},
    {"match_type",        BY_NOTHING, 0},
    {"minis_id",          BY_NOTHING, 0},
    {"page_id",           BY_NOTHING, 0},
    {"post_id",           BY_NOTHING, 0},
    {"room_id",           BY_NOTHING, 0},
    {"search_keyword",    BY_NOTHING, 0},
    {"search_terms",      BY_NOTHING, 0},
    {"skan_postback_sequence", BY_NOTHING, 0},
    {"stat_time_day",     BY_DAY, 0},
    {"stat_time_hour",    BY_HOUR, 0},
    {"video_material_id", NOT_HERE, 0},
};
/* clang-format on */

/* How many of each sort were named, and which. */
typedef struct {
    guint n_days, n_hours, n_people, n_others;
    guint n_ids; /* without that of the account beside another */
    gboolean by_account;
    const char *people[2];
} Tally;

static gboolean count_id(const Dimension *dimension, const ReportQuery *query, Tally *tally,
                         GError **error)
{
    if (dimension->level == LEVEL_ADVERTISER && !tally->by_account) {
        tally->by_account = TRUE;
        return TRUE;
    }
    if (dimension->level != query->level || tally->n_ids++ > 0)
        return query_conflict(error);
    return TRUE;
}

static gboolean count_dimension(const char *name, const ReportQuery *query, Tally *tally,
                                GError **error)
{
    const Dimension *dimension = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(dimensions) && dimension == NULL; i++) {
        if (strcmp(dimensions[i].name, name) == 0)
            dimension = &dimensions[i];
    }
    if (dimension == NULL && !breakdown_is_dimension(name))
        return refuse(error, CODE_PARAMETER, "dimensions: Not a valid choice: %s.", name);

    switch (dimension != NULL ? dimension->sort : BY_PEOPLE) {
    case BY_ID:
        return count_id(dimension, query, tally, error);
    case BY_DAY:
        tally->n_days++;
        return TRUE;
    case BY_HOUR:
        tally->n_hours++;
        return TRUE;
    case BY_PEOPLE:
        if (tally->n_people == G_N_ELEMENTS(tally->people))
            return query_conflict(error);
        tally->people[tally->n_people++] = name;
        return TRUE;
    case BY_NOTHING:
        tally->n_others++;
        return TRUE;
    case NOT_HERE:
    default:
        return refuse(error, CODE_NOT_IMPLEMENTED, "dimensions: %s is not implemented here.", name);
    }
}

static gboolean is_named(const Tally *tally, const char *name)
{
    return tally->n_people == 1 && strcmp(tally->people[0], name) == 0;
}

/* An id, or the account's beside it where there are several; a time; one of the rest. */
static gboolean is_basic(const ReportQuery *query, const Tally *tally)
{
    gboolean one_account = tally->by_account && tally->n_ids > 0 && !query->several;
    gboolean other_level =
        tally->by_account && tally->n_ids == 0 && query->level != LEVEL_ADVERTISER;

    return !one_account && !other_level && tally->n_days + tally->n_hours <= 1 &&
           tally->n_people + tally->n_others <= 1 &&
           (tally->n_people == 0 || is_named(tally, "country_code") ||
            is_named(tally, "ad_type")) &&
           !(query->lifetime && (tally->n_days + tally->n_hours + tally->n_people > 0));
}

/* A pair of them is known to breakdown_find(), or not. */
static gboolean is_audience(const ReportQuery *query, const Tally *tally)
{
    gboolean other_level =
        tally->by_account && (tally->n_ids > 0 || query->level != LEVEL_ADVERTISER);

    return tally->n_people >= 1 && tally->n_others == 0 && tally->n_hours == 0 &&
           tally->n_days <= 1 && (!other_level || query->several) && !query->lifetime;
}

static gboolean is_of_center(const ReportQuery *query, const Tally *tally)
{
    guint others = tally->n_days + tally->n_people;

    return tally->n_ids == 0 && tally->n_hours == 0 && tally->n_others == 0 && others <= 1 &&
           (tally->n_people == 0 || is_named(tally, "country_code")) && !query->lifetime;
}

static gboolean goes_together(const ReportQuery *query, const Tally *tally)
{
    switch (query->type) {
    case REPORT_AUDIENCE:
        return is_audience(query, tally);
    case REPORT_BC:
        return is_of_center(query, tally);
    case REPORT_BASIC:
    default:
        return is_basic(query, tally);
    }
}

/* How far behind the report is. */
static gint64 late_of(const ReportQuery *query)
{
    if (query->breakdown == NULL)
        return 0;
    if (query->type == REPORT_AUDIENCE || query->breakdown->tags)
        return query->breakdown->late_s;
    return LATE_COUNTRY_S;
}

gboolean query_read_dimensions(const Call *call, ReportQuery *query, GError **error)
{
    Tally tally = {0};

    if (!arg_strings(call, "dimensions", &query->dimensions, error))
        return FALSE;
    if (query->dimensions == NULL || query->dimensions->len == 0)
        return refuse(error, CODE_PARAMETER, "Missing required field(s): dimensions.");
    for (guint i = 0; i < query->dimensions->len; i++) {
        if (!count_dimension(g_ptr_array_index(query->dimensions, i), query, &tally, error))
            return FALSE;
    }
    if (!goes_together(query, &tally))
        return query_conflict(error);

    if (tally.n_people > 0) {
        query->breakdown = breakdown_find(tally.people[0], tally.people[1]);
        if (query->breakdown == NULL)
            return query_conflict(error);
    }
    query->by_day = tally.n_days > 0;
    query->by_hour = tally.n_hours > 0;
    query->by_id = tally.n_ids > 0 || tally.by_account;
    query->by_nothing = tally.n_others > 0;
    query->in_dollars = query->type == REPORT_BC && !query->by_id;
    query->late_s = late_of(query);
    return TRUE;
}

static gboolean attribute_fits(const Metric *metric, const ReportQuery *query)
{
    return query->by_id && query->type != REPORT_AUDIENCE && metric->level <= query->level;
}

static gboolean fits_audience(const Metric *metric, const ReportQuery *query)
{
    if ((metric->flags & (METRIC_UNIQUE | METRIC_CASH | METRIC_BASIC)) != 0)
        return FALSE;
    if (query->breakdown->tags)
        return (metric->flags & METRIC_TAGS) != 0;
    return !query_has_dimension(query, "country_code") || (metric->flags & METRIC_COUNTRY) != 0;
}

static gboolean fits(const Metric *metric, const ReportQuery *query)
{
    gboolean by_country = query_has_dimension(query, "country_code");

    if (metric_is_attribute(metric))
        return attribute_fits(metric, query);
    if ((metric->flags & METRIC_CASH) != 0 &&
        (query->level != LEVEL_ADVERTISER || !query->by_day || query->breakdown != NULL))
        return FALSE;
    if ((metric->flags & METRIC_RESULT) != 0 && by_country && query->asynchronous)
        return FALSE;
    if ((metric->flags & METRIC_BASIC) != 0 && query->asynchronous)
        return FALSE;
    if (query->type == REPORT_AUDIENCE)
        return fits_audience(metric, query);
    return query->type != REPORT_BC || (metric->flags & METRIC_CENTER) != 0;
}

static void add_fitting(const Metric *metric, void *user_data)
{
    ReportQuery *query = user_data;

    if (fits(metric, query))
        g_ptr_array_add(query->metrics, (void *)metric_find(metric->name));
}

static void add_default(ReportQuery *query)
{
    if (query->type == REPORT_BC) {
        metric_table(add_fitting, query);
        return;
    }
    g_ptr_array_add(query->metrics, (void *)metric_find("spend"));
    g_ptr_array_add(query->metrics, (void *)metric_find("impressions"));
}

/* What a report of several accounts has besides, asked for or not. */
static void add_columns_of_several(ReportQuery *query)
{
    static const char *const names[] = {"currency", "timezone", "advertiser_id"};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        const Metric *metric = metric_find(names[i]);

        if (!g_ptr_array_find(query->metrics, metric, NULL))
            g_ptr_array_add(query->metrics, (void *)metric);
    }
}

gboolean query_read_metrics(const Call *call, ReportQuery *query, GError **error)
{
    g_autoptr(GPtrArray) names = NULL;

    if (!arg_strings(call, "metrics", &names, error))
        return FALSE;

    query->metrics = g_ptr_array_new();
    if (names == NULL)
        add_default(query);
    for (guint i = 0; names != NULL && i < names->len; i++) {
        const Metric *metric = metric_find(g_ptr_array_index(names, i));

        if (metric == NULL)
            return refuse(error, CODE_PARAMETER, "metrics: Not a valid choice: %s.",
                          (char *)g_ptr_array_index(names, i));
        if (!fits(metric, query))
            return query_conflict(error);
        g_ptr_array_add(query->metrics, (void *)metric);
    }
    if (query->several)
        add_columns_of_several(query);
    return TRUE;
}
