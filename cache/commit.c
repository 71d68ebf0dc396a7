/* SPDX-License-Identifier: MIT */
/*
 * commit.c - the life of one write, from whoever wants it to how it ended. Those to one object go
 * one after the other.
 */
#include "cache/commit-private.h"

static void commit_destroy(void *user_data)
{
    Commit *commit = user_data;

    seat_drop(&commit->seat);
    g_clear_handle_id(&commit->timer, g_source_remove);
    g_clear_handle_id(&commit->patience, g_source_remove);
    g_clear_handle_id(&commit->late, g_source_remove);
    update_clear(&commit->update);
    g_free(commit->expected);
    g_free(commit->command);
    g_free(commit->path);
    g_free(commit->request_id);
    g_clear_error(&commit->unsure);
    g_clear_error(&commit->refusal);
    g_clear_error(&commit->result);
    g_clear_error(&commit->error);
    g_free(commit);
}

/* It goes when it has ended, nobody asks for it any more, and no callback is to come. */
static void release(Commit *commit)
{
    if (commit->state == ENDED && commit->orphan && commit->callbacks == 0)
        g_hash_table_remove(commit->cache->commits, commit);
}

void commit_called_back(Commit *commit)
{
    commit->callbacks--;
    release(commit);
}

static gboolean is_sending(State state)
{
    return state == INTENDING || state == SENDING;
}

void commit_set_state(Commit *commit, State state)
{
    if (commit->desk != NULL) {
        commit->desk->n_sending += is_sending(state);
        commit->desk->n_sending -= is_sending(commit->state);
    }
    commit->state = state;
}

/* ---- one object, one write at a time ---- */

/* TRUE: it is the first. */
static gboolean join_row(Commit *commit)
{
    GHashTable *rows = commit->cache->writing;
    GQueue *queue = g_hash_table_lookup(rows, &commit->row);

    if (queue == NULL) {
        queue = g_queue_new();
        g_hash_table_insert(rows, g_memdup2(&commit->row, sizeof commit->row), queue);
    }
    g_queue_push_tail(queue, commit);
    return queue->length == 1;
}

/* Returns the one whose turn it is now, or NULL. */
static Commit *leave_row(Commit *commit)
{
    GHashTable *rows = commit->cache->writing;
    GQueue *queue = g_hash_table_lookup(rows, &commit->row);
    gboolean was_first = queue != NULL && g_queue_peek_head(queue) == commit;

    if (queue == NULL)
        return NULL;
    g_queue_remove(queue, commit);
    if (!g_queue_is_empty(queue))
        return was_first ? g_queue_peek_head(queue) : NULL;
    g_hash_table_remove(rows, &commit->row);
    return NULL;
}

/* ---- the end ---- */

static void leave(Commit *commit)
{
    Commit *next = leave_row(commit);

    window_leave(commit);
    seat_drop(&commit->seat);
    if (commit->desk != NULL)
        desk_leave(commit->desk);
    commit->desk = NULL;
    if (next != NULL)
        commit_begin(next);
}

static void wake(Commit *commit)
{
    Cache *cache = commit->cache;

    if (commit->group != NULL)
        commit_group_ended(commit);
    else if (!commit->orphan && commit->waiter != NULL)
        cache->config.wake(cache->config.user_data, commit->waiter);
    else
        release(commit);
}

/* Where nobody can say what the service holds now, what we know of it is not to be shown any
   longer. */
void commit_end(Commit *commit, GError *error)
{
    Cache *cache = commit->cache;

    commit_set_state(commit, ENDED);
    commit->error = error;
    g_clear_handle_id(&commit->timer, g_source_remove);
    g_clear_handle_id(&commit->patience, g_source_remove);
    g_clear_handle_id(&commit->late, g_source_remove);
    if (error == NULL)
        cache->stats.commits++;
    else
        cache->stats.refused++;
    if (g_error_matches(error, API_ERROR, API_ERROR_UNKNOWN))
        cache_expire(cache, commit->row);
    else if (commit->intended)
        event_log_withdraw(cache->events, commit->row, commit->update.member, commit->update.value);
    leave(commit);
    wake(commit);
}

static gboolean on_soon(void *user_data)
{
    Commit *commit = user_data;

    commit->timer = 0;
    commit_end(commit, g_steal_pointer(&commit->result));
    return G_SOURCE_REMOVE;
}

void commit_end_soon(Commit *commit, GError *error)
{
    commit->result = error;
    commit->timer = g_timeout_add(0, on_soon, commit);
}

GError *commit_withdrawn(void)
{
    return api_error_new(API_ERROR_CANCELLED, 0, NULL, "withdrawn before it was sent");
}

/* ---- from outside ---- */

static gboolean on_deadline(void *user_data)
{
    Commit *commit = user_data;

    commit->late = 0;
    commit_is_late(commit);
    return G_SOURCE_REMOVE;
}

static void set_deadline(Commit *commit, gint64 deadline_us)
{
    gint64 left_us = deadline_us - cache_now(commit->cache);

    commit->deadline_us = deadline_us;
    if (deadline_us != 0)
        commit->late =
            g_timeout_add((guint)CLAMP(left_us / 1000 + 1, 0, G_MAXINT), on_deadline, commit);
}

static void copy_request(Commit *commit, const CommitRequest *request)
{
    commit->row = request->row;
    commit->update.member = g_strdup(request->member);
    commit->update.value = g_strdup(request->value);
    commit->update.amount = request->amount;
    commit->force = request->force;
    commit->is_there = request->is_there;
    commit->expected = g_strdup(request->expected);
    commit->command = g_strdup(request->author.command);
    commit->path = g_strdup(request->author.path);
    commit->author = request->author;
    commit->author.command = commit->command;
    commit->author.path = commit->path;
    commit->table = request->table;
    commit->undoes = request->undoes;
}

Commit *commit_start(Cache *cache, const CommitRequest *request, void *waiter)
{
    Commit *commit = g_new0(Commit, 1);

    commit->cache = cache;
    commit->waiter = waiter;
    commit->seat.owner = commit;
    copy_request(commit, request);
    commit->group = request->group;
    commit_group_join(commit);
    g_hash_table_add(cache->commits, commit);
    set_deadline(commit, request->deadline_us);
    if (join_row(commit))
        commit_begin(commit);
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

/* The journal is told, without anybody waiting for it. */
gboolean commit_withdraw(Commit *commit)
{
    g_autoptr(GError) why = commit_withdrawn();
    Verdict verdict = {.outcome = JOURNAL_WITHDRAWN, .error = why};

    if (commit->state >= READING_BACK || commit->again)
        return FALSE;
    if (commit->state == SENDING && !seat_leave(&commit->seat))
        return FALSE;
    commit->waiter = NULL;
    commit_group_leave(commit);
    if (commit->entry != 0)
        journal_settle(commit->cache->journal, commit->entry, &verdict, NULL, NULL);
    commit_end(commit, g_steal_pointer(&why));
    return TRUE;
}

void commit_free(Commit *commit)
{
    if (commit == NULL)
        return;
    commit->orphan = TRUE;
    release(commit);
}

GHashTable *commits_new(void)
{
    return g_hash_table_new_full(NULL, NULL, commit_destroy, NULL);
}

GHashTable *commits_of_rows_new(void)
{
    return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)g_queue_free);
}

/* What was surely not sent is settled; of the rest the next mount will find out. */
void commits_give_up(Cache *cache)
{
    g_autoptr(GError) why = commit_withdrawn();
    Verdict verdict = {.outcome = JOURNAL_WITHDRAWN, .error = why};
    GHashTableIter iter;
    Commit *commit;

    g_hash_table_iter_init(&iter, cache->commits);
    while (g_hash_table_iter_next(&iter, (void **)&commit, NULL)) {
        if (commit->state < SENDING || commit->state == ENDED)
            continue;
        if (commit->state == SENDING && !commit->again && seat_is_unsent(&commit->seat))
            journal_settle(cache->journal, commit->entry, &verdict, NULL, NULL);
        else
            cache_expire(cache, commit->row);
    }
}
