/* SPDX-License-Identifier: MIT */
/* draft-rename.c - a draft is called otherwise. Where it is created stays as it was begun. */
#include <errno.h>
#include <linux/fs.h>

#include "api/error.h"
#include "fs/draft.h"
#include "fs/ops.h"

/* EPERM, whatever it is: of EINVAL mv says that a directory can not go into itself. */
static Outcome refuse(Request *request, const char *name, const char *why)
{
    g_autoptr(GError) error = api_error_new(API_ERROR_FIXED, 0, NULL, "%s", why);

    return reply_error(request, request->ino, name, error);
}

static Outcome rename_draft(Request *request, const Place *dir, guint64 ino)
{
    g_autoptr(GError) error = NULL;

    if (request->new_dir != request->ino)
        return refuse(request, request->name,
                      "a draft stays in its directory, which says what it will be created "
                      "in; cp -r copies it");
    if (request->flags & RENAME_EXCHANGE)
        return refuse(request, request->name, "drafts can not be exchanged");
    if (tree_find(request->mount, dir, request->new_name) != 0)
        return reply_errno(request, EEXIST);
    if (!draft_check_name(request->new_name, &error))
        return refuse(request, request->new_name, error->message);
    request->draft_change =
        draft_rename(request->mount->cache, ino_row(ino), request->new_name, request);
    return PARK;
}

gboolean draft_is_renamed(Request *request, const Place *dir, Outcome *ret)
{
    guint64 ino;

    if (request->draft_change != NULL) {
        *ret = draft_reply_changed(request);
        return TRUE;
    }
    ino = tree_find(request->mount, dir, request->name);
    if (!ino_is_draft(ino) || ino_slot(ino) != SLOT_SELF)
        return FALSE;
    *ret = rename_draft(request, dir, ino);
    return TRUE;
}
