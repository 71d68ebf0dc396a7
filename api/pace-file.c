/* SPDX-License-Identifier: MIT */
/*
 * pace-file.c - open, map, check, lock. Whether the file is still what was mapped is looked at
 * under each lock: a file that somebody cut or took away would end us, or be ours alone.
 */
#include "api/pace-file.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/error.h"

enum { VERSION = 3, LOCK_TRIES = 30, BOOT_MAX = 40 };
static const char magic[8] = "adsfs\npa";

typedef struct {
    char magic[sizeof magic];
    guint32 version, size;
    char boot[BOOT_MAX];
    Moment last;    /* when it was locked last */
    guint64 serial; /* another one each time that it begins anew */
    LimitState state;
} Content;

struct PaceFile {
    char *path, boot[BOOT_MAX];
    int fd;           /* -1: not open */
    Content *content; /* NULL: not mapped */
    gboolean ours;    /* it was of our version once */
    gboolean lost;    /* what was in it */
};

static void read_boot(char boot[BOOT_MAX])
{
    g_autofree char *text = NULL;

    if (g_file_get_contents("/proc/sys/kernel/random/boot_id", &text, NULL, NULL))
        g_strlcpy(boot, g_strstrip(text), BOOT_MAX);
}

PaceFile *pace_file_new(const char *path, const char *boot)
{
    PaceFile *file = g_new0(PaceFile, 1);

    file->path = g_strdup(path);
    file->fd = -1;
    if (boot != NULL)
        g_strlcpy(file->boot, boot, BOOT_MAX);
    else
        read_boot(file->boot);
    return file;
}

static void drop(PaceFile *file)
{
    if (file->content != NULL)
        munmap(file->content, sizeof *file->content);
    if (file->fd >= 0)
        close(file->fd);
    file->content = NULL;
    file->fd = -1;
}

void pace_file_free(PaceFile *file)
{
    if (file == NULL)
        return;
    drop(file);
    g_free(file->path);
    g_free(file);
}

static PaceFileResult fail(PaceFile *file, const char *what, GError **error)
{
    g_propagate_error(error, api_error_new(API_ERROR_LOCAL, 0, NULL, "%s: %s", file->path, what));
    drop(file);
    return PACE_FILE_BROKEN;
}

/* ---- what is in it ---- */

static void replace(PaceFile *file, const Rates *app, Moment now)
{
    Content *content = file->content;
    Limit *limit = &content->state.limits[BUCKET_APP];

    if (file->lost || content->magic[0] != '\0' || content->size != 0) {
        g_message("%s: damaged or of another version: begun anew", file->path);
        file->lost = TRUE;
    }
    memset(content, 0, sizeof *content);
    content->version = VERSION;
    content->size = sizeof *content;
    g_strlcpy(content->boot, file->boot, BOOT_MAX);
    content->last = now;
    content->serial = (guint64)g_random_int() << 32 | g_random_int() | 1;
    if (file->lost)
        window_add(&limit->second, &window_second, now.mono_us, app->qps);
    memcpy(content->magic, magic, sizeof magic);
    file->lost = FALSE;
}

/* Another boot, or what looks like one. */
static void rebase(PaceFile *file, Moment now)
{
    Content *content = file->content;
    gint64 passed_us = MAX(now.wall_us - content->last.wall_us, 0);

    limit_shift(&content->state, now.mono_us - content->last.mono_us - passed_us, now);
    g_strlcpy(content->boot, file->boot, BOOT_MAX);
}

static void check(PaceFile *file, const Rates *app, Moment now)
{
    Content *content = file->content;

    if (memcmp(content->magic, magic, sizeof magic) != 0 || content->version != VERSION ||
        content->size != sizeof *content)
        replace(file, app, now);
    if (strncmp(content->boot, file->boot, BOOT_MAX) != 0 ||
        content->last.mono_us > now.mono_us + G_USEC_PER_SEC)
        rebase(file, now);
    if (!limit_is_sane(&content->state, now))
        replace(file, app, now);
    file->ours = TRUE;
}

/* It was of our version, and somebody has made it one of another. */
static gboolean is_taken_over(const PaceFile *file, gint64 size)
{
    struct {
        char magic[sizeof magic];
        guint32 version;
    } head = {{0}};

    if (!file->ours)
        return FALSE;
    if (file->content != NULL && size == sizeof *file->content)
        memcpy(&head, file->content, sizeof head);
    else if (pread(file->fd, &head, sizeof head, 0) != sizeof head)
        return FALSE;
    return memcmp(head.magic, magic, sizeof magic) == 0 && head.version != VERSION;
}

/* ---- open and lock ---- */

static gboolean open_file(PaceFile *file)
{
    g_autofree char *directory = g_path_get_dirname(file->path);

    g_mkdir_with_parents(directory, 0700);
    file->fd = open(file->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    return file->fd >= 0;
}

/* TRUE: locked. FALSE with errno EWOULDBLOCK: another process has it, for microseconds mostly. */
static gboolean lock(int fd)
{
    for (int i = 0; i < LOCK_TRIES; i++) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            return TRUE;
        if (errno != EWOULDBLOCK)
            return FALSE;
        sched_yield();
    }
    errno = EWOULDBLOCK;
    return FALSE;
}

static gboolean resize(PaceFile *file)
{
    if (file->content != NULL)
        munmap(file->content, sizeof *file->content);
    file->content = NULL;
    if (ftruncate(file->fd, 0) != 0)
        return FALSE;
    errno = posix_fallocate(file->fd, 0, sizeof *file->content);
    return errno == 0;
}

/* Its size is ours afterwards: no access behind its end can kill us. FALSE: errno says why. */
static gboolean map(PaceFile *file, gint64 size)
{
    void *content;

    if (size != sizeof *file->content) {
        file->lost = size > 0 || file->ours;
        if (!resize(file))
            return FALSE;
    }
    if (file->content != NULL)
        return TRUE;
    content = mmap(NULL, sizeof *file->content, PROT_READ | PROT_WRITE, MAP_SHARED, file->fd, 0);
    if (content == MAP_FAILED)
        return FALSE;
    file->content = content;
    return TRUE;
}

PaceFileResult pace_file_lock(PaceFile *file, const Rates *app, Moment now, LimitState **ret,
                              GError **error)
{
    struct stat stat;

    for (int tries = 0;; tries++) {
        if (file->fd < 0 && !open_file(file))
            return fail(file, g_strerror(errno), error);
        if (!lock(file->fd)) {
            if (errno == EWOULDBLOCK)
                return PACE_FILE_BUSY;
            return fail(file, g_strerror(errno), error);
        }
        if (fstat(file->fd, &stat) != 0 || !S_ISREG(stat.st_mode))
            return fail(file, "not a regular file", error);
        if (stat.st_nlink > 0 || tries > 0)
            break;
        drop(file); /* somebody took it away: the others use a new one */
    }
    if (is_taken_over(file, stat.st_size))
        return fail(file, "in use by another version of adsfs", error);
    if (((stat.st_mode & 0077) != 0 && fchmod(file->fd, 0600) != 0) || !map(file, stat.st_size))
        return fail(file, g_strerror(errno), error);
    check(file, app, now);
    *ret = &file->content->state;
    return PACE_FILE_LOCKED;
}

guint64 pace_file_serial(const PaceFile *file)
{
    return file->content->serial;
}

void pace_file_unlock(PaceFile *file, Moment now)
{
    file->content->last = now;
    flock(file->fd, LOCK_UN);
}
