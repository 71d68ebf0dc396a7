/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * corpus.h - files of values, one a line. \n \r \t \0 \\ and \xNN stand for what a line can not
 * hold; a line that begins with # is a comment, an empty one counts for nothing.
 */
#include <glib.h>
#include <string.h>

static inline void corpus_append(GString *out, const char **at)
{
    static const char letters[] = "nrt0\\", bytes[] = "\n\r\t\0\\";
    const char *letter = (*at)[0] == '\\' && (*at)[1] != '\0' ? strchr(letters, (*at)[1]) : NULL;

    if (letter != NULL) {
        g_string_append_c(out, bytes[letter - letters]);
        *at += 2;
    } else if ((*at)[0] == '\\' && (*at)[1] == 'x' && g_ascii_isxdigit((*at)[2]) &&
               g_ascii_isxdigit((*at)[3])) {
        g_string_append_c(
            out, (char)(g_ascii_xdigit_value((*at)[2]) * 16 + g_ascii_xdigit_value((*at)[3])));
        *at += 4;
    } else {
        g_string_append_c(out, *(*at)++);
    }
}

/* Of GString; appends to values. FALSE: there is no such file. */
static inline gboolean corpus_read(const char *path, GPtrArray *values)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return FALSE;
    lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        GString *value = g_string_new(NULL);

        for (const char *at = *line; *at != '\0' && **line != '#';)
            corpus_append(value, &at);
        if (value->len > 0)
            g_ptr_array_add(values, value);
        else
            g_string_free(value, TRUE);
    }
    return TRUE;
}

static inline void corpus_value_free(void *value)
{
    g_string_free(value, TRUE);
}

static inline GPtrArray *corpus_new(void)
{
    return g_ptr_array_new_with_free_func(corpus_value_free);
}
