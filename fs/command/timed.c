/* SPDX-License-Identifier: MIT */
/* timed.c - a child does the work and tells the outcome through a pipe: "+" text or "-" message. */
#include "fs/command/timed.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/error.h"

static void write_all(int fd, const char *text, gsize length)
{
    gssize written;

    while (length > 0 && (written = TEMP_FAILURE_RETRY(write(fd, text, length))) > 0) {
        text += written;
        length -= (gsize)written;
    }
}

static G_NORETURN void work_and_tell(TimedWork work, const char *argument, int fd)
{
    g_autoptr(GError) error = NULL;
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    g_autofree char *text = NULL;

    /* Who waits for the end of our output must not wait for this process. */
    for (int i = 0; i <= STDERR_FILENO; i++)
        dup2(null, i);
    text = work(argument, &error);
    write_all(fd, text != NULL ? "+" : "-", 1);
    text = text != NULL ? text : g_strdup(error->message);
    write_all(fd, text, strlen(text));
    _exit(0);
}

/* Until the pipe ends; FALSE: it did not in time. */
static gboolean read_all(int fd, gint64 deadline_us, GString *ret)
{
    for (;;) {
        gint64 left_ms = (deadline_us - g_get_monotonic_time()) / 1000;
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        char buffer[4096];
        gssize got;

        if (left_ms <= 0 || TEMP_FAILURE_RETRY(poll(&ready, 1, (int)left_ms)) == 0)
            return FALSE;
        got = TEMP_FAILURE_RETRY(read(fd, buffer, sizeof(buffer)));
        if (got <= 0)
            return TRUE;
        g_string_append_len(ret, buffer, got);
    }
}

static char *outcome(const GString *said, GError **error)
{
    if (said->str[0] == '+')
        return g_strdup(said->str + 1);
    g_propagate_error(error, api_error_new(API_ERROR_LOCAL, 0, NULL, "%s",
                                           said->len > 0 ? said->str + 1 : "it ended midway"));
    return NULL;
}

char *timed_run(TimedWork work, const char *argument, guint seconds, GError **error)
{
    g_autoptr(GString) said = g_string_new(NULL);
    gint64 deadline_us = g_get_monotonic_time() + (gint64)seconds * G_USEC_PER_SEC;
    int ends[2];
    pid_t child;
    gboolean ended;

    if (pipe2(ends, O_CLOEXEC) != 0 || (child = fork()) < 0) {
        g_propagate_error(error, api_error_new(API_ERROR_LOCAL, 0, NULL, "%s", g_strerror(errno)));
        return NULL;
    }
    if (child == 0)
        work_and_tell(work, argument, ends[1]);
    close(ends[1]);
    ended = read_all(ends[0], deadline_us, said);
    close(ends[0]);
    kill(child, SIGKILL);
    if (ended) {
        TEMP_FAILURE_RETRY(waitpid(child, NULL, 0));
        return outcome(said, error);
    }
    g_propagate_error(
        error, api_error_new(API_ERROR_UNKNOWN, 0, NULL, "no answer within %u seconds", seconds));
    return NULL;
}
