/* SPDX-License-Identifier: MIT */
/* test-guard-rates.c - the guards that count what the journal has. */
#include "cache/guard.h"

#include <string.h>

#include "api/error.h"
#include "cache/store.h"

/* What the guards look at, as in state.sqlite. */
static const char schema[] = "CREATE TABLE journal(id INTEGER PRIMARY KEY AUTOINCREMENT,"
                             " meant INTEGER, kind INTEGER, object TEXT, member TEXT, before TEXT,"
                             " after TEXT, outcome TEXT)";

enum { NOW_S = 1800000000 };

static sqlite3 *journal_of(void)
{
    sqlite3 *db = NULL;

    g_assert_cmpint(sqlite3_open(":memory:", &db), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(db, schema, NULL, NULL, NULL), ==, SQLITE_OK);
    return db;
}

typedef struct {
    int ago_s;
    const char *object, *member, *after, *outcome;
} Past;

static void note(sqlite3 *db, const Past *past)
{
    g_autoptr(GError) error = NULL;

    sql_run(db, &error,
            "INSERT INTO journal(meant, kind, object, member, before, after, outcome)"
            " VALUES(?, ?, ?, ?, '1', ?, ?)",
            "iitttt", (gint64)(NOW_S - past->ago_s) * G_USEC_PER_SEC, (gint64)KIND_CAMPAIGN,
            past->object, past->member, past->after, past->outcome);
    g_assert_no_error(error);
}

/* NULL: allowed; else what is said, a new string. */
static char *ask(sqlite3 *db, const Guards *guards, const char *object, const char *member,
                 const char *before, const char *after)
{
    g_autoptr(GError) error = NULL;
    Intent intent = {.kind = KIND_CAMPAIGN,
                     .advertiser_id = "7",
                     .id = object,
                     .member = member,
                     .amount = strstr(member, "status") == NULL,
                     .before = before,
                     .after = after};

    if (guard_rates_allow(db, guards, &intent, (gint64)NOW_S * G_USEC_PER_SEC, &error)) {
        g_assert_no_error(error);
        return NULL;
    }
    g_assert_error(error, API_ERROR, API_ERROR_BUSY);
    return g_strdup(error->message);
}

static void assert_says(char *text, const char *part)
{
    if (text == NULL || strstr(text, part) == NULL)
        g_error("'%s' is not in: %s", part, text != NULL ? text : "(allowed)");
    g_free(text);
}

static void test_interval(void)
{
    static const Guards guards = {.max_increase = G_MAXUINT, .min_interval_s = 300};
    static const Past past = {100, "1", "budget", "500", "done"};
    sqlite3 *db = journal_of();

    g_assert_null(ask(db, &guards, "1", "budget", "1", "600"));
    note(db, &past);
    assert_says(ask(db, &guards, "1", "budget", "500", "600"), "(in 200 s)");
    assert_says(ask(db, &guards, "1", "budget", "500", "600"), "min_interval");
    assert_says(ask(db, &guards, "1", "budget", "500", "600"), "changed to 500");
    /* Another value of it, and the same of another. */
    g_assert_null(ask(db, &guards, "1", "operation_status", "DISABLE", "ENABLE"));
    g_assert_null(ask(db, &guards, "2", "budget", "1", "600"));
    sqlite3_close(db);
}

static void test_interval_ends(void)
{
    static const Guards guards = {.max_increase = G_MAXUINT, .min_interval_s = 300};
    static const Past pasts[] = {{299, "1", "budget", "500", "done"},
                                 {300, "2", "budget", "500", "done"}};
    sqlite3 *db = journal_of();

    for (gsize i = 0; i < G_N_ELEMENTS(pasts); i++)
        note(db, &pasts[i]);
    assert_says(ask(db, &guards, "1", "budget", "500", "600"), "(in 1 s)");
    g_assert_null(ask(db, &guards, "2", "budget", "500", "600"));
    sqlite3_close(db);
}

static void test_repeated(void)
{
    static const Guards guards = {.max_increase = G_MAXUINT, .min_interval_s = 300};
    static const Past pasts[] = {{100, "1", "budget", "500", "done"},
                                 {100, "2", "budget", "500.00", "unknown"}};
    sqlite3 *db = journal_of();

    for (gsize i = 0; i < G_N_ELEMENTS(pasts); i++)
        note(db, &pasts[i]);
    g_assert_null(ask(db, &guards, "1", "budget", "500.0", "500.00"));
    /* Somebody else has changed it meanwhile: to set it back is a change. */
    assert_says(ask(db, &guards, "1", "budget", "300", "500"), "min_interval");
    /* Perhaps it did not arrive. */
    g_assert_null(ask(db, &guards, "2", "budget", "300", "500"));
    assert_says(ask(db, &guards, "2", "budget", "300", "501"), "min_interval");
    sqlite3_close(db);
}

static void test_outcomes(void)
{
    static const Guards guards = {
        .max_increase = G_MAXUINT, .min_interval_s = 300, .max_changes_per_hour = 1};
    static const struct {
        const char *outcome;
        gboolean counts;
    } cases[] = {
        {"intent", TRUE},   {"done", TRUE},       {"unknown", TRUE},  {"differs", TRUE},
        {"refused", FALSE}, {"withdrawn", FALSE}, {"dry_run", FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Past past = {10, "1", "budget", "500", cases[i].outcome};
        sqlite3 *db = journal_of();
        char *same, *other;

        note(db, &past);
        same = ask(db, &guards, "1", "budget", "500", "600");
        other = ask(db, &guards, "2", "budget", "500", "600");
        if ((same != NULL) != cases[i].counts || (other != NULL) != cases[i].counts)
            g_error("%s", cases[i].outcome);
        g_free(same);
        g_free(other);
        sqlite3_close(db);
    }
}

static void test_changes(void)
{
    static const Guards guards = {.max_increase = G_MAXUINT, .max_changes_per_hour = 3};
    static const Past pasts[] = {{3600, "1", "budget", "500", "done"},
                                 {3500, "2", "budget", "500", "done"},
                                 {2000, "3", "operation_status", "DELETE", "done"}};
    static const Past last = {0, "4", "campaign_name", "x", "intent"};
    sqlite3 *db = journal_of();

    for (gsize i = 0; i < G_N_ELEMENTS(pasts); i++)
        note(db, &pasts[i]);
    g_assert_null(ask(db, &guards, "9", "budget", "1", "2"));
    note(db, &last);
    assert_says(ask(db, &guards, "9", "budget", "1", "2"), "max_changes_per_hour");
    assert_says(ask(db, &guards, "9", "budget", "1", "2"), "3 changes");
    assert_says(ask(db, &guards, "9", "operation_status", "DISABLE", "DELETE"), "(in 100 s)");
    sqlite3_close(db);
}

static void test_enables(void)
{
    static const Guards guards = {.max_increase = G_MAXUINT, .max_enables_per_hour = 1};
    static const Past pasts[] = {{60, "1", "operation_status", "DISABLE", "done"},
                                 {60, "2", "campaign_name", "ENABLE", "done"}};
    static const Past enable = {50, "3", "operation_status", "ENABLE", "done"};
    sqlite3 *db = journal_of();

    for (gsize i = 0; i < G_N_ELEMENTS(pasts); i++)
        note(db, &pasts[i]);
    g_assert_null(ask(db, &guards, "9", "operation_status", "DISABLE", "ENABLE"));
    note(db, &enable);
    assert_says(ask(db, &guards, "9", "operation_status", "DISABLE", "ENABLE"),
                "max_enables_per_hour");
    g_assert_null(ask(db, &guards, "9", "operation_status", "ENABLE", "DISABLE"));
    g_assert_null(ask(db, &guards, "9", "budget", "1", "2"));
    sqlite3_close(db);
}

/* A journal that can not be read lets nothing through. */
static void test_closed(void)
{
    static const Guards each[] = {
        {.max_increase = G_MAXUINT, .min_interval_s = 1},
        {.max_increase = G_MAXUINT, .max_changes_per_hour = 1},
        {.max_increase = G_MAXUINT, .max_enables_per_hour = 1},
    };
    Intent intent = {.kind = KIND_AD, .id = "1", .member = "operation_status", .after = "ENABLE"};
    sqlite3 *db = NULL;

    sqlite3_open(":memory:", &db);
    for (gsize i = 0; i < G_N_ELEMENTS(each); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_false(guard_rates_allow(db, &each[i], &intent, 0, &error));
        g_assert_nonnull(error);
    }
    g_assert_true(guard_rates_allow(db, NULL, &intent, 0, NULL));
    sqlite3_close(db);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/guard-rates/min-interval-is-of-one-value-of-one-object", test_interval);
    g_test_add_func("/guard-rates/min-interval-ends-to-the-second", test_interval_ends);
    g_test_add_func("/guard-rates/to-repeat-a-value-is-no-change", test_repeated);
    g_test_add_func("/guard-rates/what-may-have-been-sent-counts-and-nothing-else", test_outcomes);
    g_test_add_func("/guard-rates/an-hour-sees-so-many-changes", test_changes);
    g_test_add_func("/guard-rates/an-hour-sees-so-many-enables", test_enables);
    g_test_add_func("/guard-rates/a-journal-that-can-not-be-read-allows-nothing", test_closed);
    return g_test_run();
}
