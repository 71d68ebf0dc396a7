/* SPDX-License-Identifier: MIT */
#pragma once

/* saved-private.h - the table of saved queries, for saved.c and for saved-write.c. */
#include <sys/stat.h>

#include "fs/saved.h"

#define SAVED_SUFFIX ".query"

struct SavedQueries {
    char *directory;
    const Clock *clock;
    Saved all[SAVED_MOST]; /* without a name: free */
    guint next;
    gint64 listed_us;
    gint64 looked_us;    /* monotonic: when the directory was looked at */
    gint64 directory_us; /* its mtime then */
    GThreadPool *thread; /* of Save; NULL: nothing was written yet */
    guint n_saving;
};

char *saved_path(const SavedQueries *queries, const char *name); /* new */
gint64 saved_time_us(const struct stat *status);
void saved_clear(Saved *saved);
Saved *saved_lookup(SavedQueries *queries, const char *name);
void saved_put(SavedQueries *queries, const char *name, const char *text, const ReportShape *shape,
               gint64 changed_us, gint64 file_us);
void saved_remove(SavedQueries *queries, const char *name);
