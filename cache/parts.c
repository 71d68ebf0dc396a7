/* SPDX-License-Identifier: MIT */
/*
 * parts.c - takes pages of reports apart, and puts the rows of a complete fetch in the place of
 * those before. Cells keep the text that the service sent.
 */
#include "cache/parts.h"

#include <string.h>

#include "api/error.h"
#include "api/json.h"
#include "cache/merge.h"
#include "cache/restated.h"
#include "cache/store.h"
#include "cache/sums.h"

void part_spec_free(PartSpec *spec)
{
    if (!spec)
        return;
    report_shape_free(spec->shape);
    g_free(spec->words);
    g_free(spec->account_id);
    g_free(spec->start);
    g_free(spec->end);
    g_free(spec->total);
    g_free(spec);
}

char *shape_words(const ReportQuery *query)
{
    g_autofree char *words = report_words(&query->shape);

    return g_strdup_printf("%" G_GINT64_FORMAT " %s", query->advertiser, words);
}

int slice_column(const ReportShape *shape, ObjectKind kind)
{
    if (shape->id != NULL && shape->level == kind)
        return 0;
    for (guint i = 0; shape->metrics[i]; i++)
        if (g_strcmp0(shape->metrics[i], kind_names(kind)->id) == 0)
            return (int)(report_n_dimensions(shape) + i);
    return -1;
}

gboolean slice_of(const ReportQuery *query, ReportQuery *ret_whole)
{
    *ret_whole = *query;
    ret_whole->shape.object_id = NULL;
    ret_whole->shape.object_kind = KIND_NONE;
    return query->shape.object_id != NULL &&
           slice_column(&query->shape, query->shape.object_kind) >= 0;
}

char *part_name(const ReportShape *shape, const char *start, const char *end)
{
    if (report_time(shape))
        return NULL;
    return shape->lifetime ? g_strdup("lifetime") : g_strconcat(start, "..", end, NULL);
}

/* ---- slices ---- */

SliceSpec *slice_spec_new(const PartSpec *part, guint number, const char *start, const char *end)
{
    SliceSpec *slice = g_new0(SliceSpec, 1);
    RunSpec run;

    slice->part = part;
    slice->number = number;
    slice->start = g_strdup(start);
    slice->end = g_strdup(end);
    run = (RunSpec){.shape = part->shape,
                    .start = slice->start,
                    .end = slice->end,
                    .total = part->total,
                    .generation = part->generation,
                    .slice = number,
                    .sizes = part->sizes};
    slice->run = run_new(&run);
    return slice;
}

void slice_spec_free(void *data)
{
    SliceSpec *slice = data;

    if (!slice)
        return;
    run_free(slice->run);
    g_clear_pointer(&slice->totals, g_array_unref);
    g_free(slice->start);
    g_free(slice->end);
    g_strfreev(slice->ids);
    g_free(slice);
}

ReportCall slice_call(const SliceSpec *slice)
{
    return (ReportCall){.shape = slice->part->shape,
                        .account_id = slice->part->account_id,
                        .start = slice->start,
                        .end = slice->end,
                        .ids_kind = slice->kind,
                        .ids = (const char *const *)slice->ids,
                        .objects = slice->objects};
}

/* ---- a page ---- */

static GError *not_json(void)
{
    return api_error_new(API_ERROR_MALFORMED, 0, NULL, "The answer of the service is not JSON");
}

/* Where the values of a row are to be found, in the order of the shape. */
typedef struct {
    guint n_dimensions, width;
    JsonField *fields; /* of dimensions, then of metrics */
    JsonSpan *spans;
} Columns;

static void columns_init(Columns *columns, const ReportShape *shape)
{
    g_autoptr(GPtrArray) names = report_dimensions(shape);

    columns->n_dimensions = report_n_dimensions(shape);
    columns->width = report_width(shape);
    columns->fields = g_new(JsonField, columns->width);
    columns->spans = g_new(JsonSpan, columns->width);
    for (guint i = 0; i < columns->width; i++)
        columns->fields[i] = (JsonField){
            i < columns->n_dimensions ? names->pdata[i] : shape->metrics[i - columns->n_dimensions],
            i * sizeof(JsonSpan)};
}

static void columns_clear(Columns *columns)
{
    g_free(columns->fields);
    g_free(columns->spans);
}

/* FALSE: the text of the row is not JSON. */
static gboolean pick_row(const Columns *columns, JsonSpan text)
{
    static const JsonField members[] = {{"dimensions", 0}, {"metrics", sizeof(JsonSpan)}};
    const guint n = columns->n_dimensions;
    JsonSpan row[2] = {{NULL, 0}, {NULL, 0}};

    memset(columns->spans, 0, columns->width * sizeof *columns->spans);
    if (!json_pick(text, members, G_N_ELEMENTS(members), row))
        return FALSE;
    return (!row[0].at || json_pick(row[0], columns->fields, n, columns->spans)) &&
           (!row[1].at ||
            json_pick(row[1], columns->fields + n, columns->width - n, columns->spans));
}

/* Rows that are no objects, or not of this fetch, are missed when they are counted. */
static gboolean add_rows(Run *run, const ReportShape *shape, JsonSpan list)
{
    JsonIter iter;
    JsonSpan name, row;
    Columns columns;
    gboolean whole = TRUE;

    if (!list.at || list.at[0] != '[' || !json_iter_init(&iter, list.at, list.length))
        return TRUE;
    columns_init(&columns, shape);
    while (whole && json_iter_next(&iter, &name, &row)) {
        if (row.at[0] != '{')
            continue;
        whole = pick_row(&columns, row);
        for (guint i = 0; whole && i < columns.width; i++)
            run_cell_json(run, columns.spans[i].at, columns.spans[i].length);
        if (whole)
            run_row(run);
    }
    columns_clear(&columns);
    return whole && json_iter_whole(&iter);
}

typedef struct {
    JsonSpan list, totals;
} Found;

/* In the data of an answer; empty where there is none. */
static gboolean find_list(GBytes *body, Found *ret)
{
    static const JsonField data = {"data", 0};
    static const JsonField members[] = {{"list", offsetof(Found, list)},
                                        {"total_metrics", offsetof(Found, totals)}};
    JsonSpan all, found = {NULL, 0};

    all.at = g_bytes_get_data(body, &all.length);
    for (; all.length > 0 && g_ascii_isspace(*all.at); all.at++)
        all.length--;
    *ret = (Found){{NULL, 0}, {NULL, 0}};
    return json_pick(all, &data, 1, &found) &&
           (!found.at || found.at[0] != '{' ||
            json_pick(found, members, G_N_ELEMENTS(members), ret));
}

static void keep_totals(SliceSpec *slice, JsonSpan totals)
{
    g_clear_pointer(&slice->totals, g_array_unref);
    slice->totals = sums_of_totals(slice->part->shape, totals);
}

gboolean parts_store(sqlite3 *db, const void *data, const Page *page, gint64 *ret_rows,
                     gint64 *ret_new, GError **error)
{
    SliceSpec *slice = (SliceSpec *)data;
    guint64 before;
    Found found;

    if (page->first && !run_empty(slice->run, db, error))
        return FALSE;
    before = run_rows(slice->run);
    if (!find_list(page->body, &found) || !add_rows(slice->run, slice->part->shape, found.list)) {
        g_propagate_error(error, not_json());
        return FALSE;
    }
    *ret_rows = *ret_new = (gint64)(run_rows(slice->run) - before);
    if (page->number == 1)
        keep_totals(slice, found.totals);
    if (page->only) /* others will bring its rows as well */
        return run_empty(slice->run, db, error);
    return run_flush(slice->run, db, FALSE, error);
}

gboolean parts_end_slice(sqlite3 *db, const void *data, gint64 began_us, GError **error)
{
    const SliceSpec *slice = data;

    (void)began_us;
    return run_flush(slice->run, db, TRUE, error);
}

/* ---- a complete fetch ---- */

static const char remove_rows[] =
    "DELETE FROM report_chunk WHERE chunk IN (SELECT c.chunk FROM report_part p"
    " CROSS JOIN report_chunk c ON c.generation = p.generation AND c.part = +p.part"
    " WHERE p.shape = (SELECT shape FROM report_shape WHERE words = ?1)"
    " AND p.part BETWEEN ?2 AND ?3)";

/* ?2 ?3: first and last day, of totals ?6 is their one part. A day is frozen when it was old enough
   as it was read. */
static const char put_parts[] =
    "WITH RECURSIVE days(part, last) AS (SELECT coalesce(?6, ?2), iif(?6 IS NULL, ?2, ?3)"
    " UNION ALL SELECT date(part, '+1 day'), date(part, '+1 day') FROM days WHERE ?6 IS NULL"
    "  AND part < ?3)"
    " INSERT OR REPLACE INTO report_part(shape, part, fetched, frozen, generation, hash)"
    " SELECT (SELECT shape FROM report_shape WHERE words = ?1), part, ?7,"
    " part <> 'lifetime' AND ?7 / 86400000000 - unixepoch(last) / 86400 > ?4, ?5,"
    " (SELECT coalesce(sum(c.hash), 0) & " FIGURES_MASK " FROM report_chunk c"
    "  WHERE c.generation = ?5 AND c.part = days.part) FROM days";

/* They were counted, and that is all. */
static const char remove_nothing[] =
    "DELETE FROM report_chunk WHERE generation = ?1 AND part = '" RUN_NOTHING "'";

static gboolean put(sqlite3 *db, const PartSpec *spec, const PartProof *proof, GError **error)
{
    const char *total = spec->total;
    gint64 of_us = proof->of_us;

    if (of_us == 0 && !sql_number(db, &of_us, error, "SELECT now_us()", ""))
        return FALSE;
    return restated_tell(db, spec, error) &&
           sql_run(db, error,
                   "INSERT OR IGNORE INTO report_shape(words, used) VALUES(?1, now_us())", "t",
                   spec->words) &&
           sql_run(db, error, remove_rows, "ttt", spec->words, total ? total : spec->start,
                   total ? total : spec->end) &&
           sql_run(db, error, put_parts, "tttiiti", spec->words, spec->start, spec->end,
                   spec->settle_days, spec->generation, total, of_us) &&
           sql_run(db, error, remove_nothing, "i", spec->generation);
}

static gboolean check_sums(sqlite3 *db, const PartSpec *spec, const PartProof *proof, gint64 n,
                           GError **error)
{
    g_autoptr(GArray) sums = sums_new(spec->shape);
    g_autoptr(GError) failure = NULL;
    g_autoptr(sqlite3_stmt) row = sql_prepare(
        db, error, "SELECT sums FROM report_chunk WHERE generation = ?1", "i", spec->generation);

    if (!row)
        return FALSE;
    while (sql_step(row, &failure))
        sums_add_packed(sums, sqlite3_column_blob(row, 0), (gsize)sqlite3_column_bytes(row, 0));
    if (!failure)
        return sums_check(sums, proof->totals, spec->shape, n, proof->grows, error);
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

static gboolean check(sqlite3 *db, const PartSpec *spec, const PartProof *proof, GError **error)
{
    gint64 n;

    if (!sql_number(db, &n, error,
                    "SELECT coalesce(sum(n), 0) FROM report_chunk WHERE generation = ?1", "i",
                    spec->generation))
        return FALSE;
    if (n >= proof->least && (proof->most < 0 || n <= proof->most))
        return !proof->totals || check_sums(db, spec, proof, n, error);
    g_propagate_error(error,
                      api_error_new(API_ERROR_INCOMPLETE, 0, NULL,
                                    "%" G_GINT64_FORMAT " different rows came of %" G_GINT64_FORMAT,
                                    n, proof->least));
    return FALSE;
}

gboolean parts_finish(sqlite3 *db, const PartSpec *spec, const PartProof *proof, gboolean *ret_more,
                      GError **error)
{
    MergeSpec merge = {spec->shape, spec->generation, spec->sizes};
    gint64 twice = 0;

    if (!merge_step(db, &merge, ret_more, &twice, error))
        return FALSE;
    if (twice > 0 && !proof->merged) {
        g_propagate_error(error, api_error_new(API_ERROR_INCOMPLETE, 0, NULL,
                                               "%" G_GINT64_FORMAT " rows came twice", twice));
        return FALSE;
    }
    return *ret_more || (check(db, spec, proof, error) && put(db, spec, proof, error));
}

gboolean parts_discard(sqlite3 *db, const PartSpec *spec, GError **error)
{
    return sql_run(db, error, "DELETE FROM report_chunk WHERE generation = ?1", "i",
                   spec->generation);
}

gboolean parts_use(sqlite3 *db, const char *words, GError **error)
{
    return sql_run(db, error,
                   "UPDATE report_shape SET used = now_us() WHERE words = ?1"
                   " AND abs(now_us() - used) > 86400000000",
                   "t", words);
}
