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

/* A service that quotes what it was sent must not bring it into a log: blots it out of the text,
   also as it stands in a URL. error and secret may be NULL. */
void secret_hide(GError *error, const char *secret);

/* An allocator that wipes what it frees, with the signatures of malloc() and its like, for those
   who take one. Its blocks are its own. */
void *secret_block_new(size_t size);
void *secret_block_new0(size_t n, size_t size);
void *secret_block_resize(void *block, size_t size);
char *secret_block_strdup(const char *text);
void secret_block_free(void *block);
