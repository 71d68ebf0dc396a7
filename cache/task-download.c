/* SPDX-License-Identifier: MIT */
/*
 * task-download.c - the table of a task, piece by piece from the client to the writer: two tasks at
 * a time, and of each no more than a few megabytes on the way.
 */
#include "api/error.h"
#include "cache/report-age.h"
#include "cache/task-private.h"

enum {
    DOWNLOADS = 2,
    HOLD_BYTES = 2 * 1024 * 1024,
    LINKS = 3,
    CODE_NOT_READY = 40201,
    OPEN_TABLES = 3
};

static void start(Task *task);

/* ---- turns ---- */

static void serve(GQueue *waiting, guint *running)
{
    while (*running < DOWNLOADS && waiting->head) {
        Task *task = g_queue_pop_head(waiting);

        task->waiting = FALSE;
        task->downloading = TRUE;
        task->begun = FALSE;
        ++*running;
        start(task);
    }
}

void task_downloads_leave(Task *task)
{
    Reports *reports = task->cache->reports;

    if (task->waiting)
        g_queue_remove(&reports->downloads, task);
    if (task->downloading)
        reports->n_downloads--;
    task->waiting = task->downloading = FALSE;
    serve(&reports->downloads, &reports->n_downloads);
}

void task_download(Task *task)
{
    Reports *reports = task->cache->reports;

    task->waiting = TRUE;
    g_queue_push_tail(&reports->downloads, task);
    serve(&reports->downloads, &reports->n_downloads);
}

/* ---- jobs of the writer ---- */

typedef struct {
    Task *task;
    GBytes *piece; /* NULL: the table begins, or ends */
    gboolean last;
    gboolean open; /* its last line has no end */
    guint64 rows;  /* of the table by then */
} Piece;

static gboolean run_piece(sqlite3 *db, void *job, GError **error)
{
    Piece *piece = job;
    TaskTable *table = piece->task->table;
    gboolean done;

    if (piece->piece)
        done = task_table_feed(table, db, piece->piece, error);
    else if (piece->last)
        done = task_table_end(table, db, error);
    else
        done = task_table_begin(table, db, error);
    piece->open = task_table_is_open(table);
    piece->rows = run_rows(piece->task->slice->run);
    return done;
}

static void piece_free(void *job)
{
    Piece *piece = job;

    g_clear_pointer(&piece->piece, g_bytes_unref);
    g_free(piece);
}

static void go_on(Task *task);

/* What is left of a line that was cut may look whole. A service that never ends the last one has
   shown it time after time. */
static gboolean may_be_torn(Reports *reports, const Piece *piece)
{
    if (!piece->open) {
        reports->n_ended++;
        return FALSE;
    }
    return reports->n_open++ < OPEN_TABLES || reports->n_ended > 0;
}

static void on_piece(void *job, const GError *error)
{
    Piece *piece = job;
    Task *task = piece->task;

    if (error && !task->failure)
        task->failure = g_error_copy(error);
    if (piece->piece)
        task->stored_later -= g_bytes_get_size(piece->piece);
    task->rows = piece->rows;
    task->n_jobs--;
    if (piece->last && !task->failure && may_be_torn(task->cache->reports, piece))
        task->failure = api_error_new(API_ERROR_MALFORMED, 0, NULL,
                                      "The last line of the table of the report task has no end");
    if (piece->last && !task->failure)
        task_end(task, TASK_STORED, NULL);
    else
        go_on(task);
}

static const JobType piece_job = {run_piece, on_piece, piece_free};

static void push(Task *task, GBytes *bytes, gboolean last)
{
    Piece *piece = g_new0(Piece, 1);

    piece->task = task;
    piece->piece = bytes ? g_bytes_ref(bytes) : NULL;
    piece->last = last;
    task->n_jobs++;
    if (bytes)
        task->stored_later += g_bytes_get_size(bytes);
    writer_push(task->cache->writer, &piece_job, piece, FALSE);
}

static void end_failed(Task *task)
{
    task_end(task, task_end_of(task->failure), task->failure);
}

/* The writer has caught up, or has failed. */
static void go_on(Task *task)
{
    const CacheConfig *config = &task->cache->config;

    if (task->failure && task->call && config->withdraw(config->client, task->call))
        task->call = 0;
    if (task->failure && !task->call && task->n_jobs == 0) {
        end_failed(task);
        return;
    }
    if (!task->paused || (task->stored_later > HOLD_BYTES / 2 && !task->failure))
        return;
    task->paused = FALSE;
    config->resume(config->client, task->call);
}

/* ---- the stream ---- */

static void on_begin(void *user_data)
{
    Task *task = user_data;

    task->begun = task->dirty = TRUE;
    task->bytes = 0;
    push(task, NULL, FALSE);
}

static gboolean on_write(void *user_data, GBytes *piece)
{
    Task *task = user_data;

    task->bytes += g_bytes_get_size(piece);
    if (!task->failure) /* what comes yet is of no use */
        push(task, piece, FALSE);
    task->paused = task->stored_later >= HOLD_BYTES;
    return !task->paused;
}

static const CallSink sink = {on_begin, on_write};

static void ask(Task *task, const char *url);

static gboolean is_not_ready(const GError *error)
{
    return api_error_code(error) == CODE_NOT_READY;
}

/* A link that has died is asked for again, so often. */
static void call_failed(Task *task, const GError *error)
{
    gboolean died = task->linked && g_error_matches(error, API_ERROR, API_ERROR_NOT_FOUND);

    if (died && task->links++ < LINKS) {
        ask(task, NULL);
    } else if (is_not_ready(error)) {
        task_downloads_leave(task);
        task_check_soon(task);
    } else if (!task->linked && task->n_jobs == 0) {
        task_call_failed(task, error);
    } else {
        task->failure = g_error_copy(error);
        go_on(task);
    }
}

static void on_answer(void *user_data, const Answer *answer, const GError *error)
{
    Task *task = user_data;
    g_autofree char *url = answer && !answer->streamed ? task_member(answer, "download_url") : NULL;

    task->call = 0;
    task->paused = FALSE;
    if (task->failure) {
        go_on(task);
    } else if (answer && answer->streamed) {
        push(task, NULL, TRUE);
    } else if (url) {
        ask(task, url);
    } else if (error) {
        call_failed(task, error);
    } else {
        task->failure = api_error_new(API_ERROR_MALFORMED, 0, answer->request_id,
                                      "The service gave neither a table nor a link to one");
        go_on(task);
    }
}

/* url: NULL: the service gives the table, or says where it is. */
static void ask(Task *task, const char *url)
{
    g_autofree char *query = encode_task_query(task->slice->part->account_id, task->note->id);

    task->linked = url != NULL;
    task_call(
        task,
        &(Call){
            .endpoint = ENDPOINT_REPORT_TASK_DOWNLOAD, .query = query, .url = url, .sink = &sink},
        on_answer);
}

static void start(Task *task)
{
    task->ask = start;
    ask(task, NULL);
}
