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
        {TRANSFER_REFUSED, 0, 0, FATE_REFUSED},     {TRANSFER_CUT, 200, 0, FATE_UNSURE},
        {TRANSFER_CUT, 404, 0, FATE_UNSURE},        {TRANSFER_WHOLE, 200, 40100, FATE_NOT_RUN},
        {TRANSFER_WHOLE, 200, 40133, FATE_NOT_RUN}, {TRANSFER_WHOLE, 200, 50000, FATE_UNSURE},
        {TRANSFER_WHOLE, 200, 51010, FATE_UNSURE},  {TRANSFER_WHOLE, 200, 40105, FATE_REFUSED},
        {TRANSFER_WHOLE, 200, 40102, FATE_REFUSED}, {TRANSFER_WHOLE, 200, 40001, FATE_REFUSED},
        {TRANSFER_WHOLE, 500, 40002, FATE_REFUSED}, {TRANSFER_WHOLE, 502, 0, FATE_UNSURE},
        {TRANSFER_WHOLE, 429, 0, FATE_NOT_RUN},     {TRANSFER_WHOLE, 404, 0, FATE_REFUSED},
        {TRANSFER_WHOLE, 302, 0, FATE_REFUSED},     {TRANSFER_WHOLE, 408, 0, FATE_UNSURE},
        {TRANSFER_WHOLE, 200, 0, FATE_UNSURE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = api_error_new(API_ERROR_REMOTE, rows[i].code, NULL, "x");

        g_test_message("row %d", (int)i);
        g_assert_cmpint(retry_fate(rows[i].outcome, rows[i].status, error), ==, rows[i].fate);
    }
}

static void test_pauses(void)
{
    static const struct {
        TransferOutcome outcome;
        guint status;
        int code;
        PauseScope scope;
    } rows[] = {
        {TRANSFER_WHOLE, 200, 40100, PAUSE_APP},
        {TRANSFER_WHOLE, 200, 61000, PAUSE_APP},
        {TRANSFER_WHOLE, 200, 40016, PAUSE_ENDPOINT},
        {TRANSFER_WHOLE, 200, 40133, PAUSE_ADVERTISER},
        {TRANSFER_WHOLE, 200, 40132, PAUSE_VALUE},
        {TRANSFER_WHOLE, 429, 0, PAUSE_EVERYTHING},
        {TRANSFER_WHOLE, 429, 40133, PAUSE_ADVERTISER},
        {TRANSFER_WHOLE, 502, 0, PAUSE_NONE},
        {TRANSFER_WHOLE, 200, 50000, PAUSE_NONE},
        {TRANSFER_CUT, 429, 0, PAUSE_NONE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = api_error_new(API_ERROR_BUSY, rows[i].code, NULL, "x");

        g_test_message("row %d", (int)i);
        g_assert_cmpint(retry_pause(rows[i].outcome, rows[i].status, error), ==, rows[i].scope);
    }
}

static void test_delays(void)
{
    static const gint64 wanted_s[] = {1, 2, 4, 8, 16, 32, 60, 60};

    for (guint i = 0; i < 800; i++) {
        guint tries = i % 8 + 1;
        gint64 wanted_us = wanted_s[tries - 1] * G_USEC_PER_SEC;

        g_assert_cmpint(retry_plain_delay_us(tries), ==, wanted_us);
        g_assert_cmpint(retry_delay_us(tries), >=, wanted_us);
        g_assert_cmpint(retry_delay_us(tries), <, wanted_us * 5 / 4);
    }
    g_assert_cmpint(retry_plain_delay_us(4000000000), ==, 60 * G_USEC_PER_SEC);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/retry/fate-by-how-far-it-came", test_fates);
    g_test_add_func("/retry/what-a-refusal-pauses", test_pauses);
    g_test_add_func("/retry/doubles-to-a-minute", test_delays);
    return g_test_run();
}
