/* SPDX-License-Identifier: MIT */
#pragma once

/* journal-note.h - one intent or verdict on its way to the disk. */
#include "cache/journal-table.h"

typedef struct {
    gboolean is_intent;
    gint64 entry, now_us;
    gboolean told; /* done() was called */
    void *user_data;

    Intent intent;
    IntendedFunc intended;
    gint64 since_us; /* monotonic, when it was noted */
    gboolean held;
    GError *error;

    Settlement settlement;
    void (*settled)(void *user_data);
} Note;

Note *note_new(const Clock *clock, gboolean is_intent, void *user_data);
void note_free(void *note);
void note_copy_intent(Note *note, const Intent *intent);
void note_copy_verdict(Note *note, const Verdict *verdict);

/* In the thread: writes all of them. What is only one intent's fault is its own error. */
gboolean notes_run(sqlite3 *db, const GPtrArray *notes, const char *daemon, const Guards *guards,
                   GError **error);
