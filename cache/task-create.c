/* SPDX-License-Identifier: MIT */
/* task-create.c - one that is on disk, or else a new one, whose id goes there. */
#include "api/error.h"
#include "cache/task-private.h"

enum { CREATE_S = 300 /* it has not had its turn by then */ };

/* ---- its id on disk ---- */

static gboolean run_remove(sqlite3 *db, void *job, GError **error)
{
    return task_note_remove(db, job, error);
}

static const JobType remove_job = {run_remove, NULL, g_free};

void task_forget(Task *task)
{
    if (task->note->id)
        writer_push(task->cache->writer, &remove_job, g_steal_pointer(&task->note->id), FALSE);
}

static gboolean run_put(sqlite3 *db, void *job, GError **error)
{
    return task_note_put(db, job, error);
}

/* Where it can not be noted it is made all the same: another mount would make it again. */
static const JobType put_job = {run_put, NULL, task_note_free};

static void note_down(Task *task)
{
    TaskNote *note = g_new0(TaskNote, 1);

    note->key = g_strdup(task->note->key);
    note->id = g_strdup(task->note->id);
    note->created_us = task->note->created_us;
    writer_push(task->cache->writer, &put_job, note, TRUE);
}

/* ---- creating ---- */

static void created(Task *task, char *id) /* takes it */
{
    task->note->id = id;
    task->note->created_us = clock_wall(task->cache->config.clock);
    task->known_us = cache_now(task->cache);
    task_set_state(task, "QUEUING");
    note_down(task);
    task_check_soon(task);
}

/* That of an unknown outcome may be there, but nobody knows its name. */
static void on_created(void *user_data, const Answer *answer, const GError *error)
{
    Task *task = user_data;
    g_autofree char *id = answer ? task_member(answer, "task_id") : NULL;
    gboolean refused = g_error_matches(error, API_ERROR, API_ERROR_BUSY);

    task->call = 0;
    if (id && *id)
        created(task, g_steal_pointer(&id));
    else if (answer)
        task_fail(task, "has no id", "");
    else
        task_end(task, refused ? TASK_FAILED : task_end_of(error), error);
}

/* One that the service refuses for its rates is not refused for long: there are pages. */
static gboolean is_never_wanted(void *user_data)
{
    (void)user_data;
    return FALSE;
}

void task_create(Task *task)
{
    ReportCall call = slice_call(task->slice);
    g_autofree char *body = encode_report_task(&call);

    task_forget(task); /* one that is gone */
    task->ask = task_create;
    task->found = FALSE;
    task_set_state(task, "CREATING");
    task_call(task,
              &(Call){.endpoint = ENDPOINT_REPORT_TASK_CREATE,
                      .body = body,
                      .wanted = is_never_wanted,
                      .deadline_us = cache_now(task->cache) + CREATE_S * G_USEC_PER_SEC},
              on_created);
}

/* ---- finding ---- */

/* What the writer finds is the loop's once the job is back. */
typedef struct {
    Task *task;
    TaskNote *note;
} Find;

static gboolean run_find(sqlite3 *db, void *job, GError **error)
{
    return task_note_find(db, ((Find *)job)->note, error);
}

static void on_found(void *job, const GError *error)
{
    Find *find = job;
    Task *task = find->task;

    (void)error; /* then there is none */
    task->note->id = g_steal_pointer(&find->note->id);
    task->note->created_us = find->note->created_us;
    if (!task->note->id) {
        task_create(task);
        return;
    }
    task->found = TRUE;
    task->known_us = cache_now(task->cache);
    task_set_state(task, "QUEUING");
    task_check(task);
}

static void find_free(void *job)
{
    Find *find = job;

    task_note_free(find->note);
    g_free(find);
}

static const JobType find_job = {run_find, on_found, find_free};

void task_find(Task *task)
{
    Find *job = g_new0(Find, 1);

    job->task = task;
    job->note = g_new0(TaskNote, 1);
    job->note->key = g_strdup(task->note->key);
    job->note->not_before_us = task->plan.not_before_us;
    writer_push(task->cache->writer, &find_job, job, FALSE);
}
