/* SPDX-License-Identifier: MIT */
/* task.c - the tasks by id, and their states by the clock. */
#include "task.h"

#include <string.h>

#include "clock.h"
#include "fault.h"
#include "task-journal.h"
#include "task-link.h"
#include "task-work.h"

enum { LIFE_S = 30 * 86400, HOUR_S = 3600 };

struct Tasks {
    TaskOptions options;
    GHashTable *by_id; /* owns the tasks */
    TaskWork *work;
    TaskLinks *links;
    TaskJournal *journal; /* NULL: nothing is kept */
    gint64 last_id;
};

void task_options_add(GOptionContext *context, TaskOptions *o)
{
    /* clang-format off */
    const GOptionEntry entries[] = {
        {"task-delay", 0, 0, G_OPTION_ARG_INT, &o->delay_ms, "Reports on order are done after this many milliseconds, half of them in the queue (200)", "MS"},
        {"task-span-limit", 0, 0, G_OPTION_ARG_NONE, &o->span_limit, "Reports on order without days or hours span 365 days at most, as pages do", NULL},
        {"tasks-per-hour", 0, 0, G_OPTION_ARG_INT, &o->per_hour, "Reports on order for each token and account (0: unlimited; with limits 500)", "N"},
        G_OPTION_ENTRY_NULL,
    };
    /* clang-format on */

    *o = (TaskOptions){.delay_ms = 200};
    g_option_context_add_main_entries(context, entries, NULL);
}

Task *task_new(void)
{
    return g_new0(Task, 1);
}

void task_free(Task *task)
{
    g_free(task->id);
    g_free(task->owner);
    g_clear_pointer(&task->accounts, g_ptr_array_unref);
    g_clear_pointer(&task->query, g_hash_table_unref);
    g_free(task->file_name);
    g_free(task);
}

Tasks *tasks_new(const TaskOptions *options, World *world, Memo *memo)
{
    Tasks *tasks = g_new0(Tasks, 1);

    tasks->options = *options;
    tasks->by_id = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)task_free);
    tasks->work = task_work_new(world, memo);
    tasks->links = task_links_new();
    return tasks;
}

void tasks_free(Tasks *tasks)
{
    task_work_free(tasks->work);
    task_links_free(tasks->links);
    g_clear_pointer(&tasks->journal, task_journal_free);
    g_hash_table_unref(tasks->by_id);
    g_free(tasks);
}

static char *owner_of(const char *token)
{
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, token, -1);
}

/* Rising, and never that of an earlier run, whether it was kept or not. */
static char *next_id(Tasks *tasks, gint64 now_us)
{
    tasks->last_id = MAX(tasks->last_id + 1, 1850000000000000000 + now_us);
    return g_strdup_printf("%" G_GINT64_FORMAT, tasks->last_id);
}

static gboolean check_hour(const Tasks *tasks, const Task *order, GError **error)
{
    const Account *account = g_ptr_array_index(order->accounts, 0);
    GHashTableIter iter;
    void *task;
    int n = 0;

    if (tasks->options.per_hour == 0)
        return TRUE;
    g_hash_table_iter_init(&iter, tasks->by_id);
    while (g_hash_table_iter_next(&iter, NULL, &task)) {
        const Task *other = task;

        n += g_ptr_array_find(other->accounts, account, NULL) &&
             other->created > order->created - HOUR_S && strcmp(other->owner, order->owner) == 0;
    }
    if (n < tasks->options.per_hour)
        return TRUE;
    return refuse(
        error, CODE_ADVERTISER_TOO_OFTEN,
        "Advertiser (%s)'s report tasks (%d) reach the limit of %d in an hour, request is "
        "temporarily restricted.",
        account->id, n + 1, tasks->options.per_hour);
}

static gint64 half_delay_us(const Tasks *tasks)
{
    return (gint64)tasks->options.delay_ms * 1000 / 2;
}

static gboolean ends_well(const Task *task)
{
    return !task->canceled &&
           (task->fate & (FAULT_TASK_FAILED | FAULT_TASK_STUCK | FAULT_TASK_SLOW)) == 0;
}

const Task *tasks_add(Tasks *tasks, Task *task, const char *token, GError **error)
{
    g_autoptr(Task) order = task;

    order->owner = owner_of(token);
    order->created = clock_now();
    order->created_us = g_get_real_time();
    if (!check_hour(tasks, order, error))
        return NULL;

    order->id = next_id(tasks, order->created_us);
    if (tasks->journal != NULL && !task_journal_add(tasks->journal, order, error))
        return NULL;
    if (ends_well(order))
        task_work_add(tasks->work, order, (guint)(half_delay_us(tasks) / 1000));
    g_hash_table_insert(tasks->by_id, order->id, order);
    return g_steal_pointer(&order);
}

static gboolean is_over(const Task *task)
{
    return clock_now() - task->created > LIFE_S;
}

static void take_kept(Task *task, void *data)
{
    Tasks *tasks = data;

    task->kept = TRUE;
    tasks->last_id = MAX(tasks->last_id, g_ascii_strtoll(task->id, NULL, 10));
    if (is_over(task))
        task_free(task);
    else
        g_hash_table_replace(tasks->by_id, task->id, task);
}

gboolean tasks_load(Tasks *tasks, const char *path, GError **error)
{
    tasks->journal = task_journal_open(path, task_work_world(tasks->work), take_kept, tasks, error);
    return tasks->journal != NULL;
}

Task *tasks_find(Tasks *tasks, const char *token, const Account *account, const char *id)
{
    Task *task = g_hash_table_lookup(tasks->by_id, id);
    g_autofree char *owner = owner_of(token);

    if (task == NULL || !g_ptr_array_find(task->accounts, account, NULL) ||
        strcmp(task->owner, owner) != 0)
        return NULL;
    if (!is_over(task))
        return task;
    tasks_remove(tasks, task);
    return NULL;
}

const char *tasks_state(Tasks *tasks, Task *task)
{
    gint64 age_us = g_get_real_time() - task->created_us;
    gint64 half_us = half_delay_us(tasks);
    gboolean odd = (task->fate & FAULT_TASK_ODD) != 0;

    if (task->canceled)
        return "CANCELED";
    if (age_us < half_us || (task->fate & FAULT_TASK_STUCK) != 0)
        return "QUEUING";
    if (age_us < 2 * half_us || (task->fate & FAULT_TASK_SLOW) != 0)
        return odd ? "MERGING" : "PROCESSING";
    if ((task->fate & FAULT_TASK_FAILED) != 0)
        return "FAILED";
    if (task->kept && !task->made)
        task_work_finish(tasks->work, task);
    return task->made ? "SUCCESS" : odd ? "MERGING" : "PROCESSING";
}

void tasks_cancel(Tasks *tasks, Task *task)
{
    task_work_forget(tasks->work, task);
    task->canceled = TRUE;
    if (tasks->journal != NULL)
        task_journal_note(tasks->journal, task, "canceled");
}

void tasks_remove(Tasks *tasks, Task *task)
{
    task_work_forget(tasks->work, task);
    task_links_forget(tasks->links, task);
    if (tasks->journal != NULL)
        task_journal_note(tasks->journal, task, "gone");
    g_hash_table_remove(tasks->by_id, task->id);
}

TaskLinks *tasks_links(Tasks *tasks)
{
    return tasks->links;
}

FilePart tasks_part(const Tasks *tasks, const Task *task, guint64 faults)
{
    gint64 length = task->length;

    if ((faults & FAULT_TASK_SHORT) != 0)
        length = task->short_length;
    else if ((faults & FAULT_TASK_TORN) != 0)
        length = MAX(1, length - 5);
    return (FilePart){task_work_file(tasks->work), task->offset, length, faults};
}
