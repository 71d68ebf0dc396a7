/* SPDX-License-Identifier: MIT */
/* test-pace.c - the file that processes share: what survives them, reboots, damage and clocks. */
#include "api/pace.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const gint64 second_us = G_USEC_PER_SEC;
static const LimitCall list = {BUCKET_APP, {"ad/get/", "7001"}};

typedef struct {
    char *directory, *path;
    Clock clock;
    gint64 mono_us, wall_us;
    const char *boot;
    GString *log;
} World;

static gint64 world_mono(void *user_data)
{
    return ((World *)user_data)->mono_us;
}

static gint64 world_wall(void *user_data)
{
    return ((World *)user_data)->wall_us;
}

static void keep_log(const char *domain, GLogLevelFlags level, const char *text, void *user_data)
{
    g_string_append_printf(user_data, "%s\n", text);
}

static void set_up(World *world, const void *data)
{
    *world = (World){.mono_us = 5000 * second_us,
                     .wall_us = 20000 * 86400 * second_us + 3600 * second_us,
                     .boot = "first"};
    world->directory = g_dir_make_tmp("adsfs-pace-XXXXXX", NULL);
    world->path = g_build_filename(world->directory, "app-7", "pace", NULL);
    world->clock = (Clock){world_mono, world_wall, world};
    world->log = g_string_new(NULL);
    g_log_set_default_handler(keep_log, world->log);
}

static void tear_down(World *world, const void *data)
{
    g_autofree char *directory = g_path_get_dirname(world->path);

    g_log_set_default_handler(g_log_default_handler, NULL);
    g_unlink(world->path);
    g_rmdir(world->path);
    g_rmdir(directory);
    g_rmdir(world->directory);
    g_string_free(world->log, TRUE);
    g_free(world->path);
    g_free(world->directory);
}

static Pace *open_pace(World *world)
{
    return pace_new(&(PaceConfig){
        .app = {10, 600, 1000}, .file = world->path, .boot = world->boot, .clock = &world->clock});
}

static void pass(World *world, gint64 us)
{
    world->mono_us += us;
    world->wall_us += us;
}

/* As many as may be sent now, up to most. */
static guint send(Pace *pace, guint most)
{
    guint n = 0;

    while (n < most && pace_enter(pace)) {
        gboolean may = pace_call_us(pace, &list) <= pace_now_us(pace) &&
                       pace_turn_us(pace, CALL_WAITED) <= pace_now_us(pace);

        if (may)
            pace_take(pace, &list, CALL_WAITED);
        pace_leave(pace);
        if (!may)
            break;
        n++;
    }
    return n;
}

static void answer(Pace *pace, guint n)
{
    while (n-- > 0)
        pace_answered(pace, &list);
    if (pace_enter(pace))
        pace_leave(pace);
}

static guint used(Pace *pace, LimitWindow window)
{
    ClientWindow windows[20];

    g_assert_cmpuint(pace_windows(pace, windows, G_N_ELEMENTS(windows)), >, N_LIMIT_WINDOWS);
    return windows[window].used;
}

/* ---- two at once ---- */

static void test_shared(World *world, const void *data)
{
    Pace *one = open_pace(world), *two = open_pace(world);
    struct stat file;

    g_assert_cmpuint(send(one, 6), ==, 6);
    g_assert_cmpuint(send(two, 99), ==, 4);
    answer(one, 6);
    answer(two, 4);
    pass(world, second_us / 2);
    g_assert_cmpuint(send(one, 99), ==, 0);
    pass(world, second_us);
    g_assert_cmpuint(send(two, 99), ==, 10);
    g_assert_cmpint(g_stat(world->path, &file), ==, 0);
    g_assert_cmpuint(file.st_mode & 0777, ==, 0600);
    pace_free(one);
    pace_free(two);
}

static void test_priority(World *world, const void *data)
{
    Pace *one = open_pace(world), *two = open_pace(world);

    g_assert_cmpuint(send(one, 10), ==, 10);
    answer(one, 10);
    g_assert_true(pace_enter(two));
    pace_announce(two, (const guint[]){1, 0, 0}, world->mono_us + second_us + 3000);
    pace_leave(two);
    pass(world, second_us + 4000);
    g_assert_cmpuint(send(one, 99), ==, 0);
    g_assert_true(pace_enter(two));
    g_assert_cmpint(pace_turn_us(two, CALL_WRITE), ==, pace_now_us(two));
    pace_leave(two);
    pass(world, second_us / 3); /* it did not look */
    g_assert_cmpuint(send(one, 99), ==, 10);
    pace_free(one);
    pace_free(two);
}

/* ---- processes that end ---- */

/* Runs in a child: sends n, and stays until it is killed, or ends in good order. */
static pid_t fork_sender(World *world, guint n, gboolean stay)
{
    int ready[2];
    char byte;

    g_assert_cmpint(pipe(ready), ==, 0);
    pid_t pid = fork();
    if (pid == 0) {
        Pace *pace = open_pace(world);

        if (send(pace, n) != n || write(ready[1], "x", 1) != 1)
            _exit(1);
        while (stay)
            pause();
        pace_free(pace);
        _exit(0);
    }
    close(ready[1]);
    g_assert_cmpint(read(ready[0], &byte, 1), ==, 1);
    close(ready[0]);
    return pid;
}

static void test_killed(World *world, const void *data)
{
    Pace *pace = open_pace(world);
    pid_t pid = fork_sender(world, 10, TRUE);
    int status;

    pass(world, 300 * second_us);
    g_assert_cmpuint(send(pace, 99), ==, 0); /* not answered: they may be counted yet */
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    pass(world, 2 * second_us);
    g_assert_cmpuint(send(pace, 99), ==, 0); /* as if answered when that was noticed */
    pass(world, second_us + 5000);
    g_assert_cmpuint(send(pace, 99), ==, 10);
    pace_free(pace);
}

/* Stopped with calls in flight: they are over some time, for the others. */
static void test_stopped(World *world, const void *data)
{
    Pace *pace = open_pace(world), *stopped = open_pace(world);

    g_assert_cmpuint(send(stopped, 10), ==, 10);
    pass(world, 331 * second_us);
    g_assert_cmpuint(send(pace, 99), ==, 0); /* as if answered when that was noticed */
    pass(world, second_us + 5000);
    g_assert_cmpuint(send(pace, 99), ==, 10);
    answer(pace, 10);
    pass(world, 2 * second_us);
    g_assert_cmpuint(send(stopped, 99), ==, 0); /* it goes on, and has them in flight again */
    g_assert_cmpuint(send(pace, 99), ==, 0);
    answer(stopped, 10);
    g_assert_cmpuint(used(pace, LIMIT_SECOND), ==, 10);
    pass(world, second_us + 5000);
    g_assert_cmpuint(send(pace, 99), ==, 10);
    pace_free(pace);
    pace_free(stopped);
}

static void test_kept(World *world, const void *data)
{
    int status;
    pid_t pid = fork_sender(world, 10, FALSE);
    Pace *pace;

    waitpid(pid, &status, 0);
    g_assert_cmpint(status, ==, 0);
    pace = open_pace(world);
    g_assert_cmpuint(send(pace, 99), ==, 0);
    g_assert_cmpuint(used(pace, LIMIT_MINUTE), ==, 10);
    pass(world, second_us + 5000);
    g_assert_cmpuint(send(pace, 99), ==, 10);
    g_assert_cmpuint(used(pace, LIMIT_DAY), ==, 20);
    pace_free(pace);
}

/* ---- clocks ---- */

static void pause_long(Pace *pace, World *world)
{
    for (guint i = 0; i < 3; i++, pass(world, second_us)) {
        pace_refused(pace, &list, PAUSE_APP, world->mono_us);
        if (pace_enter(pace))
            pace_leave(pace);
    }
}

/* Another boot: the monotonic clock begins anew, and 100 s have passed by the other. */
static void test_reboot(World *world, const void *data)
{
    Pace *pace = open_pace(world);

    g_assert_cmpuint(send(pace, 5), ==, 5);
    pause_long(pace, world);
    pace_free(pace);
    world->boot = "second";
    world->mono_us = 20 * second_us;
    world->wall_us += 100 * second_us;
    pace = open_pace(world);
    g_assert_cmpuint(send(pace, 99), ==, 0);
    g_assert_cmpuint(used(pace, LIMIT_DAY), ==, 5);
    pass(world, 195 * second_us);
    g_assert_cmpuint(send(pace, 99), ==, 0);
    pass(world, 5 * second_us);
    g_assert_cmpuint(send(pace, 99), ==, 10);
    pace_free(pace);
}

/* And one whose clock is wrong: nothing has passed. */
static void test_reboot_back(World *world, const void *data)
{
    Pace *pace = open_pace(world);

    g_assert_cmpuint(send(pace, 10), ==, 10);
    pause_long(pace, world);
    pace_free(pace);
    world->boot = "second";
    world->mono_us = 20 * second_us;
    world->wall_us -= 50 * 86400 * second_us;
    pace = open_pace(world);
    g_assert_cmpuint(used(pace, LIMIT_SECOND), ==, 10);
    pass(world, 298 * second_us);
    g_assert_cmpuint(send(pace, 99), ==, 0);
    pass(world, 3 * second_us);
    g_assert_cmpuint(send(pace, 99), ==, 10);
    g_assert_cmpuint(used(pace, LIMIT_DAY), ==, 20);
    pace_free(pace);
}

/* While it runs, only the day is the wall clock's business. */
static void test_set_back(World *world, const void *data)
{
    Pace *pace = open_pace(world);

    g_assert_cmpuint(send(pace, 10), ==, 10);
    answer(pace, 10);
    world->wall_us -= 400 * 86400 * second_us;
    g_assert_cmpuint(send(pace, 99), ==, 0);
    pass(world, second_us + 5000);
    g_assert_cmpuint(send(pace, 99), ==, 10);
    g_assert_cmpuint(used(pace, LIMIT_DAY), ==, 20);
    world->wall_us += 900 * 86400 * second_us;
    g_assert_cmpuint(used(pace, LIMIT_MINUTE), ==, 20);
    pace_free(pace);
}

/* ---- files ---- */

static void write_file(World *world, const char *text, gsize length)
{
    g_autofree char *directory = g_path_get_dirname(world->path);

    g_mkdir_with_parents(directory, 0700);
    g_assert_true(g_file_set_contents(world->path, text, (gssize)length, NULL));
    g_chmod(world->path, 0666);
}

static void check_replaced(World *world)
{
    Pace *pace = open_pace(world);
    struct stat file;

    g_assert_cmpuint(send(pace, 99), ==, 0); /* who knows what was in it */
    pass(world, second_us + 5000);
    g_assert_cmpuint(send(pace, 99), ==, 10);
    g_assert_nonnull(strstr(world->log->str, world->path));
    g_assert_cmpint(g_stat(world->path, &file), ==, 0);
    g_assert_cmpuint(file.st_mode & 0777, ==, 0600);
    g_string_truncate(world->log, 0);
    pace_free(pace);
}

static void test_damaged(World *world, const void *data)
{
    g_autofree char *good = NULL;
    gsize length;
    Pace *pace;

    write_file(world, "something else", 14);
    check_replaced(world);
    g_file_get_contents(world->path, &good, &length, NULL);
    write_file(world, good, length / 2);
    check_replaced(world);
    good[2] ^= 1;
    write_file(world, good, length);
    check_replaced(world);
    good[2] ^= 1;
    good[8] ^= 1; /* of another version */
    write_file(world, good, length);
    check_replaced(world);
    good[8] ^= 1;
    memset(good + 100, 0x5a, length / 2);
    write_file(world, good, length);
    check_replaced(world);
    pace = open_pace(world); /* and now it is good */
    g_assert_cmpuint(used(pace, LIMIT_DAY), ==, 10);
    g_assert_cmpstr(world->log->str, ==, "");
    pace_free(pace);
}

/* Noise behind the head, under one that has it open: wherever it is, it holds up nobody for long.
 */
static void test_noise(World *world, const void *data)
{
    enum { HEAD = 80, NOISE = 512 };
    Pace *pace = open_pace(world);
    struct stat file;
    guint8 noise[NOISE];
    int fd;

    g_assert_cmpuint(send(pace, 1), ==, 1);
    answer(pace, 1);
    g_assert_cmpint(g_stat(world->path, &file), ==, 0);
    fd = open(world->path, O_RDWR | O_CLOEXEC);
    for (gint64 at = HEAD; at + NOISE <= file.st_size; at += NOISE) {
        for (guint i = 0; i < NOISE; i++)
            noise[i] = (guint8)g_test_rand_int();
        g_assert_cmpint(pwrite(fd, noise, NOISE, at), ==, NOISE);
        for (guint i = 0; i < 5 && send(pace, 1) == 0; i++)
            pass(world, second_us + 5000);
        g_assert_cmpuint(used(pace, LIMIT_MINUTE), <, 600);
        answer(pace, 1);
    }
    close(fd);
    pace_free(pace);
}

/* Cut, or taken away, under one that has it open. */
static void test_cut(World *world, const void *data)
{
    Pace *one = open_pace(world), *two = open_pace(world);

    g_assert_cmpuint(send(one, 4), ==, 4);
    g_assert_cmpint(truncate(world->path, 100), ==, 0);
    g_assert_cmpuint(send(one, 99), ==, 0);
    pass(world, second_us + 5000);
    g_assert_cmpuint(send(two, 99), ==, 10 - 4); /* four are still in flight */
    g_assert_cmpint(g_unlink(world->path), ==, 0);
    g_assert_cmpuint(send(one, 99), ==, 0);
    g_assert_cmpuint(used(two, LIMIT_SECOND), ==, 10 + 4 + 6);
    pace_free(one);
    pace_free(two);
}

static void check_kept(Pace *one, Pace *two)
{
    g_assert_cmpuint(send(one, 99), ==, 0); /* the pause */
    g_assert_cmpuint(send(two, 99), ==, 0);
    g_assert_cmpuint(used(one, LIMIT_DAY), ==, 10);
    g_assert_cmpuint(used(two, LIMIT_DAY), ==, 10);
}

/* What they remember is in the next file, be it there, damaged or gone for a while. */
static void test_remembered(World *world, const void *data)
{
    Pace *one = open_pace(world), *two = open_pace(world);

    g_assert_cmpuint(send(one, 4), ==, 4);
    g_assert_cmpuint(send(two, 6), ==, 6);
    answer(one, 4);
    answer(two, 6);
    pause_long(one, world);
    check_kept(one, two);
    g_assert_cmpint(g_unlink(world->path), ==, 0);
    check_kept(one, two);
    g_assert_cmpuint(used(one, LIMIT_MINUTE), ==, 10);
    g_assert_cmpint(truncate(world->path, 100), ==, 0);
    check_kept(two, one);
    g_assert_cmpuint(used(one, LIMIT_MINUTE), ==, 10);
    g_assert_cmpint(g_unlink(world->path), ==, 0);
    g_assert_cmpint(g_mkdir(world->path, 0700), ==, 0);
    check_kept(two, one);
    g_assert_cmpint(g_rmdir(world->path), ==, 0);
    pass(world, 2 * second_us);
    check_kept(one, two);
    g_assert_cmpuint(used(two, LIMIT_MINUTE), ==, 10);
    pace_free(one);
    pace_free(two);
}

/* One of another version has begun it anew while we have it. */
static void test_taken_over(World *world, const void *data)
{
    Pace *pace = open_pace(world);
    int fd;

    g_assert_cmpuint(send(pace, 1), ==, 1);
    fd = open(world->path, O_RDWR | O_CLOEXEC);
    g_assert_cmpint(pwrite(fd, "\77", 1, 8), ==, 1);
    g_assert_cmpuint(send(pace, 99), ==, 0); /* who knows what others sent just now */
    pass(world, second_us + 5000);
    g_assert_cmpuint(send(pace, 99), ==, 1); /* a quarter of ten, and one is in flight */
    g_assert_nonnull(strstr(world->log->str, "another version"));
    g_assert_cmpint(pwrite(fd, "\3", 1, 8), ==, 1);
    close(fd);
    pass(world, 2 * second_us);
    g_assert_cmpuint(send(pace, 99), ==, 8);
    pace_free(pace);
}

static void test_unusable(World *world, const void *data)
{
    Pace *pace;

    g_assert_cmpint(g_mkdir_with_parents(world->path, 0700), ==, 0);
    pace = open_pace(world);
    g_assert_cmpuint(send(pace, 99), ==, 0);
    pass(world, second_us + 5000);
    g_assert_cmpuint(send(pace, 99), ==, 2); /* a quarter */
    g_assert_nonnull(strstr(world->log->str, world->path));
    g_assert_cmpint(g_rmdir(world->path), ==, 0);
    answer(pace, 2);
    pass(world, 2 * second_us);
    g_assert_cmpuint(send(pace, 99), ==, 10);
    g_assert_nonnull(strstr(world->log->str, "shared again"));
    g_assert_cmpuint(used(pace, LIMIT_DAY), ==, 12);
    g_assert_cmpuint(used(pace, LIMIT_MINUTE), ==, 12);
    pace_free(pace);
}

/* A process that was stopped while it had the lock must not stop the others. */
static void test_locked(World *world, const void *data)
{
    Pace *pace = open_pace(world);
    gint64 began_us;
    int fd;

    g_assert_cmpuint(send(pace, 4), ==, 4);
    pause_long(pace, world);
    fd = open(world->path, O_RDWR | O_CLOEXEC);
    g_assert_cmpint(flock(fd, LOCK_EX), ==, 0);
    pass(world, 310 * second_us);
    began_us = g_get_monotonic_time();
    g_assert_false(pace_enter(pace));
    g_assert_cmpint(g_get_monotonic_time() - began_us, <, second_us);
    pass(world, 2 * second_us);
    g_assert_false(pace_enter(pace));
    pass(world, 2 * second_us);
    g_assert_cmpstr(world->log->str, ==, "");
    g_assert_cmpuint(send(pace, 99), ==, 2 - 2); /* four in flight, and a quarter of ten */
    answer(pace, 4);
    pass(world, 2 * second_us);
    g_assert_cmpuint(send(pace, 99), ==, 2);
    g_assert_nonnull(strstr(world->log->str, "does not go on"));
    close(fd);
    pass(world, 2 * second_us);
    g_assert_cmpuint(send(pace, 99), ==, 10 - 2);
    g_assert_nonnull(strstr(world->log->str, "shared again"));
    g_assert_cmpuint(used(pace, LIMIT_DAY), ==, 4 + 2 + 8);
    pace_free(pace);
}

/* ---- figures ---- */

static void test_windows(World *world, const void *data)
{
    Pace *pace = open_pace(world);
    ClientWindow windows[20];
    guint n;

    g_assert_cmpuint(send(pace, 10), ==, 10);
    pace_refused(pace, &list, PAUSE_ADVERTISER, world->mono_us);
    n = pace_windows(pace, windows, G_N_ELEMENTS(windows));
    g_assert_cmpuint(n, ==, 3 * N_BUCKETS + 1);
    g_assert_cmpstr(windows[0].name, ==, "app");
    g_assert_cmpstr(windows[0].window, ==, "second");
    g_assert_cmpuint(windows[0].used, ==, 10);
    g_assert_cmpuint(windows[0].limit, ==, 10);
    g_assert_cmpint(windows[0].next_us, >=, world->wall_us + second_us);
    g_assert_cmpint(windows[1].next_us, ==, 0);
    g_assert_cmpstr(windows[3].name, ==, "report/task/create");
    g_assert_cmpuint(windows[5].limit, ==, 4500);
    g_assert_cmpstr(windows[n - 1].name, ==, "7001");
    g_assert_cmpstr(windows[n - 1].window, ==, "back-off");
    g_assert_cmpint(windows[n - 1].next_us, >=, world->wall_us + second_us);
    g_assert_cmpuint(pace_windows(pace, windows, 2), ==, 2);
    pace_free(pace);
}

static void add(const char *path, void (*test)(World *world, const void *data))
{
    g_test_add(path, World, NULL, set_up, test, tear_down);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("/pace/two-share-one-rate", test_shared);
    add("/pace/a-write-elsewhere-goes-first", test_priority);
    add("/pace/slots-of-the-dead-are-freed", test_killed);
    add("/pace/slots-of-the-stopped-are-freed", test_stopped);
    add("/pace/kept-over-processes", test_kept);
    add("/pace/kept-over-a-reboot", test_reboot);
    add("/pace/a-reboot-with-a-wrong-clock-frees-nothing", test_reboot_back);
    add("/pace/a-clock-set-back-frees-nothing", test_set_back);
    add("/pace/a-damaged-file-is-replaced", test_damaged);
    add("/pace/noise-holds-up-nobody", test_noise);
    add("/pace/a-file-cut-or-removed-is-made-again", test_cut);
    add("/pace/a-file-made-again-holds-what-is-remembered", test_remembered);
    add("/pace/alone-when-another-version-has-it", test_taken_over);
    add("/pace/alone-without-a-file", test_unusable);
    add("/pace/alone-when-locked-for-long", test_locked);
    add("/pace/figures", test_windows);
    return g_test_run();
}
