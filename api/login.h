/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * login.h - the part of a login that happens in a browser: the URL to open, and what it comes back
 * with. Pure but for randomness.
 */
#include <glib.h>

#include "api/token.h"

/* 43 random URL-safe characters, for a state or for a verifier of PKCE. New; a secret. */
char *login_secret_new(void);

/* The challenge of a verifier, as the Login Kit for desktop wants it: SHA-256 in hex. */
char *login_challenge(const char *verifier);

/* https, or http to this machine; shorter than 512 characters; no query, no fragment. */
gboolean login_check_redirect(const char *uri, GError **error);

/* The page to open must be https as well, or be on this machine. */
gboolean login_check_portal(const char *url, GError **error);

typedef struct {
    Dialect dialect;
    const char *base_url; /* of the portal or the authorize page */
    const char *app_id;   /* the client_key of the Login Kit */
    const char *redirect_uri;
    const char *state;
    const char *challenge;      /* login-kit; NULL: no PKCE */
    const char *scope;          /* login-kit, comma list; may be NULL */
    gboolean disable_auto_auth; /* login-kit: ask for consent although there was one before */
} LoginUrl;

char *login_url(const LoginUrl *login);

/* The code in what the browser was sent back with. text: the redirected URL, or its path and query;
   with state NULL it is a bare code, as somebody copied it. The state is compared in constant time,
   and before anything else is believed. API_ERROR_MALFORMED: it says nothing of this login; any
   other error is the service's, which ended it. New; a secret. */
char *login_code(Dialect dialect, const char *text, const char *state, GError **error);
