/* SPDX-License-Identifier: MIT */
/* scratch.c - scratch files: their names, their numbers, what is in them. */
#include "fs/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "api/error.h"

/* One that nobody has open makes room after so long: no program waits longer with its rename. */
enum { MAKES_ROOM_S = 60 };

struct Scratches {
    GPtrArray *all; /* by number, so by age */
    gint64 last;
    gint64 expired_us; /* wall, the last one */
    const Clock *clock;
    char *directory;
};

static void scratch_free(void *data)
{
    Scratch *scratch = data;

    if (scratch->fd >= 0)
        close(scratch->fd);
    g_string_free(scratch->text, TRUE);
    g_free(scratch->name);
    g_free(scratch);
}

Scratches *scratches_new(const Clock *clock, const char *directory)
{
    Scratches *scratches = g_new0(Scratches, 1);

    scratches->all = g_ptr_array_new_with_free_func(scratch_free);
    scratches->clock = clock;
    scratches->directory = g_strdup(directory);
    return scratches;
}

void scratches_free(Scratches *scratches)
{
    if (scratches == NULL)
        return;
    g_ptr_array_unref(scratches->all);
    g_free(scratches->directory);
    g_free(scratches);
}

/* ---- find ---- */

static guint total(const Scratches *scratches)
{
    return scratches != NULL ? scratches->all->len : 0;
}

static Scratch *nth(const Scratches *scratches, guint i)
{
    return g_ptr_array_index(scratches->all, i);
}

Scratch *scratch_find(Scratches *scratches, guint64 dir, const char *name)
{
    for (guint i = 0; i < total(scratches); i++)
        if (nth(scratches, i)->dir == dir && strcmp(nth(scratches, i)->name, name) == 0)
            return nth(scratches, i);
    return NULL;
}

Scratch *scratch_at(Scratches *scratches, gint64 number)
{
    for (guint i = 0; i < total(scratches); i++)
        if (nth(scratches, i)->number == number)
            return nth(scratches, i);
    return NULL;
}

Scratch *scratch_next(Scratches *scratches, guint64 dir, gint64 after)
{
    for (guint i = 0; i < total(scratches); i++)
        if (nth(scratches, i)->dir == dir && nth(scratches, i)->number > after)
            return nth(scratches, i);
    return NULL;
}

static guint count(const Scratches *scratches, guint64 dir)
{
    guint n = 0;

    for (guint i = 0; i < total(scratches); i++)
        n += nth(scratches, i)->dir == dir;
    return n;
}

gint64 scratch_time_us(Scratches *scratches, guint64 dir, gint64 time_us)
{
    guint n = 0;

    for (guint i = 0; i < total(scratches); i++)
        if (nth(scratches, i)->dir == dir) {
            time_us = MAX(time_us, nth(scratches, i)->made_us);
            n++;
        }
    return n > 0 ? MAX(time_us, scratches->expired_us) + n : time_us;
}

/* ---- come and go ---- */

static void note_use(Scratches *scratches, Scratch *scratch)
{
    scratch->used_us = clock_monotonic(scratches->clock);
}

static void note_change(Scratches *scratches, Scratch *scratch)
{
    note_use(scratches, scratch);
    scratch->changed_us = clock_wall(scratches->clock);
}

static gboolean is_idle(const Scratches *scratches, const Scratch *scratch, guint seconds)
{
    gint64 idle_us = clock_monotonic(scratches->clock) - scratch->used_us;

    return scratch->open == 0 && idle_us >= (gint64)seconds * G_USEC_PER_SEC;
}

/* The one that was not used for longest, of a directory (0: of any). FALSE: all are in use. */
static gboolean make_room(Scratches *scratches, guint64 dir)
{
    Scratch *oldest = NULL;

    for (guint i = 0; i < scratches->all->len; i++) {
        Scratch *scratch = nth(scratches, i);

        if ((dir == 0 || scratch->dir == dir) && is_idle(scratches, scratch, MAKES_ROOM_S) &&
            (oldest == NULL || scratch->used_us < oldest->used_us))
            oldest = scratch;
    }
    return oldest != NULL && g_ptr_array_remove(scratches->all, oldest);
}

Scratch *scratch_create(Scratches *scratches, guint64 dir, const char *name, mode_t mode,
                        gboolean large, GError **error)
{
    Scratch *scratch;

    if ((count(scratches, dir) >= SCRATCH_HERE && !make_room(scratches, dir)) ||
        (scratches->all->len >= SCRATCH_ALL && !make_room(scratches, 0))) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC,
                    "too many scratch files (%d in a directory, %d in all); remove some",
                    SCRATCH_HERE, SCRATCH_ALL);
        return NULL;
    }
    scratch = g_new0(Scratch, 1);
    scratch->number = ++scratches->last;
    scratch->dir = dir;
    scratch->name = g_strdup(name);
    scratch->large = large;
    scratch->text = g_string_new(NULL);
    scratch->fd = -1;
    scratch->mode = mode;
    note_change(scratches, scratch);
    scratch->made_us = scratch->changed_us;
    g_ptr_array_add(scratches->all, scratch);
    return scratch;
}

void scratch_unlink(Scratches *scratches, Scratch *scratch)
{
    scratch->dir = 0;
    if (scratch->open == 0)
        g_ptr_array_remove(scratches->all, scratch);
}

void scratch_rename(Scratches *scratches, Scratch *scratch, const char *name)
{
    Scratch *other = scratch_find(scratches, scratch->dir, name);

    if (other == scratch)
        return;
    if (other != NULL)
        scratch_unlink(scratches, other);
    g_free(scratch->name);
    scratch->name = g_strdup(name);
    note_use(scratches, scratch);
}

void scratch_open(Scratches *scratches, Scratch *scratch)
{
    scratch->open++;
    note_use(scratches, scratch);
}

void scratch_close(Scratches *scratches, gint64 number)
{
    Scratch *scratch = scratch_at(scratches, number);

    if (scratch == NULL)
        return;
    scratch->open--;
    note_use(scratches, scratch);
    if (scratch->dir == 0 && scratch->open == 0)
        g_ptr_array_remove(scratches->all, scratch);
}

gboolean scratches_expire(Scratches *scratches, void (*gone)(void *user_data, guint64 dir),
                          void *user_data)
{
    for (guint i = scratches->all->len; i-- > 0;) {
        guint64 dir = nth(scratches, i)->dir;

        if (!is_idle(scratches, nth(scratches, i), SCRATCH_EXPIRES_S))
            continue;
        g_ptr_array_remove_index(scratches->all, i);
        scratches->expired_us = clock_wall(scratches->clock);
        if (gone != NULL)
            gone(user_data, dir);
    }
    return scratches->all->len > 0;
}

/* ---- what is in them ---- */

static gboolean refuse_large(const Scratch *scratch, GError **error)
{
    g_set_error(
        error, G_FILE_ERROR, G_FILE_ERROR_NOSPC,
        "%s: a scratch file here holds at most %d KiB; work on a copy elsewhere and cp it back",
        scratch->name, scratch->large ? SCRATCH_LARGE_BYTES / 1024 : SCRATCH_BYTES / 1024);
    return FALSE;
}

static gboolean refuse_disk(GError **error)
{
    int number = errno;

    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(number), "a scratch file on disk: %s",
                g_strerror(number));
    return FALSE;
}

static gboolean write_whole(int fd, const char *data, gsize size, gint64 offset, GError **error)
{
    while (size > 0) {
        gssize put = pwrite(fd, data, size, offset);

        if (put < 0 && errno != EINTR)
            return refuse_disk(error);
        put = MAX(put, 0);
        data += put;
        size -= (gsize)put;
        offset += put;
    }
    return TRUE;
}

/* From memory to disk. */
static gboolean move_out(Scratches *scratches, Scratch *scratch, GError **error)
{
    g_autofree char *path = g_build_filename(scratches->directory, "scratch-XXXXXX", NULL);
    int fd = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);

    if (fd < 0)
        return refuse_disk(error);
    unlink(path);
    if (!write_whole(fd, scratch->text->str, scratch->text->len, 0, error)) {
        close(fd);
        return FALSE;
    }
    scratch->fd = fd;
    g_string_truncate(scratch->text, 0);
    return TRUE;
}

/* It may be so long, and is where it has room. */
static gboolean have_room(Scratches *scratches, Scratch *scratch, gint64 size, GError **error)
{
    if (scratch->locked) {
        g_propagate_error(error, api_error_new(API_ERROR_BUSY, 0, NULL,
                                               "%s: it is being read, to be put in its place",
                                               scratch->name));
        return FALSE;
    }
    if (size <= SCRATCH_BYTES || (scratch->fd >= 0 && size <= SCRATCH_LARGE_BYTES))
        return TRUE;
    if (!scratch->large || size > SCRATCH_LARGE_BYTES)
        return refuse_large(scratch, error);
    return move_out(scratches, scratch, error);
}

static void set_length(GString *text, gsize size)
{
    gsize old = text->len;

    g_string_set_size(text, size);
    if (size > old)
        memset(text->str + old, 0, size - old);
}

gboolean scratch_resize(Scratches *scratches, Scratch *scratch, gint64 size, GError **error)
{
    if (!have_room(scratches, scratch, size, error))
        return FALSE;
    if (scratch->fd >= 0 && ftruncate(scratch->fd, size) != 0)
        return refuse_disk(error);
    if (scratch->fd < 0)
        set_length(scratch->text, (gsize)size);
    scratch->size = size;
    scratch->spoiled = scratch->spoiled && size > 0;
    note_change(scratches, scratch);
    return TRUE;
}

static gboolean write_at(Scratches *scratches, Scratch *scratch, const char *data, gsize size,
                         gint64 offset, GError **error)
{
    gint64 end = MAX(scratch->size, offset + (gint64)size);

    if (offset > SCRATCH_LARGE_BYTES)
        return refuse_large(scratch, error);
    if (!have_room(scratches, scratch, end, error))
        return FALSE;
    if (scratch->fd >= 0 && !write_whole(scratch->fd, data, size, offset, error))
        return FALSE;
    if (scratch->fd < 0) {
        set_length(scratch->text, (gsize)end);
        memcpy(scratch->text->str + offset, data, size);
    }
    scratch->size = end;
    note_change(scratches, scratch);
    return TRUE;
}

gboolean scratch_write(Scratches *scratches, Scratch *scratch, const char *data, gsize size,
                       gint64 offset, GError **error)
{
    if (write_at(scratches, scratch, data, size, offset, error))
        return TRUE;
    scratch->spoiled = TRUE;
    return FALSE;
}

int scratch_text(Scratches *scratches, Scratch *scratch, GError **error)
{
    if (scratch->fd < 0 && !move_out(scratches, scratch, error))
        return -1;
    return scratch->fd;
}

gssize scratch_read(const Scratch *scratch, char *buffer, gsize size, gint64 offset)
{
    gsize length;

    if (scratch->fd >= 0)
        return pread(scratch->fd, buffer, size, offset);
    if (offset >= (gint64)scratch->text->len)
        return 0;
    length = MIN(size, scratch->text->len - (gsize)offset);
    memcpy(buffer, scratch->text->str + offset, length);
    return (gssize)length;
}
