/* SPDX-License-Identifier: MIT */
/* test-table-row.c - an object as a row, and what a row that was written back asks for. */
#include "fs/table-row.h"

#include <string.h>

#include "api/error.h"
#include "tests/unit/attr-subject.h"

#define NAMED                                                                                      \
    "{\"campaign_id\":\"71\",\"campaign_name\":\"%s\",\"budget\":500,\"budget_mode\":\"" DAY       \
    "\",\"operation_status\":\"ENABLE\",\"create_time\":\"2026-01-02 03:04:05\","                  \
    "\"modify_time\":\"2026-11-20 16:40:03\",\"secondary_status\":\"OK\","                         \
    "\"objective_type\":\"TRAFFIC\"}"

typedef struct {
    Object *object;
    AttrView view;
} One;

static void one_init(One *one, ObjectKind kind, const char *json)
{
    g_autoptr(GError) error = NULL;

    one->object = object_new(json, -1, &error);
    g_assert_no_error(error);
    one->view = (AttrView){one->object, kind, currency_find("USD")};
}

static void one_named(One *one, const char *name)
{
    g_autofree char *json = g_strdup_printf(NAMED, name);

    one_init(one, KIND_CAMPAIGN, json);
}

static void one_clear(One *one)
{
    object_unref(one->object);
}

/* ---- show ---- */

static void assert_head(ObjectKind kind, const char *wanted)
{
    g_autoptr(GString) out = g_string_new(NULL);

    table_head_text(table_shape(kind), out);
    g_assert_cmpstr(out->str, ==, wanted);
}

static void test_heads(void)
{
    assert_head(KIND_CAMPAIGN,
                "id,budget,budget_mode,created,delivery,modified,name,objective,status\n");
    assert_head(KIND_ADGROUP,
                "id,campaign_id,bid,bid_type,billing_event,budget,budget_mode,budget_next,created,"
                "delivery,modified,name,optimization_goal,pacing,schedule_end,schedule_start,"
                "status\n");
    assert_head(KIND_AD, "id,campaign_id,adgroup_id,created,delivery,format,landing_page,modified,"
                         "name,status,text\n");
}

/* A new file of a directory is a new column, and neither table nor its reader may be too small. */
static void test_columns_are_files(void)
{
    for (int kind = KIND_CAMPAIGN; kind <= KIND_AD; kind++) {
        const TableShape *shape = table_shape((ObjectKind)kind);
        const AttrTable *attrs = attr_table((ObjectKind)kind);

        g_assert_cmpuint(shape->n, ==, attrs->n_rows + 1 + (guint)(kind - KIND_CAMPAIGN));
        g_assert_cmpuint(shape->n, <, TABLE_COLUMNS);
        for (gsize i = 0; i < attrs->n_rows; i++)
            g_assert_true(shape->columns[shape->n - attrs->n_rows + i].attr == &attrs->rows[i]);
    }
}

static void assert_row(const char *name, const char *wanted)
{
    g_autoptr(GString) out = g_string_new(NULL);
    One one;

    one_named(&one, name);
    table_row_text(table_shape(KIND_CAMPAIGN), &one.view, "71", out);
    g_assert_cmpstr(out->str, ==, wanted);
    one_clear(&one);
}

#define ROW(name)                                                                                  \
    "71,500.00," DAY ",2026-01-02 03:04:05,OK,2026-11-20 16:40:03," name ",TRAFFIC,ENABLE\n"

/* RFC 4180. */
static void test_rows(void)
{
    assert_row("Spring", ROW("Spring"));
    assert_row("a, b", ROW("\"a, b\""));
    assert_row("19\\\" wheel", ROW("\"19\"\" wheel\""));
    assert_row("two\\nlines", ROW("\"two\nlines\""));
    assert_row("\\r", ROW("\"\r\""));
    assert_row("; 'x' \\t", ROW("; 'x' \t"));
    assert_row("브랜드", ROW("브랜드"));
    assert_row("", ROW(""));
}

/* ---- written back ---- */

typedef struct {
    const TableShape *shape;
    const AttrView *view;
    TableHead head;
    GArray *changes;
} Reading;

static gboolean on_row(void *user_data, guint64 line, const CsvCell *cells, guint n_cells,
                       GError **error)
{
    Reading *reading = user_data;
    g_autofree char *id = NULL;

    if (reading->head.shape == NULL)
        return table_head_read(&reading->head, reading->shape, cells, n_cells, error);
    id = table_row_id(&reading->head, line, cells, error);
    return id != NULL && table_row_read(&reading->head, line, cells, reading->view, "71",
                                        reading->changes, error);
}

/* "budget=750.00 name=A" or "KIND message". */
static char *read_back(const AttrView *view, const char *table)
{
    g_autoptr(GArray) changes = g_array_new(FALSE, FALSE, sizeof(TableChange));
    Reading reading = {.shape = table_shape(view->kind), .view = view, .changes = changes};
    g_autoptr(Csv) csv = csv_new(on_row, &reading);
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) out = g_string_new(NULL);

    g_array_set_clear_func(changes, table_change_clear);
    if (csv_feed(csv, table, strlen(table), &error))
        csv_end(csv, &error);
    if (error != NULL)
        return g_strdup_printf("%s %s", api_error_advice(error) != NULL ? "!" : "", error->message);
    for (guint i = 0; i < changes->len; i++) {
        const TableChange *change = &g_array_index(changes, TableChange, i);

        g_string_append_printf(out, "%s%s=%s%s", i > 0 ? " " : "", change->attr->name,
                               change->change.value, change->change.force ? "!" : "");
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static void assert_changes(const char *table, const char *wanted)
{
    One one;
    g_autofree char *got = NULL;

    one_named(&one, "Spring");
    got = read_back(&one.view, table);
    g_assert_cmpstr(got, ==, wanted);
    one_clear(&one);
}

static void test_what_was_read_changes_nothing(void)
{
    static const char *const names[] = {"Spring", "a, b", "19\\\" wheel", "two\\nlines", "\\r",
                                        "🚀",      "",     " a ",          "\\t"};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GString) table = g_string_new(NULL);
        g_autofree char *got = NULL;
        One one;

        one_named(&one, names[i]);
        table_head_text(table_shape(KIND_CAMPAIGN), table);
        table_row_text(table_shape(KIND_CAMPAIGN), &one.view, "71", table);
        got = read_back(&one.view, table->str);
        g_assert_cmpstr(got, ==, "");
        one_clear(&one);
    }
}

static void test_differences(void)
{
    assert_changes("id,budget\n71,750\n", "budget=750.00");
    assert_changes("\xef\xbb\xbfid,budget\r\n71,750\r\n", "budget=750.00");
    assert_changes("status,id\nDISABLE,71\n", "status=DISABLE");
    assert_changes("id,name,status\n71,\"A, \"\"B\"\"\",DISABLE\n", "name=A, \"B\" status=DISABLE");
    assert_changes("id,budget\n71,2000!\n", "budget=2000.00!");
    assert_changes("id\n71\n", "");
    assert_changes("id,budget\n", "");
}

/* Compared as what they are. */
static void test_same_values(void)
{
    assert_changes("id,budget\n71,500\n", "");
    assert_changes("id,budget\n71,500.00\n", "");
    assert_changes("id,budget\n71,\"500.0\"\n", "");
    assert_changes("id,budget\n71,500.000000\n", "");
    assert_changes("id,budget\n71,500!\n", "");
    assert_changes("id,budget,modified\n71,500,2026-11-20 16:40:03\n", "");
}

/* Of an error: the line, the column, what was written, and what to do. */
static void assert_refused(const char *table, int kind, const char *const *parts)
{
    g_autoptr(GArray) changes = g_array_new(FALSE, FALSE, sizeof(TableChange));
    g_autoptr(GError) error = NULL;
    One one;

    one_named(&one, "Spring");
    Reading reading = {.shape = table_shape(KIND_CAMPAIGN), .view = &one.view, .changes = changes};
    g_autoptr(Csv) csv = csv_new(on_row, &reading);

    g_array_set_clear_func(changes, table_change_clear);
    g_assert_false(csv_feed(csv, table, strlen(table), &error));
    g_assert_error(error, API_ERROR, kind);
    for (; *parts != NULL; parts++)
        if (strstr(error->message, *parts) == NULL)
            g_error("%s: \"%s\" does not say %s", table, error->message, *parts);
    one_clear(&one);
}

#define REFUSED(table, kind, ...)                                                                  \
    assert_refused(table, API_ERROR_##kind, (const char *const[]){__VA_ARGS__, NULL})

static void test_heads_that_are_none(void)
{
    REFUSED("71,750\n", INVALID, "line 1", "'71'", "The first line names the columns");
    REFUSED("id,bugdet\n", INVALID, "line 1", "'bugdet'", "is it budget?");
    REFUSED("id,budget,budget\n", INVALID, "line 1", "column budget", "twice");
    REFUSED("id,id\n", INVALID, "line 1", "column id", "twice");
    REFUSED("name,budget\n", INVALID, "line 1", "no column id");
    REFUSED("ID,budget\n", INVALID, "line 1", "'ID'", "is it id?");
    REFUSED("id;budget\n", INVALID, "semicolons", "with commas");
    REFUSED("id\tbudget\n", INVALID, "tabs", "with commas");
    REFUSED(" id,budget\n", INVALID, "' id'");
    REFUSED("id,\n", INVALID, "''");
}

static void test_ids_that_are_none(void)
{
    REFUSED("id,budget\n1.79900E+18,5\n", INVALID, "line 2", "column id", "import the column as");
    REFUSED("id,budget\n,5\n", INVALID, "line 2", "''");
    REFUSED("id,budget\n 71,5\n", INVALID, "' 71'");
    REFUSED("id,budget\n-71,5\n", INVALID, "'-71'");
}

static void test_read_only(void)
{
    REFUSED("id,objective\n71,REACH\n", DENIED, "line 2", "column objective", "'REACH'", "TRAFFIC",
            "leave out the column");
    REFUSED("id,delivery\n71,\n", DENIED, "line 2", "column delivery", "''");
    REFUSED("id,budget_mode\n71," TOTAL "\n", DENIED, "column budget_mode");
    REFUSED("id,created\n71,2026-01-02\n", DENIED, "column created");
}

static void test_stale(void)
{
    REFUSED("id,modified\n71,2026-11-20 16:40:02\n", STALE, "line 2", "column modified",
            "2026-11-20 16:40:03", "'2026-11-20 16:40:02'", "read the table again");
    REFUSED("id,modified,delivery,budget\n71,2026-11-20 16:40:04,X,1\n", STALE, "column modified");
    REFUSED("id,modified\n71,11/20/26 16:40\n", INVALID, "leave out the column");
    REFUSED("id,modified\n71,\n", INVALID, "leave out the column");
}

static void test_values_that_are_none(void)
{
    REFUSED("id,budget\n71,abc\n", INVALID, "line 2", "column budget", "'abc'");
    REFUSED("id,budget\n71,\n", INVALID, "line 2", "''", "empty");
    REFUSED("id,budget\n71,1\n", RANGE, "line 2", "'1'", "minimum of 50.00 USD");
    REFUSED("id,budget\n71,750.123\n", RANGE, "decimals");
    REFUSED("id,budget\n71,\"1,000\"\n", INVALID, "'1,000'");
    REFUSED("id,budget\n71,$750\n", INVALID, "'$750'");
    REFUSED("id,budget\n71,7e2\n", INVALID, "'7e2'");
    REFUSED("id,budget\n71, 750\n", INVALID, "' 750'");
    REFUSED("id,budget\n71,-750\n", INVALID, "'-750'");
    REFUSED("id,status\n71,PAUSED\n", INVALID, "column status", "'PAUSED'", "DISABLE");
    REFUSED("id,status\n71,\n", INVALID, "column status");
    REFUSED("id,name\n71,\"a\nb\"\n", INVALID, "column name");
    REFUSED("id,name\n71,\xff\n", INVALID, "column name", "UTF-8");
    REFUSED("id,name\n71,🚀\n", INVALID, "emoji");
}

static void test_nul(void)
{
    const char table[] = "id,name\n71,a\0b\n";
    One one;

    one_named(&one, "Spring");
    Reading reading = {.shape = table_shape(KIND_CAMPAIGN),
                       .view = &one.view,
                       .changes = g_array_new(FALSE, FALSE, sizeof(TableChange))};
    g_autoptr(Csv) csv = csv_new(on_row, &reading);
    g_autoptr(GError) error = NULL;

    g_assert_false(csv_feed(csv, table, sizeof table - 1, &error));
    g_assert_error(error, API_ERROR, API_ERROR_INVALID);
    g_assert_nonnull(strstr(error->message, "NUL"));
    g_array_unref(reading.changes);
    one_clear(&one);
}

/* What an object does not let be changed is refused as its file does; what it does not have is an
   empty cell, and stays one. */
static void test_objects_that_refuse(void)
{
    One one;
    g_autofree char *same = NULL, *changed = NULL;

    one_init(&one, KIND_CAMPAIGN, CAMPAIGN(INFINITE, "0"));
    same = read_back(&one.view, "id,budget\n71,\n");
    changed = read_back(&one.view, "id,budget\n71,500\n");
    g_assert_cmpstr(same, ==, "");
    g_assert_nonnull(strstr(changed, "line 2, column budget, '500': budget: is unlimited"));
    one_clear(&one);
}

/* 30 and 30.0 are one amount, also where it can not be changed. */
static void test_read_only_amounts(void)
{
    g_autofree char *same = NULL, *changed = NULL;
    One one;

    one_init(&one, KIND_ADGROUP,
             "{\"adgroup_id\":\"71\",\"budget_mode\":\"" DAY "\",\"budget\":500,"
             "\"operation_status\":\"ENABLE\",\"scheduled_budget\":30}");
    same = read_back(&one.view, "id,budget_next\n71,30.0\n");
    changed = read_back(&one.view, "id,budget_next\n71,31.00\n");
    g_assert_cmpstr(same, ==, "");
    g_assert_nonnull(strstr(changed, "column budget_next: is read-only: it is '30.00'"));
    one_clear(&one);
}

/* Messages are one line, however strange the cell is. */
static void test_shown(void)
{
    g_autofree char *plain = table_shown("a\tb\nc", 5);
    g_autofree char *invalid = table_shown("\xff", 1);
    g_autofree char *cut = NULL;
    char long_text[200];

    memset(long_text, 'x', sizeof long_text);
    cut = table_shown(long_text, sizeof long_text);
    g_assert_cmpstr(plain, ==, "'a b c'");
    g_assert_true(g_utf8_validate(invalid, -1, NULL));
    g_assert_cmpuint(strlen(cut), <, 80);
    g_assert_true(g_str_has_suffix(cut, "…'"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/table-row/heads", test_heads);
    g_test_add_func("/table-row/a-column-for-each-file", test_columns_are_files);
    g_test_add_func("/table-row/rows-are-of-rfc-4180", test_rows);
    g_test_add_func("/table-row/what-was-read-changes-nothing", test_what_was_read_changes_nothing);
    g_test_add_func("/table-row/differences-are-changes", test_differences);
    g_test_add_func("/table-row/one-amount-in-other-digits-is-none", test_same_values);
    g_test_add_func("/table-row/first-lines-that-name-no-columns", test_heads_that_are_none);
    g_test_add_func("/table-row/ids-that-are-none", test_ids_that_are_none);
    g_test_add_func("/table-row/read-only-cells-can-not-change", test_read_only);
    g_test_add_func("/table-row/a-row-that-was-changed-since", test_stale);
    g_test_add_func("/table-row/values-that-are-none", test_values_that_are_none);
    g_test_add_func("/table-row/a-nul-byte-is-no-end", test_nul);
    g_test_add_func("/table-row/objects-that-refuse", test_objects_that_refuse);
    g_test_add_func("/table-row/read-only-amounts-are-amounts", test_read_only_amounts);
    g_test_add_func("/table-row/messages-are-one-line", test_shown);
    return g_test_run();
}
