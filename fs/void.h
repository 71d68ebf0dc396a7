/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * void.h - what is copied into a draft and says nothing that could be set: reports, links,
 * children, what the service derives. It is accepted, so that cp -r goes through, and kept nowhere:
 * only the names of the last ones are, for as long as a copy may need to find them again. Knows
 * nothing of FUSE.
 */
#include <glib.h>
#include <sys/stat.h>

#include "api/clock.h"

enum { VOIDS_MOST = 8192, VOID_S = 60 };

typedef struct Voids Voids;

typedef struct {
    gint64 number;  /* never used again */
    guint64 parent; /* inode */
    char *name;
    mode_t type;  /* S_IFDIR, S_IFREG or S_IFLNK */
    char *target; /* of a link */
    gint64 size;  /* as was written */
} Void;

Voids *voids_new(const Clock *clock);
void voids_free(Voids *voids); /* NULL is fine */

/* Borrowed until the next call here. target: NULL, or of a link. */
Void *void_make(Voids *voids, guint64 parent, const char *name, mode_t type, const char *target);
Void *void_find(Voids *voids, guint64 parent, const char *name); /* NULL: none, or forgotten */
Void *void_at(Voids *voids, gint64 number);
void void_drop(Voids *voids, gint64 number);
