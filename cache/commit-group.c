/* SPDX-License-Identifier: MIT */
/* commit-group.c - one waiter for many commits. */
#include "cache/commit-private.h"

struct CommitGroup {
    Cache *cache;
    void *waiter;
    guint n_left; /* that have not ended */
    gboolean closed;
};

CommitGroup *commit_group_new(Cache *cache, void *waiter)
{
    CommitGroup *group = g_new0(CommitGroup, 1);

    group->cache = cache;
    group->waiter = waiter;
    return group;
}

void commit_group_join(Commit *commit)
{
    if (commit->group != NULL)
        commit->group->n_left++;
}

void commit_group_leave(Commit *commit)
{
    CommitGroup *group = g_steal_pointer(&commit->group);

    if (group != NULL)
        group->n_left--;
}

void commit_group_ended(Commit *commit)
{
    CommitGroup *group = commit->group;
    Cache *cache = group->cache;

    commit_group_leave(commit);
    if (group->closed && group->n_left == 0 && group->waiter != NULL)
        cache->config.wake(cache->config.user_data, group->waiter);
}

gboolean commit_group_close(CommitGroup *group)
{
    group->closed = TRUE;
    return group->n_left == 0;
}

/* Those under way go on, as without a waiter. */
void commit_group_free(CommitGroup *group)
{
    GHashTableIter iter;
    Commit *commit;

    if (group == NULL)
        return;
    g_hash_table_iter_init(&iter, group->cache->commits);
    while (g_hash_table_iter_next(&iter, (void **)&commit, NULL))
        if (commit->group == group)
            commit->group = NULL;
    g_free(group);
}
