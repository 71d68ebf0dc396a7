/* SPDX-License-Identifier: MIT */
#pragma once

/* task-journal.h - the orders, a JSON line for each, and a line for each that is taken back. */
#include "task.h"

typedef struct TaskJournal TaskJournal;

/* take: for each that is there, in the order of their creation; takes the task. */
TaskJournal *task_journal_open(const char *path, const World *world,
                               void (*take)(Task *task, void *data), void *data, GError **error);
void task_journal_free(TaskJournal *journal);
gboolean task_journal_add(TaskJournal *journal, const Task *task, GError **error);
void task_journal_note(TaskJournal *journal, const Task *task,
                       const char *word); /* canceled, gone */
