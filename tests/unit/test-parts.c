/* SPDX-License-Identifier: MIT */
/* test-parts.c - pages of a report, as JSON, become rows of the store. */
#include "tests/unit/random-rows.h"

#include "api/json.h"

typedef struct {
    const SliceSpec *slice;
    Page page;
    gint64 n_rows, n_new;
} PageWork;

static gboolean work_store(sqlite3 *db, void *data, GError **error)
{
    PageWork *store = data;

    return parts_store(db, store->slice, &store->page, &store->n_rows, &store->n_new, error);
}

static gboolean work_end(sqlite3 *db, void *slice, GError **error)
{
    return parts_end_slice(db, slice, 0, error);
}

/* How many rows of it were taken. */
static gint64 store_page(RowsFixture *f, const SliceSpec *slice, const char *body, gboolean first,
                         GError **error)
{
    g_autoptr(GBytes) bytes = g_bytes_new(body, strlen(body));
    PageWork store = {slice, {.number = 1, .first = first, .body = bytes}, -1, -1};
    Work work = {.run = work_store, .data = &store};

    transact(f, &work, error);
    g_assert_cmpint(store.n_rows, ==, store.n_new);
    return store.n_rows;
}

/* ---- rows as JSON ---- */

static void add_member(GString *json, const char *name, const TestRow *row, guint i)
{
    g_autofree char *text = NULL;

    g_string_append_printf(json, "%s\"%s\":", json->str[json->len - 1] == '{' ? "" : ",", name);
    if (!row->cells[i]) {
        g_string_append(json, "null");
        return;
    }
    text = g_memdup2(row->cells[i], row->lengths[i] + 1);
    for (gsize at = 0; at < row->lengths[i]; at++)
        if (text[at] == '\0') /* JSON has none */
            text[at] = ' ';
    json_add_string(json, text);
}

/* Members in any order, and some that nobody has asked for. */
static void add_members(RowsFixture *f, GString *json, const char *const *names, guint n,
                        const TestRow *row, guint first)
{
    guint start = n > 0 ? pick(f, n) : 0;

    g_string_append_c(json, '{');
    for (guint i = 0; i < n; i++) {
        guint which = (start + i) % n;

        if (pick(f, 10) == 0)
            g_string_append_printf(json, "%s\"other%u\":{\"spend\":[1,2,\"}\"]}",
                                   json->str[json->len - 1] == '{' ? "" : ",", i);
        add_member(json, names[which], row, first + which);
    }
    g_string_append_c(json, '}');
}

static void add_row(RowsFixture *f, GString *json, const TestRow *row)
{
    g_autoptr(GPtrArray) names = report_dimensions(&f->query.shape);
    const char *const *dimensions = (const char *const *)names->pdata;
    gboolean metrics_first = pick(f, 2);

    for (guint i = 0; i < 2; i++) {
        gboolean metrics = metrics_first == (i == 0);

        g_string_append(json, i == 0 ? "{" : ",");
        g_string_append(json, metrics ? "\"metrics\":" : "\"dimensions\":");
        if (metrics)
            add_members(f, json, f->query.shape.metrics, f->width - f->n_dimensions, row,
                        f->n_dimensions);
        else
            add_members(f, json, dimensions, f->n_dimensions, row, 0);
    }
    g_string_append_c(json, '}');
}

/* Some rows from `first` on. Returns the one after them. */
static guint store_some(RowsFixture *f, const SliceSpec *slice, guint first, guint most)
{
    g_autoptr(GString) json = g_string_new("{\"code\":0,\"data\":{\"list\":[");
    g_autoptr(GError) error = NULL;
    guint end = first + pick(f, most) + 1;

    end = MIN(end, f->rows->len);
    for (guint i = first; i < end; i++) {
        g_string_append(json, i > first ? ", " : "");
        add_row(f, json, f->rows->pdata[i]);
    }
    g_string_append(json, "],\"page_info\":{\"page\":1}}}");
    g_assert_cmpint(store_page(f, slice, json->str, first == 0, &error), ==, end - first);
    g_assert_no_error(error);
    return end;
}

/* A round that is not whole is followed by another, of which nothing comes twice. */
static void test_pages(const void *data)
{
    const ShapeCase *shape = data;
    g_autoptr(GError) error = NULL;
    RowsFixture f = {0};
    SliceSpec *slice;

    rows_set_up(&f, &shape->shape, shape->start, shape->end);
    make_rows(&f, 400);
    begin_fetch(&f, (RunSizes){2000, 300, 3000});
    slice = slice_spec_new(f.part, 1, f.part->start, f.part->end);
    for (guint round = 0; round < 3; round++) {
        guint end = round < 2 ? pick(&f, f.rows->len) + 1 : f.rows->len;

        shuffle(&f, f.rows);
        for (guint i = 0; i < end;)
            i = store_some(&f, slice, i, 50);
    }
    do_work(&f, work_end, slice);
    finish_rows(&f, (PartProof){f.rows->len, f.rows->len, FALSE}, 0, &error);
    g_assert_no_error(error);
    check_out(&f, NULL);
    check_store(&f);
    slice_spec_free(slice);
    rows_tear_down(&f);
}

/* ---- odd bodies ---- */

#define ROW "{\"dimensions\":{\"ad_id\":\"1\",\"stat_time_day\":\"2026-10-02\"},\"metrics\":{}}"

static void test_bodies(void)
{
    static const struct {
        const char *body;
        gint64 n; /* -1: it is no JSON */
    } cases[] = {
        {"{\"data\":{\"list\":[" ROW "]}}", 1},
        {" \n{\"data\":{\"list\":[" ROW ",7,null,\"x\",[]]}}", 1},
        {"{\"data\":{\"list\":[{},{\"dimensions\":{}},{\"metrics\":{}}]}}", 0},
        {"{\"data\":{\"list\":[]}}", 0},
        {"{\"data\":{\"list\":null}}", 0},
        {"{\"data\":{}}", 0},
        {"{\"data\":[]}", 0},
        {"{}", 0},
        {"", -1},
        {"[]", -1},
        {"{\"data\":{\"list\":[" ROW ",]}}", -1},
        {"{\"data\":{\"list\":[" ROW "]}", -1},
        {"{\"data\":{\"list\":[" ROW ",{\"dimensions\":{\"ad_id\":}}]}}", -1},
        {"{\"data\":{\"list\":[{\"dimensions\":7}]}}", -1},
    };
    RowsFixture f = {0};

    rows_set_up(&f, &shape_cases[0].shape, shape_cases[0].start, shape_cases[0].end);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        SliceSpec *slice;
        gint64 n;

        begin_fetch(&f, (RunSizes){0});
        slice = slice_spec_new(f.part, 1, f.part->start, f.part->end);
        n = store_page(&f, slice, cases[i].body, TRUE, &error);
        g_assert_cmpint(n, ==, cases[i].n);
        g_assert_true(g_error_matches(error, API_ERROR, API_ERROR_MALFORMED) == (n == -1));
        slice_spec_free(slice);
    }
    rows_tear_down(&f);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parts/odd-bodies", test_bodies);
    for (gsize i = 0; i < G_N_ELEMENTS(shape_cases); i++) {
        g_autofree char *path = g_strconcat("/parts/pages/", shape_cases[i].name, NULL);

        g_test_add_data_func(path, &shape_cases[i], test_pages);
    }
    return g_test_run();
}
