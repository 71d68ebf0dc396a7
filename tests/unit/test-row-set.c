/* SPDX-License-Identifier: MIT */
/* test-row-set.c - a row is in the set when it was added, and in no other case. */
#include "cache/row-set.h"

#include "cache/store.h"

static const gint64 base = G_GINT64_CONSTANT(1795812000) << 20; /* where rows begin */

static void test_added(void)
{
    g_autoptr(RowSet) set = row_set_new();
    const gint64 rows[] = {1, 63, 64, 4095, 4096, base, base + 1, base + 5000, G_MAXINT64 >> 8};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_true(row_set_add(set, rows[i]));
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_assert_false(row_set_add(set, rows[i]));
        g_assert_true(row_set_has(set, rows[i]));
    }
    g_assert_false(row_set_has(set, 2));
    g_assert_false(row_set_has(set, 4097));
    g_assert_false(row_set_has(set, base + 2));
    g_assert_false(row_set_has(set, base + (1 << 20)));
}

static void test_emptied(void)
{
    g_autoptr(RowSet) set = row_set_new();

    row_set_add(set, base);
    row_set_empty(set);
    g_assert_false(row_set_has(set, base));
    g_assert_true(row_set_add(set, base));
}

static void test_every_second(void)
{
    g_autoptr(RowSet) set = row_set_new();

    for (gint64 i = 0; i < 100000; i += 2)
        g_assert_true(row_set_add(set, base + i));
    for (gint64 i = 0; i < 100000; i++)
        g_assert_cmpint(row_set_has(set, base + i), ==, i % 2 == 0);
}

static gint64 count(sqlite3 *db, RowSet *set)
{
    gint64 n = -1;

    g_assert_true(sql_number(db, &n, NULL,
                             "SELECT count(*) FROM (SELECT 5 AS row UNION SELECT 6)"
                             " WHERE in_set(row, ?1)",
                             "r", set));
    return n;
}

static void test_sql(void)
{
    g_autoptr(RowSet) set = row_set_new();
    sqlite3 *db;

    g_assert_cmpint(sqlite3_open(":memory:", &db), ==, SQLITE_OK);
    g_assert_true(row_set_add_function(db));
    g_assert_cmpint(count(db, set), ==, 0);
    row_set_add(set, 6);
    g_assert_cmpint(count(db, set), ==, 1);
    g_assert_cmpint(count(db, NULL), ==, 0);
    sqlite3_close(db);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/row-set/holds-what-was-added", test_added);
    g_test_add_func("/row-set/is-empty-again", test_emptied);
    g_test_add_func("/row-set/every-second-row", test_every_second);
    g_test_add_func("/row-set/is-asked-by-sql", test_sql);
    return g_test_run();
}
