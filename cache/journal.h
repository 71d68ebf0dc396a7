/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * journal.h - what was meant, and what came of it: a table of state.sqlite, on the disk before
 * anything is sent.
 *
 *     INTENT --> DONE | REFUSED | WITHDRAWN | DIFFERS
 *        `-----> UNKNOWN --asked later, also by the next mount--> DONE | REFUSED | DIFFERS
 *     DRY_RUN: meant without being sent
 *
 * A thread of its own writes it, so that a write never waits for pages of a listing that are being
 * stored; what is noted while it works goes together in one transaction after that. All mounts of a
 * profile have one journal. An intention whose daemon is dead is settled by the next mount.
 */
#include <glib.h>
#include <sqlite3.h>

#include "api/clock.h"
#include "api/object.h"
#include "cache/cache.h"
#include "cache/writer.h"

typedef struct Journal Journal;

typedef enum {
    JOURNAL_INTENT,    /* noted; perhaps sent */
    JOURNAL_DONE,      /* the service holds it, and said so when asked again */
    JOURNAL_REFUSED,   /* the service did not take it: nothing was changed */
    JOURNAL_WITHDRAWN, /* surely not sent */
    JOURNAL_UNKNOWN,   /* sent, and nobody knows what became of it */
    JOURNAL_DIFFERS,   /* the service said yes, or perhaps, and holds something else */
    JOURNAL_OVERTAKEN, /* unknown, and written anew before anybody asked: nobody will know */
    JOURNAL_DRY_RUN,   /* its message is what would have been sent */
    N_JOURNAL_OUTCOMES,
} JournalOutcome;

const char *journal_word(JournalOutcome outcome); /* "intent", "done", … */

/* Members of what is no change of a value: an object is made of a draft, paused, or enabled at
   once. Its id is "draft-NUMBER", what was found the id of what was made; see create.h, which also
   settles what a dead daemon meant. */
#define JOURNAL_CREATE         "create"
#define JOURNAL_CREATE_ENABLED "create_enabled"

/* What is meant. All is copied. before and after: plain text, as in CommitRequest; before may be
   NULL, where the object had none. */
typedef struct {
    Author author;
    ObjectKind kind;
    const char *advertiser_id, *id;
    const char *member;
    gboolean amount;
    const char *before, *after;
    gint64 table;   /* number of the table it was written in; 0: by itself */
    gint64 undoes;  /* the entry whose earlier value this is; 0: none */
    gint64 read_us; /* wall, when that was asked for from which the rest of the body is made, for
                       what replaces the whole object; 0: nothing was */
} Intent;

/* error: it is not noted, and nothing may be sent: API_ERROR_READ_ONLY, the journal can not be
   written; API_ERROR_BUSY, one of the guards that count, or another mount is at this object for too
   long; API_ERROR_STALE, another mount has changed it since read_us: to be read and meant again. */
typedef void (*IntendedFunc)(void *user_data, gint64 entry, const GError *error);

typedef struct {
    JournalOutcome outcome;
    const GError *error; /* why; NULL: it went well, or nothing is to be said */
    const char *found;   /* the value that the service held instead; may be NULL */
    const char *request_id;
} Verdict;

/* directory: of state.sqlite. guards: may be NULL; must live as long as the journal. NULL and
   error: the file can not be opened or made. */
Journal *journal_new(const char *directory, const Guards *guards, const Clock *clock,
                     GError **error);
/* Waits until what was noted is written; no callback after this. NULL is fine. */
void journal_free(Journal *journal);

/*
 * done() comes on the loop, never before this returns, when the entry is on the disk. While another
 * mount that is alive has an open intention for the same object, this waits, so that of two full
 * replacements the later one is made from what the earlier one left. Whoever has an intention must
 * thus send it, or settle it, without waiting for another one to be noted. The writes of one mount
 * to one object are not held apart here.
 */
void journal_intend(Journal *journal, const Intent *intent, IntendedFunc done, void *user_data);

/* done() comes as above, also when the verdict could not be written (which is logged): it is tried
   again with whatever is noted next. done may be NULL. An entry that is UNKNOWN can be settled once
   more. */
void journal_settle(Journal *journal, gint64 entry, const Verdict *verdict,
                    void (*done)(void *user_data), void *user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Journal, journal_free)
