/* SPDX-License-Identifier: MIT */
/* test-run.c - rows of a report in any order come out as they should, whatever their shape. */
#include "tests/unit/random-rows.h"

/* ---- single facts ---- */

static const ReportShape hourly = {
    .level = KIND_AD, .id = "ad_id", .grain = GRAIN_HOUR, .metrics = one_metric};
static const ReportShape daily = {
    .level = KIND_AD, .id = "ad_id", .grain = GRAIN_DAY, .metrics = one_metric};

typedef struct {
    RowsFixture f;
    SliceSpec *slice;
} Fixture;

static void set_up(Fixture *fixture, const void *data)
{
    rows_set_up(&fixture->f, data, "2026-02-01", data == &daily ? "2026-02-28" : "2026-02-01");
    begin_fetch(&fixture->f, (RunSizes){0});
    fixture->slice =
        slice_spec_new(fixture->f.part, 1, fixture->f.part->start, fixture->f.part->end);
}

static void tear_down(Fixture *fixture, const void *data)
{
    slice_spec_free(fixture->slice);
    rows_tear_down(&fixture->f);
}

static gboolean put(Fixture *fixture, const char *id, const char *time, const char *spend)
{
    Run *run = fixture->slice->run;

    run_cell(run, id, id ? strlen(id) : 0);
    run_cell(run, time, time ? strlen(time) : 0);
    run_cell(run, spend, spend ? strlen(spend) : 0);
    return run_row(run);
}

static void finish(Fixture *fixture, gint64 n)
{
    g_autoptr(GError) error = NULL;

    do_work(&fixture->f, work_flush_all, fixture->slice->run);
    finish_rows(&fixture->f, (PartProof){n, n, FALSE}, 0, &error);
    g_assert_no_error(error);
}

static void check(Fixture *fixture, const char *expected)
{
    g_autofree char *rows = read_out(&fixture->f, &fixture->f.query);

    g_assert_cmpstr(rows, ==, expected);
}

static void test_days(Fixture *fixture, const void *data)
{
    static const char *const others[] = {"2026-01-31", "2026-03-01", "2026-02-29", "2026-02-00",
                                         "2026-13-01", "2026-2-1",   "20260201",   "",
                                         "tomorrow",   "2026-02-",   NULL};

    for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
        g_assert_false(put(fixture, "1", others[i], "1"));
    g_assert_cmpuint(run_rows(fixture->slice->run), ==, 0);
    g_assert_true(put(fixture, "1", "2026-02-28 00:00:00", "2"));
    g_assert_true(put(fixture, "1", "2026-02-01", "1"));
    g_assert_cmpuint(run_rows(fixture->slice->run), ==, 2);
    finish(fixture, 2);
    check(fixture, "1|2026-02-01|1|\n1|2026-02-28|2|\nend");
}

static void test_no_id(Fixture *fixture, const void *data)
{
    g_assert_false(put(fixture, "", "2026-02-01", "1"));
    g_assert_false(put(fixture, NULL, "2026-02-01", "1"));
    g_assert_cmpuint(run_rows(fixture->slice->run), ==, 0);
    g_assert_true(put(fixture, "7", "2026-02-01", "1"));
    finish(fixture, 1);
    check(fixture, "7|2026-02-01|1|\nend");
}

static void test_hours(Fixture *fixture, const void *data)
{
    static const char *const same[] = {"2026-02-01 05:00:00", "2026-02-01 05",
                                       "2026-02-01T05:00:00Z", "2026-02-01 5:00", "2026-02-01 5"};

    for (gsize i = 0; i < G_N_ELEMENTS(same); i++) {
        g_autofree char *id = g_strdup_printf("%" G_GSIZE_FORMAT, i);

        g_assert_true(put(fixture, id, same[i], "1"));
    }
    finish(fixture, G_N_ELEMENTS(same));
    check(fixture, "0|2026-02-01 05:00:00|1|\n1|2026-02-01 05:00:00|1|\n"
                   "2|2026-02-01 05:00:00|1|\n3|2026-02-01 05:00:00|1|\n"
                   "4|2026-02-01 05:00:00|1|\nend");
}

/* It was counted by the service, so it counts; there is nothing to show. */
static void test_nothing(Fixture *fixture, const void *data)
{
    g_assert_true(put(fixture, "7", "-", "-"));
    g_assert_true(put(fixture, "", "-", "-"));
    g_assert_cmpuint(run_rows(fixture->slice->run), ==, 2);
    finish(fixture, 2);
    check(fixture, "end");
    g_assert_cmpint(ask_number(&fixture->f, "SELECT count(*) FROM report_chunk"), ==, 0);
}

static void test_nothing_twice(Fixture *fixture, const void *data)
{
    static const char *const ids[] = {"7", "", NULL, "17", "", "9"};
    g_autoptr(GError) error = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        g_assert_true(put(fixture, ids[i], "-", "-"));
        g_assert_true(put(fixture, "1", "2026-02-01 05", "1"));
        do_work(&fixture->f, work_flush_all, fixture->slice->run);
    }
    finish_rows(&fixture->f, (PartProof){5, 5, TRUE}, 0, &error); /* "", "7", "9", "17" and 1 */
    g_assert_no_error(error);
    check(fixture, "1|2026-02-01 05:00:00|1|\nend");
}

static void test_json(Fixture *fixture, const void *data)
{
    static const struct {
        const char *json, *text;
    } cases[] = {{"\"1.50\"", "1.50"}, {"1.50", "1.50"}, {"null", "<none>"},
                 {"\"null\"", "null"}, {"\"\"", ""},     {"\"a\\nb\"", "a\nb"},
                 {"[1,2]", "[1,2]"},   {NULL, "<none>"}};
    g_autoptr(GString) expected = g_string_new("");

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *id = g_strdup_printf("%" G_GSIZE_FORMAT, i + 1);
        Run *run = fixture->slice->run;

        run_cell_json(run, id, strlen(id));
        run_cell_json(run, "\"2026-02-01 00:00:00\"", 21);
        run_cell_json(run, cases[i].json, cases[i].json ? strlen(cases[i].json) : 0);
        g_assert_true(run_row(run));
        g_string_append_printf(expected, "%s|2026-02-01|%s|\n", id, cases[i].text);
    }
    finish(fixture, G_N_ELEMENTS(cases));
    g_string_append(expected, "end");
    check(fixture, expected->str);
}

/* Cells that never came are none. */
static void test_short(Fixture *fixture, const void *data)
{
    run_cell(fixture->slice->run, "7", 1);
    run_cell(fixture->slice->run, "2026-02-01", 10);
    g_assert_true(run_row(fixture->slice->run));
    finish(fixture, 1);
    check(fixture, "7|2026-02-01|<none>|\nend");
}

static void expect_incomplete(Fixture *fixture, PartProof proof)
{
    g_autoptr(GError) error = NULL;

    do_work(&fixture->f, work_flush_all, fixture->slice->run);
    finish_rows(&fixture->f, proof, 0, &error);
    g_assert_error(error, API_ERROR, API_ERROR_INCOMPLETE);
}

/* What one page has again is what another has not: as many came as were promised, and not all. */
static void test_twice(Fixture *fixture, const void *data)
{
    g_assert_true(put(fixture, "7", "2026-02-01", "1"));
    g_assert_true(put(fixture, "8", "2026-02-01", "1"));
    g_assert_true(put(fixture, "7", "2026-02-01", "1"));
    g_assert_cmpuint(run_rows(fixture->slice->run), ==, 3);
    expect_incomplete(fixture, (PartProof){3, 3, FALSE});
    finish(fixture, 2);
    check(fixture, "7|2026-02-01|1|\n8|2026-02-01|1|\nend");
}

static void test_twice_in_two_runs(Fixture *fixture, const void *data)
{
    g_assert_true(put(fixture, "7", "2026-02-01", "1"));
    do_work(&fixture->f, work_flush_all, fixture->slice->run);
    g_assert_true(put(fixture, "7", "2026-02-01", "1"));
    expect_incomplete(fixture, (PartProof){1, 2, FALSE});
    finish_rows(&fixture->f, (PartProof){1, 1, TRUE}, 0, NULL);
    check(fixture, "7|2026-02-01|1|\nend");
}

static void test_counts(Fixture *fixture, const void *data)
{
    g_assert_true(put(fixture, "7", "2026-02-01", "1"));
    expect_incomplete(fixture, (PartProof){2, 2, FALSE});
    expect_incomplete(fixture, (PartProof){2, -1, TRUE});
    expect_incomplete(fixture, (PartProof){0, 0, FALSE});
    finish(fixture, 1);
}

static void test_discard(Fixture *fixture, const void *data)
{
    g_assert_true(put(fixture, "7", "2026-02-01", "1"));
    finish(fixture, 1);
    begin_fetch(&fixture->f, (RunSizes){0});
    slice_spec_free(fixture->slice);
    fixture->slice = slice_spec_new(fixture->f.part, 1, "2026-02-01", "2026-02-28");
    g_assert_true(put(fixture, "7", "2026-02-01", "2"));
    do_work(&fixture->f, work_flush_all, fixture->slice->run);
    do_work(&fixture->f, work_discard, fixture->f.part);
    check(fixture, "7|2026-02-01|1|\nend");
    g_assert_cmpint(ask_number(&fixture->f, "SELECT count(*) FROM report_chunk"), ==, 1);
}

/* ---- any order, any cuts ---- */

typedef struct {
    SliceSpec *spec;
    GPtrArray *rows; /* borrowed */
} TestSlice;

static void put_slice(RowsFixture *f, const TestSlice *slice, gboolean shuffled)
{
    guint page = pick(f, 50) + 1;

    if (shuffled)
        shuffle(f, slice->rows);
    for (guint i = 0; i < slice->rows->len; i++) {
        g_assert_true(put_row(slice->spec->run, f, slice->rows->pdata[i]));
        if (pick(f, page) == 0)
            do_work(f, pick(f, 20) == 0 ? work_flush_all : work_flush, slice->spec->run);
    }
    g_assert_cmpuint(run_rows(slice->spec->run), ==, slice->rows->len);
}

/* Now and then it is begun again: of what was there before nothing is left. */
static void put_slices(RowsFixture *f, TestSlice *slices, guint n)
{
    gboolean shuffled = pick(f, 3) > 0;

    for (guint i = 0; i < n; i++) {
        put_slice(f, &slices[i], shuffled);
        if (pick(f, 3) == 0) {
            do_work(f, work_empty, slices[i].spec->run);
            put_slice(f, &slices[i], shuffled);
        }
        do_work(f, work_flush_all, slices[i].spec->run);
    }
}

/* Each row is of one of the slices; if twice, some are of others too. Returns how many came. */
static gint64 deal_rows(RowsFixture *f, TestSlice *slices, guint n, gboolean twice)
{
    gint64 n_rows = 0;

    for (guint i = 0; i < n; i++) {
        slices[i].rows = g_ptr_array_new();
        slices[i].spec = slice_spec_new(f->part, i + 1, f->part->start, f->part->end);
    }
    for (guint i = 0; i < f->rows->len; i++)
        do {
            g_ptr_array_add(slices[pick(f, n)].rows, f->rows->pdata[i]);
            n_rows++;
        } while (twice && pick(f, 5) == 0);
    return n_rows;
}

static void fetch_random(RowsFixture *f, gboolean twice)
{
    RunSizes sizes = {pick(f, 4000) + 1, pick(f, 1000) + 1, pick(f, 20000) + 1};
    g_autoptr(GError) error = NULL;
    TestSlice slices[8] = {{NULL, NULL}};
    guint n = pick(f, G_N_ELEMENTS(slices)) + 1;
    gint64 n_rows;

    begin_fetch(f, sizes);
    n_rows = deal_rows(f, slices, n, twice);
    put_slices(f, slices, n);
    finish_rows(f, (PartProof){f->rows->len, n_rows, twice}, 3, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < n; i++) {
        g_ptr_array_unref(slices[i].rows);
        slice_spec_free(slices[i].spec);
    }
}

static void check_slices(RowsFixture *f)
{
    for (guint i = 0; i < 10 && i < f->rows->len; i++) {
        const TestRow *row = f->rows->pdata[pick(f, f->rows->len)];
        g_autofree char *id = g_strdup(row->id);

        check_out(f, id);
    }
    check_out(f, "123456789"); /* there is none */
}

static void test_random(const void *data)
{
    const ShapeCase *shape = data;
    RowsFixture f = {0};

    rows_set_up(&f, &shape->shape, shape->start, shape->end);
    for (guint i = 0; i < 8; i++) { /* each takes the place of the one before */
        make_rows(&f, pick(&f, i % 2 ? 30 : 600) + 1);
        fetch_random(&f, i % 3 == 1);
        check_out(&f, NULL);
        check_store(&f);
        if (shape->shape.id)
            check_slices(&f);
    }
    rows_tear_down(&f);
}

#define ADD(path, shape, test) g_test_add(path, Fixture, shape, set_up, test, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/run/rows-of-other-days-are-refused", &daily, test_days);
    ADD("/run/rows-without-id-are-refused", &daily, test_no_id);
    ADD("/run/hours-look-the-same", &hourly, test_hours);
    ADD("/run/a-row-of-nothing-counts-and-is-not-shown", &hourly, test_nothing);
    ADD("/run/rows-of-nothing-from-several-runs", &hourly, test_nothing_twice);
    ADD("/run/json", &daily, test_json);
    ADD("/run/cells-that-never-came", &daily, test_short);
    ADD("/run/twice-in-a-run-is-incomplete", &daily, test_twice);
    ADD("/run/twice-in-two-runs-is-incomplete-unless-merged", &daily, test_twice_in_two_runs);
    ADD("/run/too-few-and-too-many-are-incomplete", &daily, test_counts);
    ADD("/run/what-is-discarded-takes-nobodys-place", &daily, test_discard);
    for (gsize i = 0; i < G_N_ELEMENTS(shape_cases); i++) {
        g_autofree char *path = g_strconcat("/run/any-order/", shape_cases[i].name, NULL);

        g_test_add_data_func(path, &shape_cases[i], test_random);
    }
    return g_test_run();
}
