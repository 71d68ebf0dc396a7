/* SPDX-License-Identifier: MIT */
/* terminal.c - finds the terminal of a process, and writes one line to it over and over. */
#include "fs/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

/* The pseudo terminals of Linux have these eight major numbers, 256 of each. */
enum { PTS_MAJOR = 136, PTS_MAJORS = 8, PTS_OF_MAJOR = 256, COLUMNS = 80, ECHOED = 2 };

/* The name of the program is in parentheses, and may have any in it. */
gboolean terminal_of_stat(const char *stat, dev_t *ret)
{
    const char *rest = strrchr(stat, ')');
    int group, tty, foreground;
    guint number;

    if (rest == NULL || sscanf(rest + 1, " %*c %*d %d %*d %d %d", &group, &tty, &foreground) != 3 ||
        group != foreground)
        return FALSE;
    number = (guint)tty;
    *ret = makedev((number >> 8) & 0xfff, (number & 0xff) | ((number >> 12) & 0xfff00));
    return major(*ret) >= PTS_MAJOR && major(*ret) < PTS_MAJOR + PTS_MAJORS;
}

static char *path_of(dev_t terminal)
{
    return g_strdup_printf("/dev/pts/%u",
                           (major(terminal) - PTS_MAJOR) * PTS_OF_MAJOR + minor(terminal));
}

/* In a container /dev/pts/0 is another terminal with the same number. */
static gboolean sees_our_files(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/ns/mnt", pid);
    g_autofree char *theirs = g_file_read_link(path, NULL);
    g_autofree char *ours = g_file_read_link("/proc/self/ns/mnt", NULL);

    return theirs != NULL && g_strcmp0(theirs, ours) == 0;
}

dev_t terminal_find(pid_t pid, uid_t uid)
{
    g_autofree char *stat_path = g_strdup_printf("/proc/%d/stat", pid);
    g_autofree char *text = NULL;
    g_autofree char *path = NULL;
    struct stat status;
    dev_t terminal;

    if (pid == 0 || !g_file_get_contents(stat_path, &text, NULL, NULL) ||
        !terminal_of_stat(text, &terminal) || !sees_our_files(pid))
        return 0;
    path = path_of(terminal);
    if (stat(path, &status) != 0 || !S_ISCHR(status.st_mode) || status.st_rdev != terminal ||
        status.st_uid != uid)
        return 0;
    return terminal;
}

/* An editor or a pager has taken it over, or a password is being typed. */
static gboolean is_taken(int fd)
{
    struct termios modes;

    return tcgetattr(fd, &modes) != 0 || (modes.c_lflag & (ICANON | ECHO)) != (ICANON | ECHO);
}

/* No narrower than what is written may be, so that the line never wraps. */
static guint columns_of(int fd)
{
    struct winsize size;

    return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1u : COLUMNS - 1u;
}

/* Of what comes from a service nothing may move the cursor, or worse. */
static char *cut(const char *text, guint columns)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *out = g_string_new(NULL);
    guint n = 0;

    for (const char *at = valid; *at != '\0' && n < columns; at = g_utf8_next_char(at), n++) {
        gunichar c = g_utf8_get_char(at);

        g_string_append_unichar(out, g_unichar_isprint(c) && !g_unichar_iswide(c) ? c : '?');
    }
    return g_string_free(out, FALSE);
}

/* With `stty tostop` a background process that writes is stopped, and so would be the mount that
   runs in the background of this terminal; not where the signal is blocked. */
static gboolean write_all(int fd, const char *text, gsize size)
{
    sigset_t stop, before;
    gssize written;

    sigemptyset(&stop);
    sigaddset(&stop, SIGTTOU);
    pthread_sigmask(SIG_BLOCK, &stop, &before);
    written = write(fd, text, size);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return written == (gssize)size;
}

/* The cursor stays behind it, where ^C is echoed: that is overwritten too. Empty: it ends at the
   left. */
static guint say(int fd, const char *text, guint old)
{
    guint columns = columns_of(fd);
    g_autofree char *shown = cut(text, columns);
    guint n = (guint)g_utf8_strlen(shown, -1);
    guint before = old > 0 ? MIN(old + ECHOED, columns) : 0;
    g_autoptr(GString) out = g_string_new("\r");

    if (before > n)
        g_string_append_printf(out, "%*s\r", (int)before, "");
    g_string_append(out, shown);
    return write_all(fd, out->str, out->len) ? n : 0;
}

guint terminal_say(dev_t terminal, const char *text, guint old)
{
    g_autofree char *path = path_of(terminal);
    int fd = open(path, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    struct stat status;
    guint n = 0;

    if (fd < 0)
        return 0;
    if (fstat(fd, &status) == 0 && status.st_rdev == terminal && !is_taken(fd))
        n = say(fd, text, old);
    close(fd);
    return n;
}
