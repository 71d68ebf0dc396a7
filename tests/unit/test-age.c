/* SPDX-License-Identifier: MIT */
/* test-age.c - what expired is shown, asked for, or waited for: of listings. */
#include "tests/unit/fake-service.h"

typedef struct {
    Fake *fake;
    gint64 account;
    guint kept;
    GError *kept_error;
} Fixture;

static Fixture *current; /* the fake's configuration has the fake itself for user_data */

static void on_kept(void *user_data, ListingKind kind, gint64 of, const GError *error)
{
    (void)user_data;
    (void)kind;
    (void)of;
    current->kept++;
    g_clear_error(&current->kept_error);
    current->kept_error = g_error_copy(error);
}

/* An account whose three campaigns are known. */
static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    current = f;
    f->fake = fake_new_closed();
    f->fake->config.kept_old = on_kept;
    f->fake->config.stale_us = 60 * SECOND;
    fake_open(f->fake);
    fake_add_account(f->fake);
    fake_add_campaigns(f->fake, 3);
    f->account = fake_account(f->fake);
    fake_have(f->fake, LISTING_CAMPAIGNS, f->account);
    g_ptr_array_set_size(f->fake->calls, 0);
    fake_later(f->fake, 1); /* whoever asks from now on came after */
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    g_clear_error(&f->kept_error);
    fake_free(f->fake);
}

static ListingState state_of(const Fixture *f, ListingKind kind)
{
    ListingState state;

    cache_listing_state(f->fake->cache, kind, f->account, &state);
    return state;
}

static CacheResult want_now(const Fixture *f, ListingKind kind)
{
    Waiter waiter = {&fake_waiter, f->fake->mono};

    return cache_want_listing(f->fake->cache, kind, f->account, &waiter, NULL);
}

static void check_old(const Fixture *f)
{
    ListingState state = state_of(f, LISTING_CAMPAIGNS);

    g_assert_true(state.known && !state.fresh && state.served_old);
    g_assert_cmpint(fake_find(f->fake, KIND_CAMPAIGN, f->account, "1002"), >, 0);
}

/* No answer at all, as the client says it. */
static void unplug(Fake *fake)
{
    g_clear_error(&fake->failure);
    fake->failure = api_error_new(API_ERROR_UNREACHABLE, 0, NULL, "no network");
}

static void refuse(Fake *fake, ApiErrorKind kind, int code)
{
    g_clear_error(&fake->failure);
    fake->failure = api_error_new(kind, code, "r", "refused");
}

/* ---- stale ---- */

static void test_stale(Fixture *f, gconstpointer data)
{
    (void)data;
    fake_later(f->fake, 301 * SECOND);
    g_assert_cmpint(want_now(f, LISTING_CAMPAIGNS), ==, CACHE_HIT);
    g_assert_cmpint(want_now(f, LISTING_CAMPAIGNS), ==, CACHE_HIT);
    g_assert_cmpuint(f->fake->calls->len, ==, 1);
    g_assert_cmpint(((FakeCall *)f->fake->calls->pdata[0])->priority, ==, CALL_BACKGROUND);
    check_old(f);
    fake_run(f->fake);
    g_assert_true(state_of(f, LISTING_CAMPAIGNS).fresh);
    g_assert_false(state_of(f, LISTING_CAMPAIGNS).served_old);
}

static void test_too_stale(Fixture *f, gconstpointer data)
{
    (void)data;
    fake_later(f->fake, 360 * SECOND - 1);
    g_assert_false(state_of(f, LISTING_CAMPAIGNS).served_old);
    g_assert_cmpint(want_now(f, LISTING_CAMPAIGNS), ==, CACHE_WAIT);
    fake_run(f->fake);
}

/* What may be wrong is not old but wrong. */
static void test_stale_doubted(Fixture *f, gconstpointer data)
{
    (void)data;
    cache_refresh_listing(f->fake->cache, LISTING_CAMPAIGNS, f->account);
    g_assert_cmpint(want_now(f, LISTING_CAMPAIGNS), ==, CACHE_WAIT);
    fake_run(f->fake);
}

/* ---- out of reach ---- */

static void test_outage_is_everybodys(Fixture *f, gconstpointer data)
{
    CacheStats stats;

    (void)data;
    fake_have(f->fake, LISTING_ADGROUPS, f->account);
    fake_have(f->fake, LISTING_ADS, f->account);
    g_ptr_array_set_size(f->fake->calls, 0);
    fake_later(f->fake, 1000 * SECOND);
    unplug(f->fake);
    fake_have(f->fake, LISTING_CAMPAIGNS, f->account);
    fake_have(f->fake, LISTING_ADGROUPS, f->account);
    fake_have(f->fake, LISTING_ADS, f->account);
    g_assert_cmpuint(f->fake->calls->len, ==, 1);
    g_assert_true(state_of(f, LISTING_ADS).served_old);
    cache_stats(f->fake->cache, &stats);
    g_assert_cmpint(stats.unreachable_since_us, ==, f->fake->wall);
    g_assert_cmpuint(stats.served_old, ==, 3 + 1); /* the accounts too */
    g_assert_cmpuint(f->kept, ==, 1);
    g_assert_error(f->kept_error, API_ERROR, API_ERROR_UNREACHABLE);

    /* One looks whether it is back; then all are. */
    fake_work(f->fake);
    fake_later(f->fake, 30 * SECOND);
    g_assert_cmpint(want_now(f, LISTING_CAMPAIGNS), ==, CACHE_HIT);
    g_assert_cmpint(want_now(f, LISTING_ADS), ==, CACHE_HIT);
    g_assert_cmpuint(f->fake->calls->len, ==, 2);
    fake_run(f->fake);
    g_assert_cmpint(want_now(f, LISTING_ADS), ==, CACHE_WAIT);
    fake_run(f->fake);
    cache_stats(f->fake->cache, &stats);
    g_assert_cmpint(stats.unreachable_since_us, ==, 0);
}

static void test_outage_over_restart(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    (void)data;
    unplug(f->fake);
    fake_later(f->fake, 30 * 86400 * (gint64)SECOND);
    fake_reopen(f->fake);
    fake_have(f->fake, LISTING_CAMPAIGNS, f->account);
    check_old(f);
    g_assert_cmpint(fake_want(f->fake, LISTING_ADS, f->account, &error), ==, CACHE_ERROR);
    g_assert_error(error, API_ERROR, API_ERROR_UNREACHABLE);
}

/* That nobody knows how old it is does not mean that it may be wrong. */
static void test_outage_after_clock_set(Fixture *f, gconstpointer data)
{
    (void)data;
    fake_later(f->fake, 1000 * SECOND);
    f->fake->wall -= 86400 * (gint64)SECOND;
    fake_reopen(f->fake);
    unplug(f->fake);
    g_assert_cmpint(fake_want(f->fake, LISTING_ADVERTISERS, 0, NULL), ==, CACHE_HIT);
    g_ptr_array_set_size(f->fake->calls, 0);
    fake_later(f->fake, 1);
    g_assert_cmpint(want_now(f, LISTING_CAMPAIGNS), ==, CACHE_HIT);
    g_assert_cmpuint(f->fake->calls->len, ==, 0);
    check_old(f);
}

static void test_fault(Fixture *f, gconstpointer data)
{
    (void)data;
    fake_later(f->fake, 1000 * SECOND);
    refuse(f->fake, API_ERROR_REMOTE, 50002);
    fake_have(f->fake, LISTING_CAMPAIGNS, f->account);
    check_old(f);
    g_assert_cmpuint(f->kept, ==, 1);
    g_assert_cmpint(fake_want(f->fake, LISTING_ADS, f->account, NULL), ==, CACHE_ERROR);
}

static void test_full_disk(Fixture *f, gconstpointer data)
{
    (void)data;
    fake_later(f->fake, 1000 * SECOND);
    g_clear_error(&f->fake->failure);
    f->fake->failure = g_error_new(G_FILE_ERROR, G_FILE_ERROR_NOSPC, "full");
    fake_have(f->fake, LISTING_CAMPAIGNS, f->account);
    check_old(f);
}

/* ---- refused ---- */

/* Kinds and codes by which an account is closed to somebody. */
static void test_forbidden(Fixture *f, gconstpointer data)
{
    static const struct {
        ApiErrorKind kind;
        int code;
    } cases[] = {{API_ERROR_DENIED, 40001},
                 {API_ERROR_TOKEN, 40106},
                 {API_ERROR_TOKEN, 40119},
                 {API_ERROR_NOT_FOUND, 40300}};

    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        fake_later(f->fake, 1000 * SECOND);
        refuse(f->fake, cases[i].kind, cases[i].code);
        g_ptr_array_set_size(f->fake->calls, 0);
        f->kept = 0;
        fake_have(f->fake, LISTING_CAMPAIGNS, f->account);
        check_old(f);
        fake_later(f->fake, 299 * SECOND);
        fake_have(f->fake, LISTING_CAMPAIGNS, f->account);
        g_assert_cmpuint(f->fake->calls->len, ==, 1);
        g_assert_cmpuint(f->kept, ==, 1);
        g_assert_cmpint(api_error_code(f->kept_error), ==, cases[i].code);
        fake_later(f->fake, SECOND);
        g_assert_cmpint(want_now(f, LISTING_CAMPAIGNS), ==, CACHE_WAIT);
        fake_run(f->fake);
        g_assert_cmpuint(f->kept, ==, 2);
    }
    fake_work(f->fake);
    fake_later(f->fake, 300 * SECOND);
    fake_have(f->fake, LISTING_CAMPAIGNS, f->account);
    g_assert_true(state_of(f, LISTING_CAMPAIGNS).fresh);
}

static void test_never_known(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    (void)data;
    refuse(f->fake, API_ERROR_DENIED, 40001);
    g_assert_cmpint(fake_want(f->fake, LISTING_ADS, f->account, &error), ==, CACHE_ERROR);
    g_assert_error(error, API_ERROR, API_ERROR_DENIED);
    g_assert_cmpuint(f->kept, ==, 0);
}

/* A token that is good for nobody is no matter of one account. */
static void test_revoked(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    (void)data;
    fake_later(f->fake, 1000 * SECOND);
    refuse(f->fake, API_ERROR_TOKEN, 40105);
    g_assert_cmpint(fake_want(f->fake, LISTING_CAMPAIGNS, f->account, &error), ==, CACHE_ERROR);
    g_assert_error(error, API_ERROR, API_ERROR_TOKEN);
}

/* ---- offline ---- */

static void test_offline(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    (void)data;
    f->fake->config.offline = TRUE;
    fake_later(f->fake, 1000 * 86400 * (gint64)SECOND);
    fake_reopen(f->fake);
    g_assert_cmpint(want_now(f, LISTING_CAMPAIGNS), ==, CACHE_HIT);
    check_old(f);
    g_assert_cmpint(fake_want(f->fake, LISTING_ADS, f->account, &error), ==, CACHE_ERROR);
    g_assert_error(error, API_ERROR, API_ERROR_OFFLINE);
    g_assert_nonnull(strstr(error->message, "remount without offline"));
    g_assert_cmpuint(f->fake->calls->len, ==, 0);
    g_assert_cmpuint(f->kept, ==, 0);
}

static void test_offline_commit(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    CommitRequest request = {.member = "budget", .value = "501", .amount = TRUE};
    Commit *commit;

    (void)data;
    f->fake->config.offline = TRUE;
    fake_reopen(f->fake);
    request.row = fake_find(f->fake, KIND_CAMPAIGN, f->account, "1001");
    request.deadline_us = f->fake->mono + 30 * SECOND;
    commit = commit_start(f->fake->cache, &request, &fake_waiter);
    while (!commit_ended(commit, &error))
        g_main_context_iteration(NULL, TRUE);
    g_assert_error(error, API_ERROR, API_ERROR_OFFLINE);
    commit_free(commit);
    g_assert_cmpuint(f->fake->calls->len, ==, 0);
}

/* A page on its way when the cache goes. */
static void test_offline_freed(Fixture *f, gconstpointer data)
{
    (void)data;
    f->fake->config.offline = TRUE;
    fake_reopen(f->fake);
    g_assert_cmpint(want_now(f, LISTING_ADS), ==, CACHE_WAIT);
    fake_reopen(f->fake);
    while (g_main_context_iteration(NULL, FALSE))
        ;
}

/* ---- wanted anew ---- */

static void test_refresh(Fixture *f, gconstpointer data)
{
    ListingState before = state_of(f, LISTING_CAMPAIGNS);

    (void)data;
    g_assert_true(before.fresh);
    cache_refresh_all(f->fake->cache);
    g_assert_false(state_of(f, LISTING_CAMPAIGNS).fresh);
    g_assert_cmpint(state_of(f, LISTING_CAMPAIGNS).fetched_us, ==, before.fetched_us);
    g_assert_cmpuint(f->fake->calls->len, ==, 0); /* until somebody asks */
    fake_have(f->fake, LISTING_CAMPAIGNS, f->account);
    fake_have(f->fake, LISTING_CAMPAIGNS, f->account);
    g_assert_cmpuint(f->fake->calls->len, ==, 1);
    g_assert_true(state_of(f, LISTING_CAMPAIGNS).fresh);
}

static void test_refresh_one(Fixture *f, gconstpointer data)
{
    (void)data;
    fake_have(f->fake, LISTING_ADS, f->account);
    cache_refresh_listing(f->fake->cache, LISTING_ADS, f->account);
    g_assert_true(state_of(f, LISTING_CAMPAIGNS).fresh);
    g_assert_false(state_of(f, LISTING_ADS).fresh);
}

/* Also what this process did not look at yet. */
static void test_refresh_unused(Fixture *f, gconstpointer data)
{
    (void)data;
    fake_reopen(f->fake);
    cache_refresh_all(f->fake->cache);
    g_assert_false(state_of(f, LISTING_CAMPAIGNS).fresh);
}

/* What is on its way was asked for before: it is asked for again, for all who wait. */
static void test_refresh_in_flight(Fixture *f, gconstpointer data)
{
    (void)data;
    fake_later(f->fake, 1000 * SECOND);
    g_assert_cmpint(want_now(f, LISTING_CAMPAIGNS), ==, CACHE_WAIT);
    cache_refresh_all(f->fake->cache);
    fake_run(f->fake);
    g_assert_cmpuint(f->fake->calls->len, ==, 2);
    g_assert_true(state_of(f, LISTING_CAMPAIGNS).fresh);
    g_assert_cmpint(want_now(f, LISTING_CAMPAIGNS), ==, CACHE_HIT);
}

static void test_refresh_large(Fixture *f, gconstpointer data)
{
    (void)data;
    for (guint i = 0; i < 2500; i++)
        fake_add(f->fake, KIND_AD, "{\"ad_id\":\"%u\",\"ad_name\":\"a\",\"adgroup_id\":\"5\"}",
                 90000 + i);
    fake_have(f->fake, LISTING_ADS, f->account);
    g_ptr_array_set_size(f->fake->calls, 0);
    cache_refresh_listing(f->fake->cache, LISTING_ADS, f->account);
    fake_later(f->fake, SECOND);
    fake_have(f->fake, LISTING_ADS, f->account);
    g_assert_cmpuint(f->fake->calls->len, ==, 3);
}

/* A failure or a refusal of before puts nobody off. */
static void test_refresh_failed(Fixture *f, gconstpointer data)
{
    (void)data;
    fake_later(f->fake, 1000 * SECOND);
    unplug(f->fake);
    fake_have(f->fake, LISTING_CAMPAIGNS, f->account);
    fake_work(f->fake);
    g_assert_cmpint(want_now(f, LISTING_CAMPAIGNS), ==, CACHE_HIT);
    cache_refresh_all(f->fake->cache);
    g_assert_cmpint(want_now(f, LISTING_CAMPAIGNS), ==, CACHE_WAIT);
    fake_run(f->fake);
    g_assert_true(state_of(f, LISTING_CAMPAIGNS).fresh);
}

static void test_refresh_unreachable(Fixture *f, gconstpointer data)
{
    (void)data;
    unplug(f->fake);
    cache_refresh_all(f->fake->cache);
    fake_have(f->fake, LISTING_CAMPAIGNS, f->account);
    check_old(f);
}

static void add(const char *path, void (*test)(Fixture *f, gconstpointer data))
{
    g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("/age/stale-is-shown-and-asked-for-once", test_stale);
    add("/age/older-than-stale-is-waited-for", test_too_stale);
    add("/age/stale-is-not-for-what-was-made-old", test_stale_doubted);
    add("/age/one-finds-out-of-an-outage-for-all", test_outage_is_everybodys);
    add("/age/known-in-an-outage-over-a-restart", test_outage_over_restart);
    add("/age/known-in-an-outage-after-the-clock-was-set", test_outage_after_clock_set);
    add("/age/known-while-the-service-is-at-fault", test_fault);
    add("/age/known-while-the-disk-is-full", test_full_disk);
    add("/age/history-of-a-forbidden-account", test_forbidden);
    add("/age/never-known-is-refused", test_never_known);
    add("/age/a-revoked-token-shows-nothing-old", test_revoked);
    add("/age/offline-shows-what-is-known-and-sends-nothing", test_offline);
    add("/age/offline-writes-nothing", test_offline_commit);
    add("/age/offline-freed-in-flight", test_offline_freed);
    add("/age/refreshed-when-somebody-asks-next", test_refresh);
    add("/age/refreshed-alone", test_refresh_one);
    add("/age/refreshed-before-it-was-looked-at", test_refresh_unused);
    add("/age/refreshed-on-its-way", test_refresh_in_flight);
    add("/age/refreshed-large-ones-do-not-rest", test_refresh_large);
    add("/age/refreshed-after-a-failure", test_refresh_failed);
    add("/age/refreshed-in-vain-is-as-before", test_refresh_unreachable);
    return g_test_run();
}
