/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * commit-private.h - one write, for commit.c (who asks for it, how it ends) and commit-steps.c
 * (what is asked of the service, in which order).
 */
#include "cache/internal.h"
#include "cache/update.h"

typedef enum { READING, SENDING, READING_BACK, STORING, ENDED } State;

struct Commit {
    Cache *cache;
    void *waiter;
    CommitGroup *group; /* waited for together with others; until it has ended */
    State state;
    gboolean orphan;    /* nobody will ask: free it at the end */
    gboolean in_call;   /* a callback of the client is still to come */
    gboolean withdrawn; /* never send it */
    gboolean crowded;   /* another was under way for the same object */
    gboolean intended;  /* the events know what it sends */
    gboolean again;     /* this is the second time; unsure is what became of the first */
    gint64 row;
    Update update;
    guint max_increase;
    gint64 deadline_us;
    guint64 call;
    gint64 asked_us;
    guint readings;        /* back */
    guint timer, patience; /* until it is read back again; until that is given up */
    GError *unsure; /* the update's answer was lost, or says that only a part was done: this is what
                       is said unless it took effect */
    GError *refused; /* what is said once the object found is stored */
    GError *error;
};

/* In commit-steps.c: reads first, where a guard or a full update needs it. */
void commit_begin(Commit *commit);

/* takes error; NULL: it is done */
void commit_end(Commit *commit, GError *error);
void commit_release(Commit *commit);
GError *commit_withdrawn(void);

/* In commit-group.c: one of them starts, ends. */
void commit_group_add(CommitGroup *group);
void commit_group_ended(CommitGroup *group);
