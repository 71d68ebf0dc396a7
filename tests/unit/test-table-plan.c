/* SPDX-License-Identifier: MIT */
/* test-table-plan.c - a table that was written is refused whole, or comes to its differences. */
#include "fs/table-plan.h"

#include <fcntl.h>
#include <unistd.h>

#include "fs/table-text.h"
#include "tests/unit/small-tree.h"

#define TABLE(file) ACCOUNT "/" file

static int text_of(const char *table, gsize length)
{
    int fd = open(g_get_tmp_dir(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(write(fd, table, length), ==, (gssize)length);
    return fd;
}

/* What comes of it: "1001 budget=900.00; " for each edit, or "!KIND message; " for each problem. */
static char *plan_after(Fixture *fixture, const char *path, const char *table, gsize length,
                        guint64 done)
{
    const Place *place = &find_item(fixture->items, path)->place;
    int fd = text_of(table, length);
    g_autoptr(TablePlan) plan = table_plan_new(&fixture->small->mount, place, fd, done);
    GString *out = g_string_new(NULL);
    const GPtrArray *problems;
    const GArray *edits;

    while (table_plan_step(plan))
        ;
    problems = table_plan_problems(plan);
    edits = table_plan_edits(plan);
    for (guint i = 0; i < problems->len; i++)
        g_string_append_printf(out, "!%s; ", ((const GError *)problems->pdata[i])->message);
    for (guint i = 0; i < edits->len && problems->len == 0; i++) {
        const TableEdit *edit = &g_array_index(edits, TableEdit, i);
        const Row *row = cache_row(fixture->small->fake->cache, edit->row);

        g_string_append_printf(out, "%s %s=%s; ", row->id, edit->change.attr->name,
                               edit->change.change.value);
    }
    close(fd);
    return g_string_free(out, FALSE);
}

static char *plan_of(Fixture *fixture, const char *path, const char *table, gsize length)
{
    return plan_after(fixture, path, table, length, 0);
}

static void assert_plan(Fixture *fixture, const char *path, const char *table, const char *wanted)
{
    g_autofree char *got = plan_of(fixture, path, table, strlen(table));

    g_assert_cmpstr(got, ==, wanted);
}

static void assert_problem(Fixture *fixture, const char *path, const char *table, const char *said)
{
    g_autofree char *got = plan_of(fixture, path, table, strlen(table));

    if (got[0] != '!' || strstr(got, said) == NULL)
        g_error("%s of %s came to \"%s\", not to %s", table, path, got, said);
}

/* ---- the text ---- */

static void on_ended(void *user_data)
{
    *(gboolean *)user_data = TRUE;
}

static char *text_at(Fixture *fixture, const char *path)
{
    const Place *place = &find_item(fixture->items, path)->place;
    int fd = text_of("", 0);
    gboolean ended = FALSE;
    TableText *text =
        table_text_start(&fixture->small->mount, place, fd, G_MAXUINT64, on_ended, &ended);
    g_autoptr(GError) error = NULL;
    char *ret;

    while (!ended)
        g_main_context_iteration(NULL, TRUE);
    g_assert_true(table_text_ended(text, &error));
    g_assert_no_error(error);
    ret = g_malloc0((gsize)table_text_size(text) + 1);
    g_assert_cmpint(pread(fd, ret, (gsize)table_text_size(text) + 1, 0), ==, table_text_size(text));
    table_text_free(text);
    close(fd);
    return ret;
}

/* The first column of a table, its head left out. */
static void assert_ids(Fixture *fixture, const char *path, const char *wanted)
{
    g_autofree char *text = text_at(fixture, path);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GString) ids = g_string_new(NULL);

    g_assert_true(g_str_has_prefix(lines[0], "id,"));
    for (guint i = 1; *lines[i] != '\0'; i++) {
        lines[i][strcspn(lines[i], ",")] = '\0';
        g_string_append_printf(ids, "%s ", lines[i]);
    }
    g_assert_cmpstr(ids->str, ==, wanted);
}

/* What a directory's tables have is what is below it. */
static void test_rows(Fixture *fixture, const void *data)
{
    assert_ids(fixture, TABLE("campaigns.csv"), "1001 1002 1003 1999 1998 ");
    assert_ids(fixture, TABLE("adgroups.csv"), "2001 2002 2003 2999 ");
    assert_ids(fixture, TABLE("ads.csv"), "3001 3002 ");
    assert_ids(fixture, TABLE("campaigns/1001/adgroups.csv"), "2001 ");
    assert_ids(fixture, TABLE("campaigns/1001/ads.csv"), "3001 ");
    assert_ids(fixture, TABLE("campaigns/1002/ads.csv"), "");
    assert_ids(fixture, TABLE("campaigns/1001/adgroups/2001/ads.csv"), "3001 ");
    assert_ids(fixture, TABLE("campaigns/1002/adgroups/2002/ads.csv"), "");
}

/* Byte for byte what was read, in each of the tables there are. */
static void test_what_was_read(Fixture *fixture, const void *data)
{
    guint n = 0;

    for (guint i = 0; i < fixture->items->len; i++) {
        const Item *item = fixture->items->pdata[i];
        g_autofree char *text = NULL;

        if (item->place.type != PLACE_TABLE)
            continue;
        text = text_at(fixture, item->path);
        assert_plan(fixture, item->path, text, "");
        n++;
    }
    g_assert_cmpuint(n, >, 10);
}

/* ---- plans ---- */

static void test_edits(Fixture *fixture, const void *data)
{
    assert_plan(fixture, TABLE("campaigns.csv"), "id,budget\n1001,9000\n", "1001 budget=9000.00; ");
    assert_plan(fixture, TABLE("campaigns.csv"),
                "name,id,status,budget\nX,1002,ENABLE,\nSpring,1001,DISABLE,8000\n",
                "1002 name=X; 1002 status=ENABLE; 1001 status=DISABLE; 1001 budget=8000.00; ");
    assert_plan(fixture, TABLE("campaigns/1001/adgroups/2001/ads.csv"), "id,name\n3001,Winter\n",
                "3001 name=Winter; ");
}

/* Nothing is read into it that is not there. */
static void test_absent(Fixture *fixture, const void *data)
{
    assert_plan(fixture, TABLE("campaigns.csv"), "id\n", "");
    assert_plan(fixture, TABLE("campaigns.csv"), "id\n1001\n", "");
    assert_plan(fixture, TABLE("campaigns.csv"), "status,id\nDISABLE,1002\n", "");
    assert_plan(fixture, TABLE("campaigns.csv"), "id,status\n1002,DISABLE\n\n\n", "");
}

static void test_problems(Fixture *fixture, const void *data)
{
    const char *path = TABLE("campaigns.csv");

    assert_problem(fixture, path, "", "is empty");
    assert_problem(fixture, path, "\n", "is empty");
    assert_problem(fixture, path, "\n\n\n", "is empty");
    assert_problem(fixture, path, "id,budget\n1001,90", "without a newline");
    assert_problem(fixture, path, "id,budget", "without a newline");
    assert_problem(fixture, path, "id,budget\n7,9000\n", "line 2, column id: there is no campaign");
    assert_problem(fixture, path, "id,status\n1001,ENABLE\n1002,DISABLE\n1001,DISABLE\n",
                   "line 4, column id: 1001 is in the table twice");
    assert_problem(fixture, path, "id,budget\n1001,9000,1\n", "line 2");
    assert_problem(fixture, path, "id,budget\n1001\n", "line 2");
    assert_problem(fixture, path, "id,name\n1001,\"x\n", "never closed");
    assert_problem(fixture, path, "id,name\n1001,\"x\"y\n", "closing quote");
    assert_problem(fixture, path, "id,name\n\n1001,x\n", "line 2");
    assert_problem(fixture, path, "id,budget\n1003,9500\n", "Smart+");
}

/* What one program has written before another one. */
static void test_done(Fixture *fixture, const void *data)
{
    const char table[] = "id,name\n1001,one\n1002,two\n7,three\n1002,four\n";
    g_autofree char *after_one = NULL, *after_all = NULL;

    after_one = plan_after(fixture, TABLE("campaigns.csv"), table, 26, 2);
    after_all = plan_after(fixture, TABLE("campaigns.csv"), table, sizeof table - 1, 5);
    g_assert_cmpstr(after_one, ==, "1002 name=two; ");
    g_assert_cmpstr(after_all, ==, "");
}

/* One bad line is enough, wherever it is. */
static void test_whole(Fixture *fixture, const void *data)
{
    assert_plan(fixture, TABLE("campaigns.csv"),
                "id,status,budget\n1001,DISABLE,9000\n1002,PAUSE,\n",
                "!line 3, column status, 'PAUSE': status: 'PAUSE' is no status; write ENABLE or "
                "DISABLE, in capitals; ");
}

static void test_several_problems(Fixture *fixture, const void *data)
{
    g_autoptr(GString) table = g_string_new("id,status\n1001,X\n1002,X\n");
    g_autofree char *two = plan_of(fixture, TABLE("campaigns.csv"), table->str, table->len);
    g_autofree char *many = NULL;
    guint told = 0;

    g_assert_nonnull(strstr(two, "line 2"));
    g_assert_nonnull(strstr(two, "line 3"));
    for (guint i = 0; i < 3 * TABLE_PROBLEMS; i++)
        g_string_append(table, "8,X\n");
    many = plan_of(fixture, TABLE("campaigns.csv"), table->str, table->len);
    for (const char *at = many; (at = strchr(at, '!')) != NULL; at++)
        told++;
    g_assert_cmpuint(told, ==, TABLE_PROBLEMS);
}

/* An object that exists, but not in the directory whose table it is. */
static void test_elsewhere(Fixture *fixture, const void *data)
{
    assert_problem(fixture, TABLE("campaigns/1001/adgroups.csv"), "id,name\n2002,x\n",
                   "there is no adgroup 2002 here");
    assert_problem(fixture, TABLE("campaigns/1001/ads.csv"), "id,name\n3002,x\n",
                   "there is no ad 3002 here");
    assert_problem(fixture, TABLE("campaigns/1002/adgroups/2002/ads.csv"), "id,name\n3001,x\n",
                   "there is no ad 3001 here");
    assert_problem(fixture, TABLE("campaigns.csv"), "id,name\n2001,x\n",
                   "there is no campaign 2001 here");
}

/* The bytes may come to us in pieces: nothing is cut at one. */
static void test_pieces(Fixture *fixture, const void *data)
{
    g_autoptr(GString) table = g_string_new("id,name\n");
    g_autofree char *got = NULL;
    g_autofree char *name = g_strnfill(480, 'x');

    for (guint i = 0; i < 30; i++) /* each line is longer than a piece would leave room for */
        g_string_append_printf(table, "%d,\"%s\"\n", i == 29 ? 1001 : 1900 + (int)i, name);
    got = plan_of(fixture, TABLE("campaigns.csv"), table->str, table->len);
    g_assert_nonnull(strstr(got, "line 2, column id: there is no campaign 1900"));
    g_string_assign(table, "id,name\n1002,");
    for (guint i = 0; i < 9000; i++)
        g_string_append_c(table, 'y');
    g_string_append(table, "\n1001,Winter\n");
    assert_problem(fixture, TABLE("campaigns.csv"), table->str, "line 2, column name");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("/table-plan/a-table-has-what-is-below-its-directory", test_rows);
    add("/table-plan/what-was-read-is-no-change", test_what_was_read);
    add("/table-plan/differences", test_edits);
    add("/table-plan/what-is-absent-is-untouched", test_absent);
    add("/table-plan/problems", test_problems);
    add("/table-plan/lines-that-were-taken-in-before", test_done);
    add("/table-plan/refused-as-a-whole", test_whole);
    add("/table-plan/the-first-few-problems-are-told", test_several_problems);
    add("/table-plan/objects-of-elsewhere", test_elsewhere);
    add("/table-plan/cut-anywhere", test_pieces);
    return g_test_run();
}
