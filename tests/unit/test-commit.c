/* SPDX-License-Identifier: MIT */
/* test-commit.c - a commit ends well when the service holds the value, and says why otherwise. */
#include "cache/cache.h"

#include "tests/unit/scripted.h"

/* ---- what ends well ---- */

static void test_status(Script *script, const void *data)
{
    ScriptCall *call;

    commit_status(script, "DISABLE");
    call = expect(script, ENDPOINT_CAMPAIGN_STATUS);
    g_assert_nonnull(strstr(call->body, "\"operation_status\":\"DISABLE\""));
    answer(call, OK("{\"campaign_ids\":[\"" CAMPAIGN_ID "\"],\"status\":\"DISABLE\"}"));
    call = expect(script, ENDPOINT_CAMPAIGN_GET);
    g_assert_nonnull(strstr(call->query, CAMPAIGN_ID));
    answer(call, LIST(CAMPAIGN("500", "DISABLE")));
    assert_done(script, 2);
    assert_shows(script, script->campaign, "operation_status", "\"DISABLE\"");
}

static void test_reply_is_enough(Script *script, const void *data)
{
    ScriptCall *call;

    commit_budget(script, "750.00", 100);
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("500", "ENABLE")));
    call = expect(script, ENDPOINT_CAMPAIGN_UPDATE);
    g_assert_nonnull(strstr(call->body, "\"budget\":750}"));
    answer(call, OK(CAMPAIGN("750.0", "ENABLE")));
    assert_done(script, 2);
    assert_shows(script, script->campaign, "budget", "750.0");
}

static void test_reply_without_object(Script *script, const void *data)
{
    commit_budget(script, "750.00", 100);
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("500", "ENABLE")));
    answer(expect(script, ENDPOINT_CAMPAIGN_UPDATE), OK("{\"campaign_id\":\"" CAMPAIGN_ID "\"}"));
    assert_shows(script, script->campaign, "budget", "500"); /* not before it was read back */
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("750", "ENABLE")));
    assert_done(script, 3);
    assert_shows(script, script->campaign, "budget", "750");
}

/* The reply repeats the old object: it does not count, reading again does. */
static void test_reply_with_old_value(Script *script, const void *data)
{
    commit_budget(script, "750.00", G_MAXUINT);
    answer(expect(script, ENDPOINT_CAMPAIGN_UPDATE), OK(CAMPAIGN("500", "ENABLE")));
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("750", "ENABLE")));
    assert_done(script, 2);
}

static void test_name_needs_no_reading(Script *script, const void *data)
{
    commit(script, &(CommitRequest){script->ad, "ad_name", "Winter", FALSE, FALSE});
    answer(expect(script, ENDPOINT_AD_UPDATE), OK("{\"ad_ids\":[\"" AD_ID "\"]}"));
    answer(expect(script, ENDPOINT_AD_GET), LIST(AD("Winter")));
    assert_done(script, 2);
    assert_shows(script, script->ad, "ad_name", "\"Winter\"");
}

/* The whole ad group is sent back, so what it is just now has to be known. */
static void test_adgroup_is_read_first(Script *script, const void *data)
{
    ScriptCall *call;

    commit(script, &(CommitRequest){script->adgroup, "budget", "60.00", TRUE, TRUE});
    answer(expect(script, ENDPOINT_ADGROUP_GET),
           LIST("{\"adgroup_id\":\"" ADGROUP_ID "\",\"gender\":\"NEW\",\"budget\":55,"
                "\"budget_mode\":\"BUDGET_MODE_DAY\"}"));
    call = expect(script, ENDPOINT_ADGROUP_UPDATE);
    g_assert_nonnull(strstr(call->body, "\"gender\":\"NEW\""));
    answer(call, OK("{}"));
    answer(expect(script, ENDPOINT_ADGROUP_GET), LIST(ADGROUP("BUDGET_MODE_DAY", "60")));
    assert_done(script, 3);
    assert_shows(script, script->adgroup, "budget", "60");
}

/* Which call it is depends on the mode just read. */
static void test_lifetime_budget(Script *script, const void *data)
{
    commit(script, &(CommitRequest){script->adgroup, "budget", "60.00", TRUE, FALSE});
    answer(expect(script, ENDPOINT_ADGROUP_GET), LIST(ADGROUP("BUDGET_MODE_TOTAL", "50")));
    answer(expect(script, ENDPOINT_ADGROUP_BUDGET), OK("{}"));
    answer(expect(script, ENDPOINT_ADGROUP_GET), LIST(ADGROUP("BUDGET_MODE_TOTAL", "60")));
    assert_done(script, 3);
}

static void test_already_there(Script *script, const void *data)
{
    commit_budget(script, "750.00", 10);
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("750.0", "ENABLE")));
    assert_done(script, 1);
    assert_shows(script, script->campaign, "budget", "750.0");
}

/* Until it is sent a commit has a deadline; what it did is found out however long it takes. */
static void test_deadlines(Script *script, const void *data)
{
    gint64 deadline_us = script->fake->mono + 30 * SECOND;
    ScriptCall *call;

    commit_budget(script, "750.00", 100);
    call = expect(script, ENDPOINT_CAMPAIGN_GET);
    g_assert_cmpint(call->deadline_us, ==, deadline_us);
    g_assert_cmpint(call->priority, ==, CALL_WRITE);
    answer(call, LIST(CAMPAIGN("500", "ENABLE")));
    call = expect(script, ENDPOINT_CAMPAIGN_UPDATE);
    g_assert_cmpint(call->deadline_us, ==, deadline_us);
    g_assert_cmpint(call->priority, ==, CALL_WRITE);
    answer(call, OK("{}"));
    call = expect(script, ENDPOINT_CAMPAIGN_GET);
    g_assert_cmpint(call->deadline_us, ==, 0);
    answer(call, LIST(CAMPAIGN("750", "ENABLE")));
    assert_done(script, 3);
}

/* ---- the guard ---- */

static void check_guard(Script *script, const char *have, const char *want, gboolean passes)
{
    g_autofree char *body = g_strdup_printf(LIST(CAMPAIGN("%s", "ENABLE")), have);
    ScriptCall *call;

    g_clear_pointer(&script->commit, commit_free);
    g_ptr_array_set_size(script->calls, 0);
    g_ptr_array_set_size(script->fake->woken, 0);
    commit_budget(script, want, 50);
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), body);
    if (passes) {
        call = expect(script, ENDPOINT_CAMPAIGN_UPDATE);
        answer_error(call, API_ERROR_INVALID, 40002);
        run_to_end(script);
    } else {
        g_autoptr(GError) error = NULL;

        run_to_end(script);
        g_assert_true(commit_ended(script->commit, &error));
        g_assert_error(error, API_ERROR, API_ERROR_RANGE);
        g_assert_cmpuint(script->calls->len, ==, 1); /* nothing was sent */
    }
}

static void test_guard(Script *script, const void *data)
{
    static const struct {
        const char *have, *want;
        gboolean passes;
    } cases[] = {
        {"500", "750.00", TRUE},  {"500", "750.01", FALSE},   {"500", "100.00", TRUE},
        {"100", "400.00", FALSE}, {"333.33", "499.99", TRUE}, {"333.33", "500.00", FALSE},
        {"0", "20.00", FALSE},    {"null", "20.00", FALSE},   {"\"x\"", "20.00", FALSE},
        {"600", "750.00", TRUE}, /* what was read counts, not what is in the cache */
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        check_guard(script, cases[i].have, cases[i].want, cases[i].passes);
    assert_shows(script, script->campaign, "budget", "\"x\""); /* as the last refused one read it */
}

static void test_force(Script *script, const void *data)
{
    commit_budget(script, "5000.00", G_MAXUINT);
    answer(expect(script, ENDPOINT_CAMPAIGN_UPDATE), OK(CAMPAIGN("5000", "ENABLE")));
    assert_done(script, 1);
}

static void test_guard_of_adgroup(Script *script, const void *data)
{
    commit(script, &(CommitRequest){script->adgroup, "budget", "101.00", TRUE, FALSE});
    answer(expect(script, ENDPOINT_ADGROUP_GET), LIST(ADGROUP("BUDGET_MODE_DAY", "50")));
    assert_refused(script, API_ERROR_RANGE, 0, 1);
}

/* ---- refusals ---- */

static void test_refused_by_service(Script *script, const void *data)
{
    g_autoptr(GError) error = NULL;

    commit_status(script, "DISABLE");
    answer(expect(script, ENDPOINT_CAMPAIGN_STATUS),
           "{\"code\":40002,\"message\":\"Not this one\",\"request_id\":\"r-9\",\"data\":{}}");
    assert_refused(script, API_ERROR_INVALID, 40002, 1);
    g_assert_true(commit_ended(script->commit, &error));
    g_assert_cmpstr(api_error_request_id(error), ==, "r-9");
    g_assert_nonnull(strstr(error->message, "Not this one"));
    assert_shows(script, script->campaign, "operation_status", "\"ENABLE\"");
}

static void answer_old_values(Script *script, guint n)
{
    for (guint i = 0; i < n; i++)
        answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("500", "ENABLE")));
}

static void answer_in_part(Script *script)
{
    commit_status(script, "DISABLE");
    answer(expect(script, ENDPOINT_CAMPAIGN_STATUS),
           "{\"code\":20001,\"message\":\"Partial\",\"request_id\":\"r\",\"data\":{}}");
}

/* Which part it was, only the object tells. */
static void test_done_in_part(Script *script, const void *data)
{
    answer_in_part(script);
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("500", "DISABLE")));
    assert_done(script, 2);
    assert_shows(script, script->campaign, "operation_status", "\"DISABLE\"");
}

static void test_the_other_part(Script *script, const void *data)
{
    answer_in_part(script);
    answer_old_values(script, 3);
    assert_refused(script, API_ERROR_REMOTE, 20001, 4);
    assert_shows(script, script->campaign, "operation_status", "\"ENABLE\"");
}

static void test_part_unread(Script *script, const void *data)
{
    answer_in_part(script);
    answer_error(expect(script, ENDPOINT_CAMPAIGN_GET), API_ERROR_REMOTE, 51000);
    assert_refused(script, API_ERROR_UNKNOWN, 51000, 2);
}

/* No list is no proof that the object is gone. */
static void test_no_list(Script *script, const void *data)
{
    commit_budget(script, "750.00", 100);
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), OK("{}"));
    assert_refused(script, API_ERROR_INCOMPLETE, 0, 1);
}

static void test_no_list_back(Script *script, const void *data)
{
    commit_status(script, "DISABLE");
    answer(expect(script, ENDPOINT_CAMPAIGN_STATUS), OK("{}"));
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), OK("{\"list\":null}"));
    assert_refused(script, API_ERROR_UNKNOWN, 0, 2);
}

static void test_not_read(Script *script, const void *data)
{
    commit_budget(script, "750.00", 100);
    answer_error(expect(script, ENDPOINT_CAMPAIGN_GET), API_ERROR_UNREACHABLE, 0);
    assert_refused(script, API_ERROR_UNREACHABLE, 0, 1);
}

static void test_deadline_passed(Script *script, const void *data)
{
    commit_status(script, "DISABLE");
    answer_error(expect(script, ENDPOINT_CAMPAIGN_STATUS), API_ERROR_BUSY, 0);
    assert_refused(script, API_ERROR_BUSY, 0, 1);
}

static void test_gone_when_read(Script *script, const void *data)
{
    commit_budget(script, "750.00", 100);
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), OK("{\"list\":[]}"));
    assert_refused(script, API_ERROR_NOT_FOUND, 0, 1);
}

static void test_gone_when_read_back(Script *script, const void *data)
{
    commit_status(script, "DISABLE");
    answer(expect(script, ENDPOINT_CAMPAIGN_STATUS), OK("{}"));
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), OK("{\"list\":[]}"));
    assert_refused(script, API_ERROR_NOT_FOUND, 0, 2);
}

/* ---- when it is not known ---- */

static void test_lost_but_done(Script *script, const void *data)
{
    commit_status(script, "DISABLE");
    answer_error(expect(script, ENDPOINT_CAMPAIGN_STATUS), API_ERROR_UNKNOWN, 0);
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("500", "DISABLE")));
    assert_done(script, 2);
    assert_shows(script, script->campaign, "operation_status", "\"DISABLE\"");
}

static void test_lost_and_old_value(Script *script, const void *data)
{
    commit_status(script, "DISABLE");
    answer_error(expect(script, ENDPOINT_CAMPAIGN_STATUS), API_ERROR_UNKNOWN, 50000);
    answer_old_values(script, 3);
    assert_refused(script, API_ERROR_UNKNOWN, 50000, 4);
    g_assert_cmpuint(count_calls(script, ENDPOINT_CAMPAIGN_STATUS), ==, 1); /* never again */
}

/* What is said is that the update is in doubt, not that a reading failed. */
static void test_lost_and_not_read(Script *script, const void *data)
{
    commit_status(script, "DISABLE");
    answer_error(expect(script, ENDPOINT_CAMPAIGN_STATUS), API_ERROR_UNKNOWN, 50002);
    answer_error(expect(script, ENDPOINT_CAMPAIGN_GET), API_ERROR_REMOTE, 51000);
    assert_refused(script, API_ERROR_UNKNOWN, 50002, 2);
}

/* The service said yes; that it could not be asked again does not make it a no. */
static void test_accepted_and_not_read(Script *script, const void *data)
{
    commit_status(script, "DISABLE");
    answer(expect(script, ENDPOINT_CAMPAIGN_STATUS), OK("{}"));
    answer_error(expect(script, ENDPOINT_CAMPAIGN_GET), API_ERROR_REMOTE, 51000);
    assert_refused(script, API_ERROR_UNKNOWN, 51000, 2);
}

static void test_mismatch(Script *script, const void *data)
{
    gint64 began = g_get_monotonic_time();

    commit_status(script, "DISABLE");
    answer(expect(script, ENDPOINT_CAMPAIGN_STATUS), OK("{}"));
    answer_old_values(script, 3);
    assert_refused(script, API_ERROR_MISMATCH, 0, 4);
    g_assert_cmpint(g_get_monotonic_time() - began, >, 3 * SECOND);
    g_assert_cmpint(g_get_monotonic_time() - began, <, 6 * SECOND);
    assert_shows(script, script->campaign, "operation_status", "\"ENABLE\"");
}

static void test_replica_lags(Script *script, const void *data)
{
    commit_status(script, "DISABLE");
    answer(expect(script, ENDPOINT_CAMPAIGN_STATUS), OK("{}"));
    answer_old_values(script, 1);
    answer(expect(script, ENDPOINT_CAMPAIGN_GET), LIST(CAMPAIGN("500", "DISABLE")));
    assert_done(script, 3);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("/commit/status-is-set-and-read-back", test_status);
    add("/commit/a-whole-reply-is-not-read-back", test_reply_is_enough);
    add("/commit/a-reply-without-object-is-read-back", test_reply_without_object);
    add("/commit/a-reply-with-the-old-value-is-read-back", test_reply_with_old_value);
    add("/commit/a-name-is-not-read-before", test_name_needs_no_reading);
    add("/commit/an-ad-group-is-read-before", test_adgroup_is_read_first);
    add("/commit/lifetime-budget-has-its-own-call", test_lifetime_budget);
    add("/commit/what-is-there-is-not-sent", test_already_there);
    add("/commit/deadline-until-it-is-sent", test_deadlines);
    add("/commit/guard-measures-from-what-was-read", test_guard);
    add("/commit/guard-of-an-ad-group", test_guard_of_adgroup);
    add("/commit/force-asks-no-guard", test_force);
    add("/commit/refusal-keeps-its-code", test_refused_by_service);
    add("/commit/done-in-part-is-asked-about", test_done_in_part);
    add("/commit/the-other-part-is-an-error", test_the_other_part);
    add("/commit/in-part-and-not-read-is-unknown", test_part_unread);
    add("/commit/no-list-is-not-gone", test_no_list);
    add("/commit/no-list-back-is-unknown", test_no_list_back);
    add("/commit/nothing-is-sent-unread", test_not_read);
    add("/commit/deadline-passed", test_deadline_passed);
    add("/commit/gone-when-read", test_gone_when_read);
    add("/commit/gone-when-read-back", test_gone_when_read_back);
    add("/commit/answer-lost-but-done", test_lost_but_done);
    add("/commit/answer-lost-and-old-value", test_lost_and_old_value);
    add("/commit/answer-lost-and-not-read", test_lost_and_not_read);
    add("/commit/accepted-and-not-read", test_accepted_and_not_read);
    add("/commit/accepted-and-another-value", test_mismatch);
    add("/commit/accepted-and-late", test_replica_lags);
    return g_test_run();
}
