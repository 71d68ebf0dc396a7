/* SPDX-License-Identifier: MIT */
/* store-file.c - what stands in the way of a cache file. */
#include "cache/store-file.h"

#include <ftw.h>
#include <glib/gstdio.h>
#include <unistd.h>

enum { DESCRIPTORS = 8 };

/* SQLite would open a file that is read-only, and fail at the first writing. */
gboolean store_file_is_odd(const char *path)
{
    GStatBuf is;

    return g_stat(path, &is) == 0 && (!S_ISREG(is.st_mode) || access(path, W_OK) != 0);
}

static int remove_one(const char *path, const struct stat *stat, int type, struct FTW *at)
{
    (void)stat;
    (void)type;
    (void)at;
    g_remove(path);
    return 0;
}

/* A rename replaces a file, but neither a directory nor, by one, a file. */
void store_file_remove_old(const char *bad)
{
    nftw(bad, remove_one, DESCRIPTORS, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}
