/* SPDX-License-Identifier: MIT */
/* test-store.c - opening the file: new, again, broken, of another version, not to be written. */
#include "tests/unit/fake-service.h"

#include <errno.h>
#include <unistd.h>

#include "cache/store.h"

typedef struct {
    Fake *fake;
    char *path, *bad;
    Store *store;
    sqlite3 *writer;
    GError *error;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    f->fake = fake_new_closed();
    f->path = g_build_filename(f->fake->dir, "cache.sqlite", NULL);
    f->bad = g_strconcat(f->path, ".bad", NULL);
}

static void close_store(Fixture *f)
{
    sqlite3_close_v2(g_steal_pointer(&f->writer));
    g_clear_pointer(&f->store, store_free);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    close_store(f);
    g_clear_error(&f->error);
    g_free(f->path);
    g_free(f->bad);
    fake_free(f->fake);
}

static void open_store(Fixture *f)
{
    StoreConfig config = {f->fake->dir, f->fake->dir, &f->fake->clock, fake_file_name};

    f->store = store_open(&config, &f->writer, &f->error);
}

static void expect_put_aside(Fixture *f)
{
    g_test_expect_message("adsfs", G_LOG_LEVEL_MESSAGE, "*cache.sqlite can not be used*");
    open_store(f);
    g_test_assert_expected_messages();
    g_assert_no_error(f->error);
    g_assert_nonnull(f->store);
    g_assert_true(g_file_test(f->bad, G_FILE_TEST_EXISTS));
}

static gint64 get_number(sqlite3 *db, const char *sql)
{
    g_autoptr(GError) error = NULL;
    gint64 n = -1;

    sql_number(db, &n, &error, sql, "");
    g_assert_no_error(error);
    return n;
}

static void insert(Fixture *f)
{
    g_autoptr(GError) error = NULL;

    sql_run(f->writer, &error,
            "INSERT INTO object(kind, advertiser, id, parent, file_name, whole, derived,"
            " changed) VALUES(2, 1, '5', '', safe_name('a/b'), 1, 0, now_us())",
            "");
    g_assert_no_error(error);
}

static void test_new(Fixture *f, gconstpointer data)
{
    gint64 row;

    (void)data;
    open_store(f);
    g_assert_no_error(f->error);
    insert(f);
    row = get_number(store_reader(f->store), "SELECT row FROM object WHERE file_name = 'a_b'");
    g_assert_cmpint(row, ==, ((f->fake->wall / SECOND) << 20) + 1);
    g_assert_cmpint(get_number(store_reader(f->store), "SELECT changed FROM object"), ==,
                    f->fake->wall);
    close_store(f);
    open_store(f);
    g_assert_cmpint(get_number(store_reader(f->store), "SELECT row FROM object"), ==, row);
    g_assert_false(g_file_test(f->bad, G_FILE_TEST_EXISTS));
}

static void test_reader(Fixture *f, gconstpointer data)
{
    (void)data;
    open_store(f);
    g_assert_false(sql_run(store_reader(f->store), &f->error, "DELETE FROM object", ""));
    g_assert_error(f->error, API_ERROR, API_ERROR_LOCAL);
}

static void test_garbage(Fixture *f, gconstpointer data)
{
    g_autofree char *garbage = g_strnfill(8192, 'x');

    (void)data;
    g_assert_true(g_file_set_contents(f->path, garbage, -1, NULL));
    expect_put_aside(f);
    insert(f);
}

/* A header that is right, and pages that are not. */
static void test_broken(Fixture *f, gconstpointer data)
{
    FILE *file;

    (void)data;
    open_store(f);
    insert(f);
    close_store(f);
    file = fopen(f->path, "r+");
    fseek(file, 100, SEEK_SET);
    for (int i = 100; i < 4096; i++)
        fputc(0xff, file);
    fclose(file);
    expect_put_aside(f);
    g_assert_cmpint(get_number(f->writer, "SELECT count(*) FROM object"), ==, 0);
}

static void test_version(Fixture *f, gconstpointer data)
{
    gint64 row;

    (void)data;
    open_store(f);
    insert(f);
    row = get_number(f->writer, "SELECT row FROM object");
    sql_run(f->writer, &f->error, "PRAGMA user_version = 99", "");
    close_store(f);
    fake_later(f->fake, SECOND);
    expect_put_aside(f);
    insert(f);
    g_assert_cmpint(get_number(f->writer, "SELECT row FROM object"), >, row);
}

static void test_twice_in_a_second(Fixture *f, gconstpointer data)
{
    gint64 row;

    (void)data;
    open_store(f);
    insert(f);
    row = get_number(f->writer, "SELECT row FROM object");
    close_store(f);
    g_assert_cmpint(unlink(f->path), ==, 0);
    fake_later(f->fake, SECOND / 1000);
    open_store(f);
    insert(f);
    g_assert_cmpint(get_number(f->writer, "SELECT row FROM object"), >, row);
}

/* What the log holds goes into the file: nothing is lost with the log. */
static void test_log(Fixture *f, gconstpointer data)
{
    g_autofree char *log = g_strconcat(f->path, "-wal", NULL);

    (void)data;
    open_store(f);
    insert(f);
    get_number(store_reader(f->store), "SELECT count(*) FROM object");
    g_assert_true(g_file_test(log, G_FILE_TEST_EXISTS));
    store_end_reading(f->store);
    close_store(f);
    g_assert_false(g_file_test(log, G_FILE_TEST_EXISTS));
    open_store(f);
    g_assert_cmpint(get_number(f->writer, "SELECT count(*) FROM object"), ==, 1);
}

static void test_directory(Fixture *f, gconstpointer data)
{
    Cache *cache;

    (void)data;
    f->fake->config.cache_dir = "/nonexistent/adsfs";
    cache = cache_new(&f->fake->config, &f->error);
    g_assert_null(cache);
    g_assert_error(f->error, API_ERROR, API_ERROR_LOCAL);
    g_assert_nonnull(strstr(f->error->message, "/nonexistent/adsfs"));
}

static void test_left_rows(Fixture *f, gconstpointer data)
{
    (void)data;
    open_store(f);
    g_assert_true(sql_run(f->writer, NULL, "INSERT INTO report_part VALUES(1, 'a', 0, 0, 7, 0)", ""));
    g_assert_true(sql_run(f->writer, NULL,
                          "INSERT INTO report_chunk VALUES(1, 7, 'a', 1, '', '', 1, 0, '', '')", ""));
    g_assert_true(sql_run(f->writer, NULL,
                          "INSERT INTO report_chunk VALUES(2, 7, 'b', 1, '', '', 1, 0, '', '')", ""));
    g_assert_true(sql_run(f->writer, NULL,
                          "INSERT INTO report_chunk VALUES(3, 8, 'a', 1, '', '', 1, 0, '', '')", ""));
    close_store(f);
    open_store(f);
    g_assert_cmpint(get_number(f->writer, "SELECT count(*) FROM report_chunk"), ==, 1);
    g_assert_cmpint(get_number(f->writer, "SELECT generation FROM report_chunk"), ==, 7);
}

#define ADD(path, test) g_test_add(path, Fixture, NULL, set_up, test, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/store/numbers-start-above-the-seconds", test_new);
    ADD("/store/the-reader-can-not-write", test_reader);
    ADD("/store/a-file-that-is-no-database-is-put-aside", test_garbage);
    ADD("/store/a-broken-file-is-put-aside", test_broken);
    ADD("/store/another-version-is-put-aside-and-numbers-go-on", test_version);
    ADD("/store/made-anew-twice-in-a-second", test_twice_in_a_second);
    ADD("/store/the-log-goes-back-into-the-file", test_log);
    ADD("/store/a-directory-that-is-not-there-is-named", test_directory);
    ADD("/store/rows-of-fetches-that-did-not-end-go", test_left_rows);
    return g_test_run();
}
