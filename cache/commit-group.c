/* SPDX-License-Identifier: MIT */
/* commit-group.c - several commits that one waiter waits for. */
#include "cache/commit-private.h"

struct CommitGroup {
    Cache *cache;
    void *waiter;
    guint under_way;
    gboolean closed, orphan; /* orphan: it goes with its last commit */
};

CommitGroup *commit_group_new(Cache *cache, void *waiter)
{
    CommitGroup *group = g_new0(CommitGroup, 1);

    group->cache = cache;
    group->waiter = waiter;
    return group;
}

void commit_group_add(CommitGroup *group)
{
    group->under_way++;
}

void commit_group_ended(CommitGroup *group)
{
    const CacheConfig *config = &group->cache->config;

    if (--group->under_way > 0)
        return;
    if (group->orphan)
        g_free(group);
    else if (group->closed && group->waiter != NULL)
        config->wake(config->user_data, group->waiter);
}

gboolean commit_group_close(CommitGroup *group)
{
    group->closed = TRUE;
    return group->under_way == 0;
}

void commit_group_free(CommitGroup *group)
{
    if (group == NULL)
        return;
    group->orphan = TRUE;
    if (group->under_way == 0)
        g_free(group);
}
