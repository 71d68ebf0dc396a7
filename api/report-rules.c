/* SPDX-License-Identifier: MIT */
/*
 * report-rules.c - two tables of rules: of the shape, and of each metric in it. The first that is
 * broken makes the text. In texts {metric}, {level}, {other}, {by}, {id}, {word} and {near} stand
 * for what the report has there.
 */
#include "api/report-rules.h"

#include "api/breakdown.h"
#include "api/error.h"
#include "api/metric.h"

typedef struct {
    const ReportShape *shape;
    const Metric *metric; /* NULL in rules of the shape */
    const char *word;     /* what is at fault: a dimension, a metric */
    const char *near;     /* what may have been meant; NULL: nobody knows */
} Fault;

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

static gboolean refuse(const Fault *fault, const char *text, GError **error)
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

static guint n_breakdown(const ReportShape *shape)
{
    return shape->breakdown != NULL ? g_strv_length((char **)shape->breakdown) : 0;
}

static gboolean has_breakdown(const ReportShape *shape, const char *dimension)
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
    return fault->shape->lifetime && has_breakdown(fault->shape, "country_code");
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
    for (guint i = 0; i < n_breakdown(fault->shape); i++) {
        fault->word = fault->shape->breakdown[i];
        if (dimension_types(fault->word) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean other_dimension(Fault *fault)
{
    for (guint i = 0; i < n_breakdown(fault->shape); i++) {
        fault->word = fault->shape->breakdown[i];
        if (!(dimension_types(fault->word) & 1u << fault->shape->type))
            return TRUE;
    }
    return FALSE;
}

static gboolean two_breakdowns(Fault *fault)
{
    const ReportShape *shape = fault->shape;
    gboolean pair =
        n_breakdown(shape) == 2 && has_breakdown(shape, "age") && has_breakdown(shape, "gender");

    return n_breakdown(shape) > 1 && !pair;
}

static gboolean audience_of_nobody(Fault *fault)
{
    return fault->shape->type == REPORT_AUDIENCE && n_breakdown(fault->shape) == 0;
}

static gboolean center_country_by_day(Fault *fault)
{
    return fault->shape->type == REPORT_CENTER && n_breakdown(fault->shape) > 0 &&
           fault->shape->grain == GRAIN_DAY;
}

static gboolean by_nothing(Fault *fault)
{
    return fault->shape->id == NULL && n_breakdown(fault->shape) == 0 &&
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

static gboolean check_shape(const ReportShape *shape, GError **error)
{
    Fault fault = {.shape = shape};

    for (guint i = 0; i < G_N_ELEMENTS(shape_rules); i++)
        if (shape_rules[i].broken(&fault))
            return refuse(&fault, shape_rules[i].text, error);
    return TRUE;
}

/* ---- rules of a metric ---- */

static gboolean in_audience(const Metric *metric, const ReportShape *shape, guint flags)
{
    return shape->type == REPORT_AUDIENCE && (metric->flags & flags) != 0;
}

static gboolean attribute_of_audience(const Metric *metric, const ReportShape *shape)
{
    return in_audience(metric, shape, METRIC_ATTRIBUTE);
}

static gboolean people_of_audience(const Metric *metric, const ReportShape *shape)
{
    return in_audience(metric, shape, METRIC_PEOPLE);
}

static gboolean not_in_audience(const Metric *metric, const ReportShape *shape)
{
    return shape->type == REPORT_AUDIENCE && !(metric->types & 1u << REPORT_AUDIENCE);
}

static gboolean not_in_center(const Metric *metric, const ReportShape *shape)
{
    return shape->type == REPORT_CENTER && !(metric->types & 1u << REPORT_CENTER);
}

static gboolean only_in_center(const Metric *metric, const ReportShape *shape)
{
    return !(metric->types & 1u << shape->type);
}

static gboolean other_level(const Metric *metric, const ReportShape *shape)
{
    return !(metric->levels & 1u << shape->level);
}

static gboolean attribute_without_id(const Metric *metric, const ReportShape *shape)
{
    return (metric->flags & METRIC_ATTRIBUTE) && shape->id == NULL;
}

static gboolean not_account_by_day(const Metric *metric, const ReportShape *shape)
{
    return (metric->flags & METRIC_ACCOUNT_DAY) && shape->type == REPORT_BASIC &&
           (shape->level != KIND_ADVERTISER || shape->grain != GRAIN_DAY || n_breakdown(shape) > 0);
}

static gboolean not_by_image(const Metric *metric, const ReportShape *shape)
{
    return (metric->flags & METRIC_BY_IMAGE) && !has_breakdown(shape, "image_id");
}

static gboolean not_by_object_and_day(const Metric *metric, const ReportShape *shape)
{
    return (metric->flags & METRIC_ID_DAY) &&
           (shape->id == NULL || n_breakdown(shape) > 0 || shape->grain == GRAIN_HOUR);
}

static gboolean not_by_country(const Metric *metric, const ReportShape *shape)
{
    const guint may = METRIC_BY_COUNTRY | METRIC_COUNTRY_SYNC | METRIC_ATTRIBUTE;

    return shape->type == REPORT_BASIC && has_breakdown(shape, "country_code") &&
           !(metric->flags & may);
}

static const struct {
    gboolean (*broken)(const Metric *metric, const ReportShape *shape);
    const char *text;
} metric_rules[] = {
    {attribute_of_audience, "{metric} is of the object and can not be had by {by}; leave it out, "
                            "or ask without the breakdown"},
    {people_of_audience, "{metric} is of single people and can not be had by {by}; leave it out, "
                         "or ask without the breakdown"},
    {not_in_audience,
     "{metric} can not be had by {by}; leave it out, or ask without the breakdown"},
    {not_in_center, "{metric} is not in reports of a Business Center; leave it out, or ask each "
                    "account"},
    {only_in_center,
     "{metric} is in reports of a Business Center only; leave it out, or ask there"},
    {other_level, "{metric} can not be had by {level}; leave it out, or ask by {other}"},
    {attribute_without_id, "{metric} is of an object, and no row is of one; leave it out, or ask "
                           "by {id}"},
    {not_account_by_day, "{metric} can be had of the advertiser by day only; leave it out, or ask "
                         "for advertiser-day"},
    {not_by_image, "{metric} can be had by image_id only; leave it out"},
    {not_by_object_and_day, "{metric} can be had by {id}, for the total or by day, and by nothing "
                            "else; leave it out, or ask for {level}-day or {level}-total"},
    {not_by_country, "{metric} can not be had by {by}; leave it out, or ask without the breakdown"},
};

static gboolean refuse_unknown(const ReportShape *shape, const char *name, GError **error)
{
    const Metric *near = metric_nearest(name);
    Fault fault = {.shape = shape, .word = name, .near = near != NULL ? near->name : NULL};

    return refuse(&fault,
                  near != NULL ? "there is no metric {word}; did you mean {near}? All are listed "
                                 "in reports/metrics.tsv"
                               : "there is no metric {word}; all are listed in "
                                 "reports/metrics.tsv",
                  error);
}

static gboolean check_metric(const ReportShape *shape, const char *name, GError **error)
{
    Fault fault = {.shape = shape, .metric = metric_find(name), .word = name};

    if (fault.metric == NULL)
        return refuse_unknown(shape, name, error);
    for (guint i = 0; i < G_N_ELEMENTS(metric_rules); i++)
        if (metric_rules[i].broken(fault.metric, shape))
            return refuse(&fault, metric_rules[i].text, error);
    return TRUE;
}

gboolean report_check(const ReportShape *shape, GError **error)
{
    g_return_val_if_fail(shape->level >= KIND_ADVERTISER && shape->level <= KIND_AD, FALSE);
    if (!check_shape(shape, error))
        return FALSE;
    for (guint i = 0; shape->metrics[i] != NULL; i++)
        if (!check_metric(shape, shape->metrics[i], error))
            return FALSE;
    return TRUE;
}

/* ---- tasks ---- */

static gboolean never_in_tasks(const Metric *metric, const ReportShape *shape)
{
    (void)shape;
    return (metric->flags & METRIC_NOT_IN_TASKS) != 0;
}

static gboolean not_by_country_in_tasks(const Metric *metric, const ReportShape *shape)
{
    return (metric->flags & METRIC_COUNTRY_SYNC) && has_breakdown(shape, "country_code");
}

static const struct {
    gboolean (*broken)(const Metric *metric, const ReportShape *shape);
    const char *text;
} task_rules[] = {
    {never_in_tasks, "{metric} can not be had in a task; leave it out, or ask synchronously"},
    {not_by_country_in_tasks, "{metric} can not be had by country in a task; leave it out, or ask "
                              "synchronously"},
};

gboolean report_check_task(const ReportShape *shape, GError **error)
{
    Fault fault = {.shape = shape};

    for (guint i = 0; shape->metrics[i] != NULL; i++) {
        fault.metric = metric_find(shape->metrics[i]);
        for (guint j = 0; fault.metric != NULL && j < G_N_ELEMENTS(task_rules); j++)
            if (task_rules[j].broken(fault.metric, shape))
                return refuse(&fault, task_rules[j].text, error);
    }
    if (report_can_be_task(shape))
        return TRUE;
    return refuse(&fault,
                  "a task has no Business Centers, no filters but ids, and names instead of the "
                  "codes of countries; ask synchronously",
                  error);
}
