/* SPDX-License-Identifier: MIT */
/* test-shown.c - what each session was shown last, and that not all of it is kept. */
#include "fs/shown.h"

static void test_last_of_each(void)
{
    Shown *shown = shown_new();

    g_assert_null(shown_last(shown, 7, 100));
    shown_note(shown, 7, 100, "500");
    shown_note(shown, 8, 100, "600");
    shown_note(shown, 7, 101, "ENABLE");
    g_assert_cmpstr(shown_last(shown, 7, 100), ==, "500");
    g_assert_cmpstr(shown_last(shown, 8, 100), ==, "600");
    g_assert_cmpstr(shown_last(shown, 7, 101), ==, "ENABLE");
    g_assert_null(shown_last(shown, 8, 101));
    shown_note(shown, 7, 100, "700");
    g_assert_cmpstr(shown_last(shown, 7, 100), ==, "700");
    shown_free(shown);
}

/* What was noted again goes later than what was noted once. */
static void test_bounded(void)
{
    Shown *shown = shown_new();

    for (guint64 i = 0; i < SHOWN_MOST; i++)
        shown_note(shown, 1, i, "a");
    shown_note(shown, 1, 0, "b");
    for (guint64 i = 0; i < SHOWN_MOST - 1; i++)
        shown_note(shown, 2, i, "c");
    g_assert_cmpstr(shown_last(shown, 1, 0), ==, "b");
    for (guint64 i = 1; i < SHOWN_MOST; i++)
        g_assert_null(shown_last(shown, 1, i));
    g_assert_cmpstr(shown_last(shown, 2, 0), ==, "c");
    shown_free(shown);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/shown/last-of-each", test_last_of_each);
    g_test_add_func("/shown/bounded", test_bounded);
    return g_test_run();
}
