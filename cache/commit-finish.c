/* SPDX-License-Identifier: MIT */
/*
 * commit-finish.c - the last of a write: the journal has its outcome and readers see what was found
 * before whoever wrote hears of it.
 */
#include <string.h>

#include "api/error.h"
#include "cache/commit-private.h"
#include "cache/later.h"

static void one_done(Commit *commit)
{
    if (--commit->callbacks == 0)
        commit_end(commit, g_steal_pointer(&commit->result));
}

static void on_stored(void *user_data, const GError *error)
{
    Commit *commit = user_data;

    /* The service holds the value, whatever became of our copy. */
    if (error != NULL) {
        g_message("%s was accepted but not stored: %s", commit->update.member, error->message);
        cache_expire(commit->cache, commit->row);
        if (commit->result == NULL) /* a listing may bring it yet, and it is ours then */
            commit->intended = FALSE;
    }
    one_done(commit);
}

static void store(Commit *commit, const Object *object)
{
    const char *json = object_json(object);
    g_autoptr(GBytes) bytes = g_bytes_new(json, strlen(json));

    commit->callbacks++;
    cache_store_object(commit->cache, commit->row, bytes, commit->asked_us, on_stored, commit);
}

static void on_settled(void *user_data)
{
    one_done(user_data);
}

static void settle(Commit *commit, const Verdict *verdict)
{
    commit->callbacks++;
    journal_settle(commit->cache->journal, commit->entry, verdict, on_settled, commit);
}

static void stop(Commit *commit)
{
    commit_set_state(commit, STORING);
    seat_drop(&commit->seat);
    g_clear_handle_id(&commit->timer, g_source_remove);
    g_clear_handle_id(&commit->patience, g_source_remove);
    g_clear_handle_id(&commit->late, g_source_remove);
}

void commit_finish(Commit *commit, JournalOutcome outcome, GError *error, const Object *found)
{
    const char *have = found != NULL ? object_text(found, commit->update.member) : NULL;
    Verdict verdict = {.outcome = outcome,
                       .error = error,
                       .found = outcome != JOURNAL_DONE ? have : NULL,
                       .request_id = commit->request_id};

    stop(commit);
    commit->result = error;
    if (commit->entry != 0 && outcome == JOURNAL_UNKNOWN)
        later_doubt(commit);
    if (found != NULL)
        store(commit, found);
    if (commit->entry != 0)
        settle(commit, &verdict);
    if (commit->callbacks == 0)
        commit_end(commit, g_steal_pointer(&commit->result));
}

void commit_finish_dry(Commit *commit, const char *call)
{
    g_autoptr(GError) says = api_error_new(API_ERROR_READ_ONLY, 0, NULL, "%s", call);
    Verdict verdict = {.outcome = JOURNAL_DRY_RUN, .error = says};

    stop(commit);
    settle(commit, &verdict);
}
