/* SPDX-License-Identifier: MIT */
/* stage.c - who goes along with which call, and when a call goes. */
#include "cache/stage.h"

#include "api/error.h"
#include "cache/cut.h"

struct Stage {
    Cache *cache;
    StageType type;
    char *advertiser;
    void *user_data;
    GQueue batches;   /* of Batch, owned, in the order they were begun */
    Batch *gathering; /* one of them, or NULL */
    Batch *late;      /* whose deadline had passed when their turn came */
    guint timer;      /* of the one that gathers */
    guint late_source;
};

/* Gathering: call is 0. Queued: it is not, and the call was never sent. Sent: it may be under way,
   or back in the queue: the client knows. */
struct Batch {
    Stage *stage;
    GPtrArray *seats;
    guint64 call;
    gboolean sent;
    gboolean closed;          /* nobody joins it: it is a part of one that was refused */
    gint64 began_us, last_us; /* of this machine's clock, when the first and the last came */
    gint64 asked_us;
};

/* ---- batches ---- */

static Batch *batch_new(Stage *stage)
{
    Batch *batch = g_new0(Batch, 1);

    batch->stage = stage;
    batch->seats = g_ptr_array_new();
    batch->began_us = g_get_monotonic_time();
    return batch;
}

static void batch_free(void *data)
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

static void batch_end(Batch *batch)
{
    close_gathering(batch);
    g_queue_remove(&batch->stage->batches, batch);
    batch_free(batch);
}

static void sit_down(Batch *batch, Seat *seat)
{
    g_ptr_array_add(batch->seats, seat);
    seat->batch = batch;
    batch->last_us = g_get_monotonic_time();
}

static void get_up(Seat *seat)
{
    g_ptr_array_remove(seat->batch->seats, seat);
    seat->batch = NULL;
}

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
        get_up(seat);
        sit_down(stage->late, seat);
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

            get_up(seat);
            sit_down(batch, seat);
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
    *deadline_us = first_deadline(batch);
    return encode(batch);
}

/* ---- a call goes, and comes back ---- */

static void on_done(void *user_data, const Answer *answer, const GError *error);

static void issue(Batch *batch)
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
    batch->call = config->call(config->client, &call, on_done, batch);
}

/* One call for several ends when the first of them has no time left; the others have. */
static gboolean only_some_are_late(Batch *batch, const GError *error)
{
    guint n_late = 0;

    if (!g_error_matches(error, API_ERROR, API_ERROR_BUSY))
        return FALSE;
    for (guint i = 0; i < batch->seats->len; i++)
        n_late += is_late(batch, batch->seats->pdata[i]);
    return n_late > 0 && n_late < batch->seats->len;
}

static void on_done(void *user_data, const Answer *answer, const GError *error)
{
    Batch *batch = user_data;
    Stage *stage = batch->stage;

    if (only_some_are_late(batch, error)) {
        put_out_late(batch);
        issue(batch);
        return;
    }
    g_queue_remove(&stage->batches, batch);
    stage->type.answered(stage->user_data, batch, answer, error);
    batch_free(batch);
}

/* ---- who gathers, and for how long ---- */

static void set_timer(Stage *stage, const Batch *batch);

static gboolean on_timer(void *user_data)
{
    Stage *stage = user_data;
    const StageType *type = &stage->type;
    Batch *batch = stage->gathering;
    gint64 now_us = g_get_monotonic_time();
    gboolean quiet, patient;

    stage->timer = 0;
    quiet = now_us - batch->last_us >= type->quiet_ms * G_GINT64_CONSTANT(1000);
    patient = now_us - batch->began_us < type->most_ms * G_GINT64_CONSTANT(1000);
    if (patient && (!quiet || (type->expects != NULL && type->expects(stage->user_data))))
        set_timer(stage, batch);
    else
        issue(batch);
    return G_SOURCE_REMOVE;
}

static void set_timer(Stage *stage, const Batch *batch)
{
    gint64 now_us = g_get_monotonic_time();
    gint64 quiet_us = stage->type.quiet_ms * G_GINT64_CONSTANT(1000);
    gint64 most_us = batch->began_us + stage->type.most_ms * G_GINT64_CONSTANT(1000);
    gint64 next_us = batch->last_us + quiet_us;

    if (next_us <= now_us)
        next_us = now_us + quiet_us;
    next_us = MIN(next_us, most_us);
    stage->timer = g_timeout_add((guint)((MAX(next_us - now_us, 0) + 999) / 1000), on_timer, stage);
}

static Batch *begin(Stage *stage)
{
    Batch *batch = batch_new(stage);

    g_queue_push_tail(&stage->batches, batch);
    return batch;
}

void stage_flush(Stage *stage)
{
    if (stage->gathering != NULL)
        issue(stage->gathering);
}

void seat_take(Stage *stage, Seat *seat, gboolean at_once)
{
    Batch *batch = find_room(stage);

    g_assert(seat->batch == NULL);
    if (batch == NULL)
        batch = stage->gathering = begin(stage);
    sit_down(batch, seat);
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
    get_up(seat);
    if (was_sent && batch->seats->len > 0)
        issue(batch);
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
    get_up(seat);
    go_on(batch);
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
    get_up(seat);
    return seat->owner;
}

static void issue_part(Batch *batch, const guint *parts, guint part, GPtrArray *all)
{
    Batch *one = begin(batch->stage);

    one->closed = TRUE;
    for (guint i = 0; i < all->len; i++)
        if (parts[i] == part) {
            get_up(all->pdata[i]);
            sit_down(one, all->pdata[i]);
        }
    issue(one);
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

guint stage_waiting(const Stage *stage)
{
    guint n = 0;

    for (GList *link = stage->batches.head; link != NULL; link = link->next)
        if (!((const Batch *)link->data)->sent)
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
