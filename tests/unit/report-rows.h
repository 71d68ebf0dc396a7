/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * report-rows.h - rows of a report on their way through the store, and a simple model of what must
 * come out: a table by key.
 */
#include "cache/chunk.h"
#include "cache/internal.h"
#include "cache/merge.h"
#include "cache/parts.h"
#include "tests/unit/fake-service.h"

enum { MAX_CELLS = 8 };

/* A row as the service sends it, and as it is to come out; the texts are its own. */
typedef struct {
    char *cells[MAX_CELLS]; /* NULL: none */
    gsize lengths[MAX_CELLS];
    char *day, *id, *rest; /* its key; rest: of all dimensions but the id */
    char *out;
} TestRow;

typedef struct {
    Fake *fake;
    ReportQuery query;
    guint width, n_dimensions;
    PartSpec *part;
    GPtrArray *rows; /* of TestRow; no two have the same key */
    GRand *rand;
} RowsFixture;

static inline void test_row_free(void *data)
{
    TestRow *row = data;

    for (guint i = 0; i < MAX_CELLS; i++)
        g_free(row->cells[i]);
    g_free(row->day);
    g_free(row->id);
    g_free(row->rest);
    g_free(row->out);
    g_free(row);
}

/* ---- the writer's thread ---- */

typedef struct {
    gboolean (*run)(sqlite3 *db, void *data, GError **error);
    void *data;
    gboolean rolled_back, ended;
    GError *error;
} Work;

static inline gboolean run_work(sqlite3 *db, void *job, GError **error)
{
    Work *work = job;

    if (!work->run(db, work->data, error))
        return FALSE;
    if (work->rolled_back)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC, "rolled back");
    return !work->rolled_back;
}

static inline void end_work(void *job, const GError *error)
{
    Work *work = job;

    work->error = error ? g_error_copy(error) : NULL;
    work->ended = TRUE;
}

/* A transaction of its own; rolled_back: it is done, and then undone. */
static inline void transact(RowsFixture *f, Work *work, GError **error)
{
    static const JobType type = {run_work, end_work, NULL};

    writer_push(f->fake->cache->writer, &type, work, FALSE);
    while (!work->ended)
        g_main_context_iteration(NULL, TRUE);
    if (work->error && !work->rolled_back)
        g_propagate_error(error, work->error);
    else
        g_clear_error(&work->error);
}

static inline gboolean work_flush(sqlite3 *db, void *run, GError **error)
{
    return run_flush(run, db, FALSE, error);
}

static inline gboolean work_flush_all(sqlite3 *db, void *run, GError **error)
{
    return run_flush(run, db, TRUE, error);
}

static inline gboolean work_empty(sqlite3 *db, void *run, GError **error)
{
    return run_empty(run, db, error);
}

static inline gboolean work_discard(sqlite3 *db, void *part, GError **error)
{
    return parts_discard(db, part, error);
}

static inline void do_work(RowsFixture *f, gboolean (*run)(sqlite3 *, void *, GError **),
                           void *data)
{
    g_autoptr(GError) error = NULL;
    Work work = {.run = run, .data = data};

    transact(f, &work, &error);
    g_assert_no_error(error);
}

typedef struct {
    RowsFixture *f;
    PartProof proof;
    gboolean more;
} Finish;

static inline gboolean work_finish(sqlite3 *db, void *data, GError **error)
{
    Finish *finish = data;

    return parts_finish(db, finish->f->part, &finish->proof, &finish->more, error);
}

/* Steps until it is whole, or not; how many. One in `undone` is rolled back first; 0: none. */
static inline guint finish_rows(RowsFixture *f, PartProof proof, guint undone, GError **error)
{
    Finish finish = {f, proof, TRUE};
    GError *failure = NULL;
    guint n = 0;

    for (; finish.more && !failure; n++) {
        Work twice = {.run = work_finish, .data = &finish, .rolled_back = TRUE};
        Work work = {.run = work_finish, .data = &finish};

        if (undone > 0 && n % undone == 0)
            transact(f, &twice, NULL);
        transact(f, &work, &failure);
        g_assert_cmpuint(n, <, 10000);
    }
    if (failure)
        g_propagate_error(error, failure);
    return n;
}

static inline gint64 ask_number(RowsFixture *f, const char *sql)
{
    g_autoptr(GError) error = NULL;
    sqlite3 *db = store_open_reader(f->fake->cache->store, &error);
    gint64 n = -1;

    g_assert_no_error(error);
    sql_number(db, &n, &error, sql, "");
    g_assert_no_error(error);
    sqlite3_close_v2(db);
    return n;
}

/* ---- a report ---- */

static inline void rows_set_up(RowsFixture *f, const ReportShape *shape, const char *start,
                               const char *end)
{
    f->fake = fake_new();
    fake_add_account(f->fake);
    f->query = (ReportQuery){
        .advertiser = fake_account(f->fake), .shape = *shape, .start = start, .end = end};
    f->width = report_width(shape);
    f->n_dimensions = report_n_dimensions(shape);
    g_assert_cmpuint(f->width, <=, MAX_CELLS);
    f->rows = g_ptr_array_new_with_free_func(test_row_free);
    f->rand = g_rand_new_with_seed((guint32)g_test_rand_int());
}

/* A fetch of the report, with a generation of its own. */
static inline void begin_fetch(RowsFixture *f, RunSizes sizes)
{
    static gint64 generation = 100;
    PartSpec *part = g_new0(PartSpec, 1);

    part_spec_free(f->part);
    part->shape = report_shape_copy(&f->query.shape);
    part->words = shape_words(&f->query);
    part->account_id = g_strdup(ACCOUNT);
    part->start = g_strdup(f->query.start);
    part->end = g_strdup(f->query.end);
    part->total = part_name(&f->query.shape, part->start, part->end);
    part->settle_days = 28;
    part->generation = generation++;
    part->sizes = sizes;
    f->part = part;
}

static inline void rows_tear_down(RowsFixture *f)
{
    part_spec_free(f->part);
    g_ptr_array_unref(f->rows);
    g_rand_free(f->rand);
    fake_free(f->fake);
}

static inline gboolean put_row(Run *run, const RowsFixture *f, const TestRow *row)
{
    for (guint i = 0; i < f->width; i++)
        run_cell(run, row->cells[i], row->lengths[i]);
    return run_row(run);
}

/* ---- what comes out ---- */

static inline int compare_out(const void *a, const void *b)
{
    const TestRow *left = *(TestRow *const *)a, *right = *(TestRow *const *)b;
    gsize n_left = MIN(strlen(left->id), 255), n_right = MIN(strlen(right->id), 255);
    int order = strcmp(left->day, right->day);

    if (order == 0)
        order = (n_left > n_right) - (n_left < n_right);
    if (order == 0)
        order = strcmp(left->id, right->id);
    return order != 0 ? order : strcmp(left->rest, right->rest);
}

typedef struct {
    GString *rows;
    gboolean done;
    GError *error;
} Out;

static inline void take_row(void *user_data, const char *const *values, guint n_values)
{
    GString *rows = ((Out *)user_data)->rows;

    for (guint i = 0; i < n_values; i++)
        g_string_append_printf(rows, "%s|", values[i] ? values[i] : "<none>");
    g_string_append_c(rows, '\n');
}

static inline void take_end(void *user_data)
{
    g_string_append(((Out *)user_data)->rows, "end");
}

static inline void take_done(void *user_data, const GError *error)
{
    Out *out = user_data;

    out->done = TRUE;
    out->error = error ? g_error_copy(error) : NULL;
}

static inline char *read_out(RowsFixture *f, const ReportQuery *query)
{
    Out out = {.rows = g_string_new("")};

    cache_spool_report(f->fake->cache, query, take_row, take_end, take_done, &out);
    while (!out.done)
        g_main_context_iteration(NULL, TRUE);
    g_assert_no_error(out.error);
    return g_string_free(out.rows, FALSE);
}

/* id: of the one object whose rows are wanted; NULL: all. */
static inline void check_out(RowsFixture *f, const char *id)
{
    g_autoptr(GString) expected = g_string_new("");
    g_autofree char *rows = NULL;
    ReportQuery query = f->query;

    if (id) {
        query.shape.object_kind = query.shape.level;
        query.shape.object_id = id;
    }
    g_ptr_array_sort(f->rows, compare_out);
    for (guint i = 0; i < f->rows->len; i++) {
        const TestRow *row = f->rows->pdata[i];
        if (!id || strcmp(row->id, id) == 0)
            g_string_append(expected, row->out);
    }
    g_string_append(expected, "end");
    rows = read_out(f, &query);
    g_assert_cmpstr(rows, ==, expected->str);
}

/* Nothing else is left in the store, and each part is one run. */
static inline void check_store(RowsFixture *f)
{
    g_assert_cmpint(ask_number(f, "SELECT coalesce(sum(n), 0) FROM report_chunk"), ==,
                    f->rows->len);
    g_assert_cmpint(ask_number(f, "SELECT count(*) FROM report_chunk a JOIN report_chunk b ON"
                                  " a.part = b.part AND a.chunk <> b.chunk AND"
                                  " b.first BETWEEN a.first AND a.last"),
                    ==, 0);
}
