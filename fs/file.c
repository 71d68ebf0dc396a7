/* SPDX-License-Identifier: MIT */
/* file.c - opening, reading and closing files. */
#include "fs/file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "api/error.h"
#include "cache/journal-read.h"
#include "fs/careful.h"
#include "fs/report.h"
#include "fs/request.h"
#include "fs/rights.h"
#include "fs/saved-file.h"
#include "fs/scratch-file.h"
#include "fs/table-file.h"

File *file_new(guint64 ino)
{
    File *file = g_new0(File, 1);

    file->ino = ino;
    file->fd = -1;
    return file;
}

void file_free(File *file)
{
    if (file == NULL)
        return;
    if (file->fd >= 0)
        close(file->fd);
    if (file->text != NULL)
        g_string_free(file->text, TRUE);
    if (file->line != NULL)
        g_string_free(file->line, TRUE);
    table_file_free(file->table);
    g_free(file->query);
    g_free(file->spoiled);
    g_free(file);
}

static void free_open(void *file)
{
    file_free(file);
}

GHashTable *files_new(void)
{
    return g_hash_table_new_full(NULL, NULL, free_open, NULL);
}

/* ---- open ---- */

/* Root passes modes, so what the modes say is checked here too. */
static gboolean may_open(Request *request, const Place *place, GError **error)
{
    gboolean writes = (request->flags & O_ACCMODE) != O_RDONLY;

    if (rights_refuse(request->mount, place, FALSE, error) ||
        rights_unknown(request->mount, place, error))
        return FALSE;
    if (!writes)
        return TRUE;
    if (tree_refuses(request->mount, place, error))
        return FALSE;
    if ((request->flags & O_APPEND) && place->type != PLACE_CTL) {
        g_propagate_error(error, api_error_new(API_ERROR_INVALID, 0, NULL,
                                               "a value can not be appended to; use > for >>"));
        return FALSE;
    }
    return TRUE;
}

static Outcome reply_open(Request *request, const Place *place)
{
    struct fuse_file_info fi = {.flags = request->flags, .fh = (uintptr_t)request->file};

    /* A report's pages stay cached: its inode is one version. A value is never read from a page. */
    fi.keep_cache = place->type == PLACE_REPORT;
    fi.direct_io = place->type != PLACE_REPORT;
    fi.noflush = (request->flags & O_ACCMODE) == O_RDONLY;
    if (fuse_reply_open(request->fuse, &fi) == -ENOENT) {
        file_free(request->file); /* the caller has gone: no release will come */
        return DONE;
    }
    g_hash_table_add(request->mount->files, request->file);
    if (request->file->fd < 0)
        requests_note_open(request->mount->requests, request->ino, 1);
    return DONE;
}

/* One version, as it was no earlier than now. FALSE: *ret. */
static gboolean open_journal(Request *request, Outcome *ret)
{
    Cache *cache = request->mount->cache;
    Waiter waiter = request_waiter(request);
    g_autoptr(GError) error = NULL;
    CacheResult result = cache_want_journal(cache, &waiter, &error);

    if (!request_have(request, result, error, ret))
        return FALSE;
    request->file->fd = cache_open_journal(cache);
    if (request->file->fd >= 0)
        return TRUE;
    *ret = reply_errno(request, errno);
    return FALSE;
}

static Outcome answer_open(Request *request)
{
    g_autoptr(GError) error = NULL;
    g_auto(Place) place = {0};
    Outcome outcome;

    if (!tree_place(request->mount, request->ino, &place))
        return reply_stale(request);
    if (!may_open(request, &place, &error))
        return reply_error(request, request->ino, NULL, error);
    request->file = file_new(request->ino);
    request->file->log = place.type == PLACE_LOG;
    request->file->query = place.type == PLACE_QUERY ? g_strdup(place.name) : NULL;
    if (place.type == PLACE_JOURNAL) {
        if (!open_journal(request, &outcome)) {
            g_clear_pointer(&request->file, file_free);
            return outcome;
        }
    } else if (place.type == PLACE_REPORT) {
        if (!report_open(request, &place, &outcome)) {
            g_clear_pointer(&request->file, file_free);
            return outcome;
        }
    } else if (place.type == PLACE_TABLE) {
        if (!table_file_open(request, &place, &outcome)) {
            g_clear_pointer(&request->file, file_free);
            return outcome;
        }
    } else {
        request->file->text = tree_text(request->mount, &place);
    }
    return reply_open(request, &place);
}

/* All that opening depends on is there; else *ret says what became of the request. */
static gboolean open_has_all(Request *request, const Place *place, Outcome *ret)
{
    gboolean writes = (request->flags & O_ACCMODE) != O_RDONLY;
    Purpose purpose = writes ? FOR_WRITING : FOR_READING;
    g_autoptr(GError) error = NULL;
    Need needs[MAX_NEEDS];

    if (rights_lack(request->mount, place, writes, &error)) {
        *ret = reply_error(request, request->ino, NULL, error);
        return FALSE;
    }
    if (!request_want(request, needs, tree_needs(request->mount, place, purpose, needs), ret))
        return FALSE;
    *ret = PARK;
    return request_wish(request, needs, tree_wishes(request->mount, place, purpose, needs),
                        answer_open);
}

static Outcome run_open(Request *request)
{
    g_auto(Place) place = {0};
    Outcome outcome;

    if (!tree_place(request->mount, request->ino, &place))
        return reply_stale(request);
    return open_has_all(request, &place, &outcome) ? answer_open(request) : outcome;
}

void file_open(fuse_req_t fuse, fuse_ino_t ino, struct fuse_file_info *fi)
{
    Request *request;

    if (ino_is_scratch(ino)) {
        scratch_file_open(fuse, ino, fi);
        return;
    }
    request = request_new(fuse, run_open, ino);
    request->flags = fi->flags;
    request_start(request, 0);
}

/* ---- read ---- */

static void read_report(fuse_req_t fuse, const File *file, gsize size, off_t offset)
{
    g_autofree char *buffer = g_malloc(size);
    gssize got = pread(file->fd, buffer, size, offset);

    if (got < 0)
        fuse_reply_err(fuse, EIO);
    else
        fuse_reply_buf(fuse, buffer, (gsize)got);
}

/* As it is now: who follows it sees it grow. */
static void read_log(fuse_req_t fuse, guint64 ino, gsize size, off_t offset)
{
    Mount *mount = fuse_req_userdata(fuse);
    g_autofree char *buffer = g_malloc(size);
    gssize got =
        cache_events_read(mount->cache, ino_slot(ino) == SLOT_EVENTS_OLD, buffer, size, offset);

    if (got < 0)
        fuse_reply_err(fuse, EIO);
    else
        fuse_reply_buf(fuse, buffer, (gsize)got);
}

static void reply_text(fuse_req_t fuse, const GString *text, gsize size, gint64 offset)
{
    if ((gsize)offset >= text->len)
        fuse_reply_buf(fuse, NULL, 0);
    else
        fuse_reply_buf(fuse, text->str + offset, MIN(size, text->len - (gsize)offset));
}

/* A reader that starts over sees what holds now; one that goes on, the version it began. */
static Outcome run_read(Request *request)
{
    File *file = request->file;
    g_auto(Place) place = {0};
    Need needs[MAX_NEEDS];
    Outcome outcome;

    if (!tree_place(request->mount, request->ino, &place))
        return reply_stale(request);
    if (!request_want(request, needs, tree_needs(request->mount, &place, FOR_READING, needs),
                      &outcome))
        return outcome;
    g_string_free(file->text, TRUE);
    file->text = tree_text(request->mount, &place);
    careful_showed(request, &place);
    reply_text(request->fuse, file->text, request->size, 0);
    return DONE;
}

void file_read(fuse_req_t fuse, fuse_ino_t ino, size_t size, off_t offset,
               struct fuse_file_info *fi)
{
    File *file = file_of(fi);
    Request *request;

    if (ino_is_scratch(ino)) {
        scratch_file_read(fuse, ino, size, offset);
        return;
    }
    if (file->fd >= 0) {
        read_report(fuse, file, size, offset);
        return;
    }
    if (file->table != NULL) {
        table_file_read(fuse, file->table, size, offset);
        return;
    }
    if (file->log) {
        read_log(fuse, ino, size, offset);
        return;
    }
    if (offset > 0) {
        reply_text(fuse, file->text, size, offset);
        return;
    }
    request = request_new(fuse, run_read, ino);
    request->file = file;
    request->size = size;
    request_start(request, 0);
}

void file_release(fuse_req_t fuse, fuse_ino_t ino, struct fuse_file_info *fi)
{
    Mount *mount = fuse_req_userdata(fuse);
    File *file = file_of(fi);

    if (ino_is_scratch(ino)) {
        scratch_file_release(fuse, ino);
        return;
    }
    if (file->fd < 0)
        requests_note_open(mount->requests, ino, -1);
    saved_file_closed(mount, ino);
    g_hash_table_remove(mount->files, file);
    fuse_reply_err(fuse, 0);
}
