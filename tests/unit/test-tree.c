/* SPDX-License-Identifier: MIT */
/* test-tree.c - what is listed is found and the reverse, by inodes that stay. */
#include "tests/unit/small-tree.h"

static GArray *children_of(Fixture *fixture, const Item *dir)
{
    return tree_children(&fixture->small->mount, &dir->place, 0, 1000);
}

static gboolean is_listed(const GArray *children, const char *name)
{
    for (guint i = 0; i < children->len; i++)
        if (strcmp(g_array_index(children, TreeChild, i).name, name) == 0)
            return TRUE;
    return FALSE;
}

/* ---- names ---- */

static void test_what_is_there(Fixture *fixture, const void *data)
{
    static const char *const paths[] = {
        "README.md",
        ".adsfs/status.json",
        ".adsfs/errors",
        ".adsfs/quota",
        ".trackerignore",
        ".nomedia",
        "by-name/Alpenrad",
        "by-name/Fuji",
        ACCOUNT "/currency",
        ACCOUNT "/info.json",
        ACCOUNT "/report.csv",
        ACCOUNT "/campaigns/1001/report.html",
        ACCOUNT "/reports/of",
        ACCOUNT "/reports/yesterday",
        ACCOUNT "/reports/last-30d/campaign-day.json",
        ACCOUNT "/reports/of/3001/today/ad-day.ndjson",
        ACCOUNT "/campaigns/by-name/Spring~1001",
        ACCOUNT "/campaigns/by-name/Spring~1002",
        ACCOUNT "/campaigns/by-name/%2E50 %25 %2F off",
        ACCOUNT "/campaigns/by-name/Smart",
        ACCOUNT "/campaigns/1001/budget",
        ACCOUNT "/campaigns/1001/reports",
        ACCOUNT "/campaigns/1001/adgroups/by-name/25-44",
        ACCOUNT "/campaigns/1001/adgroups/2001/bid",
        ACCOUNT "/campaigns/1001/adgroups/2001/ads/3001/landing_page",
        ACCOUNT "/campaigns/1998/adgroups/2999/ads/3002/status",
        ACCOUNT "/campaigns/1999/adgroups/2003/info.json",
        ACCOUNT "/adgroups/2001",
        ACCOUNT "/adgroups/by-name/25-44~2001",
        ACCOUNT "/ads/3002",
        ACCOUNT "/ads/by-name/~3002",
        YEN_ACCOUNT "/campaigns/1001/adgroups/2001/ads/3001/name",
        "business-centers/by-name/Other",
        "business-centers/by-name/Group %2F \"A\"",
        CENTER "/balance",
        CENTER "/members.json",
        CENTER "/advertisers/" ACCOUNT,
        CENTER "/advertisers/by-name/Fuji",
        NO_FINANCE "/advertisers/" ACCOUNT,
    };
    const Item *in_dollars = find_item(fixture->items, ACCOUNT "/campaigns/1001");
    const Item *in_yen = find_item(fixture->items, YEN_ACCOUNT "/campaigns/1001");

    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++)
        find_item(fixture->items, paths[i]);
    g_assert_cmpint(in_dollars->place.row, !=, in_yen->place.row);
}

/* An account that a center only asked for is not among its own. */
static void test_what_is_not_there(Fixture *fixture, const void *data)
{
    const Item *links = find_item(fixture->items, CENTER "/advertisers");
    const Item *names = find_item(fixture->items, CENTER "/advertisers/by-name");
    Mount *mount = &fixture->small->mount;

    g_assert_cmpuint(tree_find(mount, &links->place, "7011"), ==, 0);
    g_assert_cmpuint(tree_find(mount, &names->place, "Asked for"), ==, 0);
    g_autoptr(GArray) children = children_of(fixture, links);

    g_assert_false(is_listed(children, "7011"));
}

static void test_listed_is_found(Fixture *fixture, const void *data)
{
    for (guint i = 1; i < fixture->items->len; i++) {
        const Item *item = fixture->items->pdata[i];
        g_auto(Place) dir = {0};
        guint64 found;

        g_assert_true(tree_place(&fixture->small->mount, item->dir, &dir));
        if (item->place.type == PLACE_REPORT || dir.type == PLACE_OF)
            continue; /* what is below reports/ is found by others */
        found = tree_find(&fixture->small->mount, &dir, item->name);
        if (found != item->ino)
            g_error("%s: listed but not found", item->path);
    }
}

static GHashTable *all_names(const Fixture *fixture)
{
    static const char *const others[] = {
        "",  ".",        "..",      "errors ",          "1", "Spring", "Spring~1",
        "~", "last-31d", "2026-10", "campaign-day.json"};
    GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < fixture->items->len; i++)
        g_hash_table_add(names, ((Item *)fixture->items->pdata[i])->name);
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
        g_hash_table_add(names, (char *)others[i]);
    return names;
}

/* Each name that exists anywhere is asked of each directory. */
static void test_found_is_listed(Fixture *fixture, const void *data)
{
    g_autoptr(GHashTable) names = all_names(fixture);
    GHashTableIter iter;
    void *name;

    for (guint i = 0; i < fixture->items->len; i++) {
        const Item *dir = fixture->items->pdata[i];
        g_autoptr(GArray) children = NULL;

        if (!place_is_dir(&dir->place))
            continue;
        children = children_of(fixture, dir);
        g_hash_table_iter_init(&iter, names);
        while (g_hash_table_iter_next(&iter, &name, NULL)) {
            guint64 found = tree_find(&fixture->small->mount, &dir->place, name);

            if (found != 0 && !is_listed(children, name))
                g_error("%s/%s: found but not listed", dir->path, (char *)name);
        }
    }
}

static void test_fixed_entries(Fixture *fixture, const void *data)
{
    for (guint i = 0; i < fixture->items->len; i++) {
        const Item *dir = fixture->items->pdata[i];
        const AttrTable *attrs = attr_table(dir->place.kind);
        g_autoptr(GArray) children = NULL;
        const Entry *entry;

        if (!place_is_dir(&dir->place) || ino_is_node(dir->ino))
            continue;
        children = children_of(fixture, dir);
        for (guint j = 0; (entry = tree_entry(dir->place.kind, j)) != NULL; j++)
            g_assert_true(entry->parent != dir->place.slot || is_listed(children, entry->name));
        for (gsize j = 0; dir->place.slot == SLOT_SELF && j < attrs->n_rows; j++)
            g_assert_true(is_listed(children, attrs->rows[j].name));
    }
}

static void test_no_name_twice(Fixture *fixture, const void *data)
{
    g_autoptr(GHashTable) paths = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < fixture->items->len; i++) {
        const Item *item = fixture->items->pdata[i];

        if (!g_hash_table_add(paths, item->path))
            g_error("%s is there twice", item->path);
        g_assert_null(strchr(item->name, '/'));
    }
}

/* ---- offsets ---- */

static void assert_same_from(const GArray *all, guint first, const GArray *some, guint n)
{
    g_assert_cmpuint(some->len, ==, n);
    for (guint i = 0; i < n; i++) {
        const TreeChild *want = &g_array_index(all, TreeChild, first + i);
        const TreeChild *have = &g_array_index(some, TreeChild, i);

        g_assert_cmpstr(have->name, ==, want->name);
        g_assert_cmpuint(have->ino, ==, want->ino);
        g_assert_cmpint(have->next, ==, want->next);
    }
}

/* From each point, with each number of entries that a buffer may hold. */
static void check_offsets(Mount *mount, const Item *dir)
{
    g_autoptr(GArray) all = tree_children(mount, &dir->place, 0, 1000);
    gint64 from = 0;

    g_assert_cmpstr(g_array_index(all, TreeChild, 0).name, ==, ".");
    g_assert_cmpstr(g_array_index(all, TreeChild, 1).name, ==, "..");
    for (guint i = 0; i <= all->len; i++) {
        for (guint most = 1; most <= all->len + 1; most++) {
            g_autoptr(GArray) some = tree_children(mount, &dir->place, from, most);

            assert_same_from(all, i, some, MIN(most, all->len - i));
        }
        if (i < all->len) {
            g_assert_cmpint(g_array_index(all, TreeChild, i).next, >, from);
            from = g_array_index(all, TreeChild, i).next;
        }
    }
}

static void test_offsets(Fixture *fixture, const void *data)
{
    for (guint i = 0; i < fixture->items->len; i++) {
        const Item *item = fixture->items->pdata[i];

        if (place_is_dir(&item->place))
            check_offsets(&fixture->small->mount, item);
    }
}

/* ---- inodes ---- */

static void test_place_keeps_inode(Fixture *fixture, const void *data)
{
    for (guint i = 0; i < fixture->items->len; i++) {
        const Item *item = fixture->items->pdata[i];
        const Item *other = fixture->items->pdata[(i * 7 + 3) % fixture->items->len];
        g_auto(Place) near = {0};

        g_assert_cmpuint(item->place.ino, ==, item->ino);
        g_assert_true(tree_place_near(&fixture->small->mount, &other->place, item->ino, &near));
        g_assert_cmpuint(near.ino, ==, item->ino);
        g_assert_cmpint(near.type, ==, item->place.type);
        g_assert_cmpint(near.kind, ==, item->place.kind);
        g_assert_cmpint(near.row, ==, item->place.row);
        g_assert_cmpint(near.advertiser, ==, item->place.advertiser);
        g_assert_cmpstr(near.id, ==, item->place.id);
        g_assert_cmpstr(near.range, ==, item->place.range);
    }
}

/* An object's link by name is the same link in two directories; nothing else is shared. */
static void test_inodes_are_unique(Fixture *fixture, const void *data)
{
    g_autoptr(GHashTable) inodes = g_hash_table_new(g_int64_hash, g_int64_equal);

    for (guint i = 0; i < fixture->items->len; i++) {
        Item *item = fixture->items->pdata[i];
        const Item *other = g_hash_table_lookup(inodes, &item->ino);
        gboolean by_name = ino_slot(item->ino) == SLOT_NAME_LINK && !ino_is_node(item->ino);

        g_assert_cmpuint(item->ino, >, 0);
        if (other != NULL && !by_name)
            g_error("%s and %s have the same inode", item->path, other->path);
        g_hash_table_insert(inodes, &item->ino, item);
    }
    g_assert_cmpuint(((Item *)fixture->items->pdata[0])->ino, ==, FUSE_ROOT_ID);
}

static void test_nothing_has_the_inode(Fixture *fixture, const void *data)
{
    gint64 row = small_row(fixture->small, KIND_CAMPAIGN, "1001");
    const guint64 inodes[] = {
        0,
        ino_of(0, SLOT_CAMPAIGNS),
        ino_of(0, SLOT_RANGE_FIRST),
        ino_of(0, SLOT_ATTR_FIRST),
        ino_of(row, SLOT_ROOT),
        ino_of(row, SLOT_CAMPAIGNS),
        ino_of(row, SLOT_ATTR_LAST),
        ino_of(row, SLOT_RANGE_LAST),
        ino_of(row, 255),
        ino_of(1, SLOT_SELF),
        ino_of(row + 1000, SLOT_SELF),
        ino_of_node(0),
        ino_of_node(1),
        ino_of_node(row + 1000),
        G_MAXUINT64,
        G_MAXUINT64 >> 1,
    };

    for (gsize i = 0; i < G_N_ELEMENTS(inodes); i++) {
        Place place = {.slot = 7};

        g_assert_false(tree_place(&fixture->small->mount, inodes[i], &place));
        g_assert_cmpuint(place.slot, ==, 7);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("/tree/not-the-center's-own", test_what_is_not_there);
    add("/tree/holds-what-the-manual-says", test_what_is_there);
    add("/tree/what-is-listed-is-found", test_listed_is_found);
    add("/tree/what-is-found-is-listed", test_found_is_listed);
    add("/tree/fixed-entries-and-values-are-listed", test_fixed_entries);
    add("/tree/no-name-twice", test_no_name_twice);
    add("/tree/a-listing-goes-on-wherever-it-was-cut", test_offsets);
    add("/tree/a-place-keeps-its-inode", test_place_keeps_inode);
    add("/tree/inodes-are-unique", test_inodes_are_unique);
    add("/tree/inodes-that-nothing-has", test_nothing_has_the_inode);
    return g_test_run();
}
