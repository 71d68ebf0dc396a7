/* SPDX-License-Identifier: MIT */
/* test-html.c - a report as a page: opened anywhere, it is harmless, and small whatever the report.
 */
#include <malloc.h>

#include "tests/unit/html-page.h"

#define TRAP "</script><img src=x onerror=alert(1)><!--\"'&"

/* ---- other people's words ---- */

static guint count(const char *text, const char *what)
{
    guint n = 0;

    for (const char *at = strstr(text, what); at != NULL; at = strstr(at + 1, what))
        n++;
    return n;
}

static void test_names_are_escaped(void)
{
    static const ReportGrain grains[] = {GRAIN_TOTAL, GRAIN_DAY};

    for (gsize i = 0; i < G_N_ELEMENTS(grains); i++) {
        ReportShape shape = shape_of(grains[i], usual);
        HtmlHead head = {.title = (char *)TRAP,
                         .what = (char *)TRAP,
                         .range = (char *)"last-30d",
                         .start = (char *)"2026-11-20",
                         .end = (char *)"2026-11-22",
                         .currency = (char *)TRAP,
                         .timezone = (char *)TRAP};
        g_autoptr(HtmlPage) page = html_new(&shape, &head);
        const char *by_day[] = {TRAP, "2026-11-20", TRAP, TRAP, TRAP, TRAP, TRAP, TRAP, TRAP};
        const char *in_all[] = {TRAP, TRAP, TRAP, TRAP, TRAP, TRAP, TRAP, TRAP};
        g_autofree char *text = NULL;
        g_autoptr(cJSON) data = NULL;

        html_row(page, grains[i] == GRAIN_DAY ? by_day : in_all);
        html_row(page, grains[i] == GRAIN_DAY ? by_day : in_all);
        text = page_text(page);
        data = page_data(text);
        g_assert_null(strstr(text, "<img"));
        g_assert_cmpuint(count(text, "</script"), ==, 3);
        g_assert_cmpuint(count(text, "<script"), ==, 3);
        g_assert_cmpuint(count(text, "<!--"), ==, 1); /* the licence */
        if (grains[i] == GRAIN_TOTAL)
            g_assert_cmpstr(cJSON_GetArrayItem(cJSON_GetObjectItem(data, "labels"), 0)->valuestring,
                            ==, TRAP);
    }
}

/* Bytes that are no text do not make a page that is none. */
static void test_is_utf8(void)
{
    g_autoptr(HtmlPage) page = page_new(GRAIN_DAY, usual);
    g_autofree char *text = NULL;

    add(page, "\xff\xfe", "2026-11-20", "a\xc3(", "\x80", "1", NULL);
    add(page, "1", "2026-11-20",
        "\xe2\x80\xae"
        "abc",
        "1", "1", NULL);
    text = page_text(page);
    g_assert_true(g_utf8_validate(text, -1, NULL));
}

/* ---- the page itself ---- */

/* What stands between the tags is exactly what the policy of the page lets be. */
static const char *assert_allowed(const char *text, const char *from, const char *begin,
                                  const char *end)
{
    const char *at = strstr(from, begin);
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree char *hash = NULL, *words = NULL;
    guint8 digest[32];
    gsize size = sizeof digest;

    g_assert_nonnull(at);
    at += strlen(begin);
    g_checksum_update(checksum, (const guchar *)at, strstr(at, end) - at);
    g_checksum_get_digest(checksum, digest, &size);
    hash = g_base64_encode(digest, size);
    words = g_strdup_printf(" 'sha256-%s'", hash);
    g_assert_nonnull(strstr(text, words));
    return at;
}

static void test_policy(void)
{
    g_autoptr(HtmlPage) page = three_days();
    g_autofree char *text = page_text(page);
    const char *library;

    g_assert_nonnull(strstr(text, "content=\"default-src 'none'; style-src 'sha256-"));
    g_assert_null(strstr(text, "unsafe-"));
    assert_allowed(text, text, "<style>", "</style>");
    library = assert_allowed(text, text, "<script>", "</script>");
    assert_allowed(text, library, "<script>", "</script>");
    g_assert_null(strstr(text, " src="));
    g_assert_null(strstr(text, " href="));
    g_assert_null(strstr(text, "@import"));
}

static void test_licence(void)
{
    g_autoptr(HtmlPage) page = three_days();
    g_autofree char *text = page_text(page);

    g_assert_nonnull(strstr(text, "Chart.js v"));
    g_assert_nonnull(strstr(text, "Permission is hereby granted, free of charge"));
}

/* A row, each of another object. */
static void add_rows(HtmlPage *page, guint n)
{
    for (guint row = 0; row < n; row++) {
        char id[16];

        g_snprintf(id, sizeof id, "%u", 1000000 + row);
        add(page, id, row % 2 == 0 ? "2026-11-20" : "2026-11-21", "name", "1.50", "1", "1");
    }
}

/* Neither the page nor what it takes to make it grows with the rows. */
static void test_many_rows(void)
{
    enum { ROWS = 200000 };
    gsize sizes[2], used[2];

    for (guint i = 0; i < 2; i++) {
        g_autoptr(HtmlPage) page = page_new(GRAIN_DAY, usual);
        g_autofree char *text = NULL;

        add_rows(page, i == 0 ? 100 : ROWS);
        used[i] = mallinfo2().uordblks;
        text = page_text(page);
        sizes[i] = strlen(text);
    }
    g_assert_cmpuint(sizes[1], <, sizes[0] + 2000);
    g_assert_cmpuint(used[1], <, used[0] + 16 * 1024);
}

static void test_no_rows(void)
{
    static const ReportGrain grains[] = {GRAIN_TOTAL, GRAIN_DAY, GRAIN_HOUR};

    for (gsize i = 0; i < G_N_ELEMENTS(grains); i++) {
        g_autoptr(HtmlPage) page = page_new(grains[i], usual);
        g_autofree char *text = page_text(page);

        g_assert_nonnull(strstr(text, "No rows: nothing was shown in this time."));
        g_assert_null(strstr(text, "<script"));
        g_assert_true(g_str_has_suffix(text, "</html>\n"));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/html/names-are-escaped", test_names_are_escaped);
    g_test_add_func("/html/is-utf8", test_is_utf8);
    g_test_add_func("/html/policy", test_policy);
    g_test_add_func("/html/licence", test_licence);
    g_test_add_func("/html/many-rows", test_many_rows);
    g_test_add_func("/html/no-rows", test_no_rows);
    return g_test_run();
}
