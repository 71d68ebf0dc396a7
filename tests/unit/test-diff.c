/* SPDX-License-Identifier: MIT */
/* test-diff.c - which members of two bodies differ, and which differences say nothing. */
#include "cache/diff.h"

#include <string.h>

static void add(void *user_data, JsonSpan member, JsonSpan before, JsonSpan after)
{
    g_string_append_printf(user_data, "%.*s %.*s %.*s\n", (int)member.length, member.at,
                           (int)before.length, before.at, (int)after.length, after.at);
}

static const struct {
    const char *name, *before, *after, *differences;
    ObjectKind kind;
} cases[] = {
    {"the-same", "{\"a\":1}", "{\"a\":1}", "", KIND_CAMPAIGN},
    {"a-value", "{\"a\":1,\"b\":\"x\"}", "{\"a\":2,\"b\":\"x\"}", "\"a\" 1 2\n", KIND_CAMPAIGN},
    {"in-another-order", "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", "", KIND_CAMPAIGN},
    {"every-digit", "{\"a\":0.10000001}", "{\"a\":0.1}", "\"a\" 0.10000001 0.1\n", KIND_CAMPAIGN},
    {"only-written-otherwise", "{\"a\":100}", "{\"a\":100.0}", "", KIND_CAMPAIGN},
    {"a-number-becomes-text", "{\"a\":100}", "{\"a\":\"100\"}", "\"a\" 100 \"100\"\n",
     KIND_CAMPAIGN},
    {"what-came", "{}", "{\"a\":[1]}", "\"a\" null [1]\n", KIND_CAMPAIGN},
    {"what-went", "{\"a\":1}", "{}", "\"a\" 1 null\n", KIND_CAMPAIGN},
    {"null-is-nothing", "{\"a\":null}", "{\"b\":null}", "", KIND_CAMPAIGN},
    {"became-null", "{\"a\":1}", "{\"a\":null}", "\"a\" 1 null\n", KIND_CAMPAIGN},
    {"the-time-of-it", "{\"modify_time\":\"1\"}", "{\"modify_time\":\"2\"}", "", KIND_CAMPAIGN},
    {"its-own-name", "{\"ad_name\":\"a\"}", "{\"ad_name\":\"b\"}", "\"ad_name\" \"a\" \"b\"\n",
     KIND_AD},
    {"names-above-it", "{\"campaign_name\":\"a\",\"adgroup_name\":\"a\"}",
     "{\"campaign_name\":\"b\",\"adgroup_name\":\"b\"}", "", KIND_AD},
    {"names-of-others-above-it", "{\"campaign_name\":\"a\",\"ad_name\":\"a\"}",
     "{\"campaign_name\":\"b\",\"ad_name\":\"b\"}", "\"ad_name\" \"a\" \"b\"\n", KIND_ADGROUP},
    {"no-object", "", "{\"a\":1}", "\"a\" null 1\n", KIND_CAMPAIGN},
};

static void test_case(gconstpointer data)
{
    gsize i = GPOINTER_TO_SIZE(data);
    JsonSpan before = {cases[i].before, strlen(cases[i].before)};
    JsonSpan after = {cases[i].after, strlen(cases[i].after)};
    g_autoptr(GString) found = g_string_new(NULL);

    diff_bodies(cases[i].kind, before, after, add, found);
    g_assert_cmpstr(found->str, ==, cases[i].differences);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/diff/", cases[i].name, NULL);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_case);
    }
    return g_test_run();
}
