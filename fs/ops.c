/* SPDX-License-Identifier: MIT */
/*
 * ops.c - names and listings; attributes are in stat.c, open files in file.c and write.c.
 *
 * A look-up waits only for the listing that it needs; readdir at offset > 0 never waits.
 */
#include "fs/ops.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "fs/control.h"
#include "fs/draft.h"
#include "fs/errno.h"
#include "fs/meta.h"
#include "fs/report.h"
#include "fs/request.h"
#include "fs/rights.h"
#include "fs/saved-file.h"
#include "fs/scratch-file.h"
#include "fs/stat.h"
#include "fs/xattr.h"

enum {
    PLUS_ENTRY_SIZE = 160,
    PLAIN_ENTRY_SIZE = 32,
    LISTING_MOST = 256, /* in one answer: more make a long turn, and save nothing to speak of */
};

/* ---- lookup ---- */

static guint64 find_name(Mount *mount, const Place *dir, const char *name)
{
    guint64 ino = tree_find(mount, dir, name);

    if (ino == 0)
        ino = scratch_file_find(mount, dir, name);
    return ino != 0 ? ino : meta_find(mount, dir, name);
}

static Outcome run_lookup(Request *request)
{
    Mount *mount = request->mount;
    g_auto(Place) dir = {0};
    g_auto(Place) found = {0};
    g_autoptr(GError) error = NULL;
    Need needs[MAX_NEEDS];
    Outcome outcome;
    gboolean asks; /* the service, for a name that is not known */
    guint64 ino;

    if (!tree_place(mount, request->ino, &dir))
        return reply_stale(request);
    if (rights_lack(mount, &dir, FALSE, &error))
        return reply_error(request, request->ino, NULL, error);
    if (draft_hides(request, &dir, request->name))
        return reply_no_entry(request, 0);
    asks = !meta_is_name(&dir, request->name);
    ino = find_name(mount, &dir, request->name);
    if (ino == 0 && report_lookup_refused(request, &dir, &outcome))
        return outcome;
    if (ino == 0 && asks &&
        !request_want(request, needs, tree_lookup_needs(mount, &dir, request->name, needs),
                      &outcome))
        return outcome;
    if (ino == 0 && asks)
        ino = find_name(mount, &dir, request->name);
    if (ino == 0 && dir.type >= PLACE_REPORTS && dir.type <= PLACE_RANGE)
        return report_lookup(request, &dir);
    if (ino == 0 || !tree_place_near(mount, &dir, ino, &found))
        return reply_no_entry(
            request, asks && !draft_is_coming(mount, &dir, request->name) ? NO_ENTRY_S : 0);
    if (!request_want(request, needs, tree_needs(mount, &found, FOR_NAME, needs), &outcome))
        return outcome;
    return reply_entry(request, ino);
}

static void op_lookup(fuse_req_t fuse, fuse_ino_t parent, const char *name)
{
    Request *request = request_new(fuse, run_lookup, parent);

    request->name = g_strdup(name);
    request_start(request, LOOKUP_DEADLINE_S);
}

/* ---- listings ---- */

typedef struct {
    fuse_req_t fuse;
    char *buffer;
    gsize size, used;
    gboolean plus;
} Listing;

/* FALSE: it did not fit. */
static gboolean listing_add(Mount *mount, Listing *listing, const Place *dir,
                            const TreeChild *child)
{
    struct fuse_entry_param entry = {.ino = child->ino};
    g_auto(Place) place = {0};
    gboolean dot = child->name[0] == '.' && strspn(child->name, ".") == strlen(child->name);
    gsize length;

    if (!tree_place_near(mount, dir, child->ino, &place))
        return TRUE; /* vanished since: leave it out */
    tree_stat(mount, &place, &entry.attr);
    entry.attr_timeout = tree_timeout(mount, &place);
    entry.entry_timeout = tree_entry_timeout(mount, &place);
    if (dot)
        entry.ino = 0; /* not a look-up: the kernel knows these */
    if (listing->plus)
        length =
            fuse_add_direntry_plus(listing->fuse, listing->buffer + listing->used,
                                   listing->size - listing->used, child->name, &entry, child->next);
    else
        length =
            fuse_add_direntry(listing->fuse, listing->buffer + listing->used,
                              listing->size - listing->used, child->name, &entry.attr, child->next);
    if (length > listing->size - listing->used)
        return FALSE;
    listing->used += length;
    return TRUE;
}

static Outcome reply_listing(Request *request, const Place *dir, gboolean plus)
{
    guint fit = (guint)(request->size / (plus ? PLUS_ENTRY_SIZE : PLAIN_ENTRY_SIZE)) + 1;
    guint most = MIN(fit, LISTING_MOST);
    g_autoptr(GArray) children = tree_children(request->mount, dir, request->offset, most);
    g_autofree char *buffer = g_malloc(request->size);
    Listing listing = {
        .fuse = request->fuse, .buffer = buffer, .size = request->size, .plus = plus};
    Outcome outcome;

    if (request_unreadable(request, &outcome)) /* or it would end too early, without a word */
        return outcome;
    for (guint i = 0; i < children->len; i++)
        if (!listing_add(request->mount, &listing, dir, &g_array_index(children, TreeChild, i)))
            break;
    fuse_reply_buf(request->fuse, buffer, listing.used);
    return DONE;
}

/* An empty directory where the service lists no Business Centers to this token: say why, once. */
static void tell_refused(Mount *mount, const Place *dir)
{
    ListingState state;
    const GError *error;
    Need need;

    if (mount->told || !tree_members_need(dir, &need) || need.kind != LISTING_CENTERS)
        return;
    cache_listing_state(mount->cache, need.kind, need.advertiser, &state);
    error = cache_listing_error(mount->cache, need.kind, need.advertiser);
    if (error == NULL || state.served_old)
        return;
    control_failed(mount, "business-centers", errno_of(error), error);
    mount->told = TRUE;
}

static Outcome run_readdir(Request *request)
{
    Mount *mount = request->mount;
    g_autoptr(GError) error = NULL;
    g_auto(Place) dir = {0};
    Need needs[MAX_NEEDS];
    Outcome outcome;

    if (!tree_place(mount, request->ino, &dir))
        return reply_stale(request);
    if (!place_is_dir(&dir))
        return reply_errno(request, ENOTDIR);
    if (rights_lack(mount, &dir, FALSE, &error))
        return reply_error(request, request->ino, NULL, error);
    if (request->offset == 0 &&
        !request_want(request, needs, tree_needs(mount, &dir, FOR_READING, needs), &outcome))
        return outcome;
    tell_refused(mount, &dir);
    return reply_listing(request, &dir, request->flags != 0);
}

static void start_readdir(fuse_req_t fuse, fuse_ino_t ino, size_t size, off_t offset, gboolean plus)
{
    Request *request = request_new(fuse, run_readdir, ino);

    request->size = size;
    request->offset = offset;
    request->flags = plus;
    request->lists = TRUE;
    request_start(request, 0);
}

static void op_readdir(fuse_req_t fuse, fuse_ino_t ino, size_t size, off_t offset,
                       struct fuse_file_info *fi)
{
    start_readdir(fuse, ino, size, offset, FALSE);
}

static void op_readdirplus(fuse_req_t fuse, fuse_ino_t ino, size_t size, off_t offset,
                           struct fuse_file_info *fi)
{
    start_readdir(fuse, ino, size, offset, TRUE);
}

/* ENOSYS once: the kernel opens directories by itself from now on and keeps their listings. */
static void op_opendir(fuse_req_t fuse, fuse_ino_t ino, struct fuse_file_info *fi)
{
    Mount *mount = fuse_req_userdata(fuse);

    if (mount->dir_cache)
        fuse_reply_err(fuse, ENOSYS);
    else
        fuse_reply_open(fuse, fi);
}

/* ---- the rest ---- */

static void op_readlink(fuse_req_t fuse, fuse_ino_t ino)
{
    g_auto(Place) place = {0};
    g_autofree char *target = NULL;

    if (!tree_place(fuse_req_userdata(fuse), ino, &place) ||
        (place.type != PLACE_LINK && place.type != PLACE_VOID_LINK)) {
        fuse_reply_err(fuse, ESTALE);
        return;
    }
    target = tree_link(&place);
    fuse_reply_readlink(fuse, target);
}

static void op_statfs(fuse_req_t fuse, fuse_ino_t ino)
{
    struct statvfs stat = {.f_bsize = 4096, .f_frsize = 4096, .f_namemax = 255};

    fuse_reply_statfs(fuse, &stat);
}

/* Nothing is kept for an inode. */
static void op_forget(fuse_req_t fuse, fuse_ino_t ino, uint64_t count)
{
    fuse_reply_none(fuse);
}

static void op_forget_multi(fuse_req_t fuse, size_t count, struct fuse_forget_data *forgets)
{
    fuse_reply_none(fuse);
}

/* New names are refused, which catches `echo 5 > bugdet`; but for those of scratch files and of
   saved queries. */
static void op_create(fuse_req_t fuse, fuse_ino_t parent, const char *name, mode_t mode,
                      struct fuse_file_info *fi)
{
    if (ino_is_draft(parent) || ino_is_void(parent))
        draft_create(fuse, parent, name, fi);
    else if (scratch_is_home(parent))
        scratch_file_create(fuse, parent, name, mode, fi);
    else
        saved_file_create(fuse, parent, name, fi);
}

static void op_mknod(fuse_req_t fuse, fuse_ino_t parent, const char *name, mode_t mode, dev_t rdev)
{
    fuse_reply_err(fuse, EPERM);
}

static void op_mkdir(fuse_req_t fuse, fuse_ino_t parent, const char *name, mode_t mode)
{
    draft_mkdir(fuse, parent, name);
}

static void op_unlink(fuse_req_t fuse, fuse_ino_t parent, const char *name)
{
    if (ino_is_draft(parent) || ino_is_void(parent))
        draft_unlink(fuse, parent, name);
    else if (scratch_is_home(parent))
        scratch_file_unlink(fuse, parent, name);
    else
        saved_file_unlink(fuse, parent, name);
}

static void op_rmdir(fuse_req_t fuse, fuse_ino_t parent, const char *name)
{
    draft_rmdir(fuse, parent, name);
}

/* emacs locks what it edits with a link, or where there can be none, with a file. */
static void op_symlink(fuse_req_t fuse, const char *target, fuse_ino_t parent, const char *name)
{
    if (ino_is_draft(parent) || ino_is_void(parent))
        draft_symlink(fuse, target, parent, name);
    else
        fuse_reply_err(fuse, EPERM);
}

static void op_link(fuse_req_t fuse, fuse_ino_t ino, fuse_ino_t parent, const char *name)
{
    fuse_reply_err(fuse, EPERM);
}

static void op_rename(fuse_req_t fuse, fuse_ino_t parent, const char *name, fuse_ino_t new_parent,
                      const char *new_name, unsigned int flags)
{
    scratch_file_rename(fuse, parent, name, new_parent, new_name, flags);
}

static void op_init(void *user_data, struct fuse_conn_info *conn)
{
    conn->want |= conn->capable & FUSE_CAP_CACHE_SYMLINKS; /* where a link leads never changes */
    conn->max_background = 1024;
    conn->congestion_threshold = 768;
    conn->want &= ~(unsigned)(FUSE_CAP_SPLICE_READ | FUSE_CAP_SPLICE_WRITE | FUSE_CAP_SPLICE_MOVE);
}

static void inval_attributes(Mount *mount, gint64 row, guint slot)
{
    fuse_lowlevel_notify_inval_inode(mount->session, ino_of(row, slot), -1, 0);
}

void ops_changed(Mount *mount, gint64 row)
{
    const Row *object = cache_row(mount->cache, row);
    gint64 holders[] = {0, 0}; /* of the directories that show it by its name */

    for (guint slot = SLOT_SELF; slot <= SLOT_ATTR_LAST; slot++)
        inval_attributes(mount, row, slot);
    if (object == NULL)
        return;
    Scope scope = {.kind = object->kind - 1, .advertiser = object->advertiser};

    holders[0] = object->advertiser;
    if (*object->parent != '\0')
        holders[1] = cache_find_id(mount->cache, &scope, object->parent);
    for (gsize i = 0; i < G_N_ELEMENTS(holders); i++)
        for (guint slot = SLOT_CAMPAIGNS; slot <= SLOT_AD_NAMES && holders[i] > 0; slot++)
            inval_attributes(mount, holders[i], slot);
}

void ops_listed(Mount *mount, ListingKind kind)
{
    ListingState state;

    if (kind != LISTING_ROLES && kind != LISTING_ASSETS)
        return;
    cache_listing_state(mount->cache, LISTING_ADVERTISERS, 0, &state);
    if (state.changed_us == mount->accounts_us)
        return;
    mount->accounts_us = state.changed_us;
    inval_attributes(mount, 0, SLOT_ROOT);
    inval_attributes(mount, 0, SLOT_ROOT_NAMES);
}

const struct fuse_lowlevel_ops ops_table = {
    .init = op_init,
    .lookup = op_lookup,
    .forget = op_forget,
    .forget_multi = op_forget_multi,
    .getattr = stat_getattr,
    .setattr = file_setattr,
    .readlink = op_readlink,
    .mknod = op_mknod,
    .mkdir = op_mkdir,
    .unlink = op_unlink,
    .rmdir = op_rmdir,
    .symlink = op_symlink,
    .rename = op_rename,
    .link = op_link,
    .open = file_open,
    .read = file_read,
    .write = file_write,
    .flush = file_flush,
    .release = file_release,
    .fsync = file_fsync,
    .opendir = op_opendir,
    .readdir = op_readdir,
    .readdirplus = op_readdirplus,
    .statfs = op_statfs,
    .getxattr = xattr_get,
    .listxattr = xattr_list,
    .access = stat_access,
    .create = op_create,
};
