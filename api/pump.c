/* SPDX-License-Identifier: MIT */
/*
 * pump.c - moves jobs out of the queue, when there is a token and it is their turn. It runs from
 * the loop only, so nothing ends inside client_call().
 */
#include "api/client-private.h"
#include "api/http.h"

/* Until the file of the limits, which another process has, is tried again. */
enum { BUSY_US = 1000 };

/* Transfers at a time, from which on a priority waits: a write always finds a connection. */
static const guint most_in_flight[N_CALL_PRIORITIES] = {
    [CALL_WRITE] = HTTP_CONNECTIONS_MAX,
    [CALL_WAITED] = HTTP_CONNECTIONS_MAX - 2,
    [CALL_BACKGROUND] = HTTP_CONNECTIONS_MAX - 6,
};

/* ---- turns ---- */

/* How many priorities, from the first, find a connection when so many are in use. */
static guint count_priorities(guint in_flight)
{
    guint n = N_CALL_PRIORITIES;

    while (n > 0 && in_flight >= most_in_flight[n - 1])
        n--;
    return n;
}

static gint64 when_of(void *user_data, const QueueItem *item)
{
    const Client *client = user_data;

    if (((const Job *)item)->sink != NULL && client->n_streams >= STREAMS_MAX)
        return G_MAXINT64; /* the end of one looks again */
    if (item->deadline_us != 0 && item->deadline_us <= pace_now_us(client->pace))
        return G_MAXINT64;
    return pace_call_us(client->pace, &((const Job *)item)->limits);
}

/* The call whose turn it is now, or NULL: then *ret_us says when to look again. */
static Job *take_job(Client *client, guint in_flight, gint64 *ret_us)
{
    gint64 now_us = pace_now_us(client->pace);
    guint waiting[N_CALL_PRIORITIES] = {0}, n = count_priorities(in_flight);

    *ret_us = G_MAXINT64;
    for (guint i = 0; i < n; i++) {
        gint64 turn_us;
        QueueLook look;

        queue_look(&client->queue, (CallPriority)i, now_us, when_of, client, &look);
        *ret_us = MIN(*ret_us, look.later_us);
        if (look.next == NULL)
            continue;
        turn_us = pace_turn_us(client->pace, (CallPriority)i);
        if (turn_us <= now_us) {
            queue_serve(&client->queue, look.next);
            return (Job *)look.next;
        }
        *ret_us = MIN(*ret_us, turn_us);
        waiting[i] = look.n_ready;
    }
    pace_announce(client->pace, waiting, *ret_us);
    return NULL;
}

/* Nothing is sent while others wait for us to leave. Returns when to look again. */
static gint64 send_jobs(Client *client)
{
    Job *jobs[HTTP_CONNECTIONS_MAX];
    guint n = 0, n_sent = g_hash_table_size(client->sent) - client->n_fetches;
    gint64 next_us;

    if (!pace_enter(client->pace))
        return clock_monotonic(client->clock) + BUSY_US;
    while (n < G_N_ELEMENTS(jobs) && (jobs[n] = take_job(client, n_sent + n, &next_us)) != NULL) {
        if (!job_prepare(jobs[n])) {
            job_free(jobs[n]);
            continue;
        }
        pace_take(client->pace, &jobs[n]->limits, jobs[n]->item.priority);
        job_taken(jobs[n]);
        n++;
    }
    pace_leave(client->pace);
    for (guint i = 0; i < n; i++)
        job_send(jobs[i]);
    return next_us;
}

/* ---- the token ---- */

/* Whatever waits ends with the token's error. */
static void end_all(Client *client)
{
    gint64 now_us = clock_monotonic(client->clock);
    g_autoptr(GError) error = g_error_copy(credential_error(&client->credential, now_us));
    Job *job;

    while (!client->closed && (job = (Job *)queue_first(&client->queue)) != NULL) {
        queue_remove(&client->queue, &job->item);
        g_clear_error(&job->error);
        job->error = g_error_copy(error);
        job->refusals = 0;
        job_end_late(job);
    }
}

/* FALSE: nothing is sent now; client_set_token() and client_token_failed() look here again. */
static gboolean token_serves(Client *client, gint64 now_us)
{
    gint64 wall_us = clock_wall(client->clock);

    if (queue_length(&client->queue) == 0)
        return FALSE;
    switch (credential_state(&client->credential, now_us, wall_us)) {
    case CREDENTIAL_GOOD:
        return TRUE;
    case CREDENTIAL_DUE:
        credential_asked(&client->credential);
        client->renew(client->renew_data);
        return wall_us < client->credential.expires_us;
    case CREDENTIAL_BAD:
        end_all(client);
        return FALSE;
    case CREDENTIAL_WAITING:
        break;
    }
    return FALSE;
}

/* What became of calls is told also when there is none to send. */
static void tell_news(Client *client)
{
    if (pace_has_news(client->pace) && pace_enter(client->pace))
        pace_leave(client->pace);
}

static void end_late(Client *client, Queue *queue, gint64 now_us)
{
    Job *job;

    while (!client->closed && (job = (Job *)queue_find_late(queue, now_us)) != NULL) {
        queue_remove(queue, &job->item);
        job_end_late(job);
    }
}

/* Returns when to look at the links again. */
static gint64 pump_fetches(Client *client, gint64 now_us)
{
    end_late(client, &client->fetches, now_us);
    if (client->closed)
        return G_MAXINT64;
    return MIN(fetch_send(client), queue_deadline_us(&client->fetches));
}

gint64 client_pump(Client *client)
{
    gint64 now_us = clock_monotonic(client->clock), next_us = G_MAXINT64, fetch_us;

    end_late(client, &client->queue, now_us);
    fetch_us = pump_fetches(client, now_us);
    if (!client->closed && token_serves(client, now_us))
        next_us = send_jobs(client);
    else
        tell_news(client);
    if (client->closed)
        return G_MAXINT64;
    if (pace_has_news(client->pace))
        next_us = MIN(next_us, now_us + BUSY_US);
    return MIN(MIN(next_us, fetch_us), queue_deadline_us(&client->queue));
}
