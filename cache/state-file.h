/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * state-file.h - state.sqlite: what must last, for the writing handle alone, which knows its tables
 * as state.NAME. A commit that touches it is on disk when it returns.
 */
#include <glib.h>
#include <sqlite3.h>

/* FALSE and error: the file can not be opened or made. One that is no database is put aside. */
gboolean state_file_attach(sqlite3 *db, const char *directory, GError **error);
