/* SPDX-License-Identifier: MIT */
#pragma once

/* stream-server.h - a server with a thread for each connection, so that it may write more than
   anybody has read; and a client's sink that keeps what came. */
#include <arpa/inet.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/client.h"
#include "api/http.h"

/* One for each connection, in their order. It is closed after the answer. */
typedef struct {
    const char *head; /* with its empty line */
    const char *body;
    gsize length;   /* of the body; 0: it ends with a NUL */
    gboolean reset; /* the connection is reset in place of being closed */
    gboolean stay;  /* it is not closed before the server ends */
    guint drip;     /* so many bytes of the body at a time, with a moment in between; 0: all */
} Reply;

typedef struct {
    int fd;
    char *base;
    const Reply *replies;
    GThread *thread;
    GPtrArray *threads; /* GThread, of connections */
    GMutex lock;        /* of all below */
    GArray *fds;        /* int, of connections */
    guint n_connections, n_now, most_now;
    GString *requests;
    guint64 n_written;
    gboolean closed;
} StreamServer;

typedef struct {
    StreamServer *server;
    const Reply *reply;
    int fd;
} Connection;

static inline void count_now(StreamServer *server, gint by)
{
    g_mutex_lock(&server->lock);
    server->n_now += by;
    server->most_now = MAX(server->most_now, server->n_now);
    g_mutex_unlock(&server->lock);
}

static inline void read_request(Connection *connection)
{
    g_autoptr(GString) request = g_string_new(NULL);
    char buffer[1024];
    gssize n;

    while (strstr(request->str, "\r\n\r\n") == NULL &&
           (n = recv(connection->fd, buffer, sizeof buffer, 0)) > 0)
        g_string_append_len(request, buffer, n);
    g_mutex_lock(&connection->server->lock);
    g_string_append(connection->server->requests, request->str);
    g_mutex_unlock(&connection->server->lock);
}

static inline void write_bytes(Connection *connection, const char *at, gsize length)
{
    gssize n = 0;

    guint drip = connection->reply->drip;

    for (; length > 0; at += n, length -= (gsize)n) {
        if (drip > 0)
            g_usleep(50);
        n = send(connection->fd, at, MIN(length, drip > 0 ? drip : 64 * 1024), MSG_NOSIGNAL);
        if (n <= 0)
            return;
        g_mutex_lock(&connection->server->lock);
        connection->server->n_written += (guint64)n;
        g_mutex_unlock(&connection->server->lock);
    }
}

static inline void *serve_connection(void *data)
{
    Connection *connection = data;
    const Reply *reply = connection->reply;
    struct linger now = {.l_onoff = 1};
    char byte;

    count_now(connection->server, 1);
    read_request(connection);
    write_bytes(connection, reply->head, strlen(reply->head));
    if (reply->body != NULL)
        write_bytes(connection, reply->body,
                    reply->length > 0 ? reply->length : strlen(reply->body));
    if (reply->reset) {
        g_usleep(50000); /* or what was written is lost with the connection */
        setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    } else {
        if (!reply->stay)
            shutdown(connection->fd, SHUT_WR);
        while (recv(connection->fd, &byte, 1, 0) > 0)
            ;
    }
    count_now(connection->server, -1);
    g_mutex_lock(&connection->server->lock);
    for (guint i = 0; i < connection->server->fds->len; i++)
        if (g_array_index(connection->server->fds, int, i) == connection->fd)
            g_array_remove_index_fast(connection->server->fds, i--);
    close(connection->fd);
    g_mutex_unlock(&connection->server->lock);
    g_free(connection);
    return NULL;
}

static inline void *serve_all(void *data)
{
    StreamServer *server = data;
    int fd;

    while ((fd = accept(server->fd, NULL, NULL)) >= 0) {
        Connection *connection = g_new0(Connection, 1);

        g_mutex_lock(&server->lock);
        *connection = (Connection){server, &server->replies[server->n_connections++], fd};
        g_array_append_val(server->fds, fd);
        if (server->closed)
            shutdown(fd, SHUT_RDWR);
        g_mutex_unlock(&server->lock);
        g_ptr_array_add(server->threads, g_thread_new("connection", serve_connection, connection));
    }
    return NULL;
}

static inline void stream_server_init(StreamServer *server, const Reply *replies)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof at;
    int size = 64 * 1024;

    *server = (StreamServer){.replies = replies, .threads = g_ptr_array_new()};
    server->fds = g_array_new(FALSE, FALSE, sizeof(int));
    server->requests = g_string_new(NULL);
    g_mutex_init(&server->lock);
    server->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(server->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    g_assert_no_errno(bind(server->fd, (struct sockaddr *)&at, sizeof at));
    g_assert_no_errno(listen(server->fd, 64));
    g_assert_no_errno(getsockname(server->fd, (struct sockaddr *)&at, &length));
    server->base = g_strdup_printf("http://127.0.0.1:%u", ntohs(at.sin_port));
    server->thread = g_thread_new("server", serve_all, server);
}

static inline void stream_server_clear(StreamServer *server)
{
    g_mutex_lock(&server->lock);
    server->closed = TRUE;
    for (guint i = 0; i < server->fds->len; i++)
        shutdown(g_array_index(server->fds, int, i), SHUT_RDWR);
    g_mutex_unlock(&server->lock);
    shutdown(server->fd, SHUT_RDWR);
    g_thread_join(server->thread);
    close(server->fd);
    for (guint i = 0; i < server->threads->len; i++)
        g_thread_join(server->threads->pdata[i]);
    g_ptr_array_unref(server->threads);
    g_array_unref(server->fds);
    g_string_free(server->requests, TRUE);
    g_mutex_clear(&server->lock);
    g_free(server->base);
}

static inline guint64 stream_server_written(StreamServer *server)
{
    guint64 n;

    g_mutex_lock(&server->lock);
    n = server->n_written;
    g_mutex_unlock(&server->lock);
    return n;
}

/* ---- who takes it ---- */

typedef enum { TAKE_ALL, TAKE_ONE, WITHDRAW, FREE_CLIENT } TakeAction;

typedef struct {
    Client *client;
    guint64 id;
    TakeAction at_begin, at_write, at_done;
    guint n_begun, n_pieces, n_done;
    gsize largest; /* piece */
    gboolean held;
    GString *text; /* since the answer began last */
    GError *error;
    gboolean streamed, truncated, has_body;
    guint64 streamed_bytes;
    int code;
    gint64 n_rows;
} Taker;

static inline void act(Taker *taker, TakeAction action)
{
    if (action == WITHDRAW)
        g_assert_true(client_withdraw(taker->client, taker->id));
    if (action == FREE_CLIENT)
        g_clear_pointer(&taker->client, client_free);
}

static inline void taker_begin(void *user_data)
{
    Taker *taker = user_data;

    g_assert_cmpuint(taker->n_done, ==, 0);
    taker->n_begun++;
    g_string_truncate(taker->text, 0);
    act(taker, taker->at_begin);
}

static inline gboolean taker_write(void *user_data, GBytes *piece)
{
    Taker *taker = user_data;
    gsize length;
    const char *data = g_bytes_get_data(piece, &length);

    g_assert_cmpuint(taker->n_begun, >, 0);
    g_assert_cmpuint(taker->n_done, ==, 0);
    g_assert_cmpuint(length, >, 0);
    g_assert_false(taker->held);
    taker->n_pieces++;
    taker->largest = MAX(taker->largest, length);
    g_string_append_len(taker->text, data, (gssize)length);
    act(taker, taker->at_write);
    taker->held = taker->at_write == TAKE_ONE;
    return !taker->held;
}

static inline void taker_done(void *user_data, const Answer *answer, const GError *error)
{
    Taker *taker = user_data;

    g_assert_true((answer != NULL) != (error != NULL));
    taker->n_done++;
    if (error != NULL) {
        taker->error = g_error_copy(error);
    } else {
        taker->streamed = answer->streamed;
        taker->streamed_bytes = answer->streamed_bytes;
        taker->truncated = answer->truncated;
        taker->has_body = answer->body != NULL;
        taker->code = answer->code;
        taker->n_rows = answer->n_rows;
    }
    act(taker, taker->at_done);
}

static const CallSink taker_sink = {taker_begin, taker_write};

static inline void taker_init(Taker *taker, Client *client)
{
    *taker = (Taker){.client = client, .text = g_string_new(NULL)};
}

static inline void taker_clear(Taker *taker)
{
    g_string_free(taker->text, TRUE);
    g_clear_error(&taker->error);
}

static inline void taker_resume(Taker *taker)
{
    taker->held = FALSE;
    client_resume(taker->client, taker->id);
}

static inline void run_for(gint64 us)
{
    gint64 until = g_get_monotonic_time() + us;

    while (g_get_monotonic_time() < until)
        if (!g_main_context_iteration(NULL, FALSE))
            g_usleep(500);
}

/* Until done() ran, or write() holds it. */
static inline void run_taker(Taker *taker)
{
    gint64 late = g_get_monotonic_time() + 20 * (gint64)G_USEC_PER_SEC;

    while (taker->n_done == 0 && !taker->held) {
        g_assert_cmpint(g_get_monotonic_time(), <, late);
        if (!g_main_context_iteration(NULL, FALSE))
            g_usleep(200);
    }
}

static inline Client *client_of(const StreamServer *server)
{
    ClientConfig config = {.base_url = server->base, .clock = &clock_system};
    Client *client = client_new(&config, NULL);

    g_assert_nonnull(client);
    g_assert_true(client_set_token(client, "t0ken", 0, NULL));
    return client;
}

static inline void download(Taker *taker)
{
    Call call = {.endpoint = ENDPOINT_REPORT_TASK_DOWNLOAD,
                 .query = "advertiser_id=7&task_id=1",
                 .priority = CALL_WAITED,
                 .sink = &taker_sink};

    taker->id = client_call(taker->client, &call, taker_done, taker);
}

/* Rows, of about that many bytes. New. */
static inline char *rows_of(gsize about, gsize *ret_length)
{
    GString *rows = g_string_sized_new(about + 100);

    g_string_append(rows, "ad_id,stat_time_day,spend,impressions\n");
    for (guint i = 0; rows->len < about; i++)
        g_string_append_printf(rows, "%u,2026-11-%02u,%u.%02u,%u\n", 1790000000 + i, i % 30 + 1,
                               i % 997, i % 100, i * 7 % 10007);
    *ret_length = rows->len;
    return g_string_free(rows, FALSE);
}

/* ---- all of it ---- */

enum { MIB = 1024 * 1024 };

#define OK_HEAD(headers)  "HTTP/1.1 200 OK\r\n" headers "\r\n"
#define CSV_HEAD(headers) OK_HEAD("Content-Type: text/csv; charset=utf-8\r\n" headers)
#define CLOSE             CSV_HEAD("Connection: close\r\n")

typedef struct {
    StreamServer server;
    Client *client;
    Taker taker;
} Fixture;

static inline void set_up(Fixture *fixture, const Reply *replies)
{
    stream_server_init(&fixture->server, replies);
    fixture->client = client_of(&fixture->server);
    taker_init(&fixture->taker, fixture->client);
}

static inline void tear_down(Fixture *fixture)
{
    g_clear_pointer(&fixture->taker.client, client_free);
    taker_clear(&fixture->taker);
    stream_server_clear(&fixture->server);
}

/* ---- the sender alone ---- */

typedef struct {
    GString *text;
    gboolean done;
    TransferResult result; /* but for its pointers */
    char *why;
} Raw;

static inline gboolean raw_write(void *user_data, GBytes *piece)
{
    gsize length;
    const char *data = g_bytes_get_data(piece, &length);

    g_string_append_len(((Raw *)user_data)->text, data, (gssize)length);
    return TRUE;
}

static inline void raw_done(void *user_data, const TransferResult *result)
{
    Raw *raw = user_data;

    raw->done = TRUE;
    raw->result = *result;
    g_assert_true((result->body != NULL) ==
                  (result->outcome == TRANSFER_WHOLE && !result->streamed));
    raw->why = g_strdup(result->text);
}

/* New. */
static inline GByteArray *gzip(const char *text, gsize length)
{
    g_autoptr(GConverter) packer =
        G_CONVERTER(g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6));
    GByteArray *packed = g_byte_array_new();
    gsize n_read, n_written;

    g_byte_array_set_size(packed, (guint)length + 1000);
    g_assert_cmpint(g_converter_convert(packer, text, length, packed->data, packed->len,
                                        G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL),
                    ==, G_CONVERTER_FINISHED);
    g_byte_array_set_size(packed, (guint)n_written);
    return packed;
}
