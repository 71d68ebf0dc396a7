/* SPDX-License-Identifier: MIT */
/* test-object.c - objects keep every byte, and survive every byte. */
#include "api/object.h"

#include <string.h>

#include "api/error.h"
#include "api/json.h"

static const char campaign[] =
    "{ \"campaign_id\" : \"7001035076276387841\",\"campaign_name\":\"a \\\"b\\\" "
    "\\u00fc\\n\\ud83d\\ude00\","
    "\"budget\":500.10,\"roas\":1E2,\"big\":7001035076276387841,\"on\":true,\"off\":false,"
    "\"none\":null,\"list\":[ {\"a\":[]}, 2 ],\"empty\":\"\",\"campaign_id\":\"second\" }";

static void test_members(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Object) object = object_new(campaign, -1, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(object_json(object), ==, campaign);
    g_assert_cmpstr(object_raw(object, "campaign_id"), ==, "\"7001035076276387841\"");
    g_assert_cmpstr(object_text(object, "campaign_id"), ==, "7001035076276387841");
    g_assert_cmpstr(object_raw(object, "budget"), ==, "500.10");
    g_assert_cmpstr(object_text(object, "budget"), ==, "500.10");
    g_assert_cmpstr(object_text(object, "big"), ==, "7001035076276387841");
    g_assert_cmpstr(object_text(object, "roas"), ==, "1E2");
    g_assert_cmpstr(object_text(object, "campaign_name"), ==, "a \"b\" ü\n😀");
    g_assert_cmpstr(object_raw(object, "list"), ==, "[ {\"a\":[]}, 2 ]");
    g_assert_cmpstr(object_text(object, "empty"), ==, "");
    g_assert_null(object_raw(object, "none"));
    g_assert_null(object_text(object, "none"));
    g_assert_null(object_text(object, "absent"));
}

static void test_order(void)
{
    g_autoptr(Object) object = object_new("{\"b\":null,\"a\":[ ],\"c\\u0064\":\"x\"}", -1, NULL);
    const char *name, *raw;

    g_assert_true(object_member(object, 0, &name, &raw));
    g_assert_cmpstr(name, ==, "b");
    g_assert_cmpstr(raw, ==, "null");
    g_assert_true(object_member(object, 1, &name, &raw));
    g_assert_cmpstr(raw, ==, "[ ]");
    g_assert_true(object_member(object, 2, &name, &raw));
    g_assert_cmpstr(name, ==, "cd");
    g_assert_cmpstr(raw, ==, "\"x\"");
    g_assert_false(object_member(object, 3, &name, &raw));
}

static void test_refused(void)
{
    static const char *const bad[] = {
        "",
        "[]",
        "{",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{\"a\":1}x",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":.5}",
        "{\"a\":1e}",
        "{\"a\":+1}",
        "{\"a\":tru}",
        "{\"a\":\"\n\"}",
        "{a:1}",
        "{\"a\":[1}}",
        "{\"a\":[}",
        "{\"a\":{]}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"x",
        "{\"a\" 1}",
        "{\"a\":[1 2]}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"\xff\"}",
        "{\"a\":[1,]}",
        "{\"a\":{\"b\":1,}}",
        "{\"a\":NaN}",
        "{\"a\":-}",
        "null",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("row %d", (int)i);
        g_assert_null(object_new(bad[i], -1, &error));
        g_assert_error(error, API_ERROR, API_ERROR_MALFORMED);
    }
}

/* Half a surrogate pair is in the grammar, yet has no UTF-8: it stays as it came. */
static void test_half_pair(void)
{
    g_autoptr(Object) object = object_new("{\"a\":\"x\\ud800y\"}", -1, NULL);

    g_assert_cmpstr(object_text(object, "a"), ==, "x\\ud800y");
}

static Object *nested(guint depth)
{
    g_autofree char *open = g_strnfill(depth, '[');
    g_autofree char *close = g_strnfill(depth, ']');
    g_autofree char *json = g_strdup_printf("{\"a\":%s%s}", open, close);

    return object_new(json, -1, NULL);
}

static void test_deep(void)
{
    g_autoptr(Object) fits = nested(JSON_DEPTH_MAX);

    g_assert_nonnull(fits);
    g_assert_null(nested(JSON_DEPTH_MAX + 1));
    g_assert_null(nested(100000));
}

/* Cut at every length and with every byte changed: no crash, and what is accepted is whole. */
static void test_damaged(void)
{
    for (gsize n = 0; n < strlen(campaign); n++)
        g_assert_null(object_new(campaign, (gssize)n, NULL));
    for (gsize at = 0; at < strlen(campaign); at++)
        for (int byte = 0; byte < 256; byte++) {
            g_autofree char *text = g_strdup(campaign);
            g_autoptr(Object) object = NULL;
            const char *name, *raw;

            text[at] = (char)byte;
            object = object_new(text, (gssize)strlen(campaign), NULL);
            for (guint i = 0; object != NULL && object_member(object, i, &name, &raw); i++)
                g_assert_nonnull(json_value_end(raw, raw + strlen(raw)));
        }
}

static void test_pretty(void)
{
    g_autofree char *pretty = json_pretty(
        "{\"a\":500.10,\"b\":[],\"c\":{ },\"d\":[1,{\"e\":\"x, {y\\\"}: \"}],\"f\":null}");

    g_assert_cmpstr(pretty, ==,
                    "{\n  \"a\": 500.10,\n  \"b\": [],\n  \"c\": {},\n  \"d\": [\n    1,\n    {\n"
                    "      \"e\": \"x, {y\\\"}: \"\n    }\n  ],\n  \"f\": null\n}\n");
    g_autofree char *scalar = json_pretty(" 12 ");
    g_assert_cmpstr(scalar, ==, "12\n");
}

/* Taking the blanks out again gives the bytes that went in; and any bytes end. */
static void test_pretty_keeps(void)
{
    g_autofree char *once = json_pretty(campaign);
    g_autofree char *twice = json_pretty(once);

    g_assert_cmpstr(once, ==, twice);
    for (int i = 0; i < 20000; i++) {
        static const char letters[] = "{}[],:\"\\ a1\n";
        char text[24];

        for (gsize k = 0; k < sizeof text - 1; k++)
            text[k] = letters[g_test_rand_int_range(0, sizeof letters - 1)];
        text[sizeof text - 1] = '\0';
        g_free(json_pretty(text));
    }
}

static void test_kinds(void)
{
    g_assert_cmpstr(kind_names(KIND_ADGROUP)->ids, ==, "adgroup_ids");
    g_assert_cmpstr(kind_names(KIND_ADGROUP)->parent_id, ==, "campaign_id");
    g_assert_null(kind_names(KIND_CAMPAIGN)->parent_id);
    g_assert_cmpstr(kind_names(KIND_AD)->level, ==, "AUCTION_AD");
    g_assert_cmpstr(kind_names(KIND_ADVERTISER)->name, ==, "advertiser_name");
    for (ObjectKind kind = KIND_ADVERTISER; kind < N_KINDS; kind++) {
        g_assert_nonnull(kind_names(kind)->word);
        g_assert_nonnull(kind_names(kind)->id);
        g_assert_true((kind_names(kind)->level != NULL) == (kind <= KIND_AD)); /* of reports */
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/object/keeps-the-digits-received", test_members);
    g_test_add_func("/object/members-come-in-order", test_order);
    g_test_add_func("/object/refuses-what-is-not-one-object", test_refused);
    g_test_add_func("/object/half-a-pair-stays-escaped", test_half_pair);
    g_test_add_func("/object/depth-is-bounded", test_deep);
    g_test_add_func("/object/survives-damage", test_damaged);
    g_test_add_func("/object/kinds-have-names", test_kinds);
    g_test_add_func("/pretty/indents-by-two", test_pretty);
    g_test_add_func("/pretty/is-stable-and-ends", test_pretty_keeps);
    return g_test_run();
}
