/* SPDX-License-Identifier: MIT */
/* resolve.c - walks a path by what is known, as the kernel would by asking. */
#include "fs/resolve.h"

#include <string.h>

#include "api/error.h"

enum { LINKS_MAX = 8 };

static gboolean refuse(GError **error, ApiErrorKind kind, const char *path, const char *why)
{
    g_propagate_error(error, api_error_new(kind, 0, NULL, "%s: %s", path, why));
    return FALSE;
}

/* Objects of all kinds have their reports in reports/of/. */
static guint64 find_reports_of(Mount *mount, const Place *dir, const char *id)
{
    for (ObjectKind kind = KIND_CAMPAIGN; kind <= KIND_AD; kind++) {
        gint64 row = cache_find_id(mount->cache, &(Scope){kind, dir->advertiser, NULL}, id);

        if (row > 0)
            return ino_of(row, SLOT_REPORTS);
    }
    return 0;
}

static guint64 find_node(Mount *mount, const Place *dir, const char *name)
{
    g_autofree char *below = dir->range != NULL ? g_strconcat(dir->range, "/", name, NULL) : NULL;
    const Node *node = cache_find_node(mount->cache, dir->row, below != NULL ? below : name);

    return node != NULL ? ino_of_node(node->node) : 0;
}

static guint64 find(Mount *mount, const Place *dir, const char *name)
{
    guint64 ino = tree_find(mount, dir, name);

    if (ino == 0 && dir->type == PLACE_OF)
        return find_reports_of(mount, dir, name);
    if (ino == 0 && (dir->type == PLACE_REPORTS || dir->type == PLACE_RANGE))
        return find_node(mount, dir, name);
    return ino;
}

/* As far as the first link: *ret is that link, and a new path without it comes back. NULL: there
   was none, and *ret is what the path leads to, unless nothing is known there: ret->ino 0. */
static char *walk(Mount *mount, const char *path, Place *ret)
{
    g_auto(GStrv) names = g_strsplit(path, "/", -1);
    g_autoptr(GString) before = g_string_new("");
    g_auto(Place) dir = {0};

    if (!tree_place(mount, ino_of(0, SLOT_ROOT), &dir))
        return NULL;
    for (guint i = 0; names[i] != NULL; i++) {
        guint64 ino = *names[i] != '\0' ? find(mount, &dir, names[i]) : dir.ino;
        Place next = {0};

        if (ino == 0 || !tree_place(mount, ino, &next))
            return NULL;
        place_clear(&dir);
        dir = next;
        if (dir.type == PLACE_LINK) {
            g_autofree char *rest = g_strjoinv("/", names + i + 1);
            g_autofree char *link = tree_link(&dir);

            return g_strconcat(before->str, "/", link, "/", rest, NULL);
        }
        g_string_append_printf(before, "/%s", names[i]);
    }
    *ret = dir;
    dir = (Place){0};
    return NULL;
}

/* From the mount point, with a slash in front; NULL and error: it is elsewhere. */
static char *path_below(const Mount *mount, const char *path, GError **error)
{
    const char *top = mount->options->mountpoint;
    g_autofree char *whole = g_canonicalize_filename(path, "/");

    if (!g_path_is_absolute(path))
        return g_steal_pointer(&whole);
    if (top != NULL && g_str_has_prefix(whole, top) &&
        (whole[strlen(top)] == '/' || whole[strlen(top)] == '\0'))
        return g_strconcat("/", whole + strlen(top), NULL);
    refuse(error, API_ERROR_NOT_FOUND, path,
           "is not below the mount point; a path is relative to it, or absolute");
    return NULL;
}

gboolean resolve_path(Mount *mount, const char *path, Place *ret, GError **error)
{
    g_autofree char *below = path_below(mount, path, error);

    if (below == NULL)
        return FALSE;
    *ret = (Place){0};
    for (guint links = 0; links < LINKS_MAX; links++) {
        g_autofree char *further = walk(mount, below, ret);

        if (further == NULL)
            break;
        g_free(below);
        below = g_canonicalize_filename(further, "/");
    }
    return ret->ino != 0 || refuse(error, API_ERROR_NOT_FOUND, path,
                                   "nothing is known there, so nothing of it is old");
}
