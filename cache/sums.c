/* SPDX-License-Identifier: MIT */
/* sums.c - adds up cells of rows, in whole millionths. */
#include "cache/sums.h"

#include <string.h>

#include "api/error.h"
#include "api/metric.h"

enum { DECIMALS = 6, NONE = 0xff };

#define MASK G_GINT64_CONSTANT(0xffffffffff)

typedef struct {
    gint64 units;
    guint8 decimals, unknown;
} Packed;

GArray *sums_new(const ReportShape *shape)
{
    GArray *sums = g_array_new(FALSE, FALSE, sizeof(Sum));

    for (guint i = 0; report_has_totals(shape) && shape->metrics[i]; i++) {
        const Metric *metric = metric_find(shape->metrics[i]);
        Sum sum = {.metric = i};

        if (metric && metric->flags & METRIC_ADDITIVE)
            g_array_append_val(sums, sum);
    }
    return sums;
}

static Sum *nth(const GArray *sums, guint i)
{
    return &g_array_index((GArray *)sums, Sum, i);
}

static void add(Sum *sum, gint64 units, guint8 decimals)
{
    sum->unknown |= __builtin_add_overflow(sum->units, units, &sum->units);
    sum->decimals = MAX(sum->decimals, decimals);
}

void sums_add(GArray *to, const GArray *sums)
{
    for (guint i = 0; i < to->len; i++) {
        add(nth(to, i), nth(sums, i)->units, nth(sums, i)->decimals);
        nth(to, i)->unknown |= nth(sums, i)->unknown;
    }
}

void sums_add_packed(GArray *to, const void *data, gsize size)
{
    const char *at = data;
    Packed packed;

    for (guint i = 0; i < to->len; i++) {
        if (size < (i + 1) * sizeof packed) {
            nth(to, i)->unknown = TRUE;
            continue;
        }
        memcpy(&packed, at + i * sizeof packed, sizeof packed);
        add(nth(to, i), packed.units, packed.decimals);
        nth(to, i)->unknown |= packed.unknown;
    }
}

/* ---- numbers ---- */

/* The digits after a point that are there, and those up to millionths. */
static gboolean take_decimals(const char *text, gint64 *units, guint8 *ret_decimals)
{
    guint8 n = 0;

    for (; g_ascii_isdigit(text[n]); n++)
        if (n == DECIMALS || __builtin_mul_overflow(*units, 10, units) ||
            __builtin_add_overflow(*units, text[n] - '0', units))
            return FALSE;
    *ret_decimals = n;
    for (guint i = n; i < DECIMALS; i++)
        if (__builtin_mul_overflow(*units, 10, units))
            return FALSE;
    return text[n] == '\0';
}

static gboolean parse(const char *text, gint64 *ret_units, guint8 *ret_decimals)
{
    gboolean minus = *text == '-';
    gint64 units = 0;

    text += minus;
    if (!g_ascii_isdigit(*text))
        return FALSE;
    for (; g_ascii_isdigit(*text); text++)
        if (__builtin_mul_overflow(units, 10, &units) ||
            __builtin_add_overflow(units, *text - '0', &units))
            return FALSE;
    if (!take_decimals(text + (*text == '.'), &units, ret_decimals))
        return FALSE;
    *ret_units = minus ? -units : units;
    return TRUE;
}

/* "-" is none. */
static void add_cell(Sum *sum, const char *text)
{
    guint8 decimals;
    gint64 units;

    if (*text == '\0' || strcmp(text, "-") == 0 || ((guint8)*text == NONE && text[1] == '\0'))
        return;
    if (parse(text, &units, &decimals))
        add(sum, units, decimals);
    else
        sum->unknown = TRUE;
}

/* ---- what the service says ---- */

GArray *sums_of_totals(const ReportShape *shape, JsonSpan object)
{
    GArray *totals;

    if (!object.at || object.at[0] != '{')
        return NULL;
    totals = sums_new(shape);
    for (guint i = 0; i < totals->len; i++) {
        const JsonField field = {shape->metrics[nth(totals, i)->metric], 0};
        JsonSpan value = {NULL, 0};
        g_autofree char *text = NULL;

        if (json_pick(object, &field, 1, &value) && value.at)
            text = json_span_text(value);
        if (text && *text && strcmp(text, "-") != 0)
            add_cell(nth(totals, i), text);
        else
            nth(totals, i)->unknown = TRUE;
    }
    return totals;
}

/* Half of the last digit. */
static gint64 half_of(const Sum *sum)
{
    gint64 half = 500000;

    for (guint i = 0; i < sum->decimals; i++)
        half /= 10;
    return MAX(half, 1);
}

/* Each value may be so much off, and so may the total. */
static gint64 rounding(const Sum *sum, const Sum *total, const Metric *metric, gint64 n_rows)
{
    if (metric->kind == METRIC_COUNT && sum->decimals == 0 && total->decimals == 0)
        return 0;
    return half_of(sum) * n_rows + half_of(total);
}

static char *number(gint64 units)
{
    return g_strdup_printf("%" G_GINT64_FORMAT ".%06d", units / 1000000, (int)ABS(units % 1000000));
}

gboolean sums_check(const GArray *sums, const GArray *totals, const ReportShape *shape,
                    gint64 n_rows, gboolean grows, GError **error)
{
    for (guint i = 0; i < sums->len; i++) {
        const Sum *sum = nth(sums, i), *total = nth(totals, i);
        const char *name = shape->metrics[sum->metric];
        gint64 most = rounding(sum, total, metric_find(name), n_rows), more;
        g_autofree char *got = number(sum->units), *said = number(total->units);

        if (sum->unknown || total->unknown ||
            __builtin_sub_overflow(sum->units, total->units, &more) ||
            (more >= -most && (more <= most || grows)))
            continue;
        g_propagate_error(error, api_error_new(API_ERROR_INCOMPLETE, 0, NULL,
                                               "%s of all rows add up to %s, and the service says "
                                               "%s",
                                               name, got, said));
        return FALSE;
    }
    return TRUE;
}

/* ---- rows ---- */

struct Figures {
    GArray *sums;
    guint n_dimensions, n_metrics;
    guint8 *skipped; /* of each metric */
    gint64 hash;
};

Figures *figures_new(const ReportShape *shape)
{
    Figures *figures = g_new0(Figures, 1);

    figures->sums = sums_new(shape);
    figures->n_dimensions = report_n_dimensions(shape);
    figures->n_metrics = g_strv_length((char **)shape->metrics);
    figures->skipped = g_new0(guint8, figures->n_metrics);
    for (guint i = 0; i < figures->n_metrics; i++) {
        const Metric *metric = metric_find(shape->metrics[i]);

        figures->skipped[i] = metric && metric->flags & METRIC_ATTRIBUTE;
    }
    return figures;
}

void figures_free(Figures *figures)
{
    if (!figures)
        return;
    g_array_unref(figures->sums);
    g_free(figures->skipped);
    g_free(figures);
}

/* FNV-1a, the NUL included. */
static guint64 hash_cell(guint64 hash, const char *cell)
{
    do
        hash = (hash ^ (guint8)*cell) * G_GUINT64_CONSTANT(0x100000001b3);
    while (*cell++);
    return hash;
}

static guint64 mix(guint64 hash)
{
    hash ^= hash >> 33;
    hash *= G_GUINT64_CONSTANT(0xff51afd7ed558ccd);
    return hash ^ hash >> 33;
}

void figures_add(Figures *figures, const char *cells, guint length)
{
    guint64 hash = G_GUINT64_CONSTANT(0xcbf29ce484222325);
    const char *cell = cells, *end = cells + length;
    guint next = 0;

    for (guint i = 0; i < figures->n_dimensions && cell < end; i++, cell += strlen(cell) + 1)
        hash = hash_cell(hash, cell);
    for (guint i = 0; i < figures->n_metrics && cell < end; i++, cell += strlen(cell) + 1) {
        if (!figures->skipped[i])
            hash = hash_cell(hash, cell);
        if (next < figures->sums->len && nth(figures->sums, next)->metric == i)
            add_cell(nth(figures->sums, next++), cell);
    }
    figures->hash = (figures->hash + (gint64)(mix(hash) & MASK)) & MASK;
}

void figures_take(Figures *figures, GByteArray *packed, gint64 *ret_hash)
{
    g_byte_array_set_size(packed, 0);
    for (guint i = 0; i < figures->sums->len; i++) {
        Sum *sum = nth(figures->sums, i);
        Packed one;

        memset(&one, 0, sizeof one); /* the bytes between as well */
        one.units = sum->units;
        one.decimals = sum->decimals;
        one.unknown = sum->unknown;
        g_byte_array_append(packed, (const guint8 *)&one, sizeof one);
        *sum = (Sum){.metric = sum->metric};
    }
    *ret_hash = figures->hash;
    figures->hash = 0;
}
