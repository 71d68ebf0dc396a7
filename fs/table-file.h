/* SPDX-License-Identifier: MIT */
#pragma once

/* table-file.h - what the kernel asks of an open table; called by file.c and write.c. */
#include "fs/request.h"

void table_file_free(TableFile *file); /* NULL is fine */

/* Set request->file->table, or park, or reply the error. */
gboolean table_file_open(Request *request, const Place *place, Outcome *ret);
/* FALSE: parked. Makes sure that stat says how long it is, where the listing is there and it is not
   too long for that: git and others read as much as stat said. */
gboolean table_file_measure(Request *request, const Place *place, Outcome *ret);
void table_making_free(TableMaking *making); /* NULL is fine */

void table_file_read(fuse_req_t fuse, const TableFile *file, gsize size, gint64 offset);
Outcome table_file_write(Request *request);
/* While it is read back nobody changes it. */
void table_file_lock(File *file, gboolean locked);
/* Programs may write one after the other into one redirection: what the first has written is
   committed when it closes the file, and is nothing new when the next one does. In lines. */
guint64 table_file_done(const File *file);
void table_file_note_done(File *file, guint64 lines, gint64 bytes);
/* killed: whoever closes it is dying of a signal. */
void table_file_flush(fuse_req_t fuse, File *file, guint64 lock_owner, gboolean killed);
void table_file_fsync(fuse_req_t fuse, File *file);
/* FALSE: it can not be done now. */
gboolean table_file_truncate(Mount *mount, File *file, gint64 size);
