/* SPDX-License-Identifier: MIT */
/* journal-daemon.c - names of processes, out of /proc. */
#include "cache/journal-daemon.h"

#include <string.h>
#include <unistd.h>

#include "api/process.h"

#define UNSEEN_US (600 * G_USEC_PER_SEC)

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
    guint64 began = process_started(pid);

    if (began == 0)
        return NULL;
    return g_strdup_printf("%s %s %d %" G_GUINT64_FORMAT, boot, space, (int)pid, began);
}

gboolean daemon_is_alive(const char *name, gint64 age_us)
{
    g_autofree char *boot = this_boot(), *space = this_namespace();
    g_auto(GStrv) words = g_strsplit(name, " ", 0);

    if (g_strv_length(words) != 4 || strcmp(words[0], boot) != 0)
        return FALSE;
    if (strcmp(words[1], space) != 0)
        return age_us < UNSEEN_US;
    return g_ascii_strtoull(words[3], NULL, 10) ==
           process_started(g_ascii_strtoll(words[2], NULL, 10));
}
