/* SPDX-License-Identifier: MIT */
#pragma once

/* create-world.h - a draft, and a service that makes an object of it, or loses the answer, as a
   script says. */
#include <sqlite3.h>

#include "cache/create-private.h"
#include "tests/unit/fake-service.h"

/* What becomes of a create call: a letter each, in their order; the last one counts on.
   m made; l made, and the answer is lost; L not made, and no answer; i made, the answer has no id;
   r refused (40002); R refused as repeated (40050); b not sent; x lies: an id of nothing;
   e made, but enabled. */
typedef struct {
    Fake *fake;
    const char *script;
    guint n_creates, n_gets, made;
    gint64 account, draft;
    ObjectKind kind;
    gboolean hidden; /* lists do not show what was made */
    DraftState state_at_call;
} World;

static const char *const members_of[] = {
    [KIND_CAMPAIGN] = "{\"campaign_name\":\"spring\",\"budget\":75.50,"
                      "\"operation_status\":\"DISABLE\"}",
    [KIND_AD] = "{\"ad_name\":\"spring\",\"operation_status\":\"DISABLE\"}",
};

static inline void answer(FakeCall *call, const char *body, const char *request_id)
{
    g_autoptr(GBytes) bytes = g_bytes_new(body, strlen(body));
    Answer reply = {
        .request_id = request_id, .body = bytes, .page = 1, .total_page = 1, .has_list = TRUE};
    AnswerFunc done = call->done;

    call->done = NULL;
    done(call->user_data, &reply, NULL);
}

static inline void add_object(World *world, const char *status)
{
    const KindNames *names = kind_names(world->kind);

    world->made++;
    fake_add(world->fake, world->kind,
             "{\"%s\":\"%u\",\"%s\":\"%s\",\"%s\":\"spring\",\"budget\":75.5,"
             "\"operation_status\":\"%s\",\"create_time\":\"2026-11-18 11:%02u:00\"}",
             names->id, 9000 + world->made, world->kind == KIND_AD ? "adgroup_id" : "x",
             world->kind == KIND_AD ? "1801" : "", names->name, status, 10 + world->made);
}

static inline void answer_create(World *world, FakeCall *call)
{
    gsize last = strlen(world->script) - 1;
    char what = world->script[MIN(world->n_creates, last)];
    const KindNames *names = kind_names(world->kind);
    g_autofree char *body = NULL;

    world->n_creates++;
    world->state_at_call = draft_get(world->fake->cache, world->draft)->state;
    if (strchr("mlie", what) && world->made == 0)
        add_object(world, what == 'e' ? "ENABLE" : "DISABLE");
    if (what == 'l' || what == 'L') {
        fake_refuse(call, API_ERROR_UNKNOWN, 0, "the connection was reset");
        return;
    }
    if (what == 'r' || what == 'R' || what == 'b') {
        fake_refuse(call,
                    what == 'b'   ? API_ERROR_BUSY
                    : what == 'R' ? API_ERROR_UNKNOWN
                                  : API_ERROR_INVALID,
                    what == 'r'   ? 40002
                    : what == 'R' ? 40050
                                  : 0,
                    "no");
        return;
    }
    if (what == 'i')
        body = g_strdup("{\"code\":0,\"data\":{}}");
    else if (world->kind == KIND_AD)
        body = g_strdup_printf("{\"code\":0,\"data\":{\"ad_ids\":[\"%u\"]}}", 9000 + world->made);
    else
        body = g_strdup_printf("{\"code\":0,\"data\":{\"%s\":\"%u\"}}", names->id,
                               what == 'x' ? 9999 : 9000 + world->made);
    answer(call, body, "request-1");
}

/* By id, or all of them: the service compares parts of names, and those of ads not at all. */
static inline void answer_list(World *world, FakeCall *call)
{
    const GPtrArray *all = world->fake->objects[world->kind];
    g_autofree char *by_id = g_strdup_printf("%%22%s%%22", kind_names(world->kind)->ids);
    g_autoptr(GString) body = g_string_new("{\"code\":0,\"data\":{\"list\":[");
    guint n = 0;

    world->n_gets++;
    for (guint i = 0; i < all->len; i++) {
        gboolean hidden = world->hidden && i + world->made >= all->len;

        if (!hidden && (!strstr(call->query, by_id) || fake_is_among(call, all->pdata[i])))
            g_string_append_printf(body, "%s%s", n++ ? "," : "", (char *)all->pdata[i]);
    }
    g_string_append(body, "]}}");
    answer(call, body->str, "request-2");
}

static inline void on_call(Fake *fake, FakeCall *call)
{
    World *world = fake->data;

    if (call->body)
        answer_create(world, call);
    else if (call->endpoint == endpoint_get_of(world->kind) && strstr(call->query, "filtering"))
        answer_list(world, call);
}

static inline void end_change(DraftChange *change)
{
    g_autoptr(GError) error = NULL;

    while (!draft_change_ended(change, &error))
        g_main_context_iteration(NULL, TRUE);
    g_assert_no_error(error);
    draft_change_free(change);
}

static inline World *world_open(World *world, ObjectKind kind, const char *script,
                                const Guards *guards)
{
    DraftScope scope = {kind, ACCOUNT, kind == KIND_AD ? "1801" : ""};
    DraftChange *change;

    *world = (World){.fake = fake_new_closed(), .script = script, .kind = kind};
    world->fake->config.guards = guards;
    fake_open(world->fake);
    fake_add_account(world->fake);
    world->account = fake_account(world->fake);
    world->fake->on_call = on_call;
    world->fake->data = world;
    change = draft_make(world->fake->cache, &scope, "spring", NULL);
    while (!draft_change_ended(change, NULL))
        g_main_context_iteration(NULL, TRUE);
    world->draft = draft_change_number(change);
    draft_change_free(change);
    return world;
}

static inline void world_close(World *world)
{
    fake_free(world->fake);
}

/* So many seconds from now it is withdrawn if it was not sent. */
static inline Create *start(World *world, guint seconds)
{
    CreateRequest request = {.draft = world->draft,
                             .members = members_of[world->kind],
                             .deadline_us = world->fake->mono + seconds * SECOND,
                             .author = {.path = "spring/ctl"}};

    return create_start(world->fake->cache, &request, NULL);
}

/* The service answers whatever is asked until it has ended; the clock goes on with the real one. */
static inline gint64 finish(World *world, Create *create, GError **error)
{
    gint64 began = g_get_monotonic_time(), mono = world->fake->mono, row;

    while (!create_ended(create, error)) {
        for (guint i = 0; i < world->fake->calls->len; i++) {
            FakeCall *call = world->fake->calls->pdata[i];
            if (call->done)
                on_call(world->fake, call);
        }
        g_main_context_iteration(NULL, FALSE);
        g_usleep(500);
        world->fake->mono = mono + (g_get_monotonic_time() - began);
    }
    row = create_row(create);
    create_free(create);
    return row;
}

static inline const char *body_of(World *world, guint nth)
{
    for (guint i = 0; i < world->fake->calls->len; i++) {
        const FakeCall *call = world->fake->calls->pdata[i];
        if (call->body && nth-- == 0)
            return call->body;
    }
    return NULL;
}

static inline char *journal_value(World *world, const char *column)
{
    g_autofree char *path = g_build_filename(world->fake->dir, "state.sqlite", NULL);
    g_autofree char *sql =
        g_strdup_printf("SELECT %s FROM journal ORDER BY id DESC LIMIT 1", column);
    sqlite3_stmt *row;
    char *value = NULL;
    sqlite3 *db;

    fake_run(world->fake);
    g_usleep(100000); /* it is settled in a thread */
    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &row, NULL), ==, SQLITE_OK);
    if (sqlite3_step(row) == SQLITE_ROW)
        value = g_strdup((const char *)sqlite3_column_text(row, 0));
    sqlite3_finalize(row);
    sqlite3_close(db);
    return value;
}

static inline void check_journal(World *world, const char *column, const char *expected)
{
    g_autofree char *value = journal_value(world, column);

    g_assert_cmpstr(value, ==, expected);
}

static inline void check_made(World *world, gint64 row)
{
    Scope scope = {world->kind, world->account, NULL};

    g_assert_cmpuint(world->made, ==, 1);
    g_assert_cmpint(row, >, 0);
    g_assert_cmpint(cache_find_id(world->fake->cache, &scope, "9001"), ==, row);
    g_assert_cmpint(cache_find_name(world->fake->cache, &scope, "spring"), ==, row);
    g_assert_null(draft_get(world->fake->cache, world->draft));
    check_journal(world, "outcome", "done");
    check_journal(world, "found", "9001");
}

static inline void check_failed(World *world, Create *create, ApiErrorKind kind, DraftState state)
{
    g_autoptr(GError) error = NULL;

    finish(world, create, &error);
    g_assert_error(error, API_ERROR, (int)kind);
    g_assert_nonnull(draft_get(world->fake->cache, world->draft));
    g_assert_cmpint(draft_get(world->fake->cache, world->draft)->state, ==, state);
}

static inline void check_succeeds(World *world, Create *create)
{
    g_autoptr(GError) error = NULL;
    gint64 row = finish(world, create, &error);

    g_assert_no_error(error);
    check_made(world, row);
}
