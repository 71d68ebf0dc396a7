/* SPDX-License-Identifier: MIT */
/* test-create.c - a draft becomes one object, whatever is lost, and nothing where it was refused.
 */
#include "cache/create-private.h"

#include <sqlite3.h>

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

static void answer(FakeCall *call, const char *body, const char *request_id)
{
    g_autoptr(GBytes) bytes = g_bytes_new(body, strlen(body));
    Answer reply = {
        .request_id = request_id, .body = bytes, .page = 1, .total_page = 1, .has_list = TRUE};
    AnswerFunc done = call->done;

    call->done = NULL;
    done(call->user_data, &reply, NULL);
}

static void add_object(World *world, const char *status)
{
    const KindNames *names = kind_names(world->kind);

    world->made++;
    fake_add(world->fake, world->kind,
             "{\"%s\":\"%u\",\"%s\":\"%s\",\"%s\":\"spring\",\"budget\":75.5,"
             "\"operation_status\":\"%s\",\"create_time\":\"2026-11-18 11:%02u:00\"}",
             names->id, 9000 + world->made, world->kind == KIND_AD ? "adgroup_id" : "x",
             world->kind == KIND_AD ? "1801" : "", names->name, status, 10 + world->made);
}

static void answer_create(World *world, FakeCall *call)
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
static void answer_list(World *world, FakeCall *call)
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

static void on_call(Fake *fake, FakeCall *call)
{
    World *world = fake->data;

    if (call->body)
        answer_create(world, call);
    else if (call->endpoint == endpoint_get_of(world->kind) && strstr(call->query, "filtering"))
        answer_list(world, call);
}

static void end_change(DraftChange *change)
{
    g_autoptr(GError) error = NULL;

    while (!draft_change_ended(change, &error))
        g_main_context_iteration(NULL, TRUE);
    g_assert_no_error(error);
    draft_change_free(change);
}

static World *world_open(World *world, ObjectKind kind, const char *script, const Guards *guards)
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

static void world_close(World *world)
{
    fake_free(world->fake);
}

/* So many seconds from now it is withdrawn if it was not sent. */
static Create *start(World *world, guint seconds)
{
    CreateRequest request = {.draft = world->draft,
                             .members = members_of[world->kind],
                             .deadline_us = world->fake->mono + seconds * SECOND,
                             .author = {.path = "spring/ctl"}};

    return create_start(world->fake->cache, &request, NULL);
}

/* The service answers whatever is asked until it has ended; the clock goes on with the real one. */
static gint64 finish(World *world, Create *create, GError **error)
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

static const char *body_of(World *world, guint nth)
{
    for (guint i = 0; i < world->fake->calls->len; i++) {
        const FakeCall *call = world->fake->calls->pdata[i];
        if (call->body && nth-- == 0)
            return call->body;
    }
    return NULL;
}

static char *journal_value(World *world, const char *column)
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

static void check_journal(World *world, const char *column, const char *expected)
{
    g_autofree char *value = journal_value(world, column);

    g_assert_cmpstr(value, ==, expected);
}

static void check_made(World *world, gint64 row)
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

static void check_failed(World *world, Create *create, ApiErrorKind kind, DraftState state)
{
    g_autoptr(GError) error = NULL;

    finish(world, create, &error);
    g_assert_error(error, API_ERROR, (int)kind);
    g_assert_nonnull(draft_get(world->fake->cache, world->draft));
    g_assert_cmpint(draft_get(world->fake->cache, world->draft)->state, ==, state);
}

static void check_succeeds(World *world, Create *create)
{
    g_autoptr(GError) error = NULL;
    gint64 row = finish(world, create, &error);

    g_assert_no_error(error);
    check_made(world, row);
}

/* ---- one that goes well ---- */

static void test_made(void)
{
    World world;
    g_autoptr(GError) error = NULL;
    gint64 row;

    world_open(&world, KIND_CAMPAIGN, "m", NULL);
    row = finish(&world, start(&world, 30), &error);
    g_assert_no_error(error);
    check_made(&world, row);
    g_assert_cmpuint(world.n_creates, ==, 1);
    g_assert_cmpuint(world.n_gets, ==, 1);
    g_assert_cmpint(world.state_at_call, ==, DRAFT_OPEN); /* it was on the disk */
    g_assert_nonnull(strstr(body_of(&world, 0), "\"request_id\":\""));
    g_assert_nonnull(strstr(body_of(&world, 0), "\"budget\":75.50"));
    check_journal(&world, "member", "create");
    check_journal(&world, "after", "spring");
    check_journal(&world, "path", "spring/ctl");
    fake_reopen(world.fake);
    g_assert_null(draft_get(world.fake->cache, world.draft));
    world_close(&world);
}

static char *event_line(const Event *event)
{
    return g_strdup_printf("%d %s %d", (int)event->what, event->id, event->ours);
}

/* It is there without a listing, and the events say whose it is. */
static void test_known_at_once(void)
{
    World world;
    Waiter waiter = {&fake_waiter, 0};
    ListingState before, after;

    world_open(&world, KIND_CAMPAIGN, "m", NULL);
    world.fake->config.line = event_line;
    world.fake->config.events_name = "events";
    fake_reopen(world.fake);
    world.account = fake_account(world.fake);
    fake_add_campaigns(world.fake, 2);
    world.fake->on_call = NULL;
    fake_have(world.fake, LISTING_CAMPAIGNS, world.account);
    cache_listing_state(world.fake->cache, LISTING_CAMPAIGNS, world.account, &before);
    world.fake->wall += SECOND;
    check_succeeds(&world, start(&world, 30));
    cache_listing_state(world.fake->cache, LISTING_CAMPAIGNS, world.account, &after);
    g_assert_cmpint(after.changed_us, >, before.changed_us);
    g_assert_true(after.fresh);
    g_assert_cmpint(after.rows, ==, 3);
    gint64 row = 0;
    waiter.began = world.fake->mono;
    g_assert_cmpint(cache_want_object(world.fake->cache, LISTING_CAMPAIGNS, world.account, "9001",
                                      &waiter, &row, NULL),
                    ==, CACHE_HIT);
    g_assert_cmpint(row, >, 0);
    char line[64] = "";
    cache_events_read(world.fake->cache, FALSE, line, sizeof line - 1, 0);
    g_assert_cmpstr(line, ==, "0 9001 1\n");
    world_close(&world);
}

/* A listing whose pages were asked for before does not make it vanish. */
static void test_not_vanished(void)
{
    World world;
    Waiter waiter = {&fake_waiter, 0};
    g_autoptr(GError) error = NULL;
    gint64 row;

    world_open(&world, KIND_CAMPAIGN, "m", NULL);
    fake_add_campaigns(world.fake, 2);
    world.fake->on_call = NULL;
    waiter.began = world.fake->mono;
    cache_want_listing(world.fake->cache, LISTING_CAMPAIGNS, world.account, &waiter, NULL);
    while (fake_pending(world.fake) == 0)
        g_main_context_iteration(NULL, TRUE);
    world.fake->mono += SECOND;
    row = finish(&world, start(&world, 30), &error);
    g_assert_no_error(error);
    g_ptr_array_set_size(world.fake->objects[KIND_CAMPAIGN],
                         2); /* as it was when they were asked */
    fake_run(world.fake);
    g_assert_nonnull(cache_row(world.fake->cache, row));
    fake_have(world.fake, LISTING_CAMPAIGNS, world.account);
    g_assert_nonnull(cache_row(world.fake->cache, row));
    world_close(&world);
}

/* ---- lost answers ---- */

static void test_lost_once(void)
{
    World world;

    world_open(&world, KIND_CAMPAIGN, "lm", NULL);
    check_succeeds(&world, start(&world, 30));
    g_assert_cmpuint(world.n_creates, ==, 2);
    g_assert_cmpstr(body_of(&world, 0), ==, body_of(&world, 1)); /* the same request_id */
    world_close(&world);
}

static void test_lost_before(void)
{
    World world;

    world_open(&world, KIND_CAMPAIGN, "Lm", NULL);
    check_succeeds(&world, start(&world, 30));
    g_assert_cmpuint(world.n_creates, ==, 2);
    world_close(&world);
}

/* By its deadline nobody knows: ETIMEDOUT, and it is asked again by whoever creates it again. */
static void test_lost_for_long(void)
{
    World world;

    world_open(&world, KIND_CAMPAIGN, "lllm", NULL);
    check_failed(&world, start(&world, 1), API_ERROR_UNKNOWN, DRAFT_OPEN);
    g_assert_cmpuint(world.n_creates, ==, 1);
    check_journal(&world, "outcome", "unknown");
    check_failed(&world, start(&world, 1), API_ERROR_UNKNOWN, DRAFT_OPEN);
    world.script = "m";
    check_succeeds(&world, start(&world, 30));
    g_assert_cmpstr(body_of(&world, 0), ==, body_of(&world, 1));
    g_assert_cmpstr(body_of(&world, 0), ==, body_of(&world, 2));
    world_close(&world);
}

static void test_no_id(void)
{
    World world;

    world_open(&world, KIND_CAMPAIGN, "i", NULL);
    check_succeeds(&world, start(&world, 30));
    g_assert_cmpuint(world.n_creates, ==, 1);
    world_close(&world);
}

static void test_repeated(void)
{
    World world;

    world_open(&world, KIND_CAMPAIGN, "lR", NULL);
    fake_add(world.fake, KIND_CAMPAIGN,
             "{\"campaign_id\":\"5\",\"campaign_name\":\"spring\",\"create_time\":\"2026-11-01"
             " 00:00:00\"}");
    fake_add(world.fake, KIND_CAMPAIGN,
             "{\"campaign_id\":\"6\",\"campaign_name\":\"spring 2\",\"create_time\":\"2026-11-18"
             " 11:50:00\"}");
    check_succeeds(&world, start(&world, 30));
    g_assert_cmpuint(world.n_creates, ==, 2);
    world_close(&world);
}

static void test_repeated_unseen(void)
{
    World world;

    world_open(&world, KIND_CAMPAIGN, "lR", NULL);
    world.hidden = TRUE;
    check_failed(&world, start(&world, 30), API_ERROR_UNKNOWN, DRAFT_OPEN);
    world_close(&world);
}

/* The second is refused since the first was made, or since nothing was. */
static void test_lost_then_refused(void)
{
    World world;

    world_open(&world, KIND_CAMPAIGN, "lr", NULL);
    check_succeeds(&world, start(&world, 30));
    world_close(&world);
    world_open(&world, KIND_CAMPAIGN, "Lr", NULL);
    check_failed(&world, start(&world, 30), API_ERROR_INVALID, DRAFT_LOCAL);
    check_journal(&world, "outcome", "refused");
    world_close(&world);
}

static void test_lost_then_not_sent(void)
{
    World world;

    world_open(&world, KIND_CAMPAIGN, "lb", NULL);
    check_failed(&world, start(&world, 30), API_ERROR_UNKNOWN, DRAFT_OPEN);
    world_close(&world);
}

/* ---- refused ---- */

static void test_refused(void)
{
    World world;

    world_open(&world, KIND_CAMPAIGN, "rm", NULL);
    end_change(draft_set(world.fake->cache, world.draft, "{\"budget\":75}", NULL));
    check_failed(&world, start(&world, 30), API_ERROR_INVALID, DRAFT_LOCAL);
    g_assert_cmpstr(draft_get(world.fake->cache, world.draft)->members, ==, "{\"budget\":75}");
    check_journal(&world, "outcome", "refused");
    check_succeeds(&world, start(&world, 30));
    g_assert_cmpstr(body_of(&world, 0), !=, body_of(&world, 1)); /* it is another call */
    world_close(&world);
}

static void test_not_sent(void)
{
    World world;

    world_open(&world, KIND_CAMPAIGN, "b", NULL);
    check_failed(&world, start(&world, 30), API_ERROR_BUSY, DRAFT_LOCAL);
    check_journal(&world, "outcome", "withdrawn");
    world_close(&world);
}

/* ---- read back ---- */

static void test_lie(void)
{
    World world;

    world_open(&world, KIND_CAMPAIGN, "x", NULL);
    check_failed(&world, start(&world, 30), API_ERROR_MISMATCH, DRAFT_OPEN);
    check_journal(&world, "outcome", "differs");
    world_close(&world);
}

/* It was made, and as something else: that is said, and there is no draft of it any more. */
static void test_other(void)
{
    World world;
    g_autoptr(GError) error = NULL;
    gint64 row;

    world_open(&world, KIND_CAMPAIGN, "e", NULL);
    row = finish(&world, start(&world, 30), &error);
    g_assert_error(error, API_ERROR, API_ERROR_MISMATCH);
    g_assert_nonnull(strstr(error->message, "ENABLE"));
    g_assert_cmpint(row, >, 0);
    g_assert_null(draft_get(world.fake->cache, world.draft));
    check_journal(&world, "outcome", "differs");
    world_close(&world);
}

/* ---- ads, which have no request_id ---- */

static void test_ad(void)
{
    World world;

    world_open(&world, KIND_AD, "m", NULL);
    check_succeeds(&world, start(&world, 30));
    g_assert_cmpuint(world.n_creates, ==, 1);
    g_assert_cmpuint(world.n_gets, ==, 2); /* who is called so already; and back */
    g_assert_null(strstr(body_of(&world, 0), "request_id"));
    world_close(&world);
}

static void test_ad_lost(void)
{
    World world;

    world_open(&world, KIND_AD, "l", NULL);
    check_succeeds(&world, start(&world, 30));
    g_assert_cmpuint(world.n_creates, ==, 1); /* it was found */
    world_close(&world);
}

/* One that was called so before is not it. */
static void test_ad_lost_before(void)
{
    World world;

    world_open(&world, KIND_AD, "Lm", NULL);
    fake_add(world.fake, KIND_AD,
             "{\"ad_id\":\"7\",\"adgroup_id\":\"1801\",\"ad_name\":\"spring\","
             "\"create_time\":\"2026-11-18 11:59:00\"}");
    g_autoptr(GError) error = NULL;
    gint64 row = finish(&world, start(&world, 30), &error);

    g_assert_no_error(error);
    g_assert_cmpuint(world.n_creates, ==, 2);
    g_assert_cmpint(fake_find(world.fake, KIND_AD, world.account, "9001"), ==, row);
    world_close(&world);
}

/* Not seen in time, it may come yet: it is not sent a third time. */
static void test_ad_lost_for_long(void)
{
    World world;

    world_open(&world, KIND_AD, "L", NULL);
    check_failed(&world, start(&world, 30), API_ERROR_UNKNOWN, DRAFT_OPEN);
    g_assert_cmpuint(world.n_creates, ==, 2);
    world_close(&world);
}

/* ---- guards ---- */

static void test_guards(void)
{
    static const GuardAmount most[] = {{"USD", 70 * G_GINT64_CONSTANT(1000000)}, {"", 0}};
    const Guards guards = {.max_increase = 100, .max_budget = most};
    World world;

    world_open(&world, KIND_CAMPAIGN, "m", &guards);
    check_failed(&world, start(&world, 30), API_ERROR_RANGE, DRAFT_LOCAL);
    g_assert_cmpuint(world.fake->calls->len, ==, 1); /* the accounts */
    world_close(&world);
}

static void test_counting_guards(void)
{
    const Guards guards = {.max_increase = G_MAXUINT, .max_changes_per_hour = 1};
    World world;
    DraftScope scope = {KIND_CAMPAIGN, ACCOUNT, ""};

    world_open(&world, KIND_CAMPAIGN, "m", &guards);
    check_succeeds(&world, start(&world, 30));
    end_change(draft_make(world.fake->cache, &scope, "spring", NULL));
    world.draft = draft_find(world.fake->cache, &scope, "spring")->draft;
    check_failed(&world, start(&world, 30), API_ERROR_BUSY, DRAFT_LOCAL);
    g_assert_cmpuint(world.n_creates, ==, 1);
    world_close(&world);
}

static void test_dry_run(void)
{
    const Guards guards = {.max_increase = G_MAXUINT, .dry_run = TRUE};
    World world;
    g_autoptr(GError) error = NULL;
    g_autofree char *message = NULL;

    world_open(&world, KIND_AD, "m", &guards);
    g_assert_cmpint(finish(&world, start(&world, 30), &error), ==, 0);
    g_assert_no_error(error);
    g_assert_cmpuint(world.n_creates + world.n_gets, ==, 0);
    g_assert_cmpint(draft_get(world.fake->cache, world.draft)->state, ==, DRAFT_LOCAL);
    check_journal(&world, "outcome", "dry_run");
    message = journal_value(&world, "message");
    g_assert_nonnull(strstr(message, "\"ad_name\":\"spring\""));
    world_close(&world);
}

/* ---- from outside ---- */

static void test_withdraw(void)
{
    World world;
    Create *create;

    world_open(&world, KIND_CAMPAIGN, "m", NULL);
    create = start(&world, 30);
    while (fake_pending(world.fake) == 0)
        g_main_context_iteration(NULL, TRUE);
    g_assert_true(create_withdraw(create));
    g_assert_cmpuint(fake_pending(world.fake), ==, 0);
    check_failed(&world, create, API_ERROR_CANCELLED, DRAFT_LOCAL);
    check_journal(&world, "outcome", "withdrawn");
    create = start(&world, 30);
    g_assert_true(create_withdraw(create)); /* while it is noted */
    check_failed(&world, create, API_ERROR_CANCELLED, DRAFT_LOCAL);
    g_assert_cmpuint(world.n_creates, ==, 0);
    world_close(&world);
}

static void test_no_withdraw(void)
{
    World world;
    Create *create;

    world_open(&world, KIND_CAMPAIGN, "l", NULL);
    check_failed(&world, start(&world, 0), API_ERROR_UNKNOWN, DRAFT_OPEN);
    world.script = "m";
    create = start(&world, 30);
    while (fake_pending(world.fake) == 0)
        g_main_context_iteration(NULL, TRUE);
    g_assert_false(create_withdraw(create)); /* an earlier call may have made it */
    check_succeeds(&world, create);
    world_close(&world);
}

static void test_twice_at_once(void)
{
    World world;
    Create *first;

    world_open(&world, KIND_CAMPAIGN, "m", NULL);
    first = start(&world, 30);
    g_autoptr(GError) error = NULL;
    finish(&world, start(&world, 30), &error);
    g_assert_error(error, API_ERROR, API_ERROR_BUSY);
    check_succeeds(&world, first);
    world_close(&world);
}

/* ---- the next mount ---- */

static void run_sql(World *world, const char *sql)
{
    g_autofree char *path = g_build_filename(world->fake->dir, "state.sqlite", NULL);
    sqlite3 *db;

    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(db);
}

/* As if another daemon had died in the middle of it; it is over when the draft is not OPEN. */
static void recover(World *world)
{
    fake_close(world->fake);
    run_sql(world, "UPDATE draft SET daemon = 'another boot 1 1'");
    fake_open(world->fake);
    world->account = fake_account(world->fake);
    creates_recover_now(world->fake->cache);
    for (guint i = 0; i < 20000; i++) {
        const Draft *draft = draft_get(world->fake->cache, world->draft);

        for (guint j = 0; j < world->fake->calls->len; j++) {
            FakeCall *call = world->fake->calls->pdata[j];
            if (call->done)
                on_call(world->fake, call);
        }
        g_main_context_iteration(NULL, FALSE);
        if (!draft || draft->state == DRAFT_LOCAL)
            break;
        g_usleep(500);
    }
}

static void test_recover(void)
{
    World world;

    world_open(&world, KIND_CAMPAIGN, "l", NULL);
    check_failed(&world, start(&world, 0), API_ERROR_UNKNOWN, DRAFT_OPEN);
    world.script = "m";
    recover(&world);
    check_made(&world, fake_find(world.fake, KIND_CAMPAIGN, world.account, "9001"));
    g_assert_cmpstr(body_of(&world, 0), ==, body_of(&world, 1));
    world_close(&world);
}

/* What was meant long ago is looked for, and not sent. */
static void test_recover_late(gconstpointer script)
{
    World world;
    gboolean made = strchr(script, 'l') != NULL;

    world_open(&world, KIND_CAMPAIGN, script, NULL);
    check_failed(&world, start(&world, 0), API_ERROR_UNKNOWN, DRAFT_OPEN);
    world.fake->wall += 7200 * (gint64)SECOND;
    recover(&world);
    g_assert_cmpuint(world.n_creates, ==, 1);
    if (made)
        g_assert_null(draft_get(world.fake->cache, world.draft));
    else
        g_assert_cmpint(draft_get(world.fake->cache, world.draft)->state, ==, DRAFT_LOCAL);
    check_journal(&world, "outcome", made ? "done" : "refused");
    world_close(&world);
}

static void test_recover_ad(void)
{
    World world;

    world_open(&world, KIND_AD, "l", NULL);
    world.hidden = TRUE;
    check_failed(&world, start(&world, 3), API_ERROR_UNKNOWN, DRAFT_OPEN);
    world.hidden = FALSE;
    recover(&world);
    g_assert_cmpuint(world.n_creates, ==, 1);
    g_assert_null(draft_get(world.fake->cache, world.draft));
    world_close(&world);
}

/* One that is alive goes on by itself. */
static void test_recover_alive(void)
{
    World world;

    world_open(&world, KIND_CAMPAIGN, "l", NULL);
    check_failed(&world, start(&world, 0), API_ERROR_UNKNOWN, DRAFT_OPEN);
    fake_reopen(world.fake);
    creates_recover_now(world.fake->cache);
    g_assert_cmpuint(g_hash_table_size(world.fake->cache->creates), ==, 0);
    world_close(&world);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/create/made", test_made);
    g_test_add_func("/create/known-at-once", test_known_at_once);
    g_test_add_func("/create/not-vanished", test_not_vanished);
    g_test_add_func("/create/lost-once", test_lost_once);
    g_test_add_func("/create/lost-before", test_lost_before);
    g_test_add_func("/create/lost-for-long", test_lost_for_long);
    g_test_add_func("/create/answer-without-id", test_no_id);
    g_test_add_func("/create/repeated", test_repeated);
    g_test_add_func("/create/repeated-and-unseen", test_repeated_unseen);
    g_test_add_func("/create/lost-then-refused", test_lost_then_refused);
    g_test_add_func("/create/lost-then-not-sent", test_lost_then_not_sent);
    g_test_add_func("/create/refused", test_refused);
    g_test_add_func("/create/not-sent", test_not_sent);
    g_test_add_func("/create/lie", test_lie);
    g_test_add_func("/create/made-as-something-else", test_other);
    g_test_add_func("/create/ad", test_ad);
    g_test_add_func("/create/ad-lost", test_ad_lost);
    g_test_add_func("/create/ad-lost-before", test_ad_lost_before);
    g_test_add_func("/create/ad-lost-for-long", test_ad_lost_for_long);
    g_test_add_func("/create/guards", test_guards);
    g_test_add_func("/create/guards-that-count", test_counting_guards);
    g_test_add_func("/create/dry-run", test_dry_run);
    g_test_add_func("/create/withdraw", test_withdraw);
    g_test_add_func("/create/no-withdraw", test_no_withdraw);
    g_test_add_func("/create/twice-at-once", test_twice_at_once);
    g_test_add_func("/create/recover", test_recover);
    g_test_add_data_func("/create/recover-late-made", "l", test_recover_late);
    g_test_add_data_func("/create/recover-late-not-made", "L", test_recover_late);
    g_test_add_func("/create/recover-ad", test_recover_ad);
    g_test_add_func("/create/recover-alive", test_recover_alive);
    return g_test_run();
}
