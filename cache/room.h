/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * room.h - room on the disk of the cache. What grows stops before the last of it: a log that fills
 * a disk can not be put back into its file, and what is of no use could not even be deleted.
 */
#include <glib.h>
#include <sqlite3.h>

/* FALSE and G_FILE_ERROR_NOSPC: so many bytes more would take of what is kept. */
gboolean room_check(sqlite3 *db, gsize n_bytes, GError **error);

/* The file and its log become as short as they can. Within a transaction of its own: one that is
   open ends well first, and another begins. */
gboolean room_give_back(sqlite3 *db, GError **error);
