/* SPDX-License-Identifier: MIT */
/*
 * job.c - one call from sending to done(): the transfer, the decoding, the verdict. A job is in
 * exactly one place: the queue, the set of those sent, or here on its way. done() may do anything
 * with the client, also free it; what runs after it holds a reference.
 */
#include <gio/gio.h>
#include <string.h>

#include "api/client-private.h"
#include "api/retry.h"
#include "api/secret.h"

/* Larger answers are decoded in a thread: the loop must not stand still for them. */
enum { INLINE_BYTES = 64 * 1024 };

/* Refusals of its rate that a call takes though nobody waits for it: half a minute of them. */
enum { REFUSALS_UNWANTED = 5 };

void job_free(gpointer data)
{
    Job *job = data;

    g_clear_error(&job->error);
    g_free(job->advertiser);
    secret_free(job->url); /* the app's secret may be in it */
    g_free(job->body);
    g_free(job);
}

/* ---- the end of a call ---- */

static void log_job(const Job *job, int code)
{
    const char *shown = job->endpoint->app || job->fetch ? job->endpoint->path
                                                         : strstr(job->url, job->endpoint->path);

    g_debug("%s %s: code %d, HTTP %u, try %u, %" G_GINT64_FORMAT " ms",
            job->endpoint->post ? "POST" : "GET", shown, code, job->status,
            job->tries + job->refusals + 1,
            (clock_monotonic(job->client->clock) - job->sent_us) / 1000);
}

/* Takes the job, which is in no list any more. The callback may free the client. */
static void end_job(Job *job, const Answer *answer, const GError *error)
{
    Client *client = job->client;

    if (answer != NULL)
        client->stats.last_ok_us = clock_wall(client->clock);
    else
        client->stats.failures++;
    job->done(job->user_data, answer, error);
    job_free(job);
}

/* A refusal for its rate is the service's way to let it wait. */
static GError *late_error(const Job *job)
{
    guint n = queue_length(&job->client->queue) + queue_length(&job->client->fetches);

    if (job->error == NULL)
        return api_error_new(API_ERROR_BUSY, 0, NULL,
                             "not sent: its time passed while it waited for its turn (%u waiting)",
                             n);
    if (job->refusals == 0)
        return g_error_copy(job->error);
    return api_error_new(API_ERROR_BUSY, api_error_code(job->error),
                         api_error_request_id(job->error),
                         "not done: its time passed while it waited for its turn (%u waiting), "
                         "since the service refused it: %s",
                         n, job->error->message);
}

void job_end_late(Job *job)
{
    g_autoptr(GError) late = late_error(job);

    end_job(job, NULL, late);
}

void job_queue(Job *job)
{
    queue_push(job->fetch ? &job->client->fetches : &job->client->queue, &job->item);
}

static void queue_again(Job *job, gint64 not_before_us)
{
    job->item.not_before_us = not_before_us;
    job->client->stats.retries++;
    job_queue(job);
}

static gboolean try_again(Job *job, Fate fate)
{
    guint most = fate == FATE_NOT_RUN ? TRIES_UNSENT_MAX : TRIES_MAX;
    gint64 next_us = clock_monotonic(job->client->clock) + retry_delay_us(job->tries);

    if (fate == FATE_REFUSED || (fate == FATE_UNSURE && job->endpoint->post))
        return FALSE;
    if (job->item.deadline_us != 0 ? next_us > job->item.deadline_us : job->tries >= most)
        return FALSE;
    queue_again(job, next_us);
    return TRUE;
}

static void end_unwanted(Job *job)
{
    g_autoptr(GError) error =
        api_error_new(API_ERROR_BUSY, api_error_code(job->error), api_error_request_id(job->error),
                      "not done: nobody waits for it any more, and the service refused it: %s",
                      job->error->message);

    end_job(job, NULL, error);
}

/* Surely not run: it waits for its turn again, until its deadline. What it has met is the pace's
   business, but for what concerns this call alone. */
static void wait_again(Job *job, PauseScope scope)
{
    Pace *pace = job->client->pace;
    gint64 now_us = clock_monotonic(job->client->clock), next_us = 0;

    job->refusals++;
    if (scope == PAUSE_VALUE || (scope == PAUSE_ADVERTISER && job->advertiser == NULL))
        next_us = now_us + retry_delay_us(job->refusals);
    else
        pace_refused(pace, &job->limits, scope, job->sent_us);
    if (job->refusals >= REFUSALS_UNWANTED && job->wanted != NULL && !job->wanted(job->user_data))
        end_unwanted(job);
    else
        queue_again(job, next_us);
}

/* Refused for its token it surely was not run: with another token it goes once more. */
static gboolean try_other_token(Job *job)
{
    Client *client = job->client;

    if (!credential_refused(&client->credential, job->error, job->token_serial, job->sent_again,
                            clock_monotonic(client->clock)))
        return FALSE;
    job->sent_again = TRUE;
    queue_again(job, 0);
    return TRUE;
}

/* There is one copy of it, as it stands in URLs. */
static void hide_app_secret(const Client *client, GError *error)
{
    const char *in_url = client->app_query != NULL ? strstr(client->app_query, "&secret=") : NULL;
    char *secret = in_url != NULL ? g_uri_unescape_string(in_url + strlen("&secret="), NULL) : NULL;

    secret_hide(error, secret);
    secret_free(secret);
}

/* Takes error. */
static void fail_job(Job *job, GError *error)
{
    Fate fate = retry_fate(job->outcome, job->status, error);
    PauseScope scope = job->fetch ? PAUSE_NONE : retry_pause(job->outcome, job->status, error);

    g_clear_error(&job->error);
    job->error = error;
    secret_hide(error, job->client->credential.token);
    hide_app_secret(job->client, error);
    if (scope != PAUSE_NONE) {
        wait_again(job, scope);
        return;
    }
    if (api_error_code(error) != 0)
        pace_went_well(job->client->pace, &job->limits, job->sent_us);
    job->refusals = 0;
    job->tries++;
    if (try_other_token(job) || try_again(job, fate))
        return;
    if (fate == FATE_UNSURE && job->endpoint->post) {
        GError *unknown =
            api_error_new(API_ERROR_UNKNOWN, api_error_code(error), api_error_request_id(error),
                          "sent, but its outcome is not known: %s", error->message);

        g_clear_error(&job->error);
        job->error = unknown;
    }
    end_job(job, NULL, job->error);
}

/* Takes decoded or error, whichever is set. */
static void settle_job(Job *job, Decoded *decoded, GError *error)
{
    int code = decoded != NULL ? decoded->answer.code : api_error_code(error);

    log_job(job, code);
    if (decoded != NULL || code != 0)
        job->client->stats.last_code = code;
    if (decoded == NULL) {
        fail_job(job, error);
        return;
    }
    pace_went_well(job->client->pace, &job->limits, job->sent_us);
    decoded->answer.truncated = job->throttled;
    end_job(job, &decoded->answer, NULL);
    decoded_free(decoded);
}

/* All of it is with the sink. */
static void settle_stream(Job *job, guint64 n_bytes)
{
    Answer answer = {.page = -1,
                     .total_page = -1,
                     .total_number = -1,
                     .truncated = job->throttled,
                     .streamed = TRUE,
                     .streamed_bytes = n_bytes};

    log_job(job, 0);
    if (!job->fetch) {
        job->client->stats.last_code = 0;
        pace_went_well(job->client->pace, &job->limits, job->sent_us);
    }
    end_job(job, &answer, NULL);
}

/* ---- an answer comes in ---- */

static void decode_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    Job *job = data;
    GError *error = NULL;
    Decoded *decoded =
        decode_answer(g_object_get_data(G_OBJECT(task), "body"), job->status, &error);

    (void)source, (void)cancellable;
    if (decoded != NULL)
        g_task_return_pointer(task, decoded, (GDestroyNotify)decoded_free);
    else
        g_task_return_error(task, error);
}

static void on_decoded(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Job *job = user_data;
    Client *client = job->client;
    GError *error = NULL;
    Decoded *decoded = g_task_propagate_pointer(G_TASK(result), &error);

    (void)source;
    if (client->closed) {
        decoded_free(decoded);
        g_clear_error(&error);
        job_free(job);
    } else {
        settle_job(job, decoded, error);
        client_wake(client);
    }
    client_unref(client);
}

static void decode_elsewhere(Job *job, GBytes *body)
{
    g_autoptr(GTask) task = g_task_new(NULL, NULL, on_decoded, job);

    client_ref(job->client);
    g_object_set_data_full(G_OBJECT(task), "body", g_bytes_ref(body),
                           (GDestroyNotify)g_bytes_unref);
    g_task_set_task_data(task, job, NULL);
    g_task_run_in_thread(task, decode_in_thread);
}

/* FALSE: the sink's owner has withdrawn the call. */
static gboolean begin_sink(Job *job)
{
    Client *client = job->client;

    if (!job->begun) {
        job->begun = TRUE;
        job->sink->begin(job->user_data);
    }
    return g_hash_table_contains(client->sent, job);
}

static gboolean on_piece(void *user_data, GBytes *piece)
{
    Job *job = user_data;
    Client *client = client_ref(job->client);
    gboolean more = begin_sink(job) && job->sink->write(job->user_data, piece);

    client_unref(client);
    return more;
}

/* Takes the job. Whatever the service answered, the transfer is over. */
static void settle_transfer(Job *job, const TransferResult *result)
{
    GError *error = job->fetch ? fetch_error(result) : sender_error(result);

    job->outcome = result->outcome;
    job->status = result->status;
    job->throttled = result->throttled;
    if (error != NULL) {
        settle_job(job, NULL, error);
    } else if (result->streamed) {
        settle_stream(job, result->streamed_bytes);
    } else if (g_bytes_get_size(result->body) > INLINE_BYTES) {
        decode_elsewhere(job, result->body);
    } else {
        Decoded *decoded = decode_answer(result->body, result->status, &error);

        settle_job(job, decoded, error);
    }
}

void job_taken(Job *job)
{
    job->client->n_streams += job->sink != NULL;
    job->client->n_fetches += job->fetch;
}

void job_left(Job *job)
{
    Client *client = job->client;

    g_hash_table_steal(client->sent, job);
    client->n_streams -= job->sink != NULL;
    client->n_fetches -= job->fetch;
    if (!job->fetch)
        pace_answered(client->pace, &job->limits);
}

static void on_transfer(void *user_data, const TransferResult *result)
{
    Job *job = user_data;
    Client *client = client_ref(job->client);
    gboolean is_empty = result->streamed && result->outcome == TRANSFER_WHOLE && !job->begun;

    if (!is_empty || begin_sink(job)) {
        job_left(job);
        settle_transfer(job, result);
    }
    client_wake(client);
    client_unref(client);
}

/* ---- the request goes out ---- */

gboolean job_prepare(Job *job)
{
    char *text;

    if (job->prepare == NULL)
        return TRUE;
    text = job->prepare(job->user_data, &job->item.deadline_us);
    if (text == NULL)
        return FALSE;
    if (job->endpoint->post) {
        g_free(job->body);
        job->body = text;
    } else {
        secret_free(job->url);
        job->url = client_url(job->client, job->endpoint, text);
        g_free(text);
    }
    return TRUE;
}

/* A write is not on its way later than its deadline: nor may its connection come later. */
static guint connect_ms(const Job *job)
{
    gint64 left_us = job->item.deadline_us - clock_monotonic(job->client->clock);

    if (!job->endpoint->post || job->item.deadline_us == 0)
        return 0;
    return (guint)CLAMP(left_us / 1000, 1, G_MAXINT);
}

void job_send(Job *job)
{
    Client *client = job->client;
    TransferRequest request = {
        .url = job->url,
        .body = job->body,
        .token = job->fetch ? NULL : client->credential.token,
        .timeout_s = job->endpoint->timeout_s,
        .connect_ms = connect_ms(job),
        .reach = job->reach,
        .write = job->sink != NULL ? on_piece : NULL,
    };

    if (!job->counted)
        client->stats.calls++;
    job->counted = TRUE;
    job->begun = FALSE;
    job->token_serial = client->credential.serial;
    job->sent_us = clock_monotonic(client->clock);
    g_hash_table_add(client->sent, job);
    client->sender.start(client->sender.data, &request, on_transfer, job);
}
