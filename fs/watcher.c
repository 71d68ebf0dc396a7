/* SPDX-License-Identifier: MIT */
/*
 * watcher.c - the process that clears a mount whose daemon was killed.
 *
 * Through the pipe it learns which mount is ours, by its device number, and at last a farewell.
 * When the pipe ends without one, it unmounts that mount and no other that has come to be at the
 * place.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fs/daemon.h"

#define FAREWELL "!"

enum { MESSAGE_MAX = 64 };

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    return remove(path);
}

void remove_tree(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

void remove_temporary(const Options *options)
{
    if (options->dirs_temporary || options->cache_temporary)
        remove_tree(options->cache_dir);
    if (options->dirs_temporary)
        remove_tree(options->state_dir);
}

/* "0:53" of what is mounted there now, on top; NULL: nothing. From the kernel's table, since asking
   the mount itself would be asking ourselves. */
static char *find_device(const char *mountpoint)
{
    g_autofree char *table = NULL;
    g_auto(GStrv) lines = NULL;
    char *device = NULL;

    if (!g_file_get_contents("/proc/self/mountinfo", &table, NULL, NULL))
        return NULL;
    lines = g_strsplit(table, "\n", -1);
    for (gsize i = 0; lines[i] != NULL; i++) {
        g_auto(GStrv) fields = g_strsplit(lines[i], " ", 6);
        g_autofree char *path = g_strv_length(fields) > 5 ? g_strcompress(fields[4]) : NULL;

        if (g_strcmp0(path, mountpoint) != 0)
            continue;
        g_free(device);
        device = g_strdup(fields[2]);
    }
    return device;
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

/* Until the pipe ends. */
static char *read_all(int fd)
{
    char message[MESSAGE_MAX + 1] = "";
    gsize length = 0;
    gssize got;

    while (length < MESSAGE_MAX &&
           (got = TEMP_FAILURE_RETRY(read(fd, message + length, MESSAGE_MAX - length))) > 0)
        length += (gsize)got;
    return g_strdup(message);
}

/* Nothing of the daemon is kept but the end of the pipe: no terminal, no descriptor, no secret. */
static void become_watcher(int fd, const Options *options)
{
    char *const secrets[] = {options->token, options->secret};
    int null = open("/dev/null", O_RDWR);

    for (gsize i = 0; i < G_N_ELEMENTS(secrets); i++)
        if (secrets[i] != NULL)
            explicit_bzero(secrets[i], strlen(secrets[i]));
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
}

static G_NORETURN void watch(int fd, const Options *options)
{
    g_autofree char *said = NULL;
    g_autofree char *device = NULL;

    become_watcher(fd, options);
    said = read_all(STDERR_FILENO + 1);
    if (g_str_has_suffix(said, FAREWELL))
        _exit(0);
    device = find_device(options->mountpoint);
    if (*said != '\0' && g_strcmp0(said, device) == 0)
        clear_mount(options->mountpoint);
    remove_temporary(options);
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

static void say(int fd, const char *message)
{
    if (TEMP_FAILURE_RETRY(write(fd, message, strlen(message))) < 0)
        g_debug("the watcher has gone already");
}

void watcher_mounted(int fd, const Options *options)
{
    g_autofree char *device = find_device(options->mountpoint);

    if (fd >= 0 && device != NULL)
        say(fd, device);
}

void watcher_farewell(int fd)
{
    if (fd < 0)
        return;
    say(fd, FAREWELL);
    close(fd);
}
