/* SPDX-License-Identifier: MIT */
/* saved-name.c - my-query.csv is the report that my-query.query asks for. */
#include "fs/saved-name.h"

#include <string.h>

#include "api/report-rules.h"
#include "fs/query-private.h"
#include "fs/saved-private.h"

enum { TOTAL_DAYS = 365 }; /* of one call, and totals of two can not be added up */

char *saved_name_of(const char *file, GError **error)
{
    g_autofree char *name = NULL;

    if (!g_str_has_suffix(file, SAVED_SUFFIX))
        return NULL;
    name = g_strndup(file, strlen(file) - strlen(SAVED_SUFFIX));
    return saved_check_name(name, error) ? g_steal_pointer(&name) : NULL;
}

gboolean saved_is_dir(const Place *dir)
{
    return dir->type == PLACE_REPORTS && (dir->kind == KIND_ADVERTISER || dir->kind == KIND_CENTER);
}

/* "my-query" of "my-query.csv", new; NULL: it is not like the name of a report of a saved query. */
static char *base_of(const char *name, ReportFormat *ret)
{
    const char *dot = strchr(name, '.');
    const char *const *formats = query_formats();
    g_autofree char *base = dot != NULL ? g_strndup(name, (gsize)(dot - name)) : NULL;

    if (base == NULL || !saved_check_name(base, NULL))
        return NULL;
    for (int i = 0; formats[i] != NULL; i++) {
        if (strcmp(formats[i], dot + 1) != 0)
            continue;
        *ret = (ReportFormat)i;
        return g_steal_pointer(&base);
    }
    return NULL;
}

/* One that has a text. */
static const Saved *find(const Mount *mount, const char *name, ReportFormat *ret)
{
    g_autofree char *base = base_of(name, ret);
    const Saved *saved = base != NULL ? saved_find(mount->saved, base) : NULL;

    return saved != NULL && saved->shape != NULL ? saved : NULL;
}

static const char *misplaced(const ReportShape *shape, ObjectKind own)
{
    if (shape->type == REPORT_CENTER && own != KIND_CENTER)
        return "its query is of type BC: it is in business-centers/<id>/reports/";
    if (shape->type != REPORT_CENTER && own == KIND_CENTER)
        return "its query is of accounts: it is in <advertiser_id>/reports/";
    if (own != KIND_CENTER && shape->level < own)
        return "its level is above the object that this is the report of";
    return NULL;
}

gboolean report_name_read(const Mount *mount, const char *name, ObjectKind own, ReportName *ret,
                          GError **error)
{
    ReportFormat format;
    const Saved *saved = find(mount, name, &format);
    const char *why = saved != NULL ? misplaced(saved->shape, own) : NULL;

    if (saved == NULL)
        return query_parse_name(name, own, mount->options->metric_sets, ret, error);
    if (why != NULL)
        return query_refuse(error, "report", name, why, NULL);
    *ret = (ReportName){report_shape_copy(saved->shape), format};
    return TRUE;
}

gboolean report_name_check_range(const Mount *mount, const char *range, const char *name,
                                 guint days, ReportShape *shape, GError **error)
{
    gboolean of_all = g_str_equal(range, "lifetime");
    ReportFormat format;
    g_autoptr(GError) broken = NULL;
    const char *why = NULL;

    if (find(mount, name, &format) == NULL)
        return query_check_range(range, name, days, shape, error);
    if (shape->lifetime && !of_all)
        why = "its query says query_lifetime: it is in reports/lifetime/";
    else if (shape->grain == GRAIN_TOTAL && !of_all && days > TOTAL_DAYS)
        why = "totals can be had of at most 365 days, or of lifetime";
    shape->lifetime = of_all;
    if (why == NULL && !report_check_structure(shape, &broken))
        why = broken->message;
    return why == NULL || query_refuse(error, "report", name, why, NULL);
}

gint64 report_name_changed_us(const Mount *mount, const char *name)
{
    ReportFormat format;
    const Saved *saved = find(mount, name, &format);

    return saved != NULL ? saved->changed_us : 0;
}

gboolean report_name_may_come(const char *name)
{
    ReportFormat format;
    g_autofree char *base = base_of(name, &format);

    return base != NULL;
}

gboolean report_name_is_gone(const Mount *mount, const char *name)
{
    ReportFormat format;

    return report_name_may_come(name) && find(mount, name, &format) == NULL;
}
