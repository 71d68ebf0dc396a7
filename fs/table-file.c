/* SPDX-License-Identifier: MIT */
/*
 * table-file.c - open tables.
 *
 * Who opens one to read, or to change some of it, is given the text that holds then; who empties it
 * first, an empty one. What is written stays in that text until it is committed as a whole.
 */
#include "fs/table-file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "api/error.h"
#include "fs/table-text.h"
#include "fs/table.h"
#include "fs/tables.h"

enum { MEASURED_ROWS = 5000 }; /* to say how long it is: a fifth of a second */

struct TableFile {
    guint64 ino;
    int text;
    gboolean writes;
    gboolean changed;   /* since it was committed last */
    gboolean spoiled;   /* a write failed: what is there now is not what was meant */
    guint64 done_lines; /* that were committed, */
    gint64 done_bytes;  /* and nothing before here was written since */
    gboolean locked;    /* it is being read back: nobody is to change it */
    guint64 lock_owner; /* of the last write */
};

struct TableMaking {
    TableFile *file;
    TableText *text;
};

/* ---- texts ---- */

static int failed_text(GError **error)
{
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
                "no file can be made for the table in cache_dir: %s", g_strerror(errno));
    return -1;
}

int table_text_new(Mount *mount, GError **error)
{
    const char *directory = tables_directory(mount->tables);
    g_autofree char *path = g_build_filename(directory, "table-XXXXXX", NULL);
    int text = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    if (text >= 0)
        return text;
    if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)
        return failed_text(error);
    text = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
    if (text < 0)
        return failed_text(error);
    unlink(path);
    return text;
}

gboolean table_text_write(int text, const char *data, gsize size, gint64 offset, GError **error)
{
    if (offset < 0 || offset + (gint64)size > TABLE_BYTES) {
        g_propagate_error(error, api_error_new(API_ERROR_INVALID, 0, NULL,
                                               "longer than a table may be (%d MiB); write it in "
                                               "parts, each with the first line",
                                               TABLE_BYTES / (1024 * 1024)));
        return FALSE;
    }
    return table_text_put(text, data, size, offset, error);
}

static TableFile *file_new_table(guint64 ino, int text, gboolean writes)
{
    TableFile *file = g_new0(TableFile, 1);

    file->ino = ino;
    file->text = text;
    file->writes = writes;
    return file;
}

void table_file_free(TableFile *file)
{
    if (file == NULL)
        return;
    close(file->text);
    g_free(file);
}

/* ---- open ---- */

void table_making_free(TableMaking *making)
{
    if (making == NULL)
        return;
    table_text_free(making->text);
    table_file_free(making->file);
    g_free(making);
}

static void on_made(void *user_data)
{
    Request *request = user_data;

    request_wake(request->mount, request);
}

static gboolean starts_empty(const Request *request)
{
    return (request->flags & O_TRUNC) && (request->flags & O_ACCMODE) != O_RDONLY;
}

static gboolean finish_making(Request *request, Outcome *ret)
{
    TableMaking *making = request->making;
    g_autoptr(GError) error = NULL;

    *ret = PARK;
    if (!table_text_ended(making->text, &error))
        return FALSE;
    if (error != NULL) {
        *ret = reply_error(request, request->ino, NULL, error);
        return FALSE;
    }
    tables_made(request->mount->tables, request->ino, table_text_size(making->text),
                clock_wall(request->mount->clock));
    request->file->table = g_steal_pointer(&making->file);
    return TRUE;
}

gboolean table_file_open(Request *request, const Place *place, Outcome *ret)
{
    gboolean writes = (request->flags & O_ACCMODE) != O_RDONLY;
    g_autoptr(GError) error = NULL;
    TableFile *file;
    int text;

    if (request->making != NULL)
        return finish_making(request, ret);
    text = table_text_new(request->mount, &error);
    if (text < 0) {
        *ret = reply_error(request, request->ino, NULL, error);
        return FALSE;
    }
    file = file_new_table(request->ino, text, writes);
    if (starts_empty(request)) {
        request->file->table = file;
        return TRUE;
    }
    request->making = g_new0(TableMaking, 1);
    request->making->file = file;
    request->making->text =
        table_text_start(request->mount, place, text, G_MAXUINT64, on_made, request);
    *ret = PARK;
    return FALSE;
}

/* ---- stat ---- */

/* What is known of it is not older than what it is made of. */
static gboolean has_size(Mount *mount, const Place *place)
{
    gint64 made_us = tables_made_us(mount->tables, place->ino);
    gboolean is_new = made_us > tables_touched_us(mount->tables, place->advertiser);
    ListingState state;
    Need needs[2];
    guint n = tree_table_needs(place, needs);

    for (guint i = 0; i < n; i++) {
        cache_listing_state(mount->cache, needs[i].kind, needs[i].advertiser, &state);
        if (!state.known) /* nothing is asked for on its account */
            return TRUE;
        is_new = is_new && made_us > state.changed_us;
    }
    return is_new;
}

gboolean table_file_measure(Request *request, const Place *place, Outcome *ret)
{
    Mount *mount = request->mount;
    gint64 size;

    *ret = PARK;
    if (request->making == NULL) {
        if (requests_is_open(mount->requests, place->ino) || has_size(mount, place))
            return TRUE;
        request->making = g_new0(TableMaking, 1);
        request->making->text = table_text_start(mount, place, -1, MEASURED_ROWS, on_made, request);
        return FALSE;
    }
    if (!table_text_ended(request->making->text, NULL))
        return FALSE;
    size = table_text_size(request->making->text);
    tables_made(mount->tables, place->ino,
                size >= 0 ? size : tables_size(mount->tables, place->ino),
                clock_wall(mount->clock));
    g_clear_pointer(&request->making, table_making_free);
    return TRUE;
}

/* ---- read ---- */

void table_file_read(fuse_req_t fuse, const TableFile *file, gsize size, gint64 offset)
{
    g_autofree char *buffer = g_malloc(size);
    gssize got = pread(file->text, buffer, size, offset);

    if (got < 0)
        fuse_reply_err(fuse, EIO);
    else
        fuse_reply_buf(fuse, buffer, (gsize)got);
}

/* ---- write ---- */

/* Until it is made again it is as long as it was written. */
static void note_size(Mount *mount, const TableFile *file)
{
    gint64 size = lseek(file->text, 0, SEEK_END);

    tables_made(mount->tables, file->ino, MAX(size, 0), clock_wall(mount->clock));
}

guint64 table_file_done(const File *file)
{
    return file->table->done_lines;
}

void table_file_note_done(File *file, guint64 lines, gint64 bytes)
{
    file->table->done_lines = lines;
    file->table->done_bytes = bytes;
}

static void forget_done(TableFile *file, gint64 offset)
{
    if (offset < file->done_bytes)
        file->done_lines = 0;
}

void table_file_lock(File *file, gboolean locked)
{
    file->table->locked = locked;
}

Outcome table_file_write(Request *request)
{
    TableFile *file = request->file->table;
    g_autoptr(GError) error = NULL;

    if (file->locked) {
        error = api_error_new(API_ERROR_BUSY, 0, NULL, "what was written before is being sent");
        return reply_error(request, request->ino, NULL, error);
    }
    file->lock_owner = request->lock_owner;
    file->changed = TRUE;
    forget_done(file, request->offset);
    if (!table_text_write(file->text, request->data, request->size, request->offset, &error)) {
        file->spoiled = TRUE;
        return reply_error(request, request->ino, NULL, error);
    }
    note_size(request->mount, file);
    fuse_reply_write(request->fuse, request->size);
    return DONE;
}

gboolean table_file_truncate(Mount *mount, File *file, gint64 size)
{
    TableFile *table = file->table;
    gboolean done = !table->locked && size <= TABLE_BYTES && ftruncate(table->text, size) == 0;

    if (done && size == 0) /* as if nothing had been written */
        table->spoiled = table->changed = FALSE;
    if (done) {
        note_size(mount, table);
        forget_done(table, size);
    }
    return done;
}

/* ---- commit ---- */

static Outcome run_table_commit(Request *request)
{
    g_autoptr(GError) error = NULL;
    g_auto(Place) place = {0};
    Outcome outcome;

    if (!tree_place(request->mount, request->ino, &place))
        return reply_stale(request);
    if (!table_commit(request, &place, request->file->table->text, &outcome, &error))
        return outcome;
    if (error != NULL)
        return reply_error(request, request->ino, NULL, error);
    return reply_errno(request, 0);
}

static void start_commit(fuse_req_t fuse, File *file)
{
    Request *request = request_new(fuse, run_table_commit, file->ino);

    file->table->changed = FALSE; /* a commit that fails is not made again by close() */
    request->file = file;
    request_start(request, 0);
}

/* What a write that failed has left has been said; what a dying writer left is not what it meant.
 */
void table_file_flush(fuse_req_t fuse, File *file, guint64 lock_owner, gboolean killed)
{
    TableFile *table = file->table;

    if (!table->changed || lock_owner != table->lock_owner) {
        fuse_reply_err(fuse, 0);
        return;
    }
    if (killed || table->spoiled) {
        table->changed = FALSE;
        fuse_reply_err(fuse, 0);
        return;
    }
    start_commit(fuse, file);
}

void table_file_fsync(fuse_req_t fuse, File *file)
{
    TableFile *table = file->table;

    if (!table->changed)
        fuse_reply_err(fuse, 0);
    else if (table->spoiled)
        fuse_reply_err(fuse, EIO);
    else
        start_commit(fuse, file);
}
