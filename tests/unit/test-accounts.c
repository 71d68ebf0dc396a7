/* SPDX-License-Identifier: MIT */
/* test-accounts.c - what somebody called an account does nothing to a terminal. */
#include "fs/command/accounts.h"

static void check(const char *text, const char *want)
{
    g_autofree char *line = accounts_line(text);

    g_assert_cmpstr(line, ==, want);
}

static void test_line(void)
{
    check("Alpenrad 日本", "Alpenrad 日本");
    check("A\x1b[2J\nB\tC\x7f", "A [2J B C ");
    check("\xc2\x9b"
          "2J",
          "  2J");
    check("\xff", "\xef\xbf\xbd");
    check("", "");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/accounts/one-line", test_line);
    return g_test_run();
}
