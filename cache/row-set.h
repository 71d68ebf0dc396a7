/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * row-set.h - a set of row numbers, a bit each: what a round of a listing has held. Rows that came
 * together are numbered together, so a million of them take some 150 kB. One thread at a time.
 */
#include <glib.h>
#include <sqlite3.h>

typedef struct RowSet RowSet;

RowSet *row_set_new(void);
void row_set_free(RowSet *set); /* NULL is fine */
void row_set_empty(RowSet *set);
gboolean row_set_add(RowSet *set, gint64 row); /* TRUE: it was not there; row > 0 */
gboolean row_set_has(const RowSet *set, gint64 row);

/* For SQL: in_set(row, ?N), the set bound as the argument N. FALSE: out of memory. */
gboolean row_set_add_function(sqlite3 *db);
void row_set_bind(sqlite3_stmt *statement, int n, RowSet *set); /* borrowed; NULL: nothing in it */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RowSet, row_set_free)
