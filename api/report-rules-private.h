/* SPDX-License-Identifier: MIT */
#pragma once

/* report-rules-private.h - between the rules of the shape and those of metrics. */
#include "api/metric.h"
#include "api/report-rules.h"

typedef struct {
    const ReportShape *shape;
    const Metric *metric; /* NULL in rules of the shape */
    const char *word;     /* what is at fault: a dimension, a metric */
    const char *near;     /* what may have been meant; NULL: nobody knows */
} Fault;

/* FALSE, and the text with {metric}, {level}, {other}, {by}, {id}, {word} and {near} replaced by
   what the report has there; {other} is the nearest level that has the metric. */
gboolean rules_refuse(const Fault *fault, const char *text, GError **error);

guint rules_n_breakdown(const ReportShape *shape);
gboolean rules_has_breakdown(const ReportShape *shape, const char *dimension);

/* The shape is allowed. */
gboolean rules_check_metrics(const ReportShape *shape, GError **error);
