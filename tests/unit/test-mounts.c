/* SPDX-License-Identifier: MIT */
/* test-mounts.c - which mount a path lies on, by the kernel's table, and work that does not end. */
#include "fs/command/mounts.h"

#include <unistd.h>

#include "api/error.h"
#include "fs/command/timed.h"

static const char table[] =
    "23 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
    "40 23 0:53 / /mnt/ads rw,nosuid,nodev shared:9 master:2 - fuse.adsfs agency rw,user_id=0\n"
    "41 23 0:54 / /mnt/my\\040ads rw - fuse.adsfs other rw\n"
    "42 40 0:55 / /mnt/ads/deep rw - tmpfs tmpfs rw\n"
    "43 23 0:53 /7012 /srv/one rw - fuse.adsfs agency rw\n"
    "44 23 0:56 / /srv/twice rw - fuse.adsfs lower rw\n"
    "45 44 0:57 / /srv/twice rw - tmpfs upper rw\n"
    "46 23 0:58 / broken line\n"
    "\n";

static void test_find(void)
{
    static const struct {
        const char *path, *point, *source;
        gboolean ours;
    } cases[] = {
        {"/mnt/ads", "/mnt/ads", "agency", TRUE},
        {"/mnt/ads/7012/budget", "/mnt/ads", "agency", TRUE},
        {"/mnt/adsx/7012", "/", "/dev/sda1", FALSE},
        {"/mnt/ads/deep/x", "/mnt/ads/deep", "tmpfs", FALSE},
        {"/mnt/my ads/x", "/mnt/my ads", "other", TRUE},
        {"/srv/twice/x", "/srv/twice", "upper", FALSE},
        {"/", "/", "/dev/sda1", FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(MountRow) row = {0};

        g_test_message("%s", cases[i].path);
        g_assert_true(mounts_find(table, cases[i].path, &row));
        g_assert_cmpstr(row.point, ==, cases[i].point);
        g_assert_cmpstr(row.source, ==, cases[i].source);
        g_assert_cmpint(mount_row_is_ours(&row), ==, cases[i].ours);
    }

    g_auto(MountRow) none = {0};
    g_assert_false(mounts_find("", "/mnt/ads", &none));
}

static void test_top(void)
{
    g_auto(MountRow) part = {0};
    g_autofree char *top = NULL;

    g_assert_true(mounts_find(table, "/srv/one/campaigns", &part));
    g_assert_cmpstr(part.root, ==, "/7012");
    top = mounts_top(table, &part);
    g_assert_cmpstr(top, ==, "/mnt/ads");
}

static void test_below(void)
{
    g_assert_cmpstr(path_below("/a/b/c", "/a"), ==, "b/c");
    g_assert_cmpstr(path_below("/a/b/c", "/a/"), ==, "b/c");
    g_assert_cmpstr(path_below("/a", "/a"), ==, "");
    g_assert_cmpstr(path_below("/a", "/"), ==, "a");
    g_assert_null(path_below("/ab", "/a"));
    g_assert_null(path_below("/a", "/a/b"));
}

static char *echo(const char *argument, GError **error)
{
    if (*argument != '\0')
        return g_strdup(argument);
    g_propagate_error(error, api_error_new(API_ERROR_LOCAL, 0, NULL, "nothing to say"));
    return NULL;
}

static char *sleep_for_ever(const char *argument, GError **error)
{
    for (;;)
        pause();
    return NULL;
}

static char *fall_over(const char *argument, GError **error)
{
    _exit(3);
}

static void test_timed(void)
{
    g_autofree char *large = g_strnfill(300000, 'x');
    g_autoptr(GError) refused = NULL, late = NULL, fallen = NULL;
    g_autofree char *text = timed_run(echo, large, 60, NULL);

    g_assert_cmpstr(text, ==, large);
    g_assert_null(timed_run(echo, "", 60, &refused));
    g_assert_error(refused, API_ERROR, API_ERROR_LOCAL);
    g_assert_cmpstr(refused->message, ==, "nothing to say");
    g_assert_null(timed_run(sleep_for_ever, "", 1, &late));
    g_assert_error(late, API_ERROR, API_ERROR_UNKNOWN);
    g_assert_null(timed_run(fall_over, "", 60, &fallen));
    g_assert_error(fallen, API_ERROR, API_ERROR_LOCAL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mounts/longest-and-last-wins", test_find);
    g_test_add_func("/mounts/a-part-mounted-elsewhere", test_top);
    g_test_add_func("/mounts/below", test_below);
    g_test_add_func("/timed/ends-in-time-whatever-the-work-does", test_timed);
    return g_test_run();
}
