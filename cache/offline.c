/* SPDX-License-Identifier: MIT */
/*
 * offline.c - a client that answers every call with the same refusal, on the next turn of the loop.
 * As it stands where calls leave the cache, nothing above it has to know.
 */
#include "api/error.h"
#include "cache/internal.h"

typedef struct {
    guint64 id;
    AnswerFunc done;
    void *user_data;
} Refused;

struct Offline {
    GQueue calls; /* of Refused, oldest first */
    guint64 last_id;
    guint source;
};

GError *offline_error(void)
{
    return api_error_new(API_ERROR_OFFLINE, 0, NULL, "mounted offline; remount without offline");
}

/* Whoever is answered may ask again: that waits for the next turn. */
static gboolean refuse_all(void *user_data)
{
    Offline *offline = user_data;
    guint64 last_id = offline->last_id;
    g_autoptr(GError) error = offline_error();
    Refused *call;

    offline->source = 0;
    while ((call = g_queue_peek_head(&offline->calls)) && call->id <= last_id) {
        g_queue_pop_head(&offline->calls);
        call->done(call->user_data, NULL, error);
        g_free(call);
    }
    return G_SOURCE_REMOVE;
}

static guint64 offline_call(void *client, const Call *call, AnswerFunc done, void *user_data)
{
    Offline *offline = client;
    Refused *refused = g_new0(Refused, 1);

    (void)call;
    *refused = (Refused){++offline->last_id, done, user_data};
    g_queue_push_tail(&offline->calls, refused);
    if (offline->source == 0)
        offline->source = g_idle_add_full(G_PRIORITY_DEFAULT, refuse_all, offline, NULL);
    return refused->id;
}

static gboolean offline_withdraw(void *client, guint64 id)
{
    Offline *offline = client;

    for (GList *link = offline->calls.head; link; link = link->next) {
        Refused *call = link->data;
        if (call->id != id)
            continue;
        g_free(call);
        g_queue_delete_link(&offline->calls, link);
        return TRUE;
    }
    return FALSE;
}

Offline *offline_new(CacheConfig *config)
{
    Offline *offline = g_new0(Offline, 1);

    g_queue_init(&offline->calls);
    config->client = offline;
    config->call = offline_call;
    config->withdraw = offline_withdraw;
    config->held = NULL;
    config->stats = NULL;
    config->windows = NULL;
    return offline;
}

void offline_free(Offline *offline)
{
    if (!offline)
        return;
    g_clear_handle_id(&offline->source, g_source_remove);
    g_queue_clear_full(&offline->calls, g_free);
    g_free(offline);
}
