/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * csv.h - a table of RFC 4180 as it comes in, cut anywhere: each row as soon as its last byte is
 * here. The first row has as many cells as every other. Pure; one reader is for one thread at a
 * time.
 *
 * Lines end in LF or CRLF. A quote counts where a cell begins and nowhere else. Empty lines at the
 * end of a table of two columns or more are no rows.
 */
#include <glib.h>

typedef struct Csv Csv;

/* What the cell says, without its quotes. Not terminated. */
typedef struct {
    const char *at;
    gsize length;
} CsvCell;

/* line: where the row begins, from 1. The cells are borrowed for the call. FALSE and error: this is
   the end, and csv_feed() says so. */
typedef gboolean (*CsvRowFunc)(void *user_data, guint64 line, const CsvCell *cells, guint n_cells,
                               GError **error);

enum { CSV_ROW_MAX = 1024 * 1024 };

Csv *csv_new(CsvRowFunc row, void *user_data);
void csv_free(Csv *csv); /* NULL is fine */

/* FALSE and error, which names the line: it is no such table, a row has more bytes than
   CSV_ROW_MAX, or row() has failed. Nothing may be fed after that. */
gboolean csv_feed(Csv *csv, const char *data, gsize length, GError **error);

/* There is no more: the last row comes now if no line end came after it. */
gboolean csv_end(Csv *csv, GError **error);

guint64 csv_n_rows(const Csv *csv); /* that were told, the first one, too */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Csv, csv_free)
