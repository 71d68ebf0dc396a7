/* SPDX-License-Identifier: MIT */
/* test-clock.c - time goes on while the machine sleeps. */
#include "api/clock.h"

#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SLEPT_S = 1000, SKIPPED = 77 };

/* As if the machine had slept so long: for the children of this process from now on. */
static gboolean sleep_long(void)
{
    g_autofree char *text = g_strdup_printf("boottime %d 0\n", SLEPT_S);
    gboolean slept = FALSE;
    int fd;

    if (unshare(CLONE_NEWTIME) != 0)
        return FALSE;
    fd = open("/proc/self/timens_offsets", O_WRONLY | O_CLOEXEC);
    if (fd >= 0)
        slept = write(fd, text, strlen(text)) == (gssize)strlen(text) && close(fd) == 0;
    return slept;
}

static int in_child(gint64 before_us)
{
    pid_t pid;
    int status;

    if (!sleep_long())
        return SKIPPED;
    pid = fork();
    if (pid == 0)
        _exit(clock_monotonic(&clock_system) - before_us < SLEPT_S * G_USEC_PER_SEC);
    return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static void test_sleep(void)
{
    gint64 before_us = clock_monotonic(&clock_system);
    pid_t pid = fork();
    int status;

    if (pid == 0)
        _exit(in_child(before_us));
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    g_assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == SKIPPED)
        g_test_skip("no time namespaces here");
    else
        g_assert_cmpint(WEXITSTATUS(status), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/clock/goes-on-while-the-machine-sleeps", test_sleep);
    return g_test_run();
}
