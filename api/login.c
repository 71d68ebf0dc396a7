/* SPDX-License-Identifier: MIT */
/*
 * login.c - what the browser is sent to, and what it brings back. The rules are those of "Login Kit
 * for Desktop" and "Login Kit for Web" of the documentation at developers.tiktok.com, where a
 * challenge is the hex form of SHA-256, not base64url as RFC 7636 has it; and of "Authorization" of
 * the Marketing API's, whose portal needs none.
 */
#include "api/login.h"

#include <string.h>
#include <unistd.h>

#include "api/decode.h"
#include "api/error.h"
#include "api/http.h"
#include "api/secret.h"
#include "api/token-private.h"

enum { SECRET_LENGTH = 43, REDIRECT_LENGTH_MAX = 511, TEXT_MAX = 300 };

char *login_secret_new(void)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    guint8 random[SECRET_LENGTH];
    char *secret = g_malloc(SECRET_LENGTH + 1);
    int failed = getentropy(random, sizeof random);

    g_assert(failed == 0);
    for (gsize i = 0; i < SECRET_LENGTH; i++)
        secret[i] = letters[random[i] % (sizeof letters - 1)];
    secret[SECRET_LENGTH] = '\0';
    explicit_bzero(random, sizeof random);
    return secret;
}

char *login_challenge(const char *verifier)
{
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, verifier, -1);
}

gboolean login_check_portal(const char *url, GError **error)
{
    gboolean loopback;

    return http_check_url(url, &loopback, error);
}

gboolean login_check_redirect(const char *uri, GError **error)
{
    gboolean loopback;

    if (strlen(uri) > REDIRECT_LENGTH_MAX) {
        g_propagate_error(error, api_error_new(API_ERROR_INVALID, 0, NULL,
                                               "the redirect URL is longer than %d characters",
                                               REDIRECT_LENGTH_MAX));
        return FALSE;
    }
    return http_check_url(uri, &loopback, error);
}

/* ---- the URL to open ---- */

static void add_param(GString *url, const char *name, const char *value)
{
    if (value == NULL)
        return;
    g_string_append_printf(url, "%c%s=", strchr(url->str, '?') != NULL ? '&' : '?', name);
    g_string_append_uri_escaped(url, value, NULL, FALSE);
}

char *login_url(const LoginUrl *login)
{
    GString *url = g_string_new(login->base_url);

    if (login->dialect == DIALECT_LOGIN_KIT) {
        add_param(url, "client_key", login->app_id);
        add_param(url, "response_type", "code");
        add_param(url, "scope", login->scope);
        add_param(url, "redirect_uri", login->redirect_uri);
        add_param(url, "state", login->state);
        add_param(url, "code_challenge", login->challenge);
        add_param(url, "code_challenge_method", login->challenge != NULL ? "S256" : NULL);
        add_param(url, "disable_auto_auth", login->disable_auto_auth ? "1" : NULL);
    } else {
        add_param(url, "app_id", login->app_id);
        add_param(url, "state", login->state);
        add_param(url, "redirect_uri", login->redirect_uri);
    }
    return g_string_free(url, FALSE);
}

/* ---- what comes back ---- */

static GError *refuse(const char *text)
{
    return api_error_new(API_ERROR_MALFORMED, 0, NULL, "%s", text);
}

/* The value of a parameter, as it is written; a name that comes twice has none. */
static char *param(const char *query, const char *name)
{
    gsize length = strlen(name);
    const char *found = NULL;

    for (const char *at = query; at != NULL; at = strchr(at, '&')) {
        at += *at == '&' ? 1 : 0;
        if (strncmp(at, name, length) != 0 || at[length] != '=')
            continue;
        if (found != NULL)
            return NULL;
        found = at + length + 1;
    }
    return found != NULL ? g_strndup(found, strcspn(found, "&# \t\r\n")) : NULL;
}

/* Takes the text; NULL when it is not well encoded. */
static char *decoded(char *text)
{
    char *plain = text != NULL ? g_uri_unescape_string(text, NULL) : NULL;

    secret_free(text);
    return plain;
}

/* A description is text of a form, with blanks as plus signs. */
static char *words(char *text)
{
    g_autofree char *plain = decoded(text != NULL ? g_strdelimit(text, "+", ' ') : NULL);

    return plain != NULL ? decode_line(plain, strlen(plain), TEXT_MAX) : g_strdup("");
}

static GError *error_of_query(const char *query)
{
    g_autofree char *word = words(param(query, "error"));
    g_autofree char *description = words(param(query, "error_description"));

    return *word != '\0' ? token_error(word, description, NULL) : NULL;
}

/* Blanks and control characters are in no code: somebody copied something else. */
static char *checked_code(char *code, GError **error)
{
    if (code != NULL && token_check(code, NULL))
        return code;
    secret_free(code);
    g_propagate_error(error, refuse("there is no code that can be used in what came back"));
    return NULL;
}

static char *code_of_query(Dialect dialect, const char *query, const char *state, GError **error)
{
    char *back = decoded(param(query, "state"));
    gboolean ours = back != NULL && secret_equal(back, state);
    GError *refusal = ours ? error_of_query(query) : NULL;

    secret_free(back);
    if (!ours)
        refusal = refuse("the state that came back is not the one of this login: it may be an "
                         "older attempt, or somebody else's");
    if (refusal != NULL) {
        g_propagate_error(error, refusal);
        return NULL;
    }

    char *code = dialect == DIALECT_BUSINESS ? param(query, "auth_code") : NULL;
    if (code == NULL)
        code = param(query, "code");
    return checked_code(decoded(code), error);
}

char *login_code(Dialect dialect, const char *text, const char *state, GError **error)
{
    const char *query = strchr(text, '?');
    gsize blanks = strspn(text, " \t\r\n");

    if (state != NULL && query == NULL) {
        g_propagate_error(error, refuse("it is not the URL the browser was sent back to: that one "
                                        "has a question mark and a state"));
        return NULL;
    }
    if (state != NULL)
        return code_of_query(dialect, query + 1, state, error);

    char *code = g_strchomp(g_strdup(text + blanks));
    if (query != NULL || strstr(code, "://") != NULL) /* with a state that nobody checked */
        g_clear_pointer(&code, secret_free);
    return checked_code(decoded(code), error);
}
