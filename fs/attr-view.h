/* SPDX-License-Identifier: MIT */
#pragma once

/* attr-view.h - an object with all that a change of it is checked by. It asks nobody: what the
   cache does not know is not there. */
#include "fs/tree.h"

typedef struct {
    AttrView view; /* borrows from what follows, and from the place */
    Object *campaign;
    char *path;
} ChangeView;

void change_view_init(Mount *mount, const Place *place, ChangeView *ret);
void change_view_clear(ChangeView *view);

/* Of the day in that zone (an identifier as timezone shows it); 0: it is not known. */
guint seconds_until_midnight(gint64 wall_us, const char *zone);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ChangeView, change_view_clear)
