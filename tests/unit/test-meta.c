/* SPDX-License-Identifier: MIT */
/* test-meta.c - F.meta: where it is, what it says, who may read it, and that it asks for nothing.
 */
#include <cjson/cJSON.h>

#include "api/error.h"
#include "cache/internal.h"
#include "fs/errno.h"
#include "fs/meta.h"
#include "fs/xattr.h"
#include "tests/unit/small-tree.h"

#define CAMPAIGN ACCOUNT "/campaigns/1001"
#define BUDGET   CAMPAIGN "/budget"
#define REPORT   ACCOUNT "/reports/last-30d/campaign-day.json"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cJSON, cJSON_Delete)

static guint64 ino_of_path(const Fixture *fixture, const char *path)
{
    return find_item(fixture->items, path)->ino;
}

/* What F.meta says, as a reader gets it. */
static cJSON *read_meta(Fixture *fixture, const char *path)
{
    Mount *mount = &fixture->small->mount;
    g_auto(Place) place = {0};
    g_autoptr(GString) text = NULL;
    cJSON *facts;

    g_assert_true(tree_place(mount, ino_of_meta(ino_of_path(fixture, path)), &place));
    text = tree_text(mount, &place);
    g_assert_cmpint(text->str[text->len - 1], ==, '\n');
    facts = cJSON_Parse(text->str);
    g_assert_true(cJSON_IsObject(facts));
    return facts;
}

/* wanted: JSON, `"cache"` or `null`. */
static void check_fact(Fixture *fixture, const char *path, const char *name, const char *wanted)
{
    g_autoptr(cJSON) facts = read_meta(fixture, path);
    const cJSON *fact = cJSON_GetObjectItemCaseSensitive(facts, name);
    char *json = fact != NULL ? cJSON_PrintUnformatted(fact) : NULL;

    if (g_strcmp0(json, wanted) != 0)
        g_error("%s.meta has %s %s, wanted %s", path, name, json, wanted);
    cJSON_free(json);
}

/* ---- where it is ---- */

static void test_inodes(Fixture *fixture, const void *data)
{
    Mount *mount = &fixture->small->mount;

    for (guint i = 0; i < fixture->items->len; i++) {
        const Item *item = fixture->items->pdata[i];
        guint64 ino = ino_of_meta(item->ino);
        g_auto(Place) place = {0};
        g_auto(Place) near = {0};
        struct stat stat;

        g_assert_true(ino_is_meta(ino) && !ino_is_meta(item->ino));
        g_assert_cmpuint(ino_beside(ino), ==, item->ino);
        g_assert_cmpint(ino_row(ino), ==, ino_row(item->ino));
        g_assert_cmpint(ino_is_node(ino), ==, ino_is_node(item->ino));
        g_assert_true(tree_place(mount, ino, &place));
        g_assert_true(tree_place_near(mount, &item->place, ino, &near));
        g_assert_true(place.type == PLACE_META && near.type == PLACE_META);
        g_assert_cmpuint(near.ino, ==, ino);
        tree_stat(mount, &place, &stat);
        g_assert_cmpuint(stat.st_ino, ==, ino);
        g_assert_true(S_ISREG(stat.st_mode));
    }
}

/* Its path is that of F, also where F is a link to a report. */
static void test_paths(Fixture *fixture, const void *data)
{
    static const char *const paths[] = {BUDGET,
                                        REPORT,
                                        ACCOUNT "/campaigns",
                                        ACCOUNT "/report.json",
                                        CAMPAIGN "/report.csv",
                                        CAMPAIGN,
                                        ACCOUNT "/reports/last-30d",
                                        CENTER "/members.json",
                                        ".adsfs/errors",
                                        "README.md"};

    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_auto(Place) place = {0};
        g_autofree char *path = NULL;
        g_autofree char *wanted = g_strconcat(paths[i], ".meta", NULL);

        g_assert_true(tree_place(&fixture->small->mount,
                                 ino_of_meta(ino_of_path(fixture, paths[i])), &place));
        path = tree_path(&fixture->small->mount, &place);
        g_assert_cmpstr(path, ==, wanted);
    }
}

static void test_found(Fixture *fixture, const void *data)
{
    Mount *mount = &fixture->small->mount;
    guint n = 0;

    for (guint i = 1; i < fixture->items->len; i++) {
        const Item *item = fixture->items->pdata[i];
        g_autofree char *name = g_strconcat(item->name, ".meta", NULL);
        g_autofree char *twice = g_strconcat(name, ".meta", NULL);
        g_auto(Place) dir = {0};

        g_assert_true(tree_place(mount, item->dir, &dir));
        g_assert_cmpuint(tree_find(mount, &dir, name), ==, 0);
        g_assert_cmpuint(meta_find(mount, &dir, twice), ==, 0);
        if (tree_find(mount, &dir, item->name) == 0)
            continue; /* below reports/ */
        n++;
        g_assert_cmpuint(meta_find(mount, &dir, name), ==, ino_of_meta(item->ino));
    }
    g_assert_cmpuint(n, >, 300);
}

static void test_names(Fixture *fixture, const void *data)
{
    const Place *dir = &find_item(fixture->items, CAMPAIGN)->place;
    const Place *names = &find_item(fixture->items, ACCOUNT "/campaigns/by-name")->place;

    g_assert_null(meta_base("budget"));
    g_assert_null(meta_base(".meta"));
    g_assert_null(meta_base("budget.metadata"));
    g_assert_cmpuint(meta_find(&fixture->small->mount, dir, "bugdet.meta"), ==, 0);
    g_assert_true(meta_is_name(dir, "budget.meta"));
    g_assert_false(meta_is_name(dir, "budget"));
    g_assert_false(meta_is_name(names, "Spring.meta")); /* somebody may have called it so */
}

/* ---- age, source, stale ---- */

static void on_stored(void *user_data, const GError *error)
{
    g_assert_no_error(error);
    *(gboolean *)user_data = TRUE;
}

/* As after a commit; and what the writer was told before is done. */
static void store_campaign(Fixture *fixture, const char *id)
{
    Fake *fake = fixture->small->fake;
    g_autofree char *body = g_strdup_printf(
        "{\"campaign_id\":\"%s\",\"campaign_name\":\"Spring\",\"budget\":8000}", id);
    g_autoptr(GBytes) bytes = g_bytes_new(body, strlen(body));
    gboolean done = FALSE;

    cache_store_object(fake->cache, small_row(fixture->small, KIND_CAMPAIGN, id), bytes, fake->mono,
                       on_stored, &done);
    while (!done)
        g_main_context_iteration(NULL, TRUE);
}

static void test_fresh(Fixture *fixture, const void *data)
{
    fake_later(fixture->small->fake, 12 * SECOND);
    check_fact(fixture, BUDGET, "age", "12");
    check_fact(fixture, BUDGET, "fetched", "\"2026-11-18T11:06:40Z\"");
    check_fact(fixture, BUDGET, "source", "\"cache\"");
    check_fact(fixture, BUDGET, "stale", "false");
    check_fact(fixture, BUDGET, "error", "null");
    check_fact(fixture, ACCOUNT "/campaigns", "age", "12");
    check_fact(fixture, CENTER "/members.json", "age", "12");
}

static void test_expired(Fixture *fixture, const void *data)
{
    Fake *fake = fixture->small->fake;

    fake_later(fake, 301 * SECOND);
    check_fact(fixture, BUDGET, "age", "301");
    check_fact(fixture, BUDGET, "source", "\"api\"");
    check_fact(fixture, BUDGET, "stale", "false");
    fake_have(fake, LISTING_CAMPAIGNS, small_account(fixture->small, ACCOUNT));
    check_fact(fixture, BUDGET, "age", "0");
    check_fact(fixture, BUDGET, "source", "\"api\""); /* the currency is not known for sure */
    check_fact(fixture, CAMPAIGN "/name", "source", "\"cache\"");
    fake_have(fake, LISTING_INFO, 0);
    check_fact(fixture, BUDGET, "source", "\"cache\"");
    check_fact(fixture, CAMPAIGN "/adgroups", "age", "301");
}

/* The details of its own account are enough, however old the list of accounts is. */
static void test_accounts_expired(Fixture *fixture, const void *data)
{
    Fake *fake = fixture->small->fake;

    fake_later(fake, 301 * SECOND);
    fake_have(fake, LISTING_ADVERTISERS, 0);
    fake_later(fake, 200 * SECOND);
    fake_have(fake, LISTING_INFO, 0);
    fake_have(fake, LISTING_CAMPAIGNS, small_account(fixture->small, ACCOUNT));
    check_fact(fixture, BUDGET, "source", "\"cache\"");
    fake_later(fake, 150 * SECOND);
    check_fact(fixture, BUDGET, "source", "\"cache\"");
    check_fact(fixture, CAMPAIGN "/name", "source", "\"cache\"");
}

/* Of all that F needs what it shows. */
static void test_which_listing(Fixture *fixture, const void *data)
{
    Fake *fake = fixture->small->fake;

    fake_later(fake, 400 * SECOND);
    fake_have(fake, LISTING_INFO, 0); /* and the accounts, which it needs */
    fake_later(fake, 400 * SECOND);
    fake_have(fake, LISTING_ADVERTISERS, 0);
    fake_have(fake, LISTING_MEMBERS, fake_find(fake, KIND_CENTER, 0, CENTER_ID));
    check_fact(fixture, ACCOUNT, "age", "0");
    check_fact(fixture, ACCOUNT "/currency", "age", "400");
    check_fact(fixture, ACCOUNT "/info.json", "age", "400");
    check_fact(fixture, CENTER "/members.json", "age", "0");
    check_fact(fixture, CENTER "/balance", "age", "800");
    check_fact(fixture, CENTER "/name", "age", "800");
    fake_have(fake, LISTING_FUNDS, fake_find(fake, KIND_CENTER, 0, CENTER_ID));
    check_fact(fixture, CENTER "/balance", "age", "0");
}

static void test_stale(Fixture *fixture, const void *data)
{
    Fake *fake = fixture->small->fake;

    fake_later(fake, 301 * SECOND);
    fake_fail(fake, API_ERROR_UNREACHABLE);
    fake_want(fake, LISTING_CAMPAIGNS, small_account(fixture->small, ACCOUNT), NULL);
    check_fact(fixture, CAMPAIGN "/name", "stale", "true");
    check_fact(fixture, CAMPAIGN "/name", "source", "\"cache\"");
    check_fact(fixture, CAMPAIGN "/name", "age", "301");
    check_fact(fixture, CAMPAIGN "/adgroups", "stale", "true"); /* one has found it out for all */
    fake_work(fake);
    fake_later(fake, 31 * SECOND);
    fake_want(fake, LISTING_CAMPAIGNS, small_account(fixture->small, ACCOUNT), NULL);
    fake_run(fake); /* what was asked for behind the back of who was served */
    check_fact(fixture, CAMPAIGN "/name", "stale", "false");
    check_fact(fixture, CAMPAIGN "/name", "age", "0");
}

static void test_never(Fixture *fixture, const void *data)
{
    Small *small = small_new_without_roles();
    Fixture other = {small, small_walk(small)};

    check_fact(&other, "business-centers", "age", "null");
    check_fact(&other, "business-centers", "fetched", "null");
    check_fact(&other, "business-centers", "source", "\"api\"");
    check_fact(&other, ACCOUNT "/currency", "source", "\"cache\"");
    check_fact(&other, ACCOUNT "/balance", "source", "\"api\""); /* by the role */
    tear_down(&other, NULL);
}

/* The clock was set, or what was fetched is known to be wrong. */
static void test_age_not_known(Fixture *fixture, const void *data)
{
    Fake *fake = fixture->small->fake;

    fake->wall -= 1000 * SECOND;
    check_fact(fixture, BUDGET, "age", "null");
    check_fact(fixture, BUDGET, "fetched", "\"2026-11-18T11:06:40Z\"");
    fake->wall += 1000 * SECOND;
    check_fact(fixture, BUDGET, "age", "0");
    cache_expire(fake->cache, small_row(fixture->small, KIND_CAMPAIGN, "1001"));
    store_campaign(fixture, "1002");
    check_fact(fixture, BUDGET, "age", "null");
    check_fact(fixture, BUDGET, "fetched", "null");
    check_fact(fixture, BUDGET, "source", "\"api\"");
}

static void test_local(Fixture *fixture, const void *data)
{
    static const char *const paths[] = {"README.md", ".adsfs", ".adsfs/status.json",
                                        ACCOUNT "/reports", ACCOUNT "/reports/last-7d"};

    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        check_fact(fixture, paths[i], "source", "\"local\"");
        check_fact(fixture, paths[i], "age", "null");
    }
}

/* What the object was seen to become cannot have been fetched before. */
static void test_written(Fixture *fixture, const void *data)
{
    Fake *fake = fixture->small->fake;

    fake_later(fake, 100 * SECOND);
    store_campaign(fixture, "1001");
    check_fact(fixture, BUDGET, "age", "0");
    check_fact(fixture, CAMPAIGN "/adgroups", "age", "100");
    check_fact(fixture, ACCOUNT "/campaigns/1002/budget", "age", "100");
}

/* ---- the last error ---- */

static void fail_at(Fixture *fixture, const char *path, const char *request_id)
{
    g_autoptr(GError) error =
        api_error_new(API_ERROR_DENIED, 40001, request_id, "no \"path\":\"%s\", sorry", BUDGET);

    control_failed(&fixture->small->mount, path, errno_of(error), error);
}

static void test_error(Fixture *fixture, const void *data)
{
    fail_at(fixture, BUDGET "_mode", "r0"); /* neither it nor what its text says */
    check_fact(fixture, BUDGET, "error", "null");
    fail_at(fixture, BUDGET, "r1");
    fail_at(fixture, BUDGET, "r2");
    fail_at(fixture, CAMPAIGN, "r3");
    check_fact(fixture, BUDGET, "error",
               "{\"time\":\"2026-11-18T11:06:40Z\",\"errno\":\"EACCES\",\"code\":40001,"
               "\"message\":\"no \\\"path\\\":\\\"" BUDGET "\\\", sorry\",\"request_id\":\"r2\"}");
}

/* ---- reports ---- */

static void test_report(Fixture *fixture, const void *data)
{
    static const char *const paths[] = {REPORT, ACCOUNT "/report.json", CAMPAIGN "/report.csv"};

    fail_at(fixture, REPORT, "r1");
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        check_fact(fixture, paths[i], "age", "null");
        check_fact(fixture, paths[i], "source", "\"api\"");
        check_fact(fixture, paths[i], "complete", "false");
        check_fact(fixture, paths[i], "rows", "null");
        check_fact(fixture, paths[i], "calls", "null");
        check_fact(fixture, paths[i], "mode", "null");
        check_fact(fixture, paths[i], "frozen_until", "null");
    }
    check_fact(fixture, BUDGET, "complete", NULL);
    check_fact(fixture, CAMPAIGN "/report.csv", "error", "null");

    g_autoptr(cJSON) of_link = read_meta(fixture, ACCOUNT "/report.json");

    g_assert_true(cJSON_IsObject(cJSON_GetObjectItem(of_link, "error")));
}

/* ---- rights, and no calls ---- */

/* Where F has no mode F.meta has none, and says nothing. */
static void test_rights(Fixture *fixture, const void *data)
{
    Mount *mount = &fixture->small->mount;
    guint hidden = 0;

    fixture->small->options.scopes = g_strsplit("100 15 21", " ", -1);
    for (guint i = 1; i < fixture->items->len; i++) {
        const Item *item = fixture->items->pdata[i];
        gboolean link = item->place.type == PLACE_LINK;
        g_auto(Place) place = {0};
        g_autoptr(GString) text = NULL;
        struct stat of, meta;

        g_assert_true(tree_place(mount, ino_of_meta(item->ino), &place));
        tree_stat(mount, &item->place, &of);
        tree_stat(mount, &place, &meta);
        if (link && place.beside == PLACE_REPORT) /* no report may be read */
            of.st_mode = 0;
        text = tree_text(mount, &place);
        g_assert_cmpint(meta.st_mode & 0777, ==, (of.st_mode & 0777) != 0 ? 0400 : 0);
        g_assert_cmpint(meta.st_size, ==, (gint64)text->len);
        g_assert_cmpint(text->len > 0, ==, (of.st_mode & 0777) != 0);
        g_assert_true(tree_refuses(mount, &place, NULL));
        hidden += text->len == 0;
    }
    g_assert_cmpuint(hidden, >, 30);
    g_clear_pointer(&fixture->small->options.scopes, g_strfreev);
}

static void test_asks_nothing(Fixture *fixture, const void *data)
{
    Mount *mount = &fixture->small->mount;
    Fake *fake = fixture->small->fake;
    guint calls = fake->calls->len;
    CacheStats before, after;

    fake_later(fake, 1000 * SECOND); /* all of it is old */
    cache_stats(fake->cache, &before);
    for (guint i = 1; i < fixture->items->len; i++) {
        const Item *item = fixture->items->pdata[i];
        g_auto(Place) place = {0};
        Need needs[MAX_NEEDS];

        g_assert_true(tree_place(mount, ino_of_meta(item->ino), &place));
        for (Purpose purpose = FOR_NAME; purpose <= FOR_WRITING; purpose++) {
            g_assert_cmpuint(tree_needs(mount, &place, purpose, needs), ==, 0);
            g_assert_cmpuint(tree_wishes(mount, &place, purpose, needs), ==, 0);
        }
        g_assert_false(tree_members_need(&place, needs));
        g_assert_false(place_is_dir(&place));
        g_assert_cmpfloat(tree_timeout(mount, &place), ==, 0);
        g_assert_cmpfloat(tree_entry_timeout(mount, &place), ==, 0);
        g_string_free(tree_text(mount, &place), TRUE);
    }
    fake_run(fake);
    cache_stats(fake->cache, &after);
    g_assert_cmpuint(fake->calls->len, ==, calls);
    g_assert_cmpuint(after.waits, ==, before.waits);
}

/* ---- attributes ---- */

static void check_names(Fixture *fixture, guint64 ino, const char *wanted)
{
    g_autoptr(GString) names = xattr_names(&fixture->small->mount, ino);

    g_assert_true(names->len == 0 || names->str[names->len - 1] == '\0');
    for (gsize i = 0; i < names->len; i++)
        names->str[i] = names->str[i] != '\0' ? names->str[i] : ' ';
    g_assert_cmpstr(names->str, ==, wanted);
}

static void check_value(Fixture *fixture, guint64 ino, const char *name, const char *wanted)
{
    g_autofree char *value = xattr_value(&fixture->small->mount, ino, name);

    g_assert_cmpstr(value, ==, wanted);
}

static void test_attributes(Fixture *fixture, const void *data)
{
    guint64 ino = ino_of_path(fixture, BUDGET);

    fake_later(fixture->small->fake, 12 * SECOND);
    check_names(fixture, ino,
                "user.adsfs.age user.adsfs.fetched user.adsfs.source user.adsfs.stale ");
    check_value(fixture, ino, "user.adsfs.age", "12");
    check_value(fixture, ino, "user.adsfs.stale", "false");
    check_value(fixture, ino, "user.adsfs.error", NULL);
    check_value(fixture, ino, "user.adsfs.", NULL);
    check_value(fixture, ino, "age", NULL);
    check_value(fixture, ino, "security.capability", NULL);
    fail_at(fixture, BUDGET, "r1");
    check_value(fixture, ino, "user.adsfs.error", "no \"path\":\"" BUDGET "\", sorry");
    check_value(fixture, ino, "user.adsfs.errno", "EACCES");
    check_value(fixture, ino, "user.adsfs.code", "40001");
    check_value(fixture, ino, "user.adsfs.request_id", "r1");
    check_value(fixture, ino, "user.adsfs.message", NULL);
    check_names(fixture, ino_of_meta(ino), "");
    check_names(fixture, ino_of_path(fixture, REPORT),
                "user.adsfs.complete user.adsfs.source user.adsfs.stale ");
}

/* Those of what may not be read are not to be had either. */
static void test_attributes_of_hidden(Fixture *fixture, const void *data)
{
    fixture->small->options.scopes = g_strsplit("100", " ", -1);
    check_names(fixture, ino_of_path(fixture, BUDGET), "");
    check_value(fixture, ino_of_path(fixture, BUDGET), "user.adsfs.age", NULL);
    check_value(fixture, ino_of_path(fixture, ACCOUNT "/currency"), "user.adsfs.age", "0");
    g_clear_pointer(&fixture->small->options.scopes, g_strfreev);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("/meta/inodes-are-derived", test_inodes);
    add("/meta/paths", test_paths);
    add("/meta/found-but-not-listed", test_found);
    add("/meta/names", test_names);
    add("/meta/age-of-what-is-fresh", test_fresh);
    add("/meta/source-of-what-has-expired", test_expired);
    add("/meta/source-of-what-needs-the-accounts", test_accounts_expired);
    add("/meta/the-listing-that-it-shows", test_which_listing);
    add("/meta/stale-while-unreachable", test_stale);
    add("/meta/never-fetched", test_never);
    add("/meta/an-age-that-is-not-known", test_age_not_known);
    add("/meta/local", test_local);
    add("/meta/a-written-value-is-new", test_written);
    add("/meta/the-newest-error-of-the-path", test_error);
    add("/meta/a-report-that-was-not-made", test_report);
    add("/meta/rights-are-those-of-the-file", test_rights);
    add("/meta/asks-for-nothing", test_asks_nothing);
    add("/meta/attributes", test_attributes);
    add("/meta/no-attributes-of-what-is-hidden", test_attributes_of_hidden);
    return g_test_run();
}
