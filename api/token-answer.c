/* SPDX-License-Identifier: MIT */
/*
 * token-answer.c - what token endpoints answer. Business: an envelope. Login Kit: members at top
 * level, or error and error_description with any HTTP status, so that is looked for first. No
 * excerpt of an answer gets into an error: it may be the half that holds the token.
 */
#include <string.h>

#include "api/decode.h"
#include "api/error.h"
#include "api/token-private.h"

static const gint64 longest_life_s = 100LL * 365 * 24 * 3600;

enum { TEXT_MAX = 300 };

typedef struct {
    JsonSpan code, data, access;               /* of an envelope; access: at top level */
    JsonSpan error, error_description, log_id; /* of the Login Kit */
} Top;

typedef struct {
    JsonSpan code, message, log_id;
} Inner;

static const struct {
    const char *word;
    ApiErrorKind kind;
    const char *hint;
} refusals[] = {
    {"access_denied", API_ERROR_DENIED, ""},
    {"invalid_client", API_ERROR_TOKEN, " (check client_key and client_secret_file)"},
    {"invalid_grant", API_ERROR_TOKEN, ""},
    {"invalid_request", API_ERROR_INVALID, ""},
    {"invalid_scope", API_ERROR_INVALID, " (check scope in the profile, and the app)"},
    {"unauthorized_client", API_ERROR_TOKEN, " (check the products of the app)"},
    {"unsupported_grant_type", API_ERROR_INVALID, ""},
};

static char *line_of(JsonSpan span)
{
    g_autofree char *text = span.at != NULL ? json_span_text(span) : g_strdup("");

    return decode_line(text, strlen(text), TEXT_MAX);
}

GError *token_error(const char *word, const char *description, const char *log_id)
{
    ApiErrorKind kind = API_ERROR_REMOTE;
    const char *hint = "";

    for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++)
        if (strcmp(refusals[i].word, word) == 0) {
            kind = refusals[i].kind;
            hint = refusals[i].hint;
        }
    return api_error_new(kind, 0, log_id, "%s%s%s%s", word, *description != '\0' ? ": " : "",
                         description, hint);
}

/* NULL when error is the object that other endpoints there send with each success. */
static GError *error_of_login_kit(const Top *top)
{
    static const JsonField fields[] = {
        {"code", G_STRUCT_OFFSET(Inner, code)},
        {"message", G_STRUCT_OFFSET(Inner, message)},
        {"log_id", G_STRUCT_OFFSET(Inner, log_id)},
    };
    Inner inner = {top->error, top->error_description, top->log_id};

    if (top->error.at[0] == '{')
        json_pick(top->error, fields, G_N_ELEMENTS(fields), &inner);

    g_autofree char *word = line_of(inner.code);
    g_autofree char *description = line_of(inner.message);
    g_autofree char *log_id = inner.log_id.at != NULL ? line_of(inner.log_id) : NULL;
    if (*word == '\0' || strcmp(word, "ok") == 0)
        return NULL;
    return token_error(word, description, log_id);
}

static GError *error_of_status(guint status)
{
    if (status >= 300)
        return api_error_new(API_ERROR_REMOTE, 0, NULL,
                             "HTTP status %u and no answer of a token endpoint", status);
    return api_error_new(API_ERROR_MALFORMED, 0, NULL, "not an answer of a token endpoint");
}

static GError *error_of_envelope(GBytes *body, guint status)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Decoded) decoded = decode_answer(body, status, &error);

    if (decoded != NULL)
        return NULL;
    return api_error_code(error) != 0 ? g_steal_pointer(&error) : error_of_status(status);
}

static gboolean read_top(GBytes *body, Top *ret)
{
    static const JsonField fields[] = {
        {"code", G_STRUCT_OFFSET(Top, code)},
        {"data", G_STRUCT_OFFSET(Top, data)},
        {"access_token", G_STRUCT_OFFSET(Top, access)},
        {"error", G_STRUCT_OFFSET(Top, error)},
        {"error_description", G_STRUCT_OFFSET(Top, error_description)},
        {"log_id", G_STRUCT_OFFSET(Top, log_id)},
    };
    gsize length;
    const char *text = g_bytes_get_data(body, &length);

    *ret = (Top){.code = {NULL, 0}};
    return length > 0 && g_utf8_validate_len(text, length, NULL) &&
           json_pick((JsonSpan){text, length}, fields, G_N_ELEMENTS(fields), ret);
}

static GError *refusal_of(Dialect dialect, GBytes *body, guint status, const Top *top)
{
    GError *error = top->error.at != NULL ? error_of_login_kit(top) : NULL;

    if (error == NULL && top->code.at != NULL)
        return error_of_envelope(body, status);
    if (error == NULL && (status >= 300 || (dialect == DIALECT_BUSINESS && top->access.at == NULL)))
        return error_of_status(status);
    return error;
}

GError *token_refusal(Dialect dialect, GBytes *body, guint status)
{
    Top top;

    if (read_top(body, &top))
        return refusal_of(dialect, body, status, &top);
    if (dialect == DIALECT_LOGIN_KIT && status < 300 && g_bytes_get_size(body) == 0)
        return NULL;
    return error_of_status(status);
}

typedef struct {
    JsonSpan expires, refresh_expires, refresh_token_expires;
} Lives;

static gint64 end_of(JsonSpan life, gint64 now_s)
{
    gint64 life_s = decode_whole(life, 0);

    return life_s > 0 ? now_s + MIN(life_s, longest_life_s) : 0;
}

static Token *token_of_object(JsonSpan object, gint64 now_s, GError **error)
{
    static const JsonField fields[] = {
        {"expires_in", G_STRUCT_OFFSET(Lives, expires)},
        {"refresh_expires_in", G_STRUCT_OFFSET(Lives, refresh_expires)},
        {"refresh_token_expires_in", G_STRUCT_OFFSET(Lives, refresh_token_expires)},
    };
    Lives lives = {.expires = {NULL, 0}};
    Token *token = token_of_members(object, error);

    if (token == NULL)
        return NULL;
    json_pick(object, fields, G_N_ELEMENTS(fields), &lives);
    token->obtained_s = now_s;
    token->expires_s = end_of(lives.expires, now_s);
    if (token->refresh != NULL)
        token->refresh_expires_s = end_of(
            lives.refresh_expires.at != NULL ? lives.refresh_expires : lives.refresh_token_expires,
            now_s);
    return token;
}

Token *token_of_answer(Dialect dialect, GBytes *body, guint status, gint64 now_s, GError **error)
{
    Top top;
    GError *refusal =
        read_top(body, &top) ? refusal_of(dialect, body, status, &top) : error_of_status(status);

    if (refusal != NULL) {
        g_propagate_error(error, refusal);
        return NULL;
    }

    JsonSpan whole = {g_bytes_get_data(body, NULL), g_bytes_get_size(body)};
    gboolean inside = top.access.at == NULL && top.data.at != NULL;
    Token *token = token_of_object(inside ? top.data : whole, now_s, error);
    if (token == NULL)
        g_prefix_error(error, "the answer of the token endpoint: ");
    return token;
}
