/* SPDX-License-Identifier: MIT */
/* ctl.c - the table of commands, and the lines of a write. */
#include "fs/ctl.h"

#include <string.h>

#include "api/error.h"
#include "fs/jobs.h"
#include "fs/refresh.h"
#include "fs/undo.h"

enum { WRITE_MAX = 4096 };

/* argument: NULL when there is none. check() comes before any line of the write is carried out;
   run() once, and again whenever the request was woken until it says DONE. FALSE and error: it
   failed. */
typedef struct {
    const char *word, *usage, *help;
    gboolean (*check)(Request *request, const char *argument, GError **error);
    gboolean (*run)(Request *request, const char *argument, Outcome *ret, GError **error);
} Command;

/* ---- refresh ---- */

static gboolean check_refresh(Request *request, const char *argument, GError **error)
{
    return refresh_check(request->mount, argument, error);
}

static void on_swept(void *user_data)
{
    Request *request = user_data;

    request->swept = TRUE;
    request_wake(request->mount, request);
}

static gboolean run_refresh(Request *request, const char *argument, Outcome *ret, GError **error)
{
    if (request->sweep == NULL)
        request->sweep = refresh_start(request->mount, argument, on_swept, request);
    *ret = request->sweep == NULL || request->swept ? DONE : PARK;
    if (request->swept)
        g_clear_pointer(&request->sweep, sweep_free);
    request->swept = FALSE;
    return TRUE;
}

/* ---- cancel ---- */

static gboolean check_cancel(Request *request, const char *argument, GError **error)
{
    return jobs_check(request->mount, argument, error);
}

static gboolean run_cancel(Request *request, const char *argument, Outcome *ret, GError **error)
{
    *ret = DONE;
    return cache_cancel_job(request->mount->cache, argument, error);
}

/* ---- undo ---- */

static gboolean check_undo(Request *request, const char *argument, GError **error)
{
    return undo_check(request->mount, argument, error);
}

/* ---- the table ---- */

static const Command commands[] = {
    {"refresh", "refresh [PATH]",
     "what is known of PATH, or of everything, is old: whoever reads it next asks again",
     check_refresh, run_refresh},
    {"cancel", "cancel ID",
     "ends the report task of that id in .adsfs/jobs; who waits for its report has ECANCELED",
     check_cancel, run_cancel},
    {"undo", "undo N", "the value before entry N of .adsfs/journal is written back", check_undo,
     undo_run},
    {"undo", "undo since TIME", "all that was changed since then is; TIME: 10:00, 2026-11-05 10:00",
     check_undo, undo_run},
};

void ctl_help(GString *out)
{
    g_string_append(out, "Commands, one a line, each ended by a newline:\n\n");
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
        g_string_append_printf(out, "    %-16s %s\n", commands[i].usage, commands[i].help);
    g_string_append(out, "\n"
                         "    echo refresh > .adsfs/ctl\n"
                         "    echo \"refresh 7012345678901234567/campaigns\" > .adsfs/ctl\n"
                         "    echo \"undo 42\" > .adsfs/ctl\n"
                         "\n"
                         "PATH is relative to the mount point, or absolute. An error of write is "
                         "the command's;\n"
                         "why is the last line of .adsfs/errors.\n");
}

static char *all_usages(void)
{
    GString *text = g_string_new(NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
        g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", commands[i].usage);
    return g_string_free(text, FALSE);
}

static const Command *find(const char *word)
{
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
        if (strcmp(commands[i].word, word) == 0)
            return &commands[i];
    return NULL;
}

/* ---- the lines ---- */

typedef struct {
    const Command *command;
    char *text, *argument; /* argument: within text, or NULL */
} Line;

static void line_clear(void *data)
{
    g_free(((Line *)data)->text);
}

static gboolean refuse(GError **error, const char *what, const char *why)
{
    g_autofree char *usages = all_usages();
    g_autofree char *quoted = g_strescape(what, NULL);

    g_propagate_error(error, api_error_new(API_ERROR_INVALID, 0, NULL,
                                           "%s: %s; .adsfs/ctl takes: %s", quoted, why, usages));
    return FALSE;
}

/* Empty lines are none. FALSE and error: no such command. */
static gboolean add_line(GArray *lines, const char *text, GError **error)
{
    Line line = {.text = g_strstrip(g_strdup(text))};
    gsize length = strcspn(line.text, " \t");

    if (*line.text == '\0') {
        g_free(line.text);
        return TRUE;
    }
    if (line.text[length] != '\0') {
        line.argument = g_strchug(line.text + length + 1);
        line.text[length] = '\0';
    }
    line.command = find(line.text);
    g_array_append_val(lines, line);
    return line.command != NULL || refuse(error, line.text, "no such command");
}

/* NULL and error: it is not commands. */
static GArray *read_lines(const Request *request, GError **error)
{
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(Line));
    g_autofree char *text = g_strndup(request->data, request->size);
    g_auto(GStrv) all = g_strsplit(text, "\n", -1);

    g_array_set_clear_func(lines, line_clear);
    if (request->size > WRITE_MAX) {
        refuse(error, "commands", "longer than 4 KiB in one write");
        return NULL;
    }
    if (strlen(text) != request->size || text[request->size - 1] != '\n') {
        refuse(error, text, "a command ends with a newline, in the same write");
        return NULL;
    }
    for (guint i = 0; all[i] != NULL; i++)
        if (!add_line(lines, all[i], error))
            return NULL;
    return g_steal_pointer(&lines);
}

/* Only before the first is carried out. */
static gboolean check_lines(Request *request, const GArray *lines, GError **error)
{
    for (guint i = 0;
         i < lines->len && request->step == 0 && request->sweep == NULL && request->undo == NULL;
         i++) {
        const Line *line = &g_array_index(lines, Line, i);

        if (!line->command->check(request, line->argument, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean run_lines(Request *request, const GArray *lines, Outcome *ret, GError **error)
{
    *ret = DONE;
    for (; request->step < lines->len; request->step++) {
        const Line *line = &g_array_index(lines, Line, request->step);

        if (!line->command->run(request, line->argument, ret, error))
            return FALSE;
        if (*ret == PARK)
            break;
    }
    return TRUE;
}

Outcome ctl_write(Request *request)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) lines = read_lines(request, &error);
    Outcome outcome = DONE;

    if (lines == NULL || !check_lines(request, lines, &error) ||
        !run_lines(request, lines, &outcome, &error))
        return reply_error(request, request->ino, NULL, error);
    if (outcome == DONE)
        fuse_reply_write(request->fuse, request->size);
    return outcome;
}
