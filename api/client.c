/* SPDX-License-Identifier: MIT */
/*
 * client.c - what callers see, and the pump that moves jobs out of the queue. It runs from the
 * loop only, so nothing ends inside client_call().
 */
#include "api/client.h"

#include <string.h>

#include "api/client-private.h"
#include "api/http.h"
#include "api/secret.h"
#include "api/token.h"

/* Transfers at a time, from which on a priority waits: a write always finds a connection. */
static const guint most_in_flight[N_CALL_PRIORITIES] = {
    [CALL_WRITE] = HTTP_CONNECTIONS_MAX,
    [CALL_WAITED] = HTTP_CONNECTIONS_MAX - 2,
    [CALL_BACKGROUND] = HTTP_CONNECTIONS_MAX - 6,
};

Client *client_ref(Client *client)
{
    client->refs++;
    return client;
}

void client_unref(Client *client)
{
    if (--client->refs > 0)
        return;
    limit_clear(&client->limit);
    credential_clear(&client->credential);
    g_hash_table_unref(client->sent);
    secret_free(client->app_query);
    g_free(client->base_url);
    g_free(client);
}

/* ---- the pump ---- */

/* The lowest priority that may be sent now; FALSE when none may. */
static gboolean lowest_now(const Client *client, CallPriority *ret)
{
    guint in_flight = g_hash_table_size(client->sent), n = N_CALL_PRIORITIES;

    while (n > 0 && in_flight >= most_in_flight[n - 1])
        n--;
    *ret = (CallPriority)(n > 0 ? n - 1 : 0);
    return n > 0;
}

static Job *take_job(Client *client, gint64 now_us)
{
    CallPriority lowest;
    QueueItem *item =
        lowest_now(client, &lowest) ? queue_peek(&client->queue, now_us, lowest) : NULL;

    if (item == NULL || !limit_take(&client->limit, now_us))
        return NULL;
    queue_remove(&client->queue, item);
    return (Job *)item;
}

/* The loop looks here again when a deadline passes, or a call is ready and has a slot. */
static void set_timer(Client *client, gint64 now_us, gboolean may_send)
{
    CallPriority lowest;
    gint64 next_us = queue_deadline_us(&client->queue), ready_us = G_MAXINT64;

    if (may_send && lowest_now(client, &lowest))
        ready_us = queue_ready_us(&client->queue, lowest);
    if (ready_us != G_MAXINT64)
        next_us = MIN(next_us, MAX(ready_us, limit_next_us(&client->limit, now_us)));
    g_source_set_ready_time(client->timer, next_us == G_MAXINT64
                                               ? -1
                                               : g_get_monotonic_time() + MAX(next_us - now_us, 0));
}

/* Whatever waits ends with the token's error. */
static void end_all(Client *client)
{
    gint64 now_us = clock_monotonic(client->clock);
    g_autoptr(GError) error = g_error_copy(credential_error(&client->credential, now_us));
    QueueItem *item;

    while (!client->closed &&
           (item = queue_peek(&client->queue, G_MAXINT64, N_CALL_PRIORITIES - 1)) != NULL) {
        Job *job = (Job *)item;

        queue_remove(&client->queue, item);
        g_clear_error(&job->error);
        job->error = g_error_copy(error);
        job_end_late(job);
    }
}

/* FALSE: nothing is sent now; client_set_token() and client_token_failed() look here again. */
static gboolean token_serves(Client *client, gint64 now_us)
{
    if (queue_length(&client->queue) == 0)
        return FALSE;
    switch (credential_state(&client->credential, now_us, clock_wall(client->clock))) {
    case CREDENTIAL_GOOD:
        return TRUE;
    case CREDENTIAL_DUE:
        credential_asked(&client->credential);
        client->renew(client->renew_data);
        return FALSE;
    case CREDENTIAL_BAD:
        end_all(client);
        return FALSE;
    case CREDENTIAL_WAITING:
        break;
    }
    return FALSE;
}

static void pump(Client *client)
{
    gint64 now_us = clock_monotonic(client->clock);
    Job *job;

    while (!client->closed && (job = (Job *)queue_find_late(&client->queue, now_us)) != NULL) {
        queue_remove(&client->queue, &job->item);
        job_end_late(job);
    }

    gboolean may_send = !client->closed && token_serves(client, now_us);
    while (may_send && (job = take_job(client, now_us)) != NULL)
        job_send(job);
    if (!client->closed)
        set_timer(client, now_us, may_send);
}

static gboolean on_timer(gpointer user_data)
{
    Client *client = client_ref(user_data);

    g_source_set_ready_time(client->timer, -1);
    pump(client);
    client_unref(client);
    return G_SOURCE_CONTINUE;
}

void client_wake(Client *client)
{
    if (!client->closed)
        g_source_set_ready_time(client->timer, 0);
}

/* ---- for callers ---- */

static char *url_of(const Client *client, const Endpoint *endpoint, const char *query)
{
    gboolean has_query = query != NULL && *query != '\0';
    gboolean has_app = endpoint->app && client->app_query != NULL;

    return g_strconcat(client->base_url, "/", endpoint->path, has_query ? "?" : "",
                       has_query ? query : "", has_app ? (has_query ? "&" : "?") : "",
                       has_app ? client->app_query : "", NULL);
}

/* It ends as one whose time has passed, on the next turn of the loop. */
static void refuse(Job *job)
{
    job->error = api_error_new(API_ERROR_TOKEN, 0, NULL,
                               "%s needs the app's id and secret, and the profile has none",
                               job->endpoint->path);
    job->item.deadline_us = 1; /* long ago */
}

guint64 client_call(Client *client, const Call *call, AnswerFunc done, void *user_data)
{
    Job *job = g_new0(Job, 1);

    g_assert(call->priority < N_CALL_PRIORITIES);
    job->item = (QueueItem){
        .id = ++client->last_id,
        .priority = call->priority,
        .deadline_us = call->deadline_us,
    };
    job->client = client;
    job->endpoint = endpoint_find(call->endpoint);
    job->url = url_of(client, job->endpoint, call->query);
    job->body = job->endpoint->post ? g_strdup(call->body != NULL ? call->body : "{}") : NULL;
    job->done = done;
    job->user_data = user_data;
    if (job->endpoint->app && client->app_query == NULL)
        refuse(job);
    queue_push(&client->queue, &job->item);
    client_wake(client);
    return job->item.id;
}

/* What waits to be sent again was surely not executed, or is a read: it can go. */
gboolean client_withdraw(Client *client, guint64 id)
{
    QueueItem *item = queue_find(&client->queue, id);

    if (item == NULL)
        return FALSE;
    queue_remove(&client->queue, item);
    job_free(item);
    return TRUE;
}

gboolean client_set_token(Client *client, const char *token, gint64 expires_us, GError **error)
{
    if (token != NULL && !token_check(token, error))
        return FALSE;
    credential_set(&client->credential, token, expires_us, clock_monotonic(client->clock),
                   clock_wall(client->clock));
    client_wake(client);
    return TRUE;
}

void client_token_failed(Client *client, const GError *error)
{
    credential_failed(&client->credential, error, clock_monotonic(client->clock));
    client_wake(client);
}

void client_stats(const Client *client, ClientStats *ret)
{
    Limit limit = client->limit;
    gint64 now_us = clock_monotonic(client->clock);

    *ret = client->stats;
    ret->queued = queue_length(&client->queue);
    ret->in_flight = g_hash_table_size(client->sent);
    ret->limit_qps = limit.qps;
    ret->limit_qpm = limit.qpm;
    ret->used_qps = limit_used_qps(&limit, now_us);
    ret->used_qpm = limit_used_qpm(&limit, now_us);
}

/* ---- life ---- */

static gboolean dispatch(GSource *source, GSourceFunc callback, gpointer user_data)
{
    (void)source;
    return callback(user_data);
}

static GSource *timer_new(Client *client)
{
    static GSourceFuncs functions = {.dispatch = dispatch};
    GSource *timer = g_source_new(&functions, sizeof(GSource));

    g_source_set_callback(timer, on_timer, client, NULL);
    g_source_attach(timer, NULL);
    return timer;
}

static char *app_query_of(const ClientConfig *config)
{
    if (config->app_id == NULL || config->secret == NULL)
        return NULL;

    g_autofree char *id = g_uri_escape_string(config->app_id, NULL, FALSE);
    char *secret = g_uri_escape_string(config->secret, NULL, FALSE);
    char *query = g_strconcat("app_id=", id, "&secret=", secret, NULL);
    secret_free(secret);
    return query;
}

Client *client_new_with_sender(const ClientConfig *config, const Sender *sender)
{
    Client *client = g_new0(Client, 1);

    client->refs = 1;
    client->base_url = http_base_url(config->base_url);
    client->app_query = app_query_of(config);
    credential_init(&client->credential, config->renew != NULL);
    client->renew = config->renew;
    client->renew_data = config->user_data;
    client->clock = config->clock;
    client->sender = *sender;
    limit_init(&client->limit, config->qps, config->qpm);
    queue_init(&client->queue);
    client->sent = g_hash_table_new_full(NULL, NULL, job_free, NULL);
    client->timer = timer_new(client);
    return client;
}

Client *client_new(const ClientConfig *config, GError **error)
{
    gboolean loopback;
    Sender sender;

    if (!http_check_url(config->base_url, &loopback, error) ||
        !http_sender_new(loopback, &sender, error))
        return NULL;
    return client_new_with_sender(config, &sender);
}

/* First the sender, so that no transfer finds its job gone; jobs being decoded find us closed. */
void client_free(Client *client)
{
    if (client == NULL)
        return;
    client->closed = TRUE;
    g_source_destroy(client->timer);
    g_clear_pointer(&client->timer, g_source_unref);
    client->sender.free(client->sender.data);
    g_hash_table_remove_all(client->sent);
    queue_clear(&client->queue, job_free);
    client_unref(client);
}
