/* SPDX-License-Identifier: MIT */
/* report-rules.c - the table of rules of the shape; the first that is broken makes the text. */
#include "api/report-rules-private.h"

#include "api/breakdown.h"
#include "api/error.h"

/* ---- texts ---- */

static const char *id_of(ObjectKind level)
{
    return kind_names(level)->id;
}

static char *breakdown_text(const ReportShape *shape)
{
    const char *word = breakdown_word(shape);

    if (shape->breakdown == NULL)
        return g_strdup("what people are like");
    return word != NULL ? g_strdup(word) : g_strjoinv(" and ", (char **)shape->breakdown);
}

/* The level where the metric can be had: the nearest below, else the lowest there is. */
static ObjectKind level_for(const Metric *metric, ObjectKind level)
{
    ObjectKind best = level;

    if (metric == NULL)
        return level;
    for (ObjectKind kind = KIND_ADVERTISER; kind <= KIND_AD; kind++) {
        if (!(metric->levels & 1u << kind))
            continue;
        best = kind;
        if (kind > level)
            break;
    }
    return best;
}

gboolean rules_refuse(const Fault *fault, const char *text, GError **error)
{
    const ReportShape *shape = fault->shape;
    g_autofree char *by = breakdown_text(shape);
    const struct {
        const char *mark, *text;
    } marks[] = {
        {"{metric}", fault->metric != NULL ? fault->metric->name : ""},
        {"{level}", kind_names(shape->level)->word},
        {"{other}", kind_names(level_for(fault->metric, shape->level))->word},
        {"{id}", id_of(shape->level)},
        {"{by}", by},
        {"{near}", fault->near != NULL ? fault->near : ""},
        {"{word}", fault->word != NULL ? fault->word : ""}, /* last: it is the user's */
    };
    g_autoptr(GString) line = g_string_new(text);

    for (guint i = 0; i < G_N_ELEMENTS(marks); i++)
        g_string_replace(line, marks[i].mark, marks[i].text, 0);
    g_propagate_error(error, api_error_new(API_ERROR_INVALID, 0, NULL, "%s", line->str));
    return FALSE;
}

/* ---- rules of the shape ---- */

guint rules_n_breakdown(const ReportShape *shape)
{
    return shape->breakdown != NULL ? g_strv_length((char **)shape->breakdown) : 0;
}

gboolean rules_has_breakdown(const ReportShape *shape, const char *dimension)
{
    return shape->breakdown != NULL && g_strv_contains(shape->breakdown, dimension);
}

static gboolean center_below_account(Fault *fault)
{
    return fault->shape->type == REPORT_CENTER && fault->shape->level != KIND_ADVERTISER;
}

static gboolean center_of_object(Fault *fault)
{
    return fault->shape->type == REPORT_CENTER && fault->shape->object_id != NULL;
}

static gboolean above_its_object(Fault *fault)
{
    return fault->shape->object_id != NULL && fault->shape->level < fault->shape->object_kind;
}

/* An upgraded Smart+ ad has two ids, of itself and of its creatives. */
static gboolean other_id(Fault *fault)
{
    const char *id = fault->shape->id;

    fault->word = id;
    return id != NULL && !g_str_equal(id, id_of(fault->shape->level)) &&
           !(fault->shape->level == KIND_AD && g_str_equal(id, "ad_id_v2"));
}

static gboolean audience_lifetime(Fault *fault)
{
    return fault->shape->type == REPORT_AUDIENCE && fault->shape->lifetime;
}

static gboolean center_lifetime(Fault *fault)
{
    return fault->shape->type == REPORT_CENTER && fault->shape->lifetime;
}

static gboolean lifetime_by_time(Fault *fault)
{
    return fault->shape->lifetime && fault->shape->grain != GRAIN_TOTAL;
}

static gboolean lifetime_by_country(Fault *fault)
{
    return fault->shape->lifetime && rules_has_breakdown(fault->shape, "country_code");
}

static gboolean audience_by_hour(Fault *fault)
{
    return fault->shape->type == REPORT_AUDIENCE && fault->shape->grain == GRAIN_HOUR;
}

static gboolean center_by_hour(Fault *fault)
{
    return fault->shape->type == REPORT_CENTER && fault->shape->grain == GRAIN_HOUR;
}

static gboolean unknown_dimension(Fault *fault)
{
    for (guint i = 0; i < rules_n_breakdown(fault->shape); i++) {
        fault->word = fault->shape->breakdown[i];
        if (dimension_types(fault->word) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean other_dimension(Fault *fault)
{
    for (guint i = 0; i < rules_n_breakdown(fault->shape); i++) {
        fault->word = fault->shape->breakdown[i];
        if (!(dimension_types(fault->word) & 1u << fault->shape->type))
            return TRUE;
    }
    return FALSE;
}

static gboolean two_breakdowns(Fault *fault)
{
    const ReportShape *shape = fault->shape;
    gboolean pair = rules_n_breakdown(shape) == 2 && rules_has_breakdown(shape, "age") &&
                    rules_has_breakdown(shape, "gender");

    return rules_n_breakdown(shape) > 1 && !pair;
}

static gboolean audience_of_nobody(Fault *fault)
{
    return fault->shape->type == REPORT_AUDIENCE && rules_n_breakdown(fault->shape) == 0;
}

static gboolean center_country_by_day(Fault *fault)
{
    return fault->shape->type == REPORT_CENTER && rules_n_breakdown(fault->shape) > 0 &&
           fault->shape->grain == GRAIN_DAY;
}

static gboolean by_nothing(Fault *fault)
{
    return fault->shape->id == NULL && rules_n_breakdown(fault->shape) == 0 &&
           fault->shape->grain == GRAIN_TOTAL;
}

static gboolean no_metrics(Fault *fault)
{
    return fault->shape->metrics == NULL || fault->shape->metrics[0] == NULL;
}

static gboolean too_many_metrics(Fault *fault)
{
    return g_strv_length((char **)fault->shape->metrics) > METRICS_MAX;
}

static gboolean metric_twice(Fault *fault)
{
    const char *const *metrics = fault->shape->metrics;

    for (guint i = 0; metrics[i] != NULL; i++) {
        fault->word = metrics[i];
        for (guint j = 0; j < i; j++)
            if (g_str_equal(metrics[i], metrics[j]))
                return TRUE;
    }
    return FALSE;
}

static gboolean metric_and_dimension(Fault *fault)
{
    g_autoptr(GPtrArray) dimensions = report_dimensions(fault->shape);

    for (guint i = 0; fault->shape->metrics[i] != NULL; i++) {
        fault->word = fault->shape->metrics[i];
        if (g_strv_contains((const char *const *)dimensions->pdata, fault->word))
            return TRUE;
    }
    return FALSE;
}

/* Earlier rules are relied on by later ones. */
static const struct {
    gboolean (*broken)(Fault *fault);
    const char *text;
} shape_rules[] = {
    {center_below_account,
     "a report of a Business Center has a row for each account, none by "
     "{level}; ask by advertiser, or ask the account for its report by {level}"},
    {center_of_object, "a report of a Business Center can not be of one object; ask the account "
                       "that has the object"},
    {above_its_object, "a report by {level} can not be of one object below that; ask by the "
                       "object's own level"},
    {other_id, "{word} is not the id of a report by {level}; use {id}"},
    {audience_lifetime, "a report by {by} can not be of the whole lifetime; give days, such as "
                        "last-365d"},
    {center_lifetime, "a report of a Business Center can not be of the whole lifetime; give days, "
                      "such as last-365d"},
    {lifetime_by_time, "the whole lifetime can not be had by day or hour; ask for total, or give "
                       "days, such as last-365d"},
    {lifetime_by_country, "the whole lifetime can not be had by country; leave the country out, "
                          "or give days, such as last-365d"},
    {audience_by_hour, "a report by {by} can not be had by hour; ask by day"},
    {center_by_hour, "a report of a Business Center can not be had by hour; ask by day"},
    {unknown_dimension, "there is no dimension {word}; leave it out"},
    {other_dimension, "this type of report can not be had by {word}; leave it out"},
    {two_breakdowns, "a report can not be had by {by} at once; ask for one of them (only age and "
                     "gender go together)"},
    {audience_of_nobody, "an audience report is by something, such as age, gender or platform; "
                         "name one, or ask for a basic report"},
    {center_country_by_day, "a report of a Business Center can be by country or by day, not by "
                            "both; ask for total, or leave the country out"},
    {by_nothing, "the rows of a report have to be of something; ask by {id} or by day"},
    {no_metrics, "a report without a metric has nothing to say; name one, such as spend"},
    {too_many_metrics, "a report can have 100 metrics and no more; ask for fewer, in two files"},
    {metric_twice, "{word} is asked for twice; name it once"},
    {metric_and_dimension, "{word} is in each row already; leave it out of the metrics"},
};

gboolean report_check_structure(const ReportShape *shape, GError **error)
{
    Fault fault = {.shape = shape};

    g_return_val_if_fail(shape->level >= KIND_ADVERTISER && shape->level <= KIND_AD, FALSE);
    for (guint i = 0; i < G_N_ELEMENTS(shape_rules); i++)
        if (shape_rules[i].broken(&fault))
            return rules_refuse(&fault, shape_rules[i].text, error);
    return TRUE;
}

gboolean report_check(const ReportShape *shape, GError **error)
{
    return report_check_structure(shape, error) && rules_check_metrics(shape, error);
}
