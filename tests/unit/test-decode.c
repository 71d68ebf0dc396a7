/* SPDX-License-Identifier: MIT */
/* test-decode.c - envelopes as the service, and what stands in front of it, send them. */
#include "api/decode.h"

#include <string.h>

#include "api/error.h"

static Decoded *decode_as(const char *text, guint status, GError **error)
{
    g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));

    return decode_answer(body, status, error);
}

static Decoded *decode(const char *text)
{
    g_autoptr(GError) error = NULL;
    Decoded *decoded = decode_as(text, 200, &error);

    g_assert_no_error(error);
    return decoded;
}

static void check_error(const char *text, guint status, ApiErrorKind kind, int code)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(decode_as(text, status, &error));
    g_assert_error(error, API_ERROR, (int)kind);
    g_assert_cmpint(api_error_code(error), ==, code);
    g_assert_cmpuint(strlen(error->message), >, 0);
}

static void test_page(void)
{
    g_autoptr(Decoded) page =
        decode("{\"request_id\":\"R1\",\"data\":{\"page_info\":{\"total_number\":37,\"page\":1,"
               "\"page_size\":10,\"total_page\":4},\"list\":[{\"id\":\"7001035076276387841\","
               "\"budget\":500.10},{}]},\"message\":\"OK\",\"code\":0}");

    g_assert_cmpint(page->answer.n_rows, ==, 2);
    g_assert_cmpint(page->answer.page, ==, 1);
    g_assert_cmpint(page->answer.total_page, ==, 4);
    g_assert_cmpint(page->answer.total_number, ==, 37);
    g_assert_cmpstr(page->answer.request_id, ==, "R1");
    g_assert_cmpint(page->answer.code, ==, 0);

    const char *text = g_bytes_get_data(page->answer.body, NULL);
    g_assert_nonnull(strstr(text, "\"7001035076276387841\",\"budget\":500.10}"));
}

static void test_page_info_strings(void)
{
    g_autoptr(Decoded) page =
        decode("{\"code\":\"0\",\"data\":{\"list\":[],\"page_info\":{\"page\":\"2\","
               "\"total_page\":3.0,\"total_number\":\"x\"}}}");

    g_assert_cmpint(page->answer.page, ==, 2);
    g_assert_cmpint(page->answer.total_page, ==, 3);
    g_assert_cmpint(page->answer.total_number, ==, -1);
}

static void check_rows(const char *text, gint64 n_rows)
{
    g_autoptr(Decoded) page = decode(text);

    g_assert_cmpint(page->answer.n_rows, ==, n_rows);
    g_assert_cmpint(page->answer.total_number, ==, -1);
}

static void test_lists(void)
{
    check_rows("{\"code\":0}", 0);
    check_rows("{\"code\":0,\"data\":null}", 0);
    check_rows("{\"code\":0,\"data\":{}}", 0);
    check_rows("{\"code\":0,\"data\":{\"list\":null,\"page_info\":null}}", 0);
    check_rows(" {\"code\":0,\"data\":{\"list\":[ 1 , 2,3 ]}} \n", 3);
    check_rows("{\"code\":0,\"data\":{\"advertiser_account_list\":[1]}}", 1);
    check_rows("{\"code\":0,\"data\":{\"transaction_list\":[1,2]}}", 2);
    check_rows("{\"code\":0,\"data\":[1,2,3,4]}", 4);
    check_rows("{\"code\":0,\"data\":{\"campaign_ids\":[\"1\"],\"status\":\"DISABLE\"}}", 0);
}

static void test_wrong_lists(void)
{
    check_error("{\"code\":0,\"data\":{\"list\":{}}}", 200, API_ERROR_MALFORMED, 0);
    check_error("{\"code\":0,\"data\":{\"list\":\"\"}}", 200, API_ERROR_MALFORMED, 0);
    check_error("{\"code\":0,\"data\":\"x\"}", 200, API_ERROR_MALFORMED, 0);
}

static void test_codes(void)
{
    check_error("{\"code\":40105,\"message\":\"revoked\"}", 200, API_ERROR_TOKEN, 40105);
    check_error("{\"code\":40102,\"message\":\"\"}", 200, API_ERROR_EXPIRED, 40102);
    check_error("{\"code\":\"40001\",\"message\":7}", 200, API_ERROR_DENIED, 40001);
    check_error("{\"code\":50000}", 200, API_ERROR_REMOTE, 50000);
    check_error("{\"code\":40002}", 500, API_ERROR_INVALID, 40002);

    g_autoptr(GError) error = NULL;
    decode_as("{\"code\":40105,\"message\":\"line\\none\",\"request_id\":\"R2\"}", 200, &error);
    g_assert_cmpstr(error->message, ==, "line one (code 40105)");
    g_assert_cmpstr(api_error_request_id(error), ==, "R2");
}

/* The status is not asked when there is an envelope. */
static void test_code_decides(void)
{
    g_autoptr(Decoded) page = decode_as("{\"code\":0,\"data\":{\"list\":[1]}}", 503, NULL);

    g_assert_nonnull(page);
    g_assert_cmpint(page->answer.n_rows, ==, 1);
}

static void check_has_list(const char *data, gboolean has_list)
{
    g_autofree char *text = g_strdup_printf("{\"code\":0%s%s}", *data ? ",\"data\":" : "", data);
    g_autoptr(Decoded) page = decode(text);

    g_assert_nonnull(page);
    g_assert_cmpint(page->answer.has_list, ==, has_list);
}

static void test_has_list(void)
{
    check_has_list("{\"list\":[]}", TRUE);
    check_has_list("{\"list\":[1]}", TRUE);
    check_has_list("{\"list\":null}", FALSE);
    check_has_list("{}", FALSE);
    check_has_list("null", FALSE);
    check_has_list("[]", FALSE); /* nobody looks for rows there */
    check_has_list("{\"pixels\":[]}", FALSE);
    check_has_list("{\"page_info\":{\"total_number\":0}}", FALSE);
    check_has_list("", FALSE);
}

static void test_partial(void)
{
    g_autoptr(Decoded) page =
        decode("{\"code\":20001,\"message\":\"Partial\",\"data\":{\"list\":[1]}}");

    g_assert_cmpint(page->answer.code, ==, 20001);
    g_assert_cmpint(page->answer.n_rows, ==, 1);
}

static void test_not_an_answer(void)
{
    check_error("", 200, API_ERROR_MALFORMED, 0);
    check_error("<html><body>504 Gateway</body></html>", 504, API_ERROR_UNREACHABLE, 0);
    check_error("<html>Log in</html>", 200, API_ERROR_MALFORMED, 0);
    check_error("404 page not found", 404, API_ERROR_REMOTE, 404);
    check_error("<html>slow down</html>", 429, API_ERROR_BUSY, 0);
    check_error("[]", 200, API_ERROR_MALFORMED, 0);
    check_error("{}", 200, API_ERROR_MALFORMED, 0);
    check_error("{\"code\":null,\"data\":{\"list\":[]}}", 200, API_ERROR_MALFORMED, 0);
    check_error("{\"code\":0.5}", 200, API_ERROR_MALFORMED, 0);
    check_error("{\"code\":-7}", 200, API_ERROR_MALFORMED, 0);
    check_error("{\"code\":99999999999}", 200, API_ERROR_MALFORMED, 0);
    check_error("{\"code\":0}{\"code\":0}", 200, API_ERROR_MALFORMED, 0);
    check_error("\xff\xfe\x01garbage", 200, API_ERROR_MALFORMED, 0);
}

/* Cut anywhere, it is never taken for a shorter list. */
static void test_truncated(void)
{
    static const char whole[] = "{\"code\":0,\"data\":{\"list\":[{\"a\":1},{\"a\":\"x\\u00fc\"}],"
                                "\"page_info\":{\"page\":1}}}";

    for (gsize n = 0; n < strlen(whole); n++) {
        g_autofree char *text = g_strndup(whole, n);

        check_error(text, 200, API_ERROR_MALFORMED, 0);
    }
    g_autoptr(Decoded) page = decode(whole);
    g_assert_cmpint(page->answer.n_rows, ==, 2);
}

static void test_bad_utf8(void)
{
    g_autoptr(Decoded) page = decode("{\"code\":0,\"data\":{\"list\":[\"a\xff\"]}}");
    gsize length;
    const char *text = g_bytes_get_data(page->answer.body, &length);

    g_assert_true(g_utf8_validate_len(text, length, NULL));
    g_assert_cmpint(page->answer.n_rows, ==, 1);
}

static char *recorded(const char *name)
{
    g_autofree char *path =
        g_test_build_filename(G_TEST_DIST, "..", "shared", "recorded", name, NULL);
    char *text = NULL;

    g_file_get_contents(path, &text, NULL, NULL);
    return text;
}

static void test_recorded(void)
{
    static const struct {
        const char *name;
        ApiErrorKind kind;
        int code;
    } rows[] = {
        {"40104_no_token_live.json", API_ERROR_TOKEN, 40104},
        {"error_40067_query_too_large.json", API_ERROR_INVALID, 40067},
        {"error_40133_advertiser_qps.json", API_ERROR_BUSY, 40133},
        {"error_50000_system_error.json", API_ERROR_REMOTE, 50000},
    };
    g_autofree char *report = recorded("advertisers_audience_reports_lifetime.json");

    if (report == NULL) {
        g_test_skip("no recorded answers here");
        return;
    }
    check_rows(report, 2);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = recorded(rows[i].name);

        g_assert_nonnull(text);
        check_error(text, 200, rows[i].kind, rows[i].code);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/decode/page-with-its-digits", test_page);
    g_test_add_func("/decode/page-info-may-be-strings", test_page_info_strings);
    g_test_add_func("/decode/lists-of-any-name-null-or-missing", test_lists);
    g_test_add_func("/decode/a-list-that-is-none-is-an-error", test_wrong_lists);
    g_test_add_func("/decode/codes-become-errors", test_codes);
    g_test_add_func("/decode/code-decides-not-status", test_code_decides);
    g_test_add_func("/decode/an-empty-list-is-not-a-missing-one", test_has_list);
    g_test_add_func("/decode/partial-success-is-an-answer", test_partial);
    g_test_add_func("/decode/html-garbage-and-nothing", test_not_an_answer);
    g_test_add_func("/decode/truncated-anywhere-is-an-error", test_truncated);
    g_test_add_func("/decode/body-becomes-valid-utf8", test_bad_utf8);
    g_test_add_func("/decode/recorded-answers", test_recorded);
    return g_test_run();
}
