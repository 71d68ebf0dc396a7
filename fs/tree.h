/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * tree.h - which files there are. Directories are rows of tables, one table a kind of object; what
 * a row's members are is asked of the cache. Nothing here waits: tree_needs() says what a caller
 * has to want from the cache first.
 */
#include <sys/stat.h>

#include "fs/attr.h"
#include "fs/mount.h"
#include "fs/node.h"

typedef enum {
    PLACE_DIR,        /* fixed entries and attribute files */
    PLACE_COLLECTION, /* fixed entries, then objects by id */
    PLACE_NAMES,      /* links to objects by name */
    PLACE_DRAFT,      /* of an object that is not made yet: see draft.h */
    PLACE_VOID_DIR,   /* in a draft, of what is not kept */
    PLACE_REPORTS,    /* the named ranges; other ranges answer a look-up */
    PLACE_OF,         /* reports/of/: objects of the account answer a look-up */
    PLACE_RANGE,      /* report files */
    PLACE_REPORT,
    PLACE_LINK,
    PLACE_ATTR,
    PLACE_INFO,
    PLACE_MEMBERS, /* members.json of a Business Center */
    PLACE_TEXT,
    PLACE_JOURNAL,
    PLACE_LOG,  /* .adsfs/events, and what it was before it was full */
    PLACE_META, /* F.meta, beside the file F: has all that is said of F, and more in `beside` */
    PLACE_CTL,
    PLACE_QUERY,   /* reports/my-query.query */
    PLACE_TABLE,   /* campaigns.csv: the objects below, each a row */
    PLACE_SCRATCH, /* what a program writes beside a file (scratch.h): has the row of its directory
                    */
    PLACE_DRAFT_FILE, /* of a draft: a value; all of them as JSON; what is missing, and commands */
    PLACE_DRAFT_INFO,
    PLACE_DRAFT_CTL,
    PLACE_VOID_FILE, /* void.h: has only its inode, its number for a row, and its name */
    PLACE_VOID_LINK,
} PlaceType;

typedef struct {
    guint8 slot, parent; /* parent: slot of the directory; NO_PARENT: reached otherwise */
    PlaceType type;
    const char *name;
    ObjectKind members; /* of collections, names and tables */
} Entry;

enum { NO_PARENT = 255 };

const Entry *tree_entry(ObjectKind kind, guint index);        /* NULL: past the end of the table */
const Entry *tree_entry_of_slot(ObjectKind kind, guint slot); /* NULL: none */

/* An inode, looked up: everything about it that can be known without waiting. */
typedef struct {
    guint64 ino;
    PlaceType type;
    PlaceType beside; /* PLACE_META: what it is about; of a link to a report, the report */
    gint64 row;
    guint slot;
    ObjectKind kind;   /* of the row; KIND_NONE: the root */
    gint64 advertiser; /* row of the account, or of the Business Center; 0: the root */
    char *id, *parent; /* as in Row */
    Object *object;    /* NULL: the root */
    gint64 changed_us;
    const Entry *entry;           /* NULL for attribute files, ranges and reports */
    const AttrRow *attr;          /* PLACE_ATTR */
    const struct DraftRow *draft; /* PLACE_DRAFT_FILE. Of drafts row is the number, name theirs */
    char *range;                  /* PLACE_RANGE, PLACE_REPORT: "last-30d" */
    char *name;                   /* PLACE_REPORT: "campaign-day.csv"; PLACE_QUERY, PLACE_SCRATCH */
    gint64 size, made_us, shown_us; /* PLACE_REPORT, as in Node */
} Place;

/* FALSE: nothing has that inode (any more). */
gboolean tree_place(Mount *mount, guint64 ino, Place *ret);
/* The same for an inode next to a place already found: cheaper when it is of the same object. */
gboolean tree_place_near(Mount *mount, const Place *near, guint64 ino, Place *ret);
void place_clear(Place *place);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Place, place_clear)

/* Accounts and what is in them. */
static inline gboolean tree_is_of_account(ObjectKind kind)
{
    return kind >= KIND_ADVERTISER && kind <= KIND_AD;
}

static inline gboolean tree_has_reports(ObjectKind kind)
{
    return tree_is_of_account(kind) || kind == KIND_CENTER;
}

gboolean place_is_dir(const Place *place);
/* What a PLACE_META is about. Borrows all that place has: not to be cleared. */
Place place_beside(const Place *place);
/* The balance of a Business Center, which bc/balance/get alone knows. */
gboolean place_is_funds(const Place *place);

typedef struct {
    ListingKind kind;
    gint64 advertiser; /* LISTING_INFO: 0, or the row of the account whose details are needed */
    const char *id;    /* only this one of its members; NULL: all. Borrowed from the place */
} Need;

enum { MAX_NEEDS = 4 };

typedef enum {
    FOR_NAME,    /* to say that the name is there, and how long the file is */
    FOR_STAT,    /* ... and its mode */
    FOR_READING, /* to open the file for reading, to look into the directory */
    FOR_WRITING,
} Purpose;

/* What must have been wanted of the cache first. */
guint tree_needs(Mount *mount, const Place *place, Purpose purpose, Need ret[MAX_NEEDS]);
/* ... to look a name up in a directory that is not known to have it. */
guint tree_lookup_needs(Mount *mount, const Place *dir, const char *name, Need ret[MAX_NEEDS]);
/* What the answer is better for: where it can not be had, the answer is given without. */
guint tree_wishes(Mount *mount, const Place *place, Purpose purpose, Need ret[MAX_NEEDS]);
/* The listing whose members a directory shows; FALSE: it shows fixed entries only. */
gboolean tree_members_need(const Place *place, Need *ret);
/* The listings whose members a table shows, how many. */
guint tree_table_needs(const Place *place, Need ret[2]);
/* What a file of a Business Center is asked of alone, for its text and so for its size: git and
   others read as much as stat said. FALSE: what shows the file has its text too. */
gboolean tree_text_need(const Place *place, Need *ret);

/* CACHE_HIT: *ret_row is the object where one is needed, 0 if there is none. */
CacheResult tree_want(Mount *mount, const Need *need, const Waiter *waiter, gint64 *ret_row,
                      GError **error);
void tree_need_state(Mount *mount, const Need *need, ListingState *ret);

/* Inode of a name in a directory, 0 if there is none. Names below reports/ are not found here. */
guint64 tree_find(Mount *mount, const Place *dir, const char *name);
/* FALSE: nothing that the service could answer would put another name like this there. */
gboolean tree_may_come(const Mount *mount, const Place *dir, const char *name);

typedef struct {
    char *name;
    guint64 ino;
    gint64 next; /* the offset after it */
} TreeChild;

/* At most `most` entries after an offset, in the order of offsets; of TreeChild. */
GArray *tree_children(Mount *mount, const Place *dir, gint64 from, guint most);

/* New strings. tree_path: from the mount point, without a leading slash. */
char *tree_path(Mount *mount, const Place *place);
char *tree_link(const Place *place);
/* "last-30d/campaign-day.csv", where report.csv leads; new. NULL: the link is to something else. */
char *tree_link_report(const Place *place);

gint64 place_time_us(Mount *mount, const Place *place); /* wall: its mtime; 0: not known */
/* Everything but time-outs. */
void tree_stat(Mount *mount, const Place *place, struct stat *ret);
/* Seconds for which the kernel may keep what tree_stat() said. */
double tree_timeout(Mount *mount, const Place *place);
/* ... and keep that the name leads there. */
double tree_entry_timeout(Mount *mount, const Place *place);

/* The text of a value file, info.json or a control file, with its final newline; new. */
GString *tree_text(Mount *mount, const Place *place);
void tree_view(Mount *mount, const Place *place, AttrView *ret);

/* TRUE: the file can not be written, whatever the value; error (may be NULL) says why. */
gboolean tree_refuses(Mount *mount, const Place *place, GError **error);
/* The same of values like this one (PLACE_ATTR), whatever the object is, which may be none. */
gboolean tree_refuses_values(Mount *mount, const Place *place, GError **error);

/* Of a draft, or void in one: see draft.h, which answers for them. */
static inline gboolean place_is_of_draft(const Place *place)
{
    return place->type == PLACE_DRAFT || place->type == PLACE_VOID_DIR ||
           place->type >= PLACE_DRAFT_FILE;
}
