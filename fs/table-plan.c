/* SPDX-License-Identifier: MIT */
/* table-plan.c - from the bytes of a table to edits and problems. */
#include "fs/table-plan.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "api/error.h"
#include "fs/attr-view.h"
/* SLICE: some thirty rows, a millisecond or two. PAGE: rows are numbered one after the other, so
   that those of a million objects are in few pages. */
enum { SLICE_BYTES = 4096, PAGE_BITS = 15, PAGE_BYTES = (1 << PAGE_BITS) / 8 };

struct TablePlan {
    Mount *mount;
    const TableShape *shape;
    ObjectKind of;     /* what the table's directory is of, */
    gint64 advertiser; /* of which account, */
    char *id;          /* and its id */
    int fd;
    gint64 offset;
    guint64 done, lines;
    gboolean unread; /* it was not looked at yet */
    Csv *csv;
    TableHead head;
    GHashTable *seen; /* page -> bits of the rows in it that the table has */
    GArray *edits, *changes;
    GPtrArray *problems;
};

static void clear_edit(void *edit)
{
    table_change_clear(&((TableEdit *)edit)->change);
}

static void free_error(void *error)
{
    g_error_free(error);
}

/* takes problem; FALSE: those are enough */
static gboolean add_problem(TablePlan *plan, GError *problem)
{
    g_ptr_array_add(plan->problems, problem);
    return plan->problems->len < TABLE_PROBLEMS;
}

/* ---- a row ---- */

static gboolean is_in_directory(const TablePlan *plan, const Place *place)
{
    const char *campaign;

    if (plan->of == KIND_ADVERTISER)
        return TRUE;
    if (plan->of == place->kind - 1)
        return strcmp(place->parent, plan->id) == 0;
    campaign = object_text(place->object, "campaign_id");
    return g_strcmp0(campaign, plan->id) == 0;
}

static gboolean find_object(const TablePlan *plan, guint64 line, const char *id, Place *ret,
                            GError **error)
{
    Scope scope = {plan->shape->kind, plan->advertiser, NULL};
    gint64 row = cache_find_id(plan->mount->cache, &scope, id);
    const KindNames *names = kind_names(plan->shape->kind);

    if (row > 0 && tree_place(plan->mount, ino_of(row, SLOT_SELF), ret)) {
        if (is_in_directory(plan, ret))
            return TRUE;
        place_clear(ret);
    }
    g_propagate_error(error, table_problem(API_ERROR_INVALID, line, "id",
                                           "there is no %s %s here; a table changes what there "
                                           "is, and makes nothing: leave out the line",
                                           names->word, id));
    return FALSE;
}

/* FALSE: it is here for the second time. */
static gboolean note_seen(TablePlan *plan, gint64 row)
{
    void *page = GSIZE_TO_POINTER(row >> PAGE_BITS);
    guint bit = (guint)row & ((1 << PAGE_BITS) - 1);
    guint8 *bits = g_hash_table_lookup(plan->seen, page);

    if (bits == NULL) {
        bits = g_malloc0(PAGE_BYTES);
        g_hash_table_insert(plan->seen, page, bits);
    }
    if (bits[bit / 8] & 1 << bit % 8)
        return FALSE;
    bits[bit / 8] |= (guint8)(1 << bit % 8);
    return TRUE;
}

static void add_edits(TablePlan *plan, gint64 row, guint64 line)
{
    for (guint i = 0; i < plan->changes->len; i++) {
        TableEdit edit = {row, line, g_array_index(plan->changes, TableChange, i)};

        g_array_append_val(plan->edits, edit);
    }
    g_array_set_size(plan->changes, 0);
}

static void drop_changes(TablePlan *plan)
{
    for (guint i = 0; i < plan->changes->len; i++)
        table_change_clear(&g_array_index(plan->changes, TableChange, i));
    g_array_set_size(plan->changes, 0);
}

static gboolean read_row(TablePlan *plan, guint64 line, const CsvCell *cells, GError **error)
{
    g_autofree char *id = table_row_id(&plan->head, line, cells, error);
    g_auto(Place) place = {0};
    g_auto(ChangeView) full = {0};
    AttrView view;

    if (id == NULL || !find_object(plan, line, id, &place, error))
        return FALSE;
    if (!note_seen(plan, place.row)) {
        g_propagate_error(error, table_problem(API_ERROR_INVALID, line, "id",
                                               "%s is in the table twice; leave one out", id));
        return FALSE;
    }
    tree_view(plan->mount, &place, &view);
    if (!table_row_differs(&plan->head, cells, &view, id))
        return TRUE;
    change_view_init(plan->mount, &place, &full);
    if (!table_row_read(&plan->head, line, cells, &full.view, id, plan->changes, error))
        return FALSE;
    add_edits(plan, place.row, line);
    return TRUE;
}

/* An error without text: there are problems enough. */
static gboolean on_row(void *user_data, guint64 line, const CsvCell *cells, guint n_cells,
                       GError **error)
{
    TablePlan *plan = user_data;
    GError *problem = NULL;
    if (plan->head.shape != NULL && line <= plan->done)
        return TRUE;
    if (plan->head.shape == NULL) {
        if (table_head_read(&plan->head, plan->shape, cells, n_cells, &problem))
            return TRUE;
        add_problem(plan, problem); /* no row means anything then */
    } else {
        if (read_row(plan, line, cells, &problem))
            return TRUE;
        drop_changes(plan);
        if (add_problem(plan, problem))
            return TRUE;
    }
    g_set_error_literal(error, API_ERROR, API_ERROR_CANCELLED, "");
    return FALSE;
}

/* ---- the bytes ---- */

/* takes error */
static gboolean end_by(TablePlan *plan, GError *error)
{
    if (error != NULL && !g_error_matches(error, API_ERROR, API_ERROR_CANCELLED)) {
        /* Of the table, and not of an answer of the service. */
        int kind = error->code == API_ERROR_MALFORMED ? API_ERROR_INVALID : error->code;

        add_problem(plan, api_error_new(kind, 0, NULL, "%s", error->message));
    }
    g_clear_error(&error);
    return FALSE;
}

static gssize read_at(const TablePlan *plan, char *to, gsize size, gint64 offset, GError **error)
{
    gssize n;

    do
        n = pread(plan->fd, to, size, offset);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        g_propagate_error(error,
                          api_error_new(API_ERROR_LOCAL, 0, NULL,
                                        "what was written can not be read back from cache_dir: %s",
                                        g_strerror(errno)));
    return n;
}

static GError *empty_table(void)
{
    return api_error_new(API_ERROR_INVALID, 0, NULL,
                         "the table is empty; its first line names the columns, and one of them "
                         "is id");
}

static guint64 count_lines(const char *data, gssize size)
{
    guint64 n = 0;

    for (gssize i = 0; i < size; i++)
        n += data[i] == '\n';
    return n;
}

/* What was cut off by a writer that ended too early is no table. */
static GError *check_end(const TablePlan *plan)
{
    gint64 size = lseek(plan->fd, 0, SEEK_END);
    GError *error = NULL;
    char last;

    if (size <= 0)
        return empty_table();
    if (read_at(plan, &last, 1, size - 1, &error) == 1 && last != '\n')
        return api_error_new(API_ERROR_INVALID, 0, NULL,
                             "the table ends without a newline, as if it were cut off; write it "
                             "as a whole, and its last line with a newline");
    return error;
}

gboolean table_plan_step(TablePlan *plan)
{
    char buffer[SLICE_BYTES];
    GError *error = NULL;
    gssize n;

    if (plan->unread)
        error = check_end(plan);
    plan->unread = FALSE;
    if (error != NULL)
        return end_by(plan, error);
    n = read_at(plan, buffer, sizeof buffer, plan->offset, &error);
    if (n > 0 && csv_feed(plan->csv, buffer, (gsize)n, &error)) {
        plan->offset += n;
        plan->lines += count_lines(buffer, n);
        return TRUE;
    }
    if (n == 0 && csv_end(plan->csv, &error) && csv_n_rows(plan->csv) == 0)
        error = empty_table();
    return end_by(plan, error);
}

/* ---- from outside ---- */

TablePlan *table_plan_new(Mount *mount, const Place *table, int text, guint64 done)
{
    TablePlan *plan = g_new0(TablePlan, 1);

    plan->mount = mount;
    plan->shape = table_shape(table->entry->members);
    plan->of = table->kind;
    plan->advertiser = table->advertiser;
    plan->id = g_strdup(table->id);
    plan->fd = text;
    plan->done = done;
    plan->unread = TRUE;
    plan->csv = csv_new(on_row, plan);
    plan->seen = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    plan->edits = g_array_new(FALSE, FALSE, sizeof(TableEdit));
    g_array_set_clear_func(plan->edits, clear_edit);
    plan->changes = g_array_new(FALSE, FALSE, sizeof(TableChange));
    plan->problems = g_ptr_array_new_with_free_func(free_error);
    return plan;
}

const GPtrArray *table_plan_problems(const TablePlan *plan)
{
    return plan->problems;
}

GArray *table_plan_edits(TablePlan *plan)
{
    return plan->edits;
}

guint64 table_plan_lines(const TablePlan *plan)
{
    return plan->lines;
}

gint64 table_plan_bytes(const TablePlan *plan)
{
    return plan->offset;
}

void table_plan_free(TablePlan *plan)
{
    if (plan == NULL)
        return;
    csv_free(plan->csv);
    g_hash_table_unref(plan->seen);
    g_array_unref(plan->edits);
    g_array_unref(plan->changes);
    g_ptr_array_unref(plan->problems);
    g_free(plan->id);
    g_free(plan);
}
