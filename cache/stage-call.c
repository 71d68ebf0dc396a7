/* SPDX-License-Identifier: MIT */
/* stage-call.c - a call for those who sit together: its turn, its answer, its parts. */
#include "api/error.h"
#include "cache/cut.h"
#include "cache/stage-private.h"

/* ---- batches ---- */

Batch *batch_new(Stage *stage)
{
    Batch *batch = g_new0(Batch, 1);

    batch->stage = stage;
    batch->seats = g_ptr_array_new();
    batch->began_us = g_get_monotonic_time();
    return batch;
}

void batch_free(void *data)
{
    Batch *batch = data;

    for (guint i = 0; i < batch->seats->len; i++)
        ((Seat *)batch->seats->pdata[i])->batch = NULL;
    g_ptr_array_unref(batch->seats);
    g_free(batch);
}

/* It does not gather any more. */
static void close_gathering(Batch *batch)
{
    Stage *stage = batch->stage;

    if (stage->gathering != batch)
        return;
    stage->gathering = NULL;
    g_clear_handle_id(&stage->timer, g_source_remove);
}

void batch_end(Batch *batch)
{
    close_gathering(batch);
    g_queue_remove(&batch->stage->batches, batch);
    batch_free(batch);
}

void batch_sit(Batch *batch, Seat *seat)
{
    g_ptr_array_add(batch->seats, seat);
    seat->batch = batch;
    batch->last_us = g_get_monotonic_time();
}

void seat_get_up(Seat *seat)
{
    g_ptr_array_remove(seat->batch->seats, seat);
    seat->batch = NULL;
}

Batch *batch_begin(Stage *stage)
{
    Batch *batch = batch_new(stage);

    g_queue_push_tail(&stage->batches, batch);
    return batch;
}

/* ---- a call's turn ---- */

static gboolean is_late(const Batch *batch, const Seat *seat)
{
    return seat->deadline_us != 0 && seat->deadline_us <= cache_now(batch->stage->cache);
}

static gboolean end_late(void *user_data)
{
    Stage *stage = user_data;
    void *owner;

    stage->late_source = 0;
    while ((owner = batch_next(stage->late)) != NULL)
        stage->type.late(owner);
    return G_SOURCE_REMOVE;
}

static void put_out_late(Batch *batch)
{
    Stage *stage = batch->stage;

    for (guint i = batch->seats->len; i-- > 0;) {
        Seat *seat = batch->seats->pdata[i];

        if (!is_late(batch, seat))
            continue;
        seat_get_up(seat);
        batch_sit(stage->late, seat);
        if (stage->late_source == 0)
            stage->late_source = g_idle_add_full(G_PRIORITY_DEFAULT, end_late, stage, NULL);
    }
}

/* Those who came after it; the calls of these find nobody, perhaps. */
static void fill_up(Batch *batch)
{
    Stage *stage = batch->stage;

    for (GList *link = stage->batches.head, *next; link != NULL && !batch->closed; link = next) {
        Batch *other = link->data;

        next = link->next;
        if (other == batch || other->sent || other->closed)
            continue;
        while (other->seats->len > 0 && batch->seats->len < stage->type.most) {
            Seat *seat = other->seats->pdata[0];

            seat_get_up(seat);
            batch_sit(batch, seat);
        }
        if (other == stage->gathering && other->seats->len == 0)
            batch_end(other);
    }
}

static gint64 first_deadline(const Batch *batch)
{
    gint64 first_us = G_MAXINT64;

    for (guint i = 0; i < batch->seats->len; i++) {
        gint64 deadline_us = ((const Seat *)batch->seats->pdata[i])->deadline_us;

        if (deadline_us != 0)
            first_us = MIN(first_us, deadline_us);
    }
    return first_us == G_MAXINT64 ? 0 : first_us;
}

static char *encode(const Batch *batch)
{
    g_autoptr(GPtrArray) owners = g_ptr_array_sized_new(batch->seats->len);

    for (guint i = 0; i < batch->seats->len; i++)
        g_ptr_array_add(owners, ((const Seat *)batch->seats->pdata[i])->owner);
    return batch->stage->type.encode(batch->stage->user_data, owners);
}

/* As Call.prepare has it. */
static char *prepare(void *user_data, gint64 *deadline_us)
{
    Batch *batch = user_data;

    put_out_late(batch);
    fill_up(batch);
    put_out_late(batch);
    if (batch->seats->len == 0) {
        batch_end(batch);
        return NULL;
    }
    batch->sent = TRUE;
    batch->asked_us = cache_now(batch->stage->cache);
    *deadline_us = batch->deadline_us = first_deadline(batch);
    return encode(batch);
}

/* ---- a call goes, and comes back ---- */

static void on_done(void *user_data, const Answer *answer, const GError *error);

void batch_issue(Batch *batch)
{
    Stage *stage = batch->stage;
    const CacheConfig *config = &stage->cache->config;
    Call call = {.endpoint = stage->type.endpoint,
                 .prepare = prepare,
                 .priority = stage->type.priority,
                 .advertiser = stage->advertiser,
                 .deadline_us = first_deadline(batch)};

    close_gathering(batch);
    batch->sent = FALSE;
    batch->deadline_us = call.deadline_us;
    batch->call = config->call(config->client, &call, on_done, batch);
}

/* One call for several ends when the first of them, who may have left, has no time left; the others
   have. */
static gboolean only_some_are_late(Batch *batch, const GError *error)
{
    guint n_late = 0;

    if (!g_error_matches(error, API_ERROR, API_ERROR_BUSY) || batch->deadline_us == 0 ||
        batch->deadline_us > cache_now(batch->stage->cache))
        return FALSE;
    for (guint i = 0; i < batch->seats->len; i++)
        n_late += is_late(batch, batch->seats->pdata[i]);
    return n_late < batch->seats->len;
}

static void on_done(void *user_data, const Answer *answer, const GError *error)
{
    Batch *batch = user_data;
    Stage *stage = batch->stage;

    if (only_some_are_late(batch, error)) {
        put_out_late(batch);
        batch_issue(batch);
        return;
    }
    g_queue_remove(&stage->batches, batch);
    stage->type.answered(stage->user_data, batch, answer, error);
    batch_free(batch);
}

/* ---- within answered() ---- */

gint64 batch_asked_us(const Batch *batch)
{
    return batch->asked_us;
}

guint batch_size(const Batch *batch)
{
    return batch->seats->len;
}

void *batch_next(Batch *batch)
{
    Seat *seat;

    if (batch->seats->len == 0)
        return NULL;
    seat = batch->seats->pdata[0];
    seat_get_up(seat);
    return seat->owner;
}

static void issue_part(Batch *batch, const guint *parts, guint part, GPtrArray *all)
{
    Batch *one = batch_begin(batch->stage);

    one->closed = TRUE;
    for (guint i = 0; i < all->len; i++)
        if (parts[i] == part) {
            seat_get_up(all->pdata[i]);
            batch_sit(one, all->pdata[i]);
        }
    batch_issue(one);
}

gboolean batch_split(Batch *batch, const char *text, SeatIdFunc id)
{
    guint n = batch->seats->len, n_parts;
    g_autofree const char **ids = g_new(const char *, n + 1);
    g_autofree guint *parts = g_new(guint, n + 1);
    g_autoptr(GPtrArray) all = NULL;

    if (n < 2)
        return FALSE;
    all = g_ptr_array_copy(batch->seats, NULL, NULL);
    for (guint i = 0; i < n; i++)
        ids[i] = id(((const Seat *)all->pdata[i])->owner);
    n_parts = cut_parts(ids, n, text, parts);
    for (guint part = 0; part < n_parts; part++)
        issue_part(batch, parts, part, all);
    return TRUE;
}
