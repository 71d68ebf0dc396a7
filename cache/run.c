/* SPDX-License-Identifier: MIT */
/* run.c - gathers rows of a report, sorts them by part and key, and writes them as chunks. */
#include "cache/run.h"

#include <string.h>

#include "api/json.h"
#include "cache/store.h"

enum { RUN_SIZE = 2 * 1024 * 1024, LENGTH = sizeof(guint32), DAY_LENGTH = 10 };

/* Where a row begins, and of which part it is, in days after the first. */
typedef struct {
    guint32 at, part;
} RowRef;

struct Run {
    RunSpec spec;
    guint width, n_dimensions;
    int time; /* which cell; -1: none */
    gint64 first_day;
    guint n_parts;
    GString *rows;
    GArray *refs; /* of RowRef */
    gsize row;    /* where the one that is being put together begins */
    guint cell;
    gsize time_at;
    gboolean odd; /* the row has no id */
    guint64 n;
};

/* ---- days ---- */

static gboolean two_digits(const char *text, guint *ret)
{
    if (!g_ascii_isdigit(text[0]) || !g_ascii_isdigit(text[1]))
        return FALSE;
    *ret = (guint)(text[0] - '0') * 10 + (guint)(text[1] - '0');
    return TRUE;
}

/* FALSE: the text does not begin with YYYY-MM-DD. */
static gboolean read_day(const char *text, guint *ret_year, guint *ret_month, guint *ret_day)
{
    guint century, rest;

    if (!two_digits(text, &century) || !two_digits(text + 2, &rest) || text[4] != '-' ||
        !two_digits(text + 5, ret_month) || text[7] != '-' || !two_digits(text + 8, ret_day))
        return FALSE;
    *ret_year = century * 100 + rest;
    return *ret_month >= 1 && *ret_month <= 12;
}

/* Days since a day in the past, -1: it is none. By Howard Hinnant's way of counting years from
   March on. */
static gint64 day_number(const char *text)
{
    guint year, month, day, of_year;

    if (!read_day(text, &year, &month, &day))
        return -1;
    year -= month <= 2;
    of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return (gint64)year * 365 + year / 4 - year / 100 + year / 400 + of_year;
}

static void day_text(const Run *run, guint part, char ret[DAY_LENGTH + 1])
{
    guint year, month, day;
    GDate date;

    if (!read_day(run->spec.start, &year, &month, &day))
        g_assert_not_reached();
    g_date_set_dmy(&date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
    g_date_add_days(&date, part);
    g_snprintf(ret, DAY_LENGTH + 1, "%04u-%02u-%02u", g_date_get_year(&date),
               (guint)g_date_get_month(&date), g_date_get_day(&date));
}

Run *run_new(const RunSpec *spec)
{
    Run *run = g_new0(Run, 1);

    run->spec = *spec;
    run->width = report_width(spec->shape);
    run->n_dimensions = report_n_dimensions(spec->shape);
    run->time = report_time(spec->shape) ? (int)run->n_dimensions - 1 : -1;
    run->n_parts = 1;
    if (run->time >= 0) {
        run->first_day = day_number(spec->start);
        run->n_parts = (guint)MAX(day_number(spec->end) - run->first_day + 1, 1);
    }
    run->rows = g_string_sized_new(LENGTH);
    run->refs = g_array_new(FALSE, FALSE, sizeof(RowRef));
    g_string_set_size(run->rows, LENGTH);
    return run;
}

void run_free(Run *run)
{
    if (!run)
        return;
    g_string_free(run->rows, TRUE);
    g_array_unref(run->refs);
    g_free(run);
}

/* ---- a row ---- */

static void begin_row(Run *run)
{
    run->row = run->rows->len;
    run->cell = 0;
    run->odd = FALSE;
    g_string_set_size(run->rows, run->row + LENGTH);
}

/* Synchronous answers say "2026-11-20 05:00:00", those of tasks may say less: one is as long as the
   other, or rows that are the same would look different. */
static void even_time(Run *run, gsize from)
{
    gsize length = run->rows->len - from;

    if (run->spec.shape->grain == GRAIN_DAY)
        g_string_truncate(run->rows, from + MIN(length, DAY_LENGTH));
    if (run->spec.shape->grain != GRAIN_HOUR || length < DAY_LENGTH + 3)
        return;
    run->rows->str[from + DAY_LENGTH] = ' ';
    g_string_truncate(run->rows, from + DAY_LENGTH + 3);
    g_string_append(run->rows, ":00:00");
}

static void end_cell(Run *run, gsize from)
{
    char *text = run->rows->str + from, *nul;
    gsize length = run->rows->len - from;

    while ((nul = memchr(text, '\0', length))) /* would end the cell */
        *nul = ' ';
    if ((int)run->cell == run->time) {
        run->time_at = from;
        even_time(run, from);
    }
    run->odd |= run->cell == 0 && run->spec.shape->id != NULL && run->rows->len == from;
    g_string_append_c(run->rows, '\0');
    run->cell++;
}

void run_cell(Run *run, const char *text, gsize length)
{
    gsize from = run->rows->len;

    if (text)
        g_string_append_len(run->rows, text, (gssize)length);
    else if (run->cell >= run->n_dimensions)
        g_string_append_c(run->rows, (char)0xff);
    end_cell(run, from);
}

void run_cell_json(Run *run, const char *at, gsize length)
{
    JsonSpan span = {at, length};
    gsize from = run->rows->len;

    if (!at || json_span_is_null(span)) {
        run_cell(run, NULL, 0);
        return;
    }
    g_string_set_size(run->rows, from + length + 1);
    g_string_truncate(run->rows, from + json_span_copy(span, run->rows->str + from));
    end_cell(run, from);
}

/* FALSE: another day than those that were asked for. */
static gboolean find_part(const Run *run, guint *ret)
{
    gint64 day;

    *ret = 0;
    if (run->time < 0)
        return TRUE;
    if (strlen(run->rows->str + run->time_at) < DAY_LENGTH)
        return FALSE;
    day = day_number(run->rows->str + run->time_at);
    *ret = (guint)(day - run->first_day);
    return day >= run->first_day && day - run->first_day < run->n_parts;
}

/* Of an account without figures by the hour the one row may have no hour: there is nothing to keep,
   but it was counted. */
static gboolean is_placeholder(const Run *run)
{
    return run->time >= 0 && strcmp(run->rows->str + run->time_at, "-") == 0;
}

gboolean run_row(Run *run)
{
    RowRef ref = {(guint32)run->row, 0};
    gboolean taken, kept;
    guint32 length;

    while (run->cell < run->width)
        run_cell(run, NULL, 0);
    length = (guint32)(run->rows->len - run->row - LENGTH);
    memcpy(run->rows->str + run->row, &length, LENGTH);
    kept = !run->odd && find_part(run, &ref.part);
    taken = kept || is_placeholder(run);
    run->n += taken;
    if (kept)
        g_array_append_val(run->refs, ref);
    else
        g_string_truncate(run->rows, run->row);
    begin_row(run);
    return taken;
}

guint64 run_rows(const Run *run)
{
    return run->n;
}

/* ---- sorted ---- */

static ChunkRow row_at(const Run *run, const RowRef *ref)
{
    ChunkIter iter;
    ChunkRow row;

    chunk_iter_init(&iter, run->spec.shape, run->rows->str + ref->at, run->rows->len - ref->at);
    chunk_iter_next(&iter, &row);
    return row;
}

/* Parts first, in one pass: services list by object, then day. */
static GArray *by_part(const Run *run, guint **ret_ends)
{
    GArray *sorted = g_array_sized_new(FALSE, FALSE, sizeof(ChunkRow), run->refs->len);
    g_autofree guint *next = g_new0(guint, run->n_parts);
    guint total = 0;

    *ret_ends = g_new0(guint, run->n_parts);
    g_array_set_size(sorted, run->refs->len);
    for (guint i = 0; i < run->refs->len; i++)
        (*ret_ends)[g_array_index(run->refs, RowRef, i).part]++;
    for (guint part = 0; part < run->n_parts; part++) {
        next[part] = total;
        total += (*ret_ends)[part];
        (*ret_ends)[part] = total;
    }
    for (guint i = 0; i < run->refs->len; i++) {
        const RowRef *ref = &g_array_index(run->refs, RowRef, i);

        g_array_index(sorted, ChunkRow, next[ref->part]++) = row_at(run, ref);
    }
    return sorted;
}

static int compare_rows(const void *a, const void *b)
{
    return chunk_row_compare(a, b);
}

/* Most come in order. */
static void sort_part(ChunkRow *rows, guint n)
{
    for (guint i = 1; i < n; i++)
        if (chunk_row_compare(&rows[i - 1], &rows[i]) > 0) {
            qsort(rows, n, sizeof *rows, compare_rows);
            return;
        }
}

static gboolean write_parts(Run *run, ChunkWriter *writer, GError **error)
{
    g_autofree guint *ends = NULL;
    g_autoptr(GArray) sorted = by_part(run, &ends);
    guint i = 0;

    for (guint part = 0; part < run->n_parts; part++) {
        char day[DAY_LENGTH + 1] = "";

        if (i == ends[part])
            continue;
        if (run->time >= 0)
            day_text(run, part, day);
        sort_part(&g_array_index(sorted, ChunkRow, i), ends[part] - i);
        for (; i < ends[part]; i++)
            if (!chunk_writer_add(writer, run->time >= 0 ? day : run->spec.total,
                                  &g_array_index(sorted, ChunkRow, i), error))
                return FALSE;
        if (!chunk_writer_end(writer, error)) /* the name of the part ends here */
            return FALSE;
    }
    return TRUE;
}

gboolean run_flush(Run *run, sqlite3 *db, gboolean all, GError **error)
{
    ChunkWriter writer;
    gboolean done;

    if (run->refs->len == 0 || (!all && run->rows->len < RUN_SIZE))
        return TRUE;
    done = chunk_writer_init(&writer, db, run->spec.generation, run->spec.slice, error) &&
           write_parts(run, &writer, error);
    chunk_writer_clear(&writer);
    g_array_set_size(run->refs, 0);
    g_string_truncate(run->rows, 0);
    begin_row(run);
    return done;
}

gboolean run_empty(Run *run, sqlite3 *db, GError **error)
{
    g_array_set_size(run->refs, 0);
    g_string_truncate(run->rows, 0);
    begin_row(run);
    run->n = 0;
    return sql_run(db, error, "DELETE FROM report_chunk WHERE generation = ?1 AND slice = ?2", "ii",
                   run->spec.generation, (gint64)run->spec.slice);
}
