/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * listener.h - where the browser is sent back to: a web server on this machine's own addresses, for
 * the time of one login. It knows nothing of codes: whoever made it judges what comes.
 */
#include <glib.h>

typedef struct Listener Listener;

typedef struct {
    guint status;        /* of HTTP */
    gboolean last;       /* when the page is sent, told() */
    const char *heading; /* of the page */
    const char *text;    /* one or two sentences; any text */
} ListenerPage;

typedef struct {
    guint port;       /* 0: a free one */
    const char *path; /* "/": all others are not found */
    /* query: as it came, may be NULL; a secret. */
    void (*judge)(void *user_data, const char *query, ListenerPage *ret);
    void (*told)(void *user_data); /* the browser has the page that was the last */
    void *user_data;
} ListenerConfig;

/* On 127.0.0.1, and on ::1 where there is one. NULL and error: the port is taken. */
Listener *listener_new(const ListenerConfig *config, GError **error);
guint listener_port(const Listener *listener);
void listener_free(Listener *listener); /* NULL is fine */
