/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * http-private.h - what http.c (requests and the loop), http-body.c (the bytes of answers),
 * http-serve.c (whoever waits for them) and reach.c (where they may come from) share.
 *
 *     curl --> http_on_body() --> raw --inflate--> body --> pieces for write()
 *                                                    `----> the whole, for done()
 *
 * Nobody outside is called while curl is at work: http_serve() does that once curl has returned.
 */
#include <curl/curl.h>
#include <gio/gio.h>

#include "api/http.h"

typedef struct Transfer Transfer;

typedef struct {
    CURLM *multi;
    guint timer, flush; /* sources, 0 = none */
    gboolean loopback;
    gboolean serving, closed; /* freed while it serves: the end of that ends it */
    GHashTable *transfers;    /* set of Transfer, owned */
    Transfer *told;           /* whose write() runs; NULL once it is cancelled */
} Http;

typedef enum {
    BODY_NONE,      /* not a byte yet */
    BODY_UNDECIDED, /* it may be a stream: its first bytes tell */
    BODY_COLLECTED,
    BODY_STREAMED,
} BodyKind;

struct Transfer {
    CURL *easy;
    struct curl_slist *headers;
    char *sent;               /* body of the request; NULL: GET */
    gboolean secret, refused; /* refused: an address was out of reach */
    TransferFunc done;
    gboolean (*write)(void *user_data, GBytes *piece);
    void *user_data;
    char text[CURL_ERROR_SIZE];

    gboolean heard; /* a byte came back */
    BodyKind kind;
    GByteArray *body; /* of a stream: what was not handed over yet */
    GByteArray *raw;  /* compressed, and not yet inflated; NULL: it is not compressed */
    GConverter *inflate;
    gboolean whole;      /* what is compressed is at its end */
    const char *trouble; /* why it is given up; NULL: it is not */
    guint64 streamed_bytes;
    gboolean held;   /* write() wants no more until resume() */
    gboolean paused; /* curl is: there is no room */
    gboolean due;    /* hand over what there is, however little */
    gboolean ended;  /* curl is done with it */
    CURLcode result;
};

/* ---- http-body.c ---- */

size_t http_on_body(char *data, size_t size, size_t n, void *user_data);

/* The end: what kind of answer it was is known then at the latest. */
void http_end_body(Transfer *transfer, CURLcode result);

/* Makes room be filled again. FALSE: it is given up. */
gboolean http_refill(Transfer *transfer);

gboolean http_has_piece(const Transfer *transfer);
GBytes *http_take_piece(Transfer *transfer);

/* ---- http-serve.c ---- */

/* Hands over what is there, and tells who is done. The sender may be gone then. */
void http_serve(Http *http);
void http_resume(void *http, const void *user_data); /* as in Sender */
void http_cancel(void *http, const void *user_data);
void http_destroy(Http *http); /* not while it serves */
void http_transfer_free(void *transfer);

/* ---- reach.c ---- */

gboolean reach_allows(TransferReach reach, GInetAddress *address);

/* *refused is set when an address is out of reach; it must outlive the transfer. */
void reach_set(CURL *easy, TransferReach reach, gboolean *refused);
