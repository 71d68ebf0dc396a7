/* SPDX-License-Identifier: MIT */
/* spool.c - a report's rows as JSON, NDJSON, CSV or TSV. */
#include "fs/spool.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "api/json.h"
#include "api/metric.h"

enum { BUFFER = 256 * 1024 };

typedef struct {
    const char *name;
    char *key;     /* what stands before its value in JSON */
    guint value;   /* index of its value in a row */
    gboolean text; /* an id, a name or a date: never a number */
} Column;

struct Spool {
    char *path, *part; /* written as part, renamed when whole */
    FILE *out;
    int error_code;
    ReportFormat format;
    ReportShape *shape; /* the columns have its names */
    Column *columns;
    guint n_columns;
    const char **cells; /* of the row that is being written */
    GString *text;      /* one of them */
    guint64 rows;
    HtmlPage *page; /* FORMAT_HTML: it has the rows until the end */
};

static void add_column(Spool *spool, const char *name, guint value, gboolean text)
{
    char *key = g_strdup_printf("%s\"%s\":", spool->n_columns > 0 ? "," : "", name);

    spool->columns[spool->n_columns++] = (Column){name, key, value, text};
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
    set_columns(spool, spool->shape);
    spool->cells = g_new(const char *, spool->n_columns);
    spool->text = g_string_new(NULL);
    spool->out = fopen(spool->part, "we");
    if (spool->out == NULL)
        spool->error_code = errno;
    else
        setvbuf(spool->out, NULL, _IOFBF, BUFFER);
    if (spool->out != NULL)
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
    for (guint i = 0; i < spool->n_columns; i++)
        g_free(spool->columns[i].key);
    g_free(spool->columns);
    g_free(spool->cells);
    g_string_free(spool->text, TRUE);
    html_free(spool->page);
    report_shape_free(spool->shape);
    g_free(spool);
}

/* ---- cells ---- */

/* Every byte of a million rows goes through here: the file is this thread's alone. */
static void put_text(Spool *spool, const char *text)
{
    fputs_unlocked(text, spool->out);
}

static void put_char(Spool *spool, char c)
{
    putc_unlocked(c, spool->out);
}

static void put_json_text(Spool *spool, const char *text)
{
    g_string_truncate(spool->text, 0);
    json_add_string(spool->text, text);
    fwrite_unlocked(spool->text->str, 1, spool->text->len, spool->out);
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
        put_text(spool, spool->rows == 0 ? "\n" : ",\n");
    put_char(spool, '{');
    for (guint i = 0; i < spool->n_columns; i++) {
        const Column *column = &spool->columns[i];
        const char *value = values[column->value];

        put_text(spool, column->key);
        if (value == NULL)
            put_text(spool, "null");
        else if (!column->text && is_number(value))
            put_text(spool, value);
        else
            put_json_text(spool, value);
    }
    put_char(spool, '}');
    if (spool->format == FORMAT_NDJSON)
        put_char(spool, '\n');
}

/* RFC 4180. A tab-separated table has no quotes: blanks take the place of tabs and line ends. */
static void put_odd_cell(Spool *spool, const char *value)
{
    gboolean tsv = spool->format == FORMAT_TSV;

    if (!tsv)
        put_char(spool, '"');
    for (const char *p = value; *p != '\0'; p++) {
        if (*p == '"' && !tsv)
            put_char(spool, '"');
        put_char(spool, tsv && strchr("\t\r\n", *p) != NULL ? ' ' : *p);
    }
    if (!tsv)
        put_char(spool, '"');
}

static void put_cell(Spool *spool, const char *value)
{
    const char *odd = spool->format == FORMAT_TSV ? "\t\r\n" : ",\"\r\n";

    if (strpbrk(value, odd) == NULL)
        put_text(spool, value);
    else
        put_odd_cell(spool, value);
}

static void put_table_row(Spool *spool, const char *const *values)
{
    for (guint i = 0; i < spool->n_columns; i++) {
        const char *value = values[spool->columns[i].value];

        if (value != NULL)
            put_cell(spool, value);
        put_char(spool, i + 1 < spool->n_columns ? separator(spool) : '\n');
    }
}

/* ---- rows ---- */

void spool_row(Spool *spool, const char *const *values, guint n_values)
{
    const char **cells = spool->cells;

    if (spool->out == NULL)
        return;
    memcpy(cells, values, n_values * sizeof *values);
    for (guint i = 0; i < spool->n_columns; i++) {
        const Column *column = &spool->columns[i];
        const char *cell = cells[column->value];

        if (!column->text && cell != NULL && cell[0] == '-' && cell[1] == '\0')
            cells[column->value] = NULL; /* not applicable; a name may well be "-" */
    }
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
