/* SPDX-License-Identifier: MIT */
/*
 * prompt.c - questions on /dev/tty.
 *
 * A signal that ends or stops the program in the middle of a hidden answer would leave a terminal
 * that shows nothing: signals wait until it is as it was.
 */
#include "fs/command/prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "api/secret.h"
#include "fs/options-table.h"

enum { PROMPT_MAX = 4096 };

static volatile sig_atomic_t caught;

static void on_signal(int number)
{
    caught = number;
}

static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};

/* No restart: read() shall end. */
static void catch_signals(struct sigaction before[G_N_ELEMENTS(numbers)])
{
    struct sigaction action = {.sa_handler = on_signal};

    sigemptyset(&action.sa_mask);
    caught = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
        sigaction(numbers[i], &action, &before[i]);
}

static void release_signals(const struct sigaction before[G_N_ELEMENTS(numbers)])
{
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
        sigaction(numbers[i], &before[i], NULL);
    if (caught != 0)
        raise(caught);
}

/* FALSE: the end of the input, or a signal. */
static gboolean read_line(int fd, char line[PROMPT_MAX])
{
    gsize length = 0;
    char byte;

    while (read(fd, &byte, 1) == 1) {
        if (byte == '\n') {
            line[length] = '\0';
            return TRUE;
        }
        if (length < PROMPT_MAX - 1)
            line[length++] = byte;
    }
    return FALSE;
}

/* The question comes last: what was typed before it is dropped, the answer must not be. */
static gboolean read_hidden(int fd, const char *question, char line[PROMPT_MAX])
{
    struct sigaction before[G_N_ELEMENTS(numbers)];
    struct termios shown, hidden;
    gboolean done;

    if (tcgetattr(fd, &shown) != 0)
        return FALSE;
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
    catch_signals(before);
    tcsetattr(fd, TCSAFLUSH, &hidden);
    dprintf(fd, "%s: ", question);
    done = read_line(fd, line);
    tcsetattr(fd, TCSAFLUSH, &shown);
    dprintf(fd, "\n");
    release_signals(before);
    return done;
}

static gboolean read_shown(int fd, const char *question, char line[PROMPT_MAX])
{
    dprintf(fd, "%s: ", question);
    return read_line(fd, line);
}

gboolean prompt_is_possible(void)
{
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);

    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

char *prompt_line(const char *question, gboolean hidden, GError **error)
{
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
    char line[PROMPT_MAX] = "";
    char *ret = NULL;

    if (fd < 0) {
        option_refuse(error, "%s can not be asked for, there is no terminal", question);
        return NULL;
    }
    if (hidden ? read_hidden(fd, question, line) : read_shown(fd, question, line))
        ret = g_strdup(g_strstrip(line));
    close(fd);
    explicit_bzero(line, sizeof line);
    if (ret != NULL && *ret != '\0')
        return ret;
    secret_free(ret);
    option_refuse(error, "%s: nothing was typed", question);
    return NULL;
}

gboolean prompt_yes(const char *question)
{
    g_autofree char *answer = prompt_line(question, FALSE, NULL);

    return answer != NULL && g_ascii_tolower(*answer) == 'y';
}
