/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * sender.h - what the client needs of whoever moves bytes: curl (http.h), or a test's own. One
 * transfer, one attempt: no retry, no redirect, no look into the body.
 */
#include <glib.h>

typedef enum {
    TRANSFER_WHOLE,    /* an answer with all its bytes, whatever its status */
    TRANSFER_NOT_SENT, /* surely: no byte of the request left */
    TRANSFER_LOST,     /* sent, and not a byte came back */
    TRANSFER_CUT,      /* sent, and the answer ends in the middle or is too large */
    TRANSFER_REFUSED,  /* by us, and nothing left: the address is out of reach */
} TransferOutcome;

/* The addresses that a transfer may connect to. */
typedef enum {
    REACH_SERVICE,  /* any: who asks knows the host */
    REACH_PUBLIC,   /* none of this machine or of a private network; https only */
    REACH_LOOPBACK, /* this machine only */
} TransferReach;

typedef struct {
    const char *url;
    const char *body;         /* to POST; NULL: GET */
    const char *content_type; /* of the body; NULL: application/json */
    const char *token;        /* for the header Access-Token; NULL: none */
    guint timeout_s;
    guint connect_ms; /* not sent if there is no connection by then; 0: as long as is usual */
    gboolean patient; /* no byte may come back for all of that time */
    gboolean secret;  /* the answer may hold a token: its memory is wiped */
    TransferReach reach;
    /* The bytes of a good answer that is neither JSON nor HTML, in pieces, with the user_data of
       done(), from the loop: they are collected nowhere. It may do anything, as done() may. FALSE:
       it takes no more until resume(). NULL: every answer is collected. */
    gboolean (*write)(void *user_data, GBytes *piece);
} TransferRequest;

typedef struct {
    TransferOutcome outcome;
    guint status;      /* of HTTP, 0 when none came */
    GBytes *body;      /* of a whole answer, else NULL; ref it to keep it */
    gboolean streamed; /* it went to write(), and body is NULL */
    guint64 streamed_bytes;
    gboolean throttled;    /* it has the header X-Tt-Ads-Throttle */
    const char *text;      /* of a failure, for people; holds no URL */
    const char *elsewhere; /* of a redirect, which is not followed: the host it names */
} TransferResult;

typedef void (*TransferFunc)(void *user_data, const TransferResult *result);

typedef struct {
    void *data;
    /* Copies what it needs of the request. done() runs once, from the loop, never from here. */
    void (*start)(void *data, const TransferRequest *request, TransferFunc done, void *user_data);
    void (*free)(void *data); /* transfers under way end, their done() never runs */
    /* Of the transfer with that user_data; when there is none, nothing happens. */
    void (*resume)(void *data, const void *user_data); /* write() runs again, never from here */
    void (*cancel)(void *data, const void *user_data); /* it ends, its done() never runs */
} Sender;

/* What kept an answer from coming, a redirect too; NULL: it is here, whatever it says. New. */
GError *sender_error(const TransferResult *result);
