/* SPDX-License-Identifier: MIT */
/*
 * create-look.c - who is called like that. Of campaigns and ad groups only those count that were
 * made since the call was meant; of ads, which are looked at before anything is sent, those that
 * were not there then.
 */
#include <string.h>

#include "api/encode-create.h"
#include "api/error.h"
#include "api/json.h"
#include "cache/create-private.h"

enum { SKEW_S = 900 }; /* by which the service's clock may differ from ours */

static gboolean is_known(const Create *create, const char *id)
{
    g_autofree char *quoted = g_strdup_printf("\"%s\"", id);

    return strstr(create->call.known, quoted) != NULL;
}

/* create_time is UTC and so written that texts compare as times do. */
static gboolean is_recent(const Create *create, const char *created)
{
    gint64 since_s = create->call.asked_us / G_USEC_PER_SEC - SKEW_S;
    g_autoptr(GDateTime) since = g_date_time_new_from_unix_utc(since_s);
    g_autofree char *text = since ? g_date_time_format(since, "%Y-%m-%d %H:%M:%S") : NULL;

    return text && created && strcmp(created, text) >= 0;
}

static gboolean counts(const Create *create, const char *id, const char *created)
{
    if (create->state == CREATE_LISTING)
        return TRUE;
    return !is_known(create, id) && (create->kind == KIND_AD || is_recent(create, created));
}

/* The newest comes last. */
static void add_match(Create *create, const char *id, const char *created)
{
    gboolean newer = !create->newest || g_strcmp0(created, create->newest) >= 0;

    g_ptr_array_insert(create->matches, newer ? -1 : 0, g_strdup(id));
    if (!newer)
        return;
    g_free(create->newest);
    create->newest = g_strdup(created ? created : "");
}

static void look_at(Create *create, const Object *object)
{
    const KindNames *names = kind_names(create->kind);
    const char *id = object_text(object, names->id);
    const char *created = object_text(object, "create_time");

    if (id && g_strcmp0(object_text(object, names->name), create->call.called) == 0 &&
        counts(create, id, created))
        add_match(create, id, created);
}

/* NULL: no more. */
static Object *next_object(JsonIter *iter)
{
    JsonSpan name, value;
    Object *object = NULL;

    while (!object && json_iter_next(iter, &name, &value))
        object = object_new(value.at, (gssize)value.length, NULL);
    return object;
}

/* data.list of the answer; new, and what iter walks over. NULL: there is none. */
static Object *list_of(const Answer *answer, JsonIter *iter)
{
    gsize length;
    const char *body = g_bytes_get_data(answer->body, &length);
    g_autoptr(Object) envelope = object_new(body, (gssize)length, NULL);
    const char *raw = envelope ? object_raw(envelope, "data") : NULL;
    g_autoptr(Object) data = raw ? object_new(raw, -1, NULL) : NULL;
    const char *list = data ? object_raw(data, "list") : NULL;

    return list && json_iter_init(iter, list, strlen(list)) ? g_steal_pointer(&data) : NULL;
}

Object *create_find(const Create *create, const Answer *answer)
{
    JsonIter iter;
    g_autoptr(Object) data = list_of(answer, &iter);
    Object *object;

    while (data && (object = next_object(&iter))) {
        if (g_strcmp0(object_text(object, kind_names(create->kind)->id), create->id) == 0)
            return object;
        object_unref(object);
    }
    return NULL;
}

static void look_at_all(Create *create, const Answer *answer)
{
    JsonIter iter;
    g_autoptr(Object) data = list_of(answer, &iter);
    Object *object;

    while (data && (object = next_object(&iter))) {
        look_at(create, object);
        object_unref(object);
    }
}

static void ended(Create *create)
{
    g_autoptr(GString) known = NULL;

    if (create->state != CREATE_LISTING) {
        if (create->matches->len > 0)
            create_made(create, create->matches->pdata[create->matches->len - 1]);
        else
            create_not_found(create);
        return;
    }
    known = g_string_new("[");
    for (guint i = 0; i < create->matches->len; i++)
        g_string_append_printf(known, "%s\"%s\"", i > 0 ? "," : "",
                               (char *)create->matches->pdata[i]);
    g_string_append_c(known, ']');
    g_free(create->call.known);
    create->call.known = g_string_free(g_steal_pointer(&known), FALSE);
    create_begin(create);
}

static void ask(Create *create);

/* error: NULL where the answer has no list. */
static void failed(Create *create, const GError *error)
{
    if (create->state != CREATE_LISTING)
        create_end_unknown(create, error ? g_error_copy(error) : NULL);
    else
        create_end(create, error ? g_error_copy(error)
                                 : api_error_new(API_ERROR_INCOMPLETE, 0, NULL,
                                                 "what is in the ad group can not be listed: the "
                                                 "answer has no list; nothing was sent"));
}

static void on_page(void *user_data, const Answer *answer, const GError *error)
{
    Create *create = user_data;

    if (!create_goes_on(create))
        return;
    if (error || !answer->has_list) {
        failed(create, error);
        return;
    }
    if (create->withdrawn) {
        create_end(create,
                   api_error_new(API_ERROR_CANCELLED, 0, NULL, "withdrawn before it was sent"));
        return;
    }
    look_at_all(create, answer);
    if (create->page < answer->total_page)
        ask(create);
    else
        ended(create);
}

static void ask(Create *create)
{
    const CacheConfig *config = &create->cache->config;
    g_autofree char *query = encode_named(create->kind, create->account, create->parent,
                                          create->call.called, ++create->page, PAGE_SIZE);
    Call call = {.endpoint = endpoint_get_of(create->kind),
                 .query = query,
                 .priority = CALL_WRITE,
                 .advertiser = create->account,
                 .deadline_us = create->state == CREATE_LISTING ? create->deadline_us : 0};

    create->in_call = TRUE;
    create->request = config->call(config->client, &call, on_page, create);
}

void create_look(Create *create)
{
    create->page = 0;
    g_clear_pointer(&create->newest, g_free);
    g_clear_pointer(&create->matches, g_ptr_array_unref);
    create->matches = g_ptr_array_new_with_free_func(g_free);
    ask(create);
}
