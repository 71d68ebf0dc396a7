/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * memo.h - the few arrays made last (matches of a filter, rows of a report), so that page 2 does
 * not compute all of it again. The key names everything the array depends on.
 */
#include <glib.h>

typedef struct Memo Memo;

Memo *memo_new(gsize max_bytes);
void memo_free(Memo *memo);
GArray *memo_find(Memo *memo, const char *key);                 /* borrowed until the next store */
GArray *memo_store(Memo *memo, const char *key, GArray *array); /* takes array; gives it borrowed */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Memo, memo_free)
