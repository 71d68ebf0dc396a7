/* SPDX-License-Identifier: MIT */
/*
 * client.c - what callers see; jobs are moved out of the queue by the pump, from the loop only.
 */
#include "api/client.h"

#include <string.h>

#include "api/client-private.h"
#include "api/http.h"
#include "api/secret.h"
#include "api/token.h"

Client *client_ref(Client *client)
{
    client->refs++;
    return client;
}

void client_unref(Client *client)
{
    if (--client->refs > 0)
        return;
    pace_free(client->pace);
    credential_clear(&client->credential);
    g_hash_table_unref(client->sent);
    secret_free(client->app_query);
    g_free(client->base_url);
    g_free(client);
}

/* ---- the timer ---- */

/* The loop looks here again when a deadline passes, or a call may have its turn. */
static void set_timer(Client *client, gint64 next_us)
{
    gint64 in_us = MAX(next_us - clock_monotonic(client->clock), 0);

    g_source_set_ready_time(client->timer,
                            next_us == G_MAXINT64 ? -1 : g_get_monotonic_time() + in_us);
}

static gboolean on_timer(gpointer user_data)
{
    Client *client = client_ref(user_data);

    gint64 next_us;

    g_source_set_ready_time(client->timer, -1);
    next_us = client_pump(client);
    if (!client->closed)
        set_timer(client, next_us);
    client_unref(client);
    return G_SOURCE_CONTINUE;
}

void client_wake(Client *client)
{
    if (!client->closed)
        g_source_set_ready_time(client->timer, 0);
}

/* ---- for callers ---- */

char *client_url(const Client *client, const Endpoint *endpoint, const char *query)
{
    gboolean has_query = query != NULL && *query != '\0';
    gboolean has_app = endpoint->app && client->app_query != NULL;

    return g_strconcat(client->base_url, "/", endpoint->path, has_query ? "?" : "",
                       has_query ? query : "", has_app ? (has_query ? "&" : "?") : "",
                       has_app ? client->app_query : "", NULL);
}

/* Takes error. It ends as one whose time has passed, on the next turn of the loop. */
static void refuse(Job *job, GError *error)
{
    job->error = error;
    job->item.deadline_us = 1; /* long ago */
}

static void address_call(Job *job, const Call *call)
{
    Client *client = job->client;

    job->endpoint = endpoint_find(call->endpoint);
    job->limits = (LimitCall){job->endpoint->bucket, {job->endpoint->path, job->advertiser}};
    job->url = client_url(client, job->endpoint, call->query);
    job->body = job->endpoint->post ? g_strdup(call->body != NULL ? call->body : "{}") : NULL;
    if (job->endpoint->app && client->app_query == NULL)
        refuse(job, api_error_new(API_ERROR_TOKEN, 0, NULL,
                                  "%s needs the app's id and secret, and the profile has none",
                                  job->endpoint->path));
}

static void address_link(Job *job, const char *url)
{
    GError *error = NULL;

    job->fetch = TRUE;
    job->endpoint = &fetch_endpoint;
    job->url = g_strdup(url);
    if (!reach_of_link(url, job->client->loopback, &job->reach, &error))
        refuse(job, error);
}

guint64 client_call(Client *client, const Call *call, AnswerFunc done, void *user_data)
{
    Job *job = g_new0(Job, 1);

    g_assert(call->priority < N_CALL_PRIORITIES);
    g_assert(call->url == NULL || call->sink != NULL);
    job->item = (QueueItem){
        .id = ++client->last_id,
        .priority = call->priority,
        .deadline_us = call->deadline_us,
    };
    job->client = client;
    job->advertiser = g_strdup(call->advertiser);
    job->item.advertiser = job->advertiser;
    job->done = done;
    job->prepare = call->prepare;
    job->wanted = call->wanted;
    job->sink = call->sink;
    job->user_data = user_data;
    if (call->url != NULL)
        address_link(job, call->url);
    else
        address_call(job, call);
    g_assert(job->sink == NULL || !job->endpoint->post);
    job_queue(job);
    client_wake(client);
    return job->item.id;
}

static Job *find_stream(Client *client, guint64 id)
{
    GHashTableIter iter;
    gpointer data;

    g_hash_table_iter_init(&iter, client->sent);
    while (g_hash_table_iter_next(&iter, &data, NULL)) {
        Job *job = data;

        if (job->item.id == id && job->sink != NULL)
            return job;
    }
    return NULL;
}

/* Nobody takes what comes: it need not come. */
static gboolean break_off(Client *client, guint64 id)
{
    Job *job = find_stream(client, id);

    if (job == NULL)
        return FALSE;
    client->sender.cancel(client->sender.data, job);
    job_left(job);
    job_free(job);
    client_wake(client);
    return TRUE;
}

/* What waits to be sent again was surely not executed, or is a read: it can go. */
gboolean client_withdraw(Client *client, guint64 id)
{
    Queue *queues[] = {&client->queue, &client->fetches};

    for (gsize i = 0; i < G_N_ELEMENTS(queues); i++) {
        QueueItem *item = queue_find(queues[i], id);

        if (item == NULL)
            continue;
        queue_remove(queues[i], item);
        job_free(item);
        return TRUE;
    }
    return break_off(client, id);
}

void client_resume(Client *client, guint64 id)
{
    Job *job = find_stream(client, id);

    if (job != NULL)
        client->sender.resume(client->sender.data, job);
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

void client_token_renewing(Client *client)
{
    credential_asked(&client->credential);
}

gboolean client_is_held(Client *client, guint64 id)
{
    const QueueItem *item = queue_find(&client->queue, id);
    gint64 when_us;

    if (item == NULL || !pace_enter(client->pace))
        return FALSE;
    when_us = pace_call_us(client->pace, &((const Job *)item)->limits);
    pace_leave(client->pace);
    return MAX(when_us, item->not_before_us) > pace_now_us(client->pace);
}

void client_stats(Client *client, ClientStats *ret)
{
    ClientWindow app[N_LIMIT_WINDOWS] = {{0}};

    pace_windows(client->pace, app, G_N_ELEMENTS(app));
    *ret = client->stats;
    ret->queued = queue_length(&client->queue) + queue_length(&client->fetches);
    ret->in_flight = g_hash_table_size(client->sent);
    ret->used_qps = app[LIMIT_SECOND].used;
    ret->limit_qps = app[LIMIT_SECOND].limit;
    ret->used_qpm = app[LIMIT_MINUTE].used;
    ret->limit_qpm = app[LIMIT_MINUTE].limit;
    ret->used_qpd = app[LIMIT_DAY].used;
    ret->limit_qpd = app[LIMIT_DAY].limit;
}

static gboolean waits_for(void *user_data, const QueueItem *item)
{
    const ClientWindow *window = user_data;
    const LimitCall *call = &((const Job *)item)->limits;

    if (strcmp(window->window, PACE_BACK_OFF) != 0)
        return strcmp(window->name, bucket_name(BUCKET_APP)) == 0 ||
               strcmp(window->name, bucket_name(call->bucket)) == 0;
    return strcmp(window->name, PACE_ALL) == 0 || strcmp(window->name, call->pause.endpoint) == 0 ||
           g_strcmp0(window->name, call->pause.advertiser) == 0;
}

guint client_windows(Client *client, ClientWindow *ret, guint most)
{
    guint n = pace_windows(client->pace, ret, most);

    for (guint i = 0; i < n; i++)
        if (ret[i].next_us > 0)
            ret[i].waiting = queue_count(&client->queue, waits_for, &ret[i]);
    client_wake(client); /* what was told of calls that ended may have freed something */
    return n;
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
    PaceConfig pace = {.app = {config->qps, config->qpm, config->qpd},
                       .tier = config->tier,
                       .file = config->pace_file,
                       .clock = config->clock};

    client->refs = 1;
    client->base_url = http_base_url(config->base_url);
    client->loopback = http_is_loopback(config->base_url);
    client->app_query = app_query_of(config);
    credential_init(&client->credential, config->renew != NULL);
    client->renew = config->renew;
    client->renew_data = config->user_data;
    client->clock = config->clock;
    client->sender = *sender;
    client->pace = pace_new(&pace);
    queue_init(&client->queue);
    queue_init(&client->fetches);
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
    queue_clear(&client->fetches, job_free);
    client_unref(client);
}
