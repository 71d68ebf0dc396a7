/* SPDX-License-Identifier: MIT */
/* test-create-lost.c - a draft becomes one object whatever is lost: answers, calls, or the daemon.
 */
#include "tests/unit/create-world.h"

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
        const Draft *draft;

        for (guint j = 0; j < world->fake->calls->len; j++) {
            FakeCall *call = world->fake->calls->pdata[j];
            if (call->done)
                on_call(world->fake, call);
        }
        g_main_context_iteration(NULL, FALSE);
        draft = draft_get(world->fake->cache, world->draft);
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

/* Sixty seconds are long ago: whoever wrote create has been told that it failed. */
static void test_recover_minutes_later(void)
{
    World world;

    world_open(&world, KIND_CAMPAIGN, "L", NULL);
    check_failed(&world, start(&world, 0), API_ERROR_UNKNOWN, DRAFT_OPEN);
    world.script = "m";
    world.fake->wall += 61 * (gint64)SECOND;
    recover(&world);
    g_assert_cmpuint(world.n_creates, ==, 1);
    g_assert_cmpint(draft_get(world.fake->cache, world.draft)->state, ==, DRAFT_LOCAL);
    world_close(&world);
}

/* A mount that is to change nothing looks for what was meant, and sends nothing. */
static void test_recover_without_writing(gconstpointer read_only)
{
    static const Guards dry_run = {.max_increase = G_MAXUINT, .dry_run = TRUE};
    World world;

    world_open(&world, KIND_CAMPAIGN, "L", NULL);
    check_failed(&world, start(&world, 0), API_ERROR_UNKNOWN, DRAFT_OPEN);
    world.script = "m";
    world.fake->config.read_only = read_only != NULL;
    world.fake->config.guards = read_only ? NULL : &dry_run;
    recover(&world);
    g_assert_cmpuint(world.n_creates, ==, 1);
    g_assert_cmpint(draft_get(world.fake->cache, world.draft)->state, ==, DRAFT_LOCAL);
    world_close(&world);
}

/* ... also where an earlier call may have made it. */
static void test_open_dry_run(void)
{
    static const Guards dry_run = {.max_increase = G_MAXUINT, .dry_run = TRUE};
    World world;
    g_autoptr(GError) error = NULL;

    world_open(&world, KIND_CAMPAIGN, "L", NULL);
    check_failed(&world, start(&world, 0), API_ERROR_UNKNOWN, DRAFT_OPEN);
    world.script = "m";
    world.fake->config.guards = &dry_run;
    fake_reopen(world.fake);
    world.account = fake_account(world.fake);
    finish(&world, start(&world, 30), &error);
    g_assert_no_error(error);
    g_assert_cmpuint(world.n_creates, ==, 1);
    g_assert_cmpint(draft_get(world.fake->cache, world.draft)->state, ==, DRAFT_OPEN);
    check_journal(&world, "outcome", "dry_run");
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
    g_test_add_func("/create/lost-once", test_lost_once);
    g_test_add_func("/create/lost-before", test_lost_before);
    g_test_add_func("/create/lost-for-long", test_lost_for_long);
    g_test_add_func("/create/answer-without-id", test_no_id);
    g_test_add_func("/create/repeated", test_repeated);
    g_test_add_func("/create/repeated-and-unseen", test_repeated_unseen);
    g_test_add_func("/create/lost-then-refused", test_lost_then_refused);
    g_test_add_func("/create/lost-then-not-sent", test_lost_then_not_sent);
    g_test_add_func("/create/ad", test_ad);
    g_test_add_func("/create/ad-lost", test_ad_lost);
    g_test_add_func("/create/ad-lost-before", test_ad_lost_before);
    g_test_add_func("/create/ad-lost-for-long", test_ad_lost_for_long);
    g_test_add_func("/create/recover", test_recover);
    g_test_add_data_func("/create/recover-late-made", "l", test_recover_late);
    g_test_add_data_func("/create/recover-late-not-made", "L", test_recover_late);
    g_test_add_func("/create/recover-minutes-later", test_recover_minutes_later);
    g_test_add_data_func("/create/recover-with-dry-run", NULL, test_recover_without_writing);
    g_test_add_data_func("/create/recover-read-only", "ro", test_recover_without_writing);
    g_test_add_func("/create/dry-run-of-what-is-open", test_open_dry_run);
    g_test_add_func("/create/recover-ad", test_recover_ad);
    g_test_add_func("/create/recover-alive", test_recover_alive);
    return g_test_run();
}
