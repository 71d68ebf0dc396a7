/* SPDX-License-Identifier: MIT */
#pragma once

/* ops.h - the libfuse table. The session's user data is a Mount. */
#include "fs/mount.h"

extern const struct fuse_lowlevel_ops ops_table;

/* After a commit: what the kernel keeps of the object's attributes and of its names is old. Sends
   attribute-only notifications, which never block (the others deadlock a single loop). */
void ops_changed(Mount *mount, gint64 row);

/* A listing is there: of Business Centers it may have brought accounts to the root. */
void ops_listed(Mount *mount, ListingKind kind);
