/* SPDX-License-Identifier: MIT */
#pragma once

/* scripted-server.h - real sockets on loopback: a server that answers by a script, and one transfer
   from it. */
#include <gio/gio.h>
#include <string.h>

#include "api/http.h"

/* A server of scripted answers: each request gets the next one; NULL closes the connection. */
typedef struct {
    GSocketService *service;
    char *base;
    const char *const *script;
    guint n_requests, n_connections;
    GString *requests;
    guint delay_ms;
} Server;

typedef struct {
    Server *server;
    GSocketConnection *connection;
    GString *input;
    char buffer[4096];
} Peer;

static inline void peer_free(Peer *peer)
{
    g_io_stream_close(G_IO_STREAM(peer->connection), NULL, NULL);
    g_object_unref(peer->connection);
    g_string_free(peer->input, TRUE);
    g_free(peer);
}

static inline void peer_read(Peer *peer);

/* A request is whole when its header, and as many bytes as it promises, are here. */
static inline gboolean is_whole(const char *input)
{
    const char *end = strstr(input, "\r\n\r\n");
    const char *length = strstr(input, "Content-Length: ");

    return end != NULL &&
           (length == NULL || strlen(end + 4) >= (gsize)g_ascii_strtoull(length + 16, NULL, 10));
}

static inline void on_read(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Peer *peer = user_data;
    Server *server = peer->server;
    gssize n = g_input_stream_read_finish(G_INPUT_STREAM(source), result, NULL);

    if (n > 0)
        g_string_append_len(peer->input, peer->buffer, n);
    if (n > 0 && is_whole(peer->input->str)) {
        const char *answer = server->script[server->n_requests++];

        g_string_append(server->requests, peer->input->str);
        g_string_truncate(peer->input, 0);
        if (answer != NULL)
            g_output_stream_write_all(g_io_stream_get_output_stream(G_IO_STREAM(peer->connection)),
                                      answer, strlen(answer), NULL, NULL, NULL);
        if (answer == NULL || strstr(answer, "Connection: close") != NULL)
            n = 0;
    }
    if (n > 0)
        peer_read(peer);
    else
        peer_free(peer);
}

static inline void peer_read(Peer *peer)
{
    g_input_stream_read_async(g_io_stream_get_input_stream(G_IO_STREAM(peer->connection)),
                              peer->buffer, sizeof peer->buffer, 0, NULL, on_read, peer);
}

static inline gboolean on_incoming(GSocketService *service, GSocketConnection *connection,
                                   GObject *source, gpointer user_data)
{
    Peer *peer = g_new0(Peer, 1);

    (void)service, (void)source;
    peer->server = user_data;
    peer->server->n_connections++;
    peer->connection = g_object_ref(connection);
    peer->input = g_string_new(NULL);
    peer_read(peer);
    return TRUE;
}

static inline void server_init(Server *server, const char *const *script)
{
    *server = (Server){.script = script};
    server->requests = g_string_new(NULL);
    server->service = g_socket_service_new();
    guint16 port =
        g_socket_listener_add_any_inet_port(G_SOCKET_LISTENER(server->service), NULL, NULL);
    server->base = g_strdup_printf("http://127.0.0.1:%u", port);
    g_signal_connect(server->service, "incoming", G_CALLBACK(on_incoming), server);
}

static inline void server_clear(Server *server)
{
    g_socket_service_stop(server->service);
    g_socket_listener_close(G_SOCKET_LISTENER(server->service));
    while (g_main_context_iteration(NULL, FALSE))
        ;
    g_object_unref(server->service);
    g_string_free(server->requests, TRUE);
    g_free(server->base);
}

typedef struct {
    gboolean done, throttled;
    TransferOutcome outcome;
    guint status;
    char *body, *text, *elsewhere;
    Sender *free_sender;
} Result;

static inline void on_done(void *user_data, const TransferResult *result)
{
    Result *ret = user_data;
    gsize length = 0;

    g_assert_false(ret->done);
    ret->done = TRUE;
    ret->outcome = result->outcome;
    ret->status = result->status;
    ret->throttled = result->throttled;
    ret->text = g_strdup(result->text);
    ret->elsewhere = g_strdup(result->elsewhere);
    if (result->body != NULL) {
        const char *body = g_bytes_get_data(result->body, &length);

        ret->body = g_strndup(body != NULL ? body : "", length);
    }
    if (ret->free_sender != NULL)
        ret->free_sender->free(ret->free_sender->data);
}

static inline void result_clear(Result *result)
{
    g_free(result->body);
    g_free(result->text);
    g_free(result->elsewhere);
    *result = (Result){0};
}

static inline void transfer(Sender *sender, const char *base, const char *body, Result *ret)
{
    g_autofree char *url = g_strconcat(base, "/v1.3/campaign/get/?page=1", NULL);
    TransferRequest request = {.url = url, .body = body, .token = "t0ken", .timeout_s = 10};

    sender->start(sender->data, &request, on_done, ret);
    g_assert_false(ret->done);
    while (!ret->done)
        g_main_context_iteration(NULL, TRUE);
}

/* A get by a sender of its own. */
static inline void transfer_alone(Server *server, gboolean loopback, Result *ret)
{
    Sender sender;

    g_assert_true(http_sender_new(loopback, &sender, NULL));
    transfer(&sender, server->base, NULL, ret);
    sender.free(sender.data);
}

#define ANSWER(headers, body) "HTTP/1.1 200 OK\r\n" headers "\r\n" body
