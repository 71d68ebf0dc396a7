/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * request.h - one FUSE request, from its arrival to exactly one reply.
 *
 *     start --> run --DONE--> replied, freed
 *                ^  `--PARK--> waiting --woken--.
 *                `------------------------------'
 *                              waiting --interrupt--> EINTR
 *                              waiting --deadline---> ETIMEDOUT
 *
 * A run function is straight code over the cache and starts from its first line each time. It has
 * no side effect before its last wait; a commit is its own record and lives in the request.
 */
#include "cache/create.h"
#include "fs/file.h"
#include "fs/ready.h"
#include "fs/saved.h"
#include "fs/sweep.h"
#include "fs/table-commit.h"
#include "fs/tree.h"

enum {
    LOOKUP_DEADLINE_S = 30,
    NO_ENTRY_S = 5, /* names that tools probe for */
};

typedef enum { DONE, PARK } Outcome;

typedef struct Request Request;
typedef struct Spent Spent;
typedef struct Undo Undo;
typedef struct TableMaking TableMaking;
typedef Outcome (*RunFunc)(Request *request);

struct Request {
    Mount *mount;
    fuse_req_t fuse;
    RunFunc run;
    RunFunc late;   /* what to answer when the deadline passes; NULL: ETIMEDOUT */
    gboolean lists; /* a directory, of which libc takes ENOENT for the end and shows it as empty */
    guint64 ino;
    char *name;     /* copied: libfuse reuses its buffer when a handler returns */
    char *data;     /* of a write; copied */
    char *line;     /* the value to commit */
    char *new_name; /* of rename */
    guint64 new_dir;
    gint64 scratch; /* what is renamed onto a file; held open, 0: nothing is */
    gsize size;
    gint64 offset;
    int flags;        /* of open; what of setattr */
    struct stat attr; /* of setattr */
    guint64 lock_owner;
    File *file; /* borrowed from the handle */
    Commit *commit;
    Create *create;            /* of a draft */
    DraftChange *draft_change; /* ... that is made, written or discarded */
    Spent *spent;              /* once it was refused, perhaps for what was spent */
    Save *save;                /* of a query */
    TableWrite *table;         /* that was written */
    TableMaking *making;       /* of one that is opened */
    guint step;                /* of commands: how many lines were carried out */
    Undo *undo;                /* the same */
    Sweep *sweep;              /* of the next one, while it lasts; swept: it has ended */
    gboolean swept;
    gint64 began;
    int restarts;

    /* private to request.c */
    guint deadline_source, interrupt_source;
    gboolean parked, woken, expired;
    ReadyItem ready; /* in line to go on, or to be answered since it will not wait longer */
};

Requests *requests_new(const Clock *clock);
/* Whoever still waits is answered ENOTCONN. */
void requests_free(Requests *requests);
guint requests_parked(const Requests *requests);

/* How many have a file open that is not a report: fstat(2) comes without the handle. change: 1 or
   -1. */
void requests_note_open(Requests *requests, guint64 ino, int change);
gboolean requests_is_open(const Requests *requests, guint64 ino);

/* A request with its fields empty; the caller fills them and hands it to request_start(). */
Request *request_new(fuse_req_t fuse, RunFunc run, guint64 ino);
/* deadline_s: how long it may wait in all, 0 = as long as it takes. */
void request_start(Request *request, guint deadline_s);
void request_wake(void *mount, void *request); /* of CacheConfig */

/* Each replies and says DONE. */
Outcome reply_errno(Request *request, int error_code);
/* ... and notes it in .adsfs/errors, with the path of ino and, below it, name (or NULL). */
Outcome reply_error(Request *request, guint64 ino, const char *name, const GError *error);
Outcome reply_entry(Request *request, guint64 ino);
Outcome reply_no_entry(Request *request, double seconds);
Outcome reply_stale(Request *request); /* nothing has that inode any more */

/*
 * Ask for all of them. TRUE: all there. FALSE: *ret says what became of the request (parked, or
 * replied with the error at ino, or that an object is not there).
 */
gboolean request_want(Request *request, const Need *needs, guint n, Outcome *ret);
/* The same where the answer can be given without; FALSE: parked. Who has waited long enough is
   answered by late(), and for a while after somebody waited in vain nobody waits at all. */
gboolean request_wish(Request *request, const Need *needs, guint n, RunFunc late);
/* For a result of any cache_want_…(). */
gboolean request_have(Request *request, CacheResult result, GError *error, Outcome *ret);
/* TRUE: the store can not be read, and the request was answered so: what was not found there is not
   known to be absent. */
gboolean request_unreadable(Request *request, Outcome *ret);

static inline Waiter request_waiter(Request *request)
{
    return (Waiter){request, request->began};
}

/* ---- write.c: one value ---- */

enum { VALUE_MAX = 4096 };

/* What a file is to hold as a whole, as one value, without its newline; new. NULL and error. */
char *value_whole(const AttrRow *attr, const char *text, gsize length, GError **error);
/* Commit request->line as the value of the file request->ino. TRUE: it is set, and the caller
   replies. FALSE: *ret says what became of the request. */
gboolean value_set(Request *request, Outcome *ret);
