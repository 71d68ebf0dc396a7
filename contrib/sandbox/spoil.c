/* SPDX-License-Identifier: MIT */
/* spoil.c - the table of whole replies, and what is done to the connection. */
#include "spoil.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* clang-format off */
static const struct {
    Fault fault;
    guint status;
    const char *type;
    const char *text;
} replies[] = {
    {FAULT_HTML502,  502, "text/html", "<html><body><h1>502 Bad Gateway</h1></body></html>\n"},
    {FAULT_429,      429, "text/html", "<html><body><h1>429 Too Many Requests</h1></body></html>\n"},
    {FAULT_HTML504,  504, "text/html", "<html><body><h1>504 Gateway Time-out</h1></body></html>\n"},
    {FAULT_REDIRECT, 302, "text/html", "<html><body>Found elsewhere.</body></html>\n"},
    {FAULT_GARBAGE,  200, "application/json", "upstream connect error {\"code\":"},
    {FAULT_EMPTY,    200, "application/json", ""},
};
/* clang-format on */

void spoil_set_body(SoupServerMessage *message, guint status, const char *type, const char *text)
{
    soup_server_message_set_status(message, status, NULL);
    soup_server_message_set_response(message, type, SOUP_MEMORY_COPY, text, strlen(text));
}

static void hang_up(SoupServerMessage *message)
{
    g_socket_shutdown(soup_server_message_get_socket(message), TRUE, TRUE, NULL);
}

/* On Linux this ends the connection by RST and leaves the descriptor to its owner. */
static void reset(SoupServerMessage *message)
{
    const struct sockaddr nowhere = {.sa_family = AF_UNSPEC};

    if (connect(g_socket_get_fd(soup_server_message_get_socket(message)), &nowhere,
                sizeof nowhere) != 0)
        g_warning("a connection could not be reset: %s", g_strerror(errno));
}

static gboolean on_peer_left(GSocket *socket G_GNUC_UNUSED, GIOCondition condition G_GNUC_UNUSED,
                             void *message)
{
    hang_up(message);
    soup_server_message_unpause(message);
    return G_SOURCE_REMOVE;
}

/* Nothing more is expected from the peer, so whatever comes is its end. */
static void wait_for_peer(SoupServerMessage *message)
{
    g_autoptr(GSource) source =
        g_socket_create_source(soup_server_message_get_socket(message), G_IO_IN, NULL);

    soup_server_message_pause(message);
    g_source_set_callback(source, G_SOURCE_FUNC(on_peer_left), g_object_ref(message),
                          g_object_unref);
    g_source_attach(source, NULL);
}

/* Half of it is sent; the attempt at the other half then ends the connection. */
void spoil_append(SoupServerMessage *message, GBytes *body, guint64 drawn)
{
    SoupMessageBody *chunks = soup_server_message_get_response_body(message);
    gsize length = g_bytes_get_size(body);
    gboolean stall = (drawn & FAULT_STALL) != 0;

    if (!stall && (drawn & (FAULT_TRUNCATE | FAULT_TASK_CUT)) == 0) {
        soup_message_body_append_bytes(chunks, body);
        return;
    }

    g_autoptr(GBytes) first = g_bytes_new_from_bytes(body, 0, length / 2);
    g_autoptr(GBytes) second = g_bytes_new_from_bytes(body, length / 2, length - length / 2);
    soup_message_body_append_bytes(chunks, first);
    soup_message_body_append_bytes(chunks, second);
    g_signal_connect(message, "wrote-chunk",
                     stall ? G_CALLBACK(wait_for_peer) : G_CALLBACK(hang_up), NULL);
}

static void send_half(SoupServerMessage *message, const GString *body, guint64 drawn)
{
    SoupMessageHeaders *headers = soup_server_message_get_response_headers(message);
    g_autoptr(GBytes) bytes = g_bytes_new(body->str, body->len);

    soup_server_message_set_status(message, 200, NULL);
    soup_message_headers_set_content_type(headers, "application/json", NULL);
    soup_message_headers_set_content_length(headers, (goffset)body->len);
    spoil_append(message, bytes, drawn);
}

/* Another address of this machine, the same port: whoever follows can be seen there. */
static void point_elsewhere(SoupServerMessage *message)
{
    GUri *uri = soup_server_message_get_uri(message);
    g_autofree char *elsewhere =
        g_uri_join(G_URI_FLAGS_ENCODED, "http", NULL, "127.0.0.2", g_uri_get_port(uri),
                   g_uri_get_path(uri), g_uri_get_query(uri), NULL);

    soup_message_headers_replace(soup_server_message_get_response_headers(message), "Location",
                                 elsewhere);
}

static gboolean set_reply(SoupServerMessage *message, guint64 drawn)
{
    for (gsize i = 0; i < G_N_ELEMENTS(replies); i++) {
        if ((drawn & replies[i].fault) == 0)
            continue;
        spoil_set_body(message, replies[i].status, replies[i].type, replies[i].text);
        return TRUE;
    }
    return FALSE;
}

gboolean spoil_reply(SoupServerMessage *message, guint64 drawn, const GString *body)
{
    if (set_reply(message, drawn)) {
        if ((drawn & FAULT_REDIRECT) != 0)
            point_elsewhere(message);
        return TRUE;
    }
    if ((drawn & (FAULT_DROP | FAULT_REFUSED | FAULT_RESET_BEFORE | FAULT_RESET_AFTER)) != 0) {
        spoil_set_body(message, 200, "application/json", "");
        if ((drawn & FAULT_DROP) != 0)
            hang_up(message);
        else
            reset(message);
        return TRUE;
    }
    if ((drawn & (FAULT_TRUNCATE | FAULT_STALL)) == 0 || body == NULL)
        return FALSE;
    send_half(message, body, drawn);
    return TRUE;
}
