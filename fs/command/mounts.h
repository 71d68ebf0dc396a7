/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * mounts.h - which mount a path lies on, from the kernel's table: asking the mount itself could
 * take for ever.
 */
#include <glib.h>

typedef struct {
    char *point, *root; /* root: of the mounted file system, what is to be seen at the point */
    char *device;       /* "0:53" */
    char *type, *source;
} MountRow;

/* The text of /proc/self/mountinfo; new string, "" where it can not be read. */
char *mounts_table(void);

/* The row of the mount that a path lies on; path: absolute, without links. FALSE: none. */
gboolean mounts_find(const char *table, const char *path, MountRow *ret);

/* Where the top of the same file system is mounted; NULL: nowhere. New string. */
char *mounts_top(const char *table, const MountRow *row);

/* Where a profile is mounted; new. */
GStrv mounts_of(const char *table, const char *profile);

void mount_row_clear(MountRow *row);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MountRow, mount_row_clear)

gboolean mount_row_is_ours(const MountRow *row);

/* What follows the directory in the path, without leading slash; NULL: not below it. Borrowed. */
const char *path_below(const char *path, const char *directory);
