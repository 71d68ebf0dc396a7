/* SPDX-License-Identifier: MIT */
/*
 * change.c - the store of changes. The file is {"<id>": {"<member>": "<JSON text>"}}, several
 * times, a line for each write, the later ones over the earlier: values are kept as text inside
 * text, so that no amount passes through a double. It begins anew as one when it is loaded.
 */
#include "change.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

#include "text.h"

enum { LAG_MS = 1000 };

struct Changes {
    GHashTable *by_id;
    GHashTable *before; /* id -> Change, or NULL for one that was not changed; while it lags */
    gboolean looks_back;
    char *path;
    int fd;           /* -1: nothing is kept */
    GString *unsaved; /* of the next line, without the last two braces */
    guint64 last_id;  /* what it ends with */
    guint generation;
};

struct Change {
    GHashTable *members;
};

static void change_free(void *data)
{
    Change *change = data;

    if (change == NULL)
        return;
    g_hash_table_unref(change->members);
    g_free(change);
}

static Change *change_new(void)
{
    Change *change = g_new0(Change, 1);

    change->members = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return change;
}

Changes *changes_new(void)
{
    Changes *changes = g_new0(Changes, 1);

    changes->by_id = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, change_free);
    changes->before = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, change_free);
    changes->unsaved = g_string_new(NULL);
    changes->fd = -1;
    return changes;
}

void changes_free(Changes *changes)
{
    g_hash_table_unref(changes->by_id);
    g_hash_table_unref(changes->before);
    g_string_free(changes->unsaved, TRUE);
    if (changes->fd >= 0)
        close(changes->fd);
    g_free(changes->path);
    g_free(changes);
}

guint changes_generation(const Changes *changes)
{
    return changes->generation;
}

const Change *changes_find(const Changes *changes, guint64 id)
{
    void *before;

    if (changes->looks_back && g_hash_table_lookup_extended(changes->before, &id, NULL, &before))
        return before;
    return g_hash_table_lookup(changes->by_id, &id);
}

static void note_unsaved(Changes *changes, guint64 id, const char *member, const char *json)
{
    GString *out = changes->unsaved;

    if (changes->fd < 0)
        return;
    if (id == changes->last_id)
        g_string_append_c(out, ',');
    else
        g_string_append_printf(out, "%s\"%" G_GUINT64_FORMAT "\":{", out->len > 0 ? "}," : "{", id);
    text_put_json(out, member);
    g_string_append_c(out, ':');
    text_put_json(out, json);
    changes->last_id = id;
}

void changes_set(Changes *changes, guint64 id, const char *member, const char *json)
{
    Change *change = g_hash_table_lookup(changes->by_id, &id);

    if (change == NULL) {
        change = change_new();
        g_hash_table_insert(changes->by_id, g_memdup2(&id, sizeof id), change);
    }
    g_hash_table_insert(change->members, g_strdup(member), g_strdup(json));
    note_unsaved(changes, id, member, json);
    changes->generation++;
}

typedef struct {
    Changes *changes;
    guint64 id;
} Lag;

static gboolean on_lag_over(void *user_data)
{
    const Lag *lag = user_data;

    g_hash_table_remove(lag->changes->before, &lag->id);
    lag->changes->generation++;
    return G_SOURCE_REMOVE;
}

void changes_lag(Changes *changes, guint64 id)
{
    const Change *now = g_hash_table_lookup(changes->by_id, &id);
    Change *copy = now != NULL ? change_new() : NULL;
    Lag lag = {changes, id};
    GHashTableIter iter;
    void *member, *json;

    if (g_hash_table_contains(changes->before, &id)) {
        change_free(copy);
        return;
    }
    if (now != NULL) {
        g_hash_table_iter_init(&iter, now->members);
        while (g_hash_table_iter_next(&iter, &member, &json))
            g_hash_table_insert(copy->members, g_strdup(member), g_strdup(json));
    }
    g_hash_table_insert(changes->before, g_memdup2(&id, sizeof id), copy);
    g_timeout_add_full(G_PRIORITY_DEFAULT, LAG_MS, on_lag_over, g_memdup2(&lag, sizeof lag),
                       g_free);
}

void changes_look_back(Changes *changes, gboolean back)
{
    changes->looks_back = back;
}

const char *change_get(const Change *change, const char *member)
{
    return change != NULL ? g_hash_table_lookup(change->members, member) : NULL;
}

void changes_foreach(const Changes *changes, ChangeFunc func, void *user_data)
{
    GHashTableIter iter;
    void *id;

    g_hash_table_iter_init(&iter, changes->by_id);
    while (g_hash_table_iter_next(&iter, &id, NULL)) {
        const Change *change = changes_find(changes, *(guint64 *)id);

        if (change != NULL)
            func(*(guint64 *)id, change, user_data);
    }
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

/* A last line without its end is of a program that was killed while it wrote, and did not answer.
 */
static gboolean load_lines(Changes *changes, const char *text)
{
    const char *at = text;

    while (*at != '\0') {
        const char *end = NULL;
        g_autoptr(cJSON) root = cJSON_ParseWithOpts(at, &end, FALSE);

        if (!cJSON_IsObject(root))
            return at != text && strchr(at, '\n') == NULL;
        for (const cJSON *object = root->child; object != NULL; object = object->next) {
            if (!load_members(changes, object))
                return FALSE;
        }
        at = end + strspn(end, " \n");
    }
    return TRUE;
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

/* All as one. */
static gboolean begin_anew(Changes *changes, GError **error)
{
    g_autoptr(GString) out = g_string_new("{");
    GHashTableIter iter;
    void *id, *change;

    g_hash_table_iter_init(&iter, changes->by_id);
    while (g_hash_table_iter_next(&iter, &id, &change)) {
        g_string_append_printf(out, "%s\n\"%" G_GUINT64_FORMAT "\":", out->len > 1 ? "," : "",
                               *(guint64 *)id);
        put_members(out, change);
    }
    g_string_append(out, "\n}\n");
    if (!g_file_set_contents(changes->path, out->str, (gssize)out->len, error))
        return FALSE;

    changes->fd = open(changes->path, O_WRONLY | O_APPEND | O_CLOEXEC);
    if (changes->fd < 0)
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s can not be written", changes->path);
    return changes->fd >= 0;
}

gboolean changes_load(Changes *changes, const char *path, GError **error)
{
    g_autoptr(GError) failure = NULL;
    g_autofree char *text = NULL;

    changes->path = g_strdup(path);
    if (!g_file_get_contents(path, &text, NULL, &failure) &&
        !g_error_matches(failure, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    if (text != NULL && !load_lines(changes, text)) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s is not a state file", path);
        return FALSE;
    }
    return begin_anew(changes, error);
}

gboolean changes_save(Changes *changes, GError **error)
{
    g_autofree char *line = g_strconcat(changes->unsaved->str, "}}\n", NULL);
    gsize length = strlen(line);

    if (changes->unsaved->len == 0)
        return TRUE;

    g_string_truncate(changes->unsaved, 0);
    changes->last_id = 0;
    if (write(changes->fd, line, length) == (gssize)length)
        return TRUE;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s can not be written", changes->path);
    return FALSE;
}
