/* SPDX-License-Identifier: MIT */
/*
 * parts.c - takes pages of reports apart, and puts the rows of a complete fetch in the place of
 * those before. Cells keep the text that the service sent.
 */
#include "cache/parts.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "api/error.h"
#include "cache/internal.h"
#include "cache/store.h"

/* Text of a member: a string's content, a number's digits, NULL of null. The empty string behind
   it makes plain text of it again, which json_array() then quotes. */
static void add_plain(GString *sql, int arg)
{
    g_string_append_printf(sql,
                           "iif(json_type(value, ?%d) = 'text', value ->> ?%d,"
                           " nullif(value -> ?%d, 'null')) || ''",
                           arg, arg, arg);
}

void part_spec_free(void *data)
{
    PartSpec *spec = data;

    if (!spec)
        return;
    report_shape_free(spec->shape);
    g_free(spec->words);
    g_free(spec->account_id);
    g_free(spec->start);
    g_free(spec->end);
    g_free(spec);
}

char *shape_words(const ReportQuery *query)
{
    g_autofree char *words = report_words(&query->shape);

    return g_strdup_printf("%" G_GINT64_FORMAT " %s", query->advertiser, words);
}

gboolean slice_of(const ReportQuery *query, ReportQuery *ret_whole)
{
    *ret_whole = *query;
    ret_whole->shape.object_id = NULL;
    return query->shape.object_id != NULL && query->shape.id != NULL &&
           query->shape.level == query->shape.object_kind;
}

char *part_name(const char *start, const char *end)
{
    return g_strconcat(start, "..", end, NULL);
}

/* ---- a page ---- */

/* Of the statement below: the body, paths of id and day, the name of the part of totals, and from
   there on the paths of the metrics. */
enum { ARG_BODY = 1, ARG_ID, ARG_DAY, ARG_TOTAL, ARG_METRICS };

static char *make_select(const PartSpec *spec)
{
    GString *sql = g_string_new("SELECT ");

    add_plain(sql, ARG_ID);
    if (spec->shape->grain == GRAIN_DAY) {
        g_string_append(sql, ", substr(");
        add_plain(sql, ARG_DAY);
        g_string_append(sql, ", 1, 10), json_array(");
        add_plain(sql, ARG_DAY);
    } else {
        g_string_append_printf(sql, ", ?%d, json_array(", ARG_TOTAL);
    }
    for (int i = 0; spec->shape->metrics[i]; i++) {
        g_string_append(sql, i || spec->shape->grain == GRAIN_DAY ? ", " : "");
        add_plain(sql, ARG_METRICS + i);
    }
    g_string_append(sql, ") FROM json_each(?1, '$.data.list') WHERE type = 'object'");
    return g_string_free(sql, FALSE);
}

static sqlite3_stmt *prepare_select(sqlite3 *db, const PartSpec *spec, GBytes *body, GError **error)
{
    g_autofree char *sql = make_select(spec);
    g_autofree char *part = part_name(spec->start, spec->end);
    g_autofree char *id = g_strdup_printf("$.dimensions.%s", spec->shape->id);
    gboolean by_day = spec->shape->grain == GRAIN_DAY;
    gsize length;
    const char *text = g_bytes_get_data(body, &length);
    sqlite3_stmt *row =
        sql_prepare(db, error, sql, "ttt", "", id, by_day ? "$.dimensions.stat_time_day" : NULL);

    if (!row)
        return NULL;
    sqlite3_bind_text64(row, ARG_BODY, text, length, SQLITE_STATIC, SQLITE_UTF8);
    if (!by_day)
        sqlite3_bind_text(row, ARG_TOTAL, part, -1, SQLITE_TRANSIENT);
    for (int i = 0; spec->shape->metrics[i]; i++) {
        g_autofree char *path = g_strdup_printf("$.metrics.\"%s\"", spec->shape->metrics[i]);
        sqlite3_bind_text(row, ARG_METRICS + i, path, -1, SQLITE_TRANSIENT);
    }
    return row;
}

static gboolean is_of_fetch(const PartSpec *spec, const char *id, const char *part)
{
    return *id && (spec->shape->grain != GRAIN_DAY ||
                   (strcmp(part, spec->start) >= 0 && strcmp(part, spec->end) <= 0));
}

gboolean parts_store(sqlite3 *db, const void *data, const Page *page, gint64 *ret_rows,
                     gint64 *ret_new, GError **error)
{
    static const char put[] = "INSERT OR IGNORE INTO report_row(generation, part, id, cells)"
                              " VALUES(?1, ?2, ?3, ?4)";
    const PartSpec *spec = data;
    g_autoptr(sqlite3_stmt) row = prepare_select(db, spec, page->body, error);
    g_autoptr(sqlite3_stmt) insert = row ? sql_prepare(db, error, put, "") : NULL;
    g_autoptr(GError) failure = NULL;

    if (!insert)
        return FALSE;
    if (page->first &&
        !sql_run(db, error, "DELETE FROM report_row WHERE generation = ?1", "i", spec->generation))
        return FALSE;
    while (sql_step(row, &failure)) {
        if (!is_of_fetch(spec, sql_text(row, 0), sql_text(row, 1)))
            continue; /* and is missed when the rows are counted */
        sql_bind(insert, "ittt", spec->generation, sql_text(row, 1), sql_text(row, 0),
                 sql_text(row, 2));
        if (!sql_finish(insert, error))
            return FALSE;
        ++*ret_rows;
        *ret_new += sqlite3_changes(db);
    }
    if (!failure)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

/* ---- a complete fetch ---- */

static const char remove_rows[] =
    "DELETE FROM report_row WHERE (generation, part) IN (SELECT generation, part FROM report_part"
    " WHERE shape = (SELECT shape FROM report_shape WHERE words = ?1)"
    " AND part BETWEEN ?2 AND ?3)";

/* ?2 ?3: first and last day, of totals ?6 is their one part. A day is frozen when it was old enough
   as it was read. */
static const char put_parts[] =
    "WITH RECURSIVE days(part, last) AS (SELECT coalesce(?6, ?2), iif(?6 IS NULL, ?2, ?3)"
    " UNION ALL SELECT date(part, '+1 day'), date(part, '+1 day') FROM days WHERE ?6 IS NULL"
    "  AND part < ?3)"
    " INSERT OR REPLACE INTO report_part(shape, part, fetched, frozen, generation)"
    " SELECT (SELECT shape FROM report_shape WHERE words = ?1), part, now_us(),"
    " now_us() / 86400000000 - unixepoch(last) / 86400 > ?4, ?5 FROM days";

gboolean parts_finish(sqlite3 *db, const void *data, gint64 began_us, GError **error)
{
    const PartSpec *spec = data;
    g_autofree char *total =
        spec->shape->grain == GRAIN_DAY ? NULL : part_name(spec->start, spec->end);

    (void)began_us;
    return sql_run(db, error, "INSERT OR IGNORE INTO report_shape(words) VALUES(?1)", "t",
                   spec->words) &&
           sql_run(db, error, remove_rows, "ttt", spec->words, total ? total : spec->start,
                   total ? total : spec->end) &&
           sql_run(db, error, put_parts, "tttiit", spec->words, spec->start, spec->end,
                   spec->settle_days, spec->generation, total);
}

/* ---- out again ---- */

typedef struct {
    char *shape, *first, *last; /* parts */
    char *whole, *id;           /* the shape it may be cut out of, and which rows; or NULL */
    gint64 n_parts;
    ReportRowFunc row;
    void (*end)(void *user_data);
    void (*done)(void *user_data, const GError *error);
    void *user_data;
} SpoolJob;

static void emit(const SpoolJob *spool, GPtrArray *values, sqlite3_stmt *row)
{
    cJSON *cells = cJSON_Parse(sql_text(row, 1)), *cell;

    g_ptr_array_set_size(values, 0);
    g_ptr_array_add(values, (void *)sql_text(row, 0));
    cJSON_ArrayForEach (cell, cells)
        g_ptr_array_add(values, cJSON_GetStringValue(cell));
    spool->row(spool->user_data, (const char *const *)values->pdata, values->len);
    cJSON_Delete(cells);
}

/* When the newest of all its parts was read; 0: not all of them are there. */
static gboolean find_age(sqlite3 *db, const SpoolJob *spool, const char *shape, gint64 *ret,
                         GError **error)
{
    static const char sql[] = "SELECT iif(count(*) = ?4, max(fetched), 0) FROM report_part"
                              " WHERE shape = (SELECT shape FROM report_shape WHERE words = ?1)"
                              " AND part BETWEEN ?2 AND ?3";

    *ret = 0;
    return shape == NULL || sql_number(db, ret, error, sql, "ttti", shape, spool->first,
                                       spool->last, spool->n_parts);
}

/* The object's own rows, or those of its level where these are newer. Borrowed; NULL and error. */
static const char *choose_shape(sqlite3 *db, const SpoolJob *spool, GError **error)
{
    gint64 own, whole;

    if (!find_age(db, spool, spool->shape, &own, error) ||
        !find_age(db, spool, spool->whole, &whole, error))
        return NULL;
    if (own == 0 && whole == 0)
        g_propagate_error(error, api_error_new(API_ERROR_INCOMPLETE, 0, NULL,
                                               "The report was not read as a whole"));
    if (own == 0 && whole == 0)
        return NULL;
    return own >= whole ? spool->shape : spool->whole;
}

/* Ids are numbers as text: the longer is the greater. */
static const char each_row[] =
    "SELECT r.id, r.cells FROM report_part p JOIN report_row r ON r.generation = p.generation"
    " AND r.part = p.part WHERE p.shape = (SELECT shape FROM report_shape WHERE words = ?1)"
    " AND p.part BETWEEN ?2 AND ?3 AND (?4 IS NULL OR r.id = ?4) ORDER BY length(r.id), r.id, "
    "r.part";

static gboolean run_spool(sqlite3 *db, void *job, GError **error)
{
    SpoolJob *spool = job;
    g_autoptr(GPtrArray) values = g_ptr_array_new();
    g_autoptr(sqlite3_stmt) row = NULL;
    g_autoptr(GError) failure = NULL;
    const char *shape = choose_shape(db, spool, error);

    if (!shape)
        return FALSE;
    row = sql_prepare(db, error, each_row, "tttt", shape, spool->first, spool->last,
                      shape == spool->whole ? spool->id : NULL);
    if (!row)
        return FALSE;
    while (sql_step(row, &failure))
        emit(spool, values, row);
    if (failure) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    spool->end(spool->user_data);
    return TRUE;
}

static void spooled(void *job, const GError *error)
{
    SpoolJob *spool = job;

    spool->done(spool->user_data, error);
}

static void spool_free(void *job)
{
    SpoolJob *spool = job;

    g_free(spool->shape);
    g_free(spool->whole);
    g_free(spool->id);
    g_free(spool->first);
    g_free(spool->last);
    g_free(spool);
}

static const JobType spool_job = {run_spool, spooled, spool_free};

static gint64 count_days(Cache *cache, const ReportQuery *query)
{
    gint64 n = 0;

    sql_number(store_reader(cache->store), &n, NULL,
               "SELECT (unixepoch(?2) - unixepoch(?1)) / 86400 + 1", "tt", query->start,
               query->end);
    return n;
}

void cache_spool_report(Cache *cache, const ReportQuery *query, ReportRowFunc row,
                        void (*end)(void *user_data),
                        void (*done)(void *user_data, const GError *error), void *user_data)
{
    SpoolJob *spool = g_new0(SpoolJob, 1);
    ReportQuery whole;

    spool->shape = shape_words(query);
    if (slice_of(query, &whole)) {
        spool->whole = shape_words(&whole);
        spool->id = g_strdup(query->shape.object_id);
    }
    spool->first = query->shape.grain == GRAIN_DAY ? g_strdup(query->start)
                                                   : part_name(query->start, query->end);
    spool->last = query->shape.grain == GRAIN_DAY ? g_strdup(query->end) : g_strdup(spool->first);
    spool->n_parts = query->shape.grain == GRAIN_DAY ? count_days(cache, query) : 1;
    spool->row = row;
    spool->end = end;
    spool->done = done;
    spool->user_data = user_data;
    writer_push(cache->writer, &spool_job, spool, FALSE);
}
