/* SPDX-License-Identifier: MIT */
/* encode-create.c - bodies of creates, and what comes back. */
#include "api/encode-create.h"

#include <string.h>

#include "api/encode-private.h"
#include "api/json.h"

static void add_members(cJSON *to, const Object *members)
{
    const char *name, *raw;

    for (guint i = 0; object_member(members, i, &name, &raw); i++)
        cJSON_AddRawToObject(to, name, raw);
}

char *encode_create(ObjectKind kind, const char *advertiser_id, const char *parent_id,
                    const Object *members, const char *request_id)
{
    g_autoptr(cJSON) body = body_new(advertiser_id);
    cJSON *object = body;

    g_assert(kind >= KIND_CAMPAIGN && kind <= KIND_AD);
    if (kind != KIND_CAMPAIGN)
        cJSON_AddStringToObject(body, kind_names(kind)->parent_id, parent_id);
    if (kind == KIND_AD) {
        object = cJSON_CreateObject();
        cJSON_AddItemToArray(cJSON_AddArrayToObject(body, "creatives"), object);
    } else if (request_id != NULL) {
        cJSON_AddStringToObject(body, "request_id", request_id);
    }
    add_members(object, members);
    return print_json(body);
}

char *encode_named(ObjectKind kind, const char *advertiser_id, const char *parent_id,
                   const char *name, guint page, guint page_size)
{
    g_autoptr(cJSON) filtering = cJSON_CreateObject();
    const char *const parents[] = {parent_id, NULL};
    GString *query = g_string_new(NULL);

    add_param(query, "advertiser_id", advertiser_id);
    if (kind != KIND_CAMPAIGN)
        cJSON_AddItemToObject(filtering, kind_names(kind - 1)->ids, string_array(parents));
    if (kind != KIND_AD)
        cJSON_AddStringToObject(filtering, kind_names(kind)->name, name);
    add_json_param(query, "filtering", filtering);
    add_page(query, page, page_size);
    return g_string_free(query, FALSE);
}

/* Digits, whether or not they are in quotes. */
static char *id_of(const char *raw)
{
    JsonSpan span = {raw, raw != NULL ? strlen(raw) : 0};
    g_autofree char *id = raw != NULL ? json_span_text(span) : NULL;

    return id != NULL && *id != '\0' && strspn(id, "0123456789") == strlen(id)
               ? g_steal_pointer(&id)
               : NULL;
}

static char *first_of(const char *list)
{
    JsonSpan name, value;
    JsonIter iter;

    if (list == NULL || !json_iter_init(&iter, list, strlen(list)) ||
        !json_iter_next(&iter, &name, &value))
        return NULL;
    g_autofree char *raw = g_strndup(value.at, value.length);
    return id_of(raw);
}

char *decode_created(ObjectKind kind, const char *body, gsize length)
{
    g_autoptr(Object) envelope = object_new(body, (gssize)length, NULL);
    const char *raw = envelope != NULL ? object_raw(envelope, "data") : NULL;
    g_autoptr(Object) data = raw != NULL ? object_new(raw, -1, NULL) : NULL;

    if (data == NULL)
        return NULL;
    if (kind == KIND_AD)
        return first_of(object_raw(data, kind_names(kind)->ids));
    return id_of(object_raw(data, kind_names(kind)->id));
}
