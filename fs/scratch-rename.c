/* SPDX-License-Identifier: MIT */
/*
 * scratch-rename.c - how programs save: what they wrote beside a file is renamed onto it.
 *
 * That is a commit like any other, and the rename returns when it has ended, with its error. The
 * scratch file has gone then, or is there as it was. The kernel has moved its name onto the file's
 * meanwhile; a scratch file's name holds for no time at all, so the next look-up finds the file.
 */
#include <errno.h>
#include <linux/fs.h>
#include <string.h>

#include "api/error.h"
#include "fs/draft.h"
#include "fs/meta.h"
#include "fs/scratch-file.h"
#include "fs/table.h"

static Outcome reply_fixed(Request *request, const char *name, const char *why)
{
    g_autoptr(GError) error = api_error_new(API_ERROR_FIXED, 0, NULL, "%s", why);

    return reply_error(request, request->ino, name, error);
}

/* ---- remove ---- */

static Outcome run_unlink(Request *request)
{
    Mount *mount = request->mount;
    g_auto(Place) dir = {0};
    Scratch *scratch;

    if (!tree_place(mount, request->ino, &dir))
        return reply_stale(request);
    scratch = scratch_find(mount->scratches, dir.ino, request->name);
    if (scratch == NULL && tree_find(mount, &dir, request->name) == 0 &&
        meta_find(mount, &dir, request->name) == 0)
        return reply_errno(request, ENOENT);
    if (scratch == NULL)
        return reply_fixed(
            request, request->name,
            "a value can not be removed; to write another one in its place: "
            "cp NEW FILE, not mv from elsewhere, install or cp --remove-destination, "
            "which remove it first");
    scratch_unlink(mount->scratches, scratch);
    return reply_errno(request, 0);
}

void scratch_file_unlink(fuse_req_t fuse, fuse_ino_t parent, const char *name)
{
    Request *request = request_new(fuse, run_unlink, parent);

    request->name = g_strdup(name);
    request_start(request, 0);
}

/* ---- rename onto a file ---- */

/* It is where it was to go. */
static Outcome reply_replaced(Request *request)
{
    Scratch *scratch = scratch_at(request->mount->scratches, request->scratch);

    if (scratch->dir != 0)
        scratch_unlink(request->mount->scratches, scratch);
    return reply_errno(request, 0);
}

static Outcome run_value(Request *request)
{
    Outcome outcome;

    return value_set(request, &outcome) ? reply_replaced(request) : outcome;
}

/* From here on the request is about the file, whose name is there already. */
static void begin_replace(Request *request, const Place *target, Scratch *scratch, RunFunc run)
{
    request->ino = target->ino;
    g_clear_pointer(&request->name, g_free);
    request->scratch = scratch->number;
    scratch_open(request->mount->scratches, scratch);
    request->run = run;
}

static Outcome replace_value(Request *request, const Place *target, Scratch *scratch)
{
    g_autofree char *text = g_malloc((gsize)VALUE_MAX + 1);
    g_autoptr(GError) error = NULL;
    gssize length = scratch_read(scratch, text, (gsize)VALUE_MAX + 1, 0);

    begin_replace(request, target, scratch, run_value);
    request->line = value_whole(target->attr, text, (gsize)MAX(length, 0), &error);
    if (request->line == NULL)
        return reply_error(request, request->ino, NULL, error);
    return run_value(request);
}

/* ---- onto a table ---- */

static Outcome run_table(Request *request)
{
    Scratch *scratch = scratch_at(request->mount->scratches, request->scratch);
    g_autoptr(GError) error = NULL;
    g_auto(Place) place = {0};
    Outcome outcome;

    if (!tree_place(request->mount, request->ino, &place))
        return reply_stale(request);
    if (!table_commit(request, &place, scratch->fd, &outcome, &error))
        return outcome;
    return error == NULL ? reply_replaced(request)
                         : reply_error(request, request->ino, NULL, error);
}

static Outcome replace_table(Request *request, const Place *target, Scratch *scratch)
{
    g_autoptr(GError) error = NULL;

    begin_replace(request, target, scratch, run_table);
    if (scratch_text(request->mount->scratches, scratch, &error) < 0)
        return reply_error(request, request->ino, NULL, error);
    scratch->locked = TRUE;
    return run_table(request);
}

void scratch_file_let_go(const Request *request)
{
    Scratch *scratch;

    if (request->scratch == 0)
        return;
    scratch = scratch_at(request->mount->scratches, request->scratch);
    scratch->locked = FALSE;
    scratch_close(request->mount->scratches, request->scratch);
}

/* ---- rename ---- */

static Outcome rename_to_scratch(Request *request, const Place *dir, Scratch *scratch)
{
    Scratches *scratches = request->mount->scratches;
    g_autoptr(GError) error = NULL;

    /* What it is made of may be made up: the program has said that it is its own. */
    if (!scratch_file_allows(request->mount, dir, request->new_name, &error))
        return reply_error(request, dir->ino, request->new_name, error);
    scratch_rename(scratches, scratch, request->new_name);
    return reply_errno(request, 0);
}

/* RENAME_NOREPLACE is the kernel's matter, who has looked both names up. */
static Outcome run_rename(Request *request)
{
    Mount *mount = request->mount;
    g_auto(Place) dir = {0};
    g_auto(Place) target = {0};
    Scratch *scratch;
    Outcome outcome;
    guint64 ino;

    if (!tree_place(mount, request->ino, &dir))
        return reply_stale(request);
    if (draft_is_renamed(request, &dir, &outcome))
        return outcome;
    scratch = scratch_find(mount->scratches, dir.ino, request->name);
    if (scratch == NULL)
        return reply_fixed(request, request->name,
                           "what is here can not be renamed or moved; an object's name is its file "
                           "`name`: echo NEW > name");
    if (request->new_dir != request->ino)
        return reply_fixed(request, request->name,
                           "a scratch file can not be moved to another directory; cp FILE NEW");
    if (request->flags & RENAME_EXCHANGE)
        return reply_fixed(request, request->name, "files can not be exchanged");
    ino = tree_find(mount, &dir, request->new_name);
    if (ino == 0)
        return rename_to_scratch(request, &dir, scratch);
    if (!tree_place_near(mount, &dir, ino, &target))
        return reply_stale(request);
    if (scratch->spoiled)
        return reply_fixed(request, request->new_name,
                           "a part of what was to replace it could not be written; nothing was "
                           "changed");
    if (!scratch_file_is_target(&target))
        return reply_fixed(request, request->new_name, "this file is read-only");
    return target.type == PLACE_TABLE ? replace_table(request, &target, scratch)
                                      : replace_value(request, &target, scratch);
}

void scratch_file_rename(fuse_req_t fuse, fuse_ino_t parent, const char *name,
                         fuse_ino_t new_parent, const char *new_name, unsigned int flags)
{
    Request *request = request_new(fuse, run_rename, parent);

    request->name = g_strdup(name);
    request->new_name = g_strdup(new_name);
    request->new_dir = new_parent;
    request->flags = (int)flags;
    request_start(request, 0);
}
