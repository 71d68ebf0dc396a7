/* SPDX-License-Identifier: MIT */
/* test-names.c - what becomes of names of objects as file names. */
#include "fs/names.h"

#include <string.h>

/* clang-format off */
static const struct {
    const char *name, *safe;
} cases[] = {
    {NULL, ""},
    {"", ""},
    {"Spring sale", "Spring sale"},
    {"봄 캠페인", "봄 캠페인"},
    {"Größe ☀️ 🎉", "Größe ☀️ 🎉"},
    {"a/b", "a%2Fb"},
    {".", "%2E"},
    {"..", "%2E."},
    {".hidden", "%2Ehidden"},
    {"v1.2", "v1.2"},
    {"100% off", "100%25 off"},
    {"%2F", "%252F"},
    {"tab\tline\nend\x7f", "tab%09line%0Aend%7F"},
    {"\xc2\x85next", "%C2%85next"},       /* C1 */
    {"\xff\xfe", "%FF%FE"},
    {"a\xe2\x82", "a%E2%82"},             /* cut off within a character */
    {"\xed\xa0\x80", "%ED%A0%80"},        /* a surrogate */
    {"\xc0\xaf", "%C0%AF"},               /* a slash, overlong */
};
/* clang-format on */

static void test_cases(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *safe = names_safe(cases[i].name);

        g_assert_cmpstr(safe, ==, cases[i].safe);
    }
}

/* prefix bytes of `x`, then unit: what is kept of unit at the very end. */
static void check_cut(guint prefix, const char *unit, const char *kept)
{
    g_autofree char *start = g_strnfill(prefix, 'x');
    g_autofree char *name = g_strconcat(start, unit, "yyy", NULL);
    g_autofree char *expected = g_strconcat(start, kept, NULL);
    g_autofree char *safe = names_safe(name);

    g_assert_cmpstr(safe, ==, expected);
}

static void test_cut(void)
{
    check_cut(200, "z", "");
    check_cut(199, "z", "z");
    check_cut(197, "/", "%2F");
    check_cut(198, "/", "");
    check_cut(196, "🎉", "🎉");
    check_cut(197, "🎉", "");
    check_cut(199, "ü", "");
    /* Nothing after what did not fit, or the order of the text would be lost. */
    check_cut(199, "üz", "");
}

/* ---- properties, over random bytes ---- */

static char *random_name(guint max)
{
    static const char *const favourites[] = {"/", "%", ".", "\n", "ü", "한", "🎉", "\xf0\x9f", "a"};
    GString *out = g_string_new(NULL);
    guint units = (guint)g_test_rand_int_range(0, (gint32)max);

    for (guint i = 0; i < units; i++) {
        if (g_test_rand_bit())
            g_string_append(out, favourites[g_test_rand_int_range(0, G_N_ELEMENTS(favourites))]);
        else
            g_string_append_c(out, (char)g_test_rand_int_range(1, 256));
    }
    return g_string_free(out, FALSE);
}

/* Back to bytes; asserts that every % has its two digits. */
static char *unescape(const char *safe)
{
    GString *out = g_string_new(NULL);

    for (const char *c = safe; *c != '\0'; c++) {
        if (*c != '%') {
            g_string_append_c(out, *c);
            continue;
        }
        g_assert_true(g_ascii_isxdigit(c[1]) && g_ascii_isxdigit(c[2]));
        g_string_append_c(out,
                          (char)(g_ascii_xdigit_value(c[1]) * 16 + g_ascii_xdigit_value(c[2])));
        c += 2;
    }
    return g_string_free(out, FALSE);
}

static void test_random(void)
{
    for (guint round = 0; round < 20000; round++) {
        g_autofree char *name = random_name(150);
        g_autofree char *safe = names_safe(name);
        g_autofree char *back = unescape(safe);

        g_assert_cmpuint(strlen(safe), <=, 200);
        g_assert_true(g_utf8_validate(safe, -1, NULL));
        g_assert_null(strchr(safe, '/'));
        g_assert_cmpint(*safe, !=, '.');
        for (const char *c = safe; *c != '\0'; c++)
            g_assert_false(g_ascii_iscntrl(*c));
        /* Nothing is lost but what was cut: so names that differ before the cut stay different. */
        g_assert_true(g_str_has_prefix(name, back));
        if (strlen(safe) < 196)
            g_assert_cmpstr(back, ==, name);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/names/unsafe-bytes-are-escaped-and-text-is-kept", test_cases);
    g_test_add_func("/names/cut-before-the-unit-that-does-not-fit", test_cut);
    g_test_add_func("/names/random-bytes-give-a-file-name-and-nothing-is-lost", test_random);
    return g_test_run();
}
