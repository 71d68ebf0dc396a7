/* SPDX-License-Identifier: MIT */
/* task-work.c - see task-work.h. */
#include "task-work.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "csv.h"

enum { STEP_ROWS = 4096 };

struct TaskWork {
    World *world;
    Memo *memo;
    int fd;
    gint64 end; /* of the file */
    GString *buffer;
    GHashTable *timers; /* Task -> the source that puts it into the queue */
    GQueue queue;       /* Task; the first is being made when csv is set */
    Csv *csv;
    gint64 short_end;
    guint source;
};

typedef struct {
    TaskWork *work;
    Task *task;
} Timer;

static int open_nameless(void)
{
    int fd = open(g_get_tmp_dir(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    if (fd >= 0)
        return fd;

    /* Not every file system has such files. */
    g_autofree char *path = NULL;
    fd = g_file_open_tmp("adsfs-sandbox-XXXXXX", &path, NULL);
    if (fd >= 0)
        unlink(path);
    return fd;
}

TaskWork *task_work_new(World *world, Memo *memo)
{
    TaskWork *work = g_new0(TaskWork, 1);

    work->world = world;
    work->memo = memo;
    work->fd = -1;
    work->buffer = g_string_new(NULL);
    work->timers = g_hash_table_new(NULL, NULL);
    g_queue_init(&work->queue);
    return work;
}

void task_work_free(TaskWork *work)
{
    GHashTableIter iter;
    void *source;

    g_hash_table_iter_init(&iter, work->timers);
    while (g_hash_table_iter_next(&iter, NULL, &source))
        g_source_remove(GPOINTER_TO_UINT(source));
    g_hash_table_unref(work->timers);
    g_clear_handle_id(&work->source, g_source_remove);
    g_queue_clear(&work->queue);
    g_clear_pointer(&work->csv, csv_free);
    g_string_free(work->buffer, TRUE);
    if (work->fd >= 0)
        close(work->fd);
    g_free(work);
}

World *task_work_world(const TaskWork *work)
{
    return work->world;
}

int task_work_file(const TaskWork *work)
{
    return work->fd;
}

/* Whether a query is on order can be seen from where it came. */
static const Endpoint origin = {.method = "POST", .path = "/report/task/create/"};

/* What was asked for has been looked at when it was ordered, so it can not be refused now. */
static Csv *begin(TaskWork *work, Task *task)
{
    Call call = {
        .world = work->world,
        .memo = work->memo,
        .endpoint = &origin,
        .query = task->query,
        .account = g_ptr_array_index(task->accounts, 0),
        .now = task->created,
    };

    if (work->fd < 0)
        work->fd = open_nameless();
    task->offset = work->end;
    work->short_end = 0;
    return csv_new(&call, task->titles);
}

/* FALSE: the disk is full, or whatever else; said once. */
static gboolean write_out(TaskWork *work)
{
    const char *data = work->buffer->str;
    gsize left = work->buffer->len;

    while (left > 0) {
        gssize n = pwrite(work->fd, data, left, work->end);

        if (n < 0 && errno != EINTR) {
            g_warning("a report on order can not be written: %s", g_strerror(errno));
            return FALSE;
        }
        data += MAX(n, 0);
        left -= (gsize)MAX(n, 0);
        work->end += MAX(n, 0);
    }
    return TRUE;
}

static void end_task(TaskWork *work, Task *task, gboolean good)
{
    task->made = good;
    task->length = work->end - task->offset;
    task->short_length = work->short_end > 0 ? work->short_end - task->offset : task->length;
    g_queue_pop_head(&work->queue);
    g_clear_pointer(&work->csv, csv_free);
}

/* Some rows of the first in the queue. Two thirds of its rows are what a short one has. */
static void step(TaskWork *work)
{
    Task *task = g_queue_peek_head(&work->queue);

    if (work->csv == NULL)
        work->csv = begin(work, task);
    guint two_thirds = csv_n_rows(work->csv) * 2 / 3;
    guint n = csv_n_written(work->csv) < two_thirds ? two_thirds - csv_n_written(work->csv) : //
                  STEP_ROWS;
    g_string_truncate(work->buffer, 0);
    csv_put(work->csv, work->buffer, MIN(n, STEP_ROWS));
    gboolean good = write_out(work);
    if (csv_n_written(work->csv) <= two_thirds)
        work->short_end = work->end;
    if (!good || csv_n_written(work->csv) == csv_n_rows(work->csv))
        end_task(work, task, good);
}

static gboolean on_step(void *data)
{
    TaskWork *work = data;

    step(work);
    if (!g_queue_is_empty(&work->queue))
        return G_SOURCE_CONTINUE;
    work->source = 0;
    return G_SOURCE_REMOVE;
}

static void enqueue(TaskWork *work, Task *task)
{
    g_queue_push_tail(&work->queue, task);
    if (work->source == 0)
        work->source = g_idle_add_full(G_PRIORITY_DEFAULT, on_step, work, NULL);
}

static gboolean on_queue_over(void *data)
{
    Timer *timer = data;

    g_hash_table_remove(timer->work->timers, timer->task);
    enqueue(timer->work, timer->task);
    return G_SOURCE_REMOVE;
}

void task_work_add(TaskWork *work, Task *task, guint delay_ms)
{
    Timer timer = {work, task};
    guint source = g_timeout_add_full(G_PRIORITY_DEFAULT, delay_ms, on_queue_over,
                                      g_memdup2(&timer, sizeof timer), g_free);

    g_hash_table_insert(work->timers, task, GUINT_TO_POINTER(source));
}

void task_work_finish(TaskWork *work, Task *task)
{
    if (g_queue_find(&work->queue, task) == NULL)
        enqueue(work, task);
    while (g_queue_find(&work->queue, task) != NULL)
        step(work);
    if (g_queue_is_empty(&work->queue))
        g_clear_handle_id(&work->source, g_source_remove);
}

void task_work_forget(TaskWork *work, Task *task)
{
    guint timer = GPOINTER_TO_UINT(g_hash_table_lookup(work->timers, task));

    if (timer != 0) {
        g_source_remove(timer);
        g_hash_table_remove(work->timers, task);
    }
    if (g_queue_peek_head(&work->queue) == task)
        g_clear_pointer(&work->csv, csv_free);
    g_queue_remove(&work->queue, task);
    if (g_queue_is_empty(&work->queue))
        g_clear_handle_id(&work->source, g_source_remove);
}
