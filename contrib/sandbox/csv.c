/* SPDX-License-Identifier: MIT */
/*
 * csv.c - a million rows are made in about a second: the texts of an object and of a day are made
 * once, and figures are written without printf.
 */
#include "csv.h"

#include <string.h>

#include "clock.h"
#include "rows.h"
#include "title.h"

typedef struct {
    const Metric *metric;
    int decimals;  /* 0 or 2; -1: text */
    GString *text; /* of the object that is being written */
} Column;

struct Csv {
    Call call;
    ReportQuery *query;
    GArray *rows; /* ReportRow */
    guint n_written;
    gboolean titles;
    gboolean has_head;
    gboolean has_object; /* the texts are there, of this position */
    guint64 position;
    char id[24];
    GArray *columns;  /* Column */
    GHashTable *days; /* day -> its text */
};

static void column_clear(void *data)
{
    g_string_free(((Column *)data)->text, TRUE);
}

Csv *csv_new(const Call *call, gboolean titles)
{
    Csv *csv = g_new0(Csv, 1);
    gboolean throttled;

    csv->call = *call;
    csv->titles = titles;
    csv->query = report_query_new(call, NULL);
    csv->rows = g_array_ref((GArray *)rows_get(call, csv->query, &throttled));
    csv->days = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    csv->columns = g_array_new(FALSE, FALSE, sizeof(Column));
    g_array_set_clear_func(csv->columns, column_clear);
    for (guint i = 0; i < csv->query->metrics->len; i++) {
        const Metric *metric = g_ptr_array_index(csv->query->metrics, i);
        Column column = {metric, metric_decimals(metric, call->account), g_string_new(NULL)};

        g_array_append_val(csv->columns, column);
    }
    return csv;
}

void csv_free(Csv *csv)
{
    report_query_free(csv->query);
    g_array_unref(csv->rows);
    g_array_unref(csv->columns);
    g_hash_table_unref(csv->days);
    g_free(csv);
}

guint csv_n_rows(const Csv *csv)
{
    return csv->rows->len;
}

guint csv_n_written(const Csv *csv)
{
    return csv->n_written;
}

/* Quoted where it has to be. */
static void put_text(GString *out, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        g_string_append(out, text);
        return;
    }
    g_string_append_c(out, '"');
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *p);
    }
    g_string_append_c(out, '"');
}

static void put_head(const Csv *csv, GString *out)
{
    for (guint i = 0; i < csv->query->dimensions->len; i++) {
        const char *name = g_ptr_array_index(csv->query->dimensions, i);

        if (i > 0)
            g_string_append_c(out, ',');
        put_text(out, csv->titles ? title_of(name) : name);
    }
    for (guint i = 0; i < csv->columns->len; i++) {
        const char *name = metric_name(g_array_index(csv->columns, Column, i).metric);

        g_string_append_c(out, ',');
        put_text(out, csv->titles ? title_of(name) : name);
    }
    g_string_append_c(out, '\n');
}

static void load_object(Csv *csv, const ReportRow *row)
{
    const Call *call = &csv->call;
    gboolean has_item = csv->query->level != LEVEL_ADVERTISER;
    g_autoptr(GString) json = g_string_new(NULL);
    Item item;

    if (has_item)
        item = item_at(call->world, call->account, (Kind)csv->query->level, row->position);
    g_snprintf(csv->id, sizeof csv->id, "%" G_GUINT64_FORMAT,
               has_item ? item.id[item.kind] : g_ascii_strtoull(call->account->id, NULL, 10));
    for (guint i = 0; i < csv->columns->len; i++) {
        Column *column = &g_array_index(csv->columns, Column, i);

        if (column->decimals >= 0)
            continue;
        g_string_truncate(json, 0);
        metric_put(json, column->metric, &row->sum, call->account, has_item ? &item : NULL);
        g_autofree char *text = text_from_json(json->str);
        g_string_truncate(column->text, 0);
        put_text(column->text, text != NULL ? text : json->str);
    }
    csv->has_object = TRUE;
    csv->position = row->position;
}

static const char *day_text(Csv *csv, gint64 day)
{
    char *text = g_hash_table_lookup(csv->days, GSIZE_TO_POINTER(day));

    if (text == NULL) {
        text = clock_day_text(day);
        g_hash_table_insert(csv->days, GSIZE_TO_POINTER(day), text);
    }
    return text;
}

static void put_dimensions(Csv *csv, GString *out, const ReportRow *row)
{
    for (guint i = 0; i < csv->query->dimensions->len; i++) {
        const char *name = g_ptr_array_index(csv->query->dimensions, i);

        if (i > 0)
            g_string_append_c(out, ',');
        g_string_append(out,
                        strcmp(name, "stat_time_day") == 0 ? day_text(csv, row->day) : csv->id);
    }
}

/* In hundredths. */
static void put_number(GString *out, gint64 value, int decimals)
{
    char text[32];
    char *p = text + sizeof text;
    guint64 whole = (guint64)value / 100;

    if (decimals == 2) {
        *--p = (char)('0' + value % 10);
        *--p = (char)('0' + value / 10 % 10);
        *--p = '.';
    }
    do {
        *--p = (char)('0' + whole % 10);
        whole /= 10;
    } while (whole > 0);
    g_string_append_len(out, p, text + sizeof text - p);
}

static void put_row(Csv *csv, GString *out, const ReportRow *row)
{
    if (!csv->has_object || csv->position != row->position)
        load_object(csv, row);
    put_dimensions(csv, out, row);
    for (guint i = 0; i < csv->columns->len; i++) {
        const Column *column = &g_array_index(csv->columns, Column, i);

        g_string_append_c(out, ',');
        if (column->decimals >= 0)
            put_number(out, metric_value(column->metric, &row->sum), column->decimals);
        else
            g_string_append_len(out, column->text->str, (gssize)column->text->len);
    }
    g_string_append_c(out, '\n');
}

void csv_put(Csv *csv, GString *out, guint n)
{
    guint end = csv->n_written + MIN(n, csv->rows->len - csv->n_written);

    if (!csv->has_head)
        put_head(csv, out);
    csv->has_head = TRUE;
    while (csv->n_written < end)
        put_row(csv, out, &g_array_index(csv->rows, ReportRow, csv->n_written++));
}
