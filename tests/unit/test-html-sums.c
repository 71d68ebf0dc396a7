/* SPDX-License-Identifier: MIT */
/* test-html-sums.c - what a page adds up, what it works out anew, and what it leaves out. */
#include "tests/unit/html-page.h"

/* A table's line, tags away: "17 Herbst 48.10 …". */
static char *line_of(const char *text, const char *name)
{
    g_autofree char *cell = g_strdup_printf("<bdi>%s</bdi>", name);
    const char *table = strstr(text, "<tbody>"), *at = strstr(table, cell);
    g_autofree char *line = NULL;
    GString *plain = g_string_new(NULL);
    gboolean tag = FALSE;

    g_assert_nonnull(at);
    line = g_strndup(at, strcspn(at, "\n"));
    for (const char *p = line; *p != '\0'; p++) {
        if (g_str_has_prefix(p, "</td>") || g_str_has_prefix(p, "<small>") ||
            g_str_has_prefix(p, "</th>"))
            g_string_append_c(plain, '|');
        tag = *p == '<' ? TRUE : tag;
        if (!tag)
            g_string_append_c(plain, *p);
        tag = *p == '>' ? FALSE : tag;
    }
    return g_string_free(plain, FALSE);
}

/* ---- sums ---- */

static void test_days(void)
{
    g_autoptr(HtmlPage) page = three_days();
    g_autofree char *text = page_text(page);
    g_autoptr(cJSON) data = page_data(text);
    g_autofree char *labels = join(cJSON_GetObjectItem(data, "labels"));

    g_assert_cmpstr(labels, ==, "2026-11-20 2026-11-21 2026-11-22");
    assert_metric(data, "Spend", "1048.85 - 0.20", "1049.05");
    assert_metric(data, "Clicks", "40 - 20", "60");
    assert_metric(data, "Conversion", "4 - -", "4");
    g_assert_cmpint(cJSON_GetObjectItem(data, "first")->valueint, ==, 0);
    g_assert_cmpint(cJSON_GetObjectItem(data, "second")->valueint, ==, 5);
}

/* Of the sums, not the sum of them; the value as sent where it is of one row. */
static void test_ratios(void)
{
    g_autoptr(HtmlPage) page = three_days();
    g_autofree char *text = page_text(page);
    g_autoptr(cJSON) data = page_data(text);

    assert_metric(data, "CTR %", "2.00 - 9.99", "2.00");
    assert_metric(data, "CPM", "524.43 - 8.88", "349.68");
}

static void test_objects(void)
{
    g_autoptr(HtmlPage) page = three_days();
    g_autofree char *text = page_text(page);
    g_autofree char *winter = line_of(text, "Winter"), *autumn = line_of(text, "Herbst");

    g_assert_cmpstr(winter, ==, "Winter|18|1000.75|1000|30|9.99|8.88|3|");
    g_assert_cmpstr(autumn, ==, "Herbst|17|48.30|2000|30|1.50|24.15|1|");
    g_assert_true(strstr(text, ">Winter<") < strstr(text, ">Herbst<")); /* it spent more */
    g_assert_nonnull(strstr(text, "<h2>2 campaigns by spend</h2>"));
}

/* Doubles would say 0.30000000000000004, and lose the last digit of the other. */
static void test_exact(void)
{
    g_autoptr(HtmlPage) page = page_new(GRAIN_DAY, usual);
    g_autofree char *text = NULL;
    g_autoptr(cJSON) data = NULL;

    add(page, "1", "2026-11-20", "a", "0.1", "9007199254", NULL);
    add(page, "2", "2026-11-20", "b", "0.20", "1", NULL);
    add(page, "3", "2026-11-22", "c", "4503599627370.123456", "1", NULL);
    add(page, "4", "2026-11-22", "d", "0.000001", "1", NULL);
    text = page_text(page);
    data = page_data(text);
    assert_metric(data, "Spend", "0.300000 - 4503599627370.123457", "4503599627370.423457");
}

/* Not one column suffers for the others. */
static void test_unreadable(void)
{
    static const char *const odd[] = {"12%", "1,000", "NaN", "\"7\"", "", "9999999999999999999"};

    for (gsize i = 0; i < G_N_ELEMENTS(odd); i++) {
        g_autoptr(HtmlPage) page = page_new(GRAIN_DAY, usual);
        g_autofree char *text = NULL, *escaped = g_markup_escape_text(odd[i], -1);
        g_autoptr(cJSON) data = NULL;

        add(page, "1", "2026-11-20", "a", odd[i], "1", NULL);
        add(page, "2", "2026-11-20", "b", "1", "1", NULL);
        add(page, "3", "2026-11-21", "c", "5", "1", NULL);
        text = page_text(page);
        data = page_data(text);
        assert_metric(data, "Spend", "- 5 -", NULL);
        assert_metric(data, "Clicks", "2 1 -", "3");
        assert_metric(data, "CPM", "- 8.88 -", NULL);
    }
}

/* So much that a sum of millionths does not fit: it is left out, not wrapped around. */
static void test_too_much(void)
{
    g_autoptr(HtmlPage) page = page_new(GRAIN_TOTAL, usual);
    const char *cells[] = {"1", "a", "9000000000000", "1", "1", "1", "1", "1"};
    g_autofree char *text = NULL;
    g_autoptr(cJSON) data = NULL;

    html_row(page, cells);
    cells[0] = "2";
    html_row(page, cells);
    text = page_text(page);
    data = page_data(text);
    assert_metric(data, "Spend", "9000000000000 9000000000000", NULL);
    assert_metric(data, "Clicks", "1 1", "2");
}

/* Money without decimals stays without; a ratio of more than 64 bits. */
static void test_rupiah(void)
{
    g_autoptr(HtmlPage) page = page_new(GRAIN_DAY, usual);
    g_autofree char *text = NULL;
    g_autoptr(cJSON) data = NULL;

    add(page, "1", "2026-11-20", "a", "4500000000", "10", NULL);
    add(page, "2", "2026-11-20", "b", "1", "10", NULL);
    text = page_text(page);
    data = page_data(text);
    assert_metric(data, "Spend", "4500000001 - -", "4500000001");
    assert_metric(data, "CPM", "2250000000.50 - -", "2250000000.50");
}

/* People are not more because they came on two days. */
static void test_reach_is_no_sum(void)
{
    static const char *const metrics[] = {"spend", "reach", NULL};
    static const char *const rows[][4] = {{"1", "2026-11-20", "1", "700"},
                                          {"1", "2026-11-21", "2", "800"},
                                          {"2", "2026-11-21", "4", "900"},
                                          {"2", "2026-11-22", "1", NULL},
                                          {"3", "2026-11-22", "1", "50"}};
    g_autoptr(HtmlPage) page = page_new(GRAIN_DAY, metrics);
    g_autofree char *text = NULL;
    g_autoptr(cJSON) data = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        html_row(page, rows[i]);
    text = page_text(page);
    data = page_data(text);
    assert_metric(data, "Spend", "1 6 2", "9");
    /* One value of two rows is not that of both. */
    assert_metric(data, "Reach", "700 - -", NULL);
    g_assert_null(strstr(text, ">1<i>500</i>"));
    g_assert_null(strstr(text, ">2<i>400</i>"));
    g_assert_cmpint(cJSON_GetObjectItem(data, "second")->valueint, ==, -1);
}

/* The accounts of a center have a currency each: theirs are added up by day, not with each other.
 */
static void test_center(void)
{
    static const char *const metrics[] = {"spend", "impressions", "cpm", NULL};
    static const char *const rows[][5] = {{"1", "2026-11-20", "5", "7", "0.1"},
                                          {"2", "2026-11-20", "600", "8", "0.2"},
                                          {"2", "2026-11-21", "20", "9", "0.3"},
                                          {"2", "2026-11-22", "50", "1", "0.4"},
                                          {"1", "2026-11-22", NULL, NULL, NULL}};
    ReportShape shape = {.type = REPORT_CENTER,
                         .level = KIND_ADVERTISER,
                         .id = "advertiser_id",
                         .grain = GRAIN_DAY,
                         .metrics = metrics};
    HtmlHead head = head_of("2026-11-20", "2026-11-22");
    g_autoptr(HtmlPage) page = html_new(&shape, &head);
    g_autofree char *text = NULL;
    g_autoptr(cJSON) data = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        html_row(page, rows[i]);
    text = page_text(page);
    data = page_data(text);
    assert_metric(data, "Spend", "- - -", NULL);
    assert_metric(data, "CPM", "- - -", NULL);
    assert_metric(data, "Impressions", "15 9 1", "25");
    g_assert_cmpint(cJSON_GetObjectItem(data, "first")->valueint, ==, 1);
    g_assert_nonnull(
        strstr(text, "<span>2</span></th><td>670</td><td>18</td><td>37<i>222</i>.22</td>"));
    g_assert_nonnull(strstr(text, " Amounts are in the currency of each account"));
}

/* ---- time ---- */

typedef struct {
    ReportGrain grain;
    const char *start, *end, *first, *last;
    int n;
} Range;

/* As fine as it can be seen, and of any range at most so many. */
static void test_steps(void)
{
    static const char *const metrics[] = {"spend", NULL};
    static const Range ranges[] = {
        {GRAIN_DAY, "2026-11-20", "2026-11-20", "2026-11-20", "2026-11-20", 1},
        {GRAIN_DAY, "2025-11-28", "2026-11-27", "2025-11-28", "2026-11-27", 365},
        {GRAIN_HOUR, "2026-11-20", "2026-11-20", "2026-11-20 00", "2026-11-20 23", 24},
        {GRAIN_HOUR, "2026-10-01", "2026-10-31", "2026-10-01 00", "2026-10-31 23", 31 * 24},
        {GRAIN_HOUR, "2025-11-28", "2026-11-27", "2025-11-28", "2026-11-27", 365},
        {GRAIN_DAY, "2010-01-01", "2026-11-27", "2010-01", "2026-11", 16 * 12 + 11},
        {GRAIN_DAY, "1900-01-01", "2026-11-27", "1900", "2026", 127},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(ranges); i++) {
        const Range *range = &ranges[i];
        ReportShape shape = shape_of(range->grain, metrics);
        HtmlHead head = head_of(range->start, range->end);
        g_autoptr(HtmlPage) page = html_new(&shape, &head);
        g_autofree char *time = g_strconcat(range->end, " 23:00:00", NULL);
        const char *row[] = {"1", time, "5"};
        g_autofree char *text = NULL;
        g_autoptr(cJSON) data = NULL;
        const cJSON *labels, *values;

        html_row(page, row);
        text = page_text(page);
        data = page_data(text);
        labels = cJSON_GetObjectItem(data, "labels");
        values = cJSON_GetObjectItem(metric_of(data, "Spend"), "values");
        g_assert_cmpint(cJSON_GetArraySize(labels), ==, range->n);
        g_assert_cmpstr(cJSON_GetArrayItem(labels, 0)->valuestring, ==, range->first);
        g_assert_cmpstr(cJSON_GetArrayItem(labels, range->n - 1)->valuestring, ==, range->last);
        g_assert_cmpstr(cJSON_GetArrayItem(values, range->n - 1)->valuestring, ==, "5");
    }
}

/* "-" does occur as an hour: it counts, but nowhere in the chart. */
static void test_no_time(void)
{
    static const char *const odd[] = {NULL, "-", "", "2026-11-1", "2026-12-01", "yesterday, or so"};

    for (gsize i = 0; i < G_N_ELEMENTS(odd); i++) {
        g_autoptr(HtmlPage) page = page_new(GRAIN_DAY, usual);
        g_autofree char *text = NULL;
        g_autoptr(cJSON) data = NULL;

        add(page, "1", odd[i], "a", "5", "1", NULL);
        add(page, "1", "2026-11-20", "a", "7", "1", NULL);
        text = page_text(page);
        data = page_data(text);
        assert_metric(data, "Spend", "7 - -", "12");
        g_assert_nonnull(strstr(text, " 1 of them have no time"));
    }
}

/* A single object has a line for each day, the newest first. */
static void test_one_object(void)
{
    g_autoptr(HtmlPage) page = page_new(GRAIN_DAY, usual);
    g_autofree char *text = NULL;
    const char *newest, *oldest;

    add(page, "17", "2026-11-20", "Herbst", "48.10", "10", "1");
    add(page, "17", "2026-11-22", "Herbst", "0.20", "20", NULL);
    text = page_text(page);
    newest = strstr(text, "<th scope=\"row\">2026-11-22</th>");
    oldest = strstr(text, "<th scope=\"row\">2026-11-20</th>");
    g_assert_true(newest != NULL && oldest > newest);
    g_assert_null(strstr(text, "<th scope=\"row\">2026-11-21</th>"));
}

/* ---- lines ---- */

/* Without time the chart is of the lines. */
static void test_totals(void)
{
    g_autoptr(HtmlPage) page = page_new(GRAIN_TOTAL, usual);
    g_autofree char *text = NULL, *labels = NULL;
    g_autoptr(cJSON) data = NULL;

    for (guint i = 0; i < 30; i++) {
        g_autofree char *id = g_strdup_printf("%u", 100 + i);
        g_autofree char *spend = g_strdup_printf("%u.50", (i * 7) % 30);
        const char *cells[] = {id, id, spend, "1000", "1", "9.99", "8.88", "1"};

        html_row(page, cells);
    }
    text = page_text(page);
    data = page_data(text);
    labels = join(cJSON_GetObjectItem(data, "labels"));
    g_assert_true(cJSON_IsFalse(cJSON_GetObjectItem(data, "time")));
    g_assert_true(g_str_has_prefix(labels, "117 104 121 108 "));
    assert_metric(data, "Spend",
                  "29.50 28.50 27.50 26.50 25.50 24.50 23.50 22.50 21.50 20.50 19.50 18.50 17.50 "
                  "16.50 15.50 14.50 13.50 12.50 11.50 10.50",
                  "450.00");
    g_assert_nonnull(strstr(text, "<h2>The first 20 of 30 campaigns by spend</h2>"));
}

/* The parts of an object come day by day, yet each is one line. */
static void test_breakdown(void)
{
    static const char *const metrics[] = {"campaign_name", "spend", NULL};
    static const char *const genders[] = {"gender", NULL};
    static const char *const rows[][5] = {{"1", "FEMALE", "2026-11-20", "a", "1"},
                                          {"1", "MALE", "2026-11-20", "a", "2"},
                                          {"1", "FEMALE", "2026-11-21", "a", "3"},
                                          {"2", "FEMALE", "2026-11-20", "b", "9"}};
    ReportShape shape = shape_of(GRAIN_DAY, metrics);
    HtmlHead head = head_of("2026-11-20", "2026-11-22");
    g_autoptr(HtmlPage) page = NULL;
    g_autofree char *text = NULL;

    shape.breakdown = genders;
    page = html_new(&shape, &head);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        html_row(page, rows[i]);
    text = page_text(page);
    g_assert_nonnull(strstr(text, "<bdi>b</bdi><small>2</small></th><td class=\"text\"><bdi>FEMALE"
                                  "</bdi></td><td>9</td>"));
    g_assert_nonnull(strstr(text, "<td class=\"text\"><bdi>FEMALE</bdi></td><td>4</td>"));
    g_assert_nonnull(strstr(text, "<td class=\"text\"><bdi>MALE</bdi></td><td>2</td>"));
    g_assert_nonnull(strstr(text, "<h2>3 lines by spend</h2>"));
}

/* More objects than are kept apart: the rows with most take their place, and the page says so. */
static void test_crowd(void)
{
    static const char *const metrics[] = {"spend", NULL};
    g_autoptr(HtmlPage) page = page_new(GRAIN_DAY, metrics);
    g_autofree char *text = NULL;
    g_autoptr(cJSON) data = NULL;

    for (guint i = 0; i < 10001; i++) {
        g_autofree char *id = g_strdup_printf("%u", i);
        g_autofree char *spend = g_strdup_printf("%u", i % 100 == 7 ? 1000 + i : 1);
        const char *row[] = {id, i % 2 == 0 ? "2026-11-20" : "2026-11-21", spend};

        html_row(page, row);
    }
    text = page_text(page);
    data = page_data(text);
    assert_metric(data, "Spend", "5001 600600 -", "605601");
    g_assert_nonnull(strstr(text, "<h2>The first 20 of 10001 rows by spend</h2>"));
    g_assert_nonnull(strstr(text, "Of more than 10000 campaigns, the table shows single rows."));
    g_assert_nonnull(strstr(text, "<tr><th scope=\"row\"><span>9907</span></th><td class=\"text\">"
                                  "2026-11-21</td><td>10<i>907</i></td></tr>\n"
                                  "<tr><th scope=\"row\"><span>9807</span></th>"));
}

/* More metrics than a page has room for: spend and conversions are among those that stay. */
static void test_many_metrics(void)
{
    static const char *const metrics[] = {"likes",       "comments",   "shares", "follows",
                                          "reach",       "frequency",  "result", "cpc",
                                          "cpm",         "ctr",        "clicks", "profile_visits",
                                          "impressions", "conversion", "spend",  NULL};
    static const char *const row[] = {"1", "1", "2",  "3",  "4",  "5",  "6",  "7",
                                      "8", "9", "10", "11", "12", "13", "14", "15"};
    g_autoptr(HtmlPage) page = page_new(GRAIN_TOTAL, metrics);
    g_autofree char *text = NULL;
    g_autoptr(cJSON) data = NULL;

    html_row(page, row);
    text = page_text(page);
    data = page_data(text);
    assert_metric(data, "Spend", "15", "15");
    assert_metric(data, "Conversion", "14", "14");
    assert_metric(data, "Likes", "1", "1");
    g_assert_cmpint(cJSON_GetArraySize(cJSON_GetObjectItem(data, "metrics")), ==, 12);
    g_assert_nonnull(strstr(text, " 3 more metrics are in the report as CSV."));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/html-sums/days-are-added-up", test_days);
    g_test_add_func("/html-sums/ratios-are-worked-out-anew", test_ratios);
    g_test_add_func("/html-sums/objects-by-spend", test_objects);
    g_test_add_func("/html-sums/sums-are-exact", test_exact);
    g_test_add_func("/html-sums/what-is-no-number-is-no-sum", test_unreadable);
    g_test_add_func("/html-sums/too-much-is-left-out", test_too_much);
    g_test_add_func("/html-sums/money-without-decimals", test_rupiah);
    g_test_add_func("/html-sums/reach-is-no-sum", test_reach_is_no_sum);
    g_test_add_func("/html-sums/currencies-are-not-mixed", test_center);
    g_test_add_func("/html-sums/steps-are-few", test_steps);
    g_test_add_func("/html-sums/no-time", test_no_time);
    g_test_add_func("/html-sums/one-object-by-day", test_one_object);
    g_test_add_func("/html-sums/totals-by-line", test_totals);
    g_test_add_func("/html-sums/breakdown", test_breakdown);
    g_test_add_func("/html-sums/crowd", test_crowd);
    g_test_add_func("/html-sums/many-metrics", test_many_metrics);
    return g_test_run();
}
