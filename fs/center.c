/* SPDX-License-Identifier: MIT */
/* center.c - members.json and balance of a Business Center. */
#include "fs/center.h"

/* A Standard member sees the money only with one of the finance roles. */
gboolean center_hides_money(const Object *center)
{
    const char *more = object_raw(center, "ext_user_role");
    g_autoptr(Object) roles = more != NULL ? object_new(more, -1, NULL) : NULL;

    if (g_strcmp0(object_text(center, "user_role"), "STANDARD") != 0)
        return FALSE;
    return roles == NULL || object_text(roles, "finance_role") == NULL;
}

static gboolean note_row(void *user_data, gint64 row, const char *name)
{
    g_array_append_val((GArray *)user_data, row);
    return TRUE;
}

/* Numbers of all rows of a kind that are the center's. */
static GArray *rows_of(Mount *mount, ObjectKind kind, gint64 center)
{
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(gint64));
    Scope scope = {.kind = kind, .advertiser = center};

    cache_each(mount->cache, &scope, FALSE, 0, note_row, rows);
    return rows;
}

const Object *center_funds(Mount *mount, gint64 center)
{
    g_autoptr(GArray) rows = rows_of(mount, KIND_FUNDS, center);
    const Row *row = rows->len > 0 ? cache_row(mount->cache, g_array_index(rows, gint64, 0)) : NULL;

    return row != NULL ? row->object : NULL;
}

/* Outside of strings a line end is a blank like any other, inside there is none. */
static void append_line(GString *out, const char *json)
{
    gsize start = out->len;

    g_string_append(out, json);
    g_strdelimit(out->str + start, "\r\n", ' ');
}

void center_members(Mount *mount, gint64 center, GString *out)
{
    g_autoptr(GArray) rows = rows_of(mount, KIND_MEMBER, center);
    const char *separator = "\n";

    g_string_append_c(out, '[');
    for (guint i = 0; i < rows->len; i++) {
        const Row *row = cache_row(mount->cache, g_array_index(rows, gint64, i));

        if (row == NULL) /* vanished since */
            continue;
        g_string_append(out, separator);
        append_line(out, object_json(row->object));
        separator = ",\n";
    }
    g_string_append(out, "\n]\n");
}
