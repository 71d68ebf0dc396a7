/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * commit-private.h - one write, for the files that it goes through: commit.c (who asks for it, how
 * it ends), commit-steps.c (until it is sent), commit-sent.c (what came of it).
 */
#include "cache/desk.h"
#include "cache/journal.h"

/*
 *     QUEUED --> READING --> INTENDING --> SENDING --> READING_BACK --> STORING --> ENDED
 *
 * QUEUED: behind an earlier one of the same object. INTENDING: the journal is told. STORING: it is
 * told what came of it, and what was found is stored.
 */
typedef enum { QUEUED, READING, INTENDING, SENDING, READING_BACK, STORING, ENDED } State;

struct Commit {
    Cache *cache;
    void *waiter;
    CommitGroup *group;
    State state;
    guint callbacks;          /* of the writer and the journal, still to come */
    gboolean orphan;          /* nobody will ask: free it at the end */
    gboolean intended;        /* the events know what it sends */
    gboolean waits, replaces; /* see window.c */
    gboolean again;           /* this is the second time; unsure is what became of the first */
    gint64 row;
    Update update;
    gboolean force, is_there;
    char *expected, *command, *path; /* owned, as in the request */
    Author author;
    gint64 table, undoes;
    Desk *desk;
    Lane *lane; /* once it is to be sent */
    Seat seat;
    gint64 deadline_us;
    gint64 asked_us; /* monotonic: when was asked for what is to be stored */
    gint64 read_us;  /* wall: when `current` was asked for, if the call sends it back */
    gint64 entry;    /* of the journal; 0: none */
    char *request_id;
    guint rereads;
    guint readings;        /* back */
    gboolean reads_back;   /* the first of them was sent */
    guint timer, patience; /* until it is read back again; until that is given up */
    guint late;            /* until its time to be sent is over */
    GError *unsure; /* the update's answer was lost, or says that only a part was done: this is what
                       is said unless it took effect */
    GError
        *refusal;   /* the service did not take it; it is asked whether the object is still there */
    GError *result; /* what is said once all is stored */
    GError *error;
};

/* What they do at a desk; endpoints are set there. */
extern const StageType commit_reading, commit_reading_back, commit_sending;

void commit_begin(Commit *commit); /* it is the first of its object */
void commit_read_first(Commit *commit);
void commit_send(Commit *commit);
void commit_set_state(Commit *commit, State state);
const char *commit_id(const void *commit); /* of its object */
char *commits_query(void *desk, GPtrArray *commits);

/* Its time to be sent is over: ends it, where it surely was not. */
void commit_is_late(void *commit);

/* In commit-sent.c. */
void commits_sent(void *lane, Batch *batch, const Answer *answer, const GError *error);
void commits_read_back(void *desk, Batch *batch, const Answer *answer, const GError *error);
char *commits_query_back(void *desk, GPtrArray *commits);

/* The last of it: found (may be NULL) is stored, the journal has the outcome; then it ends with
   error. Takes error. */
void commit_finish(Commit *commit, JournalOutcome outcome, GError *error, const Object *found);
/* It ends well without having been sent: call is what would have been. */
void commit_finish_dry(Commit *commit, const char *call);
/* Without a note: it was never meant, or another says it. Takes error; NULL: it is done. */
void commit_end(Commit *commit, GError *error);
void commit_end_soon(Commit *commit, GError *error); /* not before the next turn of the loop */
void commit_called_back(Commit *commit);             /* one of its callbacks has come */
GError *commit_withdrawn(void);

/* In window.c: a full replacement is read when there is room, and makes room once it is answered.
 */
void window_enter(Commit *commit);
void window_leave(Commit *commit);

/* In commit-group.c; of one without a group they do nothing. */
void commit_group_join(Commit *commit);
void commit_group_leave(Commit *commit); /* without waking anybody */
void commit_group_ended(Commit *commit);
