/* SPDX-License-Identifier: MIT */
/* test-update.c - the call that sets a value, and what an answer says of it. */
#include "cache/update.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "api/decode.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cJSON, cJSON_Delete)

#define ACCOUNT "7012345678901234567"

static const char campaign[] =
    "{\"campaign_id\":\"1790000000000001\",\"campaign_name\":\"Autumn\",\"budget\":500,"
    "\"budget_mode\":\"BUDGET_MODE_DAY\",\"operation_status\":\"ENABLE\",\"po_number\":null}";

/* Ids beyond 2^53 and digits that a double would not keep. */
#define ADGROUP(mode)                                                                              \
    "{\"advertiser_id\":\"" ACCOUNT                                                                \
    "\",\"campaign_id\":\"1\",\"adgroup_id\":\"9007199254740993\","                                \
    "\"adgroup_name\":\"DE\",\"budget_mode\":\"" mode "\",\"budget\":50.10,"                       \
    "\"scheduled_budget\":0,\"bid_type\":\"BID_TYPE_CUSTOM\",\"bid_price\":0.35,"                  \
    "\"conversion_bid_price\":0,\"placements\":[\"PLACEMENT_TIKTOK\"],\"location_ids\":[\"6\"],"   \
    "\"age_groups\":[\"AGE_25_34\"],\"gender\":\"GENDER_UNLIMITED\",\"roas_bid\":null,"            \
    "\"schedule_start_time\":\"2026-10-02 09:00:00\",\"pacing\":\"PACING_MODE_SMOOTH\","           \
    "\"operation_status\":\"ENABLE\",\"modify_time\":\"2026-11-19 07:02:11\"}"

static const char ad[] = "{\"adgroup_id\":\"7\",\"ad_id\":\"8\",\"ad_name\":\"Herbst\","
                         "\"ad_text\":\"x\",\"operation_status\":\"ENABLE\"}";

/* ---- a value to set ---- */

typedef struct {
    ObjectKind kind;
    const char *id, *current, *member, *value;
    gboolean amount;
} Subject;

static Update *update_new(const Subject *subject)
{
    Update *update = g_new0(Update, 1);
    g_autoptr(GError) error = NULL;

    *update = (Update){.kind = subject->kind,
                       .id = g_strdup(subject->id),
                       .advertiser_id = g_strdup(ACCOUNT),
                       .member = g_strdup(subject->member),
                       .value = g_strdup(subject->value),
                       .amount = subject->amount,
                       .current = object_new(subject->current, -1, &error)};
    g_assert_no_error(error);
    return update;
}

static void update_free(Update *update)
{
    g_free(update->id);
    g_free(update->advertiser_id);
    g_free(update->member);
    g_free(update->value);
    object_unref(update->current);
    g_free(update);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Update, update_free)

static const Subject campaign_budget = {KIND_CAMPAIGN, "1790000000000001", campaign,
                                        "budget",      "750.00",           TRUE};
static const Subject adgroup_daily = {KIND_ADGROUP, "9007199254740993", ADGROUP("BUDGET_MODE_DAY"),
                                      "budget",     "750.50",           TRUE};

/* ---- the call ---- */

#define BODY(rest) "{\"advertiser_id\":\"" ACCOUNT "\"," rest "}"

/* Everything that can be changed goes back as it came, the rest does not. */
#define FULL(name, budget, bid)                                                                    \
    BODY("\"adgroup_id\":\"9007199254740993\",\"adgroup_name\":" name ",\"budget\":" budget        \
         ",\"bid_type\":\"BID_TYPE_CUSTOM\",\"bid_price\":" bid ",\"conversion_bid_price\":0,"     \
         "\"location_ids\":[\"6\"],\"age_groups\":[\"AGE_25_34\"],"                                \
         "\"gender\":\"GENDER_UNLIMITED\",\"pacing\":\"PACING_MODE_SMOOTH\"")

/* clang-format off */
static const struct {
    Subject subject;
    EndpointId endpoint;
    const char *body;
    const char *bytes; /* a part of it, digit by digit; NULL: does not matter */
} plans[] = {
    {{KIND_CAMPAIGN, "1790000000000001", campaign, "budget", "750.00", TRUE},
     ENDPOINT_CAMPAIGN_UPDATE, BODY("\"campaign_id\":\"1790000000000001\",\"budget\":750"), "\"budget\":750}"},
    {{KIND_CAMPAIGN, "1790000000000001", campaign, "budget", "750.50", TRUE},
     ENDPOINT_CAMPAIGN_UPDATE, BODY("\"campaign_id\":\"1790000000000001\",\"budget\":750.5"), "\"budget\":750.5}"},
    {{KIND_CAMPAIGN, "1790000000000001", campaign, "campaign_name", "a \"b\" \\ ü"},
     ENDPOINT_CAMPAIGN_UPDATE,
     BODY("\"campaign_id\":\"1790000000000001\",\"campaign_name\":\"a \\\"b\\\" \\\\ ü\"")},
    /* Digits in a name are no number. */
    {{KIND_CAMPAIGN, "1790000000000001", campaign, "campaign_name", "2027"},
     ENDPOINT_CAMPAIGN_UPDATE,
     BODY("\"campaign_id\":\"1790000000000001\",\"campaign_name\":\"2027\"")},
    {{KIND_CAMPAIGN, "1790000000000001", campaign, "operation_status", "DISABLE"},
     ENDPOINT_CAMPAIGN_STATUS,
     BODY("\"campaign_ids\":[\"1790000000000001\"],\"operation_status\":\"DISABLE\"")},
    {{KIND_ADGROUP, "9007199254740993", ADGROUP("BUDGET_MODE_DAY"), "operation_status", "DISABLE"},
     ENDPOINT_ADGROUP_STATUS,
     BODY("\"adgroup_ids\":[\"9007199254740993\"],\"operation_status\":\"DISABLE\"")},
    {{KIND_AD, "8", ad, "operation_status", "ENABLE"},
     ENDPOINT_AD_STATUS, BODY("\"ad_ids\":[\"8\"],\"operation_status\":\"ENABLE\"")},
    {{KIND_ADGROUP, "9007199254740993", ADGROUP("BUDGET_MODE_DAY"), "budget", "750.50", TRUE},
     ENDPOINT_ADGROUP_UPDATE, FULL("\"DE\"", "750.5", "0.35"), "\"budget\":750.5}"},
    {{KIND_ADGROUP, "9007199254740993", ADGROUP("BUDGET_MODE_DYNAMIC_DAILY_BUDGET"), "budget",
      "20", TRUE},
     ENDPOINT_ADGROUP_UPDATE, FULL("\"DE\"", "20", "0.35"), "\"budget\":20}"},
    {{KIND_ADGROUP, "9007199254740993", ADGROUP("BUDGET_MODE_DAY"), "bid_price", "0.10", TRUE},
     ENDPOINT_ADGROUP_UPDATE, FULL("\"DE\"", "50.10", "0.1"), "\"budget\":50.10,"},
    {{KIND_ADGROUP, "9007199254740993", ADGROUP("BUDGET_MODE_TOTAL"), "adgroup_name", "AT"},
     ENDPOINT_ADGROUP_UPDATE, FULL("\"AT\"", "50.10", "0.35"), "\"budget\":50.10,"},
    {{KIND_ADGROUP, "9007199254740993", ADGROUP("BUDGET_MODE_TOTAL"), "budget", "750.00", TRUE},
     ENDPOINT_ADGROUP_BUDGET,
     BODY("\"budget\":[{\"adgroup_id\":\"9007199254740993\",\"budget\":750}]"), "\"budget\":750}]"},
    {{KIND_AD, "8", ad, "ad_name", "Winter"},
     ENDPOINT_AD_UPDATE,
     BODY("\"adgroup_id\":\"7\",\"patch_update\":true,"
          "\"creatives\":[{\"ad_id\":\"8\",\"ad_name\":\"Winter\"}]")},
};
/* clang-format on */

static void test_plans(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(plans); i++) {
        g_autoptr(Update) update = update_new(&plans[i].subject);
        const Update *one = update;
        g_autofree char *body = update_encode(&one, 1);
        g_autoptr(cJSON) have = NULL, want = cJSON_Parse(plans[i].body);

        g_assert_cmpint(update_call(update).endpoint, ==, plans[i].endpoint);
        have = cJSON_Parse(body);
        g_assert_nonnull(want);
        if (have == NULL || !cJSON_Compare(have, want, TRUE))
            g_error("%s: %s", plans[i].subject.member, body);
        if (plans[i].bytes != NULL)
            g_assert_nonnull(strstr(body, plans[i].bytes));
    }
}

static void test_several(void)
{
    static const Subject subjects[] = {
        {KIND_ADGROUP, "17", ADGROUP("BUDGET_MODE_TOTAL"), "budget", "750.50", TRUE},
        {KIND_ADGROUP, "18", ADGROUP("BUDGET_MODE_TOTAL"), "budget", "20", TRUE},
        {KIND_ADGROUP, "17", ADGROUP("BUDGET_MODE_DAY"), "scheduled_budget", "30", TRUE},
        {KIND_ADGROUP, "17", ADGROUP("BUDGET_MODE_DAY"), "operation_status", "ENABLE"},
        {KIND_ADGROUP, "18", ADGROUP("BUDGET_MODE_DAY"), "operation_status", "ENABLE"},
    };
    static const char *const bodies[] = {
        "{\"advertiser_id\":\"" ACCOUNT "\",\"budget\":[{\"adgroup_id\":\"17\",\"budget\":750.5},"
        "{\"adgroup_id\":\"18\",\"budget\":20}]}",
        "{\"advertiser_id\":\"" ACCOUNT "\",\"scheduled_budget\":"
        "[{\"adgroup_id\":\"17\",\"scheduled_budget\":30}]}",
        "{\"advertiser_id\":\"" ACCOUNT "\",\"adgroup_ids\":[\"17\",\"18\"],"
        "\"operation_status\":\"ENABLE\",\"allow_partial_success\":true}",
    };
    static const guint parts[] = {0, 2, 3, G_N_ELEMENTS(subjects)};

    for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
        g_autoptr(GPtrArray) updates = g_ptr_array_new_with_free_func((GDestroyNotify)update_free);
        g_autofree char *body = NULL;

        for (guint k = parts[i]; k < parts[i + 1]; k++)
            g_ptr_array_add(updates, update_new(&subjects[k]));
        body = update_encode((const Update *const *)updates->pdata, updates->len);
        g_assert_cmpstr(body, ==, bodies[i]);
        g_assert_cmpuint(update_call(updates->pdata[0]).most, ==, 20);
        g_assert_false(update_sends_back(updates->pdata[0]));
    }
}

/* ---- the answer ---- */

static void test_apply(void)
{
    static const Subject status = {KIND_CAMPAIGN, "1790000000000001", campaign, "operation_status",
                                   "DISABLE"};
    static const Subject none = {KIND_CAMPAIGN, "1790000000000001", campaign, "x", "y"};
    g_autoptr(Update) update = update_new(&status), other = update_new(&none);
    g_autoptr(Object) applied = update_apply(update, update->current);

    g_assert_cmpstr(object_json(applied), ==,
                    "{\"campaign_id\":\"1790000000000001\",\"campaign_name\":\"Autumn\","
                    "\"budget\":500,\"budget_mode\":\"BUDGET_MODE_DAY\","
                    "\"operation_status\":\"DISABLE\",\"po_number\":null}");
    g_assert_null(update_apply(other, other->current));
}

static void test_is(void)
{
    g_autoptr(Update) update = update_new(&campaign_budget);
    g_autoptr(Object) empty = object_new("{\"budget\":null}", -1, NULL);
    g_autoptr(Object) some = object_new("{\"budget\":750}", -1, NULL);

    g_assert_true(update_is(update, empty, ""));
    g_assert_false(update_is(update, some, ""));
    g_assert_true(update_is(update, some, "750.00"));
    g_assert_false(update_is(update, empty, "750.00"));
    g_assert_false(update_is(update, some, "749"));
}

static void test_holds(void)
{
    /* clang-format off */
    static const struct {
        const char *value;
        gboolean amount;
        const char *member; /* as JSON; of the name x */
        gboolean holds;
    } cases[] = {
        {"100", TRUE, "100", TRUE},        {"100", TRUE, "100.0", TRUE},
        {"100", TRUE, "100.00", TRUE},     {"100", TRUE, "1E2", TRUE},
        {"100", TRUE, "\"100.0\"", TRUE},  {"100.00", TRUE, "100", TRUE},
        {"0.1", TRUE, "0.1", TRUE},        {"0.1", TRUE, "0.10", TRUE},
        {"0.1", TRUE, "0.1000001", FALSE}, {"0.1", TRUE, "0.100000000000000001", FALSE},
        {"0.1", TRUE, "0.11", FALSE},      {"100", TRUE, "1000", FALSE},
        {"100", TRUE, "null", FALSE},      {"0", TRUE, "null", FALSE},
        {"100", TRUE, "[100]", FALSE},     {"100", TRUE, "\"abc\"", FALSE},
        {"100", TRUE, "-100", FALSE},      {"9007199254740993", FALSE, "9007199254740992", FALSE},
        {"a", FALSE, "\"a\"", TRUE},       {"\u00fc", FALSE, "\"\\u00fc\"", TRUE},
        {"a", FALSE, "\"A\"", FALSE},      {"a", FALSE, "\"a \"", FALSE},
        {"a", FALSE, "null", FALSE},       {"100", FALSE, "\"100.0\"", FALSE},
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Subject subject = {KIND_AD, "1", "{}", "x", cases[i].value, cases[i].amount};
        g_autoptr(Update) update = update_new(&subject);
        g_autofree char *json = g_strdup_printf("{\"x\":%s}", cases[i].member);
        g_autoptr(Object) object = object_new(json, -1, NULL);
        g_autoptr(Object) empty = object_new("{}", -1, NULL);

        if (update_holds(update, object) != cases[i].holds)
            g_error("%s and %s", cases[i].value, json);
        g_assert_false(update_holds(update, empty));
    }
}

/* As the decoder hands it over. */
static Decoded *decode(const char *body)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static(body, strlen(body));
    g_autoptr(GError) error = NULL;
    Decoded *decoded = decode_answer(bytes, 200, &error);

    g_assert_no_error(error);
    return decoded;
}

#define OK(data) "{\"code\":0,\"message\":\"OK\",\"request_id\":\"r\",\"data\":" data "}"

#define REPLY(id, more)                                                                            \
    OK("{\"campaign_id\":" id ",\"extra\":[1],\"campaign_name\":\"Autumn \\\"2\\\"\","             \
       "\"budget\":750.10,\"operation_status\":\"ENABLE\"" more "}")

/* The members that listings have, in their order, with the bytes of the reply. */
static void test_merge(void)
{
    static const char *const bodies[] = {
        REPLY("\"1790000000000001\"", ",\"budget_mode\":\"BUDGET_MODE_DAY\",\"po_number\":null"),
        REPLY("\"1790000000000001\"", ",\"budget_mode\":\"BUDGET_MODE_DAY\""),
    };

    for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
        g_autoptr(Update) update = update_new(&campaign_budget);
        g_autoptr(Decoded) decoded = decode(bodies[i]);
        g_autoptr(Object) merged = update_merge(update, &decoded->answer);

        g_assert_nonnull(merged);
        g_assert_cmpstr(object_json(merged), ==,
                        "{\"campaign_id\":\"1790000000000001\","
                        "\"campaign_name\":\"Autumn \\\"2\\\"\",\"budget\":750.10,"
                        "\"budget_mode\":\"BUDGET_MODE_DAY\",\"operation_status\":\"ENABLE\","
                        "\"po_number\":null}");
    }
}

static void test_merge_is_whole(void)
{
    static const char *const bodies[] = {
        /* a member is missing, or null where it was not */
        REPLY("\"1790000000000001\"", ""),
        REPLY("\"1790000000000001\"", ",\"budget_mode\":null"),
        /* another object */
        REPLY("\"1790000000000002\"", ",\"budget_mode\":\"BUDGET_MODE_DAY\""),
        OK("{\"campaign_ids\":[\"1790000000000001\"],\"status\":\"DISABLE\"}"),
        OK("{\"campaign_id\":\"1790000000000001\"}"),
        OK("{}"),
        OK("[]"),
        OK("null"),
        "{\"code\":0,\"message\":\"OK\"}",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
        g_autoptr(Update) update = update_new(&campaign_budget);
        g_autoptr(Decoded) decoded = decode(bodies[i]);

        g_assert_null(update_merge(update, &decoded->answer));
    }
}

/* Digits too many for a double come back as they came. */
static void test_merge_keeps_digits(void)
{
    g_autoptr(Update) update = update_new(&adgroup_daily);
    g_autofree char *body = g_strconcat("{\"code\":0,\"data\":", adgroup_daily.current, "}", NULL);
    g_autoptr(Decoded) decoded = decode(body);
    g_autoptr(Object) merged = update_merge(update, &decoded->answer);

    g_assert_cmpstr(object_json(merged), ==, adgroup_daily.current);
    g_assert_false(update_holds(update, merged)); /* 50.10, not what was to be set */
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/update/each-member-has-its-call", test_plans);
    g_test_add_func("/update/amounts-are-compared-as-amounts", test_holds);
    g_test_add_func("/update/several-go-in-one-call", test_several);
    g_test_add_func("/update/the-value-alone-is-replaced", test_apply);
    g_test_add_func("/update/nothing-is-what-has-no-value", test_is);
    g_test_add_func("/update/a-whole-reply-is-an-object", test_merge);
    g_test_add_func("/update/anything-less-is-none", test_merge_is_whole);
    g_test_add_func("/update/a-reply-keeps-its-digits", test_merge_keeps_digits);
    return g_test_run();
}
