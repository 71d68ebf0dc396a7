/* SPDX-License-Identifier: MIT */
/*
 * writer.c - the writer's thread: two queues in, one queue back to the loop.
 *
 * A job belongs to exactly one of: a queue, the thread, the loop. The lock guards the queues and
 * nothing else; it is never held while SQLite works or a callback runs.
 */
#include "cache/writer.h"

#include "cache/store.h"

typedef struct {
    const JobType *type;
    void *job;
    GError *error;
} Task;

struct Writer {
    GThread *thread;
    GMainContext *context;
    sqlite3 *db;
    const char *begin;
    GMutex lock; /* guards what follows */
    GCond work;
    GQueue urgent, usual, ended; /* of Task */
    GSource *source;             /* will hand the ended ones over; NULL: none ended */
    gboolean stop;

    WriterHooks hooks; /* of the thread */

    void (*committed)(void *user_data); /* of the loop */
    void *user_data;
};

static void task_free(void *data)
{
    Task *task = data;

    if (task->type->free)
        task->type->free(task->job);
    g_clear_error(&task->error);
    g_free(task);
}

static gboolean transact(Writer *writer, Task *task, GError **error)
{
    const WriterHooks *hooks = &writer->hooks;
    sqlite3 *db = writer->db;

    if (!sql_run(db, error, writer->begin, ""))
        return FALSE;
    if (task->type->run(db, task->job, error)) {
        if (hooks->flush)
            hooks->flush(hooks->user_data);
        if (sql_run(db, error, "COMMIT", ""))
            return TRUE;
    }
    /* A full disk makes SQLite roll back by itself. */
    if (!sqlite3_get_autocommit(db))
        sql_run(db, NULL, "ROLLBACK", "");
    return FALSE;
}

static gboolean hand_over(void *user_data)
{
    Writer *writer = user_data;
    GQueue ended = G_QUEUE_INIT;
    Task *task;

    g_mutex_lock(&writer->lock);
    ended = writer->ended;
    g_queue_init(&writer->ended);
    g_clear_pointer(&writer->source, g_source_unref);
    g_mutex_unlock(&writer->lock);

    if (writer->committed)
        writer->committed(writer->user_data);
    while ((task = g_queue_pop_head(&ended))) {
        if (task->type->done)
            task->type->done(task->job, task->error);
        task_free(task);
    }
    return G_SOURCE_REMOVE;
}

static void push_ended(Writer *writer, Task *task)
{
    g_queue_push_tail(&writer->ended, task);
    if (writer->source)
        return;
    writer->source = g_idle_source_new();
    g_source_set_priority(writer->source, G_PRIORITY_DEFAULT);
    g_source_set_callback(writer->source, hand_over, writer, NULL);
    g_source_attach(writer->source, writer->context);
}

/* The next task, waiting for one; NULL: the end. Called and returns with the lock held. */
static Task *next_task(Writer *writer)
{
    for (;;) {
        Task *task = g_queue_pop_head(&writer->urgent);
        if (!task)
            task = g_queue_pop_head(&writer->usual);
        if (task || writer->stop)
            return task;
        g_cond_wait(&writer->work, &writer->lock);
    }
}

static void *run_thread(void *user_data)
{
    Writer *writer = user_data;
    gboolean committed;
    Task *task;

    g_mutex_lock(&writer->lock);
    while ((task = next_task(writer))) {
        g_mutex_unlock(&writer->lock);
        committed = transact(writer, task, &task->error);
        if (writer->hooks.settle)
            writer->hooks.settle(writer->hooks.user_data, committed);
        g_mutex_lock(&writer->lock);
        push_ended(writer, task);
    }
    g_mutex_unlock(&writer->lock);
    return NULL;
}

static Writer *start(sqlite3 *db, const char *name, const char *begin)
{
    Writer *writer = g_new0(Writer, 1);

    writer->db = db;
    writer->begin = begin;
    writer->context = g_main_context_ref_thread_default();
    g_mutex_init(&writer->lock);
    g_cond_init(&writer->work);
    g_queue_init(&writer->urgent);
    g_queue_init(&writer->usual);
    g_queue_init(&writer->ended);
    writer->thread = g_thread_new(name, run_thread, writer);
    return writer;
}

/* IMMEDIATE: a transaction that turns into a writing one half-way can not wait for a lock. */
Writer *writer_new(sqlite3 *db)
{
    return start(db, "writer", "BEGIN IMMEDIATE");
}

Writer *writer_new_reading(sqlite3 *db)
{
    return start(db, "reader", "BEGIN");
}

void writer_set_hooks(Writer *writer, const WriterHooks *hooks)
{
    g_mutex_lock(&writer->lock);
    writer->hooks = *hooks;
    g_mutex_unlock(&writer->lock);
}

void writer_on_commit(Writer *writer, void (*committed)(void *user_data), void *user_data)
{
    writer->committed = committed;
    writer->user_data = user_data;
}

void writer_push(Writer *writer, const JobType *type, void *job, gboolean urgent)
{
    Task *task = g_new0(Task, 1);

    task->type = type;
    task->job = job;
    g_mutex_lock(&writer->lock);
    g_queue_push_tail(urgent ? &writer->urgent : &writer->usual, task);
    g_cond_signal(&writer->work);
    g_mutex_unlock(&writer->lock);
}

void writer_free(Writer *writer)
{
    if (!writer)
        return;
    g_mutex_lock(&writer->lock);
    writer->stop = TRUE;
    g_cond_signal(&writer->work);
    g_mutex_unlock(&writer->lock);
    g_thread_join(writer->thread);

    if (writer->source) {
        g_source_destroy(writer->source);
        g_source_unref(writer->source);
    }
    g_queue_clear_full(&writer->ended, task_free);
    sqlite3_close_v2(writer->db);
    g_main_context_unref(writer->context);
    g_cond_clear(&writer->work);
    g_mutex_clear(&writer->lock);
    g_free(writer);
}
