/* SPDX-License-Identifier: MIT */
/* test-secret.c - what is wiped, compared and hidden. */
#include <string.h>

#include "api/error.h"
#include "api/secret.h"

static void test_equal(void)
{
    g_assert_true(secret_equal("", ""));
    g_assert_true(secret_equal("abc", "abc"));
    g_assert_false(secret_equal("abc", "abd"));
    g_assert_false(secret_equal("Abc", "abc"));
    g_assert_false(secret_equal("abc", "abcabc"));
    g_assert_false(secret_equal("abcabc", "abc"));
    g_assert_false(secret_equal("", "abc"));
    g_assert_false(secret_equal("abc", ""));
}

static void check_hidden(const char *text, const char *secret, const char *expected)
{
    g_autoptr(GError) error = api_error_new(API_ERROR_REMOTE, 0, NULL, "%s", text);

    secret_hide(error, secret);
    g_assert_cmpstr(error->message, ==, expected);
}

static void test_hide(void)
{
    check_hidden("code c0de-1234 is bad", "c0de-1234", "code ********* is bad");
    check_hidden("c0de-1234c0de-1234", "c0de-1234", "******************");
    check_hidden("?x=c0%2Fde%2B1234&y", "c0/de+1234", "?x=**************&y");
    check_hidden("cut in the mid: 'c0de-123", "c0de-12345", "cut in the mid: '********");
    check_hidden("c0dec0de-12c0de-12345!", "c0de-12345", "c0dec0de-12**********!");
    check_hidden("no code", "c0de-1234", "no code");
    check_hidden("not a code", "code", "not a code"); /* too short to be one */
    check_hidden("text", "", "text");
    check_hidden("text", NULL, "text");
    secret_hide(NULL, "c0de-1234");
}

/* The bytes end with their last reference, and are the array's until then. */
static void test_bytes(void)
{
    GByteArray *array = g_byte_array_sized_new(100);
    gsize length;

    g_byte_array_append(array, (const guint8 *)"t0ken", 5);
    const guint8 *data = array->data;
    GBytes *bytes = secret_bytes_new(array);
    g_assert_true(g_bytes_get_data(bytes, &length) == data);
    g_assert_cmpuint(length, ==, 5);
    g_assert_cmpint(memcmp(data, "t0ken", 5), ==, 0);
    g_bytes_unref(bytes);
    g_bytes_unref(secret_bytes_new(g_byte_array_new()));
    secret_free(NULL);
    secret_free(g_strdup(""));
    secret_string_free(NULL);
    secret_string_free(g_string_new("t0ken"));
}

/* What curl gets for malloc() and its like. */
static void test_blocks(void)
{
    char *text = secret_block_strdup("t0ken");

    g_assert_cmpstr(text, ==, "t0ken");
    text = secret_block_resize(text, 1000);
    g_assert_cmpstr(text, ==, "t0ken");
    memset(text + 6, 'x', 994);
    text = secret_block_resize(text, 2);
    g_assert_cmpint(memcmp(text, "t0", 2), ==, 0);
    secret_block_free(text);
    text = secret_block_new0(3, 5);
    for (int i = 0; i < 15; i++)
        g_assert_cmpint(text[i], ==, 0);
    secret_block_free(text);
    text = secret_block_resize(NULL, 10);
    g_assert_nonnull(text);
    secret_block_free(text);
    g_assert_null(secret_block_new(G_MAXSIZE - 3));
    g_assert_null(secret_block_new0(G_MAXSIZE / 2, 4));
    secret_block_free(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/secret/equal-is-all-of-it", test_equal);
    g_test_add_func("/secret/hidden-in-errors", test_hide);
    g_test_add_func("/secret/bytes", test_bytes);
    g_test_add_func("/secret/blocks", test_blocks);
    return g_test_run();
}
