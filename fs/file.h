/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * file.h - open files: values, info.json and control files as text, reports as a descriptor.
 *
 * A value is committed inside write(2), when its line is complete, so that every writer sees the
 * error (design 5.1). What a reader sees is one version: it is made at open and again when it reads
 * from the start.
 */
#include <sys/types.h>

#include "fs/mount.h"

typedef struct TableFile TableFile;

typedef struct {
    guint64 ino;
    int fd;           /* of a report; -1 otherwise */
    GString *text;    /* of anything else */
    TableFile *table; /* PLACE_TABLE; NULL otherwise */
    gboolean log;     /* read from the cache's file of events as it is */

    /* Writing: what was written since the last commit, and where it began in the file. */
    GString *line;
    gint64 line_start;
    char *spoiled;      /* why a part was refused: what comes behind it is no value; or NULL */
    guint64 lock_owner; /* of the last write */
    char *query;        /* PLACE_QUERY: which was opened; its number may become that of another */
} File;

static inline File *file_of(const struct fuse_file_info *fi)
{
    return (File *)(uintptr_t)fi->fh;
}

File *file_new(guint64 ino);
void file_free(File *file); /* NULL is fine */
/* Those that are open: at the end of a mount the kernel does not close all of them. */
GHashTable *files_new(void);

void file_open(fuse_req_t fuse, fuse_ino_t ino, struct fuse_file_info *fi);
void file_read(fuse_req_t fuse, fuse_ino_t ino, size_t size, off_t offset,
               struct fuse_file_info *fi);
void file_release(fuse_req_t fuse, fuse_ino_t ino, struct fuse_file_info *fi);

/* Take in what was written, at most so many bytes; FALSE and error when nothing can come of it. */
gboolean file_collect(File *file, const char *data, gsize size, gint64 offset, gsize most,
                      GError **error);

/* write.c, setattr.c */
void file_write(fuse_req_t fuse, fuse_ino_t ino, const char *data, size_t size, off_t offset,
                struct fuse_file_info *fi);
void file_flush(fuse_req_t fuse, fuse_ino_t ino, struct fuse_file_info *fi);
void file_fsync(fuse_req_t fuse, fuse_ino_t ino, int datasync, struct fuse_file_info *fi);
void file_setattr(fuse_req_t fuse, fuse_ino_t ino, struct stat *attr, int which,
                  struct fuse_file_info *fi);
