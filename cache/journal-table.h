/* SPDX-License-Identifier: MIT */
#pragma once

/* journal-table.h - the table `journal`, for those who work with it within a transaction. What has
   a handle is for the thread. */
#include "cache/journal.h"
#include "cache/writer.h"

Writer *journal_writer(const Journal *journal);
const char *journal_daemon(const Journal *journal); /* its name */
/* A handle that only reads, for the loop. NULL and error. */
sqlite3 *journal_reader(Cache *cache, GError **error);
gint64 journal_changed_us(const Journal *journal); /* wall: by us; 0: not yet */

/* The same for a verdict. All borrowed. */
typedef struct {
    JournalOutcome outcome;
    int code;
    const char *message, *request_id, *found;
} Settlement;

/* Another daemon that is alive is about to change the object. */
gboolean journal_is_held(sqlite3 *db, const char *daemon, const Intent *intent, gint64 now_us,
                         gboolean *ret_held, GError **error);

/* FALSE and API_ERROR_STALE: another daemon has changed the object since intent->read_us. */
gboolean journal_is_current(sqlite3 *db, const char *daemon, const Intent *intent, GError **error);

gboolean journal_put(sqlite3 *db, const char *daemon, const Intent *intent, gint64 now_us,
                     gint64 *ret_entry, GError **error);
gboolean journal_close(sqlite3 *db, gint64 entry, const Settlement *settlement, gint64 now_us,
                       GError **error);

/* The newest entry after this one that has set its member for good; 0: none. */
gboolean journal_find_newer(sqlite3 *db, gint64 entry, const Intent *intent, gint64 *ret,
                            GError **error);
/* It is open, and what the object holds can not be of a later one that is open too. */
gboolean journal_may_resolve(sqlite3 *db, gint64 entry, const Intent *intent, gboolean *ret,
                             GError **error);

/* What is neither of the last 400 days nor among the last 100,000 entries goes. */
gboolean journal_prune(sqlite3 *db, gint64 now_us, GError **error);
