/* SPDX-License-Identifier: MIT */
/* test-cut.c - who is taken out of a call that was refused. */
#include "cache/cut.h"

#include "api/error.h"

static const char *const ids[] = {"17", "18", "19", "20", "21"};

static void test_parts(void)
{
    /* clang-format off */
    static const struct {
        const char *text;
        guint n, n_parts, parts[G_N_ELEMENTS(ids)];
    } cases[] = {
        {"The campaign 18 does not exist.", 5, 2, {0, 1, 0, 0, 0}},
        {"Deleted: 18, 20", 5, 3, {0, 1, 0, 2, 0}},
        {"No: 17", 2, 2, {1, 0}},
        {"Something is wrong", 5, 2, {0, 0, 0, 1, 1}},
        {"Something is wrong", 2, 2, {0, 1}},
        /* all of them, or a part of a longer number: nobody */
        {"17 and 18", 2, 2, {0, 1}},
        {"request 4118 of 2026", 5, 2, {0, 0, 0, 1, 1}},
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        guint parts[G_N_ELEMENTS(ids)];

        g_assert_cmpuint(cut_parts(ids, cases[i].n, cases[i].text, parts), ==, cases[i].n_parts);
        for (guint k = 0; k < cases[i].n; k++)
            g_assert_cmpuint(parts[k], ==, cases[i].parts[k]);
    }
}

static void test_about(void)
{
    static const struct {
        ApiErrorKind kind;
        int code;
        gboolean about;
    } cases[] = {
        {API_ERROR_INVALID, 40002, TRUE},  {API_ERROR_NOT_FOUND, 40007, TRUE},
        {API_ERROR_INVALID, 40061, TRUE},  {API_ERROR_REMOTE, 45678, TRUE},
        {API_ERROR_BUSY, 40100, FALSE},    {API_ERROR_TOKEN, 40105, FALSE},
        {API_ERROR_DENIED, 40001, FALSE},  {API_ERROR_NOT_FOUND, 40300, FALSE},
        {API_ERROR_INVALID, 40051, FALSE}, {API_ERROR_UNKNOWN, 50000, FALSE},
        {API_ERROR_UNREACHABLE, 0, FALSE}, {API_ERROR_BUSY, 0, FALSE},
        {API_ERROR_REMOTE, 51000, FALSE},  {API_ERROR_DENIED, 40003, FALSE},
        {API_ERROR_DENIED, 40130, FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = api_error_new(cases[i].kind, cases[i].code, NULL, "x");

        if (cut_is_about_some(error) != cases[i].about)
            g_error("code %d", cases[i].code);
        if (cut_may_be_about_some(error) !=
            (cases[i].about || cases[i].code == 40001 || cases[i].code == 40003))
            g_error("code %d of an update", cases[i].code);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cut/whom-the-text-names-else-halves", test_parts);
    g_test_add_func("/cut/not-what-is-refused-for-all", test_about);
    return g_test_run();
}
