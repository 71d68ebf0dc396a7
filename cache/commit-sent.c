/* SPDX-License-Identifier: MIT */
/*
 * commit-sent.c - what came of an update.
 *
 * What is true of a commit that ended well: the service has accepted the value and said so when
 * asked again, by the update's own reply where that carries the whole object, else by a get. Of a
 * status, in a storm, the reply that names it will do for a while; see desk.h. An update whose
 * answer was lost is asked about, and sent once more only where nothing at all has happened to the
 * object since.
 */
#include "cache/commit-private.h"

#include "api/codes.h"
#include "api/error.h"
#include "cache/cut.h"
#include "cache/guard.h"
#include "cache/later.h"
#include "cache/reply.h"

/* Pauses before the second and third reading, as a replica may lag behind; and how long all of them
   may take once one was sent, as the service may have stopped answering, or before one is. */
static const guint lag_s[] = {1, 3};
enum { READ_BACK_S = 15, QUEUED_S = 60 };

/* ---- reading back ---- */

static void read_back(Commit *commit);

static gboolean on_lag(void *user_data)
{
    Commit *commit = user_data;

    commit->timer = 0;
    read_back(commit);
    return G_SOURCE_REMOVE;
}

/* A replica may lag behind, but what is sent again is the same value. */
static gboolean may_send_again(const Commit *commit, const Object *found)
{
    return !commit->again && g_error_matches(commit->unsure, API_ERROR, API_ERROR_UNKNOWN) &&
           (commit->deadline_us == 0 || cache_now(commit->cache) < commit->deadline_us) &&
           update_is_untouched(&commit->update, found);
}

static void send_again(Commit *commit)
{
    commit->again = TRUE;
    commit->readings = 0;
    commit->reads_back = FALSE;
    g_clear_handle_id(&commit->patience, g_source_remove);
    commit_send(commit);
}

static void finish_mismatch(Commit *commit, const Object *found)
{
    const char *have = object_text(found, commit->update.member);

    commit->lane->distrusted = TRUE;
    commit_finish(commit, JOURNAL_DIFFERS,
                  api_error_new(API_ERROR_MISMATCH, 0, NULL, "%s: accepted as %s, but it reads %s",
                                guard_file(commit->update.member), commit->update.value,
                                have != NULL ? have : "nothing"),
                  found);
}

/* A part was done, and not this one; or nobody knows. */
static void finish_unsure(Commit *commit, const Object *found)
{
    gboolean unknown = g_error_matches(commit->unsure, API_ERROR, API_ERROR_UNKNOWN);

    commit_finish(commit, unknown ? JOURNAL_UNKNOWN : JOURNAL_REFUSED,
                  g_steal_pointer(&commit->unsure), found);
}

/* It said yes and holds something else; or nobody knows, and it holds the old value. */
static void read_another(Commit *commit, const Object *found)
{
    if (commit->readings <= G_N_ELEMENTS(lag_s))
        commit->timer = g_timeout_add_seconds(lag_s[commit->readings - 1], on_lag, commit);
    else if (may_send_again(commit, found))
        send_again(commit);
    else if (commit->unsure != NULL)
        finish_unsure(commit, found);
    else
        finish_mismatch(commit, found);
}

/* answer: NULL where it could not be read. What is gone is said to be gone. */
static void finish_refused(Commit *commit, const Object *found, const Answer *answer)
{
    g_autoptr(GError) refusal = g_steal_pointer(&commit->refusal);
    GError *error;

    if (found != NULL || answer == NULL || !answer->has_list) {
        commit_finish(commit, JOURNAL_REFUSED, g_steal_pointer(&refusal), found);
        return;
    }
    error =
        api_error_new(API_ERROR_NOT_FOUND, api_error_code(refusal), api_error_request_id(refusal),
                      "%s %s is gone: %s", kind_names(commit->update.kind)->word, commit->update.id,
                      refusal->message);
    cache_expire(commit->cache, commit->row);
    commit_finish(commit, JOURNAL_REFUSED, error, NULL);
}

/* It was sent, and nobody can say what holds now. error: why it could not be read; NULL: no answer
   came in time. */
static void end_unread(Commit *commit, const GError *error)
{
    GError *unsure = NULL;

    if (commit->refusal != NULL) {
        finish_refused(commit, NULL, NULL);
        return;
    }
    if (g_error_matches(commit->unsure, API_ERROR, API_ERROR_UNKNOWN))
        unsure = g_steal_pointer(&commit->unsure);
    else
        unsure = api_error_new(
            API_ERROR_UNKNOWN, api_error_code(error), api_error_request_id(error),
            "%s: sent, but could not be read back: %s", guard_file(commit->update.member),
            error != NULL ? error->message : "no answer in time");
    commit_finish(commit, JOURNAL_UNKNOWN, unsure, NULL);
}

/* What is deleted is in no list, and so goes from ours. */
static void finish_absent(Commit *commit, const Answer *answer)
{
    if (update_is_delete(&commit->update) && answer->has_list) {
        cache_expire(commit->cache, commit->row);
        commit_finish(commit, JOURNAL_DONE, NULL, NULL);
    } else if (commit->unsure != NULL || !answer->has_list) {
        end_unread(commit, NULL);
    } else {
        commit_finish(commit, JOURNAL_DIFFERS, update_gone(&commit->update, answer), NULL);
    }
}

/* "nothing to update" (API 7.1): then it holds what was meant, or that is a refusal like others. */
enum { CODE_NOTHING_TO_UPDATE = 40012 };

static gboolean is_refused(const Commit *commit, const Object *found)
{
    return commit->refusal != NULL && (api_error_code(commit->refusal) != CODE_NOTHING_TO_UPDATE ||
                                       found == NULL || !update_holds(&commit->update, found));
}

/* TRUE: it holds what was sent. */
static gboolean take_back(Commit *commit, const Reply *reply, const Answer *answer)
{
    const Object *found = reply_object(reply, commit->update.id);

    if (is_refused(commit, found)) {
        finish_refused(commit, found, answer);
        return FALSE;
    }
    if (found == NULL) {
        finish_absent(commit, answer);
        return FALSE;
    }
    if (!update_holds(&commit->update, found)) {
        read_another(commit, found);
        return FALSE;
    }
    commit_finish(commit, JOURNAL_DONE, NULL, found);
    return TRUE;
}

/* Once for each lane: what it said was so. */
static void add_proof(GHashTable *proved, Lane *lane)
{
    if (g_hash_table_add(proved, lane))
        lane->proofs++;
}

void commits_read_back(void *user_data, Batch *batch, const Answer *answer, const GError *error)
{
    const Desk *desk = user_data;
    g_autoptr(Reply) reply = answer != NULL ? reply_new(desk->kind, answer) : NULL;
    g_autoptr(GHashTable) proved = g_hash_table_new(NULL, NULL);
    Commit *commit;

    if (error != NULL && cut_is_about_some(error) && batch_split(batch, error->message, commit_id))
        return;
    while ((commit = batch_next(batch)) != NULL) {
        Lane *lane = commit->lane;
        gboolean said_yes = commit->unsure == NULL && commit->refusal == NULL;

        commit->asked_us = batch_asked_us(batch);
        if (error != NULL)
            end_unread(commit, error);
        else if (take_back(commit, reply, answer) && said_yes)
            add_proof(proved, lane);
    }
}

static gboolean on_patience_end(void *user_data)
{
    Commit *commit = user_data;

    commit->patience = 0;
    seat_drop(&commit->seat);
    end_unread(commit, NULL);
    return G_SOURCE_REMOVE;
}

/* The first reading is sent now. */
char *commits_query_back(void *desk, GPtrArray *commits)
{
    for (guint i = 0; i < commits->len; i++) {
        Commit *commit = commits->pdata[i];

        if (commit->reads_back)
            continue;
        commit->reads_back = TRUE;
        g_clear_handle_id(&commit->patience, g_source_remove);
        commit->patience = g_timeout_add_seconds(READ_BACK_S, on_patience_end, commit);
    }
    return commits_query(desk, commits);
}

static void read_back(Commit *commit)
{
    commit_set_state(commit, READING_BACK);
    g_clear_handle_id(&commit->late, g_source_remove);
    if (commit->patience == 0)
        commit->patience = g_timeout_add_seconds(QUEUED_S, on_patience_end, commit);
    commit->readings++;
    commit->seat.deadline_us = 0; /* what it did is found out however long that takes */
    commit->seat.patient = commit->group != NULL;
    seat_take(commit->desk->back, &commit->seat, commit->desk->n_active == 1);
}

/* ---- the update's answer ---- */

/* Surely not sent, rather than refused by the service. */
static gboolean was_not_sent(const GError *error)
{
    int code = api_error_code(error);

    return code == 0 || code_find(code)->action == CODE_RATE;
}

/* Takes error. What became of the first try is still not known. */
static void refuse(Commit *commit, GError *error)
{
    if (commit->unsure != NULL) {
        g_error_free(error);
        commit_finish(commit, JOURNAL_UNKNOWN, g_steal_pointer(&commit->unsure), NULL);
        return;
    }
    if (cut_is_about_some(error)) {
        commit->refusal = error;
        read_back(commit);
        return;
    }
    commit_finish(commit, was_not_sent(error) ? JOURNAL_WITHDRAWN : JOURNAL_REFUSED, error, NULL);
}

static void take_error(Commit *commit, const GError *error)
{
    if (!g_error_matches(error, API_ERROR, API_ERROR_UNKNOWN)) {
        refuse(commit, g_error_copy(error));
        return;
    }
    g_clear_error(&commit->unsure);
    commit->unsure = g_error_copy(error);
    read_back(commit);
}

/* The object as it will be read, as far as it can be told. NULL: it can not. */
static Object *foresee(Commit *commit)
{
    const Row *row = cache_row(commit->cache, commit->row);

    return row != NULL ? update_apply(&commit->update, row->object) : NULL;
}

/* TRUE: the service has said enough. */
static gboolean take_word(Commit *commit, ReplyWord word, const Answer *answer)
{
    g_autoptr(Object) object = NULL;
    Lane *lane = commit->lane;

    if (update_call(&commit->update).most == 1) {
        object = update_merge(&commit->update, answer);
        if (object == NULL || !update_holds(&commit->update, object))
            return FALSE;
    } else {
        /* Nobody waits for one of a group alone: it can as well be read back with the others. */
        if (word != REPLY_NAMED || update_is_delete(&commit->update) || commit->group != NULL ||
            !lane_is_trusted(lane) || (object = foresee(commit)) == NULL)
            return FALSE;
        later_audit(commit);
    }
    commit_finish(commit, JOURNAL_DONE, NULL, object);
    return TRUE;
}

static void take_answer(Commit *commit, const Reply *reply, const Answer *answer)
{
    const Update *update = &commit->update;
    const char *status = update_is_status(update) ? update->value : NULL;
    GError *refused = NULL;
    ReplyWord word = reply_word(reply, update->id, status, &refused);

    g_free(commit->request_id);
    commit->request_id = g_strdup(answer->request_id);
    commit->asked_us = cache_now(commit->cache);
    if (word == REPLY_REFUSED) {
        refuse(commit, refused);
        return;
    }
    g_clear_error(&commit->unsure);
    if (word == REPLY_PART)
        commit->unsure = api_error_new(API_ERROR_REMOTE, answer->code, answer->request_id,
                                       "%s: done only in part", guard_file(update->member));
    if (word == REPLY_PART || !take_word(commit, word, answer))
        read_back(commit);
}

void commits_sent(void *user_data, Batch *batch, const Answer *answer, const GError *error)
{
    Lane *lane = user_data;
    g_autoptr(Reply) reply = answer != NULL ? reply_new(lane->desk->kind, answer) : NULL;
    Commit *commit;

    if (error != NULL && cut_may_be_about_some(error) &&
        batch_split(batch, error->message, commit_id))
        return;
    lane_answered(lane, batch_size(batch));
    while ((commit = batch_next(batch)) != NULL) {
        window_leave(commit);
        if (error != NULL)
            take_error(commit, error);
        else
            take_answer(commit, reply, answer);
    }
}
