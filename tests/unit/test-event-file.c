/* SPDX-License-Identifier: MIT */
/* test-event-file.c - lines last, a full file makes room for the next, a reader misses none. */
#include "cache/event-file.h"
#include "tests/unit/fake-service.h"

#include "api/error.h"

typedef struct {
    Fake *fake;
    EventFile *file;
    char *path;
} Fixture;

static void open_file(Fixture *f)
{
    g_autoptr(GError) error = NULL;

    f->file = event_file_new(f->fake->dir, "events", 100, &f->fake->clock, &error);
    g_assert_no_error(error);
}

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    f->fake = fake_new_closed();
    f->path = g_build_filename(f->fake->dir, "events", NULL);
    open_file(f);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    event_file_free(f->file);
    g_free(f->path);
    fake_free(f->fake);
}

static void append(Fixture *f, const char *lines)
{
    g_autoptr(GError) error = NULL;

    event_file_append(f->file, lines, strlen(lines), &error);
    g_assert_no_error(error);
}

static void check(Fixture *f, gboolean old, const char *text)
{
    char buffer[1000];
    gssize got = event_file_read(f->file, old, buffer, sizeof buffer - 1, 0);

    g_assert_cmpint(got, >=, 0);
    buffer[got] = '\0';
    g_assert_cmpstr(buffer, ==, text);
    g_assert_cmpint(event_file_size(f->file, old), ==, (gint64)strlen(text));
}

static void test_last(Fixture *f, gconstpointer data)
{
    (void)data;
    check(f, FALSE, "");
    append(f, "one\n");
    append(f, "two\n");
    check(f, FALSE, "one\ntwo\n");
    event_file_free(f->file);
    open_file(f);
    append(f, "three\n");
    check(f, FALSE, "one\ntwo\nthree\n");
    check(f, TRUE, "");
}

static void test_offset(Fixture *f, gconstpointer data)
{
    char buffer[10];

    (void)data;
    append(f, "one\ntwo\n");
    g_assert_cmpint(event_file_read(f->file, FALSE, buffer, 3, 4), ==, 3);
    g_assert_cmpmem(buffer, 3, "two", 3);
    g_assert_cmpint(event_file_read(f->file, FALSE, buffer, 10, 8), ==, 0);
    g_assert_cmpint(event_file_read(f->file, FALSE, buffer, 10, 1000), ==, 0);
}

/* What a crash left of a line is written over, and was never shown. */
static void test_piece(Fixture *f, gconstpointer data)
{
    (void)data;
    event_file_free(f->file);
    g_assert_true(g_file_set_contents(f->path, "whole\npie", -1, NULL));
    open_file(f);
    check(f, FALSE, "whole\n");
    append(f, "x\n");
    check(f, FALSE, "whole\nx\n");
}

static void test_full(Fixture *f, gconstpointer data)
{
    g_autofree char *line = g_strnfill(99, 'a');
    g_autofree char *full = g_strconcat(line, "\n", NULL);
    g_autofree char *twice = g_strconcat(full, full, NULL);

    (void)data;
    append(f, full);
    append(f, full); /* full, but who follows it may not have seen the last line yet */
    check(f, FALSE, twice);
    append(f, "new\n"); /* as long as it may become */
    check(f, FALSE, "new\n");
    check(f, TRUE, twice);
    append(f, full);
    fake_later(f->fake, 6 * SECOND);
    append(f, "newer\n");
    check(f, FALSE, "newer\n");
    event_file_free(f->file);
    open_file(f);
    check(f, FALSE, "newer\n");
    g_assert_cmpint(event_file_size(f->file, TRUE), ==, 104);
}

static void test_refused(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    (void)data;
    g_assert_null(event_file_new("/nowhere", "events", 100, &f->fake->clock, &error));
    g_assert_error(error, API_ERROR, API_ERROR_LOCAL);
    g_assert_nonnull(strstr(error->message, "/nowhere/events"));
    g_clear_error(&error);
    g_assert_null(event_file_new("/", "proc", 100, &f->fake->clock, &error)); /* not why proc.1 */
    g_assert_nonnull(strstr(error->message, g_strerror(EISDIR)));
}

/* Somebody has removed it, or the next one could not be made before. */
static void test_removed(Fixture *f, gconstpointer data)
{
    g_autofree char *line = g_strnfill(120, 'x');

    (void)data;
    line[119] = '\n';
    append(f, line);
    g_assert_cmpint(g_unlink(f->path), ==, 0);
    fake_later(f->fake, 6 * SECOND);
    append(f, "b\n");
    check(f, FALSE, "b\n");
    check(f, TRUE, line);
    event_file_free(f->file);
    open_file(f);
    check(f, FALSE, "b\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/event-file/lasts", Fixture, NULL, set_up, test_last, tear_down);
    g_test_add("/event-file/from-an-offset", Fixture, NULL, set_up, test_offset, tear_down);
    g_test_add("/event-file/shows-whole-lines", Fixture, NULL, set_up, test_piece, tear_down);
    g_test_add("/event-file/makes-room", Fixture, NULL, set_up, test_full, tear_down);
    g_test_add("/event-file/says-what-can-not-be-written", Fixture, NULL, set_up, test_refused,
               tear_down);
    g_test_add("/event-file/goes-on-where-it-was-removed", Fixture, NULL, set_up, test_removed,
               tear_down);
    return g_test_run();
}
