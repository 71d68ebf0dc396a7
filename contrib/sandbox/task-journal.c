/* SPDX-License-Identifier: MIT */
/* task-journal.c - see task-journal.h. Lines are only ever appended. */
#include "task-journal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct TaskJournal {
    FILE *file;
};

void task_journal_free(TaskJournal *journal)
{
    fclose(journal->file);
    g_free(journal);
}

static const char *text_of(const cJSON *node, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(node, name));
}

static gboolean number_of(const cJSON *node, const char *name, gint64 *ret)
{
    const char *text = text_of(node, name);

    return text != NULL && g_ascii_string_to_signed(text, 10, 0, G_MAXINT64, ret, NULL);
}

static GPtrArray *accounts_of(const cJSON *line, const World *world)
{
    GPtrArray *accounts = g_ptr_array_new();
    const cJSON *id;

    cJSON_ArrayForEach (id, cJSON_GetObjectItemCaseSensitive(line, "advertiser_ids")) {
        const Account *account =
            cJSON_IsString(id) ? accounts_find(world->accounts, id->valuestring) : NULL;

        if (account != NULL)
            g_ptr_array_add(accounts, (void *)account);
    }
    return accounts;
}

/* NULL: there is no such account any more, or the line is none. */
static Task *task_of(const cJSON *line, const World *world)
{
    g_autoptr(Task) task = task_new();
    const cJSON *node;
    gint64 fate;

    task->id = g_strdup(text_of(line, "task_id"));
    task->owner = g_strdup(text_of(line, "owner"));
    task->file_name = g_strdup(text_of(line, "file_name"));
    task->titles = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(line, "titles"));
    task->accounts = accounts_of(line, world);
    task->query = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    cJSON_ArrayForEach (node, cJSON_GetObjectItemCaseSensitive(line, "query")) {
        if (cJSON_IsString(node))
            g_hash_table_insert(task->query, g_strdup(node->string), g_strdup(node->valuestring));
    }
    if (task->id == NULL || task->owner == NULL || task->accounts->len == 0 ||
        !number_of(line, "created", &task->created) ||
        !number_of(line, "created_us", &task->created_us) || !number_of(line, "fate", &fate))
        return NULL;
    task->fate = (guint64)fate;
    return g_steal_pointer(&task);
}

static gboolean read_line(const char *text, const World *world, GPtrArray *orders,
                          GHashTable *by_id)
{
    g_autoptr(cJSON) line = cJSON_ParseWithOpts(text, NULL, TRUE);
    const char *id = text_of(line, "task_id");
    const char *word = text_of(line, "then");
    Task *known = id != NULL ? g_hash_table_lookup(by_id, id) : NULL;

    if (id == NULL)
        return FALSE;
    if (word == NULL) {
        Task *task = task_of(line, world);

        if (task != NULL && known == NULL) {
            g_ptr_array_add(orders, task);
            g_hash_table_insert(by_id, task->id, task);
        }
    } else if (known != NULL && strcmp(word, "canceled") == 0) {
        known->canceled = TRUE;
    } else if (known != NULL) {
        g_hash_table_remove(by_id, id);
        g_ptr_array_remove(orders, known);
    }
    return TRUE;
}

static gboolean read_lines(char *text, const World *world, GPtrArray *orders)
{
    g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);

    for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = '\0';
        if (!read_line(line, world, orders, by_id))
            return FALSE;
    }
    return TRUE;
}

/* A last line without its end was being written when the program died: it goes. */
static gboolean cut_last(const char *path, char *text)
{
    char *end = strrchr(text, '\n');
    gsize length = end != NULL ? (gsize)(end + 1 - text) : 0;

    if (text[length] == '\0')
        return TRUE;
    text[length] = '\0';
    return truncate(path, (off_t)length) == 0;
}

TaskJournal *task_journal_open(const char *path, const World *world,
                               void (*take)(Task *task, void *data), void *data, GError **error)
{
    g_autoptr(GPtrArray) orders = g_ptr_array_new_with_free_func((GDestroyNotify)task_free);
    g_autofree char *text = NULL;
    TaskJournal *journal;

    g_file_get_contents(path, &text, NULL, NULL);
    if (text != NULL && (!cut_last(path, text) || !read_lines(text, world, orders))) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s is not a file of tasks", path);
        return NULL;
    }

    FILE *file = fopen(path, "ae");
    if (file == NULL) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: %s", path,
                    g_strerror(errno));
        return NULL;
    }
    while (orders->len > 0)
        take(g_ptr_array_steal_index(orders, 0), data);
    journal = g_new0(TaskJournal, 1);
    journal->file = file;
    return journal;
}

static gboolean write_line(TaskJournal *journal, const cJSON *line)
{
    char *text = cJSON_PrintUnformatted(line);
    gboolean good = fprintf(journal->file, "%s\n", text) > 0 && fflush(journal->file) == 0;

    cJSON_free(text);
    return good;
}

static void add_number(cJSON *line, const char *name, gint64 value)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, value);

    cJSON_AddStringToObject(line, name, text);
}

gboolean task_journal_add(TaskJournal *journal, const Task *task, GError **error)
{
    g_autoptr(cJSON) line = cJSON_CreateObject();
    GHashTableIter iter;
    void *name, *value;

    cJSON_AddStringToObject(line, "task_id", task->id);
    cJSON_AddStringToObject(line, "owner", task->owner);
    cJSON *ids = cJSON_AddArrayToObject(line, "advertiser_ids");
    for (guint i = 0; i < task->accounts->len; i++) {
        const Account *account = g_ptr_array_index(task->accounts, i);

        cJSON_AddItemToArray(ids, cJSON_CreateString(account->id));
    }
    if (task->file_name != NULL)
        cJSON_AddStringToObject(line, "file_name", task->file_name);
    cJSON_AddBoolToObject(line, "titles", task->titles);
    add_number(line, "created", task->created);
    add_number(line, "created_us", task->created_us);
    add_number(line, "fate", (gint64)task->fate);
    cJSON *query = cJSON_AddObjectToObject(line, "query");
    g_hash_table_iter_init(&iter, task->query);
    while (g_hash_table_iter_next(&iter, &name, &value))
        cJSON_AddStringToObject(query, name, value);
    return write_line(journal, line) ||
           refuse(error, CODE_SYSTEM, "The task could not be kept: %s", g_strerror(errno));
}

void task_journal_note(TaskJournal *journal, const Task *task, const char *word)
{
    g_autoptr(cJSON) line = cJSON_CreateObject();

    cJSON_AddStringToObject(line, "task_id", task->id);
    cJSON_AddStringToObject(line, "then", word);
    if (!write_line(journal, line))
        g_warning("what becomes of task %s could not be kept", task->id);
}
