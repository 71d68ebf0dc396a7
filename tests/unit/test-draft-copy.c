/* SPDX-License-Identifier: MIT */
/* test-draft-copy.c - who is copying into a draft, and what of it is void. */
#include "fs/draft-copy.h"

#include <unistd.h>

#include "fs/void.h"

static gint64 now_us;

static gint64 tell_now(void *user_data)
{
    (void)user_data;
    return now_us;
}

static const Clock test_clock = {tell_now, tell_now, NULL};

static void test_maker(void)
{
    Copies *copies = copies_new(&test_clock);

    now_us = 1000 * G_USEC_PER_SEC;
    g_assert_false(copy_hides(copies, 1, 64, 10));
    copy_begin(copies, 1, 10);
    g_assert_true(copy_hides(copies, 1, 64, 10));
    g_assert_false(copy_hides(copies, 1, 64, 11)); /* to others they are there */
    g_assert_false(copy_hides(copies, 2, 64, 10));
    copy_made(copies, 1, 64);
    g_assert_false(copy_hides(copies, 1, 64, 10));
    g_assert_true(copy_hides(copies, 1, 65, 10));
    now_us += 61 * G_USEC_PER_SEC;
    g_assert_false(copy_hides(copies, 1, 65, 10));
    copies_free(copies);
}

static void test_remover(void)
{
    Copies *copies = copies_new(&test_clock);

    copy_removed(copies, 1, 64, 10);
    g_assert_true(copy_hides(copies, 1, 64, 10));
    g_assert_false(copy_hides(copies, 1, 65, 10));
    g_assert_false(copy_hides(copies, 1, 64, 11));
    copy_made(copies, 1, 64);
    g_assert_false(copy_hides(copies, 1, 64, 10));
    copies_free(copies);
}

static void test_taker(void)
{
    Copies *copies = copies_new(&test_clock);

    copy_took(copies, 1, 10);
    g_assert_true(copy_takes(copies, 1, 10));
    g_assert_false(copy_takes(copies, 1, 11));
    g_assert_false(copy_takes(copies, 2, 10));
    now_us += 61 * G_USEC_PER_SEC;
    g_assert_false(copy_takes(copies, 1, 10));
    g_assert_cmpint(process_of(getpid()), ==, getpid());
    copies_free(copies);
}

static void test_void(void)
{
    Voids *voids = voids_new(&test_clock);
    gint64 first = void_make(voids, 7, "a", S_IFDIR, NULL)->number;
    gint64 link = void_make(voids, 7, "b", S_IFLNK, "../x")->number;

    g_assert_cmpint(void_find(voids, 7, "a")->number, ==, first);
    g_assert_null(void_find(voids, 8, "a"));
    g_assert_cmpstr(void_at(voids, link)->target, ==, "../x");
    void_drop(voids, first);
    g_assert_null(void_find(voids, 7, "a"));
    g_assert_cmpint(void_make(voids, 7, "a", S_IFREG, NULL)->number, >, link);
    now_us += 61 * G_USEC_PER_SEC;
    g_assert_null(void_find(voids, 7, "b"));
    voids_free(voids);
}

/* The ones that are used stay; memory does not grow with what is copied. */
static void test_void_most(void)
{
    Voids *voids = voids_new(&test_clock);
    gint64 used = void_make(voids, 1, "used", S_IFDIR, NULL)->number;
    gint64 unused = void_make(voids, 1, "unused", S_IFDIR, NULL)->number;

    for (guint i = 0; i < 2 * VOIDS_MOST; i++) {
        g_autofree char *name = g_strdup_printf("%u", i);

        void_make(voids, (guint64)used, name, S_IFREG, NULL);
        g_assert_nonnull(void_at(voids, used));
    }
    g_assert_null(void_at(voids, unused));
    g_assert_null(void_find(voids, (guint64)used, "0"));
    voids_free(voids);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/draft-copy/maker", test_maker);
    g_test_add_func("/draft-copy/remover", test_remover);
    g_test_add_func("/draft-copy/taker", test_taker);
    g_test_add_func("/draft-copy/void", test_void);
    g_test_add_func("/draft-copy/void-most", test_void_most);
    return g_test_run();
}
