/* SPDX-License-Identifier: MIT */
#pragma once

/* recover-note.h - open entries of daemons that are dead, found and settled in the journal's
   thread. */
#include "cache/journal-table.h"

enum { RECOVER_MOST = 2000 };

typedef struct {
    gint64 entry;
    char *daemon;
    Intent intent; /* its texts are its own */
    gboolean decided;
    JournalOutcome outcome;
    char *found;
} OpenNote;

void open_note_free(void *note);

/* Adds to `to` the open entries of dead daemons, newest first, RECOVER_MOST at a time. Those that
   were overtaken by later ones are settled. daemon: ours, which is not dead. */
gboolean open_notes_find(sqlite3 *db, const char *daemon, gint64 now_us, GPtrArray *to,
                         GError **error);

/* Of notes that are decided, in the order they were found in. *ret_left: so many are followed by
   one that is open too, and wait. */
gboolean open_notes_settle(sqlite3 *db, const GPtrArray *notes, gint64 now_us, guint *ret_left,
                           GError **error);
