/* SPDX-License-Identifier: MIT */
/* test-commit-guards.c - what is asked before anything is sent, and what the journal has of it. */
#include <sqlite3.h>

#include "cache/cache.h"

#include "tests/unit/scripted.h"

/* The text of a column of the newest entry; a new string, NULL: there is none. */
static char *newest(const Script *script, const char *column)
{
    g_autofree char *path = g_build_filename(script->fake->dir, "state.sqlite", NULL);
    g_autofree char *sql =
        g_strdup_printf("SELECT %s FROM journal ORDER BY id DESC LIMIT 1", column);
    sqlite3_stmt *row = NULL;
    sqlite3 *db = NULL;
    char *text = NULL;

    g_assert_cmpint(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &row, NULL), ==, SQLITE_OK);
    if (sqlite3_step(row) == SQLITE_ROW)
        text = g_strdup((const char *)sqlite3_column_text(row, 0));
    sqlite3_finalize(row);
    sqlite3_close(db);
    return text;
}

static void assert_newest(const Script *script, const char *column, const char *want)
{
    g_autofree char *have = newest(script, column);

    g_assert_cmpstr(have, ==, want);
}

/* ---- the journal ---- */

static void test_noted_first(Script *script, const void *data)
{
    commit_budget(script, "750.00", 100);
    expect(script, ENDPOINT_CAMPAIGN_GET);
    assert_newest(script, "outcome", NULL); /* nothing is meant yet */
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("600", "ENABLE")));
    expect(script, ENDPOINT_CAMPAIGN_UPDATE);
    assert_newest(script, "outcome", "intent");
    assert_newest(script, "before", "600"); /* as it was read, not as it was shown */
    assert_newest(script, "after", "750.00");
    answer(expect(script, ENDPOINT_CAMPAIGN_UPDATE), OK(CAMPAIGN("750", "ENABLE")));
    assert_done(script, 2);
    assert_newest(script, "outcome", "done");
    assert_newest(script, "request_id", "r-1");
}

static void note_outcome(Fake *fake, void *waiter)
{
    fake->data = newest(fake->config.client, "outcome");
}

static void test_settled_before_woken(Script *script, const void *data)
{
    script->fake->on_wake = note_outcome;
    commit_status(script, "DISABLE");
    answer(expect(script, ENDPOINT_CAMPAIGN_STATUS), "{\"code\":40002,\"message\":\"No\"}");
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("500", "ENABLE")));
    assert_refused(script, API_ERROR_INVALID, 40002, 2);
    g_assert_cmpstr(script->fake->data, ==, "refused");
    g_free(script->fake->data);
}

/* What would not be noted is not sent. */
static void test_not_noted(Script *script, const void *data)
{
    script->guards.max_changes_per_hour = 1;
    commit_status(script, "DISABLE");
    answer(expect(script, ENDPOINT_CAMPAIGN_STATUS), OK("{}"));
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("500", "DISABLE")));
    run_to_end(script);
    g_clear_pointer(&script->commit, commit_free);
    g_ptr_array_set_size(script->fake->woken, 0);
    commit_status(script, "ENABLE");
    run_to_end(script);
    g_autoptr(GError) error = NULL;
    g_assert_true(commit_ended(script->commit, &error));
    g_assert_error(error, API_ERROR, API_ERROR_BUSY);
    g_assert_cmpuint(script->calls->len, ==, 2);
}

/* ---- dry_run ---- */

static void test_dry_run(Script *script, const void *data)
{
    script->guards.dry_run = TRUE;
    commit_status(script, "DISABLE");
    assert_done(script, 0);
    assert_newest(script, "outcome", "dry_run");
    assert_newest(script, "message",
                  "POST campaign/status/update/ {\"advertiser_id\":\"" ACCOUNT
                  "\",\"campaign_ids\":[\"" CAMPAIGN_ID "\"],\"operation_status\":\"DISABLE\"}");
    assert_shows(script, script->campaign, "operation_status", "\"ENABLE\"");
}

static void test_dry_run_is_guarded(Script *script, const void *data)
{
    script->guards.dry_run = TRUE;
    commit_budget(script, "5000", 100);
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("500", "ENABLE")));
    assert_refused(script, API_ERROR_RANGE, 0, 1);
    assert_newest(script, "outcome", NULL);
}

/* ---- careful ---- */

static void commit_expecting(Script *script, const char *expected)
{
    script->guards.max_increase = G_MAXUINT;
    commit(script, &(CommitRequest){.row = script->campaign,
                                    .member = "budget",
                                    .value = "750.00",
                                    .amount = TRUE,
                                    .expected = expected});
}

static void test_as_expected(Script *script, const void *data)
{
    commit_expecting(script, "600.00");
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("600", "ENABLE")));
    answer(expect(script, ENDPOINT_CAMPAIGN_UPDATE), OK(CAMPAIGN("750", "ENABLE")));
    assert_done(script, 2);
}

static void test_stale(Script *script, const void *data)
{
    g_autoptr(GError) error = NULL;

    commit_expecting(script, "500");
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("600", "ENABLE")));
    assert_refused(script, API_ERROR_STALE, 0, 1);
    g_assert_true(commit_ended(script->commit, &error));
    g_assert_nonnull(strstr(error->message, "500"));
    g_assert_nonnull(strstr(error->message, "600"));
    assert_shows(script, script->campaign, "budget", "600");
}

/* Somebody else has set just that: whoever is careful wants to know. */
static void test_stale_though_the_same(Script *script, const void *data)
{
    commit_expecting(script, "500");
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("750", "ENABLE")));
    assert_refused(script, API_ERROR_STALE, 0, 1);
}

static void test_status_is_read_if_careful(Script *script, const void *data)
{
    commit(script, &(CommitRequest){.row = script->campaign,
                                    .member = "operation_status",
                                    .value = "DISABLE",
                                    .expected = "ENABLE"});
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("500", "ENABLE")));
    answer(expect(script, ENDPOINT_CAMPAIGN_STATUS), OK("{}"));
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("500", "DISABLE")));
    assert_done(script, 3);
}

/* ---- withdrawn, and what is left at the end ---- */

/* It has a note by then, or will have. */
static void test_withdrawn_while_noted(Script *script, const void *data)
{
    commit_status(script, "DISABLE");
    g_assert_true(commit_withdraw(script->commit));
    g_assert_true(commit_ended(script->commit, NULL));
    g_clear_pointer(&script->commit, commit_free);
    run_loop(200000);
    g_assert_cmpuint(script->calls->len, ==, 0);
    assert_newest(script, "outcome", "withdrawn");
}

static void test_unsent_at_the_end(Script *script, const void *data)
{
    commit_status(script, "DISABLE");
    while (script->calls->len == 0)
        g_main_context_iteration(NULL, FALSE);
    script->commit = NULL; /* it goes with the cache */
    fake_close(script->fake);
    assert_newest(script, "outcome", "withdrawn");
}

static void test_sent_at_the_end(Script *script, const void *data)
{
    commit_status(script, "DISABLE");
    expect(script, ENDPOINT_CAMPAIGN_STATUS)->sent = TRUE;
    script->commit = NULL;
    fake_close(script->fake);
    assert_newest(script, "outcome", "intent"); /* the next mount finds out */
}

/* Of the API's own texts of a number not all are amounts: none of them is sent as 0. */
static void test_no_amount(Script *script, const void *data)
{
    script->guards.max_increase = G_MAXUINT;
    commit(script, &(CommitRequest){script->campaign, "budget", "1e3", TRUE, TRUE});
    assert_refused(script, API_ERROR_INVALID, 0, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("/commit-guards/noted-before-it-is-sent", test_noted_first);
    add("/commit-guards/settled-before-whoever-waits-is-woken", test_settled_before_woken);
    add("/commit-guards/what-is-not-noted-is-not-sent", test_not_noted);
    add("/commit-guards/dry-run-is-all-but-the-call", test_dry_run);
    add("/commit-guards/dry-run-asks-the-guards", test_dry_run_is_guarded);
    add("/commit-guards/careful-and-as-expected", test_as_expected);
    add("/commit-guards/careful-and-somebody-else-was-there", test_stale);
    add("/commit-guards/careful-and-somebody-else-set-the-same", test_stale_though_the_same);
    add("/commit-guards/careful-reads-a-status-first", test_status_is_read_if_careful);
    add("/commit-guards/withdrawn-while-it-is-noted", test_withdrawn_while_noted);
    add("/commit-guards/not-sent-at-the-end-is-withdrawn", test_unsent_at_the_end);
    add("/commit-guards/sent-at-the-end-is-open", test_sent_at_the_end);
    add("/commit-guards/what-is-no-amount-is-not-sent", test_no_amount);
    return g_test_run();
}
