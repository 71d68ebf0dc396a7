/* SPDX-License-Identifier: MIT */
/* test-commit-end.c - commits that nobody waits for any more, and what listings make of them. */
#include "cache/commit-private.h"

#include "tests/unit/scripted.h"

static void assert_cancelled(Script *script)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(commit_ended(script->commit, &error));
    g_assert_error(error, API_ERROR, API_ERROR_CANCELLED);
    run_loop(20000);
    g_assert_cmpuint(script->fake->woken->len, ==, 0);
}

/* ---- withdrawn ---- */

static void test_reading_queued(Script *script, const void *data)
{
    commit_budget(script, "750.00", 100);
    expect(script, ENDPOINT_CAMPAIGN_GET);
    g_assert_true(commit_withdraw(script->commit));
    assert_cancelled(script);
    g_assert_cmpuint(script->calls->len, ==, 1);
}

/* The reading can not be called back; the update is never sent. */
static void check_reading_sent(Script *script, const char *body)
{
    ScriptCall *call;

    commit_budget(script, "750.00", 100);
    call = expect(script, ENDPOINT_CAMPAIGN_GET);
    call->sent = TRUE;
    g_assert_true(commit_withdraw(script->commit));
    answer(call, body);
    assert_cancelled(script);
    g_assert_cmpuint(script->calls->len, ==, 1);
}

static void test_reading_sent(Script *script, const void *data)
{
    check_reading_sent(script, LIST(CAMPAIGN("500", "ENABLE")));
}

static void test_reading_sent_already_there(Script *script, const void *data)
{
    check_reading_sent(script, LIST(CAMPAIGN("750", "ENABLE")));
}

static void test_reading_sent_and_freed(Script *script, const void *data)
{
    ScriptCall *call;

    commit_budget(script, "750.00", 100);
    call = expect(script, ENDPOINT_CAMPAIGN_GET);
    call->sent = TRUE;
    g_assert_true(commit_withdraw(script->commit));
    g_clear_pointer(&script->commit, commit_free);
    answer(call, LIST(CAMPAIGN("500", "ENABLE")));
    run_loop(20000);
    g_assert_cmpuint(script->calls->len, ==, 1);
    g_assert_cmpuint(script->fake->woken->len, ==, 0);
}

static void test_sending_queued(Script *script, const void *data)
{
    commit_status(script, "DISABLE");
    expect(script, ENDPOINT_CAMPAIGN_STATUS);
    g_assert_true(commit_withdraw(script->commit));
    assert_cancelled(script);
    g_assert_cmpuint(script->calls->len, ==, 1);
    g_assert_false(commit_withdraw(script->commit)); /* it has ended */
}

/* An update that was sent is not answered with anything but what became of it. */
static void test_sending_sent(Script *script, const void *data)
{
    ScriptCall *call;

    commit_status(script, "DISABLE");
    call = expect(script, ENDPOINT_CAMPAIGN_STATUS);
    call->sent = TRUE;
    g_assert_false(commit_withdraw(script->commit));
    answer(call, OK("{}"));
    g_assert_false(commit_withdraw(script->commit));
    call = expect(script, ENDPOINT_CAMPAIGN_GET);
    g_assert_false(commit_withdraw(script->commit)); /* not even while it is queued */
    answer(call, LIST(CAMPAIGN("500", "DISABLE")));
    g_assert_false(commit_withdraw(script->commit));
    assert_done(script, 2);
}

/* ---- freed under way ---- */

static CacheStats stats_of(Script *script)
{
    CacheStats stats;

    cache_stats(script->fake->cache, &stats);
    return stats;
}

static void run_until_settled(Script *script)
{
    gint64 late = g_get_monotonic_time() + 10 * SECOND;

    while (stats_of(script).commits + stats_of(script).refused == 0) {
        g_assert_cmpint(g_get_monotonic_time(), <, late);
        g_main_context_iteration(NULL, FALSE);
        g_usleep(500);
    }
    run_loop(20000);
    g_assert_cmpuint(script->fake->woken->len, ==, 0);
}

enum { IN_READING, IN_SENDING, IN_READING_BACK, IN_PAUSE, IN_STORING, IN_END, N_STAGES };

/* Goes through a commit, and calls `at` once it has come to the stage. */
static void go_through(Script *script, int stage, void (*at)(Script *script))
{
    for (int now = IN_READING; now < N_STAGES; now++) {
        if (now == IN_SENDING)
            answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("500", "ENABLE")));
        else if (now == IN_READING_BACK)
            answer(expect(script, ENDPOINT_CAMPAIGN_UPDATE), OK("{}"));
        else if (now == IN_PAUSE)
            answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("500", "ENABLE")));
        else if (now == IN_STORING)
            answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("750", "ENABLE")));
        if (now == stage)
            at(script);
        if (script->fake->cache == NULL)
            return;
    }
}

static void free_commit(Script *script)
{
    g_clear_pointer(&script->commit, commit_free);
}

static void test_freed_under_way(Script *script, const void *data)
{
    for (int stage = IN_READING; stage <= IN_STORING; stage++) {
        script_tear_down(script, NULL);
        script_set_up(script, NULL);
        commit_budget(script, "750.00", 100);
        go_through(script, stage, free_commit);
        run_until_settled(script);
        g_assert_cmpuint(stats_of(script).commits, ==, 1);
        assert_shows(script, script->campaign, "budget", "750");
    }
}

static void close_cache(Script *script)
{
    script->commit = NULL; /* it goes with the cache */
    fake_close(script->fake);
}

static void test_cache_freed_under_way(Script *script, const void *data)
{
    for (int stage = IN_READING; stage <= IN_STORING; stage++) {
        script_tear_down(script, NULL);
        script_set_up(script, NULL);
        commit_budget(script, "750.00", 100);
        go_through(script, stage, close_cache);
        run_loop(stage == IN_PAUSE ? 1500000 : 20000); /* no timer of it is left */
        g_assert_cmpuint(script->fake->woken->len, ==, 0);
    }
}

static void free_in_wake(Fake *fake, void *waiter)
{
    Script *script = fake->config.client;
    g_autoptr(GError) error = NULL;

    g_assert_true(commit_ended(script->commit, &error));
    g_assert_no_error(error);
    g_clear_pointer(&script->commit, commit_free);
}

static void test_freed_when_woken(Script *script, const void *data)
{
    script->fake->on_wake = free_in_wake;
    commit_budget(script, "750.00", 100);
    go_through(script, N_STAGES, NULL);
    run_loop(100000);
    g_assert_null(script->commit);
    g_assert_cmpuint(script->fake->woken->len, ==, 1);
}

/* ---- no such object ---- */

static void test_no_such_row(Script *script, const void *data)
{
    commit(script, &(CommitRequest){script->ad + 1000, "ad_name", "x", FALSE, FALSE});
    assert_refused(script, API_ERROR_NOT_FOUND, 0, 0);
}

static void test_no_such_row_freed(Script *script, const void *data)
{
    commit(script, &(CommitRequest){script->ad + 1000, "ad_name", "x", FALSE, FALSE});
    g_clear_pointer(&script->commit, commit_free);
    run_until_settled(script);
    commit(script, &(CommitRequest){script->ad + 1000, "ad_name", "x", FALSE, FALSE});
    close_cache(script);
    run_loop(20000);
    g_assert_cmpuint(script->fake->woken->len, ==, 0);
}

/* ---- listings ---- */

static ScriptCall *start_listing(Script *script)
{
    static char waiter;
    Waiter who = {&waiter, script->fake->mono};

    g_assert_cmpint(
        cache_want_listing(script->fake->cache, LISTING_CAMPAIGNS, script->account, &who, NULL), ==,
        CACHE_WAIT);
    return expect(script, ENDPOINT_CAMPAIGN_GET);
}

static void run_listing(Script *script, ScriptCall *call, const char *body)
{
    ListingState state;

    answer(call, body);
    do {
        run_loop(5000);
        cache_listing_state(script->fake->cache, LISTING_CAMPAIGNS, script->account, &state);
    } while (!state.fresh);
}

static void commit_750(Script *script)
{
    commit_budget(script, "750.00", G_MAXUINT);
    fake_later(script->fake, SECOND);
    answer(expect(script, ENDPOINT_CAMPAIGN_UPDATE), OK(CAMPAIGN("750", "ENABLE")));
    run_to_end(script);
    assert_shows(script, script->campaign, "budget", "750");
}

/* Its pages were asked for before the commit and are answered after it. */
static void test_listing_before(Script *script, const void *data)
{
    ScriptCall *call;

    fake_later(script->fake, 1000 * SECOND);
    call = start_listing(script);
    fake_later(script->fake, SECOND);
    commit_750(script);
    run_listing(script, call, LIST(CAMPAIGN("500", "ENABLE")));
    assert_shows(script, script->campaign, "budget", "750");
}

/* Asked for after the update was sent, but before its answer: nobody knows which value that is. */
static void test_listing_meanwhile(Script *script, const void *data)
{
    ScriptCall *update, *call;

    fake_later(script->fake, 1000 * SECOND);
    commit_budget(script, "750.00", G_MAXUINT);
    update = expect(script, ENDPOINT_CAMPAIGN_UPDATE);
    fake_later(script->fake, SECOND);
    call = start_listing(script);
    fake_later(script->fake, SECOND);
    answer(update, OK(CAMPAIGN("750", "ENABLE")));
    run_to_end(script);
    run_listing(script, call, LIST(CAMPAIGN("500", "ENABLE")));
    assert_shows(script, script->campaign, "budget", "750");
}

/* Nothing was sent, but what was read is younger than what the listing says. */
static void test_listing_before_reading(Script *script, const void *data)
{
    ScriptCall *call;

    fake_later(script->fake, 1000 * SECOND);
    call = start_listing(script);
    fake_later(script->fake, SECOND);
    commit_budget(script, "750.00", 100);
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("750", "ENABLE")));
    run_to_end(script);
    run_listing(script, call, LIST(CAMPAIGN("500", "ENABLE")));
    assert_shows(script, script->campaign, "budget", "750");
}

static void test_listing_after(Script *script, const void *data)
{
    commit_750(script);
    fake_later(script->fake, 1000 * SECOND);
    run_listing(script, start_listing(script), LIST(CAMPAIGN("900", "ENABLE")));
    assert_shows(script, script->campaign, "budget", "900");
}

/* It was removed from the store while its value was sent: the service holds it all the same. */
static void test_vanished_meanwhile(Script *script, const void *data)
{
    ScriptCall *update;

    fake_later(script->fake, 1000 * SECOND);
    commit_status(script, "DISABLE");
    update = expect(script, ENDPOINT_CAMPAIGN_STATUS);
    run_listing(script, start_listing(script),
                OK("{\"list\":[],\"page_info\":{\"total_number\":0,\"total_page\":0}}"));
    g_ptr_array_set_size(script->fake->woken, 0);
    g_test_expect_message(G_LOG_DOMAIN, G_LOG_LEVEL_MESSAGE, "*accepted but not stored*");
    answer(update, OK("{}"));
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("500", "DISABLE")));
    assert_done(script, 3);
    g_test_assert_expected_messages();
}

#define NAMED(name, status)                                                                        \
    "{\"campaign_id\":\"" CAMPAIGN_ID "\",\"campaign_name\":\"" name "\",\"budget\":500,"          \
    "\"budget_mode\":\"BUDGET_MODE_DAY\",\"operation_status\":\"" status "\"}"

/* So that neither sends back, or shows, what was before the other. */
static void test_two_of_one_object(Script *script, const void *data)
{
    CommitRequest request = {script->campaign,
                             "campaign_name",
                             "Winter",
                             FALSE,
                             FALSE,
                             script->fake->mono + 30 * SECOND};
    g_autoptr(Commit) other = NULL;

    commit_status(script, "DISABLE");
    expect(script, ENDPOINT_CAMPAIGN_STATUS);
    other = commit_start(script->fake->cache, &request, NULL);
    run_loop(100000);
    g_assert_cmpuint(script->calls->len, ==, 1);
    answer(expect(script, ENDPOINT_CAMPAIGN_STATUS), OK("{}"));
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(NAMED("Autumn", "DISABLE")));
    run_to_end(script);
    answer(expect(script, ENDPOINT_CAMPAIGN_UPDATE), OK(NAMED("Winter", "DISABLE")));
    while (!commit_ended(other, NULL))
        g_main_context_iteration(NULL, FALSE);
    assert_shows(script, script->campaign, "campaign_name", "\"Winter\"");
    assert_shows(script, script->campaign, "operation_status", "\"DISABLE\"");
}

/* It never began, and the one behind it goes on. */
static void test_second_withdrawn(Script *script, const void *data)
{
    CommitRequest request = {script->campaign, "operation_status", "ENABLE", FALSE, FALSE};
    g_autoptr(Commit) second = NULL, third = NULL;

    commit_status(script, "DISABLE");
    second = commit_start(script->fake->cache, &request, NULL);
    third = commit_start(script->fake->cache, &request, NULL);
    g_assert_true(commit_withdraw(second));
    g_assert_true(commit_ended(second, NULL));
    answer(expect(script, ENDPOINT_CAMPAIGN_STATUS), OK("{}"));
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("500", "DISABLE")));
    answer(expect(script, ENDPOINT_CAMPAIGN_STATUS), OK("{}"));
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("500", "ENABLE")));
    while (!commit_ended(third, NULL))
        g_main_context_iteration(NULL, FALSE);
    assert_shows(script, script->campaign, "operation_status", "\"ENABLE\"");
}

/* The time to read it back is over while what was read is stored: it was read. */
static void test_patience_while_stored(Script *script, const void *data)
{
    GSource *patience;
    guint id;

    commit_status(script, "DISABLE");
    answer(expect(script, ENDPOINT_CAMPAIGN_STATUS), OK("{}"));
    expect(script, ENDPOINT_CAMPAIGN_GET);
    id = script->commit->patience;
    g_assert_cmpuint(id, !=, 0);
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("500", "DISABLE")));
    patience = g_main_context_find_source_by_id(NULL, id);
    if (patience != NULL)
        g_source_set_ready_time(patience, 0);
    assert_done(script, 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("/commit-end/withdrawn-before-it-is-read", test_reading_queued);
    add("/commit-end/withdrawn-while-it-is-read", test_reading_sent);
    add("/commit-end/withdrawn-though-the-value-is-there", test_reading_sent_already_there);
    add("/commit-end/withdrawn-and-freed", test_reading_sent_and_freed);
    add("/commit-end/withdrawn-before-it-is-sent", test_sending_queued);
    add("/commit-end/not-withdrawn-once-it-is-sent", test_sending_sent);
    add("/commit-end/freed-at-any-stage-it-goes-on", test_freed_under_way);
    add("/commit-end/goes-with-the-cache-at-any-stage", test_cache_freed_under_way);
    add("/commit-end/may-be-freed-when-woken", test_freed_when_woken);
    add("/commit-end/no-such-object", test_no_such_row);
    add("/commit-end/no-such-object-and-freed", test_no_such_row_freed);
    add("/commit-end/a-listing-before-brings-no-old-value-back", test_listing_before);
    add("/commit-end/nor-does-one-asked-for-meanwhile", test_listing_meanwhile);
    add("/commit-end/nor-one-asked-for-before-a-reading", test_listing_before_reading);
    add("/commit-end/a-listing-after-is-believed", test_listing_after);
    add("/commit-end/an-object-that-vanished-meanwhile", test_vanished_meanwhile);
    add("/commit-end/two-of-one-object-go-one-after-the-other", test_two_of_one_object);
    add("/commit-end/one-that-waits-can-be-withdrawn", test_second_withdrawn);
    add("/commit-end/no-patience-ends-while-it-is-stored", test_patience_while_stored);
    return g_test_run();
}
