/* SPDX-License-Identifier: MIT */
/* test-csv.c - tables, cut anywhere. */
#include "api/csv.h"

#include <string.h>

#include "api/error.h"

/* What came of a table: "1:a|b;3:c|d;" or, after what was told, "!" and the error. */
static gboolean on_row(void *user_data, guint64 line, const CsvCell *cells, guint n_cells,
                       GError **error)
{
    GString *told = user_data;

    g_string_append_printf(told, "%" G_GUINT64_FORMAT ":", line);
    for (guint i = 0; i < n_cells; i++) {
        g_string_append_len(told, cells[i].at, (gssize)cells[i].length);
        g_string_append_c(told, i + 1 < n_cells ? '|' : ';');
    }
    if (n_cells > 0 && cells[0].length == 4 && memcmp(cells[0].at, "stop", 4) == 0) {
        g_set_error_literal(error, API_ERROR, API_ERROR_LOCAL, "stopped");
        return FALSE;
    }
    return TRUE;
}

/* Each piece in memory of its own, that ASan guards at its end, and that is gone after the call. */
static gboolean feed_piece(Csv *csv, const char *at, gsize length, GError **error)
{
    g_autofree char *piece = g_malloc(MAX(length, 1));

    memcpy(piece, at, length);
    return csv_feed(csv, piece, length, error);
}

typedef gsize (*Split)(gsize left, gsize at);

static char *read_split(const char *text, gsize length, Split split, gsize at)
{
    GString *told = g_string_new(NULL);
    g_autoptr(Csv) csv = csv_new(on_row, told);
    g_autoptr(GError) error = NULL;
    gsize done = 0;

    while (done < length && error == NULL) {
        gsize n = split(length - done, at > done ? at - done : G_MAXSIZE);

        feed_piece(csv, text + done, n, &error);
        done += n;
    }
    if (error == NULL)
        csv_end(csv, &error);
    if (error != NULL)
        g_string_append_printf(told, "!%s", error->message);
    return g_string_free(told, FALSE);
}

static gsize as_a_whole(gsize left, gsize at)
{
    return left;
}

static gsize byte_by_byte(gsize left, gsize at)
{
    return 1;
}

static gsize in_two(gsize left, gsize at)
{
    return MIN(left, at);
}

static gsize at_random(gsize left, gsize at)
{
    gsize n = (gsize)g_test_rand_int_range(0, 9);

    return MIN(left, n);
}

static void check_splits(const char *text, gsize length, const char *expected)
{
    g_autofree char *bytes = read_split(text, length, byte_by_byte, 0);

    g_assert_cmpstr(bytes, ==, expected);
    for (gsize at = 1; at < MIN(length, 200); at++) {
        g_autofree char *two = read_split(text, length, in_two, at);

        g_assert_cmpstr(two, ==, expected);
    }
    for (int i = 0; i < 5; i++) {
        g_autofree char *pieces = read_split(text, length, at_random, 0);

        g_assert_cmpstr(pieces, ==, expected);
    }
}

static void check(const char *text, const char *expected)
{
    g_autofree char *whole = read_split(text, strlen(text), as_a_whole, 0);

    g_assert_cmpstr(whole, ==, expected);
    check_splits(text, strlen(text), expected);
}

/* ---- what is a table ---- */

static void test_rows(void)
{
    check("", "");
    check("id,cost\n1,2.50\n2,\n", "1:id|cost;2:1|2.50;3:2|;");
    check("id,cost\r\n1,2.50\r\n", "1:id|cost;2:1|2.50;");
    check("id,cost\r\n1,2\n3,4\r\n", "1:id|cost;2:1|2;3:3|4;");
    check("id,cost\n1,2.50", "1:id|cost;2:1|2.50;");
    check("id,cost\r\n1,2.50\r", "1:id|cost;2:1|2.50;");
    check("id,cost\n1,", "1:id|cost;2:1|;");
    check("a,b,c\n,,\n ,x ,\n", "1:a|b|c;2:||;3: |x |;");
    check("a\nb\n\nc\n", "1:a;2:b;3:;4:c;");
    check("a,b\n1\r2,3\n", "1:a|b;2:1\r2|3;");
}

static void test_quotes(void)
{
    check("a,b\n\"x, y\",\"\"\n", "1:a|b;2:x, y|;");
    check("a,b\n\"say \"\"hi\"\"\",\"\"\"\"\n", "1:a|b;2:say \"hi\"|\";");
    check("a,b\n\"two\nlines\",1\n\"x\r\n\",2\n3,4\n", "1:a|b;2:two\nlines|1;4:x\r\n|2;6:3|4;");
    check("\"a\",\"b\"\r\n\"1\",\"2\"\r\n", "1:a|b;2:1|2;");
    check("\"a\",\"b\"\r\n\"1\",\"2\"", "1:a|b;2:1|2;");
    check("a,b\n1,\"2\"\r", "1:a|b;2:1|2;");
    check("a,b\n7\" pipe,\"2\"\n", "1:a|b;2:7\" pipe|2;"); /* no quote begins the cell */
    check("a\n\"\"\n", "1:a;2:;");
}

static void test_mark(void)
{
    check("\xef\xbb\xbf"
          "a,b\n1,2\n",
          "1:a|b;2:1|2;");
    check("\xef\xbb\xbf\"a\",b\n", "1:a|b;");
    check("\xef\xbb"
          "a\n",
          "1:\xef\xbb"
          "a;");
    check("\xef", "1:\xef;");
    check("\xef\xbb\xbf", "");
    check("a\n\xef\xbb\xbf\n", "1:a;2:\xef\xbb\xbf;");
}

static void test_empty_lines(void)
{
    check("a,b\n1,2\n\n", "1:a|b;2:1|2;");
    check("a,b\r\n1,2\r\n\r\n\r\n", "1:a|b;2:1|2;");
    check("\n", "");
    check("a,b\n\n1,2\n", "1:a|b;!line 2 of the table: it is empty, and rows follow");
    check("\na,b\n", "!line 1 of the table: it is empty, and rows follow");
    check("a,b\n\"\"\n", "1:a|b;!line 2 of the table: it has 1 cells, and the first row has 2");
}

#define AFTER_QUOTE " of the table: text comes after a closing quote"

static void test_malformed(void)
{
    check("a,b\n1,2,3\n", "1:a|b;!line 2 of the table: it has 3 cells, and the first row has 2");
    check("a,b\n1,2\n3\n", "1:a|b;2:1|2;!line 3 of the table: it has 1 cells, and the first row "
                           "has 2");
    check("a,b\n\"x\"y,2\n", "1:a|b;!line 2" AFTER_QUOTE);
    check("a,b\n\"x\ny\" ,2\n", "1:a|b;!line 3" AFTER_QUOTE);
    check("a,b\n\"x\"\r,2\n", "1:a|b;!line 2" AFTER_QUOTE);
    check("a,b\n1,2\n3,\"4\n5,6\n", "1:a|b;2:1|2;!line 3 of the table: a quote is opened here and "
                                    "never closed");
    check("a\nstop\nb\n", "1:a;2:stop;!stopped");
    check("a\n\"stop\"\nb\n", "1:a;2:stop;!stopped");
}

/* A quote that is never closed does not take all memory. */
static void test_long(void)
{
    g_autoptr(GString) text = g_string_new("a,b\n1,");
    g_autofree char *longest = g_strnfill(CSV_ROW_MAX - 2, 'x');

    g_string_append(text, longest);
    g_string_append(text, "\n1,2\n");
    g_autofree char *fits = read_split(text->str, text->len, as_a_whole, 0);
    g_autofree char *fits_in_parts = read_split(text->str, text->len, in_two, 1000);
    g_assert_true(g_str_has_suffix(fits, "x;3:1|2;"));
    g_assert_cmpstr(fits, ==, fits_in_parts);
    for (const char *const *with = (const char *const[]){"x", "\"", NULL}; *with != NULL; with++) {
        g_autoptr(GString) longer = g_string_new(text->str);

        g_string_insert(longer, strlen("a,b\n1,"), *with);
        g_autofree char *told = read_split(longer->str, longer->len, as_a_whole, 0);
        g_autofree char *in_parts = read_split(longer->str, longer->len, in_two, 1000);
        g_assert_nonnull(strstr(told, "1:a|b;!line 2 of the table: the row is longer than 1 MiB"));
        g_assert_cmpstr(told, ==, in_parts);
    }
}

/* ---- against a reader that has all of it at once ---- */

/* One cell; *at goes to what ended it. FALSE: it is malformed. */
static gboolean plain_cell(const char *text, gsize length, gsize *at, GString *cell)
{
    gboolean quoted = *at < length && text[*at] == '"';

    for (*at += quoted; *at < length; ++*at) {
        char c = text[*at];

        if (quoted && c == '"') {
            if (*at + 1 < length && text[*at + 1] == '"') {
                ++*at;
            } else {
                ++*at;
                if (*at < length && text[*at] == '\r' &&
                    (*at + 1 == length || text[*at + 1] == '\n'))
                    ++*at;
                return *at == length || text[*at] == ',' || text[*at] == '\n';
            }
        } else if (!quoted && (c == ',' || c == '\n')) {
            break;
        }
        g_string_append_c(cell, c);
    }
    if (!quoted && (*at == length || text[*at] == '\n') && g_str_has_suffix(cell->str, "\r"))
        g_string_truncate(cell, cell->len - 1);
    return !quoted;
}

/* The rows up to the first malformed one; of those without error all. Three columns. */
static char *read_plainly(const char *text, gsize length)
{
    g_autoptr(GString) told = g_string_new(NULL);
    guint width = 0, n_empty = 0, line = 1;
    gsize at = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

    while (at < length) {
        g_autoptr(GString) row = g_string_new(NULL);
        gsize start = at;
        guint n = 0;

        for (;;) {
            g_autoptr(GString) cell = g_string_new(NULL);

            if (!plain_cell(text, length, &at, cell))
                return g_strconcat(told->str, "!", NULL);
            n++;
            g_string_append_printf(row, "%s%c", cell->str,
                                   at < length && text[at] == ',' ? '|' : ';');
            if (at >= length || text[at] == '\n')
                break;
            at++;
        }
        at++;
        if (n == 1 && row->len == 1 && text[start] != '"' && width != 1) {
            n_empty++;
        } else if (n_empty > 0 || (width != 0 && n != width)) {
            return g_strconcat(told->str, "!", NULL);
        } else {
            width = n;
            g_string_append_printf(told, "%u:%s", line, row->str);
        }
        for (; start < MIN(at, length); start++)
            line += text[start] == '\n';
    }
    return g_strdup(told->str);
}

/* Mostly a table of two columns, with something wrong in it now and then. */
static void add_cell(GString *text)
{
    static const char *const cells[] = {
        "1",         "48.12",    "",    "\"\"", "\"a,b\"", "\"a\nb\"",
        "\"q\"\"\"", "\"\r\n\"", "7\"", "x\r",  " ",       "\"\xc3\xa4\"",
    };
    static const char *const wrong[] = {"\"", "\"a\"b", ",", "\n", "\"a\"\r", "\xef\xbb"};

    if (g_test_rand_int_range(0, 40) == 0)
        g_string_append(text, wrong[g_test_rand_int_range(0, G_N_ELEMENTS(wrong))]);
    else
        g_string_append(text, cells[g_test_rand_int_range(0, G_N_ELEMENTS(cells))]);
}

static GString *random_table(void)
{
    GString *text = g_string_new(g_test_rand_int_range(0, 8) == 0 ? "\xef\xbb\xbf" : "");
    int n_rows = g_test_rand_int_range(0, 12), n_columns = g_test_rand_int_range(1, 4);

    for (int row = 0; row < n_rows; row++) {
        for (int column = 0; column < n_columns; column++) {
            if (column > 0)
                g_string_append_c(text, ',');
            add_cell(text);
        }
        g_string_append(text, g_test_rand_int_range(0, 3) == 0 ? "\r\n" : "\n");
    }
    if (g_test_rand_int_range(0, 3) == 0 && text->len > 0)
        g_string_truncate(text, text->len - 1);
    return text;
}

static void test_random(void)
{
    for (int i = 0; i < 3000; i++) {
        g_autoptr(GString) text = random_table();
        g_autofree char *expected = read_plainly(text->str, text->len);
        g_autofree char *whole = read_split(text->str, text->len, as_a_whole, 0);
        const char *error = strchr(whole, '!');

        g_assert_true((error != NULL) == (strchr(expected, '!') != NULL));
        if (error == NULL)
            g_assert_cmpstr(whole, ==, expected);
        else
            g_assert_true(g_str_has_prefix(expected, whole) ||
                          strncmp(whole, expected, (gsize)(error - whole) + 1) == 0);
        for (int split = 0; split < 3; split++) {
            g_autofree char *pieces = read_split(text->str, text->len, at_random, 0);

            g_assert_cmpstr(pieces, ==, whole);
        }
    }
}

static void test_count(void)
{
    g_autoptr(GString) told = g_string_new(NULL);
    g_autoptr(Csv) csv = csv_new(on_row, told);

    g_assert_true(csv_feed(csv, "a,b\n1,2\n3,4", 11, NULL));
    g_assert_cmpstr(told->str, ==, "1:a|b;2:1|2;"); /* as soon as its last byte is here */
    g_assert_cmpuint(csv_n_rows(csv), ==, 2);
    g_assert_true(csv_end(csv, NULL));
    g_assert_cmpuint(csv_n_rows(csv), ==, 3);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/csv/rows-with-either-line-end", test_rows);
    g_test_add_func("/csv/quotes-hide-commas-and-line-ends", test_quotes);
    g_test_add_func("/csv/byte-order-mark-is-no-text", test_mark);
    g_test_add_func("/csv/empty-lines-only-at-the-end", test_empty_lines);
    g_test_add_func("/csv/malformed-names-the-line", test_malformed);
    g_test_add_func("/csv/a-row-is-bounded", test_long);
    g_test_add_func("/csv/any-split-gives-the-same-rows", test_random);
    g_test_add_func("/csv/a-row-is-told-at-once", test_count);
    return g_test_run();
}
