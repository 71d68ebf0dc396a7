/* SPDX-License-Identifier: MIT */
/* test-tables.c - what is remembered of tables. */
#include "fs/tables.h"

static void test_made(void)
{
    Options options = {.cache_dir = (char *)"/nowhere"};
    Tables *tables = tables_new(&options);

    g_assert_cmpint(tables_size(tables, 5), ==, 0);
    g_assert_cmpint(tables_made_us(tables, 5), ==, 0);
    tables_made(tables, 5, 100, 7);
    tables_made(tables, 6, 200, 8);
    tables_made(tables, 5, 300, 9);
    g_assert_cmpint(tables_size(tables, 5), ==, 300);
    g_assert_cmpint(tables_made_us(tables, 5), ==, 9);
    g_assert_cmpint(tables_size(tables, 6), ==, 200);
    tables_free(tables);
}

/* A recursive reader of a large account opens more than anybody wants remembered. */
static void test_only_the_newest(void)
{
    Options options = {.cache_dir = (char *)"/nowhere"};
    Tables *tables = tables_new(&options);

    for (guint64 ino = 1; ino <= TABLES_MOST; ino++)
        tables_made(tables, ino, 1, 1);
    tables_made(tables, 1, 2, 1); /* the newest now */
    tables_made(tables, TABLES_MOST + 1, 3, 1);
    g_assert_cmpint(tables_size(tables, 1), ==, 2);
    g_assert_cmpint(tables_size(tables, 2), ==, 0);
    g_assert_cmpint(tables_size(tables, 3), ==, 1);
    g_assert_cmpint(tables_size(tables, TABLES_MOST + 1), ==, 3);
    tables_free(tables);
}

static void test_touched(void)
{
    Options options = {.cache_dir = (char *)"/nowhere"};
    Tables *tables = tables_new(&options);

    g_assert_cmpint(tables_touched_us(tables, 5), ==, 0);
    tables_touch(tables, 5, 77);
    tables_touch(tables, 5, 78);
    g_assert_cmpint(tables_touched_us(tables, 5), ==, 78);
    g_assert_cmpint(tables_touched_us(tables, 6), ==, 0);
    tables_free(tables);
}

static void test_none(void)
{
    g_assert_cmpint(tables_size(NULL, 5), ==, 0);
    g_assert_cmpint(tables_made_us(NULL, 5), ==, 0);
    g_assert_cmpint(tables_touched_us(NULL, 5), ==, 0);
    tables_free(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tables/what-was-made-last", test_made);
    g_test_add_func("/tables/only-the-newest-are-remembered", test_only_the_newest);
    g_test_add_func("/tables/an-account-that-changed", test_touched);
    g_test_add_func("/tables/of-none-nothing-is-known", test_none);
    return g_test_run();
}
