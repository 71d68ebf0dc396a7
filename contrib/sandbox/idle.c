/* SPDX-License-Identifier: MIT */
/* idle.c - looks at what comes after a request, and leaves it to the server if it is another one.
 */
#include "idle.h"

#include <sys/socket.h>

static gboolean has_left(GSocket *socket)
{
    char next;

    return recv(g_socket_get_fd(socket), &next, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

static gboolean on_readable(GSocket *socket, GIOCondition condition G_GNUC_UNUSED,
                            void *user_data G_GNUC_UNUSED)
{
    if (!g_socket_is_closed(socket) && has_left(socket))
        g_socket_close(socket, NULL);
    return G_SOURCE_REMOVE;
}

static void on_finished(SoupServer *server G_GNUC_UNUSED, SoupServerMessage *message,
                        void *user_data G_GNUC_UNUSED)
{
    GSocket *socket = soup_server_message_get_socket(message);
    g_autoptr(GSource) source = NULL;

    if (socket == NULL || g_socket_is_closed(socket))
        return;
    source = g_socket_create_source(socket, G_IO_IN, NULL);
    g_source_set_callback(source, G_SOURCE_FUNC(on_readable), NULL, NULL);
    g_source_attach(source, NULL);
}

void idle_watch(SoupServer *server)
{
    g_signal_connect(server, "request-finished", G_CALLBACK(on_finished), NULL);
    g_signal_connect(server, "request-aborted", G_CALLBACK(on_finished), NULL);
}
