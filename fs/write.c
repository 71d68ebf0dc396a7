/* SPDX-License-Identifier: MIT */
/*
 * write.c - from write(2) to a commit.
 *
 * A write that ends in a newline is committed before it returns. A number needs that newline: what
 * is left of one is refused, since a flush also comes from children that inherited the file and
 * from writers that were killed half-way. Words and names may end without it; then the flush of
 * whoever wrote commits them.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "api/error.h"
#include "fs/careful.h"
#include "fs/ctl.h"
#include "fs/file.h"
#include "fs/ops.h"
#include "fs/request.h"
#include "fs/saved-file.h"

enum { VALUE_MAX = 4096, PF_SIGNALED = 0x400 };

static GError *invalid(const char *why)
{
    return api_error_new(API_ERROR_INVALID, 0, NULL, "%s", why);
}

/* ---- commit ---- */

static Outcome reply_written(Request *request)
{
    if (request->data != NULL)
        fuse_reply_write(request->fuse, request->size);
    else
        fuse_reply_err(request->fuse, 0);
    return DONE;
}

static void start_commit(Request *request, const Place *place, const AttrChange *change)
{
    const Options *options = request->mount->options;
    g_autofree char *expected =
        careful_expects(request->mount, fuse_req_ctx(request->fuse)->pid, place, change);
    CommitRequest commit = {
        .row = place->row,
        .member = change->member,
        .value = change->value,
        .amount = change->amount,
        .max_increase = change->force ? G_MAXUINT : options->guards.max_increase,
        .expected = expected,
        .deadline_us = request->began + (gint64)options->write_wait_s * G_USEC_PER_SEC,
    };

    request->commit = commit_start(request->mount->cache, &commit, request);
}

/* The value is complete and in request->line. */
static Outcome run_commit(Request *request)
{
    g_autoptr(GError) error = NULL;
    g_auto(Place) place = {0};
    g_auto(AttrChange) change = {0};
    Need needs[MAX_NEEDS];
    AttrView view;
    Outcome outcome;

    if (request->commit != NULL) {
        if (!commit_ended(request->commit, &error))
            return PARK;
        ops_changed(request->mount, ino_row(request->ino));
        /* Whoever wrote a value knows it. */
        if (error == NULL && tree_place(request->mount, request->ino, &place))
            careful_showed(request->mount, fuse_req_ctx(request->fuse)->pid, &place);
        return error == NULL ? reply_written(request)
                             : reply_error(request, request->ino, NULL, error);
    }
    if (!tree_place(request->mount, request->ino, &place))
        return reply_stale(request);
    if (!request_want(request, needs, tree_needs(request->mount, &place, FOR_WRITING, needs),
                      &outcome))
        return outcome;
    tree_view(request->mount, &place, &view);
    if (tree_refuses(request->mount, &place, &error) ||
        !attr_change(place.attr, &view, request->line, &change, &error))
        return reply_error(request, request->ino, NULL, error);
    if (attr_is_same(&change, place.object))
        return reply_written(request);
    start_commit(request, &place, &change);
    return PARK;
}

/* ---- write ---- */

gboolean file_collect(File *file, const char *data, gsize size, gint64 offset, gsize most,
                      GError **error)
{
    g_autofree char *problem = NULL;

    if (file->line == NULL)
        file->line = g_string_new(NULL);
    if (offset == 0) {
        g_string_truncate(file->line, 0);
        file->line_start = 0;
    }
    if (offset != file->line_start + (gint64)file->line->len)
        problem = g_strdup("a value is written from its start");
    else if (file->line->len + size > most)
        problem = g_strdup_printf("longer than a value may be (%u KiB)", (guint)(most / 1024));
    else if (memchr(data, '\0', size) != NULL)
        problem = g_strdup("a NUL byte");
    if (problem == NULL) {
        g_string_append_len(file->line, data, (gssize)size);
        return TRUE;
    }
    g_string_truncate(file->line, 0);
    g_propagate_error(error, invalid(problem));
    return FALSE;
}

/* A whole line, without its newline, or NULL. What comes next is a value of its own. */
static char *take_line(File *file)
{
    char *line;

    if (file->line->len == 0 || file->line->str[file->line->len - 1] != '\n')
        return NULL;
    line = g_strndup(file->line->str, file->line->len - 1);
    file->line_start += (gint64)file->line->len;
    g_string_truncate(file->line, 0);
    return line;
}

static Outcome run_write(Request *request)
{
    g_autoptr(GError) error = NULL;
    g_auto(Place) place = {0};
    File *file = request->file;

    if (!tree_place(request->mount, request->ino, &place))
        return reply_stale(request);
    if (place.type == PLACE_CTL) {
        request->run = ctl_write;
        return ctl_write(request);
    }
    if (place.type == PLACE_QUERY)
        return saved_file_write(request);
    if (place.attr == NULL)
        return reply_stale(request);
    file->lock_owner = request->lock_owner;
    if (!file_collect(file, request->data, request->size, request->offset, VALUE_MAX, &error))
        return reply_error(request, request->ino, NULL, error);
    request->line = take_line(file);
    if (request->line != NULL) {
        request->run = run_commit;
        return run_commit(request);
    }
    if (place.attr->number) {
        g_string_truncate(file->line, 0);
        error = invalid("a number is written with a newline at its end, in one write");
        return reply_error(request, request->ino, NULL, error);
    }
    return reply_written(request);
}

void file_write(fuse_req_t fuse, fuse_ino_t ino, const char *data, size_t size, off_t offset,
                struct fuse_file_info *fi)
{
    Request *request = request_new(fuse, run_write, ino);

    request->file = file_of(fi);
    request->data = g_memdup2(data, size);
    request->size = size;
    request->offset = offset;
    request->lock_owner = fi->lock_owner;
    request_start(request, 0);
}

/* ---- flush ---- */

/* The caller is being killed: what it left is not what it meant. Flags are the 9th field, the 7th
   after the name in parentheses (proc(5)). */
static gboolean caller_was_killed(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/stat", pid);
    g_autofree char *stat = NULL;
    const char *rest;
    guint flags = 0;

    if (!g_file_get_contents(path, &stat, NULL, NULL))
        return TRUE;
    rest = strrchr(stat, ')');
    if (rest == NULL || sscanf(rest + 1, " %*c %*d %*d %*d %*d %*d %u", &flags) != 1)
        return TRUE;
    return (flags & PF_SIGNALED) != 0;
}

void file_flush(fuse_req_t fuse, fuse_ino_t ino, struct fuse_file_info *fi)
{
    File *file = file_of(fi);
    Request *request;

    if (file->line == NULL || file->line->len == 0 || fi->lock_owner != file->lock_owner) {
        fuse_reply_err(fuse, 0);
        return;
    }
    if (caller_was_killed(fuse_req_ctx(fuse)->pid)) {
        g_string_truncate(file->line, 0);
        fuse_reply_err(fuse, 0);
        return;
    }
    request = request_new(fuse, file->query != NULL ? saved_file_flush : run_commit, ino);
    request->file = file;
    if (file->query != NULL) {
        request_start(request, 0);
        return;
    }
    request->line = g_strdup(file->line->str);
    g_string_truncate(file->line, 0);
    request_start(request, 0);
}

void file_fsync(fuse_req_t fuse, fuse_ino_t ino, int datasync, struct fuse_file_info *fi)
{
    fuse_reply_err(fuse, 0);
}

/* ---- setattr ---- */

/* Sizes and times may be "set" by editors and cp -p; owners and modes only to what they are. */
static Outcome answer_setattr(Request *request)
{
    Mount *mount = request->mount;
    g_autoptr(GError) error = NULL;
    g_auto(Place) place = {0};
    struct stat attr;

    if (!tree_place(mount, request->ino, &place))
        return reply_stale(request);
    tree_stat(mount, &place, &attr);
    if ((request->flags & FUSE_SET_ATTR_SIZE) && tree_refuses(mount, &place, &error))
        return reply_error(request, request->ino, NULL, error);
    if (((request->flags & FUSE_SET_ATTR_MODE) &&
         (request->attr.st_mode & 07777) != (attr.st_mode & 07777)) ||
        ((request->flags & FUSE_SET_ATTR_UID) && request->attr.st_uid != attr.st_uid) ||
        ((request->flags & FUSE_SET_ATTR_GID) && request->attr.st_gid != attr.st_gid))
        return reply_errno(request, EPERM);
    if ((request->flags & FUSE_SET_ATTR_SIZE) && request->file != NULL &&
        request->file->line != NULL) {
        g_string_truncate(request->file->line, 0);
        request->file->line_start = 0;
    }
    fuse_reply_attr(request->fuse, &attr, 0);
    return DONE;
}

static Outcome run_setattr(Request *request)
{
    Mount *mount = request->mount;
    g_auto(Place) place = {0};
    Need needs[MAX_NEEDS];
    Outcome outcome;

    if (!tree_place(mount, request->ino, &place))
        return reply_stale(request);
    if ((request->flags & FUSE_SET_ATTR_SIZE) && request->file == NULL &&
        !request_want(request, needs, tree_needs(mount, &place, FOR_WRITING, needs), &outcome))
        return outcome;
    if (!request_wish(request, needs, tree_wishes(mount, &place, FOR_STAT, needs), answer_setattr))
        return PARK;
    return answer_setattr(request);
}

void file_setattr(fuse_req_t fuse, fuse_ino_t ino, struct stat *attr, int which,
                  struct fuse_file_info *fi)
{
    Request *request = request_new(fuse, run_setattr, ino);

    request->attr = *attr;
    request->flags = which;
    request->file = fi != NULL ? file_of(fi) : NULL;
    request_start(request, 0);
}
