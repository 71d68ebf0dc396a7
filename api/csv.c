/* SPDX-License-Identifier: MIT */
/*
 * csv.c - two ways through a row. One that is here from end to end and has no quote is taken apart
 * where it lies. Any other goes through the states below, which can stop after any byte, into a
 * buffer that is used again.
 */
#include "api/csv.h"

#include <string.h>

#include "api/error.h"

typedef enum {
    AT_ROW,   /* nothing of it yet */
    AT_CELL,  /* after a comma */
    IN_PLAIN, /* a cell without quotes */
    IN_QUOTES,
    AT_QUOTE,    /* in quotes: the closing one, or the first of two */
    AT_QUOTE_CR, /* after the closing one */
} CsvState;

struct Csv {
    CsvRowFunc tell;
    void *user_data;
    CsvState state;
    gboolean failed;    /* or at its end */
    guint n_marks;      /* bytes of a byte order mark that were here; N_MARKS: there is none */
    guint64 line;       /* of the next byte */
    guint64 row_line;   /* where the row began */
    guint64 quote_line; /* where the cell in quotes began */
    guint64 empty_line; /* the first of those that may be the end; 0: none */
    guint64 n_rows;
    guint width;      /* of the first row; 0: not known */
    gboolean quoted;  /* the row has a quote */
    gsize row_bytes;  /* so far, as they came */
    GByteArray *text; /* of the row so far, without quotes */
    GArray *ends;     /* gsize: where its cells end in the text */
    GArray *cells;    /* CsvCell */
};

#define TOO_LONG "the row is longer than 1 MiB: is a quote in it never closed?"

static const char mark[] = "\xef\xbb\xbf";
enum { N_MARKS = sizeof mark - 1 };

Csv *csv_new(CsvRowFunc row, void *user_data)
{
    Csv *csv = g_new0(Csv, 1);

    csv->tell = row;
    csv->user_data = user_data;
    csv->line = 1;
    csv->text = g_byte_array_sized_new(1024);
    csv->ends = g_array_new(FALSE, FALSE, sizeof(gsize));
    csv->cells = g_array_new(FALSE, FALSE, sizeof(CsvCell));
    return csv;
}

void csv_free(Csv *csv)
{
    if (csv == NULL)
        return;
    g_byte_array_unref(csv->text);
    g_array_unref(csv->ends);
    g_array_unref(csv->cells);
    g_free(csv);
}

guint64 csv_n_rows(const Csv *csv)
{
    return csv->n_rows;
}

static gboolean fail(GError **error, guint64 line, const char *what)
{
    g_propagate_error(error,
                      api_error_new(API_ERROR_MALFORMED, 0, NULL,
                                    "line %" G_GUINT64_FORMAT " of the table: %s", line, what));
    return FALSE;
}

/* ---- a whole row ---- */

static gboolean is_width(Csv *csv, GError **error)
{
    guint n = csv->cells->len;

    if (csv->width == 0)
        csv->width = n;
    if (n == csv->width)
        return TRUE;

    g_autofree char *what =
        g_strdup_printf("it has %u cells, and the first row has %u", n, csv->width);
    return fail(error, csv->row_line, what);
}

static gboolean tell_row(Csv *csv, GError **error)
{
    const CsvCell *cells = (const CsvCell *)(void *)csv->cells->data;
    gboolean is_empty = csv->cells->len == 1 && cells[0].length == 0 && !csv->quoted;

    csv->state = AT_ROW;
    if (is_empty && csv->width != 1) {
        if (csv->empty_line == 0)
            csv->empty_line = csv->row_line;
        return TRUE;
    }
    if (csv->empty_line != 0)
        return fail(error, csv->empty_line, "it is empty, and rows follow");
    if (!is_width(csv, error))
        return FALSE;
    csv->n_rows++;
    return csv->tell(csv->user_data, csv->row_line, cells, csv->cells->len, error);
}

static void add_cell(Csv *csv, const char *at, const char *end)
{
    CsvCell cell = {at, (gsize)(end - at)};

    g_array_append_val(csv->cells, cell);
}

/* All of a row without quotes, but for its line end. */
static gboolean tell_plain(Csv *csv, const char *at, const char *end, GError **error)
{
    const char *comma;

    csv->row_line = csv->line++;
    csv->quoted = FALSE;
    if (end - at > CSV_ROW_MAX)
        return fail(error, csv->row_line, TOO_LONG);
    if (end > at && end[-1] == '\r')
        end--;
    g_array_set_size(csv->cells, 0);
    while ((comma = memchr(at, ',', (gsize)(end - at))) != NULL) {
        add_cell(csv, at, comma);
        at = comma + 1;
    }
    add_cell(csv, at, end);
    return tell_row(csv, error);
}

/* ---- a row in parts ---- */

static void end_cell(Csv *csv)
{
    gsize end = csv->text->len;

    g_array_append_val(csv->ends, end);
    csv->state = AT_CELL;
}

static gboolean end_row(Csv *csv, GError **error)
{
    const char *text = (const char *)csv->text->data;
    gsize start = csv->ends->len > 0 ? g_array_index(csv->ends, gsize, csv->ends->len - 1) : 0;

    if (csv->state == IN_PLAIN && csv->text->len > start && text[csv->text->len - 1] == '\r')
        g_byte_array_set_size(csv->text, csv->text->len - 1);
    end_cell(csv);
    g_array_set_size(csv->cells, 0);
    start = 0;
    for (guint i = 0; i < csv->ends->len; i++) {
        gsize end = g_array_index(csv->ends, gsize, i);

        add_cell(csv, text + start, text + end);
        start = end;
    }
    return tell_row(csv, error);
}

static void begin_row(Csv *csv)
{
    csv->row_line = csv->line;
    csv->quoted = FALSE;
    csv->row_bytes = 0;
    g_byte_array_set_size(csv->text, 0);
    g_array_set_size(csv->ends, 0);
    csv->state = AT_CELL;
}

static const char *append(Csv *csv, const char *at, const char *end)
{
    g_byte_array_append(csv->text, (const guint8 *)at, (guint)(end - at));
    return end;
}

static const char *take_plain(Csv *csv, const char *at, const char *end)
{
    const char *stop = at;

    while (stop < end && *stop != ',' && *stop != '\n')
        stop++;
    return append(csv, at, stop);
}

static const char *take_quoted(Csv *csv, const char *at, const char *end)
{
    const char *quote = memchr(at, '"', (gsize)(end - at));
    const char *stop = quote != NULL ? quote : end;

    for (const char *line = at; (line = memchr(line, '\n', (gsize)(stop - line))) != NULL; line++)
        csv->line++;
    return append(csv, at, stop);
}

/* What ends a cell, or is in the wrong place. */
static gboolean take_end(Csv *csv, char byte, GError **error)
{
    if (byte == '\n') {
        csv->line++;
        return end_row(csv, error);
    }
    if (byte == ',' && csv->state != AT_QUOTE_CR) {
        end_cell(csv);
        return TRUE;
    }
    return fail(error, csv->line, "text comes after a closing quote");
}

/* One byte that means something. */
static gboolean take_byte(Csv *csv, char byte, GError **error)
{
    if (csv->state == AT_CELL && byte == '"') {
        csv->state = IN_QUOTES;
        csv->quoted = TRUE;
        csv->quote_line = csv->line;
    } else if (csv->state == IN_QUOTES) {
        csv->state = AT_QUOTE;
    } else if (csv->state == AT_QUOTE && byte == '"') {
        csv->state = IN_QUOTES;
        append(csv, "\"", "\"" + 1);
    } else if (csv->state == AT_QUOTE && byte == '\r') {
        csv->state = AT_QUOTE_CR;
    } else {
        return take_end(csv, byte, error);
    }
    return TRUE;
}

/* A run of text, or one byte that is none. Returns where it goes on; NULL: it failed. */
static const char *take_some(Csv *csv, const char *at, const char *end, GError **error)
{
    const char *stop = at;

    if (csv->state == AT_CELL && *at != '"')
        csv->state = IN_PLAIN;
    if (csv->state == IN_PLAIN)
        stop = take_plain(csv, at, end);
    else if (csv->state == IN_QUOTES)
        stop = take_quoted(csv, at, end);
    if (stop == at) {
        if (!take_byte(csv, *at, error))
            return NULL;
        stop = at + 1;
    }
    if (csv->state == AT_ROW) /* told */
        return stop;
    csv->row_bytes += (gsize)(stop - at);
    if (csv->row_bytes <= CSV_ROW_MAX)
        return stop;
    fail(error, csv->row_line, TOO_LONG);
    return NULL;
}

/* ---- what comes in ---- */

static const char *find(const char *at, const char *end, char byte)
{
    const char *found = memchr(at, byte, (gsize)(end - at));

    return found != NULL ? found : end;
}

static gboolean feed(Csv *csv, const char *at, const char *end, GError **error)
{
    const char *quote = NULL; /* the first one that is not behind us */

    while (at < end) {
        if (csv->state == AT_ROW) {
            const char *stop = find(at, end, '\n');

            if (quote == NULL || quote < at)
                quote = find(at, end, '"');
            if (stop < quote) {
                if (!tell_plain(csv, at, stop, error))
                    return FALSE;
                at = stop + 1;
                continue;
            }
            begin_row(csv);
        }
        at = take_some(csv, at, end, error);
        if (at == NULL)
            return FALSE;
    }
    return TRUE;
}

/* What began like a mark, and is none, is text. */
static gboolean end_mark(Csv *csv, GError **error)
{
    guint n = csv->n_marks;

    csv->n_marks = N_MARKS;
    return n == N_MARKS || feed(csv, mark, mark + n, error);
}

static gboolean skip_mark(Csv *csv, const char **at, const char *end, GError **error)
{
    while (csv->n_marks < N_MARKS && *at < end && **at == mark[csv->n_marks]) {
        csv->n_marks++;
        ++*at;
    }
    return *at == end || end_mark(csv, error);
}

gboolean csv_feed(Csv *csv, const char *data, gsize length, GError **error)
{
    const char *at = data, *end = data + length;

    g_assert(!csv->failed);
    csv->failed = !skip_mark(csv, &at, end, error) || !feed(csv, at, end, error);
    return !csv->failed;
}

gboolean csv_end(Csv *csv, GError **error)
{
    g_assert(!csv->failed);
    csv->failed = TRUE; /* nothing may be fed after this, either */
    if (!end_mark(csv, error))
        return FALSE;
    if (csv->state == IN_QUOTES)
        return fail(error, csv->quote_line, "a quote is opened here and never closed");
    return csv->state == AT_ROW || end_row(csv, error);
}
