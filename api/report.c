/* SPDX-License-Identifier: MIT */
/* report.c - shapes of reports. */
#include "api/report.h"

#include <string.h>

static const char *const grain_words[N_GRAINS] = {"total", "day", "hour"};

const char *report_type_word(ReportType type)
{
    static const char *const words[N_REPORT_TYPES] = {"BASIC", "AUDIENCE", "BC"};

    return words[type];
}

ReportShape *report_shape_copy(const ReportShape *shape)
{
    ReportShape *copy = g_memdup2(shape, sizeof *shape);

    copy->id = g_strdup(shape->id);
    copy->breakdown = (const char *const *)g_strdupv((char **)shape->breakdown);
    copy->metrics = (const char *const *)g_strdupv((char **)shape->metrics);
    copy->object_id = g_strdup(shape->object_id);
    copy->filtering = g_strdup(shape->filtering);
    return copy;
}

void report_shape_free(ReportShape *shape)
{
    if (shape == NULL)
        return;
    g_free((char *)shape->id);
    g_strfreev((char **)shape->breakdown);
    g_strfreev((char **)shape->metrics);
    g_free((char *)shape->object_id);
    g_free((char *)shape->filtering);
    g_free(shape);
}

const char *report_time(const ReportShape *shape)
{
    static const char *const names[N_GRAINS] = {NULL, "stat_time_day", "stat_time_hour"};

    return names[shape->grain];
}

guint report_n_dimensions(const ReportShape *shape)
{
    guint n_breakdown = shape->breakdown != NULL ? g_strv_length((char **)shape->breakdown) : 0;

    return (shape->id != NULL) + n_breakdown + (report_time(shape) != NULL);
}

guint report_width(const ReportShape *shape)
{
    return report_n_dimensions(shape) + g_strv_length((char **)shape->metrics);
}

GPtrArray *report_dimensions(const ReportShape *shape)
{
    GPtrArray *names = g_ptr_array_new();

    if (shape->id != NULL)
        g_ptr_array_add(names, (void *)shape->id);
    for (guint i = 0; shape->breakdown != NULL && shape->breakdown[i] != NULL; i++)
        g_ptr_array_add(names, (void *)shape->breakdown[i]);
    if (report_time(shape) != NULL)
        g_ptr_array_add(names, (void *)report_time(shape));
    g_ptr_array_add(names, NULL);
    return names;
}

char *report_words(const ReportShape *shape)
{
    g_autoptr(GPtrArray) names = report_dimensions(shape);
    g_autofree char *dimensions = g_strjoinv(",", (char **)names->pdata);
    g_autofree char *metrics = g_strjoinv(",", (char **)shape->metrics);
    const char *of = shape->object_id;

    return g_strdup_printf(
        "%s %s %s %s %s %s %s%s%s", report_type_word(shape->type), kind_names(shape->level)->word,
        dimensions, of != NULL ? kind_names(shape->object_kind)->word : "-", of != NULL ? of : "-",
        shape->lifetime ? "lifetime" : grain_words[shape->grain], metrics,
        shape->filtering != NULL ? " " : "", shape->filtering != NULL ? shape->filtering : "");
}

guint report_span(const ReportShape *shape)
{
    static const guint days[N_GRAINS] = {[GRAIN_TOTAL] = 365, [GRAIN_DAY] = 30, [GRAIN_HOUR] = 1};

    return shape->type == REPORT_CENTER ? days[GRAIN_TOTAL] : days[shape->grain];
}

gboolean report_has_totals(const ReportShape *shape)
{
    return shape->type == REPORT_BASIC && shape->breakdown == NULL && shape->grain != GRAIN_HOUR &&
           (shape->id != NULL || shape->grain == GRAIN_DAY);
}

gboolean report_can_be_task(const ReportShape *shape)
{
    const char *const *breakdown = shape->breakdown;

    return shape->type != REPORT_CENTER && shape->filtering == NULL &&
           (breakdown == NULL || !g_strv_contains(breakdown, "country_code"));
}
