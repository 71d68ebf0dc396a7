/* SPDX-License-Identifier: MIT */
/* test-center-accounts.c - which of a center's accounts count, and what is asked to know. */
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

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/center-accounts/those-that-were-named-are-all", test_only);
    return g_test_run();
}
