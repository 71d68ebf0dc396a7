/* SPDX-License-Identifier: MIT */
/* fuzz-table.c - tables that are written back. What comes to a change is a cell of a row of that
   object, and by itself a plain valid value; what is refused says so on one line; and what is shown
   of the object is never a change. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "api/error.h"
#include "fs/table-row.h"

#define FIRST  "7100000000000000071"
#define SECOND "7100000000000000072"

const char *const fuzz_words[] = {"id",
                                  "status",
                                  "budget",
                                  "name",
                                  "modified",
                                  FIRST,
                                  SECOND,
                                  "DISABLE",
                                  "750.00",
                                  "500.0",
                                  "\"",
                                  "\"\"",
                                  ",",
                                  "\r\n",
                                  "\n",
                                  ";",
                                  "2026-11-20 16:40:03",
                                  "\xef\xbb\xbf",
                                  "!",
                                  " at midnight",
                                  NULL};

static const char *const objects[][2] = {
    {FIRST, "Spring"},
    {SECOND, "Autumn"},
};

static Object *object_of(gsize which)
{
    g_autofree char *json = g_strdup_printf(
        "{\"campaign_id\":\"%s\",\"campaign_name\":\"%s\",\"budget\":500,"
        "\"budget_mode\":\"BUDGET_MODE_DAY\",\"operation_status\":\"ENABLE\","
        "\"objective_type\":\"TRAFFIC\",\"secondary_status\":\"CAMPAIGN_STATUS_ENABLE\","
        "\"create_time\":\"2026-01-02 03:04:05\",\"modify_time\":\"2026-11-20 16:40:03\"}",
        objects[which][0], objects[which][1]);
    Object *object = object_new(json, -1, NULL);

    g_assert_nonnull(object);
    return object;
}

/* ---- by other means than the parser's ---- */

static gboolean is_plain_amount(const char *cell, gsize length)
{
    gsize digits = 0, points = 0, i;

    if (length > 0 && cell[length - 1] == '!')
        length--;
    for (i = 0; i < length; i++) {
        digits += cell[i] >= '0' && cell[i] <= '9';
        points += cell[i] == '.';
    }
    return digits > 0 && points <= 1 && digits + points == length && cell[0] != '.' &&
           cell[length - 1] != '.';
}

static void check_change(const TableChange *change, const CsvCell *cell)
{
    const AttrChange *what = &change->change;

    g_assert_nonnull(what->value);
    g_assert_null(memchr(cell->at, '\0', cell->length));
    if (strcmp(change->attr->name, "budget") == 0) {
        g_assert_true(what->amount);
        g_assert_true(is_plain_amount(cell->at, cell->length));
        g_assert_cmpuint(strspn(what->value, "0123456789."), ==, strlen(what->value));
        g_assert_true(what->force == (cell->at[cell->length - 1] == '!'));
        return;
    }
    g_assert_false(what->amount);
    g_assert_cmpuint(strlen(what->value), ==, cell->length);
    g_assert_true(memcmp(what->value, cell->at, cell->length) == 0);
    if (strcmp(change->attr->name, "status") == 0)
        g_assert_cmpstr(what->value, ==, "DISABLE");
    else
        g_assert_cmpstr(change->attr->name, ==, "name");
}

static const CsvCell *cell_of(const TableHead *head, const CsvCell *cells, const AttrRow *attr)
{
    for (guint i = 0; i < head->n; i++)
        if (head->shape->columns[head->columns[i]].attr == attr)
            return &cells[i];
    g_assert_not_reached();
}

/* ---- a table ---- */

static gboolean on_object(const TableHead *head, guint64 line, const CsvCell *cells, gsize which,
                          GError **error)
{
    g_autoptr(GArray) changes = g_array_new(FALSE, FALSE, sizeof(TableChange));
    g_autoptr(Object) object = object_of(which);
    AttrView view = {.object = object, .kind = KIND_CAMPAIGN, .currency = currency_find("USD")};
    gboolean differs = table_row_differs(head, cells, &view, objects[which][0]), taken;

    g_array_set_clear_func(changes, table_change_clear);
    taken = table_row_read(head, line, cells, &view, objects[which][0], changes, error);
    g_assert_true(differs || (taken && changes->len == 0));
    for (guint i = 0; taken && i < changes->len; i++) {
        const TableChange *change = &g_array_index(changes, TableChange, i);

        check_change(change, cell_of(head, cells, change->attr));
        fuzz_taken++;
    }
    return taken;
}

static gboolean on_row(void *user_data, guint64 line, const CsvCell *cells, guint n_cells,
                       GError **error)
{
    TableHead *head = user_data;
    g_autofree char *id = NULL;

    if (head->shape == NULL)
        return table_head_read(head, table_shape(KIND_CAMPAIGN), cells, n_cells, error);
    g_assert_cmpuint(n_cells, ==, head->n);
    id = table_row_id(head, line, cells, error);
    if (id == NULL)
        return FALSE;
    g_assert_cmpuint(strlen(id), ==, cells[head->id].length);
    for (gsize i = 0; i < G_N_ELEMENTS(objects); i++)
        if (strcmp(id, objects[i][0]) == 0)
            return on_object(head, line, cells, i, error);
    return TRUE;
}

/* For .adsfs/errors and for terminals. */
static void check_error(const GError *error)
{
    g_assert_true(error->domain == API_ERROR);
    g_assert_true(g_utf8_validate(error->message, -1, NULL));
    g_assert_cmpuint(strlen(error->message), >, 10);
    for (const char *p = error->message; *p != '\0'; p = g_utf8_next_char(p))
        g_assert_false(g_unichar_iscntrl(g_utf8_get_char(p)));
}

void fuzz_one(const char *text, gsize size)
{
    TableHead head = {0};
    g_autoptr(Csv) csv = csv_new(on_row, &head);
    g_autoptr(GError) error = NULL;

    if (csv_feed(csv, text, size, &error))
        csv_end(csv, &error);
    if (error != NULL)
        check_error(error);
}
