/* SPDX-License-Identifier: MIT */
/* metrics.c - finding a metric, and its arithmetic. */
#include "metrics.h"

#include "render.h"
#include "text.h"

static void add_metric(const Metric *metric, void *table)
{
    g_assert(!g_hash_table_contains(table, metric->name));
    g_hash_table_insert(table, (void *)metric->name, g_memdup2(metric, sizeof *metric));
}

const Metric *metric_find(const char *name)
{
    static GHashTable *table; /* kept: it is always the same */

    if (table == NULL) {
        table = g_hash_table_new(g_str_hash, g_str_equal);
        metric_table(add_metric, table);
        metric_families(add_metric, table);
        metric_attributes(add_metric, table);
    }
    return g_hash_table_lookup(table, name);
}

const char *metric_name(const Metric *metric)
{
    return metric->name;
}

gboolean metric_is_attribute(const Metric *metric)
{
    return metric->kind == ATTRIBUTE;
}

static gboolean in_micros(guint counter)
{
    return counter == SPEND || counter == BILLED || counter == CASH || counter == WEB_VALUE ||
           counter == APP_VALUE;
}

gboolean metric_is_money(const Metric *metric)
{
    return metric->kind == MONEY ||
           (metric->kind == RATIO && in_micros(metric->upper) && !in_micros(metric->lower));
}

static gint64 reach(const Counters *sum)
{
    gint64 impressions = sum->n[IMPRESSIONS];

    return impressions == 0 ? 0 : MAX(1, impressions * 10 / (12 + MIN(sum->n[AD_DAYS], 40)));
}

static gint64 amount(const Counters *sum, guint counter)
{
    const gint64 *n = sum->n;

    switch (counter) {
    case REACHED:
        return reach(sum);
    case SOCIAL:
        return n[CLICKS] + n[LIKES] + n[COMMENTS] + n[SHARES] + n[FOLLOWS] + n[VISITS] +
               n[MUSIC_CLICKS];
    case BY_CLICK:
        return n[CONVERSIONS] - n[DEEP];
    case NOTHING:
        return 0;
    default:
        return n[counter];
    }
}

static gint64 divide(gint64 upper, gint64 lower)
{
    return lower == 0 ? 0 : (upper + lower / 2) / lower;
}

/* The smallest coin is never below a hundredth, but a won in dollars is. */
static gint64 ratio(const Metric *metric, const Counters *sum)
{
    gint64 scale = metric->decimals == 4 ? 10000 : 100;
    gint64 upper = amount(sum, metric->upper), lower = amount(sum, metric->lower);

    if (in_micros(metric->lower))
        return divide(upper * scale, lower);
    upper = in_micros(metric->upper) ? upper / (MICRO / scale) : upper * scale;
    return divide(upper * metric->by, lower * metric->per);
}

gint64 metric_value(const Metric *metric, const Counters *sum)
{
    switch (metric->kind) {
    case COUNT:
        return amount(sum, metric->upper) * metric->by * 100;
    case MONEY:
        return amount(sum, metric->upper) / (MICRO / 100);
    case RATIO:
        return ratio(metric, sum);
    case NONE:
    case ATTRIBUTE:
        break;
    }
    return 0;
}

int metric_decimals(const Metric *metric, const Currency *currency)
{
    if (metric->kind == ATTRIBUTE || metric->kind == NONE)
        return -1;
    if (metric->kind == MONEY && currency->decimals == 0)
        return 0;
    return (int)metric->decimals;
}

void metric_put(GString *out, const Metric *metric, const Counters *sum, const MetricView *view)
{
    gint64 value = metric_value(metric, sum);
    gint64 scale = metric->decimals == 4 ? 10000 : 100;
    int decimals = metric_decimals(metric, view->currency);

    if (metric->kind == ATTRIBUTE)
        metric->put(out, view);
    else if (metric->kind == NONE)
        g_string_append(out, "\"-\"");
    else if (view->whole && metric_is_money(metric))
        g_string_append_printf(out, "\"%" G_GINT64_FORMAT "\"", divide(value, scale));
    else if (decimals == 0)
        g_string_append_printf(out, "\"%" G_GINT64_FORMAT "\"", value / scale);
    else
        g_string_append_printf(out, "\"%" G_GINT64_FORMAT ".%0*d\"", value / scale, decimals,
                               (int)(value % scale));
}
