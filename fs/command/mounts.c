/* SPDX-License-Identifier: MIT */
/* mounts.c - the kernel's table of mounts, taken apart. */
#include "fs/command/mounts.h"

#include <string.h>

char *mounts_table(void)
{
    char *table = NULL;

    return g_file_get_contents("/proc/self/mountinfo", &table, NULL, NULL) ? table : g_strdup("");
}

void mount_row_clear(MountRow *row)
{
    g_free(row->point);
    g_free(row->root);
    g_free(row->device);
    g_free(row->type);
    g_free(row->source);
    *row = (MountRow){0};
}

/* "36 35 0:53 / /mnt/ads rw,nosuid - fuse.adsfs agency rw": between the options and the dash there
   may be further words. */
static gboolean take_row(const char *line, MountRow *ret)
{
    g_auto(GStrv) fields = g_strsplit(line, " ", -1);
    guint n = g_strv_length(fields), dash = 6;

    while (dash < n && !g_str_equal(fields[dash], "-"))
        dash++;
    if (dash + 2 >= n)
        return FALSE;
    *ret = (MountRow){.device = g_strdup(fields[2]),
                      .root = g_strcompress(fields[3]),
                      .point = g_strcompress(fields[4]),
                      .type = g_strcompress(fields[dash + 1]),
                      .source = g_strcompress(fields[dash + 2])};
    return TRUE;
}

const char *path_below(const char *path, const char *directory)
{
    gsize length = strlen(directory);

    while (length > 0 && directory[length - 1] == '/')
        length--;
    if (strncmp(path, directory, length) != 0 || (path[length] != '/' && path[length] != '\0'))
        return NULL;
    return path + length + strspn(path + length, "/");
}

/* The longest mount point wins, of equal ones the last: it lies on top. */
gboolean mounts_find(const char *table, const char *path, MountRow *ret)
{
    g_auto(GStrv) lines = g_strsplit(table, "\n", -1);
    g_auto(MountRow) best = {0};

    for (char **line = lines; *line != NULL; line++) {
        g_auto(MountRow) row = {0};

        if (!take_row(*line, &row) || path_below(path, row.point) == NULL ||
            (best.point != NULL && strlen(row.point) < strlen(best.point)))
            continue;
        mount_row_clear(&best);
        best = row;
        row = (MountRow){0};
    }
    *ret = best;
    best = (MountRow){0};
    return ret->point != NULL;
}

char *mounts_top(const char *table, const MountRow *row)
{
    g_auto(GStrv) lines = g_strsplit(table, "\n", -1);

    for (char **line = lines; *line != NULL; line++) {
        g_auto(MountRow) other = {0};

        if (take_row(*line, &other) && g_str_equal(other.device, row->device) &&
            g_str_equal(other.root, "/"))
            return g_steal_pointer(&other.point);
    }
    return NULL;
}

GStrv mounts_of(const char *table, const char *profile)
{
    g_auto(GStrv) lines = g_strsplit(table, "\n", -1);
    g_autoptr(GStrvBuilder) points = g_strv_builder_new();

    for (char **line = lines; *line != NULL; line++) {
        g_auto(MountRow) row = {0};

        if (take_row(*line, &row) && mount_row_is_ours(&row) && g_str_equal(row.source, profile) &&
            g_str_equal(row.root, "/"))
            g_strv_builder_add(points, row.point);
    }
    return g_strv_builder_end(points);
}

gboolean mount_row_is_ours(const MountRow *row)
{
    return g_str_equal(row->type, "fuse.adsfs");
}
