/* SPDX-License-Identifier: MIT */
/* draft-file.c - what comes to a draft and goes: itself, and what is void in it. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "api/error.h"
#include "api/nearest.h"
#include "fs/draft.h"
#include "fs/ops.h"
#include "fs/rights.h"

static pid_t caller_of(const Request *request)
{
    return process_of(fuse_req_ctx(request->fuse)->pid);
}

/* ---- a new one ---- */

static GError *bad_name(const char *name, const char *why)
{
    return api_error_new(API_ERROR_INVALID, 0, NULL, "%s: %s", name, why);
}

gboolean draft_check_name(const char *name, GError **error)
{
    GError *bad = NULL;

    if (strspn(name, "0123456789") == strlen(name))
        bad = bad_name(name, "digits alone are the id of an object that is there; give the draft a "
                             "name");
    else if (name[0] == '.')
        bad = bad_name(name, "a draft's name does not begin with a point");
    else if (g_str_has_suffix(name, ".meta"))
        bad = bad_name(name, "names that end in .meta say more of what is beside them; choose "
                             "another one");
    else if (!g_utf8_validate(name, -1, NULL))
        bad = bad_name("the name", "is not UTF-8");
    if (bad != NULL)
        g_propagate_error(error, bad);
    return bad == NULL;
}

static GError *no_place(const Place *dir)
{
    gboolean flat = dir->type == PLACE_COLLECTION && dir->kind == KIND_ADVERTISER &&
                    (dir->entry->members == KIND_ADGROUP || dir->entry->members == KIND_AD);

    if (flat)
        return api_error_new(API_ERROR_FIXED, 0, NULL,
                             "an ad group is begun in the directory adgroups/ of its campaign, and "
                             "an ad in ads/ of its ad group");
    return api_error_new(API_ERROR_FIXED, 0, NULL,
                         "no directory can be made here; a draft of a new object is one in "
                         "campaigns/, or in adgroups/ or ads/ of what it goes into");
}

/* What the draft will be, before it is there. */
static Place place_to_be(const Place *dir, const DraftScope *scope)
{
    return (Place){.type = PLACE_DRAFT,
                   .kind = scope->kind,
                   .advertiser = dir->advertiser,
                   .parent = (char *)scope->parent};
}

static Outcome reply_made(Request *request)
{
    g_autoptr(GError) error = NULL;

    if (!draft_change_ended(request->draft_change, &error))
        return PARK;
    if (error != NULL)
        return reply_error(request, request->ino, request->name, error);
    gint64 draft = draft_change_number(request->draft_change);

    copy_begin(request->mount->copies, draft, caller_of(request));
    return reply_entry(request, ino_of_draft(draft, SLOT_SELF));
}

/* Its account's role, and what it goes into, are known: else *ret. */
static gboolean has_all(Request *request, const Place *draft, Outcome *ret)
{
    Need needs[MAX_NEEDS];
    guint n = draft_wishes(request->mount, draft, FOR_WRITING, needs);

    *ret = PARK;
    return request_wish(request, needs, n, request->run);
}

static Outcome make_draft(Request *request, const Place *dir)
{
    Mount *mount = request->mount;
    g_autoptr(GError) error = NULL;
    DraftScope scope;
    Outcome outcome;
    Place draft;

    if (!draft_scope_of(mount, dir, &scope)) {
        error = no_place(dir);
        return reply_error(request, request->ino, request->name, error);
    }
    if (draft_find(mount->cache, &scope, request->name) != NULL)
        return reply_errno(request, EEXIST);
    g_autofree char *account = g_strdup(scope.account);
    scope.account = account;
    draft = place_to_be(dir, &scope);
    if (!has_all(request, &draft, &outcome))
        return outcome;
    if (!draft_check_name(request->name, &error) || draft_refuses(mount, &draft, &error))
        return reply_error(request, request->ino, request->name, error);
    request->draft_change = draft_make(mount->cache, &scope, request->name, request);
    return PARK;
}

/* ---- what is void ---- */

/* What a directory of an object of that kind has, and a draft has not. */
static gboolean is_derived(ObjectKind kind, const char *name, PlaceType *ret)
{
    const Entry *entry;

    for (guint i = 0; (entry = tree_entry(kind, i)) != NULL; i++) {
        if (entry->parent != SLOT_SELF || strcmp(entry->name, name) != 0)
            continue;
        *ret = entry->type;
        return TRUE;
    }
    *ret = PLACE_ATTR;
    return attr_find(kind, name) != NULL && draft_row_find(kind, name) == NULL;
}

static gboolean is_link_type(PlaceType type)
{
    return type == PLACE_LINK || type == PLACE_REPORTS;
}

static gboolean fits(PlaceType type, mode_t mode)
{
    if (mode == S_IFDIR)
        return type == PLACE_COLLECTION;
    /* tar first makes a file where a link will be. */
    return mode == S_IFLNK ? is_link_type(type) : type != PLACE_COLLECTION;
}

static const char *near_name(ObjectKind kind, const char *name)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    const DraftRow *row;

    for (guint i = 0; (row = draft_row(kind, i)) != NULL; i++)
        g_ptr_array_add(names, (char *)row->name);
    g_ptr_array_add(names, NULL);
    return nearest_word(name, (const char *const *)names->pdata);
}

static GError *no_such_file(const Place *dir, const char *name)
{
    const char *near = near_name(dir->kind, name);

    if (near != NULL)
        return api_error_new(API_ERROR_FIXED, 0, NULL,
                             "a draft has no file %s, and none can be made; did you mean %s?", name,
                             near);
    return api_error_new(API_ERROR_FIXED, 0, NULL,
                         "a draft has no file %s, and none can be made; ls shows those that it has",
                         name);
}

/* NULL and the reply in *ret: nothing like that is void there. */
static Void *make_void(Request *request, const Place *dir, mode_t type, const char *target,
                       Outcome *ret)
{
    g_autoptr(GError) error = NULL;
    PlaceType like;

    if (dir->type == PLACE_VOID_DIR ||
        (dir->type == PLACE_DRAFT && is_derived(dir->kind, request->name, &like) &&
         fits(like, type)))
        return void_make(request->mount->voids, request->ino, request->name, type, target);
    error = dir->type == PLACE_DRAFT ? no_such_file(dir, request->name) : no_place(dir);
    *ret = reply_error(request, request->ino, request->name, error);
    return NULL;
}

static Outcome run_mkdir(Request *request)
{
    g_auto(Place) dir = {0};
    const Void *nothing;
    Outcome outcome;

    if (request->draft_change != NULL)
        return reply_made(request);
    if (!tree_place(request->mount, request->ino, &dir))
        return reply_stale(request);
    if (dir.type != PLACE_DRAFT && dir.type != PLACE_VOID_DIR)
        return make_draft(request, &dir);
    nothing = make_void(request, &dir, S_IFDIR, NULL, &outcome);
    return nothing != NULL ? reply_entry(request, ino_of_void(nothing->number)) : outcome;
}

void draft_mkdir(fuse_req_t fuse, fuse_ino_t parent, const char *name)
{
    Request *request = request_new(fuse, run_mkdir, parent);

    request->name = g_strdup(name);
    request_start(request, 0);
}

static Outcome run_symlink(Request *request)
{
    g_auto(Place) dir = {0};
    const Void *nothing;
    Outcome outcome;

    if (!tree_place(request->mount, request->ino, &dir))
        return reply_stale(request);
    nothing = make_void(request, &dir, S_IFLNK, request->line, &outcome);
    return nothing != NULL ? reply_entry(request, ino_of_void(nothing->number)) : outcome;
}

void draft_symlink(fuse_req_t fuse, const char *target, fuse_ino_t parent, const char *name)
{
    Request *request = request_new(fuse, run_symlink, parent);

    request->name = g_strdup(name);
    request->line = g_strdup(target);
    request_start(request, 0);
}

gboolean draft_hides(Request *request, const Place *dir, const char *name)
{
    guint64 ino = dir->type == PLACE_DRAFT ? draft_find_in(request->mount, dir, name) : 0;

    return ino_is_draft(ino) &&
           copy_hides(request->mount->copies, dir->row, ino_slot(ino), caller_of(request));
}

static Outcome reply_created(Request *request, guint64 ino)
{
    struct fuse_entry_param entry = {.ino = ino};
    struct fuse_file_info fi = {.flags = request->flags, .direct_io = TRUE};
    Mount *mount = request->mount;
    g_auto(Place) place = {0};
    File *file;

    if (!tree_place(mount, ino, &place))
        return reply_stale(request);
    tree_stat(mount, &place, &entry.attr);
    file = file_new(ino);
    file->text = tree_text(mount, &place);
    fi.fh = (uintptr_t)file;
    if (fuse_reply_create(request->fuse, &entry, &fi) == -ENOENT) {
        file_free(file); /* the caller has gone: no release will come */
        return DONE;
    }
    g_hash_table_add(mount->files, file);
    requests_note_open(mount->requests, ino, 1);
    return DONE;
}

/* A file of the draft, for whoever has made the draft and not seen it yet. */
static Outcome create_file(Request *request, const Place *dir, guint64 ino)
{
    g_autoptr(GError) error = NULL;
    g_auto(Place) place = {0};

    if ((request->flags & O_EXCL) && !draft_hides(request, dir, request->name))
        return reply_errno(request, EEXIST);
    if (!tree_place(request->mount, ino, &place))
        return reply_stale(request);
    if (draft_refuses(request->mount, &place, &error))
        return reply_error(request, request->ino, request->name, error);
    copy_made(request->mount->copies, dir->row, ino_slot(ino));
    return reply_created(request, ino);
}

static Outcome run_create(Request *request)
{
    g_auto(Place) dir = {0};
    const Void *nothing;
    Outcome outcome;
    guint64 ino;

    if (!tree_place(request->mount, request->ino, &dir))
        return reply_stale(request);
    ino = draft_find_in(request->mount, &dir, request->name);
    if (ino_is_draft(ino))
        return create_file(request, &dir, ino);
    nothing = make_void(request, &dir, S_IFREG, NULL, &outcome);
    return nothing != NULL ? reply_created(request, ino_of_void(nothing->number)) : outcome;
}

void draft_create(fuse_req_t fuse, fuse_ino_t parent, const char *name, struct fuse_file_info *fi)
{
    Request *request = request_new(fuse, run_create, parent);

    request->name = g_strdup(name);
    request->flags = fi->flags;
    request_start(request, 0);
}

/* ---- removed ---- */

Outcome draft_reply_changed(Request *request)
{
    g_autoptr(GError) error = NULL;

    if (!draft_change_ended(request->draft_change, &error))
        return PARK;
    return error != NULL ? reply_error(request, request->ino, request->name, error)
                         : reply_errno(request, 0);
}

static Outcome run_rmdir(Request *request)
{
    Mount *mount = request->mount;
    g_autoptr(GError) error = NULL;
    g_auto(Place) dir = {0};
    guint64 ino;

    if (request->draft_change != NULL)
        return draft_reply_changed(request);
    if (!tree_place(mount, request->ino, &dir))
        return reply_stale(request);
    ino = tree_find(mount, &dir, request->name);
    if (ino_is_void(ino)) {
        void_drop(mount->voids, ino_row(ino));
        return reply_errno(request, 0);
    }
    if (ino == 0)
        return reply_errno(request, ENOENT);
    if (ino_is_draft(ino) && ino_slot(ino) == SLOT_SELF) {
        request->draft_change = draft_discard(mount->cache, ino_row(ino), request);
        return PARK;
    }
    error = api_error_new(API_ERROR_FIXED, 0, NULL,
                          "%s: rmdir discards drafts only; to delete an object, mount with -o "
                          "allow_delete and write DELETE to its file status",
                          request->name);
    return reply_error(request, request->ino, request->name, error);
}

void draft_rmdir(fuse_req_t fuse, fuse_ino_t parent, const char *name)
{
    Request *request = request_new(fuse, run_rmdir, parent);

    request->name = g_strdup(name);
    request_start(request, 0);
}

/* A file of a draft is always there: what goes is its value, and to whoever removes it, the file.
 */
static Outcome run_unlink(Request *request)
{
    Mount *mount = request->mount;
    g_autofree char *patch = NULL;
    g_auto(Place) dir = {0};
    guint64 ino;

    if (request->draft_change != NULL)
        return draft_reply_changed(request);
    if (!tree_place(mount, request->ino, &dir))
        return reply_stale(request);
    ino = tree_find(mount, &dir, request->name);
    if (ino == 0)
        return reply_errno(request, ENOENT);
    if (ino_is_void(ino))
        void_drop(mount->voids, ino_row(ino));
    else
        copy_removed(mount->copies, dir.row, ino_slot(ino), caller_of(request));
    if (ino_is_void(ino) || ino_slot(ino) == SLOT_INFO || ino_slot(ino) == SLOT_CTL)
        return reply_errno(request, 0);
    patch = g_strdup_printf("{\"%s\":null}", request->name);
    request->draft_change = draft_set(mount->cache, dir.row, patch, request);
    return PARK;
}

void draft_unlink(fuse_req_t fuse, fuse_ino_t parent, const char *name)
{
    Request *request = request_new(fuse, run_unlink, parent);

    request->name = g_strdup(name);
    request_start(request, 0);
}
