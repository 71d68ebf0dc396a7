/* SPDX-License-Identifier: MIT */
#pragma once

/* journal-table.h - the table `journal`: what one transaction does with it. In the thread. */
#include "cache/journal.h"

/* The same for a verdict. All borrowed. */
typedef struct {
    JournalOutcome outcome;
    int code;
    const char *message, *request_id, *found;
} Settlement;

/* TRUE: another daemon that is alive is about to change the object. */
gboolean journal_is_held(sqlite3 *db, const char *daemon, const Intent *intent, gboolean *ret_held,
                         GError **error);

/* FALSE and API_ERROR_STALE: another daemon has changed the object since intent->read_us. */
gboolean journal_is_current(sqlite3 *db, const char *daemon, const Intent *intent, GError **error);

gboolean journal_put(sqlite3 *db, const char *daemon, const Intent *intent, gint64 now_us,
                     gint64 *ret_entry, GError **error);
gboolean journal_close(sqlite3 *db, gint64 entry, const Settlement *settlement, gint64 now_us,
                       GError **error);

/* What is neither of the last 400 days nor among the last 100,000 entries goes. */
gboolean journal_prune(sqlite3 *db, gint64 now_us, GError **error);
