/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * created.h - what was created since the world was made: whose child it is, which children a parent
 * got so, and what a request_id has made. All of it is among the changes of the object itself:
 * `_created`, `_parent` and `_request_id`.
 */
#include "args.h"
#include "item.h"

/* The index of its parent, which may have been created too. */
guint64 created_parent(const World *world, guint account, Kind kind, guint64 index);

/* The first child at this position or after it that the parent was given since; G_MAXUINT64: there
   is none. What was created has no other children than these. */
guint64 created_next_child(const Item *parent, guint64 position);

/* Where a create of the kind goes, in the account of the call; *ret_again: the call's request_id
   has made what is there already. FALSE and error: there is no room, or request_id is none. */
gboolean created_place(const Call *call, Kind kind, guint64 *ret_position, gboolean *ret_again,
                       GError **error);

/* The answer is the id alone: so it was drawn, or nothing was made though it says so. */
gboolean created_is_bare(const Call *call);
/* The answer of a create of one: its members, or the id alone; without brackets. */
void created_put(const Call *call, Kind kind, guint64 position, GString *out);

/* An item that is to be created at this position, its parents known; all else is to be set. */
void created_enter(Item *item, Kind kind, guint64 position);
