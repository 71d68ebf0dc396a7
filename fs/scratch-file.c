/* SPDX-License-Identifier: MIT */
/* scratch-file.c - making, opening, reading and writing scratch files; scratch-rename.c has the
   rest. */
#include "fs/scratch-file.h"

#include <errno.h>
#include <fcntl.h>

#include "api/error.h"
#include "api/nearest.h"
#include "fs/control.h"
#include "fs/errno.h"
#include "fs/scratch-name.h"

enum { LOOK_S = 60 };

guint64 scratch_file_find(Mount *mount, const Place *dir, const char *name)
{
    const Scratch *scratch = scratch_find(mount->scratches, dir->ino, name);

    return scratch != NULL ? ino_of_scratch(scratch->number) : 0;
}

void scratch_file_stat(Mount *mount, const Place *place, struct stat *ret)
{
    const Scratch *scratch = scratch_at(mount->scratches, ino_row(place->ino));
    struct timespec time = {.tv_sec = scratch->changed_us / G_USEC_PER_SEC,
                            .tv_nsec = scratch->changed_us % G_USEC_PER_SEC * 1000};

    *ret = (struct stat){.st_ino = place->ino,
                         .st_mode = S_IFREG | scratch->mode,
                         .st_uid = scratch->uid,
                         .st_gid = scratch->gid,
                         .st_size = scratch->size,
                         .st_blksize = 4096,
                         .st_blocks = (scratch->size + 511) / 512,
                         .st_atim = time,
                         .st_mtim = time,
                         .st_ctim = time,
                         .st_nlink = scratch->dir != 0};
}

/* ---- expiry ---- */

/* The kernel keeps the listing for as long as the directory has the same time: it is to ask again.
 */
static void on_gone(void *user_data, guint64 dir)
{
    Mount *mount = user_data;

    fuse_lowlevel_notify_inval_inode(mount->session, dir, -1, 0);
}

static gboolean on_look(void *user_data)
{
    Mount *mount = user_data;
    gboolean left = scratches_expire(mount->scratches, on_gone, mount);

    if (!left)
        mount->scratch_source = 0;
    return left;
}

void scratch_files_stop(Mount *mount)
{
    g_clear_handle_id(&mount->scratch_source, g_source_remove);
    g_clear_pointer(&mount->scratches, scratches_free);
}

/* ---- make ---- */

/* The files of a directory that take values. */
typedef struct {
    GPtrArray *names; /* ends with NULL */
    GError *refused;  /* why one that is there takes none */
    gboolean tables;  /* there is one among them */
} Targets;

static void targets_clear(Targets *targets)
{
    g_clear_pointer(&targets->names, g_ptr_array_unref);
    g_clear_error(&targets->refused);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Targets, targets_clear)

/* Whoever looks for names in a directory finds them so, however they come to be there. */
static void find_targets(Mount *mount, const Place *dir, Targets *ret)
{
    g_autoptr(GArray) children = tree_children(mount, dir, 0, G_MAXINT);

    ret->names = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < children->len; i++) {
        const TreeChild *child = &g_array_index(children, TreeChild, i);
        g_auto(Place) place = {0};

        if (!tree_place_near(mount, dir, child->ino, &place) || !scratch_file_is_target(&place) ||
            tree_refuses(mount, &place, ret->refused == NULL ? &ret->refused : NULL))
            continue;
        g_ptr_array_add(ret->names, g_strdup(child->name));
        ret->tables |= place.type == PLACE_TABLE;
    }
    g_ptr_array_add(ret->names, NULL);
}

static const char *const *names_of(const Targets *targets)
{
    return (const char *const *)targets->names->pdata;
}

/* What somebody may have meant, or what there is. */
static GError *no_such_file(const char *name, const Targets *targets)
{
    const char *near = nearest_word(name, names_of(targets));
    g_autofree char *all = g_strjoinv(", ", (char **)targets->names->pdata);

    if (names_of(targets)[0] == NULL && targets->refused != NULL)
        return g_error_copy(targets->refused);
    if (near != NULL)
        return api_error_new(API_ERROR_FIXED, 0, NULL,
                             "there is no file %s here, and none can be made; did you mean %s?",
                             name, near);
    return api_error_new(API_ERROR_FIXED, 0, NULL,
                         "there is no file %s here, and none can be made; what can be written "
                         "here: %s",
                         name, *all != '\0' ? all : "nothing");
}

gboolean scratch_file_allows(Mount *mount, const Place *dir, const char *name, GError **error)
{
    g_auto(Targets) targets = {0};

    find_targets(mount, dir, &targets);
    if (scratch_name_of(name, TRUE, names_of(&targets)) != NULL)
        return TRUE;
    g_propagate_error(error, no_such_file(name, &targets));
    return FALSE;
}

static Outcome reply_created(Request *request, Scratch *scratch)
{
    struct fuse_entry_param entry = {.ino = ino_of_scratch(scratch->number)};
    struct fuse_file_info fi = {.flags = request->flags, .direct_io = TRUE};
    Mount *mount = request->mount;
    g_auto(Place) place = {0};

    if (!tree_place(mount, entry.ino, &place))
        return reply_stale(request);
    tree_stat(mount, &place, &entry.attr);
    scratch_open(mount->scratches, scratch);
    if (mount->scratch_source == 0)
        mount->scratch_source = g_timeout_add_seconds(LOOK_S, on_look, mount);
    if (fuse_reply_create(request->fuse, &entry, &fi) == -ENOENT)
        scratch_close(mount->scratches, scratch->number); /* the caller has gone */
    return DONE;
}

/* What may be written beside a table may be as long as one. */
static gboolean is_large(Mount *mount, const Place *dir, const char *of, const Targets *targets)
{
    guint64 ino = *of != '\0' ? tree_find(mount, dir, of) : 0;
    g_auto(Place) place = {0};

    if (ino == 0)
        return targets->tables;
    return tree_place_near(mount, dir, ino, &place) && place.type == PLACE_TABLE;
}

static Outcome run_create(Request *request)
{
    Mount *mount = request->mount;
    g_autoptr(GError) error = NULL;
    g_auto(Targets) targets = {0};
    g_auto(Place) dir = {0};
    Scratch *scratch = NULL;
    const char *of;

    if (!tree_place(mount, request->ino, &dir))
        return reply_stale(request);
    scratch = scratch_find(mount->scratches, dir.ino, request->name);
    if (scratch != NULL) /* another process was as quick */
        return request->flags & O_EXCL ? reply_errno(request, EEXIST)
                                       : reply_created(request, scratch);
    find_targets(mount, &dir, &targets);
    of = scratch_name_of(request->name, (request->flags & O_EXCL) != 0, names_of(&targets));
    if (of == NULL)
        error = no_such_file(request->name, &targets);
    else
        scratch =
            scratch_create(mount->scratches, dir.ino, request->name, request->attr.st_mode & 07777,
                           is_large(mount, &dir, of, &targets), &error);
    if (scratch == NULL)
        return reply_error(request, request->ino, request->name, error);
    scratch->uid = mount->options->uid;
    scratch->gid = mount->options->gid;
    return reply_created(request, scratch);
}

void scratch_file_create(fuse_req_t fuse, fuse_ino_t parent, const char *name, mode_t mode,
                         struct fuse_file_info *fi)
{
    Request *request = request_new(fuse, run_create, parent);

    request->name = g_strdup(name);
    request->attr.st_mode = mode;
    request->flags = fi->flags;
    request_start(request, 0);
}

/* ---- open files ---- */

static Scratch *scratch_of(fuse_req_t fuse, fuse_ino_t ino)
{
    Mount *mount = fuse_req_userdata(fuse);

    return scratch_at(mount->scratches, ino_row(ino));
}

static Scratches *all_of(fuse_req_t fuse)
{
    return ((Mount *)fuse_req_userdata(fuse))->scratches;
}

/* An error with its line in .adsfs/errors. */
static void reply_refused(fuse_req_t fuse, fuse_ino_t ino, const GError *error)
{
    Mount *mount = fuse_req_userdata(fuse);
    g_auto(Place) place = {0};
    g_autofree char *path = tree_place(mount, ino, &place) ? tree_path(mount, &place) : NULL;

    control_failed(mount, path != NULL ? path : "", errno_of(error), error);
    fuse_reply_err(fuse, errno_of(error));
}

void scratch_file_open(fuse_req_t fuse, fuse_ino_t ino, struct fuse_file_info *fi)
{
    Scratch *scratch = scratch_of(fuse, ino);

    if (scratch == NULL) {
        fuse_reply_err(fuse, ESTALE);
        return;
    }
    if (fi->flags & O_TRUNC)
        scratch_resize(all_of(fuse), scratch, 0, NULL);
    fi->direct_io = TRUE;
    scratch_open(all_of(fuse), scratch);
    if (fuse_reply_open(fuse, fi) == -ENOENT)
        scratch_close(all_of(fuse), scratch->number);
}

void scratch_file_read(fuse_req_t fuse, fuse_ino_t ino, size_t size, off_t offset)
{
    const Scratch *scratch = scratch_of(fuse, ino);
    g_autofree char *buffer = g_malloc(size);
    gssize got = scratch != NULL ? scratch_read(scratch, buffer, size, offset) : -1;

    if (got < 0)
        fuse_reply_err(fuse, EIO);
    else
        fuse_reply_buf(fuse, buffer, (gsize)got);
}

void scratch_file_write(fuse_req_t fuse, fuse_ino_t ino, const char *data, size_t size,
                        off_t offset)
{
    Scratch *scratch = scratch_of(fuse, ino);
    g_autoptr(GError) error = NULL;

    if (scratch == NULL)
        fuse_reply_err(fuse, ESTALE);
    else if (scratch_write(all_of(fuse), scratch, data, size, offset, &error))
        fuse_reply_write(fuse, size);
    else
        reply_refused(fuse, ino, error);
}

static void set_times(Scratch *scratch, const struct stat *attr, int which)
{
    if ((which & FUSE_SET_ATTR_MTIME) && !(which & FUSE_SET_ATTR_MTIME_NOW))
        scratch->changed_us =
            (gint64)attr->st_mtim.tv_sec * G_USEC_PER_SEC + attr->st_mtim.tv_nsec / 1000;
}

/* It is theirs: all of it can be set. */
void scratch_file_setattr(fuse_req_t fuse, fuse_ino_t ino, const struct stat *attr, int which)
{
    Scratch *scratch = scratch_of(fuse, ino);
    Mount *mount = fuse_req_userdata(fuse);
    g_autoptr(GError) error = NULL;
    g_auto(Place) place = {0};
    struct stat now;

    if (scratch == NULL || !tree_place(mount, ino, &place)) {
        fuse_reply_err(fuse, ESTALE);
        return;
    }
    if ((which & FUSE_SET_ATTR_SIZE) &&
        !scratch_resize(mount->scratches, scratch, attr->st_size, &error)) {
        reply_refused(fuse, ino, error);
        return;
    }
    if (which & FUSE_SET_ATTR_MODE)
        scratch->mode = attr->st_mode & 07777;
    if (which & FUSE_SET_ATTR_UID)
        scratch->uid = attr->st_uid;
    if (which & FUSE_SET_ATTR_GID)
        scratch->gid = attr->st_gid;
    set_times(scratch, attr, which);
    tree_stat(mount, &place, &now);
    fuse_reply_attr(fuse, &now, 0);
}

void scratch_file_release(fuse_req_t fuse, fuse_ino_t ino)
{
    scratch_close(all_of(fuse), ino_row(ino));
    fuse_reply_err(fuse, 0);
}
