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
#include "cache/guard.h"
#include "cache/journal-daemon.h"
#include "cache/journal-table.h"
#include "cache/state-file.h"
#include "cache/store.h"
#include "cache/writer.h"

enum { HELD_RETRY_MS = 100, HELD_S = 60, PRUNE_EVERY = 1000 };

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
    gboolean is_intent;
    gint64 entry, now_us;
    gboolean told; /* done() was called */
    void *user_data;

    Intent intent;
    IntendedFunc intended;
    gint64 since_us; /* monotonic, when it was noted */
    gboolean held;
    GError *error;

    Settlement settlement;
    void (*settled)(void *user_data);
} Note;

typedef struct {
    Journal *journal;
    GPtrArray *notes;
} Batch;

/* ---- notes ---- */

static void note_free(void *data)
{
    Note *note = data;
    Intent *intent = &note->intent;
    const Settlement *settlement = &note->settlement;
    const char *const texts[] = {
        intent->author.command, intent->author.path, intent->advertiser_id, intent->id,
        intent->member,         intent->before,      intent->after,         settlement->message,
        settlement->request_id, settlement->found,
    };

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free((char *)texts[i]);
    g_clear_error(&note->error);
    g_free(note);
}

static Note *note_new(const Journal *journal, gboolean is_intent, void *user_data)
{
    Note *note = g_new0(Note, 1);

    note->is_intent = is_intent;
    note->now_us = clock_wall(journal->clock);
    note->user_data = user_data;
    return note;
}

static void copy_intent(Intent *to, const Intent *from)
{
    *to = *from;
    to->author.command = g_strdup(from->author.command);
    to->author.path = g_strdup(from->author.path);
    to->advertiser_id = g_strdup(from->advertiser_id);
    to->id = g_strdup(from->id);
    to->member = g_strdup(from->member);
    to->before = g_strdup(from->before);
    to->after = g_strdup(from->after);
}

static void copy_verdict(Settlement *to, const Verdict *from)
{
    const char *request_id =
        from->request_id ? from->request_id : api_error_request_id(from->error);

    *to = (Settlement){.outcome = from->outcome,
                       .code = api_error_code(from->error),
                       .message = from->error ? g_strdup(from->error->message) : NULL,
                       .request_id = g_strdup(request_id),
                       .found = g_strdup(from->found)};
}

/* ---- in the thread ---- */

/* What is only one note's fault refuses that one alone. */
static gboolean is_refusal(const GError *error)
{
    return error->domain == API_ERROR && error->code != API_ERROR_LOCAL;
}

static gboolean run_intent(sqlite3 *db, const Journal *journal, Note *note, GError **error)
{
    const Intent *intent = &note->intent;

    if (!journal_is_held(db, journal->daemon, intent, note->now_us, &note->held, error))
        return FALSE;
    if (note->held)
        return TRUE;
    return journal_is_current(db, journal->daemon, intent, error) &&
           guard_rates_allow(db, journal->guards, intent, note->now_us, error) &&
           journal_put(db, journal->daemon, intent, note->now_us, &note->entry, error) &&
           (note->entry % PRUNE_EVERY != 0 || journal_prune(db, note->now_us, error));
}

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

    if (!is_in_place(db, error))
        return FALSE;
    for (guint i = 0; i < batch->notes->len; i++) {
        Note *note = batch->notes->pdata[i];
        g_autoptr(GError) failure = NULL;

        if (note->is_intent)
            run_intent(db, batch->journal, note, &failure);
        else
            journal_close(db, note->entry, &note->settlement, note->now_us, &failure);
        if (failure && is_refusal(failure)) {
            note->error = g_steal_pointer(&failure);
        } else if (failure) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean run_prune(sqlite3 *db, void *job, GError **error)
{
    return journal_prune(db, *(const gint64 *)job, error);
}

/* ---- back on the loop ---- */

static void work(Journal *journal);

static GError *not_written(const Journal *journal, const GError *cause)
{
    const char *reason = strstr(cause->message, "file: ");

    reason = reason ? reason + strlen("file: ") : cause->message;
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
                  journal->path, failure->message);
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
    Note *note = note_new(journal, TRUE, user_data);

    copy_intent(&note->intent, intent);
    note->intended = done;
    note->since_us = clock_monotonic(journal->clock);
    g_ptr_array_add(journal->pending, note);
    work(journal);
}

void journal_settle(Journal *journal, gint64 entry, const Verdict *verdict,
                    void (*done)(void *user_data), void *user_data)
{
    Note *note = note_new(journal, FALSE, user_data);

    note->entry = entry;
    copy_verdict(&note->settlement, verdict);
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
