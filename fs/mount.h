/* SPDX-License-Identifier: MIT */
#pragma once

/* mount.h - what every part of fs/ needs to know of the mount it serves. */
#include <fuse_lowlevel.h>
#include <glib.h>

#include "api/clock.h"
#include "cache/cache.h"
#include "fs/options.h"
#include "fs/turns.h"

typedef struct Backstop Backstop;
typedef struct Control Control;
typedef struct Copies Copies;
typedef struct ReportFiles ReportFiles;
typedef struct SavedQueries SavedQueries;
typedef struct Shown Shown;
typedef struct Requests Requests;
typedef struct Scratches Scratches;
typedef struct Loop Loop;
typedef struct Tell Tell;
typedef struct Tables Tables;
typedef struct Voids Voids;
typedef struct Waits Waits;

typedef struct {
    const Options *options;
    const Clock *clock;
    Cache *cache;
    Control *control;
    ReportFiles *reports;
    SavedQueries *saved;  /* NULL: none are kept */
    Scratches *scratches; /* NULL: the same */
    guint scratch_source; /* looks for those that have expired; 0: there are none */
    Voids *voids;         /* what was copied into drafts and is not kept */
    Copies *copies;       /* ... and by whom */
    Shown *shown;         /* which values, and to whom */
    Requests *requests;
    Tables *tables; /* NULL: nothing is known of them */
    Waits *waits;
    Backstop *backstop;    /* NULL: there is none */
    guint progress_source; /* ticks while somebody waits; 0: nobody does */
    GHashTable *files;     /* of File, open; owned */
    Loop *loop;
    struct fuse_session *session;
    Tell *tell;         /* NULL: there was nothing to tell yet */
    Turns turns;        /* of the loop */
    gboolean dir_cache; /* directories are cached by the kernel */
    gint64 started_us;  /* wall */
    gint64 accounts_us; /* wall: when the accounts changed last, as far as the kernel was told */
    gint64 late_us;     /* monotonic: when somebody last waited in vain for a role; 0: nobody yet */
    gboolean told;      /* .adsfs/errors has that the Business Centers are refused */
} Mount;
