/* SPDX-License-Identifier: MIT */
/* quota.c - a line for each window, and one for whatever backs off. */
#include "fs/quota.h"

#include <string.h>

enum { WINDOWS_MAX = 100 };

static void add_cell(GString *line, int width, const char *text)
{
    g_string_append_printf(line, "%-*s  ", width, text);
}

static void add_number(GString *line, int width, guint value)
{
    g_string_append_printf(line, "%*u  ", width, value);
}

/* "now", or the time and how long it is until then: the wait is rounded up. */
static void add_next(GString *line, gint64 next_us, gint64 now_us)
{
    gint64 in_s = (next_us - now_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;
    g_autoptr(GDateTime) at = NULL;
    g_autofree char *text = NULL;

    if (next_us <= now_us) {
        g_string_append(line, "now");
        return;
    }
    at = g_date_time_new_from_unix_utc(next_us / G_USEC_PER_SEC);
    text = g_date_time_format(at, "%Y-%m-%dT%H:%M:%SZ");
    g_string_append_printf(line, "%s (in %" G_GINT64_FORMAT " s)", text, in_s);
}

static void add_line(GString *out, const ClientWindow *window, int width, gint64 now_us)
{
    add_cell(out, width, window->name);
    add_cell(out, 8, window->window);
    add_number(out, 7, window->used);
    if (window->limit > 0)
        add_number(out, 7, window->limit);
    else
        g_string_append_printf(out, "%7s  ", "-");
    add_number(out, 7, window->waiting);
    add_next(out, window->next_us, now_us);
    g_string_append_c(out, '\n');
}

void quota_text(Mount *mount, GString *out)
{
    ClientWindow windows[WINDOWS_MAX];
    gint64 now_us = clock_wall(mount->clock);
    guint n = cache_windows(mount->cache, windows, G_N_ELEMENTS(windows));
    int width = (int)strlen("name");

    for (guint i = 0; i < n; i++)
        width = MAX(width, (int)strlen(windows[i].name));
    g_string_append_printf(out, "%-*s  %-8s  %7s  %7s  %7s  %s\n", width, "name", "window", "used",
                           "limit", "waiting", "next free");
    for (guint i = 0; i < n; i++)
        add_line(out, &windows[i], width, now_us);
}
