/* SPDX-License-Identifier: MIT */
#pragma once

/* reply.h - what an answer says of each of those that were asked for, or changed, together. Pure.
 */
#include <glib.h>

#include "api/client.h"
#include "api/object.h"

typedef struct Reply Reply;

/* kind: of the objects. The answer is not kept. */
Reply *reply_new(ObjectKind kind, const Answer *answer);
void reply_free(Reply *reply); /* NULL is fine */

/* The object of that id among data.list; borrowed, NULL: not there. */
Object *reply_object(const Reply *reply, const char *id);

typedef enum {
    REPLY_ACCEPTED, /* the service says yes */
    REPLY_NAMED,    /* ... and names this object, with the status that was sent */
    REPLY_PART,     /* only a part was done, and nothing says which */
    REPLY_REFUSED,  /* it names this object among those that it did not change */
} ReplyWord;

/* Of an update. status: what was sent, or NULL. error: set with REPLY_REFUSED. */
ReplyWord reply_word(const Reply *reply, const char *id, const char *status, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reply, reply_free)
