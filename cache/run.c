/* SPDX-License-Identifier: MIT */
/* run.c - gathers rows of a report, sorts them by part and key, and writes them as chunks. */
#include "cache/run.h"

#include <string.h>

#include "api/json.h"
#include "cache/chunk.h"
#include "cache/day.h"
#include "cache/room.h"
#include "cache/store.h"

enum { RUN_SIZE = 2 * 1024 * 1024, LENGTH = sizeof(guint32), NONE = 0xff };

/* Where a row begins, and of which part it is, in days after the first; behind all days is the part
   of those that say there is nothing. */
typedef struct {
    guint32 at, part, key_length;
    guint8 id_length;
} RowRef;

struct Run {
    RunSpec spec;
    guint width, n_dimensions;
    int time; /* which cell; -1: none */
    guint first_day;
    char day[DAY_LENGTH + 1]; /* of the row before, and its part */
    guint day_part;
    guint n_parts; /* with that of nothing */
    char *rows;
    gsize length, room;
    GArray *refs; /* of RowRef */
    gsize row;    /* where the one that is being put together begins */
    guint cell;
    gsize time_at, key_end;
    gsize id_length; /* of a row without id 0 */
    guint64 n;
    gsize size;
    gboolean stored; /* the store has rows of it, or had */
};

static void part_text(const Run *run, guint part, char ret[DAY_LENGTH + 1])
{
    if (part == run->n_parts - 1)
        g_strlcpy(ret, RUN_NOTHING, DAY_LENGTH + 1);
    else
        day_text(run->first_day + part, ret);
}

/* ---- bytes ---- */

/* Where so many more bytes go. */
static inline char *make_room(Run *run, gsize n)
{
    if (run->room - run->length < n) {
        run->room = MAX(run->room + run->room / 2, run->length + n);
        run->rows = g_realloc(run->rows, run->room);
    }
    return run->rows + run->length;
}

static void append(Run *run, const char *text, gsize length)
{
    memcpy(make_room(run, length), text, length);
    run->length += length;
}

static void begin_row(Run *run)
{
    make_room(run, LENGTH);
    run->row = run->length;
    run->length += LENGTH;
    run->cell = 0;
    run->id_length = run->key_end = 0;
}

static void empty(Run *run)
{
    g_array_set_size(run->refs, 0);
    run->length = 0;
    begin_row(run);
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
    run->refs = g_array_new(FALSE, FALSE, sizeof(RowRef));
    begin_row(run);
    return run;
}

void run_free(Run *run)
{
    if (!run)
        return;
    g_free(run->rows);
    g_array_unref(run->refs);
    g_free(run);
}

/* ---- a row ---- */

/* Synchronous answers say "2026-11-20 05:00:00", those of tasks may say less: one is as long as the
   other, or rows that are the same would look different. */
static void even_time(Run *run, gsize from)
{
    const char *text = run->rows + from;
    gsize length = run->length - from;
    char hour[] = " 00:00:00";

    if (length <= DAY_LENGTH)
        return;
    if (run->spec.shape->grain != GRAIN_HOUR) {
        run->length = from + DAY_LENGTH;
        return;
    }
    if (length >= DAY_LENGTH + 2) {
        gboolean two = length > DAY_LENGTH + 2 && g_ascii_isdigit(text[DAY_LENGTH + 2]);

        if (!g_ascii_isdigit(text[DAY_LENGTH + 1]))
            return;
        memcpy(hour + (two ? 1 : 2), text + DAY_LENGTH + 1, two ? 2 : 1);
    }
    run->length = from + DAY_LENGTH;
    append(run, hour, strlen(hour));
}

static void end_cell(Run *run)
{
    *make_room(run, 1) = '\0';
    run->length++;
    run->cell++;
}

static void end_text(Run *run, gsize from)
{
    if (run->cell >= run->n_dimensions) {
        end_cell(run);
        return;
    }
    if ((int)run->cell == run->time) {
        run->time_at = from;
        even_time(run, from);
    }
    if (run->cell == 0 && run->spec.shape->id)
        run->id_length = run->length - from;
    end_cell(run);
    run->key_end = run->length;
}

/* What a cell can not hold: a NUL would end it, and one byte 0xff means that there is none. */
static void append_text(Run *run, const char *text, gsize length)
{
    gsize from = run->length;

    if (length == 1 && (guint8)text[0] == NONE) {
        append(run, "\xef\xbf\xbd", 3); /* U+FFFD */
        return;
    }
    append(run, text, length);
    if (memchr(text, '\0', length))
        for (gsize i = from; i < run->length; i++)
            if (run->rows[i] == '\0')
                run->rows[i] = ' ';
}

void run_cell(Run *run, const char *text, gsize length)
{
    gsize from = run->length;

    if (!text && run->cell >= run->n_dimensions) {
        append(run, (const char[]){(char)NONE}, 1);
        end_cell(run);
        return;
    }
    if (text)
        append_text(run, text, length);
    end_text(run, from);
}

void run_cell_json(Run *run, const char *at, gsize length)
{
    JsonSpan span = {at, length};
    gsize from = run->length;

    if (!at || json_span_is_null(span)) {
        run_cell(run, NULL, 0);
    } else if (length >= 2 && at[0] == '"' && !memchr(at, '\\', length)) { /* as good as all */
        run_cell(run, at + 1, length - 2);
    } else {
        run->length += json_span_copy(span, make_room(run, length + 1));
        end_text(run, from);
    }
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
    gboolean odd = run->spec.shape->id && run->id_length == 0;
    const char *time = run->rows + run->time_at;

    *ret = 0;
    if (run->time < 0)
        return !odd;
    /* Of an account without figures by the hour the one row may have no hour. */
    *ret = run->n_parts - 1;
    return strcmp(time, RUN_NOTHING) == 0 || (!odd && find_day(run, time, ret));
}

gboolean run_row(Run *run)
{
    RowRef ref = {.at = (guint32)run->row};
    gboolean taken;
    guint32 length;

    while (run->cell < run->width)
        run_cell(run, NULL, 0);
    length = (guint32)(run->length - run->row - LENGTH);
    memcpy(run->rows + run->row, &length, LENGTH);
    taken = find_part(run, &ref.part);
    run->n += taken;
    if (taken) {
        ref.key_length = (guint32)(MAX(run->key_end, run->row + LENGTH) - run->row - LENGTH);
        ref.id_length = (guint8)MIN(run->id_length, G_MAXUINT8);
        g_array_append_val(run->refs, ref);
    } else {
        run->length = run->row;
    }
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
    ChunkRow row = {.cells = run->rows + ref->at + LENGTH,
                    .key_length = ref->key_length,
                    .id_length = ref->id_length,
                    .has_id = run->spec.shape->id != NULL};

    memcpy(&row.length, run->rows + ref->at, LENGTH);
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
    const RunSpec *spec = &run->spec;
    ChunkTarget target = {spec->shape, spec->generation, spec->slice, spec->sizes.chunk};
    ChunkWriter writer;
    gboolean done;

    if (run->refs->len == 0 || (!all && run->length < run->size))
        return TRUE;
    if (!room_check(db, run->length, error))
        return FALSE;
    run->stored = TRUE;
    done = chunk_writer_init(&writer, db, &target, error) && write_parts(run, &writer, error);
    chunk_writer_clear(&writer);
    empty(run);
    return done;
}

gboolean run_empty(Run *run, sqlite3 *db, GError **error)
{
    empty(run);
    run->n = 0;
    /* The number of the slice is its own: only itself has written under it. */
    return !run->stored ||
           sql_run(db, error, "DELETE FROM report_chunk WHERE generation = ?1 AND slice = ?2", "ii",
                   run->spec.generation, (gint64)run->spec.slice);
}
