/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * token-file.h - the file that keeps a token, and word of its changes: another process may log in,
 * log out, or renew the token while a mount uses it.
 */
#include "api/token.h"

/* NULL and error: not there, others can read it, or it holds no token. */
Token *token_file_read(const char *path, GError **error);

/* Mode 0600. The old token stays until the new one is on the disk. */
gboolean token_file_write(const char *path, const Token *token, GError **error);

/* Whether there is room and leave for it now. */
gboolean token_file_try(const char *path, GError **error);

/* Where a link points at, if it is one. */
gboolean token_file_remove(const char *path, GError **error);

/* Of a lock file beside it, for whoever asks the service to change the token: a descriptor that
   holds it until it is closed. -1 and errno, EWOULDBLOCK: another process has it. Never waits. */
int token_file_lock(const char *path);

/* token: borrowed; NULL: the file has gone. A file that can not be used is told in a message and
   counts as no change. */
typedef void (*TokenChanged)(void *user_data, const Token *token);
typedef struct TokenWatch TokenWatch;

/* On the default main context. */
TokenWatch *token_watch_new(const char *path, TokenChanged changed, void *user_data);
void token_watch_free(TokenWatch *watch); /* NULL is fine */
