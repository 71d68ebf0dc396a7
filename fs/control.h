/* SPDX-License-Identifier: MIT */
#pragma once

/* control.h - the files that are about adsfs itself: README.md and .adsfs/. */
#include "fs/mount.h"

Control *control_new(void);
void control_free(Control *control); /* NULL is fine */

/* Note a failure for .adsfs/errors: one JSON object a line; the oldest lines go first. */
void control_failed(Mount *mount, const char *path, int error_code, const GError *error);

/* The newest line about exactly this path, borrowed until the next failure. NULL: there is none. */
const char *control_last(const Mount *mount, const char *path);

char *control_wall_text(gint64 wall_us); /* as there; new */

/* Made of figures that move all the time. As in /proc such a file has no size, and a time that does
   not move: what tar or rsync read has not changed meanwhile, and nothing is copied twice. */
gboolean control_is_live(guint slot);
/* Of CacheConfig: the same for a fetch whose failure no reader sees, as what is old is shown. */
void control_kept_old(void *mount, ListingKind kind, gint64 of, const GError *error);
/* The same for a write that had ended well already. */
void control_differs(void *mount, gint64 row, const GError *error);

void control_text(Mount *mount, guint slot, GString *out);
gint64 control_time_us(Mount *mount, guint slot); /* wall */
