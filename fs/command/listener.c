/* SPDX-License-Identifier: MIT */
/* listener.c - the loopback web server of a login, which is libsoup's. */
#include "fs/command/listener.h"

#include <libsoup/soup.h>
#include <string.h>

#include "fs/options-table.h"

enum { TRIES = 20 }; /* for a free port that is free on both addresses */

struct Listener {
    SoupServer *server;
    guint port;
    char *path;
    void (*judge)(void *user_data, const char *query, ListenerPage *ret);
    void (*told)(void *user_data);
    void *user_data;
};

/* ---- pages ---- */

static const char page[] =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>adsfs</title>"
    "<style>body{font:1.1em/1.5 sans-serif;max-width:34em;margin:4em auto;padding:0 1em}</style>"
    "<h1>%s</h1><p>%s</p></html>\n";

/* The address holds the code: no other page may be told of it, and nothing is kept. */
static void answer(SoupServerMessage *message, const ListenerPage *what)
{
    SoupMessageHeaders *headers = soup_server_message_get_response_headers(message);
    g_autofree char *heading = g_markup_escape_text(what->heading, -1);
    g_autofree char *text = g_markup_escape_text(what->text, -1);
    char *body = g_strdup_printf(page, heading, text);

    soup_server_message_set_status(message, what->status, NULL);
    soup_message_headers_replace(headers, "Cache-Control", "no-store");
    soup_message_headers_replace(headers, "Referrer-Policy", "no-referrer");
    soup_message_headers_replace(headers, "Connection", "close");
    soup_server_message_set_response(message, "text/html; charset=utf-8", SOUP_MEMORY_TAKE, body,
                                     strlen(body));
}

static void on_finished(SoupServerMessage *message, void *user_data)
{
    Listener *listener = user_data;

    listener->told(listener->user_data);
}

static void on_request(SoupServer *server, SoupServerMessage *message, const char *path,
                       GHashTable *query, void *user_data)
{
    Listener *listener = user_data;
    GUri *uri = soup_server_message_get_uri(message);
    ListenerPage what = {SOUP_STATUS_NOT_FOUND, FALSE, "Nothing is here",
                         "adsfs waits at another path for the end of a login."};

    if (!g_str_equal(soup_server_message_get_method(message), "GET"))
        what = (ListenerPage){SOUP_STATUS_METHOD_NOT_ALLOWED, FALSE, "Not like this",
                              "adsfs waits for a browser that is sent back to it."};
    else if (g_str_equal(g_uri_get_path(uri), listener->path))
        listener->judge(listener->user_data, g_uri_get_query(uri), &what);
    answer(message, &what);
    if (what.last)
        g_signal_connect(message, "finished", G_CALLBACK(on_finished), listener);
}

/* ---- addresses ---- */

/* 0: nothing listens yet. */
static guint port_of(SoupServer *server)
{
    GSList *uris = soup_server_get_uris(server);
    int port = uris != NULL ? g_uri_get_port(uris->data) : 0;

    g_slist_free_full(uris, (GDestroyNotify)g_uri_unref);
    return (guint)MAX(port, 0);
}

static gboolean listen_at(SoupServer *server, GSocketFamily family, guint port, GError **error)
{
    g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback(family);
    g_autoptr(GSocketAddress) address = g_inet_socket_address_new(loopback, (guint16)port);

    return soup_server_listen(server, address, 0, error);
}

/* A browser may take either address for "localhost", so that another program must not have the
   other one. A machine without IPv6 has one only. */
static gboolean listen_at_both(SoupServer *server, guint port, GError **error)
{
    g_autoptr(GError) failure = NULL;

    if (!listen_at(server, G_SOCKET_FAMILY_IPV4, port, error))
        return FALSE;
    if (listen_at(server, G_SOCKET_FAMILY_IPV6, port_of(server), &failure) ||
        !g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

static SoupServer *server_new(guint port, GError **error)
{
    g_autoptr(GError) failure = NULL;

    for (int i = 0; i < (port == 0 ? TRIES : 1); i++) {
        SoupServer *server = soup_server_new("server-header", "adsfs", NULL);

        g_clear_error(&failure);
        if (listen_at_both(server, port, &failure))
            return server;
        soup_server_disconnect(server);
        g_object_unref(server);
    }
    option_refuse(error, "http://localhost:%u/: %s; end what listens there, or set login_port",
                  port, failure->message);
    return NULL;
}

Listener *listener_new(const ListenerConfig *config, GError **error)
{
    SoupServer *server = server_new(config->port, error);
    Listener *listener;

    if (server == NULL)
        return NULL;
    listener = g_new0(Listener, 1);
    listener->server = server;
    listener->port = port_of(server);
    listener->path = g_strdup(config->path);
    listener->judge = config->judge;
    listener->told = config->told;
    listener->user_data = config->user_data;
    soup_server_add_handler(server, NULL, on_request, listener, NULL);
    return listener;
}

guint listener_port(const Listener *listener)
{
    return listener->port;
}

void listener_free(Listener *listener)
{
    if (listener == NULL)
        return;
    soup_server_disconnect(listener->server);
    g_object_unref(listener->server);
    g_free(listener->path);
    g_free(listener);
}
