/* SPDX-License-Identifier: MIT */
/* task-call.c - see task-call.h. */
#include "task-call.h"

#include <string.h>

#include "fault.h"
#include "task-link.h"
#include "task-order.h"

gboolean task_create(const Call *call, Answer *answer, GError **error)
{
    Task *order = task_order_new(call, error);
    const Task *task = order != NULL ? tasks_add(call->tasks, order, call->token, error) : NULL;

    if (task == NULL)
        return FALSE;
    text_put_member(answer->rest, "task_id", task->id);
    return TRUE;
}

static gboolean read_id(const Call *call, const char **ret, GError **error)
{
    if (call->body == NULL)
        return arg_required(call, "task_id", ret, error);

    const cJSON *node = cJSON_GetObjectItemCaseSensitive(call->body, "task_id");
    if (node != NULL && !cJSON_IsString(node))
        return refuse(error, CODE_PARAMETER, "task_id: Not a valid string.");
    *ret = cJSON_GetStringValue(node);
    if (*ret == NULL || **ret == '\0')
        return refuse(error, CODE_PARAMETER, "Missing required field(s): task_id.");
    return TRUE;
}

/* Whose it is, is not said. */
static Task *find_task(const Call *call, GError **error)
{
    const char *id;

    if (!read_id(call, &id, error))
        return NULL;

    Task *task = tasks_find(call->tasks, call->token, call->account, id);
    if (task != NULL && (call->faults & FAULT_TASK_GONE) != 0) {
        tasks_remove(call->tasks, task);
        task = NULL;
    }
    if (task == NULL)
        refuse(error, CODE_PARAMETER, "The task %s does not exist.", id);
    return task;
}

gboolean task_check(const Call *call, Answer *answer, GError **error)
{
    Task *task = find_task(call, error);

    if (task == NULL)
        return FALSE;

    const char *state = tasks_state(call->tasks, task);
    text_put_member(answer->rest, "status", state);
    text_put_member(answer->rest, "message",
                    strcmp(state, "FAILED") == 0
                        ? "The report could not be generated. Please narrow it and create it again."
                        : "");
    return TRUE;
}

gboolean task_download(const Call *call, Answer *answer, GError **error)
{
    Task *task = find_task(call, error);

    if (task == NULL)
        return FALSE;

    const char *state = tasks_state(call->tasks, task);
    if (strcmp(state, "FAILED") == 0 || strcmp(state, "CANCELED") == 0)
        return refuse(error, CODE_TASK, "The task %s has no result: it is %s.", task->id, state);
    if (strcmp(state, "SUCCESS") != 0)
        return refuse(error, CODE_TASK_NOT_READY, "The task %s is not ready: it is %s.", task->id,
                      state);
    if (task->file_name == NULL) {
        answer->part = tasks_part(call->tasks, task, call->faults);
        return TRUE;
    }

    g_autofree char *path = task_links_add(tasks_links(call->tasks), task, call->faults);
    g_autofree char *url = g_strconcat("http://", call->host, path, NULL);
    text_put_member(answer->rest, "download_url", url);
    text_put_member(answer->rest, "file_name", task->file_name);
    text_put_member(answer->rest, "output_format", "CSV_DOWNLOAD");
    return TRUE;
}

gboolean task_cancel(const Call *call, Answer *answer, GError **error)
{
    Task *task = find_task(call, error);

    if (task == NULL)
        return FALSE;

    const char *state = tasks_state(call->tasks, task);
    if (strcmp(state, "SUCCESS") == 0 || strcmp(state, "FAILED") == 0 ||
        strcmp(state, "CANCELED") == 0)
        return refuse(error, CODE_TASK, "The task %s can not be canceled: it is %s.", task->id,
                      state);
    tasks_cancel(call->tasks, task);
    text_put_member(answer->rest, "status", "CANCELED");
    return TRUE;
}
