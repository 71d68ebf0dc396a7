/* SPDX-License-Identifier: MIT */
/* task.c - the life of a report task: found or created, checked, downloaded. */
#include "cache/task-private.h"

#include <string.h>

#include "api/error.h"
#include "api/json.h"

/* Pauses between two checks grow by half each, up to the last. A task that has not begun or has not
   ended by its time is given up: the report is read otherwise then. */
enum { CHECK_MS = 500, CHECK_MOST_MS = 30000, START_S = 15 * 60, END_S = 60 * 60 };

/* One that an earlier mount created is of use for an hour: what it says of open days is so old. */
#define FOUND_US (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

/* ---- the end ---- */

static void release(Task *task)
{
    g_clear_handle_id(&task->timer, g_source_remove);
    task_downloads_leave(task);
}

void task_free(Task *task)
{
    if (!task)
        return;
    release(task);
    task_table_free(task->table);
    slice_spec_free(task->slice);
    task_note_free(task->note);
    g_clear_error(&task->failure);
    g_free(task->state);
    g_free(task);
}

static gboolean run_remove(sqlite3 *db, void *job, GError **error)
{
    return task_note_remove(db, job, error);
}

static const JobType remove_job = {run_remove, NULL, g_free};

/* The next one who wants it does not find it any more. */
static void forget(Task *task)
{
    if (task->note->id)
        writer_push(task->cache->writer, &remove_job, g_strdup(task->note->id), FALSE);
}

void task_end(Task *task, TaskEnd end, const GError *error)
{
    TaskPlan plan = task->plan;
    gint64 rows = (gint64)task->rows;
    g_autoptr(GError) told = error ? g_error_copy(error) : NULL;

    forget(task);
    release(task);
    plan.ended(plan.user_data, end, rows, told);
    task_free(task);
}

static void fail(Task *task, const char *what, const char *why)
{
    g_autoptr(GError) error =
        api_error_new(API_ERROR_INCOMPLETE, 0, NULL, "The report task %s %s%s",
                      task->note->id ? task->note->id : "that was to be created", what, why);

    task_end(task, TASK_FAILED, error);
}

static void stop(Task *task)
{
    g_autoptr(GError) error =
        api_error_new(API_ERROR_STOPPED, 0, NULL, "The report task %s was cancelled",
                      task->note->id ? task->note->id : "");

    task_end(task, TASK_ENDED, error);
}

/* ---- calls ---- */

void task_call(Task *task, const Call *call, AnswerFunc done)
{
    const CacheConfig *config = &task->cache->config;
    Call full = *call;

    full.priority = task->plan.priority;
    full.advertiser = task->slice->part->account_id;
    full.wanted = task->plan.wanted ? task_is_wanted : NULL;
    ++*task->plan.calls;
    task->call = config->call(config->client, &full, done, task);
}

gboolean task_is_wanted(void *user_data)
{
    const Task *task = user_data;

    return task->plan.wanted(task->plan.user_data);
}

/* A member of data, as text; new. NULL: there is none. */
char *task_member(const Answer *answer, const char *name)
{
    const JsonField data = {"data", 0}, member = {name, 0};
    JsonSpan body = {NULL, 0}, inner = {NULL, 0}, found = {NULL, 0};

    if (!answer->body)
        return NULL;
    body.at = g_bytes_get_data(answer->body, &body.length);
    for (; body.length > 0 && g_ascii_isspace(*body.at); body.at++)
        body.length--;
    if (!json_pick(body, &data, 1, &inner) || !inner.at || !json_pick(inner, &member, 1, &found) ||
        !found.at)
        return NULL;
    return json_span_text(found);
}

static void set_state(Task *task, const char *state)
{
    g_free(task->state);
    task->state = g_strdup(state);
}

/* ---- checking ---- */

static void check(Task *task);

static gboolean on_time(void *user_data)
{
    Task *task = user_data;

    task->timer = 0;
    check(task);
    return G_SOURCE_REMOVE;
}

static void check_later(Task *task)
{
    task->timer = g_timeout_add(task->pause_ms, on_time, task);
    task->pause_ms = MIN(task->pause_ms + task->pause_ms / 2, CHECK_MOST_MS);
}

/* States that nobody has told us of mean that it is not over. */
static gboolean is_late(const Task *task)
{
    gint64 age_us = cache_now(task->cache) - task->known_us;

    return age_us >
           (gint64)(strcmp(task->state, "QUEUING") == 0 ? START_S : END_S) * G_USEC_PER_SEC;
}

static gboolean is_gone(const GError *error)
{
    static const ApiErrorKind kinds[] = {API_ERROR_NOT_FOUND, API_ERROR_INVALID, API_ERROR_REMOTE,
                                         API_ERROR_DENIED};

    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (g_error_matches(error, API_ERROR, (gint)kinds[i]))
            return TRUE;
    return FALSE;
}

static void create(Task *task);

/* Another token may have created it, or its time is over: one more is made, once. */
static void call_failed(Task *task, const GError *error)
{
    if (task->stopped)
        stop(task);
    else if (is_gone(error) && task->found) {
        forget(task);
        g_clear_pointer(&task->note->id, g_free);
        create(task);
    } else {
        task_end(task, is_gone(error) ? TASK_FAILED : TASK_ENDED, error);
    }
}

static void on_checked(void *user_data, const Answer *answer, const GError *error)
{
    Task *task = user_data;
    g_autofree char *state = answer ? task_member(answer, "status") : NULL;
    g_autofree char *message = answer ? task_member(answer, "message") : NULL;

    task->call = 0;
    if (!answer) {
        call_failed(task, error);
        return;
    }
    set_state(task, state ? state : "");
    if (task->stopped)
        stop(task);
    else if (strcmp(task->state, "SUCCESS") == 0)
        task_download(task);
    else if (strcmp(task->state, "FAILED") == 0)
        fail(task, "has failed: ", message && *message ? message : "the service does not say why");
    else if (strcmp(task->state, "CANCELED") == 0)
        fail(task, "was cancelled", " by somebody else");
    else if (is_late(task))
        fail(task, "was not ready in time, it is ", *task->state ? task->state : "in no state");
    else
        check_later(task);
}

static void check(Task *task)
{
    g_autofree char *query = encode_task_query(task->slice->part->account_id, task->note->id);

    task_call(task, &(Call){.endpoint = ENDPOINT_REPORT_TASK_CHECK, .query = query}, on_checked);
}

void task_check_soon(Task *task)
{
    task->pause_ms =
        task->cache->config.task_check_ms ? task->cache->config.task_check_ms : CHECK_MS;
    check_later(task);
}

/* ---- creating ---- */

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

static void on_created(void *user_data, const Answer *answer, const GError *error)
{
    Task *task = user_data;
    char *id = answer ? task_member(answer, "task_id") : NULL;

    task->call = 0;
    if (!answer || !id || !*id) {
        g_free(id);
        if (answer)
            fail(task, "has no id", "");
        else
            task_end(task, task->stopped ? TASK_ENDED : TASK_FAILED, error);
        return;
    }
    task->note->id = id;
    task->note->created_us = clock_wall(task->cache->config.clock);
    task->known_us = cache_now(task->cache);
    set_state(task, "QUEUING");
    note_down(task);
    task_check_soon(task);
}

static void create(Task *task)
{
    ReportCall call = slice_call(task->slice);
    g_autofree char *body = encode_report_task(&call);

    task->found = FALSE;
    set_state(task, "CREATING");
    task_call(task, &(Call){.endpoint = ENDPOINT_REPORT_TASK_CREATE, .body = body}, on_created);
}

/* ---- finding ---- */

static gboolean run_find(sqlite3 *db, void *job, GError **error)
{
    return task_note_find(db, ((Task *)job)->note, error);
}

static void on_found(void *job, const GError *error)
{
    Task *task = job;

    (void)error; /* then there is none */
    if (task->stopped) {
        stop(task);
        return;
    }
    if (!task->note->id) {
        create(task);
        return;
    }
    task->found = TRUE;
    task->known_us = cache_now(task->cache);
    set_state(task, "QUEUING");
    check(task);
}

static const JobType find_job = {run_find, on_found, NULL};

Task *task_start(Cache *cache, const TaskPlan *plan)
{
    Task *task = g_new0(Task, 1);

    task->cache = cache;
    task->plan = *plan;
    task->slice = plan->slice;
    task->table = task_table_new(task->slice);
    task->note = g_new0(TaskNote, 1);
    task->note->key = task_key(task->slice);
    task->note->not_before_us = clock_wall(cache->config.clock) - FOUND_US;
    task->known_us = cache_now(cache);
    set_state(task, "CREATING");
    task_check_soon(task); /* sets the first pause */
    g_clear_handle_id(&task->timer, g_source_remove);
    writer_push(cache->writer, &find_job, task, FALSE);
    return task;
}

/* ---- for people ---- */

void task_hurry(Task *task)
{
    task->plan.priority = CALL_WAITED;
}

void task_state(const Task *task, TaskState *ret)
{
    *ret = (TaskState){.id = task->note->id ? task->note->id : "",
                       .state = task->state,
                       .began_us = task->note->created_us,
                       .rows = (gint64)task->rows,
                       .bytes = task->bytes};
}

static void on_cancelled(void *user_data, const Answer *answer, const GError *error)
{
    (void)answer, (void)error; /* one that the service has ended meanwhile is of no use either */
    stop(user_data);
}

gboolean task_cancel(Task *task, GError **error)
{
    g_autofree char *body = NULL;

    if (task->stopped || task->downloading) {
        g_propagate_error(error,
                          api_error_new(API_ERROR_INVALID, 0, NULL,
                                        "The report task %s is %s: it can not be cancelled "
                                        "any more",
                                        task->note->id, task->stopped ? "cancelled" : "made"));
        return FALSE;
    }
    task->stopped = TRUE;
    if (task->timer == 0) /* an answer is on its way, and ends it */
        return TRUE;
    g_clear_handle_id(&task->timer, g_source_remove);
    body = encode_task_cancel(task->slice->part->account_id, task->note->id);
    task_call(task, &(Call){.endpoint = ENDPOINT_REPORT_TASK_CANCEL, .body = body}, on_cancelled);
    return TRUE;
}
