/* SPDX-License-Identifier: MIT */
/*
 * commit-steps.c - what is asked of the service for one write.
 *
 * What is true of a commit that ended well: the service has accepted the value and said so when
 * asked again, by the update's own reply where that carries the whole object, else by a get. An
 * update whose answer was lost is asked about, and sent once more only where nothing at all has
 * happened to the object since.
 */
#include <string.h>

#include "api/encode.h"
#include "cache/commit-private.h"
#include "cache/guard.h"

/* Pauses before the second and third reading, as a replica may lag behind; and how long all of them
   may take, as the service may have stopped answering. */
static const guint lag_s[] = {1, 3};
enum { READ_BACK_S = 15 };

/* At the start of each callback. FALSE: it has ended without this answer. */
static gboolean commit_goes_on(Commit *commit)
{
    gboolean goes_on = commit->state != ENDED;

    commit->in_call = FALSE;
    commit_release(commit);
    return goes_on;
}

/* ---- the steps, last first ---- */

static void on_stored(void *user_data, const GError *error)
{
    Commit *commit = user_data;

    /* The service holds the value, whatever became of our copy. */
    if (error != NULL) {
        g_message("%s was accepted but not stored: %s", commit->update.member, error->message);
        cache_expire(commit->cache, commit->row);
        if (commit->refused == NULL) /* a listing may bring it yet, and it is ours then */
            commit->intended = FALSE;
    }
    commit_end(commit, g_steal_pointer(&commit->refused));
}

static void store(Commit *commit, const Object *object)
{
    const char *json = object_json(object);
    g_autoptr(GBytes) bytes = g_bytes_new(json, strlen(json));

    commit->state = STORING;
    g_clear_handle_id(&commit->patience, g_source_remove); /* the answer is there */
    cache_store_object(commit->cache, commit->row, bytes, commit->asked_us, on_stored, commit);
}

static void ask(Commit *commit, AnswerFunc done)
{
    const char *ids[] = {commit->update.id, NULL};
    g_autofree char *query =
        encode_list(commit->update.kind, commit->update.advertiser_id, ids, 1, 1);
    Call call = {.endpoint = endpoint_get_of(commit->update.kind),
                 .query = query,
                 .priority = CALL_WRITE,
                 .advertiser = commit->update.advertiser_id,
                 .deadline_us = commit->state == READING ? commit->deadline_us : 0};
    const CacheConfig *config = &commit->cache->config;

    commit->asked_us = cache_now(commit->cache);
    commit->in_call = TRUE;
    commit->call = config->call(config->client, &call, done, commit);
}

static void read_back(Commit *commit);
static void send(Commit *commit);

static gboolean on_lag(void *user_data)
{
    Commit *commit = user_data;

    commit->timer = 0;
    read_back(commit);
    return G_SOURCE_REMOVE;
}

/* The value is refused; what was found meanwhile is shown from now on. Takes error. */
static void refuse(Commit *commit, const Object *found, GError *error)
{
    commit->refused = error;
    store(commit, found);
}

/* A replica may lag behind, but what is sent again is the same value. */
static gboolean may_send_again(const Commit *commit, const Object *found)
{
    return !commit->again && g_error_matches(commit->unsure, API_ERROR, API_ERROR_UNKNOWN) &&
           cache_now(commit->cache) < commit->deadline_us &&
           update_is_untouched(&commit->update, found);
}

static void send_again(Commit *commit)
{
    commit->again = TRUE;
    commit->readings = 0;
    g_clear_handle_id(&commit->patience, g_source_remove);
    send(commit);
}

/* It said yes and holds something else; or nobody knows, and it holds the old value. */
static void read_another(Commit *commit, const Object *found)
{
    const char *have = object_text(found, commit->update.member);

    if (commit->readings <= G_N_ELEMENTS(lag_s))
        commit->timer = g_timeout_add_seconds(lag_s[commit->readings - 1], on_lag, commit);
    else if (may_send_again(commit, found))
        send_again(commit);
    else if (commit->unsure != NULL)
        refuse(commit, found, g_steal_pointer(&commit->unsure));
    else
        refuse(commit, found,
               api_error_new(API_ERROR_MISMATCH, 0, NULL, "%s: accepted as %s, but it reads %s",
                             commit->update.member, commit->update.value,
                             have != NULL ? have : "nothing"));
}

/* It was sent, and nobody can say what holds now. error: why it could not be read; NULL: no answer
   came in time. */
static void end_unread(Commit *commit, const GError *error)
{
    GError *unsure = NULL;

    if (g_error_matches(commit->unsure, API_ERROR, API_ERROR_UNKNOWN))
        unsure = g_steal_pointer(&commit->unsure);
    else
        unsure =
            api_error_new(API_ERROR_UNKNOWN, api_error_code(error), api_error_request_id(error),
                          "%s: sent, but could not be read back: %s", commit->update.member,
                          error != NULL ? error->message : "no answer in time");
    commit_end(commit, unsure);
}

static void on_read_back(void *user_data, const Answer *answer, const GError *error)
{
    Commit *commit = user_data;
    g_autoptr(Object) found = NULL;

    if (!commit_goes_on(commit))
        return;
    if (error != NULL || !answer->has_list) {
        end_unread(commit, error);
        return;
    }
    found = update_find(&commit->update, answer);
    if (found == NULL && commit->unsure != NULL)
        end_unread(commit, NULL);
    else if (found == NULL)
        commit_end(commit, update_gone(&commit->update, answer));
    else if (update_holds(&commit->update, found))
        store(commit, found);
    else
        read_another(commit, found);
}

static gboolean on_patience_end(void *user_data)
{
    Commit *commit = user_data;

    commit->patience = 0;
    end_unread(commit, NULL);
    return G_SOURCE_REMOVE;
}

static void read_back(Commit *commit)
{
    commit->state = READING_BACK;
    if (commit->patience == 0)
        commit->patience = g_timeout_add_seconds(READ_BACK_S, on_patience_end, commit);
    commit->readings++;
    ask(commit, on_read_back);
}

static void on_sent(void *user_data, const Answer *answer, const GError *error)
{
    Commit *commit = user_data;
    g_autoptr(Object) reply = NULL;

    if (!commit_goes_on(commit))
        return;
    if (error != NULL && !g_error_matches(error, API_ERROR, API_ERROR_UNKNOWN)) {
        GError *first = g_steal_pointer(&commit->unsure);

        commit_end(commit, first != NULL ? first : g_error_copy(error));
        return;
    }
    g_clear_error(&commit->unsure);
    if (error != NULL) {
        commit->unsure = g_error_copy(error);
        read_back(commit);
        return;
    }
    if (answer->code != 0) {
        commit->unsure = api_error_new(API_ERROR_REMOTE, answer->code, answer->request_id,
                                       "%s: done only in part", commit->update.member);
        read_back(commit);
        return;
    }
    commit->asked_us = cache_now(commit->cache);
    reply = update_merge(&commit->update, answer);
    if (reply != NULL && !commit->crowded && update_holds(&commit->update, reply))
        store(commit, reply);
    else
        read_back(commit);
}

static void send(Commit *commit)
{
    const CacheConfig *config = &commit->cache->config;
    Call call = {.priority = CALL_WRITE,
                 .advertiser = commit->update.advertiser_id,
                 .deadline_us = commit->deadline_us};
    g_autofree char *body = NULL;

    call.endpoint = update_plan(&commit->update, &body);
    call.body = body;
    if (!commit->intended)
        event_log_intend(commit->cache->events, commit->row, commit->update.member,
                         commit->update.value);
    commit->intended = TRUE;
    commit->state = SENDING;
    commit->in_call = TRUE;
    commit->call = config->call(config->client, &call, on_sent, commit);
}

static void on_read(void *user_data, const Answer *answer, const GError *error)
{
    Commit *commit = user_data;
    g_autoptr(GError) refused = NULL;
    Object *found;

    if (!commit_goes_on(commit))
        return;
    if (commit->withdrawn || error != NULL) {
        commit_end(commit, error != NULL ? g_error_copy(error) : commit_withdrawn());
        return;
    }
    found = update_find(&commit->update, answer);
    if (found == NULL) {
        commit_end(commit, update_gone(&commit->update, answer));
        return;
    }
    object_unref(commit->update.current);
    commit->update.current = found;
    if (update_holds(&commit->update, found))
        store(commit, found); /* somebody set it already */
    else if (!guard_allows(&(Guards){.max_increase = commit->max_increase}, &commit->update, NULL,
                           FALSE, &refused))
        refuse(commit, found, g_steal_pointer(&refused));
    else
        send(commit);
}

static gboolean must_read(const Commit *commit)
{
    if (strcmp(commit->update.member, "operation_status") == 0)
        return FALSE;
    return commit->update.kind == KIND_ADGROUP ||
           (commit->update.amount && commit->max_increase != G_MAXUINT);
}

void commit_begin(Commit *commit)
{
    if (must_read(commit))
        ask(commit, on_read);
    else
        send(commit);
}
