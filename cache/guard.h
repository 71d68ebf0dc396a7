/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * guard.h - what a profile lets nobody do by mistake, checked before anything is sent.
 *
 * A guard that is set and can not be evaluated refuses. What it says names the guard, the value
 * that was wanted, the one that it was measured by, and what to do if it is meant.
 */
#include <glib.h>
#include <sqlite3.h>

#include "cache/commit.h"
#include "cache/journal.h"
#include "cache/update.h"

/* The guards that see one value: max_increase, measured from update->current, which must have been
   read just now; max_budget and max_bid. currency: of the account, NULL or "" if it is not known.
   force: max_increase does not count, the others do. guards: NULL: none. Pure. FALSE and
   API_ERROR_RANGE. */
gboolean guard_allows(const Guards *guards, const Update *update, const char *currency,
                      gboolean force, GError **error);

/* The file that shows a member, as the user knows it: "budget" of "scheduled_budget". */
const char *guard_file(const char *member);

/* guard_allows() needs the value that the service holds. */
gboolean guard_must_read(const Guards *guards, gboolean amount, gboolean force);

/* There is one that counts, or nothing is sent at all: to find out what needs no change is worth a
   call. */
gboolean guard_counts(const Guards *guards);

/* The guards that count: min_interval, max_changes_per_hour, max_enables_per_hour. They count what
   the journal has, so they hold over restarts and over all mounts of the profile; what was refused,
   withdrawn or only tried counts for nothing. To be asked in the transaction that notes the intent,
   before it is noted. now_us: wall. FALSE and API_ERROR_BUSY, or API_ERROR_LOCAL where the journal
   can not be read. */
gboolean guard_rates_allow(sqlite3 *db, const Guards *guards, const Intent *intent, gint64 now_us,
                           GError **error);
