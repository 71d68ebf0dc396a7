/* SPDX-License-Identifier: MIT */
/* stage.c - who goes along with which call, and when a call goes. */
#include "cache/stage-private.h"

static gboolean has_room(const Batch *batch)
{
    return !batch->sent && !batch->closed && batch->seats->len < batch->stage->type.most;
}

static Batch *find_room(const Stage *stage)
{
    for (GList *link = stage->batches.head; link != NULL; link = link->next)
        if (has_room(link->data))
            return link->data;
    return NULL;
}

/* ---- who gathers, and for how long ---- */

enum { PATIENCE = 20 }; /* of those who are patient, as many times most_ms */

static void set_timer(Stage *stage, const Batch *batch);

static gboolean is_patient(const Batch *batch)
{
    for (guint i = 0; i < batch->seats->len; i++)
        if (!((const Seat *)batch->seats->pdata[i])->patient)
            return FALSE;
    return TRUE;
}

static gint64 longest_us(const Batch *batch)
{
    gint64 most_us = batch->stage->type.most_ms * G_GINT64_CONSTANT(1000);

    return is_patient(batch) ? most_us * PATIENCE : most_us;
}

static gboolean expects(const Batch *batch)
{
    const Stage *stage = batch->stage;

    return stage->type.expects != NULL && stage->type.expects(stage->user_data, is_patient(batch));
}

static gboolean on_timer(void *user_data)
{
    Stage *stage = user_data;
    const StageType *type = &stage->type;
    Batch *batch = stage->gathering;
    gint64 now_us = g_get_monotonic_time();
    gboolean quiet, patient;

    stage->timer = 0;
    quiet = now_us - batch->last_us >= type->quiet_ms * G_GINT64_CONSTANT(1000);
    patient = now_us - batch->began_us < longest_us(batch);
    if (patient && (!quiet || expects(batch)))
        set_timer(stage, batch);
    else
        batch_issue(batch);
    return G_SOURCE_REMOVE;
}

static void set_timer(Stage *stage, const Batch *batch)
{
    gint64 now_us = g_get_monotonic_time();
    gint64 quiet_us = stage->type.quiet_ms * G_GINT64_CONSTANT(1000);
    gint64 most_us = batch->began_us + longest_us(batch);
    gint64 next_us = batch->last_us + quiet_us;

    if (next_us <= now_us)
        next_us = now_us + quiet_us;
    next_us = MIN(next_us, most_us);
    stage->timer = g_timeout_add((guint)((MAX(next_us - now_us, 0) + 999) / 1000), on_timer, stage);
}

void stage_flush(Stage *stage)
{
    if (stage->gathering != NULL)
        batch_issue(stage->gathering);
}

void seat_take(Stage *stage, Seat *seat, gboolean at_once)
{
    Batch *batch = find_room(stage);

    g_assert(seat->batch == NULL);
    if (batch == NULL)
        batch = stage->gathering = batch_begin(stage);
    batch_sit(batch, seat);
    if (batch != stage->gathering)
        return;
    if (at_once || !has_room(batch))
        stage_flush(stage);
    else if (stage->timer == 0)
        set_timer(stage, batch);
}

/* ---- leaving ---- */

/* TRUE: nothing of it is under way. */
static gboolean take_back(Batch *batch)
{
    const CacheConfig *config = &batch->stage->cache->config;

    if (!batch->sent)
        return TRUE;
    if (!config->withdraw(config->client, batch->call))
        return FALSE;
    batch->call = 0;
    batch->sent = FALSE;
    return TRUE;
}

/* After somebody left: a call for nobody need not wait for its turn. */
static void go_on(Batch *batch)
{
    const CacheConfig *config = &batch->stage->cache->config;

    if (batch == batch->stage->late)
        return;
    if (batch->seats->len > 0)
        return;
    if (batch->call == 0 || config->withdraw(config->client, batch->call))
        batch_end(batch);
}

gboolean seat_leave(Seat *seat)
{
    Batch *batch = seat->batch;
    gboolean was_sent;

    if (batch == NULL)
        return TRUE;
    was_sent = batch->sent;
    if (!take_back(batch))
        return FALSE;
    seat_get_up(seat);
    if (was_sent && batch->seats->len > 0)
        batch_issue(batch);
    else
        go_on(batch);
    return TRUE;
}

gboolean seat_is_unsent(const Seat *seat)
{
    return seat->batch == NULL || !seat->batch->sent;
}

void seat_drop(Seat *seat)
{
    Batch *batch = seat->batch;

    if (batch == NULL)
        return;
    seat_get_up(seat);
    go_on(batch);
}

/* ---- how many ---- */

guint stage_waiting(const Stage *stage)
{
    guint n = 0;

    for (GList *link = stage->batches.head; link != NULL; link = link->next)
        if (!((const Batch *)link->data)->sent)
            n += ((const Batch *)link->data)->seats->len;
    return n;
}

guint stage_sitting(const Stage *stage)
{
    guint n = 0;

    for (GList *link = stage->batches.head; link != NULL; link = link->next)
        n += ((const Batch *)link->data)->seats->len;
    return n;
}

/* ---- life ---- */

Stage *stage_new(Cache *cache, const StageType *type, const char *advertiser, void *user_data)
{
    Stage *stage = g_new0(Stage, 1);

    stage->cache = cache;
    stage->type = *type;
    stage->advertiser = g_strdup(advertiser);
    stage->user_data = user_data;
    g_queue_init(&stage->batches);
    stage->late = batch_new(stage);
    return stage;
}

void stage_free(Stage *stage)
{
    if (stage == NULL)
        return;
    g_clear_handle_id(&stage->timer, g_source_remove);
    g_clear_handle_id(&stage->late_source, g_source_remove);
    g_queue_clear_full(&stage->batches, batch_free);
    batch_free(stage->late);
    g_free(stage->advertiser);
    g_free(stage);
}
