/* SPDX-License-Identifier: MIT */
/* test-commit-there.c - values that seem to be there already, and a service that says they are. */
#include "cache/cache.h"

#include "tests/unit/scripted.h"

static CommitRequest is_there(const Script *script, gint64 row, const char *value)
{
    return (CommitRequest){.row = row,
                           .member = "operation_status",
                           .value = value,
                           .deadline_us = script->fake->mono + 30 * SECOND,
                           .is_there = TRUE};
}

static void commit_there(Script *script, const char *value)
{
    CommitRequest request = is_there(script, script->campaign, value);

    commit(script, &request);
}

static void test_it_is(Script *script, const void *data)
{
    commit_there(script, "ENABLE");
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("500", "ENABLE")));
    assert_done(script, 1);
}

static void test_it_is_not(Script *script, const void *data)
{
    commit_there(script, "ENABLE");
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("500", "DISABLE")));
    answer(expect(script, ENDPOINT_CAMPAIGN_STATUS), OK("{}"));
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("500", "ENABLE")));
    assert_done(script, 3);
}

static void test_not_known(Script *script, const void *data)
{
    commit_there(script, "ENABLE");
    answer_error(expect(script, ENDPOINT_CAMPAIGN_GET), API_ERROR_UNREACHABLE, 0);
    assert_refused(script, API_ERROR_UNREACHABLE, 0, 1);
}

/* Another is being written in the same account: a status goes along, rather than being asked for.
 */
static void start_other(Script *script)
{
    CommitRequest request = {.row = script->campaign,
                             .member = "operation_status",
                             .value = "DISABLE",
                             .deadline_us = script->fake->mono + 30 * SECOND};

    commit_free(commit_start(script->fake->cache, &request, NULL));
    expect(script, ENDPOINT_CAMPAIGN_STATUS);
}

static void test_crowd(Script *script, const void *data)
{
    gint64 other;

    fake_add(script->fake, KIND_CAMPAIGN,
             "{\"campaign_id\":\"1790000000000002\",\"operation_status\":\"ENABLE\"}");
    script->on = FALSE;
    script->fake->mono += 1000 * SECOND;
    fake_have(script->fake, LISTING_CAMPAIGNS, script->account);
    script->on = TRUE;
    g_ptr_array_set_size(script->fake->woken, 0);
    other = fake_find(script->fake, KIND_CAMPAIGN, script->account, "1790000000000002");
    g_assert_cmpint(other, >, 0);
    start_other(script);
    CommitRequest request = is_there(script, other, "ENABLE");
    commit(script, &request);
    while (script->calls->len < 2)
        run_loop(1000);
    g_assert_cmpuint(count_calls(script, ENDPOINT_CAMPAIGN_STATUS), ==, 2);
    g_assert_nonnull(strstr(expect(script, ENDPOINT_CAMPAIGN_STATUS)->body, "1790000000000002"));
}

static void test_counted(Script *script, const void *data)
{
    script->guards.max_enables_per_hour = 5;
    test_it_is(script, data);
}

/* ---- 40012, "nothing to update" ---- */

static void refuse_as_there(Script *script, const char *found)
{
    commit_status(script, "DISABLE");
    answer_error(expect(script, ENDPOINT_CAMPAIGN_STATUS), API_ERROR_INVALID, 40012);
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), found);
}

static void test_nothing_to_update(Script *script, const void *data)
{
    refuse_as_there(script, LIST(CAMPAIGN("500", "DISABLE")));
    assert_done(script, 2);
}

static void test_nothing_to_update_but(Script *script, const void *data)
{
    refuse_as_there(script, LIST(CAMPAIGN("500", "ENABLE")));
    assert_refused(script, API_ERROR_INVALID, 40012, 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("/commit-there/it-is", test_it_is);
    add("/commit-there/it-is-not", test_it_is_not);
    add("/commit-there/nobody-can-say", test_not_known);
    add("/commit-there/a-crowd-sends", test_crowd);
    add("/commit-there/what-counts-is-asked-for", test_counted);
    add("/commit-there/nothing-to-update", test_nothing_to_update);
    add("/commit-there/nothing-to-update-is-not-so", test_nothing_to_update_but);
    return g_test_run();
}
