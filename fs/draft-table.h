/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * draft-table.h - the files of a draft, each a member of the call that creates it. To add a file,
 * add a row. Pure: they see values and text.
 *
 * The values of a draft are a JSON object by the names of the files, each as it will be sent; a
 * start of "now" and the bid, whose member depends on what is paid for, are resolved when it is
 * sent. Words that are not known are taken: the service knows more of them every month.
 */
#include <glib.h>

#include "fs/attr.h"

typedef enum {
    DRAFT_WORD, /* one word */
    DRAFT_TEXT,
    DRAFT_NAME,
    DRAFT_STATUS,
    DRAFT_MONEY,
    DRAFT_BID,
    DRAFT_NUMBER,
    DRAFT_BOOL,
    DRAFT_TIME,
    DRAFT_LIST, /* words with blanks or commas between them, or a JSON list of texts */
    DRAFT_JSON, /* a JSON list */
    DRAFT_ADTEXT,
} DraftType;

/* What a draft is judged by. */
typedef struct {
    ObjectKind kind;
    const char *name;     /* of the draft, as a name of an object */
    const Object *values; /* by the names of files */
    const Object *parent; /* the campaign or ad group it goes into; NULL: none, or not known */
    const Currency *currency;
    gint64 now_us; /* wall */
} DraftView;

typedef struct DraftRow {
    const char *name; /* the file; rows are sorted by it */
    guint8 slot;      /* never renumber: it is part of the inode */
    const char *member;
    DraftType type;
    gboolean (*needed)(const DraftView *view); /* NULL: it can be left out */
    const char *hint;                          /* what may be written */
} DraftRow;

/* NULL: past the end; none of that name or slot. */
const DraftRow *draft_row(ObjectKind kind, guint index);
const DraftRow *draft_row_find(ObjectKind kind, const char *name);
const DraftRow *draft_row_of_slot(ObjectKind kind, guint slot);

/* ---- draft-value.c ---- */

/* A number: its write needs the final newline. */
gboolean draft_is_number(const DraftRow *row);
/* One line without its newline becomes JSON text, new; NULL and error. An empty line: "null", the
   file has no value any more. */
char *draft_parse(const DraftRow *row, const DraftView *view, const char *text, GError **error);
/* Without the final newline; nothing where there is none. */
void draft_render(const DraftRow *row, const DraftView *view, GString *out);
/* The values that an object of the service would be created with again, as a patch: JSON, new. What
   is derived, empty or 0, its name and its status are not among them. */
char *draft_take(ObjectKind kind, const Object *object);

/* ---- draft-judge.c ---- */

/* What is sent: JSON, members as the API names them; new. */
char *draft_members(const DraftView *view);
/* A line for each file that is missing or wrong, "file: what is to be done"; NULL-terminated, new.
   Empty: it can be created. */
char **draft_problems(const DraftView *view);

const char *draft_text_of(const DraftView *view, const char *file); /* NULL: unset. Borrowed */
