/* SPDX-License-Identifier: MIT */
/* attr-words.c - what may be written as a name or as a status. */
#include <string.h>

#include "api/error.h"
#include "fs/attr.h"

/* Campaign, ad group and ad names alike; a CJK character counts as two. */
enum { NAME_MAX_WIDTH = 512 };

/* What is drawn as an emoji by itself, or makes one of the character before it; not the signs next
   to them (★ ✓ ➤), which names are full of. Unicode's Emoji_Presentation. */
static gboolean is_emoji(gunichar c)
{
    static const struct {
        gunichar first, last;
    } ranges[] = {
        {0x20e3, 0x20e3},   {0x231a, 0x231b}, {0x23e9, 0x23ec}, {0x23f0, 0x23f0}, {0x23f3, 0x23f3},
        {0x25fd, 0x25fe},   {0x2614, 0x2615}, {0x2648, 0x2653}, {0x267f, 0x267f}, {0x2693, 0x2693},
        {0x26a1, 0x26a1},   {0x26aa, 0x26ab}, {0x26bd, 0x26be}, {0x26c4, 0x26c5}, {0x26ce, 0x26ce},
        {0x26d4, 0x26d4},   {0x26ea, 0x26ea}, {0x26f2, 0x26f3}, {0x26f5, 0x26f5}, {0x26fa, 0x26fa},
        {0x26fd, 0x26fd},   {0x2705, 0x2705}, {0x270a, 0x270b}, {0x2728, 0x2728}, {0x274c, 0x274c},
        {0x274e, 0x274e},   {0x2753, 0x2755}, {0x2757, 0x2757}, {0x2795, 0x2797}, {0x27b0, 0x27b0},
        {0x27bf, 0x27bf},   {0x2b1b, 0x2b1c}, {0x2b50, 0x2b50}, {0x2b55, 0x2b55}, {0xfe0f, 0xfe0f},
        {0x1f000, 0x1faff},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(ranges); i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return TRUE;
    return FALSE;
}

static gboolean is_shown(const AttrRow *row, const AttrView *view, const char *text)
{
    return g_strcmp0(object_text(view->object, row->field), text) == 0;
}

/* NULL: none; else a new string. */
static char *name_problem(const char *text)
{
    gboolean blank = TRUE;
    guint width = 0;

    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        if (is_emoji(c))
            return g_strdup("holds an emoji, which names may not");
        width += g_unichar_iswide(c) ? 2 : 1;
        blank &= g_unichar_isspace(c);
    }
    if (width > NAME_MAX_WIDTH)
        return g_strdup_printf("longer than %d characters (one of CJK counts as 2)",
                               NAME_MAX_WIDTH);
    return blank ? g_strdup("nothing but blanks") : NULL;
}

gboolean attr_commit_name(const AttrRow *row, const AttrView *view, const char *text,
                          AttrChange *ret, GError **error)
{
    g_autofree char *problem = NULL;

    if (!is_shown(row, view, text)) /* what is there can be written back */
        problem = name_problem(text);
    if (problem != NULL)
        return attr_invalid(row, view, text, problem, error);
    *ret = (AttrChange){.member = row->field, .value = g_strdup(text)};
    return TRUE;
}

static gboolean refuse_word(const AttrRow *row, const char *text, const char *why, GError **error)
{
    g_autofree char *quoted = attr_quote(text);

    g_propagate_error(
        error, api_error_new(API_ERROR_INVALID, 0, NULL, "%s: %s %s", row->name, quoted, why));
    return FALSE;
}

gboolean attr_commit_status(const AttrRow *row, const AttrView *view, const char *text,
                            AttrChange *ret, GError **error)
{
    static const char *const words[] = {"ENABLE", "DISABLE", NULL};
    gboolean deletes = strcmp(text, "DELETE") == 0;

    if (deletes && !view->allow_delete)
        return refuse_word(row, text,
                           "deletes for good, which needs the option allow_delete: mount with -o "
                           "allow_delete, or write ENABLE or DISABLE",
                           error);
    if (!deletes && !g_strv_contains(words, text) && !is_shown(row, view, text))
        return refuse_word(row, text,
                           view->allow_delete
                               ? "is no status; write ENABLE, DISABLE or DELETE, in capitals"
                               : "is no status; write ENABLE or DISABLE, in capitals",
                           error);
    *ret = (AttrChange){.member = row->field, .value = g_strdup(text)};
    return TRUE;
}
