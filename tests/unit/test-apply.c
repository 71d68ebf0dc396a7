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
            ROW("12:00:01", "77", "1795176000000001", "budget", "500.10", "60000", "refused",
                "\"more than\\nmax_increase\"")
                ROW("12:00:01", "78", "2", "name", "\"a\"", "of another process", "done", "null")
                    ROW("12:00:02", "77", "0", "name", "\"a\"", "of no table", "done",
                        "null") "no JSON\n" ROW("12:00:02", "77", "1795176000000001", "name",
                                                "null", "\\u001b[31mred", "unknown", "null");

static char *report_of(const char *text, gint64 since_us, char **ret_rows)
{
    g_auto(ApplyReport) report = {0};

    apply_report_init(&report);
    apply_add_journal(&report, text, 77, since_us);
    *ret_rows = g_strdup(report.rows->str);
    return apply_summary(&report);
}

static void test_rows(void)
{
    g_autofree char *rows = NULL;
    g_autofree char *summary = report_of(journal, NOON * G_USEC_PER_SEC + 900000, &rows);

    g_assert_cmpstr(rows, ==,
                    "1 status: ENABLE -> DISABLE  done\n"
                    "1 budget: 500.10 -> 60000  refused: more than max_increase\n"
                    "1 name:  ->  [31mred  unknown\n");
    g_assert_cmpstr(summary, ==, "1 of 3 changes were made; 2 failed");
}

static void test_none(void)
{
    g_autofree char *rows = NULL;
    g_autofree char *summary = report_of("", 0, &rows);

    g_assert_cmpstr(rows, ==, "");
    g_assert_cmpstr(summary, ==, "nothing differs: nothing was sent");
}

#define STATUS(outcome, message)                                                                   \
    ROW("12:00:01", "77", "5", "status", "\"ENABLE\"", "DISABLE", outcome, message)

static void test_dry_run(void)
{
    g_autofree char *rows = NULL;
    g_autofree char *summary = report_of(STATUS("dry_run", "\"POST /campaign/status/update/\""),
                                         NOON * G_USEC_PER_SEC, &rows);

    g_assert_cmpstr(rows, ==,
                    "1 status: ENABLE -> DISABLE  dry_run: POST /campaign/status/update/\n");
    g_assert_cmpstr(summary, ==, "1 change would be made; nothing was sent (dry_run)");
}

static void test_one(void)
{
    g_autofree char *rows = NULL;
    g_autofree char *summary = report_of(STATUS("done", "null"), NOON * G_USEC_PER_SEC, &rows);

    g_assert_cmpstr(summary, ==, "1 change was made");
}

/* ---- errors ---- */

#define ERROR(time, path, message)                                                                 \
    "{\"time\":\"2026-11-20T" time "Z\",\"path\":\"" path "\",\"message\":\"" message "\"}\n"

/* The one about the whole table is written last, and is what to read first. */
static void test_problems(void)
{
    static const char errors[] = ERROR("12:00:00", "7/ads.csv", "line 3")
        ERROR("12:00:00", "7/ads", "elsewhere") ERROR("12:00:00", "7/ads.csv", "line\\t2");
    g_autofree char *problems = apply_problems(errors, "7/ads.csv");

    g_assert_cmpstr(problems, ==, "line 2\nline 3\n");
}

static void test_new_errors(void)
{
    static const char old[] = ERROR("11:59:59", "7/ads.csv", "old");
    static const char errors[] =
        ERROR("11:59:59", "7/ads.csv", "old") ERROR("12:00:00", "7/ads.csv", "new");
    g_autofree char *grown = apply_new_errors(errors, old, 0);
    g_autofree char *turned = apply_new_errors(errors, "gone\n", NOON * G_USEC_PER_SEC);

    g_assert_cmpstr(grown, ==, errors + strlen(old));
    g_assert_cmpstr(turned, ==, errors + strlen(old));
}

/* A guard refuses before there is anything to be noted. What the journal has is not told twice. */
static void test_refused(void)
{
    static const char errors[] = ERROR("12:00:01", "7/campaigns/1/status", "in the journal too")
        ERROR("12:00:01", "7/campaigns/2/budget", "max_increase")
            ERROR("12:00:01", "8/campaigns/3/budget", "of another account")
                ERROR("12:00:01", "7/campaigns.csv", "the table");
    g_auto(ApplyReport) report = {0};
    g_autofree char *summary = NULL;

    apply_report_init(&report);
    apply_add_journal(&report, STATUS("refused", "\"no\""), 77, 0);
    apply_add_errors(&report, errors, "7");
    summary = apply_summary(&report);
    g_assert_cmpstr(report.rows->str, ==,
                    "1 status: ENABLE -> DISABLE  refused: no\n"
                    "2 budget  refused: max_increase\n");
    g_assert_cmpstr(summary, ==, "0 of 2 changes were made; 2 failed");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/apply/a-line-for-each-change-of-this-process", test_rows);
    g_test_add_func("/apply/nothing-differs", test_none);
    g_test_add_func("/apply/what-would-be-sent", test_dry_run);
    g_test_add_func("/apply/one-change", test_one);
    g_test_add_func("/apply/lines-that-came-since", test_new_errors);
    g_test_add_func("/apply/what-a-guard-refused", test_refused);
    g_test_add_func("/apply/why-a-table-was-refused", test_problems);
    return g_test_run();
}
