/* SPDX-License-Identifier: MIT */
/*
 * create-back.c - how a creation ends: what was made is read back, and the journal and the draft
 * are told.
 */
#include <string.h>

#include "api/encode.h"
#include "api/error.h"
#include "api/json.h"
#include "api/money.h"
#include "cache/create-private.h"

/* Pauses before the second and third look, as a replica may lag behind; and how long all of them
   may take, as the service may have stopped answering. */
static const guint lag_s[] = {1, 3};
enum { LOOK_S = 30 };

/* ---- how it ends ---- */

void create_settle(Create *create, JournalOutcome outcome, const GError *error)
{
    const Verdict verdict = {
        .outcome = outcome, .error = error, .found = create->id, .request_id = create->answer_id};

    if (create->call.entry > 0)
        journal_settle(create->cache->journal, create->call.entry, &verdict, NULL, NULL);
}

static gboolean was_not_sent(const GError *error)
{
    return g_error_matches(error, API_ERROR, API_ERROR_CANCELLED) ||
           g_error_matches(error, API_ERROR, API_ERROR_BUSY);
}

static void on_closed(void *user_data, const GError *error)
{
    Create *create = user_data;

    if (!create_goes_on(create))
        return;
    if (error) /* the next mount finds it OPEN, and asks the service */
        g_message("a draft that was not created stays open: %s", error->message);
    create_end(create, g_steal_pointer(&create->refusal));
}

void create_end_refused(Create *create, GError *error)
{
    create_settle(create, was_not_sent(error) ? JOURNAL_WITHDRAWN : JOURNAL_REFUSED, error);
    g_clear_error(&create->refusal);
    create->refusal = error;
    create->state = CREATE_STORING;
    create->in_call = TRUE;
    draft_store_closed(create->cache, create->draft, on_closed, create);
}

void create_end_unknown(Create *create, GError *error)
{
    g_autoptr(GError) cause = error ? error : g_steal_pointer(&create->unsure);
    const char *why = cause ? cause->message : "no answer in time";
    GError *unknown = api_error_new(
        API_ERROR_UNKNOWN, api_error_code(cause), api_error_request_id(cause),
        "it may have been created or not: %s; the draft is kept: write create to its ctl once "
        "more, which settles that and never makes a second one",
        why);

    create_settle(create, JOURNAL_UNKNOWN, unknown);
    create_end(create, unknown);
}

/* ---- read back ---- */

static void read_back(Create *create);

static gboolean on_patience_end(void *user_data)
{
    Create *create = user_data;

    create->patience = 0;
    create_end_unknown(create, NULL);
    return G_SOURCE_REMOVE;
}

void create_be_patient(Create *create)
{
    if (create->patience == 0)
        create->patience = g_timeout_add_seconds(LOOK_S, on_patience_end, create);
}

gboolean create_look_later(Create *create, GSourceFunc look)
{
    if (create->readings > G_N_ELEMENTS(lag_s))
        return FALSE;
    create->timer = g_timeout_add_seconds(lag_s[create->readings - 1], look, create);
    return TRUE;
}

static gboolean on_read_lag(void *user_data)
{
    Create *create = user_data;

    create->timer = 0;
    read_back(create);
    return G_SOURCE_REMOVE;
}

static gboolean is_same(const Object *sent, const Object *found, const char *member)
{
    const char *want = object_text(sent, member), *have = object_text(found, member);
    gint64 wanted, had;

    if (!want || !have || g_str_equal(want, have))
        return TRUE;
    return money_from_json(want, &wanted) && money_from_json(have, &had) && wanted == had;
}

Object *create_sent_object(const Create *create)
{
    g_autoptr(Object) body = object_new(create->call.body, -1, NULL);
    const char *list = body ? object_raw(body, "creatives") : NULL;
    JsonSpan name, value;
    JsonIter iter;

    if (!list)
        return g_steal_pointer(&body);
    if (!json_iter_init(&iter, list, strlen(list)) || !json_iter_next(&iter, &name, &value))
        return NULL;
    return object_new(value.at, (gssize)value.length, NULL);
}

/* It was made, and is something else than what was sent. NULL: it is that. */
static GError *differs(const Create *create, const Object *found)
{
    const char *const members[] = {kind_names(create->kind)->name, "operation_status", "budget"};
    g_autoptr(Object) sent = create_sent_object(create);
    const char *mode = object_text(found, "budget_mode");
    gsize n = g_strcmp0(mode, "BUDGET_MODE_INFINITE") == 0 ? 2 : 3; /* a campaign's (CBO) counts */

    for (gsize i = 0; sent && i < n; i++)
        if (!is_same(sent, found, members[i]))
            return api_error_new(API_ERROR_MISMATCH, 0, create->answer_id,
                                 "created as %s, but its %s reads %s in place of %s; see what it "
                                 "is, and change that",
                                 create->id, members[i], object_text(found, members[i]),
                                 object_text(sent, members[i]));
    return NULL;
}

static void never_seen(Create *create)
{
    GError *error = api_error_new(API_ERROR_MISMATCH, 0, create->answer_id,
                                  "the service says that it created %s, but does not list it; the "
                                  "draft is kept: write create to its ctl once more, which never "
                                  "makes a second one",
                                  create->id);

    create_settle(create, JOURNAL_DIFFERS, error);
    create_end(create, error);
}

static void on_read(void *user_data, const Answer *answer, const GError *error)
{
    Create *create = user_data;
    g_autoptr(Object) found = NULL;

    if (!create_goes_on(create))
        return;
    if (error || !answer->has_list) {
        create_end_unknown(create, error ? g_error_copy(error) : NULL);
        return;
    }
    found = create_find(create, answer);
    if (found) {
        create->refusal = differs(create, found);
        create_settle(create, create->refusal ? JOURNAL_DIFFERS : JOURNAL_DONE, create->refusal);
        create_store(create, object_json(found));
    } else if (!create_look_later(create, on_read_lag)) {
        never_seen(create);
    }
}

static void read_back(Create *create)
{
    const char *ids[] = {create->id, NULL};
    g_autofree char *query = encode_list(create->kind, create->account, ids, 1, 1);
    Call call = {.endpoint = endpoint_get_of(create->kind),
                 .query = query,
                 .priority = CALL_WRITE,
                 .advertiser = create->account};
    const CacheConfig *config = &create->cache->config;

    create_be_patient(create);
    create->readings++;
    create->asked_us = cache_now(create->cache);
    create->in_call = TRUE;
    create->request = config->call(config->client, &call, on_read, create);
}

void create_made(Create *create, const char *id)
{
    g_free(create->id);
    create->id = g_strdup(id);
    g_clear_error(&create->refusal);
    create->state = CREATE_READING;
    create->readings = 0;
    read_back(create);
}
