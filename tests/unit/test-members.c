/* SPDX-License-Identifier: MIT */
/* test-members.c - what becomes of each of those that were sent in one call. */
#include "tests/unit/crowd.h"

static void write_all(Crowd *crowd, const char *word)
{
    for (guint i = 0; i < crowd->things->len; i++)
        crowd_write(crowd, i, "operation_status", word);
    crowd_run_until(crowd, crowd->things->len);
}

static GError *error_of(const Crowd *crowd, guint index)
{
    GError *error = NULL;

    g_assert_true(commit_ended(crowd->commits->pdata[index], &error));
    return error;
}

/* ---- one bad member ---- */

/* Of twenty the eighth. */
static void check_bad_one(Crowd *crowd)
{
    g_autoptr(GError) error = NULL;

    write_all(crowd, "DISABLE");
    g_assert_cmpuint(crowd->n_failed, ==, 1);
    error = error_of(crowd, 7);
    g_assert_nonnull(error);
    crowd_check(crowd, 0, 7, FALSE, 1);
    crowd_check(crowd, 7, 1, TRUE, 0);
    crowd_check(crowd, 8, 12, FALSE, 1);
    g_assert_cmpint(crowd_entries(crowd, "done"), ==, 19);
    g_assert_cmpint(crowd_entries(crowd, "refused"), ==, 1);
}

static void test_named(void)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_CAMPAIGN, 20, "BUDGET_MODE_DAY");
    g_autoptr(GError) error = NULL;

    crowd_thing(crowd, 7)->bad = crowd->names_bad = TRUE;
    check_bad_one(crowd);
    error = error_of(crowd, 7);
    g_assert_error(error, API_ERROR, API_ERROR_INVALID);
    g_assert_cmpuint(crowd_calls(crowd, ENDPOINT_CAMPAIGN_STATUS), ==, 3);
}

/* 20, 10 + 10, 5 + 5, 3 + 2, 2 + 1, 1 + 1 at most */
static void test_unnamed(void)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_CAMPAIGN, 20, "BUDGET_MODE_DAY");

    crowd_thing(crowd, 7)->bad = TRUE;
    check_bad_one(crowd);
    g_assert_cmpuint(crowd_calls(crowd, ENDPOINT_CAMPAIGN_STATUS), <=, 11);
}

/* "No permission for the operation or object": it may be that of one. */
static void test_not_permitted(void)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_CAMPAIGN, 20, "BUDGET_MODE_DAY");
    g_autoptr(GError) error = NULL;

    crowd_thing(crowd, 7)->bad = TRUE;
    crowd->bad_code = 40001;
    check_bad_one(crowd);
    error = error_of(crowd, 7);
    g_assert_error(error, API_ERROR, API_ERROR_DENIED);
}

/* What is refused to all is not tried in parts. */
static void test_refused_for_all(void)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_CAMPAIGN, 20, "BUDGET_MODE_DAY");

    crowd->busy = TRUE;
    for (guint i = 0; i < 20; i++)
        crowd_write(crowd, i, "operation_status", "DISABLE");
    while (crowd->calls->len == 0)
        crowd_turn(crowd);
    crowd_run(crowd, 100);
    crowd_send(crowd, crowd_nth(crowd, 0));
    crowd_fail(crowd_nth(crowd, 0), API_ERROR_DENIED, 40130);
    crowd->busy = FALSE;
    crowd_run_until(crowd, 20);
    g_assert_cmpuint(crowd->n_failed, ==, 20);
    g_assert_cmpuint(crowd_calls(crowd, ENDPOINT_CAMPAIGN_STATUS), ==, 1);
    g_assert_cmpint(crowd_entries(crowd, "refused"), ==, 20);
}

static void check_error_list(gboolean part_code)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_ADGROUP, 20, "BUDGET_MODE_DAY");
    g_autoptr(GError) error = NULL;

    crowd_thing(crowd, 7)->bad = TRUE;
    crowd->part_code = part_code;
    check_bad_one(crowd);
    error = error_of(crowd, 7);
    g_assert_error(error, API_ERROR, API_ERROR_REMOTE);
    g_assert_nonnull(strstr(error->message, "It is bad."));
    g_assert_cmpuint(crowd_calls(crowd, ENDPOINT_ADGROUP_STATUS), ==, 1);
}

static void test_error_list(void)
{
    check_error_list(FALSE);
    check_error_list(TRUE);
}

/* ---- lost answers ---- */

static void check_loss(Loss loss, guint n_updates)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_CAMPAIGN, 20, "BUDGET_MODE_DAY");

    crowd->loss = loss;
    crowd->n_losses = 1;
    write_all(crowd, "DISABLE");
    g_assert_cmpuint(crowd->n_failed, ==, 0);
    crowd_check(crowd, 0, 20, FALSE, 1);
    g_assert_cmpuint(crowd_calls(crowd, ENDPOINT_CAMPAIGN_STATUS), ==, n_updates);
    g_assert_cmpint(crowd_entries(crowd, "done"), ==, 20);
}

static void test_lost_after(void)
{
    check_loss(LOSE_AFTER, 1);
}

/* Nothing has happened to them, so that they go once more, together. */
static void test_lost_before(void)
{
    check_loss(LOSE_BEFORE, 2);
}

/* ---- a reply that lies ---- */

/* Before there were proofs, and when it is alone, it is an error at once. */
static void test_lone_liar(void)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_CAMPAIGN, 1, "BUDGET_MODE_DAY");
    g_autoptr(GError) error = NULL;

    crowd_thing(crowd, 0)->lied = TRUE;
    write_all(crowd, "DISABLE");
    error = error_of(crowd, 0);
    g_assert_error(error, API_ERROR, API_ERROR_MISMATCH);
    g_assert_cmpint(crowd_entries(crowd, "differs"), ==, 1);
}

/* ---- groups ---- */

typedef struct {
    Crowd *crowd;
    guint n_woken;
} Party;

static void wake_party(Fake *fake, void *waiter)
{
    ((Party *)waiter)->n_woken++;
}

static void test_group(void)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_CAMPAIGN, 30, "BUDGET_MODE_DAY");
    Party party = {crowd, 0};
    CommitGroup *group = commit_group_new(crowd->fake->cache, &party);

    crowd->fake->on_wake = wake_party;
    crowd_thing(crowd, 3)->bad = TRUE;
    for (guint i = 0; i < 30; i++) {
        CommitRequest request = {.row = crowd_thing(crowd, i)->row,
                                 .member = "operation_status",
                                 .value = "DISABLE",
                                 .group = group};
        g_ptr_array_add(crowd->commits, commit_start(crowd->fake->cache, &request, NULL));
    }
    g_assert_true(commit_withdraw(crowd->commits->pdata[29]));
    crowd_run(crowd, 1000);
    g_assert_cmpuint(party.n_woken, ==, 0); /* more may come */
    g_assert_true(commit_group_close(group));
    commit_group_free(group);
    for (guint i = 0; i < 30; i++) {
        g_autoptr(GError) error = error_of(crowd, i);
        g_assert_cmpint(error != NULL, ==, i == 3 || i == 29);
    }
}

static void test_group_waits(void)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_CAMPAIGN, 30, "BUDGET_MODE_DAY");
    Party party = {crowd, 0};
    CommitGroup *group = commit_group_new(crowd->fake->cache, &party);

    crowd->fake->on_wake = wake_party;
    for (guint i = 0; i < 30; i++) {
        CommitRequest request = {.row = crowd_thing(crowd, i)->row,
                                 .member = "operation_status",
                                 .value = "DISABLE",
                                 .group = group};
        g_ptr_array_add(crowd->commits, commit_start(crowd->fake->cache, &request, NULL));
    }
    g_assert_false(commit_group_close(group));
    while (party.n_woken == 0)
        crowd_turn(crowd);
    for (guint i = 0; i < 30; i++)
        g_assert_true(commit_ended(crowd->commits->pdata[i], NULL));
    crowd_run(crowd, 100);
    g_assert_cmpuint(party.n_woken, ==, 1);
    commit_group_free(group);
}

/* ---- deleting ---- */

static void test_delete(void)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_CAMPAIGN, 3, "BUDGET_MODE_DAY");
    ListingState state;

    crowd_write(crowd, 1, "operation_status", "DELETE");
    crowd_run_until(crowd, 1);
    g_assert_cmpuint(crowd->n_failed, ==, 0);
    g_assert_true(crowd_thing(crowd, 1)->gone);
    cache_listing_state(crowd->fake->cache, LISTING_CAMPAIGNS, crowd->account, &state);
    g_assert_false(state.fresh); /* it will be read again, without it */
    g_assert_cmpint(crowd_entries(crowd, "done"), ==, 1);
}

static void test_not_deleted(void)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_CAMPAIGN, 1, "BUDGET_MODE_DAY");
    g_autoptr(GError) error = NULL;

    crowd_thing(crowd, 0)->lied = TRUE;
    write_all(crowd, "DELETE");
    error = error_of(crowd, 0);
    g_assert_error(error, API_ERROR, API_ERROR_MISMATCH);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/members/one-that-is-named-is-taken-out", test_named);
    g_test_add_func("/members/one-that-is-not-is-found", test_unnamed);
    g_test_add_func("/members/one-that-is-not-permitted-is-found", test_not_permitted);
    g_test_add_func("/members/refused-for-all-is-not-cut", test_refused_for_all);
    g_test_add_func("/members/error-list-fails-whom-it-names", test_error_list);
    g_test_add_func("/members/lost-after-the-effect-is-done-once", test_lost_after);
    g_test_add_func("/members/lost-before-the-effect-is-sent-again", test_lost_before);
    g_test_add_func("/members/alone-a-lie-is-an-error", test_lone_liar);
    g_test_add_func("/members/a-group-is-not-over-before-it-is-closed", test_group);
    g_test_add_func("/members/a-group-wakes-once", test_group_waits);
    g_test_add_func("/members/deleted-is-in-no-list", test_delete);
    g_test_add_func("/members/not-deleted-is-an-error", test_not_deleted);
    return g_test_run();
}
