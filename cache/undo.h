/* SPDX-License-Identifier: MIT */
#pragma once

/* undo.h - which earlier values would be written, to take back what the journal has. Nothing is
   asked of the service: that the value is still the one that was set, the commit finds out. */
#include "cache/cache.h"

typedef struct {
    gint64 entry; /* the newest that it takes back, for CommitRequest.undoes */
    ObjectKind kind;
    char *advertiser_id, *id, *member;
    gboolean amount;
    char *value;    /* that was in force before. NULL: what was planned for midnight is taken back,
                       by planning what is in force */
    char *expected; /* what it was set to */
    gboolean force; /* the value was in force within the last 24 h: it is no increase */
    GError *error;  /* why it can not be taken back; value is NULL */
} UndoStep;

void undo_step_free(void *step);

/* Of one entry. NULL and error. */
UndoStep *undo_plan_entry(Cache *cache, gint64 entry, GError **error);

/* Of all that was done since then: of each member of each object the value before the first change.
   What is back there already is left out. An array of UndoStep; NULL and error. */
GPtrArray *undo_plan_since(Cache *cache, gint64 since_us, GError **error);
