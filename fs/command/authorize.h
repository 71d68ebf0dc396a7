/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * authorize.h - the part of a login that happens in a browser: tells the address to open, and waits
 * for what the browser is sent back with, at the listener or pasted into standard input.
 */
#include "fs/options.h"

typedef struct {
    char *redirect_uri;
    char *code, *verifier; /* verifier: NULL without PKCE */
} Authorization;

/* open_browser: also try to open one. Ends after ten minutes. */
gboolean authorize(const Options *options, gboolean open_browser, Authorization *ret,
                   GError **error);
void authorization_clear(Authorization *authorization);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Authorization, authorization_clear)
