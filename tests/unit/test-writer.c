/* SPDX-License-Identifier: MIT */
/* test-writer.c - jobs: their order, their transactions, their ends. */
#include <glib.h>
#include <string.h>

#include "api/error.h"
#include "cache/store.h"
#include "cache/writer.h"

typedef struct {
    GMutex lock; /* held by the test: the thread waits in the first job */
    GString *ran, *ended;
    guint freed;
    GThread *thread;
} Log;

typedef struct {
    Log *log;
    char name;
    const char *sql;
    gint64 number;
} Job;

static gboolean run(sqlite3 *db, void *data, GError **error)
{
    Job *job = data;

    if (job->name == '0') {
        g_mutex_lock(&job->log->lock);
        g_mutex_unlock(&job->log->lock);
    }
    g_string_append_c(job->log->ran, job->name);
    job->log->thread = g_thread_self();
    if (job->sql && !sql_run(db, error, job->sql, ""))
        return FALSE;
    if (job->name == '!') {
        g_propagate_error(error, api_error_new(API_ERROR_INCOMPLETE, 0, NULL, "on purpose"));
        return FALSE;
    }
    return sql_number(db, &job->number, error, "SELECT count(*) FROM t", "");
}

static void done(void *data, const GError *error)
{
    Job *job = data;

    g_string_append_printf(job->log->ended, "%c%s", job->name, error ? "?" : "");
    if (error && job->name == 'e')
        g_assert_error(error, API_ERROR, API_ERROR_LOCAL);
    if (error && job->name == 'f')
        g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
}

static void job_free(void *data)
{
    Job *job = data;

    job->log->freed++;
    g_free(job);
}

static const JobType type = {run, done, job_free};
static const JobType quiet = {run, NULL, job_free};

static void push(Writer *writer, Log *log, char name, const char *sql)
{
    Job *job = g_new0(Job, 1);

    job->log = log;
    job->name = name;
    job->sql = sql;
    writer_push(writer, name == 'q' ? &quiet : &type, job, g_ascii_isupper(name));
}

static sqlite3 *open_memory(void)
{
    sqlite3 *db;

    g_assert_cmpint(sqlite3_open(":memory:", &db), ==, SQLITE_OK);
    g_assert_true(sql_run(db, NULL, "CREATE TABLE t(x UNIQUE)", ""));
    return db;
}

static void log_init(Log *log)
{
    *log = (Log){.ran = g_string_new(""), .ended = g_string_new("")};
    g_mutex_init(&log->lock);
}

static void log_clear(Log *log)
{
    g_string_free(log->ran, TRUE);
    g_string_free(log->ended, TRUE);
    g_mutex_clear(&log->lock);
}

static void run_loop(Log *log, guint n)
{
    while (log->freed < n)
        g_main_context_iteration(NULL, TRUE);
}

static void test_order(void)
{
    Log log;
    Writer *writer;

    log_init(&log);
    writer = writer_new(open_memory());
    g_mutex_lock(&log.lock);
    push(writer, &log, '0', NULL);
    push(writer, &log, 'a', NULL);
    push(writer, &log, 'b', NULL);
    push(writer, &log, 'U', NULL);
    push(writer, &log, 'V', NULL);
    g_usleep(10000); /* the first one is in the thread's hands by now */
    g_assert_cmpstr(log.ended->str, ==, "");
    g_mutex_unlock(&log.lock);
    run_loop(&log, 5);
    g_assert_true(strcmp(log.ran->str, "0UVab") == 0 || strcmp(log.ran->str, "UV0ab") == 0);
    g_assert_cmpstr(log.ended->str, ==, log.ran->str);
    g_assert_true(log.thread != g_thread_self());
    writer_free(writer);
    log_clear(&log);
}

static void test_rolled_back(void)
{
    Log log;
    Writer *writer;
    gint64 rows = -1;
    sqlite3 *db = open_memory();

    log_init(&log);
    writer = writer_new(db);
    push(writer, &log, 'a', "INSERT INTO t VALUES(1)");
    push(writer, &log, '!', "INSERT INTO t VALUES(2)");
    push(writer, &log, 'e', "INSERT INTO t VALUES(1)");
    push(writer, &log, 'b', "INSERT INTO t VALUES(3)");
    push(writer, &log, 'q', "INSERT INTO t VALUES(4)");
    run_loop(&log, 5);
    g_assert_cmpstr(log.ended->str, ==, "a!?e?b");
    g_assert_true(sql_number(db, &rows, NULL, "SELECT sum(x) FROM t", ""));
    g_assert_cmpint(rows, ==, 1 + 3 + 4);
    writer_free(writer);
    log_clear(&log);
}

static void test_full(void)
{
    Log log;
    Writer *writer;
    sqlite3 *db = open_memory();

    log_init(&log);
    g_assert_true(sql_run(db, NULL, "PRAGMA max_page_count = 4", ""));
    writer = writer_new(db);
    push(writer, &log, 'f', "INSERT INTO t VALUES(zeroblob(1000000))");
    push(writer, &log, 'a', "INSERT INTO t VALUES(1)");
    run_loop(&log, 2);
    g_assert_cmpstr(log.ended->str, ==, "f?a");
    writer_free(writer);
    log_clear(&log);
}

static void test_drained(void)
{
    Log log;
    Writer *writer;

    log_init(&log);
    writer = writer_new(open_memory());
    for (int i = 0; i < 20; i++)
        push(writer, &log, 'a', NULL);
    writer_free(writer);
    g_assert_cmpuint(log.ran->len, ==, 20);
    g_assert_cmpuint(log.freed, ==, 20);
    while (g_main_context_iteration(NULL, FALSE))
        ;
    g_assert_cmpstr(log.ended->str, ==, "");
    log_clear(&log);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/writer/urgent-jobs-overtake", test_order);
    g_test_add_func("/writer/a-failed-job-leaves-nothing", test_rolled_back);
    g_test_add_func("/writer/a-full-disk-is-an-error", test_full);
    g_test_add_func("/writer/free-runs-what-is-queued", test_drained);
    return g_test_run();
}
