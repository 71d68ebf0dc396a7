/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * draft.h - drafts as directories: campaigns/spring with a file for each member that its creation
 * takes, info.json, by which they can be taken over from another object, and ctl. Everything here
 * is known without asking, but for what the account and the parent say.
 *
 *     mkdir --> draft --echo create > ctl--> an object; no draft any more
 *                 `--rmdir--> gone
 */
#include "cache/draft.h"
#include "fs/draft-copy.h"
#include "fs/draft-table.h"
#include "fs/request.h"
#include "fs/void.h"

/* ---- draft.c: the places ---- */

/* A collection that drafts can be in; FALSE: none can. ret borrows from dir and from the cache,
   until the next call there. */
gboolean draft_scope_of(Mount *mount, const Place *dir, DraftScope *ret);
/* The draft itself, or a file in it. */
gboolean draft_place(Mount *mount, guint64 ino, Place *ret);
gboolean void_place(Mount *mount, guint64 ino, Place *ret);
/* 0: there is none. dir: a collection, a draft, or what is void. */
guint64 draft_find_in(Mount *mount, const Place *dir, const char *name);
/* A link of this name may come to this by-name/ at any time, as there is a draft beside it. */
gboolean draft_is_coming(Mount *mount, const Place *dir, const char *name);
/* Drafts of a collection have offsets above those of all members. */
#define DRAFT_OFFSET (G_GINT64_CONSTANT(1) << 61)
typedef gboolean (*EachDraftChildFunc)(void *user_data, const char *name, guint64 ino, gint64 next);
void draft_children(Mount *mount, const Place *dir, gint64 from, EachDraftChildFunc each,
                    void *user_data);
/* Wall: when a draft came to the directory or went. */
gint64 draft_listed_us(Mount *mount, const Place *dir);

/* As those of tree.h. */
char *draft_path(Mount *mount, const Place *place);
guint draft_needs(const Place *place, Need ret[MAX_NEEDS]);
guint draft_wishes(Mount *mount, const Place *place, Purpose purpose, Need ret[MAX_NEEDS]);
GString *draft_file_text(Mount *mount, const Place *place);
gboolean draft_refuses(Mount *mount, const Place *place, GError **error);

/* What it is judged by. Borrows from the place. */
typedef struct {
    DraftView view;
    char *name;
    Object *values, *parent;
} WholeView;

void whole_view_init(Mount *mount, const Place *place, WholeView *ret);
void whole_view_clear(WholeView *view);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WholeView, whole_view_clear)

/* ---- draft-file.c: made, removed, renamed ---- */

void draft_mkdir(fuse_req_t fuse, fuse_ino_t parent, const char *name);
void draft_rmdir(fuse_req_t fuse, fuse_ino_t parent, const char *name);
/* Digits are ids, and more. FALSE and API_ERROR_INVALID. */
gboolean draft_check_name(const char *name, GError **error);
/* A change of a draft that was begun for this request: it has ended, or is waited for. */
Outcome draft_reply_changed(Request *request);
/* TRUE: to whoever asks, this file of a draft is not there yet; see draft-copy.h. */
gboolean draft_hides(Request *request, const Place *dir, const char *name);
/* In a draft, or in what is void. */
void draft_create(fuse_req_t fuse, fuse_ino_t parent, const char *name, struct fuse_file_info *fi);
void draft_unlink(fuse_req_t fuse, fuse_ino_t parent, const char *name);
void draft_symlink(fuse_req_t fuse, const char *target, fuse_ino_t parent, const char *name);

/* ---- draft-rename.c ---- */

/* TRUE: request->name in dir is a draft, or was when this began, and *ret is what to do about the
   new name. */
gboolean draft_is_renamed(Request *request, const Place *dir, Outcome *ret);

/* ---- draft-write.c: run functions ---- */

Outcome draft_write(Request *request);
Outcome draft_flush(Request *request);
