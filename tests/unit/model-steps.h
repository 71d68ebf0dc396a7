/* SPDX-License-Identifier: MIT */
#pragma once

/* model-steps.h - what may happen to a cache: who asks, who commits, what passes, what changes. */
#include "cache/single.h"
#include "tests/unit/model-sight.h"

enum { N_ACCOUNTS = 4, N_CENTERS = 2 };

static inline Thing *nth_of(const Model *model, ObjectKind kind, guint n)
{
    g_autofree char *id = g_strdup_printf("%d%017u", kind, n);

    return world_find(&model->world, kind, NULL, id);
}

/* ---- asking ---- */

/* Its owner went and came back, and something is still under way for the row that it had: whose a
   call would be could not be told. */
static inline gboolean is_between_rows(const Model *model, ListingKind kind, const Thing *owner,
                                       gint64 row)
{
    const Watch *watch = model_find_watch(model, kind, owner);

    return watch && watch->row != row && is_flying(model, watch);
}

static inline const char *result_word(CacheResult result)
{
    return result == CACHE_HIT ? "hit" : result == CACHE_WAIT ? "wait" : "error";
}

static inline void check_result(Model *model, const Watch *watch, const Prediction *prediction,
                                CacheResult result, const GError *error)
{
    if (!(prediction->results & 1U << result))
        model_fail(model, "listing %d of row %" G_GINT64_FORMAT ": %s (%s), foreseen: %x",
                   watch->kind, watch->row, result_word(result), error ? error->message : "",
                   prediction->results);
    if (error && watch->error && result == CACHE_ERROR && owner_is_shown(model, watch) &&
        strcmp(error->message, watch->error->message) != 0)
        model_fail(model, "listing %d: '%s', but it failed with '%s'", watch->kind, error->message,
                   watch->error->message);
    if (result == CACHE_HIT)
        check_hit(model, watch, prediction->old);
}

static inline CacheResult want_watched(Model *model, Watch *watch, const Waiter *waiter)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    Prediction prediction;
    gboolean flew;
    CacheResult result;

    model_sample(model);
    text = watch_text(model, watch);
    check_outage(model);
    prediction = predict(model, watch, waiter);
    widen(model, watch, &prediction);
    flew = watch->flying;
    result = cache_want_listing(model->cache, watch->kind, watch->row, waiter, &error);
    watch_sample(model, watch);
    model_note(model, "  listing %d of row %" G_GINT64_FORMAT ", %s: %s %s", watch->kind,
               watch->row, text, result_word(result), error ? error->message : "");
    if (!flew && watch->flying && result == CACHE_HIT)
        model->reach.last_us = model->mono;
    if (!flew && watch->flying && !prediction.may_start)
        model_fail(model, "listing %d is fetched too early", watch->kind);
    if (!flew && !watch->flying && prediction.must_start)
        model_fail(model, "listing %d is not fetched", watch->kind);
    check_result(model, watch, &prediction, result, error);
    return result;
}

/* Details begin with the accounts; roles are the accounts of all centers. */
static inline CacheResult model_want(Model *model, ListingKind kind, Thing *owner, gint64 row,
                                     const Waiter *waiter)
{
    const GPtrArray *watches = model->watches;
    CacheResult result;

    if (kind == LISTING_INFO) {
        result = want_watched(model, model_watch(model, LISTING_ADVERTISERS, NULL, 0), waiter);
        if (result != CACHE_HIT)
            return result;
    }
    if (kind != LISTING_ROLES)
        return want_watched(model, model_watch(model, kind, owner, row), waiter);
    result = want_watched(model, model_watch(model, LISTING_CENTERS, NULL, 0), waiter);
    if (result != CACHE_HIT)
        return result;
    for (guint i = 0; i < N_CENTERS; i++) {
        Thing *center = nth_of(model, KIND_CENTER, i);
        gint64 of = model_row(model, center, 0);
        if (of && is_between_rows(model, LISTING_ASSETS, center, of))
            return CACHE_ERROR;
        if (of)
            model_watch(model, LISTING_ASSETS, center, of);
    }
    model_sample(model);
    model->reach.unsure = TRUE; /* any of them may be asked for to see whether it is back */
    result = cache_want_listing(model->cache, LISTING_ROLES, 0, waiter, NULL);
    model_sample(model);
    for (guint i = 0; result == CACHE_HIT && i < watches->len; i++) {
        const Watch *watch = watches->pdata[i];
        if (watch->kind == LISTING_ASSETS && owner_is_shown(model, watch) && !watch->base &&
            !listing_is_refusal(LISTING_ASSETS, watch->error))
            model_fail(model, "roles are there without those of a center");
    }
    return result;
}

/* FALSE: there is none now. */
static inline gboolean choose_listing(Model *model, ListingKind *ret_kind, Thing **ret_owner,
                                      gint64 *ret_row)
{
    static const ListingKind kinds[] = {
        LISTING_ADVERTISERS, LISTING_INFO,     LISTING_CAMPAIGNS, LISTING_CAMPAIGNS,
        LISTING_ADGROUPS,    LISTING_ADGROUPS, LISTING_ADS,       LISTING_ADS,
        LISTING_CENTERS,     LISTING_ROLES,    LISTING_ASSETS,    LISTING_MEMBERS,
        LISTING_FUNDS,
    };
    ListingKind kind = kinds[model_any(model, G_N_ELEMENTS(kinds))];
    ObjectKind owner = listing_type(kind)->owner;

    *ret_kind = kind;
    *ret_owner = NULL;
    *ret_row = 0;
    if (owner == KIND_NONE || kind == LISTING_ROLES)
        return TRUE;
    if (model_chance(model, 5) && model->watches->len > 0) { /* perhaps of a row that is gone */
        const Watch *watch = model_pick(model, model->watches);
        *ret_kind = watch->kind;
        *ret_owner = watch->owner;
        *ret_row = watch->row;
        return TRUE;
    }
    *ret_owner = model_pick(model, model->world.alive[owner]);
    *ret_row = *ret_owner ? model_row(model, *ret_owner, 0) : 0;
    return *ret_row != 0 && !is_between_rows(model, kind, *ret_owner, *ret_row);
}

static inline void step_want(Model *model)
{
    ModelWaiter *waiter = &model->waiters[model_any(model, N_WAITERS)];
    Waiter who = {waiter, model->mono};
    gboolean nobody = model_chance(model, 10);
    ListingKind kind;
    Thing *owner;
    gint64 row;

    if (waiter->waiting || !choose_listing(model, &kind, &owner, &row))
        return;
    model_note(model, "%s %u wants listing %d of row %" G_GINT64_FORMAT,
               nobody ? "nobody, in place of" : "waiter", waiter->number, kind, row);
    waiter->kind = kind;
    waiter->thing = NULL;
    waiter->row = row;
    waiter->began_us = model->mono;
    if (nobody)
        model_want(model, kind, owner, row, NULL);
    else
        waiter->waiting = model_want(model, kind, owner, row, &who) == CACHE_WAIT;
}

/* ---- asking for one ---- */

static inline void check_one(Model *model, const ModelWaiter *waiter, gint64 row)
{
    Thing *thing = waiter->thing;
    const Watch *watch = model_find_watch(model, waiter->kind, thing->owner);
    const Row *shown = row ? cache_row(model->cache, row) : NULL;
    gboolean absent = thing->absent_us >= waiter->began_us ||
                      (thing->absent_us > 0 && model->mono <= thing->absent_us + 60 * MODEL_SECOND);

    model->n_hits++;
    if (row && (!shown || shown->kind != thing->kind || strcmp(shown->id, thing->id) != 0))
        model_fail(model, "row %" G_GINT64_FORMAT " is not %s", row, thing->id);
    if (row && !shown->derived)
        check_body(model, thing, waiter->row, 0);
    /* Of an account that is not there any more nothing is. */
    if (row || absent || !world_is_there(thing) || !owner_is_shown(model, watch))
        return;
    if (!watch->base || world_was_always_there(thing, watch->base->first_served))
        model_fail(model, "%s is not to be found, and was there all the time", thing->id);
}

/* What takes many calls is waited for by a timer, which would make each time another. */
static inline gboolean is_to_be_asked(Model *model, const ModelWaiter *waiter)
{
    const Watch *watch = model_watch(model, waiter->kind, waiter->thing->owner, waiter->row);

    return !is_flying(model, watch) &&
           single_calls(model->cache, waiter->kind, waiter->row, G_MAXINT32) < 8;
}

static inline void want_one(Model *model, ModelWaiter *waiter)
{
    Watch *watch = model_watch(model, waiter->kind, waiter->thing->owner, waiter->row);
    Waiter who = {waiter, waiter->began_us};
    g_autoptr(GError) error = NULL;
    CacheResult result;
    gint64 row;

    model_sample(model);
    watch->restarts++;
    model->reach.unsure = TRUE;
    result = cache_want_object(model->cache, waiter->kind, waiter->row, waiter->thing->id, &who,
                               &row, &error);
    model_note(model, "  %s of listing %d: %s %s, row %" G_GINT64_FORMAT, waiter->thing->id,
               waiter->kind, result_word(result), error ? error->message : "", row);
    waiter->waiting = result == CACHE_WAIT;
    if (result == CACHE_HIT)
        check_one(model, waiter, row);
    model_sample(model);
}

static inline Thing *any_of_all(Model *model)
{
    g_autofree char *id =
        g_strdup_printf("17900000000%08u", 1 + model_any(model, model->world.n_ids));
    ObjectKind kind = KIND_CAMPAIGN + (ObjectKind)model_any(model, 3);
    Thing *account = model_pick(model, model->world.alive[KIND_ADVERTISER]);

    if (model_chance(model, 70))
        return model_pick(model, model->world.alive[kind]);
    return account ? world_find(&model->world, kind, account, id) : NULL;
}

static inline void step_want_one(Model *model)
{
    ModelWaiter *waiter = &model->waiters[model_any(model, N_WAITERS)];
    Thing *thing = any_of_all(model);
    gint64 row = thing ? model_row(model, thing->owner, 0) : 0;

    if (waiter->waiting || row == 0)
        return;
    waiter->kind = LISTING_CAMPAIGNS + (ListingKind)(thing->kind - KIND_CAMPAIGN);
    if (is_between_rows(model, waiter->kind, thing->owner, row))
        return;
    waiter->row = row;
    waiter->began_us = model->mono;
    waiter->thing = thing;
    model_note(model, "waiter %u wants %s", waiter->number, thing->id);
    if (is_to_be_asked(model, waiter))
        want_one(model, waiter);
}

static inline Thing *owner_of_row(const Model *model, gint64 row)
{
    for (guint i = 0; row != 0 && i < model->watches->len; i++) {
        const Watch *watch = model->watches->pdata[i];
        if (watch->row == row)
            return watch->owner;
    }
    return NULL;
}

/* Of the config. */
static inline void model_wake(void *user_data, void *data)
{
    Model *model = user_data;
    ModelWaiter *waiter = data;
    Waiter who = {waiter, waiter->began_us};

    model_note(model, "  wakes %s %u", waiter->commit ? "commit" : "waiter", waiter->number);
    if (waiter->commit) {
        waiter->commit->woken++;
        return;
    }
    if (!waiter->waiting)
        model_fail(model, "waiter %u is woken, and did not wait", waiter->number);
    waiter->waiting = FALSE;
    if (waiter->thing) {
        if (owner_of_row(model, waiter->row) == waiter->thing->owner &&
            is_to_be_asked(model, waiter))
            want_one(model, waiter);
        return;
    }
    if (waiter->number % 2 && (waiter->row == 0 || owner_of_row(model, waiter->row)))
        waiter->waiting = model_want(model, waiter->kind, owner_of_row(model, waiter->row),
                                     waiter->row, &who) == CACHE_WAIT;
}

static inline void step_forget(Model *model)
{
    ModelWaiter *waiter = &model->waiters[model_any(model, N_WAITERS)];

    model_note(model, "waiter %u goes", waiter->number);
    cache_forget(model->cache, waiter);
    waiter->waiting = FALSE;
}

/* ---- looking ---- */

typedef struct {
    GHashTable *names; /* -> row */
    Model *model;
} Names;

static inline gboolean look(void *user_data, gint64 row, const char *name)
{
    Names *names = user_data;

    if (!g_hash_table_insert(names->names, g_strdup(name), g_memdup2(&row, sizeof row)))
        model_fail(names->model, "the name '%s' is there twice", name);
    return TRUE;
}

/* Whatever state it is in: ids are unique, and so are names, and each finds its row. */
static inline void step_look(Model *model)
{
    ObjectKind kind = KIND_ADVERTISER + (ObjectKind)model_any(model, 4);
    Thing *account = model_pick(model, model->world.alive[KIND_ADVERTISER]);
    gint64 of = kind != KIND_ADVERTISER && account ? model_row(model, account, 0) : 0;
    Thing *parent = kind > KIND_CAMPAIGN ? model_pick(model, model->world.alive[kind - 1]) : NULL;
    gboolean by_name = model_chance(model, 70);
    Scope scope = {kind, of, parent && model_chance(model, 50) ? parent->id : NULL};
    g_autoptr(GHashTable) all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    Names names = {all, model};
    GHashTableIter iter;
    const char *name;
    gint64 *row;

    if (kind != KIND_ADVERTISER && of == 0)
        return;
    cache_each(model->cache, &scope, by_name, 0, look, &names);
    model_note(model, "look at kind %d of row %" G_GINT64_FORMAT ": %u", kind, of,
               g_hash_table_size(all));
    g_hash_table_iter_init(&iter, all);
    while (g_hash_table_iter_next(&iter, (void **)&name, (void **)&row))
        if (*row != (by_name ? cache_find_name : cache_find_id)(model->cache, &scope, name))
            model_fail(model, "'%s' is row %" G_GINT64_FORMAT ", and is not found so", name, *row);
}

/* ---- calls, the writer, the loop ---- */

static inline void step_serve(Model *model)
{
    ModelCall *call = model_pick(model, model->calls);

    if (call)
        model_serve(model, call);
}

static inline void step_deliver(Model *model)
{
    ModelCall *call = model_pick(model, model->calls);

    if (call)
        model_deliver(model, call);
}

static inline void step_write(Model *model)
{
    model_note(model, "the writer writes");
    model_write(model);
}

static inline void model_run(Model *model, guint n)
{
    for (guint i = 0; i < n; i++) {
        model_write(model);
        model_turn(model);
    }
}

static inline void step_run(Model *model)
{
    guint n = 1 + model_any(model, 4);

    model_note(model, "the loop turns %u times", n);
    model_run(model, n);
}

/* ---- time ---- */

static inline void step_wait(Model *model)
{
    static const gint64 most[] = {MODEL_SECOND / 10, MODEL_SECOND, 2 * MODEL_SECOND,
                                  30 * MODEL_SECOND};
    gint64 us = g_rand_int_range(model->rand, 1, (gint32)most[model_any(model, 4)]);

    model_note(model, "%" G_GINT64_FORMAT " ms pass", us / 1000);
    model->mono += us;
    model->wall += us;
}

static inline void model_pass(Model *model, gint64 s)
{
    model_note(model, "%" G_GINT64_FORMAT " s pass", s);
    model->mono += s * MODEL_SECOND;
    model->wall += s * MODEL_SECOND;
}

static inline void step_leap(Model *model)
{
    model_pass(model, g_rand_int_range(model->rand, 100, 2 * MODEL_TTL_S));
}

/* Somebody sets the clock, or the machine has slept and one of them did not count. */
static inline void step_set_clock(Model *model)
{
    gint64 s = g_rand_int_range(model->rand, -2 * MODEL_TTL_S, 3 * MODEL_TTL_S);

    model_note(model, "the clock is set by %" G_GINT64_FORMAT " s", s);
    model->wall += s * MODEL_SECOND;
}

static inline void step_health(Model *model)
{
    static const guint rates[] = {0, 0, 5, 20};

    model->sick = rates[model_any(model, G_N_ELEMENTS(rates))];
    model->outage = model_chance(model, 20);
    model->page_rows = 2 + model_any(model, 4);
    model_note(model, "the service: %u %% faults, %s, %u rows a page", model->sick,
               model->outage ? "out of reach" : "in reach", model->page_rows);
}
