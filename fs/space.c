/* SPDX-License-Identifier: MIT */
/* space.c - tries for the room of an empty cache, and finds another place. */
#include "fs/space.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "fs/locate.h"

/* An empty cache.sqlite with its log and index. */
enum { ROOM_BYTES = 256 * 1024 };

gboolean space_is_full(const char *directory)
{
    int fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    int failure;

    if (fd < 0)
        return errno == ENOSPC || errno == EDQUOT;
    failure = posix_fallocate(fd, 0, ROOM_BYTES);
    close(fd);
    return failure == ENOSPC || failure == EDQUOT;
}

/* A new directory; NULL: there is no room either, or none for us. */
static char *make_below(const Options *options, const char *parent)
{
    g_autofree char *path = NULL;

    if (parent == NULL || !g_path_is_absolute(parent) || !locate_is_outside(options, parent) ||
        space_is_full(parent))
        return NULL;
    path = g_build_filename(parent, "adsfs-cache-XXXXXX", NULL);
    return g_mkdtemp_full(path, 0700) != NULL ? g_steal_pointer(&path) : NULL;
}

/* Disks before memory: a cache can be large. */
void space_find(Options *options)
{
    const char *places[] = {g_get_tmp_dir(), "/var/tmp", g_getenv("XDG_RUNTIME_DIR"), "/dev/shm"};
    char *path = NULL;

    if (options->dirs_temporary || !space_is_full(options->cache_dir))
        return;
    for (gsize i = 0; path == NULL && i < G_N_ELEMENTS(places); i++)
        path = make_below(options, places[i]);
    if (path == NULL)
        return;
    options->cache_notice = g_strdup_printf("%s: no space left; what is read is kept in %s until "
                                            "the mount ends",
                                            options->cache_dir, path);
    g_free(options->cache_dir);
    options->cache_dir = path;
    options->cache_temporary = TRUE;
}
