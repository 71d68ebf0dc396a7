/* SPDX-License-Identifier: MIT */
/* private.c - reading and replacing the files that hold secrets. */
#include "fs/private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fs/options-table.h"

gboolean private_is_missing(const char *path)
{
    return access(path, F_OK) != 0 && errno == ENOENT;
}

/* ---- reading ---- */

/* -1 and errno: it failed. */
static gssize read_all(int fd, char *buffer, gsize size)
{
    gsize length = 0;
    gssize got = 1;

    while (length < size && got > 0) {
        got = TEMP_FAILURE_RETRY(read(fd, buffer + length, size - length));
        if (got < 0)
            return -1;
        length += (gsize)got;
    }
    return (gssize)length;
}

static gboolean check_file(int fd, const char *what, const char *path, GError **error)
{
    struct stat st;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return option_refuse(error, "%s %s: is not a regular file", what, path);
    if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return option_refuse(error, "%s %s: others can read it; chmod 600 %s", what, path, path);
    return TRUE;
}

char *private_read(const char *what, const char *path, gsize max, gsize *ret_length, GError **error)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    gssize length = -1;

    if (fd < 0) {
        option_refuse(error, "%s %s: %s", what, path, g_strerror(errno));
        return NULL;
    }
    if (!check_file(fd, what, path, error)) {
        close(fd);
        return NULL;
    }

    char *text = g_malloc0(max + 2);
    length = read_all(fd, text, max + 1);
    if (length < 0)
        option_refuse(error, "%s %s: can not be read: %s", what, path, g_strerror(errno));
    else if ((gsize)length > max)
        option_refuse(error, "%s %s: is longer than %" G_GSIZE_FORMAT " bytes", what, path, max);
    close(fd);
    if (length < 0 || (gsize)length > max) {
        explicit_bzero(text, max + 1);
        g_free(text);
        return NULL;
    }
    *ret_length = (gsize)length;
    return text;
}

/* ---- replacing ---- */

static const char temporary_mark[] = ".adsfs-";
enum { TEMPORARY_LETTERS = 6, LEFT_OVER_S = 86400 };

/* What a link points at, or the path itself; new string. */
static char *follow(const char *path)
{
    char *real = realpath(path, NULL);
    char *ret = g_strdup(real != NULL ? real : path);

    free(real);
    return ret;
}

static gboolean write_all(int fd, const char *text, gsize length)
{
    while (length > 0) {
        gssize put = TEMP_FAILURE_RETRY(write(fd, text, length));

        if (put < 0)
            return FALSE;
        text += put;
        length -= (gsize)put;
    }
    return fsync(fd) == 0;
}

/* The name is on the disk as well once this returns. */
static gboolean sync_directory(const char *directory)
{
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    gboolean done = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);

    if (fd >= 0)
        close(fd);
    return done;
}

/* Of a process that was ended in the middle. Not what somebody may name himself, as ".backup". */
static gboolean is_left_over(const char *name, const char *mine, const char *directory)
{
    g_autofree char *prefix = g_strconcat(mine, temporary_mark, NULL);
    g_autofree char *path = g_build_filename(directory, name, NULL);
    const char *end = g_str_has_prefix(name, prefix) ? name + strlen(prefix) : "";
    struct stat st;

    return strlen(end) == TEMPORARY_LETTERS &&
           strspn(end, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS) == TEMPORARY_LETTERS &&
           lstat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
           g_get_real_time() / G_USEC_PER_SEC - st.st_mtime > LEFT_OVER_S;
}

static void remove_left_overs(const char *path, const char *directory)
{
    g_autofree char *mine = g_path_get_basename(path);
    g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *left = g_build_filename(directory, name, NULL);

        if (is_left_over(name, mine, directory))
            unlink(left);
    }
}

/* The file's name, once it is whole and on the disk; NULL and errno. */
static char *write_beside(const char *path, const char *directory, const char *text, guint mode)
{
    g_autofree char *temporary = g_strconcat(path, temporary_mark, "XXXXXX", NULL);
    int fd = g_mkdir_with_parents(directory, 0700) == 0
                 ? g_mkstemp_full(temporary, O_RDWR | O_CLOEXEC, 0600)
                 : -1;
    gboolean done;

    if (fd < 0)
        return NULL;
    done = write_all(fd, text, strlen(text)) && fchmod(fd, mode) == 0;
    done = close(fd) == 0 && done;
    if (!done) {
        int number = errno;

        unlink(temporary);
        errno = number;
    }
    return done ? g_steal_pointer(&temporary) : NULL;
}

/* FALSE and errno. */
static gboolean replace(const char *path, const char *directory, const char *text, guint mode)
{
    g_autofree char *temporary = write_beside(path, directory, text, mode);

    if (temporary == NULL)
        return FALSE;
    if (rename(temporary, path) != 0) {
        int number = errno;

        unlink(temporary);
        errno = number;
        return FALSE;
    }
    remove_left_overs(path, directory);
    return sync_directory(directory);
}

gboolean private_replace(const char *what, const char *path, const char *text, guint mode,
                         GError **error)
{
    g_autofree char *real = follow(path);
    g_autofree char *directory = g_path_get_dirname(real);

    return replace(real, directory, text, mode) ||
           option_refuse(error, "%s %s: can not be written: %s", what, path, g_strerror(errno));
}

gboolean private_write(const char *what, const char *path, const char *text, GError **error)
{
    return private_replace(what, path, text, 0600, error);
}

gboolean private_try(const char *what, const char *path, gsize length, GError **error)
{
    g_autofree char *real = follow(path);
    g_autofree char *directory = g_path_get_dirname(real);
    g_autofree char *text = g_strnfill(length, ' ');
    g_autofree char *temporary = write_beside(real, directory, text, 0600);

    if (temporary == NULL)
        return option_refuse(error, "%s %s: can not be written: %s", what, path, g_strerror(errno));
    unlink(temporary);
    return TRUE;
}

gboolean private_remove(const char *what, const char *path, GError **error)
{
    g_autofree char *real = follow(path);
    g_autofree char *directory = g_path_get_dirname(real);

    return (unlink(real) == 0 && sync_directory(directory)) ||
           option_refuse(error, "%s %s: can not be removed: %s", what, path, g_strerror(errno));
}
