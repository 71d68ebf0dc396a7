/* SPDX-License-Identifier: MIT */
/* metric.c - the table of metrics, put together once; looking up in it; named sets. */
#include "api/metric-private.h"

#include <string.h>

#include "api/error.h"
#include "api/nearest.h"

static int by_name(const void *a, const void *b)
{
    return strcmp(((const Metric *)a)->name, ((const Metric *)b)->name);
}

static gpointer build(gpointer unused)
{
    GArray *metrics = g_array_new(FALSE, FALSE, sizeof(Metric));

    (void)unused;
    metric_add_plain(metrics);
    metric_add_families(metrics);
    g_array_sort(metrics, by_name);
    return metrics;
}

const Metric *metric_all(guint *n)
{
    static GOnce once = G_ONCE_INIT;
    const GArray *metrics = g_once(&once, build, NULL);

    *n = metrics->len;
    return (const Metric *)(const void *)metrics->data;
}

const Metric *metric_find(const char *name)
{
    Metric key = {.name = name};
    guint n;
    const Metric *metrics = metric_all(&n);

    return bsearch(&key, metrics, n, sizeof *metrics, by_name);
}

gboolean metric_is_text(const char *name)
{
    const Metric *metric = metric_find(name);

    return metric == NULL || metric->kind == METRIC_TEXT;
}

const char *metric_kind_word(MetricKind kind)
{
    static const char *const words[N_METRIC_KINDS] = {"money", "count", "ratio", "percent", "text"};

    return words[kind];
}

/* ---- what was meant ---- */

/* Words that people bring along from elsewhere and no letter of which helps. Sorted. */
static const struct {
    const char *word, *name;
} others[] = {
    {"amount", "spend"},
    {"cost", "spend"},
    {"cpa", "cost_per_conversion"},
    {"cpi", "cost_per_app_install"},
    {"cpr", "cost_per_result"},
    {"cvr", "conversion_rate"},
    {"installs", "app_install"},
    {"purchases", "complete_payment"},
    {"revenue", "total_complete_payment_rate"},
    {"roas", "complete_payment_roas"},
    {"views", "video_play_actions"},
};

const Metric *metric_nearest(const char *name)
{
    guint n;
    const Metric *metrics = metric_all(&n);
    g_autofree const char **names = g_new0(const char *, n + 1);
    g_autofree char *lower = g_ascii_strdown(name, -1);
    const char *nearest;

    for (guint i = 0; i < G_N_ELEMENTS(others); i++)
        if (g_str_equal(others[i].word, lower))
            return metric_find(others[i].name);
    for (guint i = 0; i < n; i++)
        names[i] = metrics[i].name;
    nearest = nearest_word(lower, names);
    return nearest != NULL ? metric_find(nearest) : NULL;
}

/* ---- named sets ---- */

#define SET(...)                                                                                   \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }

/* clang-format off */
#define CORE \
    "spend", "impressions", "clicks", "ctr", "cpc", "cpm", \
    "conversion", "cost_per_conversion", "conversion_rate"
#define VIDEO \
    "video_play_actions", "video_watched_2s", "video_watched_6s", "video_views_p25", \
    "video_views_p50", "video_views_p75", "video_views_p100", "average_video_play", \
    "engaged_view", "engaged_view_15s"
#define CONVERSION_MORE \
    "real_time_conversion", "real_time_cost_per_conversion", "real_time_conversion_rate", \
    "result", "cost_per_result", "result_rate", \
    "real_time_result", "real_time_cost_per_result", "real_time_result_rate"

/* The first three can be had in each type of report and by each breakdown, all-basic in each basic
   report without one. At most METRICS_MAX in each. */
static const struct {
    const char *name;
    const char *const *metrics;
} sets[] = {
    {"core", SET(CORE)},
    {"video", SET(VIDEO)},
    {"conversion", SET(
        "conversion", "cost_per_conversion", "conversion_rate", CONVERSION_MORE)},
    {"all-basic", SET(
        CORE, "gross_impressions", "reach", "frequency", "cost_per_1000_reached",
        "conversion_rate_v2", CONVERSION_MORE, "real_time_conversion_rate_v2",
        "secondary_goal_result", "cost_per_secondary_goal_result", "secondary_goal_result_rate",
        VIDEO, "average_video_play_per_user",
        "engagements", "engagement_rate", "likes", "comments", "shares", "follows",
        "profile_visits", "profile_visits_rate", "clicks_on_music_disc",
        "clicks_on_hashtag_challenge", "anchor_clicks", "anchor_click_rate", "duet_clicks",
        "stitch_clicks", "sound_usage_clicks", "tt_playlist_visit", "tt_playlist_visit_rate",
        "live_views", "live_unique_views", "live_effective_views", "live_product_clicks",
        "interactive_add_on_impressions", "interactive_add_on_destination_clicks",
        "interactive_add_on_activity_clicks", "total_landing_page_view",
        "cost_per_landing_page_view", "landing_page_view_rate")},
};

#define DEFAULT "spend", "impressions", "clicks", "ctr", "cpc", "cpm", "conversion", "cost_per_conversion"

/* KIND_NONE: where there are no names. */
static const char *const *const defaults[KIND_AD + 1] = {
    [KIND_NONE] = SET(DEFAULT),
    [KIND_ADVERTISER] = SET("advertiser_name", DEFAULT),
    [KIND_CAMPAIGN] = SET("campaign_name", DEFAULT),
    [KIND_ADGROUP] = SET("adgroup_name", "campaign_id", "campaign_name", DEFAULT),
    [KIND_AD] = SET("ad_name", "adgroup_id", "adgroup_name", "campaign_id", "campaign_name", DEFAULT),
};
/* clang-format on */

const char *const *metric_set(const char *name, GHashTable *own)
{
    const char *const *set;

    if (*name == '@')
        name++;
    set = own != NULL ? g_hash_table_lookup(own, name) : NULL;
    for (guint i = 0; set == NULL && i < G_N_ELEMENTS(sets); i++)
        if (g_str_equal(sets[i].name, name))
            set = sets[i].metrics;
    return set;
}

const char *const *metric_set_names(void)
{
    static const char *names[G_N_ELEMENTS(sets) + 1];

    for (guint i = 0; i < G_N_ELEMENTS(sets); i++)
        names[i] = sets[i].name;
    return names;
}

static gboolean has_metric(GPtrArray *metrics, const char *name)
{
    return g_ptr_array_find_with_equal_func(metrics, name, g_str_equal, NULL);
}

static void add_set(GPtrArray *metrics, const char *const *set)
{
    for (guint i = 0; set[i] != NULL; i++)
        if (!has_metric(metrics, set[i]))
            g_ptr_array_add(metrics, g_strdup(set[i]));
}

/* A word is a set if it is no metric, as none with an "@" is; and the first one is, since it has
   the
   "@" of the file name before it. */
static gboolean add_word(GPtrArray *metrics, const char *word, gboolean first, GHashTable *own,
                         GError **error)
{
    const char *const *set = metric_set(word, own);

    if (set != NULL && (first || metric_find(word) == NULL)) {
        add_set(metrics, set);
        return TRUE;
    }
    if (*word != '\0' && *word != '@') {
        g_ptr_array_add(metrics, g_strdup(word));
        return TRUE;
    }
    if (*word == '\0') {
        g_propagate_error(error,
                          api_error_new(API_ERROR_INVALID, 0, NULL,
                                        "a name is missing in the list of metrics; write them with "
                                        "one comma between two, such as spend,clicks"));
    } else {
        g_autofree char *known = g_strjoinv(", @", (char **)metric_set_names());

        g_propagate_error(error, api_error_new(API_ERROR_INVALID, 0, NULL,
                                               "%s is no set of metrics; there are @%s, and those "
                                               "of the profile",
                                               word, known));
    }
    return FALSE;
}

static gboolean written_before(char *const *words, guint i)
{
    for (guint j = 0; j < i; j++)
        if (g_str_equal(words[i], words[j]))
            return TRUE;
    return FALSE;
}

char **metric_expand(const char *list, GHashTable *own, GError **error)
{
    g_auto(GStrv) words = g_strsplit(list, ",", -1);
    g_autoptr(GPtrArray) metrics = g_ptr_array_new_with_free_func(g_free);

    if (words[0] == NULL && !add_word(metrics, "", TRUE, own, error))
        return NULL;
    for (guint i = 0; words[i] != NULL; i++) {
        if (!written_before(words, i) && has_metric(metrics, words[i]))
            continue; /* it came with a set */
        if (!add_word(metrics, words[i], i == 0, own, error))
            return NULL;
    }
    g_ptr_array_add(metrics, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&metrics), FALSE);
}

const char *const *report_default_metrics(ReportType type, ObjectKind level)
{
    g_return_val_if_fail(level <= KIND_AD, defaults[KIND_NONE]);
    return defaults[type == REPORT_BASIC ? level : KIND_NONE];
}

/* ---- metrics.tsv ---- */

static void add_words(GString *out, const char *const *words, guint bits)
{
    const char *between = "";

    for (guint i = 0; words[i] != NULL; i++) {
        if (!(bits & 1u << i))
            continue;
        g_string_append_printf(out, "%s%s", between, words[i]);
        between = " ";
    }
}

static void add_where(GString *out, const Metric *metric)
{
    static const char *const types[] = {"basic", "audience", "center", NULL};
    static const char *const levels[] = {"", "advertiser", "campaign", "adgroup", "ad", NULL};
    static const char *const rules[] = {"",
                                        "with-id",
                                        "not-by-people",
                                        "by-country",
                                        "by-country-not-in-tasks",
                                        "not-in-tasks",
                                        "by-account-and-day",
                                        "by-object-and-day",
                                        "by-image",
                                        NULL};

    add_words(out, types, metric->types);
    g_string_append(out, "; ");
    add_words(out, levels, metric->levels);
    if ((metric->flags & ~(guint)METRIC_ADDITIVE) == 0)
        return;
    g_string_append(out, "; ");
    add_words(out, rules, metric->flags & ~(guint)METRIC_ADDITIVE);
}

void metric_table(GString *out)
{
    guint n;
    const Metric *metrics = metric_all(&n);

    g_string_append(out, "name\tmeaning\tkind\twhere\tadditive\n");
    for (guint i = 0; i < n; i++) {
        const Metric *metric = &metrics[i];

        g_string_append_printf(out, "%s\t%s\t%s\t", metric->name, metric->meaning,
                               metric_kind_word(metric->kind));
        add_where(out, metric);
        g_string_append(out, metric->flags & METRIC_ADDITIVE ? "\tyes\n" : "\tno\n");
    }
}
