/* SPDX-License-Identifier: MIT */
/* patch.c - see patch.h. */
#include "patch.h"

#include <string.h>

#include "clock.h"
#include "currency.h"
#include "fault.h"
#include "render.h"

typedef struct {
    guint64 id;
    char *member;
    char *json;
    char *was; /* what the service said before; NULL: nothing */
} Setting;

struct Patch {
    const Call *call;
    GPtrArray *settings;
};

static void setting_free(void *data)
{
    Setting *setting = data;

    g_free(setting->member);
    g_free(setting->json);
    g_free(setting->was);
    g_free(setting);
}

Patch *patch_new(const Call *call)
{
    Patch *patch = g_new0(Patch, 1);

    patch->call = call;
    patch->settings = g_ptr_array_new_with_free_func(setting_free);
    return patch;
}

void patch_free(Patch *patch)
{
    g_ptr_array_unref(patch->settings);
    g_free(patch);
}

/* Notes of the sandbox that the log speaks of too, by the names they are shown with. */
static const char *shown_as(const char *member)
{
    static const char *const notes[] = {"_budget", "_scheduled_budget", "_deleted"};

    if (*member != '_')
        return member;
    for (gsize i = 0; i < G_N_ELEMENTS(notes); i++) {
        if (strcmp(member, notes[i]) == 0)
            return notes[i] + 1;
    }
    return NULL;
}

static char *value_before(const Item *item, const char *name)
{
    guint64 position;

    if (name == NULL ||
        !world_find(item->world, item->account->index, item->kind, item->id[item->kind], &position))
        return NULL;
    if (strcmp(name, "deleted") == 0)
        return g_strdup(item_deleted(item, item->kind) ? "true" : "false");
    return render_member(item, name);
}

void patch_set(Patch *patch, const Item *item, const char *member, const char *json)
{
    Setting *setting = g_new0(Setting, 1);

    setting->id = item->id[item->kind];
    setting->member = g_strdup(member);
    setting->json = g_strdup(json);
    setting->was = value_before(item, shown_as(member));
    g_ptr_array_add(patch->settings, setting);
}

void patch_set_text(Patch *patch, const Item *item, const char *member, const char *text)
{
    g_autoptr(GString) json = g_string_new(NULL);

    text_put_json(json, text);
    patch_set(patch, item, member, json->str);
}

void patch_delete(Patch *patch, const Item *item)
{
    patch_set(patch, item, "_deleted", "true");
    patch_set_text(patch, item, "operation_status", "DISABLE");
}

/* Half of an amount, another word, a longer name. */
static void lie_about(Setting *setting, const Currency *currency)
{
    gint64 minor = currency_minor(currency), micros;
    g_autoptr(GString) other = g_string_new(NULL);
    const char *name = shown_as(setting->member);

    if (name == NULL)
        return;
    if (strcmp(name, "operation_status") == 0) {
        gboolean on = strcmp(setting->json, "\"ENABLE\"") == 0;

        text_put_json(other, on ? "DISABLE" : "ENABLE");
    } else if (g_str_has_suffix(name, "_name")) {
        g_autofree char *text = text_from_json(setting->json);
        g_autofree char *longer = g_strconcat(text, " (1)", NULL);

        text_put_json(other, longer);
    } else if ((g_str_has_suffix(name, "budget") || g_str_has_suffix(name, "bid_price")) &&
               currency_parse(setting->json, &micros)) {
        currency_put(other, micros / 2 / minor * minor);
    } else {
        return;
    }
    g_free(setting->json);
    setting->json = g_strdup(other->str);
}

static void put_pair(GString *out, const char *name, const char *json)
{
    g_string_append_c(out, out->len > 0 ? ',' : '{');
    text_put_json(out, name);
    g_string_append_c(out, ':');
    g_string_append(out, json);
}

/* One object: the settings from `from` on that have its id. Returns the first that has not. */
static guint put_effect(const Patch *patch, guint from, GString *out)
{
    g_autoptr(GString) was = g_string_new(NULL);
    g_autoptr(GString) now = g_string_new(NULL);
    guint64 id = ((const Setting *)g_ptr_array_index(patch->settings, from))->id;
    guint i = from;

    for (; i < patch->settings->len; i++) {
        const Setting *setting = g_ptr_array_index(patch->settings, i);
        const char *name = shown_as(setting->member);

        if (setting->id != id)
            break;
        if (name == NULL || g_strcmp0(setting->was, setting->json) == 0)
            continue;
        put_pair(was, name, setting->was != NULL ? setting->was : "null");
        put_pair(now, name, setting->json);
    }
    g_string_append_printf(out, "%s{\"id\":\"%" G_GUINT64_FORMAT "\",\"was\":%s},\"now\":%s}}",
                           out->len > 0 ? "," : "", id, was->len > 0 ? was->str : "{",
                           now->len > 0 ? now->str : "{");
    return i;
}

static void put_effects(const Patch *patch, GString *out)
{
    guint i = 0;

    while (i < patch->settings->len)
        i = put_effect(patch, i, out);
}

gboolean patch_apply(Patch *patch, Answer *answer, GError **error)
{
    Changes *changes = patch->call->world->changes;
    guint64 faults = patch->call->faults;
    g_autoptr(GString) now = g_string_new(NULL);
    g_autoptr(GError) failure = NULL;

    if ((faults & FAULT_LIE) != 0)
        return TRUE;

    put_utc(now, clock_now());
    for (guint i = 0; i < patch->settings->len; i++) {
        Setting *setting = g_ptr_array_index(patch->settings, i);

        if ((faults & FAULT_LIE_OTHER) != 0)
            lie_about(setting, patch->call->account->currency);
        if ((faults & FAULT_LAG) != 0)
            changes_lag(changes, setting->id);
        changes_set(changes, setting->id, setting->member, setting->json);
        changes_set(changes, setting->id, "modify_time", now->str);
    }
    put_effects(patch, answer->effects);
    if (!changes_save(changes, &failure))
        return refuse(error, CODE_SYSTEM, "System error: %s", failure->message);
    return TRUE;
}

/* The id of one object of a body, whichever way the endpoint has of naming them. */
static const char *named_id(const Call *call)
{
    g_autofree char *one = g_strconcat(kind_names[call->endpoint->kind], "_id", NULL);
    g_autofree char *many = g_strconcat(one, "s", NULL);
    const char *const lists[] = {many, "budget", "scheduled_budget", "creatives"};
    const cJSON *node = call->body;

    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        const cJSON *list = cJSON_GetObjectItemCaseSensitive(call->body, lists[i]);

        if (cJSON_IsArray(list)) {
            node = cJSON_GetArrayItem(list, cJSON_GetArraySize(list) / 2);
            break;
        }
    }
    return cJSON_GetStringValue(cJSON_IsObject(node) ? cJSON_GetObjectItemCaseSensitive(node, one)
                                                     : node);
}

void patch_delete_named(const Call *call, Answer *answer)
{
    Call other = *call;
    g_autoptr(Patch) patch = patch_new(&other);
    const char *id = named_id(call);
    Item item;

    other.faults = 0;
    if (id == NULL || !item_find(call->world, call->account, call->endpoint->kind, id, &item) ||
        item_gone(&item))
        return;
    patch_delete(patch, &item);
    patch_apply(patch, answer, NULL);
}
