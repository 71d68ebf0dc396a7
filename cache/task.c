/* SPDX-License-Identifier: MIT */
/* task.c - the life of a report task: found or created, checked, downloaded. */
#include "cache/task-private.h"

#include <string.h>

#include "api/error.h"
#include "api/json.h"

/* Pauses between two checks grow by half each, up to the last. A task that has not begun or has not
   ended by its time is given up: the report is read otherwise then. */
enum {
    CHECK_MS = 500,
    CHECK_MOST_MS = 30000,
    CREATE_S = 120, /* the rates of the service allow no task by then */
    START_S = 15 * 60,
    END_S = 60 * 60
};

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

/* What has failed for a reason that has nothing to do with the task is there another time. */
void task_end(Task *task, TaskEnd end, const GError *error)
{
    TaskPlan plan = task->plan;
    g_autoptr(GError) told = error ? g_error_copy(error) : NULL;
    TaskResult result = {.end = end,
                         .rows = (gint64)task->rows,
                         .of_us = task->found ? task->note->created_us : 0,
                         .error = told};

    if (end != TASK_ENDED || task->stopped)
        forget(task);
    release(task);
    plan.ended(plan.user_data, &result);
    task_free(task);
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

static void fail(Task *task, const char *what, const char *why)
{
    g_autoptr(GError) error = failure(task, what, why);

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

static void create(Task *task);
static void cancel(Task *task);

/* Another token may have created it, or its time is over: one more is made, once. */
void task_call_failed(Task *task, const GError *error)
{
    if (task->stopped) {
        stop(task);
    } else if (is_gone(error) && !task->again) {
        task_downloads_leave(task);
        forget(task);
        g_clear_pointer(&task->note->id, g_free);
        task->again = TRUE;
        create(task);
    } else {
        task_end(task, task_end_of(error), error);
    }
}

/* Nobody is to make any longer what nobody will fetch. */
static void give_up(Task *task)
{
    task->late =
        failure(task, "was not ready in time, it is ", *task->state ? task->state : "in no state");
    cancel(task);
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
    set_state(task, state ? state : "");
    if (task->stopped && is_over(task))
        stop(task);
    else if (task->stopped)
        cancel(task);
    else if (strcmp(task->state, "SUCCESS") == 0)
        task_download(task);
    else if (strcmp(task->state, "FAILED") == 0)
        fail(task, "has failed: ", message && *message ? message : "the service does not say why");
    else if (strcmp(task->state, "CANCELED") == 0)
        fail(task, "was cancelled", " by somebody else");
    else if (is_late(task))
        give_up(task);
    else
        check_later(task);
}

static void check(Task *task)
{
    g_autofree char *query = encode_task_query(task->slice->part->account_id, task->note->id);

    task->ask = check;
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

static void created(Task *task, char *id) /* takes it */
{
    task->note->id = id;
    task->note->created_us = clock_wall(task->cache->config.clock);
    task->known_us = cache_now(task->cache);
    set_state(task, "QUEUING");
    note_down(task);
    if (task->stopped)
        cancel(task);
    else
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
    else if (task->stopped)
        stop(task);
    else if (answer)
        fail(task, "has no id", "");
    else
        task_end(task, refused ? TASK_FAILED : task_end_of(error), error);
}

static void create(Task *task)
{
    ReportCall call = slice_call(task->slice);
    g_autofree char *body = encode_report_task(&call);

    task->ask = create;
    task->found = FALSE;
    set_state(task, "CREATING");
    task_call(task,
              &(Call){.endpoint = ENDPOINT_REPORT_TASK_CREATE,
                      .body = body,
                      .deadline_us = cache_now(task->cache) + CREATE_S * G_USEC_PER_SEC},
              on_created);
}

/* ---- cancelling ---- */

/* One that the service has ended meanwhile is of no use either. */
static void on_cancelled(void *user_data, const Answer *answer, const GError *error)
{
    Task *task = user_data;

    (void)answer, (void)error;
    task->call = 0;
    if (task->stopped)
        stop(task);
    else
        task_end(task, TASK_FAILED, task->late);
}

static void cancel(Task *task)
{
    g_autofree char *body = encode_task_cancel(task->slice->part->account_id, task->note->id);

    task->ask = cancel;
    task_call(task, &(Call){.endpoint = ENDPOINT_REPORT_TASK_CANCEL, .body = body}, on_cancelled);
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
        create(task);
        return;
    }
    task->found = TRUE;
    task->known_us = cache_now(task->cache);
    set_state(task, "QUEUING");
    check(task);
}

static void find_free(void *job)
{
    Find *find = job;

    task_note_free(find->note);
    g_free(find);
}

static const JobType find_job = {run_find, on_found, find_free};

static void find(Task *task)
{
    Find *job = g_new0(Find, 1);

    job->task = task;
    job->note = g_new0(TaskNote, 1);
    job->note->key = g_strdup(task->note->key);
    job->note->not_before_us = task->plan.not_before_us;
    writer_push(task->cache->writer, &find_job, job, FALSE);
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
    set_state(task, "CREATING");
    find(task);
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
    cancel(task);
    return TRUE;
}
