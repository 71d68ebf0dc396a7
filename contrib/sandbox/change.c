/* SPDX-License-Identifier: MIT */
/*
 * change.c - the store of changes. The file is {"<id>": {"<member>": "<JSON text>"}}: values are
 * kept as text inside text, so that no amount passes through a double.
 */
#include "change.h"

#include <gio/gio.h>

#include "text.h"

struct Changes {
    GHashTable *by_id;
    char *path;
    guint generation;
};

struct Change {
    GHashTable *members;
};

static void change_free(void *data)
{
    Change *change = data;

    g_hash_table_unref(change->members);
    g_free(change);
}

Changes *changes_new(void)
{
    Changes *changes = g_new0(Changes, 1);

    changes->by_id = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, change_free);
    return changes;
}

void changes_free(Changes *changes)
{
    g_hash_table_unref(changes->by_id);
    g_free(changes->path);
    g_free(changes);
}

guint changes_generation(const Changes *changes)
{
    return changes->generation;
}

const Change *changes_find(const Changes *changes, guint64 id)
{
    return g_hash_table_lookup(changes->by_id, &id);
}

void changes_set(Changes *changes, guint64 id, const char *member, const char *json)
{
    Change *change = g_hash_table_lookup(changes->by_id, &id);

    if (change == NULL) {
        change = g_new0(Change, 1);
        change->members = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        g_hash_table_insert(changes->by_id, g_memdup2(&id, sizeof id), change);
    }
    g_hash_table_insert(change->members, g_strdup(member), g_strdup(json));
    changes->generation++;
}

const char *change_get(const Change *change, const char *member)
{
    return change != NULL ? g_hash_table_lookup(change->members, member) : NULL;
}

void changes_foreach(const Changes *changes, ChangeFunc func, void *user_data)
{
    GHashTableIter iter;
    void *id, *change;

    g_hash_table_iter_init(&iter, changes->by_id);
    while (g_hash_table_iter_next(&iter, &id, &change))
        func(*(guint64 *)id, change, user_data);
}

static gboolean load_members(Changes *changes, const cJSON *object)
{
    const cJSON *member;
    guint64 id;

    if (!cJSON_IsObject(object) ||
        !g_ascii_string_to_unsigned(object->string, 10, 1, G_MAXINT64, &id, NULL))
        return FALSE;

    cJSON_ArrayForEach (member, object) {
        g_autoptr(cJSON) value = cJSON_Parse(cJSON_GetStringValue(member));

        if (value == NULL)
            return FALSE;
        changes_set(changes, id, member->string, member->valuestring);
    }
    return TRUE;
}

gboolean changes_load(Changes *changes, const char *path, GError **error)
{
    g_autoptr(GError) failure = NULL;
    g_autofree char *text = NULL;

    changes->path = g_strdup(path);
    if (!g_file_get_contents(path, &text, NULL, &failure)) {
        if (g_error_matches(failure, G_FILE_ERROR, G_FILE_ERROR_NOENT))
            return changes_save(changes, error);
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }

    g_autoptr(cJSON) root = cJSON_Parse(text);
    gboolean good = cJSON_IsObject(root);
    for (const cJSON *object = good ? root->child : NULL; object != NULL && good;
         object = object->next)
        good = load_members(changes, object);
    if (!good)
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s is not a state file", path);
    return good;
}

static void put_members(GString *out, const Change *change)
{
    GHashTableIter iter;
    void *name, *json;
    gboolean first = TRUE;

    g_hash_table_iter_init(&iter, change->members);
    while (g_hash_table_iter_next(&iter, &name, &json)) {
        g_string_append(out, first ? "{" : ",");
        text_put_json(out, name);
        g_string_append_c(out, ':');
        text_put_json(out, json);
        first = FALSE;
    }
    g_string_append_c(out, '}');
}

gboolean changes_save(const Changes *changes, GError **error)
{
    g_autoptr(GString) out = g_string_new("{");
    GHashTableIter iter;
    void *id, *change;

    if (changes->path == NULL)
        return TRUE;

    g_hash_table_iter_init(&iter, changes->by_id);
    while (g_hash_table_iter_next(&iter, &id, &change)) {
        g_string_append_printf(out, "%s\n\"%" G_GUINT64_FORMAT "\":", out->len > 1 ? "," : "",
                               *(guint64 *)id);
        put_members(out, change);
    }
    g_string_append(out, "\n}\n");
    return g_file_set_contents(changes->path, out->str, (gssize)out->len, error);
}
