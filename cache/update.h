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

/* The call that sets the value. Those with the same endpoint and word can go together, `most` of
   them; word is borrowed from the update. */
typedef struct {
    EndpointId endpoint;
    const char *word;
    guint most;
} UpdateCall;

UpdateCall update_call(const Update *update);
/* The body of one call for n of them, a new string. */
char *update_encode(const Update *const *updates, guint n);

/* "operation_status", and to DELETE. */
gboolean update_is_status(const Update *update);
gboolean update_is_delete(const Update *update);
/* The call sends back what the object holds, so that `current` has to be read just before. */
gboolean update_sends_back(const Update *update);

/* Of DELETE none does. */
gboolean update_holds(const Update *update, const Object *object);
/* The member holds this text, as update_holds() compares; "" is what has none. */
gboolean update_is(const Update *update, const Object *object, const char *text);
/* The object is as it was when `current` was read: nothing was changed since, by nobody. */
gboolean update_is_untouched(const Update *update, const Object *object);

/* The object with the value set, and all else as it is; new. NULL: it has no such member. */
Object *update_apply(const Update *update, const Object *object);

/* What is said when it is in no list: gone, or nobody knows. */
GError *update_gone(const Update *update, const Answer *answer);

/* The object in the reply of an update, of the shape that listings have: the members known, each
   with its new value. New; NULL when the reply does not carry them all. */
Object *update_merge(const Update *update, const Answer *answer);
