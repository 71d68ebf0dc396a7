/* SPDX-License-Identifier: MIT */
/* test-shown.c - what each session was shown last, and that not all of it is kept. */
#include "fs/shown.h"

static void test_last_of_each(void)
{
    Shown *shown = shown_new(G_MAXINT64);

    g_assert_null(shown_last(shown, 7, 100, G_MININT64));
    shown_note(shown, 7, 100, "500", 0);
    shown_note(shown, 8, 100, "600", 0);
    shown_note(shown, 7, 101, "ENABLE", 0);
    g_assert_cmpstr(shown_last(shown, 7, 100, G_MININT64), ==, "500");
    g_assert_cmpstr(shown_last(shown, 8, 100, G_MININT64), ==, "600");
    g_assert_cmpstr(shown_last(shown, 7, 101, G_MININT64), ==, "ENABLE");
    g_assert_null(shown_last(shown, 8, 101, G_MININT64));
    shown_note(shown, 7, 100, "700", 0);
    g_assert_cmpstr(shown_last(shown, 7, 100, G_MININT64), ==, "700");
    shown_free(shown);
}

/* What was noted again goes later than what was noted once. */
static void test_bounded(void)
{
    Shown *shown = shown_new(G_MAXINT64);

    for (guint64 i = 0; i < SHOWN_MOST; i++)
        shown_note(shown, 1, i, "a", 0);
    shown_note(shown, 1, 0, "b", 0);
    for (guint64 i = 0; i < SHOWN_MOST - 1; i++)
        shown_note(shown, 2, i, "c", 0);
    g_assert_cmpstr(shown_last(shown, 1, 0, G_MININT64), ==, "b");
    for (guint64 i = 1; i < SHOWN_MOST; i++)
        g_assert_null(shown_last(shown, 1, i, G_MININT64));
    g_assert_cmpstr(shown_last(shown, 2, 0, G_MININT64), ==, "c");
    shown_free(shown);
}

static void test_for_a_while(void)
{
    Shown *shown = shown_new(10);

    shown_note(shown, 7, 100, "500", 1);
    g_assert_cmpstr(shown_last(shown, 7, 100, 1), ==, "500");
    g_assert_null(shown_last(shown, 7, 100, 2));
    shown_note(shown, 7, 101, "600", 11);
    g_assert_cmpstr(shown_last(shown, 7, 100, 1), ==, "500");
    shown_note(shown, 7, 101, "600", 12);
    g_assert_null(shown_last(shown, 7, 100, G_MININT64));
    g_assert_cmpstr(shown_last(shown, 7, 101, 12), ==, "600");
    shown_free(shown);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/shown/last-of-each", test_last_of_each);
    g_test_add_func("/shown/bounded", test_bounded);
    g_test_add_func("/shown/for-a-while", test_for_a_while);
    return g_test_run();
}
