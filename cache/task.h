/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * task.h - a slice of a report that the service makes in its own time (API 4.7).
 *
 *     FINDING --none on disk--> CREATING --id--> WAITING --SUCCESS--> DOWNLOADING --stored--> done
 *        `----------- one of an earlier mount ------^ | ^ |
 *                                                     | `-' checked after growing pauses
 *                                                     `--FAILED, CANCELED, too late--> failed
 *
 * Its id is on disk from the moment it is known until it was of use or never will be, so that a
 * mount that was ended finds it again, as does whoever asks once the network is back.
 * What is downloaded goes piece by piece to the writer, a few megabytes at a time.
 */
#include "cache/parts.h"

typedef struct Task Task;

typedef enum {
    TASK_STORED, /* its rows are in the slice, all that it had */
    TASK_FAILED, /* the service could not make it, or not in time: another way may do */
    TASK_ENDED,  /* nothing will do: error says why */
} TaskEnd;

typedef struct {
    TaskEnd end;
    gint64 rows;         /* of its table */
    gint64 of_us;        /* wall: they are of no later than that; 0: of now */
    const GError *error; /* NULL with TASK_STORED. API_ERROR_BUSY: no task may be created yet */
} TaskResult;

typedef struct {
    SliceSpec *slice;     /* taken */
    gint64 not_before_us; /* wall: one that was created before is of no use */
    CallPriority priority;
    guint *calls; /* counted up by each */
    gboolean (*wanted)(void *user_data);
    /* Once, on the loop, never before task_start() returns; the task is gone when it returns. */
    void (*ended)(void *user_data, const TaskResult *result);
    void *user_data;
} TaskPlan;

Task *task_start(Cache *cache, const TaskPlan *plan);
void task_free(Task *task); /* after the writer has ended; nothing is called back */
void task_hurry(Task *task);

/* What people see of it. Texts are borrowed. */
typedef struct {
    const char *id;    /* "": it has none yet */
    const char *state; /* as the service says; CREATING, DOWNLOADING and STORING are ours */
    gint64 began_us;   /* wall: when it was created */
    gint64 rows;
    guint64 bytes; /* that came */
} TaskState;

void task_state(const Task *task, TaskState *ret);

/* It ends with API_ERROR_STOPPED. FALSE and error: it is too late for that. */
gboolean task_cancel(Task *task, GError **error);
