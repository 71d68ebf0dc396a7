/* SPDX-License-Identifier: MIT */
/* test-doubt.c - listings that may be wrong: expired, overtaken, unproved, out of reach. */
#include "cache/internal.h"
#include "cache/settle.h"
#include "tests/unit/fake-service.h"

/* A cache that knows three campaigns; no calls counted yet. */
static Fake *fake_new_known(gint64 *ret_account)
{
    Fake *fake = fake_new();

    fake_add_account(fake);
    fake_add_campaigns(fake, 3);
    *ret_account = fake_account(fake);
    fake_have(fake, LISTING_CAMPAIGNS, *ret_account);
    g_ptr_array_set_size(fake->calls, 0);
    return fake;
}

static CacheResult want_once(Fake *fake, ListingKind kind, gint64 account)
{
    Waiter waiter = {&fake_waiter, fake->mono};

    return cache_want_listing(fake->cache, kind, account, &waiter, NULL);
}

static gint64 find_campaign(Fake *fake, gint64 account)
{
    return fake_find(fake, KIND_CAMPAIGN, account, "1002");
}

/* ---- expired ---- */

static void test_expire(void)
{
    gint64 account;
    Fake *fake = fake_new_known(&account);
    ListingState state;

    fake_have(fake, LISTING_ADS, account);
    g_ptr_array_set_size(fake->calls, 0);
    cache_expire(fake->cache, find_campaign(fake, account));
    cache_listing_state(fake->cache, LISTING_CAMPAIGNS, account, &state);
    g_assert_true(state.known && !state.fresh);
    fake_have(fake, LISTING_ADS, account);
    g_assert_cmpuint(fake->calls->len, ==, 0);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    g_assert_cmpuint(fake->calls->len, ==, 1);
    fake_have(fake, LISTING_CAMPAIGNS, account); /* it is fresh again */
    g_assert_cmpuint(fake->calls->len, ==, 1);
    cache_expire(fake->cache, 17); /* no such row */
    fake_free(fake);
}

static void test_expire_restart(void)
{
    gint64 account;
    Fake *fake = fake_new_known(&account);

    cache_expire(fake->cache, find_campaign(fake, account));
    fake_reopen(fake); /* at once */
    fake_have(fake, LISTING_CAMPAIGNS, account);
    g_assert_cmpuint(fake->calls->len, ==, 1);
    fake_reopen(fake);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    g_assert_cmpuint(fake->calls->len, ==, 1);
    fake_free(fake);
}

static void test_expire_in_flight(void)
{
    gint64 account;
    Fake *fake = fake_new_known(&account);
    ListingState state;

    fake_later(fake, 301 * SECOND);
    g_assert_cmpint(want_once(fake, LISTING_CAMPAIGNS, account), ==, CACHE_WAIT);
    cache_expire(fake->cache, find_campaign(fake, account));
    g_ptr_array_set_size(fake->woken, 0);
    fake_run(fake);
    g_assert_cmpuint(fake->calls->len, ==, 2);
    g_assert_cmpuint(fake->woken->len, ==, 1); /* by the second one */
    cache_listing_state(fake->cache, LISTING_CAMPAIGNS, account, &state);
    g_assert_true(state.fresh);
    fake_free(fake);
}

/* What came before it expired is not fresh, though what was asked for after that failed. */
static void test_expire_and_fail(void)
{
    gint64 account;
    Fake *fake = fake_new_known(&account);

    fake_later(fake, 301 * SECOND);
    g_assert_cmpint(want_once(fake, LISTING_CAMPAIGNS, account), ==, CACHE_WAIT);
    cache_expire(fake->cache, find_campaign(fake, account));
    fake_answer(fake, fake->calls->pdata[0]);
    while (fake->calls->len < 2)
        g_main_context_iteration(NULL, FALSE);
    fake_fail(fake, API_ERROR_REMOTE);
    fake_run(fake);
    fake_work(fake);
    fake_later(fake, 2 * SECOND);
    g_assert_cmpint(want_once(fake, LISTING_CAMPAIGNS, account), ==, CACHE_WAIT);
    fake_free(fake);
}

/* Lets one round end in the store, of which nobody knows yet. */
static void run_until_stored(Fake *fake)
{
    g_autofree char *path = g_build_filename(fake->dir, "cache.sqlite", NULL);
    g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM listing WHERE kind = %d"
                                           " AND fetched = %" G_GINT64_FORMAT,
                                           LISTING_CAMPAIGNS, fake->wall);
    gint64 n = 0;
    sqlite3 *db;

    g_assert_cmpint(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
    fake_answer(fake, fake->calls->pdata[0]);
    while (n == 0) {
        g_main_context_iteration(NULL, FALSE);
        g_usleep(20000);
        g_assert_true(sql_number(db, &n, NULL, sql, ""));
    }
    sqlite3_close(db);
}

static void test_expire_stored(void)
{
    gint64 account;
    Fake *fake = fake_new_known(&account);

    fake_later(fake, 301 * SECOND);
    g_assert_cmpint(want_once(fake, LISTING_CAMPAIGNS, account), ==, CACHE_WAIT);
    run_until_stored(fake);
    cache_expire(fake->cache, find_campaign(fake, account));
    fake_run(fake);
    g_assert_cmpuint(fake->calls->len, ==, 2);
    fake_free(fake);
}

/* A failure of before puts nobody off. */
static void test_expire_failed(void)
{
    gint64 account;
    Fake *fake = fake_new_known(&account);

    fake_later(fake, 301 * SECOND);
    fake_fail(fake, API_ERROR_MALFORMED);
    g_assert_cmpint(fake_want(fake, LISTING_CAMPAIGNS, account, NULL), ==, CACHE_ERROR);
    fake_work(fake);
    cache_expire(fake->cache, find_campaign(fake, account));
    fake_have(fake, LISTING_CAMPAIGNS, account);
    fake_free(fake);
}

static gint64 get_fetched(sqlite3 *db)
{
    gint64 fetched = -1;

    g_assert_true(sql_number(db, &fetched, NULL, "SELECT fetched FROM listing", ""));
    return fetched;
}

/* The writer may have the end of a fetch queued behind the expiry. */
static void test_expire_before_finish(void)
{
    Fake *fake = fake_new_closed();
    StoreConfig config = {fake->dir, fake->dir, &fake->clock, fake_file_name};
    Listing before = {.kind = LISTING_ADS, .members = KIND_AD}, after;
    Listing accounts = {.kind = LISTING_ADVERTISERS, .members = KIND_ADVERTISER};
    Bodies bodies = {"[{\"advertiser_id\":\"7\"}]", strlen("[{\"advertiser_id\":\"7\"}]"), "$", 0};
    g_autoptr(Store) store = NULL;
    gint64 rows = 0, fresh = 0;
    sqlite3 *db;

    store = store_open(&config, &db, NULL);
    g_assert_true(upsert_rows(db, &accounts, &bodies, &rows, &fresh, NULL));
    before.advertiser = sqlite3_last_insert_rowid(db);
    after = before;
    after.expiries = 1;
    before.advertiser_id = after.advertiser_id = (char *)ACCOUNT;
    g_assert_true(settle_listing(db, &before, 0, NULL));
    g_assert_cmpint(get_fetched(db), ==, fake->wall);
    g_assert_true(settle_expire(db, &after, NULL));
    g_assert_cmpint(get_fetched(db), ==, FETCHED_EXPIRED);
    g_assert_true(settle_listing(db, &before, 0, NULL));
    g_assert_cmpint(get_fetched(db), ==, FETCHED_EXPIRED);
    g_assert_true(settle_listing(db, &after, 0, NULL));
    g_assert_cmpint(get_fetched(db), ==, fake->wall);
    sqlite3_close_v2(db);
    fake_free(fake);
}

/* ---- out of reach ---- */

static void have_at_once(Fake *fake, gint64 account)
{
    Waiter waiter = {&fake_waiter, fake->mono};

    g_assert_cmpint(cache_want_listing(fake->cache, LISTING_CAMPAIGNS, account, &waiter, NULL), ==,
                    CACHE_HIT);
}

static void test_unreachable_waits_once(void)
{
    Fake *fake = fake_new();
    gint64 account;
    ListingState state;

    fake_add_account(fake);
    fake_add_campaigns(fake, 3);
    account = fake_account(fake);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    fake_fail(fake, API_ERROR_UNREACHABLE);
    fake_later(fake, 301 * SECOND);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    fake_work(fake);
    g_ptr_array_set_size(fake->calls, 0);
    g_ptr_array_set_size(fake->woken, 0);
    fake_later(fake, 30 * SECOND - 1);
    have_at_once(fake, account);
    g_assert_cmpuint(fake->calls->len, ==, 0);
    fake_later(fake, 1);
    have_at_once(fake, account);
    have_at_once(fake, account); /* one flight for both */
    g_assert_cmpuint(fake->calls->len, ==, 1);
    g_assert_cmpint(((FakeCall *)fake->calls->pdata[0])->priority, ==, CALL_BACKGROUND);
    fake_run(fake);
    g_assert_cmpuint(fake->woken->len, ==, 0);
    cache_listing_state(fake->cache, LISTING_CAMPAIGNS, account, &state);
    g_assert_true(!state.served_old && state.fresh);
    fake_free(fake);
}

static void test_unreachable_expired(void)
{
    gint64 account;
    Fake *fake = fake_new_known(&account);

    fake_fail(fake, API_ERROR_UNREACHABLE);
    fake_later(fake, 301 * SECOND);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    cache_expire(fake->cache, find_campaign(fake, account));
    g_assert_cmpint(want_once(fake, LISTING_CAMPAIGNS, account), ==, CACHE_WAIT);
    fake_run(fake);
    g_assert_cmpint(want_once(fake, LISTING_CAMPAIGNS, account), ==, CACHE_HIT);
    fake_free(fake);
}

/* ---- unproved ---- */

static void test_empty(void)
{
    Fake *fake = fake_new();
    gint64 account;

    fake_add_account(fake);
    fake_add_campaigns(fake, 3);
    account = fake_account(fake);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    fake_later(fake, 301 * SECOND);
    g_ptr_array_set_size(fake->objects[KIND_CAMPAIGN], 0);
    fake_have(fake, LISTING_CAMPAIGNS, account); /* of a total of 0 none came */
    g_assert_cmpint(fake_find(fake, KIND_CAMPAIGN, account, "1002"), ==, 0);
    fake_free(fake);
}

/* No total proves the accounts and their details: a list that is not there is not an empty one. */
static void test_missing_accounts(void)
{
    gint64 account;
    Fake *fake = fake_new_known(&account);

    fake_have(fake, LISTING_INFO, 0);
    for (ListingKind kind = LISTING_ADVERTISERS; kind <= LISTING_INFO; kind++) {
        g_autoptr(GError) error = NULL;
        fake_later(fake, 301 * SECOND);
        if (kind == LISTING_INFO)
            fake_have(fake, LISTING_ADVERTISERS, 0);
        g_ptr_array_set_size(fake->calls, 0);
        fake->no_data = TRUE;
        g_assert_cmpint(fake_want(fake, kind, 0, &error), ==, CACHE_ERROR);
        g_assert_error(error, API_ERROR, API_ERROR_INCOMPLETE);
        g_assert_cmpuint(fake->calls->len, ==, 3);
        g_assert_cmpint(fake_find(fake, KIND_ADVERTISER, 0, ACCOUNT), ==, account);
        fake->no_data = FALSE;
    }
    fake_free(fake);
}

/* Two accounts, of which the service details one. */
static void hide_second(Fake *fake, FakeCall *call)
{
    if (call->endpoint == ENDPOINT_ADVERTISER_INFO && fake->objects[KIND_ADVERTISER]->len == 2)
        g_ptr_array_remove_index(fake->objects[KIND_ADVERTISER], 1);
}

static void test_details_missing(void)
{
    gint64 account;
    Fake *fake = fake_new_known(&account);
    g_autoptr(GError) error = NULL;
    gint64 other;

    fake_have(fake, LISTING_INFO, 0);
    fake_add(fake, KIND_ADVERTISER, "{\"advertiser_id\":\"7\"}");
    fake_later(fake, 301 * SECOND);
    fake_have(fake, LISTING_ADVERTISERS, 0);
    other = fake_find(fake, KIND_ADVERTISER, 0, "7");
    g_ptr_array_set_size(fake->calls, 0);
    fake->on_call = hide_second;
    fake_have(fake, LISTING_INFO, 0);
    g_assert_cmpuint(fake->calls->len, ==, 2); /* all, then the one alone */
    g_assert_false(cache_account_refused(fake->cache, account, &error));
    g_assert_true(cache_account_refused(fake->cache, other, &error));
    g_assert_error(error, API_ERROR, API_ERROR_INCOMPLETE);
    g_assert_nonnull(strstr(error->message, " 7,"));
    fake->on_call = NULL;
    fake_add(fake, KIND_ADVERTISER, "{\"advertiser_id\":\"7\"}");
    fake_later(fake, G_TIME_SPAN_HOUR + SECOND);
    fake_have(fake, LISTING_INFO, 0);
    g_assert_false(cache_account_refused(fake->cache, other, NULL));
    fake_free(fake);
}

/* Lets one call be answered and its listing end, whatever else is under way. */
static void run_only(Fake *fake, guint call, ListingKind kind)
{
    ListingState state;

    fake_answer(fake, fake->calls->pdata[call]);
    do {
        g_main_context_iteration(NULL, TRUE);
        cache_listing_state(fake->cache, kind, 0, &state);
    } while (!state.fresh);
}

static void test_details_overtaken(void)
{
    gint64 account;
    Fake *fake = fake_new_known(&account);
    ListingState state;

    fake_have(fake, LISTING_INFO, 0);
    fake_later(fake, 301 * SECOND);
    fake_have(fake, LISTING_ADVERTISERS, 0);
    g_ptr_array_set_size(fake->calls, 0);
    g_assert_cmpint(want_once(fake, LISTING_INFO, 0), ==, CACHE_WAIT);
    fake_later(fake, 301 * SECOND); /* a slow answer */
    fake_add(fake, KIND_ADVERTISER, "{\"advertiser_id\":\"8123\"}");
    g_assert_cmpint(want_once(fake, LISTING_ADVERTISERS, 0), ==, CACHE_WAIT);
    run_only(fake, 1, LISTING_ADVERTISERS);
    fake_run(fake);
    g_assert_cmpuint(fake->calls->len, ==, 3);
    g_assert_null(strstr(((FakeCall *)fake->calls->pdata[0])->query, "8123"));
    g_assert_nonnull(strstr(((FakeCall *)fake->calls->pdata[2])->query, "8123"));
    cache_listing_state(fake->cache, LISTING_INFO, 0, &state);
    g_assert_true(state.fresh);
    fake_free(fake);
}

/* ---- slots ---- */

static void want_report(Fake *fake, gint64 account, const char *day)
{
    static const char *const metrics[] = {"spend", NULL};
    Waiter waiter = {&fake_waiter, fake->mono};
    ReportQuery query = {.advertiser = account,
                         .shape = {.level = KIND_CAMPAIGN,
                                   .id = "campaign_id",
                                   .grain = GRAIN_DAY,
                                   .metrics = metrics},
                         .start = day,
                         .end = day};

    g_assert_cmpint(cache_want_report(fake->cache, &query, &waiter, NULL), ==, CACHE_WAIT);
}

static guint count_pending(const Fake *fake, EndpointId endpoint)
{
    guint n = 0;

    for (guint i = 0; i < fake->calls->len; i++) {
        const FakeCall *call = fake->calls->pdata[i];
        n += call->done != NULL && call->endpoint == endpoint;
    }
    return n;
}

static void test_slow_reports(void)
{
    static const char *const days[] = {"2026-11-10", "2026-11-11", "2026-11-12", "2026-11-13",
                                       "2026-11-14"};
    gint64 account;
    Fake *fake = fake_new_known(&account);

    for (guint i = 0; i < G_N_ELEMENTS(days); i++)
        want_report(fake, account, days[i]);
    g_assert_cmpuint(count_pending(fake, ENDPOINT_REPORT), ==, 3);
    g_assert_cmpint(want_once(fake, LISTING_ADS, account), ==, CACHE_WAIT);
    g_assert_cmpuint(count_pending(fake, ENDPOINT_AD_GET), ==, 1);
    fake_run(fake);
    g_assert_cmpuint(fake->calls->len, ==, 6); /* nobody was forgotten */
    fake_free(fake);
}

static void ignore_stored(void *user_data, const GError *error)
{
    g_assert_no_error(error);
}

/* A round begins when its first page is asked for, not when it waits for a slot: what was committed
   before that, and is in no page, has vanished. */
static void test_waits_for_slot(void)
{
    static const ListingKind others[] = {LISTING_ADGROUPS, LISTING_ADS, LISTING_CENTERS,
                                         LISTING_ADVERTISERS};
    g_autoptr(GBytes) body = g_bytes_new_static("{\"campaign_id\":\"1002\"}", 22);
    gint64 account;
    Fake *fake = fake_new_known(&account);

    fake_later(fake, 301 * SECOND);
    for (guint i = 0; i < G_N_ELEMENTS(others); i++)
        g_assert_cmpint(want_once(fake, others[i], account), ==, CACHE_WAIT);
    g_assert_cmpint(want_once(fake, LISTING_CAMPAIGNS, account), ==, CACHE_WAIT);
    g_assert_cmpuint(fake->calls->len, ==, 4); /* none is left for the campaigns */
    fake_later(fake, SECOND);
    cache_store_object(fake->cache, find_campaign(fake, account), body, fake->mono, ignore_stored,
                       NULL);
    fake_later(fake, SECOND);
    g_ptr_array_remove_index(fake->objects[KIND_CAMPAIGN], 2);
    fake_run(fake);
    g_assert_cmpint(find_campaign(fake, account), ==, 0);
    fake_free(fake);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/doubt/expired-is-asked-for-again", test_expire);
    g_test_add_func("/doubt/expired-also-after-a-restart", test_expire_restart);
    g_test_add_func("/doubt/expired-in-flight-begins-again", test_expire_in_flight);
    g_test_add_func("/doubt/expired-in-flight-is-not-fresh-if-that-fails", test_expire_and_fail);
    g_test_add_func("/doubt/expired-as-it-was-stored-begins-again", test_expire_stored);
    g_test_add_func("/doubt/expired-asks-in-spite-of-a-failure", test_expire_failed);
    g_test_add_func("/doubt/expired-before-the-writer-finished", test_expire_before_finish);
    g_test_add_func("/doubt/unreachable-makes-one-wait-not-all", test_unreachable_waits_once);
    g_test_add_func("/doubt/unreachable-and-expired-is-asked-for-first", test_unreachable_expired);
    g_test_add_func("/doubt/empty-if-the-total-says-so", test_empty);
    g_test_add_func("/doubt/accounts-without-a-list-are-incomplete", test_missing_accounts);
    g_test_add_func("/doubt/details-that-lack-an-account-are-incomplete", test_details_missing);
    g_test_add_func("/doubt/details-overtaken-by-a-new-account", test_details_overtaken);
    g_test_add_func("/doubt/a-round-begins-with-its-first-page", test_waits_for_slot);
    g_test_add_func("/doubt/reports-leave-a-slot-to-listings", test_slow_reports);
    return g_test_run();
}
