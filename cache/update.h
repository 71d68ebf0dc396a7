/* SPDX-License-Identifier: MIT */
#pragma once

/* update.h - one new value for one object: the call that sets it, and whether an answer holds it.
   Pure. */
#include <glib.h>

#include "api/client.h"
#include "api/object.h"

typedef struct {
    ObjectKind kind;
    char *id, *advertiser_id;
    char *member, *value; /* as in CommitRequest */
    gboolean amount;
    Object *current; /* the newest we know */
} Update;

void update_clear(Update *update);

/* The call that sets the value; *ret_body is new. */
EndpointId update_plan(const Update *update, char **ret_body);

gboolean update_holds(const Update *update, const Object *object);
/* The object is as it was when `current` was read: nothing was changed since, by nobody. */
gboolean update_is_untouched(const Update *update, const Object *object);

/* The object among data.list of an answer; new, NULL: not there. */
Object *update_find(const Update *update, const Answer *answer);

/* What is said when it is not there: gone, or nobody knows. */
GError *update_gone(const Update *update, const Answer *answer);

/* The object in the reply of an update, of the shape that listings have: the members known, each
   with its new value. New; NULL when the reply does not carry them all. */
Object *update_merge(const Update *update, const Answer *answer);
