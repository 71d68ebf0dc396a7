/* SPDX-License-Identifier: MIT */
/*
 * draft-write.c - values of a draft, and its creation. As in write.c a line is taken by the write
 * that ends it, and a number needs its newline.
 */
#include <errno.h>
#include <string.h>

#include "api/error.h"
#include "cache/create.h"
#include "fs/author.h"
#include "fs/draft.h"
#include "fs/ops.h"
#include "fs/rights.h"

enum { INFO_MAX = 256 * 1024, BUFFER_BYTES = 4096 };

static GError *invalid(const char *format, ...) G_GNUC_PRINTF(1, 2);

static GError *invalid(const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list args;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    return api_error_new(API_ERROR_INVALID, 0, NULL, "%s", text);
}

static Outcome reply_written(Request *request)
{
    if (request->data != NULL)
        fuse_reply_write(request->fuse, request->size);
    else
        fuse_reply_err(request->fuse, 0);
    return DONE;
}

/* ---- a value ---- */

static pid_t caller_of(const Request *request)
{
    return process_of(fuse_req_ctx(request->fuse)->pid);
}

/* Whoever copies an object writes its info.json too. The name and the status that come with it are
   the object's, and not what the copy is to have: it is called as its draft, and paused. */
static gboolean is_of_copy(const Request *request, const Place *place)
{
    gboolean own = place->draft->type == DRAFT_NAME || place->draft->type == DRAFT_STATUS;

    return own && copy_takes(request->mount->copies, place->row, caller_of(request));
}

/* line -> patch; new. NULL and error. */
static char *patch_of(Request *request, const Place *place, GError **error)
{
    g_auto(WholeView) whole = {0};
    g_autofree char *raw = NULL;

    if (place->type == PLACE_DRAFT_INFO) {
        g_autoptr(Object) object = object_new(request->line, -1, NULL);

        if (object == NULL) {
            g_propagate_error(error, invalid("info.json: not one whole JSON object; copy the "
                                             "info.json of an object here"));
            return NULL;
        }
        copy_took(request->mount->copies, place->row, caller_of(request));
        return draft_take(place->kind, object);
    }
    if (is_of_copy(request, place))
        return g_strdup("{}");
    whole_view_init(request->mount, place, &whole);
    raw = draft_parse(place->draft, &whole.view, request->line, error);
    return raw != NULL ? g_strdup_printf("{\"%s\":%s}", place->draft->name, raw) : NULL;
}

/* request->line is the whole value. */
static Outcome run_set(Request *request)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *patch = NULL;
    g_auto(Place) place = {0};
    Need needs[MAX_NEEDS];
    Outcome outcome;

    if (request->draft_change != NULL) {
        if (!draft_change_ended(request->draft_change, &error))
            return PARK;
        return error != NULL ? reply_error(request, request->ino, NULL, error)
                             : reply_written(request);
    }
    if (!tree_place(request->mount, request->ino, &place))
        return reply_stale(request);
    if (!request_want(request, needs, tree_needs(request->mount, &place, FOR_WRITING, needs),
                      &outcome))
        return outcome;
    if (draft_refuses(request->mount, &place, &error) ||
        (patch = patch_of(request, &place, &error)) == NULL)
        return reply_error(request, request->ino, NULL, error);
    request->draft_change = draft_set(request->mount->cache, place.row, patch, request);
    return PARK;
}

static Outcome set_line(Request *request, gsize length)
{
    File *file = request->file;

    request->line = g_strndup(file->line->str, length);
    file->line_start += (gint64)file->line->len;
    g_string_truncate(file->line, 0);
    request->run = run_set;
    return run_set(request);
}

/* ---- create ---- */

static GError *not_ready(char *const *problems)
{
    g_autofree char *all = g_strjoinv("; ", (char **)problems);

    return invalid("it can not be created yet: %s; write those files, then write create again",
                   all);
}

static gboolean start_create(Request *request, const Place *place, GError **error)
{
    Mount *mount = request->mount;
    const Draft *draft = draft_get(mount->cache, place->row);
    g_auto(WholeView) whole = {0};
    g_auto(GStrv) problems = NULL;
    g_autofree char *members = NULL;
    g_auto(Author) author = {0};

    whole_view_init(mount, place, &whole);
    problems = draft_problems(&whole.view);
    if (problems[0] != NULL && draft != NULL && draft->state == DRAFT_LOCAL) {
        g_propagate_error(error, not_ready(problems));
        return FALSE;
    }
    members = draft_members(&whole.view);
    author = author_of(request, tree_path(mount, place));
    request->create = create_start(
        mount->cache,
        &(CreateRequest){.draft = place->row,
                         .members = members,
                         .deadline_us =
                             request->began + (gint64)mount->options->write_wait_s * G_USEC_PER_SEC,
                         .author = author},
        request);
    return TRUE;
}

static Outcome run_create(Request *request)
{
    g_autoptr(GError) error = NULL;
    g_auto(Place) place = {0};
    Need needs[MAX_NEEDS];
    Outcome outcome;

    if (request->create != NULL) {
        if (!create_ended(request->create, &error))
            return PARK;
        if (create_row(request->create) > 0)
            ops_changed(request->mount, create_row(request->create));
        return error != NULL ? reply_error(request, request->ino, NULL, error)
                             : reply_written(request);
    }
    if (!tree_place(request->mount, request->ino, &place))
        return reply_stale(request);
    if (!request_want(request, needs, tree_needs(request->mount, &place, FOR_WRITING, needs),
                      &outcome))
        return outcome;
    if (draft_refuses(request->mount, &place, &error) || !start_create(request, &place, &error))
        return reply_error(request, request->ino, NULL, error);
    return PARK;
}

/* Comments are what ctl itself says. *ret_create: create is among the lines. */
static gboolean read_commands(const Request *request, gboolean *ret_create, GError **error)
{
    g_autofree char *text = g_strndup(request->data, request->size);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    *ret_create = FALSE;
    for (guint i = 0; lines[i] != NULL; i++) {
        const char *line = g_strstrip(lines[i]);

        if (*line == '\0' || *line == '#')
            continue;
        if (strcmp(line, "create") != 0 || *ret_create) {
            g_autofree char *quoted = attr_quote(line);

            g_propagate_error(error,
                              invalid("%s: no such command; ctl of a draft takes: create", quoted));
            return FALSE;
        }
        *ret_create = TRUE;
    }
    if (!*ret_create || text[request->size - 1] == '\n')
        return TRUE;
    g_propagate_error(error,
                      invalid("a command ends with a newline, in the same write: echo create "
                              "> ctl"));
    return FALSE;
}

static Outcome write_ctl(Request *request)
{
    g_autoptr(GError) error = NULL;
    gboolean create;

    if (request->size == 0)
        return reply_written(request);
    if (!read_commands(request, &create, &error))
        return reply_error(request, request->ino, NULL, error);
    if (!create)
        return reply_written(request);
    request->run = run_create;
    return run_create(request);
}

/* ---- write ---- */

/* What is no whole object yet may become one. */
static Outcome write_info(Request *request)
{
    const GString *line = request->file->line;
    g_autoptr(Object) object = object_new(line->str, (gssize)line->len, NULL);

    return object != NULL ? set_line(request, line->len) : reply_written(request);
}

static Outcome write_value(Request *request, const Place *place)
{
    File *file = request->file;
    g_autoptr(GError) error = NULL;

    if (file->line->len > 0 && file->line->str[file->line->len - 1] == '\n')
        return set_line(request, file->line->len - 1);
    if (!draft_is_number(place->draft))
        return reply_written(request);
    g_string_truncate(file->line, 0);
    error = invalid("%s: a number is written with a newline at its end, in one write: "
                    "echo NUMBER > %s",
                    place->draft->name, place->draft->name);
    if (file->spoiled == NULL)
        file->spoiled = g_strdup(error->message);
    return reply_error(request, request->ino, NULL, error);
}

Outcome draft_write(Request *request)
{
    Mount *mount = request->mount;
    g_autoptr(GError) error = NULL;
    g_auto(Place) place = {0};
    File *file = request->file;

    if (!tree_place(mount, request->ino, &place))
        return reply_stale(request);
    if (place.type == PLACE_VOID_FILE) {
        Void *nothing = void_at(mount->voids, place.row);

        nothing->size = MAX(nothing->size, request->offset + (gint64)request->size);
        return reply_written(request);
    }
    if (place.type == PLACE_DRAFT_CTL)
        return write_ctl(request);
    file->lock_owner = request->lock_owner;
    if (!file_collect(file, request->data, request->size, request->offset,
                      place.type == PLACE_DRAFT_INFO ? INFO_MAX : VALUE_MAX, &error))
        return reply_error(request, request->ino, NULL, error);
    return place.type == PLACE_DRAFT_INFO ? write_info(request) : write_value(request, &place);
}

Outcome draft_flush(Request *request)
{
    return set_line(request, request->file->line->len);
}
