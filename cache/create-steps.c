/* SPDX-License-Identifier: MIT */
/*
 * create-steps.c - what is asked of the service for one creation.
 *
 * What is true of one that ended well: the service has said that it made the object, and listed it
 * when it was asked again. Two are never made: what is sent again has the request_id it had, or was
 * looked for in vain.
 */
#include <string.h>

#include "api/encode-create.h"
#include "api/error.h"
#include "cache/create-private.h"

enum { REPEATED = 40050, PAUSE_MAX_S = 8 };

/* ---- what was looked for in vain ---- */

static void look_for_it(Create *create)
{
    if (create->state != CREATE_LOOKING)
        create->readings = 0;
    create->state = CREATE_LOOKING;
    create->readings++;
    create_be_patient(create);
    create_look(create);
}

static gboolean on_look_lag(void *user_data)
{
    Create *create = user_data;

    create->timer = 0;
    look_for_it(create);
    return G_SOURCE_REMOVE;
}

/* The service can not be asked whether a second call means the same: it is sent once more only. */
static gboolean may_send(const Create *create)
{
    return create->kind == KIND_AD && !create->late && !create->again &&
           cache_now(create->cache) < create->deadline_us;
}

void create_not_found(Create *create)
{
    if (create_look_later(create, on_look_lag))
        return;
    g_clear_handle_id(&create->patience, g_source_remove);
    if (create->refusal && api_error_code(create->refusal) == REPEATED)
        create_end_unknown(create, g_steal_pointer(&create->refusal));
    else if (create->refusal)
        create_end_refused(create, g_steal_pointer(&create->refusal));
    else if (create->late)
        create_end_refused(create,
                           api_error_new(API_ERROR_STOPPED, 0, NULL,
                                         "it was not created before the mount ended, and is not "
                                         "sent now: that was too long ago, or this mount changes "
                                         "nothing; the draft is kept"));
    else if (may_send(create))
        create_send(create);
    else
        create_end_unknown(create, NULL);
}

/* ---- send ---- */

static gboolean on_pause_end(void *user_data)
{
    Create *create = user_data;

    create->timer = 0;
    create_send(create);
    return G_SOURCE_REMOVE;
}

/* The answer was lost. The call is sent again where that can not make a second one. */
static void after_lost(Create *create)
{
    guint pause_s = MIN(1u << (create->sendings - 1), PAUSE_MAX_S);
    gint64 next_us = cache_now(create->cache) + pause_s * G_USEC_PER_SEC;

    if (create->kind == KIND_AD)
        look_for_it(create);
    else if (next_us < create->deadline_us)
        create->timer = g_timeout_add_seconds(pause_s, on_pause_end, create);
    else
        create_end_unknown(create, NULL);
}

/* An earlier call may have made it. Then it is no wonder that the same is refused now. */
static void refused_again(Create *create, const GError *error)
{
    if (api_error_code(error) == 0) { /* it was not sent, or did not arrive */
        create_end_unknown(create, create->unsure ? NULL : g_error_copy(error));
        return;
    }
    g_clear_error(&create->refusal);
    create->refusal = g_error_copy(error);
    look_for_it(create);
}

static void on_sent(void *user_data, const Answer *answer, const GError *error)
{
    Create *create = user_data;
    g_autofree char *id = NULL;
    gboolean first = !create->open && !create->unsure;

    if (!create_goes_on(create))
        return;
    if (api_error_code(error) == REPEATED) { /* something was made, by this or an earlier call */
        refused_again(create, error);
        return;
    }
    if (g_error_matches(error, API_ERROR, API_ERROR_UNKNOWN)) {
        g_clear_error(&create->unsure);
        create->unsure = g_error_copy(error);
        after_lost(create);
        return;
    }
    if (error && first) {
        create_end_refused(create, g_error_copy(error));
        return;
    }
    if (error) {
        refused_again(create, error);
        return;
    }
    gsize length;
    const char *body = g_bytes_get_data(answer->body, &length);

    create->answer_id = g_strdup(answer->request_id);
    id = decode_created(create->kind, body, length);
    if (id) {
        create_made(create, id);
        return;
    }
    g_clear_error(&create->unsure);
    create->unsure = api_error_new(API_ERROR_MALFORMED, answer->code, answer->request_id,
                                   "the answer does not say what was made");
    look_for_it(create);
}

void create_send(Create *create)
{
    const CacheConfig *config = &create->cache->config;
    Call call = {.endpoint = endpoint_create_of(create->kind),
                 .body = create->call.body,
                 .priority = CALL_WRITE,
                 .advertiser = create->account,
                 .deadline_us = create->deadline_us};

    create->again = create->kind == KIND_AD && (create->open || create->sendings > 0);
    create->sendings++;
    create->state = CREATE_SENDING;
    create->in_call = TRUE;
    create->request = config->call(config->client, &call, on_sent, create);
}

/* ---- note ---- */

static void on_noted(void *user_data, const GError *error)
{
    Create *create = user_data;

    if (!create_goes_on(create))
        return;
    if (error) {
        if (!create->open)
            create_settle(create, JOURNAL_WITHDRAWN, error);
        create_end(create, g_error_copy(error));
    } else if (create->withdrawn) {
        create_end_refused(
            create, api_error_new(API_ERROR_CANCELLED, 0, NULL, "withdrawn before it was sent"));
    } else if (create->open && (create->kind == KIND_AD || create->late)) {
        look_for_it(create);
    } else {
        create_send(create);
    }
}

static void note_call(Create *create)
{
    create->in_call = TRUE;
    draft_store_call(create->cache, create->draft, &create->call, on_noted, create);
}

static void on_intended(void *user_data, gint64 entry, const GError *error)
{
    Create *create = user_data;
    const Guards *guards = create->cache->config.guards;

    if (!create_goes_on(create))
        return;
    if (error) {
        create_end(create, g_error_copy(error));
        return;
    }
    create->call.entry = entry;
    if (guards && guards->dry_run) {
        g_autoptr(GError) told =
            api_error_new(API_ERROR_STOPPED, 0, NULL, "would send to %s: %s",
                          endpoint_find(endpoint_create_of(create->kind))->path, create->call.body);

        create_settle(create, JOURNAL_DRY_RUN, told);
        create_end(create, NULL);
        return;
    }
    note_call(create);
}

static gboolean is_enabled(const Create *create)
{
    g_autoptr(Object) sent = create_sent_object(create);

    return !sent || g_strcmp0(object_text(sent, "operation_status"), "DISABLE") != 0;
}

static void intend(Create *create)
{
    const OwnedDraft *draft = drafts_own(create->cache, create->draft);
    g_autofree char *id = g_strdup_printf("draft-%" G_GINT64_FORMAT, create->draft);
    const char *called = create->call.called && *create->call.called ? create->call.called
                         : draft                                     ? draft->name
                                                                     : "";
    Intent intent = {.author = create->author,
                     .kind = create->kind,
                     .advertiser_id = create->account,
                     .id = id,
                     .member = is_enabled(create) ? JOURNAL_CREATE_ENABLED : JOURNAL_CREATE,
                     .after = called};

    create->state = CREATE_NOTING;
    create->in_call = TRUE;
    journal_intend(create->cache->journal, &intent, on_intended, create);
}

void create_begin(Create *create)
{
    const Guards *guards = create->cache->config.guards;
    gboolean dry_run = guards && guards->dry_run;

    if (create->open && (create->late || !dry_run)) {
        create->state = CREATE_NOTING;
        note_call(create);
    } else if (create->state == CREATE_LISTING && create->kind == KIND_AD && !create->page &&
               !dry_run) {
        create_look(create);
    } else {
        intend(create);
    }
}
