/* SPDX-License-Identifier: MIT */
/* desk.c - desks and lanes are made when they are needed, and last as long as the cache. */
#include "cache/desk.h"

#include "api/encode.h"
#include "cache/commit-private.h"
#include "cache/later.h"

/* Between the waves of a crowd all have ended for a moment. */
enum { PROOFS = 2, IDLE_MS = 200 };
#define PAUSE_US (2 * G_USEC_PER_SEC)

static void lane_free(void *data)
{
    Lane *lane = data;

    stage_free(lane->sending);
    g_free(lane);
}

static void desk_free(void *data)
{
    Desk *desk = data;

    g_clear_handle_id(&desk->window_source, g_source_remove);
    g_clear_handle_id(&desk->idle_source, g_source_remove);
    g_queue_clear(&desk->waiting);
    stage_free(desk->reading);
    stage_free(desk->back);
    stage_free(desk->audits);
    stage_free(desk->doubts);
    g_hash_table_unref(desk->lanes);
    g_hash_table_unref(desk->later); /* nobody has a seat any more: no client is called */
    g_free(desk->advertiser_id);
    g_free(desk);
}

GHashTable *desks_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, desk_free);
}

static Stage *stage_of_reads(Desk *desk, const StageType *type)
{
    StageType own = *type;

    own.endpoint = endpoint_get_of(desk->kind);
    return stage_new(desk->cache, &own, desk->advertiser_id, desk);
}

static Desk *desk_new(Cache *cache, ObjectKind kind, const char *advertiser_id)
{
    Desk *desk = g_new0(Desk, 1);

    desk->cache = cache;
    desk->kind = kind;
    desk->advertiser_id = g_strdup(advertiser_id);
    desk->reading = stage_of_reads(desk, &commit_reading);
    desk->back = stage_of_reads(desk, &commit_reading_back);
    desk->audits = stage_of_reads(desk, &later_audits);
    desk->doubts = stage_of_reads(desk, &later_doubts);
    desk->lanes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, lane_free);
    desk->later = g_hash_table_new_full(NULL, NULL, later_free, NULL);
    return desk;
}

Desk *desk_of(Cache *cache, ObjectKind kind, const char *advertiser_id)
{
    g_autofree char *key = g_strdup_printf("%s/%d", advertiser_id, kind);
    Desk *desk = g_hash_table_lookup(cache->desks, key);

    if (desk == NULL) {
        desk = desk_new(cache, kind, advertiser_id);
        g_hash_table_insert(cache->desks, g_steal_pointer(&key), desk);
    }
    return desk;
}

Lane *lane_of(Desk *desk, const Update *update)
{
    UpdateCall call = update_call(update);
    g_autofree char *key = g_strdup_printf("%d/%s", call.endpoint, call.word);
    Lane *lane = g_hash_table_lookup(desk->lanes, key);
    StageType type = commit_sending;

    if (lane != NULL)
        return lane;
    type.endpoint = call.endpoint;
    type.most = call.most;
    lane = g_new0(Lane, 1);
    lane->desk = desk;
    lane->sending = stage_new(desk->cache, &type, desk->advertiser_id, lane);
    g_hash_table_insert(desk->lanes, g_steal_pointer(&key), lane);
    return lane;
}

static gboolean on_idle(void *user_data)
{
    Desk *desk = user_data;

    desk->idle_source = 0;
    if (desk->n_active == 0)
        stage_flush(desk->audits);
    return G_SOURCE_REMOVE;
}

void desk_enter(Desk *desk)
{
    desk->n_active++;
    g_clear_handle_id(&desk->idle_source, g_source_remove);
}

void desk_leave(Desk *desk)
{
    if (--desk->n_active == 0)
        desk->idle_source = g_timeout_add(IDLE_MS, on_idle, desk);
}

static gboolean is_after_pause(const Lane *lane)
{
    return cache_now(lane->desk->cache) - lane->answered_us > PAUSE_US;
}

gboolean lane_is_crowded(const Lane *lane)
{
    return lane->crowd && !is_after_pause(lane);
}

void lane_answered(Lane *lane, guint n)
{
    if (is_after_pause(lane))
        lane->proofs = 0;
    lane->answered_us = cache_now(lane->desk->cache);
    lane->crowd = n > 1 || stage_waiting(lane->sending) > 0;
}

gboolean lane_is_trusted(const Lane *lane)
{
    return lane->crowd && lane->proofs >= PROOFS && !lane->distrusted;
}

char *desk_query(const Desk *desk, const char *const *ids, guint n)
{
    return encode_list(desk->kind, desk->advertiser_id, ids, 1, n);
}
