/* SPDX-License-Identifier: MIT */
/*
 * server.c - one exchange from the request to the reply. The call is carried out when it arrives;
 * its reply waits for the latency without holding up others, and is logged before it is sent.
 */
#include "server.h"

#include <string.h>

static const char prefix[] = "/open_api/v1.3/";

typedef struct {
    const ServerConfig *config;
    SoupServerMessage *message;
    GHashTable *query;
    cJSON *body;
    Reply reply;
    char *path;
    guint faults;
    gint64 began_us;
} Exchange;

static void exchange_free(Exchange *exchange)
{
    g_object_unref(exchange->message);
    g_clear_pointer(&exchange->query, g_hash_table_unref);
    cJSON_Delete(exchange->body);
    if (exchange->reply.body != NULL)
        g_string_free(exchange->reply.body, TRUE);
    g_free(exchange->reply.log_id);
    g_free(exchange->path);
    g_free(exchange);
}

static void set_body(Exchange *exchange, guint status, const char *type, const char *text)
{
    exchange->reply.status = status;
    exchange->reply.code = -1;
    soup_server_message_set_status(exchange->message, status, NULL);
    soup_server_message_set_response(exchange->message, type, SOUP_MEMORY_COPY, text, strlen(text));
}

static void hang_up(SoupServerMessage *message)
{
    g_socket_shutdown(soup_server_message_get_socket(message), TRUE, TRUE, NULL);
}

/* Announces the whole body, sends half of it and hangs up. */
static void send_half(Exchange *exchange)
{
    SoupServerMessage *message = exchange->message;
    SoupMessageHeaders *headers = soup_server_message_get_response_headers(message);
    const GString *body = exchange->reply.body;

    soup_server_message_set_status(message, 200, NULL);
    soup_message_headers_set_content_type(headers, "application/json", NULL);
    soup_message_headers_set_content_length(headers, (goffset)body->len);
    soup_message_body_append(soup_server_message_get_response_body(message), SOUP_MEMORY_COPY,
                             body->str, body->len / 2);
    g_signal_connect(message, "wrote-chunk", G_CALLBACK(hang_up), NULL);
}

static void send_envelope(Exchange *exchange)
{
    SoupServerMessage *message = exchange->message;
    SoupMessageHeaders *headers = soup_server_message_get_response_headers(message);
    gsize length = exchange->reply.body->len;

    soup_message_headers_append(headers, "X-TT-LOGID", exchange->reply.log_id);
    if (exchange->reply.throttled)
        soup_message_headers_append(headers, "X-Tt-Ads-Throttle",
                                    "Number of ad ids is equal or more than 20k, only return the "
                                    "top 20k id's results, sorting by create time desc order.");
    soup_server_message_set_status(message, exchange->reply.status, NULL);
    soup_server_message_set_response(message, "application/json", SOUP_MEMORY_TAKE,
                                     g_string_free(exchange->reply.body, FALSE), length);
    exchange->reply.body = NULL;
}

static void send_reply(Exchange *exchange)
{
    guint faults = exchange->faults;

    if ((faults & FAULT_HTML502) != 0) {
        set_body(exchange, 502, "text/html",
                 "<html><body><h1>502 Bad Gateway</h1></body></html>\n");
    } else if ((faults & FAULT_HTML504) != 0) {
        set_body(exchange, 504, "text/html",
                 "<html><body><h1>504 Gateway Time-out</h1></body></html>\n");
    } else if ((faults & FAULT_GARBAGE) != 0) {
        set_body(exchange, 200, "application/json", "upstream connect error {\"code\":");
    } else if ((faults & FAULT_EMPTY) != 0) {
        set_body(exchange, 200, "application/json", "");
    } else if ((faults & FAULT_DROP) != 0) {
        set_body(exchange, 200, "application/json", "");
        hang_up(exchange->message);
    } else if (exchange->reply.body == NULL) {
        set_body(exchange, 404, "text/plain", "404 page not found");
    } else if ((faults & FAULT_TRUNCATE) != 0) {
        exchange->reply.code = -1;
        send_half(exchange);
    } else {
        send_envelope(exchange);
    }
}

static void finish(Exchange *exchange)
{
    LogEntry entry = {
        .method = soup_server_message_get_method(exchange->message),
        .path = exchange->path,
        .query = exchange->query,
        .body = exchange->body,
        .began_us = exchange->began_us,
    };

    send_reply(exchange);
    entry.code = exchange->reply.code;
    log_write(exchange->config->log, &entry);
}

static gboolean on_latency_over(void *user_data)
{
    Exchange *exchange = user_data;

    finish(exchange);
    soup_server_message_unpause(exchange->message);
    exchange_free(exchange);
    return G_SOURCE_REMOVE;
}

static void carry_out(Exchange *exchange)
{
    SoupServerMessage *message = exchange->message;
    SoupMessageHeaders *headers = soup_server_message_get_request_headers(message);
    g_autoptr(GBytes) bytes =
        soup_message_body_flatten(soup_server_message_get_request_body(message));
    g_autofree char *body = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    Request request = {
        .method = soup_server_message_get_method(message),
        .path = exchange->path,
        .token = soup_message_headers_get_one(headers, "Access-Token"),
        .query = exchange->query,
        .body_text = body,
        .faults = exchange->faults,
    };

    answer_call(&exchange->config->service, &request, &exchange->reply);
    exchange->body = request.body;
}

static void on_request(SoupServer *server G_GNUC_UNUSED, SoupServerMessage *message,
                       const char *path, GHashTable *query, void *user_data)
{
    const ServerConfig *config = user_data;
    gboolean inside = g_str_has_prefix(path, prefix) && g_str_has_suffix(path, "/");
    Exchange *exchange = g_new0(Exchange, 1);

    exchange->config = config;
    exchange->message = g_object_ref(message);
    exchange->query = query != NULL ? g_hash_table_ref(query) : NULL;
    exchange->began_us = g_get_monotonic_time();
    exchange->path = g_strdup(g_str_has_prefix(path, prefix) ? path + strlen(prefix) - 1 : path);
    exchange->faults = faults_draw(config->faults, exchange->path);
    if (inside && (exchange->faults & FAULT_HTML502) == 0)
        carry_out(exchange);

    guint delay = config->latency_ms + ((exchange->faults & FAULT_DELAY) != 0 ? 2000 : 0);
    if (delay > 0) {
        soup_server_message_pause(message);
        g_timeout_add(delay, on_latency_over, exchange);
        return;
    }
    finish(exchange);
    exchange_free(exchange);
}

SoupServer *server_new(const ServerConfig *config, guint port, GError **error)
{
    g_autoptr(SoupServer) server = soup_server_new(NULL, NULL);

    soup_server_add_handler(server, NULL, on_request, (void *)config, NULL);
    if (!soup_server_listen_local(server, port, SOUP_SERVER_LISTEN_IPV4_ONLY, error))
        return NULL;
    return g_steal_pointer(&server);
}

guint server_port(SoupServer *server)
{
    GSList *uris = soup_server_get_uris(server);
    guint port = uris != NULL ? (guint)g_uri_get_port(uris->data) : 0;

    g_slist_free_full(uris, (GDestroyNotify)g_uri_unref);
    return port;
}
