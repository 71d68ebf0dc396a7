/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * token.h - the texts that open something: codes of a login, access tokens, refresh tokens. All
 * that came of one login belong to one grant, and end together when one of them is revoked. Times
 * are of the wall clock. Nothing outlives the program.
 */
#include <glib.h>

typedef enum { DIALECT_BUSINESS, DIALECT_LOGIN_KIT } Dialect;

typedef struct {
    Dialect dialect;
    gboolean client;    /* given to the application itself: not refreshed */
    guint life_s;       /* of an access token; 0: it stays, and there is nothing to refresh */
    char *redirect_uri; /* of the login; NULL: none */
    char *challenge;    /* NULL: no verifier is wanted */
    char *scope;        /* names of Login Kit, a comma list; NULL: none */
    gboolean revoked;
} Grant;

typedef enum { TOKEN_GOOD, TOKEN_UNKNOWN, TOKEN_EXPIRED } TokenState;

/* What a token call gives out. */
typedef struct {
    const Grant *grant; /* borrowed */
    char *access;
    char *refresh; /* NULL: none */
} Issue;

enum { REFRESH_LIFE_S = 365 * 86400 };

typedef struct Tokens Tokens;

Tokens *tokens_new(const char *fixed); /* an access token that is there from the start */
void tokens_free(Tokens *tokens);

/* Owned by the tokens, its texts too; the caller sets them. */
Grant *tokens_add_grant(Tokens *tokens, Dialect dialect);

/* Good once, for an hour. Borrowed. */
const char *tokens_add_code(Tokens *tokens, Grant *grant, gint64 now_us);
/* Uses the code up. NULL unless it was good for this dialect. */
Grant *tokens_take_code(Tokens *tokens, Dialect dialect, const char *code, gint64 now_us);

void tokens_issue(Tokens *tokens, Grant *grant, gint64 now_us, Issue *ret);
/* Uses the refresh token up; older access tokens live on until their time is over. */
TokenState tokens_refresh(Tokens *tokens, Dialect dialect, const char *refresh, gint64 now_us,
                          Issue *ret);
TokenState tokens_check(const Tokens *tokens, const char *access, gint64 now_us);
gboolean tokens_revoke(Tokens *tokens, const char *token); /* FALSE: there is none such */

void issue_clear(Issue *issue);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tokens, tokens_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Issue, issue_clear)
