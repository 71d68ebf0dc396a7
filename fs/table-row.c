/* SPDX-License-Identifier: MIT */
/* table-row.c - columns, cells, and what differs. */
#include "fs/table-row.h"

#include <string.h>

#include "api/error.h"
#include "api/nearest.h"

enum { SHOWN_CHARS = 60 };

static const char modified_name[] = "modified";

/* ---- columns ---- */

static void add_column(TableShape *shape, const char *name, const char *member, const AttrRow *attr)
{
    g_assert(shape->n < TABLE_COLUMNS);
    shape->columns[shape->n++] = (TableColumn){name, member, attr};
}

static void fill_shape(TableShape *shape, ObjectKind kind)
{
    const AttrTable *attrs = attr_table(kind);

    shape->kind = kind;
    add_column(shape, "id", kind_names(kind)->id, NULL);
    for (ObjectKind parent = KIND_CAMPAIGN; parent < kind; parent++)
        add_column(shape, kind_names(parent)->id, kind_names(parent)->id, NULL);
    for (gsize i = 0; i < attrs->n_rows; i++)
        add_column(shape, attrs->rows[i].name, NULL, &attrs->rows[i]);
}

const TableShape *table_shape(ObjectKind kind)
{
    static TableShape shapes[N_KINDS];

    g_assert(kind >= KIND_CAMPAIGN && kind <= KIND_AD);
    if (shapes[kind].n == 0)
        fill_shape(&shapes[kind], kind);
    return &shapes[kind];
}

static gboolean is_modified(const TableColumn *column)
{
    return strcmp(column->name, modified_name) == 0;
}

/* ---- show ---- */

static void add_cell(GString *out, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        g_string_append(out, text);
        return;
    }
    g_string_append_c(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *text);
    }
    g_string_append_c(out, '"');
}

void table_head_text(const TableShape *shape, GString *out)
{
    for (guint i = 0; i < shape->n; i++) {
        g_string_append(out, shape->columns[i].name);
        g_string_append_c(out, i + 1 < shape->n ? ',' : '\n');
    }
}

static void render(const TableColumn *column, const AttrView *view, const char *id, GString *out)
{
    const char *text = id;

    g_string_truncate(out, 0);
    if (column->attr != NULL) {
        column->attr->render(column->attr, view, out);
        return;
    }
    if (strcmp(column->name, "id") != 0)
        text = object_text(view->object, column->member);
    g_string_append(out, text != NULL ? text : "");
}

void table_row_text(const TableShape *shape, const AttrView *view, const char *id, GString *out)
{
    g_autoptr(GString) cell = g_string_sized_new(64);

    for (guint i = 0; i < shape->n; i++) {
        render(&shape->columns[i], view, id, cell);
        add_cell(out, cell->str);
        g_string_append_c(out, i + 1 < shape->n ? ',' : '\n');
    }
}

/* ---- problems ---- */

char *table_shown(const char *text, gsize length)
{
    g_autofree char *valid = g_utf8_make_valid(text, (gssize)length);
    GString *shown = g_string_new("'");
    guint n = 0;

    for (const char *p = valid; *p != '\0' && n < SHOWN_CHARS; p = g_utf8_next_char(p), n++) {
        gunichar c = g_utf8_get_char(p);

        g_string_append_unichar(shown, g_unichar_iscntrl(c) ? ' ' : c);
    }
    if (n == SHOWN_CHARS && g_utf8_strlen(valid, -1) > SHOWN_CHARS)
        g_string_append(shown, "…");
    g_string_append_c(shown, '\'');
    return g_string_free(shown, FALSE);
}

GError *table_problem(int kind, guint64 line, const char *column, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return api_error_new(kind, 0, NULL, "line %" G_GUINT64_FORMAT "%s%s: %s", line,
                         column != NULL ? ", column " : "", column != NULL ? column : "", text);
}

static char *shown_cell(const CsvCell *cell)
{
    return table_shown(cell->at, cell->length);
}

/* ---- the head ---- */

static int find_column(const TableShape *shape, const CsvCell *cell)
{
    for (guint i = 0; i < shape->n; i++)
        if (strlen(shape->columns[i].name) == cell->length &&
            memcmp(shape->columns[i].name, cell->at, cell->length) == 0)
            return (int)i;
    return -1;
}

static const char *nearest_column(const TableShape *shape, const CsvCell *cell)
{
    g_autofree char *word = g_ascii_strdown(cell->at, (gssize)cell->length);
    const char *names[TABLE_COLUMNS + 1] = {NULL};

    for (guint i = 0; i < shape->n; i++)
        names[i] = shape->columns[i].name;
    return nearest_word(word, names);
}

/* One cell where there are to be several, with what else separates cells in it. */
static const char *other_separator(const CsvCell *cells, guint n)
{
    if (n > 1)
        return NULL;
    if (memchr(cells[0].at, ';', cells[0].length) != NULL)
        return "semicolons";
    return memchr(cells[0].at, '\t', cells[0].length) != NULL ? "tabs" : NULL;
}

static GError *unknown_column(const TableShape *shape, const CsvCell *cells, guint n, guint which)
{
    const char *separator = other_separator(cells, n);
    const char *near = nearest_column(shape, &cells[which]);
    g_autofree char *shown = shown_cell(&cells[which]);
    g_autofree char *hint = NULL;

    if (separator != NULL)
        return table_problem(API_ERROR_INVALID, 1, NULL,
                             "the cells are separated by %s; save the table with commas",
                             separator);
    if (near != NULL)
        hint = g_strdup_printf("; is it %s?", near);
    return table_problem(API_ERROR_INVALID, 1, NULL,
                         "no such column: %s%s The first line names the columns, as in the table "
                         "that is read; leave out what is not one of them",
                         shown, hint != NULL ? hint : ".");
}

gboolean table_head_read(TableHead *ret, const TableShape *shape, const CsvCell *cells, guint n,
                         GError **error)
{
    gboolean seen[TABLE_COLUMNS] = {FALSE};
    GError *problem = NULL;

    *ret = (TableHead){.shape = shape, .n = n, .id = -1, .modified = -1};
    for (guint i = 0; i < n && problem == NULL; i++) {
        int column = find_column(shape, &cells[i]);

        if (column < 0) {
            problem = unknown_column(shape, cells, n, i);
        } else if (seen[column]) {
            problem = table_problem(API_ERROR_INVALID, 1, shape->columns[column].name,
                                    "is here twice; leave one out");
        } else {
            seen[column] = TRUE;
            ret->columns[i] = (guint8)column;
            ret->id = column == 0 ? (int)i : ret->id;
            ret->modified = is_modified(&shape->columns[column]) ? (int)i : ret->modified;
        }
    }
    if (problem == NULL && ret->id < 0)
        problem = table_problem(API_ERROR_INVALID, 1, NULL,
                                "there is no column id, which says what each row is about");
    if (problem != NULL)
        g_propagate_error(error, problem);
    return problem == NULL;
}

/* ---- a row ---- */

static gboolean is_digits(const CsvCell *cell)
{
    for (gsize i = 0; i < cell->length; i++)
        if (!g_ascii_isdigit(cell->at[i]))
            return FALSE;
    return cell->length > 0;
}

char *table_row_id(const TableHead *head, guint64 line, const CsvCell *cells, GError **error)
{
    const CsvCell *cell = &cells[head->id];
    g_autofree char *shown = NULL;

    if (is_digits(cell))
        return g_strndup(cell->at, cell->length);
    shown = shown_cell(cell);
    g_propagate_error(
        error,
        table_problem(API_ERROR_INVALID, line, "id", "%s is no id, which has digits only%s", shown,
                      memchr(cell->at, 'E', cell->length) != NULL ||
                              memchr(cell->at, 'e', cell->length) != NULL
                          ? "; a spreadsheet has made a number of it: import the column as "
                            "text"
                          : ""));
    return NULL;
}

static gboolean is_text(const CsvCell *cell, const char *text, gsize length)
{
    return cell->length == length && memcmp(cell->at, text, length) == 0;
}

/* "2026-11-20 16:40:03" */
static gboolean is_time(const CsvCell *cell)
{
    static const char form[] = "dddd-dd-dd dd:dd:dd";

    if (cell->length != sizeof form - 1)
        return FALSE;
    for (gsize i = 0; i < cell->length; i++)
        if (form[i] == 'd' ? !g_ascii_isdigit(cell->at[i]) : cell->at[i] != form[i])
            return FALSE;
    return TRUE;
}

/* What was read has changed since: nobody knows what whoever edits it would think of that. */
static gboolean is_stale(const TableHead *head, guint64 line, const CsvCell *cells,
                         const AttrView *view, const char *id, GError **error)
{
    const CsvCell *cell = head->modified >= 0 ? &cells[head->modified] : NULL;
    g_autoptr(GString) now = g_string_new(NULL);
    g_autofree char *shown = NULL;

    if (cell == NULL)
        return FALSE;
    render(&head->shape->columns[head->columns[head->modified]], view, id, now);
    if (is_text(cell, now->str, now->len))
        return FALSE;
    shown = shown_cell(cell);
    if (is_time(cell))
        g_propagate_error(error, table_problem(API_ERROR_STALE, line, modified_name,
                                               "%s was changed at %s, and the table has it as it "
                                               "was at %s; read the table again and edit that",
                                               id, now->str, shown));
    else
        g_propagate_error(error, table_problem(API_ERROR_INVALID, line, modified_name,
                                               "%s is not as the table that is read has it, '%s': "
                                               "leave cells of read-only columns as they are, or "
                                               "leave out the column",
                                               shown, now->str));
    return TRUE;
}

/* 50, 50.00 and 50.0 are one amount. */
static gboolean is_same_amount(const AttrRow *attr, const char *text, const char *now)
{
    gint64 one, other;

    return attr->money && money_parse(text, &one, NULL) && money_parse(now, &other, NULL) &&
           one == other;
}

static GError *read_only(guint64 line, const TableColumn *column, const char *shown,
                         const char *now)
{
    return table_problem(API_ERROR_DENIED, line, column->name,
                         "is read-only: it is '%s', and the table says %s: edited, or changed "
                         "since the table was read; read it again, or leave out the column",
                         now, shown);
}

/* The cell differs from what holds. FALSE and error; ret: all zero where it is the same after all.
 */
static gboolean read_cell(const TableColumn *column, guint64 line, const CsvCell *cell,
                          const AttrView *view, const char *now, AttrChange *ret, GError **error)
{
    const AttrRow *attr = column->attr;
    g_autofree char *text = g_strndup(cell->at, cell->length);
    g_autofree char *shown = shown_cell(cell);
    g_autoptr(GError) refused = NULL;

    if (strlen(text) != cell->length)
        refused = table_problem(API_ERROR_INVALID, line, column->name, "%s: a NUL byte", shown);
    else if (attr != NULL && is_same_amount(attr, text, now))
        return TRUE;
    else if (attr == NULL || attr->commit == NULL)
        refused = read_only(line, column, shown, now);
    if (refused != NULL) {
        g_propagate_error(error, g_steal_pointer(&refused));
        return FALSE;
    }
    if ((attr->refuse != NULL && attr->refuse(attr, view, &refused)) ||
        !attr_change(attr, view, text, ret, &refused)) {
        g_propagate_prefixed_error(error, g_steal_pointer(&refused),
                                   "line %" G_GUINT64_FORMAT ", column %s, %s: ", line,
                                   column->name, shown);
        return FALSE;
    }
    if (attr_is_same(ret, view->object))
        attr_change_clear(ret);
    return TRUE;
}

gboolean table_row_differs(const TableHead *head, const CsvCell *cells, const AttrView *view,
                           const char *id)
{
    g_autoptr(GString) now = g_string_sized_new(64);

    for (guint i = 0; i < head->n; i++) {
        render(&head->shape->columns[head->columns[i]], view, id, now);
        if (!is_text(&cells[i], now->str, now->len))
            return TRUE;
    }
    return FALSE;
}

void table_change_clear(void *change)
{
    attr_change_clear(&((TableChange *)change)->change);
}

gboolean table_row_read(const TableHead *head, guint64 line, const CsvCell *cells,
                        const AttrView *view, const char *id, GArray *changes, GError **error)
{
    g_autoptr(GString) now = g_string_sized_new(64);

    if (is_stale(head, line, cells, view, id, error))
        return FALSE;
    for (guint i = 0; i < head->n; i++) {
        const TableColumn *column = &head->shape->columns[head->columns[i]];
        TableChange change = {.attr = column->attr};

        render(column, view, id, now);
        if (is_text(&cells[i], now->str, now->len))
            continue;
        if (!read_cell(column, line, &cells[i], view, now->str, &change.change, error))
            return FALSE;
        if (change.change.value != NULL)
            g_array_append_val(changes, change);
    }
    return TRUE;
}
