/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * model-world.h - what the service of the model test holds, and ever held.
 *
 * Moments count everything that happens. A thing remembers from when to when the service had it,
 * and each body that it had; the moment at which a body began is in it, as "modify_time": so of
 * any body that is shown it can be told when it was true.
 */
#include "tests/unit/fake-service.h"

typedef struct {
    guint64 from, to; /* to 0: it lasts */
} Span;

typedef struct {
    guint64 from;
    guint budget;
    gboolean enabled;
    const char *name;
    char *json;
} Version;

typedef struct Thing Thing;
struct Thing {
    ObjectKind kind;
    char id[24];
    Thing *owner;  /* account or center; NULL of these two */
    Thing *parent; /* campaign of an ad group, ad group of an ad */
    guint budget;
    gboolean enabled; /* of an asset: it is bound */
    gboolean forbidden;
    const char *name;
    GArray *versions, *spans;
    guint64 floor;      /* a commit was confirmed: nothing older is shown any more */
    guint64 commits;    /* moment of the last answer to a commit, or to a call for its id */
    gint64 absent_us;   /* when an answer to a call for its id came without it; 0: never */
    guint64 info_asked; /* of an account: its details are no older */
};

typedef struct {
    guint64 moment;
    guint n_ids;
    GHashTable *all; /* "kind owner id" -> Thing, owned */
    GPtrArray *alive[N_KINDS];
} World;

static const char *const model_names[] = {"Spring", "",       "a/b", "x~12",
                                          "Tail~",  "Autumn", "a_b", "x"};

static inline guint64 world_tick(World *world)
{
    return ++world->moment;
}

/* ---- bodies ---- */

static inline char *world_render_plain(const Thing *thing, guint64 moment)
{
    const KindNames *names = kind_names(thing->kind);
    GString *json = g_string_new("{");

    g_string_append_printf(json, "\"%s\":\"%s\",\"%s\":\"%s\",", names->id, thing->id, names->name,
                           thing->name);
    if (names->parent_id)
        g_string_append_printf(json, "\"%s\":\"%s\",", names->parent_id, thing->parent->id);
    if (thing->kind == KIND_AD)
        g_string_append_printf(json, "\"campaign_id\":\"%s\",", thing->parent->parent->id);
    g_string_append_printf(json,
                           "\"budget\":%u,\"budget_mode\":\"BUDGET_MODE_DAY\","
                           "\"operation_status\":\"%s\",\"modify_time\":\"%" G_GUINT64_FORMAT "\"}",
                           thing->budget, thing->enabled ? "ENABLE" : "DISABLE", moment);
    return g_string_free(json, FALSE);
}

static inline char *world_render(const Thing *thing, guint64 moment)
{
    static const char time[] = "\"modify_time\":\"%" G_GUINT64_FORMAT "\"}";
    g_autofree char *end = g_strdup_printf(time, moment);

    switch ((int)thing->kind) {
    case KIND_ADVERTISER:
        return g_strdup_printf("{\"advertiser_id\":\"%s\",\"name\":\"%s\",\"balance\":%u,%s",
                               thing->id, thing->name, thing->budget, end);
    case KIND_CENTER:
        return g_strdup_printf("{\"bc_info\":{\"bc_id\":\"%s\",\"name\":\"%s\"},%s", thing->id,
                               thing->name, end);
    case KIND_ASSET:
        return g_strdup_printf("{\"asset_id\":\"%s\",\"asset_name\":\"%s\","
                               "\"relation_status\":\"%s\",\"advertiser_role\":\"ADMIN\",%s",
                               thing->id, thing->name, thing->enabled ? "BOUND" : "UNBOUND", end);
    case KIND_MEMBER:
        return g_strdup_printf("{\"user_id\":\"%s\",\"user_name\":\"%s\",%s", thing->id,
                               thing->name, end);
    case KIND_FUNDS:
        return g_strdup_printf("{\"bc_id\":\"%s\",\"balance\":%u,%s", thing->id, thing->budget,
                               end);
    default:
        return world_render_plain(thing, moment);
    }
}

/* It is another from now on. */
static inline guint64 world_touch(World *world, Thing *thing)
{
    Version version = {world_tick(world), thing->budget, thing->enabled, thing->name, NULL};

    version.json = world_render(thing, version.from);
    g_array_append_val(thing->versions, version);
    return version.from;
}

static inline const Version *world_newest(const Thing *thing)
{
    return &g_array_index(thing->versions, Version, thing->versions->len - 1);
}

/* NULL: it never had a body that began then. */
static inline const Version *world_version(const Thing *thing, guint64 from, guint64 *ret_end)
{
    *ret_end = G_MAXUINT64;
    for (guint i = thing->versions->len; i-- > 0;) {
        const Version *version = &g_array_index(thing->versions, Version, i);
        if (version->from == from)
            return version;
        *ret_end = version->from;
    }
    return NULL;
}

/* ---- being there ---- */

static inline Span *world_span(const Thing *thing)
{
    return thing->spans->len ? &g_array_index(thing->spans, Span, thing->spans->len - 1) : NULL;
}

static inline gboolean world_is_there(const Thing *thing)
{
    const Span *span = world_span(thing);

    return span && span->to == 0;
}

static inline gboolean world_was_there(const Thing *thing, guint64 since)
{
    const Span *span = world_span(thing);

    return span && (span->to == 0 || span->to > since);
}

static inline gboolean world_was_always_there(const Thing *thing, guint64 since)
{
    return world_is_there(thing) && world_span(thing)->from <= since;
}

static inline void world_appear(World *world, Thing *thing)
{
    Span span = {world_tick(world), 0};

    g_assert_false(world_is_there(thing));
    g_array_append_val(thing->spans, span);
    g_ptr_array_add(world->alive[thing->kind], thing);
}

static inline void world_vanish(World *world, Thing *thing)
{
    g_assert_true(world_is_there(thing));
    world_span(thing)->to = world_tick(world);
    g_ptr_array_remove(world->alive[thing->kind], thing); /* in order: pages shift */
}

static inline char *world_key(ObjectKind kind, const Thing *owner, const char *id)
{
    return g_strdup_printf("%d %s %s", kind, owner ? owner->id : "", id);
}

static inline Thing *world_find(const World *world, ObjectKind kind, const Thing *owner,
                                const char *id)
{
    g_autofree char *key = world_key(kind, owner, id);

    return g_hash_table_lookup(world->all, key);
}

/* id NULL: a new one. */
static inline Thing *world_make(World *world, ObjectKind kind, Thing *owner, Thing *parent,
                                const char *id)
{
    Thing *thing = g_new0(Thing, 1);

    thing->kind = kind;
    if (id)
        g_strlcpy(thing->id, id, sizeof thing->id);
    else
        g_snprintf(thing->id, sizeof thing->id, "17900000000%08u", ++world->n_ids);
    thing->owner = owner;
    thing->parent = parent;
    thing->budget = 500;
    thing->enabled = TRUE;
    thing->name = model_names[world->moment % G_N_ELEMENTS(model_names)];
    thing->versions = g_array_new(FALSE, FALSE, sizeof(Version));
    thing->spans = g_array_new(FALSE, FALSE, sizeof(Span));
    g_hash_table_insert(world->all, world_key(kind, owner, thing->id), thing);
    world_touch(world, thing);
    world_appear(world, thing);
    return thing;
}

static inline void world_thing_free(void *data)
{
    Thing *thing = data;

    for (guint i = 0; i < thing->versions->len; i++)
        g_free(g_array_index(thing->versions, Version, i).json);
    g_array_unref(thing->versions);
    g_array_unref(thing->spans);
    g_free(thing);
}

static inline void world_init(World *world)
{
    *world = (World){0};
    world->all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, world_thing_free);
    for (guint i = 0; i < N_KINDS; i++)
        world->alive[i] = g_ptr_array_new();
}

static inline void world_clear(World *world)
{
    for (guint i = 0; i < N_KINDS; i++)
        g_ptr_array_unref(world->alive[i]);
    g_hash_table_unref(world->all);
}

/* What is there of a kind, of one owner, the newest first, as the service lists it. */
static inline GPtrArray *world_list(const World *world, ObjectKind kind, const Thing *owner)
{
    GPtrArray *list = g_ptr_array_new();

    for (guint i = world->alive[kind]->len; i-- > 0;) {
        Thing *thing = world->alive[kind]->pdata[i];
        if (thing->owner == owner)
            g_ptr_array_add(list, thing);
    }
    return list;
}
