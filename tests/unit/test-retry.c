/* SPDX-License-Identifier: MIT */
/* test-retry.c - which failures may be repeated, by how far the request came. */
#include "api/retry.h"

#include "api/error.h"

static void test_fates(void)
{
    static const struct {
        TransferOutcome outcome;
        guint status;
        int code;
        Fate fate;
    } rows[] = {
        {TRANSFER_NOT_SENT, 0, 0, FATE_NOT_RUN},    {TRANSFER_LOST, 0, 0, FATE_UNSURE},
        {TRANSFER_CUT, 200, 0, FATE_UNSURE},        {TRANSFER_CUT, 404, 0, FATE_UNSURE},
        {TRANSFER_WHOLE, 200, 40100, FATE_NOT_RUN}, {TRANSFER_WHOLE, 200, 40133, FATE_NOT_RUN},
        {TRANSFER_WHOLE, 200, 50000, FATE_UNSURE},  {TRANSFER_WHOLE, 200, 51010, FATE_UNSURE},
        {TRANSFER_WHOLE, 200, 40105, FATE_REFUSED}, {TRANSFER_WHOLE, 200, 40102, FATE_REFUSED},
        {TRANSFER_WHOLE, 200, 40001, FATE_REFUSED}, {TRANSFER_WHOLE, 500, 40002, FATE_REFUSED},
        {TRANSFER_WHOLE, 502, 0, FATE_UNSURE},      {TRANSFER_WHOLE, 429, 0, FATE_NOT_RUN},
        {TRANSFER_WHOLE, 404, 0, FATE_REFUSED},     {TRANSFER_WHOLE, 302, 0, FATE_REFUSED},
        {TRANSFER_WHOLE, 408, 0, FATE_UNSURE},      {TRANSFER_WHOLE, 200, 0, FATE_UNSURE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = api_error_new(API_ERROR_REMOTE, rows[i].code, NULL, "x");

        g_test_message("row %d", (int)i);
        g_assert_cmpint(retry_fate(rows[i].outcome, rows[i].status, error), ==, rows[i].fate);
    }
}

static void test_pauses(void)
{
    g_autoptr(GError) app = api_error_new(API_ERROR_BUSY, 40100, NULL, "x");
    g_autoptr(GError) advertiser = api_error_new(API_ERROR_BUSY, 40133, NULL, "x");
    g_autoptr(GError) proxy = api_error_new(API_ERROR_BUSY, 0, NULL, "x");

    g_assert_true(retry_is_pause(200, app));
    g_assert_false(retry_is_pause(200, advertiser));
    g_assert_true(retry_is_pause(429, proxy));
    g_assert_false(retry_is_pause(502, proxy));
}

static void test_delays(void)
{
    for (int i = 0; i < 1000; i++) {
        g_assert_cmpint(retry_delay_us(1), >=, 1000000);
        g_assert_cmpint(retry_delay_us(1), <, 1250000);
        g_assert_cmpint(retry_delay_us(2), >=, 2000000);
        g_assert_cmpint(retry_delay_us(2), <, 2500000);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/retry/fate-by-how-far-it-came", test_fates);
    g_test_add_func("/retry/app-limits-pause-everything", test_pauses);
    g_test_add_func("/retry/one-second-then-two", test_delays);
    return g_test_run();
}
