/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * scratch.h - what programs write beside a file before they rename it onto it, and what they leave
 * there: in memory, in the directory where it was made, and nowhere else.
 *
 *     create --> NAMED --unlink, rename away, expiry--> NAMELESS --last close--> gone
 *
 * None of it is ever sent. A file that has grown large is on disk, without a name there. Who knows
 * nothing of FUSE and of what may be written: scratch-file.c does. Numbers are never used again.
 */
#include <glib.h>
#include <sys/types.h>

#include "api/clock.h"

enum {
    SCRATCH_HERE = 64,                       /* in one directory */
    SCRATCH_ALL = 1024,                      /* in a mount */
    SCRATCH_EXPIRES_S = 600,                 /* after its last use */
    SCRATCH_BYTES = 64 * 1024,               /* of a file, in memory */
    SCRATCH_LARGE_BYTES = 256 * 1024 * 1024, /* ... on disk */
};

typedef struct Scratches Scratches;

typedef struct {
    gint64 number;
    guint64 dir; /* inode; 0: it has no name any more */
    char *name;
    gboolean large; /* may grow beyond SCRATCH_BYTES */
    GString *text;
    int fd; /* of one that has grown; -1: it is in text */
    gint64 size;
    gboolean locked;  /* nobody changes it */
    gboolean spoiled; /* a part of what was written to it is missing */
    mode_t mode;
    uid_t uid;
    gid_t gid;
    gint64 made_us, changed_us; /* wall */
    gint64 used_us;             /* monotonic */
    guint open;                 /* how often */
} Scratch;

/* directory: for large ones. */
Scratches *scratches_new(const Clock *clock, const char *directory);
void scratches_free(Scratches *scratches); /* NULL is fine */

/* Borrowed until the next call that is not a find. NULL: there is none. Of scratches, too. */
Scratch *scratch_find(Scratches *scratches, guint64 dir, const char *name);
Scratch *scratch_at(Scratches *scratches, gint64 number);
/* The first with a number above that one, in the order of numbers. */
Scratch *scratch_next(Scratches *scratches, guint64 dir, gint64 after);
/* The time of a directory that would be time_us (wall) without them: another one with each that
   comes or goes, as the kernel keeps listings by it. */
gint64 scratch_time_us(Scratches *scratches, guint64 dir, gint64 time_us);

/* An empty one, not open. NULL and error: there are too many. */
Scratch *scratch_create(Scratches *scratches, guint64 dir, const char *name, mode_t mode,
                        gboolean large, GError **error);
/* Another one with that name goes. */
void scratch_rename(Scratches *scratches, Scratch *scratch, const char *name);
void scratch_unlink(Scratches *scratches, Scratch *scratch);
void scratch_open(Scratches *scratches, Scratch *scratch);
void scratch_close(Scratches *scratches, gint64 number);

gboolean scratch_write(Scratches *scratches, Scratch *scratch, const char *data, gsize size,
                       gint64 offset, GError **error);
gboolean scratch_resize(Scratches *scratches, Scratch *scratch, gint64 size, GError **error);
/* A descriptor of what is in it, for as long as it is open. -1 and error: there is no room on disk.
 */
int scratch_text(Scratches *scratches, Scratch *scratch, GError **error);
gssize scratch_read(const Scratch *scratch, char *buffer, gsize size, gint64 offset);

/* Those that nobody uses go; gone (may be NULL) is told of which directory. TRUE: some are left. */
gboolean scratches_expire(Scratches *scratches, void (*gone)(void *user_data, guint64 dir),
                          void *user_data);
