/* SPDX-License-Identifier: MIT */
/* test-create.c - a draft becomes one object, and nothing where it was refused. */
#include "tests/unit/create-world.h"

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

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/create/made", test_made);
    g_test_add_func("/create/known-at-once", test_known_at_once);
    g_test_add_func("/create/not-vanished", test_not_vanished);
    g_test_add_func("/create/refused", test_refused);
    g_test_add_func("/create/not-sent", test_not_sent);
    g_test_add_func("/create/lie", test_lie);
    g_test_add_func("/create/made-as-something-else", test_other);
    g_test_add_func("/create/guards", test_guards);
    g_test_add_func("/create/guards-that-count", test_counting_guards);
    g_test_add_func("/create/dry-run", test_dry_run);
    g_test_add_func("/create/withdraw", test_withdraw);
    g_test_add_func("/create/no-withdraw", test_no_withdraw);
    g_test_add_func("/create/twice-at-once", test_twice_at_once);
    return g_test_run();
}
