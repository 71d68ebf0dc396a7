/* SPDX-License-Identifier: MIT */
/* report-metric-rules.c - the tables of rules of each metric, and of metrics in tasks. */
#include "api/report-rules-private.h"

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
           (shape->level != KIND_ADVERTISER || shape->grain != GRAIN_DAY ||
            rules_n_breakdown(shape) > 0);
}

static gboolean not_by_image(const Metric *metric, const ReportShape *shape)
{
    return (metric->flags & METRIC_BY_IMAGE) && !rules_has_breakdown(shape, "image_id");
}

static gboolean not_by_object_and_day(const Metric *metric, const ReportShape *shape)
{
    return (metric->flags & METRIC_ID_DAY) &&
           (shape->id == NULL || rules_n_breakdown(shape) > 0 || shape->grain == GRAIN_HOUR);
}

static gboolean not_by_country(const Metric *metric, const ReportShape *shape)
{
    const guint may = METRIC_BY_COUNTRY | METRIC_COUNTRY_SYNC | METRIC_ATTRIBUTE;

    return shape->type == REPORT_BASIC && rules_has_breakdown(shape, "country_code") &&
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

    return rules_refuse(&fault,
                        near != NULL
                            ? "there is no metric {word}; did you mean {near}? All are listed "
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
            return rules_refuse(&fault, metric_rules[i].text, error);
    return TRUE;
}

gboolean rules_check_metrics(const ReportShape *shape, GError **error)
{
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
    return (metric->flags & METRIC_COUNTRY_SYNC) && rules_has_breakdown(shape, "country_code");
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
                return rules_refuse(&fault, task_rules[j].text, error);
    }
    if (report_can_be_task(shape))
        return TRUE;
    return rules_refuse(
        &fault,
        "a task has no Business Centers, no filters but ids, and names instead of the "
        "codes of countries; ask synchronously",
        error);
}
