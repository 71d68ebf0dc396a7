/* SPDX-License-Identifier: MIT */
/* run.c - gathers rows of a report, sorts them by part and key, and writes them as chunks. */
#include "cache/run.h"

#include <string.h>

#include "api/json.h"
#include "cache/chunk.h"
#include "cache/store.h"

enum { RUN_SIZE = 2 * 1024 * 1024, LENGTH = sizeof(guint32), DAY_LENGTH = 10, NONE = 0xff };

/* Where a row begins, and of which part it is, in days after the first; behind all days is the part
   of those that say there is nothing. */
typedef struct {
    guint32 at, part;
} RowRef;

struct Run {
    RunSpec spec;
    guint width, n_dimensions;
    int time; /* which cell; -1: none */
    guint first_day;
    char day[DAY_LENGTH + 1]; /* of the row before, and its part */
    guint day_part;
    guint n_parts; /* with that of nothing */
    GString *rows;
    GArray *refs; /* of RowRef */
    gsize row;    /* where the one that is being put together begins */
    guint cell;
    gsize time_at;
    gboolean odd; /* the row has no id */
    guint64 n;
    gsize size;
    gboolean stored; /* the store has rows of it, or had */
};

/* ---- days ---- */

static gboolean two_digits(const char *text, guint *ret)
{
    if (!g_ascii_isdigit(text[0]) || !g_ascii_isdigit(text[1]))
        return FALSE;
    *ret = (guint)(text[0] - '0') * 10 + (guint)(text[1] - '0');
    return TRUE;
}

/* Of a text that begins with YYYY-MM-DD; 0: it does not, or there is no such day. */
static guint day_number(const char *text)
{
    guint century, rest, month, day;
    GDate date;

    if (strnlen(text, DAY_LENGTH) < DAY_LENGTH || !two_digits(text, &century) ||
        !two_digits(text + 2, &rest) || text[4] != '-' || !two_digits(text + 5, &month) ||
        text[7] != '-' || !two_digits(text + 8, &day))
        return 0;
    rest += century * 100;
    if (!g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)rest))
        return 0;
    g_date_clear(&date, 1);
    g_date_set_dmy(&date, (GDateDay)day, (GDateMonth)month, (GDateYear)rest);
    return g_date_get_julian(&date);
}

static void part_text(const Run *run, guint part, char ret[DAY_LENGTH + 1])
{
    GDate date;

    if (part == run->n_parts - 1) {
        g_strlcpy(ret, RUN_NOTHING, DAY_LENGTH + 1);
        return;
    }
    g_date_clear(&date, 1);
    g_date_set_julian(&date, run->first_day + part);
    g_snprintf(ret, DAY_LENGTH + 1, "%04u-%02u-%02u", g_date_get_year(&date),
               (guint)g_date_get_month(&date), g_date_get_day(&date));
}

Run *run_new(const RunSpec *spec)
{
    Run *run = g_new0(Run, 1);

    run->spec = *spec;
    run->size = spec->sizes.run ? spec->sizes.run : RUN_SIZE;
    run->width = report_width(spec->shape);
    run->n_dimensions = report_n_dimensions(spec->shape);
    run->time = report_time(spec->shape) ? (int)run->n_dimensions - 1 : -1;
    run->n_parts = 1;
    if (run->time >= 0) {
        run->first_day = day_number(spec->start);
        run->n_parts = MAX(day_number(spec->end), run->first_day) - run->first_day + 2;
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
    gsize length = run->rows->len - from, day = from + DAY_LENGTH;
    char hour[] = "00";

    if (length <= DAY_LENGTH)
        return;
    if (run->spec.shape->grain == GRAIN_HOUR && length >= DAY_LENGTH + 2) {
        memcpy(hour, run->rows->str + day + 1, MIN(length - DAY_LENGTH - 1, 2));
        if (!g_ascii_isdigit(hour[0]))
            return;
        if (!g_ascii_isdigit(hour[1]) || length == DAY_LENGTH + 2) {
            hour[1] = hour[0];
            hour[0] = '0';
        }
    }
    g_string_truncate(run->rows, day);
    if (run->spec.shape->grain == GRAIN_HOUR)
        g_string_append_printf(run->rows, " %s:00:00", hour);
}

static void end_cell(Run *run)
{
    g_string_append_c(run->rows, '\0');
    run->cell++;
}

/* What the cell can not hold: a NUL would end it, and one byte 0xff means that there is none. */
static void make_holdable(Run *run, gsize from)
{
    char *text = run->rows->str + from, *nul;
    gsize length = run->rows->len - from;

    while ((nul = memchr(text, '\0', length)))
        *nul = ' ';
    if (length == 1 && (guint8)text[0] == NONE) {
        g_string_truncate(run->rows, from);
        g_string_append(run->rows, "\xef\xbf\xbd"); /* U+FFFD */
    }
}

static void end_text(Run *run, gsize from)
{
    make_holdable(run, from);
    if ((int)run->cell == run->time) {
        run->time_at = from;
        even_time(run, from);
    }
    run->odd |= run->cell == 0 && run->spec.shape->id != NULL && run->rows->len == from;
    end_cell(run);
}

void run_cell(Run *run, const char *text, gsize length)
{
    gsize from = run->rows->len;

    if (!text && run->cell >= run->n_dimensions) {
        g_string_append_c(run->rows, (char)NONE);
        end_cell(run);
        return;
    }
    g_string_append_len(run->rows, text ? text : "", text ? (gssize)length : 0);
    end_text(run, from);
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
    end_text(run, from);
}

/* FALSE: another day than those that were asked for. */
static gboolean find_day(Run *run, const char *time, guint *ret)
{
    guint day;

    if (strncmp(time, run->day, DAY_LENGTH) == 0 && run->day[0] != '\0') { /* most often */
        *ret = run->day_part;
        return TRUE;
    }
    day = day_number(time);
    if (day < run->first_day || day - run->first_day >= run->n_parts - 1)
        return FALSE;
    memcpy(run->day, time, DAY_LENGTH);
    *ret = run->day_part = day - run->first_day;
    return TRUE;
}

/* FALSE: the row is not of this fetch. */
static gboolean find_part(Run *run, guint *ret)
{
    const char *time = run->rows->str + run->time_at;

    *ret = 0;
    if (run->time < 0)
        return !run->odd;
    /* Of an account without figures by the hour the one row may have no hour. */
    *ret = run->n_parts - 1;
    return strcmp(time, RUN_NOTHING) == 0 || (!run->odd && find_day(run, time, ret));
}

gboolean run_row(Run *run)
{
    RowRef ref = {(guint32)run->row, 0};
    gboolean taken;
    guint32 length;

    while (run->cell < run->width)
        run_cell(run, NULL, 0);
    length = (guint32)(run->rows->len - run->row - LENGTH);
    memcpy(run->rows->str + run->row, &length, LENGTH);
    taken = find_part(run, &ref.part);
    run->n += taken;
    if (taken)
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

/* Of rows with the same key the first comes first. */
static int compare_rows(const void *a, const void *b)
{
    const ChunkRow *left = a, *right = b;
    int order = chunk_row_compare(left, right);

    return order != 0 ? order : (left->cells > right->cells) - (left->cells < right->cells);
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
            part_text(run, part, day);
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

    if (run->refs->len == 0 || (!all && run->rows->len < run->size))
        return TRUE;
    run->stored = TRUE;
    done = chunk_writer_init(&writer, db, run->spec.generation, run->spec.slice,
                             run->spec.sizes.chunk, error) &&
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
    /* The number of the slice is its own: only itself has written under it. */
    return !run->stored ||
           sql_run(db, error, "DELETE FROM report_chunk WHERE generation = ?1 AND slice = ?2", "ii",
                   run->spec.generation, (gint64)run->spec.slice);
}
