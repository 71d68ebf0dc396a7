/* SPDX-License-Identifier: MIT */
/* test-wal.c - how large the log of the store gets. */
#include "cache/store.h"
#include "tests/unit/fake-service.h"

#include <sys/stat.h>

enum { MIB = 1024 * 1024, BODY = 64 * 1024, BURST_MS = 20 };

typedef struct {
    Fake *fake;
    Store *store;
    sqlite3 *db;
    GThread *thread;
    int stop; /* atomic */
} Fixture;

static void set_up(Fixture *f, const void *data)
{
    f->fake = fake_new_closed();
    StoreConfig config = {f->fake->dir, f->fake->dir, &f->fake->clock, fake_file_name};

    f->store = store_open(&config, &f->db, NULL);
    g_assert_nonnull(f->store);
}

static void tear_down(Fixture *f, const void *data)
{
    if (f->thread) {
        g_atomic_int_set(&f->stop, 1);
        g_thread_join(f->thread);
    }
    store_end_reading(f->store);
    sqlite3_close_v2(f->db);
    store_free(f->store);
    fake_free(f->fake);
}

static gint64 log_size(Fixture *f)
{
    g_autofree char *path = g_build_filename(f->fake->dir, "cache.sqlite-wal", NULL);
    struct stat status;

    g_assert_cmpint(stat(path, &status), ==, 0);
    return status.st_size;
}

static void run(sqlite3 *db, const char *sql)
{
    g_autoptr(GError) error = NULL;

    sql_run(db, &error, sql, "");
    g_assert_no_error(error);
}

/* In transactions of 2 MiB. The largest that the log was. */
static gint64 write_chunks(Fixture *f, guint n)
{
    gint64 most = 0;

    for (guint i = 0; i < n; i++) {
        if (i % 32 == 0)
            run(f->db, "BEGIN IMMEDIATE");
        run(f->db, "INSERT INTO report_chunk(generation, part, slice, first, last, n, body)"
                   " VALUES(1, 'a', 1, '', '', 1, randomblob(65536))");
        if (i % 32 == 31)
            run(f->db, "COMMIT");
        most = MAX(most, log_size(f));
    }
    return most;
}

static void test_alone(Fixture *f, const void *data)
{
    g_assert_cmpint(write_chunks(f, 20 * MIB / BODY), <, 8 * MIB);
}

/* One burst after the other, as the loop reads when it has a lot to do. */
static void *read_bursts(void *user_data)
{
    Fixture *f = user_data;
    sqlite3 *db = store_open_reader(f->store, NULL);

    while (!g_atomic_int_get(&f->stop)) {
        run(db, "BEGIN");
        run(db, "SELECT count(*) FROM report_part");
        g_usleep(BURST_MS * 1000);
        run(db, "COMMIT");
    }
    sqlite3_close_v2(db);
    return NULL;
}

/* Without waiting for the end of a burst all of it stays in the log. */
static void test_bursts(Fixture *f, const void *data)
{
    f->thread = g_thread_new("bursts", read_bursts, f);
    g_assert_cmpint(write_chunks(f, 80 * MIB / BODY), <, 40 * MIB);
}

/* A reader that does not end is not waited for at every commit; what it sees is not thrown away. */
static void test_long(Fixture *f, const void *data)
{
    sqlite3 *db = store_open_reader(f->store, NULL);
    gint64 began_us, n = -1;

    run(db, "BEGIN");
    run(db, "SELECT count(*) FROM report_part");
    write_chunks(f, 20 * MIB / BODY);
    g_assert_cmpint(log_size(f), >, 20 * MIB);
    sql_number(db, &n, NULL, "SELECT count(*) FROM report_chunk", "");
    g_assert_cmpint(n, ==, 0);
    began_us = g_get_monotonic_time();
    for (guint i = 0; i < 100; i++)
        run(f->db, "UPDATE report_chunk SET n = 2 WHERE chunk = 1");
    g_assert_cmpint(g_get_monotonic_time() - began_us, <, 100 * 50000 / 2);
    run(db, "COMMIT");
    write_chunks(f, 20 * MIB / BODY);
    g_assert_cmpint(log_size(f), <=, 16 * MIB); /* it began anew, and was cut */
    sqlite3_close_v2(db);
}

/* To delete rows is not to write them. */
static void test_deleted(Fixture *f, const void *data)
{
    write_chunks(f, 20 * MIB / BODY);
    run(f->db, "PRAGMA wal_checkpoint(TRUNCATE)");
    run(f->db, "DELETE FROM report_chunk");
    g_assert_cmpint(log_size(f), <, 2 * MIB);
}

/* What went makes room for what comes. */
static void test_room(Fixture *f, const void *data)
{
    gint64 pages = 0, before = 0;

    for (guint i = 0; i < 5; i++) {
        write_chunks(f, 4 * MIB / BODY);
        g_assert_true(sql_number(f->db, &pages, NULL, "PRAGMA page_count", ""));
        before = before ? before : pages;
        run(f->db, "DELETE FROM report_chunk");
    }
    g_assert_cmpint(pages, <, before + before / 10);
}

#define ADD(path, test) g_test_add(path, Fixture, NULL, set_up, test, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/wal/small-without-readers", test_alone);
    ADD("/wal/small-though-somebody-always-reads", test_bursts);
    ADD("/wal/a-long-reader-holds-up-nobody", test_long);
    ADD("/wal/deleting-writes-little", test_deleted);
    ADD("/wal/pages-are-used-again", test_room);
    return g_test_run();
}
