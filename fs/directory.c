/* SPDX-License-Identifier: MIT */
/*
 * directory.c - finding a name in a directory, and listing one.
 *
 * Offsets: 1 and 2 for `.` and `..`, then one for each fixed entry and attribute file, and for a
 * member its row, which is above any of these. So a listing goes on by key wherever it stopped.
 */
#include <stdlib.h>
#include <string.h>

#include "fs/draft.h"
#include "fs/saved-name.h"
#include "fs/saved.h"
#include "fs/scratch.h"
#include "fs/tree.h"

static Scope scope_of(const Place *dir)
{
    gboolean nested = dir->kind == KIND_CAMPAIGN || dir->kind == KIND_ADGROUP;

    return (Scope){.kind = dir->entry->members,
                   .advertiser = dir->advertiser,
                   .parent = nested ? dir->id : NULL};
}

/* In the account's own adgroups/ and ads/ an object is a link to where it lives, and so is an
   account below business-centers/. */
static guint member_slot(const Place *dir)
{
    if (dir->type == PLACE_NAMES)
        return SLOT_NAME_LINK;
    if ((dir->kind == KIND_ADVERTISER && dir->entry->members != KIND_CAMPAIGN) ||
        dir->kind == KIND_CENTER)
        return SLOT_FLAT_LINK;
    return SLOT_SELF;
}

/* A center also lists accounts that it only asked for, has no more, or that are not at the root. */
static gboolean is_shown(Mount *mount, const Place *dir, gint64 row)
{
    return dir->entry->members != KIND_ASSET || cache_account_of_asset(mount->cache, row) != 0;
}

static guint64 find_range(const Place *dir, const char *name)
{
    for (guint i = 0; query_named_ranges[i] != NULL; i++)
        if (strcmp(query_named_ranges[i], name) == 0)
            return ino_of(dir->row, SLOT_RANGE_FIRST + i);
    return 0;
}

static guint64 find_query(Mount *mount, const Place *dir, const char *name)
{
    g_autofree char *base = saved_is_dir(dir) ? saved_name_of(name, NULL) : NULL;
    const Saved *saved = base != NULL ? saved_find(mount->saved, base) : NULL;

    return saved != NULL ? ino_of(dir->row, SLOT_QUERY_FIRST + saved->index) : 0;
}

static guint64 find_in_reports(Mount *mount, const Place *dir, const char *name)
{
    guint64 ino = find_range(dir, name);

    return ino != 0 ? ino : find_query(mount, dir, name);
}

static guint64 find_fixed(Mount *mount, const Place *dir, const char *name)
{
    const AttrRow *attr = dir->slot == SLOT_SELF ? attr_find(dir->kind, name) : NULL;
    const Entry *entry;

    if (attr != NULL)
        return ino_of(dir->row, attr->slot);
    for (guint i = 0; (entry = tree_entry(dir->kind, i)) != NULL; i++)
        if (entry->parent == dir->slot && strcmp(entry->name, name) == 0)
            return ino_of(dir->row, entry->slot);
    return dir->type == PLACE_REPORTS ? find_in_reports(mount, dir, name) : 0;
}

guint64 tree_find(Mount *mount, const Place *dir, const char *name)
{
    guint64 ino;
    gint64 row = 0;

    if (place_is_of_draft(dir))
        return draft_find_in(mount, dir, name);
    ino = ino_is_node(dir->ino) ? 0 : find_fixed(mount, dir, name);

    if (ino != 0)
        return ino;
    if (dir->type == PLACE_COLLECTION) {
        Scope scope = scope_of(dir);

        row = cache_find_id(mount->cache, &scope, name);
    } else if (dir->type == PLACE_NAMES) {
        Scope scope = scope_of(dir);

        row = cache_find_name(mount->cache, &scope, name);
    }
    if (row > 0)
        return is_shown(mount, dir, row) ? ino_of(row, member_slot(dir)) : 0;
    return draft_find_in(mount, dir, name);
}

static gboolean is_id(const char *name)
{
    return *name != '\0' && strspn(name, "0123456789") == strlen(name);
}

/* Tools probe each directory for .git, .hidden and the like. */
gboolean tree_may_come(const Mount *mount, const Place *dir, const char *name)
{
    g_auto(ReportName) report = {0};

    switch (dir->type) {
    case PLACE_COLLECTION:
    case PLACE_OF:
        return is_id(name);
    case PLACE_NAMES:
        return name[0] != '.'; /* of an object's name it would be percent-encoded */
    case PLACE_REPORTS:
        return query_range_valid(name);
    case PLACE_RANGE:
        return report_name_read(mount, name, dir->kind, &report, NULL);
    case PLACE_DIR:
    case PLACE_REPORT:
    case PLACE_LINK:
    case PLACE_ATTR:
    case PLACE_INFO:
    case PLACE_MEMBERS:
    case PLACE_TEXT:
    case PLACE_JOURNAL:
    case PLACE_LOG:
    case PLACE_META:
    case PLACE_CTL:
    case PLACE_QUERY:
    case PLACE_SCRATCH:
    case PLACE_TABLE:
    case PLACE_DRAFT:
    case PLACE_DRAFT_FILE:
    case PLACE_DRAFT_INFO:
    case PLACE_DRAFT_CTL:
    case PLACE_VOID_DIR:
    case PLACE_VOID_FILE:
    case PLACE_VOID_LINK:
        break;
    }
    return FALSE;
}

/* ---- listings ---- */

typedef struct {
    Mount *mount;
    GArray *children;
    const Place *dir;
    gint64 from;
    guint most;
    gint64 next; /* offset of the next fixed entry */
} Collect;

static void add_child(Collect *collect, const char *name, guint64 ino, gint64 next)
{
    TreeChild child = {g_strdup(name), ino, next};

    g_array_append_val(collect->children, child);
}

static void add_fixed(Collect *collect, const char *name, guint64 ino)
{
    if (collect->next > collect->from && collect->children->len < collect->most)
        add_child(collect, name, ino, collect->next);
    collect->next++;
}

static gboolean add_member(void *user_data, gint64 row, const char *name)
{
    Collect *collect = user_data;

    if (is_shown(collect->mount, collect->dir, row))
        add_child(collect, name, ino_of(row, member_slot(collect->dir)), row);
    return collect->children->len < collect->most;
}

/* What is older than reports may be would be asked for again when it is opened, which a recursive
   reader is not to do. */
static gboolean add_report(void *user_data, const Node *node)
{
    Collect *collect = user_data;
    gint64 ttl_us = (gint64)collect->mount->options->report_ttl_s * G_USEC_PER_SEC;
    gint64 age_us = clock_wall(collect->mount->clock) - node->made_us;
    const char *slash = strchr(node->name, '/');

    if (slash != NULL && age_us <= ttl_us && !report_name_is_gone(collect->mount, slash + 1))
        add_child(collect, slash + 1, ino_of_node(node->node), node->node);
    return collect->children->len < collect->most;
}

/* Ranges that are not among the named ones and hold something. */
static gboolean add_range(void *user_data, const Node *node)
{
    GHashTable *ranges = user_data;
    char *range = g_strndup(node->name, strcspn(node->name, "/"));

    if (g_strv_contains(query_named_ranges, range))
        g_free(range);
    else
        g_hash_table_add(ranges, range);
    return TRUE;
}

static int compare_next(const void *one, const void *other)
{
    gint64 a = ((const TreeChild *)one)->next, b = ((const TreeChild *)other)->next;

    return (a > b) - (a < b);
}

static void collect_ranges(Collect *collect, gint64 after)
{
    g_autoptr(GHashTable) ranges = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Cache *cache = collect->mount->cache;
    guint first = collect->children->len;
    GHashTableIter iter;
    const char *range;

    cache_each_node(cache, collect->dir->row, "", 0, add_range, ranges);
    g_hash_table_iter_init(&iter, ranges);
    while (g_hash_table_iter_next(&iter, (void **)&range, NULL)) {
        const Node *node = cache_find_node(cache, collect->dir->row, range);

        if (node != NULL && node->node > after)
            add_child(collect, range, ino_of_node(node->node), node->node);
    }
    if (collect->children->len > first)
        qsort(&g_array_index(collect->children, TreeChild, first), collect->children->len - first,
              sizeof(TreeChild), compare_next);
}

static void clear_child(void *child)
{
    g_free(((TreeChild *)child)->name);
}

/* Each number has an offset, whether or not there is a query of it: none moves another. */
static void collect_queries(Collect *collect)
{
    for (guint i = 0; i < SAVED_MOST; i++) {
        const Saved *saved = saved_at(collect->mount->saved, i);
        g_autofree char *name = saved != NULL ? g_strconcat(saved->name, ".query", NULL) : NULL;

        if (name != NULL)
            add_fixed(collect, name, ino_of(collect->dir->row, SLOT_QUERY_FIRST + i));
        else
            collect->next++;
    }
}

/* Behind all that is fixed, by their numbers. */
static void collect_scratches(Collect *collect, gint64 after)
{
    Scratches *scratches = collect->mount->scratches;
    gint64 behind = collect->next, number = MAX(after - behind, 0);
    Scratch *scratch;

    while (collect->children->len < collect->most &&
           (scratch = scratch_next(scratches, collect->dir->ino, number)) != NULL) {
        number = scratch->number;
        add_child(collect, scratch->name, ino_of_scratch(number), behind + number);
    }
}

static void collect_fixed(Collect *collect)
{
    const Place *dir = collect->dir;
    const AttrTable *attrs = attr_table(dir->kind);
    const Entry *entry;

    add_fixed(collect, ".", dir->ino);
    add_fixed(collect, "..", dir->ino);
    if (ino_is_node(dir->ino) || place_is_of_draft(dir))
        return;
    for (guint i = 0; (entry = tree_entry(dir->kind, i)) != NULL; i++)
        if (entry->parent == dir->slot)
            add_fixed(collect, entry->name, ino_of(dir->row, entry->slot));
    for (gsize i = 0; dir->slot == SLOT_SELF && i < attrs->n_rows; i++)
        add_fixed(collect, attrs->rows[i].name, ino_of(dir->row, attrs->rows[i].slot));
    for (guint i = 0; dir->type == PLACE_REPORTS && query_named_ranges[i] != NULL; i++)
        add_fixed(collect, query_named_ranges[i], ino_of(dir->row, SLOT_RANGE_FIRST + i));
    if (saved_is_dir(dir))
        collect_queries(collect);
}

static gboolean add_draft(void *user_data, const char *name, guint64 ino, gint64 next)
{
    Collect *collect = user_data;

    if (collect->children->len >= collect->most)
        return FALSE;
    add_child(collect, name, ino, next);
    return TRUE;
}

GArray *tree_children(Mount *mount, const Place *dir, gint64 from, guint most)
{
    Collect collect = {.mount = mount,
                       .children = g_array_new(FALSE, FALSE, sizeof(TreeChild)),
                       .dir = dir,
                       .from = from,
                       .most = MAX(most, 1),
                       .next = 1};
    gint64 after;

    g_array_set_clear_func(collect.children, clear_child);
    collect_fixed(&collect);
    after = from >= collect.next ? from : 0;
    if (collect.children->len >= collect.most)
        return collect.children;
    if (dir->type == PLACE_COLLECTION || dir->type == PLACE_NAMES) {
        Scope scope = scope_of(dir);

        cache_each(mount->cache, &scope, dir->type == PLACE_NAMES, after, add_member, &collect);
    } else if (dir->type == PLACE_REPORTS) {
        collect_ranges(&collect, after);
    } else if (dir->type == PLACE_RANGE) {
        cache_each_node(mount->cache, dir->row, dir->range, after, add_report, &collect);
    } else if (dir->type == PLACE_DIR) {
        collect_scratches(&collect, after);
    }
    draft_children(mount, dir, from, add_draft, &collect);
    return collect.children;
}
