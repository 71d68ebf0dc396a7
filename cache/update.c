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

gboolean update_is(const Update *update, const Object *object, const char *text)
{
    const char *raw = object_raw(object, update->member);
    const char *have_text = object_text(object, update->member);
    gint64 want, have;

    if (!update->amount || *text == '\0')
        return g_strcmp0(have_text != NULL ? have_text : "", text) == 0;
    return raw != NULL && money_from_json(raw, &have) && money_parse(text, &want, NULL) &&
           want == have;
}

gboolean update_holds(const Update *update, const Object *object)
{
    return object_raw(object, update->member) != NULL && update_is(update, object, update->value);
}

gboolean update_is_status(const Update *update)
{
    return strcmp(update->member, "operation_status") == 0;
}

gboolean update_is_delete(const Update *update)
{
    return update_is_status(update) && strcmp(update->value, "DELETE") == 0;
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

Object *update_apply(const Update *update, const Object *object)
{
    g_autoptr(GString) applied = g_string_new("{");
    g_autofree char *json = json_of(update);
    gboolean found = FALSE;
    const char *name, *raw;

    for (guint i = 0; object_member(object, i, &name, &raw); i++) {
        gboolean is_it = strcmp(name, update->member) == 0;

        found = found || is_it;
        g_string_append(applied, i > 0 ? "," : "");
        json_add_string(applied, name);
        g_string_append_printf(applied, ":%s", is_it ? json : raw);
    }
    g_string_append_c(applied, '}');
    return found ? object_new(applied->str, (gssize)applied->len, NULL) : NULL;
}

/* ---- the call ---- */

/* Lifetime budgets of ad groups, and those from midnight on, have a call of their own; for
   everything else adgroup/update is nominally a full replacement. */
static gboolean is_budget_call(const Update *update)
{
    if (update->kind != KIND_ADGROUP)
        return FALSE;
    return strcmp(update->member, "scheduled_budget") == 0 ||
           (strcmp(update->member, "budget") == 0 &&
            g_strcmp0(object_text(update->current, "budget_mode"), "BUDGET_MODE_TOTAL") == 0);
}

UpdateCall update_call(const Update *update)
{
    if (update_is_status(update))
        return (UpdateCall){endpoint_status_of(update->kind), update->value, UPDATE_IDS_MAX};
    if (is_budget_call(update))
        return (UpdateCall){ENDPOINT_ADGROUP_BUDGET, update->member, UPDATE_IDS_MAX};
    return (UpdateCall){endpoint_update_of(update->kind), "", 1};
}

gboolean update_sends_back(const Update *update)
{
    return update_call(update).endpoint == ENDPOINT_ADGROUP_UPDATE;
}

static char *encode_one(const Update *update)
{
    g_autofree char *raw = json_of(update);

    if (update->kind == KIND_ADGROUP)
        return encode_adgroup_update(update->advertiser_id, update->current, update->member, raw);
    return encode_update_one(update->kind, update->advertiser_id, update->current, update->member,
                             raw);
}

char *update_encode(const Update *const *updates, guint n)
{
    const Update *first = updates[0];
    g_autofree const char **ids = NULL;
    g_auto(GStrv) amounts = NULL;

    if (update_call(first).most == 1)
        return encode_one(first);
    ids = g_new0(const char *, n + 1);
    amounts = g_new0(char *, n + 1);
    for (guint i = 0; i < n; i++) {
        ids[i] = updates[i]->id;
        amounts[i] = json_of(updates[i]);
    }
    if (update_is_status(first))
        return encode_status(first->kind, first->advertiser_id, ids, first->value);
    return encode_adgroup_budgets(first->advertiser_id, first->member, ids,
                                  (const char *const *)amounts);
}
