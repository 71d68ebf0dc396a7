/* SPDX-License-Identifier: MIT */
/*
 * draft-store.c - the table `draft` of state.sqlite. It is written by the journal's thread, whose
 * handle that is, and read once, before the loop runs. Mounts of one profile share the file: each
 * shows the drafts that were there when it began and those that it made, and what another one has
 * taken meanwhile is noticed when it is written to.
 */
#include <string.h>

#include "api/error.h"
#include "cache/draft-private.h"
#include "cache/journal-daemon.h"
#include "cache/journal-table.h"
#include "cache/state-file.h"

enum { DRAFTS_MOST = 10000 };

typedef enum { MAKE, SET, RENAME, DISCARD, CALL, CLOSED, GONE } Verb;

struct DraftChange {
    Cache *cache;
    Verb verb;
    OwnedDraft *draft; /* MAKE: it, until it shows */
    gint64 number;
    char *text; /* SET: the patch, then the members; RENAME: the name; CALL: whose it was, as far as
                   this process knows */
    DraftCall call;
    void *waiter;
    DraftStoredFunc done;
    void *user_data;
    gboolean ended, orphan;
    GError *error;
};

static void change_destroy(DraftChange *change)
{
    g_clear_pointer(&change->draft, owned_draft_free);
    draft_call_clear(&change->call);
    g_free(change->text);
    g_clear_error(&change->error);
    g_free(change);
}

/* ---- in the thread ---- */

static GError *lost(void)
{
    return api_error_new(API_ERROR_STALE, 0, NULL,
                         "the draft is not there any more: another mount of this profile has "
                         "created or discarded it");
}

static GError *is_open(void)
{
    return api_error_new(API_ERROR_BUSY, 0, NULL,
                         "it may have been created already, and nobody knows yet: write create to "
                         "its ctl once more, which settles that");
}

/* Why nothing of that number was in the state that it should be in. */
static gboolean refuse(sqlite3 *db, const DraftChange *change, GError **error)
{
    gint64 n = 0;

    if (!sql_number(db, &n, error, "SELECT count(*) FROM draft WHERE draft = ?1", "i",
                    change->number))
        return FALSE;
    g_propagate_error(error, n > 0 ? is_open() : lost());
    return FALSE;
}

/* sql changes the one of that number, or nothing. */
static gboolean run_one(sqlite3 *db, const DraftChange *change, GError **error, const char *sql,
                        const char *text)
{
    return sql_run(db, error, sql, "iti", change->number, text,
                   clock_wall(change->cache->config.clock)) &&
           (sqlite3_changes(db) > 0 || refuse(db, change, error));
}

static gboolean run_make(sqlite3 *db, DraftChange *change, GError **error)
{
    static const char sql[] =
        "INSERT OR IGNORE INTO draft(account, kind, parent, name, members, state, changed)"
        " VALUES(?1, ?2, ?3, ?4, '{}', 0, ?5)";
    const Draft *draft = &change->draft->shown;
    gint64 n = 0;

    if (!sql_number(db, &n, error, "SELECT count(*) FROM draft", ""))
        return FALSE;
    if (n >= DRAFTS_MOST) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC,
                    "%s: there are %d drafts, and no more can be; discard (rmdir) some",
                    draft->name, DRAFTS_MOST);
        return FALSE;
    }
    if (!sql_run(db, error, sql, "titti", draft->account, (gint64)draft->kind, draft->parent,
                 draft->name, draft->changed_us))
        return FALSE;
    if (sqlite3_changes(db) == 0) {
        g_propagate_error(error, api_error_new(API_ERROR_BUSY, 0, NULL,
                                               "%s: another mount of this profile has a draft of "
                                               "that name here; choose another name",
                                               draft->name));
        return FALSE;
    }
    change->number = sqlite3_last_insert_rowid(db);
    return TRUE;
}

static gboolean read_members(sqlite3 *db, DraftChange *change, GError **error)
{
    g_autoptr(sqlite3_stmt) row =
        sql_prepare(db, error, "SELECT members FROM draft WHERE draft = ?1", "i", change->number);

    if (!row || !sql_step(row, error))
        return FALSE;
    g_free(change->text);
    change->text = g_strdup(sql_text(row, 0));
    return TRUE;
}

static gboolean run_call(sqlite3 *db, const DraftChange *change, GError **error)
{
    static const char sql[] =
        "UPDATE draft SET state = 1, request_id = ?2, body = ?3, called = ?4, known = ?5,"
        " daemon = ?6, entry = ?7, asked = ?8"
        " WHERE draft = ?1 AND (state = 0 OR daemon IN (?6, ?9))";
    const DraftCall *call = &change->call;

    return sql_run(db, error, sql, "itttttiit", change->number, call->request_id, call->body,
                   call->called, call->known, call->daemon, call->entry, call->asked_us,
                   change->text) &&
           (sqlite3_changes(db) > 0 || refuse(db, change, error));
}

static gboolean run(sqlite3 *db, void *job, GError **error)
{
    DraftChange *change = job;

    switch (change->verb) {
    case MAKE:
        return run_make(db, change, error);
    case SET:
        return run_one(db, change, error,
                       "UPDATE draft SET members = json_patch(members, ?2), changed = ?3"
                       " WHERE draft = ?1 AND state = 0",
                       change->text) &&
               read_members(db, change, error);
    case RENAME:
        return run_one(db, change, error,
                       "UPDATE draft SET name = ?2, changed = ?3 WHERE draft = ?1 AND state = 0",
                       change->text);
    case DISCARD:
        return sql_run(db, error, "DELETE FROM draft WHERE draft = ?1 AND state = 0", "i",
                       change->number) &&
               (sqlite3_changes(db) > 0 || refuse(db, change, error));
    case CALL:
        return run_call(db, change, error);
    case CLOSED:
        return sql_run(db, error,
                       "UPDATE draft SET state = 0, request_id = '', body = '', called = '',"
                       " known = '', daemon = '', entry = 0, asked = 0 WHERE draft = ?1",
                       "i", change->number);
    case GONE:
        return sql_run(db, error, "DELETE FROM draft WHERE draft = ?1", "i", change->number);
    }
    return FALSE;
}

/* ---- back on the loop ---- */

static void show_renamed(Cache *cache, OwnedDraft *draft, const char *name)
{
    OwnedDraft *other = owned_draft_new(
        draft->shown.draft,
        &(DraftScope){draft->shown.kind, draft->shown.account, draft->shown.parent}, name);

    g_free(other->members);
    other->members = g_strdup(draft->members);
    other->shown.changed_us = clock_wall(cache->config.clock);
    drafts_remove(cache, draft->shown.draft);
    drafts_put(cache, other, other->shown.changed_us);
}

/* What is on the disk shows from now on. */
static void put_in_force(DraftChange *change)
{
    Cache *cache = change->cache;
    OwnedDraft *draft = drafts_own(cache, change->number);

    if (change->verb == MAKE) {
        draft = g_steal_pointer(&change->draft);
        draft->shown.draft = change->number;
        drafts_put(cache, draft, draft->shown.changed_us);
        return;
    }
    if (!draft)
        return;
    if (change->verb == DISCARD || change->verb == GONE) {
        drafts_remove(cache, change->number);
    } else if (change->verb == RENAME) {
        show_renamed(cache, draft, change->text);
    } else if (change->verb == SET) {
        g_free(draft->members);
        draft->members = g_steal_pointer(&change->text);
        drafts_update(cache, draft);
    } else {
        draft_call_clear(&draft->call);
        draft->call = change->call; /* of CLOSED it is empty */
        change->call = (DraftCall){0};
        draft->shown.state = change->verb == CALL ? DRAFT_OPEN : DRAFT_LOCAL;
    }
}

static GError *not_written(const GError *cause)
{
    if (cause->domain == API_ERROR && cause->code != API_ERROR_LOCAL)
        return g_error_copy(cause);
    if (g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_NOSPC))
        return g_error_copy(cause);
    return api_error_new(API_ERROR_READ_ONLY, 0, NULL,
                         "the draft can not be written to state.sqlite: %s; nothing was changed",
                         cause->message);
}

static void on_done(void *job, const GError *failure)
{
    DraftChange *change = job;

    change->ended = TRUE;
    if (!failure)
        put_in_force(change);
    else
        change->error = not_written(failure);
    if (g_error_matches(change->error, API_ERROR, API_ERROR_STALE))
        drafts_remove(change->cache, change->number);
    if (change->done)
        change->done(change->user_data, change->error);
    else if (!change->orphan && change->waiter)
        change->cache->config.wake(change->cache->config.user_data, change->waiter);
}

static void free_ended(void *job)
{
    DraftChange *change = job;

    if (change->orphan || !change->ended) /* the writer has ended, and with it the cache */
        change_destroy(change);
}

static const JobType job_type = {run, on_done, free_ended};

static DraftChange *push(Cache *cache, Verb verb, gint64 number, const char *text, void *waiter)
{
    DraftChange *change = g_new0(DraftChange, 1);

    change->cache = cache;
    change->verb = verb;
    change->number = number;
    change->text = g_strdup(text);
    change->waiter = waiter;
    return change;
}

static DraftChange *start(DraftChange *change)
{
    writer_push(journal_writer(change->cache->journal), &job_type, change, TRUE);
    return change;
}

/* ---- from outside ---- */

DraftChange *draft_make(Cache *cache, const DraftScope *scope, const char *name, void *waiter)
{
    DraftChange *change = push(cache, MAKE, 0, NULL, waiter);

    change->draft = owned_draft_new(0, scope, name);
    change->draft->shown.changed_us = clock_wall(cache->config.clock);
    return start(change);
}

DraftChange *draft_set(Cache *cache, gint64 draft, const char *patch, void *waiter)
{
    return start(push(cache, SET, draft, patch, waiter));
}

DraftChange *draft_rename(Cache *cache, gint64 draft, const char *name, void *waiter)
{
    return start(push(cache, RENAME, draft, name, waiter));
}

DraftChange *draft_discard(Cache *cache, gint64 draft, void *waiter)
{
    return start(push(cache, DISCARD, draft, NULL, waiter));
}

gboolean draft_change_ended(const DraftChange *change, GError **error)
{
    if (change->ended && change->error)
        g_propagate_error(error, g_error_copy(change->error));
    return change->ended;
}

gint64 draft_change_number(const DraftChange *change)
{
    return change->number;
}

void draft_change_free(DraftChange *change)
{
    if (!change)
        return;
    if (change->ended)
        change_destroy(change);
    else
        change->orphan = TRUE;
}

static void store(Cache *cache, Verb verb, gint64 draft, const DraftCall *call,
                  DraftStoredFunc done, void *user_data)
{
    const OwnedDraft *own = drafts_own(cache, draft);
    DraftChange *change = push(cache, verb, draft, own ? own->call.daemon : NULL, NULL);

    if (call)
        change->call = (DraftCall){.request_id = g_strdup(call->request_id),
                                   .body = g_strdup(call->body),
                                   .called = g_strdup(call->called),
                                   .known = g_strdup(call->known),
                                   .daemon = g_strdup(call->daemon),
                                   .entry = call->entry,
                                   .asked_us = call->asked_us};
    change->done = done;
    change->user_data = user_data;
    change->orphan = TRUE;
    start(change);
}

void draft_store_call(Cache *cache, gint64 draft, const DraftCall *call, DraftStoredFunc done,
                      void *user_data)
{
    store(cache, CALL, draft, call, done, user_data);
}

void draft_store_closed(Cache *cache, gint64 draft, DraftStoredFunc done, void *user_data)
{
    store(cache, CLOSED, draft, NULL, done, user_data);
}

void draft_store_gone(Cache *cache, gint64 draft, DraftStoredFunc done, void *user_data)
{
    store(cache, GONE, draft, NULL, done, user_data);
}

/* ---- at the beginning ---- */

static void load_row(Cache *cache, sqlite3_stmt *row)
{
    DraftScope scope = {(ObjectKind)sqlite3_column_int(row, 1), sql_text(row, 2), sql_text(row, 3)};
    OwnedDraft *draft = owned_draft_new(sqlite3_column_int64(row, 0), &scope, sql_text(row, 4));

    g_free(draft->members);
    draft->members = g_strdup(sql_text(row, 5));
    draft->shown.state = sqlite3_column_int(row, 6) != 0 ? DRAFT_OPEN : DRAFT_LOCAL;
    draft->shown.changed_us = sqlite3_column_int64(row, 7);
    draft->call = (DraftCall){.request_id = g_strdup(sql_text(row, 8)),
                              .body = g_strdup(sql_text(row, 9)),
                              .called = g_strdup(sql_text(row, 10)),
                              .known = g_strdup(sql_text(row, 11)),
                              .daemon = g_strdup(sql_text(row, 12)),
                              .entry = sqlite3_column_int64(row, 13),
                              .asked_us = sqlite3_column_int64(row, 14)};
    drafts_put(cache, draft, 0);
}

gboolean drafts_load(Cache *cache, const char *directory, GError **error)
{
    static const char sql[] = "SELECT draft, kind, account, parent, name, members, state, changed,"
                              " request_id, body, called, known, daemon, entry, asked FROM draft"
                              " WHERE kind BETWEEN ?1 AND ?2 ORDER BY draft";
    sqlite3 *db = state_file_open_reader(directory, error);
    sqlite3_stmt *row =
        db ? sql_prepare(db, error, sql, "ii", (gint64)KIND_CAMPAIGN, (gint64)KIND_AD) : NULL;
    g_autoptr(GError) failure = NULL;

    while (row && sql_step(row, &failure))
        load_row(cache, row);
    sqlite3_finalize(row);
    sqlite3_close_v2(db);
    if (failure)
        g_propagate_error(error, g_error_copy(failure));
    return row && !failure;
}
