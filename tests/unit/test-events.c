/* SPDX-License-Identifier: MIT */
/* test-events.c - which differences between two listings are told of, and as whose. */
#include "cache/internal.h"
#include "tests/unit/fake-centers.h"

typedef struct {
    Fake *fake;
    gint64 account;
    GArray *touched; /* of Touched */
} Fixture;

static const char *const words[] = {"appeared", "vanished", "changed", "renamed", "moved", "state"};

static char *make_line(const Event *event)
{
    return g_strdup_printf("%s %s/%s/%s/%s %s %s %s %s", words[event->what], event->advertiser_id,
                           event->campaign_id, event->adgroup_id, event->id,
                           event->member ? event->member : "-", event->before, event->after,
                           event->ours ? "ours" : "theirs");
}

static GArray *all_touched;

static void keep_touched(void *user_data, const Touched *touched)
{
    (void)user_data;
    g_array_append_vals(all_touched, touched, 1);
}

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    f->fake = fake_new_closed();
    f->fake->config.line = make_line;
    f->fake->config.touched = keep_touched;
    f->fake->config.events_name = "events";
    f->touched = all_touched = g_array_new(FALSE, FALSE, sizeof(Touched));
    fake_open(f->fake);
    fake_add_account(f->fake);
    fake_add_campaigns(f->fake, 3);
    f->account = fake_account(f->fake);
    fake_have(f->fake, LISTING_CAMPAIGNS, f->account);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    fake_free(f->fake);
    g_array_unref(f->touched);
}

static char *read_events(Fixture *f)
{
    gint64 size = cache_events_size(f->fake->cache, FALSE);
    char *text = g_malloc0((gsize)size + 1);

    g_assert_cmpint(cache_events_read(f->fake->cache, FALSE, text, (gsize)size, 0), ==, size);
    return text;
}

/* Reads it again later; these lines are new. */
static void check(Fixture *f, ListingKind kind, const char *lines)
{
    gint64 before = cache_events_size(f->fake->cache, FALSE);
    g_autofree char *text = NULL;

    g_array_set_size(f->touched, 0);
    fake_later(f->fake, 400 * SECOND);
    fake_have(f->fake, kind, f->account);
    text = read_events(f);
    g_assert_cmpstr(text + before, ==, lines);
}

static void replace(Fixture *f, guint index, const char *json)
{
    GPtrArray *all = f->fake->objects[KIND_CAMPAIGN];

    g_free(all->pdata[index]);
    all->pdata[index] = g_strdup(json);
}

#define CAMPAIGN(id, name, rest)                                                                   \
    "{\"campaign_id\":\"" id "\",\"campaign_name\":\"" name "\"" rest "}"
#define AT(id) ACCOUNT "/" id "//" id

static void test_first(Fixture *f, gconstpointer data)
{
    g_autofree char *text = read_events(f);

    (void)data;
    g_assert_cmpstr(text, ==, "");
    check(f, LISTING_CAMPAIGNS, "");
    g_assert_cmpuint(f->touched->len, ==, 0);
}

static void test_changed(Fixture *f, gconstpointer data)
{
    gint64 row = fake_find(f->fake, KIND_CAMPAIGN, f->account, "1000");

    (void)data;
    replace(f, 0, CAMPAIGN("1000", "c0", ",\"budget\":7.50"));
    check(f, LISTING_CAMPAIGNS, "changed " AT("1000") " budget 500.10 7.50 theirs\n");
    g_assert_cmpuint(f->touched->len, ==, 1);
    g_assert_cmpint(g_array_index(f->touched, Touched, 0).row, ==, row);
    g_assert_false(g_array_index(f->touched, Touched, 0).listed);
    replace(f, 0, CAMPAIGN("1000", "n", ",\"budget\":7.50,\"operation_status\":\"DISABLE\""));
    check(f, LISTING_CAMPAIGNS,
          "renamed " AT("1000") " campaign_name \"c0\" \"n\" theirs\n"
                                "state " AT("1000") " operation_status null \"DISABLE\" theirs\n");
    g_assert_true(g_array_index(f->touched, Touched, 0).listed);
    g_assert_cmpint(g_array_index(f->touched, Touched, 0).advertiser, ==, f->account);
}

static void test_came_and_went(Fixture *f, gconstpointer data)
{
    (void)data;
    fake_add(f->fake, KIND_CAMPAIGN, CAMPAIGN("1009", "new", ""));
    check(f, LISTING_CAMPAIGNS, "appeared " AT("1009") " -   theirs\n");
    g_assert_cmpuint(f->touched->len, ==, 1);
    g_assert_true(g_array_index(f->touched, Touched, 0).listed);
    g_ptr_array_remove_index(f->fake->objects[KIND_CAMPAIGN], 0);
    check(f, LISTING_CAMPAIGNS, "vanished " AT("1000") " -   theirs\n");
    g_assert_true(g_array_index(f->touched, Touched, 0).listed);
}

static void test_moved(Fixture *f, gconstpointer data)
{
    GPtrArray *groups = f->fake->objects[KIND_ADGROUP];

    (void)data;
    fake_add(f->fake, KIND_ADGROUP, "{\"adgroup_id\":\"5\",\"campaign_id\":\"1000\"}");
    fake_have(f->fake, LISTING_ADGROUPS, f->account);
    g_free(groups->pdata[0]);
    groups->pdata[0] = g_strdup("{\"adgroup_id\":\"5\",\"campaign_id\":\"1001\"}");
    check(f, LISTING_ADGROUPS, "moved " ACCOUNT "/1001/5/5 campaign_id \"1000\" \"1001\" theirs\n");
    g_assert_cmpuint(f->touched->len, ==, 2); /* where it is, and where it was */
    g_assert_cmpint(g_array_index(f->touched, Touched, 0).parent, ==,
                    fake_find(f->fake, KIND_CAMPAIGN, f->account, "1001"));
    g_assert_cmpint(g_array_index(f->touched, Touched, 1).parent, ==,
                    fake_find(f->fake, KIND_CAMPAIGN, f->account, "1000"));
}

/* A listing that could not be proved whole has told what changed, but nothing as vanished. */
static void test_not_whole(Fixture *f, gconstpointer data)
{
    g_autofree char *text = NULL;

    (void)data;
    g_ptr_array_remove_index(f->fake->objects[KIND_CAMPAIGN], 0);
    f->fake->total_off_first = 1;
    fake_later(f->fake, 400 * SECOND);
    fake_want(f->fake, LISTING_CAMPAIGNS, f->account, NULL);
    fake_run(f->fake);
    text = read_events(f);
    g_assert_cmpstr(text, ==, "");
    g_assert_cmpint(fake_find(f->fake, KIND_CAMPAIGN, f->account, "1000"), >, 0);
}

static void test_ours(Fixture *f, gconstpointer data)
{
    gint64 row = fake_find(f->fake, KIND_CAMPAIGN, f->account, "1001");

    (void)data;
    event_log_intend(f->fake->cache->events, row, "budget", "8.50");
    replace(f, 1, CAMPAIGN("1001", "c1", ",\"budget\":8.5"));
    check(f, LISTING_CAMPAIGNS, "changed " AT("1001") " budget 500.10 8.5 ours\n");
    replace(f, 1, CAMPAIGN("1001", "c1", ",\"budget\":9"));
    check(f, LISTING_CAMPAIGNS, "changed " AT("1001") " budget 8.5 9 theirs\n");
    replace(f, 1, CAMPAIGN("1001", "c1", ",\"budget\":8.5")); /* it was sent once */
    check(f, LISTING_CAMPAIGNS, "changed " AT("1001") " budget 9 8.5 theirs\n");
    event_log_intend(f->fake->cache->events, row, "budget", "10");
    replace(f, 1, CAMPAIGN("1001", "c1", ",\"budget\":11"));
    check(f, LISTING_CAMPAIGNS, "changed " AT("1001") " budget 8.5 11 theirs\n");
    event_log_intend(f->fake->cache->events, row, "budget", "12");
    event_log_withdraw(f->fake->cache->events, row, "budget", "12");
    replace(f, 1, CAMPAIGN("1001", "c1", ",\"budget\":12"));
    check(f, LISTING_CAMPAIGNS, "changed " AT("1001") " budget 11 12 theirs\n");
}

/* Two writers at once: that the one has ended takes nothing from the other. */
static void test_ours_both(Fixture *f, gconstpointer data)
{
    gint64 row = fake_find(f->fake, KIND_CAMPAIGN, f->account, "1001");
    EventLog *events = f->fake->cache->events;

    (void)data;
    event_log_intend(events, row, "budget", "8");
    event_log_intend(events, row, "budget", "9");
    replace(f, 1, CAMPAIGN("1001", "c1", ",\"budget\":8"));
    check(f, LISTING_CAMPAIGNS, "changed " AT("1001") " budget 500.10 8 ours\n");
    event_log_withdraw(events, row, "budget", "8");
    replace(f, 1, CAMPAIGN("1001", "c1", ",\"budget\":9"));
    check(f, LISTING_CAMPAIGNS, "changed " AT("1001") " budget 8 9 ours\n");
    replace(f, 1, CAMPAIGN("1001", "c1", ",\"budget\":8"));
    check(f, LISTING_CAMPAIGNS, "changed " AT("1001") " budget 9 8 theirs\n");
}

static gboolean has_ended;

static void on_stored(void *user_data, const GError *error)
{
    (void)user_data;
    g_assert_nonnull(error);
    has_ended = TRUE;
}

/* What could not be stored has not been seen: it is ours when it comes again. */
static void test_ours_again(Fixture *f, gconstpointer data)
{
    static const char body[] = CAMPAIGN("1001", "c1", ",\"budget\":8");
    gint64 row = fake_find(f->fake, KIND_CAMPAIGN, f->account, "1001");
    g_autofree char *path = g_build_filename(f->fake->dir, "cache.sqlite", NULL);
    g_autoptr(GBytes) bytes = g_bytes_new_static(body, sizeof body - 1);
    sqlite3 *db;

    (void)data;
    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(db,
                                 "CREATE TRIGGER fails BEFORE UPDATE ON body BEGIN"
                                 " SELECT raise(ABORT, 'no'); END",
                                 NULL, NULL, NULL),
                    ==, SQLITE_OK);
    event_log_intend(f->fake->cache->events, row, "budget", "8");
    cache_store_object(f->fake->cache, row, bytes, f->fake->mono, on_stored, NULL);
    while (!has_ended)
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpint(sqlite3_exec(db, "DROP TRIGGER fails", NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(db);
    replace(f, 1, body);
    check(f, LISTING_CAMPAIGNS, "changed " AT("1001") " budget 500.10 8 ours\n");
}

/* Once the accounts are known, one that is first met by its id is new too, and told once. */
static void test_account_by_id(Fixture *f, gconstpointer data)
{
    Waiter waiter = {&fake_waiter, f->fake->mono};
    g_autofree char *text = NULL;
    gint64 row = 0;

    (void)data;
    fake_add(f->fake, KIND_ADVERTISER, "{\"advertiser_id\":\"702\",\"advertiser_name\":\"B\"}");
    fake_later(f->fake, 400 * SECOND);
    waiter.began = f->fake->mono;
    while (cache_want_object(f->fake->cache, LISTING_ADVERTISERS, 0, "702", &waiter, &row, NULL) ==
           CACHE_WAIT)
        fake_run(f->fake);
    g_assert_cmpint(row, >, 0);
    fake_have(f->fake, LISTING_ADVERTISERS, 0);
    text = read_events(f);
    g_assert_cmpstr(text, ==, "appeared 702///702 -   theirs\n");
}

/* A center that was known names another account. */
static void test_account_of_center(Fixture *f, gconstpointer data)
{
    gint64 before;
    g_autofree char *first = NULL, *text = NULL;

    (void)data;
    add_center(f->fake, "61");
    add_asset(f->fake, "61", "702", "ADMIN", "BOUND");
    fake_have(f->fake, LISTING_ROLES, 0);
    first = read_events(f);
    g_assert_cmpstr(first, ==, ""); /* it is seen for the first time */
    add_asset(f->fake, "61", "703", "ADMIN", "BOUND");
    fake_later(f->fake, 400 * SECOND);
    g_array_set_size(f->touched, 0);
    fake_have(f->fake, LISTING_ROLES, 0);
    text = read_events(f);
    g_assert_cmpstr(text, ==, "appeared 703///703 -   theirs\n");
    g_assert_cmpuint(f->touched->len, ==, 1);
    g_assert_cmpint(g_array_index(f->touched, Touched, 0).row, ==,
                    fake_find(f->fake, KIND_ADVERTISER, 0, "703"));
    before = cache_events_size(f->fake->cache, FALSE);
    fake_later(f->fake, 400 * SECOND);
    fake_have(f->fake, LISTING_ROLES, 0);
    g_assert_cmpint(cache_events_size(f->fake->cache, FALSE), ==, before);
}

static void test_lasts(Fixture *f, gconstpointer data)
{
    g_autofree char *before = NULL, *after = NULL;

    (void)data;
    replace(f, 0, CAMPAIGN("1000", "c0", ",\"budget\":7.50"));
    fake_later(f->fake, 400 * SECOND);
    fake_have(f->fake, LISTING_CAMPAIGNS, f->account);
    before = read_events(f);
    fake_reopen(f->fake);
    after = read_events(f);
    g_assert_cmpstr(before, !=, "");
    g_assert_cmpstr(before, ==, after);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *path;
        void (*run)(Fixture *f, gconstpointer data);
    } tests[] = {
        {"/events/what-is-seen-first-is-none", test_first},
        {"/events/a-change-a-name-a-state", test_changed},
        {"/events/what-comes-and-goes", test_came_and_went},
        {"/events/what-moves", test_moved},
        {"/events/nothing-vanishes-from-half-a-list", test_not_whole},
        {"/events/an-account-met-by-its-id", test_account_by_id},
        {"/events/an-account-that-a-center-names", test_account_of_center},
        {"/events/whose-it-is", test_ours},
        {"/events/whose-each-of-two-is", test_ours_both},
        {"/events/whose-what-could-not-be-stored-is", test_ours_again},
        {"/events/last-over-a-restart", test_lasts},
    };

    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);
    return g_test_run();
}
