/* SPDX-License-Identifier: MIT */
/* test-apply.c - what `adsfs apply` makes of the journal and of the errors. */
#include "fs/command/apply-text.h"

#include <string.h>

#define NOON G_GINT64_CONSTANT(1795176000) /* 2026-11-20T12:00:00Z */

#define ROW(time, pid, table, file, before, after, outcome, message)                               \
    "{\"time\":\"2026-11-20T" time "Z\",\"pid\":" pid ",\"table\":" table                          \
    ",\"path\":\"7/campaigns/1/" file "\",\"before\":" before ",\"after\":\"" after                \
    "\",\"outcome\":\"" outcome "\",\"message\":" message "}\n"

static const char journal[] =
    ROW("11:59:59", "77", "1", "name", "\"old\"", "before it", "done", "null")
        ROW("12:00:00", "77", "1795176000000001", "status", "\"ENABLE\"", "DISABLE", "done", "null")
            ROW("12:00:01", "77", "1795176000000001", "budget", "\"500\"", "60000", "refused",
                "\"more than\\nmax_increase\"")
                ROW("12:00:01", "78", "2", "name", "\"a\"", "of another process", "done", "null")
                    ROW("12:00:02", "77", "0", "name", "\"a\"", "of no table", "done",
                        "null") "no JSON\n" ROW("12:00:02", "77", "1795176000000001", "name",
                                                "null", "\\u001b[31mred", "unknown", "null");

static void test_rows(void)
{
    ApplyCount count;
    g_autofree char *rows = apply_rows(journal, 77, NOON * G_USEC_PER_SEC + 900000, &count);
    g_autofree char *summary = apply_summary(&count);

    g_assert_cmpstr(rows, ==,
                    "1 status: ENABLE -> DISABLE  done\n"
                    "1 budget: 500 -> 60000  refused: more than max_increase\n"
                    "1 name:  ->  [31mred  unknown\n");
    g_assert_cmpuint(count.done, ==, 1);
    g_assert_cmpuint(count.failed, ==, 2);
    g_assert_cmpstr(summary, ==, "1 of 3 changes were made; 2 failed");
}

static void test_none(void)
{
    ApplyCount count;
    g_autofree char *rows = apply_rows("", 77, 0, &count);
    g_autofree char *summary = apply_summary(&count);

    g_assert_cmpstr(rows, ==, "");
    g_assert_cmpstr(summary, ==, "nothing differs: nothing was sent");
}

static void test_dry_run(void)
{
    static const char text[] = ROW("12:00:01", "77", "5", "status", "\"ENABLE\"", "DISABLE",
                                   "dry_run", "\"POST /campaign/status/update/\"");
    ApplyCount count;
    g_autofree char *rows = apply_rows(text, 77, NOON * G_USEC_PER_SEC, &count);
    g_autofree char *summary = apply_summary(&count);

    g_assert_cmpstr(rows, ==,
                    "1 status: ENABLE -> DISABLE  dry_run: POST /campaign/status/update/\n");
    g_assert_cmpstr(summary, ==, "1 changes would be made; nothing was sent (dry_run)");
}

static void test_one(void)
{
    static const ApplyCount count = {.done = 1};
    g_autofree char *summary = apply_summary(&count);

    g_assert_cmpstr(summary, ==, "1 change was made");
}

/* The one about the whole table is written last, and is what to read first. */
static void test_problems(void)
{
    static const char errors[] =
        "{\"time\":\"2026-11-20T11:59:59Z\",\"path\":\"7/ads.csv\",\"message\":\"long ago\"}\n"
        "{\"time\":\"2026-11-20T12:00:00Z\",\"path\":\"7/ads.csv\",\"message\":\"line 3\"}\n"
        "{\"time\":\"2026-11-20T12:00:00Z\",\"path\":\"7/ads\",\"message\":\"elsewhere\"}\n"
        "{\"time\":\"2026-11-20T12:00:00Z\",\"path\":\"7/ads.csv\",\"message\":\"line\\t2\"}\n";
    g_autofree char *problems = apply_problems(errors, "7/ads.csv", NOON * G_USEC_PER_SEC);

    g_assert_cmpstr(problems, ==, "line 2\nline 3\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/apply/a-line-for-each-change-of-this-process", test_rows);
    g_test_add_func("/apply/nothing-differs", test_none);
    g_test_add_func("/apply/what-would-be-sent", test_dry_run);
    g_test_add_func("/apply/one-change", test_one);
    g_test_add_func("/apply/why-a-table-was-refused", test_problems);
    return g_test_run();
}
