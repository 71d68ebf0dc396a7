/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * table.h - campaigns.csv, adgroups.csv and ads.csv: what a directory's objects are as a table, and
 * a table that is written back.
 *
 * Each open file has a text of its own, in a file without a name: who reads sees one version, who
 * writes changes nothing until all of it is there. It is made, read back and compared in slices, a
 * few rows a turn of the loop, and never held in memory as a whole.
 *
 *     open --rows wanted--> TEXT --read--> ...
 *     write --> TEXT, changed --fsync, or flush by whoever wrote last--> table_commit()
 *     a scratch file --rename onto the table--> table_commit()
 */
#include "fs/request.h"

enum { TABLE_BYTES = 256 * 1024 * 1024 }; /* of one that is written, at most */

/* ---- a table that is written ---- */

/* Its text, to be written to with table_text_write(); closed by the caller. -1 and error: there is
   no room for it. */
int table_text_new(Mount *mount, GError **error);
/* FALSE and error: it would be longer than TABLE_BYTES, or the disk is full. */
gboolean table_text_write(int text, const char *data, gsize size, gint64 offset, GError **error);

/*
 * Compare what is written with what holds, and send the differences. table: a PLACE_TABLE. text:
 * stays open until the request has ended. FALSE: *ret says what became of the request: parked, and
 * this is to be called again when it was woken, or replied. TRUE: it has ended, and the caller
 * replies; error: nothing was sent, or not all that was sent was accepted (.adsfs/errors has a line
 * for each that was not). A request commits one table.
 */
gboolean table_commit(Request *request, const Place *table, int text, Outcome *ret, GError **error);
