/* SPDX-License-Identifier: MIT */
/*
 * names.c - names of objects as safe file names.
 *
 * The name is taken apart into units, each a character or one escaped byte, and a unit is kept
 * whole or not at all. `%` itself is escaped, so two names that differ before the cut stay
 * different after it.
 */
#include "fs/names.h"

#include <string.h>

#define LONGEST 200 /* bytes; room is left below NAME_MAX for `~<id>` */

/* C0, DEL and C1: a terminal must not act on a name. */
static gboolean is_plain(gunichar character, gboolean first)
{
    return character >= 0x20 && !(character >= 0x7f && character < 0xa0) && character != '/' &&
           character != '%' && !(first && character == '.');
}

/* How many bytes at name are one character to keep; 0: escape. */
static gsize plain_length(const char *name, gboolean first)
{
    gunichar character = g_utf8_get_char_validated(name, -1);

    if (character == (gunichar)-1 || character == (gunichar)-2 || !is_plain(character, first))
        return 0;
    return g_utf8_next_char(name) - name;
}

char *names_safe(const char *name)
{
    GString *out = g_string_sized_new(LONGEST);

    for (const char *at = name; at != NULL && *at != '\0';) {
        gsize length = plain_length(at, at == name);

        if (out->len + (length > 0 ? length : strlen("%XX")) > LONGEST)
            break;
        if (length > 0)
            g_string_append_len(out, at, (gssize)length);
        else
            g_string_append_printf(out, "%%%02X", (guchar)*at);
        at += MAX(length, 1);
    }
    return g_string_free(out, FALSE);
}
