/* SPDX-License-Identifier: MIT */
/* spool.c - a report's rows as JSON, NDJSON, CSV or TSV. */
#include "fs/spool.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "api/metric.h"

typedef struct {
    const char *name;
    guint value;   /* index of its value in a row */
    gboolean text; /* an id, a name or a date: never a number */
} Column;

struct Spool {
    char *path, *part; /* written as part, renamed when whole */
    FILE *out;
    int error_code;
    ReportFormat format;
    ReportShape *shape; /* the columns have its names */
    int day;            /* which value of a row is its day; -1: none */
    Column *columns;
    guint n_columns;
    guint64 rows;
    HtmlPage *page; /* FORMAT_HTML: it has the rows until the end */
};

static void add_column(Spool *spool, const char *name, guint value, gboolean text)
{
    spool->columns[spool->n_columns++] = (Column){name, value, text};
}

/* The order of the file: what the row is of, other ids and names, the time, the metrics. */
static void set_columns(Spool *spool, const ReportShape *shape)
{
    g_autoptr(GPtrArray) dimensions = report_dimensions(shape);
    guint n_dimensions = dimensions->len - 1;
    const char *const *metrics = shape->metrics;
    const char *time = report_time(shape);

    spool->columns = g_new0(Column, report_width(shape));
    for (guint i = 0; i < n_dimensions - (time != NULL); i++)
        add_column(spool, dimensions->pdata[i], i, TRUE);
    for (guint i = 0; metrics[i] != NULL; i++)
        if (metric_is_text(metrics[i]))
            add_column(spool, metrics[i], n_dimensions + i, TRUE);
    if (time != NULL)
        add_column(spool, time, n_dimensions - 1, TRUE);
    for (guint i = 0; metrics[i] != NULL; i++)
        if (!metric_is_text(metrics[i]))
            add_column(spool, metrics[i], n_dimensions + i, FALSE);
}

static guint day_of(const ReportShape *shape)
{
    g_autoptr(GPtrArray) dimensions = report_dimensions(shape);

    return dimensions->len - 2; /* the last, but for the NULL */
}

static char separator(const Spool *spool)
{
    return spool->format == FORMAT_TSV ? '\t' : ',';
}

static gboolean is_table(const Spool *spool)
{
    return spool->format == FORMAT_CSV || spool->format == FORMAT_TSV;
}

static void put_header(Spool *spool)
{
    if (spool->format == FORMAT_JSON)
        fputc('[', spool->out);
    for (guint i = 0; is_table(spool) && i < spool->n_columns; i++)
        fprintf(spool->out, "%s%c", spool->columns[i].name,
                i + 1 < spool->n_columns ? separator(spool) : '\n');
}

Spool *spool_new(const char *path, ReportFormat format, const ReportShape *shape)
{
    Spool *spool = g_new0(Spool, 1);

    spool->path = g_strdup(path);
    spool->part = g_strconcat(path, ".part", NULL);
    spool->format = format;
    spool->shape = report_shape_copy(shape);
    spool->day = shape->grain == GRAIN_DAY ? (int)day_of(shape) : -1;
    set_columns(spool, spool->shape);
    spool->out = fopen(spool->part, "we");
    if (spool->out == NULL)
        spool->error_code = errno;
    else
        put_header(spool);
    return spool;
}

Spool *spool_new_page(const char *path, const ReportShape *shape, const HtmlHead *head)
{
    Spool *spool = spool_new(path, FORMAT_HTML, shape);

    spool->page = html_new(shape, head);
    return spool;
}

void spool_free(Spool *spool)
{
    if (spool == NULL)
        return;
    if (spool->out != NULL)
        fclose(spool->out);
    if (spool->part != NULL)
        g_unlink(spool->part);
    g_free(spool->path);
    g_free(spool->part);
    g_free(spool->columns);
    html_free(spool->page);
    report_shape_free(spool->shape);
    g_free(spool);
}

/* ---- cells ---- */

static void put_json_text(FILE *out, const char *text)
{
    cJSON item = {.type = cJSON_String | cJSON_IsReference, .valuestring = (char *)text};
    char *json = cJSON_PrintUnformatted(&item);

    fputs(json, out);
    cJSON_free(json);
}

/* JSON's own grammar of numbers: -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)? */
static gboolean is_number(const char *text)
{
    gsize digits;

    text += *text == '-';
    digits = strspn(text, "0123456789");
    if (digits == 0 || (digits > 1 && *text == '0'))
        return FALSE;
    text += digits;
    if (*text == '.') {
        digits = strspn(++text, "0123456789");
        if (digits == 0)
            return FALSE;
        text += digits;
    }
    if (*text == 'e' || *text == 'E') {
        text += 1 + (text[1] == '+' || text[1] == '-');
        digits = strspn(text, "0123456789");
        if (digits == 0)
            return FALSE;
        text += digits;
    }
    return *text == '\0';
}

static void put_json_row(Spool *spool, const char *const *values)
{
    if (spool->format == FORMAT_JSON)
        fputs(spool->rows == 0 ? "\n" : ",\n", spool->out);
    fputc('{', spool->out);
    for (guint i = 0; i < spool->n_columns; i++) {
        const Column *column = &spool->columns[i];
        const char *value = values[column->value];

        fprintf(spool->out, "%s\"%s\":", i > 0 ? "," : "", column->name);
        if (value == NULL)
            fputs("null", spool->out);
        else if (!column->text && is_number(value))
            fputs(value, spool->out);
        else
            put_json_text(spool->out, value);
    }
    fputc('}', spool->out);
    if (spool->format == FORMAT_NDJSON)
        fputc('\n', spool->out);
}

/* RFC 4180. A tab-separated table has no quotes: blanks take the place of tabs and line ends. */
static void put_cell(Spool *spool, const char *value)
{
    gboolean tsv = spool->format == FORMAT_TSV;
    gboolean quote = !tsv && strpbrk(value, ",\"\r\n") != NULL;

    if (quote)
        fputc('"', spool->out);
    for (const char *p = value; *p != '\0'; p++) {
        if (*p == '"' && quote)
            fputc('"', spool->out);
        fputc(tsv && strchr("\t\r\n", *p) != NULL ? ' ' : *p, spool->out);
    }
    if (quote)
        fputc('"', spool->out);
}

static void put_table_row(Spool *spool, const char *const *values)
{
    for (guint i = 0; i < spool->n_columns; i++) {
        const char *value = values[spool->columns[i].value];

        if (value != NULL)
            put_cell(spool, value);
        fputc(i + 1 < spool->n_columns ? separator(spool) : '\n', spool->out);
    }
}

/* ---- rows ---- */

void spool_row(Spool *spool, const char *const *values, guint n_values)
{
    g_autofree const char **cells = g_memdup2(values, n_values * sizeof *values);
    g_autofree char *day = NULL;

    if (spool->out == NULL)
        return;
    for (guint i = 0; i < spool->n_columns; i++) {
        const Column *column = &spool->columns[i];

        if (!column->text && g_strcmp0(cells[column->value], "-") == 0)
            cells[column->value] = NULL; /* not applicable; a name may well be "-" */
    }
    if (spool->day >= 0 && cells[spool->day] != NULL) /* "2026-11-20 00:00:00" */
        cells[spool->day] = day = g_strndup(cells[spool->day], strcspn(cells[spool->day], " "));
    if (spool->page != NULL)
        html_row(spool->page, cells);
    else if (is_table(spool))
        put_table_row(spool, cells);
    else
        put_json_row(spool, cells);
    spool->rows++;
}

void spool_end(Spool *spool)
{
    if (spool->out == NULL)
        return;
    if (spool->format == FORMAT_JSON)
        fputs("\n]\n", spool->out);
    if (spool->page != NULL)
        html_write(spool->page, spool->out);
    if (fflush(spool->out) != 0 || ferror(spool->out))
        spool->error_code = errno != 0 ? errno : EIO;
}

gint64 spool_finish(Spool *spool, GError **error)
{
    gint64 size = spool->out != NULL ? ftello(spool->out) : -1;

    if (spool->out != NULL && fclose(g_steal_pointer(&spool->out)) != 0)
        spool->error_code = errno;
    if (spool->error_code == 0 && g_rename(spool->part, spool->path) != 0)
        spool->error_code = errno;
    if (spool->error_code != 0) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(spool->error_code), "%s: %s",
                    spool->path, g_strerror(spool->error_code));
        return -1;
    }
    g_clear_pointer(&spool->part, g_free);
    return size;
}
