/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * backstop.h - no session takes more than its share of the day's calls by opening reports.
 *
 * Whatever reads every file of a tree opens each report as well. A session (setsid) has 20 % of the
 * calls of a day, and of the tasks of a day; then what would take more is refused, and what is here
 * can be read. A fetch is on the account of whose open began it: at once what it takes at least,
 * the rest when it is over. Days begin at 00:00 UTC, as those of the service.
 */
#include <sys/types.h>

#include "fs/mount.h"

Backstop *backstop_new(const Clock *clock);
void backstop_free(Backstop *backstop); /* NULL is fine */

/* pid: of who opens it. FALSE and error (EBUSY): its session has had its share. */
gboolean backstop_allows(const Mount *mount, pid_t pid, const ReportQuery *query, GError **error);

/* A fetch was begun for it. Returns what it takes at least, which is on account now. */
guint backstop_begun(const Mount *mount, pid_t pid, const ReportQuery *query);
/* It is over; begun: what backstop_begun() has said. */
void backstop_ended(const Mount *mount, pid_t pid, guint begun, const ReportState *state);

/* For tests. */
guint backstop_n_sessions(const Backstop *backstop);
