/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * scripted.h - an account with one object of each kind, and a service that answers a commit's calls
 * one by one, as the test says. Listings of the set-up are answered by the fake service.
 */
#include "api/decode.h"
#include "tests/unit/fake-service.h"

#define CAMPAIGN_ID "1790000000000001"
#define ADGROUP_ID  "1790000000000101"
#define AD_ID       "1790000000000201"

typedef struct {
    guint64 id;
    EndpointId endpoint;
    char *query, *body, *advertiser;
    CallPriority priority;
    gint64 deadline_us;
    char *(*prepare)(void *user_data, gint64 *deadline_us); /* NULL: its turn has come */
    gboolean sent;                                          /* too late to withdraw it */
    AnswerFunc done;                                        /* NULL: answered or withdrawn */
    void *user_data;
} ScriptCall;

typedef struct {
    Fake *fake;
    gboolean on;
    GPtrArray *calls; /* of ScriptCall, all ever made */
    gint64 account, campaign, adgroup, ad;
    Guards guards;
    Commit *commit; /* of commit(), freed at the end */
    char waiter;    /* its address is the waiter's data */
} Script;

enum { FIRST_SCRIPT_ID = 1000000 };

static inline guint64 script_call(void *client, const Call *call, AnswerFunc done, void *user_data)
{
    Script *script = client;
    ScriptCall *record;

    if (!script->on)
        return fake_call(script->fake, call, done, user_data);
    record = g_new0(ScriptCall, 1);
    *record = (ScriptCall){.id = FIRST_SCRIPT_ID + script->calls->len,
                           .endpoint = call->endpoint,
                           .query = g_strdup(call->query),
                           .body = g_strdup(call->body),
                           .advertiser = g_strdup(call->advertiser),
                           .priority = call->priority,
                           .deadline_us = call->deadline_us,
                           .prepare = call->prepare,
                           .done = done,
                           .user_data = user_data};
    g_ptr_array_add(script->calls, record);
    return record->id;
}

static inline ScriptCall *script_find(Script *script, guint64 id)
{
    g_assert_cmpuint(id, >=, FIRST_SCRIPT_ID);
    return script->calls->pdata[id - FIRST_SCRIPT_ID];
}

static inline gboolean script_withdraw(void *client, guint64 id)
{
    ScriptCall *call = script_find(client, id);
    gboolean gone = call->done != NULL && !call->sent;

    if (gone)
        call->done = NULL;
    return gone;
}

/* Its turn has come. FALSE: there was nobody left. */
static inline gboolean script_take(ScriptCall *call)
{
    char *text;

    if (call->prepare == NULL)
        return TRUE;
    text = call->prepare(call->user_data, &call->deadline_us);
    call->prepare = NULL;
    if (text == NULL)
        call->done = NULL;
    else if (endpoint_find(call->endpoint)->post)
        call->body = text;
    else
        call->query = text;
    return text != NULL;
}

static inline void script_call_free(void *data)
{
    ScriptCall *call = data;

    g_free(call->query);
    g_free(call->body);
    g_free(call->advertiser);
    g_free(call);
}

/* ---- set up ---- */

#define CAMPAIGN(budget, status)                                                                   \
    "{\"campaign_id\":\"" CAMPAIGN_ID "\",\"campaign_name\":\"Autumn\",\"budget\":" budget         \
    ",\"budget_mode\":\"BUDGET_MODE_DAY\",\"operation_status\":\"" status "\"}"

#define ADGROUP(mode, budget)                                                                      \
    "{\"adgroup_id\":\"" ADGROUP_ID "\",\"campaign_id\":\"" CAMPAIGN_ID "\",\"gender\":\"G\","     \
    "\"budget_mode\":\"" mode "\",\"budget\":" budget ",\"operation_status\":\"ENABLE\"}"

#define AD(name)                                                                                   \
    "{\"ad_id\":\"" AD_ID "\",\"adgroup_id\":\"" ADGROUP_ID "\",\"campaign_id\":\"" CAMPAIGN_ID    \
    "\",\"ad_name\":\"" name "\",\"operation_status\":\"ENABLE\"}"

static inline void script_load(Script *script)
{
    Fake *fake = script->fake;

    fake_add_account(fake);
    fake_add(fake, KIND_CAMPAIGN, CAMPAIGN("500", "ENABLE"));
    fake_add(fake, KIND_ADGROUP, ADGROUP("BUDGET_MODE_DAY", "50"));
    fake_add(fake, KIND_AD, AD("Herbst"));
    script->account = fake_account(fake);
    fake_have(fake, LISTING_CAMPAIGNS, script->account);
    fake_have(fake, LISTING_ADGROUPS, script->account);
    fake_have(fake, LISTING_ADS, script->account);
    script->campaign = fake_find(fake, KIND_CAMPAIGN, script->account, CAMPAIGN_ID);
    script->adgroup = fake_find(fake, KIND_ADGROUP, script->account, ADGROUP_ID);
    script->ad = fake_find(fake, KIND_AD, script->account, AD_ID);
    g_assert_true(script->campaign > 0 && script->adgroup > 0 && script->ad > 0);
    g_ptr_array_set_size(fake->woken, 0);
}

static inline void script_set_up(Script *script, const void *data)
{
    Fake *fake = fake_new_closed();

    *script = (Script){.fake = fake, .guards = {.max_increase = 100}};
    fake->config.guards = &script->guards;
    script->calls = g_ptr_array_new_with_free_func(script_call_free);
    fake->config.call = script_call;
    fake->config.withdraw = script_withdraw;
    fake->config.client = script;
    fake_open(fake);
    script_load(script);
    script->on = TRUE;
}

static inline void script_tear_down(Script *script, const void *data)
{
    commit_free(script->commit);
    fake_free(script->fake);
    g_ptr_array_unref(script->calls);
}

static inline void add(const char *path, void (*test)(Script *script, const void *data))
{
    g_test_add(path, Script, NULL, script_set_up, test, script_tear_down);
}

/* ---- a commit ---- */

static inline Commit *commit(Script *script, const CommitRequest *request)
{
    script->commit = commit_start(script->fake->cache, request, &script->waiter);
    g_assert_nonnull(script->commit);
    g_assert_false(commit_ended(script->commit, NULL)); /* never before it returns */
    g_assert_cmpuint(script->fake->woken->len, ==, 0);
    return script->commit;
}

static inline void commit_budget(Script *script, const char *value, guint max_increase)
{
    script->guards.max_increase = max_increase;
    commit(script, &(CommitRequest){script->campaign, "budget", value, TRUE, FALSE,
                                    script->fake->mono + 30 * SECOND});
}

static inline void commit_status(Script *script, const char *value)
{
    commit(script, &(CommitRequest){script->campaign, "operation_status", value, FALSE, FALSE,
                                    script->fake->mono + 30 * SECOND});
}

/* The newest call, which waits for an answer; the loop runs until there is one. */
static inline ScriptCall *expect(Script *script, EndpointId endpoint)
{
    gint64 late = g_get_monotonic_time() + 10 * SECOND;

    for (;;) {
        ScriptCall *last =
            script->calls->len > 0 ? script->calls->pdata[script->calls->len - 1] : NULL;

        if (last != NULL && last->done != NULL && last->endpoint == endpoint && script_take(last)) {
            g_assert_cmpstr(last->advertiser, ==, ACCOUNT); /* whose turn it takes */
            return last;
        }
        g_assert_cmpint(g_get_monotonic_time(), <, late);
        g_main_context_iteration(NULL, FALSE);
        g_usleep(500);
    }
}

/* body: a whole envelope, read as the client reads one. */
static inline void answer(ScriptCall *call, const char *body)
{
    g_autoptr(GBytes) bytes = g_bytes_new(body, strlen(body));
    g_autoptr(GError) error = NULL;
    g_autoptr(Decoded) decoded = decode_answer(bytes, 200, &error);
    AnswerFunc done = call->done;

    call->done = NULL;
    done(call->user_data, decoded != NULL ? &decoded->answer : NULL, error);
}

#define OK(data) "{\"code\":0,\"message\":\"OK\",\"request_id\":\"r-1\",\"data\":" data "}"
#define LIST(rows)                                                                                 \
    OK("{\"list\":[" rows "],\"page_info\":{\"page\":1,\"page_size\":1000,"                        \
       "\"total_number\":1,\"total_page\":1}}")

static inline void answer_error(ScriptCall *call, ApiErrorKind kind, int code)
{
    g_autoptr(GError) error = api_error_new(kind, code, "r-2", "No answer");
    AnswerFunc done = call->done;

    call->done = NULL;
    done(call->user_data, NULL, error);
}

static inline guint count_calls(const Script *script, EndpointId endpoint)
{
    guint n = 0;

    for (guint i = 0; i < script->calls->len; i++)
        n += ((ScriptCall *)script->calls->pdata[i])->endpoint == endpoint;
    return n;
}

static inline void run_loop(gint64 us)
{
    gint64 until = g_get_monotonic_time() + us;

    while (g_get_monotonic_time() < until) {
        g_main_context_iteration(NULL, FALSE);
        g_usleep(500);
    }
}

/* ---- how it ended ---- */

static inline void run_to_end(Script *script)
{
    gint64 late = g_get_monotonic_time() + 10 * SECOND;

    while (!commit_ended(script->commit, NULL)) {
        g_assert_cmpint(g_get_monotonic_time(), <, late);
        g_main_context_iteration(NULL, FALSE);
        g_usleep(500);
    }
    run_loop(20000);
    g_assert_cmpuint(script->fake->woken->len, ==, 1);
    g_assert_true(script->fake->woken->pdata[0] == &script->waiter);
}

/* n_calls: of the whole commit. */
static inline void assert_done(Script *script, guint n_calls)
{
    g_autoptr(GError) error = NULL;
    CacheStats stats;

    run_to_end(script);
    g_assert_true(commit_ended(script->commit, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(script->calls->len, ==, n_calls);
    cache_stats(script->fake->cache, &stats);
    g_assert_cmpuint(stats.commits, ==, 1);
    g_assert_cmpuint(stats.refused, ==, 0);
}

static inline void assert_refused(Script *script, ApiErrorKind kind, int code, guint n_calls)
{
    g_autoptr(GError) error = NULL;
    CacheStats stats;

    run_to_end(script);
    g_assert_true(commit_ended(script->commit, &error));
    g_assert_error(error, API_ERROR, (int)kind);
    g_assert_cmpint(api_error_code(error), ==, code);
    g_assert_cmpuint(script->calls->len, ==, n_calls);
    cache_stats(script->fake->cache, &stats);
    g_assert_cmpuint(stats.commits, ==, 0);
    g_assert_cmpuint(stats.refused, ==, 1);
}

static inline void assert_shows(Script *script, gint64 row, const char *member, const char *raw)
{
    const Row *found = cache_row(script->fake->cache, row);

    g_assert_nonnull(found);
    g_assert_cmpstr(object_raw(found->object, member), ==, raw);
}
