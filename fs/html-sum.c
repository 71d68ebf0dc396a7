/* SPDX-License-Identifier: MIT */
/* html-sum.c - which metrics a page shows, and what they come to. */
#include "fs/html-sum.h"

#include <string.h>

#include "api/metric.h"
#include "api/money.h"

enum { RATIO_DECIMALS_MAX = 6 };

/* clang-format off */
static const struct {
    const char *name, *above, *below;
    gint64 factor;
} ratios[] = {
    {"conversion_rate",     "conversion", "clicks",      100 },
    {"conversion_rate_v2",  "conversion", "impressions", 100 },
    {"cost_per_conversion", "spend",      "conversion",  1   },
    {"cpc",                 "spend",      "clicks",      1   },
    {"cpm",                 "spend",      "impressions", 1000},
    {"ctr",                 "clicks",     "impressions", 100 },
};
/* clang-format on */

/* Shown whatever else there is, and in this order beside spend. */
static const char *const preferred[] = {"spend", "conversion", "clicks", "impressions"};

/* ---- which ---- */

static int find(const HtmlMetrics *metrics, const char *name)
{
    for (guint i = 0; i < metrics->n; i++)
        if (g_str_equal(metrics->of[i].name, name))
            return (int)i;
    return -1;
}

static gboolean is_preferred(const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(preferred); i++)
        if (g_str_equal(name, preferred[i]))
            return TRUE;
    return FALSE;
}

static void add_metric(HtmlMetrics *metrics, const char *name, guint value)
{
    const Metric *known = metric_find(name);

    metrics->of[metrics->n++] = (HtmlMetric){
        .name = name,
        .value = value,
        .adds = known != NULL && (known->flags & METRIC_ADDITIVE) != 0,
        .money = known != NULL && known->kind == METRIC_MONEY,
        .percent = known != NULL && known->kind == METRIC_PERCENT,
        .above = -1,
        .below = -1,
    };
}

/* How many may be there that are not preferred. */
static guint count_places(const ReportShape *shape)
{
    guint places = HTML_METRICS;

    for (guint i = 0; shape->metrics[i] != NULL; i++)
        if (is_preferred(shape->metrics[i]) && places > 0)
            places--;
    return places;
}

static void find_ratios(HtmlMetrics *metrics)
{
    for (guint i = 0; i < G_N_ELEMENTS(ratios); i++) {
        int ratio = find(metrics, ratios[i].name);
        int above = find(metrics, ratios[i].above), below = find(metrics, ratios[i].below);

        if (ratio < 0 || above < 0 || below < 0 || !metrics->of[above].adds ||
            !metrics->of[below].adds)
            continue;
        metrics->of[ratio].above = above;
        metrics->of[ratio].below = below;
        metrics->of[ratio].factor = ratios[i].factor;
    }
}

static gboolean can_show(const HtmlMetrics *metrics, int metric, int but)
{
    return metric >= 0 && metric != but && metrics->of[metric].adds &&
           !(metrics->mixed && metrics->of[metric].money);
}

/* The first that adds, the preferred before others; but not this one. */
static int find_shown(const HtmlMetrics *metrics, int but)
{
    for (guint i = 0; i < G_N_ELEMENTS(preferred); i++) {
        int found = find(metrics, preferred[i]);

        if (can_show(metrics, found, but))
            return found;
    }
    for (guint i = 0; i < metrics->n; i++)
        if (can_show(metrics, (int)i, but))
            return (int)i;
    return -1;
}

void html_metrics_init(HtmlMetrics *metrics, const ReportShape *shape, guint first_metric)
{
    guint places = count_places(shape);

    *metrics = (HtmlMetrics){.mixed = shape->type == REPORT_CENTER};
    for (guint i = 0; shape->metrics[i] != NULL; i++) {
        const char *name = shape->metrics[i];
        gboolean wanted = is_preferred(name) || places > 0;

        if (metric_is_text(name))
            continue;
        if (!wanted || metrics->n == HTML_METRICS) {
            metrics->n_hidden++;
            continue;
        }
        places -= !is_preferred(name);
        add_metric(metrics, name, first_metric + i);
    }
    find_ratios(metrics);
    metrics->first = find_shown(metrics, -1);
    metrics->second = find_shown(metrics, metrics->first);
}

/* ---- adding up ---- */

static guint count_decimals(const char *text)
{
    const char *point = strchr(text, '.');

    return point != NULL ? (guint)strspn(point + 1, "0123456789") : 0;
}

void html_figures_read(Figures *figures, HtmlMetrics *metrics, const char *const *cells)
{
    for (guint i = 0; i < metrics->n; i++) {
        HtmlMetric *metric = &metrics->of[i];
        const char *text = cells[metric->value];

        figures->text[i] = text;
        if (text == NULL)
            continue;
        figures->readable[i] = *text != '"' && money_from_json(text, &figures->micros[i]);
        if (figures->readable[i])
            metric->decimals = MAX(metric->decimals, count_decimals(text));
    }
}

static void add_value(Sum *sum, const char *text, gboolean readable, gint64 micros)
{
    g_clear_pointer(&sum->sent, g_free);
    if (sum->n++ == 0)
        sum->sent = g_strdup(text);
    if (!readable || __builtin_add_overflow(sum->micros, micros, &sum->micros))
        sum->lost = TRUE;
}

void html_sums_add(Sums *sums, const HtmlMetrics *metrics, const Figures *figures)
{
    sums->rows++;
    for (guint i = 0; i < metrics->n; i++)
        if (figures->text[i] != NULL)
            add_value(&sums->of[i], figures->text[i], !metrics->of[i].adds || figures->readable[i],
                      metrics->of[i].adds ? figures->micros[i] : 0);
}

void html_sums_clear(Sums *sums)
{
    for (guint i = 0; i < HTML_METRICS; i++)
        g_clear_pointer(&sums->of[i].sent, g_free);
}

/* ---- saying it ---- */

/* Rupiah in micro units, by 1000 impressions: more than 64 bits hold. */
__extension__ typedef __int128 Wide;

/* above x factor / below with so many decimals, the last one rounded; NULL: does not fit. */
static char *divide(gint64 above, gint64 factor, gint64 below, guint decimals)
{
    Wide value = (Wide)above * factor;
    gint64 unit = MONEY_UNIT;

    for (guint i = 0; i < decimals; i++) {
        value *= 10;
        unit /= 10;
    }
    value = (value + (above < 0 ? -below : below) / 2) / below * unit;
    return value == (gint64)value ? money_format((gint64)value, decimals) : NULL;
}

static gboolean has_sum(const Sum *sum)
{
    return sum->n > 0 && !sum->lost;
}

static char *ratio_text(const Sums *sums, const HtmlMetric *metric)
{
    const Sum *above, *below;

    if (metric->above < 0)
        return NULL;
    above = &sums->of[metric->above];
    below = &sums->of[metric->below];
    if (!has_sum(above) || !has_sum(below) || below->micros <= 0)
        return NULL;
    return divide(above->micros, metric->factor, below->micros,
                  MIN(MAX(metric->decimals, 2), RATIO_DECIMALS_MAX));
}

char *html_sums_text(const Sums *sums, const HtmlMetrics *metrics, guint i)
{
    const HtmlMetric *metric = &metrics->of[i];
    const Sum *sum = &sums->of[i];

    if (metric->money && metrics->mixed && sums->over_accounts)
        return NULL; /* not of a single one either: nobody could tell whose it is */
    if (sum->n == 1 && (metric->adds || sums->rows == 1))
        return g_strdup(sum->sent);
    if (!metric->adds)
        return sums->rows > 1 ? ratio_text(sums, metric) : NULL;
    return has_sum(sum) ? money_format(sum->micros, metric->decimals) : NULL;
}

gint64 html_sums_micros(const Sums *sums, int metric)
{
    return metric >= 0 && has_sum(&sums->of[metric]) ? sums->of[metric].micros : G_MININT64;
}
