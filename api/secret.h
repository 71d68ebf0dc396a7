/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * secret.h - text that nobody but the service may see: tokens, secrets, codes, verifiers. Memory
 * that held one is wiped before it is given back, since it would be found in a core or in whatever
 * is written from there next.
 */
#include <glib.h>

void secret_free(char *secret);              /* NULL is fine */
void secret_string_free(GString *string);    /* NULL is fine */
GBytes *secret_bytes_new(GByteArray *array); /* takes it; wiped when the last reference goes */
gboolean secret_equal(const char *a, const char *b); /* takes as long wherever they differ */

/* A service that quotes what it was sent must not bring it into a log: blots it out of the text. */
void secret_hide(GError *error, const char *secret); /* error and secret may be NULL */
