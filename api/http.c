/* SPDX-License-Identifier: MIT */
/*
 * http.c - curl's multi interface as sources of the GLib loop. curl says which sockets to watch
 * and when it wants to be called; we say what happened, and then serve whoever waits.
 */
#include "api/http.h"

#include <glib-unix.h>
#include <string.h>

#include "api/error.h"
#include "api/http-private.h"
#include "api/secret.h"
#include "api/transport.h"

/* A service may think for a while before it answers. SECRET_BYTES: room for an answer with a token,
   which would leave copies when it grew. */
enum { CONNECT_MS = 10000, SILENT_S = 60, SECRET_BYTES = 64 * 1024 };

/* ---- the loop ---- */

static gboolean on_timer(gpointer user_data)
{
    Http *http = user_data;
    int running;

    http->timer = 0;
    curl_multi_socket_action(http->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    http_serve(http);
    return G_SOURCE_REMOVE;
}

static int on_set_timer(CURLM *multi, long ms, void *user_data)
{
    Http *http = user_data;

    (void)multi;
    g_clear_handle_id(&http->timer, g_source_remove);
    if (ms >= 0)
        http->timer = g_timeout_add((guint)ms, on_timer, http);
    return 0;
}

static gboolean on_socket(gint fd, GIOCondition ready, gpointer user_data)
{
    Http *http = user_data;
    int running, what = 0;

    what |= ready & (G_IO_IN | G_IO_HUP) ? CURL_CSELECT_IN : 0;
    what |= ready & G_IO_OUT ? CURL_CSELECT_OUT : 0;
    what |= ready & (G_IO_ERR | G_IO_NVAL) ? CURL_CSELECT_ERR : 0;
    curl_multi_socket_action(http->multi, fd, what, &running);
    http_serve(http);
    return G_SOURCE_CONTINUE; /* if curl is done with the socket, on_watch() removed us already */
}

static int on_watch(CURL *easy, curl_socket_t fd, int what, void *user_data, void *watch)
{
    Http *http = user_data;
    guint id = 0, ready = G_IO_ERR | G_IO_HUP;

    (void)easy;
    if (watch != NULL)
        g_source_remove(GPOINTER_TO_UINT(watch));
    if (what != CURL_POLL_REMOVE) {
        ready |= what & CURL_POLL_IN ? G_IO_IN : 0;
        ready |= what & CURL_POLL_OUT ? G_IO_OUT : 0;
        id = g_unix_fd_add(fd, (GIOCondition)ready, on_socket, http);
    }
    curl_multi_assign(http->multi, fd, GUINT_TO_POINTER(id));
    return 0;
}

/* ---- what goes out ---- */

static void set_patience(CURL *easy, const TransferRequest *request)
{
    long connect_ms = CONNECT_MS;

    if (request->connect_ms > 0)
        connect_ms = MIN(connect_ms, (long)request->connect_ms);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* never wait for a name server on the loop */
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME,
                     request->patient ? (long)request->timeout_s : (long)SILENT_S);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)request->timeout_s);
}

/* "Expect:" turns off the pause that curl makes before larger bodies. */
static struct curl_slist *headers_of(const TransferRequest *request)
{
    const char *type = request->content_type != NULL ? request->content_type : "application/json";
    struct curl_slist *headers = NULL;

    if (request->body != NULL) {
        g_autofree char *content = g_strconcat("Content-Type: ", type, NULL);

        headers = curl_slist_append(headers, content);
        headers = curl_slist_append(headers, "Expect:");
    }
    if (request->write != NULL) /* and whatever is compressed comes as it is */
        headers = curl_slist_append(headers, "Accept-Encoding: gzip");
    if (request->token != NULL) {
        char *access = g_strconcat("Access-Token: ", request->token, NULL);

        headers = curl_slist_append(headers, access);
        secret_free(access);
    }
    return headers;
}

/*
 * On a connection kept from before, curl by itself sends a request again when the connection ends
 * without a byte. The service may have executed it, so a write gets a connection of its own.
 */
static void set_request(Transfer *transfer, const TransferRequest *request)
{
    CURL *easy = transfer->easy;

    transfer->headers = headers_of(request);
    transfer->sent = g_strdup(request->body);
    curl_easy_setopt(easy, CURLOPT_URL, request->url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "adsfs/" ADSFS_VERSION);
    if (request->write == NULL)
        curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    if (transfer->sent != NULL) {
        curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(transfer->sent));
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, transfer->sent);
    }
}

static size_t on_header(char *data, size_t size, size_t n, void *user_data)
{
    (void)data;
    ((Transfer *)user_data)->heard = TRUE;
    return size * n;
}

static void set_answer(CURL *easy, Transfer *transfer)
{
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->text);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, http_on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
}

static void http_start(void *data, const TransferRequest *request, TransferFunc done,
                       void *user_data)
{
    Http *http = data;
    Transfer *transfer = g_new0(Transfer, 1);

    transfer->easy = curl_easy_init();
    transfer->secret = request->secret;
    transfer->body = g_byte_array_sized_new(request->secret ? SECRET_BYTES : 0);
    transfer->write = request->write;
    transfer->done = done;
    transfer->user_data = user_data;
    g_assert(transfer->easy != NULL); /* out of memory, as in GLib */
    transport_set(transfer->easy, request->reach == REACH_SERVICE
                                      ? http->loopback
                                      : request->reach == REACH_LOOPBACK);
    reach_set(transfer->easy, request->reach, &transfer->refused);
    set_patience(transfer->easy, request);
    set_request(transfer, request);
    set_answer(transfer->easy, transfer);
    g_hash_table_add(http->transfers, transfer);
    curl_multi_add_handle(http->multi, transfer->easy);
}

static void http_free(void *data)
{
    Http *http = data;

    http->closed = TRUE;
    if (!http->serving)
        http_destroy(http);
}

gboolean http_sender_new(gboolean loopback, Sender *ret, GError **error)
{
    CURLM *multi = transport_start() ? curl_multi_init() : NULL;

    if (multi == NULL) {
        g_propagate_error(error, api_error_new(API_ERROR_LOCAL, 0, NULL, "libcurl can not start"));
        return FALSE;
    }

    Http *http = g_new0(Http, 1);
    http->multi = multi;
    http->loopback = loopback;
    http->transfers = g_hash_table_new_full(NULL, NULL, http_transfer_free, NULL);
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_watch);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, http);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_set_timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, http);
    curl_multi_setopt(multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
    curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)HTTP_CONNECTIONS_MAX);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)HTTP_CONNECTIONS_MAX);
    *ret = (Sender){.data = http,
                    .start = http_start,
                    .free = http_free,
                    .resume = http_resume,
                    .cancel = http_cancel};
    return TRUE;
}
