/* SPDX-License-Identifier: MIT */
#pragma once

/* task-private.h - a task, for task.c and for task-download.c, which brings its table home. */
#include "cache/internal.h"
#include "cache/task-store.h"
#include "cache/task.h"

struct Task {
    Cache *cache;
    TaskPlan plan;
    SliceSpec *slice;
    TaskTable *table; /* of the writer's thread alone, as the run of the slice */
    TaskNote *note;
    char *state;
    guint64 call;            /* under way; 0: none */
    void (*ask)(Task *task); /* makes that call */
    guint timer;             /* until the next check */
    guint pause_ms;          /* of the next one */
    gint64 known_us;         /* monotonic, since when it is waited for */
    gboolean found;          /* an earlier one has created it */
    gboolean again;          /* it was gone, and was created once more */
    gboolean stopped;        /* by a person */
    GError *late;            /* it is given up, and is being cancelled */

    gboolean downloading, waiting; /* waiting: for its turn to */
    gboolean begun;                /* its table comes */
    gboolean dirty;                /* rows of it may be in the store */
    gboolean paused, complete;     /* the stream is held; ... has ended */
    gboolean linked;               /* what is being read is at a link */
    guint links;                   /* how many have died */
    guint n_jobs;                  /* that the writer has */
    gsize stored_later;            /* bytes that the writer has yet */
    guint64 bytes, rows;
    GError *failure; /* of the writer */
    GError *end;     /* with TASK_FAILED, once these rows are gone */
};

void task_call(Task *task, const Call *call, AnswerFunc done);
gboolean task_is_wanted(void *task);
char *task_member(const Answer *answer, const char *name);
void task_end(Task *task, TaskEnd end, const GError *error); /* the task is gone */
TaskEnd task_end_of(const GError *error); /* whether another way may do where this has failed */
void task_call_failed(Task *task, const GError *error); /* by its id; the task may be gone */
void task_check(Task *task);
void task_check_soon(Task *task);
void task_set_state(Task *task, const char *state);
void task_cancel_there(Task *task); /* then it ends */
/* It ends: the service could not make it; a person has ended it. */
void task_fail(Task *task, const char *what, const char *why);
void task_stop(Task *task);

/* task-create.c */
void task_find(Task *task);
void task_create(Task *task);
/* The next one who wants it does not find it any more. */
void task_forget(Task *task);

void task_download(Task *task);
void task_downloads_leave(Task *task);
