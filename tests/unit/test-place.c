/* SPDX-License-Identifier: MIT */
/* test-place.c - what a place looks like: modes, sizes, times, texts, and for how long. */
#include "tests/unit/small-tree.h"

static const Place *place_of(const Fixture *fixture, const char *path)
{
    return &find_item(fixture->items, path)->place;
}

/* ---- modes ---- */

#define CAMPAIGN(file) ACCOUNT "/campaigns/" file
#define ADGROUP(file)  CAMPAIGN("1001/adgroups/2001/" file)

static void check_mode(Fixture *fixture, const char *path, mode_t mode)
{
    struct stat stat;

    tree_stat(&fixture->small->mount, place_of(fixture, path), &stat);
    if (stat.st_mode != mode)
        g_error("%s has mode %o", path, stat.st_mode);
}

static void test_modes(Fixture *fixture, const void *data)
{
    /* clang-format off */
    static const struct {
        const char *path;
        mode_t mode;
    } cases[] = {
        {"README.md",                   S_IFREG | 0400},
        {".adsfs",                      S_IFDIR | 0700},
        {".adsfs/status.json",          S_IFREG | 0400},
        {".adsfs/quota",                S_IFREG | 0400},
        {"by-name/Fuji",                S_IFLNK | 0777},
        {ACCOUNT,                       S_IFDIR | 0700},
        {ACCOUNT "/name",               S_IFREG | 0400},
        {ACCOUNT "/reports",            S_IFDIR | 0700},
        {ACCOUNT "/reports/last-30d/campaign-day.json", S_IFREG | 0400},
        {ACCOUNT "/ads/3001",           S_IFLNK | 0777},
        {CAMPAIGN("1001/budget"),       S_IFREG | 0600},
        {CAMPAIGN("1001/status"),       S_IFREG | 0600},
        {CAMPAIGN("1001/name"),         S_IFREG | 0600},
        {CAMPAIGN("1001/objective"),    S_IFREG | 0400},
        {CAMPAIGN("1001/info.json"),    S_IFREG | 0400},
        {CAMPAIGN("1001/reports"),      S_IFLNK | 0777},
        {CAMPAIGN("1002/budget"),       S_IFREG | 0400}, /* unlimited */
        {CAMPAIGN("1002/name"),         S_IFREG | 0600},
        {CAMPAIGN("1003/budget"),       S_IFREG | 0400}, /* Smart+ */
        {CAMPAIGN("1003/status"),       S_IFREG | 0400},
        {CAMPAIGN("1999/name"),         S_IFREG | 0400}, /* known from its members only */
        {ADGROUP("budget"),             S_IFREG | 0600},
        {ADGROUP("bid"),                S_IFREG | 0600},
        {ADGROUP("budget_next"),        S_IFREG | 0400},
        {CAMPAIGN("1002/adgroups/2002/budget"), S_IFREG | 0400}, /* CBO */
        {CAMPAIGN("1002/adgroups/2002/bid"),    S_IFREG | 0400}, /* NO_BID */
        {CAMPAIGN("1002/adgroups/2002/status"), S_IFREG | 0600},
        {ADGROUP("ads/3001/name"),      S_IFREG | 0600},
        {ADGROUP("ads/3001/text"),      S_IFREG | 0400},
        {"business-centers",            S_IFDIR | 0700},
        {CENTER,                        S_IFDIR | 0700},
        {CENTER "/name",                S_IFREG | 0400},
        {CENTER "/members.json",        S_IFREG | 0400},
        {CENTER "/advertisers/" ACCOUNT, S_IFLNK | 0777},
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        check_mode(fixture, cases[i].path, cases[i].mode);
    fixture->small->options.umask = 022;
    check_mode(fixture, CAMPAIGN("1001/budget"), S_IFREG | 0644);
    check_mode(fixture, CAMPAIGN("1001/objective"), S_IFREG | 0444);
    check_mode(fixture, CAMPAIGN("1001"), S_IFDIR | 0755);
}

/* Commands change no value of the accounts, but a kernel that mounted ro passes no write on. */
static void assert_nothing_is_writable(Fixture *fixture, gboolean but_commands)
{
    for (guint i = 0; i < fixture->items->len; i++) {
        const Item *item = fixture->items->pdata[i];
        struct stat stat;

        tree_stat(&fixture->small->mount, &item->place, &stat);
        if (but_commands && strcmp(item->path, ".adsfs/ctl") == 0)
            g_assert_cmpuint(stat.st_mode, ==, S_IFREG | 0600);
        else if (S_ISREG(stat.st_mode) && (stat.st_mode & 0222) != 0)
            g_error("%s has mode %o", item->path, stat.st_mode);
    }
}

static void test_read_only(Fixture *fixture, const void *data)
{
    fixture->small->options.read_only = TRUE;
    assert_nothing_is_writable(fixture, FALSE);
    fixture->small->options.read_only = FALSE;
    fixture->small->options.writable = FALSE;
    assert_nothing_is_writable(fixture, TRUE);
    fixture->small->options.writable = TRUE;
    fixture->small->options.offline = TRUE;
    assert_nothing_is_writable(fixture, TRUE);
}

static void assert_refuses(Fixture *fixture, const char *path, int kind)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(tree_refuses(&fixture->small->mount, place_of(fixture, path), &error));
    g_assert_error(error, API_ERROR, kind);
}

static void test_refuses(Fixture *fixture, const void *data)
{
    assert_refuses(fixture, "README.md", API_ERROR_DENIED);
    assert_refuses(fixture, CAMPAIGN("1001"), API_ERROR_DENIED);
    assert_refuses(fixture, CAMPAIGN("1001/created"), API_ERROR_DENIED);
    assert_refuses(fixture, CAMPAIGN("1002/budget"), API_ERROR_DENIED);
    g_assert_false(
        tree_refuses(&fixture->small->mount, place_of(fixture, CAMPAIGN("1001/budget")), NULL));
    fixture->small->options.writable = FALSE;
    assert_refuses(fixture, CAMPAIGN("1001/budget"), API_ERROR_READ_ONLY);
    fixture->small->options.writable = TRUE;
    fixture->small->options.read_only = TRUE;
    assert_refuses(fixture, CAMPAIGN("1001/budget"), API_ERROR_READ_ONLY);
    assert_refuses(fixture, CAMPAIGN("1001/created"), API_ERROR_DENIED);
}

/* ---- sizes and texts ---- */

static gsize length_of(Mount *mount, const Place *place)
{
    g_autofree char *link = place->type == PLACE_LINK ? tree_link(place) : NULL;

    if (link != NULL)
        return strlen(link);
    if (place->type == PLACE_REPORT)
        return 1234;
    g_autoptr(GString) text = tree_text(mount, place);

    return text->len;
}

/* stat says how much there is to read. */
static void test_sizes(Fixture *fixture, const void *data)
{
    Mount *mount = &fixture->small->mount;

    for (guint i = 0; i < fixture->items->len; i++) {
        const Item *item = fixture->items->pdata[i];
        struct stat stat;

        tree_stat(mount, &item->place, &stat);
        g_assert_cmpuint(stat.st_ino, ==, item->ino);
        g_assert_cmpuint(stat.st_uid, ==, 5);
        g_assert_cmpuint(stat.st_gid, ==, 6);
        g_assert_cmpuint(stat.st_nlink, ==,
                         item->place.type == PLACE_ATTR || item->place.type == PLACE_TABLE ? 2 : 1);
        if (place_is_dir(&item->place) || (stat.st_mode & 0777) == 0)
            continue;
        if (item->place.type == PLACE_TEXT && control_is_live(item->place.slot))
            continue;
        g_assert_cmpuint((gsize)stat.st_size, ==, length_of(mount, &item->place));
        g_assert_cmpint(stat.st_blocks, ==, (stat.st_size + 511) / 512);
    }
}

/* Two copies of the tree are the same, however much time and work lie between them. */
static void test_live(Fixture *fixture, const void *data)
{
    static const char *const paths[] = {".adsfs/status.json", ".adsfs/quota"};
    Mount *mount = &fixture->small->mount;

    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        const Place *place = place_of(fixture, paths[i]);
        g_autoptr(GString) text = tree_text(mount, place);
        struct stat before, after;

        g_assert_cmpuint(text->len, >, 0);
        tree_stat(mount, place, &before);
        g_assert_cmpint(before.st_size, ==, 0);
        fake_later(fixture->small->fake, 10 * SECOND);
        tree_stat(mount, place, &after);
        g_assert_cmpint(after.st_size, ==, 0);
        g_assert_cmpint(after.st_mtim.tv_sec, ==, before.st_mtim.tv_sec);
        g_assert_cmpint(after.st_ctim.tv_nsec, ==, before.st_ctim.tv_nsec);
    }
}

static void test_texts(Fixture *fixture, const void *data)
{
    /* clang-format off */
    static const struct {
        const char *path, *text;
    } cases[] = {
        {ACCOUNT "/currency",                                  "USD\n"},
        {CAMPAIGN("1001/budget"),                              "7500.00\n"},
        {YEN_ACCOUNT "/campaigns/1001/budget",                 "7500\n"},
        {YEN_ACCOUNT "/campaigns/1001/adgroups/2001/bid",      "35\n"},
        {CAMPAIGN("1002/budget"),                              "\n"},
        {CAMPAIGN("1003/name"),                                ".50 % / off\n"},
        {CAMPAIGN("1999/name"),                                "Smart\n"},
        {CAMPAIGN("1999/status"),                              "\n"},
        {CAMPAIGN("1998/adgroups/2999/ads/3002/name"),         "\n"},
        {".nomedia",                                           ""},
        {CENTER "/name",                                       "Group / \"A\"\n"},
        {CENTER "/role",                                       "ADMIN\n"},
        {CENTER "/balance",                                    "9000.50\n"},
        {CENTER "/members.json",                               "[\n" MEMBERS "\n]\n"},
        {".adsfs/errors",                                      ""},
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) text =
            tree_text(&fixture->small->mount, place_of(fixture, cases[i].path));

        g_assert_cmpstr(text->str, ==, cases[i].text);
    }
    g_autoptr(GString) info =
        tree_text(&fixture->small->mount, place_of(fixture, ADGROUP("ads/3001/info.json")));

    g_assert_cmpstr(info->str, ==,
                    "{\n  \"ad_id\": \"3001\",\n  \"adgroup_id\": \"2001\",\n"
                    "  \"campaign_id\": \"1001\",\n  \"ad_name\": \"Herbst\",\n"
                    "  \"operation_status\": \"ENABLE\"\n}\n");
}

/* ---- times ---- */

static gint64 seconds_of(const char *iso)
{
    g_autoptr(GDateTime) at = g_date_time_new_from_iso8601(iso, NULL);

    return g_date_time_to_unix(at);
}

static void assert_mtime(Fixture *fixture, const char *path, gint64 seconds)
{
    struct stat stat;

    tree_stat(&fixture->small->mount, place_of(fixture, path), &stat);
    g_assert_cmpint(stat.st_mtim.tv_sec, ==, seconds);
    if (S_ISDIR(stat.st_mode))
        g_assert_cmpint(stat.st_ctim.tv_sec, <=, seconds);
    else
        g_assert_cmpint(stat.st_ctim.tv_sec, ==, seconds);
}

/* What the object says: seen for the first time is not seen to change. */
static void test_times(Fixture *fixture, const void *data)
{
    gint64 started = fixture->small->fake->wall / SECOND;

    fake_later(fixture->small->fake, 100 * SECOND);
    assert_mtime(fixture, CAMPAIGN("1001/budget"), seconds_of("2027-01-02T03:04:05Z"));
    assert_mtime(fixture, CAMPAIGN("1001"), seconds_of("2027-01-02T03:04:05Z"));
    assert_mtime(fixture, CAMPAIGN("1002/budget"), seconds_of("2026-01-02T03:04:05Z"));
    assert_mtime(fixture, CAMPAIGN("1003/name"), seconds_of("2025-12-31T23:59:59Z"));
    assert_mtime(fixture, CAMPAIGN("1999/name"), started);
    assert_mtime(fixture, "README.md", started);
    assert_mtime(fixture, ACCOUNT "/campaigns", started);
    assert_mtime(fixture, ACCOUNT "/reports/last-30d/campaign-day.json", started);
}

static void change_name(const Small *small, guint index)
{
    char *json = small->fake->objects[KIND_CAMPAIGN]->pdata[index];
    char *name = strstr(json, "Spring");

    memcpy(name, "Summer", strlen("Summer"));
}

/* The later of modify_time and of when we saw the object change: not every change moves it. */
static void test_time_of_change(Fixture *fixture, const void *data)
{
    Small *small = fixture->small;
    gint64 seen;

    fake_later(small->fake, 400 * SECOND);
    seen = small->fake->wall / SECOND;
    change_name(small, 0);
    change_name(small, 1);
    small_have(small, ACCOUNT);
    g_ptr_array_unref(fixture->items);
    fixture->items = small_walk(small);
    assert_mtime(fixture, CAMPAIGN("1001/name"), seconds_of("2027-01-02T03:04:05Z"));
    assert_mtime(fixture, CAMPAIGN("1002/name"), seen);
    assert_mtime(fixture, CAMPAIGN("1003/name"), seconds_of("2025-12-31T23:59:59Z"));
}

/* A directory's time moves when its members do, and not when a value does. */
static void test_directory_time(Fixture *fixture, const void *data)
{
    Fake *fake = fixture->small->fake;
    gint64 seen = fake->wall / SECOND;

    fake_later(fake, 400 * SECOND);
    g_ptr_array_remove_index(fake->objects[KIND_AD], 0);
    small_have(fixture->small, ACCOUNT);
    assert_mtime(fixture, ACCOUNT "/ads", seen + 400);
    assert_mtime(fixture, ADGROUP("ads/by-name"), seen + 400);
    assert_mtime(fixture, ACCOUNT "/campaigns", seen);
    assert_mtime(fixture, YEN_ACCOUNT "/ads", seen);
}

/* Who archives a directory is not told that it changed because its listing came meanwhile. */
static void test_directory_ctime(Fixture *fixture, const void *data)
{
    Small *small = fixture->small;
    gint64 started = small->mount.started_us;
    struct stat before, after;

    fake_later(small->fake, 400 * SECOND);
    tree_stat(&small->mount, place_of(fixture, ACCOUNT "/ads"), &before);
    g_ptr_array_remove_index(small->fake->objects[KIND_AD], 0);
    small_have(small, ACCOUNT);
    tree_stat(&small->mount, place_of(fixture, ACCOUNT "/ads"), &after);
    g_assert_cmpint(after.st_mtim.tv_sec, >, before.st_mtim.tv_sec);
    g_assert_cmpint(after.st_ctim.tv_sec, ==, before.st_ctim.tv_sec);
    g_assert_cmpint(after.st_ctim.tv_sec, <=, started / SECOND);
}

/* ---- for how long ---- */

static void assert_holds(Fixture *fixture, const char *path, double attributes, double entry)
{
    const Place *place = place_of(fixture, path);

    g_assert_cmpfloat(tree_timeout(&fixture->small->mount, place), ==, attributes);
    g_assert_cmpfloat(tree_entry_timeout(&fixture->small->mount, place), ==, entry);
}

static void test_timeouts(Fixture *fixture, const void *data)
{
    assert_holds(fixture, CAMPAIGN("1001/budget"), 300, 300);
    fake_later(fixture->small->fake, 100 * SECOND);
    assert_holds(fixture, CAMPAIGN("1001/budget"), 200, 200);
    assert_holds(fixture, CAMPAIGN("1001"), 200, 200);
    assert_holds(fixture, ACCOUNT "/ads/3001", 200, 200);
    assert_holds(fixture, ".adsfs/status.json", 0, 300);
    assert_holds(fixture, ACCOUNT "/reports/last-30d/campaign-day.json", 3600, 0);
    fixture->small->options.ttl_s = 150;
    assert_holds(fixture, CAMPAIGN("1001/budget"), 150, 150);
    fake_later(fixture->small->fake, 200 * SECOND);
    assert_holds(fixture, CAMPAIGN("1001/budget"), 0, 0);
    assert_holds(fixture, ACCOUNT "/campaigns", 0, 0);
}

/* A directory's attributes, its time among them, are as old as the listing of its members. */
static void test_timeout_of_members(Fixture *fixture, const void *data)
{
    Small *small = fixture->small;

    fake_later(small->fake, 400 * SECOND);
    fake_have(small->fake, LISTING_INFO, 0);
    fake_have(small->fake, LISTING_CAMPAIGNS, small_account(small, ACCOUNT));
    assert_holds(fixture, CAMPAIGN("1001/budget"), 0, 300); /* the role may be another by now */
    fake_have(small->fake, LISTING_ROLES, 0);
    assert_holds(fixture, ACCOUNT "/campaigns", 300, 300);
    assert_holds(fixture, CAMPAIGN("1001/budget"), 300, 300);
    assert_holds(fixture, CAMPAIGN("1001/adgroups"), 0, 300);
    assert_holds(fixture, ACCOUNT "/ads", 0, 300);
    assert_holds(fixture, ACCOUNT "/ads/3001", 0, 0);
}

/* ---- names below reports/ ---- */

static void test_range_by_name(Fixture *fixture, const void *data)
{
    Small *small = fixture->small;
    gint64 owner = small_account(small, ACCOUNT);
    guint64 ino = small_make_report(small, owner, "2026-10");
    g_auto(Place) place = {0};
    g_autofree char *path = NULL;
    g_autoptr(GArray) children = NULL;

    g_assert_true(tree_place(&small->mount, ino, &place));
    g_assert_cmpint(place.type, ==, PLACE_RANGE);
    g_assert_cmpstr(place.range, ==, "2026-10");
    path = tree_path(&small->mount, &place);
    g_assert_cmpstr(path, ==, ACCOUNT "/reports/2026-10");
    children = tree_children(&small->mount, &place, 0, 1000);
    g_assert_cmpuint(children->len, ==, 3);
    g_assert_cmpstr(g_array_index(children, TreeChild, 2).name, ==, "ad-day.tsv");
    g_assert_cmpuint(tree_find(&small->mount, &place, "budget"), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("/place/modes-say-what-will-work", test_modes);
    add("/place/nothing-is-writable-in-a-read-only-mount", test_read_only);
    add("/place/why-a-value-can-not-be-written", test_refuses);
    add("/place/sizes-are-what-is-read", test_sizes);
    add("/place/what-moves-all-the-time-has-no-size-and-one-time", test_live);
    add("/place/texts", test_texts);
    add("/place/times-are-the-objects", test_times);
    add("/place/the-later-of-two-times", test_time_of_change);
    add("/place/a-directory-changes-with-its-members", test_directory_time);
    add("/place/ctime-of-a-directory-does-not-move-when-it-is-read-first", test_directory_ctime);
    add("/place/time-outs-are-what-is-left", test_timeouts);
    add("/place/time-outs-of-directories", test_timeout_of_members);
    add("/place/a-range-without-a-name-of-its-own", test_range_by_name);
    return g_test_run();
}
