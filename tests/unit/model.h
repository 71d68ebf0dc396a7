/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * model.h - a cache, the service below it and whoever asks above it, one step at a time.
 *
 * Nothing runs by itself, so that a seed says all: the writer's thread is plugged by a job that
 * waits, and runs what is queued when the model lets it; the loop turns when the model turns it;
 * clocks stand still in between; timers of commits ring when they are told to.
 */
#include <signal.h>
#include <stdio.h>

#include "cache/commit-private.h"
#include "cache/internal.h"
#include "cache/listing.h"
#include "tests/unit/model-world.h"

#define MODEL_SECOND ((gint64)G_USEC_PER_SEC)

enum { N_WAITERS = 6, N_HISTORY = 50, MODEL_TTL_S = 300, MODEL_POLL_S = 60 };

typedef struct {
    Thing *thing;
    guint64 version;
} Shown;

/* One page of a round, as it was delivered. */
typedef struct {
    guint number;
    gboolean good; /* it can be part of a whole list */
    gint64 total, total_page;
    GArray *rows; /* of Shown */
    guint64 asked, served;
} PageSeen;

typedef struct {
    guint64 asked, first_served;
    GPtrArray *pages; /* of PageSeen */
} Round;

/* A listing, as the model knows it. */
typedef struct {
    ListingKind kind;
    Thing *owner;
    gint64 row;
    gboolean flying;
    Round *round;           /* the last that began, or NULL */
    Round *base;            /* the last that was complete, or NULL */
    guint rounds, restarts; /* of this flight */
    gboolean hurried;       /* page 1 was withdrawn, and is asked for again, ahead */
    gboolean expired, doubtful;
    gboolean refreshed;           /* wanted anew since it was asked for */
    guint64 refreshed_at;         /* moment */
    guint64 expired_at, ended_at; /* moments */
    GError *error;
    gint64 flight_failed_us; /* of the flight, when it ended last */
    gint64 failed_us, since_us, settled_us, fetched_us;
} Watch;

typedef struct {
    guint64 id, asked;
    EndpointId endpoint;
    char *query, *body;
    AnswerFunc done;
    char *(*prepare)(void *user_data, gint64 *deadline_us); /* its turn has not come */
    void *user_data;
    gint64 deadline_us;
    Watch *watch; /* of a list; NULL: it is for commits */
    Round *round;
    PageSeen *seen;
    gboolean sent;
    Answer answer;
    GError *error;   /* in its place */
    GPtrArray *some; /* of Thing: asked for by their ids, and not in the answer */
} ModelCall;

typedef struct CommitRecord CommitRecord;

/* What the cache wakes. */
typedef struct {
    CommitRecord *commit; /* NULL: it waits for a listing */
    guint number;
    gboolean waiting;
    ListingKind kind;
    gint64 row, began_us;
    Thing *thing; /* it waits for this one alone; NULL: for all */
} ModelWaiter;

struct CommitRecord {
    ModelWaiter waiter;
    Commit *commit;
    Thing *thing;
    gint64 row;
    const char *member;
    guint budget;
    gboolean enabled;
    const char *name;
    guint64 started, applied; /* moments; applied 0: not */
    guint woken;
    gboolean ended, withdrawn, orphan;
};

typedef struct {
    GMutex lock;
    GCond turn;
    gboolean plugged, release, ran;
} Plug;

/* What is known of the service as a whole. */
typedef struct {
    gboolean out, unsure;
    gboolean singles; /* some are asked for by their ids: how that ends is not followed */
    gint64 ended_us;  /* when a fetch said so */
    gint64 last_us;   /* out: when one said so last, or the service was asked to see */
} Reach;

typedef struct {
    World world;
    GRand *rand;
    guint seed, step, n_steps;
    char *dir;
    Cache *cache;
    CacheConfig config;
    Clock clock;
    gint64 mono, wall, base_s;
    Plug plug;
    sqlite3 *db;      /* what is in the file, for the rules of the store */
    GPtrArray *calls; /* of ModelCall, under way */
    guint64 n_calls, n_hits, n_failures, n_ends, n_commits, n_kept;
    GPtrArray *watches; /* of Watch */
    GPtrArray *commits; /* of CommitRecord */
    GHashTable *rows;   /* every row that was ever shown -> key of its thing */
    ModelWaiter waiters[N_WAITERS];
    guint sick, page_rows; /* percent of answers with a fault */
    gboolean outage;
    Reach reach;
    guint64 op_began; /* moment */
    char *history[N_HISTORY];
} Model;

static Model *the_model; /* for who catches signals */

/* ---- what was done ---- */

G_GNUC_PRINTF(2, 3)
static inline void model_note(Model *model, const char *format, ...)
{
    char **place = &model->history[model->n_kept++ % N_HISTORY];
    g_autofree char *text = NULL;
    va_list args;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    if (g_getenv("MODEL_TRACE"))
        fprintf(stderr, "# %6u  %" G_GUINT64_FORMAT "  %s\n", model->step, model->world.moment,
                text);
    g_free(*place);
    *place =
        g_strdup_printf("%6u  %" G_GUINT64_FORMAT "  %s", model->step, model->world.moment, text);
}

static inline void model_print_history(const Model *model)
{
    guint64 first = model->n_kept > N_HISTORY ? model->n_kept - N_HISTORY : 0;

    fprintf(stderr, "# the last of %u steps (step, moment):\n", model->step);
    for (guint64 i = first; i < model->n_kept; i++)
        fprintf(stderr, "# %s\n", model->history[i % N_HISTORY]);
    fprintf(stderr, "# again: MODEL_SEED=%u MODEL_STEPS=%u\n", model->seed, model->step + 1);
}

G_GNUC_PRINTF(2, 3)
G_GNUC_NORETURN static inline void model_fail(Model *model, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list args;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    fprintf(stderr, "# the model: %s\n", text);
    abort();
}

static inline void model_on_signal(int number)
{
    signal(number, SIG_DFL);
    model_print_history(the_model);
    raise(number);
}

/* ---- chance ---- */

static inline guint model_any(Model *model, guint n)
{
    return n > 1 ? (guint)g_rand_int_range(model->rand, 0, (gint32)n) : 0;
}

static inline gboolean model_chance(Model *model, guint percent)
{
    return model_any(model, 100) < percent;
}

static inline void *model_pick(Model *model, const GPtrArray *all)
{
    return all->len > 0 ? all->pdata[model_any(model, all->len)] : NULL;
}

/* ---- time ---- */

static inline guint64 model_tick(Model *model)
{
    model->mono++;
    model->wall++;
    return world_tick(&model->world);
}

static inline gint64 model_mono(void *user_data)
{
    return ((Model *)user_data)->mono;
}

static inline gint64 model_wall(void *user_data)
{
    return ((Model *)user_data)->wall;
}

/* ---- rounds and listings ---- */

static inline void page_seen_free(void *data)
{
    g_array_unref(((PageSeen *)data)->rows);
    g_free(data);
}

static inline void round_clear(void *data)
{
    g_ptr_array_unref(((Round *)data)->pages);
}

static inline Round *round_new(guint64 asked)
{
    Round *round = g_rc_box_new0(Round);

    round->asked = asked;
    round->pages = g_ptr_array_new_with_free_func(page_seen_free);
    return round;
}

static inline void round_unref(Round *round)
{
    if (round)
        g_rc_box_release_full(round, round_clear);
}

static inline void round_set(Round **place, Round *round)
{
    if (round)
        g_rc_box_acquire(round);
    round_unref(*place);
    *place = round;
}

static inline Flight *watch_flight(const Model *model, const Watch *watch)
{
    gint64 key = watch->row << 4 | watch->kind;

    /* The flight is the first member of a collection. */
    return g_hash_table_lookup(model->cache->collections, &key);
}

static inline Watch *model_find_watch(const Model *model, ListingKind kind, const Thing *owner)
{
    for (guint i = 0; i < model->watches->len; i++) {
        Watch *watch = model->watches->pdata[i];
        if (watch->kind == kind && watch->owner == owner)
            return watch;
    }
    return NULL;
}

/* Nothing of it is known any more. */
static inline void watch_reset(Watch *watch, gint64 row)
{
    round_set(&watch->round, NULL);
    round_set(&watch->base, NULL);
    g_clear_error(&watch->error);
    watch->row = row;
    watch->flying = watch->expired = watch->doubtful = watch->refreshed = FALSE;
    watch->rounds = watch->restarts = 0;
    watch->hurried = FALSE;
    watch->since_us = watch->settled_us = G_MININT64;
    watch->fetched_us = 0;
}

static inline Watch *model_watch(Model *model, ListingKind kind, Thing *owner, gint64 row)
{
    Watch *watch = model_find_watch(model, kind, owner);

    if (!watch) {
        watch = g_new0(Watch, 1);
        watch->kind = kind;
        watch->owner = owner;
        watch_reset(watch, row);
        g_ptr_array_add(model->watches, watch);
    }
    if (watch->row != row)
        watch_reset(watch, row);
    return watch;
}

static inline void watch_free(void *data)
{
    watch_reset(data, 0);
    g_free(data);
}

/* ---- the writer's thread ---- */

static inline gboolean plug_run(sqlite3 *db, void *job, GError **error)
{
    Plug *plug = job;

    g_mutex_lock(&plug->lock);
    plug->plugged = TRUE;
    g_cond_broadcast(&plug->turn);
    while (!plug->release)
        g_cond_wait(&plug->turn, &plug->lock);
    plug->release = plug->plugged = FALSE;
    g_mutex_unlock(&plug->lock);
    return TRUE;
}

static inline gboolean plug_last(sqlite3 *db, void *job, GError **error)
{
    Plug *plug = job;

    g_mutex_lock(&plug->lock);
    plug->ran = TRUE;
    g_cond_broadcast(&plug->turn);
    g_mutex_unlock(&plug->lock);
    return TRUE;
}

static inline void model_plug(Model *model)
{
    static const JobType job = {plug_run, NULL, NULL};
    Plug *plug = &model->plug;

    writer_push(model->cache->writer, &job, plug, TRUE);
    g_mutex_lock(&plug->lock);
    while (!plug->plugged)
        g_cond_wait(&plug->turn, &plug->lock);
    g_mutex_unlock(&plug->lock);
}

static inline void model_unplug(Model *model)
{
    g_mutex_lock(&model->plug.lock);
    model->plug.release = TRUE;
    g_cond_broadcast(&model->plug.turn);
    g_mutex_unlock(&model->plug.lock);
}

/* The writer does all that is queued; the loop does not know yet. */
static inline void model_write(Model *model)
{
    static const JobType job = {plug_last, NULL, NULL};
    Plug *plug = &model->plug;

    plug->ran = FALSE;
    writer_push(model->cache->writer, &job, plug, FALSE);
    model_unplug(model);
    g_mutex_lock(&plug->lock);
    while (!plug->ran)
        g_cond_wait(&plug->turn, &plug->lock);
    g_mutex_unlock(&plug->lock);
    model_plug(model);
}

/* ---- the loop ---- */

static inline void set_ring(guint id, gint64 at)
{
    GSource *source = id ? g_main_context_find_source_by_id(NULL, id) : NULL;

    if (source)
        g_source_set_ready_time(source, at);
}

/* at -1: no timer of a commit rings by itself; 0: it rings. The one of QUEUED is that of one that
   is refused at once. */
static inline void model_set_timers(Model *model, gboolean lag, gboolean patience, gint64 at)
{
    GHashTableIter iter;
    Commit *commit;

    g_hash_table_iter_init(&iter, model->cache->commits);
    while (g_hash_table_iter_next(&iter, (void **)&commit, NULL)) {
        if (commit->state == QUEUED)
            continue;
        if (lag)
            set_ring(commit->timer, at);
        if (patience)
            set_ring(commit->patience, at);
    }
}

/* What they are about to send is on its way to the disk, which takes what time it takes. */
static inline gboolean is_journal_awaited(const Model *model)
{
    GHashTableIter iter;
    Commit *commit;

    g_hash_table_iter_init(&iter, model->cache->commits);
    while (g_hash_table_iter_next(&iter, (void **)&commit, NULL))
        if (commit->state == INTENDING)
            return TRUE;
    return FALSE;
}

static inline void model_turn(Model *model)
{
    while (g_main_context_iteration(NULL, is_journal_awaited(model)))
        model_set_timers(model, TRUE, TRUE, -1);
    store_catch_up(model->cache->store);
}

/* What is gathered for a call goes. */
static inline void model_flush(Model *model)
{
    GHashTableIter desks, lanes;
    Desk *desk;
    Lane *lane;

    g_hash_table_iter_init(&desks, model->cache->desks);
    while (g_hash_table_iter_next(&desks, NULL, (void **)&desk)) {
        stage_flush(desk->reading);
        stage_flush(desk->back);
        g_hash_table_iter_init(&lanes, desk->lanes);
        while (g_hash_table_iter_next(&lanes, NULL, (void **)&lane))
            stage_flush(lane->sending);
    }
}
