/* SPDX-License-Identifier: MIT */
/* test-invariants.c - each row of the table finds what it is about, and a good life breaks none. */
#include "cache/invariants.h"

#include "tests/unit/fake-service.h"

enum { NOW = 1000 };

/* clang-format off */
static const LifeView good[N_LIVES] = {
    [LIFE_EMPTY]    = {.now_us = NOW, .since_us = G_MININT64, .settled_us = G_MININT64,
                       .expires_us = G_MININT64},
    [LIFE_FETCHING] = {.now_us = NOW, .since_us = G_MININT64, .settled_us = G_MININT64,
                       .expires_us = G_MININT64, .flying = TRUE, .n_flights = 1, .waits = TRUE,
                       .n_waiters = 2},
    [LIFE_FRESH]    = {.now_us = NOW, .since_us = 900, .settled_us = 900, .expires_us = 1100,
                       .known = TRUE, .expiries = 1, .expiries_before = 1},
    [LIFE_AGED]     = {.now_us = NOW, .since_us = 100, .settled_us = 100, .expires_us = 300,
                       .known = TRUE},
    [LIFE_FAILED]   = {.now_us = NOW, .since_us = G_MININT64, .settled_us = G_MININT64,
                       .expires_us = G_MININT64, .failed = TRUE, .failed_us = 990},
    [LIFE_OLD]      = {.now_us = NOW, .since_us = 100, .settled_us = 100, .expires_us = 300,
                       .failed = TRUE, .unreachable = TRUE, .known = TRUE, .failed_us = 990},
};
/* clang-format on */

static void test_good(void)
{
    for (Life life = 0; life < N_LIVES; life++) {
        g_assert_cmpstr(life_word(life_of(&good[life])), ==, life_word(life));
        g_assert_cmpstr(life_broken(&good[life]), ==, NULL);
    }
}

static void test_lacking(void)
{
    LifeView view = good[LIFE_FRESH];

    view.lacks = TRUE;
    view.settled_us = G_MININT64;
    g_assert_cmpstr(life_word(life_of(&view)), ==, "aged");
    g_assert_cmpstr(life_broken(&view), ==, NULL);
}

static void expect(Life life, LifeView view, const char *text)
{
    g_assert_cmpstr(life_word(life_of(&view)), ==, life_word(life));
    g_assert_cmpstr(life_broken(&view), ==, text);
}

#define BREAK(life, text, ...)                                                                     \
    {                                                                                              \
        LifeView view = good[life];                                                                \
        view.__VA_ARGS__;                                                                          \
        expect(life, view, text);                                                                  \
    }

static void test_broken(void)
{
    BREAK(LIFE_FETCHING, "it is once in the list of what flies", n_flights = 0)
    BREAK(LIFE_FETCHING, "it is once in the list of what flies", n_flights = 2)
    BREAK(LIFE_FETCHING, "nobody waits twice", n_twice = 1)
    BREAK(LIFE_FRESH, "it is not in the list of what flies", n_flights = 1)
    BREAK(LIFE_FAILED, "it is not in the list of what flies", n_flights = 1)
    BREAK(LIFE_FRESH, "nobody waits for what is not fetched", waits = TRUE)
    BREAK(LIFE_EMPTY, "nobody waits for what is not fetched", n_waiters = 1)
    BREAK(LIFE_FRESH, "what was complete is known", known = FALSE)
    BREAK(LIFE_AGED, "what was complete is known", known = FALSE)
    BREAK(LIFE_EMPTY, "it did not settle for anybody", settled_us = 900)
    BREAK(LIFE_FRESH, "it settled no earlier than it is old", settled_us = 899)
    BREAK(LIFE_FRESH, "it was asked for after it expired last", expiries = 2)
    BREAK(LIFE_AGED, "no time of it is to come", settled_us = NOW + 1)
    BREAK(LIFE_OLD, "no time of it is to come", failed_us = NOW + 1)
    BREAK(LIFE_FETCHING, "it expires only more often", expiries_before = 1)
}

static void test_count(void)
{
    int one = 0, other = 0;
    g_autoptr(GPtrArray) waiters = g_ptr_array_new();
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    LifeView view = {0};

    life_count(&view, NULL, all, &one);
    g_assert_true(!view.waits && view.n_waiters == 0 && view.n_flights == 0);
    g_ptr_array_add(all, &other);
    g_ptr_array_add(all, &one);
    g_ptr_array_add(waiters, &one);
    g_ptr_array_add(waiters, &other);
    life_count(&view, waiters, all, &one);
    g_assert_true(view.waits && view.n_waiters == 2 && view.n_twice == 0 && view.n_flights == 1);
    g_ptr_array_add(waiters, &one);
    life_count(&view, waiters, all, &one);
    g_assert_cmpuint(view.n_twice, ==, 1);
}

static void test_message(void)
{
    LifeView view = good[LIFE_FRESH];

    life_check(&view, "campaigns");
    view.known = FALSE;
    g_test_expect_message("adsfs", G_LOG_LEVEL_CRITICAL,
                          "campaigns, fresh: it does not hold that what was complete is known");
    life_check(&view, "campaigns");
    g_test_assert_expected_messages();
}

#ifdef ADSFS_CHECK
/* That collections are looked at: the waiter of a clock that runs backwards sees a time to come. */
static void test_looked_at(void)
{
    Fake *fake = fake_new();

    fake_add_account(fake);
    fake_account(fake);
    fake->mono -= SECOND;
    g_test_expect_message("adsfs", G_LOG_LEVEL_CRITICAL, "accounts, fresh: *no time of it is to*");
    cache_want_listing(fake->cache, LISTING_ADVERTISERS, 0, NULL, NULL);
    g_test_assert_expected_messages();
    fake_free(fake);
}
#endif

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/invariants/good-lives", test_good);
    g_test_add_func("/invariants/what-lacks-something-has-aged", test_lacking);
    g_test_add_func("/invariants/each-row-finds-its-break", test_broken);
    g_test_add_func("/invariants/counts", test_count);
    g_test_add_func("/invariants/a-break-is-a-message", test_message);
#ifdef ADSFS_CHECK
    g_test_add_func("/invariants/collections-are-looked-at", test_looked_at);
#endif
    return g_test_run();
}
