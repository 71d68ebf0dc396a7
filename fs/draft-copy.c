/* SPDX-License-Identifier: MIT */
/* draft-copy.c - a record for each draft that somebody has begun lately. */
#include "fs/draft-copy.h"

#include <string.h>

enum { COPY_S = 60, COPIES_MOST = 4096, N_SLOTS = 256 };

typedef struct {
    pid_t maker, taker; /* 0: nobody */
    gint64 used_us;     /* monotonic */
    guint8 made[N_SLOTS / 8];
} Copy;

struct Copies {
    const Clock *clock;
    GHashTable *by_draft; /* gint64 -> Copy */
};

Copies *copies_new(const Clock *clock)
{
    Copies *copies = g_new0(Copies, 1);

    copies->clock = clock;
    copies->by_draft = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    return copies;
}

void copies_free(Copies *copies)
{
    if (copies == NULL)
        return;
    g_hash_table_unref(copies->by_draft);
    g_free(copies);
}

static gboolean is_old(const Copies *copies, const Copy *copy)
{
    return clock_monotonic(copies->clock) - copy->used_us > COPY_S * G_USEC_PER_SEC;
}

static gboolean is_over(void *key, void *copy, void *copies)
{
    (void)key;
    return is_old(copies, copy);
}

static Copy *find(Copies *copies, gint64 draft)
{
    Copy *copy = g_hash_table_lookup(copies->by_draft, &draft);

    return copy != NULL && !is_old(copies, copy) ? copy : NULL;
}

static Copy *get(Copies *copies, gint64 draft)
{
    Copy *copy = find(copies, draft);

    if (copy == NULL) {
        g_hash_table_foreach_remove(copies->by_draft, is_over, copies);
        if (g_hash_table_size(copies->by_draft) >= COPIES_MOST)
            g_hash_table_remove_all(copies->by_draft);
        copy = g_new0(Copy, 1);
        g_hash_table_replace(copies->by_draft, g_memdup2(&draft, sizeof draft), copy);
    }
    copy->used_us = clock_monotonic(copies->clock);
    return copy;
}

void copy_begin(Copies *copies, gint64 draft, pid_t process)
{
    get(copies, draft)->maker = process;
}

gboolean copy_hides(Copies *copies, gint64 draft, guint slot, pid_t process)
{
    Copy *copy = find(copies, draft);

    if (copy == NULL || copy->maker != process)
        return FALSE;
    copy->used_us = clock_monotonic(copies->clock);
    return (copy->made[slot % N_SLOTS / 8] & 1 << slot % 8) == 0;
}

void copy_made(Copies *copies, gint64 draft, guint slot)
{
    Copy *copy = find(copies, draft);

    if (copy != NULL)
        copy->made[slot % N_SLOTS / 8] |= (guint8)(1 << slot % 8);
}

void copy_removed(Copies *copies, gint64 draft, guint slot, pid_t process)
{
    Copy *copy = get(copies, draft);

    if (copy->maker != process)
        memset(copy->made, 0xff, sizeof copy->made);
    copy->maker = process;
    copy->made[slot % N_SLOTS / 8] &= (guint8) ~(1 << slot % 8);
}

void copy_took(Copies *copies, gint64 draft, pid_t process)
{
    get(copies, draft)->taker = process;
}

gboolean copy_takes(Copies *copies, gint64 draft, pid_t process)
{
    const Copy *copy = find(copies, draft);

    return copy != NULL && copy->taker == process;
}

pid_t process_of(pid_t thread)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/status", (int)thread);
    g_autofree char *status = NULL;
    const char *line;

    if (thread <= 0 || !g_file_get_contents(path, &status, NULL, NULL))
        return thread;
    line = strstr(status, "\nTgid:");
    return line != NULL ? (pid_t)g_ascii_strtoll(line + strlen("\nTgid:"), NULL, 10) : thread;
}
