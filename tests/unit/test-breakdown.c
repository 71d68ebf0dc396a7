/* SPDX-License-Identifier: MIT */
/* test-breakdown.c - words for breakdowns, and the dimensions behind them. */
#include "api/breakdown.h"

#include <string.h>

static void test_words(void)
{
    const char *const *words = breakdown_words();

    g_assert_cmpuint(g_strv_length((char **)words), ==, 10);
    for (guint i = 0; words[i] != NULL; i++) {
        const Breakdown *breakdown = breakdown_find(words[i]);

        g_assert_nonnull(breakdown);
        g_assert_cmpstr(breakdown->word, ==, words[i]);
        g_assert_true(i == 0 || strcmp(words[i - 1], words[i]) < 0);
        for (guint j = 0; breakdown->dimensions[j] != NULL; j++)
            g_assert_true(dimension_types(breakdown->dimensions[j]) & 1u << breakdown->type);
    }
    g_assert_null(breakdown_find("countries"));
    g_assert_null(breakdown_find(""));
}

static void test_types(void)
{
    const Breakdown *country = breakdown_find("country");
    const Breakdown *both = breakdown_find("age-gender");

    g_assert_cmpint(country->type, ==, REPORT_BASIC);
    g_assert_cmpstr(country->dimensions[0], ==, "country_code");
    g_assert_null(country->dimensions[1]);
    g_assert_cmpint(both->type, ==, REPORT_AUDIENCE);
    g_assert_cmpstr(both->dimensions[0], ==, "age");
    g_assert_cmpstr(both->dimensions[1], ==, "gender");
    g_assert_null(both->dimensions[2]);
    g_assert_cmpuint(dimension_types("age"), ==, 1u << REPORT_AUDIENCE);
    g_assert_cmpuint(dimension_types("image_id"), ==, 1u << REPORT_BASIC);
    g_assert_cmpuint(dimension_types("spend"), ==, 0);
}

static void test_word(void)
{
    static const char *const age[] = {"age", NULL}, *const tag[] = {"contextual_tag", NULL};
    ReportShape shape = {.breakdown = age};

    g_assert_cmpstr(breakdown_word(&shape), ==, "age");
    shape.breakdown = breakdown_find("age-gender")->dimensions;
    g_assert_cmpstr(breakdown_word(&shape), ==, "age-gender");
    shape.breakdown = tag;
    g_assert_null(breakdown_word(&shape));
    shape.breakdown = NULL;
    g_assert_null(breakdown_word(&shape));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/breakdown/each-word-has-dimensions-of-its-type", test_words);
    g_test_add_func("/breakdown/country-is-basic-and-people-are-audience", test_types);
    g_test_add_func("/breakdown/a-shape-has-the-word-back", test_word);
    return g_test_run();
}
