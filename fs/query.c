/* SPDX-License-Identifier: MIT */
/* query.c - names of reports: from a file name to what to ask for, or why it is none. */
#include <string.h>

#include "api/breakdown.h"
#include "api/error.h"
#include "api/metric.h"
#include "api/report-rules.h"
#include "fs/query-private.h"

/* ---- the words ---- */

/* clang-format off */
static const char *const grain_words[] = {"total", "day", "hour", NULL};               /* as ReportGrain */
static const char *const center_grains[] = {"total", "day", NULL};
static const char *const center_breakdowns[] = {"country", NULL};
static const char *const center_levels[] = {"advertiser", NULL};
static const char *const format_words[] = {"json", "ndjson", "csv", "tsv", "html", NULL}; /* as ReportFormat */
/* clang-format on */

const char *const *query_levels(ObjectKind own)
{
    static const char *words[KIND_AD + 1]; /* KIND_ADVERTISER is 1, and a NULL ends them */

    if (own == KIND_CENTER)
        return center_levels;
    for (int kind = KIND_ADVERTISER; kind <= KIND_AD; kind++)
        words[kind - KIND_ADVERTISER] = kind_names((ObjectKind)kind)->word;
    return words + (own - KIND_ADVERTISER);
}

const char *const *query_grains(ObjectKind own)
{
    return own == KIND_CENTER ? center_grains : grain_words;
}

const char *const *query_breakdowns(ObjectKind own)
{
    return own == KIND_CENTER ? center_breakdowns : breakdown_words();
}

const char *const *query_formats(void)
{
    return format_words;
}

static int find_word(const char *const *words, const char *word)
{
    for (int i = 0; word != NULL && words[i] != NULL; i++)
        if (g_str_equal(words[i], word))
            return i;
    return -1;
}

/* ---- parts ---- */

/* Up to one of `ends`, which stays; NULL: *text does not begin with `begin`. */
static char *take_part(const char **text, char begin, const char *ends)
{
    gsize length;
    char *part;

    if (begin != '\0' && **text != begin)
        return NULL;
    *text += begin != '\0';
    length = strcspn(*text, ends);
    part = g_strndup(*text, length);
    *text += length;
    return part;
}

void name_parts_read(const char *name, NameParts *ret)
{
    ret->level = take_part(&name, '\0', "-@.");
    ret->grain = take_part(&name, '-', "-@.");
    ret->breakdown = take_part(&name, '-', "@.");
    ret->metrics = take_part(&name, '@', ".");
    ret->format = take_part(&name, '.', "");
}

char *name_parts_join(const NameParts *parts)
{
    GString *name = g_string_new(parts->level);
    const struct {
        char begin;
        const char *part;
    } rest[] = {
        {'-', parts->grain}, {'-', parts->breakdown}, {'@', parts->metrics}, {'.', parts->format}};

    for (guint i = 0; i < G_N_ELEMENTS(rest); i++)
        if (rest[i].part != NULL)
            g_string_append_printf(name, "%c%s", rest[i].begin, rest[i].part);
    return g_string_free(name, FALSE);
}

void name_parts_clear(NameParts *parts)
{
    g_free(parts->level);
    g_free(parts->grain);
    g_free(parts->breakdown);
    g_free(parts->metrics);
    g_free(parts->format);
}

/* ---- reading ---- */

gboolean query_refuse(GError **error, const char *what, const char *name, const char *why,
                      char *nearest)
{
    g_autofree char *owned = nearest;

    if (error == NULL)
        return FALSE;
    *error = api_error_new(API_ERROR_NAME, 0, NULL, "%s %s: %s%s%s", what, name, why,
                           owned != NULL ? "; the nearest is " : "", owned != NULL ? owned : "");
    return FALSE;
}

/* "must begin with campaign-, adgroup- or ad-": the same mark before or behind each word. */
static char *choice(const char *before, const char *const *words, const char *behind)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; words[i] != NULL; i++)
        g_string_append_printf(text, "%s%s%s%s",
                               i == 0                 ? ""
                               : words[i + 1] == NULL ? " or "
                                                      : ", ",
                               before, words[i], behind);
    return g_string_free(text, FALSE);
}

static gboolean refuse_word(GError **error, const char *name, const char *must, char *words)
{
    g_autofree char *owned = words;
    g_autofree char *why = g_strdup_printf("%s %s", must, owned);

    return query_refuse(error, "report", name, why, NULL);
}

static gboolean is_level(const char *word)
{
    return find_word(query_levels(KIND_ADVERTISER), word) >= 0;
}

static gboolean check_words(const char *name, const NameParts *parts, ObjectKind own,
                            GError **error)
{
    if (!is_level(parts->level) || parts->grain == NULL)
        return refuse_word(error, name, "must begin with", choice("", query_levels(own), "-"));
    if (find_word(query_levels(own), parts->level) < 0)
        return query_refuse(error, "report", name,
                            own == KIND_CENTER
                                ? "a Business Center knows its accounts, level advertiser, alone"
                                : "its level is above the object that this is the report of",
                            NULL);
    if (find_word(query_grains(own), parts->grain) < 0)
        return refuse_word(error, name, "the level must be followed by",
                           choice("", query_grains(own), ""));
    if (parts->breakdown != NULL && find_word(query_breakdowns(own), parts->breakdown) < 0)
        return refuse_word(error, name, "can be broken down by",
                           choice("", query_breakdowns(own), ""));
    if (find_word(query_formats(), parts->format) < 0)
        return refuse_word(error, name, "must end in", choice(".", query_formats(), ""));
    return TRUE;
}

/* Names of the objects, then what was asked for, which may have some of them too. */
static char **join_metrics(const char *const *defaults, char **named)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new();

    for (guint i = 0; defaults[i] != NULL; i++)
        if (metric_is_text(defaults[i]) &&
            !g_strv_contains((const char *const *)named, defaults[i]))
            g_ptr_array_add(all, g_strdup(defaults[i]));
    for (guint i = 0; named[i] != NULL; i++)
        g_ptr_array_add(all, g_strdup(named[i]));
    g_ptr_array_add(all, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&all), FALSE);
}

static char **read_metrics(const char *list, ReportType type, ObjectKind level, GHashTable *sets,
                           GError **error)
{
    const char *const *defaults = report_default_metrics(type, level);
    g_auto(GStrv) named = NULL;

    if (list == NULL)
        return g_strdupv((char **)defaults);
    named = metric_expand(list, sets, error);
    return named != NULL ? join_metrics(defaults, named) : NULL;
}

static ReportType type_of(const Breakdown *breakdown, ObjectKind own)
{
    if (own == KIND_CENTER)
        return REPORT_CENTER;
    return breakdown != NULL ? breakdown->type : REPORT_BASIC;
}

/* What the rules of the service say, with the name before it. */
static gboolean refuse_as(GError **error, const char *name, GError *why)
{
    g_autoptr(GError) owned = why;

    return query_refuse(error, "report", name, owned->message, NULL);
}

gboolean query_read_name(const char *name, ObjectKind own, GHashTable *sets, ReportName *ret,
                         GError **error)
{
    g_auto(NameParts) parts = {0};
    g_auto(GStrv) metrics = NULL;
    g_autoptr(GError) why = NULL;
    const Breakdown *breakdown;
    ReportShape shape = {0};

    name_parts_read(name, &parts);
    if (!check_words(name, &parts, own, error))
        return FALSE;
    breakdown = parts.breakdown != NULL ? breakdown_find(parts.breakdown) : NULL;
    shape.type = type_of(breakdown, own);
    shape.level =
        (ObjectKind)(KIND_ADVERTISER + find_word(query_levels(KIND_ADVERTISER), parts.level));
    shape.id = kind_names(shape.level)->id;
    shape.breakdown = breakdown != NULL ? breakdown->dimensions : NULL;
    shape.grain = (ReportGrain)find_word(grain_words, parts.grain);
    metrics = read_metrics(parts.metrics, shape.type, shape.level, sets, &why);
    shape.metrics = (const char *const *)metrics;
    if (metrics == NULL || !report_check(&shape, &why))
        return refuse_as(error, name, g_steal_pointer(&why));
    *ret = (ReportName){report_shape_copy(&shape),
                        (ReportFormat)find_word(query_formats(), parts.format)};
    return TRUE;
}

void report_name_clear(ReportName *name)
{
    g_clear_pointer(&name->shape, report_shape_free);
}

gboolean query_parse_name(const char *name, ObjectKind own, GHashTable *sets, ReportName *ret,
                          GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autofree char *nearest = NULL;

    if (query_read_name(name, own, sets, ret, error != NULL ? &why : NULL))
        return TRUE;
    if (error == NULL)
        return FALSE;
    nearest = query_nearest_name(name, own, sets);
    *error = g_steal_pointer(&why);
    if (nearest != NULL) {
        g_autofree char *message = g_steal_pointer(&(*error)->message);

        (*error)->message = g_strdup_printf("%s; the nearest is %s", message, nearest);
    }
    return FALSE;
}

char *query_default_name(ObjectKind level, ReportFormat format)
{
    return g_strconcat(kind_names(level)->word, "-day.", format_words[format], NULL);
}

/* ---- a name in a range ---- */

enum { TOTAL_DAYS = 365 }; /* of one call, and totals of two can not be added up */

static gboolean refuse_in_range(GError **error, const char *range, const char *name,
                                const char *why, char *nearest)
{
    g_autofree char *path = g_strconcat(range, "/", name, NULL);

    return query_refuse(error, "report", path, why, nearest);
}

static char *by_day(const char *range, const char *name)
{
    g_auto(NameParts) parts = {0};
    g_autofree char *other = NULL;

    name_parts_read(name, &parts);
    g_free(parts.grain);
    parts.grain = g_strdup("day");
    other = name_parts_join(&parts);
    return g_strconcat(range, "/", other, NULL);
}

gboolean query_check_range(const char *range, const char *name, guint days, ReportShape *shape,
                           GError **error)
{
    g_autoptr(GError) why = NULL;

    shape->lifetime = g_str_equal(range, "lifetime");
    if (shape->lifetime && !report_check(shape, &why))
        return refuse_in_range(error, range, name, why->message,
                               g_strconcat("last-365d/", name, NULL));
    if (shape->grain == GRAIN_TOTAL && !shape->lifetime && days > TOTAL_DAYS)
        return refuse_in_range(error, range, name,
                               "totals can be had of at most 365 days, or of lifetime",
                               by_day(range, name));
    return TRUE;
}
