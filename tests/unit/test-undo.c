/* SPDX-License-Identifier: MIT */
/* test-undo.c - what would be written to take back what the journal has, and what can not be. */
#include "cache/journal-read.h"
#include "cache/state-file.h"
#include "cache/store.h"
#include "cache/undo.h"
#include "tests/unit/fake-service.h"
#include <unistd.h>

#define DAY (86400 * (gint64)SECOND)

typedef struct {
    Fake *fake;
    sqlite3 *db;
} Fixture;

static void set_up(Fixture *f, const void *data)
{
    (void)data;
    f->fake = fake_new();
    f->db = state_file_open(f->fake->dir, NULL);
    g_assert_nonnull(f->db);
}

static void tear_down(Fixture *f, const void *data)
{
    (void)data;
    sqlite3_close_v2(f->db);
    fake_free(f->fake);
}

typedef struct {
    const char *object, *member, *before, *after, *outcome;
    gint64 ago_us, undoes;
} Past;

static gint64 note(Fixture *f, const Past *row)
{
    g_autoptr(GError) error = NULL;

    sql_run(
        f->db, &error,
        "INSERT INTO journal(meant, daemon, uid, pid, command, kind, advertiser, object, member,"
        " amount, before, after, batch, undoes, outcome) VALUES(?1, 'd', 7, 0, 'vi', ?2, '" //
        ACCOUNT "', ?3, ?4, ?4 LIKE '%budget', ?5, ?6, 0, ?7, ?8)",
        "iittttit", f->fake->wall - row->ago_us, (gint64)KIND_CAMPAIGN,
        row->object ? row->object : "1", row->member ? row->member : "budget", row->before,
        row->after, row->undoes, row->outcome ? row->outcome : "done");
    g_assert_no_error(error);
    return sqlite3_last_insert_rowid(f->db);
}

static void check_step(const UndoStep *step, gint64 entry, const char *value, const char *expected)
{
    g_assert_nonnull(step);
    g_assert_no_error(step->error);
    g_assert_cmpint(step->entry, ==, entry);
    g_assert_cmpint(step->kind, ==, KIND_CAMPAIGN);
    g_assert_cmpstr(step->advertiser_id, ==, ACCOUNT);
    g_assert_cmpstr(step->value, ==, value);
    g_assert_cmpstr(step->expected, ==, expected);
}

static void check_entry(Fixture *f, gint64 entry, const char *value, const char *expected,
                        gboolean force)
{
    g_autoptr(GError) error = NULL;
    UndoStep *step = undo_plan_entry(f->fake->cache, entry, &error);

    g_assert_no_error(error);
    check_step(step, entry, value, expected);
    g_assert_cmpint(step->force, ==, force);
    undo_step_free(step);
}

static void check_refused(Fixture *f, gint64 entry, ApiErrorKind kind, const char *text)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(undo_plan_entry(f->fake->cache, entry, &error));
    g_assert_error(error, API_ERROR, (int)kind);
    if (!strstr(error->message, text))
        g_error("it says %s", error->message);
}

static void test_the_value_before(Fixture *f, const void *data)
{
    gint64 today = note(f, &(Past){.before = "500.10", .after = "600", .ago_us = DAY});
    gint64 older = note(f, &(Past){.object = "2", .before = "5", .after = "6", .ago_us = DAY + 1});

    (void)data;
    check_entry(f, today, "500.10", "600", TRUE);
    check_entry(f, older, "5", "6", FALSE);
    check_entry(f, note(f, &(Past){.object = "3", .before = "5E+2", .after = "6"}), "500", "6",
                TRUE);
}

static void test_what_can_not(Fixture *f, const void *data)
{
    gint64 refused = note(f, &(Past){.before = "5", .after = "6", .outcome = "refused"});
    gint64 none = note(f, &(Past){.object = "2", .after = "6"});
    gint64 deleted = note(
        f, &(Past){
               .object = "3", .member = "operation_status", .before = "ENABLE", .after = "DELETE"});
    gint64 open = note(f, &(Past){.object = "4", .before = "5", .after = "6"});

    (void)data;
    note(f, &(Past){.object = "4", .before = "6", .after = "7", .outcome = "unknown"});
    check_refused(f, 4711, API_ERROR_NOT_FOUND, "no entry 4711");
    check_refused(f, refused, API_ERROR_INVALID, "not done but refused");
    check_refused(f, none, API_ERROR_INVALID, "no value before");
    check_refused(f, deleted, API_ERROR_INVALID, "deleted");
    check_refused(f, open, API_ERROR_BUSY, "not settled yet");
}

static void test_changed_since(Fixture *f, const void *data)
{
    gint64 first = note(f, &(Past){.before = "500", .after = "600"});
    gint64 second = note(f, &(Past){.before = "600", .after = "700"});

    (void)data;
    note(f, &(Past){.before = "700", .after = "9", .outcome = "refused"});
    note(f, &(Past){.member = "campaign_name", .before = "a", .after = "b"});
    check_refused(f, first, API_ERROR_STALE, "set budget to 700 since then (vi, uid 7");
    check_entry(f, second, "600", "700", TRUE);
    note(f, &(Past){.before = "700", .after = "600.00"});
    check_entry(f, first, "500", "600", TRUE);
}

static void test_undone_and_undone_again(Fixture *f, const void *data)
{
    gint64 first = note(f, &(Past){.before = "500", .after = "600"});
    gint64 undo = note(f, &(Past){.before = "600", .after = "500", .undoes = first});
    gint64 redo;

    (void)data;
    check_refused(f, first, API_ERROR_INVALID, "taken it back already");
    check_entry(f, undo, "600", "500", TRUE);
    redo = note(f, &(Past){.before = "500", .after = "600", .undoes = undo});
    check_refused(f, undo, API_ERROR_INVALID, "taken it back already");
    check_entry(f, first, "500", "600", TRUE);
    check_entry(f, redo, "500", "600", TRUE);
    note(f, &(Past){.before = "600", .after = "500", .undoes = first, .outcome = "refused"});
    check_entry(f, first, "500", "600", TRUE);
}

static void test_planned(Fixture *f, const void *data)
{
    gint64 first = note(f, &(Past){.member = "scheduled_budget", .before = "0.00", .after = "60"});
    gint64 second;

    (void)data;
    check_entry(f, first, NULL, "60", TRUE);
    second = note(f, &(Past){.member = "scheduled_budget", .before = "60", .after = "70"});
    check_entry(f, second, "60", "70", TRUE);
}

static void test_since(Fixture *f, const void *data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) steps = NULL, none = NULL;
    const UndoStep *failed;
    gint64 last, status;

    (void)data;
    note(f, &(Past){.before = "400", .after = "500", .ago_us = 100 * SECOND});
    note(f, &(Past){.before = "500", .after = "510", .ago_us = 50 * SECOND});
    note(f, &(Past){.before = "510", .after = "9", .ago_us = 40 * SECOND, .outcome = "refused"});
    last = note(f, &(Past){.before = "510", .after = "520", .ago_us = 30 * SECOND});
    status = note(f, &(Past){.member = "operation_status", .before = "ENABLE", .after = "DISABLE"});
    note(f, &(Past){.object = "2", .before = "5", .after = "6"}); /* and back */
    note(f, &(Past){.object = "2", .before = "6", .after = "5.00"});
    note(f, &(Past){.object = "3", .after = "6"});
    steps = undo_plan_since(f->fake->cache, f->fake->wall - 60 * SECOND, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(steps->len, ==, 3);
    check_step(steps->pdata[0], last, "500", "520");
    check_step(steps->pdata[1], status, "ENABLE", "DISABLE");
    failed = steps->pdata[2];
    g_assert_error(failed->error, API_ERROR, API_ERROR_INVALID);
    g_assert_null(failed->value);

    none = undo_plan_since(f->fake->cache, f->fake->wall + SECOND, &error);
    g_assert_null(none);
    g_assert_error(error, API_ERROR, API_ERROR_NOT_FOUND);
}

/* ---- .adsfs/journal ---- */

static char *text(Fixture *f)
{
    Waiter waiter = {&fake_waiter, f->fake->mono};
    g_autoptr(GError) error = NULL;
    CacheResult result;
    char *ret;
    gint64 size;
    int fd;

    while ((result = cache_want_journal(f->fake->cache, &waiter, &error)) == CACHE_WAIT)
        fake_run(f->fake);
    g_assert_no_error(error);
    size = cache_journal_size(f->fake->cache);
    fd = cache_open_journal(f->fake->cache);
    ret = g_malloc0((gsize)size + 1);
    g_assert_cmpint(pread(fd, ret, (gsize)size + 1, 0), ==, size);
    close(fd);
    return ret;
}

static void test_text(Fixture *f, const void *data)
{
    g_autofree char *empty = text(f), *one = NULL, *same = NULL, *two = NULL;

    (void)data;
    g_assert_cmpstr(empty, ==, "");
    note(f, &(Past){.member = "campaign_name", .before = NULL, .after = "a\"b\n"});
    fake_later(f->fake, SECOND);
    one = text(f);
    g_assert_cmpstr(one, ==,
                    "{\"id\":1,\"time\":\"2026-11-18T11:06:40Z\",\"uid\":7,\"pid\":0,"
                    "\"command\":\"vi\",\"path\":null,\"field\":\"campaign_name\",\"before\":null,"
                    "\"after\":\"a\\\"b\\n\",\"outcome\":\"done\",\"settled\":null,\"code\":null,"
                    "\"message\":null,\"request_id\":null,\"table\":null,\"undoes\":null,"
                    "\"found\":null}\n");
    g_assert_cmpint(cache_journal_time_us(f->fake->cache), ==, f->fake->wall - SECOND);
    fake_later(f->fake, SECOND);
    same = text(f);
    g_assert_cmpstr(same, ==, one);
    note(f, &(Past){.before = "500.10", .after = "600"});
    fake_later(f->fake, SECOND);
    two = text(f);
    g_assert_true(g_str_has_prefix(two, one));
    g_assert_nonnull(strstr(two, "\"before\":500.10,\"after\":600,"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add(name, Fixture, NULL, set_up, function, tear_down)
    ADD("/undo/the-value-before", test_the_value_before);
    ADD("/undo/what-can-not-be-undone", test_what_can_not);
    ADD("/undo/changed-since", test_changed_since);
    ADD("/undo/undone-and-undone-again", test_undone_and_undone_again);
    ADD("/undo/planned-for-midnight", test_planned);
    ADD("/undo/since", test_since);
    ADD("/journal/its-text", test_text);
    return g_test_run();
}
