/* SPDX-License-Identifier: MIT */
/*
 * test-codes.c - each code of the service's own list, as it was recorded, has a row: a class, an
 * errno that a process can understand, a meaning and an advice.
 */
#include <errno.h>
#include <string.h>

#include "api/codes.h"
#include "fs/errno.h"
#include "tests/unit/recorded.h"

/* What a process, and who reads .adsfs/errors, gets to see of the code. */
static void check_code(int code)
{
    const ApiCode *row = code_find(code);
    g_autoptr(GError) error = api_error_new(row->kind, code, NULL, "x");

    g_test_message("%d", code);
    g_assert_cmpint(row->code, ==, code);
    g_assert_true(row->action != CODE_RATE || row->kind == API_ERROR_BUSY);
    g_assert_cmpint(errno_of(error), >, 0);
    g_assert_cmpstr(errno_name(errno_of(error)), !=, "");
    g_assert_true(errno_of(error) == EIO || g_strcmp0(errno_name(errno_of(error)), "EIO") != 0);
    g_assert_cmpuint(strlen(api_error_meaning(error)), >, 5);
    g_assert_cmpuint(strlen(api_error_advice(error)), >, 10);
}

static void test_official(void)
{
    g_auto(GStrv) rows = recorded_rows("codes.tsv", "code\t");

    for (char **row = rows; row != NULL && *row != NULL; row++) {
        g_auto(GStrv) cells = g_strsplit(*row, "\t", 2);

        check_code((int)recorded_number(cells[0]));
    }
    if (rows != NULL)
        g_assert_cmpuint(g_strv_length(rows), ==, 72);
}

static void test_table(void)
{
    gsize n;
    const ApiCode *table = code_table(&n);

    for (gsize i = 0; i < n; i++)
        check_code(table[i].code);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/codes/official-list-is-covered", test_official);
    g_test_add_func("/codes/every-row-is-understood", test_table);
    return g_test_run();
}
