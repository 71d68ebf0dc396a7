/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * xattr.h - what F.meta says, as extended attributes of F: user.adsfs.age and so on, one a member.
 *
 * With -o xattr only. Without, the kernel is told once that there are none and asks no more, while
 * `ls -l` would have it ask for three of every entry. Like F.meta they make no call.
 */
#include "fs/mount.h"

void xattr_get(fuse_req_t fuse, fuse_ino_t ino, const char *name, size_t size);
void xattr_list(fuse_req_t fuse, fuse_ino_t ino, size_t size);

/* New; NULL: there is no such attribute. */
char *xattr_value(Mount *mount, guint64 ino, const char *name);
/* One after the other, each with its NUL. */
GString *xattr_names(Mount *mount, guint64 ino);
