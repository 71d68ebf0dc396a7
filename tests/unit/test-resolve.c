/* SPDX-License-Identifier: MIT */
/* test-resolve.c - a path that a person wrote leads where the kernel would have come by asking. */
#include "fs/resolve.h"

#include "tests/unit/small-tree.h"

static guint64 resolve(Fixture *fixture, const char *path)
{
    g_auto(Place) place = {0};
    g_autoptr(GError) error = NULL;

    if (!resolve_path(&fixture->small->mount, path, &place, &error)) {
        g_assert_error(error, API_ERROR, API_ERROR_NOT_FOUND);
        g_assert_nonnull(strstr(error->message, path));
        return 0;
    }
    return place.ino;
}

static void test_all(Fixture *fixture, const void *data)
{
    for (guint i = 0; i < fixture->items->len; i++) {
        const Item *item = fixture->items->pdata[i];
        guint64 ino = resolve(fixture, item->path);

        if (item->place.type == PLACE_LINK)
            g_assert_cmpuint(ino, !=, item->ino);
        else if (ino != item->ino)
            g_error("%s leads elsewhere", item->path);
    }
}

static void test_links(Fixture *fixture, const void *data)
{
    guint64 campaign = find_item(fixture->items, ACCOUNT "/campaigns/1003")->ino;
    guint64 adgroup = find_item(fixture->items, ACCOUNT "/campaigns/1001/adgroups/2001")->ino;
    guint64 report = find_item(fixture->items, ACCOUNT "/reports/last-30d/campaign-day.json")->ino;

    g_assert_cmpuint(resolve(fixture, ACCOUNT "/campaigns/by-name/%2E50 %25 %2F off"), ==,
                     campaign);
    g_assert_cmpuint(resolve(fixture, ACCOUNT "/adgroups/2001"), ==, adgroup);
    g_assert_cmpuint(resolve(fixture, CENTER "/advertisers/" ACCOUNT "/adgroups/2001/"), ==,
                     adgroup);
    g_assert_cmpuint(resolve(fixture, ACCOUNT "/report.json"), ==, report);
    g_assert_cmpuint(resolve(fixture, ACCOUNT "/report.csv"), ==, 0); /* was not made */
}

static void test_absolute(Fixture *fixture, const void *data)
{
    guint64 account = find_item(fixture->items, ACCOUNT)->ino;

    fixture->small->options.mountpoint = (char *)"/home/ada/ads";
    g_assert_cmpuint(resolve(fixture, "/home/ada/ads/" ACCOUNT "/"), ==, account);
    g_assert_cmpuint(resolve(fixture, "/home/ada//x/../ads/" ACCOUNT), ==, account);
    g_assert_cmpuint(resolve(fixture, "./" ACCOUNT "/campaigns/.."), ==, account);
    g_assert_cmpuint(resolve(fixture, "/home/ada/ads"), ==, ino_of(0, SLOT_ROOT));
    g_assert_cmpuint(resolve(fixture, ""), ==, ino_of(0, SLOT_ROOT));
    g_assert_cmpuint(resolve(fixture, "/home/ada/adsfs/" ACCOUNT), ==, 0);
    g_assert_cmpuint(resolve(fixture, "/home/ada/ads" ACCOUNT), ==, 0);
    g_assert_cmpuint(resolve(fixture, "/" ACCOUNT), ==, 0);
}

static void test_nothing(Fixture *fixture, const void *data)
{
    static const char *const paths[] = {
        "7012345678901234599",
        ACCOUNT "/campaigns/99",
        ACCOUNT "/campaigns/1001/budget/x",
        ACCOUNT "/reports/last-7d/campaign-day.csv",
        "README.md/x",
        ".git",
    };
    guint n_calls = fixture->small->fake->calls->len;

    fake_later(fixture->small->fake, 1000 * SECOND); /* nothing is asked for */
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++)
        g_assert_cmpuint(resolve(fixture, paths[i]), ==, 0);
    g_assert_cmpuint(fixture->small->fake->calls->len, ==, n_calls);
}

/* Which names are asked for where they are not known. */
static void test_may_come(Fixture *fixture, const void *data)
{
    static const struct {
        const char *dir, *name;
        gboolean may;
    } cases[] = {
        {"", "7012345678901234599", TRUE},
        {"", ".git", FALSE},
        {"", "", FALSE},
        {"", "123x", FALSE},
        {"business-centers", "6998877665544332299", TRUE},
        {"business-centers", "HEAD", FALSE},
        {ACCOUNT, "12", FALSE},
        {ACCOUNT, ".hidden", FALSE},
        {ACCOUNT "/campaigns", "12", TRUE},
        {ACCOUNT "/campaigns", "x", FALSE},
        {ACCOUNT "/campaigns/by-name", "x", TRUE},
        {ACCOUNT "/campaigns/by-name", ".git", FALSE},
        {ACCOUNT "/campaigns/by-name", "%2Egit", TRUE},
        {ACCOUNT "/reports", "2026-11", TRUE},
        {ACCOUNT "/reports", "2026-13", FALSE},
        {ACCOUNT "/reports/of", "3001", TRUE},
        {ACCOUNT "/reports/of", "x", FALSE},
        {ACCOUNT "/reports/last-7d", "ad-day.csv", TRUE},
        {ACCOUNT "/reports/last-7d", "ad-day.xls", FALSE},
        {".adsfs", "12", FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const Item *dir = find_item(fixture->items, cases[i].dir);

        if (tree_may_come(&fixture->small->mount, &dir->place, cases[i].name) != cases[i].may)
            g_error("%s in %s", cases[i].name, cases[i].dir);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("/resolve/every-path", test_all);
    add("/resolve/links-are-followed", test_links);
    add("/resolve/absolute-ones-below-the-mount-point", test_absolute);
    add("/resolve/what-is-not-known-is-not-asked-for", test_nothing);
    add("/resolve/names-that-may-come", test_may_come);
    return g_test_run();
}
