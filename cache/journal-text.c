/* SPDX-License-Identifier: MIT */
/* journal-text.c - the journal as lines of JSON, in a file without a name: made in a thread of its
   own, and anew only when the journal has changed. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

#include "api/error.h"
#include "cache/internal.h"
#include "cache/journal-read.h"
#include "cache/journal-table.h"
#include "cache/state-file.h"

struct JournalText {
    Cache *cache;
    char *state_dir, *cache_dir;
    Writer *reader; /* NULL: not opened yet */
    sqlite3 *db;    /* of the loop; the same */
    Flight flight;
    int fd; /* of the newest text; -1: none */
    gint64 size, changed_us;
    gint64 version; /* of the journal, as the reader counts */
};

typedef struct {
    JournalText *text;
    char *directory;
    gint64 known; /* version of what is there; 0: nothing */
    gint64 version, size, changed_us;
    int fd;
} TextJob;

/* An amount is a number. */
#define VALUE(column)                                                                              \
    " CASE WHEN amount AND json_valid(" column ") THEN json(" column ") ELSE " column " END"
#define TIME(column) " strftime('%Y-%m-%dT%H:%M:%SZ', " column " / 1000000, 'unixepoch')"

static const char lines_sql[] = "SELECT json_object('id', id, 'time'," TIME(
    "meant") ", 'uid', uid, 'pid', pid,"
             " 'command', command, 'path', path, 'field', member, 'before'," VALUE(
                 "before") ","
                           " 'after'," VALUE(
                               "after") ", 'outcome', outcome, 'settled', iif(settled <> "
                                        "0," TIME("settled") ", NULL), 'code', nullif(code, "
                                                             "0), 'message', message,"
                                                             " 'request_id', request_id, "
                                                             "'table', nullif(batch, 0), "
                                                             "'undoes', nullif(undoes, 0),"
                                                             " 'found'," VALUE(
                                                                 "found") "), max(meant, "
                                                                          "settled) FROM "
                                                                          "journal ORDER BY id";

/* ---- in the thread ---- */

static int open_unnamed(const char *directory)
{
    g_autofree char *path = NULL;
    int fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
        return fd;
    path = g_build_filename(directory, "journal-XXXXXX", NULL);
    fd = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0)
        g_unlink(path);
    return fd;
}

static gboolean put_lines(sqlite3 *db, FILE *out, TextJob *job, GError **error)
{
    g_autoptr(sqlite3_stmt) row = sql_prepare(db, error, lines_sql, "");
    GError *failure = NULL;

    if (!row)
        return FALSE;
    while (sql_step(row, &failure)) {
        fputs(sql_text(row, 0), out);
        putc('\n', out);
        job->changed_us = MAX(job->changed_us, sqlite3_column_int64(row, 1));
    }
    if (!failure)
        return TRUE;
    g_propagate_error(error, failure);
    return FALSE;
}

static gboolean run_text(sqlite3 *db, void *data, GError **error)
{
    TextJob *job = data;
    gboolean put;
    FILE *out;
    int fd;

    if (!sql_number(db, &job->version, error, "PRAGMA data_version", ""))
        return FALSE;
    if (job->version == job->known)
        return TRUE;
    job->fd = open_unnamed(job->directory);
    fd = job->fd >= 0 ? fcntl(job->fd, F_DUPFD_CLOEXEC, 3) : -1;
    out = fd >= 0 ? fdopen(fd, "w") : NULL;
    put = out && put_lines(db, out, job, error);
    job->size = out ? ftello(out) : 0;
    if (put && fclose(out) == 0)
        return TRUE;
    if (!*error)
        g_propagate_error(error, api_error_new(API_ERROR_LOCAL, 0, NULL,
                                               "%s: the text of the journal can not be kept "
                                               "there: %s",
                                               job->directory, g_strerror(errno)));
    if (!put && out)
        fclose(out);
    return FALSE;
}

/* ---- on the loop ---- */

static void text_done(void *data, const GError *error)
{
    TextJob *job = data;
    JournalText *text = job->text;

    if (!error && job->fd >= 0) {
        if (text->fd >= 0)
            close(text->fd);
        text->fd = job->fd;
        text->size = job->size;
        text->changed_us = job->changed_us;
        text->version = job->version;
        job->fd = -1;
    }
    flight_settle(text->cache, &text->flight, error);
}

static void text_job_free(void *data)
{
    TextJob *job = data;

    if (job->fd >= 0)
        close(job->fd);
    g_free(job->directory);
    g_free(job);
}

static const JobType text_job = {run_text, text_done, text_job_free};

static gboolean open_reader(JournalText *text, GError **error)
{
    sqlite3 *db = text->reader ? NULL : state_file_open_reader(text->state_dir, error);

    if (db)
        text->reader = writer_new_reading(db);
    return text->reader != NULL;
}

sqlite3 *journal_reader(Cache *cache, GError **error)
{
    JournalText *text = cache->journal_text;

    if (!text->db)
        text->db = state_file_open_reader(text->state_dir, error);
    return text->db;
}

CacheResult cache_want_journal(Cache *cache, const Waiter *waiter, GError **error)
{
    JournalText *text = cache->journal_text;
    CacheResult result;
    TextJob *job;

    if (flight_decided(cache, &text->flight, waiter, FALSE, &result, error))
        return result;
    if (!open_reader(text, error))
        return CACHE_ERROR;
    job = g_new0(TextJob, 1);
    job->text = text;
    job->directory = g_strdup(text->cache_dir);
    job->known = text->version;
    job->fd = -1;
    result = flight_start(cache, &text->flight, waiter);
    writer_push(text->reader, &text_job, job, FALSE);
    return result;
}

int cache_open_journal(const Cache *cache)
{
    return fcntl(cache->journal_text->fd, F_DUPFD_CLOEXEC, 0);
}

gint64 cache_journal_size(const Cache *cache)
{
    return cache->journal_text->size;
}

gint64 cache_journal_time_us(const Cache *cache)
{
    return MAX(cache->journal_text->changed_us, journal_changed_us(cache->journal));
}

JournalText *journal_text_new(Cache *cache, const char *state_dir, const char *cache_dir)
{
    JournalText *text = g_new0(JournalText, 1);

    text->cache = cache;
    text->state_dir = g_strdup(state_dir);
    text->cache_dir = g_strdup(cache_dir);
    text->fd = -1;
    flight_init(&text->flight);
    return text;
}

void journal_text_free(JournalText *text)
{
    if (!text)
        return;
    writer_free(text->reader);
    sqlite3_close_v2(text->db);
    flight_clear(&text->flight);
    if (text->fd >= 0)
        close(text->fd);
    g_free(text->state_dir);
    g_free(text->cache_dir);
    g_free(text);
}
