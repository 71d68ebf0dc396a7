/* SPDX-License-Identifier: MIT */
/* test-draft.c - drafts are on the disk before they show, and there again after a restart. */
#include "cache/draft-private.h"

#include <sqlite3.h>

#include "tests/unit/fake-service.h"

static const DraftScope campaigns = {KIND_CAMPAIGN, ACCOUNT, ""};
static const DraftScope adgroups = {KIND_ADGROUP, ACCOUNT, "1001"};

/* Until it is on the disk; the error is the caller's. */
static gint64 finish(DraftChange *change, GError **error)
{
    gint64 number;

    while (!draft_change_ended(change, error))
        g_main_context_iteration(NULL, TRUE);
    number = draft_change_number(change);
    draft_change_free(change);
    return number;
}

static gint64 make(Fake *fake, const DraftScope *scope, const char *name)
{
    g_autoptr(GError) error = NULL;
    gint64 number = finish(draft_make(fake->cache, scope, name, NULL), &error);

    g_assert_no_error(error);
    return number;
}

static void set(Fake *fake, gint64 draft, const char *patch)
{
    g_autoptr(GError) error = NULL;

    finish(draft_set(fake->cache, draft, patch, NULL), &error);
    g_assert_no_error(error);
}

static void check_members(Fake *fake, gint64 number, const char *members)
{
    const Draft *draft = draft_get(fake->cache, number);

    g_assert_nonnull(draft);
    g_assert_cmpstr(draft->members, ==, members);
}

static void test_make(void)
{
    Fake *fake = fake_new();
    const Draft *draft;
    gint64 first, second;

    g_assert_cmpint(drafts_changed_us(fake->cache, &campaigns), ==, 0);
    first = make(fake, &campaigns, "spring");
    second = make(fake, &adgroups, "spring");
    g_assert_cmpint(second, >, first);
    draft = draft_find(fake->cache, &campaigns, "spring");
    g_assert_cmpint(draft->draft, ==, first);
    g_assert_cmpint(draft->kind, ==, KIND_CAMPAIGN);
    g_assert_cmpstr(draft->account, ==, ACCOUNT);
    g_assert_cmpstr(draft->members, ==, "{}");
    g_assert_cmpint(draft->state, ==, DRAFT_LOCAL);
    g_assert_cmpint(drafts_changed_us(fake->cache, &campaigns), ==, fake->wall);
    g_assert_cmpint(draft_find(fake->cache, &adgroups, "spring")->draft, ==, second);
    g_assert_null(draft_find(fake->cache, &adgroups, "autumn"));
    g_assert_null(draft_get(fake->cache, second + 1));
    fake_free(fake);
}

/* Nothing shows before it is on the disk. */
static void test_waits(void)
{
    Fake *fake = fake_new();
    int waiter;
    DraftChange *change = draft_make(fake->cache, &campaigns, "spring", &waiter);

    g_assert_false(draft_change_ended(change, NULL));
    g_assert_null(draft_find(fake->cache, &campaigns, "spring"));
    while (fake->woken->len == 0)
        g_main_context_iteration(NULL, TRUE);
    g_assert_true(fake->woken->pdata[0] == &waiter);
    g_assert_true(draft_change_ended(change, NULL));
    g_assert_nonnull(draft_find(fake->cache, &campaigns, "spring"));
    draft_change_free(change);
    fake_free(fake);
}

static void test_set(void)
{
    Fake *fake = fake_new();
    gint64 draft = make(fake, &campaigns, "spring");

    set(fake, draft, "{\"budget\":500.10}");
    set(fake, draft, "{\"list\":[\"a\",\"b\"],\"name\":\"\\u00fc \\\"x\\\"\"}");
    check_members(fake, draft,
                  "{\"budget\":500.10,\"list\":[\"a\",\"b\"],\"name\":\"\\u00fc \\\"x\\\"\"}");
    set(fake, draft, "{\"list\":null,\"budget\":7}");
    check_members(fake, draft, "{\"budget\":7,\"name\":\"\\u00fc \\\"x\\\"\"}");
    fake_free(fake);
}

/* Two that are on their way at the same time are both there in the end. */
static void test_set_at_once(void)
{
    Fake *fake = fake_new();
    gint64 draft = make(fake, &campaigns, "spring");
    DraftChange *first = draft_set(fake->cache, draft, "{\"a\":1}", NULL);
    DraftChange *second = draft_set(fake->cache, draft, "{\"b\":2}", NULL);

    finish(second, NULL);
    finish(first, NULL);
    check_members(fake, draft, "{\"a\":1,\"b\":2}");
    fake_free(fake);
}

static gboolean add_name(void *user_data, const Draft *draft)
{
    GString *names = user_data;

    g_string_append_printf(names, "%s ", draft->name);
    return names->len < 8;
}

static void check_names(Fake *fake, const DraftScope *scope, gint64 after, const char *expected)
{
    g_autoptr(GString) names = g_string_new(NULL);

    draft_each(fake->cache, scope, after, add_name, names);
    g_assert_cmpstr(names->str, ==, expected);
}

static void test_each(void)
{
    Fake *fake = fake_new();
    gint64 first = make(fake, &campaigns, "c");

    make(fake, &adgroups, "other");
    make(fake, &campaigns, "b");
    make(fake, &campaigns, "a");
    check_names(fake, &campaigns, 0, "c b a ");
    check_names(fake, &campaigns, first, "b a ");
    check_names(fake, &adgroups, 0, "other ");
    make(fake, &campaigns, "x");
    make(fake, &campaigns, "y");
    check_names(fake, &campaigns, 0, "c b a x ");
    fake_free(fake);
}

static void test_lasts(void)
{
    Fake *fake = fake_new();
    gint64 kept = make(fake, &campaigns, "spring"), gone = make(fake, &campaigns, "autumn");

    set(fake, kept, "{\"budget\":500.10}");
    finish(draft_discard(fake->cache, gone, NULL), NULL);
    g_assert_null(draft_get(fake->cache, gone));
    fake_reopen(fake);
    check_members(fake, kept, "{\"budget\":500.10}");
    g_assert_cmpint(draft_find(fake->cache, &campaigns, "spring")->draft, ==, kept);
    g_assert_null(draft_find(fake->cache, &campaigns, "autumn"));
    g_assert_cmpint(make(fake, &campaigns, "winter"), >, gone); /* numbers are not used again */
    fake_free(fake);
}

static void test_rename(void)
{
    Fake *fake = fake_new();
    gint64 draft = make(fake, &campaigns, "spring");

    set(fake, draft, "{\"budget\":7}");
    finish(draft_rename(fake->cache, draft, "summer", NULL), NULL);
    g_assert_null(draft_find(fake->cache, &campaigns, "spring"));
    g_assert_cmpint(draft_find(fake->cache, &campaigns, "summer")->draft, ==, draft);
    check_members(fake, draft, "{\"budget\":7}");
    fake_reopen(fake);
    g_assert_cmpint(draft_find(fake->cache, &campaigns, "summer")->draft, ==, draft);
    fake_free(fake);
}

static void on_stored(void *user_data, const GError *error)
{
    g_assert_no_error(error);
    *(gboolean *)user_data = TRUE;
}

static void wait_for(gboolean *done)
{
    while (!*done)
        g_main_context_iteration(NULL, TRUE);
    *done = FALSE;
}

static void check_refused(Fake *fake, DraftChange *change, ApiErrorKind kind)
{
    g_autoptr(GError) error = NULL;

    finish(change, &error);
    g_assert_error(error, API_ERROR, (int)kind);
}

/* While nobody knows whether it was created it stays as it was sent. */
static void test_open(void)
{
    Fake *fake = fake_new();
    gint64 draft = make(fake, &campaigns, "spring");
    DraftCall call = {
        (char *)"12", (char *)"{\"x\":1}", (char *)"spring", (char *)"[]", (char *)"daemon", 7, 8};
    gboolean done = FALSE;

    set(fake, draft, "{\"budget\":7}");
    draft_store_call(fake->cache, draft, &call, on_stored, &done);
    wait_for(&done);
    g_assert_cmpint(draft_get(fake->cache, draft)->state, ==, DRAFT_OPEN);
    check_refused(fake, draft_set(fake->cache, draft, "{\"budget\":8}", NULL), API_ERROR_BUSY);
    check_refused(fake, draft_rename(fake->cache, draft, "other", NULL), API_ERROR_BUSY);
    check_refused(fake, draft_discard(fake->cache, draft, NULL), API_ERROR_BUSY);
    check_members(fake, draft, "{\"budget\":7}");
    fake_reopen(fake);
    g_assert_cmpint(draft_get(fake->cache, draft)->state, ==, DRAFT_OPEN);
    g_assert_cmpstr(drafts_own(fake->cache, draft)->call.request_id, ==, "12");
    g_assert_cmpstr(drafts_own(fake->cache, draft)->call.body, ==, "{\"x\":1}");
    g_assert_cmpint(drafts_own(fake->cache, draft)->call.entry, ==, 7);
    draft_store_closed(fake->cache, draft, on_stored, &done);
    wait_for(&done);
    set(fake, draft, "{\"budget\":9}");
    g_assert_cmpstr(drafts_own(fake->cache, draft)->call.request_id, ==, NULL);
    fake_free(fake);
}

/* Another mount of the profile has it now. */
static void test_taken(void)
{
    Fake *fake = fake_new();
    gint64 draft = make(fake, &campaigns, "spring");
    g_autofree char *path = g_build_filename(fake->dir, "state.sqlite", NULL);
    sqlite3 *db;

    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(db, "DELETE FROM draft", NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(db);
    check_refused(fake, draft_set(fake->cache, draft, "{\"budget\":8}", NULL), API_ERROR_STALE);
    g_assert_null(draft_get(fake->cache, draft));
    fake_free(fake);
}

static void test_name_taken(void)
{
    Fake *fake = fake_new();
    g_autofree char *path = g_build_filename(fake->dir, "state.sqlite", NULL);
    sqlite3 *db;

    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(db,
                                 "INSERT INTO draft(account, kind, parent, name, members, state,"
                                 " changed) VALUES('" ACCOUNT "', 2, '', 'spring', '{}', 0, 1)",
                                 NULL, NULL, NULL),
                    ==, SQLITE_OK);
    sqlite3_close(db);
    check_refused(fake, draft_make(fake->cache, &campaigns, "spring", NULL), API_ERROR_BUSY);
    fake_free(fake);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/draft/make", test_make);
    g_test_add_func("/draft/shows-when-it-is-on-the-disk", test_waits);
    g_test_add_func("/draft/set", test_set);
    g_test_add_func("/draft/two-at-once", test_set_at_once);
    g_test_add_func("/draft/each", test_each);
    g_test_add_func("/draft/lasts", test_lasts);
    g_test_add_func("/draft/rename", test_rename);
    g_test_add_func("/draft/open-stays-as-sent", test_open);
    g_test_add_func("/draft/taken-by-another-mount", test_taken);
    g_test_add_func("/draft/name-taken-by-another-mount", test_name_taken);
    return g_test_run();
}
