/* SPDX-License-Identifier: MIT */
/* test-report-use.c - rows of reports are kept for as long as somebody wants them. */
#include "tests/unit/fake-writer.h"
#include "tests/unit/report-account.h"

#include "cache/store.h"

static gint64 ask_store(Fixture *f, const char *sql)
{
    sqlite3 *db = store_open_reader(f->fake->cache->store, NULL);
    gint64 n = -1;

    g_assert_true(sql_number(db, &n, NULL, sql, ""));
    sqlite3_close_v2(db);
    return n;
}

/* That it was wanted is noted before the clock goes on. */
static void use(Fixture *f)
{
    have(f);
    fake_let_store(f->fake);
}

static void reopen_after(Fixture *f, gint64 us)
{
    fake_later(f->fake, us);
    fake_reopen(f->fake);
}

#define DAY ((gint64)86400 * SECOND)

/* Days that never change as well. */
static void test_unused(Fixture *f, gconstpointer data)
{
    (void)data;
    f->query.start = "2026-10-01";
    f->query.end = "2026-10-15";
    add(f, "1", "2026-10-02", "\"1.00\"");
    for (guint i = 0; i < 4; i++) {
        use(f);
        reopen_after(f, 59 * DAY);
    }
    g_assert_cmpuint(f->fake->calls->len, ==, 1);
    g_assert_cmpint(ask_store(f, "SELECT count(*) FROM report_part"), ==, 15);
    reopen_after(f, 2 * DAY);
    g_assert_cmpint(ask_store(f, "SELECT count(*) FROM report_shape"), ==, 0);
    g_assert_cmpint(ask_store(f, "SELECT count(*) FROM report_part"), ==, 0);
    g_assert_cmpint(ask_store(f, "SELECT count(*) FROM report_chunk"), ==, 0);
    have(f);
    g_assert_cmpuint(f->fake->calls->len, ==, 2);
    check_rows(f, "1 2026-10-02 1.00 - a\"b\n");
}

static void test_used(Fixture *f, gconstpointer data)
{
    static const char used[] = "SELECT used FROM report_shape";
    gint64 first_us = f->fake->wall;

    (void)data;
    f->query.start = "2026-10-01";
    f->query.end = "2026-10-15";
    use(f);
    fake_later(f->fake, DAY);
    use(f);
    reopen_after(f, 0);
    use(f);
    g_assert_cmpint(ask_store(f, used), ==, first_us);
    reopen_after(f, 1);
    use(f);
    g_assert_cmpint(ask_store(f, used), ==, f->fake->wall);
    fake_later(f->fake, DAY + 1); /* of one mount */
    use(f);
    g_assert_cmpint(ask_store(f, used), ==, f->fake->wall);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/report-use/what-nobody-wants-for-60-days-goes", Fixture, NULL, set_up, test_unused,
               tear_down);
    g_test_add("/report-use/noted-once-a-day", Fixture, NULL, set_up, test_used, tear_down);
    return g_test_run();
}
