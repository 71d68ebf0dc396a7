/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * probe.h - one request, made at once and looked at from all sides: for people who want to know
 * what is between them and the service. Nothing is paced, retried or followed.
 */
#include <glib.h>

typedef struct {
    guint status;         /* of HTTP */
    gint64 date_s;        /* unix, of the header Date; 0: none */
    gint64 asked_s;       /* unix, our clock in the middle of the request */
    gint64 certificate_s; /* unix, when the server's certificate ends; 0: none was shown */
    GBytes *body;
} Probe;

/* Blocks for at most so many seconds. token: for the header Access-Token, may be NULL. FALSE and
   error: UNREACHABLE, or DENIED where the server is not who it should be. */
gboolean probe_get(const char *url, const char *token, guint seconds, Probe *ret, GError **error);
void probe_clear(Probe *probe);

/* NULL: the body is an answer of the API, and no refusal. token: is blotted out of the text. */
GError *probe_refusal(const Probe *probe, const char *token);
