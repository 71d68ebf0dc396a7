/* SPDX-License-Identifier: MIT */
#pragma once

/* draft-private.h - drafts as draft.c keeps them, with what create.c has noted of the call. */
#include "cache/draft.h"
#include "cache/internal.h"

/* The call that makes it; all empty while it is LOCAL. */
typedef struct {
    char *request_id; /* as text; "": the call has none */
    char *body;       /* as it is sent, the same each time */
    char *called;     /* the object's name, by which it is looked for */
    char *known;      /* JSON array: ids of those that were called so before */
    char *daemon;     /* who meant it, see journal-daemon.h */
    gint64 entry;     /* of the journal */
    gint64 asked_us;  /* wall, when it was noted */
} DraftCall;

typedef struct {
    Draft shown; /* its texts are below */
    char *account, *parent, *name, *members;
    DraftCall call;
} OwnedDraft;

Drafts *drafts_new(void);
void drafts_free(Drafts *drafts);
/* directory: of state.sqlite, whose tables are made. FALSE and error: they can not be read. */
gboolean drafts_load(Cache *cache, const char *directory, GError **error);

OwnedDraft *drafts_own(Cache *cache, gint64 draft);          /* NULL: none */
GPtrArray *drafts_open(Cache *cache);                        /* of gint64 *: those that are OPEN */
void drafts_put(Cache *cache, OwnedDraft *draft, gint64 us); /* takes draft */
void drafts_remove(Cache *cache, gint64 draft);
/* The members or the call are others than before. */
void drafts_update(Cache *cache, OwnedDraft *draft);

OwnedDraft *owned_draft_new(gint64 draft, const DraftScope *scope, const char *name);
void owned_draft_free(void *draft);
void draft_call_clear(DraftCall *call);

/* ---- draft-store.c: on the disk ---- */

/* On the loop, once. */
typedef void (*DraftStoredFunc)(void *user_data, const GError *error);

/* The draft is OPEN, with this call; API_ERROR_STALE: it has gone, or another mount has opened it.
   Copies call. */
void draft_store_call(Cache *cache, gint64 draft, const DraftCall *call, DraftStoredFunc done,
                      void *user_data);
/* It is LOCAL again, without a call. */
void draft_store_closed(Cache *cache, gint64 draft, DraftStoredFunc done, void *user_data);
/* It has become an object. */
void draft_store_gone(Cache *cache, gint64 draft, DraftStoredFunc done, void *user_data);
