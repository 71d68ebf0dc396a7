/* SPDX-License-Identifier: MIT */
/* spent.c - why a budget can not be lowered, and how far it can. */
#include "fs/spent.h"

#include <string.h>

#include "api/error.h"
#include "fs/attr-view.h"
#include "fs/version.h"

enum { CODE_PARAMETER = 40002, LEAST_PERCENT = 105 };

/* What a report says of it; read in another thread. */
struct Spent {
    Request *request; /* NULL: it is gone */
    gboolean ended;
    guint column;      /* of a row's values: spend */
    guint rows;        /* with a value there */
    gint64 micros;     /* of the last one */
    gint64 fetched_us; /* wall */
};

void spent_free(Spent *spent)
{
    if (spent != NULL && !spent->ended)
        spent->request = NULL; /* on_end() frees it */
    else
        g_free(spent);
}

gint64 spent_least(gint64 spent_micros, guint decimals)
{
    gint64 step = MONEY_UNIT, least;

    for (guint i = 0; i < decimals; i++)
        step /= 10;
    if (__builtin_mul_overflow(spent_micros, LEAST_PERCENT, &least))
        return G_MAXINT64 - G_MAXINT64 % step;
    least = least / 100 + (least % 100 != 0);
    return (least + step - 1) / step * step;
}

/* ---- is that the reason? ---- */

/* The service does not say in a way that could be relied on. */
static gboolean is_lowered(const AttrChange *change, const Object *object, const GError *error)
{
    const char *raw = object_raw(object, "budget");
    gint64 have, want;

    return api_error_code(error) == CODE_PARAMETER && change->amount &&
           (strcmp(change->member, "budget") == 0 ||
            strcmp(change->member, "scheduled_budget") == 0) &&
           raw != NULL && money_from_json(raw, &have) && money_parse(change->value, &want, NULL) &&
           want < have;
}

static gboolean is_lifetime(const Object *object)
{
    return g_strcmp0(object_text(object, "budget_mode"), "BUDGET_MODE_TOTAL") == 0;
}

/* ---- the rows ---- */

/* One of the reports that would say what was spent, if all of its rows are here. */
static gboolean find_report(Request *request, const Place *place, Version *version, Spent *spent)
{
    static const char *const grains[] = {"total", "day"};
    gboolean lifetime = is_lifetime(place->object);

    for (gsize i = 0; i < (lifetime ? 1 : G_N_ELEMENTS(grains)); i++) {
        g_autofree char *name =
            g_strdup_printf("%s-%s.json", kind_names(place->kind)->word, grains[i]);
        Place report = *place; /* borrows */
        ListingState state;

        report.type = PLACE_REPORT;
        report.name = name;
        report.range = (char *)(lifetime ? "lifetime" : "today");
        if (!version_init(request->mount, &report, clock_wall(request->mount->clock), version,
                          NULL))
            continue;
        cache_report_age(request->mount->cache, &version->query, &state);
        spent->fetched_us = state.fetched_us;
        if (state.known)
            return TRUE;
    }
    return FALSE;
}

/* FALSE: it has no such metric. */
static gboolean find_column(const ReportShape *shape, guint *ret)
{
    *ret = report_n_dimensions(shape);
    for (const char *const *metric = shape->metrics; *metric != NULL; metric++, (*ret)++)
        if (strcmp(*metric, "spend") == 0)
            return TRUE;
    return FALSE;
}

static void on_row(void *user_data, const char *const *values, guint n_values)
{
    Spent *spent = user_data;

    if (spent->column < n_values && values[spent->column] != NULL &&
        money_from_json(values[spent->column], &spent->micros))
        spent->rows++;
}

static void on_last_row(void *user_data)
{
}

static void on_end(void *user_data, const GError *error)
{
    Spent *spent = user_data;

    spent->ended = TRUE;
    if (error != NULL)
        spent->rows = 0;
    if (spent->request != NULL)
        request_wake(spent->request->mount, spent->request);
    else
        spent_free(spent);
}

/* FALSE: no such rows are here. */
static gboolean read_rows(Request *request, const Place *place)
{
    Spent *spent = g_new0(Spent, 1);
    g_auto(Version) version = {0};

    request->spent = spent;
    spent->ended = TRUE;
    if (!find_report(request, place, &version, spent) ||
        !find_column(&version.query.shape, &spent->column))
        return FALSE;
    spent->ended = FALSE;
    spent->request = request;
    cache_spool_report(request->mount->cache, &version.query, on_row, on_last_row, on_end, spent);
    return TRUE;
}

/* ---- what is said ---- */

/* "; 120.50 USD were spent by 10:05, so write at least 126.53", or where to see it */
static char *least_text(const Spent *spent, const AttrView *view)
{
    guint decimals = view->currency->decimals;
    g_autofree char *amount = NULL, *least = NULL, *time = NULL;
    g_autoptr(GDateTime) fetched =
        g_date_time_new_from_unix_local(spent->fetched_us / G_USEC_PER_SEC);

    if (spent->rows != 1 || fetched == NULL)
        return g_strdup("");
    amount = money_format(spent->micros, decimals);
    least = money_format(spent_least(spent->micros, decimals), decimals);
    time = g_date_time_format(fetched, "%H:%M");
    return g_strdup_printf(", by %s it was %s %s, so write at least %s", time, amount,
                           view->currency->code, least);
}

static GError *explain(const Request *request, const Place *place, const AttrView *view,
                       const GError *error)
{
    gboolean lifetime = is_lifetime(place->object);
    const char *slash = strchr(view->path, '/');
    g_autofree char *least = least_text(request->spent, view);

    return api_error_new((ApiErrorKind)error->code, api_error_code(error),
                         api_error_request_id(error),
                         "%s; if that is why: a %s budget can not be less than 105 %% of what was "
                         "spent%s: see "
                         "%.*s/reports/of/%s/%s/%s-total.csv%s",
                         error->message, lifetime ? "lifetime" : "daily", lifetime ? "" : " today",
                         (int)(slash - view->path), view->path, place->id,
                         lifetime ? "lifetime" : "today", kind_names(place->kind)->word, least);
}

Outcome spent_reply(Request *request, const GError *error)
{
    g_auto(Place) place = {0};
    g_auto(ChangeView) view = {0};
    g_auto(AttrChange) change = {0};
    g_autoptr(GError) full = NULL;

    if (api_error_code(error) != CODE_PARAMETER || request->line == NULL ||
        !tree_place(request->mount, request->ino, &place) || place.attr == NULL ||
        place.attr->commit == NULL)
        return reply_error(request, request->ino, NULL, error);
    change_view_init(request->mount, &place, &view);
    if (!attr_change(place.attr, &view.view, request->line, &change, NULL) ||
        !is_lowered(&change, place.object, error) || strchr(view.path, '/') == NULL)
        return reply_error(request, request->ino, NULL, error);
    if (request->spent == NULL && read_rows(request, &place))
        return PARK;
    if (!request->spent->ended)
        return PARK;
    full = explain(request, &place, &view.view, error);
    return reply_error(request, request->ino, NULL, full);
}
