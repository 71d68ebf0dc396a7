/* SPDX-License-Identifier: MIT */
/*
 * csv.c - a million rows are made in about a second: the texts of an object and of a day are made
 * once, and figures are written without printf.
 */
#include "csv.h"

#include <string.h>

#include "clock.h"
#include "country.h"
#include "rows.h"
#include "title.h"

typedef enum { OBJECT, DAY_OF_ROW, HOUR_OF_ROW, COUNTRY, VALUE, FIGURE } Source;

typedef struct {
    const char *name;
    Source source;
    guint n;               /* among the dimensions, or the metrics */
    gboolean is_dimension; /* else a metric */
    const Metric *metric;
    int decimals;  /* of a FIGURE */
    int scale;     /* what metric_value() gives for 1 */
    GString *text; /* of an OBJECT: that of the row */
} Column;

struct Csv {
    Call call;
    ReportQuery *query;
    GArray *rows; /* ReportRow */
    guint n_written;
    gboolean titles;
    RowView view;     /* of the row that is being written; its row is NULL before the first */
    GArray *columns;  /* Column */
    GHashTable *days; /* day -> its text */
    GString *cell;
};

static void column_clear(void *data)
{
    g_string_free(((Column *)data)->text, TRUE);
}

static Source source_of(const char *dimension)
{
    static const struct {
        const char *name;
        Source source;
    } sources[] = {
        {"advertiser_id", OBJECT},
        {"campaign_id", OBJECT},
        {"adgroup_id", OBJECT},
        {"ad_id", OBJECT},
        {"ad_id_v2", OBJECT},
        {"stat_time_day", DAY_OF_ROW},
        {"stat_time_hour", HOUR_OF_ROW},
        {"country_code", COUNTRY},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(sources); i++) {
        if (strcmp(sources[i].name, dimension) == 0)
            return sources[i].source;
    }
    return VALUE;
}

static void add_columns(Csv *csv)
{
    const ReportQuery *query = csv->query;
    const Account *account = g_ptr_array_index(query->accounts, 0);

    for (guint i = 0; i < query->dimensions->len; i++) {
        const char *name = g_ptr_array_index(query->dimensions, i);
        Column column = {
            .name = name,
            .source = source_of(name),
            .n = i,
            .is_dimension = TRUE,
            .text = g_string_new(NULL),
        };

        g_array_append_val(csv->columns, column);
    }
    for (guint i = 0; i < query->metrics->len; i++) {
        const Metric *metric = g_ptr_array_index(query->metrics, i);
        Column column = {
            .name = metric_name(metric),
            .n = i,
            .metric = metric,
            .decimals = metric_decimals(metric, account->currency),
            .scale = metric->decimals == 4 ? 10000 : 100,
            .text = g_string_new(NULL),
        };

        if (query->several)
            column.source = VALUE;
        else
            column.source = column.decimals < 0 ? OBJECT : FIGURE;
        g_array_append_val(csv->columns, column);
    }
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
    csv->cell = g_string_new(NULL);
    csv->columns = g_array_new(FALSE, FALSE, sizeof(Column));
    g_array_set_clear_func(csv->columns, column_clear);
    add_columns(csv);
    return csv;
}

void csv_free(Csv *csv)
{
    report_query_free(csv->query);
    g_array_unref(csv->rows);
    g_array_unref(csv->columns);
    g_hash_table_unref(csv->days);
    g_string_free(csv->cell, TRUE);
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
    for (guint i = 0; i < csv->columns->len; i++) {
        const char *name = g_array_index(csv->columns, Column, i).name;

        if (i > 0)
            g_string_append_c(out, ',');
        put_text(out, csv->titles ? title_of(name) : name);
    }
    g_string_append_c(out, '\n');
}

/* The cell as a page has it, without the marks of JSON. */
static void load_cell(Csv *csv, const Column *column)
{
    g_string_truncate(csv->cell, 0);
    if (column->is_dimension) {
        row_put_dimension(csv->cell, &csv->view, column->n);
        return;
    }
    row_put_metric(csv->cell, &csv->view, column->n);
    g_autofree char *text = text_from_json(csv->cell->str);
    if (text != NULL)
        g_string_assign(csv->cell, text);
}

static void load_object(Csv *csv, const ReportRow *row)
{
    csv->view = row_view(&csv->call, csv->query, row);
    for (guint i = 0; i < csv->columns->len; i++) {
        Column *column = &g_array_index(csv->columns, Column, i);

        if (column->source != OBJECT)
            continue;
        load_cell(csv, column);
        g_string_truncate(column->text, 0);
        put_text(column->text, csv->cell->str);
    }
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

static void put_number(GString *out, gint64 value, int decimals, int scale)
{
    char text[32];
    char *p = text + sizeof text;
    guint64 whole = (guint64)value / (guint64)scale;
    guint64 rest = (guint64)value % (guint64)scale;

    for (int i = 0; i < decimals; i++) {
        *--p = (char)('0' + rest % 10);
        rest /= 10;
    }
    if (decimals > 0)
        *--p = '.';
    do {
        *--p = (char)('0' + whole % 10);
        whole /= 10;
    } while (whole > 0);
    g_string_append_len(out, p, text + sizeof text - p);
}

static void put_hour(GString *out, int hour)
{
    const char text[] = {' ', (char)('0' + hour / 10), (char)('0' + hour % 10)};

    g_string_append_len(out, text, sizeof text);
    g_string_append_len(out, ":00:00", 6);
}

static void put_cell(Csv *csv, GString *out, const Column *column, const ReportRow *row)
{
    switch (column->source) {
    case OBJECT:
        g_string_append_len(out, column->text->str, (gssize)column->text->len);
        break;
    case FIGURE:
        put_number(out, metric_value(column->metric, &row->sum), column->decimals, column->scale);
        break;
    case DAY_OF_ROW:
        g_string_append(out, day_text(csv, row->day));
        break;
    case HOUR_OF_ROW:
        g_string_append(out, day_text(csv, row->day));
        put_hour(out, row->hour);
        break;
    case COUNTRY:
        load_cell(csv, column);
        put_text(out, country_of(csv->cell->str));
        break;
    case VALUE:
        load_cell(csv, column);
        put_text(out, csv->cell->str);
        break;
    }
}

static gboolean is_same_object(const ReportRow *left, const ReportRow *right)
{
    return left != NULL && left->position == right->position && left->account == right->account;
}

static void put_row(Csv *csv, GString *out, const ReportRow *row)
{
    if (!is_same_object(csv->view.row, row))
        load_object(csv, row);
    csv->view.row = row;
    for (guint i = 0; i < csv->columns->len; i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        put_cell(csv, out, &g_array_index(csv->columns, Column, i), row);
    }
    g_string_append_c(out, '\n');
}

void csv_put(Csv *csv, GString *out, guint n)
{
    guint end = csv->n_written + MIN(n, csv->rows->len - csv->n_written);

    if (csv->n_written == 0)
        put_head(csv, out);
    while (csv->n_written < end)
        put_row(csv, out, &g_array_index(csv->rows, ReportRow, csv->n_written++));
}
