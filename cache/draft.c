/* SPDX-License-Identifier: MIT */
/* draft.c - the drafts in memory: by number, and by where they are and what they are called. */
#include "cache/draft-private.h"

#include "cache/state-file.h"

struct Drafts {
    GHashTable *by_number; /* gint64 -> OwnedDraft, owned */
    GHashTable *by_name;   /* "kind/account/parent/name" -> OwnedDraft */
    GHashTable *changed;   /* "kind/account/parent/" -> gint64 */
};

/* ---- one ---- */

void draft_call_clear(DraftCall *call)
{
    g_free(call->request_id);
    g_free(call->body);
    g_free(call->called);
    g_free(call->known);
    g_free(call->daemon);
    *call = (DraftCall){0};
}

void owned_draft_free(void *data)
{
    OwnedDraft *draft = data;

    draft_call_clear(&draft->call);
    g_free(draft->account);
    g_free(draft->parent);
    g_free(draft->name);
    g_free(draft->members);
    g_free(draft);
}

static void show(OwnedDraft *draft)
{
    draft->shown.account = draft->account;
    draft->shown.parent = draft->parent;
    draft->shown.name = draft->name;
    draft->shown.members = draft->members;
}

OwnedDraft *owned_draft_new(gint64 number, const DraftScope *scope, const char *name)
{
    OwnedDraft *draft = g_new0(OwnedDraft, 1);

    draft->shown.draft = number;
    draft->shown.kind = scope->kind;
    draft->account = g_strdup(scope->account);
    draft->parent = g_strdup(scope->parent);
    draft->name = g_strdup(name);
    draft->members = g_strdup("{}");
    show(draft);
    return draft;
}

/* ---- all ---- */

static char *make_key(const DraftScope *scope, const char *name)
{
    return g_strdup_printf("%d/%s/%s/%s", (int)scope->kind, scope->account, scope->parent, name);
}

static DraftScope scope_of(const Draft *draft)
{
    return (DraftScope){draft->kind, draft->account, draft->parent};
}

static char *key_of(const Draft *draft)
{
    DraftScope scope = scope_of(draft);

    return make_key(&scope, draft->name);
}

Drafts *drafts_new(void)
{
    Drafts *drafts = g_new0(Drafts, 1);

    drafts->by_number = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, owned_draft_free);
    drafts->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    drafts->changed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return drafts;
}

void drafts_free(Drafts *drafts)
{
    if (!drafts)
        return;
    g_hash_table_unref(drafts->by_name);
    g_hash_table_unref(drafts->by_number);
    g_hash_table_unref(drafts->changed);
    g_free(drafts);
}

static void note_changed(Cache *cache, const Draft *draft, gint64 at_us)
{
    DraftScope scope = scope_of(draft);

    g_hash_table_insert(cache->drafts->changed, make_key(&scope, ""),
                        g_memdup2(&at_us, sizeof at_us));
}

void drafts_put(Cache *cache, OwnedDraft *draft, gint64 at_us)
{
    show(draft);
    g_hash_table_insert(cache->drafts->by_number, &draft->shown.draft, draft);
    g_hash_table_insert(cache->drafts->by_name, key_of(&draft->shown), draft);
    if (at_us > 0)
        note_changed(cache, &draft->shown, at_us);
}

void drafts_remove(Cache *cache, gint64 number)
{
    OwnedDraft *draft = drafts_own(cache, number);
    g_autofree char *key = draft ? key_of(&draft->shown) : NULL;

    if (!draft)
        return;
    note_changed(cache, &draft->shown, clock_wall(cache->config.clock));
    g_hash_table_remove(cache->drafts->by_name, key);
    g_hash_table_remove(cache->drafts->by_number, &number);
}

void drafts_update(Cache *cache, OwnedDraft *draft)
{
    draft->shown.changed_us = clock_wall(cache->config.clock);
    show(draft);
}

OwnedDraft *drafts_own(Cache *cache, gint64 number)
{
    return g_hash_table_lookup(cache->drafts->by_number, &number);
}

GPtrArray *drafts_open(Cache *cache)
{
    GPtrArray *open = g_ptr_array_new_with_free_func(g_free);
    GHashTableIter iter;
    OwnedDraft *draft;

    g_hash_table_iter_init(&iter, cache->drafts->by_number);
    while (g_hash_table_iter_next(&iter, NULL, (void **)&draft))
        if (draft->shown.state == DRAFT_OPEN)
            g_ptr_array_add(open, g_memdup2(&draft->shown.draft, sizeof draft->shown.draft));
    return open;
}

/* ---- from outside ---- */

const Draft *draft_get(Cache *cache, gint64 number)
{
    const OwnedDraft *draft = drafts_own(cache, number);

    return draft ? &draft->shown : NULL;
}

const Draft *draft_find(Cache *cache, const DraftScope *scope, const char *name)
{
    g_autofree char *key = make_key(scope, name);
    const OwnedDraft *draft = g_hash_table_lookup(cache->drafts->by_name, key);

    return draft ? &draft->shown : NULL;
}

static gboolean is_in(const Draft *draft, const DraftScope *scope)
{
    return draft->kind == scope->kind && g_str_equal(draft->account, scope->account) &&
           g_str_equal(draft->parent, scope->parent);
}

static int compare_numbers(const void *a, const void *b)
{
    gint64 one = (*(const Draft *const *)a)->draft, other = (*(const Draft *const *)b)->draft;

    return (one > other) - (one < other);
}

void draft_each(Cache *cache, const DraftScope *scope, gint64 after, EachDraftFunc each,
                void *user_data)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    GHashTableIter iter;
    OwnedDraft *draft;

    g_hash_table_iter_init(&iter, cache->drafts->by_number);
    while (g_hash_table_iter_next(&iter, NULL, (void **)&draft))
        if (draft->shown.draft > after && is_in(&draft->shown, scope))
            g_ptr_array_add(all, &draft->shown);
    g_ptr_array_sort(all, compare_numbers);
    for (guint i = 0; i < all->len; i++)
        if (!each(user_data, all->pdata[i]))
            break;
}

gint64 drafts_changed_us(Cache *cache, const DraftScope *scope)
{
    g_autofree char *key = make_key(scope, "");
    const gint64 *at_us = g_hash_table_lookup(cache->drafts->changed, key);

    return at_us ? *at_us : 0;
}
