/* SPDX-License-Identifier: MIT */
/* process.c - reads /proc/PID/stat. */
#include "api/process.h"

#include <string.h>
#include <unistd.h>

/* Counted from 1 as in proc(5), the words behind the name begin with the third. */
enum { FIRST_WORD = 3, STATE_WORD = 3, START_WORD = 22 };

guint64 process_started(gint64 pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%" G_GINT64_FORMAT "/stat", pid);
    g_autofree char *text = NULL;
    g_auto(GStrv) words = NULL;
    const char *behind;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return 0;
    behind = strrchr(text, ')'); /* the name may hold anything */
    if (behind == NULL || behind[1] == '\0')
        return 0;
    words = g_strsplit(behind + 2, " ", 0);
    if (g_strv_length(words) <= START_WORD - FIRST_WORD ||
        strchr("ZX", words[STATE_WORD - FIRST_WORD][0]) != NULL)
        return 0;
    return g_ascii_strtoull(words[START_WORD - FIRST_WORD], NULL, 10);
}

pid_t process_session(pid_t pid)
{
    return pid > 0 ? MAX(getsid(pid), 0) : 0;
}
