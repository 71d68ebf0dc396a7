/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * recover.h - settles what a daemon meant that is dead: asks for the objects, in the background,
 * and compares.
 *
 *     LOOKING --none--> in a minute
 *        `--some--> in 5 s --> ASKING --> settled | later, after growing pauses
 *
 * The daemon may just have sent it when it died, so that nothing is asked before it has been dead
 * for 5 s.
 */
#include "cache/cache.h"
#include "cache/journal.h"

/* What came of an intent, by what its object holds now; NULL: it is gone. Only of one that nothing
   has been written after. *ret_found: borrowed from the object; NULL where there is none. Pure. */
JournalOutcome recover_decide(const Intent *intent, const Object *object, const char **ret_found);

typedef struct Recover Recover;

Recover *recover_new(Cache *cache);  /* looks at once */
void recover_free(Recover *recover); /* NULL is fine; before the journal */
