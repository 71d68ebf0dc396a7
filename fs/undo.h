/* SPDX-License-Identifier: MIT */
#pragma once

/* undo.h - `undo N` and `undo since TIME`: earlier values are written back, as commits of their
   own, several at once. */
#include "fs/request.h"

/* FALSE and error: it is no number and no time. */
gboolean undo_check(Mount *mount, const char *argument, GError **error);

/* After undo_check(). PARK: again when the request was woken. FALSE and error: it failed, or some
   of it did, and .adsfs/errors has a line for each. */
gboolean undo_run(Request *request, const char *argument, Outcome *ret, GError **error);

/* The caller is to go. FALSE: some of it was sent; nothing more is, and the request is woken when
   that has ended. */
gboolean undo_stop(Undo *undo);
void undo_free(Undo *undo); /* NULL is fine */
