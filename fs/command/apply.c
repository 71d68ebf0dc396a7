/* SPDX-License-Identifier: MIT */
/*
 * apply.c - `adsfs apply FILE PATH`: FILE is written to the table PATH, and what came of each row
 * is shown, which no redirection of a shell can do.
 *
 * All of FILE is read first: what can not be read to its end is not written at all.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "api/error.h"
#include "fs/command/apply-text.h"
#include "fs/command/command.h"
#include "fs/command/mounts.h"
#include "fs/command/timed.h"
#include "fs/command/walk.h"
#include "fs/table.h"

enum { WAIT_S = 5, READ_BYTES = 64 * 1024 };

static void say(const char *what, const char *text)
{
    fprintf(stderr, "adsfs apply: %s: %s\n", what, text);
}

/* ---- the file ---- */

/* NULL: it was said why. */
static GString *read_all(const char *name)
{
    int fd = strcmp(name, "-") == 0 ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *buffer = g_malloc(READ_BYTES);
    gssize n = fd < 0 ? -1 : 1;

    while (n > 0 && text->len <= TABLE_BYTES) {
        n = read(fd, buffer, READ_BYTES);
        g_string_append_len(text, buffer, MAX(n, 0));
    }
    if (n < 0)
        say(name, g_strerror(errno));
    else if (text->len == 0)
        say(name, "is empty; a table has a first line that names its columns");
    else if (text->len > TABLE_BYTES)
        say(name, "longer than a table may be (256 MiB)");
    if (fd > STDIN_FILENO)
        close(fd);
    return n < 0 || text->len == 0 || text->len > TABLE_BYTES ? NULL : g_steal_pointer(&text);
}

/* ---- the table ---- */

typedef struct {
    const char *typed;
    char *top;    /* where the mount is, its top to be seen */
    char *path;   /* below it, as .adsfs/errors has it */
    char *errors; /* what .adsfs/errors had before */
} Table;

static void table_clear(Table *table)
{
    g_free(table->top);
    g_free(table->path);
    g_free(table->errors);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Table, table_clear)

static gboolean is_table_name(const char *path)
{
    static const char *const names[] = {"campaigns.csv", "adgroups.csv", "ads.csv", NULL};
    g_autofree char *name = g_path_get_basename(path);

    return g_strv_contains(names, name);
}

static gboolean refuse(const char *path, const char *why)
{
    say(path, why);
    return FALSE;
}

/* Links inside the mount are followed too: failures are told of where the file is. */
static gboolean find_table(const char *path, Table *ret)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *mounts = mounts_table();
    g_autofree char *start = timed_run(walk_to_mount, path, WAIT_S, &error);
    g_autofree char *end = start != NULL ? timed_run(walk_inside, start, WAIT_S, NULL) : NULL;
    const char *file = end != NULL ? end : start, *below;
    g_autofree char *whole = NULL;
    g_auto(MountRow) row = {0};

    if (start == NULL)
        return refuse(path, error->message);
    if (!mounts_find(mounts, start, &row) || !mount_row_is_ours(&row))
        return refuse(path, "does not lie on a mount of adsfs; name a table below one, such as "
                            "campaigns.csv in the directory of an account");
    if (!is_table_name(path))
        return refuse(path, "is no table; campaigns.csv, adgroups.csv and ads.csv are, in the "
                            "directories of accounts, campaigns and ad groups");
    ret->typed = path;
    ret->top = mounts_top(mounts, &row);
    if (ret->top == NULL)
        ret->top = g_strdup(row.point);
    below = path_below(file, row.point) != NULL ? path_below(file, row.point) : file;
    whole = g_build_filename(row.root, below, NULL);
    ret->path = g_strdup(path_below(whole, "/"));
    return TRUE;
}

static gboolean write_all(int fd, const GString *text)
{
    for (gsize done = 0; done < text->len;) {
        gssize n = write(fd, text->str + done, text->len - done);

        if (n < 0)
            return FALSE;
        done += (gsize)n;
    }
    return TRUE;
}

/* 0, or the errno. What fsync() says is of the whole table: it ends when all rows have. */
static int write_table(const char *path, const GString *text)
{
    int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC), failed = 0;

    if (fd < 0)
        return errno;
    if (!write_all(fd, text)) {
        failed = errno;
        if (ftruncate(fd, 0) != 0) /* or what is there would be taken for the table */
            failed = EIO;
    } else if (fsync(fd) != 0) {
        failed = errno;
    }
    close(fd);
    return failed;
}

/* ---- what came of it ---- */

static char *read_control(const Table *table, const char *name)
{
    g_autofree char *path = g_build_filename(table->top, ".adsfs", name, NULL);
    char *text = NULL;

    return g_file_get_contents(path, &text, NULL, NULL) ? text : g_strdup("");
}

/* What .adsfs/errors has of it. */
static void add_failures(ApplyReport *report, const Table *table, const char *errors)
{
    g_autofree char *directory = g_path_get_dirname(table->path);
    g_autofree char *problems = apply_problems(errors, table->path);

    apply_add_errors(report, errors, directory);
    fputs(problems, stderr);
}

/* The exit status. */
static int show(const Table *table, int failed, gint64 since_us)
{
    g_autofree char *journal = read_control(table, "journal");
    g_autofree char *errors = read_control(table, "errors");
    g_autofree char *newer = apply_new_errors(errors, table->errors, since_us);
    g_auto(ApplyReport) report = {0};
    g_autofree char *summary = NULL;

    apply_report_init(&report);
    apply_add_journal(&report, journal, getpid(), since_us);
    if (failed != 0) {
        say(table->typed, g_strerror(failed));
        add_failures(&report, table, newer);
    }
    fputs(report.rows->str, stdout);
    summary = apply_summary(&report);
    if (failed != 0 && report.done + report.tried + report.failed == 0)
        puts("refused: nothing was sent");
    else
        puts(summary);
    return failed == 0 && report.failed == 0 && fflush(stdout) == 0 ? 0 : 1;
}

/* Whoever interrupts it still wants to know what was sent: the write ends, this does not. */
static void on_signal(int number)
{
}

static void outlive_interrupts(void)
{
    struct sigaction action = {.sa_handler = on_signal};

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

int apply_main(int argc, char **argv)
{
    g_autoptr(GString) text = NULL;
    g_auto(Table) table = {0};
    gint64 since_us = g_get_real_time();
    int failed;

    if (argc != 3 || (argv[1][0] == '-' && argv[1][1] != '\0') || argv[2][0] == '-')
        return command_usage(argv[0]);
    if (!find_table(argv[2], &table))
        return 1;
    text = read_all(argv[1]);
    if (text == NULL)
        return 1;
    table.errors = read_control(&table, "errors");
    outlive_interrupts();
    failed = write_table(argv[2], text);
    return show(&table, failed, since_us);
}
