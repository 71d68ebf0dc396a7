/* SPDX-License-Identifier: MIT */
/* test-window.c - what is inside is never too little, and hardly too much. */
#include "api/window.h"

static void test_inside(void)
{
    Window window = {0};

    window_add(&window, &window_second, 5000000, 3);
    window_add(&window, &window_second, 5400000, 2);
    g_assert_cmpuint(window_used(&window, &window_second, 5400000), ==, 5);
    g_assert_cmpuint(window_used(&window, &window_second, 6001000), ==, 5); /* a little longer */
    g_assert_cmpuint(window_used(&window, &window_second, 6003000), ==, 2);
    g_assert_cmpuint(window_used(&window, &window_second, 6403000), ==, 0);
    g_assert_cmpuint(window_used(&window, &window_second, 900000000), ==, 0);
}

static void test_left(void)
{
    Window window = {0};

    window_add(&window, &window_second, 5000000, 3);
    window_add(&window, &window_second, 5400000, 2);
    g_assert_cmpint(window_left_us(&window, &window_second, 5500000, 1), ==, 6003000);
    g_assert_cmpint(window_left_us(&window, &window_second, 5500000, 3), ==, 6003000);
    g_assert_cmpint(window_left_us(&window, &window_second, 5500000, 4), ==, 6403000);
    g_assert_cmpint(window_left_us(&window, &window_second, 5500000, 6), ==, G_MAXINT64);
    g_assert_cmpuint(window_used(&window, &window_second, 6403000 - 1), ==, 2);
}

/* Against a list of all times: everything younger than the window is inside, nothing much older. */
static void check_random(const WindowKind *kind, gint64 name_us)
{
    Window window = {0};
    g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(gint64));
    gint64 now_us = 1000000000;

    for (int i = 0; i < 3000; i++) {
        guint inside = 0, near = 0;

        now_us += g_test_rand_int_range(0, (gint32)MIN(name_us / 20, G_MAXINT32));
        window_add(&window, kind, now_us, 1);
        g_array_append_val(times, now_us);
        for (guint j = 0; j < times->len; j++) {
            gint64 age_us = now_us - g_array_index(times, gint64, j);

            inside += age_us <= name_us;
            near += age_us <= kind->length_us + kind->tick_us;
        }
        g_assert_cmpuint(window_used(&window, kind, now_us), >=, inside);
        g_assert_cmpuint(window_used(&window, kind, now_us), <=, near);
    }
}

static void test_random(void)
{
    check_random(&window_second, G_USEC_PER_SEC);
    check_random(&window_minute, 60 * (gint64)G_USEC_PER_SEC);
}

static void test_shift(void)
{
    Window window = {0};

    window_add(&window, &window_second, 5000000, 3);
    window_shift(&window, &window_second, 94000500); /* now at 99 s and a bit: rounded up */
    g_assert_cmpuint(window_used(&window, &window_second, 99900000), ==, 3);
    g_assert_cmpint(window_left_us(&window, &window_second, 99900000, 3), ==, 100004000);
    window_shift(&window, &window_second, -99000000);
    g_assert_cmpuint(window_used(&window, &window_second, 900000), ==, 3);
    window_shift(&window, &window_second, -500000); /* before the clock began: inside still */
    g_assert_cmpuint(window_used(&window, &window_second, 900000), ==, 3);
    window_shift(&window, &window_second, -99000000); /* long before the clock began */
    g_assert_cmpuint(window_used(&window, &window_second, 0), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/window/counts-what-is-inside", test_inside);
    g_test_add_func("/window/says-when-the-oldest-leave", test_left);
    g_test_add_func("/window/never-too-little", test_random);
    g_test_add_func("/window/moves-with-its-clock", test_shift);
    return g_test_run();
}
