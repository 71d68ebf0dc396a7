/* SPDX-License-Identifier: MIT */
/* setattr.c - what programs set of a file that is not theirs: a value has the size, times, owner
   and mode that it has. */
#include <errno.h>

#include "api/error.h"
#include "fs/request.h"
#include "fs/scratch-file.h"
#include "fs/table-file.h"

/* Programs cut a file before they write it, or behind what they wrote. */
static gboolean refuse_size(const Request *request, const Place *place, gint64 now, GError **error)
{
    const File *file = request->file;
    gint64 size = request->attr.st_size;
    gint64 end =
        file != NULL && file->line != NULL ? file->line_start + (gint64)file->line->len : 0;

    if (place->type != PLACE_ATTR || size == 0 || size == end || size == now)
        return FALSE;
    *error =
        api_error_new(API_ERROR_INVALID, 0, NULL,
                      "%s: a value is not cut or made longer; write another one: echo VALUE > %s",
                      place->attr->name, place->attr->name);
    return TRUE;
}

/* What comes next is a value of its own. */
static void begin_again(const Request *request)
{
    File *file = request->file;

    if (file == NULL || request->attr.st_size != 0)
        return;
    g_clear_pointer(&file->spoiled, g_free);
    file->line_start = 0;
    if (file->line != NULL)
        g_string_truncate(file->line, 0);
}

static gboolean changes_owner_or_mode(const Request *request, const struct stat *now)
{
    return ((request->flags & FUSE_SET_ATTR_MODE) &&
            (request->attr.st_mode & 07777) != (now->st_mode & 07777)) ||
           ((request->flags & FUSE_SET_ATTR_UID) && request->attr.st_uid != now->st_uid) ||
           ((request->flags & FUSE_SET_ATTR_GID) && request->attr.st_gid != now->st_gid);
}

/* Of a file that can be written all of it is accepted, and ignored: cp -p sets owner and mode once
   the value is written, and is not to fail then. */
static Outcome answer_setattr(Request *request)
{
    Mount *mount = request->mount;
    g_autoptr(GError) error = NULL;
    g_auto(Place) place = {0};
    gboolean sets_size = (request->flags & FUSE_SET_ATTR_SIZE) != 0;
    File *file = request->file;
    struct stat now;

    if (!tree_place(mount, request->ino, &place))
        return reply_stale(request);
    tree_stat(mount, &place, &now);
    if (sets_size &&
        (tree_refuses(mount, &place, &error) || refuse_size(request, &place, now.st_size, &error)))
        return reply_error(request, request->ino, NULL, error);
    if (changes_owner_or_mode(request, &now) && tree_refuses(mount, &place, NULL))
        return reply_errno(request, EPERM);
    if (sets_size && file != NULL && file->table != NULL) {
        if (!table_file_truncate(mount, file, request->attr.st_size))
            return reply_errno(request, EBUSY);
        tree_stat(mount, &place, &now);
    }
    if (sets_size)
        begin_again(request);
    fuse_reply_attr(request->fuse, &now, 0);
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
    Request *request;

    if (ino_is_scratch(ino)) {
        scratch_file_setattr(fuse, ino, attr, which);
        return;
    }
    request = request_new(fuse, run_setattr, ino);
    request->attr = *attr;
    request->flags = which;
    request->file = fi != NULL ? file_of(fi) : NULL;
    request_start(request, 0);
}
