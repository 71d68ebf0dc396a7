/* SPDX-License-Identifier: MIT */
/*
 * login-kit.c - TikTok for Developers: the page that people log in at, and its token calls, with
 * forms for bodies and the errors of OAuth. The application and its tokens are those of the
 * Business API.
 */
#include "page.h"

#include <string.h>

enum { DAY_S = 86400, CLIENT_LIFE_S = 7200 };

static const char *const known_scopes[] = {
    "research.adlib.basic", "research.data.basic", "user.info.basic",
    "user.info.profile",    "user.info.stats",     "video.list",
    "video.publish",        "video.upload",        NULL,
};

/* As the applications of a desktop have it: with a port, and without what a registered URI can not
   have. */
static gboolean check_redirect(const char *uri, gboolean *ret_loopback)
{
    g_autoptr(GUri) parts = uri != NULL ? g_uri_parse(uri, G_URI_FLAGS_NONE, NULL) : NULL;

    return parts != NULL && strlen(uri) < 512 && page_is_redirect(uri, ret_loopback) &&
           g_uri_get_query(parts) == NULL && (!*ret_loopback || g_uri_get_port(parts) > 0);
}

static gboolean check_scope(const char *scope)
{
    g_auto(GStrv) names = g_strsplit(scope != NULL ? scope : "", ",", -1);

    for (char **name = names; *name != NULL; name++) {
        if (!g_strv_contains(known_scopes, *name))
            return FALSE;
    }
    return names[0] != NULL;
}

/* What is wrong with the rest of the address, in the two words of OAuth. NULL: nothing. */
static const char *find_fault(const Request *request, gboolean is_desktop, const char **ret_text)
{
    const char *type = page_parameter(request, "response_type");
    const char *method = page_parameter(request, "code_challenge_method");
    const char *challenge = page_parameter(request, "code_challenge");
    const char *disable = page_parameter(request, "disable_auto_auth");

    *ret_text = "response_type must be code.";
    if (type == NULL || strcmp(type, "code") != 0)
        return "unsupported_response_type";
    *ret_text = "scope is missing or has a name that is not known.";
    if (!check_scope(page_parameter(request, "scope")))
        return "invalid_scope";
    *ret_text = "state is missing.";
    if (page_parameter(request, "state") == NULL)
        return "invalid_request";
    *ret_text = "code_challenge needs code_challenge_method S256, and a desktop needs both.";
    if ((challenge == NULL) != (method == NULL) || (challenge == NULL && is_desktop) ||
        (method != NULL && strcmp(method, "S256") != 0))
        return "invalid_request";
    *ret_text = "disable_auto_auth must be 0 or 1.";
    if (disable != NULL && strcmp(disable, "0") != 0 && strcmp(disable, "1") != 0)
        return "invalid_request";
    return NULL;
}

static guint token_life(const Service *service, guint otherwise)
{
    return service->token_life_s > 0 ? service->token_life_s : otherwise;
}

/* Nobody is sent to a URI that the application can not have registered. */
void login_kit_authorize(const Service *service, Request *request, Reply *reply)
{
    const char *client_key = page_parameter(request, "client_key");
    const char *redirect_uri = page_parameter(request, "redirect_uri");
    const char *state = page_parameter(request, "state");
    const char *scope = page_parameter(request, "scope");
    gboolean is_desktop = FALSE;
    const char *text;

    if (client_key == NULL || strcmp(client_key, service->app_id) != 0) {
        page_say(reply, 400, "We couldn't log in with TikTok. client_key");
        return;
    }
    if (!check_redirect(redirect_uri, &is_desktop)) {
        page_say(reply, 400, "We couldn't log in with TikTok. redirect_uri");
        return;
    }

    const char *fault = find_fault(request, is_desktop, &text);
    if (fault != NULL) {
        page_redirect(reply, redirect_uri, "error", fault, "error_description", text, "state",
                      state, NULL);
        return;
    }

    Grant *grant = tokens_add_grant(service->tokens, DIALECT_LOGIN_KIT);
    grant->redirect_uri = g_strdup(redirect_uri);
    grant->challenge = g_strdup(page_parameter(request, "code_challenge"));
    grant->scope = g_strdup(scope);
    grant->life_s = token_life(service, DAY_S);
    page_redirect(reply, redirect_uri, "code",
                  tokens_add_code(service->tokens, grant, g_get_real_time()), "scopes", scope,
                  "state", state, NULL);
}

static void fail(Reply *reply, guint status, const char *error, const char *text)
{
    reply->status = status;
    reply->type = "application/json";
    reply->body = g_string_new("{");
    text_put_member(reply->body, "error", error);
    text_put_member(reply->body, "error_description", text);
    text_put_member(reply->body, "log_id", reply->log_id);
    g_string_append_c(reply->body, '}');
}

static const char *form_text(const Request *request, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(request->body, name));

    return text != NULL && *text != '\0' ? text : NULL;
}

/* Makes an object of the form, for the log too. Anything else stays out of it. */
static gboolean read_form(Request *request, Reply *reply)
{
    static const char form[] = "application/x-www-form-urlencoded";
    g_autoptr(GHashTable) members = NULL;
    GHashTableIter iter;
    void *name, *value;

    if (request->type == NULL || g_ascii_strcasecmp(request->type, form) != 0) {
        fail(reply, 400, "invalid_request",
             "Only `application/x-www-form-urlencoded` is accepted as Content-Type.");
        return FALSE;
    }
    members = g_uri_parse_params(request->body_text, -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
    if (members == NULL) {
        fail(reply, 400, "invalid_request", "The request parameters are malformed.");
        return FALSE;
    }

    request->body = cJSON_CreateObject();
    g_hash_table_iter_init(&iter, members);
    while (g_hash_table_iter_next(&iter, &name, &value))
        cJSON_AddStringToObject(request->body, name, value);
    return TRUE;
}

static gboolean read_client(const Service *service, Request *request, Reply *reply)
{
    if (!read_form(request, reply))
        return FALSE;

    const char *key = form_text(request, "client_key");
    const char *secret = form_text(request, "client_secret");
    if (key == NULL || secret == NULL) {
        fail(reply, 400, "invalid_request", "The request parameters are malformed.");
        return FALSE;
    }
    if (strcmp(key, service->app_id) != 0 || strcmp(secret, service->secret) != 0) {
        fail(reply, 401, "invalid_client", "Client key or secret is incorrect.");
        return FALSE;
    }
    return TRUE;
}

static void give(Reply *reply, const Issue *issue)
{
    reply->status = 200;
    reply->type = "application/json";
    reply->body = g_string_new("{");
    text_put_member(reply->body, "access_token", issue->access);
    g_string_append_printf(reply->body, ",\"expires_in\":%u", issue->grant->life_s);
    if (issue->refresh != NULL) {
        text_put_member(reply->body, "open_id", "afd97af1-b87b-48b9-ac98-410a9hda5344");
        g_string_append_printf(reply->body, ",\"refresh_expires_in\":%d", REFRESH_LIFE_S);
        text_put_member(reply->body, "refresh_token", issue->refresh);
        text_put_member(reply->body, "scope", issue->grant->scope);
    }
    text_put_member(reply->body, "token_type", "Bearer");
    g_string_append_c(reply->body, '}');
}

/* The challenge of a desktop is hexadecimal, not the base64 of RFC 7636. */
static gboolean fits_challenge(const char *verifier, const char *challenge)
{
    if (challenge == NULL)
        return TRUE;
    if (verifier == NULL)
        return FALSE;

    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, verifier, -1);
    return strcmp(digest, challenge) == 0;
}

static void exchange(const Service *service, const Request *request, Reply *reply)
{
    const char *code = form_text(request, "code");
    const char *redirect_uri = form_text(request, "redirect_uri");
    gint64 now_us = g_get_real_time();
    g_auto(Issue) issue = {0};

    if (code == NULL || redirect_uri == NULL) {
        fail(reply, 400, "invalid_request", "The request parameters are malformed.");
        return;
    }

    Grant *grant = tokens_take_code(service->tokens, DIALECT_LOGIN_KIT, code, now_us);
    if (grant == NULL) {
        fail(reply, 400, "invalid_grant", "Authorization code is expired.");
    } else if (strcmp(redirect_uri, grant->redirect_uri) != 0) {
        fail(reply, 400, "invalid_request",
             "Redirect_uri is not matched with the uri when requesting code.");
    } else if (!fits_challenge(form_text(request, "code_verifier"), grant->challenge)) {
        fail(reply, 400, "invalid_request", "Code verifier or code challenge is invalid.");
    } else {
        tokens_issue(service->tokens, grant, now_us, &issue);
        give(reply, &issue);
    }
}

static void refresh(const Service *service, const Request *request, Reply *reply)
{
    const char *token = form_text(request, "refresh_token");
    g_auto(Issue) issue = {0};

    if (token == NULL)
        fail(reply, 400, "invalid_request", "The request parameters are malformed.");
    else if (tokens_refresh(service->tokens, DIALECT_LOGIN_KIT, token, g_get_real_time(), &issue) !=
             TOKEN_GOOD)
        fail(reply, 400, "invalid_grant", "Refresh token is invalid or expired.");
    else
        give(reply, &issue);
}

static void give_client(const Service *service, const Request *request G_GNUC_UNUSED, Reply *reply)
{
    Grant *grant = tokens_add_grant(service->tokens, DIALECT_LOGIN_KIT);
    g_auto(Issue) issue = {0};

    grant->client = TRUE;
    grant->life_s = token_life(service, CLIENT_LIFE_S);
    tokens_issue(service->tokens, grant, g_get_real_time(), &issue);
    give(reply, &issue);
}

void login_kit_token(const Service *service, Request *request, Reply *reply)
{
    static const struct {
        const char *name;
        void (*run)(const Service *service, const Request *request, Reply *reply);
    } grants[] = {
        {"authorization_code", exchange},
        {"client_credentials", give_client},
        {"refresh_token", refresh},
    };

    if (!read_client(service, request, reply))
        return;

    const char *type = form_text(request, "grant_type");
    for (gsize i = 0; i < G_N_ELEMENTS(grants); i++) {
        if (g_strcmp0(grants[i].name, type) == 0) {
            grants[i].run(service, request, reply);
            return;
        }
    }
    fail(reply, 400, type != NULL ? "unsupported_grant_type" : "invalid_request",
         "Grant type is missing or not supported.");
}

/* A token that is not there any more is as good as revoked. */
void login_kit_revoke(const Service *service, Request *request, Reply *reply)
{
    if (!read_client(service, request, reply))
        return;

    const char *token = form_text(request, "token");
    if (token == NULL) {
        fail(reply, 400, "invalid_request", "The request parameters are malformed.");
        return;
    }
    tokens_revoke(service->tokens, token);
    reply->status = 200;
    reply->type = "application/json";
    reply->body = g_string_new(NULL);
}
