/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * probe.h - what is at a URL: whether it answers, who it is, which time it has. For people who want
 * to know what is between them and the service; no call of the API, so it is not paced and carries
 * no token. Nothing is tried again or followed.
 */
#include <glib.h>

typedef struct {
    gint64 date_s;        /* unix, of the header Date; 0: none */
    gint64 asked_s;       /* unix, our clock in the middle of the request */
    gint64 certificate_s; /* unix, when the server's certificate ends; 0: none was shown */
} Probe;

/* Blocks for at most so many seconds. Any answer is one. FALSE and error: UNREACHABLE, or DENIED
   where the server is not who it should be. The process must ignore SIGPIPE. */
gboolean probe_url(const char *url, guint seconds, Probe *ret, GError **error);
