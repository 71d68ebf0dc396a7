/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * intention.h - the values that this mount has sent and not seen yet, so that who changed something
 * can be told. Several may be under way for one member. Both threads use it.
 */
#include <glib.h>

#include "api/clock.h"
#include "api/json.h"

typedef struct Intentions Intentions;

Intentions *intentions_new(const Clock *clock); /* must outlive it */
void intentions_free(Intentions *intentions);   /* NULL is fine */

void intentions_add(Intentions *intentions, gint64 row, const char *member, const char *value);
/* One with this value, if it is there still. */
void intentions_withdraw(Intentions *intentions, gint64 row, const char *member, const char *value);

/* In the writer's thread. TRUE: what came is what was sent; with the end of the transaction that is
   seen, or, if it is rolled back, still to be seen. */
gboolean intentions_match(Intentions *intentions, gint64 row, const char *member, JsonSpan after);
void intentions_settle(Intentions *intentions, gboolean committed);
