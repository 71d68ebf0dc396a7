/* SPDX-License-Identifier: MIT */
/* reply.c - the answers that a request can come to. */
#include <errno.h>
#include <sys/stat.h>

#include "fs/control.h"
#include "fs/errno.h"
#include "fs/request.h"

Outcome reply_errno(Request *request, int error_code)
{
    fuse_reply_err(request->fuse, error_code);
    return DONE;
}

Outcome reply_error(Request *request, guint64 ino, const char *name, const GError *error)
{
    g_auto(Place) place = {0};
    g_autofree char *path = NULL;
    g_autofree char *full = NULL;
    int number = errno_of(error);

    if (number == ENOENT && request->lists)
        number = ESTALE;
    if (tree_place(request->mount, ino, &place))
        path = tree_path(request->mount, &place);
    full = g_strconcat(path != NULL ? path : "", path != NULL && *path && name != NULL ? "/" : "",
                       name, NULL);
    control_failed(request->mount, full, number, error);
    return reply_errno(request, number);
}

/* A name that does not exist, remembered by the kernel for so long. */
Outcome reply_no_entry(Request *request, double seconds)
{
    struct fuse_entry_param entry = {.entry_timeout = seconds};
    Outcome outcome;

    if (request_unreadable(request, &outcome))
        return outcome;
    if (seconds <= 0)
        return reply_errno(request, ENOENT);
    fuse_reply_entry(request->fuse, &entry);
    return DONE;
}

Outcome reply_stale(Request *request)
{
    Outcome outcome;

    return request_unreadable(request, &outcome) ? outcome : reply_errno(request, ESTALE);
}

Outcome reply_entry(Request *request, guint64 ino)
{
    struct fuse_entry_param entry = {.ino = ino};
    g_auto(Place) place = {0};

    if (!tree_place(request->mount, ino, &place))
        return reply_no_entry(request, 0);
    tree_stat(request->mount, &place, &entry.attr);
    entry.attr_timeout = tree_timeout(request->mount, &place);
    entry.entry_timeout = tree_entry_timeout(request->mount, &place);
    fuse_reply_entry(request->fuse, &entry);
    return DONE;
}
