/* SPDX-License-Identifier: MIT */
/* test-login.c - what the browser is sent to, and what is believed of what comes back. */
#include "api/login.h"

#include <string.h>

#include "api/error.h"

static void test_secrets(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (int i = 0; i < 1000; i++) {
        char *secret = login_secret_new();

        g_assert_cmpuint(strlen(secret), ==, 43);
        g_assert_cmpuint(strspn(secret, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                        "0123456789-_"),
                         ==, 43);
        g_assert_true(g_hash_table_add(seen, secret));
    }
}

/* The verifier of RFC 7636, appendix B; the challenge is in hex here, not in base64url. */
static void test_challenge(void)
{
    g_autofree char *challenge = login_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");

    g_assert_cmpstr(challenge, ==,
                    "13d31e961a1ad8ec2f16b10c4c982e0876a878ad6df144566ee1894acb70f9c3");
}

static void test_redirects(void)
{
    static const char *const good[] = {
        "https://example.org/callback/",
        "https://localhost:8443/",
        "http://localhost:3455/callback/",
        "http://127.0.0.1:3455/",
        "http://[::1]:80/",
    };
    static const char *const bad[] = {
        "",
        "/callback/",
        "example.org/callback/",
        "http://example.org/callback/",
        "http://localhost.example.org/",
        "https://example.org/callback/?id=1",
        "https://example.org/callback/#100",
        "https://user@example.org/",
        "ftp://localhost/",
    };
    g_autofree char *path = g_strnfill(511 - strlen("https://a.b/"), 'x');
    g_autofree char *longest = g_strconcat("https://a.b/", path, NULL);
    g_autofree char *longer = g_strconcat(longest, "x", NULL);
    g_autoptr(GError) error = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
        g_assert_true(login_check_redirect(good[i], &error));
        g_assert_no_error(error);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_test_message("%s", bad[i]);
        g_assert_false(login_check_redirect(bad[i], &error));
        g_assert_error(error, API_ERROR, API_ERROR_INVALID);
        g_clear_error(&error);
    }
    g_assert_true(login_check_redirect(longest, NULL));
    g_assert_false(login_check_redirect(longer, NULL));
    g_assert_true(login_check_portal("https://www.tiktok.com/v2/auth/authorize/", NULL));
    g_assert_false(login_check_portal("http://www.tiktok.com/v2/auth/authorize/", NULL));
}

static void test_urls(void)
{
    LoginUrl login = {.base_url = "https://business-api.test/portal/auth",
                      .app_id = "73&4",
                      .redirect_uri = "http://localhost:80/",
                      .state = "a-b_c",
                      .challenge = "0f",
                      .scope = "user.info.basic,video.list",
                      .disable_auto_auth = TRUE};
    g_autofree char *business = login_url(&login);

    login.dialect = DIALECT_LOGIN_KIT;
    login.base_url = "https://www.test/v2/auth/authorize/";
    g_autofree char *kit = login_url(&login);
    login.challenge = login.scope = NULL;
    login.disable_auto_auth = FALSE;
    g_autofree char *plain = login_url(&login);

    g_assert_cmpstr(business, ==,
                    "https://business-api.test/portal/auth?app_id=73%264&state=a-b_c"
                    "&redirect_uri=http%3A%2F%2Flocalhost%3A80%2F");
    g_assert_cmpstr(
        kit, ==,
        "https://www.test/v2/auth/authorize/?client_key=73%264&response_type=code"
        "&scope=user.info.basic%2Cvideo.list&redirect_uri=http%3A%2F%2Flocalhost%3A80%2F"
        "&state=a-b_c&code_challenge=0f&code_challenge_method=S256"
        "&disable_auto_auth=1");
    g_assert_cmpstr(plain, ==,
                    "https://www.test/v2/auth/authorize/?client_key=73%264&response_type=code"
                    "&redirect_uri=http%3A%2F%2Flocalhost%3A80%2F&state=a-b_c");
}

static void check_code(Dialect dialect, const char *text, const char *state, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *code = login_code(dialect, text, state, &error);

    g_test_message("%s", text);
    g_assert_no_error(error);
    g_assert_cmpstr(code, ==, expected);
}

static void test_codes(void)
{
    check_code(DIALECT_BUSINESS, "http://localhost:80/?auth_code=c0de&code=other&state=s1", "s1",
               "c0de");
    check_code(DIALECT_BUSINESS, "/?state=s1&code=c0de", "s1", "c0de");
    check_code(DIALECT_BUSINESS, "GET /?state=s%31&auth_code=c0de HTTP/1.1\r\n", "s1", "c0de");
    check_code(DIALECT_LOGIN_KIT, "/?auth_code=other&code=c0de&scopes=a,b&state=s1", "s1", "c0de");
    check_code(DIALECT_LOGIN_KIT, " http://localhost/?code=a%2A0%215.e1%2Bx+y&state=s1#_\n", "s1",
               "a*0!5.e1+x+y");
    check_code(DIALECT_BUSINESS, " c0de\n", NULL, "c0de");
    check_code(DIALECT_LOGIN_KIT, "c0%2Ade=", NULL, "c0*de=");
}

static void check_refused(const char *text, const char *state, ApiErrorKind kind,
                          const char *message)
{
    g_autoptr(GError) error = NULL;

    g_test_message("%s", text);
    g_assert_null(login_code(DIALECT_LOGIN_KIT, text, state, &error));
    g_assert_error(error, API_ERROR, (int)kind);
    g_assert_nonnull(strstr(error->message, message));
    g_assert_null(strstr(error->message, "c0de"));
}

static void test_refusals(void)
{
    check_refused("/?code=c0de&state=s2", "s1", API_ERROR_MALFORMED, "state");
    check_refused("/?code=c0de&state=s11", "s1", API_ERROR_MALFORMED, "state");
    check_refused("/?code=c0de&state=s", "s1", API_ERROR_MALFORMED, "state");
    check_refused("/?code=c0de&state=", "s1", API_ERROR_MALFORMED, "state");
    check_refused("/?code=c0de", "s1", API_ERROR_MALFORMED, "state");
    check_refused("/?code=c0de&xstate=s1", "s1", API_ERROR_MALFORMED, "state");
    check_refused("/?code=c0de&state=s1&state=s1", "s1", API_ERROR_MALFORMED, "state");
    check_refused("/?code=c0de&state=s1%00", "s1", API_ERROR_MALFORMED, "state");
    check_refused("/?error=access_denied&state=s2", "s1", API_ERROR_MALFORMED, "state");
    check_refused("/?error=access_denied", "s1", API_ERROR_MALFORMED, "state");
    check_refused("c0de", "s1", API_ERROR_MALFORMED, "question mark");
    check_refused("/?state=s1", "s1", API_ERROR_MALFORMED, "no code");
    check_refused("/?state=s1&code=", "s1", API_ERROR_MALFORMED, "no code");
    check_refused("/?state=s1&code=c0de&code=c0de", "s1", API_ERROR_MALFORMED, "no code");
    check_refused("/?state=s1&code=c0de%0d%0a", "s1", API_ERROR_MALFORMED, "no code");
    check_refused("/?state=s1&code=c0de%zz", "s1", API_ERROR_MALFORMED, "no code");
    check_refused("http://localhost/?code=c0de&state=s1", NULL, API_ERROR_MALFORMED, "no code");
    check_refused("http://localhost/c0de", NULL, API_ERROR_MALFORMED, "no code");
    check_refused("c0de c0de", NULL, API_ERROR_MALFORMED, "no code");
    check_refused("", NULL, API_ERROR_MALFORMED, "no code");
    check_refused("/?error=access_denied&error_description=The+user%1b+said+no&state=s1&code=c0de",
                  "s1", API_ERROR_DENIED, "access_denied: The user  said no");
    check_refused("/?error=invalid_scope&state=s1", "s1", API_ERROR_INVALID, "invalid_scope");
    check_refused("/?error=server_error&state=s1", "s1", API_ERROR_REMOTE, "server_error");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/login/secrets-are-random", test_secrets);
    g_test_add_func("/login/challenge-is-hex", test_challenge);
    g_test_add_func("/login/redirect-rules", test_redirects);
    g_test_add_func("/login/urls", test_urls);
    g_test_add_func("/login/codes", test_codes);
    g_test_add_func("/login/what-is-not-believed", test_refusals);
    return g_test_run();
}
