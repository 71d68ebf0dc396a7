/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * http.h - the sender that is libcurl, on the default main context.
 *
 * A request's token goes into its header Access-Token, to the host of the URL and nowhere else:
 * redirects are not followed, a proxy does not get it, it is not logged. The process must ignore
 * SIGPIPE (TLS writes to sockets that are gone).
 */
#include <glib.h>

#include "api/sender.h"

/* https, or http to this machine only, named by a loopback address or "localhost". */
gboolean http_check_url(const char *url, gboolean *ret_loopback, GError **error);

/* FALSE also for what is no URL. */
gboolean http_is_loopback(const char *url);

/* Whether a link that the service gave may be fetched, and from where: https and a public host, or
   with `loopback` one of this machine. Its text is in no error. */
gboolean reach_of_link(const char *url, gboolean loopback, TransferReach *ret, GError **error);

/* Without the slashes it ends in, so that a path can follow. New. */
char *http_base_url(const char *url);

/* loopback: use no proxy, and accept http. */
gboolean http_sender_new(gboolean loopback, Sender *ret, GError **error);

/* Connections at a time, idle ones included. */
enum { HTTP_CONNECTIONS_MAX = 16, HTTP_BODY_MAX = 64 * 1024 * 1024 };
