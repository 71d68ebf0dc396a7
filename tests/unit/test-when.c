/* SPDX-License-Identifier: MIT */
/* test-when.c - times as people write them, in a zone that is not UTC. */
#include <glib.h>
#include <string.h>

#include "api/error.h"
#include "fs/when.h"

#define NOON_US                                                                                    \
    (G_GINT64_CONSTANT(1795003200) * G_USEC_PER_SEC) /* 2026-11-18 12:00 UTC, 13:00 there */

static const struct {
    const char *text, *utc;
} times[] = {
    {"10:00", "2026-11-18T09:00:00Z"},
    {"10:00:30", "2026-11-18T09:00:30Z"},
    {"2026-11-05 10:00", "2026-11-05T09:00:00Z"},
    {"2026-07-05 10:00", "2026-07-05T08:00:00Z"},
    {"2026-11-05", "2026-11-04T23:00:00Z"},
    {"2026-11-05T10:00:00Z", "2026-11-05T10:00:00Z"},
    {"2026-11-05T10:00:00-08:00", "2026-11-05T18:00:00Z"},
};

static void test_times(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(times); i++) {
        g_autoptr(GDateTime) expected = g_date_time_new_from_iso8601(times[i].utc, NULL);
        g_autoptr(GError) error = NULL;
        gint64 us = 0;

        g_assert_true(when_parse(times[i].text, NOON_US, &us, &error));
        g_assert_no_error(error);
        g_assert_cmpint(us, ==, g_date_time_to_unix(expected) * G_USEC_PER_SEC);
    }
}

static void check_refused(const char *text, const char *why)
{
    g_autoptr(GError) error = NULL;
    gint64 us = 7;

    g_assert_false(when_parse(text, NOON_US, &us, &error));
    g_assert_error(error, API_ERROR, API_ERROR_INVALID);
    g_assert_nonnull(strstr(error->message, why));
}

static void test_no_times(void)
{
    static const char *const texts[] = {
        "", "10", "25:00", "10:00pm", "noon", "2026-13-01", "2026-11-05 1:00", "T", "-1"};

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        check_refused(texts[i], "no time");
    check_refused("13:01", "has not come yet");
}

int main(int argc, char **argv)
{
    g_setenv("TZ", "Europe/Berlin", TRUE);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/when/times", test_times);
    g_test_add_func("/when/what-is-none", test_no_times);
    return g_test_run();
}
