/* SPDX-License-Identifier: MIT */
/* test-upsert.c - what a listing or a commit does to the objects that are there. */
#include "tests/unit/fake-service.h"

#include "cache/internal.h"
#include "cache/upsert.h"

static gint64 get_changed(Fake *fake, gint64 account)
{
    ListingState state;

    cache_listing_state(fake->cache, LISTING_CAMPAIGNS, account, &state);
    return state.changed_us;
}

static void replace(Fake *fake, guint index, const char *json)
{
    GPtrArray *all = fake->objects[KIND_CAMPAIGN];

    g_free(all->pdata[index]);
    all->pdata[index] = g_strdup(json);
}

static void test_changed(void)
{
    Fake *fake = fake_new();
    gint64 account, row, born = fake->wall;

    fake_add_account(fake);
    fake_add_campaigns(fake, 3);
    account = fake_account(fake);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    row = fake_find(fake, KIND_CAMPAIGN, account, "1000");
    g_assert_cmpint(get_changed(fake, account), ==, born);

    fake_later(fake, 400 * SECOND); /* a value: the object's time moves, the listing's does not */
    replace(fake, 0, "{\"campaign_id\":\"1000\",\"campaign_name\":\"c0\",\"budget\":7}");
    fake_have(fake, LISTING_CAMPAIGNS, account);
    g_assert_cmpint(get_changed(fake, account), ==, born);
    g_assert_cmpint(cache_row(fake->cache, row)->changed_us, ==, fake->wall);
    g_assert_cmpint(cache_row(fake->cache, row + 1)->changed_us, ==, 0); /* nobody saw it */
    g_assert_cmpstr(object_raw(cache_row(fake->cache, row)->object, "budget"), ==, "7");

    fake_later(fake, 400 * SECOND); /* a name */
    replace(fake, 0, "{\"campaign_id\":\"1000\",\"campaign_name\":\"new\",\"budget\":7}");
    fake_have(fake, LISTING_CAMPAIGNS, account);
    g_assert_cmpint(get_changed(fake, account), ==, fake->wall);

    fake_later(fake, 400 * SECOND); /* one less */
    g_ptr_array_remove_index(fake->objects[KIND_CAMPAIGN], 2);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    g_assert_cmpint(get_changed(fake, account), ==, fake->wall);
    fake_free(fake);
}

static void test_never_reused(void)
{
    Fake *fake = fake_new();
    gint64 account, row;

    fake_add_account(fake);
    fake_add_campaigns(fake, 3);
    account = fake_account(fake);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    row = fake_find(fake, KIND_CAMPAIGN, account, "1002");
    g_assert_cmpint(row, >, (fake->wall / SECOND) << 20);
    g_assert_cmpint(row, <, G_MAXINT64 >> 8);
    g_ptr_array_remove_index(fake->objects[KIND_CAMPAIGN], 2);
    fake_later(fake, 400 * SECOND);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    g_assert_null(cache_row(fake->cache, row));
    fake_reopen(fake);
    fake_add(fake, KIND_CAMPAIGN, "{\"campaign_id\":\"1002\",\"campaign_name\":\"again\"}");
    fake_later(fake, 400 * SECOND);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    g_assert_cmpint(fake_find(fake, KIND_CAMPAIGN, account, "1002"), >, row);
    fake_free(fake);
}

static void test_configured(void)
{
    static const char *const ids[] = {"71", "72", NULL};
    Fake *fake = fake_new_closed();
    Scope scope = {KIND_ADVERTISER, 0, NULL};
    gint64 row;

    fake->config.advertisers = ids;
    fake_open(fake);
    fake_have(fake, LISTING_ADVERTISERS, 0);
    g_assert_cmpuint(fake->calls->len, ==, 0);
    row = cache_find_id(fake->cache, &scope, "72");
    g_assert_cmpint(cache_row(fake->cache, row)->advertiser, ==, row);
    g_assert_cmpint(cache_find_name(fake->cache, &scope, "~72"), ==, row);

    fake_add(fake, KIND_ADVERTISER, "{\"advertiser_id\":\"71\",\"name\":\"Eins\"}");
    fake_add(fake, KIND_ADVERTISER,
             "{\"advertiser_id\":\"72\",\"name\":\"Zwei\",\"balance\":1.50}");
    fake_have(fake, LISTING_INFO, 0);
    g_assert_cmpuint(fake->calls->len, ==, 1);
    g_assert_cmpint(cache_find_name(fake->cache, &scope, "Zwei"), ==, row);

    fake_later(fake, 400 * SECOND); /* the list comes again and takes nothing away */
    fake_have(fake, LISTING_ADVERTISERS, 0);
    g_assert_cmpint(cache_find_name(fake->cache, &scope, "Zwei"), ==, row);
    g_assert_cmpstr(object_raw(cache_row(fake->cache, row)->object, "balance"), ==, "1.50");
    fake_free(fake);
}

/* What the configuration says now counts, not what it said when the list was stored. */
static void test_configured_anew(void)
{
    static const char *const before[] = {"71", "72", NULL}, *const now[] = {"72", "73", NULL};
    Fake *fake = fake_new_closed();

    fake->config.advertisers = before;
    fake_open(fake);
    fake_have(fake, LISTING_ADVERTISERS, 0);
    fake_close(fake);
    fake->config.advertisers = now;
    fake_open(fake);
    fake_have(fake, LISTING_ADVERTISERS, 0);
    g_assert_cmpint(fake_find(fake, KIND_ADVERTISER, 0, "71"), ==, 0);
    g_assert_cmpint(fake_find(fake, KIND_ADVERTISER, 0, "73"), >, 0);
    g_assert_cmpuint(fake->calls->len, ==, 0);
    fake_free(fake);
}

static void test_short_body(void)
{
    Fake *fake = fake_new();
    Scope scope = {KIND_ADVERTISER, 0, NULL};
    gint64 row;

    fake_add(fake, KIND_ADVERTISER,
             "{\"advertiser_id\":\"" ACCOUNT "\",\"name\":\"A\",\"currency\":\"EUR\"}");
    fake_have(fake, LISTING_INFO, 0);
    row = cache_find_id(fake->cache, &scope, ACCOUNT);
    g_ptr_array_set_size(fake->objects[KIND_ADVERTISER], 0);
    fake_add(fake, KIND_ADVERTISER,
             "{\"advertiser_id\":\"" ACCOUNT "\",\"advertiser_name\":\"B\"}");
    fake_later(fake, 400 * SECOND);
    fake_have(fake, LISTING_ADVERTISERS, 0);
    g_assert_cmpint(cache_find_name(fake->cache, &scope, "B"), ==, row);
    g_assert_cmpstr(object_text(cache_row(fake->cache, row)->object, "currency"), ==, "EUR");
    fake_free(fake);
}

/* The list of accounts is read again before their details are old, and has one more. */
static void test_new_account(void)
{
    Fake *fake = fake_new();
    Scope scope = {KIND_ADVERTISER, 0, NULL};
    const Row *row;

    fake_add(fake, KIND_ADVERTISER, "{\"advertiser_id\":\"71\",\"name\":\"Eins\"}");
    fake_have(fake, LISTING_ADVERTISERS, 0);
    fake_later(fake, 200 * SECOND);
    fake_have(fake, LISTING_INFO, 0);
    fake_later(fake, 101 * SECOND);
    fake_have(fake, LISTING_INFO, 0);
    g_assert_cmpuint(fake->calls->len, ==, 3); /* the list again, the details not */
    fake_later(fake, 200 * SECOND);
    fake_have(fake, LISTING_INFO, 0);
    g_assert_cmpuint(fake->calls->len, ==, 4); /* the details again, the list not */
    fake_add(fake, KIND_ADVERTISER,
             "{\"advertiser_id\":\"72\",\"name\":\"Zwei\",\"currency\":\"EUR\"}");
    fake_later(fake, 101 * SECOND);
    fake_have(fake, LISTING_INFO, 0);
    g_assert_cmpuint(fake->calls->len, ==, 6); /* both */
    row = cache_row(fake->cache, cache_find_id(fake->cache, &scope, "72"));
    g_assert_cmpstr(object_text(row->object, "currency"), ==, "EUR");
    fake_free(fake);
}

static void test_info_batches(void)
{
    Fake *fake = fake_new();

    for (guint i = 0; i < 250; i++)
        fake_add(fake, KIND_ADVERTISER, "{\"advertiser_id\":\"%u\",\"advertiser_name\":\"n\"}",
                 100000 + i);
    fake_have(fake, LISTING_INFO, 0);
    g_assert_cmpuint(fake->calls->len, ==, 1 + 3);
    fake_free(fake);
}

static void test_account_goes(void)
{
    Fake *fake = fake_new();
    gint64 account, row;

    fake_add_account(fake);
    fake_add_campaigns(fake, 2);
    account = fake_account(fake);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    row = fake_find(fake, KIND_CAMPAIGN, account, "1001");
    g_assert_nonnull(cache_row(fake->cache, row));
    g_ptr_array_set_size(fake->objects[KIND_ADVERTISER], 0);
    fake_later(fake, 400 * SECOND);
    fake_have(fake, LISTING_ADVERTISERS, 0);
    g_assert_null(cache_row(fake->cache, account));
    g_assert_null(cache_row(fake->cache, row));
    g_assert_cmpint(cache_want_listing(fake->cache, LISTING_CAMPAIGNS, account, NULL, NULL), ==,
                    CACHE_ERROR);
    fake_free(fake);
}

/* ---- parents ---- */

static void test_derived(void)
{
    Fake *fake = fake_new();
    gint64 account, group, campaign, before;
    const Row *row;

    fake_add_account(fake);
    fake_add(fake, KIND_AD,
             "{\"ad_id\":\"300\",\"ad_name\":\"a\",\"adgroup_id\":\"200\",\"adgroup_name\":\"g/1\","
             "\"campaign_id\":\"100\",\"campaign_name\":\"c\"}");
    account = fake_account(fake);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    fake_have(fake, LISTING_ADGROUPS, account);
    before = get_changed(fake, account);
    fake_later(fake, 10 * SECOND);
    fake_have(fake, LISTING_ADS, account);
    g_assert_cmpint(get_changed(fake, account), >, before);
    group = fake_find(fake, KIND_ADGROUP, account, "200");
    campaign = fake_find(fake, KIND_CAMPAIGN, account, "100");
    row = cache_row(fake->cache, group);
    g_assert_true(row->derived);
    g_assert_cmpstr(row->parent, ==, "100");
    g_assert_cmpstr(object_text(row->object, "adgroup_name"), ==, "g/1");
    g_assert_cmpstr(object_text(row->object, "campaign_id"), ==, "100");
    row = cache_row(fake->cache, campaign);
    g_assert_true(row->derived);
    g_assert_cmpstr(object_json(row->object), ==,
                    "{\"campaign_id\":\"100\",\"campaign_name\":\"c\",\"advertiser_id\":\"" ACCOUNT
                    "\"}");

    fake_free(fake);
}

static void test_derived_stays(void)
{
    Fake *fake = fake_new();
    gint64 account, group, campaign;

    fake_add_account(fake);
    fake_add(fake, KIND_AD,
             "{\"ad_id\":\"300\",\"ad_name\":\"a\",\"adgroup_id\":\"200\",\"adgroup_name\":\"g\","
             "\"campaign_id\":\"100\",\"campaign_name\":\"c\"}");
    account = fake_account(fake);
    fake_have(fake, LISTING_ADS, account);
    group = fake_find(fake, KIND_ADGROUP, account, "200");
    campaign = fake_find(fake, KIND_CAMPAIGN, account, "100");

    fake_later(fake, 400 * SECOND); /* still not listed: still the same row */
    fake_have(fake, LISTING_CAMPAIGNS, account);
    g_assert_cmpint(fake_find(fake, KIND_CAMPAIGN, account, "100"), ==, campaign);

    fake_later(fake, 400 * SECOND); /* the listing has it: the same row, not derived */
    fake_add(fake, KIND_CAMPAIGN, "{\"campaign_id\":\"100\",\"campaign_name\":\"c\",\"budget\":1}");
    fake_have(fake, LISTING_CAMPAIGNS, account);
    g_assert_cmpint(fake_find(fake, KIND_CAMPAIGN, account, "100"), ==, campaign);
    g_assert_false(cache_row(fake->cache, campaign)->derived);

    g_ptr_array_set_size(fake->objects[KIND_AD], 0); /* no member is left */
    g_ptr_array_set_size(fake->objects[KIND_CAMPAIGN], 0);
    fake_have(fake, LISTING_ADS, account);
    fake_later(fake, 400 * SECOND);
    fake_have(fake, LISTING_ADS, account);
    g_assert_null(cache_row(fake->cache, group));
    fake_have(fake, LISTING_CAMPAIGNS, account);
    g_assert_null(cache_row(fake->cache, campaign));
    fake_free(fake);
}

/* ---- commits ---- */

typedef struct {
    gboolean done;
    GError *error;
} Stored;

static void on_stored(void *user_data, const GError *error)
{
    Stored *stored = user_data;

    stored->done = TRUE;
    stored->error = error ? g_error_copy(error) : NULL;
}

static void store(Fake *fake, gint64 row, const char *json, gint64 asked_us, Stored *ret)
{
    g_autoptr(GBytes) bytes = g_bytes_new(json, strlen(json));

    *ret = (Stored){0};
    cache_store_object(fake->cache, row, bytes, asked_us, on_stored, ret);
    while (!ret->done)
        g_main_context_iteration(NULL, TRUE);
}

static const char *get_budget(Fake *fake, gint64 row)
{
    return object_raw(cache_row(fake->cache, row)->object, "budget");
}

#define CAMPAIGN(budget) "{\"campaign_id\":\"1000\",\"campaign_name\":\"c0\",\"budget\":" budget "}"

static void test_commit(void)
{
    Fake *fake = fake_new();
    Waiter waiter = {&fake_waiter, 0};
    gint64 account, row;
    Stored stored;

    fake_add_account(fake);
    fake_add_campaigns(fake, 2);
    account = fake_account(fake);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    row = fake_find(fake, KIND_CAMPAIGN, account, "1000");
    g_assert_cmpstr(get_budget(fake, row), ==, "500.10");

    fake_later(fake, 400 * SECOND); /* asked for, then the commit, then the old answer */
    waiter.began = fake->mono;
    cache_want_listing(fake->cache, LISTING_CAMPAIGNS, account, &waiter, NULL);
    fake_later(fake, SECOND);
    store(fake, row, CAMPAIGN("750.00"), fake->mono, &stored);
    g_assert_no_error(stored.error);
    g_assert_cmpstr(get_budget(fake, row), ==, "750.00");
    fake_run(fake);
    g_assert_cmpstr(get_budget(fake, row), ==, "750.00");

    for (int i = 0; i < 2; i++) { /* older readings, which do not make the next one welcome */
        store(fake, row, CAMPAIGN("600"), fake->mono - 1, &stored);
        g_assert_cmpstr(get_budget(fake, row), ==, "750.00");
    }

    fake_later(fake, 400 * SECOND); /* a listing asked for later is believed */
    fake_have(fake, LISTING_CAMPAIGNS, account);
    g_assert_cmpstr(get_budget(fake, row), ==, "500.10");
    fake_free(fake);
}

static void test_commit_not_listed(void)
{
    Fake *fake = fake_new();
    Waiter waiter = {&fake_waiter, 0};
    gint64 account, row;
    Stored stored;

    fake_add_account(fake);
    fake_add_campaigns(fake, 2);
    account = fake_account(fake);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    row = fake_find(fake, KIND_CAMPAIGN, account, "1000");
    fake_later(fake, 400 * SECOND);
    waiter.began = fake->mono;
    cache_want_listing(fake->cache, LISTING_CAMPAIGNS, account, &waiter, NULL);
    fake_later(fake, SECOND);
    g_ptr_array_remove_index(fake->objects[KIND_CAMPAIGN], 0); /* the listing lacks it */
    store(fake, row, CAMPAIGN("750.00"), fake->mono, &stored);
    fake_run(fake);
    g_assert_cmpstr(get_budget(fake, row), ==, "750.00");
    fake_later(fake, 400 * SECOND);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    g_assert_null(cache_row(fake->cache, row));
    fake_free(fake);
}

static void test_commit_refused(void)
{
    Fake *fake = fake_new();
    gint64 account;
    Stored stored;

    fake_add_account(fake);
    fake_add_campaigns(fake, 2);
    account = fake_account(fake);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    store(fake, 12345, CAMPAIGN("1"), fake->mono, &stored);
    g_assert_error(stored.error, API_ERROR, API_ERROR_NOT_FOUND);
    g_clear_error(&stored.error);
    store(fake, fake_find(fake, KIND_CAMPAIGN, account, "1001"), CAMPAIGN("1"), fake->mono,
          &stored);
    g_assert_error(stored.error, API_ERROR, API_ERROR_MALFORMED);
    g_clear_error(&stored.error);
    fake_free(fake);
}

/* Details that were asked for before the account went do not bring it back. */
static void test_details_of_the_gone(void)
{
    Fake *fake = fake_new_closed();
    StoreConfig config = {fake->dir, fake->dir, &fake->clock, fake_file_name};
    g_autoptr(RowSet) seen = row_set_new();
    Listing listing = {.kind = LISTING_INFO, .members = KIND_ADVERTISER, .seen = seen};
    Bodies bodies = {.text = "[{\"advertiser_id\":\"71\",\"name\":\"A\"}]", .path = "$"};
    gint64 rows = 0, fresh = 0, n = -1;
    g_autoptr(GError) error = NULL;
    sqlite3 *db;
    Store *store = store_open(&config, &db, &error);

    g_assert_no_error(error);
    bodies.length = strlen(bodies.text);
    g_assert_true(upsert_rows(db, &listing, &bodies, &rows, &fresh, &error));
    g_assert_cmpint(rows, ==, 1);
    g_assert_cmpint(fresh, ==, 0);
    g_assert_true(sql_number(db, &n, NULL, "SELECT count(*) FROM object", ""));
    g_assert_cmpint(n, ==, 0);
    store_end_reading(store);
    sqlite3_close_v2(db);
    store_free(store);
    fake_free(fake);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/upsert/changed-moves-with-members-and-names", test_changed);
    g_test_add_func("/upsert/row-numbers-are-never-reused", test_never_reused);
    g_test_add_func("/upsert/configured-accounts-need-no-call", test_configured);
    g_test_add_func("/upsert/configured-accounts-change", test_configured_anew);
    g_test_add_func("/upsert/a-short-body-replaces-no-whole-one", test_short_body);
    g_test_add_func("/upsert/a-new-account-makes-details-old", test_new_account);
    g_test_add_func("/upsert/details-in-batches-of-a-hundred", test_info_batches);
    g_test_add_func("/upsert/an-account-takes-its-objects-with-it", test_account_goes);
    g_test_add_func("/upsert/parents-known-from-members", test_derived);
    g_test_add_func("/upsert/nothing-older-over-a-commit", test_commit);
    g_test_add_func("/upsert/an-older-listing-does-not-remove-it", test_commit_not_listed);
    g_test_add_func("/upsert/a-commit-of-another-object-is-refused", test_commit_refused);
    g_test_add_func("/upsert/derived-until-listed-or-left", test_derived_stays);
    g_test_add_func("/upsert/details-bring-no-account-back", test_details_of_the_gone);
    return g_test_run();
}
