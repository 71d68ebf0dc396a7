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
#include <string.h>
#include <unistd.h>

#include "api/error.h"
#include "fs/attr-view.h"
#include "fs/author.h"
#include "fs/careful.h"
#include "fs/ctl.h"
#include "fs/draft.h"
#include "fs/errno.h"
#include "fs/file.h"
#include "fs/ops.h"
#include "fs/request.h"
#include "fs/saved-file.h"
#include "fs/scratch-file.h"
#include "fs/spent.h"
#include "fs/table-file.h"

enum { PF_SIGNALED = 0x400 };

static GError *invalid(const char *why)
{
    return api_error_new(API_ERROR_INVALID, 0, NULL, "%s", why);
}

/* ---- commit ---- */

static void start_commit(Request *request, const Place *place, const AttrChange *change)
{
    const Options *options = request->mount->options;
    g_autofree char *expected = careful_expects(request, place, change);
    g_auto(Author) author =
        author_of(request, author_path(tree_path(request->mount, place), change->member));
    CommitRequest commit = {
        .row = place->row,
        .member = change->member,
        .value = change->value,
        .amount = change->amount,
        .force = change->force,
        .expected = expected,
        .is_there = attr_is_same(change, place->object),
        .author = author,
        .deadline_us = request->began + (gint64)options->write_wait_s * G_USEC_PER_SEC,
    };

    request->commit = commit_start(request->mount->cache, &commit, request);
}

static gboolean reply_ended(Outcome *ret, Outcome outcome)
{
    *ret = outcome;
    return FALSE;
}

gboolean value_set(Request *request, Outcome *ret)
{
    g_autoptr(GError) error = NULL;
    g_auto(Place) place = {0};
    g_auto(AttrChange) change = {0};
    Need needs[MAX_NEEDS];
    g_auto(ChangeView) view = {0};

    if (request->commit != NULL) {
        if (!commit_ended(request->commit, &error))
            return reply_ended(ret, PARK);
        ops_changed(request->mount, ino_row(request->ino));
        /* Whoever wrote a value knows it. */
        if (error == NULL && tree_place(request->mount, request->ino, &place))
            careful_showed(request, &place);
        return error == NULL || reply_ended(ret, spent_reply(request, error));
    }
    if (!tree_place(request->mount, request->ino, &place))
        return reply_ended(ret, reply_stale(request));
    if (!request_want(request, needs, tree_needs(request->mount, &place, FOR_WRITING, needs), ret))
        return FALSE;
    change_view_init(request->mount, &place, &view);
    if (tree_refuses(request->mount, &place, &error) ||
        !attr_change(place.attr, &view.view, request->line, &change, &error))
        return reply_ended(ret, reply_error(request, request->ino, NULL, error));
    if (attr_is_same(&change, place.object) && careful_just_showed(request, &place))
        return TRUE;
    start_commit(request, &place, &change);
    return reply_ended(ret, PARK);
}

static Outcome reply_written(Request *request)
{
    if (request->data != NULL)
        fuse_reply_write(request->fuse, request->size);
    else
        fuse_reply_err(request->fuse, 0);
    return DONE;
}

/* The value is complete and in request->line. */
static Outcome run_commit(Request *request)
{
    Outcome outcome;

    return value_set(request, &outcome) ? reply_written(request) : outcome;
}

/* ---- write ---- */

/* What is not the next part of a value; new. NULL: it is. */
static char *find_problem(const File *file, const char *data, gsize size, gint64 offset, gsize most)
{
    if (file->spoiled != NULL)
        return g_strdup(file->spoiled);
    if (offset != file->line_start + (gint64)file->line->len)
        return g_strdup_printf(
            "a value is written as a whole, from its start, not at %" G_GINT64_FORMAT
            "; echo VALUE > FILE does that",
            offset);
    if (file->line->len + size > most)
        return g_strdup_printf("longer than a value may be (%u KiB)", (guint)(most / 1024));
    if (memchr(data, '\0', size) != NULL)
        return g_strdup("a NUL byte; write plain text");
    return NULL;
}

/* Nothing more of it is a value, until the file is opened or cut to nothing. Who tries again is
   told the same. */
static void spoil(File *file, const char *why)
{
    g_string_truncate(file->line, 0);
    if (file->spoiled == NULL)
        file->spoiled = g_strdup(why);
}

/* The kernel cuts up what is long, and programs go on after an error: once a part is refused, a
   rest that looks like a value is none. */
gboolean file_collect(File *file, const char *data, gsize size, gint64 offset, gsize most,
                      GError **error)
{
    g_autofree char *problem = NULL;

    if (file->line == NULL)
        file->line = g_string_new(NULL);
    if (offset == 0 && size >= file->line->len) { /* it begins again */
        g_string_truncate(file->line, 0);
        file->line_start = 0;
    }
    problem = find_problem(file, data, size, offset, most);
    if (problem == NULL) {
        g_string_append_len(file->line, data, (gssize)size);
        return TRUE;
    }
    g_propagate_error(error, invalid(problem));
    spoil(file, problem);
    return FALSE;
}

/* A whole line, without its newline, or NULL. What comes next is a value of its own, unless there
   were more lines than one. */
static char *take_line(File *file)
{
    char *line;

    if (file->line->len == 0 || file->line->str[file->line->len - 1] != '\n')
        return NULL;
    line = g_strndup(file->line->str, file->line->len - 1);
    file->line_start += (gint64)file->line->len;
    g_string_truncate(file->line, 0);
    if (strchr(line, '\n') != NULL)
        spoil(file, "more than one line");
    return line;
}

static const char unended[] =
    "a number is written with a newline at its end, in one write: echo NUMBER > FILE";

static Outcome reply_problem(Request *request, const Place *place, GError *error)
{
    g_prefix_error(&error, "%s: ", place->attr->name);
    return reply_error(request, request->ino, NULL, error);
}

char *value_whole(const AttrRow *attr, const char *text, gsize length, GError **error)
{
    File file = {0};
    char *line = NULL;

    if (file_collect(&file, text, length, 0, VALUE_MAX, error)) {
        line = take_line(&file);
        if (line == NULL && attr->number && length > 0)
            g_propagate_error(error, invalid(unended));
        else if (line == NULL)
            line = g_strndup(text, length);
    }
    if (line == NULL)
        g_prefix_error(error, "%s: ", attr->name);
    g_string_free(file.line, TRUE);
    g_free(file.spoiled);
    return line;
}

static Outcome run_write(Request *request)
{
    g_autoptr(GError) error = NULL;
    g_auto(Place) place = {0};
    File *file = request->file;

    if (!tree_place(request->mount, request->ino, &place))
        return reply_stale(request);
    if (place_is_of_draft(&place))
        return draft_write(request);
    if (place.type == PLACE_CTL) {
        request->run = ctl_write;
        return ctl_write(request);
    }
    if (place.type == PLACE_QUERY)
        return saved_file_write(request);
    if (place.type == PLACE_TABLE)
        return table_file_write(request);
    if (place.attr == NULL)
        return reply_stale(request);
    file->lock_owner = request->lock_owner;
    if (!file_collect(file, request->data, request->size, request->offset, VALUE_MAX, &error))
        return reply_problem(request, &place, error);
    request->line = take_line(file);
    if (request->line != NULL) {
        request->run = run_commit;
        return run_commit(request);
    }
    if (place.attr->number) {
        spoil(file, unended);
        error = invalid(unended);
        return reply_problem(request, &place, error);
    }
    return reply_written(request);
}

void file_write(fuse_req_t fuse, fuse_ino_t ino, const char *data, size_t size, off_t offset,
                struct fuse_file_info *fi)
{
    Request *request;

    if (ino_is_scratch(ino)) {
        scratch_file_write(fuse, ino, data, size, offset);
        return;
    }
    request = request_new(fuse, run_write, ino);
    request->file = file_of(fi);
    request->data = g_memdup2(data, size);
    request->size = size;
    request->offset = offset;
    request->lock_owner = fi->lock_owner;
    request_start(request, 0);
}

/* ---- flush ---- */

/* The caller is being killed: what it left is not what it meant. Of a process with threads all but
   the one that calls exit() look killed too, and one of them may be the last that closes: how the
   process ends, if that can be seen, is its exit code (proc(5), fields 9 and 52; state is the
   3rd). */
static gboolean caller_was_killed(const struct fuse_ctx *caller)
{
    enum { FLAGS = 9 - 3, EXIT_CODE = 52 - 3, SIGNAL_BITS = 0x7f };
    g_autofree char *path = g_strdup_printf("/proc/%d/stat", caller->pid);
    g_autofree char *stat = NULL;
    g_auto(GStrv) fields = NULL;
    const char *rest;

    if (!g_file_get_contents(path, &stat, NULL, NULL))
        return TRUE;
    rest = strrchr(stat, ')');
    fields = rest != NULL && rest[1] == ' ' ? g_strsplit(rest + 2, " ", -1) : NULL;
    if (fields == NULL || g_strv_length(fields) <= EXIT_CODE)
        return TRUE;
    if ((g_ascii_strtoull(fields[FLAGS], NULL, 10) & PF_SIGNALED) == 0)
        return FALSE;
    /* Of others' processes it is shown as 0. */
    return (caller->uid != geteuid() && geteuid() != 0) ||
           (g_ascii_strtoull(fields[EXIT_CODE], NULL, 10) & SIGNAL_BITS) != 0;
}

/* Nobody may be there to see it, but .adsfs/errors says it. */
static Outcome run_drop(Request *request)
{
    g_autoptr(GError) error =
        invalid("whoever wrote was killed, or can not be seen from here, before the value had its "
                "newline; nothing was changed");

    return reply_error(request, request->ino, NULL, error);
}

void file_flush(fuse_req_t fuse, fuse_ino_t ino, struct fuse_file_info *fi)
{
    File *file = file_of(fi);
    Request *request;

    if (ino_is_scratch(ino)) {
        fuse_reply_err(fuse, 0);
        return;
    }
    if (file->table != NULL) {
        table_file_flush(fuse, file, fi->lock_owner, caller_was_killed(fuse_req_ctx(fuse)));
        return;
    }
    if (file->line == NULL || file->line->len == 0 || fi->lock_owner != file->lock_owner) {
        fuse_reply_err(fuse, 0);
        return;
    }
    if (caller_was_killed(fuse_req_ctx(fuse))) {
        g_string_truncate(file->line, 0);
        request_start(request_new(fuse, run_drop, ino), 0);
        return;
    }
    request = request_new(fuse,
                          ino_is_draft(ino)     ? draft_flush
                          : file->query != NULL ? saved_file_flush
                                                : run_commit,
                          ino);
    request->file = file;
    if (file->query != NULL || ino_is_draft(ino)) {
        request_start(request, 0);
        return;
    }
    request->line = g_strdup(file->line->str);
    g_string_truncate(file->line, 0);
    request_start(request, 0);
}

void file_fsync(fuse_req_t fuse, fuse_ino_t ino, int datasync, struct fuse_file_info *fi)
{
    if (!ino_is_scratch(ino) && file_of(fi)->table != NULL)
        table_file_fsync(fuse, file_of(fi));
    else
        fuse_reply_err(fuse, 0);
}
