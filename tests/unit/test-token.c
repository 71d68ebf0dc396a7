/* SPDX-License-Identifier: MIT */
/* test-token.c - tokens from files and from answers: ids keep their digits, errors keep silent. */
#include "api/token.h"

#include <string.h>

#include "api/error.h"
#include "api/secret.h"

enum { NOW_S = 1800000000 };

static Token *parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    Token *token = token_parse(text, strlen(text), &error);

    g_assert_no_error(error);
    g_assert_nonnull(token);
    return token;
}

static void check_words(char **words, const char *expected)
{
    g_autofree char *joined = words != NULL ? g_strjoinv(" ", words) : NULL;

    g_assert_cmpstr(joined, ==, expected);
}

static void test_line(void)
{
    g_autoptr(Token) token = parse(" \n t0ken.-_~=\r\n\n");

    g_assert_cmpstr(token->access, ==, "t0ken.-_~=");
    g_assert_null(token->refresh);
    g_assert_null(token->scopes);
    g_assert_null(token->advertisers);
    g_assert_cmpint(token->expires_s, ==, 0);
}

static void test_object(void)
{
    g_autoptr(Token) token =
        parse("{ \"refresh_token\": \"rft\\/1\", \"more\": {\"access_token\":\"no\"}, "
              "\"expires_at\": 1800000100,\n"
              " \"access_token\": \"act.1\", \"obtained_at\":\"1800000000\", "
              "\"refresh_expires_at\": null,"
              " \"scope\":[1, \"20\", 17000000], \"advertiser_ids\":[7012345678901234567]}\n");

    g_assert_cmpstr(token->access, ==, "act.1");
    g_assert_cmpstr(token->refresh, ==, "rft/1");
    g_assert_cmpint(token->obtained_s, ==, 1800000000);
    g_assert_cmpint(token->expires_s, ==, 1800000100);
    g_assert_cmpint(token->refresh_expires_s, ==, 0);
    check_words(token->scopes, "1 20 17000000");
    check_words(token->advertisers, "7012345678901234567");
}

static void check_round(const char *text)
{
    g_autoptr(Token) token = parse(text);
    g_autofree char *once = token_text(token);
    g_autoptr(Token) again = parse(once);
    g_autoptr(Token) copy = token_copy(again);
    g_autofree char *twice = token_text(copy);

    g_assert_cmpstr(once, ==, twice);
    g_assert_cmpstr(again->access, ==, token->access);
    g_assert_cmpstr(again->refresh, ==, token->refresh);
    g_assert_true(g_str_has_suffix(once, "}\n"));
    g_assert_true(strchr(once, '\n') == once + strlen(once) - 1);
}

static void test_round(void)
{
    g_autoptr(Token) token = parse("a\"b\\c");
    g_autofree char *text = token_text(token);

    g_assert_cmpstr(text, ==, "{\"access_token\":\"a\\\"b\\\\c\"}\n");
    check_round("a\"b\\c");
    check_round("t0ken");
    check_round("{\"access_token\":\"a\",\"refresh_token\":\"r\\\"\",\"scope\":\"x.y, z\","
                "\"expires_at\":99,\"refresh_expires_at\":100,\"obtained_at\":98,"
                "\"advertiser_ids\":[\"7012345678901234567\",\"7012345678901234568\"]}");
}

static void check_bad(const char *text, gsize length)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(token_parse(text, length, &error));
    g_assert_error(error, API_ERROR, API_ERROR_TOKEN);
    g_assert_null(strstr(error->message, "t0k"));
}

/* A time that no calendar has is not shown, nor reckoned with. */
static void test_far_times(void)
{
    g_autoptr(Token) token = parse("{\"access_token\":\"a\",\"obtained_at\":-5,"
                                   "\"expires_at\":1800000100000}");
    g_autoptr(GDateTime) end = g_date_time_new_from_unix_utc(token->expires_s);

    g_assert_cmpint(token->obtained_s, ==, 0);
    g_assert_nonnull(end);
}

static void test_bad(void)
{
    static const char *const bad[] = {
        "",
        " \n",
        "t0ken and more",
        "t0ken\nt0ken",
        "t0k\xc3\xa9n",
        "{",
        "{}",
        "{\"access_token\":\"\"}",
        "{\"access_token\":null}",
        "{\"access_token\":70}",
        "{\"access_token\":[\"t0ken\"]}",
        "{\"access_token\":\"t0ken \"}",
        "{\"access_token\":\"t0ken\\n\"}",
        "{\"access_token\":\"t0ken\"",
        "{\"access_token\":\"t0ken\"} {}",
        "{\"access_token\":\"t0ken\",\"refresh_token\":\"t0k en\"}",
        "{\"refresh_token\":\"t0ken\"}",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        check_bad(bad[i], strlen(bad[i]));
    check_bad("t0ken\0t0ken", 11);
    check_bad("t0ken\xff", 6);
}

/* ---- answers ---- */

static Token *answer_status(Dialect dialect, const char *text, guint status, GError **error)
{
    g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));

    return token_of_answer(dialect, body, status, NOW_S, error);
}

static Token *answer(Dialect dialect, const char *text)
{
    g_autoptr(GError) error = NULL;
    Token *token = answer_status(dialect, text, 200, &error);

    g_assert_no_error(error);
    return token;
}

static void test_business(void)
{
    g_autoptr(Token) token =
        answer(DIALECT_BUSINESS,
               "{\"data\":{\"scope\":[1,2,20,\"44\"],\"advertiser_ids\":[\"7012345678901234567\","
               "7012345678901234568],\"access_token\":\"7f3c\"},\"message\":\"OK\",\"code\":0}");

    g_assert_cmpstr(token->access, ==, "7f3c");
    g_assert_null(token->refresh);
    g_assert_cmpint(token->expires_s, ==, 0);
    g_assert_cmpint(token->obtained_s, ==, NOW_S);
    check_words(token->scopes, "1 2 20 44");
    check_words(token->advertisers, "7012345678901234567 7012345678901234568");
}

static void test_login_kit(void)
{
    g_autoptr(Token) token = answer(
        DIALECT_LOGIN_KIT,
        "{\"access_token\":\"act.1\",\"expires_in\":86400,\"open_id\":\"afd\","
        "\"refresh_expires_in\":31536000,\"refresh_token\":\"rft.1\",\"scope\":"
        "\"user.info.basic,video.list\",\"token_type\":\"Bearer\",\"error\":{\"code\":\"ok\"}}");

    g_assert_cmpstr(token->access, ==, "act.1");
    g_assert_cmpstr(token->refresh, ==, "rft.1");
    g_assert_cmpint(token->expires_s, ==, NOW_S + 86400);
    g_assert_cmpint(token->refresh_expires_s, ==, NOW_S + 31536000);
    check_words(token->scopes, "user.info.basic video.list");
    g_assert_null(token->advertisers);
}

/* Members at top level, numbers as text, lists as text: all of it has been seen somewhere. */
static void test_shapes(void)
{
    g_autoptr(Token) flat =
        answer(DIALECT_BUSINESS,
               "{\"access_token\":\"a\",\"advertiser_ids\":\"7012345678901234567, 12\","
               "\"scope\":\"[1, 2,\\\"20\\\"]\",\"expires_in\":\"60\",\"refresh_token\":\"r\","
               "\"refresh_token_expires_in\":70.0}");
    g_autoptr(Token) odd =
        answer(DIALECT_BUSINESS,
               "{\"code\":\"0\",\"data\":{\"access_token\":\"a\",\"advertiser_ids\":"
               "[\"../etc\",null,7e18,\"12\",\"123456789012345678901\",[1],\"\"],"
               "\"scope\":[\"\\u001b[31m\",\"x\"],\"expires_in\":-5,\"refresh_token\":\"\"}}");
    g_autoptr(Token) none = answer(
        DIALECT_BUSINESS, "{\"code\":0,\"data\":{\"access_token\":\"a\",\"advertiser_ids\":[],"
                          "\"scope\":\"\",\"expires_in\":999999999999}}");

    check_words(flat->advertisers, "7012345678901234567 12");
    check_words(flat->scopes, "1 2 20");
    g_assert_cmpint(flat->expires_s, ==, NOW_S + 60);
    g_assert_cmpint(flat->refresh_expires_s, ==, NOW_S + 70);
    check_words(odd->advertisers, "12");
    check_words(odd->scopes, "x");
    g_assert_cmpint(odd->expires_s, ==, 0);
    g_assert_null(odd->refresh);
    check_words(none->advertisers, NULL); /* as when they were not asked for */
    check_words(none->scopes, NULL);
    g_assert_cmpint(none->expires_s, ==, NOW_S + 100LL * 365 * 24 * 3600);
}

typedef struct {
    Dialect dialect;
    guint status;
    const char *text;
    ApiErrorKind kind;
    int code;
    const char *message, *request_id;
} Refusal;

static void test_refusals(void)
{
    static const Refusal refusals[] = {
        {DIALECT_BUSINESS, 200,
         "{\"code\":40110,\"message\":\"The auth_code is canceled.\",\"request_id\":\"r-1\"}",
         API_ERROR_TOKEN, 40110, "The auth_code is canceled.", "r-1"},
        {DIALECT_BUSINESS, 200, "{\"code\":40101,\"data\":{\"access_token\":\"t0ken\"}}",
         API_ERROR_TOKEN, 40101, "code 40101", NULL},
        {DIALECT_BUSINESS, 502, "<html>t0ken</html>", API_ERROR_REMOTE, 0, "HTTP status 502", NULL},
        {DIALECT_BUSINESS, 200, "{\"code\":0}", API_ERROR_TOKEN, 0, "no member access_token", NULL},
        {DIALECT_BUSINESS, 200, "{}", API_ERROR_MALFORMED, 0, "not an answer", NULL},
        {DIALECT_BUSINESS, 200, "", API_ERROR_MALFORMED, 0, "not an answer", NULL},
        {DIALECT_BUSINESS, 200, "{\"code\":0,\"data\":{\"access_token\":\"t0k", API_ERROR_MALFORMED,
         0, "not an answer", NULL},
        {DIALECT_BUSINESS, 200, "{\"code\":\"t0ken\"}", API_ERROR_MALFORMED, 0, "not an answer",
         NULL},
        {DIALECT_BUSINESS, 200, "{\"code\":0,\"data\":{\"access_token\":\"t0k en\"}}",
         API_ERROR_TOKEN, 0, "a blank", NULL},
        {DIALECT_LOGIN_KIT, 200,
         "{\"error\":\"invalid_grant\",\"error_description\":\"Authorization"
         " code is expired.\",\"log_id\":\"l-1\"}",
         API_ERROR_TOKEN, 0, "invalid_grant: Authorization code is expired.", "l-1"},
        {DIALECT_LOGIN_KIT, 400, "{\"error\":\"access_denied\"}", API_ERROR_DENIED, 0,
         "access_denied", NULL},
        {DIALECT_LOGIN_KIT, 401, "{\"error\":\"invalid_client\",\"error_description\":\"\\n\"}",
         API_ERROR_TOKEN, 0, "client_key", NULL},
        {DIALECT_LOGIN_KIT, 200, "{\"error\":{\"code\":\"server_error\",\"message\":\"later\"}}",
         API_ERROR_REMOTE, 0, "server_error: later", NULL},
        {DIALECT_LOGIN_KIT, 200, "{\"error\":\"invalid_scope\",\"access_token\":\"t0ken\"}",
         API_ERROR_INVALID, 0, "invalid_scope", NULL},
        {DIALECT_LOGIN_KIT, 500, "{\"access_token\":\"t0ken\"}", API_ERROR_REMOTE, 0,
         "HTTP status 500", NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
        const Refusal *refusal = &refusals[i];
        g_autoptr(GError) error = NULL;

        g_test_message("%s", refusal->text);
        g_assert_null(answer_status(refusal->dialect, refusal->text, refusal->status, &error));
        g_assert_error(error, API_ERROR, (int)refusal->kind);
        g_assert_cmpint(api_error_code(error), ==, refusal->code);
        g_assert_cmpstr(api_error_request_id(error), ==, refusal->request_id);
        g_assert_nonnull(strstr(error->message, refusal->message));
        g_assert_null(strstr(error->message, "t0k"));
    }
}

static GError *revoked(Dialect dialect, const char *text, guint status)
{
    g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));

    return token_refusal(dialect, body, status);
}

static void test_revoked(void)
{
    g_autoptr(GError) again = revoked(DIALECT_BUSINESS, "{\"code\":40105,\"message\":\"x\"}", 200);
    g_autoptr(GError) empty = revoked(DIALECT_BUSINESS, "", 200);
    g_autoptr(GError) broken = revoked(DIALECT_LOGIN_KIT, "", 503);
    g_autoptr(GError) refused = revoked(DIALECT_LOGIN_KIT, "{\"error\":\"invalid_request\"}", 200);

    g_assert_no_error(revoked(DIALECT_BUSINESS, "{\"code\":0,\"data\":{\"app_id\":\"1\"}}", 200));
    g_assert_no_error(revoked(DIALECT_LOGIN_KIT, "", 200));
    g_assert_no_error(revoked(DIALECT_LOGIN_KIT, "{}", 200));
    g_assert_error(again, API_ERROR, API_ERROR_TOKEN);
    g_assert_error(empty, API_ERROR, API_ERROR_MALFORMED);
    g_assert_error(broken, API_ERROR, API_ERROR_REMOTE);
    g_assert_error(refused, API_ERROR, API_ERROR_INVALID);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/token/file-of-one-line", test_line);
    g_test_add_func("/token/file-of-an-object", test_object);
    g_test_add_func("/token/what-is-written-is-read", test_round);
    g_test_add_func("/token/times-without-a-date", test_far_times);
    g_test_add_func("/token/bad-files-say-nothing-of-it", test_bad);
    g_test_add_func("/token/answer-of-the-portal", test_business);
    g_test_add_func("/token/answer-of-the-login-kit", test_login_kit);
    g_test_add_func("/token/answers-of-any-shape", test_shapes);
    g_test_add_func("/token/refusals", test_refusals);
    g_test_add_func("/token/revocations", test_revoked);
    return g_test_run();
}
