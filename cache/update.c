/* SPDX-License-Identifier: MIT */
/* update.c - one new value for one object: the call that sets it, and whether an answer holds it.
 */
#include "cache/update.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "api/encode.h"
#include "api/error.h"
#include "api/json.h"
#include "api/money.h"

void update_clear(Update *update)
{
    object_unref(update->current);
    g_free(update->id);
    g_free(update->advertiser_id);
    g_free(update->member);
    g_free(update->value);
    *update = (Update){0};
}

static char *canonical_amount(const char *value)
{
    gint64 micros = 0;

    money_parse(value, &micros, NULL);
    return money_format(micros, 0);
}

static char *json_of(const Update *update)
{
    cJSON *text;
    char *json;

    if (update->amount)
        return canonical_amount(update->value);
    text = cJSON_CreateString(update->value);
    json = cJSON_PrintUnformatted(text); /* by malloc, which g_free() is */
    cJSON_Delete(text);
    return json;
}

gboolean update_holds(const Update *update, const Object *object)
{
    const char *raw = object_raw(object, update->member);
    gint64 want, have;

    if (!update->amount)
        return g_strcmp0(object_text(object, update->member), update->value) == 0;
    return raw != NULL && money_from_json(raw, &have) && money_parse(update->value, &want, NULL) &&
           want == have;
}

gboolean update_is_untouched(const Update *update, const Object *object)
{
    const char *time = object_text(update->current, "modify_time");

    return time != NULL && g_strcmp0(time, object_text(object, "modify_time")) == 0 &&
           g_strcmp0(object_text(update->current, update->member),
                     object_text(object, update->member)) == 0;
}

static gboolean is_this(const Update *update, const Object *object)
{
    return g_strcmp0(object_text(object, kind_names(update->kind)->id), update->id) == 0;
}

/* The object with that id among data.list of an answer; NULL: not there. */
Object *update_find(const Update *update, const Answer *answer)
{
    gsize length;
    const char *body = g_bytes_get_data(answer->body, &length);
    g_autoptr(Object) envelope = object_new(body, (gssize)length, NULL);
    g_autoptr(Object) data = NULL;
    const char *list;
    JsonSpan name, value;
    JsonIter iter;

    if (envelope == NULL || object_raw(envelope, "data") == NULL)
        return NULL;
    data = object_new(object_raw(envelope, "data"), -1, NULL);
    list = data != NULL ? object_raw(data, "list") : NULL;
    if (list == NULL || !json_iter_init(&iter, list, strlen(list)))
        return NULL;
    while (json_iter_next(&iter, &name, &value)) {
        g_autoptr(Object) object = object_new(value.at, (gssize)value.length, NULL);

        if (object != NULL && is_this(update, object))
            return g_steal_pointer(&object);
    }
    return NULL;
}

/* An answer without a list does not say that the object is in none. */
GError *update_gone(const Update *update, const Answer *answer)
{
    const char *word = kind_names(update->kind)->word;

    if (!answer->has_list)
        return api_error_new(API_ERROR_INCOMPLETE, 0, answer->request_id,
                             "%s %s: the answer has no list", word, update->id);
    return api_error_new(API_ERROR_NOT_FOUND, 0, answer->request_id, "%s %s is gone", word,
                         update->id);
}

/*
 * The reply of an update as an object of the shape that listings have: the members known, each with
 * its new value. NULL when the reply does not carry them all.
 */
Object *update_merge(const Update *update, const Answer *answer)
{
    gsize length;
    const char *body = g_bytes_get_data(answer->body, &length);
    g_autoptr(Object) envelope = object_new(body, (gssize)length, NULL);
    g_autoptr(Object) reply = NULL;
    g_autoptr(GString) merged = g_string_new("{");
    const char *name, *raw;

    if (envelope != NULL && object_raw(envelope, "data") != NULL)
        reply = object_new(object_raw(envelope, "data"), -1, NULL);
    if (reply == NULL || !is_this(update, reply))
        return NULL;
    for (guint i = 0; object_member(update->current, i, &name, &raw); i++) {
        const char *now = object_raw(reply, name);

        if (now == NULL && strcmp(raw, "null") != 0)
            return NULL;
        g_string_append_printf(merged, "%s\"%s\":%s", i > 0 ? "," : "", name,
                               now != NULL ? now : "null");
    }
    g_string_append_c(merged, '}');
    return object_new(merged->str, (gssize)merged->len, NULL);
}

/* Which call sets a member, and with what body. Lifetime budgets of ad groups have a call of their
   own; for everything else adgroup/update is nominally a full replacement. */
EndpointId update_plan(const Update *update, char **ret_body)
{
    const char *mode = object_text(update->current, "budget_mode");
    const char *ids[] = {update->id, NULL};
    g_autofree char *raw = json_of(update);

    if (strcmp(update->member, "operation_status") == 0) {
        *ret_body = encode_status(update->kind, update->advertiser_id, ids, update->value);
        return endpoint_status_of(update->kind);
    }
    if (update->kind == KIND_ADGROUP && strcmp(update->member, "budget") == 0 &&
        g_strcmp0(mode, "BUDGET_MODE_TOTAL") == 0) {
        *ret_body = encode_adgroup_budget(update->advertiser_id, update->id, raw);
        return ENDPOINT_ADGROUP_BUDGET;
    }
    if (update->kind == KIND_ADGROUP)
        *ret_body =
            encode_adgroup_update(update->advertiser_id, update->current, update->member, raw);
    else
        *ret_body = encode_update_one(update->kind, update->advertiser_id, update->current,
                                      update->member, raw);
    return endpoint_update_of(update->kind);
}
