/* SPDX-License-Identifier: MIT */
/* saved.c - the queries in memory, and their directory. */
#include "fs/saved-private.h"

#include <dirent.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "api/error.h"
#include "fs/query.h"

enum { NAME_MOST = 64 };

/* Times of files come from a clock that moves every few milliseconds. */
#define FILE_CLOCK_US ((gint64)10 * 1000)

/* ---- names ---- */

gboolean saved_check_name(const char *name, GError **error)
{
    gsize length = strlen(name);

    if (length == 0 || length > NAME_MOST ||
        name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")] !=
            '\0') {
        g_propagate_error(error, api_error_new(API_ERROR_INVALID, 0, NULL,
                                               "a query is called by 1 to %d letters, digits, _ "
                                               "and -, such as my-query.query",
                                               NAME_MOST));
        return FALSE;
    }
    for (ObjectKind kind = KIND_ADVERTISER; kind <= KIND_AD; kind++) {
        const char *word = kind_names(kind)->word;

        if (!g_str_has_prefix(name, word) || name[strlen(word)] != '-')
            continue;
        g_propagate_error(error, api_error_new(API_ERROR_INVALID, 0, NULL,
                                               "%s-… is how reports are called that need no query; "
                                               "choose another name",
                                               word));
        return FALSE;
    }
    return TRUE;
}

char *saved_path(const SavedQueries *queries, const char *name)
{
    g_autofree char *file = g_strconcat(name, SAVED_SUFFIX, NULL);

    return g_build_filename(queries->directory, file, NULL);
}

/* ---- the table ---- */

void saved_clear(Saved *saved)
{
    g_clear_pointer(&saved->name, g_free);
    g_clear_pointer(&saved->text, g_free);
    g_clear_pointer(&saved->shape, report_shape_free);
}

static void remove_at(SavedQueries *queries, guint index)
{
    saved_clear(&queries->all[index]);
    queries->listed_us = clock_wall(queries->clock);
}

Saved *saved_lookup(SavedQueries *queries, const char *name)
{
    for (guint i = 0; i < SAVED_MOST; i++)
        if (g_strcmp0(queries->all[i].name, name) == 0)
            return &queries->all[i];
    return NULL;
}

/* The numbers of those that went come round last: the kernel may know them yet. */
static Saved *add(SavedQueries *queries, const char *name)
{
    for (guint i = 0; i < SAVED_MOST; i++) {
        Saved *saved = &queries->all[queries->next];

        queries->next = (queries->next + 1) % SAVED_MOST;
        if (saved->name != NULL)
            continue;
        *saved = (Saved){.name = g_strdup(name), .index = (guint)(saved - queries->all)};
        queries->listed_us = clock_wall(queries->clock);
        return saved;
    }
    return NULL;
}

void saved_put(SavedQueries *queries, const char *name, const char *text, const ReportShape *shape,
               gint64 changed_us, gint64 file_us)
{
    Saved *saved = saved_lookup(queries, name);

    if (saved == NULL)
        saved = add(queries, name);
    if (saved == NULL)
        return;
    g_free(saved->text);
    report_shape_free(saved->shape);
    saved->text = g_strdup(text);
    saved->shape = report_shape_copy(shape);
    saved->changed_us = changed_us;
    saved->file_us = file_us;
}

void saved_remove(SavedQueries *queries, const char *name)
{
    const Saved *saved = saved_lookup(queries, name);

    if (saved != NULL)
        remove_at(queries, saved->index);
}

/* ---- the directory ---- */

gint64 saved_time_us(const struct stat *status)
{
    return (gint64)status->st_mtim.tv_sec * G_USEC_PER_SEC + status->st_mtim.tv_nsec / 1000;
}

/* One that somebody has written there without us, and that is none, is passed over. */
static void read_file(SavedQueries *queries, const char *name, const struct stat *status)
{
    g_autofree char *path = saved_path(queries, name);
    g_autoptr(ReportShape) shape = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    gint64 file_us = saved_time_us(status);

    if (status->st_size <= SAVED_BYTES && g_file_get_contents(path, &text, NULL, &error))
        shape = saved_parse(text, &error);
    if (shape != NULL)
        saved_put(queries, name, text, shape, file_us + FILE_CLOCK_US, file_us);
    else
        g_message("%s is no query: %s", path, error != NULL ? error->message : "too long");
}

static char *name_of_file(const char *file)
{
    g_autofree char *name = NULL;

    if (!g_str_has_suffix(file, SAVED_SUFFIX))
        return NULL;
    name = g_strndup(file, strlen(file) - strlen(SAVED_SUFFIX));
    return saved_check_name(name, NULL) ? g_steal_pointer(&name) : NULL;
}

static void look_at(SavedQueries *queries, DIR *dir, const char *file, gboolean there[SAVED_MOST])
{
    g_autofree char *name = name_of_file(file);
    const Saved *saved = name != NULL ? saved_lookup(queries, name) : NULL;
    struct stat status;

    if (name == NULL || fstatat(dirfd(dir), file, &status, 0) != 0 || !S_ISREG(status.st_mode))
        return;
    if (saved == NULL || saved->file_us != saved_time_us(&status))
        read_file(queries, name, &status);
    saved = saved_lookup(queries, name);
    if (saved != NULL)
        there[saved->index] = TRUE;
}

static gboolean read_directory(SavedQueries *queries)
{
    gboolean there[SAVED_MOST] = {FALSE};
    DIR *dir = opendir(queries->directory);
    const struct dirent *entry;

    if (dir == NULL)
        return FALSE;
    while ((entry = readdir(dir)) != NULL)
        look_at(queries, dir, entry->d_name, there);
    closedir(dir);
    for (guint i = 0; i < SAVED_MOST; i++)
        if (queries->all[i].text != NULL && !there[i])
            remove_at(queries, i);
    return TRUE;
}

/* A stat and no more, once a second at most, while nothing has changed there. What is being written
   is put in by whoever writes it. */
static void look_again(SavedQueries *queries)
{
    gint64 now_us = clock_monotonic(queries->clock);
    struct stat status;

    if (now_us - queries->looked_us < G_USEC_PER_SEC || queries->n_saving > 0)
        return;
    queries->looked_us = now_us;
    if (stat(queries->directory, &status) != 0 || saved_time_us(&status) == queries->directory_us)
        return;
    queries->directory_us = saved_time_us(&status);
    read_directory(queries);
}

SavedQueries *saved_new(const char *state_dir, const Clock *clock, GError **error)
{
    SavedQueries *queries = g_new0(SavedQueries, 1);

    queries->directory = g_build_filename(state_dir, "queries", NULL);
    queries->clock = clock;
    queries->looked_us = clock_monotonic(clock);
    if (g_mkdir_with_parents(queries->directory, 0700) == 0 && read_directory(queries))
        return queries;
    g_propagate_error(error, api_error_new(API_ERROR_LOCAL, 0, NULL, "%s: %s", queries->directory,
                                           g_strerror(errno)));
    saved_free(queries);
    return NULL;
}

void saved_free(SavedQueries *queries)
{
    if (queries == NULL)
        return;
    if (queries->thread != NULL)
        g_thread_pool_free(queries->thread, FALSE, TRUE);
    for (guint i = 0; i < SAVED_MOST; i++)
        saved_clear(&queries->all[i]);
    g_free(queries->directory);
    g_free(queries);
}

/* ---- looking ---- */

const Saved *saved_find(SavedQueries *queries, const char *name)
{
    if (queries == NULL)
        return NULL;
    look_again(queries);
    return saved_lookup(queries, name);
}

const Saved *saved_at(SavedQueries *queries, guint index)
{
    if (queries == NULL || index >= SAVED_MOST || queries->all[index].name == NULL)
        return NULL;
    return &queries->all[index];
}

gint64 saved_listed_us(SavedQueries *queries)
{
    if (queries == NULL)
        return 0;
    look_again(queries);
    return queries->listed_us;
}

const Saved *saved_create(SavedQueries *queries, const char *name, GError **error)
{
    const Saved *saved = saved_lookup(queries, name);

    if (saved == NULL)
        saved = add(queries, name);
    if (saved == NULL)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC,
                    "%s.query: %d queries are saved, and no more can be; remove one (rm) that is "
                    "not needed",
                    name, SAVED_MOST);
    return saved;
}

void saved_drop(SavedQueries *queries, guint index)
{
    if (index < SAVED_MOST && queries->all[index].name != NULL && queries->all[index].text == NULL)
        remove_at(queries, index);
}
