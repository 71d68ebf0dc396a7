/* SPDX-License-Identifier: MIT */
/* test-merge.c - many runs become one, in steps that can stop anywhere. */
#include "tests/unit/random-rows.h"

static const ReportShape totals = {.level = KIND_AD, .id = "ad_id", .metrics = one_metric};
static const ReportShape account = {.level = KIND_ADVERTISER, .metrics = one_metric};

static void set_up(RowsFixture *f, const void *data)
{
    rows_set_up(f, data, "2026-10-01", "2026-10-31");
}

static void tear_down(RowsFixture *f, const void *data)
{
    rows_tear_down(f);
}

/* ---- runs of rows with these ids ---- */

static TestRow *numbered_row(guint id)
{
    TestRow *row = g_new0(TestRow, 1);

    row->id = g_strdup_printf("%u", id);
    row->day = g_strdup("");
    row->rest = g_strdup("");
    row->cells[0] = g_strdup(row->id);
    row->lengths[0] = strlen(row->id);
    row->cells[1] = g_strdup("1.50");
    row->lengths[1] = 4;
    row->out = g_strdup_printf("%u|1.50|\n", id);
    return row;
}

static void number_rows(RowsFixture *f, guint n)
{
    for (guint i = 0; i < n; i++)
        g_ptr_array_add(f->rows, numbered_row(1 + i));
}

/* Rows from `first` on, each so many after the one before, as one run. */
static void put_run(RowsFixture *f, guint number, guint first, guint stride, guint last)
{
    SliceSpec *slice = slice_spec_new(f->part, number, f->part->start, f->part->end);

    for (guint i = first; i <= last && i < f->rows->len; i += stride)
        g_assert_true(put_row(slice->run, f, f->rows->pdata[i]));
    do_work(f, work_flush_all, slice->run);
    slice_spec_free(slice);
}

static guint merge(RowsFixture *f, gboolean twice, guint undone)
{
    g_autoptr(GError) error = NULL;
    guint steps = finish_rows(f, (PartProof){f->rows->len, f->rows->len, twice}, undone, &error);

    g_assert_no_error(error);
    check_out(f, NULL);
    check_store(f);
    return steps;
}

static const RunSizes small = {0, 400, 4000};

/* ---- how much of it ---- */

/* Every run has rows everywhere: each step writes all of them again, but for what is done. */
static void test_hundreds(RowsFixture *f, const void *data)
{
    enum { RUNS = 400 };

    number_rows(f, 20000);
    begin_fetch(f, small);
    for (guint i = 0; i < RUNS; i++)
        put_run(f, i + 1, i, RUNS, G_MAXUINT);
    g_assert_cmpuint(merge(f, FALSE, 0), >, 1);
}

static gboolean work_changes(sqlite3 *db, void *ret, GError **error)
{
    *(gint64 *)ret = sqlite3_total_changes(db);
    return TRUE;
}

/* A step has merged at least as much as it writes again, however many runs there are. */
static void test_few_writes(RowsFixture *f, const void *data)
{
    gint64 before, after, n_chunks;

    number_rows(f, 20000);
    begin_fetch(f, small);
    for (guint i = 0; i < 200; i++)
        put_run(f, i + 1, i, 200, G_MAXUINT);
    n_chunks = ask_number(f, "SELECT count(*) FROM report_chunk");
    do_work(f, work_changes, &before);
    g_assert_cmpuint(merge(f, FALSE, 0), >, 2);
    do_work(f, work_changes, &after);
    g_assert_cmpint(after - before, <, 4 * n_chunks); /* each goes, and comes, twice */
}

static void test_in_order(RowsFixture *f, const void *data)
{
    gint64 newest;

    number_rows(f, 5000);
    begin_fetch(f, small);
    for (guint i = 0; i < 100; i++)
        put_run(f, i + 1, i * 50, 1, i * 50 + 49);
    newest = ask_number(f, "SELECT max(chunk) FROM report_chunk");
    g_assert_cmpuint(merge(f, FALSE, 0), ==, 1);
    g_assert_cmpint(ask_number(f, "SELECT max(chunk) FROM report_chunk"), ==, newest);
}

/* Only what overlaps is written again. */
static void test_few_overlap(RowsFixture *f, const void *data)
{
    gint64 before;

    number_rows(f, 5000);
    begin_fetch(f, small);
    for (guint i = 0; i < 100; i++)
        put_run(f, i + 1, i * 50, i == 20 || i == 70 ? 2 : 1, i * 50 + 49);
    put_run(f, 101, 20 * 50 + 1, 2, 20 * 50 + 49);
    put_run(f, 102, 70 * 50 + 1, 2, 70 * 50 + 49);
    before = ask_number(f, "SELECT count(*) FROM report_chunk WHERE slice NOT IN (21, 71, 101,"
                           " 102)");
    merge(f, FALSE, 0);
    g_assert_cmpint(ask_number(f, "SELECT count(*) FROM report_chunk WHERE slice <> 0"), ==,
                    before);
}

static void test_last_first(RowsFixture *f, const void *data)
{
    number_rows(f, 5000);
    begin_fetch(f, small);
    for (guint i = 0; i < 100; i++)
        put_run(f, i + 1, (99 - i) * 50, 1, (99 - i) * 50 + 60); /* the ends overlap */
    merge(f, TRUE, 2);
}

/* One run has it all, and the others a part of it each. */
static void test_within(RowsFixture *f, const void *data)
{
    number_rows(f, 3000);
    begin_fetch(f, small);
    put_run(f, 1, 0, 1, G_MAXUINT);
    for (guint i = 0; i < 30; i++)
        put_run(f, i + 2, i * 100, 7, i * 100 + 99);
    put_run(f, 40, 2999, 1, G_MAXUINT);
    merge(f, TRUE, 3);
}

/* ---- steps that stop ---- */

static void test_rolled_back(RowsFixture *f, const void *data)
{
    guint steps;

    number_rows(f, 3000);
    begin_fetch(f, small);
    for (guint i = 0; i < 20; i++)
        put_run(f, i + 1, i, 20, G_MAXUINT);
    steps = merge(f, FALSE, 1);
    g_assert_cmpuint(steps, >, 3);
}

/* What was stored before shows until the last step, and again when all is discarded. */
static void test_stopped(RowsFixture *f, const void *data)
{
    g_autofree char *before = NULL, *after = NULL;
    Finish finish = {f, {0, -1, TRUE}, FALSE};

    number_rows(f, 3000);
    begin_fetch(f, small);
    put_run(f, 1, 0, 3, G_MAXUINT);
    finish_rows(f, finish.proof, 0, NULL);
    before = read_out(f, &f->query);
    begin_fetch(f, small);
    for (guint i = 0; i < 20; i++)
        put_run(f, i + 1, i, 20, G_MAXUINT);
    do_work(f, work_finish, &finish);
    do_work(f, work_finish, &finish);
    g_assert_true(finish.more);
    after = read_out(f, &f->query);
    g_assert_cmpstr(before, ==, after);
    do_work(f, work_discard, f->part);
    g_free(after);
    after = read_out(f, &f->query);
    g_assert_cmpstr(before, ==, after);
    g_assert_cmpint(ask_number(f, "SELECT sum(n) FROM report_chunk"), ==, 1000);
}

/* ---- twice ---- */

/* Each row is in several runs, wherever a step ends. */
static void test_all_twice(RowsFixture *f, const void *data)
{
    for (gsize step = 1; step < 20; step += 3) {
        g_ptr_array_set_size(f->rows, 0);
        number_rows(f, 100);
        begin_fetch(f, (RunSizes){0, 30, step});
        for (guint i = 0; i < 3; i++)
            put_run(f, i + 1, 0, 1, G_MAXUINT);
        merge(f, TRUE, 5);
    }
}

/* Rows without any dimension have all the same key. */
static void test_no_key(RowsFixture *f, const void *data)
{
    g_autoptr(GError) error = NULL;

    make_rows(f, 1);
    begin_fetch(f, small);
    for (guint i = 0; i < 3; i++)
        put_run(f, i + 1, 0, 1, G_MAXUINT);
    finish_rows(f, (PartProof){1, 3, FALSE}, 0, &error);
    g_assert_error(error, API_ERROR, API_ERROR_INCOMPLETE);
    merge(f, TRUE, 0);
}

#define ADD(path, shape, test) g_test_add(path, RowsFixture, shape, set_up, test, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/merge/hundreds-of-runs", &totals, test_hundreds);
    ADD("/merge/steps-do-more-than-they-leave", &totals, test_few_writes);
    ADD("/merge/runs-in-order-are-left-alone", &totals, test_in_order);
    ADD("/merge/only-what-overlaps-is-written-again", &totals, test_few_overlap);
    ADD("/merge/the-last-run-first", &totals, test_last_first);
    ADD("/merge/runs-within-a-run", &totals, test_within);
    ADD("/merge/every-step-rolled-back-once", &totals, test_rolled_back);
    ADD("/merge/stopped-in-the-middle-nothing-has-changed", &totals, test_stopped);
    ADD("/merge/rows-in-every-run", &totals, test_all_twice);
    ADD("/merge/rows-without-key", &account, test_no_key);
    return g_test_run();
}
