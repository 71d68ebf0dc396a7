/* SPDX-License-Identifier: MIT */
/* text.c - see text.h. */
#include "text.h"

#include <string.h>

static gboolean is_plain(char c)
{
    return (guchar)c >= 0x20 && c != '"' && c != '\\';
}

void text_put_json(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (const char *p = text; *p != '\0'; p++) {
        const char *plain = p;

        while (is_plain(*p))
            p++;
        g_string_append_len(out, plain, p - plain);
        if (*p == '\0')
            break;
        if ((guchar)*p < 0x20)
            g_string_append_printf(out, "\\u%04x", (guint)*p);
        else
            g_string_append_printf(out, "\\%c", *p);
    }
    g_string_append_c(out, '"');
}

void text_put_member(GString *out, const char *name, const char *text)
{
    if (out->len > 0 && out->str[out->len - 1] != '{')
        g_string_append_c(out, ',');
    g_string_append_printf(out, "\"%s\":", name);
    if (text != NULL)
        text_put_json(out, text);
    else
        g_string_append(out, "null");
}

char *text_from_json(const char *json)
{
    g_autoptr(cJSON) node = cJSON_Parse(json);

    return g_strdup(cJSON_GetStringValue(node));
}

gboolean text_is_id(const char *text)
{
    guint64 value;

    return strlen(text) <= 19 && g_ascii_isdigit(*text) &&
           g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64, &value, NULL);
}

/* The blocks of pictures; joiners and flags are made of these. */
gboolean text_has_emoji(const char *text)
{
    static const gunichar ranges[][2] = {
        {0x2600, 0x27bf},
        {0x2b50, 0x2b55},
        {0xfe0f, 0xfe0f},
        {0x1f000, 0x1faff},
    };

    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        for (gsize i = 0; i < G_N_ELEMENTS(ranges); i++) {
            if (c >= ranges[i][0] && c <= ranges[i][1])
                return TRUE;
        }
    }
    return FALSE;
}

glong text_width(const char *text)
{
    glong width = 0;

    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
        width += g_unichar_iswide(g_utf8_get_char(p)) ? 2 : 1;
    return width;
}
