/* SPDX-License-Identifier: MIT */
/* test-attr.c - attribute rows: what the tables promise, what is shown, and what
   may not be changed. */
#include "fs/attr.h"

#include <string.h>

#include "api/error.h"
#include "fs/node.h"
#include "tests/unit/attr-subject.h"

/* ---- the tables ---- */

static const ObjectKind kinds[] = {KIND_ADVERTISER, KIND_CAMPAIGN, KIND_ADGROUP, KIND_AD};

typedef void (*RowFunc)(ObjectKind kind, const AttrRow *row, const AttrRow *before);

static void each_row(RowFunc check)
{
    for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++) {
        const AttrTable *table = attr_table(kinds[k]);

        g_assert_cmpuint(table->n_rows, >, 0);
        for (gsize i = 0; i < table->n_rows; i++)
            check(kinds[k], &table->rows[i], i > 0 ? &table->rows[i - 1] : NULL);
    }
}

static void check_order(ObjectKind kind, const AttrRow *row, const AttrRow *before)
{
    if (before != NULL)
        g_assert_cmpstr(before->name, <, row->name);
    g_assert_true(attr_find(kind, row->name) == row);
}

static void test_sorted(void)
{
    each_row(check_order);
    g_assert_null(attr_find(KIND_CAMPAIGN, "bid"));
    g_assert_null(attr_find(KIND_CAMPAIGN, ""));
    g_assert_null(attr_find(KIND_CAMPAIGN, "budge"));
    g_assert_null(attr_find(KIND_NONE, "name"));
    g_assert_cmpuint(attr_table(KIND_NONE)->n_rows, ==, 0);
}

/* Found by its slot, a row is itself: so no two of a table have the same one. */
static void check_slot(ObjectKind kind, const AttrRow *row, const AttrRow *before)
{
    g_assert_cmpuint(row->slot, >=, SLOT_ATTR_FIRST);
    g_assert_cmpuint(row->slot, <=, SLOT_ATTR_LAST);
    g_assert_true(attr_of_slot(kind, row->slot) == row);
}

static void test_slots(void)
{
    each_row(check_slot);
    g_assert_null(attr_of_slot(KIND_AD, SLOT_ATTR_LAST));
    g_assert_null(attr_of_slot(KIND_AD, SLOT_SELF));
    g_assert_null(attr_of_slot(KIND_NONE, SLOT_ATTR_FIRST));
}

static void check_functions(ObjectKind kind, const AttrRow *row, const AttrRow *before)
{
    g_assert_nonnull(row->render);
    if (row->commit != NULL)
        g_assert_nonnull(row->refuse);
    if (row->number)
        g_assert_nonnull(row->commit);
    if (row->number)
        g_assert_true(row->money);
}

static void test_functions(void)
{
    each_row(check_functions);
}

/* Slots are in inodes that survive a remount: these stay, new ones are added. */
static void test_slots_stay(void)
{
    static const char *const known[N_KINDS] = {
        [KIND_ADVERTISER] = "64 balance, 65 currency, 66 name, 67 role, 68 status, 69 timezone, ",
        [KIND_CAMPAIGN] = "64 budget, 65 budget_mode, 66 created, 67 delivery, 68 modified, "
                          "69 name, 70 objective, 71 status, ",
        [KIND_ADGROUP] = "64 bid, 65 bid_type, 66 billing_event, 67 budget, 68 budget_mode, "
                         "69 budget_next, 70 created, 71 delivery, 72 modified, 73 name, "
                         "74 optimization_goal, 75 pacing, 76 schedule_end, 77 schedule_start, "
                         "78 status, ",
        [KIND_AD] = "64 created, 65 delivery, 66 format, 67 landing_page, 68 modified, 69 name, "
                    "70 status, 71 text, ",
    };

    for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++) {
        const AttrTable *table = attr_table(kinds[k]);
        g_autoptr(GString) all = g_string_new(NULL);

        for (gsize i = 0; i < table->n_rows; i++)
            g_string_append_printf(all, "%u %s, ", table->rows[i].slot, table->rows[i].name);
        g_assert_cmpstr(all->str, ==, known[kinds[k]]);
    }
}

/* ---- shown ---- */

static void test_shown(void)
{
    /* clang-format off */
    static const struct {
        Subject subject;
        const char *text;
    } cases[] = {
        {{KIND_CAMPAIGN, "USD", "budget", CAMPAIGN(DAY, "500")},            "500.00"},
        {{KIND_CAMPAIGN, "USD", "budget", CAMPAIGN(DAY, "500.5")},          "500.50"},
        {{KIND_CAMPAIGN, "USD", "budget", CAMPAIGN(TOTAL, "1E2")},          "100.00"},
        {{KIND_CAMPAIGN, "JPY", "budget", CAMPAIGN(DAY, "7500.0")},         "7500"},
        {{KIND_CAMPAIGN, "XXX", "budget", CAMPAIGN(DAY, "500")},            "500.00"},
        {{KIND_CAMPAIGN, "USD", "budget", CAMPAIGN(INFINITE, "0")},         ""},
        {{KIND_CAMPAIGN, "USD", "budget", CAMPAIGN(DAY, "null")},           ""},
        {{KIND_CAMPAIGN, "USD", "budget", "{}"},                            ""},
        {{KIND_CAMPAIGN, "USD", "budget_mode", CAMPAIGN(INFINITE, "0")},    INFINITE},
        {{KIND_ADGROUP, "USD", "budget", ADGROUP(INFINITE, "0", CPC_BIDS)}, ""}, /* CBO */
        {{KIND_ADGROUP, "JPY", "budget", ADGROUP(DAY, "2000", CPC_BIDS)},   "2000"},
        {{KIND_ADGROUP, "USD", "budget_next", adgroup},                     ""},
        {{KIND_ADGROUP, "USD", "budget_next", "{\"scheduled_budget\":0.0}"}, ""},
        {{KIND_ADGROUP, "USD", "budget_next", "{\"scheduled_budget\":75}"}, "75.00"},
        {{KIND_ADGROUP, "JPY", "budget_next", "{\"scheduled_budget\":75}"}, "75"},
        {{KIND_ADGROUP, "USD", "bid", adgroup},                             "0.35"},
        {{KIND_ADGROUP, "USD", "bid", ADGROUP(DAY, "50", BIDS("BID_TYPE_CUSTOM", "OCPM"))}, "12.50"},
        {{KIND_ADGROUP, "USD", "bid", ADGROUP(DAY, "50", BIDS("BID_TYPE_NO_BID", "CPC"))},  ""},
        {{KIND_ADGROUP, "USD", "bid", ADGROUP(DAY, "50", BIDS("BID_TYPE_NO_BID", "OCPM"))}, ""},
        {{KIND_ADVERTISER, "EUR", "balance", "{\"balance\":1840.5}"},       "1840.50"},
        {{KIND_ADVERTISER, "EUR", "balance", "{\"balance\":-3}"},           "-3.00"},
        {{KIND_AD, "USD", "name", "{\"ad_name\":\"Gr\\u00fcn \\\"1\\\"\"}"}, "Grün \"1\""},
        {{KIND_AD, "USD", "text", "{\"ad_text\":null}"},                    ""},
        {{KIND_AD, "USD", "status", "{\"operation_status\":\"FROZEN\"}"},   "FROZEN"},
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const AttrRow *row = attr_find(cases[i].subject.kind, cases[i].subject.file);
        g_autoptr(Object) object = subject_object(&cases[i].subject);
        AttrView view = subject_view(&cases[i].subject, object);
        g_autoptr(GString) out = g_string_new(NULL);

        row->render(row, &view, out);
        g_assert_cmpstr(out->str, ==, cases[i].text);
    }
}

/* ---- the same, and not allowed ---- */

static void test_same(void)
{
    g_autoptr(Object) object = object_new(
        "{\"budget\":500.0,\"bid_price\":null,\"campaign_name\":\"Gr\\u00fcn\"}", -1, NULL);
    static const struct {
        const char *member, *value;
        gboolean amount, same;
    } cases[] = {
        {"budget", "500.00", TRUE, TRUE},        {"budget", "500", TRUE, TRUE},
        {"budget", "500.01", TRUE, FALSE},       {"bid_price", "0", TRUE, FALSE},
        {"roas_bid", "0", TRUE, FALSE},          {"campaign_name", "Grün", FALSE, TRUE},
        {"campaign_name", "grün", FALSE, FALSE}, {"operation_status", "ENABLE", FALSE, FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(AttrChange) change = {cases[i].member, g_strdup(cases[i].value), cases[i].amount};

        g_assert_cmpint(attr_is_same(&change, object), ==, cases[i].same);
    }
}

/* What cat prints can be written back, and changes nothing. */
static void test_shown_is_same(void)
{
    static const Subject *const subjects[] = {&usd, &usd_adgroup, &bid};

    for (gsize i = 0; i < G_N_ELEMENTS(subjects); i++) {
        const AttrRow *row = attr_find(subjects[i]->kind, subjects[i]->file);
        g_autoptr(Object) object = subject_object(subjects[i]);
        AttrView view = subject_view(subjects[i], object);
        g_autoptr(GString) shown = g_string_new(NULL);
        g_auto(AttrChange) change = {0};

        row->render(row, &view, shown);
        g_assert_true(attr_change(row, &view, shown->str, &change, NULL));
        g_assert_true(attr_is_same(&change, object));
    }
}

static void test_refuse(void)
{
    static const char smart[] = "{\"campaign_automation_type\":\"UPGRADED_SMART_PLUS\","
                                "\"operation_status\":\"ENABLE\",\"budget_mode\":\"" DAY "\"}";
    static const char derived[] = "{\"campaign_id\":\"1\",\"campaign_name\":\"x\"}";
    static const char no_bid[] = ADGROUP(DAY, "50", BIDS("BID_TYPE_NO_BID", "OCPM"));
    static const char under_cbo[] = ADGROUP(INFINITE, "0", CPC_BIDS);
    /* clang-format off */
    static const struct {
        Subject subject;
        const char *why; /* NULL: it may be changed */
    } cases[] = {
        {{KIND_CAMPAIGN, "USD", "budget", campaign},               NULL},
        {{KIND_CAMPAIGN, "USD", "status", campaign},               NULL},
        {{KIND_CAMPAIGN, "USD", "name", campaign},                 NULL},
        {{KIND_CAMPAIGN, "USD", "budget", CAMPAIGN(INFINITE, "0")}, "unlimited"},
        {{KIND_CAMPAIGN, "USD", "name", CAMPAIGN(INFINITE, "0")},  NULL},
        {{KIND_CAMPAIGN, "USD", "budget", smart},                  "Smart+"},
        {{KIND_CAMPAIGN, "USD", "status", smart},                  "Smart+"},
        {{KIND_AD, "USD", "name", smart},                          "Smart+"},
        {{KIND_CAMPAIGN, "USD", "name", derived},                  "does not list"},
        {{KIND_ADGROUP, "USD", "bid", derived},                    "does not list"},
        {{KIND_ADGROUP, "USD", "budget", adgroup},                 NULL},
        {{KIND_ADGROUP, "USD", "budget", under_cbo},               "../../budget"},
        {{KIND_ADGROUP, "USD", "bid", under_cbo},                  NULL},
        {{KIND_ADGROUP, "USD", "bid", adgroup},                    NULL},
        {{KIND_ADGROUP, "USD", "bid", no_bid},                     "BID_TYPE_CUSTOM"},
        {{KIND_ADGROUP, "USD", "budget", no_bid},                  NULL},
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const AttrRow *row = attr_find(cases[i].subject.kind, cases[i].subject.file);
        g_autoptr(Object) object = subject_object(&cases[i].subject);
        AttrView view = subject_view(&cases[i].subject, object);
        g_autoptr(GError) error = NULL;

        g_assert_cmpint(row->refuse(row, &view, &error), ==, cases[i].why != NULL);
        g_assert_cmpint(error != NULL, ==, cases[i].why != NULL);
        if (error != NULL) {
            g_assert_error(error, API_ERROR, API_ERROR_DENIED);
            g_assert_nonnull(strstr(error->message, cases[i].why));
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/attr/tables-are-sorted-and-found", test_sorted);
    g_test_add_func("/attr/slots-are-unique-and-in-range", test_slots);
    g_test_add_func("/attr/slots-are-never-renumbered", test_slots_stay);
    g_test_add_func("/attr/every-file-shows-and-what-writes-can-refuse", test_functions);
    g_test_add_func("/attr/shows-what-the-object-has", test_shown);
    g_test_add_func("/attr/same-value", test_same);
    g_test_add_func("/attr/what-is-shown-can-be-written-back", test_shown_is_same);
    g_test_add_func("/attr/objects-that-refuse", test_refuse);
    return g_test_run();
}
