/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * scratch-file.h - what the kernel asks of scratch files (scratch.h): where one may be made, and
 * what happens when one is renamed onto a file, which is how most programs save.
 */
#include "fs/request.h"
#include "fs/scratch.h"

/* Of an object that has values to write. */
static inline gboolean scratch_is_home(guint64 dir)
{
    return !ino_is_node(dir) && !ino_is_meta(dir) && !ino_is_scratch(dir) && ino_row(dir) > 0 &&
           ino_slot(dir) == SLOT_SELF;
}

/* Inode of a scratch file in a directory, 0 if there is none. */
guint64 scratch_file_find(Mount *mount, const Place *dir, const char *name);
void scratch_file_stat(Mount *mount, const Place *place, struct stat *ret);
/* One can be renamed onto it, as far as the tree goes. */
static inline gboolean scratch_file_is_target(const Place *place)
{
    return place->type == PLACE_TABLE || (place->type == PLACE_ATTR && place->attr->commit != NULL);
}

/* One with that name may be there, whoever made the name up; FALSE and error. */
gboolean scratch_file_allows(Mount *mount, const Place *dir, const char *name, GError **error);

void scratch_file_create(fuse_req_t fuse, fuse_ino_t parent, const char *name, mode_t mode,
                         struct fuse_file_info *fi);
void scratch_file_unlink(fuse_req_t fuse, fuse_ino_t parent, const char *name);
/* Of anything: what is no scratch file can not be renamed. */
void scratch_file_rename(fuse_req_t fuse, fuse_ino_t parent, const char *name,
                         fuse_ino_t new_parent, const char *new_name, unsigned int flags);

void scratch_file_open(fuse_req_t fuse, fuse_ino_t ino, struct fuse_file_info *fi);
void scratch_file_read(fuse_req_t fuse, fuse_ino_t ino, size_t size, off_t offset);
void scratch_file_write(fuse_req_t fuse, fuse_ino_t ino, const char *data, size_t size,
                        off_t offset);
void scratch_file_setattr(fuse_req_t fuse, fuse_ino_t ino, const struct stat *attr, int which);
void scratch_file_release(fuse_req_t fuse, fuse_ino_t ino);

/* What it renamed is its no longer, whatever came of that. */
void scratch_file_let_go(const Request *request);

/* At the end of a mount. */
void scratch_files_stop(Mount *mount);
