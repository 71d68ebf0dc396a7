/* SPDX-License-Identifier: MIT */
#pragma once

/* model-life.h - commits, mounts, and the rest in which cache and service must be the same. */
#include "tests/unit/model-changes.h"

/* ---- commits ---- */

static inline void record_free(void *data)
{
    g_free(data);
}

/* What nobody hears of may have ended in doubt, and made old what was known. */
static inline void prune_records(Model *model)
{
    for (guint i = model->commits->len; i-- > 0;) {
        CommitRecord *record = model->commits->pdata[i];
        Watch *watch = watch_of_record(model, record);
        gboolean there = g_hash_table_contains(model->cache->commits, record->commit);
        if (!record->orphan)
            continue;
        if (watch && !record->ended && (!there || record->commit->state == ENDED)) {
            watch->doubtful = TRUE;
            watch->restarts++;
            record->ended = TRUE;
        }
        if (!there)
            g_ptr_array_remove_index(model->commits, i);
    }
}

/* The first body since it began that has the value. 0: none. */
static inline guint64 find_held(const CommitRecord *record)
{
    const GArray *versions = record->thing->versions;

    if (record->applied)
        return record->applied;
    for (guint i = 0; i < versions->len; i++) {
        const Version *version = &g_array_index(versions, Version, i);
        guint64 end = i + 1 < versions->len ? version[1].from : G_MAXUINT64;
        if (end > record->started && record_is(record, version))
            return version->from;
    }
    return 0;
}

static inline void ended_done(Model *model, CommitRecord *record)
{
    const Row *row = cache_row(model->cache, record->row);
    guint64 held = find_held(record);

    if (held == 0)
        model_fail(model, "a commit to %s is done, and the service never had it",
                   record->thing->id);
    record->thing->floor = MAX(record->thing->floor, held);
    model->n_commits++;
    if (row && g_ascii_strtoull(object_text(row->object, "modify_time"), NULL, 10) < held)
        model_fail(model, "a commit to %s is done at %" G_GUINT64_FORMAT ", and shown is %s",
                   record->thing->id, held, object_json(row->object));
}

static inline void ended_refused(Model *model, CommitRecord *record, const GError *error)
{
    static const ApiErrorKind unsure[] = {API_ERROR_UNKNOWN, API_ERROR_MISMATCH, API_ERROR_REMOTE,
                                          API_ERROR_NOT_FOUND};
    Watch *watch = watch_of_record(model, record);

    for (guint i = 0; i < G_N_ELEMENTS(unsure); i++)
        if (g_error_matches(error, API_ERROR, (int)unsure[i])) {
            if (unsure[i] == API_ERROR_UNKNOWN && watch && cache_row(model->cache, record->row))
                watch_expire(watch, model->op_began);
            if (watch)
                watch->doubtful = TRUE;
            return;
        }
    if (record->applied)
        model_fail(model, "a commit to %s was refused with '%s', and is done", record->thing->id,
                   error->message);
}

static inline void record_ended(Model *model, CommitRecord *record)
{
    g_autoptr(GError) error = NULL;

    if (record->ended || record->orphan || !commit_ended(record->commit, &error))
        return;
    record->ended = TRUE;
    model_note(model, "  the commit to %s ends: %s", record->thing->id,
               error ? error->message : "well");
    if (record->woken != !record->withdrawn)
        model_fail(model, "a commit wakes its waiter %u times", record->woken);
    if (error)
        ended_refused(model, record, error);
    else
        ended_done(model, record);
}

static inline void model_look_at_commits(Model *model)
{
    for (guint i = 0; i < model->commits->len; i++)
        record_ended(model, model->commits->pdata[i]);
    prune_records(model);
}

static inline void choose_value(Model *model, CommitRecord *record)
{
    static const char *const members[] = {"budget", "operation_status", "campaign_name"};
    ObjectKind kind = record->thing->kind;
    guint n = kind == KIND_CAMPAIGN ? 3 : kind == KIND_ADGROUP ? 2 : 1;

    record->member = kind == KIND_AD ? "operation_status" : members[model_any(model, n)];
    record->budget = 100 + model_any(model, 900);
    record->enabled = model_chance(model, 50);
    record->name = model_names[model_any(model, G_N_ELEMENTS(model_names))];
}

static inline void start(Model *model, CommitRecord *record)
{
    gboolean amount = strcmp(record->member, "budget") == 0;
    gboolean status = strcmp(record->member, "operation_status") == 0;
    const char *text = status ? (record->enabled ? "ENABLE" : "DISABLE") : record->name;
    g_autofree char *digits = g_strdup_printf("%u", record->budget);
    CommitRequest request = {record->row, record->member,          amount ? digits : text,
                             amount,      model_chance(model, 50), model->mono + 30 * MODEL_SECOND};

    record->started = model_tick(model);
    model_note(model, "a commit: %s of %s = %s", record->member, record->thing->id, request.value);
    g_ptr_array_add(model->commits, record);
    record->waiter = (ModelWaiter){.commit = record, .waiting = TRUE};
    record->commit = commit_start(model->cache, &request, &record->waiter);
}

/* The record is found by its commit, which is known only when the call is made already. */
static inline void step_commit(Model *model)
{
    Thing *thing = model_pick(model, model->world.alive[any_kind(model)]);
    gint64 of = thing ? model_row(model, thing->owner, 0) : 0;
    gint64 row = of ? model_row(model, thing, of) : 0;
    const Row *shown = row ? cache_row(model->cache, row) : NULL;
    CommitRecord *record;

    prune_records(model);
    if (!shown || shown->derived || model->commits->len > 4)
        return;
    record = g_new0(CommitRecord, 1);
    record->thing = thing;
    record->row = row;
    choose_value(model, record);
    start(model, record);
}

static inline void step_withdraw(Model *model)
{
    CommitRecord *record = model_pick(model, model->commits);

    if (!record || record->ended || record->orphan)
        return;
    record->withdrawn = commit_withdraw(record->commit);
    model_note(model, "the commit to %s is withdrawn: %d", record->thing->id, record->withdrawn);
    if (record->withdrawn && record->applied && !g_str_equal(record->member, ""))
        model_fail(model, "a commit to %s is withdrawn, and was done", record->thing->id);
}

static inline void step_leave(Model *model)
{
    CommitRecord *record = model_pick(model, model->commits);

    if (!record || record->orphan)
        return;
    model_note(model, "nobody asks for the commit to %s any more", record->thing->id);
    if (!record->ended)
        record->waiter.waiting = FALSE;
    record->orphan = TRUE;
    commit_free(record->commit);
}

static inline void step_ring(Model *model)
{
    gboolean patience = model_chance(model, 20);

    model_note(model, "timers of commits ring%s", patience ? ", of patience too" : "");
    model_set_timers(model, TRUE, patience, 0);
    model_flush(model);
    model_turn(model);
}

/* ---- mounts ---- */

static inline void open_db(Model *model)
{
    g_autofree char *path = g_build_filename(model->dir, "cache.sqlite", NULL);

    g_assert_cmpint(sqlite3_open_v2(path, &model->db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
}

static inline void model_open(Model *model)
{
    g_autoptr(GError) error = NULL;

    model->cache = cache_new(&model->config, &error);
    g_assert_no_error(error);
    model->reach = (Reach){0};
    model->cache->config.poll_us = MODEL_POLL_S * MODEL_SECOND; /* without a timer of its own */
    open_db(model);
    model_plug(model);
}

static inline void model_close(Model *model)
{
    sqlite3_close_v2(g_steal_pointer(&model->db));
    model_unplug(model);
    cache_free(g_steal_pointer(&model->cache));
    while (g_main_context_iteration(NULL, FALSE))
        ;
    for (guint i = 0; i < model->calls->len; i++)
        model_call_free(model->calls->pdata[i]);
    g_ptr_array_set_size(model->calls, 0);
    g_ptr_array_set_size(model->commits, 0);
    for (guint i = 0; i < N_WAITERS; i++)
        model->waiters[i].waiting = FALSE;
}

/* The end of a fetch may have been queued: then it was stored, though nobody was told. */
static inline void recall_stored(Model *model, Watch *watch, const ListingState *state)
{
    gboolean ended = state->fetched_us > 1 && state->fetched_us != watch->fetched_us;
    gboolean info = watch->kind == LISTING_INFO;

    /* It was complete, and had expired meanwhile. */
    if (state->fetched_us == 1 && watch->flying && watch->fetched_us == 0 && !watch->base)
        ended = TRUE;
    if (ended && !watch->flying)
        model_fail(model,
                   "listing %d is as of %" G_GINT64_FORMAT ", and was as of %" G_GINT64_FORMAT,
                   watch->kind, state->fetched_us, watch->fetched_us);
    if (ended && !info && !round_is_whole(watch->kind, watch->round))
        model_fail(model, "listing %d was complete in the file, and not whole", watch->kind);
    if (state->fetched_us == 1 && !watch->expired && !watch->doubtful)
        model_fail(model, "listing %d has expired, for no reason", watch->kind);
    if (watch->expired && !ended && watch->fetched_us > 0 && state->fetched_us != 1)
        model_fail(model, "listing %d has forgotten that it had expired", watch->kind);
    if (ended && !info)
        round_set(&watch->base, watch->round);
    if (ended && info)
        note_details(watch->round);
    if (ended && state->fetched_us > 1)
        watch->expired = FALSE;
    watch->fetched_us = state->fetched_us;
}

static inline void recall_watch(Model *model, Watch *watch)
{
    gboolean there = owner_is_shown(model, watch);
    ListingState state;
    gint64 age;

    g_clear_error(&watch->error);
    if (!there) {
        watch_reset(watch, watch->row);
        return;
    }
    cache_listing_state(model->cache, watch->kind, watch->row, &state);
    recall_stored(model, watch, &state);
    watch->flying = FALSE;
    round_set(&watch->round, NULL); /* whatever of it was stored: nobody reads on */
    watch->rounds = watch->restarts = 0;
    watch->refreshed = FALSE;
    watch->since_us = watch->settled_us = G_MININT64;
    age = model->wall - watch->fetched_us;
    if (watch->fetched_us > 1 && age >= 0)
        watch->since_us = watch->settled_us = model->mono - age;
    if (state.fresh && !is_fresh(model, watch))
        model_fail(model, "listing %d is remembered as fresh, and is %" G_GINT64_FORMAT " s old",
                   watch->kind, age / MODEL_SECOND);
    if (!state.fresh && is_fresh(model, watch) && watch->kind != LISTING_INFO &&
        !is_near(model, watch->since_us + model->config.ttl_us))
        model_fail(model, "listing %d is %" G_GINT64_FORMAT " s old, and remembered as older",
                   watch->kind, age / MODEL_SECOND);
}

static inline void remove_file(Model *model)
{
    static const char *const names[] = {"cache.sqlite", "cache.sqlite-wal", "cache.sqlite-shm"};

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(model->dir, names[i], NULL);
        g_unlink(path);
    }
    for (guint i = 0; i < model->watches->len; i++)
        watch_reset(model->watches->pdata[i], 0);
    model->base_s = model->wall / MODEL_SECOND;
}

static inline gboolean may_have_been_sent(const Commit *commit)
{
    if (commit->state == SENDING)
        return commit->again || !seat_is_unsent(&commit->seat);
    return commit->state > SENDING && commit->state < ENDED;
}

/* What was sent will not be heard of: the object may be another. */
static inline void expire_unheard(Model *model)
{
    for (guint i = 0; i < model->commits->len; i++) {
        const CommitRecord *record = model->commits->pdata[i];
        Watch *watch = watch_of_record(model, record);
        if (!g_hash_table_contains(model->cache->commits, record->commit) || !watch)
            continue;
        if (may_have_been_sent(record->commit) && cache_row(model->cache, record->row))
            watch_expire(watch, model->world.moment);
    }
}

/* A file made anew has its rows above those before by the wall clock alone: it is not removed while
   that clock is behind. */
static inline void remount(Model *model, gboolean offline)
{
    gboolean removed = model_chance(model, 15) && model->wall / MODEL_SECOND > model->base_s + 1;
    static const gint64 stale_s[] = {0, 0, 60, 2 * MODEL_TTL_S};

    model_tick(model);
    expire_unheard(model);
    model_close(model);
    if (removed)
        remove_file(model);
    model->config.offline = offline;
    model->config.stale_us = stale_s[model_any(model, G_N_ELEMENTS(stale_s))] * MODEL_SECOND;
    model_note(model, "another process mounts%s%s, stale %" G_GINT64_FORMAT " s",
               removed ? "; the file is gone" : "", offline ? ", offline" : "",
               model->config.stale_us / MODEL_SECOND);
    model_open(model);
    if (!removed)
        for (guint i = 0; i < model->watches->len; i++)
            recall_watch(model, model->watches->pdata[i]);
}

static inline void step_remount(Model *model)
{
    remount(model, model_chance(model, 20));
}

/* ---- rest ---- */

static inline gboolean is_writing(const Model *model)
{
    GHashTableIter iter;
    Commit *commit;

    g_hash_table_iter_init(&iter, model->cache->commits);
    while (g_hash_table_iter_next(&iter, (void **)&commit, NULL))
        if (commit->state != ENDED)
            return TRUE;
    return FALSE;
}

static inline void calm_down(Model *model)
{
    model->sick = 0;
    model->outage = FALSE;
    for (guint i = 0; model->cache->flying->len > 0 || model->calls->len > 0 || is_writing(model);
         i++) {
        while (model->calls->len > 0)
            model_deliver(model, model->calls->pdata[0]);
        model_set_timers(model, TRUE, FALSE, 0);
        model_flush(model);
        model_run(model, 2);
        model_sample(model);
        if (is_writing(model))
            g_usleep(1000); /* the journal's disk */
        if (i > 1000)
            model_fail(model, "it does not come to rest");
    }
    model_run(model, 2);
    model_sample(model);
    model_look_at_commits(model);
    for (guint i = 0; i < N_WAITERS; i++)
        if (model->waiters[i].waiting)
            model_fail(model, "waiter %u waits for ever", i);
}

/* As a request does it. */
static inline void have(Model *model, ListingKind kind, Thing *owner, gint64 row, gboolean must)
{
    ModelWaiter *waiter = &model->waiters[0]; /* which does not ask again by itself */
    Waiter who = {waiter, model->mono};
    CacheResult result = CACHE_WAIT;

    for (guint i = 0; i < 20 && result == CACHE_WAIT; i++) {
        waiter->kind = kind;
        waiter->thing = NULL;
        waiter->row = row;
        result = model_want(model, kind, owner, row, &who);
        waiter->waiting = result == CACHE_WAIT;
        if (waiter->waiting)
            calm_down(model);
    }
    if (must && result != CACHE_HIT)
        model_fail(model, "listing %d is not to be had, of a service that works", kind);
}

static inline void have_below(Model *model, ObjectKind kind, guint n, ListingKind first,
                              ListingKind last, gboolean must)
{
    Thing *owner = nth_of(model, kind, n);
    gint64 row = model_row(model, owner, 0);

    for (ListingKind of = first; row != 0 && of <= last; of++)
        have(model, of, owner, row, must);
}

static inline void have_all(Model *model, gboolean must)
{
    have(model, LISTING_ROLES, NULL, 0, must);
    have(model, LISTING_INFO, NULL, 0, must);
    for (guint i = 0; i < N_CENTERS; i++)
        have_below(model, KIND_CENTER, i, LISTING_ASSETS, LISTING_FUNDS, must);
    for (guint i = 0; i < N_ACCOUNTS; i++)
        have_below(model, KIND_ADVERTISER, i, LISTING_CAMPAIGNS, LISTING_ADS, must);
    calm_down(model);
}

static inline gboolean should_be(const Model *model, const Thing *thing)
{
    return thing->kind == KIND_ADVERTISER ? is_allowed(&model->world, thing)
                                          : world_is_there(thing);
}

static inline gboolean is_parent(const Model *model, ObjectKind members, const Thing *owner,
                                 const char *id)
{
    const GPtrArray *alive = model->world.alive[members];

    for (guint i = 0; i < alive->len; i++) {
        const Thing *thing = alive->pdata[i];
        if (thing->owner == owner && strcmp(thing->parent->id, id) == 0)
            return TRUE;
    }
    return FALSE;
}

static inline void check_derived(Model *model, const Sight *sight)
{
    for (guint i = 0; i < sight->derived->len; i++) {
        const char *id = sight->derived->pdata[i];
        Thing *thing = world_find(&model->world, sight->kind, sight->owner, id);
        if (world_is_there(thing))
            model_fail(model, "%s is listed, and known from its members only", id);
        /* The campaign of an ad group that is derived itself was that of one of its ads once. */
        if (!is_parent(model, sight->kind + 1, sight->owner, id) && sight->kind != KIND_CAMPAIGN)
            model_fail(model, "%s has no members, and is known from them", id);
    }
}

static inline void check_same(Model *model, ObjectKind kind, const Thing *owner, gint64 row)
{
    g_auto(Sight) sight;
    GHashTableIter iter;
    Thing *thing;

    sight_init(&sight, model, kind, owner, row);
    check_derived(model, &sight);
    g_hash_table_iter_init(&iter, model->world.all);
    while (g_hash_table_iter_next(&iter, NULL, (void **)&thing)) {
        if (thing->kind != kind || thing->owner != owner)
            continue;
        if (should_be(model, thing) != g_ptr_array_find(sight.things, thing, NULL))
            model_fail(model, "%s is %s, at rest", thing->id,
                       should_be(model, thing) ? "not shown" : "shown");
        if (!should_be(model, thing) || thing->forbidden)
            continue;
        if (shown_version(model, thing, row) != world_newest(thing)->from)
            model_fail(model, "%s is not shown as it is, at rest", thing->id);
    }
}

static inline void check_same_below(Model *model, ObjectKind kind, guint n, ObjectKind first,
                                    ObjectKind last)
{
    Thing *owner = nth_of(model, kind, n);
    gint64 row = model_row(model, owner, 0);

    for (ObjectKind of = first; row != 0 && of <= last; of++)
        check_same(model, of, owner, row);
}

/* Everything has come to an end and was read anew: what is shown is what is there. */
static inline void step_rest(Model *model)
{
    guint64 before;

    if (model->config.offline)
        remount(model, FALSE);
    model_note(model, "rest");
    calm_down(model);
    /* Of what was out of reach the old is served once more, while one looks whether it is back; and
       then while the others are read. */
    for (guint i = 0; i < 2; i++) {
        model_pass(model, 3700);
        have_all(model, FALSE);
    }
    model_pass(model, 3700);
    have_all(model, TRUE);
    before = model->n_calls;
    have_all(model, TRUE);
    if (model->n_calls > before)
        model_fail(model, "what is fresh costs calls");
    check_same(model, KIND_ADVERTISER, NULL, 0);
    check_same(model, KIND_CENTER, NULL, 0);
    for (guint i = 0; i < N_CENTERS; i++)
        check_same_below(model, KIND_CENTER, i, KIND_ASSET, KIND_FUNDS);
    for (guint i = 0; i < N_ACCOUNTS; i++)
        check_same_below(model, KIND_ADVERTISER, i, KIND_CAMPAIGN, KIND_AD);
    store_check(model->db, model->base_s << 20);
    for (guint i = 0; i < N_ACCOUNTS; i++)
        store_check_settled(model->db, model_row(model, nth_of(model, KIND_ADVERTISER, i), 0));
}
