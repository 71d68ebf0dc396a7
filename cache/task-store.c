/* SPDX-License-Identifier: MIT */
/* task-store.c - rows of a task's CSV become rows of its slice; which tasks there are. */
#include "cache/task-store.h"

#include <string.h>

#include "api/csv.h"
#include "api/error.h"
#include "cache/store.h"

/* ---- notes ---- */

void task_note_free(void *data)
{
    TaskNote *note = data;

    if (!note)
        return;
    g_free(note->key);
    g_free(note->id);
    g_free(note);
}

/* Without the number of the account's row, which another cache file may give to another. */
char *task_key(const SliceSpec *slice)
{
    g_autofree char *words = report_words(slice->part->shape);
    g_autofree char *ids = slice->ids ? g_strjoinv(",", slice->ids) : g_strdup("-");

    return g_strdup_printf("%s %s %s..%s %s %s", slice->part->account_id, words, slice->start,
                           slice->end, slice->ids ? kind_names(slice->kind)->word : "-", ids);
}

gboolean task_note_find(sqlite3 *db, TaskNote *note, GError **error)
{
    static const char sql[] = "SELECT id, created FROM state.task WHERE key = ?1 AND created >= ?2"
                              " ORDER BY created DESC LIMIT 1";
    g_autoptr(sqlite3_stmt) row = sql_prepare(db, error, sql, "ti", note->key, note->not_before_us);

    if (!row)
        return FALSE;
    if (sql_step(row, error)) {
        note->id = g_strdup(sql_text(row, 0));
        note->created_us = sqlite3_column_int64(row, 1);
    }
    return TRUE;
}

gboolean task_note_put(sqlite3 *db, const TaskNote *note, GError **error)
{
    return sql_run(db, error,
                   "INSERT OR REPLACE INTO state.task(id, key, created) VALUES(?1, ?2, ?3)", "tti",
                   note->id, note->key, note->created_us);
}

gboolean task_note_remove(sqlite3 *db, const char *id, GError **error)
{
    return sql_run(db, error, "DELETE FROM state.task WHERE id = ?1", "t", id);
}

/* ---- the table ---- */

struct TaskTable {
    const SliceSpec *slice;
    Csv *csv;
    guint width;
    guint *columns;  /* of the table, for each cell of a row; G_MAXUINT: it has none */
    gboolean failed; /* what comes yet is of no use */
    char last;       /* byte that came */
};

static GError *lacks(const char *name)
{
    return api_error_new(API_ERROR_MALFORMED, 0, NULL,
                         "The table of the report task has no column %s", name);
}

static gboolean is_named(const CsvCell *cell, const char *name)
{
    return cell->length == strlen(name) && memcmp(cell->at, name, cell->length) == 0;
}

static guint find_column(const CsvCell *cells, guint n_cells, const char *name)
{
    for (guint i = 0; i < n_cells; i++)
        if (is_named(&cells[i], name))
            return i;
    return G_MAXUINT;
}

/* A service that translates its titles all the same has them in the order asked for. */
static gboolean is_translated(const TaskTable *table, guint n_cells)
{
    for (guint i = 0; i < table->width; i++)
        if (table->columns[i] != G_MAXUINT)
            return FALSE;
    return n_cells == table->width;
}

static gboolean read_header(TaskTable *table, const CsvCell *cells, guint n_cells, GError **error)
{
    const ReportShape *shape = table->slice->part->shape;
    g_autoptr(GPtrArray) names = report_dimensions(shape);
    guint n_dimensions = report_n_dimensions(shape);

    for (guint i = 0; i < table->width; i++)
        table->columns[i] = find_column(
            cells, n_cells, i < n_dimensions ? names->pdata[i] : shape->metrics[i - n_dimensions]);
    if (is_translated(table, n_cells)) {
        for (guint i = 0; i < table->width; i++)
            table->columns[i] = i;
        return TRUE;
    }
    for (guint i = 0; i < n_dimensions; i++)
        if (table->columns[i] == G_MAXUINT) {
            g_propagate_error(error, lacks(names->pdata[i]));
            return FALSE;
        }
    return TRUE;
}

static gboolean on_row(void *user_data, guint64 line, const CsvCell *cells, guint n_cells,
                       GError **error)
{
    TaskTable *table = user_data;
    Run *run = table->slice->run;

    if (line == 1)
        return read_header(table, cells, n_cells, error);
    for (guint i = 0; i < table->width; i++) {
        guint column = table->columns[i];
        if (column < n_cells)
            run_cell(run, cells[column].at, cells[column].length);
        else
            run_cell(run, NULL, 0);
    }
    if (run_row(run))
        return TRUE;
    g_propagate_error(error, api_error_new(API_ERROR_MALFORMED, 0, NULL,
                                           "Line %" G_GUINT64_FORMAT " of the table of the report "
                                           "task is not of the days that it was asked for",
                                           line));
    return FALSE;
}

TaskTable *task_table_new(const SliceSpec *slice)
{
    TaskTable *table = g_new0(TaskTable, 1);

    table->slice = slice;
    table->width = report_width(slice->part->shape);
    table->columns = g_new0(guint, table->width);
    return table;
}

void task_table_free(TaskTable *table)
{
    if (!table)
        return;
    csv_free(table->csv);
    g_free(table->columns);
    g_free(table);
}

gboolean task_table_begin(TaskTable *table, sqlite3 *db, GError **error)
{
    csv_free(table->csv);
    table->csv = csv_new(on_row, table);
    table->failed = FALSE;
    table->last = '\0';
    return run_empty(table->slice->run, db, error);
}

gboolean task_table_feed(TaskTable *table, sqlite3 *db, GBytes *piece, GError **error)
{
    gsize length;
    const char *data = g_bytes_get_data(piece, &length);

    if (length > 0)
        table->last = data[length - 1];
    table->failed = table->failed || !csv_feed(table->csv, data, length, error) ||
                    !run_flush(table->slice->run, db, FALSE, error);
    return !table->failed;
}

static gboolean end(TaskTable *table, sqlite3 *db, GError **error)
{
    if (!csv_end(table->csv, error))
        return FALSE;
    if (csv_n_rows(table->csv) == 0) { /* not even the names of its columns */
        g_propagate_error(error, api_error_new(API_ERROR_MALFORMED, 0, NULL,
                                               "The table of the report task is empty"));
        return FALSE;
    }
    return run_flush(table->slice->run, db, TRUE, error);
}

gboolean task_table_end(TaskTable *table, sqlite3 *db, GError **error)
{
    table->failed = table->failed || !end(table, db, error);
    return !table->failed;
}

gboolean task_table_is_open(const TaskTable *table)
{
    return table->last != '\n';
}
