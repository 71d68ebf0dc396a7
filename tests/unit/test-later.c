/* SPDX-License-Identifier: MIT */
/* test-later.c - what is found out after a write has ended. */
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

/* It was lost twice: nobody knows, and the journal says so until it was asked once more. */
static void test_unknown(void)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_CAMPAIGN, 2, "BUDGET_MODE_DAY");
    g_autoptr(GError) error = NULL;

    crowd->loss = LOSE_BEFORE;
    crowd->n_losses = 2;
    write_all(crowd, "DISABLE");
    error = error_of(crowd, 0);
    g_assert_error(error, API_ERROR, API_ERROR_UNKNOWN);
    g_assert_cmpint(crowd_entries(crowd, "unknown"), ==, 2);
    crowd_thing(crowd, 0)->enabled = crowd_thing(crowd, 1)->enabled = FALSE; /* late, but so */
    crowd_run(crowd, 6500);
    g_assert_cmpint(crowd_entries(crowd, "done"), ==, 2);
}

/* Before another value is sent the object is read, which says what came of the one before. */
static void test_unknown_and_another(void)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_CAMPAIGN, 2, "BUDGET_MODE_DAY");

    crowd->loss = LOSE_BEFORE;
    crowd->n_losses = 2;
    write_all(crowd, "DISABLE");
    g_assert_cmpint(crowd_entries(crowd, "unknown"), ==, 2);
    crowd_thing(crowd, 0)->enabled = FALSE; /* one of them late, but so */
    crowd_write(crowd, 0, "operation_status", "ENABLE");
    crowd_write(crowd, 1, "operation_status", "DISABLE");
    crowd_run_until(crowd, 4);
    g_assert_cmpint(crowd_entries(crowd, "unknown"), ==, 0);
    g_assert_cmpint(crowd_entries(crowd, "refused"), ==, 1);
    g_assert_cmpint(crowd_entries(crowd, "done"), ==, 3);
}

/* Who writes it once more and leaves before that was sent has changed nothing. */
static void test_unknown_and_left(void)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_CAMPAIGN, 1, "BUDGET_MODE_DAY");
    Commit *again;
    guint n_calls;

    crowd->loss = LOSE_BEFORE;
    crowd->n_losses = 2;
    write_all(crowd, "DISABLE");
    g_assert_cmpint(crowd_entries(crowd, "unknown"), ==, 1);
    crowd->busy = TRUE;
    n_calls = crowd->calls->len;
    again = crowd_write(crowd, 0, "operation_status", "DISABLE");
    while (crowd->calls->len == n_calls)
        crowd_turn(crowd);
    g_assert_true(commit_withdraw(again));
    crowd->busy = FALSE;
    crowd_thing(crowd, 0)->enabled = FALSE;
    crowd_run(crowd, 6500);
    g_assert_cmpint(crowd_entries(crowd, "done"), ==, 1);
}

/* ---- replies that are taken at their word ---- */

static void test_liar(void)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_CAMPAIGN, 400, "BUDGET_MODE_DAY");
    Thing *liar;
    guint n_reads;

    crowd->latency_ms = 5;
    crowd_write_on(crowd, 50, "DISABLE");
    crowd_run_until(crowd, 150); /* of two calls at least that were read back */
    liar = crowd_thing(crowd, crowd->next + 50);
    liar->lied = TRUE;
    crowd_run_until(crowd, 400);
    g_assert_cmpuint(crowd->n_failed, ==, 0); /* it was said to be done */
    g_assert_cmpuint(crowd->n_differs, ==, 0);
    crowd_run(crowd, 5000); /* until it was read three times */
    g_assert_cmpuint(crowd->n_differs, ==, 1);
    g_assert_cmpint(crowd_entries(crowd, "differs"), ==, 1);
    g_assert_cmpint(crowd_entries(crowd, "done"), ==, 399);

    /* From now on each is read back before it has ended. */
    for (guint i = 0; i < 400; i++)
        crowd_thing(crowd, i)->enabled = TRUE;
    n_reads = crowd_calls(crowd, ENDPOINT_CAMPAIGN_GET);
    liar->lied = FALSE;
    crowd_write_on(crowd, 50, "DISABLE");
    crowd_run_until(crowd, 800);
    g_assert_cmpuint(crowd_calls(crowd, ENDPOINT_CAMPAIGN_GET) - n_reads, >=, 8);
    crowd_run(crowd, 100);
    g_assert_cmpint(crowd_entries(crowd, "done"), ==, 799);
}

/* What it holds then is another's value, and says nothing of the one before. */
static void test_written_anew(void)
{
    g_autoptr(Crowd) crowd = crowd_new(KIND_CAMPAIGN, 150, "BUDGET_MODE_DAY");

    crowd->latency_ms = 5;
    crowd_write_on(crowd, 50, "DISABLE");
    crowd_run_until(crowd, 150);
    crowd_write_on(crowd, 50, "ENABLE");
    crowd_run_until(crowd, 300);
    crowd_run(crowd, 5500);
    g_assert_cmpuint(crowd->n_failed + crowd->n_differs, ==, 0);
    crowd_check(crowd, 0, 150, TRUE, 2);
    g_assert_cmpint(crowd_entries(crowd, "done"), ==, 300);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/later/unknown-is-asked-about", test_unknown);
    g_test_add_func("/later/unknown-is-read-before-another", test_unknown_and_another);
    g_test_add_func("/later/unknown-is-asked-about-though-the-next-was-withdrawn",
                    test_unknown_and_left);
    g_test_add_func("/later/a-reply-that-lies-is-found-out", test_liar);
    g_test_add_func("/later/written-anew-it-is-not-audited", test_written_anew);
    return g_test_run();
}
