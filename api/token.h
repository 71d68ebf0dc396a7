/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * token.h - an access token and what is known of it: as a token endpoint answers it, and as the
 * token file keeps it. Pure. No error's text holds a part of a token.
 */
#include <glib.h>

/* The two families of the platform: business-api.tiktok.com, and open.tiktokapis.com. */
typedef enum { DIALECT_BUSINESS, DIALECT_LOGIN_KIT } Dialect;

typedef struct {
    char *access;
    char *refresh;            /* NULL: the token lives until it is revoked or has expired */
    gint64 obtained_s;        /* unix, as the next two; 0 = not known */
    gint64 expires_s;         /* 0 = never, or not known */
    gint64 refresh_expires_s; /* 0 = never, or not known */
    char **scopes;            /* ids ("1", "20") or names ("user.info.basic"); NULL: not known */
    char **advertisers;       /* ids that were granted; NULL: not known */
} Token;

void token_free(Token *token); /* wipes; NULL is fine */
Token *token_copy(const Token *token);

/* It can stand in a header: no blank, no line end, ASCII only, not empty. */
gboolean token_check(const char *access, GError **error);

/* Of a token file: one line with the token alone, or the JSON object of token_text(). */
Token *token_parse(const char *text, gsize length, GError **error);

/* One JSON object on a line: access_token, refresh_token, obtained_at, expires_at,
   refresh_expires_at, scope[], advertiser_ids[]; what is not known is left out. New; wipe it with
   secret_free() or explicit_bzero(). */
char *token_text(const Token *token);

/* What a token endpoint answered, in either dialect: an envelope with data, members at top level,
   or error and error_description. status: of HTTP. */
Token *token_of_answer(Dialect dialect, GBytes *body, guint status, gint64 now_s, GError **error);

/* NULL, or the refusal that such an answer is: of revocations, whose success may be empty. */
GError *token_refusal(Dialect dialect, GBytes *body, guint status);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Token, token_free)
