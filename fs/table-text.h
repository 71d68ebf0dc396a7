/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * table-text.h - the text of a table, made of what the cache has, a few rows a turn of the loop.
 * What it needs must have been wanted before.
 */
#include "fs/tree.h"

typedef struct TableText TableText;

/* text: a file that is empty, and stays open. ended() comes on the loop, never before this returns;
   it may free it. */
TableText *table_text_start(Mount *mount, const Place *table, int text, guint64 most,
                            void (*ended)(void *user_data), void *user_data);
/* FALSE: not yet. error: it could not be made. */
gboolean table_text_ended(const TableText *text, GError **error);
gint64 table_text_size(const TableText *text); /* -1: it has more rows */
void table_text_free(TableText *text);         /* NULL is fine; at any time */
/* All of data at the offset. */
gboolean table_text_put(int text, const char *data, gsize size, gint64 offset, GError **error);
