/* SPDX-License-Identifier: MIT */
/* test-path.c - paths lead back to where they are from, links to what they say. */
#include "tests/unit/small-tree.h"

static guint64 find_below_reports(Mount *mount, const Place *dir, const char *name)
{
    g_autofree char *path = dir->range != NULL ? g_strconcat(dir->range, "/", name, NULL) : NULL;
    const Node *node;

    if (dir->type == PLACE_OF)
        for (int kind = KIND_CAMPAIGN; kind <= KIND_AD; kind++) {
            Scope scope = {(ObjectKind)kind, dir->advertiser, NULL};
            gint64 row = cache_find_id(mount->cache, &scope, name);

            if (row > 0)
                return ino_of(row, SLOT_REPORTS);
        }
    node = path != NULL ? cache_find_node(mount->cache, dir->row, path) : NULL;
    return node != NULL ? ino_of_node(node->node) : 0;
}

/* Like a kernel: goes on from the last of the inodes, by one component after the other. 0: there is
   no such name. */
static guint64 walk_path(Mount *mount, GArray *inodes, const char *path, guint links)
{
    g_auto(GStrv) names = g_strsplit(path, "/", -1);

    g_assert_cmpuint(links, <, 4);
    for (guint i = 0; names[i] != NULL; i++) {
        g_auto(Place) dir = {0}, place = {0};
        g_autofree char *target = NULL;
        guint64 ino;

        if (strcmp(names[i], "..") == 0) {
            g_array_set_size(inodes, inodes->len - 1);
            continue;
        }
        g_assert_true(tree_place(mount, g_array_index(inodes, guint64, inodes->len - 1), &dir));
        ino = tree_find(mount, &dir, names[i]);
        if (ino == 0)
            ino = find_below_reports(mount, &dir, names[i]);
        if (ino == 0 || !tree_place(mount, ino, &place))
            return 0;
        if (place.type != PLACE_LINK || (names[i + 1] == NULL && links == 0)) {
            g_array_append_val(inodes, ino);
            continue;
        }
        target = tree_link(&place);
        if (walk_path(mount, inodes, target, links + 1) == 0)
            return 0;
    }
    return g_array_index(inodes, guint64, inodes->len - 1);
}

static GArray *at_root(void)
{
    GArray *inodes = g_array_new(FALSE, FALSE, sizeof(guint64));
    guint64 root = ino_of(0, SLOT_ROOT);

    g_array_append_val(inodes, root);
    return inodes;
}

static gboolean is_object_link(const Place *place)
{
    return place->type == PLACE_LINK && place->entry->parent == NO_PARENT;
}

/* Where the object is. An account below business-centers/ is a link and no more. */
static guint64 home_of(const Place *place)
{
    return ino_of(place->row, place->kind == KIND_ASSET ? SLOT_FLAT_LINK : SLOT_SELF);
}

/* What the link of an object stands for in the end. */
static guint64 end_of(Fixture *fixture, const Place *link)
{
    if (link->kind == KIND_ASSET)
        return ino_of(small_account(fixture->small, link->id), SLOT_SELF);
    return ino_of(link->row, link->slot == SLOT_REPORTS_LINK ? SLOT_REPORTS : SLOT_SELF);
}

/* A link to an object has the object's path: it is one link in several directories. */
static void test_paths(Fixture *fixture, const void *data)
{
    for (guint i = 1; i < fixture->items->len; i++) {
        const Item *item = fixture->items->pdata[i];
        g_autofree char *path = tree_path(&fixture->small->mount, &item->place);
        g_autoptr(GArray) inodes = at_root();
        guint64 ino = walk_path(&fixture->small->mount, inodes, path, 0);

        if (is_object_link(&item->place)) {
            g_assert_cmpuint(ino, ==, home_of(&item->place));
        } else {
            g_assert_cmpstr(path, ==, item->path);
            g_assert_cmpuint(ino, ==, item->ino);
        }
    }
}

static void test_root_has_no_path(Fixture *fixture, const void *data)
{
    const Item *root = fixture->items->pdata[0];
    g_autofree char *path = tree_path(&fixture->small->mount, &root->place);

    g_assert_cmpstr(path, ==, "");
}

static int format_of(guint slot)
{
    switch (slot) {
    case SLOT_REPORT_CSV:
        return FORMAT_CSV;
    case SLOT_REPORT_HTML:
        return FORMAT_HTML;
    case SLOT_REPORT_JSON:
        return FORMAT_JSON;
    default:
        return -1;
    }
}

/* report.json leads to a range, and to a name there that is a report of that object. */
static guint64 follow_report(Mount *mount, GArray *inodes, const Place *link, const char *target)
{
    g_autofree char *dir = g_path_get_dirname(target);
    g_autofree char *name = g_path_get_basename(target);
    ObjectKind level = link->kind == KIND_ADVERTISER ? KIND_CAMPAIGN
                       : link->kind == KIND_CENTER   ? KIND_ADVERTISER
                                                     : link->kind;
    g_auto(ReportName) report = {0};

    g_assert_true(query_parse_name(name, link->kind, NULL, &report, NULL));
    g_assert_cmpint(report.format, ==, format_of(link->slot));
    g_assert_cmpint(report.shape->grain, ==, GRAIN_DAY);
    g_assert_cmpint(report.shape->level, ==, level);
    return walk_path(mount, inodes, dir, 1);
}

static void check_link(Fixture *fixture, const Item *item)
{
    Mount *mount = &fixture->small->mount;
    const Place *link = &item->place;
    g_autofree char *target = tree_link(link);
    g_autofree char *dir = g_path_get_dirname(item->path);
    g_autoptr(GArray) inodes = at_root();
    guint64 ino;

    g_assert_cmpuint(walk_path(mount, inodes, dir, 0), ==, item->dir);
    if (format_of(link->slot) >= 0) {
        ino = follow_report(mount, inodes, link, target);
        g_assert_cmpuint(ino, ==, ino_of(link->row, SLOT_RANGE_FIRST + 3)); /* last-30d */
    } else {
        ino = walk_path(mount, inodes, target, 1);
        g_assert_cmpuint(ino, ==, end_of(fixture, link));
    }
}

static void test_links(Fixture *fixture, const void *data)
{
    guint n = 0;

    for (guint i = 0; i < fixture->items->len; i++) {
        const Item *item = fixture->items->pdata[i];

        if (item->place.type != PLACE_LINK)
            continue;
        check_link(fixture, item);
        n++;
    }
    g_assert_cmpuint(n, >, 50);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("/path/paths-lead-back", test_paths);
    add("/path/the-root-has-no-path", test_root_has_no_path);
    add("/path/links-lead-to-their-objects", test_links);
    return g_test_run();
}
