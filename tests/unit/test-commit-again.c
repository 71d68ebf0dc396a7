/* SPDX-License-Identifier: MIT */
/* test-commit-again.c - an update in doubt goes out once more, if nothing happened to its object.
 */
#include "cache/cache.h"

#include "tests/unit/scripted.h"

/* As it was before the update, modified at that second of some minute. */
#define CAMPAIGN_OF(budget, second)                                                                \
    "{\"campaign_id\":\"" CAMPAIGN_ID "\",\"campaign_name\":\"Autumn\",\"budget\":" budget         \
    ",\"budget_mode\":\"BUDGET_MODE_DAY\",\"operation_status\":\"ENABLE\","                        \
    "\"modify_time\":\"2026-11-20 16:40:" second "\"}"

/* The first update's answer is lost, and what is read afterwards is this. */
static void lose_first(Script *script, const char *found)
{
    commit_budget(script, "750.00", 100);
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN_OF("500", "03")));
    answer_error(expect(script, ENDPOINT_CAMPAIGN_UPDATE), API_ERROR_UNKNOWN, 50002);
    for (guint i = 0; i < 3; i++)
        answer(expect(script, ENDPOINT_CAMPAIGN_GET), found);
}

static void test_done(Script *script, const void *data)
{
    lose_first(script, LIST(CAMPAIGN_OF("500", "03")));
    expect(script, ENDPOINT_CAMPAIGN_UPDATE);
    g_assert_false(commit_withdraw(script->commit)); /* the first may have been carried out */
    answer(expect(script, ENDPOINT_CAMPAIGN_UPDATE), OK("{}"));
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN_OF("750", "09")));
    assert_done(script, 7);
}

static void test_touched(Script *script, const void *data)
{
    lose_first(script, LIST(CAMPAIGN_OF("500", "04")));
    assert_refused(script, API_ERROR_UNKNOWN, 50002, 5);
}

/* Only the second is known to be refused, so the outcome is not known. */
static void test_refused(Script *script, const void *data)
{
    lose_first(script, LIST(CAMPAIGN_OF("500", "03")));
    answer_error(expect(script, ENDPOINT_CAMPAIGN_UPDATE), API_ERROR_BUSY, 0);
    assert_refused(script, API_ERROR_UNKNOWN, 50002, 6);
}

static void test_twice_at_most(Script *script, const void *data)
{
    lose_first(script, LIST(CAMPAIGN_OF("500", "03")));
    answer_error(expect(script, ENDPOINT_CAMPAIGN_UPDATE), API_ERROR_UNKNOWN, 51010);
    for (guint i = 0; i < 3; i++)
        answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN_OF("500", "03")));
    assert_refused(script, API_ERROR_UNKNOWN, 51010, 9);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("/commit-again/lost-and-untouched-goes-out-once-more", test_done);
    add("/commit-again/touched-does-not", test_touched);
    add("/commit-again/the-first-is-in-doubt-when-the-second-is-refused", test_refused);
    add("/commit-again/never-a-third-time", test_twice_at_most);
    return g_test_run();
}
