/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * model-calls.h - the client of the model: calls that are answered at one moment, from what the
 * service has then, and delivered at another; with one fault at most.
 */
#include "tests/unit/model.h"

typedef enum {
    FAULT_NONE,
    FAULT_UNREACHABLE,
    FAULT_REMOTE,
    FAULT_MALFORMED,
    FAULT_DENIED,
    FAULT_NO_LIST,
    FAULT_CUT,     /* the service says that it cut the rows */
    FAULT_JUNK,    /* text that is no JSON */
    FAULT_STRANGE, /* a row without an id more */
    FAULT_SHORT,   /* a row less */
    FAULT_DOUBLE,  /* the first row in the place of the last */
    FAULT_LIE,     /* another total */
    N_FAULTS,
} Fault;

/* ---- whom a call is about ---- */

static inline char *query_text(const char *query, const char *name)
{
    g_autofree char *key = g_strconcat(name, "=", NULL);
    const char *at = query ? strstr(query, key) : NULL;

    return at ? g_strndup(at + strlen(key), strcspn(at + strlen(key), "&")) : NULL;
}

static inline Thing *call_owner(const Model *model, const ModelCall *call)
{
    g_autofree char *account = query_text(call->query, "advertiser_id");
    g_autofree char *center = query_text(call->query, "bc_id");

    if (account)
        return world_find(&model->world, KIND_ADVERTISER, NULL, account);
    return center ? world_find(&model->world, KIND_CENTER, NULL, center) : NULL;
}

static inline gboolean is_list_of(EndpointId endpoint, ListingKind *ret)
{
    for (ListingKind kind = 0; kind < N_LISTINGS; kind++)
        if (kind != LISTING_ROLES && listing_type(kind)->endpoint == endpoint) {
            *ret = kind;
            return TRUE;
        }
    return FALSE;
}

/* Some center has it. */
static inline gboolean is_bound(const World *world, const Thing *account)
{
    const GPtrArray *assets = world->alive[KIND_ASSET];

    for (guint i = 0; i < assets->len; i++) {
        const Thing *asset = assets->pdata[i];
        if (asset->enabled && world_is_there(asset->owner) && strcmp(asset->id, account->id) == 0)
            return TRUE;
    }
    return FALSE;
}

static inline gboolean is_allowed(const World *world, const Thing *account)
{
    return world_is_there(account) || is_bound(world, account);
}

/* ---- rounds ---- */

/* A round is whole when each of its pages came, all say the same total, and as many different rows
   did. */

static inline const PageSeen *find_page(const Round *round, guint number)
{
    for (guint i = 0; i < round->pages->len; i++) {
        const PageSeen *seen = round->pages->pdata[i];
        if (seen->number == number)
            return seen;
    }
    return NULL;
}

static inline gboolean add_page_rows(GHashTable *things, const PageSeen *seen)
{
    for (guint i = 0; i < seen->rows->len; i++)
        g_hash_table_add(things, g_array_index(seen->rows, Shown, i).thing);
    return seen->rows->len > 0;
}

static inline gboolean round_is_whole(ListingKind kind, const Round *round)
{
    const PageSeen *first = round ? find_page(round, 1) : NULL;
    g_autoptr(GHashTable) things = g_hash_table_new(NULL, NULL);
    gint64 n_pages;

    if (!first || !first->good)
        return FALSE;
    if (kind == LISTING_ADVERTISERS || kind == LISTING_FUNDS)
        return TRUE;
    n_pages = MAX(first->total_page, 1);
    for (guint number = 1; number <= n_pages; number++) {
        const PageSeen *seen = find_page(round, number);
        if (!seen || !seen->good || seen->total != first->total)
            return FALSE;
        if (!add_page_rows(things, seen) && number < n_pages)
            return FALSE;
    }
    return g_hash_table_size(things) == first->total;
}

/* For who looks for what went wrong. */
static inline void note_round(Model *model, const Round *round)
{
    for (guint i = 0; round && i < round->pages->len; i++) {
        const PageSeen *seen = round->pages->pdata[i];
        g_autoptr(GString) ids = g_string_new(NULL);
        for (guint k = 0; k < seen->rows->len; k++)
            g_string_append_printf(ids, " %s", g_array_index(seen->rows, Shown, k).thing->id);
        model_note(model,
                   "  page %u of %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT
                   " rows in all, answered at %" G_GUINT64_FORMAT " %s:%s",
                   seen->number, seen->total_page, seen->total, seen->served,
                   seen->good ? "well" : "badly", ids->str);
    }
}

/* ---- the client ---- */

static inline void model_call_free(void *data)
{
    ModelCall *call = data;

    g_free(call->query);
    g_free(call->body);
    round_unref(call->round);
    if (call->seen)
        page_seen_free(call->seen);
    g_clear_pointer(&call->answer.body, g_bytes_unref);
    g_clear_error(&call->error);
    g_clear_pointer(&call->some, g_ptr_array_unref);
    g_free(call);
}

/* No list is read twice at once, and no page of it. */
static inline void check_single(Model *model, const ModelCall *call, guint page)
{
    for (guint i = 0; i < model->calls->len; i++) {
        const ModelCall *other = model->calls->pdata[i];
        if (other->watch != call->watch || other == call || call->watch->kind == LISTING_INFO)
            continue;
        if (page == 1 || other->seen->number == page)
            model_fail(model, "page %u of listing %d is asked for while page %u is under way", page,
                       call->watch->kind, other->seen->number);
    }
}

static inline Watch *watch_of_record(const Model *model, const CommitRecord *record)
{
    ListingKind kind = LISTING_CAMPAIGNS + (ListingKind)(record->thing->kind - KIND_CAMPAIGN);

    return model_find_watch(model, kind, record->thing->owner);
}

/* A commit that ends in doubt makes what is under way begin again. */
static inline guint count_restarts(const Model *model, const Watch *watch)
{
    guint n = watch->restarts;

    for (guint i = 0; i < model->commits->len; i++)
        n += watch_of_record(model, model->commits->pdata[i]) == watch;
    return n;
}

/* One that was whole, but asked for too early, is known, and old. */
static inline void note_overtaken(Model *model, Watch *watch)
{
    ListingState state;

    cache_listing_state(model->cache, watch->kind, watch->row, &state);
    watch->fetched_us = state.fetched_us;
    round_set(&watch->base, watch->round);
    if (!watch->refreshed || watch->round->asked < watch->expired_at || state.fetched_us == 1)
        return;
    watch->expired = FALSE; /* it was wanted anew */
    watch->since_us = model->mono;
}

static inline void note_page(Model *model, ModelCall *call)
{
    guint page = (guint)MAX(fake_number(call->query, "page"), 1);
    Watch *watch = call->watch;
    gboolean info = watch->kind == LISTING_INFO;

    call->seen = g_new0(PageSeen, 1);
    call->seen->number = page;
    call->seen->asked = call->asked;
    call->seen->rows = g_array_new(FALSE, FALSE, sizeof(Shown));
    check_single(model, call, page);
    if (page == 1 && watch->hurried) {
        watch->hurried = FALSE;
    } else if (info ? !watch->round || watch->rounds == 0 : page == 1) {
        if (watch->flying && watch->rounds > 0 && round_is_whole(watch->kind, watch->round))
            note_overtaken(model, watch);
        round_unref(watch->round);
        watch->round = round_new(call->asked);
        if (watch->rounds++ > 0)
            model->reach =
                (Reach){FALSE, TRUE, model->reach.singles, model->mono, model->reach.last_us};
        if (watch->rounds > 3 * (1 + count_restarts(model, watch)))
            model_fail(model, "listing %d is read %u times", watch->kind, watch->rounds);
    }
    call->round = g_rc_box_acquire(watch->round);
}

static inline guint64 model_call(void *client, const Call *what, AnswerFunc done, void *user_data)
{
    Model *model = client;
    ModelCall *call = g_new0(ModelCall, 1);
    gboolean one = what->prepare || (what->query && strstr(what->query, "filtering="));
    ListingKind kind;

    call->id = ++model->n_calls;
    call->asked = model_tick(model);
    call->endpoint = what->endpoint;
    call->query = g_strdup(what->query);
    call->body = g_strdup(what->body);
    call->done = done;
    call->prepare = what->prepare;
    call->user_data = user_data;
    call->deadline_us = what->deadline_us;
    g_ptr_array_add(model->calls, call);
    if (!one && is_list_of(what->endpoint, &kind)) {
        call->watch = model_find_watch(model, kind, call_owner(model, call));
        if (!call->watch)
            model_fail(model, "a call for listing %d that nobody wanted", kind);
        note_page(model, call);
    }
    model_note(model, "  call %" G_GUINT64_FORMAT ": endpoint %d listing %d page %u", call->id,
               call->endpoint, call->watch ? (int)call->watch->kind : -1,
               call->seen ? call->seen->number : 0);
    return call->id;
}

static inline gboolean model_withdraw(void *client, guint64 id)
{
    Model *model = client;

    for (guint i = 0; i < model->calls->len; i++) {
        ModelCall *call = model->calls->pdata[i];
        if (call->id != id || call->sent)
            continue;
        if (call->watch && call->watch->kind != LISTING_INFO)
            call->watch->hurried = call->seen->number == 1;
        g_ptr_array_remove_index(model->calls, i);
        model_call_free(call);
        return TRUE;
    }
    return FALSE;
}
