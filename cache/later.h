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
/* That member is about to be written anew: what it holds then says nothing of what was before, and
   is not asked for any more. TRUE: of an earlier write nobody knows what came; it has to be read
   before, and told here: NULL: it is gone. */
gboolean later_forget(Desk *desk, gint64 row, const char *member);
void later_read(Desk *desk, gint64 row, const char *member, const Object *found);

void later_free(void *later);
