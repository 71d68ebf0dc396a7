/* SPDX-License-Identifier: MIT */
/* test-scratch.c - what scratch files hold, how many there may be, and that they go. */
#include "fs/scratch.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

enum { HERE = 0x100, THERE = 0x200 };

static gint64 now_us = 1000 * (gint64)G_USEC_PER_SEC;

static gint64 read_clock(void *user_data)
{
    return now_us;
}

static const Clock test_clock = {read_clock, read_clock, NULL};

static void later(gint64 seconds)
{
    now_us += seconds * G_USEC_PER_SEC;
}

static Scratch *make(Scratches *scratches, guint64 dir, const char *name)
{
    g_autoptr(GError) error = NULL;
    Scratch *scratch = scratch_create(scratches, dir, name, 0600, FALSE, &error);

    g_assert_no_error(error);
    g_assert_nonnull(scratch);
    return scratch;
}

static void write_text(Scratches *scratches, Scratch *scratch, const char *text, gint64 offset)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(scratch_write(scratches, scratch, text, strlen(text), offset, &error));
    g_assert_no_error(error);
}

static void want_text(const Scratch *scratch, const char *wanted, int length)
{
    char buffer[64];

    g_assert_cmpint(scratch->size, ==, length);
    g_assert_cmpint(scratch_read(scratch, buffer, sizeof buffer, 0), ==, length);
    g_assert_cmpmem(buffer, length, wanted, length);
}

static void test_content(void)
{
    Scratches *scratches = scratches_new(&test_clock, g_get_tmp_dir());
    Scratch *scratch = make(scratches, HERE, "budget.tmp");
    char byte;

    want_text(scratch, "", 0);
    write_text(scratches, scratch, "500\n", 0);
    write_text(scratches, scratch, "7", 1);
    want_text(scratch, "570\n", 4);
    write_text(scratches, scratch, "x", 6);
    want_text(scratch, "570\n\0\0x", 7);
    g_assert_true(scratch_resize(scratches, scratch, 2, NULL));
    g_assert_true(scratch_resize(scratches, scratch, 3, NULL));
    want_text(scratch, "57\0", 3);
    g_assert_cmpint(scratch_read(scratch, &byte, 1, 3), ==, 0);
    g_assert_cmpint(scratch_read(scratch, &byte, 1, 300), ==, 0);
    scratches_free(scratches);
}

static void test_names(void)
{
    Scratches *scratches = scratches_new(&test_clock, g_get_tmp_dir());
    Scratch *one = make(scratches, HERE, "a"), *other = make(scratches, HERE, "b");
    gint64 number = one->number, there = make(scratches, THERE, "a")->number;

    g_assert_true(scratch_find(scratches, HERE, "a") == one);
    g_assert_null(scratch_find(scratches, THERE, "b"));
    scratch_rename(scratches, other, "a");
    g_assert_true(scratch_find(scratches, HERE, "a") == other);
    g_assert_null(scratch_find(scratches, HERE, "b"));
    g_assert_null(scratch_at(scratches, number)); /* nobody had it open */
    g_assert_cmpint(scratch_find(scratches, THERE, "a")->number, ==, there);
    scratch_unlink(scratches, other);
    g_assert_null(scratch_find(scratches, HERE, "a"));
    g_assert_cmpint(make(scratches, HERE, "a")->number, >, there); /* never one that was */
    scratches_free(scratches);
}

/* As of any file: who has it open reads and writes on. */
static void test_nameless(void)
{
    Scratches *scratches = scratches_new(&test_clock, g_get_tmp_dir());
    Scratch *scratch = make(scratches, HERE, "a");
    gint64 number = scratch->number;

    scratch_open(scratches, scratch);
    scratch_unlink(scratches, scratch);
    g_assert_null(scratch_find(scratches, HERE, "a"));
    g_assert_null(scratch_next(scratches, HERE, 0));
    write_text(scratches, scratch, "on", 0);
    want_text(scratch_at(scratches, number), "on", 2);
    scratch_close(scratches, number);
    g_assert_null(scratch_at(scratches, number));
    scratches_free(scratches);
}

static void test_listing(void)
{
    Scratches *scratches = scratches_new(&test_clock, g_get_tmp_dir());
    gint64 first = make(scratches, HERE, "a")->number, second;

    make(scratches, THERE, "b");
    second = make(scratches, HERE, "c")->number;
    g_assert_cmpint(scratch_next(scratches, HERE, 0)->number, ==, first);
    g_assert_cmpint(scratch_next(scratches, HERE, first)->number, ==, second);
    g_assert_null(scratch_next(scratches, HERE, second));
    g_assert_null(scratch_next(NULL, HERE, 0));
    scratches_free(scratches);
}

static void note_gone(void *user_data, guint64 dir)
{
    *(guint64 *)user_data += dir;
}

static void test_expiry(void)
{
    Scratches *scratches = scratches_new(&test_clock, g_get_tmp_dir());
    Scratch *scratch = make(scratches, HERE, "unused");
    gint64 open = make(scratches, HERE, "open")->number;
    guint64 gone = 0;

    scratch_open(scratches, scratch_at(scratches, open));
    later(SCRATCH_EXPIRES_S - 1);
    make(scratches, THERE, "young");
    g_assert_true(scratches_expire(scratches, note_gone, &gone));
    g_assert_true(scratch_find(scratches, HERE, "unused") == scratch);
    g_assert_cmpuint(gone, ==, 0);
    later(1);
    g_assert_true(scratches_expire(scratches, note_gone, &gone));
    g_assert_null(scratch_find(scratches, HERE, "unused"));
    g_assert_nonnull(scratch_find(scratches, HERE, "open"));
    g_assert_nonnull(scratch_find(scratches, THERE, "young"));
    g_assert_cmpuint(gone, ==, HERE);
    scratch_close(scratches, open);
    later(SCRATCH_EXPIRES_S);
    g_assert_false(scratches_expire(scratches, note_gone, &gone));
    scratches_free(scratches);
}

/* The kernel keeps a listing until the directory has another time. */
static void test_times(void)
{
    Scratches *scratches = scratches_new(&test_clock, g_get_tmp_dir());
    gint64 times[6];

    times[0] = scratch_time_us(scratches, HERE, 77);
    g_assert_cmpint(times[0], ==, 77);
    make(scratches, HERE, "a");
    times[1] = scratch_time_us(scratches, HERE, 77);
    make(scratches, HERE, "b");
    times[2] = scratch_time_us(scratches, HERE, 77);
    times[3] = scratch_time_us(scratches, HERE, now_us + 5); /* changed meanwhile */
    scratch_unlink(scratches, scratch_find(scratches, HERE, "b"));
    times[4] = scratch_time_us(scratches, HERE, now_us + 5);
    later(SCRATCH_EXPIRES_S);
    make(scratches, HERE, "c");
    scratches_expire(scratches, NULL, NULL);
    times[5] = scratch_time_us(scratches, HERE, 77);
    for (gsize i = 0; i < G_N_ELEMENTS(times); i++)
        for (gsize j = 0; j < i; j++)
            g_assert_cmpint(times[i], !=, times[j]);
    g_assert_cmpint(scratch_time_us(scratches, THERE, 77), ==, 77);
    g_assert_cmpint(scratch_time_us(NULL, HERE, 77), ==, 77);
    scratches_free(scratches);
}

static void make_many(Scratches *scratches, guint64 dir, int n)
{
    for (int i = 0; i < n; i++) {
        g_autofree char *name = g_strdup_printf("%d", i);

        make(scratches, dir, name);
    }
}

static void want_full(Scratches *scratches, guint64 dir)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(scratch_create(scratches, dir, "more", 0600, FALSE, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
}

static void test_many(void)
{
    Scratches *scratches = scratches_new(&test_clock, g_get_tmp_dir());

    make_many(scratches, HERE, SCRATCH_HERE);
    want_full(scratches, HERE);
    make(scratches, THERE, "elsewhere");
    later(60); /* nobody renames them any more */
    scratch_open(scratches, scratch_find(scratches, HERE, "0"));
    make(scratches, HERE, "more");
    g_assert_nonnull(scratch_find(scratches, HERE, "0"));
    g_assert_null(scratch_find(scratches, HERE, "1"));
    g_assert_nonnull(scratch_find(scratches, HERE, "2"));
    scratches_free(scratches);
}

static void test_all(void)
{
    Scratches *scratches = scratches_new(&test_clock, g_get_tmp_dir());

    for (int i = 1; i <= SCRATCH_ALL / SCRATCH_HERE; i++)
        make_many(scratches, (guint64)i << 8, SCRATCH_HERE);
    want_full(scratches, 0xffff00);
    later(60);
    make(scratches, 0xffff00, "more");
    scratches_free(scratches);
}

static void test_long(void)
{
    Scratches *scratches = scratches_new(&test_clock, g_get_tmp_dir());
    Scratch *scratch = make(scratches, HERE, "budget.tmp");
    g_autofree char *most = g_malloc0(SCRATCH_BYTES);
    g_autoptr(GError) error = NULL;

    g_assert_true(scratch_write(scratches, scratch, most, SCRATCH_BYTES, 0, NULL));
    g_assert_false(scratch->spoiled);
    g_assert_false(scratch_write(scratches, scratch, "x", 1, SCRATCH_BYTES, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
    g_assert_true(scratch->spoiled); /* whoever does not look at errors is not to rename it */
    g_assert_cmpint(scratch->size, ==, SCRATCH_BYTES);
    g_assert_false(scratch_resize(scratches, scratch, SCRATCH_BYTES + 1, NULL));
    g_assert_false(scratch_write(scratches, scratch, "x", 1, G_MAXINT64 - 1, NULL));
    g_assert_true(scratch_resize(scratches, scratch, 0, NULL));
    g_assert_false(scratch->spoiled);
    scratches_free(scratches);
}

/* Of a table: on disk, without a name there. */
static void test_large(void)
{
    g_autofree char *directory = g_dir_make_tmp("adsfs-test-XXXXXX", NULL);
    Scratches *scratches = scratches_new(&test_clock, directory);
    Scratch *scratch = make(scratches, HERE, "campaigns.csv.tmp");
    char buffer[8];

    scratch->large = TRUE;
    write_text(scratches, scratch, "head", 0);
    g_assert_cmpint(scratch->fd, ==, -1);
    write_text(scratches, scratch, "tail", SCRATCH_BYTES);
    g_assert_cmpint(scratch->fd, >=, 0);
    g_assert_cmpint(scratch->size, ==, SCRATCH_BYTES + 4);
    g_assert_cmpint(scratch_read(scratch, buffer, 8, 0), ==, 8);
    g_assert_cmpmem(buffer, 8, "head\0\0\0\0", 8);
    g_assert_cmpint(scratch_read(scratch, buffer, 8, SCRATCH_BYTES), ==, 4);
    g_assert_cmpmem(buffer, 4, "tail", 4);
    g_assert_false(scratch_resize(scratches, scratch, SCRATCH_LARGE_BYTES + 1, NULL));
    g_assert_true(scratch_resize(scratches, scratch, 2, NULL));
    want_text(scratch, "he", 2);
    scratches_free(scratches);
    g_assert_cmpint(g_rmdir(directory), ==, 0); /* it is empty */
}

static void test_no_disk(void)
{
    Scratches *scratches = scratches_new(&test_clock, "/nonexistent");
    Scratch *scratch = make(scratches, HERE, "campaigns.csv.tmp");
    g_autoptr(GError) error = NULL;

    scratch->large = TRUE;
    g_assert_false(scratch_write(scratches, scratch, "x", 1, SCRATCH_BYTES, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
    g_assert_true(scratch->spoiled);
    scratches_free(scratches);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scratch/holds-what-was-written", test_content);
    g_test_add_func("/scratch/a-name-is-of-one-directory", test_names);
    g_test_add_func("/scratch/without-a-name-until-closed", test_nameless);
    g_test_add_func("/scratch/listed-by-number", test_listing);
    g_test_add_func("/scratch/goes-after-ten-minutes", test_expiry);
    g_test_add_func("/scratch/each-listing-has-a-time-of-its-own", test_times);
    g_test_add_func("/scratch/64-in-a-directory", test_many);
    g_test_add_func("/scratch/1024-in-all", test_all);
    g_test_add_func("/scratch/64-kib-each", test_long);
    g_test_add_func("/scratch/a-large-one-is-on-disk", test_large);
    g_test_add_func("/scratch/no-disk", test_no_disk);
    return g_test_run();
}
