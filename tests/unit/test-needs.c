/* SPDX-License-Identifier: MIT */
/* test-needs.c - what is asked of the cache before a place can be shown, read or written. */
#include "tests/unit/small-tree.h"

#define CAMPAIGN(file) ACCOUNT "/campaigns/" file
#define ADGROUP(file)  CAMPAIGN("1001/adgroups/2001/" file)

static const Place *place_of(const Fixture *fixture, const char *path)
{
    return &find_item(fixture->items, path)->place;
}

static gboolean is_of_root(ListingKind kind)
{
    return kind == LISTING_ADVERTISERS || kind == LISTING_CENTERS || kind == LISTING_ROLES;
}

static char *letters_of(const Place *place, const Need *needs, guint n)
{
    static const char letters[N_LISTINGS + 1] = "AicgaBRsmf";
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < n; i++) {
        g_string_append_c(out, letters[needs[i].kind]);
        if (needs[i].id != NULL)
            g_string_append_c(out, '1');
        g_assert_cmpint(needs[i].advertiser, ==, is_of_root(needs[i].kind) ? 0 : place->advertiser);
    }
    return g_string_free(out, FALSE);
}

static char *needs_of(Fixture *fixture, const Place *place, Purpose purpose)
{
    Need needs[MAX_NEEDS];
    guint n = tree_needs(&fixture->small->mount, place, purpose, needs);

    return letters_of(place, needs, n);
}

static char *lookup_needs_of(Fixture *fixture, const char *path, const char *name)
{
    Need needs[MAX_NEEDS];
    const Place *dir = place_of(fixture, path);
    guint n = tree_lookup_needs(&fixture->small->mount, dir, name, needs);

    return letters_of(dir, needs, n);
}

static char *wishes_of(Fixture *fixture, const Place *place, Purpose purpose)
{
    Need needs[MAX_NEEDS];
    guint n = tree_wishes(&fixture->small->mount, place, purpose, needs);

    return letters_of(place, needs, n);
}

/* A: accounts, i: their details, c: campaigns, g: ad groups, a: ads, B: Business Centers, R: roles,
   s: assets, m: members, f: funds; 1: one of them only, by its id. */
static void test_needs(Fixture *fixture, const void *data)
{
    /* clang-format off */
    static const struct {
        const char *path, *itself, *inside;
    } cases[] = {
        {"README.md",                    "",   NULL},
        {"by-name",                      "",   "A"},
        {"by-name/Fuji",                 "A",  NULL},
        {ACCOUNT,                        "A1",  "A1i"},
        {ACCOUNT "/currency",            "A1i", NULL},
        {ACCOUNT "/campaigns",           "A1",  "A1c"},
        {ACCOUNT "/ads",                 "A1",  "A1a"},
        {ACCOUNT "/reports",             "A1",  "A1"},
        {ACCOUNT "/reports/last-30d",    "A1",  "A1"},
        {ACCOUNT "/reports/last-30d/campaign-day.json", "A1i", NULL},
        {ACCOUNT "/reports/metrics.tsv", "A1", "A1"},
        {ACCOUNT "/campaigns.csv",       "A1",  "A1ic"},
        {ACCOUNT "/ads.csv",             "A1",  "A1ia"},
        {CAMPAIGN("1001/adgroups.csv"),  "c1",  "c1ig"},
        {CAMPAIGN("1001/ads.csv"),       "c1",  "c1iga"},
        {ADGROUP("ads.csv"),             "g1",  "g1ia"},
        {CAMPAIGN("1001"),               "c1",  "c1i"},
        {CAMPAIGN("1001/status"),        "c1",  NULL},
        {CAMPAIGN("1001/budget"),        "c1i", NULL},
        {CAMPAIGN("1001/adgroups"),      "c1",  "c1g"},
        {CAMPAIGN("by-name/Smart"),      "c",  NULL},
        {ADGROUP("bid"),                 "g1i", NULL},
        {ADGROUP("ads"),                 "g1",  "g1a"},
        {ADGROUP("ads/3001"),            "a1",  "a1"},
        {ADGROUP("ads/3001/name"),       "a1",  NULL},
        {"business-centers",             "",   "B"},
        {"business-centers/by-name",     "",   "B"},
        {CENTER,                         "B",  "B"},
        {CENTER "/name",                 "B",  "B"},
        {CENTER "/info.json",            "B",  "B"},
        {CENTER "/balance",              "B",  "Bf"},
        {CENTER "/members.json",         "B",  "Bm"},
        {CENTER "/reports",              "B",  "B"},
        {CENTER "/reports/last-30d/advertiser-day.csv", "B", "B"}, /* no account's details */
        {CENTER "/advertisers",          "B",  "Bs"},
        {CENTER "/advertisers/by-name",  "B",  "Bs"},
        {CENTER "/advertisers/" ACCOUNT, "s",  NULL},
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const Place *place = place_of(fixture, cases[i].path);
        g_autofree char *itself = needs_of(fixture, place, FOR_NAME);
        g_autofree char *inside = needs_of(fixture, place, FOR_READING);

        g_assert_cmpstr(itself, ==, cases[i].itself);
        if (cases[i].inside != NULL)
            g_assert_cmpstr(inside, ==, cases[i].inside);
    }
}

/* A name is looked up by its id where that is one, and elsewhere in all that there are. */
static void test_needs_of_names(Fixture *fixture, const void *data)
{
    /* clang-format off */
    static const struct {
        const char *dir, *name, *needs;
    } cases[] = {
        {"",                          "7012345678901234569", "A1"},
        {"",                          ".git",                ""},
        {"by-name",                   "Fuji",                "A"},
        {"by-name",                   "7012345678901234569", "A"},
        {ACCOUNT "/campaigns",        "1009",                "A1c1"},
        {ACCOUNT "/campaigns",        "1009~",               ""},
        {ACCOUNT "/ads",              "1009",                "A1a1"},
        {ACCOUNT "/campaigns/by-name", "1009",               "A1c"},
        {CAMPAIGN("1001/adgroups"),   "2009",                "c1g1"},
        {CAMPAIGN("1001"),            ".git",                ""},
        {"business-centers",          "6998877665544332219", "B"},
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *needs = lookup_needs_of(fixture, cases[i].dir, cases[i].name);

        g_assert_cmpstr(needs, ==, cases[i].needs);
    }
}

/* Where no account comes by a center, those of the configuration have to be there. */
static void test_needs_of_links(Fixture *fixture, const void *data)
{
    const Place *links = place_of(fixture, CENTER "/advertisers");

    fixture->small->options.advertisers_only = TRUE;
    g_autofree char *inside = needs_of(fixture, links, FOR_READING);
    g_autofree char *other = needs_of(fixture, place_of(fixture, ACCOUNT "/ads"), FOR_READING);

    g_assert_cmpstr(inside, ==, "BsA");
    g_assert_cmpstr(other, ==, "A1a");
}

/* The role of an account is asked for where a mode or a write depends on it, and nowhere else. */
static void test_needs_of_roles(Fixture *fixture, const void *data)
{
    /* clang-format off */
    static const struct {
        const char *path, *stat, *read, *write;
    } cases[] = {
        {ACCOUNT,                  "",  "",  ""},
        {ACCOUNT "/currency",      "",  "",  ""},
        {ACCOUNT "/balance",       "R", "R", ""},
        {ACCOUNT "/campaigns.csv", "R", "",  "R"},
        {CAMPAIGN("1001"),         "",  "",  ""},
        {CAMPAIGN("1001/status"),  "R", "",  "R"},
        {CAMPAIGN("1001/budget"),  "R", "",  "R"},
        {CAMPAIGN("1001/created"), "",  "",  ""},
        {CENTER "/name",           "",  "",  ""},
        {CENTER "/balance",        "f", "",  ""},
        {CENTER "/members.json",   "m", "",  ""},
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const Place *place = place_of(fixture, cases[i].path);
        g_autofree char *stat = wishes_of(fixture, place, FOR_STAT);
        g_autofree char *read = wishes_of(fixture, place, FOR_READING);
        g_autofree char *write = wishes_of(fixture, place, FOR_WRITING);

        g_assert_cmpstr(stat, ==, cases[i].stat);
        g_assert_cmpstr(read, ==, cases[i].read);
        g_assert_cmpstr(write, ==, cases[i].write);
    }
    fixture->small->options.writable = FALSE;
    g_autofree char *closed =
        wishes_of(fixture, place_of(fixture, CAMPAIGN("1001/status")), FOR_STAT);

    g_assert_cmpstr(closed, ==, "");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("/needs/what-has-to-be-there-first", test_needs);
    add("/needs/a-name-is-asked-for-by-its-id", test_needs_of_names);
    add("/needs/links-to-accounts-need-accounts", test_needs_of_links);
    add("/needs/roles-are-asked-for-where-they-matter", test_needs_of_roles);
    return g_test_run();
}
