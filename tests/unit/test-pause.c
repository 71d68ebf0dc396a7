/* SPDX-License-Identifier: MIT */
/* test-pause.c - how long what is refused waits, and what is not held back by it. */
#include "api/pause.h"

static const gint64 second_us = G_USEC_PER_SEC;
static const PauseCall list = {"ad/get/", "7001"}, other = {"campaign/get/", "7002"};

static gint64 refused(Pauses *pauses, PauseScope scope, gint64 now_us)
{
    const Pause *pause = pauses_refused(pauses, scope, &list, now_us, now_us);

    return pause != NULL ? pause->until_us - now_us : 0;
}

static void test_app(void)
{
    Pauses pauses = {0};
    gint64 now_us = 1000 * second_us;

    g_assert_cmpint(refused(&pauses, PAUSE_APP, now_us), ==, second_us);
    g_assert_null(pauses_refused(&pauses, PAUSE_APP, &list, now_us - 2, now_us + 5));
    g_assert_cmpint(pauses_until_us(&pauses), ==, now_us + second_us);
    now_us += second_us;
    g_assert_cmpint(refused(&pauses, PAUSE_APP, now_us), ==, second_us);
    pauses_went_well(&pauses, &list, now_us - 10); /* sent before: proves nothing */
    now_us += second_us;
    g_assert_cmpint(refused(&pauses, PAUSE_APP, now_us), ==, 300 * second_us);
    now_us += 300 * second_us;
    g_assert_cmpint(refused(&pauses, PAUSE_APP, now_us), ==, second_us);
    g_assert_cmpuint(pauses.app.long_ones, ==, 1);
    pauses_went_well(&pauses, &list, now_us + second_us);
    g_assert_cmpuint(pauses.app.long_ones, ==, 0);
    g_assert_cmpint(pauses_until_us(&pauses), ==, 0);
}

static void test_forgotten(void)
{
    Pauses pauses = {0};

    for (gint64 t = 1; t < 20; t++) {
        gint64 now_us = t * 10 * second_us;

        g_assert_cmpint(refused(&pauses, PAUSE_APP, now_us), ==, second_us);
        pauses_went_well(&pauses, &other, now_us + second_us);
    }
}

static void test_everything(void)
{
    static const gint64 wanted_s[] = {1, 2, 4, 8, 16, 32, 60, 60, 60};
    Pauses pauses = {0};
    gint64 now_us = 1000 * second_us;

    for (guint i = 0; i < G_N_ELEMENTS(wanted_s); i++) {
        g_assert_cmpint(refused(&pauses, PAUSE_EVERYTHING, now_us), ==, wanted_s[i] * second_us);
        now_us += 100 * second_us;
    }
}

static void test_endpoint(void)
{
    Pauses pauses = {0};
    gint64 now_us = 1000 * second_us;
    PauseCall same = {list.endpoint, "7009"};

    g_assert_cmpint(refused(&pauses, PAUSE_ENDPOINT, now_us), ==, second_us);
    g_assert_cmpint(refused(&pauses, PAUSE_ENDPOINT, now_us + second_us), ==, second_us);
    g_assert_cmpint(refused(&pauses, PAUSE_ENDPOINT, now_us + 2 * second_us), ==, 300 * second_us);
    now_us += 2 * second_us;
    g_assert_cmpint(pauses_call_until_us(&pauses, &same, now_us), ==, now_us + 300 * second_us);
    g_assert_cmpint(pauses_call_until_us(&pauses, &other, now_us), ==, now_us);
    g_assert_cmpint(pauses_until_us(&pauses), ==, 0);
}

static void test_advertiser(void)
{
    static const gint64 wanted_s[] = {1, 2, 4, 8, 16, 32, 60, 60};
    Pauses pauses = {0};
    gint64 now_us = 1000 * second_us, until_us;
    PauseCall same = {"report/integrated/get/", list.advertiser}, nobody = {list.endpoint, NULL};

    for (guint i = 0; i < G_N_ELEMENTS(wanted_s); i++) {
        gint64 pause_us = refused(&pauses, PAUSE_ADVERTISER, now_us);

        g_assert_cmpint(pause_us, >=, wanted_s[i] * second_us);
        g_assert_cmpint(pause_us, <, wanted_s[i] * second_us * 5 / 4);
        now_us += 100 * second_us;
    }
    until_us = now_us - 100 * second_us + 60 * second_us;
    g_assert_cmpint(pauses_call_until_us(&pauses, &same, until_us - 5), >=, until_us);
    g_assert_cmpint(pauses_call_until_us(&pauses, &other, until_us - 5), ==, until_us - 5);
    g_assert_cmpint(pauses_call_until_us(&pauses, &nobody, until_us - 5), ==, until_us - 5);
    pauses_went_well(&pauses, &other, now_us);
    g_assert_cmpint(pauses_call_until_us(&pauses, &same, until_us - 5), >=, until_us);
    pauses_went_well(&pauses, &same, now_us);
    g_assert_cmpint(refused(&pauses, PAUSE_ADVERTISER, now_us), <, 2 * second_us);
}

/* The table is small: what ends first goes first, and nothing is lost that lasts. */
static void test_full(void)
{
    Pauses pauses = {0};
    gint64 now_us = 1000 * second_us;

    pauses_refused(&pauses, PAUSE_ENDPOINT, &other, now_us, now_us);
    pauses_refused(&pauses, PAUSE_ENDPOINT, &other, now_us, now_us);
    pauses_refused(&pauses, PAUSE_ENDPOINT, &other, now_us, now_us);
    for (guint i = 0; i < 200; i++) {
        g_autofree char *name = g_strdup_printf("%u", i);

        pauses_refused(&pauses, PAUSE_ADVERTISER, &(PauseCall){list.endpoint, name}, now_us,
                       now_us);
    }
    g_assert_cmpint(pauses_call_until_us(&pauses, &other, now_us), ==, now_us + 300 * second_us);
}

static void test_join(void)
{
    Pauses pauses = {0}, from = {0};
    gint64 now_us = 1000 * second_us;

    pauses_refused(&from, PAUSE_ENDPOINT, &other, now_us, now_us);
    pauses_refused(&from, PAUSE_ADVERTISER, &list, now_us, now_us);
    pauses_refused(&from, PAUSE_APP, &list, now_us, now_us);
    pauses_join(&pauses, &from, now_us);
    g_assert_cmpint(pauses_until_us(&pauses), ==, now_us + second_us);
    g_assert_cmpint(pauses_call_until_us(&pauses, &other, now_us), ==, now_us + second_us);
    g_assert_cmpint(pauses_call_until_us(&pauses, &list, now_us), >=, now_us + second_us);
    pauses_shift(&pauses, 50 * second_us);
    g_assert_cmpint(pauses_until_us(&pauses), ==, now_us + 51 * second_us);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pause/third-refusal-in-a-row-takes-five-minutes", test_app);
    g_test_add_func("/pause/success-forgets-refusals", test_forgotten);
    g_test_add_func("/pause/everything-doubles-to-a-minute", test_everything);
    g_test_add_func("/pause/an-endpoint-holds-back-itself-only", test_endpoint);
    g_test_add_func("/pause/an-advertiser-holds-back-itself-only", test_advertiser);
    g_test_add_func("/pause/what-lasts-stays-in-the-table", test_full);
    g_test_add_func("/pause/joined-and-moved", test_join);
    return g_test_run();
}
