/* SPDX-License-Identifier: MIT */
/*
 * commit.c - the life of one write.
 *
 * What is true of a commit that ended well: the service has accepted the value and said so when
 * asked again, by the update's own reply where that carries the whole object, else by a get. An
 * update whose answer was lost is asked about, never sent again.
 */
#include <string.h>

#include "api/encode.h"
#include "cache/internal.h"
#include "cache/update.h"

typedef enum { READING, SENDING, READING_BACK, STORING, ENDED } State;

/* Pauses before the second and third reading, as a replica may lag behind; and how long all of them
   may take, as the service may have stopped answering. */
static const guint lag_s[] = {1, 3};
enum { READ_BACK_S = 15 };

struct Commit {
    Cache *cache;
    void *waiter;
    State state;
    gboolean orphan;    /* nobody will ask: free it at the end */
    gboolean in_call;   /* a callback of the client is still to come */
    gboolean withdrawn; /* never send it */
    gint64 row;
    Update update;
    guint max_increase;
    gint64 deadline_us;
    guint64 call;
    gint64 asked_us;
    guint readings;        /* back */
    guint timer, patience; /* until it is read back again; until that is given up */
    GError *unsure; /* the update's answer was lost, or says that only a part was done: this is what
                       is said unless it took effect */
    GError *refused; /* what is said once the object found is stored */
    GError *error;
};

static void commit_destroy(void *user_data)
{
    Commit *commit = user_data;

    g_clear_handle_id(&commit->timer, g_source_remove);
    g_clear_handle_id(&commit->patience, g_source_remove);
    update_clear(&commit->update);
    g_clear_error(&commit->unsure);
    g_clear_error(&commit->refused);
    g_clear_error(&commit->error);
    g_free(commit);
}

/* It goes when it has ended, nobody asks for it any more, and no callback is to come. */
static void commit_release(Commit *commit)
{
    if (commit->state == ENDED && commit->orphan && !commit->in_call)
        g_hash_table_remove(commit->cache->commits, commit);
}

/* takes error; NULL: it is done. Where nobody can say what the service holds now, what we know of
   it is not to be shown any longer. */
static void commit_end(Commit *commit, GError *error)
{
    Cache *cache = commit->cache;

    commit->state = ENDED;
    commit->error = error;
    g_clear_handle_id(&commit->timer, g_source_remove);
    g_clear_handle_id(&commit->patience, g_source_remove);
    if (error == NULL)
        cache->stats.commits++;
    else
        cache->stats.refused++;
    if (g_error_matches(error, API_ERROR, API_ERROR_UNKNOWN))
        cache_expire(cache, commit->row);
    if (commit->orphan)
        commit_release(commit);
    else if (commit->waiter != NULL)
        cache->config.wake(cache->config.user_data, commit->waiter);
}

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
    }
    commit_end(commit, g_steal_pointer(&commit->refused));
}

static void store(Commit *commit, const Object *object)
{
    const char *json = object_json(object);
    g_autoptr(GBytes) bytes = g_bytes_new(json, strlen(json));

    commit->state = STORING;
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

/* It said yes and holds something else; or nobody knows, and it holds the old value. */
static void read_another(Commit *commit, const Object *found)
{
    const char *have = object_text(found, commit->update.member);

    if (commit->readings <= G_N_ELEMENTS(lag_s))
        commit->timer = g_timeout_add_seconds(lag_s[commit->readings - 1], on_lag, commit);
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
        commit_end(commit, g_error_copy(error));
        return;
    }
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
    if (reply != NULL && update_holds(&commit->update, reply))
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
    commit->state = SENDING;
    commit->in_call = TRUE;
    commit->call = config->call(config->client, &call, on_sent, commit);
}

static GError *withdrawn(void)
{
    return api_error_new(API_ERROR_CANCELLED, 0, NULL, "withdrawn before it was sent");
}

static void on_read(void *user_data, const Answer *answer, const GError *error)
{
    Commit *commit = user_data;
    g_autoptr(GError) refused = NULL;
    Object *found;

    if (!commit_goes_on(commit))
        return;
    if (commit->withdrawn || error != NULL) {
        commit_end(commit, error != NULL ? g_error_copy(error) : withdrawn());
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
    else if (!update_may_grow(&commit->update, commit->max_increase, &refused))
        refuse(commit, found, g_steal_pointer(&refused));
    else
        send(commit);
}

/* ---- from outside ---- */

static gboolean must_read(const Commit *commit)
{
    if (strcmp(commit->update.member, "operation_status") == 0)
        return FALSE;
    return commit->update.kind == KIND_ADGROUP ||
           (commit->update.amount && commit->max_increase != G_MAXUINT);
}

static gboolean on_vanished(void *user_data)
{
    commit_end(user_data, api_error_new(API_ERROR_NOT_FOUND, 0, NULL, "the object is gone"));
    return G_SOURCE_CONTINUE; /* removed already */
}

Commit *commit_start(Cache *cache, const CommitRequest *request, void *waiter)
{
    const Row *row = cache_row(cache, request->row);
    Commit *commit = g_new0(Commit, 1);

    commit->cache = cache;
    commit->waiter = waiter;
    commit->row = request->row;
    commit->update.member = g_strdup(request->member);
    commit->update.value = g_strdup(request->value);
    commit->update.amount = request->amount;
    commit->max_increase = request->max_increase;
    commit->deadline_us = request->deadline_us;
    g_hash_table_add(cache->commits, commit);
    if (row != NULL) {
        commit->update.kind = row->kind;
        commit->update.id = g_strdup(row->id);
        commit->update.current = object_ref(row->object);
        row = cache_row(cache, row->advertiser);
    }
    if (row == NULL) { /* never before this returns */
        commit->timer = g_timeout_add(0, on_vanished, commit);
        return commit;
    }
    commit->update.advertiser_id = g_strdup(row->id);
    if (must_read(commit))
        ask(commit, on_read);
    else
        send(commit);
    return commit;
}

gboolean commit_ended(const Commit *commit, GError **error)
{
    if (commit->state != ENDED)
        return FALSE;
    if (commit->error != NULL)
        g_propagate_error(error, g_error_copy(commit->error));
    return TRUE;
}

gboolean commit_withdraw(Commit *commit)
{
    const CacheConfig *config = &commit->cache->config;
    gboolean gone;

    if (commit->state != READING && commit->state != SENDING)
        return FALSE;
    gone = config->withdraw(config->client, commit->call);
    if (!gone && commit->state == SENDING)
        return FALSE;
    commit->waiter = NULL;
    commit->withdrawn = TRUE;
    if (gone) {
        commit->in_call = FALSE;
        commit_end(commit, withdrawn());
    }
    return TRUE;
}

void commit_free(Commit *commit)
{
    if (commit == NULL)
        return;
    commit->orphan = TRUE;
    commit_release(commit);
}

GHashTable *commits_new(void)
{
    return g_hash_table_new_full(NULL, NULL, commit_destroy, NULL);
}

void commits_give_up(Cache *cache)
{
    GHashTableIter iter;
    Commit *commit;

    g_hash_table_iter_init(&iter, cache->commits);
    while (g_hash_table_iter_next(&iter, (void **)&commit, NULL))
        if (commit->state > READING && commit->state < ENDED)
            cache_expire(cache, commit->row);
}
