/* SPDX-License-Identifier: MIT */
/* create.c - the life of one creation, from whoever wants it to how it ended. */
#include "cache/create.h"

#include <string.h>

#include "api/encode-create.h"
#include "api/error.h"
#include "cache/create-private.h"
#include "cache/guard.h"
#include "cache/journal-daemon.h"
#include "cache/journal-table.h"

/* What was left open longer ago than this is looked for, but not sent any more: a write never fires
   late. */
#define SEND_AGAIN_US (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)

enum { RECOVER_S = 30, DEAD_S = 5 };

static void create_destroy(void *data)
{
    Create *create = data;

    g_clear_handle_id(&create->timer, g_source_remove);
    g_clear_handle_id(&create->patience, g_source_remove);
    draft_call_clear(&create->call);
    g_free(create->account);
    g_free(create->parent);
    g_free((char *)create->author.command);
    g_free((char *)create->author.path);
    g_free(create->id);
    g_free(create->answer_id);
    g_free(create->newest);
    g_clear_pointer(&create->matches, g_ptr_array_unref);
    g_clear_error(&create->unsure);
    g_clear_error(&create->refusal);
    g_clear_error(&create->error);
    g_free(create);
}

GHashTable *creates_new(void)
{
    return g_hash_table_new_full(NULL, NULL, create_destroy, NULL);
}

/* It goes when it has ended, nobody asks for it any more, and no callback is to come. */
void create_release(Create *create)
{
    if (create->state == CREATE_ENDED && create->orphan && !create->in_call)
        g_hash_table_remove(create->cache->creates, create);
}

gboolean create_goes_on(Create *create)
{
    gboolean goes_on = create->state != CREATE_ENDED;

    create->in_call = FALSE;
    create_release(create);
    return goes_on;
}

void create_end(Create *create, GError *error)
{
    Cache *cache = create->cache;

    create->state = CREATE_ENDED;
    create->error = error;
    g_clear_handle_id(&create->timer, g_source_remove);
    g_clear_handle_id(&create->patience, g_source_remove);
    if (error)
        cache->stats.refused++;
    else
        cache->stats.commits++;
    if (create->orphan)
        create_release(create);
    else if (create->waiter)
        cache->config.wake(cache->config.user_data, create->waiter);
}

/* ---- from outside ---- */

static gboolean on_refused(void *user_data)
{
    Create *create = user_data;
    GError *error = g_steal_pointer(&create->refusal);

    create->timer = 0;
    create_end(create, error);
    return G_SOURCE_REMOVE;
}

/* Never before the call that starts it returns. Takes error, NULL: all is well. */
static Create *end_soon(Create *create, GError *error)
{
    create->refusal = error;
    create->timer = g_timeout_add(0, on_refused, create);
    return create;
}

static Create *create_new(Cache *cache, gint64 number)
{
    const OwnedDraft *draft = drafts_own(cache, number);
    Create *create = g_new0(Create, 1);

    create->cache = cache;
    create->draft = number;
    g_hash_table_add(cache->creates, create);
    if (!draft)
        return create;
    create->kind = draft->shown.kind;
    create->account = g_strdup(draft->account);
    create->parent = g_strdup(draft->parent);
    create->open = draft->shown.state == DRAFT_OPEN;
    return create;
}

static gboolean is_under_way(Cache *cache, gint64 draft)
{
    GHashTableIter iter;
    const Create *create;

    g_hash_table_iter_init(&iter, cache->creates);
    while (g_hash_table_iter_next(&iter, (void **)&create, NULL))
        if (create->draft == draft && create->state != CREATE_ENDED)
            return TRUE;
    return FALSE;
}

/* A number that no other call has: it must fit into 63 bits, and 0 might count as none. */
static char *make_request_id(void)
{
    guint64 number = (guint64)g_random_int() << 31 ^ g_random_int();

    return g_strdup_printf("%" G_GUINT64_FORMAT, (number & G_MAXINT64) | 1);
}

static const char *account_currency(Cache *cache, const char *account)
{
    Scope scope = {.kind = KIND_ADVERTISER};
    const Row *row = cache_row(cache, cache_find_id(cache, &scope, account));

    return row ? object_text(row->object, "currency") : NULL;
}

/* max_budget and max_bid; there is nothing that max_increase could be measured from. */
static gboolean guards_allow(Cache *cache, const Create *create, const Object *members,
                             GError **error)
{
    static const char *const amounts[] = {"budget", "bid_price", "conversion_bid_price",
                                          "deep_cpa_bid", NULL};
    const char *currency = account_currency(cache, create->account);

    for (guint i = 0; amounts[i]; i++) {
        const char *value = object_text(members, amounts[i]);
        Update update = {.kind = create->kind,
                         .member = (char *)amounts[i],
                         .value = (char *)value,
                         .amount = TRUE};

        if (value && !guard_allows(cache->config.guards, &update, currency, TRUE, error))
            return FALSE;
    }
    return TRUE;
}

/* Of a draft that is LOCAL: what is sent from now on, whatever becomes of it. */
static gboolean set_call(Create *create, const CreateRequest *request, GError **error)
{
    g_autoptr(Object) members = object_new(request->members, -1, error);
    DraftCall *call = &create->call;

    if (!members || !guards_allow(create->cache, create, members, error))
        return FALSE;
    call->request_id = create->kind == KIND_AD ? g_strdup("") : make_request_id();
    call->body =
        encode_create(create->kind, create->account, create->parent, members, call->request_id);
    call->called = g_strdup(object_text(members, kind_names(create->kind)->name));
    call->known = g_strdup("[]");
    call->daemon = g_strdup(journal_daemon(create->cache->journal));
    call->asked_us = clock_wall(create->cache->config.clock);
    return TRUE;
}

static void copy_call(Create *create, const DraftCall *from)
{
    create->call = (DraftCall){.request_id = g_strdup(from->request_id),
                               .body = g_strdup(from->body),
                               .called = g_strdup(from->called),
                               .known = g_strdup(from->known),
                               .daemon = g_strdup(journal_daemon(create->cache->journal)),
                               .entry = from->entry,
                               .asked_us = from->asked_us};
}

Create *create_start(Cache *cache, const CreateRequest *request, void *waiter)
{
    gboolean busy = is_under_way(cache, request->draft);
    Create *create = create_new(cache, request->draft);
    GError *error = NULL;

    create->waiter = waiter;
    create->deadline_us = request->deadline_us;
    create->author = request->author;
    create->author.command = g_strdup(request->author.command);
    create->author.path = g_strdup(request->author.path);
    if (!create->account)
        error = api_error_new(API_ERROR_NOT_FOUND, 0, NULL, "the draft is gone");
    else if (busy)
        error =
            api_error_new(API_ERROR_BUSY, 0, NULL, "it is being created already; wait for that");
    else if (create->open)
        copy_call(create, &drafts_own(cache, request->draft)->call);
    else
        set_call(create, request, &error);
    if (error)
        return end_soon(create, error);
    create_begin(create);
    return create;
}

gboolean create_ended(const Create *create, GError **error)
{
    if (create->state != CREATE_ENDED)
        return FALSE;
    if (create->error)
        g_propagate_error(error, g_error_copy(create->error));
    return TRUE;
}

gint64 create_row(const Create *create)
{
    return create->row;
}

/* Before it is sent for the first time; while it is being noted the note would have to be undone,
   which the step after that does. */
gboolean create_withdraw(Create *create)
{
    const CacheConfig *config = &create->cache->config;

    if (create->open || create->sendings > 1 || create->state > CREATE_SENDING)
        return FALSE;
    if (create->state == CREATE_SENDING && !config->withdraw(config->client, create->request))
        return FALSE;
    create->waiter = NULL;
    create->withdrawn = TRUE;
    if (create->state == CREATE_SENDING) {
        create->in_call = FALSE;
        create_end_refused(
            create, api_error_new(API_ERROR_CANCELLED, 0, NULL, "withdrawn before it was sent"));
    }
    return TRUE;
}

void create_free(Create *create)
{
    if (!create)
        return;
    create->orphan = TRUE;
    create_release(create);
}

char *create_preview(Cache *cache, gint64 number, const char *members)
{
    const OwnedDraft *draft = drafts_own(cache, number);
    g_autoptr(Object) object = draft ? object_new(members, -1, NULL) : NULL;

    if (!object)
        return NULL;
    if (draft->shown.state == DRAFT_OPEN)
        return g_strdup(draft->call.body);
    return encode_create(draft->shown.kind, draft->account, draft->parent, object, NULL);
}

/* ---- what a dead daemon has left ---- */

static gboolean may_send(const Cache *cache)
{
    const Guards *guards = cache->config.guards;

    return !cache->config.read_only && !(guards && guards->dry_run);
}

static void recover(Cache *cache, const OwnedDraft *draft)
{
    gint64 age_us = clock_wall(cache->config.clock) - draft->call.asked_us;
    Create *create = create_new(cache, draft->shown.draft);

    create->orphan = TRUE;
    create->deadline_us = cache_now(cache) + RECOVER_S * G_USEC_PER_SEC;
    create->late = age_us < 0 || age_us > SEND_AGAIN_US || !may_send(cache);
    copy_call(create, &draft->call);
    create_begin(create);
}

void creates_recover_now(Cache *cache)
{
    g_autoptr(GPtrArray) open = drafts_open(cache);
    gint64 now_us = clock_wall(cache->config.clock);

    for (guint i = 0; i < open->len; i++) {
        const OwnedDraft *draft = drafts_own(cache, *(const gint64 *)open->pdata[i]);

        if (!daemon_is_alive(draft->call.daemon, now_us - draft->call.asked_us) &&
            !is_under_way(cache, draft->shown.draft))
            recover(cache, draft);
    }
}

static gboolean on_due(void *user_data)
{
    Cache *cache = user_data;

    cache->recreating = 0;
    creates_recover_now(cache);
    return G_SOURCE_REMOVE;
}

void creates_recover(Cache *cache)
{
    cache->recreating = g_timeout_add_seconds(DEAD_S, on_due, cache);
}
