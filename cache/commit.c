/* SPDX-License-Identifier: MIT */
/* commit.c - the life of one write, from whoever wants it to how it ended. */
#include "cache/commit-private.h"

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
void commit_release(Commit *commit)
{
    if (commit->state == ENDED && commit->orphan && !commit->in_call)
        g_hash_table_remove(commit->cache->commits, commit);
}

/* takes error; NULL: it is done. Where nobody can say what the service holds now, what we know of
   it is not to be shown any longer. */
void commit_end(Commit *commit, GError *error)
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
    else if (commit->intended)
        event_log_withdraw(cache->events, commit->row, commit->update.member, commit->update.value);
    if (commit->group != NULL)
        commit_group_ended(g_steal_pointer(&commit->group));
    if (commit->orphan)
        commit_release(commit);
    else if (commit->waiter != NULL)
        cache->config.wake(cache->config.user_data, commit->waiter);
}

GError *commit_withdrawn(void)
{
    return api_error_new(API_ERROR_CANCELLED, 0, NULL, "withdrawn before it was sent");
}

/* ---- from outside ---- */

static gboolean on_vanished(void *user_data)
{
    commit_end(user_data, api_error_new(API_ERROR_NOT_FOUND, 0, NULL, "the object is gone"));
    return G_SOURCE_CONTINUE; /* removed already */
}

/* Of two for one object, the one's answer may be older than what was read for the other. */
static void note_company(Commit *commit)
{
    GHashTableIter iter;
    Commit *other;

    g_hash_table_iter_init(&iter, commit->cache->commits);
    while (g_hash_table_iter_next(&iter, (void **)&other, NULL))
        if (other->row == commit->row && other->state != ENDED)
            other->crowded = commit->crowded = TRUE;
}

Commit *commit_start(Cache *cache, const CommitRequest *request, void *waiter)
{
    const Row *row = cache_row(cache, request->row);
    Commit *commit = g_new0(Commit, 1);

    commit->cache = cache;
    commit->waiter = waiter;
    commit->group = request->group;
    if (commit->group != NULL)
        commit_group_add(commit->group);
    commit->row = request->row;
    commit->update.member = g_strdup(request->member);
    commit->update.value = g_strdup(request->value);
    commit->update.amount = request->amount;
    commit->max_increase = request->max_increase;
    commit->deadline_us = request->deadline_us;
    note_company(commit);
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

gboolean commit_withdraw(Commit *commit)
{
    const CacheConfig *config = &commit->cache->config;
    gboolean gone;

    if (commit->again || (commit->state != READING && commit->state != SENDING))
        return FALSE;
    gone = config->withdraw(config->client, commit->call);
    if (!gone && commit->state == SENDING)
        return FALSE;
    commit->waiter = NULL;
    commit->withdrawn = TRUE;
    if (gone) {
        commit->in_call = FALSE;
        commit_end(commit, commit_withdrawn());
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
