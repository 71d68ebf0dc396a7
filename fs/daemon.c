/* SPDX-License-Identifier: MIT */
/* daemon.c - the background, and the watcher that clears a mount whose daemon was killed. */
#include "fs/daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define READY "\n" /* an error message is never just this */

enum { MESSAGE_MAX = 4096 };

/* ---- background ---- */

static void wait_for_child(int fd, pid_t child)
{
    char message[MESSAGE_MAX + 1] = "";
    gsize length = 0;
    gssize got;

    while (length < MESSAGE_MAX &&
           (got = TEMP_FAILURE_RETRY(read(fd, message + length, MESSAGE_MAX - length))) > 0) {
        length += (gsize)got;
        if (strcmp(message, READY) == 0)
            _exit(0);
    }
    if (length == 0)
        g_snprintf(message, sizeof message,
                   "the daemon (process %d) ended before the mount answered", child);
    fprintf(stderr, "adsfs: %s\n", message);
    _exit(1);
}

int daemon_background(void)
{
    int ends[2];
    pid_t child;

    if (pipe2(ends, O_CLOEXEC) != 0 || (child = fork()) < 0) {
        fprintf(stderr, "adsfs: can not go to the background: %s\n", g_strerror(errno));
        exit(1);
    }
    if (child > 0) {
        close(ends[1]);
        wait_for_child(ends[0], child);
    }
    close(ends[0]);
    setsid();
    if (chdir("/") != 0) /* or the place it was started from could not be unmounted */
        g_debug("can not leave the working directory");
    return ends[1];
}

static void say(int fd, const char *message)
{
    if (TEMP_FAILURE_RETRY(write(fd, message, strlen(message))) < 0)
        g_debug("nobody waits for the mount any more");
    close(fd);
}

void daemon_ready(int fd)
{
    if (fd >= 0)
        say(fd, READY);
}

void daemon_failed(int fd, const GError *error)
{
    if (fd >= 0)
        say(fd, error->message);
    else
        fprintf(stderr, "adsfs: %s\n", error->message);
}

int daemon_open_log(const Options *options)
{
    g_autofree char *path = options->log_file != NULL
                                ? g_strdup(options->log_file)
                                : g_build_filename(options->state_dir, "adsfs.log", NULL);
    int log = -1;

    if (options->foreground && options->log_file == NULL)
        return fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    log = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    return log >= 0 ? log : open("/dev/null", O_RDWR | O_CLOEXEC);
}

void daemon_detach_output(const Options *options)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    int log = daemon_open_log(options);

    dup2(null, STDIN_FILENO);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    close(null);
    close(log);
}

/* ---- watcher ---- */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    return remove(path);
}

void remove_tree(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/* Root can ask the kernel; anybody else asks fusermount3, which is allowed to. */
static void clear_mount(const char *mountpoint)
{
    pid_t child;

    if (geteuid() == 0 && umount2(mountpoint, MNT_DETACH | UMOUNT_NOFOLLOW) == 0)
        return;
    child = fork();
    if (child == 0) {
        execlp("fusermount3", "fusermount3", "-u", "-q", "-z", mountpoint, (char *)NULL);
        _exit(127);
    }
    if (child > 0)
        TEMP_FAILURE_RETRY(waitpid(child, NULL, 0));
}

static G_NORETURN void watch(int fd, const Options *options)
{
    int null = open("/dev/null", O_RDWR);
    char byte;

    setsid();
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    prctl(PR_SET_NAME, "adsfs-watcher");
    for (int i = 0; i <= STDERR_FILENO; i++)
        dup2(null, i);
    dup2(fd, STDERR_FILENO + 1);
    close_range(STDERR_FILENO + 2, ~0U, 0);
    if (chdir("/") != 0)
        _exit(1);
    if (TEMP_FAILURE_RETRY(read(STDERR_FILENO + 1, &byte, 1)) == 0) {
        clear_mount(options->mountpoint);
        if (options->dirs_temporary) {
            remove_tree(options->cache_dir);
            remove_tree(options->state_dir);
        }
    }
    _exit(0);
}

int watcher_start(const Options *options)
{
    int ends[2];
    pid_t child;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    child = fork();
    if (child == 0)
        watch(ends[0], options);
    close(ends[0]);
    if (child < 0) {
        close(ends[1]);
        return -1;
    }
    return ends[1];
}

void watcher_farewell(int fd)
{
    if (fd < 0)
        return;
    if (TEMP_FAILURE_RETRY(write(fd, "", 1)) != 1)
        g_debug("the watcher has gone already");
    close(fd);
}
