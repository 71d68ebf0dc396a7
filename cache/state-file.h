/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * state-file.h - the files of what must last. What is committed to one of them is on the disk when
 * the commit returns.
 *
 * state.sqlite has a writing handle of its own. tasks.sqlite, which the cache's writer alone
 * writes, is attached to its handle: SQLite locks each file that is attached with every
 * transaction, and state.sqlite must not wait for pages of a listing. A file that is no database is
 * put aside and made anew.
 */
#include <glib.h>
#include <sqlite3.h>

enum { STATE_BUSY_MS = 10000 }; /* as long as this it waits for another mount's transaction */

char *state_file_path(const char *directory); /* of state.sqlite; a new string */

/* With its tables made. NULL and error: it can not be opened or made. */
sqlite3 *state_file_open(const char *directory, GError **error);
/* For one that only reads, with no table made. NULL and error: also where there is none. */
sqlite3 *state_file_open_reader(const char *directory, GError **error);

/* tasks.sqlite, as state.task. */
gboolean state_file_attach(sqlite3 *db, const char *directory, GError **error);
