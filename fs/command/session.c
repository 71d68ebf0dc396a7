/* SPDX-License-Identifier: MIT */
/* session.c - the client and the token calls, driven one at a time by a loop for each. */
#include "fs/command/session.h"

#include <signal.h>

#include "api/auth.h"

enum { WAIT_S = 120 };

struct Session {
    const Options *options;
    Client *client;
    guint wait_s;
};

/* What is waited for. */
typedef struct {
    GMainLoop *loop;
    GBytes *body;
    Token *token;
    GError *error;
} Wait;

static void wait_start(Wait *wait)
{
    *wait = (Wait){.loop = g_main_loop_new(NULL, FALSE)};
}

/* FALSE and error. */
static gboolean wait_end(Wait *wait, GError **error)
{
    g_main_loop_run(wait->loop);
    g_main_loop_unref(wait->loop);
    if (wait->error == NULL)
        return TRUE;
    g_propagate_error(error, wait->error);
    return FALSE;
}

ClientConfig session_config(const Options *options)
{
    return (ClientConfig){.base_url = options->business_url,
                          .app_id = options->app_id,
                          .secret = options->secret,
                          .qps = options->qps,
                          .qpm = options->qpm,
                          .qpd = options->qpd,
                          .tier = options->tier,
                          .pace_file = options->pace_file,
                          .clock = &clock_system};
}

Session *session_new(const Options *options, GError **error)
{
    g_autoptr(Session) session = g_new0(Session, 1);
    ClientConfig config = session_config(options);

    signal(SIGPIPE, SIG_IGN);
    session->options = options;
    session->wait_s = WAIT_S;
    session->client = client_new(&config, error);
    if (session->client == NULL || !client_set_token(session->client, options->token, 0, error))
        return NULL;
    return g_steal_pointer(&session);
}

void session_free(Session *session)
{
    if (session == NULL)
        return;
    client_free(session->client);
    g_free(session);
}

void session_set_wait(Session *session, guint seconds)
{
    session->wait_s = seconds;
}

gboolean session_use(Session *session, const Token *token, GError **error)
{
    return client_set_token(session->client, token->access, 0, error);
}

/* ---- calls ---- */

static void on_answer(void *user_data, const Answer *answer, const GError *error)
{
    Wait *wait = user_data;

    if (answer != NULL)
        wait->body = g_bytes_ref(answer->body);
    else
        wait->error = g_error_copy(error);
    g_main_loop_quit(wait->loop);
}

GBytes *session_get(Session *session, EndpointId endpoint, const char *query, GError **error)
{
    Call call = {.endpoint = endpoint,
                 .query = query,
                 .priority = CALL_WAITED,
                 .deadline_us = clock_monotonic(&clock_system) + session->wait_s * G_USEC_PER_SEC};
    Wait wait;

    wait_start(&wait);
    client_call(session->client, &call, on_answer, &wait);
    return wait_end(&wait, error) ? wait.body : NULL;
}

/* ---- tokens ---- */

static void on_token(void *user_data, Token *token, const GError *error)
{
    Wait *wait = user_data;

    if (error != NULL)
        wait->error = g_error_copy(error);
    else if (token != NULL)
        wait->token = token_copy(token);
    g_main_loop_quit(wait->loop);
}

static Auth *auth_of(Session *session, const char *redirect_uri, GError **error)
{
    const Options *options = session->options;
    AuthConfig config = {.dialect = options->auth,
                         .business_url = options->business_url,
                         .open_url = options->open_url,
                         .app_id = options->app_id,
                         .secret = options->secret,
                         .redirect_uri = redirect_uri};

    return auth_new(&config, error);
}

Token *session_exchange(Session *session, const char *redirect_uri, const char *code,
                        const char *verifier, GError **error)
{
    g_autoptr(Auth) auth = auth_of(session, redirect_uri, error);
    Wait wait;

    if (auth == NULL)
        return NULL;
    wait_start(&wait);
    auth_exchange(auth, code, verifier, on_token, &wait);
    return wait_end(&wait, error) ? wait.token : NULL;
}

Token *session_client_credentials(Session *session, GError **error)
{
    g_autoptr(Auth) auth = auth_of(session, NULL, error);
    Wait wait;

    if (auth == NULL)
        return NULL;
    wait_start(&wait);
    auth_client_credentials(auth, on_token, &wait);
    return wait_end(&wait, error) ? wait.token : NULL;
}

Token *session_refresh(Session *session, const Token *token, GError **error)
{
    g_autoptr(Auth) auth = auth_of(session, NULL, error);
    Wait wait;

    if (auth == NULL)
        return NULL;
    wait_start(&wait);
    auth_refresh(auth, token, on_token, &wait);
    return wait_end(&wait, error) ? wait.token : NULL;
}

gboolean session_revoke(Session *session, const Token *token, GError **error)
{
    g_autoptr(Auth) auth = auth_of(session, NULL, error);
    Wait wait;

    if (auth == NULL)
        return FALSE;
    wait_start(&wait);
    auth_revoke(auth, token, on_token, &wait);
    return wait_end(&wait, error);
}
