/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * draft.h - objects that somebody has begun to describe and that the service knows nothing of yet.
 * They are in state.sqlite and last over restarts; here they are all in memory, as there are few.
 *
 *     LOCAL --create--> OPEN --made--> gone
 *       ^                 |
 *       `-----refused-----'
 *
 * OPEN: the call that makes it is noted on the disk, and nobody knows yet whether it made anything.
 * Until that is known the draft can neither be changed nor discarded. See create.h.
 */
#include <glib.h>

#include "api/object.h"
#include "cache/commit.h"

typedef enum { DRAFT_LOCAL, DRAFT_OPEN } DraftState;

typedef struct {
    gint64 draft; /* its number, never reused */
    ObjectKind kind;
    const char *account; /* id of the advertiser */
    const char *parent;  /* id of the campaign or ad group it goes into; "" of a campaign */
    const char *name;    /* of its directory */
    const char *members; /* a JSON object, which is its owner's matter */
    DraftState state;
    gint64 changed_us; /* wall */
} Draft;

/* Where it is; texts are borrowed. */
typedef struct {
    ObjectKind kind;
    const char *account, *parent;
} DraftScope;

/* Borrowed until the next turn of the loop. NULL: none. */
const Draft *draft_get(Cache *cache, gint64 draft);
const Draft *draft_find(Cache *cache, const DraftScope *scope, const char *name);

/* In the order of numbers, after `after`; each returns FALSE to stop. */
typedef gboolean (*EachDraftFunc)(void *user_data, const Draft *draft);
void draft_each(Cache *cache, const DraftScope *scope, gint64 after, EachDraftFunc each,
                void *user_data);
/* Wall, when one of them came or went last, in this process; 0: none did. */
gint64 drafts_changed_us(Cache *cache, const DraftScope *scope);

/*
 * A change on its way to the disk. The waiter is woken once when it is there, or could not be
 * written, never before the call returns; then it shows. It lives until draft_change_free().
 */
typedef struct DraftChange DraftChange;

DraftChange *draft_make(Cache *cache, const DraftScope *scope, const char *name, void *waiter);
/* patch: a JSON object, merged into the members; null removes one. */
DraftChange *draft_set(Cache *cache, gint64 draft, const char *patch, void *waiter);
DraftChange *draft_rename(Cache *cache, gint64 draft, const char *name, void *waiter);
DraftChange *draft_discard(Cache *cache, gint64 draft, void *waiter);

/* FALSE: not yet. error: it did not happen. */
gboolean draft_change_ended(const DraftChange *change, GError **error);
gint64 draft_change_number(const DraftChange *change); /* of the draft, which may have been made */
void draft_change_free(DraftChange *change); /* NULL is fine; it goes on without a waiter */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DraftChange, draft_change_free)
