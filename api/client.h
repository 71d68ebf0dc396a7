/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * client.h - calls of the API: queue -> pace -> transfer -> decode -> callback, on the caller's
 * loop.
 *
 *     client_call --> QUEUED --slot free--> SENT --answer--> done()
 *                       |  ^                  |
 *                       |  `---retry (reads)--'
 *                       `--deadline--> done(API_ERROR_BUSY)
 *
 * It knows tokens, limits and envelopes; what an answer's rows mean it does not know. A callback
 * runs exactly once for each call that was not withdrawn and had somebody left, never before
 * client_call() returns.
 */
#include <glib.h>

#include "api/clock.h"
#include "api/endpoint.h"
#include "api/error.h"

typedef struct Client Client;

typedef enum { CALL_WRITE, CALL_WAITED, CALL_BACKGROUND, N_CALL_PRIORITIES } CallPriority;

/*
 * Takes the rows of an answer that is no envelope: its bytes, piece by piece, from the loop, with
 * the user_data of done(). They may do whatever done() may. An answer that is an envelope does not
 * come here.
 */
typedef struct {
    /* The answer begins. Again, when the one before was cut: what came of it is void. */
    void (*begin)(void *user_data);
    /* FALSE: no more than this until client_resume(). The end is done(), which comes once the last
       piece was taken, whatever was said of it. */
    gboolean (*write)(void *user_data, GBytes *piece);
} CallSink;

typedef struct {
    EndpointId endpoint;
    const char *query; /* GET, already encoded, may be NULL; copied */
    const char *body;  /* POST, JSON; copied */
    /* In place of these two: makes the query or the body, a new string, when the call's turn has
       come, each time before it is sent; with the user_data of done(). *deadline_us is the call's,
       and may be changed. NULL: nobody is left. The call is gone then, takes nothing of the rates,
       and done() does not run. It may do nothing with the client, and others wait meanwhile. */
    char *(*prepare)(void *user_data, gint64 *deadline_us);
    CallPriority priority;
    gint64 deadline_us;     /* monotonic; not sent (or not sent again) after it; 0 = none */
    const char *advertiser; /* id the call is about: calls take turns between accounts, and a
                               refusal of one account's rate (40133) holds back only its own;
                               copied; NULL: none */
    /* Whether somebody waits for it still; with the user_data of done(). Asked when the service has
       refused it for its rate five times or more: if not, it ends with that refusal. NULL: it waits
       until its deadline. */
    gboolean (*wanted)(void *user_data);
    /* Of a GET whose answer may be rows; must live as long as the client. Four such calls are under
       way at a time. NULL: the answer is collected. */
    const CallSink *sink;
    /* A link the service gave (data.download_url), fetched in place of an endpoint: https to a
       public address, without token and apart from the rates. Its answer is a stream, or an error:
       API_ERROR_NOT_FOUND when the link has died. Needs a sink; copied, in no log, in no error. */
    const char *url;
} Call;

typedef struct {
    int code;                              /* 0, or 20001: partly done, data is there */
    const char *request_id;                /* may be NULL */
    GBytes *body;                          /* the whole answer as received; ref it to keep it */
    gint64 page, total_page, total_number; /* of page_info; -1 where absent */
    gint64 n_rows;                         /* length of data.list; 0 when null or absent */
    gboolean has_list;                     /* data.list is there and is a list */
    gboolean truncated; /* the service says that it cut the rows (X-Tt-Ads-Throttle) */
    gboolean streamed;  /* it went to the sink, all of it; body is NULL, n_rows 0 */
    guint64 streamed_bytes;
} Answer;

/* Exactly one of answer and error is set; both borrowed. */
typedef void (*AnswerFunc)(void *user_data, const Answer *answer, const GError *error);

typedef struct {
    const char *base_url;        /* "https://business-api.tiktok.com/open_api/v1.3" */
    const char *app_id, *secret; /* may be NULL */
    guint qps, qpm, qpd;         /* of the app; 0 = not limited */
    guint tier; /* 0 basic .. 3 ultimate: for the endpoints with limits of their own; used only
                   where qps, qpm or qpd is set */
    const char *pace_file; /* shared by all processes of the app on this machine; NULL: this client
                              alone */
    const Clock *clock;    /* must outlive the client */
    /* The token's time is nearly over: answer with client_set_token() or client_token_failed().
       Calls go on with the old one; they wait from its end on, or once the service does not take it
       any more. Asked once for all of them, from the loop, never from inside client_call(). NULL:
       tokens are not renewed. */
    void (*renew)(void *user_data);
    void *user_data;
} ClientConfig;

/* NULL and error: the URL is not https (http is for loopback only), or curl can not start. */
Client *client_new(const ClientConfig *config, GError **error);
void client_free(Client *client); /* NULL is fine; callbacks that did not run yet never will */

/* Until there is one, calls go without. It is copied, and wiped when replaced; NULL: none.
   expires_us: wall, 0 = never. FALSE and error: it holds characters that no token has.
   A token that the service called wrong is not sent for ten seconds: calls end with that error at
   once, unless another token is set. */
gboolean client_set_token(Client *client, const char *token, gint64 expires_us, GError **error);
void client_token_failed(Client *client, const GError *error);
/* Another token is asked for though renew() did not run: it is answered in the same way. */
void client_token_renewing(Client *client);

guint64 client_call(Client *client, const Call *call, AnswerFunc done, void *user_data);

/* TRUE: the call is gone, done() will not run; it was not sent, or it has a sink, and its transfer
   is broken off. FALSE: it is under way. */
gboolean client_withdraw(Client *client, guint64 id);

/* The sink of that call takes more; it is called from the loop, not from here. Nothing happens when
   the call is over, or was not held. */
void client_resume(Client *client, guint64 id);

/* TRUE: it waits, and its turn would not come even if there were no other call: the service refused
   its account or its endpoint for a rate of their own. */
gboolean client_is_held(Client *client, guint64 id);

typedef struct {
    guint64 calls, failures, retries; /* since the start */
    guint queued, in_flight;
    guint used_qps, limit_qps, used_qpm, limit_qpm, used_qpd, limit_qpd;
    int last_code;     /* of the last envelope */
    gint64 last_ok_us; /* wall; 0 = never */
} ClientStats;

void client_stats(Client *client, ClientStats *ret);

typedef struct {
    const char *name;   /* "app", "report/task/create", ...; of a back-off what it holds back: an
                           advertiser's id, an endpoint; borrowed until the next call here */
    const char *window; /* "second", "minute", "day"; "back-off" */
    guint used, limit;  /* limit 0: not limited; of a back-off used: refusals in a row */
    guint waiting;      /* calls of this process that wait for it */
    gint64 next_us;     /* wall: when a call may go next; 0: now */
} ClientWindow;

/* What limits the calls of this machine now. Returns how many there are, `most` at most. */
guint client_windows(Client *client, ClientWindow *ret, guint most);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Client, client_free)
