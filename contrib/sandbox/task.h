/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * task.h - reports on order: what was ordered, how far it is by the clock, and where its CSV lies.
 *
 *     QUEUING --delay/2--> PROCESSING --delay/2--> SUCCESS      (or FAILED, or it stays on the way)
 *        `---------------------+--cancel--> CANCELED
 *
 * A task shows the account as it was when it was ordered, and belongs to the token that ordered it.
 * Its rows are made once, when it leaves the queue, a few between two calls. Beside the state only
 * the orders are kept; a task that is found there makes its rows when it is asked for.
 */
#include "args.h"

enum { TASKS_OF_AN_HOUR = 500 }; /* of the service */

typedef struct {
    int delay_ms;
    int per_hour; /* of an account and a token; 0: any number */
    gboolean span_limit;
} TaskOptions;

typedef struct {
    char *id;
    char *owner;         /* a hash of the token */
    GPtrArray *accounts; /* const Account: one, or those of advertiser_ids */
    GHashTable *query;   /* as of report/integrated/get */
    char *file_name;     /* NULL: its CSV is the body of the download; else a link has it */
    gboolean titles;     /* of the columns, instead of their names */
    gint64 created;      /* by the clock of the account's world, which tests may move */
    gint64 created_us;   /* by that of the machine: the delays are true */
    guint64 fate;        /* bits of fault.h */
    gboolean canceled;
    gboolean kept; /* from an earlier run: whoever asks waits for its rows */
    /* Of its CSV, when it is made. */
    gboolean made;
    gint64 offset, length;
    gint64 short_length; /* without its last rows */
} Task;

void task_options_add(GOptionContext *context, TaskOptions *options);

Task *task_new(void);
void task_free(Task *task);

Tasks *tasks_new(const TaskOptions *options, World *world, Memo *memo);
void tasks_free(Tasks *tasks);
/* What is ordered is kept there, and what was ordered in earlier runs is here again. */
gboolean tasks_load(Tasks *tasks, const char *path, GError **error);

/* Takes task, with all that describes the order; gives it borrowed. NULL: too many in an hour. */
const Task *tasks_add(Tasks *tasks, Task *task, const char *token, GError **error);
/* NULL: this token has none such that has this account in it. */
Task *tasks_find(Tasks *tasks, const char *token, const Account *account, const char *id);
const char *tasks_state(Tasks *tasks, Task *task);
void tasks_cancel(Tasks *tasks, Task *task);
void tasks_remove(Tasks *tasks, Task *task);

typedef struct TaskLinks TaskLinks;
TaskLinks *tasks_links(Tasks *tasks);
/* Of a task in SUCCESS; the faults may shorten it. */
FilePart tasks_part(const Tasks *tasks, const Task *task, guint64 faults);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Task, task_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tasks, tasks_free)
