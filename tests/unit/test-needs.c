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
    return kind == LISTING_ADVERTISERS || kind == LISTING_INFO || kind == LISTING_CENTERS ||
           kind == LISTING_ROLES;
}

static char *letters_of(const Place *place, const Need *needs, guint n)
{
    static const char letters[N_LISTINGS + 1] = "AicgaBRsmf";
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < n; i++) {
        g_string_append_c(out, letters[needs[i].kind]);
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

static char *wishes_of(Fixture *fixture, const Place *place, Purpose purpose)
{
    Need needs[MAX_NEEDS];
    guint n = tree_wishes(&fixture->small->mount, place, purpose, needs);

    return letters_of(place, needs, n);
}

/* A: accounts, i: their details, c: campaigns, g: ad groups, a: ads, B: Business Centers, R: roles,
   s: assets, m: members, f: funds. */
static void test_needs(Fixture *fixture, const void *data)
{
    /* clang-format off */
    static const struct {
        const char *path, *itself, *inside;
    } cases[] = {
        {"README.md",                    "",   NULL},
        {"by-name",                      "",   "A"},
        {"by-name/Fuji",                 "A",  NULL},
        {ACCOUNT,                        "A",  "Ai"},
        {ACCOUNT "/currency",            "Ai", NULL},
        {ACCOUNT "/campaigns",           "A",  "Ac"},
        {ACCOUNT "/ads",                 "A",  "Aa"},
        {ACCOUNT "/reports",             "A",  "A"},
        {ACCOUNT "/reports/last-30d",    "A",  "A"},
        {ACCOUNT "/reports/last-30d/campaign-day.json", "Ai", NULL},
        {CAMPAIGN("1001"),               "c",  "ci"},
        {CAMPAIGN("1001/status"),        "c",  NULL},
        {CAMPAIGN("1001/budget"),        "ci", NULL},
        {CAMPAIGN("1001/adgroups"),      "c",  "cg"},
        {CAMPAIGN("by-name/Smart"),      "c",  NULL},
        {ADGROUP("bid"),                 "gi", NULL},
        {ADGROUP("ads"),                 "g",  "ga"},
        {ADGROUP("ads/3001"),            "a",  "a"},
        {ADGROUP("ads/3001/name"),       "a",  NULL},
        {"business-centers",             "",   "B"},
        {"business-centers/by-name",     "",   "B"},
        {CENTER,                         "B",  "B"},
        {CENTER "/name",                 "B",  "B"},
        {CENTER "/info.json",            "B",  "B"},
        {CENTER "/balance",              "B",  "Bf"},
        {CENTER "/members.json",         "B",  "Bm"},
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

/* Where no account comes by a center, those of the configuration have to be there. */
static void test_needs_of_links(Fixture *fixture, const void *data)
{
    const Place *links = place_of(fixture, CENTER "/advertisers");

    fixture->small->options.advertisers_only = TRUE;
    g_autofree char *inside = needs_of(fixture, links, FOR_READING);
    g_autofree char *other = needs_of(fixture, place_of(fixture, ACCOUNT "/ads"), FOR_READING);

    g_assert_cmpstr(inside, ==, "BsA");
    g_assert_cmpstr(other, ==, "Aa");
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
        {CAMPAIGN("1001"),         "",  "",  ""},
        {CAMPAIGN("1001/status"),  "R", "",  "R"},
        {CAMPAIGN("1001/budget"),  "R", "",  "R"},
        {CAMPAIGN("1001/created"), "",  "",  ""},
        {CENTER "/name",           "",  "",  ""},
        {CENTER "/balance",        "f", "",  ""},
        {CENTER "/members.json",   "",  "",  ""},
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
    add("/needs/links-to-accounts-need-accounts", test_needs_of_links);
    add("/needs/roles-are-asked-for-where-they-matter", test_needs_of_roles);
    return g_test_run();
}
