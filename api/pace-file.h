/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * pace-file.h - the state of the limits in a file that all processes of the app map. It is locked
 * for microseconds; what cannot be locked at once is not waited for here.
 *
 * The file lives longer than processes and the machine's uptime: its times are monotonic, of the
 * boot that it names; after another boot they are moved by what the wall clock says has passed,
 * and by nothing if that clock went backwards.
 */
#include <glib.h>

#include "api/limit.h"

typedef struct PaceFile PaceFile;

typedef enum {
    PACE_FILE_LOCKED,
    PACE_FILE_BUSY,   /* another process has it */
    PACE_FILE_BROKEN, /* it can not be had, or is of another version that is in use: error is set */
} PaceFileResult;

/* path: made when it is locked first, 0600, as its directories are. boot: the id of this boot;
   NULL: of the system. */
PaceFile *pace_file_new(const char *path, const char *boot);
void pace_file_free(PaceFile *file); /* NULL is fine; not locked */

/* PACE_FILE_LOCKED: *ret is valid until pace_file_unlock(). What was there and is not of use is
   replaced, and what was in it counts as a second's full use. */
PaceFileResult pace_file_lock(PaceFile *file, const Rates *app, Moment now, LimitState **ret,
                              GError **error);
/* While it is locked: another one than before says that it has begun anew meanwhile. Never 0. */
guint64 pace_file_serial(const PaceFile *file);
void pace_file_unlock(PaceFile *file, Moment now);
