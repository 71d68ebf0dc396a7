/* SPDX-License-Identifier: MIT */
/* test-extract.c - which objects an answer holds, and that no digit of them is lost. */
#include "cache/extract.h"

#include <string.h>

#include "api/error.h"

/* Each object as "id/parent/name=body", a line each; then "!" if the text ends in a mistake. */
static char *list(ObjectKind kind, const char *path, const char *text)
{
    Bodies bodies = {.text = text, .length = strlen(text), .path = path};
    g_auto(Extract) object = {0};
    g_autoptr(GError) error = NULL;
    GString *out = g_string_new(NULL);

    if (extract_init(&object, kind, &bodies, &error))
        while (extract_next(&object, &error))
            g_string_append_printf(out, "%s/%s/%s=%.*s\n", object.id->str, object.parent->str,
                                   object.name->str, (int)object.body.length, object.body.at);
    if (error) {
        g_assert_error(error, API_ERROR, API_ERROR_MALFORMED);
        g_string_append_c(out, '!');
    }
    return g_string_free(out, FALSE);
}

#define LIST "$.data.list"
#define AD   "{\"ad_id\":\"7\",\"adgroup_id\":\"3\",\"ad_name\":\"n\",\"x\":1.50}"

static const struct {
    const char *name, *path, *text, *found;
    ObjectKind kind;
} cases[] = {
    {"the-list-of-an-answer", LIST, "{\"code\":0,\"data\":{\"list\":[" AD "," AD "],\"y\":{}}}",
     "7/3/n=" AD "\n7/3/n=" AD "\n", KIND_AD},
    {"an-array", "$", " [" AD "]", "7/3/n=" AD "\n", KIND_AD},
    {"ids-as-numbers-keep-their-digits", "$",
     "[{\"campaign_id\":1234567890123456789,\"campaign_name\":12}]",
     "1234567890123456789//12={\"campaign_id\":1234567890123456789,\"campaign_name\":12}\n",
     KIND_CAMPAIGN},
    {"escapes-in-names", "$", "[{\"campaign_id\":\"1\",\"campaign_name\":\"a\\u00e4\\\"\\n\"}]",
     "1//a\xc3\xa4\"\n={\"campaign_id\":\"1\",\"campaign_name\":\"a\\u00e4\\\"\\n\"}\n",
     KIND_CAMPAIGN},
    {"null-is-nothing", "$", "[{\"ad_id\":null,\"adgroup_id\":null,\"ad_name\":null}]",
     "//={\"ad_id\":null,\"adgroup_id\":null,\"ad_name\":null}\n", KIND_AD},
    {"no-objects-are-left-out", "$", "[1,null,\"x\",[]," AD "]", "7/3/n=" AD "\n", KIND_AD},
    {"the-other-name-of-an-account", "$", "[{\"advertiser_id\":\"1\",\"name\":\"N\"}]",
     "1//N={\"advertiser_id\":\"1\",\"name\":\"N\"}\n", KIND_ADVERTISER},
    {"the-first-name-wins", "$",
     "[{\"name\":\"b\",\"advertiser_id\":\"1\",\"advertiser_name\":\"a\"}]",
     "1//a={\"name\":\"b\",\"advertiser_id\":\"1\",\"advertiser_name\":\"a\"}\n", KIND_ADVERTISER},
    {"a-center-in-its-envelope", "$", "[{\"bc_info\":{\"bc_id\":\"9\",\"name\":\"c\"},\"r\":1}]",
     "9//c={\"bc_info\":{\"bc_id\":\"9\",\"name\":\"c\"},\"r\":1}\n", KIND_CENTER},
    {"a-center-without-one", "$", "[{\"bc_id\":\"9\"}]", "//={\"bc_id\":\"9\"}\n", KIND_CENTER},
    {"a-member-by-mail", "$", "[{\"user_id\":\"\",\"user_email\":\"a@b\"}]",
     "a@b//={\"user_id\":\"\",\"user_email\":\"a@b\"}\n", KIND_MEMBER},
    {"one-object", "$.data", "{\"data\":{\"bc_id\":\"9\",\"cash\":1.10}}",
     "9//={\"bc_id\":\"9\",\"cash\":1.10}\n", KIND_FUNDS},
    {"no-list", LIST, "{\"data\":{}}", "", KIND_AD},
    {"no-data", LIST, "{\"code\":0}", "", KIND_AD},
    {"data-that-are-null", LIST, "{\"data\":null}", "", KIND_AD},
    {"a-list-that-is-none", LIST, "{\"data\":{\"list\":{}}}", "", KIND_AD},
    {"an-empty-list", "$", "[]", "", KIND_AD},
    {"a-list-that-breaks-off", "$", "[" AD ",", "7/3/n=" AD "\n!", KIND_AD},
    {"no-json", LIST, "<html>", "!", KIND_AD},
    {"nothing", LIST, "", "!", KIND_AD},
};

static void test_case(gconstpointer data)
{
    gsize i = GPOINTER_TO_SIZE(data);
    g_autofree char *found = list(cases[i].kind, cases[i].path, cases[i].text);

    g_assert_cmpstr(found, ==, cases[i].found);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/extract/", cases[i].name, NULL);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_case);
    }
    return g_test_run();
}
