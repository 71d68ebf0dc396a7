/* SPDX-License-Identifier: MIT */
/*
 * query-complete.c - what a path below a reports directory can go on to. It looks at nothing but
 * the path, so that a shell that asks costs no call.
 */
#include <string.h>

#include "api/breakdown.h"
#include "api/metric.h"
#include "fs/query-private.h"

enum { MONTHS = 13 }; /* this one, and a year before */

typedef struct {
    GPtrArray *found;
    const char *before; /* the path as far as its last slash */
    const char *word;   /* behind it */
    ObjectKind own;
} Complete;

G_GNUC_PRINTF(2, 3) static void add(Complete *complete, const char *format, ...)
{
    g_autofree char *word = NULL;
    va_list args;

    va_start(args, format);
    word = g_strdup_vprintf(format, args);
    va_end(args);
    if (g_str_has_prefix(word, complete->word) && strcmp(word, complete->word) != 0)
        g_ptr_array_add(complete->found, g_strconcat(complete->before, word, NULL));
}

/* ---- names ---- */

static gboolean is_name(const Complete *complete, const char *head)
{
    g_autofree char *name = g_strconcat(head, ".csv", NULL);
    g_auto(ReportName) parsed = {0};

    return query_read_name(name, complete->own, NULL, &parsed, NULL);
}

/* The ends of a name that could as well go on. */
static void add_formats(Complete *complete, const char *head)
{
    const char *const *formats = query_formats();

    for (guint i = 0; is_name(complete, head) && formats[i] != NULL; i++)
        add(complete, "%s.%s", head, formats[i]);
}

static void add_metric(Complete *complete, const char *before, const char *last, const char *metric)
{
    g_autofree char *head = g_strconcat(before, metric, NULL);

    if (!g_str_has_prefix(metric, last) || !is_name(complete, head))
        return;
    add(complete, "%s", head);
    if (strcmp(metric, last) == 0) {
        add(complete, "%s,", head);
        add_formats(complete, head);
    }
}

/* Of a list the last one; each that goes with those before it. */
static void add_metrics(Complete *complete)
{
    const char *at = strchr(complete->word, '@');
    const char *comma = strrchr(at, ',');
    const char *last = comma != NULL ? comma + 1 : at + 1;
    g_autofree char *before = g_strndup(complete->word, (gsize)(last - complete->word));
    const char *const *sets = metric_set_names();
    guint n;
    const Metric *metrics = metric_all(&n);

    for (guint i = 0; sets[i] != NULL; i++)
        add_metric(complete, before, last, sets[i]);
    for (guint i = 0; i < n; i++)
        add_metric(complete, before, last, metrics[i].name);
}

static void add_breakdowns(Complete *complete, const char *head)
{
    const char *const *words = query_breakdowns(complete->own);

    for (guint i = 0; words[i] != NULL; i++) {
        g_autofree char *broken = g_strconcat(head, "-", words[i], NULL);

        if (is_name(complete, broken))
            add(complete, "%s", broken);
    }
}

static void add_names(Complete *complete)
{
    g_auto(NameParts) parts = {0};
    const char *const *levels = query_levels(complete->own);
    const char *const *grains = query_grains(complete->own);
    g_autofree char *head = NULL;

    name_parts_read(complete->word, &parts);
    for (guint i = 0; parts.grain == NULL && levels[i] != NULL; i++)
        add(complete, "%s-", levels[i]);
    for (guint i = 0; parts.grain != NULL && grains[i] != NULL; i++)
        add(complete, "%s-%s", parts.level, grains[i]);
    if (parts.grain == NULL)
        return;
    if (parts.metrics != NULL && parts.format == NULL) {
        add_metrics(complete);
        return;
    }
    g_clear_pointer(&parts.format, g_free);
    head = name_parts_join(&parts);
    add_formats(complete, head);
    if (parts.metrics == NULL && is_name(complete, head))
        add(complete, "%s@", head);
    if (parts.metrics == NULL) {
        g_autofree char *unbroken = g_strconcat(parts.level, "-", parts.grain, NULL);

        add_breakdowns(complete, unbroken);
    }
}

/* ---- ranges ---- */

static void add_months(Complete *complete, gint64 wall_us)
{
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(wall_us / G_USEC_PER_SEC);

    for (int i = 0; i < MONTHS; i++) {
        g_autoptr(GDateTime) month = g_date_time_add_months(now, -i);

        add(complete, "%04d-%02d/", g_date_time_get_year(month), g_date_time_get_month(month));
    }
}

static void add_ranges(Complete *complete, gboolean top, gint64 wall_us)
{
    for (guint i = 0; query_named_ranges[i] != NULL; i++)
        add(complete, "%s/", query_named_ranges[i]);
    if (top && complete->own == KIND_ADVERTISER)
        add(complete, "of/");
    if (top)
        add(complete, "metrics.tsv");
    if (g_ascii_isdigit(*complete->word))
        add_months(complete, wall_us);
}

/* ---- paths ---- */

/* The directories in front of the last word, from behind the last one that is called reports; NULL:
   none is. own: whose they are, as far as the path tells. */
static char **read_directories(const char *path, ObjectKind *ret_own)
{
    g_auto(GStrv) all = g_strsplit(path, "/", -1);
    int n = (int)g_strv_length(all), reports = -1;

    for (int i = 0; i + 1 < n; i++)
        reports = g_str_equal(all[i], "reports") ? i : reports;
    if (reports < 0)
        return NULL;
    *ret_own = reports >= 2 && g_str_equal(all[reports - 2], "business-centers") ? KIND_CENTER
                                                                                 : KIND_ADVERTISER;
    g_clear_pointer(&all[n - 1], g_free);
    return g_strdupv(all + reports + 1);
}

/* An id does not tell what it is of, but an account it is not. */
static void complete_in(Complete *complete, char *const *directories, gint64 wall_us)
{
    gboolean of = directories[0] != NULL && g_str_equal(directories[0], "of");
    guint n = g_strv_length((char **)directories);

    if (of && n < 2)
        return;
    directories += of ? 2 : 0;
    n -= of ? 2 : 0;
    complete->own = of ? KIND_CAMPAIGN : complete->own;
    if (n == 0)
        add_ranges(complete, !of, wall_us);
    else if (n == 1 && query_range_valid(directories[0]))
        add_names(complete);
}

char **query_complete(const char *path, gint64 wall_us)
{
    const char *slash = strrchr(path, '/');
    g_autofree char *before =
        slash != NULL ? g_strndup(path, (gsize)(slash + 1 - path)) : g_strdup("");
    Complete complete = {
        .found = g_ptr_array_new(), .before = before, .word = slash != NULL ? slash + 1 : path};
    g_auto(GStrv) directories = read_directories(path, &complete.own);

    if (directories != NULL)
        complete_in(&complete, directories, wall_us);
    g_ptr_array_add(complete.found, NULL);
    return (char **)g_ptr_array_free(complete.found, FALSE);
}

/* ---- the list ---- */

static void add_words(GString *out, const char *what, const char *mark, const char *const *words)
{
    for (guint i = 0; words[i] != NULL; i++)
        g_string_append_printf(out, "%s\t%s%s\n", what, mark, words[i]);
}

void query_words(GString *out)
{
    guint n;
    const Metric *metrics = metric_all(&n);

    add_words(out, "range", "", query_named_ranges);
    add_words(out, "level", "", query_levels(KIND_ADVERTISER));
    add_words(out, "grain", "", query_grains(KIND_ADVERTISER));
    add_words(out, "breakdown", "", query_breakdowns(KIND_ADVERTISER));
    add_words(out, "set", "@", metric_set_names());
    for (guint i = 0; i < n; i++)
        g_string_append_printf(out, "metric\t%s\n", metrics[i].name);
    add_words(out, "format", "", query_formats());
}
