/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * table-row.h - an object as a row of a table, and a row that was written back. Pure.
 *
 * The columns are the object's id, the ids of what it is in, and its attribute files under their
 * own names, each cell as its file shows it. Written back, columns may be missing and in any order.
 */
#include "api/csv.h"
#include "fs/attr.h"

enum { TABLE_COLUMNS = 32 };

typedef struct {
    const char *name;
    const char *member;  /* an id; never written. NULL: attr says what it is */
    const AttrRow *attr; /* borrowed from the kind's table */
} TableColumn;

typedef struct {
    ObjectKind kind;
    TableColumn columns[TABLE_COLUMNS];
    guint n;
} TableShape;

const TableShape *table_shape(ObjectKind kind); /* KIND_CAMPAIGN, KIND_ADGROUP or KIND_AD */

/* Append a line. id: of view->object. */
void table_head_text(const TableShape *shape, GString *out);
void table_row_text(const TableShape *shape, const AttrView *view, const char *id, GString *out);

/* ---- written back ---- */

typedef struct {
    const TableShape *shape;
    guint8 columns[TABLE_COLUMNS]; /* of each cell: which of the shape's columns it is */
    guint n;                       /* cells */
    int id, modified;              /* which cell; modified: -1 where there is none */
} TableHead;

/* Errors name the line, the column, the value, and what to do. */
gboolean table_head_read(TableHead *ret, const TableShape *shape, const CsvCell *cells, guint n,
                         GError **error);

/* The id of a row, new. NULL and error: it can be none. */
char *table_row_id(const TableHead *head, guint64 line, const CsvCell *cells, GError **error);

typedef struct {
    const AttrRow *attr;
    AttrChange change;
} TableChange;

void table_change_clear(void *change); /* for g_array_set_clear_func() */

/* Some cell is not as it is shown. */
gboolean table_row_differs(const TableHead *head, const CsvCell *cells, const AttrView *view,
                           const char *id);

/* What the row asks to be changed of the object is added to changes (of TableChange). What is the
   same amount is no change, however it is written. FALSE and error: the row is older than the
   object, or asks for what can not be changed or is no value; what was added is void. */
gboolean table_row_read(const TableHead *head, guint64 line, const CsvCell *cells,
                        const AttrView *view, const char *id, GArray *changes, GError **error);

/* An error of the row at line; a prefix of others. */
GError *table_problem(int kind, guint64 line, const char *column, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
/* What was written, so that a message can show it: one line, not too long. New. */
char *table_shown(const char *text, gsize length);
