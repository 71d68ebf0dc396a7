/* SPDX-License-Identifier: MIT */
/* test-sort.c - what is looked for by parent and by name: sorted in parts, and kept in step. */
#include "cache/settle.h"
#include "tests/unit/fake-service.h"

#include "cache/store.h"

typedef struct {
    Fake *fake;
    Store *store;
    sqlite3 *db;
} Fixture;

static char *plain_name(const char *name)
{
    return g_strdup(name);
}

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    f->fake = fake_new_closed();
    StoreConfig config = {f->fake->dir, f->fake->dir, &f->fake->clock, plain_name};

    f->store = store_open(&config, &f->db, NULL);
    g_assert_nonnull(f->store);
    g_assert_true(sql_run(f->db, NULL, "INSERT INTO listing VALUES(4, 1, 4, 0, 0, 0, 0)", ""));
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    sqlite3_close_v2(f->db);
    store_free(f->store);
    fake_free(f->fake);
}

static gint64 number(Fixture *f, const char *sql)
{
    g_autoptr(GError) error = NULL;
    gint64 n = -1;

    sql_number(f->db, &n, &error, sql, "");
    g_assert_no_error(error);
    return n;
}

static void run(Fixture *f, const char *sql)
{
    g_autoptr(GError) error = NULL;

    sql_run(f->db, &error, sql, "");
    g_assert_no_error(error);
}

/* An ad of account 1. */
static void add_ad(Fixture *f, const char *id, const char *parent, const char *name)
{
    g_assert_true(sql_run(f->db, NULL,
                          "INSERT INTO object(kind, advertiser, id, parent, file_name, whole,"
                          " derived, changed) VALUES(4, 1, ?1, ?2, ?3, 1, 0, 0)",
                          "ttt", id, parent, name));
}

static gboolean sort(Fixture *f, gint64 most)
{
    g_autoptr(GError) error = NULL;
    gboolean more = FALSE;

    settle_sort(f->db, KIND_AD, 1, most, &more, &error);
    g_assert_no_error(error);
    return more;
}

static void test_parts(Fixture *f, gconstpointer data)
{
    (void)data;
    for (int i = 0; i < 5; i++) {
        g_autofree char *id = g_strdup_printf("%d", i);
        add_ad(f, id, i % 2 ? "a" : "b", "n");
    }
    g_assert_true(sort(f, 2));
    g_assert_cmpint(number(f, "SELECT count(*) FROM child"), ==, 2);
    g_assert_true(sort(f, 2));
    g_assert_true(sort(f, 2));
    g_assert_false(sort(f, 2));
    g_assert_cmpint(number(f, "SELECT count(*) FROM child WHERE parent = 'b'"), ==, 3);
    g_assert_cmpint(number(f, "SELECT count(*) FROM name WHERE file_name = 'n'"), ==, 5);
    add_ad(f, "later", "a", "m");
    g_assert_true(sort(f, 100));
    g_assert_false(sort(f, 100));
    g_assert_cmpint(number(f, "SELECT count(*) FROM child WHERE parent = 'a'"), ==, 3);
}

static void test_moved(Fixture *f, gconstpointer data)
{
    (void)data;
    add_ad(f, "1", "a", "n");
    sort(f, 100);
    add_ad(f, "2", "a", "n"); /* not sorted yet: it moves before */
    run(f, "UPDATE object SET parent = 'b', file_name = 'm'");
    g_assert_cmpint(number(f, "SELECT count(*) FROM child WHERE parent = 'b'"), ==, 1);
    g_assert_cmpint(number(f, "SELECT count(*) FROM name WHERE file_name = 'm'"), ==, 1);
    sort(f, 100);
    g_assert_cmpint(number(f, "SELECT count(*) FROM child WHERE parent = 'b'"), ==, 2);
    g_assert_cmpint(number(f, "SELECT count(*) FROM name WHERE file_name = 'm'"), ==, 2);
    g_assert_cmpint(number(f, "SELECT count(*) FROM child"), ==, 2);
    g_assert_cmpint(number(f, "SELECT count(*) FROM name"), ==, 2);
}

static void test_gone(Fixture *f, gconstpointer data)
{
    (void)data;
    add_ad(f, "1", "a", "n");
    run(f, "INSERT INTO body(row, text) SELECT row, '{}' FROM object");
    sort(f, 100);
    add_ad(f, "2", "a", "n");
    run(f, "DELETE FROM object");
    g_assert_cmpint(number(f, "SELECT count(*) FROM child"), ==, 0);
    g_assert_cmpint(number(f, "SELECT count(*) FROM name"), ==, 0);
    g_assert_cmpint(number(f, "SELECT count(*) FROM body"), ==, 0);
    g_assert_false(sort(f, 100));
}

/* The directory shows them from now on. */
static void test_changed(Fixture *f, gconstpointer data)
{
    (void)data;
    add_ad(f, "1", "a", "n");
    g_assert_cmpint(number(f, "SELECT changed FROM listing"), ==, 0);
    sort(f, 100);
    g_assert_cmpint(number(f, "SELECT changed FROM listing"), ==, f->fake->wall);
    fake_later(f->fake, SECOND);
    sort(f, 100);
    g_assert_cmpint(number(f, "SELECT changed FROM listing"), ==, f->fake->wall - SECOND);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/sort/in-parts", Fixture, NULL, set_up, test_parts, tear_down);
    g_test_add("/sort/what-moves-is-found-there", Fixture, NULL, set_up, test_moved, tear_down);
    g_test_add("/sort/what-goes-leaves-nothing", Fixture, NULL, set_up, test_gone, tear_down);
    g_test_add("/sort/what-comes-changes-the-listing", Fixture, NULL, set_up, test_changed,
               tear_down);
    return g_test_run();
}
