/* SPDX-License-Identifier: MIT */
/* token.c - one table of all texts that were given out; what is used up leaves it. */
#include "token.h"

typedef enum { PASS_CODE, PASS_ACCESS, PASS_REFRESH } PassKind;

typedef struct {
    PassKind kind;
    Grant *grant;
    gint64 ends_us; /* G_MAXINT64: never */
} Pass;

struct Tokens {
    GHashTable *passes; /* by text */
    GPtrArray *grants;
};

static const gint64 code_life_us = (gint64)3600 * G_USEC_PER_SEC;
static const gint64 refresh_life_us = (gint64)REFRESH_LIFE_S * G_USEC_PER_SEC;

static void grant_free(void *data)
{
    Grant *grant = data;

    g_free(grant->redirect_uri);
    g_free(grant->challenge);
    g_free(grant->scope);
    g_free(grant);
}

static void add_pass(Tokens *tokens, char *text, PassKind kind, Grant *grant, gint64 ends_us)
{
    Pass *pass = g_new0(Pass, 1);

    pass->kind = kind;
    pass->grant = grant;
    pass->ends_us = ends_us;
    g_hash_table_insert(tokens->passes, text, pass);
}

Tokens *tokens_new(const char *fixed)
{
    Tokens *tokens = g_new0(Tokens, 1);

    tokens->passes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    tokens->grants = g_ptr_array_new_with_free_func(grant_free);
    add_pass(tokens, g_strdup(fixed), PASS_ACCESS, tokens_add_grant(tokens, DIALECT_BUSINESS),
             G_MAXINT64);
    return tokens;
}

void tokens_free(Tokens *tokens)
{
    g_hash_table_unref(tokens->passes);
    g_ptr_array_unref(tokens->grants);
    g_free(tokens);
}

Grant *tokens_add_grant(Tokens *tokens, Dialect dialect)
{
    Grant *grant = g_new0(Grant, 1);

    grant->dialect = dialect;
    g_ptr_array_add(tokens->grants, grant);
    return grant;
}

/* 40 hexadecimal digits; those of Login Kit say what they are, and have characters that a URL and a
   form must encode. */
static char *new_text(const Grant *grant, PassKind kind)
{
    static const char *const prefixes[] = {"", "act.", "rft."};
    g_autoptr(GString) text = g_string_new(NULL);

    for (int i = 0; i < 5; i++)
        g_string_append_printf(text, "%08x", g_random_int());
    if (grant->dialect == DIALECT_LOGIN_KIT) {
        g_string_prepend(text, grant->client ? "clt." : prefixes[kind]);
        g_string_append(text, kind == PASS_CODE ? "*2!4711.e1" : "!4711.e1");
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *add_new(Tokens *tokens, Grant *grant, PassKind kind, gint64 ends_us)
{
    char *text = new_text(grant, kind);

    add_pass(tokens, text, kind, grant, ends_us);
    return text;
}

static Pass *find_pass(const Tokens *tokens, PassKind kind, const char *text)
{
    Pass *pass = g_hash_table_lookup(tokens->passes, text);

    return pass != NULL && pass->kind == kind && !pass->grant->revoked ? pass : NULL;
}

static TokenState state_of(const Pass *pass, gint64 now_us)
{
    if (pass == NULL)
        return TOKEN_UNKNOWN;
    return now_us < pass->ends_us ? TOKEN_GOOD : TOKEN_EXPIRED;
}

const char *tokens_add_code(Tokens *tokens, Grant *grant, gint64 now_us)
{
    return add_new(tokens, grant, PASS_CODE, now_us + code_life_us);
}

Grant *tokens_take_code(Tokens *tokens, Dialect dialect, const char *code, gint64 now_us)
{
    const Pass *pass = find_pass(tokens, PASS_CODE, code);

    if (state_of(pass, now_us) != TOKEN_GOOD || pass->grant->dialect != dialect)
        return NULL;

    Grant *grant = pass->grant;
    g_hash_table_remove(tokens->passes, code);
    return grant;
}

void tokens_issue(Tokens *tokens, Grant *grant, gint64 now_us, Issue *ret)
{
    gint64 ends_us =
        grant->life_s > 0 ? now_us + (gint64)grant->life_s * G_USEC_PER_SEC : G_MAXINT64;

    *ret = (Issue){.grant = grant};
    ret->access = g_strdup(add_new(tokens, grant, PASS_ACCESS, ends_us));
    if (grant->life_s > 0 && !grant->client)
        ret->refresh = g_strdup(add_new(tokens, grant, PASS_REFRESH, now_us + refresh_life_us));
}

TokenState tokens_refresh(Tokens *tokens, Dialect dialect, const char *refresh, gint64 now_us,
                          Issue *ret)
{
    const Pass *pass = find_pass(tokens, PASS_REFRESH, refresh);
    TokenState state = state_of(pass, now_us);

    if (state == TOKEN_GOOD && pass->grant->dialect != dialect)
        state = TOKEN_UNKNOWN;
    if (state != TOKEN_GOOD)
        return state;

    Grant *grant = pass->grant;
    g_hash_table_remove(tokens->passes, refresh);
    tokens_issue(tokens, grant, now_us, ret);
    return TOKEN_GOOD;
}

TokenState tokens_check(const Tokens *tokens, const char *access, gint64 now_us)
{
    return state_of(find_pass(tokens, PASS_ACCESS, access), now_us);
}

gboolean tokens_revoke(Tokens *tokens, const char *token)
{
    const Pass *pass = find_pass(tokens, PASS_ACCESS, token);

    if (pass == NULL)
        pass = find_pass(tokens, PASS_REFRESH, token);
    if (pass == NULL)
        return FALSE;

    pass->grant->revoked = TRUE;
    return TRUE;
}

void issue_clear(Issue *issue)
{
    g_free(issue->access);
    g_free(issue->refresh);
}
