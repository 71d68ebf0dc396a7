/* SPDX-License-Identifier: MIT */
/* test-draft-value.c - the files of drafts: their tables, what may be written, and what is sent. */
#include "fs/draft-table.h"

#include <string.h>

#include "api/error.h"

static DraftView view_of(ObjectKind kind, const Object *values)
{
    return (DraftView){.kind = kind,
                       .name = "spring",
                       .values = values,
                       .currency = currency_find("USD"),
                       .now_us = G_GINT64_CONSTANT(1795000000) * G_USEC_PER_SEC};
}

/* ---- the tables ---- */

static void test_tables(void)
{
    for (ObjectKind kind = KIND_CAMPAIGN; kind <= KIND_AD; kind++) {
        guint8 seen[256] = {0};
        const DraftRow *row;

        g_assert_nonnull(draft_row(kind, 0));
        for (guint i = 0; (row = draft_row(kind, i)) != NULL; i++) {
            const DraftRow *next = draft_row(kind, i + 1);

            g_assert_cmpuint(row->slot, >=, 64);
            g_assert_cmpuint(row->slot, <=, 159);
            g_assert_cmpuint(seen[row->slot]++, ==, 0);
            g_assert_true(draft_row_find(kind, row->name) == row);
            g_assert_true(draft_row_of_slot(kind, row->slot) == row);
            g_assert_true(next == NULL || strcmp(row->name, next->name) < 0);
            g_assert_cmpuint(strlen(row->hint), >, 0);
        }
        g_assert_null(draft_row_find(kind, "nothing"));
        /* What an object shows and lets be written, its draft has too. */
        for (gsize i = 0; i < attr_table(kind)->n_rows; i++)
            if (attr_table(kind)->rows[i].commit != NULL)
                g_assert_nonnull(draft_row_find(kind, attr_table(kind)->rows[i].name));
    }
}

/* ---- values ---- */

static void check_parsed(ObjectKind kind, const char *file, const char *text, const char *raw,
                         const char *shown)
{
    g_autoptr(Object) none = object_new("{}", -1, NULL);
    DraftView view = view_of(kind, none);
    const DraftRow *row = draft_row_find(kind, file);
    g_autoptr(GError) error = NULL;
    g_autofree char *parsed = draft_parse(row, &view, text, &error);
    g_autofree char *json = g_strdup_printf("{\"%s\":%s}", file, parsed);
    g_autoptr(Object) values = object_new(json, -1, NULL);
    g_autoptr(GString) out = g_string_new(NULL);

    g_assert_no_error(error);
    g_assert_cmpstr(parsed, ==, raw);
    view.values = values;
    draft_render(row, &view, out);
    g_assert_cmpstr(out->str, ==, shown);
}

static void test_parse(void)
{
    check_parsed(KIND_CAMPAIGN, "objective", "REACH", "\"REACH\"", "REACH");
    check_parsed(KIND_CAMPAIGN, "objective", "NEXT_MONTHS_WORD", "\"NEXT_MONTHS_WORD\"",
                 "NEXT_MONTHS_WORD");
    check_parsed(KIND_CAMPAIGN, "budget", "750", "750.00", "750.00");
    check_parsed(KIND_CAMPAIGN, "budget", "750.5", "750.50", "750.50");
    check_parsed(KIND_CAMPAIGN, "name", "Späti \"24\"", "\"Späti \\\"24\\\"\"", "Späti \"24\"");
    check_parsed(KIND_CAMPAIGN, "name", "", "null", "spring");
    check_parsed(KIND_CAMPAIGN, "status", "ENABLE", "\"ENABLE\"", "ENABLE");
    check_parsed(KIND_CAMPAIGN, "status", "", "null", "DISABLE");
    check_parsed(KIND_CAMPAIGN, "budget_optimize_on", "true", "true", "true");
    check_parsed(KIND_CAMPAIGN, "special_industries", "HOUSING, CREDIT", "[\"HOUSING\",\"CREDIT\"]",
                 "HOUSING CREDIT");
    check_parsed(KIND_CAMPAIGN, "special_industries", "[\"a b\"]", "[\"a b\"]", "[\"a b\"]");
    check_parsed(KIND_ADGROUP, "schedule_start", "2026-12-01T00:00:00Z", "\"2026-12-01 00:00:00\"",
                 "2026-12-01 00:00:00");
    check_parsed(KIND_ADGROUP, "schedule_start", "now", "\"now\"", "now");
    check_parsed(KIND_ADGROUP, "actions", "[{\"a\": 1}]", "[{\"a\": 1}]", "[{\"a\": 1}]");
    check_parsed(KIND_AD, "tracking_pixel_id", "7123456789012345678", "7123456789012345678",
                 "7123456789012345678");
    check_parsed(KIND_AD, "text", "Jetzt Probe fahren", "\"Jetzt Probe fahren\"",
                 "Jetzt Probe fahren");
}

static void check_refused(ObjectKind kind, const char *file, const char *text)
{
    g_autoptr(Object) none = object_new("{\"budget_mode\":\"BUDGET_MODE_DAY\"}", -1, NULL);
    DraftView view = view_of(kind, none);
    g_autoptr(GError) error = NULL;
    g_autofree char *parsed = draft_parse(draft_row_find(kind, file), &view, text, &error);

    g_assert_null(parsed);
    g_assert_true(g_error_matches(error, API_ERROR, API_ERROR_INVALID) ||
                  g_error_matches(error, API_ERROR, API_ERROR_RANGE));
    g_assert_nonnull(strstr(error->message, file));
}

static void test_refused(void)
{
    char *wide = g_strnfill(101, 'x');

    check_refused(KIND_CAMPAIGN, "objective", "TWO WORDS");
    check_refused(KIND_CAMPAIGN, "objective", "A\nB");
    check_refused(KIND_CAMPAIGN, "objective", "\xff");
    check_refused(KIND_CAMPAIGN, "objective", "A\x01");
    check_refused(KIND_CAMPAIGN, "budget", "49.99");
    check_refused(KIND_CAMPAIGN, "budget", "75.005");
    check_refused(KIND_CAMPAIGN, "budget", "-75");
    check_refused(KIND_CAMPAIGN, "budget", "1e3");
    check_refused(KIND_CAMPAIGN, "budget", "60 at midnight");
    check_refused(KIND_CAMPAIGN, "name", "🚀");
    check_refused(KIND_CAMPAIGN, "status", "DELETE");
    check_refused(KIND_CAMPAIGN, "status", "enable");
    check_refused(KIND_CAMPAIGN, "budget_optimize_on", "yes");
    check_refused(KIND_CAMPAIGN, "roas_bid", "x");
    check_refused(KIND_ADGROUP, "deep_cpa_bid", "1.001");
    check_refused(KIND_ADGROUP, "schedule_start", "tomorrow");
    check_refused(KIND_ADGROUP, "schedule_start", "2026-13-01 00:00:00");
    check_refused(KIND_ADGROUP, "schedule_end", "now");
    check_refused(KIND_ADGROUP, "location_ids", "[1,2]");
    check_refused(KIND_ADGROUP, "location_ids", "[\"1\"");
    check_refused(KIND_ADGROUP, "actions", "{}");
    check_refused(KIND_AD, "text", wide);
    g_free(wide);
}

static void test_yen(void)
{
    g_autoptr(Object) none = object_new("{\"budget_mode\":\"BUDGET_MODE_DAY\"}", -1, NULL);
    DraftView view = view_of(KIND_CAMPAIGN, none);
    const DraftRow *row = draft_row_find(KIND_CAMPAIGN, "budget");
    g_autofree char *good = NULL;

    view.currency = currency_find("JPY");
    g_assert_null(draft_parse(row, &view, "4999", NULL));
    g_assert_null(draft_parse(row, &view, "5000.5", NULL));
    good = draft_parse(row, &view, "5000", NULL);
    g_assert_cmpstr(good, ==, "5000");
}

/* ---- taken over ---- */

static void test_take(void)
{
    g_autoptr(Object) object = object_new(
        "{\"advertiser_id\":\"7\",\"campaign_id\":\"17\",\"adgroup_id\":\"18\",\"adgroup_name\":"
        "\"A\","
        "\"operation_status\":\"ENABLE\",\"secondary_status\":\"ADGROUP_STATUS_DELIVERY_OK\","
        "\"create_time\":\"2026-10-02 "
        "08:12:00\",\"budget\":500.10,\"budget_mode\":\"BUDGET_MODE_DAY\","
        "\"bid_price\":0,\"conversion_bid_price\":2.5,\"location_ids\":[\"1\"],\"languages\":[],"
        "\"app_id\":null,\"pixel_id\":71,\"roas_bid\":\"1.5\",\"dayparting\":\"\",\"gender\":\"G\","
        "\"comment_disabled\":false,\"scheduled_budget\":60}",
        -1, NULL);
    g_autofree char *patch = draft_take(KIND_ADGROUP, object);

    g_assert_cmpstr(patch, ==,
                    "{\"bid\":2.5,\"budget\":500.10,\"budget_mode\":\"BUDGET_MODE_DAY\","
                    "\"comment_disabled\":false,\"gender\":\"G\",\"location_ids\":[\"1\"],"
                    "\"pixel_id\":\"71\",\"roas_bid\":1.5}");
}

/* ---- judged ---- */

static char *problems_of(ObjectKind kind, const char *json, const char *parent)
{
    g_autoptr(Object) values = object_new(json, -1, NULL);
    g_autoptr(Object) above = parent != NULL ? object_new(parent, -1, NULL) : NULL;
    DraftView view = view_of(kind, values);
    GString *files = g_string_new(NULL);
    g_auto(GStrv) lines = NULL;

    view.parent = above;
    lines = draft_problems(&view);
    for (guint i = 0; lines[i] != NULL; i++)
        g_string_append_printf(files, "%.*s ", (int)strcspn(lines[i], ":"), lines[i]);
    return g_string_free(files, FALSE);
}

static void check_problems(ObjectKind kind, const char *json, const char *parent,
                           const char *expected)
{
    g_autofree char *files = problems_of(kind, json, parent);

    g_assert_cmpstr(files, ==, expected);
}

#define GOOD_ADGROUP                                                                               \
    "\"billing_event\":\"CPC\",\"optimization_goal\":\"CLICK\",\"pacing\":\"P\",\"schedule_"       \
    "type\":"                                                                                      \
    "\"SCHEDULE_FROM_NOW\",\"schedule_start\":\"now\",\"placements\":[\"P\"],\"location_ids\":["   \
    "\"1\"]"

static void test_problems(void)
{
    check_problems(KIND_CAMPAIGN, "{}", NULL, "budget_mode objective ");
    check_problems(KIND_CAMPAIGN, "{\"objective\":\"REACH\",\"budget_mode\":\"BUDGET_MODE_DAY\"}",
                   NULL, "budget ");
    check_problems(KIND_CAMPAIGN,
                   "{\"objective\":\"REACH\",\"budget_mode\":\"BUDGET_MODE_INFINITE\"}", NULL, "");
    check_problems(KIND_CAMPAIGN,
                   "{\"objective\":\"REACH\",\"budget_mode\":\"BUDGET_MODE_INFINITE\","
                   "\"budget\":70}",
                   NULL, "budget ");
    /* It was in range as long as there was no mode. */
    check_problems(KIND_CAMPAIGN,
                   "{\"objective\":\"REACH\",\"budget_mode\":\"BUDGET_MODE_DAY\",\"budget\":7}",
                   NULL, "budget ");
    check_problems(KIND_CAMPAIGN, "{\"objective\":\"RF_REACH\"}", NULL, "");
    check_problems(KIND_ADGROUP, "{}", NULL,
                   "billing_event budget budget_mode location_ids optimization_goal pacing "
                   "placements schedule_start schedule_type ");
    check_problems(KIND_ADGROUP, "{" GOOD_ADGROUP "}", NULL, "budget budget_mode ");
    check_problems(KIND_ADGROUP, "{" GOOD_ADGROUP "}", "{\"budget_optimize_on\":true}", "");
    check_problems(KIND_ADGROUP, "{" GOOD_ADGROUP ",\"bid_type\":\"BID_TYPE_CUSTOM\"}",
                   "{\"budget_optimize_on\":true,\"objective_type\":\"APP_PROMOTION\"}",
                   "app_id bid operating_systems ");
    check_problems(KIND_ADGROUP,
                   "{\"billing_event\":\"CPC\",\"optimization_goal\":\"CLICK\",\"pacing\":\"P\","
                   "\"schedule_type\":\"SCHEDULE_START_END\",\"schedule_start\":"
                   "\"2026-01-01 00:00:00\",\"schedule_end\":\"2025-01-01 00:00:00\","
                   "\"placement_type\":\"PLACEMENT_TYPE_AUTOMATIC\",\"zipcode_ids\":[\"1\"]}",
                   "{\"budget_optimize_on\":true}", "schedule_end schedule_start ");
    check_problems(KIND_AD, "{}", NULL, "format identity_id identity_type text ");
    check_problems(KIND_AD,
                   "{\"format\":\"SINGLE_VIDEO\",\"identity_id\":\"1\",\"identity_type\":"
                   "\"BC_AUTH_TT\",\"text\":\"x\"}",
                   NULL, "identity_authorized_bc_id image_ids video_id ");
    check_problems(KIND_AD,
                   "{\"format\":\"SINGLE_VIDEO\",\"identity_id\":\"1\",\"identity_type\":"
                   "\"TT_USER\",\"tiktok_item_id\":\"7\"}",
                   NULL, "");
}

static void test_members(void)
{
    g_autoptr(Object) values =
        object_new("{\"billing_event\":\"OCPM\",\"bid\":2.50,\"schedule_start\":\"now\",\"name\":"
                   "null,\"location_ids\":[\"1\"]}",
                   -1, NULL);
    DraftView view = view_of(KIND_ADGROUP, values);
    g_autofree char *members = draft_members(&view);

    g_assert_cmpstr(members, ==,
                    "{\"conversion_bid_price\":2.50,\"billing_event\":\"OCPM\",\"location_ids\":"
                    "[\"1\"],\"adgroup_name\":\"spring\",\"schedule_start_time\":"
                    "\"2026-11-18 11:06:40\",\"operation_status\":\"DISABLE\"}");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/draft-value/tables", test_tables);
    g_test_add_func("/draft-value/parse", test_parse);
    g_test_add_func("/draft-value/refused", test_refused);
    g_test_add_func("/draft-value/yen", test_yen);
    g_test_add_func("/draft-value/take", test_take);
    g_test_add_func("/draft-value/problems", test_problems);
    g_test_add_func("/draft-value/members", test_members);
    return g_test_run();
}
