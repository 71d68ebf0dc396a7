/* SPDX-License-Identifier: MIT */
/* test-encode-create.c - what makes an object, to the byte, and what an answer says was made. */
#include "api/encode-create.h"

#include "api/endpoint.h"
#include "tests/unit/encoded.h"

static void test_body(void)
{
    g_autoptr(Object) members = object_new(
        "{\"x_name\":\"\\u00fc \\\"x\\\"\",\"budget\":500.10,\"list\":[\"1\"]}", -1, NULL);

    check(encode_create(KIND_CAMPAIGN, "7", NULL, members, "-12"),
          "{\"advertiser_id\":\"7\",\"request_id\":\"-12\",\"x_name\":\"\\u00fc \\\"x\\\"\","
          "\"budget\":500.10,\"list\":[\"1\"]}");
    check(encode_create(KIND_CAMPAIGN, "7", NULL, members, NULL),
          "{\"advertiser_id\":\"7\",\"x_name\":\"\\u00fc \\\"x\\\"\",\"budget\":500.10,"
          "\"list\":[\"1\"]}");
    check(encode_create(KIND_ADGROUP, "7", "17", members, "1"),
          "{\"advertiser_id\":\"7\",\"campaign_id\":\"17\",\"request_id\":\"1\","
          "\"x_name\":\"\\u00fc \\\"x\\\"\",\"budget\":500.10,\"list\":[\"1\"]}");
    check(encode_create(KIND_AD, "7", "18", members, "1"),
          "{\"advertiser_id\":\"7\",\"adgroup_id\":\"18\",\"creatives\":[{"
          "\"x_name\":\"\\u00fc \\\"x\\\"\",\"budget\":500.10,\"list\":[\"1\"]}]}");
}

static void test_named(void)
{
    check_query(encode_named(KIND_CAMPAIGN, "7", NULL, "spring \"1\"", 1, 1000),
                "advertiser_id=7&filtering={\"campaign_name\":\"spring \\\"1\\\"\"}"
                "&page=1&page_size=1000");
    check_query(encode_named(KIND_ADGROUP, "7", "17", "a", 2, 10),
                "advertiser_id=7&filtering={\"campaign_ids\":[\"17\"],\"adgroup_name\":\"a\"}"
                "&page=2&page_size=10");
    check_query(encode_named(KIND_AD, "7", "18", "a", 1, 10),
                "advertiser_id=7&filtering={\"adgroup_ids\":[\"18\"]}&page=1&page_size=10");
}

static void check_made(ObjectKind kind, const char *body, const char *id)
{
    g_autofree char *made = decode_created(kind, body, strlen(body));

    g_assert_cmpstr(made, ==, id);
}

static void test_answer(void)
{
    check_made(KIND_CAMPAIGN, "{\"code\":0,\"data\":{\"campaign_id\":\"1798999621264921\"}}",
               "1798999621264921");
    check_made(KIND_CAMPAIGN, "{\"data\":{\"x\":1,\"campaign_id\":1798999621264921}}",
               "1798999621264921");
    check_made(KIND_ADGROUP, "{\"data\":{\"campaign_id\":\"1\",\"adgroup_id\":\"2\"}}", "2");
    check_made(KIND_AD, "{\"data\":{\"creatives\":[{\"ad_id\":\"9\"}],\"ad_ids\":[\"3\"]}}", "3");
    check_made(KIND_AD, "{\"data\":{\"ad_ids\":[3]}}", "3");
    check_made(KIND_AD, "{\"data\":{\"ad_ids\":[]}}", NULL);
    check_made(KIND_AD, "{\"data\":{\"ad_ids\":null}}", NULL);
    check_made(KIND_CAMPAIGN, "{\"data\":{\"campaign_id\":\"\"}}", NULL);
    check_made(KIND_CAMPAIGN, "{\"data\":{\"campaign_id\":\"x1\"}}", NULL);
    check_made(KIND_CAMPAIGN, "{\"data\":{}}", NULL);
    check_made(KIND_CAMPAIGN, "{\"code\":0}", NULL);
    check_made(KIND_CAMPAIGN, "<html>", NULL);
}

static void test_endpoints(void)
{
    g_assert_cmpstr(endpoint_find(endpoint_create_of(KIND_CAMPAIGN))->path, ==, "campaign/create/");
    g_assert_cmpstr(endpoint_find(endpoint_create_of(KIND_ADGROUP))->path, ==, "adgroup/create/");
    g_assert_cmpstr(endpoint_find(endpoint_create_of(KIND_AD))->path, ==, "ad/create/");
    g_assert_cmpint(endpoint_find(endpoint_create_of(KIND_AD))->bucket, ==, BUCKET_AD_CREATE);
    for (ObjectKind kind = KIND_CAMPAIGN; kind <= KIND_AD; kind++)
        g_assert_true(endpoint_find(endpoint_create_of(kind))->post);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/encode-create/body", test_body);
    g_test_add_func("/encode-create/named", test_named);
    g_test_add_func("/encode-create/answer", test_answer);
    g_test_add_func("/encode-create/endpoints", test_endpoints);
    return g_test_run();
}
