/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * client-private.h - what client.c and job.c share, and what the client's own tests need: another
 * sender, and a clock that jumps.
 */
#include "api/client.h"
#include "api/credential.h"
#include "api/decode.h"
#include "api/pace.h"
#include "api/queue.h"
#include "api/sender.h"

struct Client {
    gint refs; /* of the owner, and of whoever runs callbacks for it */
    gboolean closed;
    char *base_url, *app_query; /* app_query: NULL when id or secret is missing */
    gboolean loopback;          /* base_url is of this machine: links may be, too */
    Credential credential;
    void (*renew)(void *user_data);
    void *renew_data;
    const Clock *clock;
    Sender sender;
    Pace *pace;
    Queue queue;
    Queue fetches;    /* of links: they wait for no rate, and no token */
    GHashTable *sent; /* set of Job, owned */
    guint n_streams;  /* of those sent, that have a sink */
    guint n_fetches;  /* of those sent, by a link */
    GSource *timer;
    guint64 last_id;
    ClientStats stats;
};

typedef struct {
    QueueItem item;
    Client *client;
    const Endpoint *endpoint;
    char *url, *body;
    AnswerFunc done;
    char *(*prepare)(void *user_data, gint64 *deadline_us);
    gboolean (*wanted)(void *user_data); /* NULL: always */
    const CallSink *sink;
    gboolean begun;      /* the sink knows of the answer of this try */
    gboolean fetch;      /* by a link */
    TransferReach reach; /* of the link */
    void *user_data;
    char *advertiser;
    LimitCall limits;      /* what it counts in, and can be held back by */
    guint tries, refusals; /* that failed; that were refused for their rate */
    gboolean counted;      /* as a call */
    guint token_serial;    /* of the token it was sent with */
    gboolean sent_again;   /* with another token */
    gint64 sent_us;
    TransferOutcome outcome; /* of the last try, as all that follows */
    guint status;
    gboolean throttled;
    GError *error;
} Job;

Client *client_new_with_sender(const ClientConfig *config, const Sender *sender); /* takes it */
Client *client_ref(Client *client);
void client_unref(Client *client);

/* A new string. query: may be NULL. */
char *client_url(const Client *client, const Endpoint *endpoint, const char *query);

/* Look at queue and clock on the next turn of the loop. */
void client_wake(Client *client);

/* Ends what is too late, sends what may be sent now. Returns when to look again; G_MAXINT64: when
   something has happened. The client may be gone then, but for a reference. */
gint64 client_pump(Client *client);

/* Streams at a time: each keeps a connection for long, and has pieces in memory. */
enum { STREAMS_MAX = 4 };

void job_free(gpointer job);
void job_queue(Job *job);
gboolean job_prepare(Job *job); /* what is sent is made; FALSE: nobody is left */
void job_taken(Job *job);       /* out of its queue, to be sent */
void job_left(Job *job);        /* its transfer is over: it is not under way any more */
void job_send(Job *job);        /* takes the job, which is in no list */
void job_end_late(Job *job);    /* takes the job, which is in no list */

extern const Endpoint fetch_endpoint;
gint64 fetch_send(Client *client); /* sends what may be; returns when to look again */
GError *fetch_error(const TransferResult *result); /* NULL: the file was streamed. New. */
