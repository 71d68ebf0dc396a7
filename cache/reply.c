/* SPDX-License-Identifier: MIT */
/* reply.c - an answer taken apart once, for all that wait for it. */
#include "cache/reply.h"

#include <string.h>

#include "api/error.h"
#include "api/json.h"

enum { CODE_PART = 20001 };

struct Reply {
    ObjectKind kind;
    int code;
    char *request_id, *status; /* status: data.status */
    GHashTable *objects;       /* id -> Object, of data.list */
    GHashTable *ids;           /* of data.campaign_ids and the like */
    GHashTable *refused;       /* id -> why, of data.error_list */
    gboolean has_refused;      /* there is such a list */
};

static void add_object(Reply *reply, Object *row)
{
    const char *id = object_text(row, kind_names(reply->kind)->id);

    if (id != NULL && !g_hash_table_contains(reply->objects, id))
        g_hash_table_insert(reply->objects, g_strdup(id), object_ref(row));
}

static void add_refused(Reply *reply, Object *row)
{
    const char *id = object_text(row, kind_names(reply->kind)->id);
    const char *why = object_text(row, "error_message");

    if (id != NULL)
        g_hash_table_insert(reply->refused, g_strdup(id),
                            g_strdup(why != NULL ? why : "refused without a reason"));
}

/* FALSE: there is no such list. */
static gboolean each_row(Reply *reply, const char *list, void (*add)(Reply *reply, Object *row))
{
    JsonSpan name, value;
    JsonIter iter;

    if (list == NULL || !json_iter_init(&iter, list, strlen(list)) || iter.close != ']')
        return FALSE;
    while (json_iter_next(&iter, &name, &value)) {
        g_autoptr(Object) row = object_new(value.at, (gssize)value.length, NULL);

        if (row != NULL)
            add(reply, row);
    }
    return TRUE;
}

static void add_ids(Reply *reply, const char *list)
{
    JsonSpan name, value;
    JsonIter iter;

    if (list == NULL || !json_iter_init(&iter, list, strlen(list)) || iter.close != ']')
        return;
    while (json_iter_next(&iter, &name, &value))
        g_hash_table_add(reply->ids, json_span_text(value));
}

static void read_data(Reply *reply, const Answer *answer)
{
    gsize length;
    const char *body = g_bytes_get_data(answer->body, &length);
    g_autoptr(Object) envelope = object_new(body, (gssize)length, NULL);
    g_autoptr(Object) data = NULL;

    if (envelope != NULL && object_raw(envelope, "data") != NULL)
        data = object_new(object_raw(envelope, "data"), -1, NULL);
    if (data == NULL)
        return;
    each_row(reply, object_raw(data, "list"), add_object);
    reply->has_refused = each_row(reply, object_raw(data, "error_list"), add_refused);
    add_ids(reply, object_raw(data, kind_names(reply->kind)->ids));
    reply->status = g_strdup(object_text(data, "status"));
}

Reply *reply_new(ObjectKind kind, const Answer *answer)
{
    Reply *reply = g_new0(Reply, 1);

    reply->kind = kind;
    reply->code = answer->code;
    reply->request_id = g_strdup(answer->request_id);
    reply->objects =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)object_unref);
    reply->ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    reply->refused = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    read_data(reply, answer);
    return reply;
}

void reply_free(Reply *reply)
{
    if (reply == NULL)
        return;
    g_hash_table_unref(reply->objects);
    g_hash_table_unref(reply->ids);
    g_hash_table_unref(reply->refused);
    g_free(reply->request_id);
    g_free(reply->status);
    g_free(reply);
}

Object *reply_object(const Reply *reply, const char *id)
{
    return g_hash_table_lookup(reply->objects, id);
}

ReplyWord reply_word(const Reply *reply, const char *id, const char *status, GError **error)
{
    const char *why = g_hash_table_lookup(reply->refused, id);

    if (why != NULL) {
        g_propagate_error(error, api_error_new(API_ERROR_REMOTE, CODE_PART, reply->request_id,
                                               "%s %s was left out: %s",
                                               kind_names(reply->kind)->word, id, why));
        return REPLY_REFUSED;
    }
    if (reply->code != 0 && !reply->has_refused)
        return REPLY_PART;
    if (reply->code == 0 && status != NULL && g_strcmp0(reply->status, status) == 0 &&
        g_hash_table_contains(reply->ids, id))
        return REPLY_NAMED;
    return REPLY_ACCEPTED;
}
