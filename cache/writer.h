/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * writer.h - the one thread that owns the writing handles.
 *
 * A job runs there within a transaction of its own and is then handed back to the loop. Urgent jobs
 * (what a commit waits for) overtake pages. The loop reads through its own read-only handle and so
 * meets neither SQLITE_BUSY nor a slow disk.
 */
#include <glib.h>
#include <sqlite3.h>

typedef struct Writer Writer;

typedef struct {
    /* In the writer's thread. FALSE and error: the transaction is rolled back. */
    gboolean (*run)(sqlite3 *db, void *job, GError **error);
    /* On the loop, once, also after a failure. NULL: nobody wants to know. */
    void (*done)(void *job, const GError *error);
    /* After done(), or in its place when the writer has ended. NULL: nothing to free. */
    void (*free)(void *job);
} JobType;

Writer *writer_new(sqlite3 *db); /* takes db, which only the thread uses from now on */
/* The same for a handle that only reads: each job sees one state of the file. */
Writer *writer_new_reading(sqlite3 *db);
void writer_free(Writer *writer); /* runs what is queued, then ends; no done() after this */

/* In the writer's thread. flush: what a job leaves outside of the store, before it is committed.
   settle: it was committed, or was not. To be set before any job. */
typedef struct {
    void (*flush)(void *user_data);
    void (*settle)(void *user_data, gboolean committed);
    void *user_data;
} WriterHooks;

void writer_set_hooks(Writer *writer, const WriterHooks *hooks);

/* On the loop, before the done() of jobs that have ended: what readers hold open is old now. */
void writer_on_commit(Writer *writer, void (*committed)(void *user_data), void *user_data);

void writer_push(Writer *writer, const JobType *type, void *job, gboolean urgent);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Writer, writer_free)
