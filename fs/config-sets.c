/* SPDX-License-Identifier: MIT */
/* config-sets.c - the keys of a profile that name sets of metrics: @mine = spend, clicks, @video */
#include <string.h>

#include "api/metric.h"
#include "fs/config.h"
#include "fs/options-table.h"

gboolean config_is_set(const char *key)
{
    return key[0] == '@';
}

/* As it can stand in the name of a report, and nothing else is called so. */
static gboolean check_name(const char *key, GError **error)
{
    const char *name = key + 1;
    gsize good = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-");

    if (*name == '\0' || name[good] != '\0')
        return option_refuse(error, "%s: must be @ and letters, digits, _ or -, such as @mine",
                             key);
    if (metric_find(name) != NULL || metric_set(name, NULL) != NULL)
        return option_refuse(error, "%s: there is a %s of that name; choose another", key,
                             metric_find(name) != NULL ? "metric" : "set");
    return TRUE;
}

/* "spend, clicks" without the blanks. */
static char *squeeze(const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, ",", -1);

    for (char **word = words; *word != NULL; word++)
        g_strstrip(*word);
    return g_strjoinv(",", words);
}

static gboolean check_metrics(const char *key, char *const *metrics, GError **error)
{
    for (guint i = 0; metrics[i] != NULL; i++) {
        const Metric *near = metric_nearest(metrics[i]);

        if (metric_find(metrics[i]) == NULL)
            return option_refuse(error, "%s: there is no metric %s%s%s%s", key, metrics[i],
                                 near != NULL ? "; did you mean " : "",
                                 near != NULL ? near->name : "", near != NULL ? "?" : "");
    }
    return TRUE;
}

static gboolean add_set(const char *key, const char *text, GHashTable *sets, GError **error)
{
    g_autofree char *list = squeeze(text);
    g_auto(GStrv) metrics = NULL;

    if (!check_name(key, error))
        return FALSE;
    metrics = metric_expand(list, NULL, error);
    if (metrics == NULL) {
        g_prefix_error(error, "%s=%s: ", key, text);
        return FALSE;
    }
    if (!check_metrics(key, metrics, error))
        return FALSE;
    g_hash_table_insert(sets, g_strdup(key + 1), g_steal_pointer(&metrics));
    return TRUE;
}

gboolean config_sets(GHashTable *keys, Options *options, GError **error)
{
    g_autoptr(GHashTable) sets =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_strfreev);
    GHashTableIter iter;
    void *key, *text;

    g_hash_table_iter_init(&iter, keys);
    while (g_hash_table_iter_next(&iter, &key, &text))
        if (config_is_set(key) && !add_set(key, text, sets, error))
            return FALSE;
    options->metric_sets = g_steal_pointer(&sets);
    return TRUE;
}
