/* SPDX-License-Identifier: MIT */
/* test-nearest.c - which word was meant. */
#include "api/nearest.h"

static const char *const words[] = {"clicks", "likes", "spend", "reach", NULL};

static void test_distance(void)
{
    g_assert_cmpuint(nearest_distance("", ""), ==, 0);
    g_assert_cmpuint(nearest_distance("spend", "spend"), ==, 0);
    g_assert_cmpuint(nearest_distance("", "spend"), ==, 5);
    g_assert_cmpuint(nearest_distance("spend", ""), ==, 5);
    g_assert_cmpuint(nearest_distance("spnd", "spend"), ==, 1);
    g_assert_cmpuint(nearest_distance("spendd", "spend"), ==, 1);
    g_assert_cmpuint(nearest_distance("kitten", "sitting"), ==, 3);
}

static void test_long(void)
{
    g_autofree char *a = g_strnfill(1000, 'a'), *b = g_strnfill(1000, 'b');

    g_assert_cmpuint(nearest_distance(a, a), ==, 0);
    g_assert_cmpuint(nearest_distance(a, b), ==, 128);
}

static void test_word(void)
{
    static const char *const none[] = {NULL}, *const equal[] = {"bat", "hat", NULL};

    g_assert_cmpstr(nearest_word("spent", words), ==, "spend");
    g_assert_cmpstr(nearest_word("lkes", words), ==, "likes");
    g_assert_cmpstr(nearest_word("clikes", words), ==, "likes");
    g_assert_cmpstr(nearest_word("reach", words), ==, "reach");
    g_assert_cmpstr(nearest_word("cat", equal), ==, "bat");
    g_assert_null(nearest_word("xyzzy", words));
    g_assert_null(nearest_word("", words));
    g_assert_null(nearest_word("spend", none));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nearest/distance-counts-letters", test_distance);
    g_test_add_func("/nearest/long-words-are-compared-by-their-beginnings", test_long);
    g_test_add_func("/nearest/a-guess-has-half-of-its-letters-right", test_word);
    return g_test_run();
}
