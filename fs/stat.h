/* SPDX-License-Identifier: MIT */
#pragma once

/* stat.h - getattr and access, of libfuse's table. */
#include "fs/request.h"

void stat_getattr(fuse_req_t fuse, fuse_ino_t ino, struct fuse_file_info *fi);
void stat_access(fuse_req_t fuse, fuse_ino_t ino, int mask);
