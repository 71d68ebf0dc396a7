/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * later.h - what is asked for after a write has ended.
 *
 *     audit: its reply was taken at its word --within seconds--> it was so | DIFFERS
 *     doubt: UNKNOWN --after 5 s, 30 s, 5 min--> DONE | REFUSED | DIFFERS | the next mount asks
 */
#include "cache/desk.h"

extern const StageType later_audits, later_doubts;

/* The commit is about to end. */
void later_audit(const Commit *commit);
void later_doubt(const Commit *commit);
/* That member is about to be written anew: what it holds will say nothing of what was before. What
   is in doubt is forgotten only once that was sent, as it may never be. */
void later_forget(Desk *desk, gint64 row, const char *member, gboolean was_sent);

void later_free(void *later);
