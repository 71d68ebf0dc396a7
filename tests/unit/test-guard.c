/* SPDX-License-Identifier: MIT */
/* test-guard.c - the guards that see one value. */
#include "cache/guard.h"

#include <string.h>

#include "api/error.h"

static const GuardAmount most_budget[] = {{"USD", 1000000000}, {"JPY", 100000000000}, {"", 0}};
static const GuardAmount most_bid[] = {{"USD", 5500000}, {"", 0}};

typedef struct {
    const char *member, *value, *current;
    gboolean force;
    const char *texts; /* parts of what is said, separated by |; NULL: it is allowed */
} Case;

static void check(const Guards *guards, const char *currency, const Case *row)
{
    g_autoptr(Object) current = object_new(row->current, -1, NULL);
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) texts = g_strsplit(row->texts != NULL ? row->texts : "", "|", -1);
    Update update = {.kind = KIND_ADGROUP,
                     .member = (char *)row->member,
                     .value = (char *)row->value,
                     .amount = strstr(row->member, "status") == NULL,
                     .current = current};
    gboolean allowed = guard_allows(guards, &update, currency, row->force, &error);

    if (allowed != (row->texts == NULL))
        g_error("%s %s: %s", row->member, row->value, error != NULL ? error->message : "allowed");
    if (allowed) {
        g_assert_no_error(error);
        return;
    }
    g_assert_error(error, API_ERROR, API_ERROR_RANGE);
    for (guint i = 0; texts[i] != NULL; i++)
        if (strstr(error->message, texts[i]) == NULL)
            g_error("'%s' is not in: %s", texts[i], error->message);
}

static void test_increase(void)
{
    static const Guards guards = {.max_increase = 50};
    static const Case cases[] = {
        {"budget", "750", "{\"budget\":500}", FALSE, NULL},
        {"budget", "750.00", "{\"budget\":\"500.0\"}", FALSE, NULL},
        {"budget", "750.01", "{\"budget\":500}", FALSE,
         "budget: 750.01|50 %|500 (max_increase)|write '750.01!'"},
        {"budget", "750.01", "{\"budget\":500}", TRUE, NULL},
        {"budget", "1", "{\"budget\":500}", FALSE, NULL},
        {"budget", "0.000001", "{\"budget\":0}", FALSE, "above 0"},
        {"bid_price", "1.51", "{\"bid_price\":1,\"budget\":500}", FALSE, "bid: 1.51|above 1 "},
        {"conversion_bid_price", "1.50", "{\"conversion_bid_price\":1}", FALSE, NULL},
        /* What holds now grows at midnight, whatever was planned before. */
        {"scheduled_budget", "750", "{\"budget\":500,\"scheduled_budget\":0}", FALSE, NULL},
        {"scheduled_budget", "751", "{\"budget\":500,\"scheduled_budget\":900}", FALSE,
         "budget: 751|write '751! at midnight'"},
        /* More than can be counted is none the less measured. */
        {"budget", "9223372036854", "{\"budget\":1}", FALSE, "max_increase"},
        {"operation_status", "ENABLE", "{}", FALSE, NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        check(&guards, "USD", &cases[i]);
}

static void test_increase_closed(void)
{
    static const Guards guards = {.max_increase = 50};
    static const Case cases[] = {
        {"budget", "1", "{}", FALSE, "budget: the present value is not known|max_increase|'1!'"},
        {"budget", "1", "{\"budget\":null}", FALSE, "not known"},
        {"budget", "1", "{\"budget\":-5}", FALSE, "not known"},
        {"budget", "1", "{\"budget\":\"x\"}", FALSE, "not known"},
        {"budget", "1", "{}", TRUE, NULL},
        {"scheduled_budget", "1", "{\"scheduled_budget\":5}", FALSE, "'1! at midnight'"},
        {"some_amount", "1", "{\"some_amount\":1}", FALSE, "no guard knows"},
        {"some_amount", "1", "{\"some_amount\":1}", TRUE, "no guard knows"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        check(&guards, "USD", &cases[i]);
}

static void test_amounts(void)
{
    static const Guards guards = {
        .max_increase = 100, .max_budget = most_budget, .max_bid = most_bid};
    static const Case usd[] = {
        {"budget", "1000", "{\"budget\":900}", FALSE, NULL},
        {"budget", "1000.01", "{\"budget\":900}", FALSE,
         "budget: 1000.01|1000 USD (max_budget)|raise max_budget"},
        /* 500! is for max_increase alone. */
        {"budget", "1000.01", "{\"budget\":1}", TRUE, "max_budget"},
        {"budget", "1000", "{\"budget\":1}", TRUE, NULL},
        {"scheduled_budget", "1001", "{\"budget\":900}", FALSE, "max_budget"},
        {"bid_price", "5.50", "{\"bid_price\":5}", FALSE, NULL},
        {"bid_price", "5.51", "{\"bid_price\":5}", FALSE, "bid: 5.51|5.5 USD (max_bid)"},
        {"conversion_bid_price", "5.51", "{\"conversion_bid_price\":5}", TRUE, "max_bid"},
    };
    static const Case other[] = {
        {"budget", "1", "{\"budget\":1}", FALSE, "EUR|max_budget|EUR:AMOUNT"},
        {"bid_price", "1", "{\"bid_price\":1}", TRUE, "EUR|max_bid|EUR:AMOUNT"},
        {"operation_status", "ENABLE", "{}", FALSE, NULL},
    };
    static const Case unknown = {"budget", "1", "{\"budget\":1}", TRUE,
                                 "currency is not known|max_budget"};

    for (gsize i = 0; i < G_N_ELEMENTS(usd); i++)
        check(&guards, "USD", &usd[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(other); i++)
        check(&guards, "EUR", &other[i]);
    check(&guards, NULL, &unknown);
    check(&guards, "", &unknown);
}

static void test_none(void)
{
    static const Guards guards = {.max_increase = G_MAXUINT};
    static const Case cases[] = {
        {"budget", "99999999", "{}", FALSE, NULL},
        {"some_amount", "1", "{}", FALSE, NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        check(&guards, NULL, &cases[i]);
        check(NULL, NULL, &cases[i]);
    }
}

static void test_must_read(void)
{
    static const Guards half = {.max_increase = 50};
    static const Guards none = {.max_increase = G_MAXUINT, .max_budget = most_budget};

    g_assert_true(guard_must_read(&half, TRUE, FALSE));
    g_assert_false(guard_must_read(&half, TRUE, TRUE));
    g_assert_false(guard_must_read(&half, FALSE, FALSE));
    g_assert_false(guard_must_read(&none, TRUE, FALSE));
    g_assert_false(guard_must_read(NULL, TRUE, FALSE));
}

static void test_file(void)
{
    g_assert_cmpstr(guard_file("scheduled_budget"), ==, "budget");
    g_assert_cmpstr(guard_file("conversion_bid_price"), ==, "bid");
    g_assert_cmpstr(guard_file("operation_status"), ==, "status");
    g_assert_cmpstr(guard_file("adgroup_name"), ==, "name");
    g_assert_cmpstr(guard_file("pacing"), ==, "pacing");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/guard/max-increase-is-measured-from-what-holds", test_increase);
    g_test_add_func("/guard/max-increase-is-closed-where-it-can-not-be-told", test_increase_closed);
    g_test_add_func("/guard/max-budget-and-max-bid-by-currency", test_amounts);
    g_test_add_func("/guard/what-is-not-set-guards-nothing", test_none);
    g_test_add_func("/guard/only-max-increase-needs-the-present-value", test_must_read);
    g_test_add_func("/guard/a-member-is-called-as-its-file", test_file);
    return g_test_run();
}
