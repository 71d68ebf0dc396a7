/* SPDX-License-Identifier: MIT */
/*
 * query-near.c - what may have been meant by a name that is none: each part for itself becomes the
 * word next to it, then what does not go together is left out, from the end of the name.
 */
#include <string.h>

#include "api/breakdown.h"
#include "api/metric.h"
#include "api/nearest.h"
#include "fs/query-private.h"

static gboolean is_name(const NameParts *parts, ObjectKind own, GHashTable *sets)
{
    g_autofree char *name = name_parts_join(parts);
    g_auto(ReportName) parsed = {0};

    return query_read_name(name, own, sets, &parsed, NULL);
}

/* The word next to *part in its place, or `otherwise`. */
static void correct(char **part, const char *const *words, const char *otherwise)
{
    const char *near = *part != NULL ? nearest_word(*part, words) : NULL;
    char *corrected = g_strdup(near != NULL ? near : otherwise);

    g_free(*part);
    *part = corrected;
}

/* A level that there is, but not here: that of the object itself. */
static void correct_level(NameParts *parts, ObjectKind own)
{
    const char *const *own_levels = query_levels(own);
    const char *near = nearest_word(parts->level, query_levels(KIND_ADVERTISER));

    g_free(parts->level);
    if (near != NULL && !g_strv_contains(own_levels, near))
        near = own_levels[0];
    parts->level = g_strdup(near);
}

/* ---- metrics ---- */

static gboolean allows(const NameParts *parts, const char *metric, ObjectKind own, GHashTable *sets)
{
    NameParts alone = *parts;

    alone.metrics = (char *)metric;
    return is_name(&alone, own, sets);
}

static const char *nearest_metric(const char *word, GHashTable *sets)
{
    const char *set = nearest_word(word, metric_set_names());
    const Metric *metric = metric_nearest(word);

    if (metric_set(word, sets) != NULL)
        return word;
    if (set == NULL ||
        (metric != NULL && nearest_distance(word, metric->name) <= nearest_distance(word, set)))
        return metric != NULL ? metric->name : NULL;
    return set;
}

/* Those that are one each and can be had there, corrected; NULL: none. */
static char *correct_metrics(const NameParts *parts, ObjectKind own, GHashTable *sets)
{
    g_auto(GStrv) words = g_strsplit(parts->metrics != NULL ? parts->metrics : "", ",", -1);
    g_autoptr(GPtrArray) kept = g_ptr_array_new();
    char *ret;

    for (guint i = 0; words[i] != NULL; i++) {
        const char *near = *words[i] != '\0' ? nearest_metric(words[i], sets) : NULL;

        if (near != NULL && !g_ptr_array_find_with_equal_func(kept, near, g_str_equal, NULL) &&
            allows(parts, near, own, sets))
            g_ptr_array_add(kept, (char *)near);
    }
    g_ptr_array_add(kept, NULL);
    ret = kept->len > 1 ? g_strjoinv(",", (char **)kept->pdata) : NULL;
    return ret;
}

/* ---- names ---- */

char *query_nearest_name(const char *name, ObjectKind own, GHashTable *sets)
{
    g_auto(NameParts) parts = {0};
    g_autofree char *metrics = NULL;

    name_parts_read(name, &parts);
    correct_level(&parts, own);
    if (parts.level == NULL)
        return NULL;
    correct(&parts.grain, query_grains(own), "day");
    correct(&parts.breakdown, query_breakdowns(own), NULL);
    correct(&parts.format, query_formats(), "csv");
    metrics = correct_metrics(&parts, own, sets);
    g_free(parts.metrics);
    parts.metrics = g_steal_pointer(&metrics);
    if (!is_name(&parts, own, sets))
        g_clear_pointer(&parts.metrics, g_free);
    if (!is_name(&parts, own, sets)) {
        g_free(parts.grain);
        parts.grain = g_strdup("day");
    }
    if (!is_name(&parts, own, sets))
        g_clear_pointer(&parts.breakdown, g_free);
    return is_name(&parts, own, sets) ? name_parts_join(&parts) : NULL;
}

/* What programs look for in every directory, though it ends as a report could. */
static gboolean is_probe(const char *name)
{
    static const char *const probes[] = {"index.html",        "package.json",  "composer.json",
                                         "package-lock.json", "tsconfig.json", NULL};

    return name[0] == '.' || g_str_has_suffix(name, "~") || g_strv_contains(probes, name);
}

gboolean query_name_is_meant(const char *name)
{
    g_auto(NameParts) parts = {0};

    if (is_probe(name))
        return FALSE;
    name_parts_read(name, &parts);
    if (parts.grain != NULL && g_strv_contains(query_levels(KIND_ADVERTISER), parts.level))
        return TRUE;
    return parts.format != NULL && g_strv_contains(query_formats(), parts.format);
}
