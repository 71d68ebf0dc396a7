/* SPDX-License-Identifier: MIT */
/* test-reply.c - what an answer says of each of those that it is about. */
#include "cache/reply.h"

#include <string.h>

#include "api/decode.h"
#include "api/error.h"

#define OK(data)   "{\"code\":0,\"message\":\"OK\",\"request_id\":\"r\",\"data\":" data "}"
#define PART(data) "{\"code\":20001,\"message\":\"Part\",\"request_id\":\"r\",\"data\":" data "}"

/* As the decoder hands it over. */
static Reply *read_reply(ObjectKind kind, const char *body)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static(body, strlen(body));
    g_autoptr(GError) error = NULL;
    g_autoptr(Decoded) decoded = decode_answer(bytes, 200, &error);

    g_assert_no_error(error);
    return reply_new(kind, &decoded->answer);
}

static void test_object(void)
{
    /* clang-format off */
    static const struct {
        const char *body, *name; /* NULL: not there */
    } cases[] = {
        {OK("{\"list\":[{\"campaign_id\":\"1790000000000001\",\"campaign_name\":\"x\"}]}"), "x"},
        {OK("{\"list\":[{\"campaign_id\":1790000000000001,\"campaign_name\":\"x\"}]}"), "x"},
        {OK("{\"list\":[{\"campaign_id\":\"179\",\"campaign_name\":\"y\"},"
            "{\"campaign_id\":\"1790000000000001\",\"campaign_name\":\"x\"}]}"), "x"},
        {OK("{\"list\":[{\"campaign_id\":\"1790000000000002\",\"campaign_name\":\"y\"}]}"), NULL},
        /* The id of something else does not count. */
        {OK("{\"list\":[{\"adgroup_id\":\"1790000000000001\",\"campaign_name\":\"y\"}]}"), NULL},
        {OK("{\"list\":[{\"x\":{\"campaign_id\":\"1790000000000001\"}}]}"), NULL},
        {OK("{\"list\":[]}"), NULL},
        {OK("{\"list\":null}"), NULL},
        {OK("{}"), NULL},
        {OK("null"), NULL},
        {OK("{\"campaign_id\":\"1790000000000001\"}"), NULL},
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Reply) reply = read_reply(KIND_CAMPAIGN, cases[i].body);
        const Object *found = reply_object(reply, "1790000000000001");

        g_assert_cmpint(found != NULL, ==, cases[i].name != NULL);
        if (found != NULL)
            g_assert_cmpstr(object_text(found, "campaign_name"), ==, cases[i].name);
    }
}

#define GROUPS(rest) "{\"adgroup_ids\":[\"17\",\"18\"],\"status\":\"DISABLE\"" rest "}"
#define LEFT_OUT                                                                                   \
    ",\"error_list\":[{\"adgroup_id\":\"17\",\"error_message\":\"The ad group has been "           \
    "deleted.\"}]"

static void test_word(void)
{
    /* clang-format off */
    static const struct {
        const char *body, *status;
        ReplyWord word; /* of 17 */
    } cases[] = {
        {OK(GROUPS("")), "DISABLE", REPLY_NAMED},
        {OK("{\"adgroup_ids\":[17],\"status\":\"DISABLE\"}"), "DISABLE", REPLY_NAMED},
        {OK(GROUPS("")), "ENABLE", REPLY_ACCEPTED},
        {OK(GROUPS("")), NULL, REPLY_ACCEPTED},
        {OK("{\"adgroup_ids\":[\"18\",\"117\"],\"status\":\"DISABLE\"}"), "DISABLE", REPLY_ACCEPTED},
        {OK("{\"campaign_ids\":[\"17\"],\"status\":\"DISABLE\"}"), "DISABLE", REPLY_ACCEPTED},
        {OK("{\"adgroup_ids\":[\"17\"]}"), "DISABLE", REPLY_ACCEPTED},
        {OK("{}"), "DISABLE", REPLY_ACCEPTED},
        {OK("null"), NULL, REPLY_ACCEPTED},
        {OK(GROUPS(LEFT_OUT)), "DISABLE", REPLY_REFUSED},
        {PART(GROUPS(LEFT_OUT)), "DISABLE", REPLY_REFUSED},
        {PART("{\"error_list\":[{\"adgroup_id\":17}]}"), NULL, REPLY_REFUSED},
        /* somebody else is named; nobody is */
        {PART("{\"error_list\":[{\"adgroup_id\":\"18\",\"error_message\":\"x\"}]}"), NULL, REPLY_ACCEPTED},
        {PART(GROUPS("")), "DISABLE", REPLY_PART},
        {PART("{}"), NULL, REPLY_PART},
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Reply) reply = read_reply(KIND_ADGROUP, cases[i].body);
        g_autoptr(GError) error = NULL;

        if (reply_word(reply, "17", cases[i].status, &error) != cases[i].word)
            g_error("%s", cases[i].body);
        g_assert_cmpint(error != NULL, ==, cases[i].word == REPLY_REFUSED);
    }
}

static void test_text(void)
{
    g_autoptr(Reply) reply = read_reply(KIND_ADGROUP, OK(GROUPS(LEFT_OUT)));
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(reply_word(reply, "17", "DISABLE", &error), ==, REPLY_REFUSED);
    g_assert_error(error, API_ERROR, API_ERROR_REMOTE);
    g_assert_cmpint(api_error_code(error), ==, 20001);
    g_assert_cmpstr(api_error_request_id(error), ==, "r");
    g_assert_nonnull(strstr(error->message, "adgroup 17"));
    g_assert_nonnull(strstr(error->message, "has been deleted"));
    g_assert_cmpint(reply_word(reply, "18", "DISABLE", NULL), ==, REPLY_NAMED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reply/finds-the-object-in-a-list", test_object);
    g_test_add_func("/reply/says-of-each-what-became-of-it", test_word);
    g_test_add_func("/reply/why-it-was-left-out", test_text);
    return g_test_run();
}
