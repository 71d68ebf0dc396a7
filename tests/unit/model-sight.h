/* SPDX-License-Identifier: MIT */
#pragma once

/* model-sight.h - what may be shown then. */
#include "tests/unit/model-watch.h"

/* ---- what is shown ---- */

typedef struct {
    Model *model;
    const Thing *owner;
    ObjectKind kind;
    GPtrArray *things; /* shown, not derived */
    GArray *rows;
    GPtrArray *derived; /* ids */
} Sight;

static inline gboolean see(void *user_data, gint64 row, const char *id)
{
    Sight *sight = user_data;

    g_array_append_val(sight->rows, row);
    return TRUE;
}

/* A row stands for one thing for ever. */
static inline void check_row(Model *model, gint64 row, const char *key)
{
    const char *before = g_hash_table_lookup(model->rows, &row);

    if (!before)
        g_hash_table_insert(model->rows, g_memdup2(&row, sizeof row), g_strdup(key));
    else if (strcmp(before, key) != 0)
        model_fail(model, "row %" G_GINT64_FORMAT " was '%s', and is '%s'", row, before, key);
    if (row <= model->base_s << 20)
        model_fail(model, "row %" G_GINT64_FORMAT " is below its file's", row);
}

static inline void see_row(Sight *sight, gint64 number)
{
    Model *model = sight->model;
    const Row *row = cache_row(model->cache, number);
    g_autofree char *key = row ? world_key(row->kind, sight->owner, row->id) : NULL;
    Thing *thing;

    if (!row)
        model_fail(model, "row %" G_GINT64_FORMAT " is shown, and not there", number);
    check_row(model, number, key);
    if (row->derived) {
        g_ptr_array_add(sight->derived, g_strdup(row->id));
        return;
    }
    thing = g_hash_table_lookup(model->world.all, key);
    if (!thing)
        model_fail(model, "'%s' is shown, and never was", key);
    g_ptr_array_add(sight->things, thing);
}

static inline void sight_init(Sight *sight, Model *model, ObjectKind kind, const Thing *owner,
                              gint64 row)
{
    Scope scope = {kind, row, NULL};

    *sight = (Sight){model, owner, kind, g_ptr_array_new(), NULL, NULL};
    sight->rows = g_array_new(FALSE, FALSE, sizeof(gint64));
    sight->derived = g_ptr_array_new_with_free_func(g_free);
    cache_each(model->cache, &scope, FALSE, 0, see, sight);
    for (guint i = 0; i < sight->rows->len; i++)
        see_row(sight, g_array_index(sight->rows, gint64, i));
}

static inline void sight_clear(Sight *sight)
{
    g_ptr_array_unref(sight->things);
    g_ptr_array_unref(sight->derived);
    g_array_unref(sight->rows);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sight, sight_clear)

static inline gint64 model_row(Model *model, const Thing *thing, gint64 of)
{
    return cache_find_id(model->cache, &(Scope){thing->kind, of, NULL}, thing->id);
}

/* The moment at which what is shown of it began. 0: it has none. */
static inline guint64 shown_version(Model *model, const Thing *thing, gint64 of)
{
    const Row *row = cache_row(model->cache, model_row(model, thing, of));
    const char *text = row ? object_text(row->object, "modify_time") : NULL;

    return text ? g_ascii_strtoull(text, NULL, 10) : 0;
}

/* The body is one that it had, since then. */
static inline void check_body(Model *model, const Thing *thing, gint64 of, guint64 since)
{
    guint64 from = shown_version(model, thing, of), end;
    const Version *version = world_version(thing, from, &end);
    const Row *row = cache_row(model->cache, model_row(model, thing, of));

    if (!version || strcmp(version->json, object_json(row->object)) != 0)
        model_fail(model, "%s shows what it never was: %s", thing->id, object_json(row->object));
    /* NEEDSWORK: what a commit has read is stored over a page that was asked for later. */
    if (end <= since && thing->commits < since)
        model_fail(model,
                   "%s shows what it was from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT
                   ", and %" G_GUINT64_FORMAT " was asked for",
                   thing->id, from, end, since);
    if (from < thing->floor)
        model_fail(model, "%s shows what it was before a commit", thing->id);
}

/* 0: it did not come. It may have come twice, if the pages became smaller meanwhile: the later one
   is stored later. */
static inline guint64 round_version(const Round *round, const Thing *thing)
{
    guint64 version = 0;

    for (guint i = 0; i < round->pages->len; i++) {
        const PageSeen *seen = round->pages->pdata[i];
        for (guint k = 0; k < seen->rows->len; k++)
            if (g_array_index(seen->rows, Shown, k).thing == thing)
                version = g_array_index(seen->rows, Shown, k).version;
    }
    return version;
}

/* Nothing was read since, so what was read is what is shown. */
static inline void check_exact(Model *model, const Watch *watch, const Sight *sight)
{
    g_autoptr(GHashTable) came = g_hash_table_new(NULL, NULL);
    const Round *base = watch->base;
    guint n = 0;

    for (guint i = 0; i < sight->things->len; i++) {
        const Thing *thing = sight->things->pdata[i];
        guint64 version = round_version(base, thing);
        n += version > 0;
        if (thing->commits >= base->asked)
            continue;
        if (version == 0)
            model_fail(model, "%s is shown, and did not come", thing->id);
        if (version != shown_version(model, thing, watch->row))
            model_fail(model, "%s came as it was at %" G_GUINT64_FORMAT ", and is shown as another",
                       thing->id, version);
    }
    for (guint i = 0; i < base->pages->len; i++)
        add_page_rows(came, base->pages->pdata[i]);
    if (n != g_hash_table_size(came))
        model_fail(model, "listing %d shows %u of %u that came", watch->kind, n,
                   g_hash_table_size(came));
}

static inline void check_content(Model *model, const Watch *watch)
{
    ObjectKind kind = listing_type(watch->kind)->members;
    const GPtrArray *alive = model->world.alive[kind];
    const Round *base = watch->base;
    g_auto(Sight) sight;

    sight_init(&sight, model, kind, watch->owner, watch->row);
    for (guint i = 0; i < sight.things->len; i++) {
        const Thing *thing = sight.things->pdata[i];
        /* What was committed is kept, for it may be younger than the pages. */
        if (!world_was_there(thing, base->asked) && thing->commits < base->asked)
            model_fail(model, "%s is shown, and was gone before", thing->id);
        check_body(model, thing, watch->row, base->asked);
    }
    for (guint i = 0; i < alive->len; i++) {
        Thing *thing = alive->pdata[i];
        if (thing->owner == watch->owner && world_was_always_there(thing, base->first_served) &&
            !g_ptr_array_find(sight.things, thing, NULL))
            model_fail(model, "%s is not shown, and was there all the time", thing->id);
    }
    if (watch->round == base)
        check_exact(model, watch, &sight);
}

/* ---- accounts: the one listing adds to the other, and centers to both ---- */

/* A page of it came, and the rest did not: what is shown of accounts is between two states. */
static inline gboolean is_between_states(const Model *model, ListingKind kind)
{
    for (guint i = 0; i < model->watches->len; i++) {
        const Watch *watch = model->watches->pdata[i];
        if (watch->kind == kind && watch->round != watch->base)
            return TRUE;
    }
    return FALSE;
}

static inline gboolean is_bound_in_cache(Model *model, const Thing *account)
{
    for (guint i = 0; i < model->watches->len; i++) {
        const Watch *watch = model->watches->pdata[i];
        gint64 row = watch->kind == LISTING_ASSETS ? model_row(model, watch->owner, 0) : 0;
        Scope scope = {KIND_ASSET, row, NULL};
        gint64 asset = row ? cache_find_id(model->cache, &scope, account->id) : 0;
        if (asset && cache_account_of_asset(model->cache, asset))
            return TRUE;
    }
    return FALSE;
}

static inline void check_accounts(Model *model, const Watch *watch)
{
    const GPtrArray *alive = model->world.alive[KIND_ADVERTISER];
    g_auto(Sight) sight;

    sight_init(&sight, model, KIND_ADVERTISER, NULL, 0);
    for (guint i = 0; i < sight.things->len; i++) {
        const Thing *account = sight.things->pdata[i];
        if (!world_was_there(account, watch->base->asked) && !is_bound_in_cache(model, account) &&
            !is_between_states(model, LISTING_ASSETS))
            model_fail(model, "account %s is shown, and was gone before", account->id);
    }
    for (guint i = 0; i < alive->len; i++) {
        Thing *account = alive->pdata[i];
        if (world_was_always_there(account, watch->base->first_served) &&
            !g_ptr_array_find(sight.things, account, NULL))
            model_fail(model, "account %s is not shown, and was there all the time", account->id);
    }
}

static inline void check_details(Model *model)
{
    g_auto(Sight) sight;

    sight_init(&sight, model, KIND_ADVERTISER, NULL, 0);
    for (guint i = 0; i < sight.things->len; i++) {
        const Thing *account = sight.things->pdata[i];
        if (cache_account_refused(model->cache, model_row(model, account, 0), NULL))
            continue;
        if (shown_version(model, account, 0) > 0 ||
            (!is_between_states(model, LISTING_ADVERTISERS) &&
             !is_between_states(model, LISTING_ASSETS)))
            check_body(model, account, 0, account->info_asked);
    }
}

static inline void check_hit(Model *model, const Watch *watch, gboolean old)
{
    model->n_hits++;
    if (watch->kind == LISTING_INFO) {
        if (!old)
            check_details(model);
        return;
    }
    if (!watch->base && listing_is_refusal(watch->kind, watch->error))
        return;
    if (!watch->base)
        model_fail(model, "listing %d is there, and never was whole", watch->kind);
    if (!old && watch->base->asked < watch->expired_at)
        model_fail(model, "listing %d has expired since it was asked for", watch->kind);
    if (watch->kind == LISTING_ADVERTISERS)
        check_accounts(model, watch);
    else
        check_content(model, watch);
}
