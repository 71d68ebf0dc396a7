/* SPDX-License-Identifier: MIT */
/*
 * http-serve.c - whoever waits for a transfer is told: pieces of a stream, and the end. Only once
 * curl has returned to us, so that they may start and cancel transfers, or free the sender.
 */
#include "api/http-private.h"
#include "api/secret.h"

/* For so long a little piece waits for more. */
enum { FLUSH_MS = 5 };

/* ---- how it ended ---- */

/* curl counts what it handed to the socket; with a proxy that is more than the service saw, which
   errs on the safe side. */
static gboolean is_sent(const Transfer *transfer)
{
    long n_bytes = 0;

    curl_easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &n_bytes);
    return n_bytes > 0;
}

/* Of what is compressed, curl knows the end of the transfer only. */
static TransferOutcome outcome_of(const Transfer *transfer)
{
    if (transfer->result == CURLE_OK)
        return transfer->inflate == NULL || transfer->whole ? TRANSFER_WHOLE : TRANSFER_CUT;
    if (!is_sent(transfer))
        return transfer->refused ? TRANSFER_REFUSED : TRANSFER_NOT_SENT;
    return transfer->heard ? TRANSFER_CUT : TRANSFER_LOST;
}

static const char *text_of(const Transfer *transfer, TransferOutcome outcome)
{
    if (outcome == TRANSFER_WHOLE)
        return NULL;
    if (outcome == TRANSFER_REFUSED)
        return "it leads to this machine or to a private network, where nothing is fetched from";
    if (transfer->trouble != NULL)
        return transfer->trouble;
    if (transfer->result == CURLE_OK)
        return "the compressed answer ends in the middle";
    return transfer->text[0] != '\0' ? transfer->text : curl_easy_strerror(transfer->result);
}

static gboolean has_header(CURL *easy, const char *name)
{
    struct curl_header *header;

    return curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK;
}

/* NULL when the answer is no redirect. Its path and query stay out: a code may be in them. */
static char *elsewhere_of(CURL *easy, long status)
{
    char *url = NULL;

    if (status < 300 || status >= 400)
        return NULL;
    curl_easy_getinfo(easy, CURLINFO_REDIRECT_URL, &url);

    g_autoptr(GUri) uri = url != NULL ? g_uri_parse(url, G_URI_FLAGS_PARSE_RELAXED, NULL) : NULL;
    const char *host = uri != NULL ? g_uri_get_host(uri) : NULL;
    return g_strdup(host != NULL && *host != '\0' ? host : "another place");
}

static GBytes *body_of(Transfer *transfer)
{
    GByteArray *body = g_steal_pointer(&transfer->body);

    return transfer->secret ? secret_bytes_new(body) : g_byte_array_free_to_bytes(body);
}

static void deliver(Transfer *transfer)
{
    long status = 0;

    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    g_autofree char *elsewhere = elsewhere_of(transfer->easy, status);
    g_autoptr(GBytes) body = body_of(transfer);
    TransferOutcome outcome = outcome_of(transfer);
    gboolean streamed = transfer->kind == BODY_STREAMED;
    TransferResult answer = {
        .outcome = outcome,
        .status = (guint)status,
        .body = outcome == TRANSFER_WHOLE && !streamed ? body : NULL,
        .streamed = streamed,
        .streamed_bytes = transfer->streamed_bytes,
        .throttled = has_header(transfer->easy, "X-Tt-Ads-Throttle"),
        .text = text_of(transfer, outcome),
        .elsewhere = elsewhere,
    };
    transfer->done(transfer->user_data, &answer);
}

/* ---- life ---- */

void http_transfer_free(gpointer data)
{
    Transfer *transfer = data;

    curl_easy_cleanup(transfer->easy);
    curl_slist_free_all(transfer->headers);
    secret_free(transfer->sent);
    if (transfer->body != NULL)
        g_bytes_unref(secret_bytes_new(transfer->body));
    g_clear_pointer(&transfer->raw, g_byte_array_unref);
    g_clear_object(&transfer->inflate);
    g_free(transfer);
}

void http_destroy(Http *http)
{
    GHashTableIter iter;
    gpointer transfer;

    g_hash_table_iter_init(&iter, http->transfers);
    while (g_hash_table_iter_next(&iter, &transfer, NULL))
        curl_multi_remove_handle(http->multi, ((Transfer *)transfer)->easy);
    g_hash_table_unref(http->transfers);
    curl_multi_cleanup(http->multi); /* stops watching its sockets through on_watch() */
    g_clear_handle_id(&http->timer, g_source_remove);
    g_clear_handle_id(&http->flush, g_source_remove);
    g_free(http);
}

static void end_transfer(Http *http, Transfer *transfer, CURLcode result)
{
    curl_multi_remove_handle(http->multi, transfer->easy);
    http_end_body(transfer, result);
}

static void take_ended(Http *http)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(http->multi, &left)) != NULL) {
        CURLcode result = message->data.result;
        char *private = NULL;

        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private);
        end_transfer(http, (Transfer *)(void *)private, result);
    }
}

/* What write() did not want yet is waited for, unless it is void. */
static gboolean is_over(const Transfer *transfer)
{
    if (!transfer->ended)
        return FALSE;
    return transfer->kind != BODY_STREAMED || transfer->body->len == 0 ||
           transfer->result != CURLE_OK;
}

static Transfer *find_ready(const Http *http)
{
    GHashTableIter iter;
    gpointer transfer;

    g_hash_table_iter_init(&iter, http->transfers);
    while (g_hash_table_iter_next(&iter, &transfer, NULL))
        if (is_over(transfer) || http_has_piece(transfer))
            return transfer;
    return NULL;
}

static void hand_over(Http *http, Transfer *transfer)
{
    g_autoptr(GBytes) piece = http_take_piece(transfer);

    http->told = transfer;
    gboolean more = transfer->write(transfer->user_data, piece);
    if (http->told != transfer || http->closed)
        return;
    http->told = NULL;
    transfer->held = !more;
    if (!http_refill(transfer))
        end_transfer(http, transfer, CURLE_WRITE_ERROR);
}

static gboolean on_flush(gpointer user_data);

/* Little pieces wait a moment for more. */
static void plan_flush(Http *http)
{
    GHashTableIter iter;
    gpointer data;

    g_hash_table_iter_init(&iter, http->transfers);
    while (http->flush == 0 && g_hash_table_iter_next(&iter, &data, NULL)) {
        Transfer *transfer = data;

        if (transfer->kind == BODY_STREAMED && transfer->body->len > 0 && !transfer->held)
            http->flush = g_timeout_add(FLUSH_MS, on_flush, http);
    }
}

void http_serve(Http *http)
{
    Transfer *transfer;

    http->serving = TRUE;
    take_ended(http);
    while (!http->closed && (transfer = find_ready(http)) != NULL) {
        if (is_over(transfer)) {
            g_hash_table_steal(http->transfers, transfer);
            deliver(transfer);
            http_transfer_free(transfer);
        } else {
            hand_over(http, transfer);
        }
    }
    http->serving = FALSE;
    if (http->closed)
        http_destroy(http);
    else
        plan_flush(http);
}

static gboolean on_flush(gpointer user_data)
{
    Http *http = user_data;
    GHashTableIter iter;
    gpointer transfer;

    http->flush = 0;
    g_hash_table_iter_init(&iter, http->transfers);
    while (g_hash_table_iter_next(&iter, &transfer, NULL))
        ((Transfer *)transfer)->due = TRUE;
    http_serve(http);
    return G_SOURCE_REMOVE;
}

/* ---- of one transfer ---- */

static Transfer *find_of(const Http *http, const void *user_data)
{
    GHashTableIter iter;
    gpointer transfer;

    g_hash_table_iter_init(&iter, http->transfers);
    while (g_hash_table_iter_next(&iter, &transfer, NULL))
        if (((Transfer *)transfer)->user_data == user_data)
            return transfer;
    return NULL;
}

void http_resume(void *data, const void *user_data)
{
    Http *http = data;
    Transfer *transfer = find_of(http, user_data);

    if (transfer == NULL || !transfer->held)
        return;
    transfer->held = FALSE;
    g_clear_handle_id(&http->flush, g_source_remove);
    http->flush = g_timeout_add(0, on_flush, http);
}

void http_cancel(void *data, const void *user_data)
{
    Http *http = data;
    Transfer *transfer = find_of(http, user_data);

    if (transfer == NULL)
        return;
    if (http->told == transfer)
        http->told = NULL;
    curl_multi_remove_handle(http->multi, transfer->easy);
    g_hash_table_remove(http->transfers, transfer);
}
