/* SPDX-License-Identifier: MIT */
/* task.c - the life of a report task: found or created, checked, downloaded. */
#include "cache/task-private.h"

#include <string.h>

#include "api/error.h"
#include "api/json.h"

/* Pauses between two checks grow by half each, up to the last. A task that has not begun or has not
   ended by its time is given up: the report is read otherwise then. */
enum { CHECK_MS = 500, CHECK_MOST_MS = 30000, START_S = 15 * 60, END_S = 60 * 60 };

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
    g_clear_error(&task->late);
    g_clear_error(&task->end);
    g_free(task->state);
    g_free(task);
}

/* What has failed for a reason that has nothing to do with the task is there another time. */
static void end_now(Task *task, TaskEnd end, const GError *error)
{
    TaskPlan plan = task->plan;
    g_autoptr(GError) told = error ? g_error_copy(error) : NULL;
    TaskResult result = {.end = end,
                         .rows = (gint64)task->rows,
                         .of_us = task->found ? task->note->created_us : 0,
                         .error = told};

    if (end != TASK_ENDED || task->stopped)
        task_forget(task);
    release(task);
    plan.ended(plan.user_data, &result);
    task_free(task);
}

static gboolean run_clean(sqlite3 *db, void *job, GError **error)
{
    return run_empty(((Task *)job)->slice->run, db, error);
}

static void on_cleaned(void *job, const GError *error)
{
    Task *task = job;
    g_autoptr(GError) end = g_steal_pointer(&task->end);

    end_now(task, error ? TASK_ENDED : TASK_FAILED, error ? error : end);
}

static const JobType clean_job = {run_clean, on_cleaned, NULL};

/* What is read in its place must not meet rows of a table that was not whole. */
void task_end(Task *task, TaskEnd end, const GError *error)
{
    if (end != TASK_FAILED || !task->dirty) {
        end_now(task, end, error);
        return;
    }
    task->end = g_error_copy(error);
    writer_push(task->cache->writer, &clean_job, task, FALSE);
}

TaskEnd task_end_of(const GError *error)
{
    static const ApiErrorKind kinds[] = {
        API_ERROR_UNREACHABLE, API_ERROR_TOKEN, API_ERROR_EXPIRED, API_ERROR_BUSY,
        API_ERROR_CANCELLED,   API_ERROR_LOCAL, API_ERROR_OFFLINE};

    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (g_error_matches(error, API_ERROR, (gint)kinds[i]))
            return TASK_ENDED;
    return error->domain == API_ERROR ? TASK_FAILED : TASK_ENDED;
}

static GError *failure(const Task *task, const char *what, const char *why)
{
    return api_error_new(API_ERROR_INCOMPLETE, 0, NULL, "The report task %s %s%s",
                         task->note->id ? task->note->id : "that was to be created", what, why);
}

void task_fail(Task *task, const char *what, const char *why)
{
    g_autoptr(GError) error = failure(task, what, why);

    task_end(task, TASK_FAILED, error);
}

void task_stop(Task *task)
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
    if (!full.wanted && task->plan.wanted)
        full.wanted = task_is_wanted;
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

void task_set_state(Task *task, const char *state)
{
    g_free(task->state);
    task->state = g_strdup(state);
}

/* ---- checking ---- */

static gboolean on_time(void *user_data)
{
    Task *task = user_data;

    task->timer = 0;
    task_check(task);
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

static gboolean is_over(const Task *task)
{
    static const char *const states[] = {"SUCCESS", "FAILED", "CANCELED", NULL};

    return g_strv_contains(states, task->state);
}

/* The service has no such task, or not for this token. */
static gboolean is_gone(const GError *error)
{
    static const ApiErrorKind kinds[] = {API_ERROR_NOT_FOUND, API_ERROR_INVALID, API_ERROR_DENIED};

    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (g_error_matches(error, API_ERROR, (gint)kinds[i]))
            return TRUE;
    return FALSE;
}

/* Another token may have created it, or its time is over: one more is made, once. */
void task_call_failed(Task *task, const GError *error)
{
    if (task->stopped) {
        task_stop(task);
    } else if (is_gone(error) && !task->again) {
        task_downloads_leave(task);
        task->again = TRUE;
        task_create(task);
    } else {
        task_end(task, task_end_of(error), error);
    }
}

/* Nobody is to make any longer what nobody will fetch. */
static void give_up(Task *task)
{
    task->late =
        failure(task, "was not ready in time, it is ", *task->state ? task->state : "in no state");
    task_cancel_there(task);
}

static void on_checked(void *user_data, const Answer *answer, const GError *error)
{
    Task *task = user_data;
    g_autofree char *state = answer ? task_member(answer, "status") : NULL;
    g_autofree char *message = answer ? task_member(answer, "message") : NULL;

    task->call = 0;
    if (!answer) {
        task_call_failed(task, error);
        return;
    }
    task_set_state(task, state ? state : "");
    if (task->stopped && is_over(task))
        task_stop(task);
    else if (task->stopped)
        task_cancel_there(task);
    else if (strcmp(task->state, "SUCCESS") == 0)
        task_download(task);
    else if (strcmp(task->state, "FAILED") == 0)
        task_fail(task,
                  "has failed: ", message && *message ? message : "the service does not say why");
    else if (strcmp(task->state, "CANCELED") == 0)
        task_fail(task, "was cancelled", " by somebody else");
    else if (is_late(task))
        give_up(task);
    else
        check_later(task);
}

void task_check(Task *task)
{
    g_autofree char *query = encode_task_query(task->slice->part->account_id, task->note->id);

    task->ask = task_check;
    task_call(task, &(Call){.endpoint = ENDPOINT_REPORT_TASK_CHECK, .query = query}, on_checked);
}

static guint first_pause_ms(const Task *task)
{
    return task->cache->config.task_check_ms ? task->cache->config.task_check_ms : CHECK_MS;
}

void task_check_soon(Task *task)
{
    task->pause_ms = first_pause_ms(task);
    check_later(task);
}

/* ---- cancelling ---- */

/* One that the service has ended meanwhile is of no use either. */
static void on_cancelled(void *user_data, const Answer *answer, const GError *error)
{
    Task *task = user_data;

    (void)answer, (void)error;
    task->call = 0;
    if (task->stopped)
        task_stop(task);
    else
        task_end(task, TASK_FAILED, task->late);
}

void task_cancel_there(Task *task)
{
    g_autofree char *body = encode_task_cancel(task->slice->part->account_id, task->note->id);

    task->ask = task_cancel_there;
    task_call(task, &(Call){.endpoint = ENDPOINT_REPORT_TASK_CANCEL, .body = body}, on_cancelled);
}

Task *task_start(Cache *cache, const TaskPlan *plan)
{
    Task *task = g_new0(Task, 1);

    task->cache = cache;
    task->plan = *plan;
    task->slice = plan->slice;
    task->table = task_table_new(task->slice);
    task->note = g_new0(TaskNote, 1);
    task->note->key = task_key(task->slice);
    task->known_us = cache_now(cache);
    task->pause_ms = first_pause_ms(task);
    task_set_state(task, "CREATING");
    task_find(task);
    return task;
}

/* ---- for people ---- */

/* A table that comes already comes on; what was not sent goes ahead. */
void task_hurry(Task *task)
{
    const CacheConfig *config = &task->cache->config;

    if (task->plan.priority != CALL_BACKGROUND)
        return;
    task->plan.priority = CALL_WAITED;
    if (task->call && !task->begun && config->withdraw(config->client, task->call))
        task->ask(task);
}

void task_state(const Task *task, TaskState *ret)
{
    *ret = (TaskState){.id = task->note->id ? task->note->id : "",
                       .state = task->state,
                       .began_us = task->note->created_us,
                       .rows = (gint64)task->rows,
                       .bytes = task->bytes};
}

gboolean task_cancel(Task *task, GError **error)
{
    if (task->stopped || task->waiting || task->downloading) {
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
    task_cancel_there(task);
    return TRUE;
}
