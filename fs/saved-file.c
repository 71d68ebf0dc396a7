/* SPDX-License-Identifier: MIT */
/* saved-file.c - what the kernel asks of a saved query. */
#include "fs/saved-file.h"

#include <errno.h>
#include <string.h>

#include "api/error.h"
#include "fs/control.h"
#include "fs/errno.h"
#include "fs/saved-name.h"

/* Programs write files through buffers of so many bytes, or of a multiple. */
enum { BUFFER_BYTES = 4096 };

static const char saved_blanks[] = " \t\r\n";

static guint index_of(guint64 ino)
{
    return ino_slot(ino) - SLOT_QUERY_FIRST;
}

/* ---- create and remove ---- */

static Outcome reply_created(Request *request, const Place *dir, guint index)
{
    struct fuse_entry_param entry = {.ino = ino_of(dir->row, SLOT_QUERY_FIRST + index)};
    struct fuse_file_info fi = {.flags = request->flags, .direct_io = TRUE};
    g_auto(Place) place = {0};
    File *file;

    if (!tree_place(request->mount, entry.ino, &place))
        return reply_stale(request);
    tree_stat(request->mount, &place, &entry.attr);
    file = file_new(entry.ino);
    file->text = tree_text(request->mount, &place);
    file->query = g_strdup(place.name);
    fi.fh = (uintptr_t)file;
    if (fuse_reply_create(request->fuse, &entry, &fi) == -ENOENT) {
        file_free(file); /* the caller has gone: no release will come */
        saved_file_closed(request->mount, entry.ino);
        return DONE;
    }
    g_hash_table_add(request->mount->files, file);
    requests_note_open(request->mount->requests, entry.ino, 1);
    return DONE;
}

/* Of the reports directory; FALSE: the request was replied. */
static gboolean get_name(Request *request, Place *dir, char **ret, Outcome *outcome)
{
    g_autoptr(GError) error = NULL;

    if (!tree_place(request->mount, request->ino, dir)) {
        *outcome = reply_stale(request);
        return FALSE;
    }
    *ret = saved_is_dir(dir) && request->mount->saved != NULL ? saved_name_of(request->name, &error)
                                                              : NULL;
    if (*ret == NULL)
        *outcome = error != NULL ? reply_error(request, request->ino, request->name, error)
                                 : reply_errno(request, EPERM);
    return *ret != NULL;
}

static Outcome run_create(Request *request)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = NULL;
    g_auto(Place) dir = {0};
    const Saved *saved;
    Outcome outcome;

    if (!get_name(request, &dir, &name, &outcome))
        return outcome;
    saved = saved_create(request->mount->saved, name, &error);
    return saved != NULL ? reply_created(request, &dir, saved->index)
                         : reply_error(request, request->ino, request->name, error);
}

void saved_file_create(fuse_req_t fuse, fuse_ino_t parent, const char *name,
                       struct fuse_file_info *fi)
{
    Request *request = request_new(fuse, run_create, parent);

    request->name = g_strdup(name);
    request->flags = fi->flags;
    request_start(request, 0);
}

static void on_saved(void *user_data)
{
    Request *request = user_data;

    request_wake(request->mount, request);
}

static Outcome run_unlink(Request *request)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = NULL;
    g_auto(Place) dir = {0};
    Outcome outcome;

    if (request->save != NULL) {
        if (!save_ended(request->save, &error))
            return PARK;
        return error != NULL ? reply_error(request, request->ino, request->name, error)
                             : reply_errno(request, 0);
    }
    if (!get_name(request, &dir, &name, &outcome))
        return outcome;
    if (saved_find(request->mount->saved, name) == NULL)
        return reply_errno(request, ENOENT);
    request->save = save_start(request->mount->saved, name, NULL, NULL, on_saved, request);
    return PARK;
}

void saved_file_unlink(fuse_req_t fuse, fuse_ino_t parent, const char *name)
{
    Request *request = request_new(fuse, run_unlink, parent);

    request->name = g_strdup(name);
    request_start(request, 0);
}

void saved_file_closed(Mount *mount, guint64 ino)
{
    if (!ino_is_node(ino) && !ino_is_meta(ino) && ino_slot(ino) >= SLOT_QUERY_FIRST &&
        mount->saved != NULL && !requests_is_open(mount->requests, ino))
        saved_drop(mount->saved, index_of(ino));
}

/* ---- write ---- */

static gboolean refuse(GError **error, const char *why)
{
    g_propagate_error(error, api_error_new(API_ERROR_INVALID, 0, NULL, "%s", why));
    return FALSE;
}

static Outcome reply_written(Request *request)
{
    if (request->data != NULL)
        fuse_reply_write(request->fuse, request->size);
    else
        fuse_reply_err(request->fuse, 0);
    return DONE;
}

static gboolean is_blank(const char *text)
{
    return text[strspn(text, saved_blanks)] == '\0';
}

/* What is no whole object yet may still become one; not where a whole text ends in a newline. */
static gboolean may_go_on(const Request *request)
{
    const GString *line = request->file->line;

    return saved_is_unfinished(line->str) && request->data != NULL &&
           (line->str[line->len - 1] != '\n' || request->size % BUFFER_BYTES == 0);
}

static gboolean check_whole(const GString *line, GError **error)
{
    if (is_blank(line->str))
        return refuse(error, "an empty query; rm removes one");
    if (saved_is_unfinished(line->str))
        return refuse(error, "the query ends before its last }, and what was saved before is kept; "
                             "write it as a whole, such as cp FILE reports/NAME.query");
    return TRUE;
}

/* The text is whole, and in request->line. */
static Outcome run_save(Request *request)
{
    g_autofree char *name = saved_name_of(request->file->query, NULL);
    const Saved *saved = saved_at(request->mount->saved, index_of(request->ino));
    g_autoptr(ReportShape) shape = NULL;
    g_autoptr(GError) error = NULL;

    if (request->save != NULL) {
        if (!save_ended(request->save, &error))
            return PARK;
        return error != NULL ? reply_error(request, request->ino, NULL, error)
                             : reply_written(request);
    }
    if (saved == NULL || strcmp(saved->name, name) != 0) /* it was removed */
        return reply_stale(request);
    shape = saved_parse(request->line, &error);
    if (shape == NULL)
        return reply_error(request, request->ino, NULL, error);
    request->save =
        save_start(request->mount->saved, saved->name, request->line, shape, on_saved, request);
    return PARK;
}

static Outcome save_line(Request *request, GString *line)
{
    g_autoptr(GError) error = NULL;
    gboolean whole = check_whole(line, &error);

    request->line = g_strdup(line->str);
    request->file->line_start += (gint64)line->len;
    g_string_truncate(line, 0);
    if (!whole)
        return reply_error(request, request->ino, NULL, error);
    request->run = run_save;
    return run_save(request);
}

Outcome saved_file_write(Request *request)
{
    File *file = request->file;
    g_autoptr(GError) error = NULL;

    file->lock_owner = request->lock_owner;
    if (!file_collect(file, request->data, request->size, request->offset, SAVED_BYTES, &error))
        return reply_error(request, request->ino, NULL, error);
    if (is_blank(file->line->str) && file->line_start > 0) { /* behind one that was saved */
        file->line_start += (gint64)file->line->len;
        g_string_truncate(file->line, 0);
        return reply_written(request);
    }
    return may_go_on(request) ? reply_written(request) : save_line(request, file->line);
}

Outcome saved_file_flush(Request *request)
{
    return save_line(request, request->file->line);
}
