/* SPDX-License-Identifier: MIT */
/* created.c - creations are looked through one by one: there are few. */
#include "created.h"

#include <string.h>

#include "check.h"
#include "fault.h"
#include "render.h"
#include "text.h"

enum { CODE_REPEATED = 40050 };

static const Change *change_at(const World *world, guint account, Kind kind, guint64 position)
{
    return changes_find(world->changes, world_id(world, account, kind, position));
}

guint64 created_parent(const World *world, guint account, Kind kind, guint64 index)
{
    g_autofree char *id = text_from_json(change_get(change_at(world, account, kind, index), //
                                                    "_parent"));
    guint64 position = 0;

    if (id != NULL)
        world_find(world, account, kind - 1, g_ascii_strtoull(id, NULL, 10), &position);
    return world_index(world, account, kind - 1, position);
}

guint64 created_next_child(const Item *parent, guint64 position)
{
    g_autofree char *wanted =
        g_strdup_printf("\"%" G_GUINT64_FORMAT "\"", parent->id[parent->kind]);
    const World *world = parent->world;
    Kind kind = parent->kind + 1;
    const Change *change;

    if (position < world->count[kind])
        position = world->count[kind];
    for (; (change = change_at(world, parent->account->index, kind, position)) != NULL; position++)
        if (g_strcmp0(change_get(change, "_parent"), wanted) == 0)
            return position;
    return G_MAXUINT64;
}

/* An int64 as text. */
static gboolean check_request_id(const char *text, GError **error)
{
    gint64 number;

    if (text == NULL || g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &number, NULL))
        return TRUE;
    return refuse(error, CODE_PARAMETER, "request_id: Not a valid integer.");
}

gboolean created_place(const Call *call, Kind kind, guint64 *ret_position, gboolean *ret_again,
                       GError **error)
{
    const World *world = call->world;
    const char *request_id = cJSON_GetStringValue(body_member(call->body, "request_id"));
    guint64 position = world->count[kind];
    const Change *change;

    *ret_again = FALSE;
    if (!check_request_id(request_id, error))
        return FALSE;
    for (; (change = change_at(world, call->account->index, kind, position)) != NULL; position++) {
        g_autofree char *made_by = text_from_json(change_get(change, "_request_id"));

        *ret_again = request_id != NULL && g_strcmp0(made_by, request_id) == 0;
        if (*ret_again)
            break;
    }
    *ret_position = position;
    if (*ret_again && (call->faults & FAULT_REPEAT) != 0)
        return refuse(error, CODE_REPEATED, "Repeated request.");
    if (position >= world->count[kind] + MAX_CREATED)
        return refuse(error, CODE_PARAMETER, "The number of %ss has reached the limit.",
                      kind_names[kind]);
    return TRUE;
}

gboolean created_is_bare(const Call *call)
{
    return (call->faults & (FAULT_BARE | FAULT_LIE)) != 0;
}

void created_put(const Call *call, Kind kind, guint64 position, GString *out)
{
    g_autoptr(GString) object = g_string_new(NULL);
    Item item;

    if (created_is_bare(call)) {
        g_string_append_printf(out, "\"%s_id\":\"%" G_GUINT64_FORMAT "\"", kind_names[kind],
                               world_id(call->world, call->account->index, kind, position));
        return;
    }
    item = item_at(call->world, call->account, kind, position);
    render_item(object, &item, NULL, FALSE);
    g_string_append_len(out, object->str + 1, (gssize)object->len - 2);
}

void created_enter(Item *item, Kind kind, guint64 position)
{
    item->kind = kind;
    item->index[kind] = item->position[kind] = position;
    item->id[kind] = world_id(item->world, item->account->index, kind, position);
    item->change[kind] = NULL;
}
