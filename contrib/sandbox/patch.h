/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * patch.h - what a write changes. It holds everything back until nothing can be refused any more,
 * and tells the log what became of each object; on demand (fault.h) it lies.
 */
#include "args.h"
#include "item.h"

typedef struct Patch Patch;

Patch *patch_new(const Call *call);
void patch_free(Patch *patch);
void patch_set(Patch *patch, const Item *item, const char *member, const char *json);
void patch_set_text(Patch *patch, const Item *item, const char *member, const char *text);
void patch_delete(Patch *patch, const Item *item);

/* Changes all and the modify_time of all it touches. Appends to answer->effects, for each object,
   {"id":…,"was":{member:value,…},"now":{…}} of those members that differ, which may be none. */
gboolean patch_apply(Patch *patch, Answer *answer, GError **error);

/* What somebody else does meanwhile: deletes the middle one of the objects that the call names. */
void patch_delete_named(const Call *call, Answer *answer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Patch, patch_free)
