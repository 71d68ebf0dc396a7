/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * attr.h - files that show one value of one object.
 *
 * A kind of object is a table of rows; a row is a file. To add a file, add a row. render, commit
 * and refuse are pure: they see an object and text, never a request.
 */
#include <glib.h>

#include "api/money.h"
#include "api/object.h"

typedef struct {
    const Object *object;
    ObjectKind kind;
    const Currency *currency; /* of the account or the center; never NULL */

    /* By which a change is checked too, as far as it is known: see attr-view.h. NULL and 0: it is
       not. */
    const Object *campaign; /* of an ad group */
    const char *path;       /* of the file, from the mount point */
    guint until_midnight_s; /* of the account's day */
    gboolean allow_delete;
} AttrView;

/* What a write means, in the terms of cache.h's CommitRequest. */
typedef struct {
    const char *member; /* "scheduled_budget": `60 at midnight` */
    char *value;        /* owned: canonical text */
    gboolean amount;
    gboolean force; /* `750!`: max_increase does not apply */
} AttrChange;

typedef struct AttrRow AttrRow;

struct AttrRow {
    const char *name;  /* the file; rows are sorted by it */
    guint8 slot;       /* never renumber: it is part of the inode */
    const char *field; /* as the API names it */

    /* Append the value without the final newline; nothing where the object has none. */
    void (*render)(const AttrRow *row, const AttrView *view, GString *out);

    /* NULL: read-only. text: one line without its newline, UTF-8, no control characters. */
    gboolean (*commit)(const AttrRow *row, const AttrView *view, const char *text, AttrChange *ret,
                       GError **error);

    /* TRUE and error when this object does not let the value be changed; NULL: never refuses. Of a
       file that is read-only it says why. */
    gboolean (*refuse)(const AttrRow *row, const AttrView *view, GError **error);

    gboolean number; /* a number: its write needs the final newline */
    gboolean money;  /* shown in the account's currency */
};

typedef struct {
    const AttrRow *rows;
    gsize n_rows;
} AttrTable;

const AttrTable *attr_table(ObjectKind kind); /* empty for kinds that have no directory */
const AttrRow *attr_find(ObjectKind kind, const char *name);
const AttrRow *attr_of_slot(ObjectKind kind, guint slot);

/* Check a written value in full. FALSE and error; ret is untouched then. */
gboolean attr_change(const AttrRow *row, const AttrView *view, const char *text, AttrChange *ret,
                     GError **error);
/* The change would set what the object already has. */
const char *attr_member(const AttrRow *row, const AttrView *view); /* that a write changes */
gboolean attr_is_same(const AttrChange *change, const Object *object);
void attr_change_clear(AttrChange *change);

/* For those who check. quote: shortened, without controls; new. next_step: what to write; new. */
char *attr_quote(const char *text);
char *attr_next_step(const AttrRow *row, const AttrView *view);
gboolean attr_invalid(const AttrRow *row, const AttrView *view, const char *text,
                      const char *problem, GError **error); /* FALSE */
gboolean attr_has_budget(const AttrView *view);             /* ... of its own */
gboolean attr_has_bid(const AttrView *view);
const char *attr_bid_field(const AttrView *view);

void attr_render_text(const AttrRow *row, const AttrView *view, GString *out);
void attr_render_account(const AttrRow *row, const AttrView *view, GString *out);
void attr_render_money(const AttrRow *row, const AttrView *view, GString *out);
void attr_render_budget(const AttrRow *row, const AttrView *view, GString *out);
void attr_render_bid(const AttrRow *row, const AttrView *view, GString *out);
void attr_render_next(const AttrRow *row, const AttrView *view, GString *out);

gboolean attr_commit_name(const AttrRow *row, const AttrView *view, const char *text,
                          AttrChange *ret, GError **error);
gboolean attr_commit_status(const AttrRow *row, const AttrView *view, const char *text,
                            AttrChange *ret, GError **error);
gboolean attr_commit_budget(const AttrRow *row, const AttrView *view, const char *text,
                            AttrChange *ret, GError **error);
gboolean attr_commit_bid(const AttrRow *row, const AttrView *view, const char *text,
                         AttrChange *ret, GError **error);

gboolean attr_refuse_smart(const AttrRow *row, const AttrView *view, GError **error);
gboolean attr_refuse_budget(const AttrRow *row, const AttrView *view, GError **error);
gboolean attr_refuse_bid(const AttrRow *row, const AttrView *view, GError **error);
gboolean attr_refuse_mode(const AttrRow *row, const AttrView *view, GError **error);
gboolean attr_refuse_next(const AttrRow *row, const AttrView *view, GError **error);

extern const AttrTable advertiser_attrs, campaign_attrs, adgroup_attrs, ad_attrs, center_attrs;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AttrChange, attr_change_clear)
