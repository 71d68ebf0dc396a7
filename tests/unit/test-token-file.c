/* SPDX-License-Identifier: MIT */
/* test-token-file.c - the file of a token is replaced as a whole, and watched. */
#include "fs/token-file.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fs/private.h"

typedef struct {
    char *directory, *path;
} Place;

static void set_up(Place *place, gconstpointer data)
{
    place->directory = g_dir_make_tmp("adsfs-token-XXXXXX", NULL);
    place->path = g_build_filename(place->directory, "state", "token", NULL);
}

static void tear_down(Place *place, gconstpointer data)
{
    const char *argv[] = {"rm", "-rf", place->directory, NULL};

    g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
    g_free(place->directory);
    g_free(place->path);
}

static void write_token(const char *path, const char *access)
{
    Token token = {.access = (char *)access, .refresh = (char *)"again", .expires_s = 4711};
    g_autoptr(GError) error = NULL;

    token_file_write(path, &token, &error);
    g_assert_no_error(error);
}

static void check(const char *path, const char *access)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Token) token = token_file_read(path, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(token->access, ==, access);
}

static guint n_files(const char *directory)
{
    GDir *dir = g_dir_open(directory, 0, NULL);
    guint n = 0;

    while (g_dir_read_name(dir) != NULL)
        n++;
    g_dir_close(dir);
    return n;
}

static void test_replace(Place *place, gconstpointer data)
{
    g_autofree char *directory = g_path_get_dirname(place->path);
    g_autofree char *link = g_build_filename(place->directory, "link", NULL);
    struct stat first, second;
    int fd;

    write_token(place->path, "first");
    g_assert_cmpint(stat(place->path, &first), ==, 0);
    g_assert_cmpuint(first.st_mode & 07777, ==, 0600);
    g_assert_cmpint(stat(directory, &second), ==, 0);
    g_assert_cmpuint(second.st_mode & 07777, ==, 0700);

    fd = g_open(place->path, O_RDONLY); /* else the number of the file could come again */
    g_assert_cmpint(symlink(place->path, link), ==, 0);
    write_token(link, "second");
    check(place->path, "second");
    g_assert_cmpint(stat(place->path, &second), ==, 0);
    g_assert_cmpuint(first.st_ino, !=, second.st_ino);
    g_assert_cmpint(lstat(link, &second), ==, 0);
    g_assert_true(S_ISLNK(second.st_mode));
    g_assert_cmpuint(n_files(directory), ==, 1);
    close(fd);
}

static void put_aged(const char *directory, const char *name, gint64 age_s)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    gint64 then_s = g_get_real_time() / G_USEC_PER_SEC - age_s;
    struct timespec times[] = {{then_s, 0}, {then_s, 0}};

    g_assert_true(g_file_set_contents(path, "x", 1, NULL));
    g_assert_cmpint(utimensat(AT_FDCWD, path, times, 0), ==, 0);
}

/* Of a process that crashed; nothing else that is old. */
static void test_left_over(Place *place, gconstpointer data)
{
    static const char *const others[] = {"token.backup",        "token.adsfs-ab12",
                                         "token.adsfs-ab12XYZ", "token.adsfs-ab.2XY",
                                         "other.adsfs-ab12XY",  "token.old"};
    g_autofree char *directory = g_path_get_dirname(place->path);

    write_token(place->path, "first");
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
        put_aged(directory, others[i], 1000000);
    put_aged(directory, "token.adsfs-Yo2ung", 86000);
    put_aged(directory, "token.adsfs-Ol1ddd", 87000);
    g_assert_cmpuint(n_files(directory), ==, G_N_ELEMENTS(others) + 3);
    write_token(place->path, "second");
    g_assert_cmpuint(n_files(directory), ==, G_N_ELEMENTS(others) + 2);
    g_autofree char *gone = g_build_filename(directory, "token.adsfs-Ol1ddd", NULL);
    g_assert_true(private_is_missing(gone));
}

/* A directory in its place can not be replaced by a file. */
static void test_failed_write(Place *place, gconstpointer data)
{
    g_autofree char *directory = g_path_get_dirname(place->path);
    g_autofree char *inside = g_build_filename(place->path, "x", NULL);
    Token token = {.access = (char *)"of-nobody"};
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(g_mkdir_with_parents(inside, 0700), ==, 0);
    g_assert_false(token_file_write(place->path, &token, &error));
    g_assert_nonnull(strstr(error->message, place->path));
    g_assert_null(strstr(error->message, "of-nobody"));
    g_assert_cmpuint(n_files(directory), ==, 1);
}

static void test_read(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *many = g_strnfill(100000, '7');
    g_autofree char *json =
        g_strdup_printf("{\"access_token\":\"a\",\"advertiser_ids\":[\"1\",\"%s\"]}", "22");

    g_assert_true(private_write("x", place->path, " one-line \n", NULL));
    check(place->path, "one-line");
    g_assert_true(private_write("x", place->path, json, NULL));
    check(place->path, "a");
    g_assert_true(private_write("x", place->path, many, NULL));
    g_assert_null(token_file_read(place->path, &error));
    g_clear_error(&error);
    g_assert_true(private_write("x", place->path, "{\"access_token\":\"secret", NULL));
    g_assert_null(token_file_read(place->path, &error));
    g_assert_nonnull(strstr(error->message, "token_file"));
    g_assert_null(strstr(error->message, "secret"));
}

/* ---- watching ---- */

typedef struct {
    GMainLoop *loop;
    char *access; /* NULL: gone */
    guint n;
} Seen;

static void on_changed(void *user_data, const Token *token)
{
    Seen *seen = user_data;

    g_free(seen->access);
    seen->access = token != NULL ? g_strdup(token->access) : NULL;
    seen->n++;
    g_main_loop_quit(seen->loop);
}

static gboolean on_quiet(void *user_data)
{
    g_main_loop_quit(user_data);
    return G_SOURCE_REMOVE;
}

static void wait_quiet(Seen *seen)
{
    g_timeout_add(300, on_quiet, seen->loop);
    g_main_loop_run(seen->loop);
}

static void test_watch(Place *place, gconstpointer data)
{
    Seen seen = {.loop = g_main_loop_new(NULL, FALSE)};
    TokenWatch *watch;

    write_token(place->path, "first");
    watch = token_watch_new(place->path, on_changed, &seen);
    write_token(place->path, "second");
    g_main_loop_run(seen.loop);
    g_assert_cmpstr(seen.access, ==, "second");
    g_assert_true(private_remove("x", place->path, NULL));
    g_main_loop_run(seen.loop);
    g_assert_null(seen.access);
    write_token(place->path, "third");
    g_main_loop_run(seen.loop);
    g_assert_cmpstr(seen.access, ==, "third");

    /* What can not be used is no change. */
    seen.n = 0;
    g_assert_true(private_write("x", place->path, "two words", NULL));
    wait_quiet(&seen);
    g_assert_cmpuint(seen.n, ==, 0);
    write_token(place->path, "fourth");
    g_main_loop_run(seen.loop);
    g_assert_cmpstr(seen.access, ==, "fourth");
    token_watch_free(watch);
    write_token(place->path, "fifth");
    wait_quiet(&seen);
    g_assert_cmpstr(seen.access, ==, "fourth");
    g_free(seen.access);
    g_main_loop_unref(seen.loop);
}

#define ADD(path, function) g_test_add(path, Place, NULL, set_up, function, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/token-file/replaced-as-a-whole", test_replace);
    ADD("/token-file/left-over-of-a-crash", test_left_over);
    ADD("/token-file/failed-write-leaves-nothing", test_failed_write);
    ADD("/token-file/one-line-or-json", test_read);
    ADD("/token-file/changes-are-told", test_watch);
    return g_test_run();
}
