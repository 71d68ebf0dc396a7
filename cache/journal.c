/* SPDX-License-Identifier: MIT */
/*
 * journal.c - notes on their way to the disk.
 *
 * There is one transaction at a time. What is noted meanwhile goes together in the next one, so
 * that many who write at once share a wait for the disk, and one alone waits for nobody. An intent
 * that is held by another mount's is tried again after a while.
 */
#include "cache/journal.h"

#include <string.h>
#include <unistd.h>

#include "api/error.h"
#include "cache/journal-daemon.h"
#include "cache/journal-note.h"
#include "cache/state-file.h"
#include "cache/store.h"
#include "cache/writer.h"

enum { HELD_RETRY_MS = 100, HELD_S = 60 };

struct Journal {
    Writer *writer;
    char *path, *daemon;
    const Guards *guards;
    const Clock *clock;
    GPtrArray *pending; /* of Note, for the next transaction */
    GPtrArray *held;    /* of Note, by other mounts */
    guint timer;        /* looks whether they still are */
    gint64 changed_us;  /* wall, of the newest transaction */
    gboolean working;   /* there is a transaction under way */
    gboolean failing;   /* the last one could not be made */
};

typedef struct {
    Journal *journal;
    GPtrArray *notes;
} Batch;

/* ---- in the thread ---- */

static gboolean is_in_place(sqlite3 *db, GError **error)
{
    int moved = 0;

    if (sqlite3_file_control(db, "main", SQLITE_FCNTL_HAS_MOVED, &moved) != SQLITE_OK || !moved)
        return TRUE;
    g_propagate_error(error, api_error_new(API_ERROR_LOCAL, 0, NULL,
                                           "it was moved or deleted; unmount and mount again"));
    return FALSE;
}

static gboolean run_batch(sqlite3 *db, void *job, GError **error)
{
    const Batch *batch = job;
    const Journal *journal = batch->journal;

    return is_in_place(db, error) &&
           notes_run(db, batch->notes, journal->daemon, journal->guards, error);
}

static gboolean run_prune(sqlite3 *db, void *job, GError **error)
{
    return journal_prune(db, *(const gint64 *)job, error);
}

/* ---- back on the loop ---- */

static void work(Journal *journal);

/* Without "The cache file: ". */
static const char *reason_of(const GError *cause)
{
    const char *reason = strstr(cause->message, "file: ");

    return reason ? reason + strlen("file: ") : cause->message;
}

static GError *not_written(const Journal *journal, const GError *cause)
{
    const char *reason = reason_of(cause);

    if (strstr(reason, "is locked"))
        return api_error_new(API_ERROR_BUSY, 0, NULL,
                             "another program has had the journal, %s, locked for %d s; nothing "
                             "was sent",
                             journal->path, STATE_BUSY_MS / 1000);
    return api_error_new(API_ERROR_READ_ONLY, 0, NULL,
                         "the journal can not be written: %s: %s; nothing was sent; when that is "
                         "put right, write again",
                         journal->path, reason);
}

static GError *held_too_long(void)
{
    return api_error_new(API_ERROR_BUSY, 0, NULL,
                         "another mount of this profile has been about to change the same object "
                         "for %d s; nothing was sent",
                         HELD_S);
}

static gboolean on_timer(void *user_data)
{
    Journal *journal = user_data;

    journal->timer = 0;
    g_ptr_array_extend_and_steal(journal->pending, journal->held);
    journal->held = g_ptr_array_new_with_free_func(note_free);
    work(journal);
    return G_SOURCE_REMOVE;
}

/* takes note */
static void hold(Journal *journal, Note *note)
{
    note->held = FALSE;
    g_ptr_array_add(journal->held, note);
    if (journal->timer == 0)
        journal->timer = g_timeout_add(HELD_RETRY_MS, on_timer, journal);
}

static gboolean has_waited(const Journal *journal, const Note *note)
{
    return clock_monotonic(journal->clock) - note->since_us > HELD_S * G_USEC_PER_SEC;
}

/* takes note */
static void intent_done(Journal *journal, Note *note, const GError *failure)
{
    g_autoptr(GError) error = NULL;

    if (failure)
        error = not_written(journal, failure);
    else if (note->error)
        error = g_steal_pointer(&note->error);
    else if (note->held && has_waited(journal, note))
        error = held_too_long();
    if (!error && note->held) {
        hold(journal, note);
        return;
    }
    note->intended(note->user_data, error ? 0 : note->entry, error);
    note_free(note);
}

/* takes note */
static void verdict_done(Journal *journal, Note *note, const GError *failure)
{
    gboolean told = note->told;

    note->told = TRUE;
    if (failure)
        g_ptr_array_add(journal->pending, note);
    if (!told && note->settled)
        note->settled(note->user_data);
    if (!failure)
        note_free(note);
}

static void tell_log(Journal *journal, const GError *failure)
{
    if (failure && !journal->failing)
        g_message("the journal, %s, can not be written, and so nothing is changed: %s",
                  journal->path, reason_of(failure));
    if (!failure && journal->failing)
        g_message("the journal, %s, can be written again", journal->path);
    journal->failing = failure != NULL;
}

static gboolean has_news(const Journal *journal)
{
    for (guint i = 0; i < journal->pending->len; i++)
        if (!((Note *)journal->pending->pdata[i])->told)
            return TRUE;
    return FALSE;
}

static void batch_done(void *job, const GError *failure)
{
    Batch *batch = job;
    Journal *journal = batch->journal;

    tell_log(journal, failure);
    if (!failure)
        journal->changed_us = clock_wall(journal->clock);
    g_ptr_array_set_free_func(batch->notes, NULL);
    for (guint i = 0; i < batch->notes->len; i++) {
        Note *note = batch->notes->pdata[i];

        if (note->is_intent)
            intent_done(journal, note, failure);
        else
            verdict_done(journal, note, failure);
    }
    journal->working = FALSE;
    work(journal);
}

static void batch_free(void *job)
{
    Batch *batch = job;

    g_ptr_array_unref(batch->notes);
    g_free(batch);
}

static const JobType batch_job = {run_batch, batch_done, batch_free};
static const JobType prune_job = {run_prune, NULL, g_free};

static void push(Journal *journal)
{
    Batch *batch = g_new0(Batch, 1);

    batch->journal = journal;
    batch->notes = journal->pending;
    journal->pending = g_ptr_array_new_with_free_func(note_free);
    journal->working = TRUE;
    writer_push(journal->writer, &batch_job, batch, TRUE);
}

static void work(Journal *journal)
{
    if (!journal->working && has_news(journal))
        push(journal);
}

/* ---- from outside ---- */

void journal_intend(Journal *journal, const Intent *intent, IntendedFunc done, void *user_data)
{
    Note *note = note_new(journal->clock, TRUE, user_data);

    note_copy_intent(note, intent);
    note->intended = done;
    note->since_us = clock_monotonic(journal->clock);
    g_ptr_array_add(journal->pending, note);
    work(journal);
}

void journal_settle(Journal *journal, gint64 entry, const Verdict *verdict,
                    void (*done)(void *user_data), void *user_data)
{
    Note *note = note_new(journal->clock, FALSE, user_data);

    note->entry = entry;
    note_copy_verdict(note, verdict);
    note->settled = done;
    g_ptr_array_add(journal->pending, note);
    work(journal);
}

Journal *journal_new(const char *directory, const Guards *guards, const Clock *clock,
                     GError **error)
{
    sqlite3 *db = state_file_open(directory, error);
    Journal *journal;
    gint64 *now_us;

    if (!db)
        return NULL;
    journal = g_new0(Journal, 1);
    journal->writer = writer_new(db);
    journal->path = state_file_path(directory);
    journal->daemon = daemon_name(getpid());
    if (!journal->daemon)
        journal->daemon = g_strdup("-");
    journal->guards = guards;
    journal->clock = clock;
    journal->pending = g_ptr_array_new_with_free_func(note_free);
    journal->held = g_ptr_array_new_with_free_func(note_free);
    now_us = g_new(gint64, 1);
    *now_us = clock_wall(clock);
    writer_push(journal->writer, &prune_job, now_us, FALSE);
    return journal;
}

Writer *journal_writer(const Journal *journal)
{
    return journal->writer;
}

const char *journal_daemon(const Journal *journal)
{
    return journal->daemon;
}

gint64 journal_changed_us(const Journal *journal)
{
    return journal->changed_us;
}

/* What nobody waits for any more must not be noted as meant: it will not be sent. */
static void drop_intents(GPtrArray *notes)
{
    for (guint i = notes->len; i > 0; i--)
        if (((Note *)notes->pdata[i - 1])->is_intent)
            g_ptr_array_remove_index(notes, i - 1);
}

void journal_free(Journal *journal)
{
    if (!journal)
        return;
    g_clear_handle_id(&journal->timer, g_source_remove);
    drop_intents(journal->pending);
    if (journal->pending->len > 0)
        push(journal);
    writer_free(journal->writer);
    g_ptr_array_unref(journal->pending);
    g_ptr_array_unref(journal->held);
    g_free(journal->path);
    g_free(journal->daemon);
    g_free(journal);
}
