/* SPDX-License-Identifier: MIT */
/* test-attr-money.c - budgets and bids: planned ones, those that depend on others, and what is said
   of those that are refused. */
#include <string.h>

#include "api/error.h"
#include "fs/attr-view.h"
#include "tests/unit/attr-subject.h"

#define PATH "7012345678901234567/campaigns/1790000000000001/adgroups/1790000000000002/budget"

#define LIFETIME(start, end, type)                                                                 \
    "{\"adgroup_id\":\"2\",\"budget_mode\":\"" TOTAL "\",\"budget\":500,"                          \
    "\"operation_status\":\"ENABLE\",\"schedule_type\":\"" type "\","                              \
    "\"schedule_start_time\":" start ",\"schedule_end_time\":" end "}"

static const char lifetime[] =
    LIFETIME("\"2026-10-02 09:00:00\"", "\"2026-10-05 09:00:00\"", "SCHEDULE_START_END");
static const char dynamic[] =
    ADGROUP("BUDGET_MODE_DYNAMIC_DAILY_BUDGET", "50", BIDS("BID_TYPE_NO_BID", "OCPM"));

typedef struct {
    const char *json, *campaign, *file, *text;
    guint until_midnight_s;
    const char *member, *value; /* of the change; NULL: it is refused */
    int kind;                   /* ... with this, */
    const char *says;           /* parts separated by | */
} Case;

static void check(const Case *row, ObjectKind kind)
{
    Subject subject = {kind, "USD", row->file, row->json};
    g_autoptr(Object) object = subject_object(&subject);
    g_autoptr(Object) above = row->campaign ? object_new(row->campaign, -1, NULL) : NULL;
    g_auto(GStrv) parts = g_strsplit(row->says != NULL ? row->says : "", "|", -1);
    g_auto(AttrChange) change = {0};
    g_autoptr(GError) error = NULL;
    AttrView view = subject_view(&subject, object);
    gboolean taken;

    view.campaign = above;
    view.until_midnight_s = row->until_midnight_s;
    taken = attr_change(attr_find(kind, row->file), &view, row->text, &change, &error);
    if (taken != (row->value != NULL))
        g_error("'%s': %s", row->text, error != NULL ? error->message : "is taken");
    if (taken) {
        g_assert_cmpstr(change.member, ==, row->member);
        g_assert_cmpstr(change.value, ==, row->value);
        return;
    }
    g_assert_error(error, API_ERROR, row->kind);
    for (guint i = 0; parts[i] != NULL; i++)
        if (strstr(error->message, parts[i]) == NULL)
            g_error("'%s' is not in: %s", parts[i], error->message);
}

static void check_all(const Case *cases, gsize n, ObjectKind kind)
{
    for (gsize i = 0; i < n; i++)
        check(&cases[i], kind);
}

static void test_midnight(void)
{
    static const Case cases[] = {
        {adgroup, NULL, "budget", "60 at midnight", 0, "scheduled_budget", "60.00"},
        {adgroup, NULL, "budget", "60! at midnight", 0, "scheduled_budget", "60.00"},
        {dynamic, NULL, "budget", "60.5 at midnight", 0, "scheduled_budget", "60.50"},
        {adgroup, NULL, "budget", "60", 0, "budget", "60.00"},
        {lifetime, NULL, "budget", "600 at midnight", 0, .kind = API_ERROR_INVALID,
         .says = "budget: |lifetime budget|at once|without \" at midnight\""},
        {adgroup, NULL, "bid", "1 at midnight", 0, .kind = API_ERROR_INVALID,
         .says = "bid: |at once|without \" at midnight\""},
        {adgroup, NULL, "budget", "60 at  midnight", 0, .kind = API_ERROR_INVALID,
         .says = "\"60 at midnight\""},
        {adgroup, NULL, "budget", "60 At Midnight", 0, .kind = API_ERROR_INVALID,
         .says = "\"60 at midnight\""},
        {adgroup, NULL, "budget", "19 at midnight", 0, .kind = API_ERROR_RANGE,
         .says = "budget: 19.00|minimum of 20.00 USD"},
    };
    static const Case above = {campaign,
                               NULL,
                               "budget",
                               "600 at midnight",
                               0,
                               .kind = API_ERROR_INVALID,
                               .says = "only an ad group's|at once"};

    check_all(cases, G_N_ELEMENTS(cases), KIND_ADGROUP);
    check(&above, KIND_CAMPAIGN);
}

/* The force of `60! at midnight` is not lost. */
static void test_midnight_force(void)
{
    g_autoptr(Object) object = subject_object(&usd_adgroup);
    AttrView view = subject_view(&usd_adgroup, object);
    g_auto(AttrChange) plain = {0}, forced = {0};
    const AttrRow *row = attr_find(KIND_ADGROUP, "budget");

    g_assert_true(attr_change(row, &view, "60 at midnight", &plain, NULL));
    g_assert_true(attr_change(row, &view, "60! at midnight", &forced, NULL));
    g_assert_false(plain.force);
    g_assert_true(forced.force);
}

/* adgroup/budget/update is closed from 23:55 on; adgroup/update is not. */
static void test_closed(void)
{
    static const Case cases[] = {
        {adgroup, NULL, "budget", "60 at midnight", 301, "scheduled_budget", "60.00"},
        {adgroup, NULL, "budget", "60 at midnight", 300, .kind = API_ERROR_BUSY,
         .says = "not sent|23:55|budget for midnight|in 300 s"},
        {adgroup, NULL, "budget", "60 at midnight", 1, .kind = API_ERROR_BUSY, .says = "in 1 s"},
        {lifetime, NULL, "budget", "600", 299, .kind = API_ERROR_BUSY, .says = "lifetime|in 299 s"},
        {lifetime, NULL, "budget", "500", 299, "budget", "500.00"}, /* as it is: no call */
        {adgroup, NULL, "budget", "60", 1, "budget", "60.00"},
        {adgroup, NULL, "bid", "1", 1, "bid_price", "1.00"},
    };
    static const Case above = {campaign, NULL, "budget", "600", 1, "budget", "600.00"};

    check_all(cases, G_N_ELEMENTS(cases), KIND_ADGROUP);
    check(&above, KIND_CAMPAIGN);
}

static void test_midnight_of_zone(void)
{
    const gint64 noon_us =
        G_GINT64_CONSTANT(1795867200) * G_USEC_PER_SEC; /* 2026-11-28 12:00 UTC */

    g_assert_cmpuint(seconds_until_midnight(noon_us, "UTC"), ==, 43200);
    g_assert_cmpuint(seconds_until_midnight(noon_us, "Etc/GMT-11"), ==, 3600);
    g_assert_cmpuint(seconds_until_midnight(noon_us, "Etc/GMT-12"), ==, 86400);
    g_assert_cmpuint(seconds_until_midnight(noon_us - 1 * G_USEC_PER_SEC, "Etc/GMT-12"), ==, 1);
    g_assert_cmpuint(seconds_until_midnight(noon_us, "No/Such_Zone"), ==, 0);
    g_assert_cmpuint(seconds_until_midnight(noon_us, NULL), ==, 0);
}

static void test_lifetime(void)
{
#define DAYS(start, end) LIFETIME("\"" start "\"", "\"" end "\"", "SCHEDULE_START_END")
    static const Case cases[] = {
        {lifetime, NULL, "budget", "60", 0, "budget", "60.00"},
        {lifetime, NULL, "budget", "59.99", 0, .kind = API_ERROR_RANGE,
         .says = "budget: 59.99|minimum of 60.00 USD|3 scheduled days"},
        /* A day that is begun counts. */
        {DAYS("2026-10-02 09:00:00", "2026-10-05 09:00:01"), NULL, "budget", "79.99", 0,
         .kind = API_ERROR_RANGE, .says = "80.00 USD|4 scheduled days"},
        {DAYS("2026-10-02 09:00:00", "2026-10-02 10:00:00"), NULL, "budget", "20", 0, "budget",
         "20.00"},
        {DAYS("2026-12-31 09:00:00", "2027-01-02 09:00:00"), NULL, "budget", "39", 0,
         .kind = API_ERROR_RANGE, .says = "40.00 USD"},
        /* What is not known counts as one. */
        {DAYS("2026-10-05 09:00:00", "2026-10-02 09:00:00"), NULL, "budget", "20", 0, "budget",
         "20.00"},
        {LIFETIME("null", "null", "SCHEDULE_START_END"), NULL, "budget", "20", 0, "budget",
         "20.00"},
        {LIFETIME("\"soon\"", "\"later\"", "SCHEDULE_START_END"), NULL, "budget", "20", 0, "budget",
         "20.00"},
        {LIFETIME("\"2026-10-02 09:00:00\"", "\"2036-10-02 09:00:00\"", "SCHEDULE_FROM_NOW"), NULL,
         "budget", "20", 0, "budget", "20.00"},
    };

    check_all(cases, G_N_ELEMENTS(cases), KIND_ADGROUP);
}

static void test_bid(void)
{
    static const char cbo[] = ADGROUP(INFINITE, "0", CPC_BIDS);
    static const char small[] = CAMPAIGN(DAY, "55");
    static const char unlimited[] = CAMPAIGN(INFINITE, "0");
    static const char high[] =
        "{\"adgroup_id\":\"2\",\"budget_mode\":\"" DAY
        "\",\"budget\":50,\"operation_status\":\"x\","
        "\"bid_type\":\"BID_TYPE_CUSTOM\",\"billing_event\":\"CPC\",\"bid_price\":30}";
    static const Case cases[] = {
        {adgroup, NULL, "bid", "49.99", 0, "bid_price", "49.99"},
        {adgroup, NULL, "bid", "50", 0, .kind = API_ERROR_RANGE,
         .says = "bid: 50.00|the ad group's budget of 50.00 USD"},
        {cbo, small, "bid", "54.99", 0, "bid_price", "54.99"},
        {cbo, small, "bid", "55", 0, .kind = API_ERROR_RANGE,
         .says = "bid: 55.00|the campaign's budget of 55.00 USD|raise"},
        {cbo, unlimited, "bid", "5500", 0, "bid_price", "5500.00"},
        {cbo, NULL, "bid", "5500", 0, "bid_price", "5500.00"},
        {high, NULL, "budget", "30.01", 0, "budget", "30.01"},
        {high, NULL, "budget", "30", 0, .kind = API_ERROR_RANGE,
         .says = "budget: 30.00|bid of 30.00 USD|lower the bid"},
        {high, NULL, "budget", "30 at midnight", 0, .kind = API_ERROR_RANGE, .says = "30.00 USD"},
    };

    check_all(cases, G_N_ELEMENTS(cases), KIND_ADGROUP);
}

/* Whatever the service holds can be written back, and is no call. */
static void test_as_it_is(void)
{
    static const char odd[] = CAMPAIGN(DAY, "0.005"), much[] = CAMPAIGN(DAY, "99999999.5");
    static const char planned[] = "{\"adgroup_id\":\"2\",\"budget_mode\":\"" DAY
                                  "\",\"budget\":50,\"operation_status\":\"x\","
                                  "\"scheduled_budget\":5}";
    static const char named[] = "{\"campaign_name\":\"Sale \xf0\x9f\x8e\x89\","
                                "\"operation_status\":\"FROZEN\"}";
    static const Case cases[] = {
        {odd, NULL, "budget", "0.005", 0, "budget", "0.005"},
        {much, NULL, "budget", "99999999.50", 0, "budget", "99999999.50"},
        {named, NULL, "name", "Sale \xf0\x9f\x8e\x89", 0, "campaign_name", "Sale \xf0\x9f\x8e\x89"},
        {named, NULL, "name", "Sale \xf0\x9f\x8e\x8a", 0, .kind = API_ERROR_INVALID,
         .says = "emoji"},
        {named, NULL, "status", "FROZEN", 0, "operation_status", "FROZEN"},
    };
    static const Case later = {planned, NULL, "budget", "5 at midnight", 0, "scheduled_budget",
                               "5.00"};

    check_all(cases, G_N_ELEMENTS(cases), KIND_CAMPAIGN);
    check(&later, KIND_ADGROUP);
}

static void test_delete(void)
{
    Subject status = {KIND_CAMPAIGN, "USD", "status", campaign};
    g_autoptr(Object) object = subject_object(&status);
    const AttrRow *row = attr_find(KIND_CAMPAIGN, "status");
    AttrView view = subject_view(&status, object);
    g_auto(AttrChange) change = {0};
    g_autoptr(GError) error = NULL;

    g_assert_false(attr_change(row, &view, "DELETE", &change, &error));
    g_assert_nonnull(strstr(error->message, "allow_delete"));
    view.allow_delete = TRUE;
    g_assert_true(attr_change(row, &view, "DELETE", &change, NULL));
    g_assert_cmpstr(change.value, ==, "DELETE");
    g_assert_false(attr_change(row, &view, "delete", &change, NULL));
}

/* ---- files that refuse whatever it is ---- */

static void must_say(ObjectKind kind, const char *file, const char *json, const char *path,
                     const char *says)
{
    g_autoptr(Object) object = object_new(json, -1, NULL);
    AttrView view = {
        .object = object, .kind = kind, .currency = currency_find("USD"), .path = path};
    const AttrRow *row = attr_find(kind, file);
    g_autoptr(GError) error = NULL;

    g_assert_true(row->refuse(row, &view, NULL));
    g_assert_true(row->refuse(row, &view, &error));
    g_assert_error(error, API_ERROR, API_ERROR_DENIED);
    if (strstr(error->message, says) == NULL)
        g_error("'%s' is not in: %s", says, error->message);
}

static void test_owner(void)
{
    static const char cbo[] = ADGROUP(INFINITE, "0", CPC_BIDS);
    static const char smart[] = "{\"campaign_automation_type\":\"UPGRADED_SMART_PLUS\","
                                "\"operation_status\":\"ENABLE\",\"budget_mode\":\"" DAY "\"}";
    static const char owner[] = "7012345678901234567/campaigns/1790000000000001/budget";

    must_say(KIND_ADGROUP, "budget", cbo, PATH, owner);
    must_say(KIND_ADGROUP, "budget", smart, PATH, owner);
    must_say(KIND_ADGROUP, "budget", smart, PATH, "Ads Manager");
    must_say(KIND_ADGROUP, "budget", cbo, NULL, "../../budget");
    must_say(KIND_CAMPAIGN, "budget", smart, NULL, "Ads Manager");
}

static void test_fixed(void)
{
    must_say(KIND_ADGROUP, "budget_mode", adgroup, PATH,
             "budget_mode: a budget mode can not change");
    must_say(KIND_CAMPAIGN, "budget_mode", campaign, NULL, "can not change");
    must_say(KIND_ADGROUP, "budget_next", adgroup, PATH, "write \"60 at midnight\" to budget");
    must_say(KIND_CAMPAIGN, "budget", CAMPAIGN(INFINITE, "0"), NULL, "budget mode can not change");
}

/* What is wrong with it, in words, and what would be right. */
static void test_named(void)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"-5", "a sign"},
        {"7,500", "thousands"},
        {"7'500", "thousands"},
        {"1e3", "an exponent"},
        {"\xd9\xa5\xd9\xa0", "digits other than 0 to 9"},
        {"\xef\xbc\x95", "digits other than 0 to 9"},
        {"USD 500", "account's currency"},
        {"500\xe2\x82\xac", "account's currency"},
        {"500 ", "a blank"},
        {"+10", "a sign"},
        {"10%", "percentage"},
        {"500!!", "the !"},
        {"5.0.0", "more than one point"},
        {"500.", "digits on both sides"},
        {"!", "no digits"},
        {"99999999999999999999", "more digits"},
        {"5\n6", "more than one line"},
        {"5\x1b[31m", "control character U+001B"},
        {"\xff", "not UTF-8"},
        {"", "an empty value"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *says =
            g_strconcat(cases[i].says, "|write digits with at most 2 decimals and a newline", NULL);
        Case row = {adgroup,     NULL, "budget", cases[i].text, 0, .kind = API_ERROR_INVALID,
                    .says = says};

        check(&row, KIND_ADGROUP);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/attr-money/a-daily-budget-can-wait-for-midnight", test_midnight);
    g_test_add_func("/attr-money/a-planned-budget-can-be-forced", test_midnight_force);
    g_test_add_func("/attr-money/five-minutes-before-midnight-nothing-is-planned", test_closed);
    g_test_add_func("/attr-money/midnight-is-that-of-the-account", test_midnight_of_zone);
    g_test_add_func("/attr-money/a-lifetime-budget-does-for-its-days", test_lifetime);
    g_test_add_func("/attr-money/a-bid-is-below-both-budgets", test_bid);
    g_test_add_func("/attr-money/what-is-there-can-be-written-back", test_as_it_is);
    g_test_add_func("/attr-money/delete-needs-an-option", test_delete);
    g_test_add_func("/attr-money/who-owns-the-budget-is-named", test_owner);
    g_test_add_func("/attr-money/a-mode-can-not-change-and-says-so", test_fixed);
    g_test_add_func("/attr-money/what-is-wrong-is-named-and-what-is-right", test_named);
    return g_test_run();
}
