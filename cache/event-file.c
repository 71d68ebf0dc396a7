/* SPDX-License-Identifier: MIT */
/* event-file.c - append, rotate, read. */
#include "cache/event-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/error.h"

/* For so long after its last line a full file stays, that `tail -f` has seen that line; but it does
   not become more than twice as long. */
#define LINGER_US (5 * G_USEC_PER_SEC)

struct EventFile {
    char *path, *old_path;
    gint64 most_bytes;
    const Clock *clock;
    gint64 appended_us; /* monotonic; of the last line, whole files only rest after it */

    GMutex lock;
    int fd, old_fd; /* -1: none */
    gint64 size;    /* of what is whole lines */
};

static GError *failed(const char *what, const char *path)
{
    return api_error_new(API_ERROR_LOCAL, 0, NULL, "%s can not be %s: %s", path, what,
                         g_strerror(errno));
}

static int open_file(const char *path, gboolean make)
{
    return open(path, O_RDWR | O_CLOEXEC | (make ? O_CREAT : 0), 0600);
}

/* What a crash left of a line is no line. */
static gint64 find_end(int fd)
{
    struct stat st;
    gint64 end = fstat(fd, &st) == 0 ? st.st_size : 0;
    char c;

    while (end > 0 && (pread(fd, &c, 1, end - 1) != 1 || c != '\n'))
        end--;
    return end;
}

EventFile *event_file_new(const char *directory, const char *name, gint64 most_bytes,
                          const Clock *clock, GError **error)
{
    g_autoptr(EventFile) file = g_new0(EventFile, 1);

    g_mutex_init(&file->lock);
    file->path = g_build_filename(directory, name, NULL);
    file->old_path = g_strconcat(file->path, ".1", NULL);
    file->most_bytes = most_bytes;
    file->clock = clock;
    file->appended_us = G_MININT64;
    file->old_fd = open_file(file->old_path, FALSE);
    file->fd = open_file(file->path, TRUE);
    if (file->fd < 0) {
        g_propagate_error(error, failed("opened", file->path));
        return NULL;
    }
    file->size = find_end(file->fd);
    return g_steal_pointer(&file);
}

void event_file_free(EventFile *file)
{
    if (!file)
        return;
    if (file->fd >= 0)
        close(file->fd);
    if (file->old_fd >= 0)
        close(file->old_fd);
    g_free(file->path);
    g_free(file->old_path);
    g_mutex_clear(&file->lock);
    g_free(file);
}

static gboolean is_full(const EventFile *file)
{
    gint64 rested_us = clock_monotonic(file->clock) - LINGER_US;

    return file->size >= 2 * file->most_bytes ||
           (file->size >= file->most_bytes && file->appended_us <= rested_us);
}

static gboolean rotate(EventFile *file, GError **error)
{
    int fd;

    /* Not there: somebody has removed it, or it was renamed before and the next could not be made.
     */
    if (g_rename(file->path, file->old_path) != 0 && errno != ENOENT) {
        g_propagate_error(error, failed("renamed", file->path));
        return FALSE;
    }
    fd = open_file(file->path, TRUE);
    if (fd < 0) {
        g_propagate_error(error, failed("made", file->path));
        return FALSE;
    }
    g_mutex_lock(&file->lock);
    if (file->old_fd >= 0)
        close(file->old_fd);
    file->old_fd = file->fd;
    file->fd = fd;
    file->size = 0;
    g_mutex_unlock(&file->lock);
    return TRUE;
}

/* At the end of the last whole line: a piece that a full disk left is written over. */
static gboolean write_all(int fd, const char *from, gsize length, gint64 offset)
{
    while (length > 0) {
        gssize n = pwrite(fd, from, length, offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return FALSE;
        from += n;
        offset += n;
        length -= (gsize)n;
    }
    return TRUE;
}

gboolean event_file_append(EventFile *file, const char *lines, gsize length, GError **error)
{
    if (is_full(file) && !rotate(file, error))
        return FALSE;
    if (!write_all(file->fd, lines, length, file->size)) {
        g_propagate_error(error, failed("written", file->path));
        if (ftruncate(file->fd, file->size) != 0)
            g_debug("%s: a piece of a line stays behind its end", file->path);
        return FALSE;
    }
    g_mutex_lock(&file->lock);
    file->size += (gint64)length;
    g_mutex_unlock(&file->lock);
    file->appended_us = clock_monotonic(file->clock);
    return TRUE;
}

gint64 event_file_size(EventFile *file, gboolean old)
{
    struct stat st;
    gint64 size;

    g_mutex_lock(&file->lock);
    if (!old)
        size = file->size;
    else
        size = file->old_fd >= 0 && fstat(file->old_fd, &st) == 0 ? st.st_size : 0;
    g_mutex_unlock(&file->lock);
    return size;
}

gint64 event_file_time_us(EventFile *file, gboolean old)
{
    gint64 time_us = 0;
    struct stat st;
    int fd;

    g_mutex_lock(&file->lock);
    fd = old ? file->old_fd : file->fd;
    if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0)
        time_us = st.st_mtim.tv_sec * G_USEC_PER_SEC + st.st_mtim.tv_nsec / 1000;
    g_mutex_unlock(&file->lock);
    return time_us;
}

gssize event_file_read(EventFile *file, gboolean old, char *to, gsize size, gint64 offset)
{
    gssize got = 0;

    g_mutex_lock(&file->lock);
    if (old && file->old_fd >= 0)
        got = pread(file->old_fd, to, size, offset);
    else if (!old && offset < file->size)
        got = pread(file->fd, to, MIN(size, (gsize)(file->size - offset)), offset);
    g_mutex_unlock(&file->lock);
    return got;
}
