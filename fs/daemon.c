/* SPDX-License-Identifier: MIT */
/* daemon.c - going to the background, and where messages go from there. */
#include "fs/daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
