/* SPDX-License-Identifier: MIT */
/* progress.c - the line at a terminal, and when it comes and goes. */
#include "fs/progress.h"

#include <string.h>

#include "fs/jobs.h"
#include "fs/terminal.h"
#include "fs/tree.h"

/* Of a thousand who wait at once most have no terminal: these many are looked at. */
enum { FIRST_S = 2, LOOKED_AT = 64 };

/* ---- the text ---- */

typedef struct {
    const Wait *wait;
    gint64 now_us; /* wall */
    gint64 began_us;
    char *text;
    guint n;
} Part;

static char *describe(const ReportJob *job, gint64 now_us)
{
    gint64 age = MAX(now_us - job->began_us, 0) / G_USEC_PER_SEC;
    int percent = job_percent(job);
    g_autofree char *far = NULL;

    if (percent >= 0)
        far = g_strdup_printf("%d %% of %" G_GINT64_FORMAT " rows", percent, job->total_rows);
    else
        far = g_strdup_printf("for %" G_GINT64_FORMAT " s", age);
    if (!job->task)
        return g_strdup_printf(
            "%s %s", strcmp(job->state, "READING") == 0 ? "reading pages," : "storing them", far);
    if (*job->id == '\0')
        return g_strdup_printf("a task is being created %s", far);
    return g_strdup_printf("task %s, %s %s; Ctrl-C leaves it running", job->id, job->state, far);
}

static void add_job(void *user_data, const ReportJob *job)
{
    Part *part = user_data;

    if (!wait_is_for(part->wait, job))
        return;
    part->n++;
    if (part->text != NULL && part->began_us <= job->began_us)
        return;
    g_free(part->text);
    part->text = describe(job, part->now_us);
    part->began_us = job->began_us;
}

char *progress_line(Mount *mount, const Wait *wait, const char *name, guint n_more)
{
    Part part = {.wait = wait, .now_us = clock_wall(mount->clock)};
    GString *line = g_string_new(NULL);

    cache_each_job(mount->cache, add_job, &part);
    g_string_printf(line, "adsfs: …/%s", name);
    if (n_more > 0)
        g_string_append_printf(line, " and %u more", n_more);
    g_string_append_printf(line, ": %s", part.text != NULL ? part.text : "the file is being made");
    if (part.n > 1)
        g_string_append_printf(line, "; %u more parts at the same time", part.n - 1);
    g_free(part.text);
    return g_string_free(line, FALSE);
}

/* ---- at a terminal ---- */

typedef struct {
    dev_t terminal;
    Wait *first;
    guint n;
} Screen;

typedef struct {
    Mount *mount;
    GArray *screens; /* of Screen */
    guint looked_at;
} Round;

static Screen *screen_of(Round *round, dev_t terminal)
{
    Screen screen = {.terminal = terminal};

    for (guint i = 0; i < round->screens->len; i++)
        if (g_array_index(round->screens, Screen, i).terminal == terminal)
            return &g_array_index(round->screens, Screen, i);
    g_array_append_val(round->screens, screen);
    return &g_array_index(round->screens, Screen, round->screens->len - 1);
}

static void look(void *user_data, Wait *wait)
{
    Round *round = user_data;
    gint64 age_us = clock_monotonic(round->mount->clock) - wait->since_us;
    dev_t terminal;
    Screen *screen;

    if (age_us < FIRST_S * G_USEC_PER_SEC || round->looked_at++ >= LOOKED_AT)
        return;
    terminal = terminal_find(wait->pid, wait->uid);
    if (terminal == 0) {
        wait->shown = 0; /* it is in the background now, and others write there */
        return;
    }
    screen = screen_of(round, terminal);
    screen->n++;
    if (screen->first == NULL || wait->since_us < screen->first->since_us)
        screen->first = wait;
}

static void show(Mount *mount, const Screen *screen)
{
    g_auto(Place) place = {0};
    g_autofree char *path = NULL;
    g_autofree char *name = NULL;
    g_autofree char *line = NULL;
    Wait *wait = screen->first;

    if (!tree_place(mount, wait->ino, &place))
        return;
    path = tree_path(mount, &place);
    name = g_path_get_basename(path);
    line = progress_line(mount, wait, name, screen->n - 1);
    wait->shown = terminal_say(screen->terminal, line, wait->shown);
}

static gboolean on_tick(void *user_data)
{
    Mount *mount = user_data;
    g_autoptr(GArray) screens = g_array_new(FALSE, FALSE, sizeof(Screen));
    Round round = {mount, screens, 0};

    if (waits_count(mount->waits) == 0) {
        mount->progress_source = 0;
        return G_SOURCE_REMOVE;
    }
    waits_each(mount->waits, look, &round);
    for (guint i = 0; i < screens->len; i++)
        show(mount, &g_array_index(screens, Screen, i));
    return G_SOURCE_CONTINUE;
}

void progress_begin(Mount *mount)
{
    if (mount->options->progress && mount->progress_source == 0)
        mount->progress_source = g_timeout_add_seconds(1, on_tick, mount);
}

void progress_stop(Mount *mount)
{
    g_clear_handle_id(&mount->progress_source, g_source_remove);
}

/* It may have gone to the background meanwhile, or be gone: then the line is not ours to touch. */
void progress_erase(Mount *mount, const void *request)
{
    Wait *wait = waits_get(mount->waits, request);
    dev_t terminal = wait != NULL && wait->shown > 0 ? terminal_find(wait->pid, wait->uid) : 0;

    if (terminal != 0)
        terminal_say(terminal, "", wait->shown);
    if (wait != NULL)
        wait->shown = 0;
}
