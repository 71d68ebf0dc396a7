/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * task-work.h - makes the rows of the tasks, one task after the other, in steps of a few
 * milliseconds from the main loop. All CSV goes into one nameless file, each task's in one piece.
 */
#include "task.h"

typedef struct TaskWork TaskWork;

TaskWork *task_work_new(World *world, Memo *memo);
void task_work_free(TaskWork *work);
void task_work_add(TaskWork *work, Task *task, guint delay_ms); /* begins when the delay is over */
void task_work_finish(TaskWork *work, Task *task);              /* at once */
void task_work_forget(TaskWork *work, Task *task); /* if it was added and is not made */
World *task_work_world(const TaskWork *work);
int task_work_file(const TaskWork *work);
