/* SPDX-License-Identifier: MIT */
/* test-terminal.c - whose terminal may be written to, and what comes out there. */
#include "fs/terminal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

static void test_stat(void)
{
    static const struct {
        const char *text;
        guint major, minor; /* 0: none */
    } cases[] = {
        {"77 (cat) S 1 77 50 34816 77 4194304 0", 136, 0},
        {"77 (cat) S 1 77 50 34823 77 4194304 0", 136, 7},
        {"77 (cat) S 1 77 50 35072 77 4194304 0", 137, 0},
        {"77 (cat) S 1 77 50 1083393 77 4194304 0", 136, 257},
        {"77 (a) S 9 9 9 (b) S 1 77 50 34819 77 0 0", 136, 3},
        {"77 (a b (c)) S 1 77 50 34819 77 0 0", 136, 3},
        {"77 (cat) S 1 77 50 34816 78 4194304 0", 0, 0}, /* in the background */
        {"77 (cat) S 1 77 50 0 -1 4194304 0", 0, 0},     /* has none */
        {"77 (cat) S 1 77 50 1025 77 4194304 0", 0, 0},  /* of the kernel, /dev/tty1 */
        {"77 (cat) S 1 77", 0, 0},
        {"", 0, 0},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        dev_t terminal = 0;

        g_assert_cmpint(terminal_of_stat(cases[i].text, &terminal), ==, cases[i].major != 0);
        if (cases[i].major != 0)
            g_assert_cmpuint(terminal, ==, makedev(cases[i].major, cases[i].minor));
    }
}

/* ---- a terminal of our own ---- */

typedef struct {
    int master, slave;
    dev_t device;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    struct winsize size = {.ws_row = 24, .ws_col = 20};
    struct stat status;

    f->master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
    g_assert_cmpint(f->master, >=, 0);
    g_assert_cmpint(grantpt(f->master), ==, 0);
    g_assert_cmpint(unlockpt(f->master), ==, 0);
    f->slave = open(ptsname(f->master), O_RDWR | O_NOCTTY);
    g_assert_cmpint(fstat(f->slave, &status), ==, 0);
    g_assert_cmpint(ioctl(f->slave, TIOCSWINSZ, &size), ==, 0);
    f->device = status.st_rdev;
}

static void tear_down(Fixture *f, gconstpointer data)
{
    close(f->slave);
    close(f->master);
}

static void check_shown(const Fixture *f, const char *wanted)
{
    char got[256] = "";
    gssize n = read(f->master, got, sizeof got - 1);

    g_assert_cmpint(n, ==, *wanted != '\0' ? (gssize)strlen(wanted) : -1);
    g_assert_cmpstr(got, ==, wanted);
}

/* A shorter one leaves nothing of the one before, nor of the ^C behind it; none wraps. */
static void test_in_place(Fixture *f, gconstpointer data)
{
    g_assert_cmpuint(terminal_say(f->device, "waiting", 0), ==, 7);
    check_shown(f, "\rwaiting");
    g_assert_cmpuint(terminal_say(f->device, "wait", 7), ==, 4);
    check_shown(f, "\r         \rwait");
    g_assert_cmpuint(terminal_say(f->device, "", 4), ==, 0);
    check_shown(f, "\r      \r");
    g_assert_cmpuint(terminal_say(f->device, "…/a report of twenty columns", 0), ==, 19);
    check_shown(f, "\r…/a report of twent");
    terminal_say(f->device, "", 19);
    check_shown(f, "\r                   \r");
}

static void test_harmless(Fixture *f, gconstpointer data)
{
    g_assert_cmpuint(terminal_say(f->device, "A\033[2J\a\r\nB\x80日", 0), ==, 11);
    check_shown(f, "\rA?[2J???B\357\277\275?");
}

/* A pager, an editor, a password. */
static void test_taken(Fixture *f, gconstpointer data)
{
    struct termios plain, raw;

    g_assert_cmpint(tcgetattr(f->slave, &plain), ==, 0);
    for (guint i = 0; i < 2; i++) {
        raw = plain;
        raw.c_lflag &= ~(tcflag_t)(i == 0 ? ICANON : ECHO);
        g_assert_cmpint(tcsetattr(f->slave, TCSANOW, &raw), ==, 0);
        g_assert_cmpuint(terminal_say(f->device, "waiting", 0), ==, 0);
        check_shown(f, "");
    }
}

/* Somebody pressed ^S, and nobody reads: it does not wait. The test ends by its time-out else. */
static void test_full(Fixture *f, gconstpointer data)
{
    guint n = 0;

    while (terminal_say(f->device, "waiting", 0) > 0)
        g_assert_cmpuint(n++, <, 1000000);
    g_assert_cmpuint(n, >, 0);
    g_assert_cmpint(tcflow(f->slave, TCOOFF), ==, 0);
    g_assert_cmpuint(terminal_say(f->device, "waiting", 0), ==, 0);
}

/* This process does not run there, whatever it has open. */
static void test_others(Fixture *f, gconstpointer data)
{
    g_assert_cmpuint(terminal_find(0, getuid()), ==, 0);
    g_assert_cmpuint(terminal_find(getpid(), getuid()), !=, f->device);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/terminal/of-a-process-in-the-foreground", test_stat);
    g_test_add("/terminal/a-line-in-place", Fixture, NULL, set_up, test_in_place, tear_down);
    g_test_add("/terminal/nothing-moves-the-cursor", Fixture, NULL, set_up, test_harmless,
               tear_down);
    g_test_add("/terminal/not-while-it-is-taken", Fixture, NULL, set_up, test_taken, tear_down);
    g_test_add("/terminal/never-waits", Fixture, NULL, set_up, test_full, tear_down);
    g_test_add("/terminal/not-that-of-others", Fixture, NULL, set_up, test_others, tear_down);
    return g_test_run();
}
