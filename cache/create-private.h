/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * create-private.h - one creation, for create.c (who wants it, how it ends), create-steps.c (what
 * is asked of the service, in which order), create-look.c (finding what was made), create-back.c
 * (reading it back, and how it ends) and create-store.c (it becomes one of the objects that are
 * known).
 */
#include "cache/create.h"
#include "cache/draft-private.h"

typedef enum {
    CREATE_LISTING, /* which are called so already */
    CREATE_NOTING,  /* journal and draft */
    CREATE_SENDING,
    CREATE_LOOKING,
    CREATE_READING, /* back */
    CREATE_STORING,
    CREATE_ENDED,
} CreateState;

struct Create {
    Cache *cache;
    void *waiter;
    CreateState state;
    gboolean orphan;    /* nobody will ask: free it at the end */
    gboolean in_call;   /* a callback is still to come */
    gboolean withdrawn; /* never send it */
    gboolean open;  /* an earlier call of the same may have made it: the draft was OPEN before */
    gboolean again; /* ads: it was sent twice now */
    gboolean late;  /* left by a dead daemon, and not to be sent now */

    gint64 draft;
    ObjectKind kind;
    char *account, *parent; /* ids */
    DraftCall call;
    Author author; /* its texts are owned */
    gint64 deadline_us;

    guint64 request; /* of the client */
    guint readings, sendings;
    guint timer, patience;
    char *id;           /* of what was made */
    char *answer_id;    /* the service's id of the answer that said so */
    GPtrArray *matches; /* ids that a look has found so far */
    char *newest;       /* create_time of the last of them */
    guint page;         /* of the look */
    gint64 asked_us;    /* monotonic, when the object was asked for */
    gint64 row;
    GError *unsure;  /* why it is not known whether it was made */
    GError *refusal; /* what the service said to a second call */
    GError *error;
};

GHashTable *creates_new(void); /* owns them */
/* Goes on with those that a daemon which is dead has left OPEN: in a moment, as the last thing that
   it did may be on its way to the service; or now. */
void creates_recover(Cache *cache);
void creates_recover_now(Cache *cache);

/* create.c: takes error. NULL: it was made. */
void create_end(Create *create, GError *error);
void create_release(Create *create);
/* At the start of each callback. FALSE: it has ended without this answer. */
gboolean create_goes_on(Create *create);

/* create-steps.c */
void create_begin(Create *create);
void create_send(Create *create);
void create_not_found(Create *create);

/* create-back.c */
void create_settle(Create *create, JournalOutcome outcome, const GError *error); /* the journal */
/* All looks together may take so long; then it is not known. */
void create_be_patient(Create *create);
/* TRUE: after a pause; FALSE: it was looked for often enough. */
gboolean create_look_later(Create *create, GSourceFunc look);
/* What is sent of the object, or was; new. NULL: nothing. */
Object *create_sent_object(const Create *create);
/* The object has this id, as the service says. Copies id. */
void create_made(Create *create, const char *id);
/* Nobody can say whether it was made: takes error, or what was said before counts. */
void create_end_unknown(Create *create, GError *error);
/* Nothing was made, and nothing will be; takes error. */
void create_end_refused(Create *create, GError *error);

/* create-look.c: who is called so; then, by the state, noted as known, or create_made() or
   create_not_found(). */
void create_look(Create *create);
/* The object of that id in an answer, new. NULL: it is not there. */
Object *create_find(const Create *create, const Answer *answer);

/* create-store.c: the object as the service lists it. */
void create_store(Create *create, const char *json);
