/* SPDX-License-Identifier: MIT */
/* walk.c - a walk that reads links, and takes for a plain name what it can not read. */
#include "fs/command/walk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/error.h"
#include "fs/command/mounts.h"

enum { LINKS_MAX = 40 }; /* as the kernel has it */

static gboolean is_inside(const char *table, const char *path)
{
    g_auto(MountRow) row = {0};

    return mounts_find(table, path, &row) && mount_row_is_ours(&row);
}

/* The next word of the path; NULL: none. */
static char *take_word(GString *rest)
{
    gsize start = strspn(rest->str, "/"), length = strcspn(rest->str + start, "/");
    char *word = length > 0 ? g_strndup(rest->str + start, length) : NULL;

    g_string_erase(rest, 0, (gssize)(start + length));
    return word;
}

static void step(GString *done, GString *rest, const char *word, guint *links)
{
    gsize before = done->len;
    g_autofree char *target = NULL;

    if (g_str_equal(word, "."))
        return;
    if (g_str_equal(word, "..")) {
        g_string_truncate(done, (gsize)(strrchr(done->str, '/') - done->str));
        if (done->len == 0)
            g_string_assign(done, "/");
        return;
    }
    if (done->str[done->len - 1] != '/')
        g_string_append_c(done, '/');
    g_string_append(done, word);
    target = *links < LINKS_MAX ? g_file_read_link(done->str, NULL) : NULL;
    if (target == NULL)
        return;
    ++*links;
    g_string_prepend(rest, "/");
    g_string_prepend(rest, target);
    if (target[0] == '/')
        g_string_assign(done, "/");
    else
        g_string_truncate(done, before);
}

/* Not g_get_current_dir(): that one looks at $PWD with stat. */
static char *absolute(const char *path, GError **error)
{
    char *directory = path[0] == '/' ? strdup("") : getcwd(NULL, 0);
    char *ret = directory != NULL ? g_strconcat(directory, "/", path, NULL) : NULL;

    if (ret == NULL)
        g_propagate_error(
            error, api_error_new(API_ERROR_LOCAL, 0, NULL, "where this is: %s", g_strerror(errno)));
    free(directory);
    return ret;
}

static char *walk(const char *path, gboolean inside, GError **error)
{
    g_autofree char *start = absolute(path, error);
    g_autofree char *table = mounts_table();
    g_autoptr(GString) done = g_string_new("/");
    g_autoptr(GString) rest = g_string_new(start);
    guint links = 0;
    char *word;

    if (start == NULL)
        return NULL;
    while ((inside || !is_inside(table, done->str)) && (word = take_word(rest)) != NULL) {
        step(done, rest, word, &links);
        g_free(word);
    }
    return g_strconcat(done->str, rest->str, NULL);
}

char *walk_to_mount(const char *path, GError **error)
{
    return walk(path, FALSE, error);
}

char *walk_inside(const char *path, GError **error)
{
    return walk(path, TRUE, error);
}
