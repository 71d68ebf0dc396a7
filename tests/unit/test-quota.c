/* SPDX-License-Identifier: MIT */
/* test-quota.c - the table says what the windows are, at the moment it is read. */
#include "fs/quota.h"

#include "tests/unit/fake-service.h"

static guint windows_used;

static guint some_windows(void *client, ClientWindow *ret, guint most)
{
    const Fake *fake = client;
    const ClientWindow windows[] = {
        {"app", "second", windows_used, 10, 3, fake->wall + SECOND / 2},
        {"app", "day", 864000, 864000, 3, fake->wall + 7000 * (gint64)SECOND},
        {"report/task/create", "minute", 0, 60, 0, 0},
        {"7012345678901234567", "back-off", 2, 0, 1, fake->wall + 4 * (gint64)SECOND},
    };

    g_assert_cmpuint(most, >=, G_N_ELEMENTS(windows));
    for (guint i = 0; i < G_N_ELEMENTS(windows); i++)
        ret[i] = windows[i];
    return G_N_ELEMENTS(windows);
}

static char *read_quota(Fake *fake)
{
    Mount mount = {.cache = fake->cache, .clock = &fake->clock};
    GString *text = g_string_new(NULL);

    quota_text(&mount, text);
    return g_string_free(text, FALSE);
}

static void test_table(void)
{
    Fake *fake = fake_new_closed();

    fake->config.windows = some_windows;
    fake_open(fake);
    for (windows_used = 7; windows_used < 9; windows_used++) {
        g_autofree char *text = read_quota(fake);
        g_autofree char *wanted = g_strdup_printf(
            "name                 window       used    limit  waiting  next free\n"
            "app                  second          %u       10        3  2026-11-18T11:06:40Z (in 1 "
            "s)\n"
            "app                  day        864000   864000        3  2026-11-18T13:03:20Z (in "
            "7000 s)\n"
            "report/task/create   minute          0       60        0  now\n"
            "7012345678901234567  back-off        2        -        1  2026-11-18T11:06:44Z (in 4 "
            "s)\n",
            windows_used);

        g_assert_cmpstr(text, ==, wanted);
    }
    fake_free(fake);
}

static void test_none(void)
{
    Fake *fake = fake_new_closed();

    fake_open(fake);
    g_autofree char *text = read_quota(fake);
    g_assert_cmpstr(text, ==, "name  window       used    limit  waiting  next free\n");
    fake_free(fake);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/quota/a-line-for-each-window", test_table);
    g_test_add_func("/quota/nothing-known-is-a-header", test_none);
    return g_test_run();
}
