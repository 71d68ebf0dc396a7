/* SPDX-License-Identifier: MIT */
/* test-center-accounts.c - which of a center's accounts count, and what is asked to know. */
#include "api/codes.h"
#include "tests/unit/fake-centers.h"

static void open_with(Fake *fake, const char *const *advertisers, gboolean only)
{
    fake_close(fake);
    fake->config.advertisers = advertisers;
    fake->config.advertisers_only = only;
    fake_open(fake);
    fake_have(fake, LISTING_ADVERTISERS, 0);
}

/* Accounts that were named are all there are: a center adds none, and what one added goes. */
static void test_only(void)
{
    static const char *const ids[] = {"71", "74", NULL};
    Fake *fake = new_centers();

    open_with(fake, ids, FALSE);
    fake_have(fake, LISTING_ROLES, 0);
    g_assert_cmpuint(count(fake, KIND_ADVERTISER, 0), ==, 4);
    open_with(fake, ids, TRUE);
    g_assert_cmpuint(count(fake, KIND_ADVERTISER, 0), ==, 2);
    fake_later(fake, EXPIRE);
    fake_have(fake, LISTING_ROLES, 0);
    g_assert_cmpuint(count(fake, KIND_ADVERTISER, 0), ==, 2);
    g_assert_cmpint(account(fake, "72") + account(fake, "73"), ==, 0);
    g_assert_cmpint(role_of(fake, "71"), ==, ROLE_ADMIN);
    g_assert_cmpint(account_in(fake, "61", "71"), ==, account(fake, "71"));
    g_assert_cmpint(account_in(fake, "61", "72"), ==, 0);
    g_assert_cmpint(account_in(fake, "62", "73"), ==, 0);
    open_with(fake, NULL, FALSE);
    fake_later(fake, EXPIRE);
    fake_have(fake, LISTING_ADVERTISERS, 0);
    fake_have(fake, LISTING_ROLES, 0);
    g_assert_cmpuint(count(fake, KIND_ADVERTISER, 0), ==, 4);
    fake_free(fake);
}

static gboolean is_role_wanted(Fake *fake, const Waiter *waiter)
{
    return cache_want_listing(fake->cache, LISTING_ROLES, 0, waiter, NULL) == CACHE_WAIT;
}

/* A request may not be woken as often as there are centers: it counts that, and gives up. */
static void test_many_centers(void)
{
    Fake *fake = fake_new();
    Waiter waiter = {&fake_waiter, fake->mono};
    guint n = 0;

    for (guint i = 0; i < 90; i++) {
        g_autofree char *id = g_strdup_printf("%u", 6100 + i);
        add_center(fake, id);
        add_asset(fake, id, "71", "ANALYST", "BOUND");
    }
    fake_have(fake, LISTING_CENTERS, 0);
    n_calls(fake);
    for (guint asked = 0; is_role_wanted(fake, &waiter); n++) {
        g_ptr_array_set_size(fake->woken, 0);
        while (fake->woken->len == 0) { /* one answer at a time */
            if (asked < fake->calls->len)
                fake_answer(fake, fake->calls->pdata[asked++]);
            g_main_context_iteration(NULL, FALSE);
            g_usleep(100);
        }
    }
    g_assert_cmpuint(n_calls(fake), ==, 90);
    g_assert_cmpuint(n, <=, 2);
    fake_free(fake);
}

static int refusal_code;

static void refuse_roles(Fake *fake, FakeCall *call)
{
    ApiErrorKind kind = code_find(refusal_code)->kind;

    if (call->endpoint == ENDPOINT_CENTERS)
        fake_refuse(call, kind, refusal_code, "No");
}

static void refuse_62(Fake *fake, FakeCall *call)
{
    ApiErrorKind kind = code_find(refusal_code)->kind;

    if (call->endpoint == ENDPOINT_CENTER_ASSETS && strstr(call->query, "bc_id=62"))
        fake_refuse(call, kind, refusal_code, "No");
}

/* Whatever the words, it is no: no role is known by it, and nobody is kept from writing. */
static void test_refusals(void)
{
    static const int codes[] = {40001, 40002, 40007, 40300, 40106, 40119, 70001};
    ListingState state;

    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
        Fake *none = new_centers(), *one = new_centers();
        refusal_code = codes[i];
        none->on_call = refuse_roles;
        fake_have(none, LISTING_ROLES, 0);
        g_assert_cmpint(role_of(none, "71"), ==, ROLE_UNKNOWN);
        cache_listing_state(none->cache, LISTING_ROLES, 0, &state);
        g_assert_true(state.fresh);
        one->on_call = refuse_62;
        fake_have(one, LISTING_ROLES, 0);
        g_assert_cmpint(role_of(one, "71"), ==, ROLE_ANALYST);
        cache_listing_state(one->cache, LISTING_ROLES, 0, &state);
        g_assert_true(state.fresh);
        fake_free(none);
        fake_free(one);
    }
}

/* A role that was known, perhaps to another login, is not to be had any more. */
static void test_refused_later(void)
{
    Fake *fake = new_centers();

    fake_have(fake, LISTING_ROLES, 0);
    g_assert_cmpint(role_of(fake, "73"), ==, ROLE_ANALYST);
    refusal_code = 40001;
    fake->on_call = refuse_62;
    fake_later(fake, EXPIRE);
    fake_have(fake, LISTING_ROLES, 0);
    g_assert_cmpint(role_of(fake, "73"), ==, ROLE_UNKNOWN);
    g_assert_cmpint(role_of(fake, "71"), ==, ROLE_ANALYST);
    g_assert_cmpint(account(fake, "73"), >, 0);
    fake->on_call = refuse_roles;
    fake_later(fake, EXPIRE);
    fake_have(fake, LISTING_ROLES, 0);
    g_assert_cmpint(role_of(fake, "71"), ==, ROLE_UNKNOWN);
    fake->on_call = NULL;
    fake_later(fake, EXPIRE);
    fake_have(fake, LISTING_ROLES, 0);
    g_assert_cmpint(role_of(fake, "71"), ==, ROLE_ADMIN);
    fake_free(fake);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/center-accounts/those-that-were-named-are-all", test_only);
    g_test_add_func("/center-accounts/many-centers-wake-once", test_many_centers);
    g_test_add_func("/center-accounts/a-no-is-no-failure", test_refusals);
    g_test_add_func("/center-accounts/roles-that-are-refused-later", test_refused_later);
    return g_test_run();
}
