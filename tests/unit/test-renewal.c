/* SPDX-License-Identifier: MIT */
/* test-renewal.c - another token is asked for once, and on the disk before it is used. */
#include "fs/renewal.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>

#include "api/error.h"
#include "fs/private.h"
#include "fs/token-file.h"

enum { NOW_S = 1000000 };

typedef struct {
    char *directory, *path;
    GMainLoop *loop;
    Clock clock;
    Renewal *renewal;
    AuthFunc done; /* of the question that is not answered */
    void *done_data;
    char *asked_for, *used; /* access tokens */
    gboolean used_was_stored;
    guint n_asks, n_uses, n_renewings, n_failures;
    GError *failure;
} World;

static gint64 wall(void *user_data)
{
    return (gint64)NOW_S * G_USEC_PER_SEC;
}

static void ask(void *user_data, const Token *token, AuthFunc done, void *done_data)
{
    World *world = user_data;

    world->n_asks++;
    g_free(world->asked_for);
    world->asked_for = g_strdup(token->access);
    world->done = done;
    world->done_data = done_data;
    g_main_loop_quit(world->loop);
}

static void use(void *user_data, const Token *token)
{
    World *world = user_data;
    g_autoptr(Token) stored = token_file_read(world->path, NULL);

    world->n_uses++;
    g_free(world->used);
    world->used = token != NULL ? g_strdup(token->access) : NULL;
    world->used_was_stored = token != NULL && stored != NULL &&
                             g_str_equal(stored->access, token->access) &&
                             g_strcmp0(stored->refresh, token->refresh) == 0;
    g_main_loop_quit(world->loop);
}

static void renewing(void *user_data)
{
    ((World *)user_data)->n_renewings++;
}

static void failed(void *user_data, const GError *error)
{
    World *world = user_data;

    world->n_failures++;
    g_clear_error(&world->failure);
    world->failure = g_error_copy(error);
    g_main_loop_quit(world->loop);
}

static Token *token_new(const char *access, gint64 ends_in_s)
{
    Token token = {.access = (char *)access,
                   .refresh = (char *)"refresh",
                   .obtained_s = NOW_S - 1000,
                   .expires_s = NOW_S + ends_in_s};

    return token_copy(&token);
}

static void keep(World *world, const char *access, gint64 ends_in_s)
{
    g_autoptr(Token) token = token_new(access, ends_in_s);

    g_assert_true(token_file_write(world->path, token, NULL));
}

static void start(World *world)
{
    RenewalConfig config = {.path = world->path,
                            .profile = "agency",
                            .clock = &world->clock,
                            .ask = ask,
                            .use = use,
                            .renewing = renewing,
                            .failed = failed,
                            .user_data = world};
    g_autoptr(GError) error = NULL;

    world->renewal = renewal_new(&config, &error);
    g_assert_no_error(error);
}

static void answer(World *world, const char *access)
{
    g_autoptr(Token) token = token_new(access, 5000);

    token->refresh[0] = 'R';
    world->done(world->done_data, token, NULL);
}

static void set_up(World *world, gconstpointer data)
{
    world->directory = g_dir_make_tmp("adsfs-renewal-XXXXXX", NULL);
    world->path = g_build_filename(world->directory, "token", NULL);
    world->loop = g_main_loop_new(NULL, FALSE);
    world->clock = (Clock){.wall_us = wall, .monotonic_us = wall};
}

static void tear_down(World *world, gconstpointer data)
{
    const char *argv[] = {"rm", "-rf", world->directory, NULL};

    renewal_free(world->renewal);
    g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
    g_main_loop_unref(world->loop);
    g_clear_error(&world->failure);
    g_free(world->directory);
    g_free(world->path);
    g_free(world->asked_for);
    g_free(world->used);
}

static gboolean on_quiet(void *user_data)
{
    g_main_loop_quit(user_data);
    return G_SOURCE_REMOVE;
}

static void wait_quiet(World *world, guint ms)
{
    guint source = g_timeout_add(ms, on_quiet, world->loop);

    g_main_loop_run(world->loop);
    if (g_main_context_find_source_by_id(NULL, source) != NULL)
        g_source_remove(source);
}

static void test_once(World *world, gconstpointer data)
{
    keep(world, "old", -1);
    start(world);
    g_assert_cmpstr(world->used, ==, "old");
    for (int i = 0; i < 50; i++)
        renewal_ask(world->renewal);
    g_assert_cmpuint(world->n_asks, ==, 0); /* never from inside */
    g_main_loop_run(world->loop);
    renewal_ask(world->renewal);
    wait_quiet(world, 300);
    g_assert_cmpuint(world->n_asks, ==, 1);
    g_assert_cmpstr(world->asked_for, ==, "old");
    answer(world, "new");
    g_assert_cmpstr(world->used, ==, "new");
    g_assert_true(world->used_was_stored);
    wait_quiet(world, 300);
    g_assert_cmpuint(world->n_asks, ==, 1);
    g_assert_cmpuint(world->n_uses, ==, 2);
    g_assert_cmpuint(world->n_failures, ==, 0);
    g_assert_cmpuint(world->n_renewings, ==, 0); /* who asked knows */
}

/* Ahead of its end, and with nobody asking: it is told, and how it ended. */
static void test_ahead(World *world, gconstpointer data)
{
    keep(world, "old", 100); /* of 1100 s */
    start(world);
    g_main_loop_run(world->loop);
    g_assert_cmpuint(world->n_asks, ==, 1);
    g_assert_cmpuint(world->n_renewings, ==, 1);
    answer(world, "new");
    wait_quiet(world, 200);
    g_assert_cmpuint(world->n_asks, ==, 1);
    g_assert_cmpuint(world->n_renewings, ==, 1);
    g_assert_cmpuint(world->n_uses, ==, 2);
}

static void test_ahead_in_vain(World *world, gconstpointer data)
{
    g_autoptr(GError) refusal = api_error_new(API_ERROR_TOKEN, 0, NULL, "invalid_grant");

    keep(world, "old", 100);
    start(world);
    g_main_loop_run(world->loop);
    g_assert_cmpuint(world->n_renewings, ==, 1);
    world->done(world->done_data, NULL, refusal);
    g_assert_cmpuint(world->n_failures, ==, 1);
}

static void test_other_process(World *world, gconstpointer data)
{
    g_autofree char *lock = g_strconcat(world->path, ".lock", NULL);
    int fd = open(lock, O_RDWR | O_CREAT, 0600);

    g_assert_cmpint(flock(fd, LOCK_EX), ==, 0);
    keep(world, "old", -1);
    start(world);
    renewal_ask(world->renewal);
    wait_quiet(world, 500);
    g_assert_cmpuint(world->n_asks, ==, 0);
    keep(world, "of-the-other", 5000);
    close(fd);
    while (g_strcmp0(world->used, "of-the-other") != 0)
        g_main_loop_run(world->loop);
    wait_quiet(world, 500);
    g_assert_cmpuint(world->n_asks, ==, 0);
    g_assert_cmpuint(world->n_failures, ==, 0);
}

/* What comes after a logout or a login is not for this file any more. */
static void test_dropped(World *world, gconstpointer data)
{
    keep(world, "old", -1);
    start(world);
    g_main_loop_run(world->loop);
    g_assert_true(private_remove("x", world->path, NULL));
    answer(world, "late");
    g_assert_null(world->used);
    g_assert_true(private_is_missing(world->path));

    keep(world, "login", -1);
    while (world->n_asks < 2)
        g_main_loop_run(world->loop);
    g_assert_cmpstr(world->asked_for, ==, "login");
    keep(world, "newer", 5000);
    answer(world, "late");
    g_assert_cmpstr(world->used, ==, "newer");
    g_autoptr(Token) token = token_file_read(world->path, NULL);
    g_assert_cmpstr(token->access, ==, "newer");
}

static void test_failures(World *world, gconstpointer data)
{
    g_autoptr(GError) refusal = api_error_new(API_ERROR_TOKEN, 0, NULL, "invalid_grant");

    keep(world, "old", -1);
    start(world);
    renewal_ask(world->renewal);
    g_main_loop_run(world->loop);
    world->done(world->done_data, NULL, refusal);
    g_assert_cmpuint(world->n_failures, ==, 1);
    wait_quiet(world, 300); /* not again by itself */
    g_assert_cmpuint(world->n_asks, ==, 1);

    g_assert_true(private_write("x", world->path, "one-line", NULL));
    while (g_strcmp0(world->used, "one-line") != 0)
        g_main_loop_run(world->loop);
    renewal_ask(world->renewal);
    g_main_loop_run(world->loop);
    g_assert_cmpuint(world->n_asks, ==, 1);
    g_assert_cmpuint(world->n_failures, ==, 2);
    g_assert_nonnull(strstr(world->failure->message, "adsfs login agency"));
}

/* A disk that takes nothing: the new token is kept, and used once it is on it. */
static void test_store(World *world, gconstpointer data)
{
    struct rlimit before, none;

    keep(world, "old", -1);
    start(world);
    renewal_ask(world->renewal);
    g_main_loop_run(world->loop);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    none = (struct rlimit){0, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &none);
    answer(world, "new");
    setrlimit(RLIMIT_FSIZE, &before);
    g_assert_cmpstr(world->used, ==, "old");
    g_assert_cmpuint(world->n_failures, ==, 1);
    g_main_loop_run(world->loop);
    g_assert_cmpstr(world->used, ==, "new");
    g_assert_true(world->used_was_stored);
    g_assert_cmpuint(world->n_asks, ==, 1);
}

/* Nothing is asked for that could not be kept: the old token still counts. */
static void test_no_room(World *world, gconstpointer data)
{
    struct rlimit before, none;

    keep(world, "old", -1);
    start(world);
    renewal_ask(world->renewal);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    none = (struct rlimit){0, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &none);
    g_main_loop_run(world->loop);
    setrlimit(RLIMIT_FSIZE, &before);
    g_assert_cmpuint(world->n_asks, ==, 0);
    g_assert_cmpuint(world->n_failures, ==, 1);
    g_assert_nonnull(strstr(world->failure->message, "can not be written"));
    renewal_ask(world->renewal);
    g_main_loop_run(world->loop);
    g_assert_cmpuint(world->n_asks, ==, 1);
}

/* Somebody made the file readable for others while the service was asked: what it gave is kept. */
static void test_unreadable(World *world, gconstpointer data)
{
    keep(world, "old", -1);
    start(world);
    renewal_ask(world->renewal);
    g_main_loop_run(world->loop);
    g_assert_cmpint(g_chmod(world->path, 0644), ==, 0);
    answer(world, "new");
    g_assert_cmpstr(world->used, ==, "old");
    g_assert_cmpuint(world->n_failures, ==, 1);
    g_assert_cmpint(g_chmod(world->path, 0600), ==, 0);
    while (g_strcmp0(world->used, "new") != 0)
        g_main_loop_run(world->loop);
    g_assert_true(world->used_was_stored);
    g_assert_cmpuint(world->n_asks, ==, 1);
}

static gboolean on_late_answer(void *user_data)
{
    answer(user_data, "new");
    return G_SOURCE_REMOVE;
}

/* The end comes while the service is asked. */
static void test_finish(World *world, gconstpointer data)
{
    renewal_finish(NULL);
    keep(world, "old", -1);
    start(world);
    renewal_finish(world->renewal);
    g_assert_cmpuint(world->n_asks, ==, 0);
    renewal_ask(world->renewal);
    g_main_loop_run(world->loop);
    g_timeout_add(100, on_late_answer, world);
    renewal_finish(world->renewal);
    g_assert_cmpstr(world->used, ==, "new");
    g_assert_true(world->used_was_stored);
}

static void answer_with_nothing_left(World *world)
{
    g_autoptr(Token) token = token_new("one-of-many", 0);

    token->access[0] = (char)('a' + world->n_asks % 26);
    world->done(world->done_data, token, NULL);
}

/* Tokens that have ended when they come: not one after the other without a pause. */
static void test_no_life(World *world, gconstpointer data)
{
    keep(world, "old", -1);
    start(world);
    renewal_ask(world->renewal);
    for (gint64 end_us = g_get_monotonic_time() + 600000; g_get_monotonic_time() < end_us;) {
        guint before = world->n_asks;

        wait_quiet(world, 100);
        if (world->n_asks > before)
            answer_with_nothing_left(world);
    }
    g_assert_cmpuint(world->n_asks, <=, 2);
}

#define ADD(path, function) g_test_add(path, World, NULL, set_up, function, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/renewal/once-for-all-and-stored-before-use", test_once);
    ADD("/renewal/ahead-of-its-end", test_ahead);
    ADD("/renewal/ahead-of-its-end-in-vain", test_ahead_in_vain);
    ADD("/renewal/another-process-asks", test_other_process);
    ADD("/renewal/dropped-when-the-file-changed", test_dropped);
    ADD("/renewal/failures", test_failures);
    ADD("/renewal/used-when-it-is-on-the-disk", test_store);
    ADD("/renewal/not-asked-for-without-room", test_no_room);
    ADD("/renewal/kept-while-the-file-is-unreadable", test_unreadable);
    ADD("/renewal/an-answer-on-its-way-at-the-end", test_finish);
    ADD("/renewal/tokens-without-a-life", test_no_life);
    return g_test_run();
}
