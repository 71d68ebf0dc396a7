/* SPDX-License-Identifier: MIT */
/*
 * http.c - curl's multi interface as sources of the GLib loop. curl says which sockets to watch
 * and when it wants to be called; we say what happened. Answers are taken from curl only after it
 * has returned to us, so whoever is told may start transfers or free the sender.
 */
#include "api/http.h"

#include <curl/curl.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <string.h>

#include "api/error.h"

enum { CONNECT_S = 10, SILENT_S = 60 };

typedef struct {
    CURLM *multi;
    guint timer; /* source, 0 = none */
    struct curl_slist *get, *post;
    gboolean loopback;
    gboolean reaping, closed; /* freed while it delivers: the delivery ends it */
    GHashTable *transfers;    /* set of Transfer, owned */
} Http;

typedef struct {
    CURL *easy;
    GByteArray *body;
    gboolean heard, too_large; /* heard: a byte came back */
    TransferFunc done;
    void *user_data;
    char text[CURL_ERROR_SIZE];
} Transfer;

static void transfer_free(gpointer data)
{
    Transfer *transfer = data;

    curl_easy_cleanup(transfer->easy);
    g_byte_array_unref(transfer->body);
    g_free(transfer);
}

/* ---- which URLs ---- */

static gboolean is_loopback(const char *host)
{
    g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);

    if (address == NULL)
        return g_ascii_strcasecmp(host, "localhost") == 0;
    return g_inet_address_get_is_loopback(address);
}

static const char *refusal_of(GUri *uri, gboolean loopback)
{
    const char *scheme = g_uri_get_scheme(uri);

    if (g_uri_get_userinfo(uri) != NULL || g_uri_get_query(uri) != NULL ||
        g_uri_get_fragment(uri) != NULL)
        return "it may hold a host, a port and a path, nothing else";
    if (strcmp(scheme, "https") == 0)
        return NULL;
    if (strcmp(scheme, "http") != 0)
        return "it must begin with https://";
    return loopback ? NULL : "http is for this machine only, elsewhere it must be https";
}

gboolean http_check_url(const char *url, gboolean *ret_loopback, GError **error)
{
    g_autoptr(GUri) uri = url != NULL ? g_uri_parse(url, G_URI_FLAGS_NONE, NULL) : NULL;
    const char *host = uri != NULL ? g_uri_get_host(uri) : NULL;
    gboolean loopback = host != NULL && is_loopback(host);
    const char *refusal = "it is not a URL with a host";

    if (host != NULL && *host != '\0')
        refusal = refusal_of(uri, loopback);
    if (refusal != NULL) {
        g_propagate_error(error, api_error_new(API_ERROR_INVALID, 0, NULL, "URL '%s': %s",
                                               url != NULL ? url : "", refusal));
        return FALSE;
    }
    *ret_loopback = loopback;
    return TRUE;
}

/* ---- what comes back ---- */

static size_t on_body(char *data, size_t size, size_t n, void *user_data)
{
    Transfer *transfer = user_data;

    transfer->heard = TRUE;
    if (size * n > HTTP_BODY_MAX - transfer->body->len) {
        transfer->too_large = TRUE;
        return 0;
    }
    g_byte_array_append(transfer->body, (const guint8 *)data, (guint)(size * n));
    return size * n;
}

static size_t on_header(char *data, size_t size, size_t n, void *user_data)
{
    (void)data;
    ((Transfer *)user_data)->heard = TRUE;
    return size * n;
}

/* curl counts what it handed to the socket; with a proxy that is more than the service saw, which
   errs on the safe side. */
static TransferOutcome outcome_of(const Transfer *transfer, CURLcode result)
{
    long sent = 0;

    if (result == CURLE_OK)
        return TRANSFER_WHOLE;
    curl_easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &sent);
    if (sent == 0)
        return TRANSFER_NOT_SENT;
    return transfer->heard ? TRANSFER_CUT : TRANSFER_LOST;
}

static const char *text_of(const Transfer *transfer, CURLcode result)
{
    if (transfer->too_large)
        return "the answer is larger than 64 MiB";
    return transfer->text[0] != '\0' ? transfer->text : curl_easy_strerror(result);
}

static gboolean has_header(CURL *easy, const char *name)
{
    struct curl_header *header;

    return curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK;
}

static void deliver(Transfer *transfer, CURLcode result)
{
    long status = 0;
    g_autoptr(GBytes) body = NULL;

    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    body = g_byte_array_free_to_bytes(g_byte_array_ref(transfer->body));
    TransferResult answer = {
        .outcome = outcome_of(transfer, result),
        .status = (guint)status,
        .body = result == CURLE_OK ? body : NULL,
        .throttled = has_header(transfer->easy, "X-Tt-Ads-Throttle"),
        .text = result == CURLE_OK ? NULL : text_of(transfer, result),
    };
    transfer->done(transfer->user_data, &answer);
}

/* ---- the loop ---- */

static void http_destroy(Http *http)
{
    GHashTableIter iter;
    gpointer transfer;

    g_hash_table_iter_init(&iter, http->transfers);
    while (g_hash_table_iter_next(&iter, &transfer, NULL))
        curl_multi_remove_handle(http->multi, ((Transfer *)transfer)->easy);
    g_hash_table_unref(http->transfers);
    curl_multi_cleanup(http->multi); /* stops watching its sockets through on_watch() */
    g_clear_handle_id(&http->timer, g_source_remove);
    curl_slist_free_all(http->get);
    curl_slist_free_all(http->post);
    g_free(http);
}

static void reap(Http *http)
{
    CURLMsg *message;
    int left;

    http->reaping = TRUE;
    while (!http->closed && (message = curl_multi_info_read(http->multi, &left)) != NULL) {
        CURLcode result = message->data.result;
        char *private = NULL;

        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private);
        Transfer *transfer = (Transfer *)(void *)private;
        curl_multi_remove_handle(http->multi, transfer->easy);
        g_hash_table_steal(http->transfers, transfer);
        deliver(transfer, result);
        transfer_free(transfer);
    }
    http->reaping = FALSE;
    if (http->closed)
        http_destroy(http);
}

static gboolean on_timer(gpointer user_data)
{
    Http *http = user_data;
    int running;

    http->timer = 0;
    curl_multi_socket_action(http->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    reap(http);
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
    reap(http);
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

static void set_transport(CURL *easy, gboolean loopback)
{
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, loopback ? "http,https" : "https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (loopback)
        curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
}

static void set_patience(CURL *easy, guint timeout_s)
{
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* never wait for a name server on the loop */
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)SILENT_S);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)timeout_s);
}

/*
 * On a connection kept from before, curl by itself sends a request again when the connection ends
 * without a byte. The service may have executed it, so a write gets a connection of its own.
 */
static void set_request(Http *http, CURL *easy, const TransferRequest *request)
{
    curl_easy_setopt(easy, CURLOPT_URL, request->url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, request->body != NULL ? http->post : http->get);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "adsfs/" ADSFS_VERSION);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    if (request->body != NULL) {
        curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(request->body));
        curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, request->body);
    }
}

static void set_answer(CURL *easy, Transfer *transfer)
{
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->text);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
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
    transfer->body = g_byte_array_new();
    transfer->done = done;
    transfer->user_data = user_data;
    g_assert(transfer->easy != NULL); /* out of memory, as in GLib */
    set_transport(transfer->easy, http->loopback);
    set_patience(transfer->easy, request->timeout_s);
    set_request(http, transfer->easy, request);
    set_answer(transfer->easy, transfer);
    g_hash_table_add(http->transfers, transfer);
    curl_multi_add_handle(http->multi, transfer->easy);
}

static void http_free(void *data)
{
    Http *http = data;

    http->closed = TRUE;
    if (!http->reaping)
        http_destroy(http);
}

/* "Expect:" turns off the pause that curl makes before larger bodies. */
static void make_headers(Http *http, const char *token)
{
    g_autofree char *access = token != NULL ? g_strconcat("Access-Token: ", token, NULL) : NULL;

    http->post = curl_slist_append(NULL, "Content-Type: application/json");
    http->post = curl_slist_append(http->post, "Expect:");
    if (access != NULL) {
        http->post = curl_slist_append(http->post, access);
        http->get = curl_slist_append(NULL, access);
    }
}

static gboolean start_curl(void)
{
    static gsize started;

    if (g_once_init_enter(&started))
        g_once_init_leave(&started, curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? 1 : 2);
    return started == 1;
}

gboolean http_sender_new(const char *token, gboolean loopback, Sender *ret, GError **error)
{
    CURLM *multi = start_curl() ? curl_multi_init() : NULL;

    if (multi == NULL) {
        g_propagate_error(error, api_error_new(API_ERROR_LOCAL, 0, NULL, "libcurl can not start"));
        return FALSE;
    }

    Http *http = g_new0(Http, 1);
    http->multi = multi;
    http->loopback = loopback;
    http->transfers = g_hash_table_new_full(NULL, NULL, transfer_free, NULL);
    make_headers(http, token);
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_watch);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, http);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_set_timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, http);
    curl_multi_setopt(multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
    curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)HTTP_CONNECTIONS_MAX);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)HTTP_CONNECTIONS_MAX);
    *ret = (Sender){.data = http, .start = http_start, .free = http_free};
    return TRUE;
}
