/* SPDX-License-Identifier: MIT */
/* test-auth.c - each grant over real sockets: what is sent, and what becomes of the answer. */
#include "api/auth.h"

#include "api/error.h"
#include "tests/unit/scripted-server.h"

#define JSON(status, body)                                                                         \
    "HTTP/1.1 " status "\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" body
#define OK(body) JSON("200 OK", body)

typedef struct {
    Server server;
    Auth *auth;
    guint n;
    Token *token;
    GError *error;
    gboolean free_auth;
} Fixture;

static void on_auth(void *user_data, Token *token, const GError *error)
{
    Fixture *fixture = user_data;

    fixture->n++;
    fixture->token = token != NULL ? token_copy(token) : NULL;
    fixture->error = error != NULL ? g_error_copy(error) : NULL;
    if (fixture->free_auth)
        g_clear_pointer(&fixture->auth, auth_free);
}

static void set_up(Fixture *fixture, Dialect dialect, const char *const *script)
{
    g_autoptr(GError) error = NULL;

    *fixture = (Fixture){.n = 0};
    server_init(&fixture->server, script);

    g_autofree char *business = g_strconcat(fixture->server.base, "/open_api/v1.3/", NULL);
    AuthConfig config = {.dialect = dialect,
                         .business_url = dialect == DIALECT_BUSINESS ? business : "https://no.test",
                         .open_url =
                             dialect == DIALECT_BUSINESS ? "https://no.test" : fixture->server.base,
                         .app_id = "73\"4",
                         .secret = "s3cret&1",
                         .redirect_uri = "http://localhost:80/"};
    fixture->auth = auth_new(&config, &error);
    g_assert_no_error(error);
}

static void wait_for(Fixture *fixture)
{
    g_assert_cmpuint(fixture->n, ==, 0); /* never before the call returned */
    while (fixture->n == 0)
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpuint(fixture->n, ==, 1);
    fixture->n = 0;
}

static void forget(Fixture *fixture)
{
    g_clear_pointer(&fixture->token, token_free);
    g_clear_error(&fixture->error);
    g_string_truncate(fixture->server.requests, 0);
}

static void tear_down(Fixture *fixture)
{
    forget(fixture);
    auth_free(fixture->auth);
    server_clear(&fixture->server);
}

static void check_sent(Fixture *fixture, const char *path, const char *type, const char *body)
{
    const char *request = fixture->server.requests->str;
    g_autofree char *line = g_strdup_printf("POST %s HTTP/1.1\r\n", path);
    g_autofree char *header = g_strdup_printf("\r\nContent-Type: %s\r\n", type);
    g_autofree char *end = g_strconcat("\r\n\r\n", body, NULL);

    g_assert_true(g_str_has_prefix(request, line));
    g_assert_nonnull(strstr(request, header));
    g_assert_null(strstr(request, "Access-Token"));
    g_assert_cmpstr(strstr(request, "\r\n\r\n"), ==, end);
}

static const char json[] = "application/json", form[] = "application/x-www-form-urlencoded";

static void test_business(void)
{
    static const char *const script[] = {
        OK("{\"code\":0,\"data\":{\"access_token\":\"t0ken-1\",\"advertiser_ids\":[\"7\"],"
           "\"scope\":[4],\"expires_in\":60,\"refresh_token\":\"rft-01\"}}"),
        OK("{\"code\":0,\"data\":{\"access_token\":\"t0ken-2\",\"expires_in\":60}}"),
        OK("{\"code\":0,\"data\":{\"app_id\":\"73\"}}"),
    };
    Fixture fixture;

    set_up(&fixture, DIALECT_BUSINESS, script);
    auth_exchange(fixture.auth, "c0de/1", NULL, on_auth, &fixture);
    wait_for(&fixture);
    g_assert_no_error(fixture.error);
    check_sent(&fixture, "/open_api/v1.3/oauth2/access_token/", json,
               "{\"app_id\":\"73\\\"4\",\"secret\":\"s3cret&1\",\"auth_code\":\"c0de/1\"}");
    g_assert_cmpstr(fixture.token->access, ==, "t0ken-1");
    g_assert_cmpint(fixture.token->expires_s, ==, fixture.token->obtained_s + 60);
    g_autoptr(Token) first = g_steal_pointer(&fixture.token);
    forget(&fixture);

    auth_refresh(fixture.auth, first, on_auth, &fixture);
    wait_for(&fixture);
    check_sent(&fixture, "/open_api/v1.3/oauth2/refresh_token/", json,
               "{\"app_id\":\"73\\\"4\",\"secret\":\"s3cret&1\",\"refresh_token\":\"rft-01\"}");
    g_assert_cmpstr(fixture.token->access, ==, "t0ken-2");
    g_assert_cmpstr(fixture.token->refresh, ==, "rft-01"); /* stays, as what it grants */
    g_assert_cmpstr(fixture.token->scopes[0], ==, "4");
    g_assert_cmpstr(fixture.token->advertisers[0], ==, "7");
    g_autoptr(Token) second = g_steal_pointer(&fixture.token);
    forget(&fixture);

    auth_revoke(fixture.auth, second, on_auth, &fixture);
    wait_for(&fixture);
    check_sent(&fixture, "/open_api/v1.3/oauth2/revoke_token/", json,
               "{\"app_id\":\"73\\\"4\",\"secret\":\"s3cret&1\",\"access_token\":\"t0ken-2\"}");
    g_assert_no_error(fixture.error);
    g_assert_null(fixture.token);
    tear_down(&fixture);
}

#define CLIENT "client_key=73%224&client_secret=s3cret%261&"

static void test_login_kit(void)
{
    static const char *const script[] = {
        OK("{\"access_token\":\"act-1\",\"expires_in\":86400,\"refresh_token\":\"rft-01\","
           "\"refresh_expires_in\":100,\"scope\":\"user.info.basic\"}"),
        OK("{\"access_token\":\"act-2\",\"expires_in\":86400,\"refresh_token\":\"rft-02\"}"),
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        OK("{\"access_token\":\"clt-1\",\"expires_in\":7200,\"token_type\":\"Bearer\"}"),
    };
    Fixture fixture;

    set_up(&fixture, DIALECT_LOGIN_KIT, script);
    auth_exchange(fixture.auth, "c0de*1", "ver1fier", on_auth, &fixture);
    wait_for(&fixture);
    check_sent(&fixture, "/v2/oauth/token/", form,
               CLIENT "grant_type=authorization_code&code=c0de%2A1"
                      "&redirect_uri=http%3A%2F%2Flocalhost%3A80%2F&code_verifier=ver1fier");
    g_autoptr(Token) first = g_steal_pointer(&fixture.token);
    g_assert_cmpstr(first->access, ==, "act-1");
    forget(&fixture);

    auth_refresh(fixture.auth, first, on_auth, &fixture);
    wait_for(&fixture);
    check_sent(&fixture, "/v2/oauth/token/", form,
               CLIENT "grant_type=refresh_token&refresh_token=rft-01");
    g_autoptr(Token) second = g_steal_pointer(&fixture.token);
    g_assert_cmpstr(second->refresh, ==, "rft-02");
    g_assert_cmpint(second->refresh_expires_s, ==, 0); /* not that of the other */
    g_assert_cmpstr(second->scopes[0], ==, "user.info.basic");
    forget(&fixture);

    auth_revoke(fixture.auth, second, on_auth, &fixture);
    wait_for(&fixture);
    check_sent(&fixture, "/v2/oauth/revoke/", form, CLIENT "token=act-2");
    g_assert_no_error(fixture.error);
    forget(&fixture);

    auth_client_credentials(fixture.auth, on_auth, &fixture);
    wait_for(&fixture);
    check_sent(&fixture, "/v2/oauth/token/", form, CLIENT "grant_type=client_credentials");
    g_assert_cmpstr(fixture.token->access, ==, "clt-1");
    g_assert_null(fixture.token->refresh);
    g_assert_cmpint(fixture.token->expires_s, ==, fixture.token->obtained_s + 7200);
    tear_down(&fixture);
}

static void check_failure(Dialect dialect, const char *answer, ApiErrorKind kind, int code,
                          const char *message)
{
    const char *const script[] = {answer, answer, answer};
    Fixture fixture;

    g_test_message("%s", answer != NULL ? answer : "broken off");
    set_up(&fixture, dialect, script);
    auth_exchange(fixture.auth, "c0de-123", "ver1fier", on_auth, &fixture);
    wait_for(&fixture);
    g_assert_error(fixture.error, API_ERROR, (int)kind);
    g_assert_cmpint(api_error_code(fixture.error), ==, code);
    g_assert_nonnull(strstr(fixture.error->message, message));
    g_assert_null(strstr(fixture.error->message, "c0de-123"));
    g_assert_null(strstr(fixture.error->message, "s3cret"));
    g_assert_null(fixture.token);
    g_assert_cmpuint(fixture.server.n_requests, ==, 1); /* a code works once */
    tear_down(&fixture);
}

static void test_failures(void)
{
    check_failure(DIALECT_BUSINESS, OK("{\"code\":40110,\"message\":\"c0de-123 was used\"}"),
                  API_ERROR_TOKEN, 40110, "******** was used");
    check_failure(DIALECT_BUSINESS, OK("{\"code\":40101,\"message\":\"not s3cret&1, ver1fier\"}"),
                  API_ERROR_TOKEN, 40101, "not ********, ********");
    check_failure(DIALECT_BUSINESS, OK("{\"code\":50002,\"message\":\"fault\"}"), API_ERROR_REMOTE,
                  50002, "fault");
    check_failure(DIALECT_BUSINESS, JSON("502 Bad Gateway", "<html>c0de-123"), API_ERROR_REMOTE, 0,
                  "HTTP status 502");
    check_failure(DIALECT_BUSINESS, NULL, API_ERROR_UNREACHABLE, 0, "");
    check_failure(DIALECT_BUSINESS,
                  "HTTP/1.1 200 OK\r\nContent-Length: 99\r\nConnection: close\r\n"
                  "\r\n{\"code\":0",
                  API_ERROR_MALFORMED, 0, "");
    check_failure(DIALECT_LOGIN_KIT,
                  OK("{\"error\":\"invalid_grant\",\"error_description\":\"Code c0de-123 is "
                     "expired.\",\"log_id\":\"l\"}"),
                  API_ERROR_TOKEN, 0, "invalid_grant: Code ******** is expired.");
    check_failure(DIALECT_LOGIN_KIT, JSON("401 Unauthorized", "{\"error\":\"invalid_client\"}"),
                  API_ERROR_TOKEN, 0, "client_secret");
    check_failure(DIALECT_LOGIN_KIT, JSON("400 Bad Request", ""), API_ERROR_REMOTE, 0,
                  "HTTP status 400");
    check_failure(DIALECT_LOGIN_KIT,
                  "HTTP/1.1 307 Temporary Redirect\r\nLocation: https://elsewhere.test/x?code=c0de-"
                  "123\r\nContent-Length: 0\r\n\r\n",
                  API_ERROR_REMOTE, 0, "redirected to elsewhere.test,");
}

static void test_refused_here(void)
{
    static const char *const script[] = {NULL};
    Fixture fixture;
    g_autoptr(Token) token = token_parse("t0ken", 5, NULL);

    set_up(&fixture, DIALECT_BUSINESS, script);
    auth_refresh(fixture.auth, token, on_auth, &fixture);
    wait_for(&fixture);
    g_assert_error(fixture.error, API_ERROR, API_ERROR_TOKEN);
    forget(&fixture);
    auth_client_credentials(fixture.auth, on_auth, &fixture);
    wait_for(&fixture);
    g_assert_error(fixture.error, API_ERROR, API_ERROR_TOKEN);
    g_assert_cmpuint(fixture.server.n_requests, ==, 0);
    tear_down(&fixture);
}

static void keep_log(const char *domain, GLogLevelFlags level, const char *text, gpointer user_data)
{
    (void)domain, (void)level;
    g_string_append(user_data, text);
}

static void test_log(void)
{
    static const char *const script[] = {OK("{\"code\":0,\"data\":{\"access_token\":\"t0ken\"}}"),
                                         OK("{\"code\":40110,\"message\":\"c0de-123\"}")};
    Fixture fixture;
    g_autoptr(GString) log = g_string_new(NULL);

    set_up(&fixture, DIALECT_BUSINESS, script);
    guint handler = g_log_set_handler(G_LOG_DOMAIN, G_LOG_LEVEL_DEBUG, keep_log, log);
    for (int i = 0; i < 2; i++) {
        auth_exchange(fixture.auth, "c0de-123", NULL, on_auth, &fixture);
        wait_for(&fixture);
        forget(&fixture);
    }
    g_log_remove_handler(G_LOG_DOMAIN, handler);
    g_assert_nonnull(strstr(log->str, "/oauth2/access_token/"));
    g_assert_nonnull(strstr(log->str, "40110"));
    g_assert_null(strstr(log->str, "c0de"));
    g_assert_null(strstr(log->str, "s3cret"));
    g_assert_null(strstr(log->str, "t0ken"));
    tear_down(&fixture);
}

/* In a callback, with a call under way, and with one that was refused and not told yet. */
static void test_free(void)
{
    static const char *const script[] = {OK("{\"code\":0,\"data\":{\"access_token\":\"t\"}}"), NULL,
                                         NULL};
    Fixture fixture;

    set_up(&fixture, DIALECT_BUSINESS, script);
    fixture.free_auth = TRUE;
    auth_exchange(fixture.auth, "c0de", NULL, on_auth, &fixture);
    wait_for(&fixture);
    g_assert_null(fixture.auth);
    tear_down(&fixture);

    set_up(&fixture, DIALECT_BUSINESS, script);
    auth_exchange(fixture.auth, "c0de", NULL, on_auth, &fixture);
    auth_client_credentials(fixture.auth, on_auth, &fixture);
    g_clear_pointer(&fixture.auth, auth_free);
    for (int i = 0; i < 20; i++) {
        g_usleep(1000);
        g_main_context_iteration(NULL, FALSE);
    }
    g_assert_cmpuint(fixture.n, ==, 0);
    tear_down(&fixture);
}

static void check_config(const AuthConfig *config, ApiErrorKind kind)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(auth_new(config, &error));
    g_assert_error(error, API_ERROR, (int)kind);
}

static void test_config(void)
{
    AuthConfig config = {.dialect = DIALECT_LOGIN_KIT,
                         .business_url = "https://business.test/",
                         .open_url = "http://open.test",
                         .app_id = "7",
                         .secret = "s"};

    check_config(&config, API_ERROR_INVALID);
    config.open_url = NULL;
    check_config(&config, API_ERROR_INVALID);
    config.open_url = "https://open.test";
    config.secret = NULL;
    check_config(&config, API_ERROR_TOKEN);
    config.secret = "s";
    auth_free(auth_new(&config, NULL));
    config.dialect = DIALECT_BUSINESS;
    config.business_url = "http://business.test/";
    check_config(&config, API_ERROR_INVALID);
    auth_free(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/auth/grants-of-the-portal", test_business);
    g_test_add_func("/auth/grants-of-the-login-kit", test_login_kit);
    g_test_add_func("/auth/failures-quote-no-secret", test_failures);
    g_test_add_func("/auth/refused-without-a-call", test_refused_here);
    g_test_add_func("/auth/no-secret-in-the-log", test_log);
    g_test_add_func("/auth/freed-at-any-time", test_free);
    g_test_add_func("/auth/refuses-insecure-urls", test_config);
    return g_test_run();
}
