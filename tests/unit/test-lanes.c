/* SPDX-License-Identifier: MIT */
/* test-lanes.c - how many calls many writes take, and who waits for whom. */
#include "tests/unit/crowd.h"

#include "cache/commit-private.h"

/* ---- how many calls ---- */

static void test_storm(void)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_CAMPAIGN, 1000, "BUDGET_MODE_DAY");

    crowd->latency_ms = 5;
    crowd_write_on(crowd, 50, "DISABLE");
    crowd_run_until(crowd, 1000);
    g_assert_cmpuint(crowd->n_failed, ==, 0);
    crowd_run(crowd, 100); /* the last audit */
    g_assert_cmpuint(crowd_calls(crowd, ENDPOINT_CAMPAIGN_STATUS), <=, 60);
    g_assert_cmpuint(crowd_calls(crowd, ENDPOINT_CAMPAIGN_GET), <=, 15);
    crowd_check(crowd, 0, 1000, FALSE, 1);
    g_assert_cmpint(crowd_entries(crowd, "done"), ==, 1000);
    g_test_message("%u updates, %u reads", crowd_calls(crowd, ENDPOINT_CAMPAIGN_STATUS),
                   crowd_calls(crowd, ENDPOINT_CAMPAIGN_GET));
}

static void test_at_once(void)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_CAMPAIGN, 500, "BUDGET_MODE_DAY");

    crowd->latency_ms = 5;
    crowd->most = 4;
    crowd_write_on(crowd, 500, "DISABLE");
    crowd_run_until(crowd, 500);
    crowd_run(crowd, 100);
    g_assert_cmpuint(crowd->n_failed, ==, 0);
    g_assert_cmpuint(crowd_calls(crowd, ENDPOINT_CAMPAIGN_STATUS), ==, 25);
    g_assert_cmpuint(crowd_calls(crowd, ENDPOINT_CAMPAIGN_GET), <=, 5);
    crowd_check(crowd, 0, 500, FALSE, 1);
}

static void write_budgets(Crowd *crowd, guint n)
{
    for (guint i = 0; i < n; i++)
        crowd_write(crowd, i, "budget", "600");
    crowd_run_until(crowd, n);
    g_assert_cmpuint(crowd->n_failed, ==, 0);
    for (guint i = 0; i < n; i++) {
        g_assert_cmpuint(crowd_thing(crowd, i)->budget, ==, 600);
        g_assert_cmpuint(crowd_thing(crowd, i)->effects, ==, 1);
    }
}

static void test_lifetime_budgets(void)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_ADGROUP, 100, "BUDGET_MODE_TOTAL");

    write_budgets(crowd, 100);
    g_assert_cmpuint(crowd_calls(crowd, ENDPOINT_ADGROUP_BUDGET), <=, 6);
    g_assert_cmpuint(crowd_calls(crowd, ENDPOINT_ADGROUP_GET), ==, 1);
}

static void test_daily_budgets(void)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_ADGROUP, 100, "BUDGET_MODE_DAY");

    write_budgets(crowd, 100);
    g_assert_cmpuint(crowd_calls(crowd, ENDPOINT_ADGROUP_UPDATE), ==, 100);
    g_assert_cmpuint(crowd_calls(crowd, ENDPOINT_ADGROUP_GET), <=, 2);
}

/* ---- who waits for whom ---- */

/* No timer is waited for: once the journal has it, its call is in the queue. */
static void test_lone(void)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_CAMPAIGN, 2, "BUDGET_MODE_DAY");
    Commit *commit = crowd_write(crowd, 0, "operation_status", "DISABLE");

    crowd->busy = TRUE;
    while (commit->state == INTENDING)
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpuint(crowd->calls->len, ==, 1);
    crowd_send(crowd, crowd_nth(crowd, 0));
    crowd_answer(crowd, crowd_nth(crowd, 0));
    g_assert_cmpuint(crowd->calls->len, ==, 2); /* the reading back, neither */
    crowd->busy = FALSE;
    crowd_run_until(crowd, 1);
    crowd_check(crowd, 0, 1, FALSE, 1);
}

static void run_until_queued(Crowd *crowd, guint n)
{
    gint64 late = g_get_monotonic_time() + 10 * SECOND;

    while (crowd->calls->len < n) {
        g_assert_cmpint(g_get_monotonic_time(), <, late);
        crowd_turn(crowd);
    }
}

static void test_join(void)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_CAMPAIGN, 21, "BUDGET_MODE_DAY");

    crowd->busy = TRUE;
    crowd_write(crowd, 0, "operation_status", "DISABLE");
    run_until_queued(crowd, 1);
    for (guint i = 1; i < 21; i++)
        crowd_write(crowd, i, "operation_status", "DISABLE");
    crowd_run(crowd, 700);
    g_assert_cmpuint(crowd->calls->len, ==, 2); /* twenty in the one that waits, and one */
    crowd->busy = FALSE;
    crowd_run_until(crowd, 21);
    g_assert_cmpuint(crowd_nth(crowd, 0)->n, ==, 20);
    g_assert_cmpuint(crowd_calls(crowd, ENDPOINT_CAMPAIGN_STATUS), ==, 2);
    crowd_check(crowd, 0, 21, FALSE, 1);
}

/* A call that is never answered holds nothing else back. */
static void test_hanging(void)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_CAMPAIGN, 4, "BUDGET_MODE_DAY");
    gint64 began;

    crowd->hangs = ENDPOINT_CAMPAIGN_STATUS;
    crowd_write(crowd, 0, "operation_status", "DISABLE");
    run_until_queued(crowd, 1);
    crowd_turn(crowd);
    began = g_get_monotonic_time();
    crowd_write(crowd, 1, "budget", "600"); /* of another lane */
    crowd_run_until(crowd, 1);
    g_assert_cmpint(g_get_monotonic_time() - began, <, SECOND);
    began = g_get_monotonic_time();
    crowd_write(crowd, 2, "operation_status", "DISABLE"); /* of the same */
    run_until_queued(crowd, crowd->calls->len + 1);
    g_assert_cmpint(g_get_monotonic_time() - began, <, SECOND / 2);
    crowd_turn(crowd);
    g_assert_cmpuint(crowd->calls->len, >=, 4);
    crowd_answer(crowd, crowd->calls->pdata[crowd->calls->len - 1]);
    crowd_run_until(crowd, 2);
    g_assert_cmpint(g_get_monotonic_time() - began, <, SECOND);
    crowd->hangs = 0;
    crowd_run_until(crowd, 3);
    crowd_check(crowd, 2, 1, FALSE, 1);
}

/* What is sent back was read a short while ago: those that wait are not read yet. */
static void test_replacements_are_not_read_ahead(void)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_ADGROUP, 400, "BUDGET_MODE_DAY");
    guint n_read = 0;

    crowd->hangs = ENDPOINT_ADGROUP_UPDATE;
    for (guint i = 0; i < 400; i++)
        crowd_write(crowd, i, "budget", "600");
    crowd_run(crowd, 1500);
    for (guint i = 0; i < crowd->calls->len; i++)
        n_read +=
            crowd_nth(crowd, i)->endpoint == ENDPOINT_ADGROUP_GET ? crowd_nth(crowd, i)->n : 0;
    g_assert_cmpuint(n_read, ==, 100);
    for (guint i = 150; i < 160; i++) /* those that wait can leave */
        g_assert_true(commit_withdraw(crowd->commits->pdata[i]));
    crowd->hangs = 0;
    crowd_run_until(crowd, 390);
    for (guint i = 0; i < 400; i++)
        g_assert_cmpuint(crowd_thing(crowd, i)->effects, ==, i < 150 || i >= 160);
    g_assert_cmpuint(crowd_calls(crowd, ENDPOINT_ADGROUP_UPDATE), ==, 390);
    g_assert_cmpuint(crowd_calls(crowd, ENDPOINT_ADGROUP_GET), <=, 8);
}

/* ---- leaving ---- */

static void test_withdrawn_member(void)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_CAMPAIGN, 3, "BUDGET_MODE_DAY");
    Commit *commits[3];

    crowd->busy = TRUE;
    for (guint i = 0; i < 3; i++)
        commits[i] = crowd_write(crowd, i, "operation_status", "DISABLE");
    run_until_queued(crowd, 1);
    g_assert_true(commit_withdraw(commits[1]));
    g_assert_true(commit_ended(commits[1], NULL));
    crowd_send(crowd, crowd_nth(crowd, 0));
    g_assert_false(commit_withdraw(commits[0]));
    crowd->busy = FALSE;
    crowd_run_until(crowd, 2);
    crowd_check(crowd, 0, 1, FALSE, 1);
    crowd_check(crowd, 1, 1, TRUE, 0);
    crowd_check(crowd, 2, 1, FALSE, 1);
    g_assert_cmpint(crowd_entries(crowd, "withdrawn"), ==, 1);
    g_assert_cmpint(crowd_entries(crowd, "done"), ==, 2);
}

static void test_all_withdrawn(void)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_CAMPAIGN, 3, "BUDGET_MODE_DAY");

    crowd->busy = TRUE;
    for (guint i = 0; i < 3; i++)
        crowd_write(crowd, i, "operation_status", "DISABLE");
    run_until_queued(crowd, 1);
    for (guint i = 0; i < 3; i++)
        g_assert_true(commit_withdraw(crowd->commits->pdata[i]));
    g_assert_null(crowd_nth(crowd, 0)->done); /* the call is gone, too */
    crowd->busy = FALSE;
    crowd_run(crowd, 700);
    g_assert_cmpuint(crowd_calls(crowd, ENDPOINT_CAMPAIGN_STATUS), ==, 0);
    g_assert_cmpuint(crowd->n_done + crowd->n_failed, ==, 0);
}

/* It was refused for its rate and waits again: it can still be left, and the others go on. */
static void test_back_in_the_queue(void)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_CAMPAIGN, 3, "BUDGET_MODE_DAY");
    Commit *commits[3];
    CrowdCall *call;

    crowd->busy = TRUE;
    for (guint i = 0; i < 3; i++)
        commits[i] = crowd_write(crowd, i, "operation_status", "DISABLE");
    run_until_queued(crowd, 1);
    call = crowd_nth(crowd, 0);
    char *(*prepare)(void *user_data, gint64 *deadline_us) = call->prepare;
    crowd_send(crowd, call);
    g_assert_false(commit_withdraw(commits[2]));
    call->prepare = prepare;
    g_assert_true(commit_withdraw(commits[2]));
    crowd->busy = FALSE;
    crowd_run_until(crowd, 2);
    crowd_check(crowd, 0, 2, FALSE, 1);
    crowd_check(crowd, 2, 1, TRUE, 0);
}

/* Its time passes while the call waits; the others have more of it. */
static void test_late_member(void)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_CAMPAIGN, 3, "BUDGET_MODE_DAY");
    CommitRequest request = {.row = crowd_thing(crowd, 2)->row,
                             .member = "operation_status",
                             .value = "DISABLE",
                             .deadline_us = crowd->fake->mono + SECOND};
    g_autoptr(Commit) hasty = NULL;
    g_autoptr(GError) error = NULL;

    crowd->busy = TRUE;
    for (guint i = 0; i < 2; i++)
        crowd_write(crowd, i, "operation_status", "DISABLE");
    hasty = commit_start(crowd->fake->cache, &request, NULL);
    run_until_queued(crowd, 1);
    fake_later(crowd->fake, 2 * SECOND);
    crowd->busy = FALSE;
    crowd_run_until(crowd, 2);
    while (!commit_ended(hasty, &error))
        crowd_turn(crowd);
    g_assert_error(error, API_ERROR, API_ERROR_BUSY);
    crowd_check(crowd, 0, 2, FALSE, 1);
    crowd_check(crowd, 2, 1, TRUE, 0);
    g_assert_cmpint(crowd_entries(crowd, "withdrawn"), ==, 1);
}

/* The client ends the call when the first of them has no time left. */
static void test_late_call(void)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_CAMPAIGN, 2, "BUDGET_MODE_DAY");
    CommitRequest request = {.row = crowd_thing(crowd, 1)->row,
                             .member = "operation_status",
                             .value = "DISABLE",
                             .deadline_us = crowd->fake->mono + SECOND};
    g_autoptr(Commit) hasty = commit_start(crowd->fake->cache, &request, NULL);
    g_autoptr(GError) error = NULL;

    crowd->busy = TRUE;
    crowd_write(crowd, 0, "operation_status", "DISABLE");
    run_until_queued(crowd, 1);
    g_assert_cmpint(crowd_nth(crowd, 0)->deadline_us, ==, request.deadline_us);
    fake_later(crowd->fake, SECOND);
    crowd_fail(crowd_nth(crowd, 0), API_ERROR_BUSY, 0);
    crowd->busy = FALSE;
    crowd_run_until(crowd, 1);
    while (!commit_ended(hasty, &error))
        crowd_turn(crowd);
    g_assert_error(error, API_ERROR, API_ERROR_BUSY);
    crowd_check(crowd, 0, 1, FALSE, 1);
    crowd_check(crowd, 1, 1, TRUE, 0);
}

/* ... or had: it has left since, and the others have theirs. */
static void test_late_call_of_one_who_left(void)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_CAMPAIGN, 2, "BUDGET_MODE_DAY");
    CommitRequest request = {.row = crowd_thing(crowd, 1)->row,
                             .member = "operation_status",
                             .value = "DISABLE",
                             .deadline_us = crowd->fake->mono + SECOND};
    g_autoptr(Commit) hasty = commit_start(crowd->fake->cache, &request, NULL);

    crowd->busy = TRUE;
    crowd_write(crowd, 0, "operation_status", "DISABLE");
    run_until_queued(crowd, 1);
    g_assert_true(commit_withdraw(hasty));
    fake_later(crowd->fake, SECOND);
    crowd_fail(crowd_nth(crowd, 0), API_ERROR_BUSY, 0);
    crowd->busy = FALSE;
    crowd_run_until(crowd, 1);
    crowd_check(crowd, 0, 1, FALSE, 1);
    crowd_check(crowd, 1, 1, TRUE, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lanes/fifty-who-write-a-thousand", test_storm);
    g_test_add_func("/lanes/five-hundred-at-once", test_at_once);
    g_test_add_func("/lanes/lifetime-budgets-twenty-a-call", test_lifetime_budgets);
    g_test_add_func("/lanes/daily-budgets-are-read-together", test_daily_budgets);
    g_test_add_func("/lanes/a-lone-write-is-not-held-back", test_lone);
    g_test_add_func("/lanes/a-call-that-waits-is-joined", test_join);
    g_test_add_func("/lanes/a-call-that-hangs-holds-nobody-back", test_hanging);
    g_test_add_func("/lanes/full-replacements-are-not-read-ahead",
                    test_replacements_are_not_read_ahead);
    g_test_add_func("/lanes/one-leaves-and-the-others-go-on", test_withdrawn_member);
    g_test_add_func("/lanes/whoever-left-takes-its-deadline-along", test_late_call_of_one_who_left);
    g_test_add_func("/lanes/without-members-no-call", test_all_withdrawn);
    g_test_add_func("/lanes/back-in-the-queue-it-can-be-left", test_back_in_the_queue);
    g_test_add_func("/lanes/who-has-no-time-leaves", test_late_member);
    g_test_add_func("/lanes/a-late-call-is-late-for-the-late-only", test_late_call);
    return g_test_run();
}
