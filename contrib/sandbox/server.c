/* SPDX-License-Identifier: MIT */
/*
 * server.c - one exchange from the request to the reply. The call is carried out when it arrives;
 * its reply waits for the latency without holding up others, and is logged before it is sent.
 */
#include "server.h"

#include <string.h>

#include "idle.h"
#include "page.h"
#include "spoil.h"
#include "stream.h"

static const char prefix[] = "/open_api/v1.3/";

enum { DELAY_MS = 2000, CLOSED_MS = 500 };

typedef struct {
    const ServerConfig *config;
    SoupServerMessage *message;
    GHashTable *query;
    cJSON *body;
    Reply reply;
    char *path;
    guint64 faults;
    gint64 began_us;
    gboolean is_api; /* below the prefix */
} Exchange;

static void exchange_free(Exchange *exchange)
{
    g_object_unref(exchange->message);
    g_clear_pointer(&exchange->query, g_hash_table_unref);
    cJSON_Delete(exchange->body);
    if (exchange->reply.body != NULL)
        g_string_free(exchange->reply.body, TRUE);
    if (exchange->reply.effects != NULL)
        g_string_free(exchange->reply.effects, TRUE);
    g_free(exchange->reply.log_id);
    g_free(exchange->reply.location);
    g_free(exchange->path);
    g_free(exchange);
}

static void send_right(Exchange *exchange)
{
    SoupServerMessage *message = exchange->message;
    SoupMessageHeaders *headers = soup_server_message_get_response_headers(message);
    const char *type = exchange->reply.type != NULL ? exchange->reply.type : "application/json";

    soup_message_headers_append(headers, "X-TT-LOGID", exchange->reply.log_id);
    if (exchange->reply.location != NULL)
        soup_message_headers_append(headers, "Location", exchange->reply.location);
    if (exchange->reply.throttled)
        soup_message_headers_append(headers, "X-Tt-Ads-Throttle",
                                    "Number of ad ids is equal or more than 20k, only return the "
                                    "top 20k id's results, sorting by create time desc order.");
    if (exchange->reply.part.length > 0) {
        stream_send(message, &exchange->reply.part, type);
        return;
    }

    gsize length = exchange->reply.body->len;
    soup_server_message_set_status(message, exchange->reply.status, NULL);
    soup_server_message_set_response(message, type, SOUP_MEMORY_TAKE,
                                     g_string_free(exchange->reply.body, FALSE), length);
    exchange->reply.body = NULL;
}

static gboolean has_answer(const Exchange *exchange)
{
    return exchange->reply.body != NULL || exchange->reply.part.length > 0;
}

static void send_reply(Exchange *exchange)
{
    gboolean spoilt = spoil_reply(exchange->message, exchange->faults, exchange->reply.body);

    if (!spoilt && has_answer(exchange))
        send_right(exchange);
    else if (!spoilt)
        spoil_set_body(exchange->message, 404, "text/plain", "404 page not found");
}

/* Some replies are on their way as soon as they are made: the log comes first. */
static void finish(Exchange *exchange)
{
    gboolean whole = has_answer(exchange) && (exchange->faults & FAULTS_OF_TRANSPORT) == 0;
    LogEntry entry = {
        .method = soup_server_message_get_method(exchange->message),
        .path = exchange->path,
        .query = exchange->query,
        .body = exchange->body,
        .began_us = exchange->began_us,
        .faults = exchange->faults,
    };

    entry.code = whole ? exchange->reply.code : -1;
    entry.done = exchange->reply.done;
    entry.effects = exchange->reply.effects != NULL ? exchange->reply.effects->str : "";
    log_write(exchange->config->log, &entry);
    send_reply(exchange);
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
        .type = soup_message_headers_get_content_type(headers, NULL),
        .token = soup_message_headers_get_one(headers, "Access-Token"),
        .host = soup_message_headers_get_one(headers, "Host"),
        .query = exchange->query,
        .body_text = body,
        .faults = exchange->faults,
    };

    answer_begin(&exchange->reply);
    if (!exchange->is_api)
        page_call(&exchange->config->service, &request, &exchange->reply);
    else if (g_str_has_suffix(request.path, "/"))
        answer_call(&exchange->config->service, &request, &exchange->reply);
    exchange->body = request.body;
}

static gboolean is_later_page(GHashTable *query)
{
    const char *page = query != NULL ? g_hash_table_lookup(query, "page") : NULL;

    return page != NULL && g_ascii_strtoll(page, NULL, 10) > 1;
}

static gboolean on_open_again(void *server)
{
    guint port = GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(server), "port"));
    g_autoptr(GError) error = NULL;

    if (!soup_server_listen_local(server, port, SOUP_SERVER_LISTEN_IPV4_ONLY, &error))
        g_warning("the port does not open again: %s", error->message);
    return G_SOURCE_REMOVE;
}

/* All connections go, and none is let in. */
static gboolean on_close(void *server)
{
    guint port = server_port(server);

    if (port == 0) /* it is closed */
        return G_SOURCE_REMOVE;
    g_object_set_data(G_OBJECT(server), "port", GUINT_TO_POINTER(port));
    soup_server_disconnect(server);
    g_timeout_add_full(G_PRIORITY_DEFAULT, CLOSED_MS, on_open_again, g_object_ref(server),
                       g_object_unref);
    return G_SOURCE_REMOVE;
}

/* When this exchange is over: its own connection goes too. */
static void close_for_a_while(SoupServer *server)
{
    g_idle_add_full(G_PRIORITY_DEFAULT, on_close, g_object_ref(server), g_object_unref);
}

static void on_request(SoupServer *server, SoupServerMessage *message, const char *path,
                       GHashTable *query, void *user_data)
{
    const ServerConfig *config = user_data;
    Exchange *exchange = g_new0(Exchange, 1);

    exchange->config = config;
    exchange->message = g_object_ref(message);
    exchange->query = query != NULL ? g_hash_table_ref(query) : NULL;
    exchange->began_us = g_get_monotonic_time();
    exchange->is_api = g_str_has_prefix(path, prefix);
    exchange->path = g_strdup(exchange->is_api ? path + strlen(prefix) - 1 : path);
    exchange->faults = faults_draw(config->faults, exchange->path, is_later_page(query));
    if ((exchange->faults & FAULTS_AT_THE_DOOR) == 0)
        carry_out(exchange);
    if ((exchange->faults & FAULT_REFUSED) != 0)
        close_for_a_while(server);

    guint delay = config->latency_ms + ((exchange->faults & FAULT_DELAY) != 0 ? DELAY_MS : 0);
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
    idle_watch(server);
    return g_steal_pointer(&server);
}

guint server_port(SoupServer *server)
{
    GSList *uris = soup_server_get_uris(server);
    guint port = uris != NULL ? (guint)g_uri_get_port(uris->data) : 0;

    g_slist_free_full(uris, (GDestroyNotify)g_uri_unref);
    return port;
}
