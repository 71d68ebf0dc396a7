/* SPDX-License-Identifier: MIT */
#pragma once

/* recorded.h - lists that were recorded from the service's documentation. ADSFS_RECORDED names the
   directory; they are not part of this repository. */
#include <glib.h>
#include <string.h>

/* The lines of a table, without its head; NULL: it is not here, and the test is skipped. */
static inline char **recorded_rows(const char *name, const char *head)
{
    const char *directory = g_getenv("ADSFS_RECORDED");
    g_autofree char *path = g_build_filename(directory != NULL ? directory : "", name, NULL);
    g_autofree char *text = NULL;

    if (directory == NULL || !g_file_get_contents(path, &text, NULL, NULL)) {
        g_test_skip_printf("%s is not here", path);
        return NULL;
    }
    g_assert_true(g_str_has_prefix(text, head));
    return g_strsplit(g_strchomp(strchr(text, '\n') + 1), "\n", -1);
}

/* A whole number in a cell. */
static inline guint recorded_number(const char *cell)
{
    guint64 number;

    g_assert_true(g_ascii_string_to_unsigned(cell, 10, 0, G_MAXUINT, &number, NULL));
    return (guint)number;
}
