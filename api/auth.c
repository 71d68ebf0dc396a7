/* SPDX-License-Identifier: MIT */
/*
 * auth.c - a form of fields for each grant, sent as JSON or form-encoded as its family wants it.
 * What was sent is kept until the answer is here, to blot it out of an error that quotes it.
 */
#include "api/auth.h"

#include <string.h>

#include "api/error.h"
#include "api/http.h"
#include "api/json.h"
#include "api/secret.h"

enum { ANSWER_S = 60, EXCHANGE_S = 300, FIELDS_MAX = 6 };

struct Auth {
    Dialect dialect;
    char *base_url, *app_id, *secret, *redirect_uri;
    Sender sender;
    GHashTable *calls; /* set of AuthCall, owned: those not ended */
};

typedef struct {
    const char *name, *value; /* value NULL: left out */
} Field;

typedef struct {
    const char *path;
    Field fields[FIELDS_MAX];
} Form;

typedef struct {
    Auth *auth;
    const char *path;
    char *hidden[2];  /* what was sent beside the app's secret */
    Token *before;    /* of a refresh */
    gboolean revokes; /* the answer holds no token */
    gboolean slow;    /* to be answered */
    gint64 sent_s;
    GError *error; /* it was not sent */
    guint idle;
    AuthFunc done;
    void *user_data;
} AuthCall;

static void call_free(gpointer data)
{
    AuthCall *call = data;

    g_clear_handle_id(&call->idle, g_source_remove);
    for (gsize i = 0; i < G_N_ELEMENTS(call->hidden); i++)
        secret_free(call->hidden[i]);
    token_free(call->before);
    g_clear_error(&call->error);
    g_free(call);
}

/* ---- life ---- */

static gboolean check_config(const AuthConfig *config, gboolean *ret_loopback, GError **error)
{
    gboolean kit = config->dialect == DIALECT_LOGIN_KIT;

    if (config->app_id != NULL && config->secret != NULL)
        return http_check_url(kit ? config->open_url : config->business_url, ret_loopback, error);
    g_propagate_error(error, api_error_new(API_ERROR_TOKEN, 0, NULL,
                                           kit ? "client_key and client_secret_file are needed"
                                               : "app_id and secret_file are needed"));
    return FALSE;
}

Auth *auth_new(const AuthConfig *config, GError **error)
{
    gboolean kit = config->dialect == DIALECT_LOGIN_KIT, loopback;
    Sender sender;

    if (!check_config(config, &loopback, error) || !http_sender_new(loopback, &sender, error))
        return NULL;

    Auth *auth = g_new0(Auth, 1);
    auth->dialect = config->dialect;
    auth->base_url = http_base_url(kit ? config->open_url : config->business_url);
    auth->app_id = g_strdup(config->app_id);
    auth->secret = g_strdup(config->secret);
    auth->redirect_uri = g_strdup(config->redirect_uri);
    auth->sender = sender;
    auth->calls = g_hash_table_new_full(NULL, NULL, call_free, NULL);
    return auth;
}

void auth_free(Auth *auth)
{
    if (auth == NULL)
        return;
    auth->sender.free(auth->sender.data);
    g_hash_table_unref(auth->calls);
    g_free(auth->base_url);
    g_free(auth->app_id);
    secret_free(auth->secret);
    g_free(auth->redirect_uri);
    g_free(auth);
}

/* ---- the answer ---- */

/* What an answer to a refresh does not name stays as it was. */
static void inherit(Token *token, const Token *before)
{
    if (token->refresh == NULL) {
        token->refresh = g_strdup(before->refresh);
        token->refresh_expires_s = before->refresh_expires_s;
    }
    if (token->scopes == NULL)
        token->scopes = g_strdupv(before->scopes);
    if (token->advertisers == NULL)
        token->advertisers = g_strdupv(before->advertisers);
}

/* Takes error, which may be NULL, and the call. The callback may free auth. */
static void end_call(AuthCall *call, Token *token, GError *error)
{
    Auth *auth = call->auth;

    g_hash_table_steal(auth->calls, call);
    secret_hide(error, auth->secret);
    for (gsize i = 0; i < G_N_ELEMENTS(call->hidden); i++)
        secret_hide(error, call->hidden[i]);
    call->done(call->user_data, token, error);
    g_clear_error(&error);
    call_free(call);
}

static void on_transfer(void *user_data, const TransferResult *result)
{
    AuthCall *call = user_data;
    Dialect dialect = call->auth->dialect;
    GError *error = sender_error(result);
    g_autoptr(Token) token = NULL;

    if (error == NULL && call->revokes)
        error = token_refusal(dialect, result->body, result->status);
    else if (error == NULL)
        token = token_of_answer(dialect, result->body, result->status, call->sent_s, &error);
    g_debug("POST %s: %s, code %d, HTTP %u", call->path, error == NULL ? "done" : "refused",
            api_error_code(error), result->status);
    if (token != NULL && call->before != NULL)
        inherit(token, call->before);
    end_call(call, token, error);
}

/* ---- what is sent ---- */

/* Both have their room from the start: growing would leave copies behind. */
static GString *room_for(const Form *form)
{
    gsize length = 2;

    for (const Field *field = form->fields; field < form->fields + FIELDS_MAX; field++)
        if (field->value != NULL)
            length += strlen(field->name) + 6 * strlen(field->value) + 6;
    return g_string_sized_new(length);
}

static GString *json_of(const Form *form)
{
    GString *body = room_for(form);

    for (const Field *field = form->fields; field < form->fields + FIELDS_MAX; field++)
        if (field->value != NULL) {
            g_string_append_c(body, body->len > 0 ? ',' : '{');
            json_add_string(body, field->name);
            g_string_append_c(body, ':');
            json_add_string(body, field->value);
        }
    g_string_append_c(body, '}');
    return body;
}

static GString *form_of(const Form *form)
{
    GString *body = room_for(form);

    for (const Field *field = form->fields; field < form->fields + FIELDS_MAX; field++)
        if (field->value != NULL) {
            if (body->len > 0)
                g_string_append_c(body, '&');
            g_string_append(body, field->name);
            g_string_append_c(body, '=');
            g_string_append_uri_escaped(body, field->value, NULL, FALSE);
        }
    return body;
}

static AuthCall *call_new(Auth *auth, AuthFunc done, void *user_data)
{
    AuthCall *call = g_new0(AuthCall, 1);

    call->auth = auth;
    call->done = done;
    call->user_data = user_data;
    call->sent_s = g_get_real_time() / G_USEC_PER_SEC;
    g_hash_table_add(auth->calls, call);
    return call;
}

static void start(AuthCall *call, const Form *form)
{
    Auth *auth = call->auth;
    gboolean kit = auth->dialect == DIALECT_LOGIN_KIT;
    g_autofree char *url = g_strconcat(auth->base_url, form->path, NULL);
    GString *body = kit ? form_of(form) : json_of(form);
    TransferRequest request = {
        .url = url,
        .body = body->str,
        .content_type = kit ? "application/x-www-form-urlencoded" : NULL,
        .timeout_s = call->slow ? EXCHANGE_S : ANSWER_S,
        .patient = call->slow,
        .secret = TRUE,
    };

    call->path = form->path;
    auth->sender.start(auth->sender.data, &request, on_transfer, call);
    secret_string_free(body);
}

static gboolean on_idle(gpointer user_data)
{
    AuthCall *call = user_data;

    call->idle = 0;
    end_call(call, NULL, g_steal_pointer(&call->error));
    return G_SOURCE_REMOVE;
}

static void refuse(AuthCall *call, const char *text)
{
    call->error = api_error_new(API_ERROR_TOKEN, 0, NULL, "%s", text);
    call->idle = g_idle_add(on_idle, call);
}

/* A code counts once: who stops waiting has lost it. And the answer takes its time where it names
   very many accounts, whose ids a mount without app id and secret has from nowhere else. */
void auth_exchange(Auth *auth, const char *code, const char *verifier, AuthFunc done,
                   void *user_data)
{
    static const char *const grant = "authorization_code";
    AuthCall *call = call_new(auth, done, user_data);

    call->hidden[0] = g_strdup(code);
    call->hidden[1] = g_strdup(verifier);
    call->slow = TRUE;
    if (auth->dialect == DIALECT_LOGIN_KIT)
        start(call, &(Form){"/v2/oauth/token/",
                            {{"client_key", auth->app_id},
                             {"client_secret", auth->secret},
                             {"grant_type", grant},
                             {"code", code},
                             {"redirect_uri", auth->redirect_uri},
                             {"code_verifier", verifier}}});
    else
        start(call,
              &(Form){"/oauth2/access_token/",
                      {{"app_id", auth->app_id}, {"secret", auth->secret}, {"auth_code", code}}});
}

void auth_refresh(Auth *auth, const Token *token, AuthFunc done, void *user_data)
{
    AuthCall *call = call_new(auth, done, user_data);

    call->before = token_copy(token);
    call->hidden[0] = g_strdup(token->refresh);
    if (token->refresh == NULL)
        refuse(call, "this token can not be renewed: the service gave no refresh token with it");
    else if (auth->dialect == DIALECT_LOGIN_KIT)
        start(call, &(Form){"/v2/oauth/token/",
                            {{"client_key", auth->app_id},
                             {"client_secret", auth->secret},
                             {"grant_type", "refresh_token"},
                             {"refresh_token", token->refresh}}});
    else
        start(call, &(Form){"/oauth2/refresh_token/",
                            {{"app_id", auth->app_id},
                             {"secret", auth->secret},
                             {"refresh_token", token->refresh}}});
}

void auth_client_credentials(Auth *auth, AuthFunc done, void *user_data)
{
    AuthCall *call = call_new(auth, done, user_data);

    if (auth->dialect == DIALECT_LOGIN_KIT)
        start(call, &(Form){"/v2/oauth/token/",
                            {{"client_key", auth->app_id},
                             {"client_secret", auth->secret},
                             {"grant_type", "client_credentials"}}});
    else
        refuse(call, "client_credentials is a grant of the Login Kit: set auth = login-kit");
}

void auth_revoke(Auth *auth, const Token *token, AuthFunc done, void *user_data)
{
    AuthCall *call = call_new(auth, done, user_data);

    call->revokes = TRUE;
    call->hidden[0] = g_strdup(token->access);
    if (auth->dialect == DIALECT_LOGIN_KIT)
        start(call, &(Form){"/v2/oauth/revoke/",
                            {{"client_key", auth->app_id},
                             {"client_secret", auth->secret},
                             {"token", token->access}}});
    else
        start(call, &(Form){"/oauth2/revoke_token/",
                            {{"app_id", auth->app_id},
                             {"secret", auth->secret},
                             {"access_token", token->access}}});
}
