/* SPDX-License-Identifier: MIT */
/* test-centers.c - Business Centers, the accounts they name and the roles they give. */
#include "tests/unit/fake-centers.h"

static void test_roles(void)
{
    Fake *fake = new_centers();
    ListingState state;
    const Row *row;

    g_assert_cmpint(role_of(fake, "71"), ==, ROLE_UNKNOWN);
    fake_have(fake, LISTING_ROLES, 0);
    g_assert_cmpuint(n_calls(fake), ==, 3);
    g_assert_cmpint(role_of(fake, "71"), ==, ROLE_ADMIN); /* the highest */
    g_assert_cmpint(role_of(fake, "72"), ==, ROLE_OPERATOR);
    g_assert_cmpint(role_of(fake, "73"), ==, ROLE_ANALYST);
    g_assert_cmpint(role_of(fake, "74"), ==, ROLE_UNKNOWN);
    g_assert_cmpint(cache_role(fake->cache, 1), ==, ROLE_UNKNOWN);
    g_assert_cmpint(cache_role(fake->cache, center(fake, "61")), ==, ROLE_UNKNOWN);
    row = cache_row(fake->cache, center(fake, "62"));
    g_assert_cmpint(row->kind, ==, KIND_CENTER);
    g_assert_cmpint(row->advertiser, ==, row->row);
    g_assert_cmpstr(object_text(row->object, "user_role"), ==, "ADMIN");
    g_assert_cmpint(cache_find_name(fake->cache, &(Scope){KIND_CENTER, 0, NULL}, "Center 62"), ==,
                    row->row);
    cache_listing_state(fake->cache, LISTING_ROLES, 0, &state);
    g_assert_true(state.known && state.fresh);
    g_assert_cmpint(state.rows, ==, 5);
    g_assert_cmpint(state.expires_us, ==, fake->mono + 300 * SECOND);
    fake_reopen(fake);
    fake_have(fake, LISTING_ROLES, 0);
    g_assert_cmpuint(n_calls(fake), ==, 0);
    g_assert_cmpint(role_of(fake, "71"), ==, ROLE_ADMIN);
    fake_free(fake);
}

/* The account comes to the root once, and stays for as long as anybody names it. */
static void test_unlisted(void)
{
    Fake *fake = new_centers();
    ListingState before, after;
    gint64 row;

    g_assert_cmpuint(count(fake, KIND_ADVERTISER, 0), ==, 3);
    cache_listing_state(fake->cache, LISTING_ADVERTISERS, 0, &before);
    fake_later(fake, SECOND);
    fake_have(fake, LISTING_ROLES, 0);
    cache_listing_state(fake->cache, LISTING_ADVERTISERS, 0, &after);
    g_assert_cmpint(after.changed_us, >, before.changed_us);
    g_assert_cmpint(after.rows, ==, 4);
    g_assert_cmpuint(count(fake, KIND_ADVERTISER, 0), ==, 4);
    row = account(fake, "73");
    g_assert_cmpint(cache_find_name(fake->cache, &(Scope){KIND_ADVERTISER, 0, NULL}, "Name of 73"),
                    ==, row);
    g_assert_cmpstr(object_text(cache_row(fake->cache, row)->object, "advertiser_id"), ==, "73");

    fake_later(fake, EXPIRE); /* the list of accounts lacks it still */
    fake_have(fake, LISTING_ADVERTISERS, 0);
    g_assert_cmpint(account(fake, "73"), ==, row);
    add_account(fake, "73"); /* has it now; the center has it no more */
    forget(fake, KIND_ASSET, "\"73\"");
    fake_later(fake, EXPIRE);
    fake_have(fake, LISTING_ADVERTISERS, 0);
    fake_have(fake, LISTING_ROLES, 0);
    g_assert_cmpint(account(fake, "73"), ==, row);
    g_assert_cmpint(role_of(fake, "73"), ==, ROLE_UNKNOWN);
    forget(fake, KIND_ADVERTISER, "\"73\"");
    fake_later(fake, EXPIRE);
    fake_have(fake, LISTING_ADVERTISERS, 0);
    g_assert_cmpint(account(fake, "73"), ==, 0);
    fake_free(fake);
}

/* Details of a new account alone are asked for, as long as those of the others are fresh. */
static void test_details(void)
{
    Fake *fake = fake_new();
    ListingState state;

    for (guint i = 0; i < 250; i++)
        fake_add(fake, KIND_ADVERTISER, "{\"advertiser_id\":\"%u\",\"name\":\"A\"}", 700000 + i);
    add_center(fake, "61");
    add_asset(fake, "61", "73", "ANALYST", "BOUND");
    fake_have(fake, LISTING_INFO, 0);
    fake_later(fake, 100 * SECOND);
    fake_have(fake, LISTING_ROLES, 0);
    cache_listing_state(fake->cache, LISTING_INFO, 0, &state);
    g_assert_true(state.known && !state.fresh);
    add_account(fake, "73");
    n_calls(fake);
    fake_have(fake, LISTING_INFO, 0);
    g_assert_cmpuint(n_calls(fake), ==, 1);
    cache_listing_state(fake->cache, LISTING_INFO, 0, &state);
    g_assert_true(state.fresh);
    g_assert_cmpint(state.expires_us, ==, fake->mono + 200 * SECOND);
    g_assert_cmpstr(
        object_text(cache_row(fake->cache, account(fake, "73"))->object, "advertiser_name"), ==,
        "A");
    fake_reopen(fake);
    fake_later(fake, 199 * SECOND);
    fake_have(fake, LISTING_ROLES, 0);
    n_calls(fake);
    fake_later(fake, 2 * SECOND);
    fake_have(fake, LISTING_INFO, 0);
    g_assert_cmpuint(n_calls(fake), ==, 1 + 3);
    fake_free(fake);
}

/* All new ones are refused, which says nothing of the others. */
static void refuse_new(Fake *fake, FakeCall *call)
{
    if (call->endpoint == ENDPOINT_ADVERTISER_INFO &&
        (strstr(call->query, "%2273%22") || strstr(call->query, "%2275%22")))
        fake_refuse(call, API_ERROR_DENIED, 40001, "No");
}

static void test_details_refused(void)
{
    Fake *fake = new_centers();

    add_asset(fake, "62", "75", "ADMIN", "BOUND");
    fake_have(fake, LISTING_INFO, 0);
    fake->on_call = refuse_new;
    fake_have(fake, LISTING_ROLES, 0);
    n_calls(fake);
    fake_have(fake, LISTING_INFO, 0);
    g_assert_cmpuint(n_calls(fake), ==, 3);
    g_assert_true(cache_account_refused(fake->cache, account(fake, "73"), NULL));
    g_assert_true(cache_account_refused(fake->cache, account(fake, "75"), NULL));
    g_assert_false(cache_account_refused(fake->cache, account(fake, "71"), NULL));
    fake_free(fake);
}

/* An asset that is only asked for, or was refused, gives no right and names no account. */
static void test_unbound(void)
{
    Fake *fake = new_centers();

    add_asset(fake, "61", "74", "ADMIN", "PENDING");
    add_asset(fake, "61", "75", "ADMIN", "UNBOUND");
    fake_add(
        fake, KIND_ASSET,
        "{\"bc_id\":\"62\",\"asset_id\":\"76\",\"relation_status\":\"\",\"advertiser_role\":null}");
    fake_have(fake, LISTING_ROLES, 0);
    g_assert_cmpint(role_of(fake, "74"), ==, ROLE_UNKNOWN);
    g_assert_cmpint(account(fake, "75"), ==, 0);
    g_assert_cmpint(account(fake, "76"), >, 0);
    g_assert_cmpint(role_of(fake, "76"), ==, ROLE_UNKNOWN);
    g_assert_cmpint(account_in(fake, "61", "74"), ==, 0);
    g_assert_cmpint(account_in(fake, "62", "76"), ==, account(fake, "76"));
    g_assert_cmpint(cache_account_of_asset(fake->cache, account(fake, "76")), ==, 0);
    fake_free(fake);
}

/* It takes along what it had, down to the campaigns of an account that nobody else names. */
static void test_center_goes(void)
{
    Fake *fake = new_centers();
    gint64 gone, other, campaign;

    fake_have(fake, LISTING_ROLES, 0);
    fake_add(fake, KIND_MEMBER, "{\"bc_id\":\"62\",\"user_id\":\"5\",\"user_name\":\"M\"}");
    fake_add(fake, KIND_FUNDS, "{\"bc_id\":\"62\",\"account_balance\":1}");
    gone = center(fake, "62");
    fake_have(fake, LISTING_MEMBERS, gone);
    fake_have(fake, LISTING_FUNDS, gone);
    fake_add_campaigns(fake, 2);
    other = account(fake, "73");
    fake_have(fake, LISTING_CAMPAIGNS, other);
    campaign = fake_find(fake, KIND_CAMPAIGN, other, "1000");
    g_assert_nonnull(cache_row(fake->cache, campaign));

    forget(fake, KIND_CENTER, "\"62\"");
    fake_later(fake, EXPIRE);
    fake_have(fake, LISTING_CENTERS, 0);
    g_assert_null(cache_row(fake->cache, gone));
    g_assert_cmpuint(count(fake, KIND_ASSET, gone), ==, 0);
    g_assert_cmpuint(count(fake, KIND_MEMBER, gone), ==, 0);
    g_assert_cmpuint(count(fake, KIND_FUNDS, gone), ==, 0);
    g_assert_cmpint(account(fake, "73"), ==, 0);
    g_assert_null(cache_row(fake->cache, campaign));
    g_assert_cmpint(account(fake, "71"), >, 0);
    g_assert_cmpint(role_of(fake, "71"), ==, ROLE_ANALYST);
    g_assert_cmpuint(count(fake, KIND_ASSET, center(fake, "61")), ==, 2);
    g_assert_cmpint(cache_want_listing(fake->cache, LISTING_ASSETS, gone, NULL, NULL), ==,
                    CACHE_ERROR);
    gone = center(fake, "61"); /* no account goes with this one */
    forget(fake, KIND_CENTER, "\"61\"");
    fake_later(fake, EXPIRE);
    fake_have(fake, LISTING_CENTERS, 0);
    g_assert_cmpuint(count(fake, KIND_ASSET, gone), ==, 0);
    g_assert_cmpuint(count(fake, KIND_ADVERTISER, 0), ==, 3);
    fake_free(fake);
}

/* Its members come when it is gone: nothing is stored of it. */
static void test_gone_meanwhile(void)
{
    Fake *fake = new_centers();
    g_autoptr(GError) error = NULL;
    Waiter waiter = {&fake_waiter, fake->mono};
    FakeCall *call;
    gint64 of;

    fake_have(fake, LISTING_CENTERS, 0);
    of = center(fake, "62");
    fake_add(fake, KIND_MEMBER, "{\"bc_id\":\"62\",\"user_id\":\"9\"}");
    fake_later(fake, EXPIRE);
    waiter.began = fake->mono;
    n_calls(fake);
    cache_want_listing(fake->cache, LISTING_CENTERS, 0, &waiter, NULL);
    cache_want_listing(fake->cache, LISTING_MEMBERS, of, &waiter, NULL);
    forget(fake, KIND_CENTER, "\"62\"");
    fake_answer(fake, fake->calls->pdata[0]);
    while (center(fake, "62") != 0) {
        g_main_context_iteration(NULL, FALSE);
        g_usleep(200);
    }
    call = fake->calls->pdata[1];
    g_assert_cmpint(call->endpoint, ==, ENDPOINT_CENTER_MEMBERS);
    fake_run(fake);
    g_assert_cmpuint(count(fake, KIND_MEMBER, of), ==, 0);
    g_assert_cmpint(cache_want_listing(fake->cache, LISTING_MEMBERS, of, &waiter, &error), ==,
                    CACHE_ERROR);
    g_assert_error(error, API_ERROR, API_ERROR_NOT_FOUND);
    fake_free(fake);
}

/* ---- refusals ---- */

static void deny_centers(Fake *fake, FakeCall *call)
{
    if (call->endpoint == ENDPOINT_CENTERS)
        fake_refuse(call, API_ERROR_DENIED, 40001, "No scope");
}

static void deny_62(Fake *fake, FakeCall *call)
{
    if (call->endpoint == ENDPOINT_CENTER_ASSETS && strstr(call->query, "bc_id=62"))
        fake_refuse(call, API_ERROR_DENIED, 40001, "Not yours");
}

static void break_62(Fake *fake, FakeCall *call)
{
    if (call->endpoint == ENDPOINT_CENTER_ASSETS && strstr(call->query, "bc_id=62"))
        fake_refuse(call, API_ERROR_REMOTE, 50000, "Oh");
}

static void test_denied(void)
{
    Fake *fake = new_centers();
    ListingState state;

    fake->on_call = deny_centers;
    fake_have(fake, LISTING_ROLES, 0);
    fake_have(fake, LISTING_CENTERS, 0);
    g_assert_cmpuint(n_calls(fake), ==, 1);
    g_assert_cmpuint(count(fake, KIND_CENTER, 0), ==, 0);
    g_assert_cmpint(role_of(fake, "71"), ==, ROLE_UNKNOWN);
    cache_listing_state(fake->cache, LISTING_CENTERS, 0, &state);
    g_assert_true(state.fresh);
    g_assert_cmpint(state.expires_us, ==, fake->mono + 300 * SECOND);
    fake_later(fake, 299 * SECOND);
    fake_have(fake, LISTING_ROLES, 0);
    g_assert_cmpuint(n_calls(fake), ==, 0);
    fake->on_call = NULL;
    fake_later(fake, SECOND);
    fake_have(fake, LISTING_ROLES, 0);
    g_assert_cmpint(role_of(fake, "71"), ==, ROLE_ADMIN);
    fake_free(fake);
}

static int absent_code;

static void miss_centers(Fake *fake, FakeCall *call)
{
    if (call->endpoint == ENDPOINT_CENTERS)
        fake_refuse(call, API_ERROR_REMOTE, absent_code, "Nothing here");
}

static void test_absent(void)
{
    static const int codes[] = {404, 40009, 40013, 40014, 40400};

    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
        Fake *fake = new_centers();
        absent_code = codes[i];
        fake->on_call = miss_centers;
        fake_have(fake, LISTING_ROLES, 0);
        fake_have(fake, LISTING_CENTERS, 0);
        g_assert_cmpuint(n_calls(fake), ==, 1);
        fake_free(fake);
    }
}

/* Any other failure is one. */
static void test_failure(void)
{
    Fake *fake = new_centers();
    g_autoptr(GError) error = NULL;

    absent_code = 40700;
    fake->on_call = miss_centers;
    g_assert_cmpint(fake_want(fake, LISTING_ROLES, 0, &error), ==, CACHE_ERROR);
    g_clear_error(&error);
    fake->on_call = break_62;
    fake_later(fake, 2 * SECOND);
    g_assert_cmpint(fake_want(fake, LISTING_ROLES, 0, &error), ==, CACHE_ERROR);
    g_assert_cmpint(api_error_code(error), ==, 50000);
    fake->on_call = NULL;
    fake_later(fake, 2 * SECOND);
    fake_have(fake, LISTING_ROLES, 0);
    fake_free(fake);
}

/* One center says nothing; the others count. On its own it is an error. */
static void test_one_denied(void)
{
    Fake *fake = new_centers();
    g_autoptr(GError) error = NULL;

    fake->on_call = deny_62;
    fake_have(fake, LISTING_ROLES, 0);
    g_assert_cmpuint(n_calls(fake), ==, 3);
    g_assert_cmpint(role_of(fake, "71"), ==, ROLE_ANALYST);
    fake_later(fake, 200 * SECOND);
    fake_have(fake, LISTING_ROLES, 0);
    g_assert_cmpuint(n_calls(fake), ==, 0);
    g_assert_cmpint(fake_want(fake, LISTING_ASSETS, center(fake, "62"), &error), ==, CACHE_ERROR);
    g_assert_error(error, API_ERROR, API_ERROR_DENIED);
    fake_free(fake);
}

/* ---- members and funds ---- */

static void test_members(void)
{
    Fake *fake = new_centers();
    gint64 of;

    for (guint i = 0; i < 45; i++)
        fake_add(fake, KIND_MEMBER,
                 "{\"bc_id\":\"61\",\"user_id\":\"%u\",\"user_name\":\"M%u\",\"user_role\":"
                 "\"STANDARD\"}",
                 500 + i, i);
    fake_add(fake, KIND_MEMBER, "{\"bc_id\":\"61\",\"user_id\":null,\"user_email\":\"a@b.c\"}");
    fake_add(fake, KIND_MEMBER, "{\"bc_id\":\"62\",\"user_id\":\"9\"}");
    fake_have(fake, LISTING_CENTERS, 0);
    n_calls(fake);
    of = center(fake, "61");
    fake_have(fake, LISTING_MEMBERS, of);
    g_assert_cmpuint(n_calls(fake), ==, 3); /* 20 a page */
    g_assert_cmpuint(count(fake, KIND_MEMBER, of), ==, 46);
    g_assert_cmpint(fake_find(fake, KIND_MEMBER, of, "a@b.c"), >, 0);
    g_assert_cmpint(cache_row(fake->cache, fake_find(fake, KIND_MEMBER, of, "507"))->advertiser, ==,
                    of);
    fake_have(fake, LISTING_MEMBERS, center(fake, "62"));
    g_assert_cmpuint(count(fake, KIND_MEMBER, of), ==, 46);
    fake_free(fake);
}

static void check_no_funds(Fake *fake, gint64 of, ApiErrorKind kind)
{
    g_autoptr(GError) error = NULL;

    fake_later(fake, 2 * SECOND);
    g_assert_cmpint(fake_want(fake, LISTING_FUNDS, of, &error), ==, CACHE_ERROR);
    g_assert_error(error, API_ERROR, (int)kind);
}

static void test_funds(void)
{
    Fake *fake = new_centers();
    const Row *row;
    gint64 of;

    fake_add(fake, KIND_FUNDS,
             "{\"bc_id\":\"61\",\"currency\":\"EUR\",\"account_balance\":9000.50}");
    fake_have(fake, LISTING_CENTERS, 0);
    n_calls(fake);
    of = center(fake, "61");
    fake_have(fake, LISTING_FUNDS, of);
    g_assert_cmpuint(n_calls(fake), ==, 1);
    row = cache_row(fake->cache, fake_find(fake, KIND_FUNDS, of, "61"));
    g_assert_nonnull(row);
    g_assert_cmpint(row->advertiser, ==, of);
    g_assert_cmpstr(object_raw(row->object, "account_balance"), ==, "9000.50");
    fake_later(fake, EXPIRE);
    fake_have(fake, LISTING_FUNDS, of);
    g_assert_cmpuint(count(fake, KIND_FUNDS, of), ==, 1);

    fake_later(fake, EXPIRE); /* no data are no balance of nothing, nor is a list one */
    fake->no_data = TRUE;
    check_no_funds(fake, of, API_ERROR_INCOMPLETE);
    fake->no_data = FALSE;
    g_ptr_array_set_size(fake->objects[KIND_FUNDS], 0);
    check_no_funds(fake, of, API_ERROR_INCOMPLETE);
    fake_add(fake, KIND_FUNDS, "{\"bc_id\":\"6\",\"account_balance\":1}"); /* another's */
    check_no_funds(fake, of, API_ERROR_INCOMPLETE);
    fake_fail(fake, API_ERROR_DENIED);
    check_no_funds(fake, of, API_ERROR_DENIED);
    fake_free(fake);
}

/* ---- sizes ---- */

static void test_thousands(void)
{
    Fake *fake = fake_new();

    add_center(fake, "61");
    add_center(fake, "62");
    for (guint i = 0; i < 4000; i++) {
        g_autofree char *id = g_strdup_printf("%u", 700000 + i);
        add_account(fake, id);
        add_asset(fake, i % 2 ? "61" : "62", id, "OPERATOR", "BOUND");
    }
    fake_have(fake, LISTING_ADVERTISERS, 0);
    fake_have(fake, LISTING_INFO, 0);
    g_assert_cmpuint(fake->calls->len, <=, 45);
    fake_have(fake, LISTING_ROLES, 0);
    g_assert_cmpuint(fake->calls->len, <=, 130);
    g_assert_cmpuint(fake->most_in_flight, ==, 4);
    g_assert_cmpint(role_of(fake, "703999"), ==, ROLE_OPERATOR);
    g_assert_cmpuint(count(fake, KIND_ADVERTISER, 0), ==, 4000);
    fake_free(fake);
}

static void test_no_ttl(void)
{
    Fake *fake = fake_new_closed();

    fake->config.ttl_us = 0;
    fake_open(fake);
    add_account(fake, "71");
    add_center(fake, "61");
    add_center(fake, "62");
    add_asset(fake, "62", "71", "ANALYST", "BOUND");
    fake->mono++;
    fake_have(fake, LISTING_ADVERTISERS, 0);
    fake->mono++;
    n_calls(fake);
    fake->on_call = deny_62;
    fake_have(fake, LISTING_ROLES, 0);
    g_assert_cmpuint(n_calls(fake), ==, 3);
    fake->on_call = NULL;
    fake->mono++;
    fake_have(fake, LISTING_ROLES, 0);
    g_assert_cmpuint(n_calls(fake), ==, 2); /* a failure is remembered for a second even so */
    g_assert_cmpint(role_of(fake, "71"), ==, ROLE_UNKNOWN);
    fake_later(fake, 2 * SECOND);
    fake_have(fake, LISTING_ROLES, 0);
    g_assert_cmpuint(n_calls(fake), ==, 3);
    g_assert_cmpint(role_of(fake, "71"), ==, ROLE_ANALYST);
    fake_free(fake);
}

/* Without a center and without assets; a list that is null is as good as an empty one. */
static void test_none(void)
{
    Fake *fake = fake_new();

    add_account(fake, "71");
    fake_have(fake, LISTING_ADVERTISERS, 0);
    fake_have(fake, LISTING_ROLES, 0);
    g_assert_cmpuint(n_calls(fake), ==, 2);
    add_center(fake, "61");
    fake_later(fake, EXPIRE);
    fake_have(fake, LISTING_ROLES, 0);
    g_assert_cmpuint(count(fake, KIND_ASSET, center(fake, "61")), ==, 0);
    g_assert_cmpint(role_of(fake, "71"), ==, ROLE_UNKNOWN);
    fake_free(fake);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/centers/roles", test_roles);
    g_test_add_func("/centers/an-account-that-only-a-center-names", test_unlisted);
    g_test_add_func("/centers/of-a-new-account-alone-the-details-are-asked", test_details);
    g_test_add_func("/centers/a-new-account-is-refused", test_details_refused);
    g_test_add_func("/centers/what-is-not-bound-gives-nothing", test_unbound);
    g_test_add_func("/centers/a-center-goes-with-all-it-had", test_center_goes);
    g_test_add_func("/centers/gone-while-its-members-come", test_gone_meanwhile);
    g_test_add_func("/centers/not-allowed-is-none-for-ttl", test_denied);
    g_test_add_func("/centers/not-there-is-none", test_absent);
    g_test_add_func("/centers/a-failure-is-a-failure", test_failure);
    g_test_add_func("/centers/one-that-is-denied-says-nothing", test_one_denied);
    g_test_add_func("/centers/members", test_members);
    g_test_add_func("/centers/funds", test_funds);
    g_test_add_func("/centers/122-calls-for-4000-accounts", test_thousands);
    g_test_add_func("/centers/without-ttl-for-who-asked-only", test_no_ttl);
    g_test_add_func("/centers/none", test_none);
    return g_test_run();
}
