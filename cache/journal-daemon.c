/* SPDX-License-Identifier: MIT */
/* journal-daemon.c - names of processes, out of /proc. */
#include "cache/journal-daemon.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* /proc/PID/stat: after the command, which may hold anything, the state is field 3, and when the
   process began, in ticks since boot, field 22. */
static gboolean read_stat(pid_t pid, char *ret_state, guint64 *ret_began)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/stat", (int)pid);
    g_autofree char *text = NULL;
    g_auto(GStrv) fields = NULL;
    const char *end;

    if (!g_file_get_contents(path, &text, NULL, NULL) || !(end = strrchr(text, ')')) || !end[1])
        return FALSE;
    fields = g_strsplit(end + 2, " ", 0);
    if (g_strv_length(fields) < 20)
        return FALSE;
    *ret_state = fields[0][0];
    *ret_began = g_ascii_strtoull(fields[19], NULL, 10);
    return TRUE;
}

static char *this_boot(void)
{
    char *text = NULL;

    if (!g_file_get_contents("/proc/sys/kernel/random/boot_id", &text, NULL, NULL))
        return g_strdup("-");
    return g_strstrip(text);
}

static char *this_namespace(void)
{
    char link[64];
    ssize_t length = readlink("/proc/self/ns/pid", link, sizeof link);

    return length > 0 ? g_strndup(link, (gsize)length) : g_strdup("-");
}

char *daemon_name(pid_t pid)
{
    g_autofree char *boot = this_boot(), *space = this_namespace();
    guint64 began;
    char state;

    if (!read_stat(pid, &state, &began))
        return NULL;
    return g_strdup_printf("%s %s %d %" G_GUINT64_FORMAT, boot, space, (int)pid, began);
}

gboolean daemon_is_alive(const char *name)
{
    g_autofree char *boot = this_boot(), *space = this_namespace();
    g_auto(GStrv) words = g_strsplit(name, " ", 0);
    guint64 began;
    char state;

    if (g_strv_length(words) != 4 || strcmp(words[0], boot) != 0)
        return FALSE;
    if (strcmp(words[1], space) != 0)
        return TRUE;
    return read_stat((pid_t)g_ascii_strtoll(words[2], NULL, 10), &state, &began) && state != 'Z' &&
           state != 'X' && began == g_ascii_strtoull(words[3], NULL, 10);
}
