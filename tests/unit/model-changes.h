/* SPDX-License-Identifier: MIT */
#pragma once

/* model-changes.h - what changes behind our back, and what a person or time makes old. */
#include "tests/unit/model-steps.h"

/* ---- what changes behind our back ---- */

static inline ObjectKind any_kind(Model *model)
{
    return KIND_CAMPAIGN + (ObjectKind)model_any(model, 3);
}

static inline void step_create(Model *model)
{
    ObjectKind kind = any_kind(model);
    Thing *account = model_pick(model, model->world.alive[KIND_ADVERTISER]);
    Thing *parent = kind > KIND_CAMPAIGN ? model_pick(model, model->world.alive[kind - 1]) : NULL;
    g_autoptr(GPtrArray) had = NULL;

    if (parent)
        account = parent->owner;
    if (!account || (kind > KIND_CAMPAIGN && !parent))
        return;
    had = world_list(&model->world, kind, account);
    if (had->len < 9)
        model_note(model, "created: %s",
                   world_make(&model->world, kind, account, parent, NULL)->id);
}

static inline void step_delete(Model *model)
{
    Thing *thing = model_pick(model, model->world.alive[any_kind(model)]);

    if (!thing)
        return;
    world_vanish(&model->world, thing);
    model_note(model, "deleted: %s", thing->id);
}

static inline void step_change(Model *model)
{
    Thing *thing =
        model_pick(model, model->world.alive[KIND_ADVERTISER + model_any(model, N_KINDS - 1)]);

    if (!thing)
        return;
    if (model_chance(model, 40))
        thing->name = model_names[model_any(model, G_N_ELEMENTS(model_names))];
    else
        thing->budget = 100 + model_any(model, 900);
    world_touch(&model->world, thing);
    model_note(model, "changed: %s '%s' %u", thing->id, thing->name, thing->budget);
}

static inline void step_move(Model *model)
{
    ObjectKind kind = KIND_ADGROUP + (ObjectKind)model_any(model, 2);
    Thing *thing = model_pick(model, model->world.alive[kind]);
    Thing *parent = model_pick(model, model->world.alive[kind - 1]);

    if (!thing || !parent || thing->owner != parent->owner)
        return;
    thing->parent = parent;
    world_touch(&model->world, thing);
    model_note(model, "moved: %s to %s", thing->id, parent->id);
}

static inline gboolean is_watched(const Model *model, const Thing *owner)
{
    for (guint i = 0; i < model->watches->len; i++) {
        const Watch *watch = model->watches->pdata[i];
        if (watch->owner == owner && is_flying(model, watch))
            return TRUE;
    }
    return FALSE;
}

/* One comes back only when nothing is under way for it: its row may be another then. */
static inline void toggle(Model *model, Thing *thing, guint least)
{
    if (world_is_there(thing) && model->world.alive[thing->kind]->len > least)
        world_vanish(&model->world, thing);
    else if (!world_is_there(thing) && !is_watched(model, thing))
        world_appear(&model->world, thing);
    model_note(model, "%s is %s", thing->id, world_is_there(thing) ? "there" : "gone");
}

static inline void step_account(Model *model)
{
    Thing *account = nth_of(model, KIND_ADVERTISER, model_any(model, N_ACCOUNTS));

    /* Three that are refused alone, with the same words, look as if the token were refused. */
    if (model_chance(model, 30) && account != nth_of(model, KIND_ADVERTISER, 0) &&
        account != nth_of(model, KIND_ADVERTISER, 1))
        account->forbidden = !account->forbidden;
    else
        toggle(model, account, 1);
}

static inline void step_center(Model *model)
{
    Thing *center = nth_of(model, KIND_CENTER, model_any(model, N_CENTERS));
    Thing *account = nth_of(model, KIND_ADVERTISER, model_any(model, N_ACCOUNTS));
    Thing *asset = world_find(&model->world, KIND_ASSET, center, account->id);

    model_note(model, "center %s", center->id);
    if (model_chance(model, 20)) {
        toggle(model, center, 0);
    } else if (!asset) {
        world_make(&model->world, KIND_ASSET, center, NULL, account->id);
    } else if (model_chance(model, 50)) {
        asset->enabled = !asset->enabled;
        world_touch(&model->world, asset);
    } else {
        toggle(model, asset, 0);
    }
}

/* ---- polling ---- */

static inline void check_poll(Model *model, const Watch *watch, gboolean flew)
{
    gint64 last = MAX(watch->since_us, watch->error ? watch->failed_us : G_MININT64);

    if (flew || !is_flying(model, watch))
        return;
    if (last != G_MININT64 && model->mono < last + MODEL_POLL_S * MODEL_SECOND &&
        watch->kind != LISTING_INFO && !watch->doubtful)
        model_fail(model, "listing %d is polled too early", watch->kind);
}

static inline void step_poll(Model *model)
{
    g_autoptr(GHashTable) flew = g_hash_table_new(NULL, NULL);

    model_note(model, "poll");
    for (guint i = 0; i < model->watches->len; i++)
        if (is_flying(model, model->watches->pdata[i]))
            g_hash_table_add(flew, model->watches->pdata[i]);
    collections_poll(model->cache, G_MININT64);
    for (guint i = 0; i < model->watches->len; i++)
        check_poll(model, model->watches->pdata[i],
                   g_hash_table_contains(flew, model->watches->pdata[i]));
    model_sample(model);
}

/* ---- what is known may be wrong ---- */

static inline void step_expire(Model *model)
{
    Thing *thing = model_pick(model, model->world.alive[any_kind(model)]);
    gint64 of = thing ? model_row(model, thing->owner, 0) : 0;
    gint64 row = of ? model_row(model, thing, of) : 0;
    ListingKind kind = LISTING_CAMPAIGNS + (ListingKind)(thing ? thing->kind - KIND_CAMPAIGN : 0);
    Watch *watch;

    if (row == 0 || is_between_rows(model, kind, thing->owner, of))
        return;
    watch = model_watch(model, kind, thing->owner, of);
    model_note(model, "what is known of %s expires, in listing %d", thing->id, watch->kind);
    model_tick(model);
    cache_expire(model->cache, row);
    watch_expire(watch, model->world.moment);
}

/* ---- what a person wants anew ---- */

static inline void watch_refresh(Watch *watch, guint64 moment)
{
    watch->refreshed = TRUE;
    watch->refreshed_at = moment;
    if (watch->flying)
        watch->restarts++;
    else
        g_clear_error(&watch->error);
}

static inline void step_refresh(Model *model)
{
    Watch *one = model_chance(model, 50) ? model_pick(model, model->watches) : NULL;

    model_tick(model);
    model_note(model, "listing %d is wanted anew", one ? (int)one->kind : -1);
    if (one)
        cache_refresh_listing(model->cache, one->kind, one->row);
    else
        cache_refresh_all(model->cache);
    for (guint i = 0; i < model->watches->len; i++) {
        Watch *watch = model->watches->pdata[i];
        if (!one || watch == one)
            watch_refresh(watch, model->world.moment);
    }
    model->reach.last_us = G_MININT64 / 2; /* whoever asks next finds out */
}
