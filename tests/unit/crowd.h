/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * crowd.h - an account with many campaigns and ad groups, many who write to them, and a service
 * that takes writes as the real one does: twenty a call, all or nothing but for ad groups. Calls
 * have their turn at once, or when the test says so.
 */
#include <sqlite3.h>

#include "api/decode.h"
#include "tests/unit/fake-service.h"

typedef struct {
    ObjectKind kind;
    char id[20];
    gint64 row;
    const char *mode;
    gboolean enabled, gone;
    guint budget;
    guint effects; /* updates that changed it */
    gboolean bad;  /* an update of it is refused */
    gboolean lied; /* one is accepted, and not done */
} Thing;

typedef struct {
    guint64 id;
    EndpointId endpoint;
    char *(*prepare)(void *user_data, gint64 *deadline_us); /* NULL: it was sent */
    char *text, *advertiser;
    gint64 deadline_us, due_us;
    AnswerFunc done; /* NULL: answered or withdrawn */
    void *user_data;
    guint n; /* things in it */
} CrowdCall;

typedef enum { LOSE_NOTHING, LOSE_BEFORE, LOSE_AFTER } Loss; /* of an update: its effect */

typedef struct {
    Fake *fake;
    Guards guards;
    gboolean on;
    gint64 account;
    GPtrArray *things, *calls;
    gboolean busy;      /* the queue: no call has its turn */
    gboolean names_bad; /* a refusal names whom it is about */
    guint bad_code;     /* ... and has this code; 0: 40002 */
    gboolean part_code; /* ad groups left out are told with 20001 */
    guint latency_ms;
    guint most; /* calls under way at a time; 0: any number */
    Loss loss;
    guint n_losses;         /* so many updates */
    EndpointId hangs;       /* no call of it is answered; 0: none (no call is) */
    guint n_differs;        /* hooks */
    GPtrArray *commits;     /* of Commit, owned */
    guint n_done, n_failed; /* of commits, by wake */
    guint next, n_to_write; /* crowd_write_on(): things */
    const char *word;       /* ... its value */
} Crowd;

/* ---- the client ---- */

static inline guint64 crowd_call(void *client, const Call *call, AnswerFunc done, void *user_data)
{
    Crowd *crowd = client;
    CrowdCall *record;

    if (!crowd->on)
        return fake_call(crowd->fake, call, done, user_data);
    record = g_new0(CrowdCall, 1);
    *record = (CrowdCall){.id = crowd->calls->len + 1,
                          .endpoint = call->endpoint,
                          .prepare = call->prepare,
                          .text = g_strdup(call->query),
                          .advertiser = g_strdup(call->advertiser),
                          .deadline_us = call->deadline_us,
                          .done = done,
                          .user_data = user_data};
    g_ptr_array_add(crowd->calls, record);
    return record->id;
}

static inline CrowdCall *crowd_nth(Crowd *crowd, guint index)
{
    g_assert_cmpuint(index, <, crowd->calls->len);
    return crowd->calls->pdata[index];
}

static inline gboolean crowd_withdraw(void *client, guint64 id)
{
    CrowdCall *call = crowd_nth(client, (guint)id - 1);
    gboolean gone = call->done != NULL && call->prepare != NULL;

    if (gone)
        call->done = NULL;
    return gone;
}

static inline void crowd_call_free(void *data)
{
    CrowdCall *call = data;

    g_free(call->text);
    g_free(call->advertiser);
    g_free(call);
}

/* ---- the service ---- */

static inline char *thing_json(const Thing *thing)
{
    const char *word = kind_names(thing->kind)->word;

    return g_strdup_printf("{\"%s_id\":\"%s\",\"%s_name\":\"n\",\"campaign_id\":\"%s\","
                           "\"budget\":%u,\"budget_mode\":\"%s\",\"scheduled_budget\":0,"
                           "\"operation_status\":\"%s\",\"modify_time\":\"%u\"}",
                           word, thing->id, word, thing->id, thing->budget, thing->mode,
                           thing->enabled ? "ENABLE" : "DISABLE", thing->effects);
}

/* Those that it names. */
static inline GPtrArray *crowd_members(const Crowd *crowd, const char *text)
{
    GPtrArray *members = g_ptr_array_new();

    for (guint i = 0; i < crowd->things->len; i++) {
        Thing *thing = crowd->things->pdata[i];
        const char *at = strstr(text, thing->id);
        if (at && !g_ascii_isdigit(at[strlen(thing->id)]))
            g_ptr_array_add(members, thing);
    }
    return members;
}

static inline void crowd_reply(CrowdCall *call, const char *body)
{
    g_autoptr(GBytes) bytes = g_bytes_new(body, strlen(body));
    g_autoptr(GError) error = NULL;
    g_autoptr(Decoded) decoded = decode_answer(bytes, 200, &error);
    AnswerFunc done = call->done;

    call->done = NULL;
    done(call->user_data, decoded ? &decoded->answer : NULL, error);
}

static inline void crowd_fail(CrowdCall *call, ApiErrorKind kind, int code)
{
    g_autoptr(GError) error = api_error_new(kind, code, "r", "No answer");
    AnswerFunc done = call->done;

    call->done = NULL;
    done(call->user_data, NULL, error);
}

static inline void crowd_list(CrowdCall *call, const GPtrArray *members)
{
    g_autoptr(GString) body = g_string_new("{\"code\":0,\"request_id\":\"r\",\"data\":{\"list\":[");
    gsize empty = body->len;

    for (guint i = 0; i < members->len; i++) {
        const Thing *thing = members->pdata[i];
        g_autofree char *json = thing_json(thing);
        if (!thing->gone)
            g_string_append_printf(body, "%s%s", body->len > empty ? "," : "", json);
    }
    g_string_append(body, "]}}");
    crowd_reply(call, body->str);
}

static inline void apply(Thing *thing, const CrowdCall *call)
{
    const char *at = strstr(call->text, thing->id);

    thing->effects++;
    if (strstr(call->text, "operation_status\":\"DELETE"))
        thing->gone = TRUE;
    else if (strstr(call->text, "\"operation_status\":\"ENABLE\",") ||
             strstr(call->text, "\"operation_status\":\"ENABLE\"}"))
        thing->enabled = TRUE;
    else if (strstr(call->text, "\"operation_status\":\"DISABLE\""))
        thing->enabled = FALSE;
    else if (!(at = strstr(at, "\"budget\":")))
        g_error("what is it: %s", call->text);
    else
        thing->budget = (guint)g_ascii_strtoull(at + strlen("\"budget\":"), NULL, 10);
}

/* All or nothing, but for ad groups where some may be left out. */
static inline void crowd_update(Crowd *crowd, CrowdCall *call, const GPtrArray *members)
{
    g_autoptr(GString) ids = g_string_new(NULL), refused = g_string_new(NULL), body = NULL;
    gboolean in_part = strstr(call->text, "allow_partial_success") != NULL;
    const char *word = strstr(call->text, "ENABLE\"") ? "ENABLE" : "DISABLE";
    const Thing *first = members->pdata[0];
    const char *name = kind_names(first->kind)->word;

    for (guint i = 0; i < members->len; i++) {
        Thing *thing = members->pdata[i];
        if (!thing->bad)
            g_string_append_printf(ids, "%s\"%s\"", ids->len ? "," : "", thing->id);
        else
            g_string_append_printf(refused, "%s{\"%s_id\":\"%s\",\"error_message\":\"It is bad.\"}",
                                   refused->len ? "," : "", name, thing->id);
    }
    if (refused->len && !in_part) {
        g_autofree char *whom = g_strescape(refused->str, NULL);
        g_autofree char *text = g_strdup_printf(
            "{\"code\":%u,\"request_id\":\"r\",\"message\":\"Bad: %s\"}",
            crowd->bad_code ? crowd->bad_code : 40002, crowd->names_bad ? whom : "one of them");
        crowd_reply(call, text);
        return;
    }
    for (guint i = 0; i < members->len; i++)
        if (!((Thing *)members->pdata[i])->bad && !((Thing *)members->pdata[i])->lied)
            apply(members->pdata[i], call);
    body = g_string_new(NULL);
    g_string_printf(body, "{\"code\":%d,\"request_id\":\"r\",\"data\":{",
                    refused->len && crowd->part_code ? 20001 : 0);
    if (strstr(call->text, "operation_status\":\"") && call->endpoint != ENDPOINT_ADGROUP_UPDATE)
        g_string_append_printf(body, "\"%s_ids\":[%s],\"status\":\"%s\"", name, ids->str, word);
    else if (call->endpoint == ENDPOINT_ADGROUP_UPDATE) {
        g_autofree char *json = thing_json(first);
        g_string_append_len(body, json + 1, (gssize)strlen(json) - 2);
    }
    if (refused->len)
        g_string_append_printf(body, ",\"error_list\":[%s]", refused->str);
    g_string_append(body, "}}");
    crowd_reply(call, body->str);
}

static inline void crowd_answer(Crowd *crowd, CrowdCall *call)
{
    g_autoptr(GPtrArray) members = crowd_members(crowd, call->text);
    Loss loss = crowd->n_losses > 0 ? crowd->loss : LOSE_NOTHING;

    if (!endpoint_find(call->endpoint)->post) {
        crowd_list(call, members);
        return;
    }
    g_assert_cmpuint(members->len, <=, 20);
    if (loss == LOSE_NOTHING) {
        crowd_update(crowd, call, members);
        return;
    }
    crowd->n_losses--;
    for (guint i = 0; loss == LOSE_AFTER && i < members->len; i++)
        apply(members->pdata[i], call);
    crowd_fail(call, API_ERROR_UNKNOWN, 0);
}

/* Its turn has come. */
static inline void crowd_send(Crowd *crowd, CrowdCall *call)
{
    char *text = call->prepare(call->user_data, &call->deadline_us);

    call->prepare = NULL;
    call->due_us = g_get_monotonic_time() + crowd->latency_ms * 1000;
    if (!text) {
        call->done = NULL;
        return;
    }
    call->text = text;
    call->n = crowd_members(crowd, text)->len;
}

static inline guint crowd_under_way(const Crowd *crowd)
{
    guint n = 0;

    for (guint i = 0; i < crowd->calls->len; i++) {
        const CrowdCall *call = crowd->calls->pdata[i];
        n += call->done && !call->prepare;
    }
    return n;
}

static inline void crowd_serve(Crowd *crowd)
{
    for (guint i = 0; i < crowd->calls->len; i++) {
        CrowdCall *call = crowd->calls->pdata[i];
        if (call->done && call->prepare && !crowd->busy &&
            (!crowd->most || crowd_under_way(crowd) < crowd->most))
            crowd_send(crowd, call);
    }
    for (guint i = 0; i < crowd->calls->len; i++) {
        CrowdCall *call = crowd->calls->pdata[i];
        if (call->done && !call->prepare && call->due_us <= g_get_monotonic_time() &&
            (!crowd->hangs || call->endpoint != crowd->hangs))
            crowd_answer(crowd, call);
    }
}

/* ---- set up ---- */

static inline void crowd_add(Crowd *crowd, ObjectKind kind, guint number, const char *mode)
{
    Thing *thing = g_new0(Thing, 1);
    g_autofree char *json = NULL;

    thing->kind = kind;
    g_snprintf(thing->id, sizeof thing->id, "%u", (kind == KIND_CAMPAIGN ? 17000 : 18000) + number);
    thing->mode = mode;
    thing->enabled = TRUE;
    thing->budget = 500;
    g_ptr_array_add(crowd->things, thing);
    json = thing_json(thing);
    fake_add(crowd->fake, kind, "%s", json);
}

static inline void crowd_differs(void *user_data, gint64 row, const char *member,
                                 const GError *error)
{
    Fake *fake = user_data;

    g_assert_error(error, API_ERROR, API_ERROR_MISMATCH);
    ((Crowd *)fake->config.client)->n_differs++;
}

static inline void crowd_woken(Fake *fake, void *waiter);

static inline Crowd *crowd_new(ObjectKind kind, guint n, const char *mode)
{
    Crowd *crowd = g_new0(Crowd, 1);
    Fake *fake = crowd->fake = fake_new_closed();

    crowd->guards = (Guards){.max_increase = G_MAXUINT};
    crowd->things = g_ptr_array_new_with_free_func(g_free);
    crowd->calls = g_ptr_array_new_with_free_func(crowd_call_free);
    crowd->commits = g_ptr_array_new_with_free_func((GDestroyNotify)commit_free);
    fake->config.guards = &crowd->guards;
    fake->config.call = crowd_call;
    fake->config.withdraw = crowd_withdraw;
    fake->config.client = crowd;
    fake->config.differs = crowd_differs;
    fake_open(fake);
    fake_add_account(fake);
    for (guint i = 0; i < n; i++)
        crowd_add(crowd, kind, i, mode);
    crowd->account = fake_account(fake);
    fake_have(fake, kind == KIND_CAMPAIGN ? LISTING_CAMPAIGNS : LISTING_ADGROUPS, crowd->account);
    for (guint i = 0; i < n; i++) {
        Thing *thing = crowd->things->pdata[i];
        thing->row = fake_find(fake, kind, crowd->account, thing->id);
        g_assert_cmpint(thing->row, >, 0);
    }
    fake->on_wake = crowd_woken;
    crowd->on = TRUE;
    return crowd;
}

static inline void crowd_free(Crowd *crowd)
{
    g_ptr_array_unref(crowd->commits);
    fake_free(crowd->fake);
    g_ptr_array_unref(crowd->things);
    g_ptr_array_unref(crowd->calls);
    g_free(crowd);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Crowd, crowd_free)

/* ---- who writes ---- */

static inline Thing *crowd_thing(const Crowd *crowd, guint index)
{
    return crowd->things->pdata[index];
}

/* The waiter is a pointer to the commit. */
static inline Commit *crowd_write(Crowd *crowd, guint index, const char *member, const char *value)
{
    CommitRequest request = {.row = crowd_thing(crowd, index)->row,
                             .member = member,
                             .value = value,
                             .amount = strstr(member, "budget") != NULL,
                             .deadline_us = crowd->fake->mono + 30 * SECOND};
    Commit *commit;

    g_ptr_array_add(crowd->commits, NULL);
    commit = commit_start(crowd->fake->cache, &request, GUINT_TO_POINTER(crowd->commits->len));
    crowd->commits->pdata[crowd->commits->len - 1] = commit;
    return commit;
}

/* The next of those that crowd_write_on() has left. */
static inline void write_next(Crowd *crowd)
{
    if (crowd->next < crowd->n_to_write)
        crowd_write(crowd, crowd->next++, "operation_status", crowd->word);
}

static inline void crowd_woken(Fake *fake, void *waiter)
{
    Crowd *crowd = fake->config.client;
    guint number = GPOINTER_TO_UINT(waiter);
    g_autoptr(GError) error = NULL;

    g_assert_cmpuint(number, <=, crowd->commits->len);
    g_assert_true(commit_ended(crowd->commits->pdata[number - 1], &error));
    if (error)
        crowd->n_failed++;
    else
        crowd->n_done++;
    write_next(crowd);
}

/* So many at a time, each with the next when it was answered. */
static inline void crowd_write_on(Crowd *crowd, guint writers, const char *word)
{
    crowd->next = 0;
    crowd->n_to_write = crowd->things->len;
    crowd->word = word;
    for (guint i = 0; i < writers; i++)
        write_next(crowd);
}

static inline void crowd_turn(Crowd *crowd)
{
    crowd_serve(crowd);
    while (g_main_context_iteration(NULL, FALSE))
        ;
    g_usleep(200);
}

static inline void crowd_run(Crowd *crowd, guint ms)
{
    gint64 until = g_get_monotonic_time() + ms * 1000;

    while (g_get_monotonic_time() < until)
        crowd_turn(crowd);
}

static inline void crowd_run_until(Crowd *crowd, guint n_ended)
{
    gint64 late = g_get_monotonic_time() + 20 * SECOND;

    while (crowd->n_done + crowd->n_failed < n_ended) {
        g_assert_cmpint(g_get_monotonic_time(), <, late);
        crowd_turn(crowd);
    }
}

/* ---- what came of it ---- */

static inline guint crowd_calls(const Crowd *crowd, EndpointId endpoint)
{
    guint n = 0;

    for (guint i = 0; i < crowd->calls->len; i++) {
        const CrowdCall *call = crowd->calls->pdata[i];
        n += call->endpoint == endpoint && call->n > 0;
    }
    return n;
}

/* Entries of the journal with that outcome; it is on the disk what was waited for. */
static inline gint64 crowd_entries(const Crowd *crowd, const char *outcome)
{
    g_autofree char *path = g_build_filename(crowd->fake->dir, "state.sqlite", NULL);
    sqlite3_stmt *count = NULL;
    sqlite3 *db = NULL;
    gint64 n;

    g_assert_cmpint(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
    g_assert_cmpint(
        sqlite3_prepare_v2(db, "SELECT count(*) FROM journal WHERE outcome = ?1", -1, &count, NULL),
        ==, SQLITE_OK);
    sqlite3_bind_text(count, 1, outcome, -1, SQLITE_STATIC);
    g_assert_cmpint(sqlite3_step(count), ==, SQLITE_ROW);
    n = sqlite3_column_int64(count, 0);
    sqlite3_finalize(count);
    sqlite3_close(db);
    return n;
}

static inline void crowd_check(const Crowd *crowd, guint first, guint n, gboolean enabled,
                               guint effects)
{
    for (guint i = first; i < first + n; i++) {
        const Thing *thing = crowd_thing(crowd, i);
        const Row *row = cache_row(crowd->fake->cache, thing->row);

        g_assert_cmpint(thing->enabled, ==, enabled);
        g_assert_cmpuint(thing->effects, ==, effects);
        g_assert_cmpstr(object_text(row->object, "operation_status"), ==,
                        enabled ? "ENABLE" : "DISABLE");
    }
}
