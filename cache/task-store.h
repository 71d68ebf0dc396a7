/* SPDX-License-Identifier: MIT */
#pragma once

/* task-store.h - the writer's side of a task: its id on disk, and its table into the slice. */
#include <glib.h>
#include <sqlite3.h>

#include "cache/parts.h"

/* The table of running tasks, in the file of what must last; see state-file.h. */
typedef struct {
    char *key; /* what it is a report of */
    char *id;  /* of the task; NULL: none */
    gint64 created_us;
    gint64 not_before_us; /* one created earlier is of no use */
} TaskNote;

void task_note_free(void *note); /* NULL is fine */

char *task_key(const SliceSpec *slice); /* a new string */
gboolean task_note_find(sqlite3 *db, TaskNote *note, GError **error);
gboolean task_note_put(sqlite3 *db, const TaskNote *note, GError **error);
gboolean task_note_remove(sqlite3 *db, const char *id, GError **error);

/* A table that comes in pieces. */
typedef struct TaskTable TaskTable;

TaskTable *task_table_new(const SliceSpec *slice);
void task_table_free(TaskTable *table);
/* Begins again: what came is forgotten. Once one of these has failed the others do nothing, and
   fail without error. */
gboolean task_table_begin(TaskTable *table, sqlite3 *db, GError **error);
gboolean task_table_feed(TaskTable *table, sqlite3 *db, GBytes *piece, GError **error);
/* At its end: the last line has none, so it may go on. */
gboolean task_table_is_open(const TaskTable *table);
gboolean task_table_end(TaskTable *table, sqlite3 *db, GError **error);
