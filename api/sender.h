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
} TransferOutcome;

typedef struct {
    const char *url;
    const char *body;         /* to POST; NULL: GET */
    const char *content_type; /* of the body; NULL: application/json */
    const char *token;        /* for the header Access-Token; NULL: none */
    guint timeout_s;
    guint connect_ms; /* not sent if there is no connection by then; 0: as long as is usual */
    gboolean patient; /* no byte may come back for all of that time */
    gboolean secret;  /* the answer may hold a token: its memory is wiped */
} TransferRequest;

typedef struct {
    TransferOutcome outcome;
    guint status;          /* of HTTP, 0 when none came */
    GBytes *body;          /* of a whole answer, else NULL; ref it to keep it */
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
} Sender;

/* What kept an answer from coming, a redirect too; NULL: it is here, whatever it says. New. */
GError *sender_error(const TransferResult *result);
