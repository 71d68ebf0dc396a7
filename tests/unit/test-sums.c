/* SPDX-License-Identifier: MIT */
/* test-sums.c - what rows add up to, and when that can not be what the service says. */
#include "cache/sums.h"

#include <string.h>

#include "api/error.h"

static const char *const metrics[] = {"campaign_name", "spend", "reach", "clicks", NULL};
static const ReportShape shape = {
    .level = KIND_CAMPAIGN, .id = "campaign_id", .grain = GRAIN_DAY, .metrics = metrics};

/* Cells with a | after each; "~" is none. */
static void add_row(Figures *figures, const char *text)
{
    g_autofree char *cells = g_strdup(text);
    guint length = (guint)strlen(cells);

    g_strdelimit(cells, "|", '\0');
    for (guint i = 0; i < length; i++)
        if (cells[i] == '~')
            cells[i] = (char)0xff;
    figures_add(figures, cells, length);
}

static GArray *sums_of(const char *const *rows, gint64 *ret_hash)
{
    Figures *figures = figures_new(&shape);
    GByteArray *packed = g_byte_array_new();
    GArray *sums = sums_new(&shape);
    gint64 hash;

    *ret_hash = 0;
    for (guint i = 0; rows[i]; i++) {
        add_row(figures, rows[i]);
        if (i % 2) /* in parts as well as at once */
            continue;
        figures_take(figures, packed, &hash);
        sums_add_packed(sums, packed->data, packed->len);
        *ret_hash += hash;
    }
    figures_take(figures, packed, &hash);
    sums_add_packed(sums, packed->data, packed->len);
    *ret_hash = (*ret_hash + hash) & G_GINT64_CONSTANT(0xffffffffff);
    figures_free(figures);
    g_byte_array_unref(packed);
    return sums;
}

static gboolean agree(const char *const *rows, const char *totals, gboolean grows)
{
    gint64 hash;
    g_autoptr(GArray) sums = sums_of(rows, &hash);
    g_autoptr(GArray) said =
        sums_of_totals(&shape, (JsonSpan){totals, totals ? strlen(totals) : 0});
    g_autoptr(GError) error = NULL;
    gboolean done = sums_check(sums, said, &shape, g_strv_length((char **)rows), grows, &error);

    g_assert_true(done == (error == NULL));
    if (!done)
        g_assert_error(error, API_ERROR, API_ERROR_INCOMPLETE);
    return done;
}

static void check(const char *const *rows, const char *totals, gboolean expected)
{
    g_assert_cmpint(agree(rows, totals, FALSE), ==, expected);
}

#define ROWS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void test_counts(void)
{
    const char *const *rows =
        ROWS("1|2026-11-10|a|1.00|5|3|", "2|2026-11-10|a|1.00|5|4|", "3|2026-11-10|a|1.00|5|-|",
             "4|2026-11-10|a|1.00|5|~|", "5|2026-11-10|a|1.00|5||");

    check(rows, "{\"clicks\":\"7\",\"spend\":\"5.00\"}", TRUE);
    check(rows, "{\"clicks\":7}", TRUE);
    check(rows, "{\"clicks\":\"8\"}", FALSE);
    check(rows, "{\"clicks\":\"6\"}", FALSE);
    check(rows, "{\"clicks\":\"7\",\"reach\":\"4\"}", TRUE); /* people do not add up */
    check(ROWS("1|2026-11-10|a|0.00|0|9007199254741|"), "{\"clicks\":\"9007199254742\"}", FALSE);
}

/* Each of five values may be rounded by half a cent, and so may be the total. */
static void test_rounding(void)
{
    const char *const *rows =
        ROWS("1|2026-11-10|a|0.10|5|3|", "2|2026-11-10|a|0.10|5|3|", "3|2026-11-10|a|0.10|5|3|",
             "4|2026-11-10|a|0.10|5|3|", "5|2026-11-10|a|0.10|5|3|");

    check(rows, "{\"spend\":\"0.50\"}", TRUE);
    check(rows, "{\"spend\":\"0.53\"}", TRUE);
    check(rows, "{\"spend\":\"0.47\"}", TRUE);
    check(rows, "{\"spend\":\"0.54\"}", FALSE);
    check(rows, "{\"spend\":\"0.46\"}", FALSE);
    check(rows, "{\"spend\":\"0.5250\"}", TRUE); /* the total has more digits */
    check(rows, "{\"spend\":\"0.5251\"}", FALSE);
    check(ROWS("1|2026-11-10|a|10|5|3|", "2|2026-11-10|a|10|5|3|"), "{\"spend\":\"21\"}", TRUE);
    check(ROWS("1|2026-11-10|a|10|5|3|", "2|2026-11-10|a|10|5|3|"), "{\"spend\":\"22\"}", FALSE);
    check(ROWS("1|2026-11-10|a|-1.50|5|3|", "2|2026-11-10|a|0.25|5|3|"), "{\"spend\":\"-1.25\"}",
          TRUE);
}

static void test_growing(void)
{
    const char *const *rows = ROWS("1|2026-11-10|a|1.00|5|9|");

    g_assert_true(agree(rows, "{\"clicks\":\"8\",\"spend\":\"0.50\"}", TRUE));
    g_assert_false(agree(rows, "{\"clicks\":\"10\"}", TRUE));
    g_assert_false(agree(rows, "{\"clicks\":\"8\"}", FALSE));
}

/* What is no number, or no number of ours, proves nothing. */
static void test_unknown(void)
{
    const char *const *rows = ROWS("1|2026-11-10|a|1.00|5|3|");

    check(rows, "{\"clicks\":\"-\",\"spend\":null}", TRUE);
    check(rows, "{}", TRUE);
    check(rows, "{\"clicks\":\"many\"}", TRUE);
    check(ROWS("1|2026-11-10|a|1.00|5|<5|"), "{\"clicks\":\"3\"}", TRUE);
    check(ROWS("1|2026-11-10|a|1.0000001|5|3|"), "{\"spend\":\"7\"}", TRUE);
    check(ROWS("1|2026-11-10|a|1e3|5|3|"), "{\"spend\":\"7\"}", TRUE);
    check(ROWS("1|2026-11-10|a|9000000000000|5|3|", "2|2026-11-10|a|9000000000000|5|3|"),
          "{\"spend\":\"7\"}", TRUE);
    check(ROWS("1|2026-11-10|a|99999999999999999999|5|3|"), "{\"spend\":\"7\"}", TRUE);
    g_assert_null(sums_of_totals(&shape, (JsonSpan){NULL, 0}));
    g_assert_null(sums_of_totals(&shape, (JsonSpan){"null", 4}));
}

static void test_shapes(void)
{
    ReportShape hours = shape;
    g_autoptr(GArray) none = NULL, some = sums_new(&shape);

    hours.grain = GRAIN_HOUR;
    none = sums_new(&hours);
    g_assert_cmpuint(none->len, ==, 0);
    g_assert_cmpuint(some->len, ==, 2);
}

static gint64 hash_of(const char *const *rows)
{
    gint64 hash;

    g_array_unref(sums_of(rows, &hash));
    return hash;
}

static void test_hash(void)
{
    gint64 hash = hash_of(ROWS("1|2026-11-10|a|1.00|5|3|", "2|2026-11-10|b|2.00|5|3|"));

    g_assert_cmpint(hash, ==,
                    hash_of(ROWS("2|2026-11-10|b|2.00|5|3|", "1|2026-11-10|a|1.00|5|3|")));
    g_assert_cmpint(hash, ==,
                    hash_of(ROWS("1|2026-11-10|x|1.00|5|3|", "2|2026-11-10|y|2.00|5|3|")));
    g_assert_cmpint(hash, !=,
                    hash_of(ROWS("1|2026-11-10|a|2.00|5|3|", "2|2026-11-10|b|1.00|5|3|")));
    g_assert_cmpint(hash, !=,
                    hash_of(ROWS("1|2026-11-10|a|1.00|5|3|", "2|2026-11-10|b|2.00|6|3|")));
    g_assert_cmpint(hash, !=,
                    hash_of(ROWS("1|2026-11-10|a|1.00|5|3|", "2|2026-11-10|b|2.00|53||")));
    g_assert_cmpint(hash, !=,
                    hash_of(ROWS("1|2026-11-10|a|1.00|5|3|", "2|2026-11-10|b|2.00|5|~|")));
    g_assert_cmpint(hash, !=, hash_of(ROWS("1|2026-11-10|a|1.00|5|3|")));
    g_assert_cmpint(hash, >, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sums/counts-are-exact", test_counts);
    g_test_add_func("/sums/amounts-are-rounded", test_rounding);
    g_test_add_func("/sums/what-grows", test_growing);
    g_test_add_func("/sums/what-is-no-number", test_unknown);
    g_test_add_func("/sums/shapes", test_shapes);
    g_test_add_func("/sums/hashes-are-of-figures", test_hash);
    return g_test_run();
}
