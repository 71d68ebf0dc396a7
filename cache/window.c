/* SPDX-License-Identifier: MIT */
/*
 * window.c - what a full replacement sends back was read a short while ago, however many wait.
 *
 * Of thousands that are written together each would be read at once, and the last of them sent many
 * minutes later: whatever somebody else has changed meanwhile would be set back. So only so many at
 * a time are between their reading and the update's answer. Half of them begin together, so that
 * they are read together.
 */
#include "api/encode.h"
#include "cache/commit-private.h"

enum { MOST = FILTER_IDS_MAX };

static gboolean on_room(void *user_data)
{
    Desk *desk = user_data;
    Commit *commit;

    desk->window_source = 0;
    while (desk->n_replacing < MOST && (commit = g_queue_pop_head(&desk->waiting)) != NULL) {
        commit->waits = FALSE;
        window_enter(commit);
    }
    return G_SOURCE_REMOVE;
}

void window_enter(Commit *commit)
{
    Desk *desk = commit->desk;

    if (desk->n_replacing >= MOST) {
        commit->waits = TRUE;
        g_queue_push_tail(&desk->waiting, commit);
        return;
    }
    commit->replaces = TRUE;
    desk->n_replacing++;
    commit_read_first(commit);
}

void window_leave(Commit *commit)
{
    Desk *desk = commit->desk;

    if (desk == NULL)
        return;
    if (commit->waits)
        g_queue_remove(&desk->waiting, commit);
    desk->n_replacing -= commit->replaces;
    commit->waits = commit->replaces = FALSE;
    if (desk->n_replacing <= MOST / 2 && desk->waiting.length > 0 && desk->window_source == 0)
        desk->window_source = g_idle_add_full(G_PRIORITY_DEFAULT, on_room, desk, NULL);
}
