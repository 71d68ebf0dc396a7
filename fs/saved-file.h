/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * saved-file.h - reports/NAME.query as a file: created, written, removed.
 *
 *     created --write--> [unfinished] --write--> whole JSON --saved--> in force
 *                              `--flush, or a newline at the end--> EINVAL, what was is kept
 *
 * What is written is saved by the write that ends it, so that whoever wrote it sees the error.
 */
#include "fs/request.h"

void saved_file_create(fuse_req_t fuse, fuse_ino_t parent, const char *name,
                       struct fuse_file_info *fi);
void saved_file_unlink(fuse_req_t fuse, fuse_ino_t parent, const char *name);

/* Run functions, of a write and of the flush of what it left unfinished. */
Outcome saved_file_write(Request *request);
Outcome saved_file_flush(Request *request);

/* A handle was closed. */
void saved_file_closed(Mount *mount, guint64 ino);
