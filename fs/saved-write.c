/* SPDX-License-Identifier: MIT */
/* saved-write.c - a query goes to disk, in a thread, whole or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "fs/saved-private.h"

struct Save {
    SavedQueries *queries;
    char *name, *text; /* text: NULL: to be removed */
    ReportShape *shape;
    void (*ended)(void *user_data);
    void *user_data;
    gboolean over, left; /* left: by whoever started it */
    GError *error;
    gint64 file_us;
};

static void destroy(Save *save)
{
    g_free(save->name);
    g_free(save->text);
    report_shape_free(save->shape);
    g_clear_error(&save->error);
    g_free(save);
}

/* ---- in the thread ---- */

static void fail(Save *save, const char *path)
{
    int number = errno;

    save->error = g_error_new(G_FILE_ERROR, (gint)g_file_error_from_errno(number), "%s: %s", path,
                              g_strerror(number));
}

/* That it is gone has to last, as the rename of a new one does. */
static void sync_directory(const char *directory)
{
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return;
    if (fsync(fd) != 0)
        g_debug("%s: %s", directory, g_strerror(errno));
    close(fd);
}

static void write_out(Save *save)
{
    g_autofree char *path = saved_path(save->queries, save->name);
    struct stat status;

    if (save->text == NULL) {
        if (g_unlink(path) != 0 && errno != ENOENT)
            fail(save, path);
    } else if (g_file_set_contents_full(path, save->text, -1,
                                        G_FILE_SET_CONTENTS_CONSISTENT |
                                            G_FILE_SET_CONTENTS_DURABLE,
                                        0600, &save->error) &&
               stat(path, &status) == 0) {
        save->file_us = saved_time_us(&status);
    }
    sync_directory(save->queries->directory);
}

/* ---- on the loop ---- */

static void put_in_force(const Save *save)
{
    SavedQueries *queries = save->queries;

    if (save->text == NULL)
        saved_remove(queries, save->name);
    else
        saved_put(queries, save->name, save->text, save->shape, clock_wall(queries->clock),
                  save->file_us);
}

static gboolean on_over(void *user_data)
{
    Save *save = user_data;

    save->queries->n_saving--;
    save->over = TRUE;
    if (save->error == NULL)
        put_in_force(save);
    if (save->left)
        destroy(save);
    else
        save->ended(save->user_data);
    return G_SOURCE_REMOVE;
}

static void run(void *data, void *user_data)
{
    (void)user_data;
    write_out(data);
    g_idle_add_full(G_PRIORITY_DEFAULT, on_over, data, NULL);
}

Save *save_start(SavedQueries *queries, const char *name, const char *text,
                 const ReportShape *shape, void (*ended)(void *user_data), void *user_data)
{
    Save *save = g_new0(Save, 1);

    save->queries = queries;
    save->name = g_strdup(name);
    save->text = g_strdup(text);
    save->shape = text != NULL ? report_shape_copy(shape) : NULL;
    save->ended = ended;
    save->user_data = user_data;
    if (queries->thread == NULL) /* one, so that the last that was written is what stays */
        queries->thread = g_thread_pool_new(run, NULL, 1, FALSE, NULL);
    queries->n_saving++;
    g_thread_pool_push(queries->thread, save, NULL);
    return save;
}

gboolean save_ended(const Save *save, GError **error)
{
    if (save->over && save->error != NULL)
        g_propagate_error(error, g_error_copy(save->error));
    return save->over;
}

void save_free(Save *save)
{
    if (save == NULL)
        return;
    if (save->over)
        destroy(save);
    else
        save->left = TRUE;
}
