/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * session.h - what a command needs of the API: one call after the other, each waited for, on the
 * default main context. Calls go through the client, so that they keep the pace of all mounts.
 */
#include "api/client.h"
#include "api/token.h"
#include "fs/options.h"

typedef struct Session Session;

/* Where calls go and how fast, as the profile says; shared by the mounts and the commands. */
ClientConfig session_config(const Options *options);

/* options: borrowed until session_free(). The token is that of options, and may be missing. */
Session *session_new(const Options *options, GError **error);
void session_free(Session *session); /* NULL is fine */

/* How long a call may take, the queue included. */
void session_set_wait(Session *session, guint seconds);

gboolean session_use(Session *session, const Token *token, GError **error);

/* The body of the answer, or NULL and error. */
GBytes *session_get(Session *session, EndpointId endpoint, const char *query, GError **error);

/* Of the token endpoints; app id and secret must be there. verifier: NULL without PKCE. */
Token *session_exchange(Session *session, const char *redirect_uri, const char *code,
                        const char *verifier, GError **error);
Token *session_client_credentials(Session *session, GError **error);
Token *session_refresh(Session *session, const Token *token, GError **error);
gboolean session_revoke(Session *session, const Token *token, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Session, session_free)
