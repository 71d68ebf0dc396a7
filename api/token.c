/* SPDX-License-Identifier: MIT */
/*
 * token.c - a token's members, and the text of a token file. Ids and scopes keep their text: as
 * numbers they have more digits than a double. JSON is walked over in place, so that the only
 * copies of a token are those that are wiped.
 */
#include "api/token.h"

#include <string.h>

#include "api/decode.h"
#include "api/error.h"
#include "api/secret.h"
#include "api/token-private.h"

enum { ID_DIGITS_MAX = 20, SCOPE_LENGTH_MAX = 100 };

void token_free(Token *token)
{
    if (token == NULL)
        return;
    secret_free(token->access);
    secret_free(token->refresh);
    g_strfreev(token->scopes);
    g_strfreev(token->advertisers);
    g_free(token);
}

Token *token_copy(const Token *token)
{
    Token *copy = g_new(Token, 1);

    *copy = *token;
    copy->access = g_strdup(token->access);
    copy->refresh = g_strdup(token->refresh);
    copy->scopes = g_strdupv(token->scopes);
    copy->advertisers = g_strdupv(token->advertisers);
    return copy;
}

gboolean token_check(const char *access, GError **error)
{
    const char *at = access;

    while (*at > ' ' && *at < '\x7f')
        at++;
    if (*at == '\0' && at > access)
        return TRUE;
    g_propagate_error(error, api_error_new(API_ERROR_TOKEN, 0, NULL,
                                           at == access && *at == '\0'
                                               ? "the access token is empty"
                                               : "the access token holds a blank, a line end or "
                                                 "another character that no token has"));
    return FALSE;
}

/* ---- members ---- */

static gboolean is_scope(const char *word)
{
    gsize length = strlen(word);

    for (const char *at = word; *at != '\0'; at++)
        if ((guchar)*at <= ' ' || *at == '\x7f')
            return FALSE;
    return length > 0 && length <= SCOPE_LENGTH_MAX;
}

static gboolean is_id(const char *word)
{
    gsize length = strlen(word);

    return length > 0 && length <= ID_DIGITS_MAX && strspn(word, "0123456789") == length;
}

/* A list of strings, of numbers, or a text with separators, also one that was a list before. What
   is no word is left out; of an empty list nothing is known. */
static char **words_of(JsonSpan span, gboolean (*is_word)(const char *word))
{
    g_autoptr(GStrvBuilder) words = g_strv_builder_new();
    g_auto(GStrv) parts = NULL;
    JsonIter iter;
    JsonSpan name, value;
    guint n = 0;

    if (span.at == NULL)
        return NULL;
    if (json_iter_init(&iter, span.at, span.length)) {
        g_autoptr(GStrvBuilder) values = g_strv_builder_new();

        while (json_iter_next(&iter, &name, &value)) {
            g_autofree char *text = json_span_text(value);
            g_strv_builder_add(values, text);
        }
        parts = g_strv_builder_end(values);
    } else {
        g_autofree char *text = json_span_text(span);
        parts = g_strsplit_set(text, ", \t[]\"", -1);
    }
    for (char **part = parts; *part != NULL; part++)
        if (is_word(*part)) {
            g_strv_builder_add(words, *part);
            n++;
        }
    return n > 0 ? g_strv_builder_end(words) : NULL;
}

typedef struct {
    JsonSpan access, refresh, scope, advertisers;
} Members;

static char *secret_of(JsonSpan span)
{
    return span.at != NULL && span.at[0] == '"' ? json_span_text(span) : NULL;
}

Token *token_of_members(JsonSpan object, GError **error)
{
    static const JsonField fields[] = {
        {"access_token", G_STRUCT_OFFSET(Members, access)},
        {"refresh_token", G_STRUCT_OFFSET(Members, refresh)},
        {"scope", G_STRUCT_OFFSET(Members, scope)},
        {"advertiser_ids", G_STRUCT_OFFSET(Members, advertisers)},
    };
    Members members = {.access = {NULL, 0}};
    g_autoptr(Token) token = g_new0(Token, 1);

    if (!json_pick(object, fields, G_N_ELEMENTS(fields), &members) || members.access.at == NULL) {
        g_propagate_error(error, api_error_new(API_ERROR_TOKEN, 0, NULL,
                                               "there is no member access_token in it"));
        return NULL;
    }
    token->access = secret_of(members.access);
    token->refresh = secret_of(members.refresh);
    if (token->refresh != NULL && token->refresh[0] == '\0')
        g_clear_pointer(&token->refresh, g_free);
    if (!token_check(token->access != NULL ? token->access : "", error) ||
        (token->refresh != NULL && !token_check(token->refresh, error)))
        return NULL;
    token->scopes = words_of(members.scope, is_scope);
    token->advertisers = words_of(members.advertisers, is_id);
    return g_steal_pointer(&token);
}

/* ---- the token file ---- */

typedef struct {
    JsonSpan obtained, expires, refresh_expires;
} Times;

/* Nothing behind the last day that has a date: somebody wrote milliseconds. */
static gint64 time_of(JsonSpan span)
{
    static const gint64 last_s = 253402300799;

    return CLAMP(decode_whole(span, 0), 0, last_s);
}

static Token *parse_object(JsonSpan text, GError **error)
{
    static const JsonField fields[] = {
        {"obtained_at", G_STRUCT_OFFSET(Times, obtained)},
        {"expires_at", G_STRUCT_OFFSET(Times, expires)},
        {"refresh_expires_at", G_STRUCT_OFFSET(Times, refresh_expires)},
    };
    Times times = {.obtained = {NULL, 0}};
    Token *token = token_of_members(text, error);

    if (token == NULL)
        return NULL;
    json_pick(text, fields, G_N_ELEMENTS(fields), &times);
    token->obtained_s = time_of(times.obtained);
    token->expires_s = time_of(times.expires);
    token->refresh_expires_s = time_of(times.refresh_expires);
    return token;
}

static Token *parse_line(JsonSpan text, GError **error)
{
    g_autoptr(Token) token = g_new0(Token, 1);

    token->access = g_strndup(text.at, text.length);
    return token_check(token->access, error) ? g_steal_pointer(&token) : NULL;
}

Token *token_parse(const char *text, gsize length, GError **error)
{
    JsonSpan span = {text, length};

    while (span.length > 0 && g_ascii_isspace(span.at[0]))
        span = (JsonSpan){span.at + 1, span.length - 1};
    while (span.length > 0 && g_ascii_isspace(span.at[span.length - 1]))
        span.length--;
    if (memchr(span.at, '\0', span.length) != NULL || !g_utf8_validate_len(text, length, NULL)) {
        g_propagate_error(error, api_error_new(API_ERROR_TOKEN, 0, NULL, "it is not text"));
        return NULL;
    }
    return span.length > 0 && span.at[0] == '{' ? parse_object(span, error)
                                                : parse_line(span, error);
}

static void add_time(GString *text, const char *name, gint64 time_s)
{
    if (time_s > 0)
        g_string_append_printf(text, ",\"%s\":%" G_GINT64_FORMAT, name, time_s);
}

static void add_list(GString *text, const char *name, char **words)
{
    if (words == NULL)
        return;
    g_string_append_printf(text, ",\"%s\":[", name);
    for (char **word = words; *word != NULL; word++) {
        if (word > words)
            g_string_append_c(text, ',');
        json_add_string(text, *word);
    }
    g_string_append_c(text, ']');
}

/* The tokens have their room from the start: growing would leave copies behind. */
char *token_text(const Token *token)
{
    g_autoptr(GString) rest = g_string_new(NULL);
    gsize refresh = token->refresh != NULL ? strlen(token->refresh) : 0;

    add_time(rest, "obtained_at", token->obtained_s);
    add_time(rest, "expires_at", token->expires_s);
    add_time(rest, "refresh_expires_at", token->refresh_expires_s);
    add_list(rest, "scope", token->scopes);
    add_list(rest, "advertiser_ids", token->advertisers);

    GString *text = g_string_sized_new(2 * (strlen(token->access) + refresh) + rest->len + 100);
    g_string_append(text, "{\"access_token\":");
    json_add_string(text, token->access);
    if (token->refresh != NULL) {
        g_string_append(text, ",\"refresh_token\":");
        json_add_string(text, token->refresh);
    }
    g_string_append(text, rest->str);
    g_string_append(text, "}\n");
    return g_string_free(text, FALSE);
}
