/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * create.h - a draft becomes an object of the service, once, whatever happens to the answer.
 *
 *     [LISTING] --> NOTING --> SENDING --id--> READING BACK --> STORING --> done, no draft any more
 *                                 |  ^              |
 *                        no answer|  |not there     `--never seen--> IO error, the draft is OPEN
 *                                 v  |
 *                               LOOKING --there--> READING BACK
 *
 * Before anything is sent it is on the disk: in the journal, and with the draft what is sent and a
 * request_id, by which the service knows that a second call means the same. Where the call has none
 * (ads) the ids of those that are called so already are noted with it, and before it is sent again
 * the service is asked whether there is another one. When nobody can know what became of the call,
 * the draft stays OPEN; to create it again, or the next mount, goes on from there.
 */
#include <glib.h>

#include "cache/draft.h"

typedef struct Create Create;

typedef struct {
    gint64 draft;
    const char *members; /* what is sent: a JSON object, members as the API names them; of a draft
                            that is OPEN it does not count, but what was sent then */
    gint64 deadline_us;  /* monotonic: as in CommitRequest */
    Author author;
} CreateRequest;

/* Starts at once; the waiter is woken once at the end. It lives until create_free(). */
Create *create_start(Cache *cache, const CreateRequest *request, void *waiter);

/* FALSE: not yet. error: API_ERROR_UNKNOWN, it was sent and may have been made; any other: nothing
   was made. With dry_run it ends well and the draft is there as before. */
gboolean create_ended(const Create *create, GError **error);
gint64 create_row(const Create *create); /* of the object that was made; 0: it is not known here */

/* TRUE: surely not sent and never will be; the waiter is not woken. FALSE: it is under way. */
gboolean create_withdraw(Create *create);
void create_free(Create *create); /* NULL is fine; one under way goes on without a waiter */

/* What would be sent, as JSON; new. NULL: there is no such draft. */
char *create_preview(Cache *cache, gint64 draft, const char *members);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Create, create_free)
