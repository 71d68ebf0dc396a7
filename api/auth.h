/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * auth.h - the calls that give, renew and end tokens, on the default main context. They are not
 * paced and never sent twice by themselves: a code works once, and a refresh token may.
 */
#include <glib.h>

#include "api/token.h"

typedef struct Auth Auth;

typedef struct {
    Dialect dialect;
    const char *business_url; /* "https://business-api.tiktok.com/open_api/v1.3" */
    const char *open_url;     /* "https://open.tiktokapis.com" */
    const char *app_id;       /* the client_key of the Login Kit */
    const char *secret;
    const char *redirect_uri; /* login-kit: as the browser was given it; else it may be NULL */
} AuthConfig;

/* config is copied. NULL and error: a URL that is not https (http is for loopback only), no app id
   or secret. */
Auth *auth_new(const AuthConfig *config, GError **error);
void auth_free(
    Auth *auth); /* NULL is fine; also from a callback. Those that did not run never do */

/* Runs exactly once for each call, never before the call returns. token: borrowed; NULL on error,
   and after a revocation. */
typedef void (*AuthFunc)(void *user_data, Token *token, const GError *error);

void auth_exchange(Auth *auth, const char *code, const char *verifier, AuthFunc done,
                   void *user_data);                             /* verifier: login-kit, or NULL */
void auth_refresh(Auth *auth, const Token *token, AuthFunc done, /* what the answer does not name */
                  void *user_data);                              /* stays as it was in token */
void auth_client_credentials(Auth *auth, AuthFunc done, void *user_data); /* login-kit only */
void auth_revoke(Auth *auth, const Token *token, AuthFunc done, void *user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Auth, auth_free)
