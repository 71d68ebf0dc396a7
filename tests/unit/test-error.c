/* SPDX-License-Identifier: MIT */
/* test-error.c - errors carry code and request id; each code of the reference has a kind. */
#include "api/error.h"

#include <string.h>

#include "api/codes.h"

static void test_carries(void)
{
    g_autoptr(GError) error = api_error_new(API_ERROR_TOKEN, 40105, "2026112219", "revoked %d", 7);
    g_autoptr(GError) copy = g_error_copy(error);

    g_assert_error(copy, API_ERROR, API_ERROR_TOKEN);
    g_assert_cmpstr(copy->message, ==, "revoked 7");
    g_assert_cmpint(api_error_code(copy), ==, 40105);
    g_assert_cmpstr(api_error_request_id(copy), ==, "2026112219");
    g_assert_cmpstr(api_error_meaning(copy), ==, "the access token is wrong or was revoked");
    g_assert_true(api_error_request_id(copy) != api_error_request_id(error));
}

static void test_any_error(void)
{
    g_autoptr(GError) other = g_error_new_literal(g_quark_from_static_string("x"), 3, "y");

    g_assert_cmpint(api_error_code(other), ==, 0);
    g_assert_null(api_error_request_id(other));
    g_assert_null(api_error_meaning(other));
    g_assert_nonnull(api_error_advice(other));
    g_assert_cmpint(api_error_code(NULL), ==, 0);
    g_assert_nonnull(api_error_advice(NULL));
}

static void test_advice(void)
{
    for (int kind = 0; kind < N_API_ERRORS; kind++) {
        g_autoptr(GError) error = api_error_new((ApiErrorKind)kind, 0, NULL, "x");

        g_assert_nonnull(api_error_advice(error));
        g_assert_cmpuint(strlen(api_error_advice(error)), >, 10);
    }

    g_autoptr(GError) unknown = api_error_new(API_ERROR_UNKNOWN, 50002, NULL, "x");
    g_autoptr(GError) plain = api_error_new(API_ERROR_UNKNOWN, 0, NULL, "x");
    g_assert_cmpstr(api_error_advice(unknown), ==, api_error_advice(plain));
}

static void test_sorted(void)
{
    gsize n;
    const ApiCode *table = code_table(&n);

    for (gsize i = 0; i < n; i++) {
        if (i > 0)
            g_assert_cmpint(table[i - 1].code, <, table[i].code);
        g_assert_true(code_find(table[i].code) == &table[i]);
        g_assert_true(table[i].kind < N_API_ERRORS);
        g_assert_cmpuint(strlen(table[i].meaning), >, 5);
        g_assert_false(g_str_has_suffix(table[i].meaning, "."));
        g_assert_true((table[i].pause != PAUSE_NONE) == (table[i].action == CODE_RATE));
        g_assert_true(table[i].action != CODE_RATE || table[i].kind == API_ERROR_BUSY);
    }
}

static void test_kinds(void)
{
    static const struct {
        int code;
        ApiErrorKind kind;
        CodeAction action;
    } rows[] = {
        {40104, API_ERROR_TOKEN, CODE_FINAL},     {40105, API_ERROR_TOKEN, CODE_FINAL},
        {40106, API_ERROR_TOKEN, CODE_FINAL},     {40102, API_ERROR_EXPIRED, CODE_FINAL},
        {40001, API_ERROR_DENIED, CODE_FINAL},    {40130, API_ERROR_DENIED, CODE_FINAL},
        {40118, API_ERROR_DENIED, CODE_FINAL},    {40125, API_ERROR_DENIED, CODE_FINAL},
        {40007, API_ERROR_NOT_FOUND, CODE_FINAL}, {40300, API_ERROR_NOT_FOUND, CODE_FINAL},
        {40301, API_ERROR_NOT_FOUND, CODE_FINAL}, {40067, API_ERROR_INVALID, CODE_FINAL},
        {40050, API_ERROR_UNKNOWN, CODE_FINAL},   {40202, API_ERROR_BUSY, CODE_FINAL},
        {40000, API_ERROR_INVALID, CODE_FINAL},   {40002, API_ERROR_INVALID, CODE_FINAL},
        {40006, API_ERROR_INVALID, CODE_FINAL},   {40011, API_ERROR_INVALID, CODE_FINAL},
        {40100, API_ERROR_BUSY, CODE_RATE},       {40016, API_ERROR_BUSY, CODE_RATE},
        {40133, API_ERROR_BUSY, CODE_RATE},       {40132, API_ERROR_BUSY, CODE_RATE},
        {61000, API_ERROR_BUSY, CODE_RATE},       {50000, API_ERROR_REMOTE, CODE_RETRY},
        {50001, API_ERROR_REMOTE, CODE_RETRY},    {50002, API_ERROR_REMOTE, CODE_RETRY},
        {51010, API_ERROR_REMOTE, CODE_RETRY},    {51077, API_ERROR_REMOTE, CODE_RETRY},
        {53102, API_ERROR_REMOTE, CODE_RETRY},    {49999, API_ERROR_REMOTE, CODE_FINAL},
        {1, API_ERROR_REMOTE, CODE_FINAL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%d", rows[i].code);
        g_assert_cmpint(code_find(rows[i].code)->kind, ==, rows[i].kind);
        g_assert_cmpint(code_find(rows[i].code)->action, ==, rows[i].action);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/error/carries-code-and-request-id", test_carries);
    g_test_add_func("/error/any-error-may-be-asked", test_any_error);
    g_test_add_func("/error/advice-is-never-missing", test_advice);
    g_test_add_func("/codes/sorted-and-unique", test_sorted);
    g_test_add_func("/codes/kinds", test_kinds);
    return g_test_run();
}
